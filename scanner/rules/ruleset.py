"""Rules as they are applied, with all that a reader or a replay needs. Reads no file."""

from collections.abc import Mapping
from datetime import date

import msgspec

from scanner.facts.subjects import SubjectFacts
from scanner.model.finding import Guardrail, Severity, SubjectKind, Verdict
from scanner.model.report import Control, PolicyPack
from scanner.rules.conditions import Condition, Value


class WaiverBounds(msgspec.Struct, frozen=True, kw_only=True):
    """What a waiver of a rule must have: at most so many days, at least so many approvers."""

    allowed: bool = True
    max_days: int = 180
    approvers: int = 1


class RuleTest(msgspec.Struct, frozen=True, kw_only=True):
    """One situation with the verdict it must give; `because` must stand in one printed reason."""

    name: str
    facts: SubjectFacts
    expect: Verdict
    because: str | None
    lists: dict[str, tuple[str, ...]]
    line: int


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule with its effective severity and literals.

    `file` is its path in an evidence pack, `text` its source, `line` that of its id. `params` are the printed values
    of the parameters it uses, `values` the same as values, `defaults` its own values before any baseline and with
    no named list filled, by source (`$max_rotation`, `@trusted_accounts`): its tests run with those. `changes` are
    the baseline's deviations, a sentence each.
    """

    id: str
    title: str
    guardrail: Guardrail
    subject: SubjectKind
    severity: Severity
    status: str
    aliases: tuple[str, ...]
    params: dict[str, str]
    values: dict[str, Value]
    defaults: dict[str, Value]
    controls: dict[str, tuple[str, ...]]
    when: Condition | None
    require: Condition
    rationale: str
    remediation: dict[str, str]
    waiver: WaiverBounds
    tests: tuple[RuleTest, ...]
    file: str
    text: str
    line: int
    changes: tuple[str, ...]


class FrameworkCatalogue(msgspec.Struct, frozen=True, kw_only=True):
    """A framework in one version with its controls, their source and the day the ids were checked."""

    id: str
    title: str
    source: str
    checked: date
    controls: tuple[Control, ...]


class DisabledRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that the baseline switches off until a day, with the reason; `rule` is as it would be applied."""

    rule: Rule
    reason: str
    expires: date


class RuleSet(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of a run, sorted by id.

    `files` holds everything needed to load it again, by path inside an evidence pack's policies folder. `disabled`
    are the rules the baseline switches off, `unselected` the ids of those it does not select.
    """

    pack: PolicyPack
    rules: tuple[Rule, ...]
    frameworks: tuple[FrameworkCatalogue, ...]
    files: dict[str, bytes]
    disabled: tuple[DisabledRule, ...] = ()
    unselected: tuple[str, ...] = ()


def in_force(rules: RuleSet, as_of: date) -> RuleSet:
    """The set on a day: a rule whose switching off has expired judges again, and says so."""
    back = [
        msgspec.structs.replace(
            off.rule,
            changes=(*off.rule.changes, f"Disabled until {off.expires.isoformat()} ({off.reason}); in force again."),
        )
        for off in rules.disabled
        if off.expires < as_of
    ]
    return msgspec.structs.replace(
        rules,
        rules=tuple(sorted((*rules.rules, *back), key=lambda rule: rule.id)),
        disabled=tuple(off for off in rules.disabled if off.expires >= as_of),
    )


def left_out(rules: RuleSet) -> tuple[str, ...]:
    """What the baseline does not let judge, a sentence each."""
    name = rules.pack.baseline
    unselected = f"Baseline {name} does not select {', '.join(rules.unselected)}."
    off = (
        f"{item.rule.id} is disabled until {item.expires.isoformat()} (baseline {name}: {item.reason})."
        for item in rules.disabled
    )
    return (*((unselected,) if rules.unselected else ()), *off)


def by_name(rules: RuleSet) -> Mapping[str, Rule]:
    """Every rule under its id and under the ids it had before."""
    return {name: rule for rule in rules.rules for name in (*rule.aliases, rule.id)}
