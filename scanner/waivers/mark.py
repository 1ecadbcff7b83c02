"""Marks findings with waivers, accepted unknowns and the day they were first seen. Never changes a verdict."""

from collections import Counter
from datetime import date

import msgspec

from scanner.model.finding import Finding, Subject, Verdict, WaiverMark
from scanner.model.report import Previous, UnreadGroup, WaiverResult
from scanner.model.unknown import Unknown
from scanner.model.verdicts import Verdicts
from scanner.rules.findings import Judged
from scanner.rules.ruleset import Rule, RuleSet
from scanner.waivers.apply import accept, results, waive
from scanner.waivers.schema import WaiverFile


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """All judgements, sorted by rule and subject, with what people decided about them."""

    findings: tuple[Finding, ...]
    verdicts: Verdicts
    unread: tuple[UnreadGroup, ...]
    waivers: tuple[WaiverResult, ...]
    ruled_out: dict[str, dict[str, int]]


def mark(judged: Judged, file: WaiverFile, rules: RuleSet, previous: Previous | None, as_of: date) -> Marked:
    """Applies the waivers file; `previous` gives the day a finding with the same verdict was first seen."""
    by_id = {rule.id: rule for rule in rules.rules}
    used: Counter[str] = Counter()
    findings = sorted(
        (_marked(finding, by_id[finding.rule], file, previous, as_of) for finding in judged.findings),
        key=lambda finding: (finding.rule, finding.subject.id),
    )
    used.update(finding.waiver.id for finding in findings if finding.waiver)
    unread = tuple(
        msgspec.structs.replace(group, accepted=accept(file, group.unknown, group.subject, as_of))
        for group in sorted(judged.unread, key=lambda group: (group.unknown.call, group.subject.id, group.group))
    )
    used.update(group.accepted for group in unread if group.accepted)
    waived = {(finding.rule, finding.subject.id) for finding in findings if finding.waived}
    return Marked(
        findings=tuple(findings),
        verdicts=Verdicts(tables=judged.verdicts, waived=frozenset(waived)),
        unread=unread,
        waivers=results(file, used, as_of),
        ruled_out=judged.ruled_out,
    )


def _marked(finding: Finding, rule: Rule, file: WaiverFile, previous: Previous | None, as_of: date) -> Finding:
    before = previous.findings.get(finding.fingerprint) if previous else None
    if before and before.verdict is finding.verdict:
        finding = msgspec.structs.replace(finding, first_seen=before.first_seen)
    if finding.verdict is Verdict.UNKNOWN:
        return msgspec.structs.replace(finding, accepted=_accepted(file, finding.unread, finding.subject, as_of))
    outcome = waive(file, rule, finding.subject, as_of)
    if outcome is None:
        return finding
    if isinstance(outcome, WaiverMark):
        return msgspec.structs.replace(finding, waived=True, waiver=outcome)
    note = f"Waiver {outcome.id} expired on {outcome.expires.isoformat()}; the fail counts again."
    return msgspec.structs.replace(finding, notes=(*finding.notes, note))


def _accepted(file: WaiverFile, unread: tuple[Unknown, ...], subject: Subject, as_of: date) -> str | None:
    """The entries that together accept everything the verdict is waiting for, or None when one is missing."""
    entries = [accept(file, unknown, subject, as_of) for unknown in unread]
    accepting = sorted({entry for entry in entries if entry})
    return ", ".join(accepting) if accepting and None not in entries else None
