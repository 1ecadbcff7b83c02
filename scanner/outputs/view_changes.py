"""What is new, fixed or unseen since the previous pack, grouped by rule for print. Compares nothing itself."""

import math
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from scanner.model.finding import Finding, Severity
from scanner.model.report import PreviousFinding
from scanner.outputs.view_cards import SEVERITY_ORDER
from scanner.outputs.view_rules import Names, names_by_place


class ChangeGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The subjects of one rule; `places` is empty when they are named elsewhere."""

    rule: str
    title: str
    severity: Severity
    count: int
    places: tuple[Names, ...]


def change_groups(findings: Iterable[Finding | PreviousFinding], named: float = math.inf) -> tuple[ChangeGroup, ...]:
    """The findings by rule, gravest rule first; groups of more than `named` subjects are counted, not named."""
    by_rule: dict[str, list[Finding | PreviousFinding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.rule].append(finding)
    ordered = sorted(by_rule.values(), key=lambda group: (SEVERITY_ORDER[group[0].severity], group[0].rule))
    return tuple(
        ChangeGroup(
            rule=group[0].rule,
            title=group[0].title,
            severity=group[0].severity,
            count=len(group),
            places=names_by_place(finding.subject for finding in group) if len(group) <= named else (),
        )
        for group in ordered
    )
