"""The facts of access to one key of Azure. Judges nothing.

Every step that is known on Azure gives rights on the keys, which is what administers them anyway: none is a detour.
"""

from collections.abc import Iterator

import msgspec

from scanner.facts.access.azure import OPERATIONS, Assignment, Estate, Plane, covers, permits
from scanner.facts.access.azure_site import AzureSite
from scanner.facts.access.cells import fold
from scanner.facts.access.classes import AZURE
from scanner.facts.access.held import DECIDE, USE, may
from scanner.facts.access.holders import without
from scanner.facts.access.role_holders import certain, counted, grouped, seen, unread_holder
from scanner.facts.access.site import Standing
from scanner.facts.kleene import Truth
from scanner.facts.subjects.access import AccessFacts, HolderFacts
from scanner.model.effective import ActionClass, PrincipalKind
from scanner.model.unknown import Cause, Unknown

_GROUPS = Unknown(cause=Cause.NOT_COLLECTED, call="GroupMember.Read.All")
_ROLES = Unknown(cause=Cause.NOT_COLLECTED, call="Microsoft.Authorization/roleDefinitions/read")
_PURGES = tuple(OPERATIONS[name].permission for name in ("purge_key", "purge_vault"))


def azure_facts(site: AzureSite) -> AccessFacts:
    """The facts of a key; all unknown where it is not known what decides."""
    unread = site.unread()
    if unread is not None or site.estate is None:
        return msgspec.structs.replace(
            without(unread),
            unbound_services=None,
            unbound_grants=None,
            oldest_grant=None,
            mfa_holes=None,
            public=False,
        )
    known = site.kept()
    if site.case not in known:
        known[site.case] = _worked_out(site, site.estate)
    return known[site.case]


def _worked_out(site: AzureSite, estate: Estate) -> AccessFacts:
    doubt = _doubt(site)
    found = ((one, whole) for one in site.standings() if (whole := one.whole))
    told = grouped((_holder(site, estate, one, doubt), whole) for one, whole in found)
    holders = tuple(_from_anywhere(one) if estate.vault.network.is_open else one for one in told)
    return msgspec.structs.replace(
        without(None),
        public=False,
        holders=holders,
        users=counted(holders, lambda one: one.uses, _GROUPS, by_head=True),
        users_seen=seen(holders, lambda one: one.uses),
        administrators=counted(holders, lambda one: one.changes_policy, _GROUPS, by_head=False),
        administrators_seen=seen(holders, lambda one: one.changes_policy),
        purgers=counted(holders, _can_purge, _GROUPS, by_head=True),
        purgers_seen=seen(holders, _can_purge),
        without_effect=_without_effect(site, estate),
    )


def _from_anywhere(holder: HolderFacts) -> HolderFacts:
    """The holder with what no condition says: that the vault does not ask from where somebody comes."""
    if holder.outside_endpoint is not True:
        return holder
    return msgspec.structs.replace(holder, way=f"{holder.way}; the vault answers every address")


def _can_purge(holder: HolderFacts) -> Truth:
    return False if holder.purges is None else holder.purges


def _doubt(site: AzureSite) -> Unknown:
    """What is most likely missing where a decision is open: a listing, else a role, else who is in a group."""
    unread = site.unread_lists()
    if unread:
        return unread[0]
    assignments = (site.estate.assignments or ()) if site.estate else ()
    return _ROLES if any(one.role is None for one in assignments) else _GROUPS


def _holder(site: AzureSite, estate: Estate, one: Standing, doubt: Unknown) -> HolderFacts:
    caller, cells = one.caller, one.cells
    if caller.kind is PrincipalKind.LEVEL:
        return unread_holder(caller, doubt)
    uses = may(cells, (USE,), doubt)
    return HolderFacts(
        principal=caller.id,
        size=1,
        way="",
        kind=caller.kind,
        account=caller.account,
        ours=certain(bool(caller.account), one.whole, doubt),
        uses=uses,
        decides=may(cells, DECIDE, doubt),
        changes_policy=may(cells, (ActionClass.POLICY,), doubt),
        steps_to_use=False,
        steps_to_decide=False,
        broad=uses if uses is not True else _is_broad(site, estate, one, doubt),
        without_mfa=None,
        outside_endpoint=estate.vault.network.is_reached_from_outside and uses,
        idle=None,
        hidden=None,
        purges=_purges(site, estate, one, doubt),
    )


def _is_broad(site: AzureSite, estate: Estate, one: Standing, doubt: Unknown) -> Truth:
    """Whether the use comes from a role above the vault, so that vaults to come are open as well."""
    if not estate.vault.rbac:
        return False
    group = estate.vault.id.rpartition("/providers/")[0]
    kept = None if estate.assignments is None else tuple(_above(estate, group))
    asking = site.asking(one.caller, msgspec.structs.replace(estate, assignments=kept))
    wanted = [name for name in site.fit if AZURE[name] is USE]
    return may(fold(asking.decisions(wanted, {}), AZURE), (USE,), doubt)


def _above(estate: Estate, group: str) -> Iterator[Assignment]:
    return (one for one in estate.assignments or () if covers(one.scope, group, estate.vault.management_groups))


def _purges(site: AzureSite, estate: Estate, one: Standing, doubt: Unknown) -> Truth:
    found = site.asking(one.caller, estate).decisions(_PURGES, {})
    return may(fold(found, AZURE), (ActionClass.DESTROY,), doubt)


def _without_effect(site: AzureSite, estate: Estate) -> tuple[str, ...] | Unknown:
    """Roles on keys given at the vault or in it while the vault goes by its own list."""
    if estate.assignments is None:
        return site.unread_lists()[0]
    return () if estate.vault.rbac else tuple(sorted(_ignored(estate)))


def _ignored(estate: Estate) -> Iterator[str]:
    data = [one for one in OPERATIONS.values() if one.plane is Plane.DATA]
    management = [one for one in OPERATIONS.values() if one.plane is Plane.MANAGEMENT]
    for one in estate.assignments or ():
        blocks = one.role.blocks if one.role else ()
        on_keys = any(permits(block, operation) for block in blocks for operation in data)
        on_vault = any(permits(block, operation) for block in blocks for operation in management)
        if covers(estate.vault.id, one.scope, ()) and on_keys and not on_vault:
            yield f"{one.role_name} of {one.principal}"
