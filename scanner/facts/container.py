"""What keys are kept in, from the groups that were read of it. Requires nothing."""

from datetime import datetime, timedelta
from ipaddress import IPv4Network, collapse_addresses

from scanner.facts.bindings import public_members
from scanner.facts.reading import leaf, unseen
from scanner.facts.subjects import KeyContainerFacts, NetworkFacts, RecoveryFacts
from scanner.facts.tagging import tags_of
from scanner.model.container import KeyContainer, LogRoutes, NetworkRules, Recovery
from scanner.model.settings import TagVocabulary

AUDIT_LOGS = frozenset({"auditevent", "audit", "alllogs"})
"""What Azure calls the log of every operation on a vault: the category, and the groups of categories with it.

https://learn.microsoft.com/azure/key-vault/general/logging
"""

ALL_ADDRESSES = 2**32
"""As many as there are in the older internet, by which rules are written."""


def derive_container(container: KeyContainer, vocabulary: TagVocabulary, as_of: datetime) -> KeyContainerFacts:
    """Everything rules may ask about one container."""
    recovery, network = container.recovery, container.network
    return KeyContainerFacts(
        id=container.id,
        name=container.name,
        provider=container.provider,
        account=container.account,
        region=container.region,
        kind=container.type,
        created_at=container.created_at,
        access_mode=leaf(container.access, lambda found: found.mode),
        recovery=RecoveryFacts(
            soft_delete=leaf(recovery, lambda found: found.soft_delete),
            retention=_retention(recovery) if isinstance(recovery, Recovery) else unseen(recovery),
            purge_protection=leaf(recovery, lambda found: found.purge_protection),
        ),
        network=NetworkFacts(
            public=leaf(network, lambda found: found.public),
            open_to_all=leaf(network, _is_open),
            trusted_services=leaf(network, lambda found: found.trusted_services),
            private_endpoints=leaf(network, lambda found: len(found.private_endpoints)),
        ),
        tags=tags_of(container.tags, vocabulary),
        deleted_at=container.deleted_at,
        purged_in=None if container.purge_at is None else container.purge_at - as_of,
        audit_logged=leaf(container.logs, _is_logged),
        grants_read=leaf(container.policy, lambda _: True),
        public_members=public_members(container.policy),
        evidence=container.evidence,
    )


def _is_logged(routes: LogRoutes) -> bool:
    """One setting that sends the audit log anywhere is enough."""
    return any(AUDIT_LOGS.intersection(route.categories) and route.destinations for route in routes.items)


def _is_open(rules: NetworkRules) -> bool:
    """Rules that deny by default and list half the internet and more deny in name only."""
    return rules.public and (rules.default_allows or _listed(rules.addresses) > ALL_ADDRESSES // 2)


def _listed(addresses: tuple[str, ...]) -> int:
    """How many addresses of the older kind the ranges hold together; what is no range holds none."""
    ranges = []
    for address in addresses:
        try:
            ranges.append(IPv4Network(address, strict=False))
        except ValueError:
            continue
    return sum(one.num_addresses for one in collapse_addresses(ranges))


def _retention(recovery: Recovery) -> timedelta | None:
    return None if recovery.retention_days is None else timedelta(days=recovery.retention_days)
