"""Which callers cannot be told apart at which keys, so that they are evaluated once. Evaluates nothing.

A caller is looked at with those of its statements alone that are about KMS and about the key. A caller whom a key's
policy and grants do not name is looked at before the key without what they say of others by name.
"""

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache

import msgspec

from scanner.facts.access.classes import AWS
from scanner.facts.access.conditions import Clause, holds
from scanner.facts.access.context import Context
from scanner.facts.access.doors import Door, of_callers
from scanner.facts.access.organisations import Bounds
from scanner.facts.access.parties import Party, Told
from scanner.facts.access.policies import Policy, Statement
from scanner.facts.glob import matches
from scanner.model.effective import PrincipalKind

_BY_THEMSELVES = frozenset({PrincipalKind.SERVICE, PrincipalKind.PUBLIC, PrincipalKind.OTHER})
_ACTIONS = tuple(f"kms:{name}".lower() for name in AWS)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A caller before a key as far as that matters; `like` is equal for those that are decided alike.

    `seen` has the statements of the caller that matter, and may be another caller like it.
    """

    whole: Party
    seen: Party
    door: Door
    like: Hashable

    @property
    def party(self) -> Party:
        """The caller with the statements that matter."""
        return msgspec.structs.replace(self.whole, identity=self.seen.identity, boundary=self.seen.boundary)


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A caller with the statements that matter, what is equal for callers like it, and the resources that are named."""

    party: Party
    alike: int
    patterns: tuple[str, ...]


class Likeness:
    """What tells callers apart, each found out once. `over` says what binds a caller."""

    def __init__(self, over: Callable[[Party], Bounds]) -> None:
        self._over = over
        self._alike: dict[Hashable, int] = {}
        self._told: dict[str, Told] = {}
        self._of_keys: dict[str, _Seen] = {}
        self._at_key: dict[Hashable, _Seen] = {}
        self._door = ""
        self._at_door: dict[int, _Seen] = {}
        self._answers: dict[Hashable, dict[str, Hashable]] = {}

    def told(self, party: Party) -> Told:
        """What tells the caller from others whatever it asks for."""
        if party.id not in self._told:
            bounds = self._bounds(party)
            statements = (*_own(party), *bounds)
            case = (_described(party), party.managed, party.groups, _answered(party, *of_callers(statements)))
            self._told[party.id] = Told(alike=self._number(case), patterns=_patterns(statements))
        return self._told[party.id]

    def case(self, party: Party, door: Door) -> Case:
        """The caller before the key."""
        named = (party.account, party.caller.name) in door.named or party.id in door.names
        door = door if named or door.rest is None else door.rest
        seen = self._seen_at(party, door.id)
        apart = party.id if named else ""
        return Case(
            whole=party, seen=seen.party, door=door, like=(seen.alike, apart, self._answer(party, door), door.same)
        )

    def _seen_at(self, party: Party, key: str) -> _Seen:
        """The caller with its statements about the key; what is found is kept as long as that key is asked about."""
        if party.id not in self._of_keys:
            self._of_keys[party.id] = self._seen(party, _is_of_kms, ())
        seen = self._of_keys[party.id]
        if not seen.patterns:
            return seen
        if key != self._door:
            self._door, self._at_door = key, {}
        if seen.alike not in self._at_door:
            where = tuple(key if "${" in pattern else matches(pattern, key) for pattern in seen.patterns)
            case = (seen.alike, where)
            if case not in self._at_key:
                self._at_key[case] = self._seen(seen.party, lambda statement: _is_on(statement, key), where)
            self._at_door[seen.alike] = self._at_key[case]
        return self._at_door[seen.alike]

    def _seen(self, party: Party, matters: Callable[[Statement], bool], where: Hashable) -> _Seen:
        identity = party.identity and tuple(
            found for one in party.identity if (found := _less(one, matters)).statements
        )
        boundary = party.boundary and _less(party.boundary, matters)
        party = msgspec.structs.replace(party, identity=identity, boundary=boundary)
        bounds = self._bounds(party)
        statements = (*_own(party), *bounds)
        of_bounds = where if _patterns(bounds) else ()
        case = (_described(party), _answered(party, *of_callers(statements)), of_bounds)
        return _Seen(party=party, alike=self._number(case), patterns=_patterns(statements))

    def _answer(self, party: Party, door: Door) -> Hashable:
        """How the caller answers what the key's policy asks of who calls."""
        if not (door.clauses or door.variables):
            return ()
        answers = self._answers.setdefault((door.clauses, door.variables), {})
        if party.id not in answers:
            answers[party.id] = _answered(party, door.clauses, door.variables)
        return answers[party.id]

    def _bounds(self, party: Party) -> tuple[Statement, ...]:
        levels = self._over(party).service_control or ()
        return tuple(one for level in levels for policy in level for one in policy.statements)

    def _number(self, case: Hashable) -> int:
        return self._alike.setdefault(case, len(self._alike))


def _own(party: Party) -> tuple[Statement, ...]:
    policies = (*(party.identity or ()), *((party.boundary,) if party.boundary else ()))
    return tuple(one for policy in policies for one in policy.statements)


def _less(policy: Policy, matters: Callable[[Statement], bool]) -> Policy:
    return msgspec.structs.replace(policy, statements=tuple(one for one in policy.statements if matters(one)))


def _is_of_kms(statement: Statement) -> bool:
    return statement.actions_inverse or any(map(_names_kms, statement.actions))


@lru_cache(maxsize=4096)
def _names_kms(pattern: str) -> bool:
    return any(matches(pattern, action) for action in _ACTIONS)


def _is_on(statement: Statement, key: str) -> bool:
    return statement.resources_inverse or any("${" in one or matches(one, key) for one in statement.resources)


def _patterns(statements: Iterable[Statement]) -> tuple[str, ...]:
    return tuple(sorted({pattern for statement in statements for pattern in statement.resources if pattern != "*"}))


def _described(party: Party) -> Hashable:
    """Everything of a caller that decides besides its name."""
    policies = (*(party.identity or ()), *((party.boundary,) if party.boundary else ()))
    return (
        party.kind,
        party.id if party.kind in _BY_THEMSELVES else party.account,
        party.caller.is_service_linked,
        party.identity is None,
        tuple((policy.name, policy.statements) for policy in policies),
        party.has_boundary,
        party.boundary is None,
        party.gaps,
        party.closed,
    )


def _answered(party: Party, clauses: Iterable[Clause], variables: Iterable[str]) -> Hashable:
    """How the caller answers conditions on who calls, and what it fills in."""
    known = Context(values=party.values, complete=False, closed=party.closed)
    return tuple(holds(clause, known) for clause in clauses), tuple(party.values.get(name) for name in variables)
