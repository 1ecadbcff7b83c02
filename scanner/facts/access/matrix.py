"""Who may do what with each key of AWS: every caller of a snapshot at every key. Reads nothing but its arguments.

Callers that cannot be told apart are evaluated once, and so are keys: the same account and kind, the same policies,
the same answers to every condition on who calls, and neither named by the key's policy nor by a grant.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping

import msgspec

from scanner.facts.access.aws import Result
from scanner.facts.access.cells import (
    NONE,
    Cells,
    Decisions,
    Extra,
    Standing,
    decisions,
    path_step,
    standing,
    statements_of,
)
from scanner.facts.access.conditions import Clause, holds
from scanner.facts.access.context import Context
from scanner.facts.access.doors import Door, door_of, keys_of, of_callers
from scanner.facts.access.organisations import ABROAD, Bounds, bounds_over
from scanner.facts.access.parties import Party, Told, anybody, everybody_of, parties_of, unread_party
from scanner.facts.access.policies import Statement
from scanner.facts.access.principals import PrincipalKind as CallerKind
from scanner.facts.access.principals import principal
from scanner.facts.access.reach import SOME_ACCOUNT, STRANGERS, Reach, ReachKind, reach
from scanner.facts.access.steps import ANYTHING, Steps, crowd_of
from scanner.facts.glob import matches
from scanner.model.effective import AccessCell, ActionClass, CellState, PrincipalKind, StepAway
from scanner.model.identity import AccountIdentities
from scanner.model.key import Key, Provider
from scanner.model.organisation import OrganisationTree
from scanner.model.unknown import Unknown

HELD = frozenset({CellState.ALWAYS, CellState.CONDITIONAL})
"""What somebody can do, if need be under conditions."""

_BY_GRANT = frozenset({ActionClass.USE_PLAINTEXT, ActionClass.USE_ENCRYPT, ActionClass.READ})
"""Classes that a grant can give."""

_NOBODY: Mapping[str, StepAway] = {}
_IDENTITIES = frozenset({PrincipalKind.ROLE, PrincipalKind.USER})


class Comer(msgspec.Struct, frozen=True, kw_only=True):
    """A caller at a key, with what it may do there."""

    party: Party
    standing: Standing


class Matrices:
    """The callers of a snapshot and what was worked out for them so far."""

    def __init__(self, accounts: Iterable[AccountIdentities], trees: Iterable[OrganisationTree]) -> None:
        self._accounts = tuple(accounts)
        self._trees = tuple(trees)
        self._bounds: dict[str, Bounds] = {}
        self._unread: dict[str, Unknown] = {}
        self._parties: dict[str, tuple[Party, ...]] = {}
        self._alike: dict[Hashable, int] = {}
        self._told: dict[str, Told] = {}
        self._standings: dict[Hashable, Standing] = {}
        self._supposed: dict[Hashable, Decisions] = {}
        self._answers: dict[Hashable, dict[str, Hashable]] = {}
        self._reaches: dict[Hashable, Reach] = {}
        for account in self._accounts:
            if account.provider is not Provider.AWS:
                continue
            if isinstance(account.principals, Unknown):
                self._unread[account.account] = account.principals
            else:
                self._parties[account.account] = parties_of(account.principals, account.account)
        self._asked = keys_of(self._statements())
        self.crowd = crowd_of(self._parties)
        self.steps = Steps(self.bounds, self.told, self.crowd)

    def __reduce__(self) -> tuple[object, ...]:
        """Travels to other processes as what was read; what was worked out is worked out anew there."""
        return type(self), (self._accounts, self._trees)

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
        return door_of(key, self.bounds(key.account), self._asked)

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
        told = self.told(party)
        where = tuple(door.id if "${" in pattern else matches(pattern, door.id) for pattern in told.patterns)
        case = (told.alike, self._at_door(party, door), door.same, where)
        if case not in self._standings:
            self._standings[case] = standing(party, door, self.over(party))
        return self._standings[case]

    def supposing(self, party: Party, door: Door, extra: Extra) -> Decisions:
        """The decision on every action under what is supposed of the request, for callers alike at keys alike."""
        told = self.told(party)
        where = tuple(door.id if "${" in pattern else matches(pattern, door.id) for pattern in told.patterns)
        case = (told.alike, self._at_door(party, door), door.same, where, id(extra))
        if case not in self._supposed:
            self._supposed[case] = decisions(party, door, self.over(party), extra)
        return self._supposed[case]

    def _comers(self, door: Door) -> Iterator[Party]:
        """Callers with a say at the key: those of its account and of others that it names, and everybody if it does."""
        accounts = set(door.accounts)
        if door.is_for_everyone:
            accounts |= {*self._parties, *self._let_in(door)}
        for account in sorted(accounts):
            yield from self._parties.get(account, (unread_party(f"arn:aws:iam::{account}:root"), everybody_of(account)))
        for kind, name in sorted(door.callers):
            if kind == "Service":
                yield unread_party(name)
            elif kind == "AWS" and (party := self.named(name)) is not None:
                yield party
        if door.is_for_everyone:
            yield anybody(STRANGERS[0], ANYTHING)

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

    def _let_in(self, door: Door) -> set[str]:
        """Accounts that are admitted by conditions alone."""
        found = self.reach(door)
        whom = found.whom if found is not None and found.kind is ReachKind.CROSS_ACCOUNT else ()
        return {*whom} - {SOME_ACCOUNT}

    def told(self, party: Party) -> Told:
        """What tells the caller from others."""
        if party.id not in self._told:
            levels = self.over(party).service_control or ()
            own = [*(party.identity or ()), *([party.boundary] if party.boundary else [])]
            statements = tuple(statements_of((*own, *(policy for level in levels for policy in level))))
            case = (_described(party), _answered(party, *of_callers(statements)))
            patterns = {pattern for statement in statements for pattern in statement.resources if pattern != "*"}
            alike = self._alike.setdefault(case, len(self._alike))
            self._told[party.id] = Told(alike=alike, patterns=tuple(sorted(patterns)))
        return self._told[party.id]

    def _at_door(self, party: Party, door: Door) -> Hashable:
        """What policy and grants tell of the caller: whether they name it, and how it answers their conditions."""
        apart = party.id if _names(door, party) else ""
        if not (door.clauses or door.variables):
            return apart
        answers = self._answers.setdefault((door.clauses, door.variables), {})
        if party.id not in answers:
            answers[party.id] = _answered(party, door.clauses, door.variables)
        return apart, answers[party.id]

    def _statements(self) -> Iterator[Statement]:
        for account, parties in self._parties.items():
            for party in parties:
                yield from statements_of((*(party.identity or ()), *([party.boundary] if party.boundary else [])))
            for level in self.bounds(account).service_control or ():
                yield from statements_of(level)


class Stepping:
    """What callers at one key are one step away from. `holders` are the users and roles that have each class there."""

    def __init__(self, matrices: Matrices, door: Door, holders: Mapping[ActionClass, tuple[str, ...]]) -> None:
        self._matrices = matrices
        self._door = door
        self._holders = holders
        self._found: dict[Hashable, Cells] = {}

    def cells(self, comer: Comer) -> Cells:
        """The cells of a caller, with what it is one step away from."""
        party = comer.party
        if party.kind in {PrincipalKind.SERVICE, PrincipalKind.PUBLIC}:
            return comer.standing.cells
        away = _Away(own=None, armed=None, targets=_NOBODY)
        if party.kind in _IDENTITIES:
            own = self._matrices.steps.own(party)
            armed = self._armed(party) if own is not None else None
            away = _Away(own=own, armed=armed, targets=self._matrices.steps.targets(party))
        is_first = party.id in away.targets and any(self._first(kind, away) == party.id for kind in ActionClass)
        case = (id(comer.standing), away.own, id(away.armed), id(away.targets), party.id if is_first else "")
        if case not in self._found:
            self._found[case] = self._stepped(comer, away)
        return self._found[case]

    def _stepped(self, comer: Comer, away: "_Away") -> Cells:
        cells = comer.standing.cells
        wanting = [kind for kind in ActionClass if cells.get(kind, NONE).state is not CellState.ALWAYS]
        steps = {kind: step for kind in wanting if (step := self._step(comer, away, kind)) is not None}
        if not steps:
            return cells
        both = (kind for kind in ActionClass if kind in cells or kind in steps)
        return {kind: _beside(cells.get(kind, NONE), steps.get(kind)) for kind in both}

    def _step(self, comer: Comer, away: "_Away", kind: ActionClass) -> StepAway | None:
        by_power = _by_power(comer.standing, kind, self._door)
        if by_power is not None:
            return by_power
        if away.armed is not None and away.armed.cells.get(kind, NONE).state in HELD:
            return away.own
        name = self._first(kind, away, besides=comer.party.id)
        return None if name is None else away.targets[name]

    def _first(self, kind: ActionClass, away: "_Away", besides: str = "") -> str | None:
        """The first holder of the class whom the caller may act as."""
        if not away.targets:
            return None
        return next((name for name in self._holders[kind] if name in away.targets and name != besides), None)

    def _armed(self, party: Party) -> Standing:
        """What the caller could do had it the policies that it may write itself."""
        identity = (*(party.identity or ()), ANYTHING)
        armed = msgspec.structs.replace(party, identity=identity, id=f"{party.id} with {ANYTHING.name}")
        return self._matrices.standing(armed, self._door)


class _Away(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of a caller: how it writes its own policies and what it could do then, and whom it may act as."""

    own: StepAway | None
    armed: Standing | None
    targets: Mapping[str, StepAway]


