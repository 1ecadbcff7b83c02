"""What holds in an account-region as a whole: its trails, its defaults for volumes, its aliases. Requires nothing."""

from datetime import datetime

from scanner.facts.coverage.gaps import aliases_unread
from scanner.facts.coverage.references import PROVIDERS_ALIAS
from scanner.facts.coverage.stores import behind_reference, customer_key, is_listed, state_of
from scanner.facts.coverage.view import View
from scanner.facts.display import scope_name
from scanner.facts.permissions import PERMISSIONS
from scanner.facts.reading import known
from scanner.facts.subjects import AccountRegionFacts, VolumeKeyFacts
from scanner.facts.trails import covering, derive_trail
from scanner.model.evidence import Evidence
from scanner.model.scope import scope_id
from scanner.model.store import AliasTable, VolumeDefault, VolumeKey
from scanner.model.trail import AuditCoverage
from scanner.model.unknown import Cause, Unknown


def derive_account_region(audit: AuditCoverage, view: View, as_of: datetime) -> AccountRegionFacts:
    """The account-region with the trails that cover it; a trail of the organisation counts, whoever owns it."""
    trails = covering(audit)
    return AccountRegionFacts(
        id=scope_id(audit.provider, audit.account, audit.region),
        name=scope_name(view.shard.scope),
        provider=audit.provider,
        account=audit.account,
        region=audit.region,
        trails=known(trails, lambda found: tuple(derive_trail(trail, as_of, view) for trail in found)),
        volumes_encrypted_by_default=known(_volume_default(view), lambda default: default.encrypted),
        volume_default_key=_volume_key_facts(_volume_key(view), view),
        orphan_aliases=_orphans(view),
        evidence=_evidence(audit, view),
    )


def _volume_default(view: View) -> VolumeDefault | Unknown:
    inventory = view.shard.inventory
    return _not_asked(view) if inventory is None else inventory.volume_default


def _volume_key(view: View) -> VolumeKey | Unknown:
    inventory = view.shard.inventory
    return _not_asked(view) if inventory is None else inventory.volume_key


def _not_asked(view: View) -> Unknown:
    return Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[view.place.provider].stores)


def _volume_key_facts(named: VolumeKey | Unknown, view: View) -> VolumeKeyFacts:
    if isinstance(named, Unknown):
        return VolumeKeyFacts(customer=named, listed=named, state=named, account=named, ours=named)
    behind = behind_reference(named.key, view, view.place)
    name = behind.target.key
    return VolumeKeyFacts(
        customer=customer_key(behind, view.place.provider),
        listed=is_listed(behind),
        state=state_of(behind),
        account=view.account_of(name) if isinstance(name, str) else name,
        ours=view.is_ours(name) if isinstance(name, str) else name,
    )


def _orphans(view: View) -> tuple[str, ...] | Unknown:
    """Unknown as a whole while one alias may or may not lead to a key."""
    inventory = view.shard.inventory
    if inventory is None or not isinstance(inventory.aliases, AliasTable):
        return aliases_unread(view.shard)
    orphans = []
    for name in sorted(inventory.aliases.targets):
        if name.startswith(PROVIDERS_ALIAS):
            continue
        target = view.target(name)
        found = view.key(target.key) if isinstance(target.key, str) else target.key
        if isinstance(found, Unknown):
            return found
        if found is None:
            orphans.append(name)
    return tuple(orphans)


def _evidence(audit: AuditCoverage, view: View) -> tuple[Evidence, ...]:
    """That of the trails that cover it, of the inventory, and of the one listing of aliases that all keys share."""
    trails, inventory = covering(audit), view.shard.inventory
    found = [*audit.evidence]
    if not isinstance(trails, Unknown):
        found += [item for trail in trails for item in trail.evidence]
    found += inventory.evidence if inventory else ()
    aliases = (item for key in view.shard.keys[:1] for item in key.evidence if item.group == "aliases")
    return (*found, *aliases)
