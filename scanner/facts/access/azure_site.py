"""One key of Azure with everybody whom an assignment above it or its vault's own list names. Reads its arguments."""

from collections.abc import Hashable, Iterable, Iterator
from copy import copy
from datetime import datetime

from scanner.facts.access.azure import Assignment, Estate
from scanner.facts.access.azure_asking import DATED, Asking, fit, sparing, ways_of
from scanner.facts.access.azure_estate import Given, estate_of, kind_of, narrowed
from scanner.facts.access.cells import Cells, Decisions, fold
from scanner.facts.access.classes import AZURE, AZURE_WITHOUT_KEY
from scanner.facts.access.dormant import dormant_of, while_dormant
from scanner.facts.access.role_ways import NO_WAYS
from scanner.facts.access.site import Caller, Found, Standing, Supposed
from scanner.facts.subjects.access import AccessFacts
from scanner.model.container import ContainerKind, KeyContainer
from scanner.model.effective import AccessCell, ActionClass, CellState, PrincipalKind
from scanner.model.key import Key, Metadata
from scanner.model.unknown import Cause, OutOfScope, Unknown

NOT_MODELLED = Unknown(cause=Cause.NOT_COLLECTED, call="Microsoft.KeyVault/managedHsm/roleAssignments/read/action")
_SETTINGS = Unknown(cause=Cause.NOT_COLLECTED, call="Microsoft.KeyVault/vaults/read")
_LOCAL = "the roles of the managed HSM itself (local RBAC not modelled)"
_NEVER_READ = "eligible assignments (PIM) and delegations to other tenants (Lighthouse) (not collected)"
_PREFIX = "Microsoft.KeyVault/vaults/key"


class AzureSites:
    """The keys of one shard, and what was worked out in vaults."""

    def __init__(self, given: Given, as_of: datetime) -> None:
        self.given = given
        self.as_of = as_of
        self.standings: dict[Hashable, tuple[Standing, ...]] = {}
        self.facts: dict[Hashable, AccessFacts] = {}
        self._estates: dict[str, Estate | None] = {}

    def at(self, key: Key, container: KeyContainer | None) -> "AzureSite":
        """The key's site."""
        return AzureSite(self, key, container)

    def estate(self, container: KeyContainer | None) -> Estate | None:
        """What decides in a vault."""
        if container is None:
            return None
        if container.id not in self._estates:
            self._estates[container.id] = estate_of(self.given, container)
        return self._estates[container.id]