def stepping(matrices: Matrices, door: Door, comers: Iterable[Comer]) -> Stepping:
    """What steps at the key rest on."""
    holders: dict[ActionClass, list[str]] = {kind: [] for kind in ActionClass}
    for comer in comers:
        if comer.party.kind in _IDENTITIES:
            for kind, cell in comer.standing.cells.items():
                if cell.state in HELD:
                    holders[kind].append(comer.party.id)
    return Stepping(matrices, door, {kind: tuple(found) for kind, found in holders.items()})


def _described(party: Party) -> Hashable:
    """Everything of a caller that decides besides its name."""
    policies = [*(party.identity or ()), *([party.boundary] if party.boundary else [])]
    return (
        party.kind,
        party.id if party.kind in {PrincipalKind.SERVICE, PrincipalKind.OTHER} else party.account,
        party.caller.is_service_linked,
        party.identity is None,
        tuple((policy.name, policy.statements) for policy in policies),
        party.has_boundary,
        party.boundary is None,
        party.gaps,
        party.managed,
        party.groups,
        party.closed,
    )


def _answered(party: Party, clauses: Iterable[Clause], variables: Iterable[str]) -> Hashable:
    """How the caller answers conditions on who calls, and what it fills in."""
    known = Context(values=party.values, complete=False, closed=party.closed)
    return tuple(holds(clause, known) for clause in clauses), tuple(party.values.get(name) for name in variables)


def _names(door: Door, party: Party) -> bool:
    """Whether policy or grants name the caller, or the role whose sessions it stands for."""
    return (party.account, party.caller.name) in door.named or party.id in door.names


def _beside(cell: AccessCell, step: StepAway | None) -> AccessCell:
    if step is None:
        return cell
    state = CellState.STEP if cell.state is CellState.NONE else cell.state
    return msgspec.structs.replace(cell, state=state, step=step)


def _by_power(found: Standing, kind: ActionClass, door: Door) -> StepAway | None:
    """Whoever may write the key's policy can have everything, and whoever may make grants what a grant can give."""
    for action, source in (("PutKeyPolicy", ActionClass.POLICY), ("CreateGrant", ActionClass.GRANT)):
        decision = found.powers[action]
        gives = kind is not source and (source is ActionClass.POLICY or kind in _BY_GRANT)
        by_grant = any(step.layer == "grant" for step in decision.why)
        if gives and decision.result in {Result.ALLOW, Result.CONDITIONAL} and not by_grant:
            return StepAway(
                by=f"kms:{action}",
                target=door.id,
                conditional=decision.result is Result.CONDITIONAL,
                why=tuple(map(path_step, decision.why)),
            )
    return None
