"""Decisions of one caller at one key, folded into a cell for each class of action. Knows no other caller."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from scanner.facts.access.aws import CROSS_ACCOUNT, Asked, Decision, Layers, Result, Step, decide
from scanner.facts.access.classes import AWS, AWS_WITHOUT_KEY_ARN
from scanner.facts.access.context import Context
from scanner.facts.access.doors import Door
from scanner.facts.access.dormant import while_dormant
from scanner.facts.access.grants import CONSTRAINED, GRANTABLE
from scanner.facts.access.organisations import Bounds
from scanner.facts.access.parties import Party
from scanner.facts.access.policies import Policy, Statement
from scanner.facts.access.truth import NeedKind
from scanner.facts.glob import matches
from scanner.model.effective import AccessCell, ActionClass, CellState, PathStep, PrincipalKind

Cells = Mapping[ActionClass, AccessCell]
Decisions = Mapping[str, Decision]

NONE = AccessCell(state=CellState.NONE)
_ACTIONS = tuple(name for name in AWS if name not in AWS_WITHOUT_KEY_ARN)
_STATES: Mapping[Result, CellState] = {
    Result.ALLOW: CellState.ALWAYS,
    Result.CONDITIONAL: CellState.CONDITIONAL,
    Result.UNKNOWN: CellState.UNKNOWN,
    Result.DENY: CellState.NONE,
}
_STRENGTH = tuple(CellState)
POWERS = ("PutKeyPolicy", "CreateGrant")
_OF_SERVICES_ABSENT = (
    *("aws:principalorg", "aws:principaltag/", "aws:principalarn", "aws:principalaccount", "aws:username"),
    "aws:userid",
)


class Extra(msgspec.Struct, frozen=True, kw_only=True):
    """What is supposed of a request besides what caller and key fix."""

    values: Mapping[str, tuple[str, ...]] = {}
    absent: frozenset[str] = frozenset()


NOTHING_MORE = Extra()


def layers_of(party: Party, door: Door, bounds: Bounds) -> Layers:
    """Every policy that has a say when this caller comes to this key."""
    return Layers(
        key_policy=door.policy,
        identity=party.identity,
        identity_gaps=party.gaps,
        boundary=party.boundary,
        has_boundary=party.has_boundary,
        service_control=bounds.service_control,
        resource_control=door.bounds.resource_control,
        grants=door.grants,
        endpoints=door.gates.endpoints,
    )


def request_of(party: Party, door: Door, bounds: Bounds, extra: Extra = NOTHING_MORE) -> Context:
    """What is known of any request of this caller to this key."""
    service = party.kind is PrincipalKind.SERVICE
    own, closed, unread = _of_organisation(bounds)
    return Context(
        values={**party.values, **({} if service else own), **door.values, **extra.values},
        complete=False,
        absent=extra.absent,
        closed=(*party.closed, *door.closed, *(_OF_SERVICES_ABSENT if service else closed)),
        unread=(*door.unread, *(() if service else unread)),
    )


def _of_organisation(bounds: Bounds) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...], tuple[str, ...]]:
    """What the caller's organisation fixes of a request: values, what is absent, what was not read."""
    if bounds.is_strange:
        return {}, (), ()
    if bounds.organisation is None:
        return (
            {},
            (("aws:principalorg",) if bounds.is_placed else ()),
            (() if bounds.is_placed else ("aws:principalorg",)),
        )
    values: dict[str, tuple[str, ...]] = {"aws:principalorgid": (bounds.organisation,)}
    if bounds.path is not None:
        values["aws:principalorgpaths"] = (bounds.path,)
    return values, (), ("aws:principalorgpaths",)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller may do at a key: its cells, and the decisions on the two actions that hand on rights."""

    cells: Cells
    powers: Decisions


def standing(party: Party, door: Door, bounds: Bounds) -> Standing:
    """What the caller may do at the key."""
    found = decisions(party, door, bounds)
    return Standing(cells=fold(found, AWS), powers={name: found[name] for name in POWERS})


def decisions(party: Party, door: Door, bounds: Bounds, extra: Extra = NOTHING_MORE) -> Decisions:
    """The decision on every action that the key can do, each kind of action evaluated once."""
    layers, request = layers_of(party, door, bounds), request_of(party, door, bounds, extra)
    found: dict[str, Decision] = {}
    for alike in _alike(frozenset(_patterns(layers)), _operations(layers)):
        names = [name for name in alike if name not in door.unused]
        if names:
            asked = Asked(
                caller=party.caller, action=f"kms:{names[0]}", key=door.id, account=door.account, request=request
            )
            decision = decide(layers, asked)
            found.update(dict.fromkeys(names, decision))
    return while_dormant(found, door.dormant)


def _patterns(layers: Layers) -> Iterable[tuple[str, ...]]:
    """What every statement with a say writes about actions."""
    levels = (*(layers.service_control or ()), *(layers.resource_control or ()))
    through = (endpoint.policy for endpoint in layers.endpoints)
    own = [policy for policy in (layers.key_policy, layers.boundary, *through) if policy is not None]
    for policy in (*own, *(layers.identity or ()), *(policy for level in levels for policy in level)):
        yield from (statement.actions for statement in policy.statements)


def _operations(layers: Layers) -> frozenset[frozenset[str]]:
    return frozenset(grant.operations for grant in layers.grants or ())


@lru_cache(maxsize=4096)
def _alike(patterns: frozenset[tuple[str, ...]], grants: frozenset[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    """The actions in groups that no statement, grant or rule of AWS can tell apart."""
    order = sorted(patterns)
    granted = sorted(map(sorted, grants))
    groups: dict[tuple[object, ...], list[str]] = {}
    for name in _ACTIONS:
        full = f"kms:{name}".lower()
        told = tuple(any(matches(pattern, full) for pattern in texts) for texts in order)
        by_grant = tuple(name.lower() in operations for operations in granted)
        fixed = (full in CROSS_ACCOUNT, full in CONSTRAINED, full in GRANTABLE, name == "RetireGrant")
        groups.setdefault((told, by_grant, fixed), []).append(name)
    return tuple(map(tuple, groups.values()))


def fold(found: Decisions, classes: Mapping[str, ActionClass]) -> Cells:
    """A cell for each class of which anything is allowed or cannot be ruled out."""
    by_class: dict[ActionClass, list[tuple[str, Decision]]] = {}
    for name, decision in found.items():
        if decision.result is not Result.DENY:
            by_class.setdefault(classes[name], []).append((name, decision))
    return {kind: _cell(by_class[kind]) for kind in ActionClass if kind in by_class}


def cell_of(found: Decisions) -> AccessCell:
    """One cell for these decisions."""
    some = [(name, decision) for name, decision in found.items() if decision.result is not Result.DENY]
    return _cell(some) if some else NONE


def _cell(found: list[tuple[str, Decision]]) -> AccessCell:
    best = min((_STATES[decision.result] for _, decision in found), key=_STRENGTH.index)
    strongest = [(name, decision) for name, decision in found if _STATES[decision.result] is best]
    first = strongest[0][1]
    return AccessCell(
        state=best,
        actions=tuple(sorted(name for name, _ in strongest)),
        conditions=_needs((first,), NeedKind.REQUEST),
        missing=_needs((decision for _, decision in found), NeedKind.DATA),
        why=tuple(map(path_step, first.why)),
    )


def _needs(found: Iterable[Decision], kind: NeedKind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(need.text for decision in found for need in decision.needs if need.kind is kind))


def path_step(step: Step) -> PathStep:
    """A step of a decision in the words of the report."""
    return PathStep(layer=step.layer, label=step.label, effect=step.effect)


def statements_of(policies: Iterable[Policy]) -> Iterable[Statement]:
    """The statements of policies one after another."""
    return (statement for policy in policies for statement in policy.statements)
