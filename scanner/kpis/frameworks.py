"""Each control of each framework with the joint result of the rules that test it. Judges nothing."""

from collections.abc import Iterable, Sequence

from scanner.kpis.score import add
from scanner.model.report import Control, ControlResult, ControlStatus, Counts, Framework, RuleResult
from scanner.rules.ruleset import FrameworkCatalogue


def control_results(catalogues: Iterable[FrameworkCatalogue], rules: Sequence[RuleResult]) -> tuple[Framework, ...]:
    """Every catalogued control, in catalogue order; one that no applied rule tests is `manual`."""
    return tuple(
        Framework(
            id=catalogue.id,
            title=catalogue.title,
            source=catalogue.source,
            checked=catalogue.checked,
            controls=tuple(_result(control, rules) for control in catalogue.controls),
        )
        for catalogue in catalogues
    )


def _result(control: Control, rules: Sequence[RuleResult]) -> ControlResult:
    testing = [rule for rule in rules if control.id in rule.controls.get(control.framework, ())]
    counts = add(rule.counts for rule in testing)
    status = _status(counts) if testing else ControlStatus.MANUAL
    return ControlResult(control=control, rules=tuple(rule.id for rule in testing), status=status, counts=counts)


def _status(counts: Counts) -> ControlStatus:
    """A fail beats an unknown, an unknown beats a pass; a waived fail is still a fail."""
    if counts.fail:
        return ControlStatus.FAIL
    if counts.unknown:
        return ControlStatus.UNKNOWN
    return ControlStatus.PASS if counts.passed else ControlStatus.NOT_APPLICABLE
