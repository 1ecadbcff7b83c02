"""The values that the PDF and the HTML report print, computed once for both. Judges nothing and knows no markup."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from scanner.model.finding import Subject
from scanner.model.kpi import Kpi
from scanner.model.report import ControlResult, ControlStatus, Framework, KeyRow, Report
from scanner.outputs.limitations import limitations
from scanner.outputs.sentences import UnreadCall, changes_sentence, report_number, unread_calls
from scanner.outputs.view_cards import Cards, cards
from scanner.outputs.view_changes import ChangeGroup, change_groups
from scanner.outputs.view_clouds import CloudsView, clouds
from scanner.outputs.view_cover import chain, long_moment, scope, verdict
from scanner.outputs.view_population import (
    AccountRows,
    account_rows,
    accuracy,
    identities,
)
from scanner.outputs.view_rules import GuardrailView, Names, guardrail_views, names_by_place
from scanner.outputs.view_summary import (
    Decision,
    SeverityRow,
    Tile,
    decisions,
    not_computable,
    plot_floor,
    severity_rows,
    tiles,
)

REGISTER_ROWS = 150
"""Keys the register prints as a table; a longer one names them run-in, since each cell costs time and paper."""

REGISTER_NAMES = 1_500
"""Keys the register names at most; a longer one counts them by state and place."""


NEW_NAMED = 40
"""New fails of one rule that the comparison names; section 4 names them all."""


class FrameworkView(msgspec.Struct, frozen=True, kw_only=True):
    """A framework with the controls that rules test, and the ids of those that none does."""

    framework: Framework
    tested: tuple[ControlResult, ...]
    manual: tuple[str, ...]


class RegisterGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Keys of one state, named by place."""

    state: str
    count: int
    places: tuple[Names, ...]
    counts: tuple[tuple[str, int], ...]


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the two report templates print besides the report itself."""

    number: str
    subtitle: str
    verdict: tuple[str, ...]
    changed: str
    scope: str
    chain: str
    identities: tuple[str, ...]
    tiles: tuple[Tile, ...]
    not_computable: tuple[Kpi, ...]
    plot_floor: int
    severities: tuple[SeverityRow, ...]
    severity_scale: int
    new: tuple[ChangeGroup, ...]
    fixed: tuple[ChangeGroup, ...]
    unseen: tuple[ChangeGroup, ...]
    decisions: tuple[Decision, ...]
    accounts: tuple[AccountRows, ...]
    unread: tuple[UnreadCall, ...]
    accuracy: tuple[tuple[str, str], ...]
    limitations: tuple[str, ...]
    guardrails: tuple[GuardrailView, ...]
    cards: Cards
    clouds: CloudsView | None
    frameworks: tuple[FrameworkView, ...]
    register: tuple[KeyRow, ...]
    register_groups: tuple[RegisterGroup, ...]


def view(report: Report) -> View:
    """Arranges a report for print."""
    short = len(report.keys) <= REGISTER_ROWS
    severities, changes = severity_rows(report), report.changes
    return View(
        number=report_number(report),
        subtitle=f"As at {long_moment(report)}",
        verdict=verdict(report),
        changed=changes_sentence(report),
        scope=scope(report),
        chain=chain(report),
        identities=identities(report.header),
        tiles=tiles(report),
        not_computable=not_computable(report),
        plot_floor=plot_floor(report),
        severities=severities,
        severity_scale=max(row.fail for row in severities) or 1,
        new=change_groups(changes.new if changes else (), NEW_NAMED),
        fixed=change_groups(changes.fixed if changes else ()),
        unseen=change_groups(changes.unseen if changes else ()),
        decisions=decisions(report),
        accounts=account_rows(report.population.rows),
        unread=unread_calls(report.unread),
        accuracy=accuracy(report),
        limitations=limitations(report),
        guardrails=guardrail_views(report),
        cards=cards(report),
        clouds=clouds(report),
        frameworks=tuple(map(_framework, report.frameworks)),
        register=report.keys if short else (),
        register_groups=() if short else _register_groups(report.keys),
    )


def _framework(framework: Framework) -> FrameworkView:
    return FrameworkView(
        framework=framework,
        tested=tuple(result for result in framework.controls if result.status is not ControlStatus.MANUAL),
        manual=tuple(result.control.id for result in framework.controls if result.status is ControlStatus.MANUAL),
    )


def _register_groups(keys: tuple[KeyRow, ...]) -> tuple[RegisterGroup, ...]:
    by_state: dict[str, list[Subject]] = defaultdict(list)
    for key in keys:
        by_state[key.state].append(key.subject)
    return tuple(_register_group(state, found, len(keys)) for state, found in sorted(by_state.items()))


def _register_group(state: str, subjects: Sequence[Subject], total: int) -> RegisterGroup:
    places = names_by_place(subjects)
    return RegisterGroup(
        state=state,
        count=len(subjects),
        places=places if total <= REGISTER_NAMES else (),
        counts=tuple((group.place, len(group.names)) for group in places),
    )