class AzureSite:
    """One key; see `Site`."""

    def __init__(self, sites: AzureSites, key: Key, container: KeyContainer | None) -> None:
        self.key = key
        self.container = container
        self.estate = sites.estate(container)
        self._sites = sites
        spec = key.metadata.spec if isinstance(key.metadata, Metadata) else None
        self.fit = fit(spec, by_roles=self.estate is not None and self.estate.vault.rbac)
        self.name = key.id.rpartition("/")[2]
        self.dormant = dormant_of(key, AZURE, sites.as_of, DATED)
        scope = f"{self.estate.vault.id}/keys/{self.name}".lower() if self.estate else ""
        here = any(one.scope.lower().startswith(scope) for one in self._scoped()) if scope else False
        self.case: Hashable = (key.container, self.fit, self.dormant, self.name if here else "")

    def only(self, action: str) -> "AzureSite":
        """The key as far as one action goes."""
        one = copy(self)
        one.fit = tuple(name for name in self.fit if name == action)
        one.case = (self.case, action)
        return one

    def found(self) -> Iterator[Found]:
        """Everybody who is named, or one row for whoever the local roles of a managed HSM let in."""
        for one in self.standings():
            yield one.found

    def standings(self) -> tuple[Standing, ...]:
        """The same with the ways apart, as worked out at any key of the vault that no assignment tells apart."""
        known = self._sites.standings
        if self.case not in known:
            known[self.case] = tuple(self.standing_of(caller) for caller in self._callers())
        return known[self.case]

    def kept(self) -> dict[Hashable, AccessFacts]:
        """The facts that were worked out so far, by case."""
        return self._sites.facts

    def cells(self, caller: Caller) -> Cells:
        """What one caller may do, named or not."""
        return self.standing_of(caller).whole

    def standing_of(self, caller: Caller) -> Standing:
        """One caller as it stands here."""
        if self.estate is None:
            return Standing(caller=caller, cells=self._unread(), ways=NO_WAYS)
        asking = self.asking(caller, self.estate)
        cells = fold(self._decisions(asking, {}), AZURE)
        return Standing(caller=caller, cells=cells, ways=ways_of(asking, self.fit))

    def decisions(self, caller: Caller, supposed: Supposed) -> Decisions:
        """The decision on every operation; none where what decides is not known."""
        return {} if self.estate is None else self._decisions(self.asking(caller, self.estate), supposed)

    def _decisions(self, asking: Asking, supposed: Supposed) -> Decisions:
        return while_dormant(asking.decisions(self.fit, supposed), self.dormant)

    def asking(self, caller: Caller, estate: Estate) -> Asking:
        """The caller before what decides; whoever nobody could look at may be one whom a denial spares."""
        own = narrowed(estate, self._sites.given, caller.id.lower())
        if caller.kind is PrincipalKind.LEVEL:
            own = sparing(own)
        many = caller.kind not in {PrincipalKind.USER, PrincipalKind.WORKLOAD, PrincipalKind.LEVEL}
        return Asking(principal=caller.id, key=self.name, estate=own, many=many)

    def caller(self, principal: str) -> Caller:
        """The caller of an object id."""
        name = principal.lower()
        tenant = self.container.source.get("tenantId", "") if self.container else ""
        is_foreign = name in self._sites.given.foreign
        return Caller(id=name, kind=kind_of(self._sites.given, name), account="" if is_foreign else tenant)

    def reach(self) -> str:
        """Whether the vault's own list was read; nobody without an identity in the tenant is let in by anything."""
        return "unread" if self.estate is None else "named"

    def unread(self) -> Unknown | None:
        """Why it is not known who may use the key at all; None where it is."""
        if self.estate is not None:
            return None
        container = self.container
        if container is None:
            return _SETTINGS
        if container.type is ContainerKind.MANAGED_HSM:
            return NOT_MODELLED
        groups = (container.access, container.network, container.recovery, container.policy)
        found = next((group for group in groups if isinstance(group, Unknown | OutOfScope)), _SETTINGS)
        return found if isinstance(found, Unknown) else Unknown(cause=Cause.NOT_COLLECTED, call=found.call)

    def unread_lists(self) -> tuple[Unknown, ...]:
        """Why role assignments or deny assignments are not known."""
        return tuple(unknown for _, unknown in self._sites.given.unread)

    def gaps(self) -> Iterator[str]:
        """What was not read, and what is never read."""
        unread = self.unread()
        if unread is not None:
            yield self._missing(unread)
        for name, unknown in self._sites.given.unread:
            yield f"{name} ({unknown.cause} {unknown.call})"
        roles = {one.role_name for one in self._scoped() if one.role is None}
        yield from (f"the role {name} (not read)" for name in sorted(roles))
        groups = [one.caller.id for one in self.standings() if one.caller.kind is PrincipalKind.GROUP]
        if closed := sorted(name for name in groups if name not in self._sites.given.members):
            yield f"the members of {', '.join(closed)} (not collected)"
        yield _NEVER_READ

    def unclassified(self) -> Iterator[str]:
        """Operations on keys that a role names in full and that have no class."""
        blocks = [block for one in self._scoped() if one.role for block in one.role.blocks]
        named = {name for block in blocks for name in (*block.actions, *block.data_actions) if "*" not in name}
        known = {name.lower() for name in (*AZURE, *AZURE_WITHOUT_KEY)}
        yield from sorted(
            name for name in named if name.lower().startswith(_PREFIX.lower()) and name.lower() not in known
        )

    def notes(self) -> Iterable[str]:
        """The state of the key and of its versions."""
        return self.dormant.notes

    def _scoped(self) -> tuple[Assignment, ...]:
        return (self.estate.assignments or ()) if self.estate else ()

    def _missing(self, unread: Unknown) -> str:
        return _LOCAL if unread is NOT_MODELLED else f"the settings of the vault ({unread.cause} {unread.call})"

    def _unread(self) -> Cells:
        unread = self.unread() or _SETTINGS
        cell = AccessCell(state=CellState.UNKNOWN, missing=(self._missing(unread),))
        return {kind: cell for kind in ActionClass if kind in set(AZURE.values())}

    def _callers(self) -> Iterator[Caller]:
        if self.estate is None:
            yield Caller(id=self.key.container or self.key.id, kind=PrincipalKind.LEVEL, account="")
            return
        policies = () if self.estate.vault.rbac else self.estate.vault.policies
        named = {one.principal.lower() for one in self._scoped()} | {one.principal for one in policies}
        members = self._sites.given.members
        names = named | {name.lower() for group in named for name in members.get(group, ())}
        yield from (self.caller(name) for name in sorted(names))
        if self.estate.assignments is None:
            yield Caller(id=self.estate.vault.id, kind=PrincipalKind.LEVEL, account="")
