"""The questions people ask of access: who can, what can, why, and what changed. Reads nothing but its arguments."""

from collections.abc import Iterable, Iterator

import msgspec

from scanner.facts.access.cells import NONE, Cells, Decisions, cell_of
from scanner.facts.access.site import Caller, Found, Site, Supposed
from scanner.facts.access.steps_beside import beside
from scanner.facts.access.words import Asked
from scanner.facts.display import key_name
from scanner.model.effective import AccessCell, ActionClass, CellState, KeyAccess, PrincipalKind
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
    """What changed for one principal at one key in one class."""

    key: str
    name: str
    principal: str
    kind: ActionClass
    before: CellState
    after: CellState


def who_can(site: Site, what: Asked) -> tuple[tuple[Answer, ...], int]:
    """Everybody who can, may be able to, or is a step away; and how many were looked at who are none of it."""
    groups: dict[tuple[PrincipalKind, str, AccessCell], list[str]] = {}
    nobody = 0
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
        was, now = _states(before[access.key]), _states(access)
        for principal, kind in sorted(was.keys() | now.keys()):
            states = was.get((principal, kind), CellState.NONE), now.get((principal, kind), CellState.NONE)
            if states[0] is not states[1]:
                yield Change(
                    key=access.key,
                    name=access.name,
                    principal=principal,
                    kind=kind,
                    before=states[0],
                    after=states[1],
                )


def _states(access: KeyAccess) -> dict[tuple[str, ActionClass], CellState]:
    return {
        (principal, kind): cell.state
        for row in access.rows
        for principal in row.principals
        for kind, cell in row.cells.items()
    }
