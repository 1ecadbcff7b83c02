"""The section "Who can use each key", arranged for paper and screen alike. Judges nothing and knows no markup."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from scanner.facts.access.wording import path_text, step_text
from scanner.model.effective import HELD, AccessCell, AccessRow, ActionClass, CellState, KeyAccess
from scanner.model.report import Report
from scanner.outputs.access_words import CLASSES, KINDS, LEGEND, ON_PAPER, SIGNS, short
from scanner.outputs.sentences import counted

_REACH = {
    "public": "open to everybody",
    "network-only-limited": "open to everybody from some networks",
    "cross-account": "open to",
    "org": "open to organisation",
    "service": "open to services of AWS",
    "same-account": "its own account alone",
    "named": "open to whoever was given a right",
    "unread": "what opens it was not read",
}
_WIDEST = ("public", "network-only-limited", "cross-account", "org", "unread", "service", "same-account", "named")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much is shown: keys, rows under a key, principals in a row; and the signs of the medium."""

    keys: int
    rows: int
    names: int
    signs: Mapping[CellState, str]


PAPER = Limits(keys=30, rows=10, names=4, signs=ON_PAPER)
SCREEN = Limits(keys=300, rows=60, names=12, signs=SIGNS)


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Why some cells of a row are as they are."""

    classes: str
    text: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One row: who, and a sign for each class."""

    who: str
    kind: str
    account: str
    signs: tuple[str, ...]
    notes: tuple[Note, ...]


class KeyMatrix(msgspec.Struct, frozen=True, kw_only=True):
    """One key; `more` rows are not shown. Texts that have nothing to say are empty."""

    name: str
    id: str
    place: str
    reach: str
    wide: bool
    lines: tuple[Line, ...]
    more: int
    nobody: str
    gaps: str
    notes: str


class AccessView(msgspec.Struct, frozen=True, kw_only=True):
    """The whole section."""

    lede: str
    legend: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    keys: tuple[KeyMatrix, ...]
    more: int


def access_view(report: Report, limits: Limits) -> AccessView:
    """The section within these limits; whatever is left out is counted."""
    found = sorted(report.access, key=_widest_first)
    return AccessView(
        lede=_lede(report.access),
        legend=tuple((limits.signs[state], text) for state, text in LEGEND.items()),
        columns=tuple(CLASSES[kind][0] for kind in ActionClass),
        keys=tuple(_matrix(access, limits) for access in found[: limits.keys]),
        more=max(0, len(found) - limits.keys),
    )


def _lede(found: Sequence[KeyAccess]) -> str:
    if not found:
        return "Access was not worked out: identities were not collected, or there is no key that it is worked out for."
    public = sum(access.reach == "public" for access in found)
    users = sorted(_users(access) for access in found)
    unread = sum(bool(access.gaps) for access in found)
    parts = [
        f"{counted(len(found), 'key', 'keys')} evaluated",
        f"{counted(public, 'key is', 'keys are')} open to everybody by policy",
        f"at the middle key {counted(users[len(users) // 2], 'principal', 'principals')} can decrypt or sign",
    ]
    open_keys = f" At {counted(unread, 'key', 'keys')} something that decides was not read." if unread else ""
    return f"{'; '.join(parts)}.{open_keys} Grants and policies take some minutes to hold everywhere."


def _users(access: KeyAccess) -> int:
    return sum(
        len(row.principals)
        for row in access.rows
        if (cell := row.cells.get(ActionClass.USE_PLAINTEXT)) is not None and cell.state in HELD
    )


def _widest_first(access: KeyAccess) -> tuple[int, int, str]:
    return _WIDEST.index(access.reach.partition(":")[0]), -_users(access), access.key


def _matrix(access: KeyAccess, limits: Limits) -> KeyMatrix:
    kind, _, whom = access.reach.partition(":")
    return KeyMatrix(
        name=access.name,
        id=access.key,
        place=f"{access.account} · {access.region}",
        reach=f"{_REACH[kind]} {whom.replace(',', ', ')}".strip(),
        wide=kind in {"public", "network-only-limited", "cross-account"},
        lines=tuple(_line(row, limits) for row in access.rows[: limits.rows]),
        more=max(0, len(access.rows) - limits.rows),
        nobody=_nobody(access),
        gaps=f"not read, so that there may be more: {'; '.join(access.gaps)}" if access.gaps else "",
        notes="; ".join(access.notes),
    )


def _nobody(access: KeyAccess) -> str:
    """How many may do nothing; that nobody else can is said only where nothing is missing."""
    if not access.nobody:
        return ""
    verb = "found without any of it" if access.gaps else "can do none of it"
    return f"{counted(access.nobody, 'other principal', 'other principals')} {verb}"


def _line(row: AccessRow, limits: Limits) -> Line:
    names = [short(name) for name in row.principals[: limits.names]]
    more = len(row.principals) - len(names)
    return Line(
        who=", ".join(names) + (f" and {more:,} more" if more > 0 else ""),
        kind=KINDS[row.kind],
        account=row.account,
        signs=tuple(_sign(row.cells.get(kind), limits.signs) for kind in ActionClass),
        notes=tuple(_notes(row)),
    )


def _sign(cell: AccessCell | None, signs: Mapping[CellState, str]) -> str:
    if cell is None:
        return ""
    steps = cell.step is not None and not cell.step.missing and cell.state is not CellState.STEP
    return f"{signs[cell.state]}{signs[CellState.STEP]}" if steps else signs[cell.state]


def _notes(row: AccessRow) -> Iterable[Note]:
    """A note for each reason, with the classes that it is about."""
    by_text: dict[str, list[str]] = {}
    for kind, cell in row.cells.items():
        for text in _reasons(cell):
            by_text.setdefault(text, []).append(CLASSES[kind][0])
    whole = len(row.cells)
    for text, classes in by_text.items():
        named = "All" if len(classes) == whole > 1 else ", ".join(classes)
        yield Note(classes=named, text=text)


def _reasons(cell: AccessCell) -> Iterable[str]:
    if cell.why:
        conditions = f", if {'; and '.join(cell.conditions)}" if cell.conditions else ""
        yield f"{path_text(cell.why)}{conditions}"
    if cell.missing:
        yield f"not read: {', '.join(cell.missing)}"
    if cell.step is not None:
        yield f"one step: {step_text(cell.step)}"
