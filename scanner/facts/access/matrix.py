"""Who may do what with each key of AWS: every caller of a snapshot at every key. Reads nothing but its arguments.

Callers that cannot be told apart are evaluated once, and so are keys: the same account and kind, the same policies,
the same answers to every condition on who calls, and neither named by the key's policy nor by a grant.
"""

from collections.abc import Hashable, Iterable, Iterator

import msgspec

from scanner.facts.access.cells import POWERS, Cells, Decisions, Extra, Standing, decisions, standing, statements_of
from scanner.facts.access.doors import Door, door_of, keys_of, narrowed
from scanner.facts.access.endpoints import Gates, gates_of
from scanner.facts.access.likeness import Likeness
from scanner.facts.access.organisations import ABROAD, Bounds, bounds_over
from scanner.facts.access.parties import (
    ANY_SERVICE,
    Party,
    any_service,
    anybody,
    comer_by,
    everybody_of,
    groups_of,
    parties_of,
    unread_party,
)
from scanner.facts.access.policies import Statement
from scanner.facts.access.principals import PrincipalKind as CallerKind
from scanner.facts.access.principals import principal
from scanner.facts.access.reach import (
    SOME_ACCOUNT,
    STRANGE_NETWORKS,
    STRANGERS,
    Reach,
    ReachKind,
    networks_of,
    reach,
)
from scanner.facts.access.stepping import Comer, stepping
from scanner.facts.access.steps import ANYTHING, Steps, crowd_of
from scanner.model.effective import PrincipalKind
from scanner.model.identity import AccountIdentities
from scanner.model.key import Key, Provider
from scanner.model.network import Network
from scanner.model.organisation import OrganisationTree
from scanner.model.unknown import Unknown

