"""One key of Google Cloud with everybody whom a binding names at any level above it. Reads its arguments alone."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from copy import copy
from datetime import datetime

from scanner.facts.access.cells import Cells, Decisions, fold
from scanner.facts.access.classes import GOOGLE, GOOGLE_KINDS, GOOGLE_WITHOUT_KEY
from scanner.facts.access.dormant import dormant_of, while_dormant
from scanner.facts.access.google import OF_ACCOUNTS, Level
from scanner.facts.access.google_asking import Asking, fit, in_force
from scanner.facts.access.google_callers import GONE, google_caller, is_account_of
from scanner.facts.access.google_steps import Holders, ways_of
from scanner.facts.access.google_tree import Tree, near, unread_near
from scanner.facts.access.role_ways import NO_WAYS
from scanner.facts.access.site import Caller, Found, Standing, Supposed
from scanner.facts.bindings import PUBLIC
from scanner.facts.subjects.access import AccessFacts
from scanner.model.container import KeyContainer
from scanner.model.effective import HELD, ActionClass, PrincipalKind
from scanner.model.key import Key, Metadata

_NOT_MODELLED = "policies on service accounts themselves (not collected)"


class GoogleSites:
    """The keys of one shard, and what was worked out at those that no binding tells apart."""

    def __init__(self, tree: Tree, as_of: datetime) -> None:
        self.tree = tree
        self.as_of = as_of
        self.levels = tuple(in_force(level, as_of) for level in tree.levels)
        self.by_name = _asks_by_name(self.levels)
        self.standings: dict[Hashable, tuple[Standing, ...]] = {}
        self.facts: dict[Hashable, AccessFacts] = {}

    def at(self, key: Key, container: KeyContainer | None) -> "GoogleSite":
        """The key's site."""
        return GoogleSite(self, key, container)


