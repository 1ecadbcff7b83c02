"""The score: how much of what was judged passed, as a range over what is unknown. Judges nothing."""

from collections.abc import Iterable

from scanner.model.report import Counts, Score

UNKNOWN_LIMIT = 0.20
"""More unknown than this share of pass + fail + unknown makes a score not computable."""


def add(counts: Iterable[Counts]) -> Counts:
    """The sum of counts."""
    rows = tuple(counts)
    return Counts(
        passed=sum(row.passed for row in rows),
        fail=sum(row.fail for row in rows),
        unknown=sum(row.unknown for row in rows),
        not_applicable=sum(row.not_applicable for row in rows),
        waived=sum(row.waived for row in rows),
    )


def score(weighted: Iterable[tuple[int, Counts]]) -> Score:
    """Pass / (pass + fail) in percent, rules weighted by severity; waived fails count as fails.

    `lowest` counts every unknown as a fail and `highest` as a pass. Not computable when nothing was judged or when
    more than a fifth (unweighted) is unknown.
    """
    rows = tuple(weighted)
    plain = add(counts for _, counts in rows)
    considered = plain.passed + plain.fail + plain.unknown
    if considered == 0:
        return _not_computable("nothing to judge")
    if plain.unknown > UNKNOWN_LIMIT * considered:
        return _not_computable(f"{plain.unknown} of {considered} verdicts are unknown, more than {UNKNOWN_LIMIT:.0%}")
    passed = sum(weight * counts.passed for weight, counts in rows)
    failed = sum(weight * counts.fail for weight, counts in rows)
    unknown = sum(weight * counts.unknown for weight, counts in rows)
    if passed + failed == 0:
        return _not_computable("the weights leave nothing to count")
    return Score(
        value=percent(passed, passed + failed),
        lowest=percent(passed, passed + failed + unknown),
        highest=percent(passed + unknown, passed + failed + unknown),
        reason=None,
    )


def percent(part: int, whole: int) -> float:
    """Rounded to one decimal, but never to 100 while something is missing nor to 0 while something is there."""
    rounded = round(100 * part / whole, 1)
    if rounded == 100.0 and part < whole:  # noqa: PLR2004 (percent)
        return 99.9
    return 0.1 if rounded == 0.0 and part > 0 else rounded


def _not_computable(reason: str) -> Score:
    return Score(value=None, lowest=None, highest=None, reason=reason)
