"""One key's matrix for the report: a row for callers to whom the same applies, and what was not read. Judges none."""

from collections.abc import Iterable

from scanner.facts.access.site import Found, Site
from scanner.facts.display import key_name
from scanner.model.effective import AccessCell, AccessRow, ActionClass, KeyAccess, PrincipalKind
from scanner.model.key import Key

_KINDS = tuple(PrincipalKind)
_Cells = tuple[tuple[ActionClass, AccessCell], ...]


def key_access(key: Key, site: Site) -> KeyAccess:
    """Who may do what with the key."""
    rows, nobody = _rows(site.found())
    return KeyAccess(
        key=key.id,
        name=key_name(key),
        account=key.account,
        region=key.region,
        reach=site.reach(),
        rows=rows,
        nobody=nobody,
        gaps=tuple(site.gaps()),
        unclassified=tuple(site.unclassified()),
        notes=tuple(site.notes()),
    )


def _rows(found: Iterable[Found]) -> tuple[tuple[AccessRow, ...], int]:
    """A row for each set of equal cells, by kind, account and first name; and how many callers have none."""
    groups: dict[tuple[PrincipalKind, str, _Cells], list[str]] = {}
    nobody = 0
    for one in found:
        cells = tuple(one.cells.items())
        if cells:
            groups.setdefault((one.caller.kind, one.caller.account, cells), []).append(one.caller.id)
        else:
            nobody += one.caller.kind is not PrincipalKind.PUBLIC
    rows = [
        AccessRow(kind=kind, account=account, principals=tuple(sorted(names)), cells=dict(cells))
        for (kind, account, cells), names in groups.items()
    ]
    return tuple(sorted(rows, key=_order)), nobody


def _order(row: AccessRow) -> tuple[int, str, tuple[str, ...]]:
    return _KINDS.index(row.kind), row.account, row.principals