class GoogleSite:
    """One key; see `Site`."""

    def __init__(self, sites: GoogleSites, key: Key, container: KeyContainer | None) -> None:
        self.key = key
        self._sites = sites
        self.as_of = sites.as_of
        self.written = near(sites.tree, key, container)
        own = tuple(in_force(level, sites.as_of) for level in self.written)
        self.levels = (*sites.levels, *own)
        self.unread = (*sites.tree.unread, *unread_near(key, container))
        metadata = key.metadata
        self.usage = metadata.usage if isinstance(metadata, Metadata) else None
        self.fit = fit(self.usage)
        self.dormant = dormant_of(key, GOOGLE)
        by_name = sites.by_name or _asks_by_name(own)
        name = key.id if by_name else ""
        self.case: Hashable = (self.written, self.unread, self.usage, self.dormant, key.account, name)

    def only(self, action: str) -> "GoogleSite":
        """The key as far as one action goes."""
        one = copy(self)
        one.fit = tuple(name for name in self.fit if name == action)
        one.case = (self.case, action)
        return one

    def found(self) -> Iterator[Found]:
        """Everybody whom a binding names, whoever is named where nobody could look, and everybody if they are meant."""
        for one in self.standings():
            yield one.found

    def standings(self) -> tuple[Standing, ...]:
        """The same with the ways apart, as worked out at any key that is like this one."""
        known = self._sites.standings
        if self.case not in known:
            known[self.case] = tuple(self._work_out())
        return known[self.case]

    def kept(self) -> dict[Hashable, AccessFacts]:
        """The facts that were worked out so far, by case."""
        return self._sites.facts

    def cells(self, caller: Caller) -> Cells:
        """What one caller may do, named or not."""
        return self.standing(caller).whole

    def standing(self, caller: Caller) -> Standing:
        """One caller as it stands here."""
        known = next((one for one in self.standings() if one.caller.id.lower() == caller.id.lower()), None)
        if known is not None:
            return known
        asking = self.asking(caller)
        return self._standing(caller, asking, self._cells(asking), self._holders(self.standings()))

    def decisions(self, caller: Caller, supposed: Supposed) -> Decisions:
        """The decision on every permission that the key can be asked for."""
        return self._decisions(self.asking(caller), supposed)

    def aliases(self) -> frozenset[str]:
        """Numbers and domains by which names of members tell that they belong here."""
        return self._sites.tree.aliases

    def asking(self, caller: Caller) -> Asking:
        """The caller before the levels over this key."""
        return Asking(caller, self.levels, self._sites.tree.groups)

    def reach(self) -> str:
        """Open to everybody or not, as far as the key's own policy tells."""
        own = self.levels[-1].bindings
        if own is None:
            return "unread"
        return "public" if any(PUBLIC & {*one.members} for one in own) else "named"

    def gaps(self) -> Iterator[str]:
        """Levels, roles and groups that were not read, and what is never read."""
        for name, unknown in self.unread:
            yield f"{name} ({unknown.cause} {unknown.call})"
        bindings = [one for level in self.levels for one in level.bindings or ()]
        yield from sorted({f"the role {one.role} (not read)" for one in bindings if one.permissions is None})
        members = {name for one in bindings for name in one.members}
        groups = {name for name in members if name.startswith("group:")}
        unread = sorted(groups - {*self._sites.tree.groups.members})
        if unread:
            yield f"the members of {', '.join(unread)} (not collected)"
        if any(name.startswith("serviceAccount:") for name in members):
            yield _NOT_MODELLED

    def unclassified(self) -> Iterable[str]:
        """Permissions on keys that a role of the customer's own gives and that have no class."""
        given = {name for level in self.levels for one in level.bindings or () for name in one.permissions or ()}
        known = {*GOOGLE, *GOOGLE_WITHOUT_KEY}
        return sorted(
            name for name in given - known if name.startswith(tuple(f"cloudkms.{kind}." for kind in GOOGLE_KINDS))
        )

    def notes(self) -> Iterable[str]:
        """The state of the key and of its versions."""
        return self.dormant.notes

    def _callers(self) -> Iterator[Caller]:
        members = {
            name
            for level in self.levels
            for one in level.bindings or ()
            for name in one.members
            if not name.startswith(GONE)
        }
        read = self._sites.tree.groups.members
        within = {name for group in members for name in read.get(group, ())}
        named = {_spelled(name): name for name in sorted(members | within, reverse=True)}
        yield from (google_caller(name) for name in sorted(named.values()))
        unread = dict.fromkeys(level.name for level in self.levels if level.bindings is None)
        yield from (Caller(id=name, kind=PrincipalKind.LEVEL, account="") for name in unread)

    def _work_out(self) -> Iterator[Standing]:
        first = [(caller, asking := self.asking(caller), self._cells(asking)) for caller in self._callers()]
        holders = self._holders(Standing(caller=caller, cells=cells, ways=NO_WAYS) for caller, _, cells in first)
        for caller, asking, cells in first:
            yield self._standing(caller, asking, cells, holders)

    def _cells(self, asking: Asking) -> Cells:
        return fold(self._decisions(asking, {}), GOOGLE)

    def _decisions(self, asking: Asking, supposed: Supposed) -> Decisions:
        return while_dormant(asking.decisions(self.fit, self.key.id, supposed), self.dormant)

    def _standing(self, caller: Caller, asking: Asking, cells: Cells, holders: Holders) -> Standing:
        away = caller.kind in {PrincipalKind.PUBLIC, PrincipalKind.LEVEL}
        ways = NO_WAYS if away else ways_of(caller, asking, self.key.id, self.fit, holders)
        return Standing(caller=caller, cells=cells, ways=ways)

    def _holders(self, found: Iterable[Standing]) -> Holders:
        """Service accounts of the key's project that somebody could act as."""
        sure: dict[ActionClass, list[str]] = {}
        perhaps: dict[ActionClass, list[str]] = {}
        aliases = self.aliases()
        for one in found:
            here = is_account_of(one.caller, self.key.account, aliases)
            for kind, cell in one.cells.items() if here is not False else ():
                (sure if here and cell.state in HELD else perhaps).setdefault(kind, []).append(one.caller.id)
        return Holders(project=f"projects/{self.key.account}", sure=_settled(sure), perhaps=_settled(perhaps))


def _spelled(member: str) -> str:
    """A member in one spelling: addresses and domains ignore case."""
    return member.lower() if member.startswith(OF_ACCOUNTS) else member


def _settled(found: Mapping[ActionClass, list[str]]) -> Mapping[ActionClass, tuple[str, ...]]:
    return {kind: tuple(names) for kind, names in found.items()}


def _asks_by_name(levels: Iterable[Level]) -> bool:
    """Whether a condition may tell keys apart."""
    given = (one.condition for level in levels for one in level.bindings or ())
    taken = (one.condition for level in levels for one in level.denials or ())
    return any(text is not None and "resource" in text for text in (*given, *taken))
