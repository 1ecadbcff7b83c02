"""What changed since the previous pack: new, fixed, still open, or not seen again. Judges nothing."""

from collections.abc import Sequence

from scanner.model.finding import Finding, Subject, SubjectKind, Verdict
from scanner.model.report import Changes, Population, Previous, PreviousFinding
from scanner.model.scope import ScopeStatus
from scanner.model.unknown import Unknown
from scanner.model.verdicts import Verdicts

_CLOSED = (Verdict.PASS, Verdict.NOT_APPLICABLE)


def compare(findings: Sequence[Finding], verdicts: Verdicts, population: Population, previous: Previous) -> Changes:
    """Sorts this run's fails and the previous ones into what is new, open, fixed and unseen."""
    fails = [finding for finding in findings if finding.verdict is Verdict.FAIL]
    now = {finding.fingerprint for finding in fails}
    before = {mark: old for mark, old in previous.findings.items() if old.verdict is Verdict.FAIL}
    gone = sorted((old for mark, old in before.items() if mark not in now), key=lambda old: (old.rule, old.subject.id))
    fixed = _fixed(gone, verdicts, population)
    return Changes(
        new=tuple(finding for finding in fails if finding.fingerprint not in before),
        open=tuple(finding for finding in fails if finding.fingerprint in before),
        fixed=tuple(old for old in gone if old.fingerprint in fixed),
        unseen=tuple(old for old in gone if old.fingerprint not in fixed),
    )


def _fixed(gone: Sequence[PreviousFinding], verdicts: Verdicts, population: Population) -> set[str]:
    """Fingerprints of previous fails that are certainly none now.

    A fail whose rule is not applied any more is not fixed, nor is one whose subject is missing from a scope that was
    not listed to its end.
    """
    wanted = {(old.rule, old.subject.id) for old in gone}
    rules, subjects = verdicts.rules(), verdicts.subjects()
    rows = {pair: row.verdict for row in verdicts if (pair := (row.rule, row.subject)) in wanted} if wanted else {}
    listed = _listed_scopes(population)
    fixed = set()
    for old in gone:
        verdict = rows.get((old.rule, old.subject.id))
        vanished = old.rule in rules and old.subject.id not in subjects and _is_gone(old.subject, listed)
        if verdict in _CLOSED or vanished:
            fixed.add(old.fingerprint)
    return fixed


def _listed_scopes(population: Population) -> set[tuple[str, str, str | None]]:
    return {
        (row.scope.provider, row.scope.account, row.scope.region)
        for row in population.rows
        if row.scope.status is ScopeStatus.SCANNED and not isinstance(row.scope.keys, Unknown)
    }


def _is_gone(subject: Subject, listed: set[tuple[str, str, str | None]]) -> bool:
    """A key is gone when its scope was listed to its end without it; a scope is never gone, only unseen."""
    return subject.kind is SubjectKind.KEY and (subject.provider, subject.account, subject.region) in listed
