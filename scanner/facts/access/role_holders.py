"""The facts of access where roles decide, as far as Google Cloud and Azure share them. Judges nothing."""

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from scanner.facts.access.cells import Cells
from scanner.facts.access.site import Caller
from scanner.facts.access.wording import way_text
from scanner.facts.kleene import Truth
from scanner.facts.subjects.access import HolderFacts
from scanner.model.effective import CellState, PrincipalKind
from scanner.model.unknown import Unknown

SINGLE = frozenset({PrincipalKind.USER, PrincipalKind.WORKLOAD, PrincipalKind.FEDERATED})
"""Kinds of which one is one."""


def certain(ours: Truth, cells: Cells, doubt: Unknown) -> Truth:
    """Whose somebody is, as far as it matters: of a stranger who may have no access at all nothing is said."""
    shown = any(
        cell.state is not CellState.UNKNOWN or (cell.step is not None and not cell.step.missing)
        for cell in cells.values()
    )
    return ours if shown or ours is not False else doubt


def unread_holder(caller: Caller, doubt: Unknown) -> HolderFacts:
    """Whoever was given something where nobody could look: everything about them is open."""
    return HolderFacts(
        principal=caller.id,
        size=1,
        way="",
        kind=caller.kind,
        account=caller.account,
        ours=doubt,
        uses=doubt,
        decides=doubt,
        changes_policy=doubt,
        steps_to_use=doubt,
        steps_to_decide=doubt,
        broad=doubt,
        without_mfa=None,
        outside_endpoint=doubt,
        idle=None,
        hidden=doubt,
        purges=doubt,
    )


def grouped(found: Iterable[tuple[HolderFacts, Cells]]) -> Iterator[HolderFacts]:
    """One holder for all to whom the same applies, by the first name and with its way."""
    groups: dict[HolderFacts, dict[str, Cells]] = {}
    for holder, cells in found:
        groups.setdefault(replace(holder, principal="", size=0), {})[holder.principal] = cells
    for holder, names in sorted(groups.items(), key=lambda item: min(item[1])):
        first = min(names)
        yield replace(holder, principal=first, size=len(names), way=way_text(names[first]))


def counted(
    holders: Iterable[HolderFacts], what: Callable[[HolderFacts], Truth], doubt: Unknown, *, by_head: bool
) -> int | Unknown:
    """How many hold something; unknown while one may, and, counted by head, while one who does stands for several."""
    total = 0
    for holder in holders:
        truth = what(holder)
        if isinstance(truth, Unknown):
            return truth
        if truth and by_head and holder.kind not in SINGLE:
            return doubt
        total += holder.size if truth else 0
    return total


def seen(holders: Iterable[HolderFacts], what: Callable[[HolderFacts], Truth]) -> int:
    """How many certainly hold something, a group as one."""
    return sum(holder.size for holder in holders if what(holder) is True)
