"""Reads baselines and joins one with those it extends. Applies nothing: `assemble` does."""

from collections.abc import Mapping
from datetime import date

import msgspec

from scanner.config.faults import Place
from scanner.config.nodes import MapNode, Node, ScalarNode
from scanner.model.finding import Severity
from scanner.rules import scalars
from scanner.rules.faults import FaultError, Faults, did_you_mean
from scanner.rules.fields import read_fields

KEYS = ("extends", "select", "params", "override", "disable", "weights")
DEFAULT = "default"
WEIGHTS: Mapping[Severity, int] = {Severity.CRITICAL: 8, Severity.HIGH: 4, Severity.MEDIUM: 2, Severity.LOW: 1}
MAX_WEIGHT = 1000


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter's value, still a node because its type is the parameter's; `baseline` is where it is set."""

    value: Node
    reason: str | None
    place: Place
    baseline: str


class SeverityOverride(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's severity in place of its own."""

    severity: Severity
    reason: str | None
    place: Place
    baseline: str


class Disable(msgspec.Struct, frozen=True, kw_only=True):
    """A rule switched off until a day."""

    reason: str
    expires: date
    place: Place
    baseline: str


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    """A baseline as written, or joined with those it extends. `select` holds guardrails and rule ids; None is all."""

    name: str
    extends: str | None
    extends_place: Place
    select: dict[str, Place] | None
    params: dict[str, Setting]
    override: dict[str, SeverityOverride]
    disable: dict[str, Disable]
    weights: dict[Severity, int]


def plain_baseline(name: str) -> Baseline:
    """Every rule as it is."""
    return Baseline(
        name=name,
        extends=None,
        extends_place=Place(1, 1, name),
        select=None,
        params={},
        override={},
        disable={},
        weights=dict(WEIGHTS),
    )


def read_baseline(node: Node, name: str, faults: Faults) -> Baseline:
    """One baseline file; faulty entries are noted and left out."""
    fields = {} if scalars.is_null(node) else read_fields(node, (), KEYS)
    extends = fields.get("extends")
    return Baseline(
        name=name,
        extends=scalars.filled_text(extends) if extends else None,
        extends_place=extends.place if extends else node.place,
        select=_select(fields["select"]) if "select" in fields else None,
        params=_settings(fields.get("params"), name, faults),
        override=_overrides(fields.get("override"), name, faults),
        disable=_disables(fields.get("disable"), name, faults),
        weights=_weights(fields.get("weights"), faults),
    )


def join(name: str, baselines: Mapping[str, Baseline], faults: Faults) -> Baseline:
    """The baseline of a name laid over those it extends, nearest first."""
    chain: list[Baseline] = []
    following: str | None = name
    while following is not None:
        if following not in baselines:
            place = chain[-1].extends_place if chain else Place(1, 1, "baseline")
            faults.add(place, f"no baseline '{following}'{did_you_mean(following, baselines)}")
            break
        if any(part.name == following for part in chain):
            faults.add(chain[-1].extends_place, f"baseline {following} extends itself")
            break
        chain.append(baselines[following])
        following = chain[-1].extends
    joined = plain_baseline(name)
    for part in reversed(chain):
        joined = msgspec.structs.replace(
            joined,
            select=joined.select if part.select is None else part.select,
            params=joined.params | part.params,
            override=joined.override | part.override,
            disable=joined.disable | part.disable,
            weights=joined.weights | part.weights,
        )
    return joined


def _entries(node: Node | None) -> tuple[tuple[ScalarNode, Node], ...]:
    return () if node is None or scalars.is_null(node) else scalars.mapping(node).entries


def _select(node: Node) -> dict[str, Place]:
    names = scalars.texts(node)
    if not names:
        raise FaultError(node.place, "expected at least one guardrail or rule id, got an empty list")
    return {name: item.place for name, item in zip(names, scalars.items(node), strict=True)}


def _settings(node: Node | None, baseline: str, faults: Faults) -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    for key, value in _entries(node):
        with faults.collect():
            found[key.text] = _setting(key.place, value, baseline)
    return found


def _setting(place: Place, node: Node, baseline: str) -> Setting:
    if not isinstance(node, MapNode):
        return Setting(value=node, reason=None, place=place, baseline=baseline)
    fields = read_fields(node, ("value",), ("reason",))
    return Setting(value=fields["value"], reason=_reason(fields), place=place, baseline=baseline)


def _reason(fields: Mapping[str, Node]) -> str | None:
    return scalars.filled_text(fields["reason"], "a reason") if "reason" in fields else None


def _overrides(node: Node | None, baseline: str, faults: Faults) -> dict[str, SeverityOverride]:
    found: dict[str, SeverityOverride] = {}
    for key, value in _entries(node):
        with faults.collect():
            fields = read_fields(value, ("severity",), ("reason",))
            severity = scalars.choice(fields["severity"], Severity)
            found[scalars.filled_text(key)] = SeverityOverride(
                severity=severity, reason=_reason(fields), place=key.place, baseline=baseline
            )
    return found


def _disables(node: Node | None, baseline: str, faults: Faults) -> dict[str, Disable]:
    found: dict[str, Disable] = {}
    for item in () if node is None else scalars.items(node):
        with faults.collect():
            fields = read_fields(item, ("rule", "reason", "expires"))
            rule = scalars.filled_text(fields["rule"])
            if rule in found:
                raise FaultError(fields["rule"].place, f"rule {rule} is disabled twice")
            found[rule] = Disable(
                reason=scalars.filled_text(fields["reason"]),
                expires=scalars.day(fields["expires"]),
                place=fields["rule"].place,
                baseline=baseline,
            )
    return found


def _weights(node: Node | None, faults: Faults) -> dict[Severity, int]:
    found: dict[Severity, int] = {}
    for key, value in _entries(node):
        with faults.collect():
            weight = scalars.integer(value)
            if not 0 <= weight <= MAX_WEIGHT:
                raise FaultError(value.place, f"expected a weight from 0 to {MAX_WEIGHT}, got {weight}")
            found[scalars.choice(key, Severity)] = weight
    if node is not None and len(found) == len(Severity) and not any(found.values()):
        faults.add(node.place, "expected at least one weight above 0: a score without weights counts nothing")
    return found