_NO_GATES = Gates()


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One key with everybody who comes to it, and what each may do there or is a step away from."""

    door: Door
    comers: tuple[tuple[Comer, Cells], ...]


class Matrices:
    """The callers of a snapshot and what was worked out for them so far.

    What was worked out for the key that was looked at last is kept whole, since its facts and its rows are asked for
    one after the other.
    """

    def __init__(
        self,
        accounts: Iterable[AccountIdentities],
        trees: Iterable[OrganisationTree],
        networks: Iterable[Network] = (),
    ) -> None:
        self._accounts = tuple(accounts)
        self._trees = tuple(trees)
        self._networks = tuple(networks)
        self._gates = gates_of(self._networks)
        self._organisations = {tree.id for tree in self._trees if tree.provider is Provider.AWS}
        self._last: tuple[Key, Visit] | None = None
        self._bounds: dict[str, Bounds] = {}
        self._unread: dict[str, Unknown] = {}
        self._parties: dict[str, tuple[Party, ...]] = {}
        self._sames: dict[Hashable, int] = {}
        self._likeness = Likeness(self.over)
        self._standings: dict[Hashable, Standing] = {}
        self._supposed: dict[Hashable, Decisions] = {}
        self._reaches: dict[Hashable, Reach] = {}
        self._groups: dict[str, tuple[Party, ...]] = {}
        for account in self._accounts:
            if account.provider is not Provider.AWS:
                continue
            if isinstance(account.principals, Unknown):
                self._unread[account.account] = account.principals
            else:
                self._parties[account.account] = parties_of(account.principals, account.account)
                self._groups[account.account] = groups_of(account.principals)
        self._asked = keys_of(self._statements())
        self.crowd = crowd_of(self._parties, self._groups)
        self.steps = Steps(self.bounds, self._likeness.told, self.crowd)

    def __reduce__(self) -> tuple[object, ...]:
        """Travels to other processes as what was read; what was worked out is worked out anew there."""
        return type(self), (self._accounts, self._trees, self._networks)

    def callers(self, account: str) -> tuple[Party, ...] | Unknown | None:
        """The callers of an account, Unknown when they could not be read, None when nobody asked for them."""
        return self._parties.get(account, self._unread.get(account))

    def parties(self) -> Iterator[Party]:
        """Every caller that was read."""
        return (party for parties in self._parties.values() for party in parties)

    def bounds(self, account: str) -> Bounds:
        """What binds an account."""
        if account not in self._bounds:
            self._bounds[account] = bounds_over(account, self._trees)
        return self._bounds[account]

    def over(self, party: Party) -> Bounds:
        """What binds a caller."""
        return ABROAD if party.kind is PrincipalKind.PUBLIC else self.bounds(party.account)

    def door(self, key: Key) -> Door:
        """The key as callers come to it."""
        door = door_of(key, self.bounds(key.account), self._gates.get(key.region, _NO_GATES), self._asked)
        rest = door.rest and msgspec.structs.replace(door.rest, same=self._same(door.rest))
        return msgspec.structs.replace(door, same=self._same(door), rest=rest)

    def _same(self, door: Door) -> int:
        """A number for what tells a key from others, which is looked up faster."""
        return self._sames.setdefault(door.same, len(self._sames))

    def visit(self, key: Key) -> Visit:
        """The key with everybody who may have a say there."""
        if self._last is None or self._last[0] is not key:
            self._last = (key, self._visited(self.door(key)))
        return self._last[1]

    def visit_for(self, key: Key, action: str) -> Visit:
        """The same as far as one action goes, and what hands on rights to it."""
        return self._visited(narrowed(self.door(key), action, POWERS))

    def _visited(self, door: Door) -> Visit:
        comers = self.comers(door)
        steps = stepping(self, door, comers)
        return Visit(door=door, comers=tuple((comer, steps.cells(comer)) for comer in comers))

    def reach(self, door: Door) -> Reach | None:
        """How far the key's policy alone opens it; None when it was not read."""
        if door.policy is None:
            return None
        if door.same not in self._reaches:
            self._reaches[door.same] = reach(door.policy, door.account, door.id)
        return self._reaches[door.same]

    def comers(self, door: Door) -> list[Comer]:
        """Every caller that may have a say at the key, with what it may do."""
        return [Comer(party=party, standing=self.standing(party, door)) for party in self._comers(door)]

    def standing(self, party: Party, door: Door) -> Standing:
        """What one caller may do, as worked out for any that is like it at a key that is like this one."""
        case = self._likeness.case(party, door)
        if case.like not in self._standings:
            self._standings[case.like] = standing(case.party, case.door, self.over(party))
        return self._standings[case.like]

    def supposing(self, party: Party, door: Door, extra: Extra) -> Decisions:
        """The decision on every action under what is supposed of the request, for callers alike at keys alike."""
        case = self._likeness.case(party, door)
        like = (case.like, id(extra))
        if like not in self._supposed:
            self._supposed[like] = decisions(case.party, case.door, self.over(party), extra)
        return self._supposed[like]

    def _comers(self, door: Door) -> Iterator[Party]:
        """Callers with a say at the key: those of its account and of others that it names, and everybody if it does."""
        accounts = set(door.accounts)
        if door.is_for_everyone:
            accounts |= {*self._parties, *self._let_in(door)}
        for account in sorted(accounts):
            yield from self._parties.get(account, (unread_party(f"arn:aws:iam::{account}:root"), everybody_of(account)))
        for kind, name in sorted(door.callers):
            if kind == "Service":
                yield unread_party(ANY_SERVICE if name == "*" else name)
            elif kind == "Federated":
                yield comer_by(name, door.account)
            elif kind == "AWS" and (party := self.named(name)) is not None:
                yield party
        if door.is_for_everyone:
            yield from self._strangers(door)
            yield from self._services(door)

    def named(self, name: str) -> Party | None:
        """A caller that only the key's policy or a grant tells of: of an account that was not read, or a session.

        A name of an account that was read and does not have it is nobody, and so is the bare id of a deleted one.
        """
        caller = principal(name)
        parties = self._parties.get(caller.account)
        if parties is None:
            kinds = {CallerKind.USER, CallerKind.ROLE, CallerKind.SESSION, CallerKind.FEDERATED}
            return unread_party(name) if caller.kind in kinds else None
        if caller.kind is CallerKind.FEDERATED:
            return unread_party(name)
        if caller.kind is not CallerKind.SESSION:
            return None
        roles = (one for one in parties if one.kind is PrincipalKind.ROLE and one.caller.name == caller.name)
        role = next(roles, None)
        return role and msgspec.structs.replace(role, id=name, kind=PrincipalKind.SESSION, caller=caller)

    def _strangers(self, door: Door) -> Iterator[Party]:
        """Somebody of no account that was named: anybody, or one for each pattern and each organisation let in.

        Organisations that were read are no strangers: those of their accounts that were read come by themselves.
        """
        found = self.reach(door)
        if found is None or found.kind in {ReachKind.PUBLIC, ReachKind.NETWORK}:
            yield from self._from_anywhere(door)
            return
        for account in found.like:
            yield anybody(f"an account like {account}", account, ANYTHING)
        organisations = found.whom if found.kind is ReachKind.ORGANISATION else found.organisations
        for organisation in organisations:
            if organisation not in self._organisations:
                yield anybody(organisation, STRANGERS[0], ANYTHING, organisation)

    def _services(self, door: Door) -> Iterator[Party]:
        """Every service of AWS where what is for everybody lets them in, and not everybody."""
        found = self.reach(door)
        if found is None or found.kind is ReachKind.PUBLIC or ("Service", "*") in door.callers:
            return
        every = any_service()
        if self.standing(every, door).cells:
            yield every

    def _from_anywhere(self, door: Door) -> Iterator[Party]:
        """Anybody; one for each network that the policy names where nobody gets in through another, or through none."""
        somebody = anybody("*", STRANGERS[0], ANYTHING)
        named = networks_of(door.policy) if door.policy is not None else ()
        if not named or any(self.standing(one, door).cells for one in _elsewhere(somebody)):
            yield somebody
            return
        for name in named:
            yield msgspec.structs.replace(somebody, id=f"anybody through {name}", network=name)

    def _let_in(self, door: Door) -> set[str]:
        """Accounts that are admitted by conditions alone."""
        found = self.reach(door)
        whom = found.whom if found is not None and found.kind is ReachKind.CROSS_ACCOUNT else ()
        return {*whom} - {SOME_ACCOUNT}

    def _statements(self) -> Iterator[Statement]:
        for account, parties in self._parties.items():
            for party in (*parties, *self._groups[account]):
                yield from statements_of((*(party.identity or ()), *([party.boundary] if party.boundary else [])))
            for level in self.bounds(account).service_control or ():
                yield from statements_of(level)


def _elsewhere(somebody: Party) -> Iterator[Party]:
    """Somebody who comes through a network that no policy names, and somebody who comes through none."""
    through = {**somebody.values, **STRANGE_NETWORKS}
    yield msgspec.structs.replace(somebody, id="* through another network", values=through)
    yield msgspec.structs.replace(somebody, id="* through none", closed=(*somebody.closed, *STRANGE_NETWORKS))
