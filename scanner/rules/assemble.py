"""Makes rules of drafts: binds parameters, checks conditions against the facts, applies the baseline. Opens no file."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from scanner.config.nodes import MapNode
from scanner.model.finding import Severity, Verdict
from scanner.rules.baseline import Baseline, Setting, SeverityOverride
from scanner.rules.conditions import Condition, Value, sources
from scanner.rules.faults import FaultError, Faults, did_you_mean
from scanner.rules.grammar import Where, read_block
from scanner.rules.literals import Context, Lists
from scanner.rules.occurs import possible_verdicts
from scanner.rules.params import Param, ParamType, find_param, is_looser, read_value
from scanner.rules.placeholders import SUBJECT, placeholders
from scanner.rules.rule_file import Draft
from scanner.rules.ruleset import Rule
from scanner.rules.shape import subject_shape
from scanner.rules.wording import printed

SEVERITIES = tuple(Severity)


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What all rules of a run share: parameters by pack, effective values, named lists, baseline."""

    faults: Faults
    params: Mapping[str, Mapping[str, Param]]
    values: Mapping[str, Value]
    lists: Lists
    declared: Mapping[str, tuple[str, ...]]
    baseline: Baseline
    demanding: frozenset[str]


class Conditions(msgspec.Struct, frozen=True):
    """The two halves of a rule, for one set of parameter values."""

    when: Condition | None
    require: Condition

    def sources(self) -> dict[str, Value]:
        """The literals that came from parameters and named lists."""
        return sources(self.require) | (sources(self.when) if self.when is not None else {})


def effective_values(params: Mapping[str, Param], baseline: Baseline, faults: Faults) -> dict[str, Value]:
    """Every parameter's value under a baseline; loosening without a reason is noted."""
    values = {name: param.default for name, param in params.items()}
    for name, setting in baseline.params.items():
        with faults.collect():
            values[name] = _set(find_param(name, params, setting.place), setting)
    return values


def _set(param: Param, setting: Setting) -> Value:
    value = read_value(param, setting.value)
    if is_looser(param, value) and setting.reason is None:
        raise FaultError(
            setting.place,
            f"{param.name} {printed(value)} is looser than {printed(param.default)}; expected a reason: "
            f"{{value: {printed(value)}, reason: ...}}",
        )
    return value


def assemble(draft: Draft, frame: Frame) -> Rule | None:
    """The rule of a draft as it is applied, or None after noting its faults."""
    before = len(frame.faults)
    params = {**frame.params[draft.source.pack], **draft.params}
    defaults = {name: param.default for name, param in params.items()}
    lists: dict[str, tuple[str, ...]] = dict.fromkeys((*frame.lists, *frame.declared[draft.source.pack]), ())
    own = _conditions(draft, params, defaults, (lists, frame.faults))
    effective = _conditions(draft, params, frame.values, ({**lists, **frame.lists}, frame.faults))
    if own is None or effective is None:
        return None
    used = _used(draft, params, own, frame.faults)
    severity, changes = _severity(draft, frame)
    _check_tests(draft, effective, frame)
    if len(frame.faults) > before:
        return None
    return Rule(
        id=draft.id,
        title=draft.title,
        guardrail=draft.guardrail,
        subject=draft.subject,
        severity=severity,
        status=draft.status,
        aliases=draft.aliases,
        params={name: printed(frame.values[name]) for name in used},
        values={name: frame.values[name] for name in used},
        defaults=own.sources(),
        controls=draft.controls.ids,
        when=effective.when,
        require=effective.require,
        rationale=draft.rationale,
        remediation={provider: fix.text for provider, fix in draft.remediation.items()},
        waiver=draft.waiver,
        tests=draft.tests,
        file=f"policies/{draft.source.file}",
        text=draft.source.text,
        line=draft.place.line,
        changes=(*changes, *_param_changes(used, params, frame)),
    )


def _conditions(
    draft: Draft, params: Mapping[str, Param], values: Mapping[str, Value], rest: tuple[Lists, Faults]
) -> Conditions | None:
    """Both halves, or None when `require` is missing or faulty."""
    lists, faults = rest
    where = Where(subject_shape(draft.subject))
    context = Context(faults=faults, params=params, values=values, lists=lists)

    def read(node: MapNode | None) -> Condition | None:
        return None if node is None else faults.attempt(lambda: read_block(node, where, context), None)

    when, require = read(draft.when), read(draft.require)
    return None if require is None else Conditions(when, require)


def _used(draft: Draft, params: Mapping[str, Param], own: Conditions, faults: Faults) -> tuple[str, ...]:
    """The parameters a rule uses, sorted; notes unknown placeholders and parameters defined in vain."""
    used = {source[1:] for source in own.sources() if source.startswith("$")}
    for fix in draft.remediation.values():
        for name, unit in placeholders(fix.text):
            if name not in params and name not in SUBJECT:
                hint = did_you_mean(name, (*params, *SUBJECT))
                faults.add(fix.place, f"no placeholder {{{name}}}{hint}")
            elif unit and (name not in params or params[name].type is not ParamType.DURATION):
                faults.add(fix.place, f"{{{name}.{unit}}} needs a parameter of type duration")
            elif name in params:
                used.add(name)
    for name, param in draft.params.items():
        if name not in used:
            faults.add(param.place, f"parameter '{name}' is not used; refer to it as ${name}")
    return tuple(sorted(used))


def _severity(draft: Draft, frame: Frame) -> tuple[Severity, tuple[str, ...]]:
    names = (draft.id, *draft.aliases)
    override = next((frame.baseline.override[name] for name in names if name in frame.baseline.override), None)
    if override is None or override.severity is draft.severity:
        return draft.severity, ()
    lower = SEVERITIES.index(override.severity) > SEVERITIES.index(draft.severity)
    if lower and override.reason is None:
        frame.faults.add(
            override.place,
            f"{draft.id} as {override.severity} is looser than {draft.severity}; expected a reason: "
            f"{{severity: {override.severity}, reason: ...}}",
        )
    return override.severity, (f"Severity is {override.severity} instead of {draft.severity} {_by(override)}.",)


def _param_changes(used: Iterable[str], params: Mapping[str, Param], frame: Frame) -> tuple[str, ...]:
    return tuple(
        f"{name} is {printed(frame.values[name])} instead of {printed(params[name].default)} "
        f"{_by(frame.baseline.params[name])}."
        for name in used
        if frame.values[name] != params[name].default
    )


def _by(deviation: Setting | SeverityOverride) -> str:
    return f"(baseline {deviation.baseline}{f': {deviation.reason}' if deviation.reason else ''})"


def _check_tests(draft: Draft, conditions: Conditions, frame: Frame) -> None:
    """In a pack that requires tests, every verdict a rule can give has one."""
    missing = missing_verdicts(draft, conditions) if draft.source.pack in frame.demanding else ()
    if missing:
        frame.faults.add(
            draft.place, f"rule {draft.id} needs a test that expects {' and one that expects '.join(missing)}"
        )


def missing_verdicts(rule: Draft | Rule, conditions: Conditions) -> Sequence[Verdict]:
    """The verdicts a rule can give that none of its tests expects."""
    possible = possible_verdicts(conditions.when, conditions.require, subject_shape(rule.subject))
    expected = {test.expect for test in rule.tests}
    return [verdict for verdict in Verdict if verdict in possible and verdict not in expected]
