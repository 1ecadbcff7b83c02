"""The questions people ask of access: who can, what can, why, and what changed. Reads nothing but its arguments."""

from collections.abc import Iterable, Iterator

import msgspec

from scanner.facts.access.cells import NONE, Cells, Decisions, cell_of
from scanner.facts.access.site import Caller, Found, Site, Supposed
from scanner.facts.access.steps_beside import beside
from scanner.facts.access.words import Asked
from scanner.facts.display import key_name
from scanner.model.effective import HELD, AccessCell, ActionClass, CellState, KeyAccess, PrincipalKind
from scanner.model.key import Key


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Principals of one kind and account to whom the same applies, sorted."""

    kind: PrincipalKind
    account: str
    principals: tuple[str, ...]
    cell: AccessCell


class KeyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a principal may do with one key."""

    key: str
    name: str
    account: str
    region: str
    cells: Cells


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What changed for one principal at one key in one class.

    Where the state is the same, its strongest actions or the conditions of these are not: `gained` and `lost` are
    actions, `conditions` those that hold now where they are others.
    """

    key: str
    name: str
    principal: str
    kind: ActionClass
    before: CellState
    after: CellState
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


def who_can(site: Site, what: Asked) -> tuple[tuple[Answer, ...], int]:
    """Everybody who can, may be able to, or is a step away; and how many were looked at who are none of it."""
    groups: dict[tuple[PrincipalKind, str, AccessCell], list[str]] = {}
    nobody = 0
    site = site if what.action is None else site.only(what.action)
    for one in site.found():
        cell = _cell(one, site, what)
        if cell.state is CellState.NONE:
            nobody += one.caller.kind is not PrincipalKind.PUBLIC
        else:
            groups.setdefault((one.caller.kind, one.caller.account, cell), []).append(one.caller.id)
    found = [
        Answer(kind=kind, account=account, principals=tuple(sorted(names)), cell=cell)
        for (kind, account, cell), names in groups.items()
    ]
    return tuple(sorted(found, key=_strongest_first)), nobody


def _strongest_first(answer: Answer) -> tuple[int, str, tuple[str, ...]]:
    return tuple(CellState).index(answer.cell.state), answer.kind.value, answer.principals


def _cell(one: Found, site: Site, what: Asked) -> AccessCell:
    """The cell of the class, or that of the one action with the steps of its class."""
    whole = one.cells.get(what.kind, NONE)
    if what.action is None or not whole.actions:
        return whole
    found = site.decisions(one.caller, {})
    only = cell_of({what.action: found[what.action]}) if what.action in found else NONE
    return beside(only, whole.step)


def what_can(caller: Caller, at: Iterable[tuple[Key, Site]]) -> Iterator[KeyAnswer]:
    """Every key with which the principal can do something, may be able to, or is a step away from it."""
    for key, site in at:
        cells = site.cells(caller)
        if cells:
            yield KeyAnswer(key=key.id, name=key_name(key), account=key.account, region=key.region, cells=cells)


def why(caller: Caller, site: Site, supposed: Supposed) -> tuple[Decisions, Cells]:
    """The decision on every action under what is supposed of the request, and the cells with steps."""
    return site.decisions(caller, supposed), site.cells(caller)


def changes(old: Iterable[KeyAccess], new: Iterable[KeyAccess]) -> Iterator[Change]:
    """What changed from one snapshot to the next, at keys that are in both, by key and principal."""
    before = {access.key: access for access in old}
    for access in sorted(new, key=lambda found: found.key):
        if access.key not in before:
            continue
        was, now = _cells(before[access.key]), _cells(access)
        for principal, kind in sorted(was.keys() | now.keys()):
            old_cell, new_cell = was.get((principal, kind), NONE), now.get((principal, kind), NONE)
            if _told(old_cell) != _told(new_cell):
                same = old_cell.state is new_cell.state
                yield Change(
                    key=access.key,
                    name=access.name,
                    principal=principal,
                    kind=kind,
                    before=old_cell.state,
                    after=new_cell.state,
                    gained=_besides(new_cell, old_cell) if same else (),
                    lost=_besides(old_cell, new_cell) if same else (),
                    conditions=new_cell.conditions if same and _told(old_cell)[2:] != _told(new_cell)[2:] else (),
                )


def _told(cell: AccessCell) -> tuple[object, ...]:
    """What of a cell is compared: what is held and how; of anything else how it stands."""
    return (cell.state, cell.actions, sorted(cell.conditions)) if cell.state in HELD else (cell.state,)


def _besides(cell: AccessCell, other: AccessCell) -> tuple[str, ...]:
    return tuple(name for name in cell.actions if name not in other.actions)


def _cells(access: KeyAccess) -> dict[tuple[str, ActionClass], AccessCell]:
    return {
        (principal, kind): cell
        for row in access.rows
        for principal in row.principals
        for kind, cell in row.cells.items()
    }
