"""The questions people ask of access: who can, what can, why, and what changed. Reads nothing but its arguments."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from scanner.facts.access.cells import NONE, Cells, Decisions, Extra, cell_of, decisions
from scanner.facts.access.classes import AWS
from scanner.facts.access.context import texts
from scanner.facts.access.doors import Door
from scanner.facts.access.key_access import is_evaluated
from scanner.facts.access.matrix import Matrices
from scanner.facts.access.parties import Party, unread_party
from scanner.facts.access.stepping import Comer, beside, stepping
from scanner.facts.display import key_name
from scanner.model.effective import AccessCell, ActionClass, CellState, KeyAccess, PrincipalKind
from scanner.model.key import Key


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks about: a whole class, or one action of it (without prefix; None for the class)."""

    kind: ActionClass
    action: str | None

    @property
    def words(self) -> str:
        """What is asked about, as it is called."""
        return f"kms:{self.action}" if self.action else self.kind.value.replace("_", " ")


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


def asked(text: str) -> Asked | None:
    """What a word means: a class such as `destroy`, or an action such as `decrypt` or `kms:Decrypt`."""
    plain = text.lower().removeprefix("kms:")
    action = next((name for name in AWS if name.lower() == plain), None)
    if action is not None:
        return Asked(kind=AWS[action], action=action)
    kind = next((kind for kind in ActionClass if kind.value == plain.replace("-", "_")), None)
    return None if kind is None else Asked(kind=kind, action=None)


def who_can(key: Key, matrices: Matrices, what: Asked) -> tuple[tuple[Answer, ...], int]:
    """Everybody who can, may be able to, or is a step away; and how many were looked at who are none of it."""
    visit = matrices.visit(key)
    groups: dict[tuple[PrincipalKind, str, AccessCell], list[str]] = {}
    nobody = 0
    for comer, cells in visit.comers:
        cell = _cell(comer, visit.door, matrices, what, cells)
        if cell.state is CellState.NONE:
            nobody += comer.party.kind is not PrincipalKind.PUBLIC
        else:
            groups.setdefault((comer.party.kind, comer.party.account, cell), []).append(comer.party.id)
    found = [
        Answer(kind=kind, account=account, principals=tuple(sorted(names)), cell=cell)
        for (kind, account, cell), names in groups.items()
    ]
    return tuple(sorted(found, key=_strongest_first)), nobody


def _strongest_first(answer: Answer) -> tuple[int, str, tuple[str, ...]]:
    return tuple(CellState).index(answer.cell.state), answer.kind.value, answer.principals


def _cell(comer: Comer, door: Door, matrices: Matrices, what: Asked, cells: Cells) -> AccessCell:
    """The cell of the class, or that of the one action with the steps of its class."""
    whole = cells.get(what.kind, NONE)
    if what.action is None or not whole.actions:
        return whole
    found = decisions(comer.party, door, matrices.over(comer.party))
    one = cell_of({what.action: found[what.action]}) if what.action in found else NONE
    return beside(one, whole.step)


def party_called(name: str, matrices: Matrices) -> Party | None:
    """The caller of an ARN or service name; None for a name that is neither."""
    found = next((party for party in matrices.parties() if party.id == name), None)
    if found is not None:
        return found
    is_name = name.startswith("arn:") or name.endswith(".amazonaws.com")
    return matrices.named(name) or unread_party(name) if is_name else None


def what_can(party: Party, keys: Iterable[Key], matrices: Matrices) -> Iterator[KeyAnswer]:
    """Every key with which the principal can do something, may be able to, or is a step away from it."""
    for key in keys:
        if not is_evaluated(key):
            continue
        door = matrices.door(key)
        comers = matrices.comers(door)
        comer = Comer(party=party, standing=matrices.standing(party, door))
        cells = stepping(matrices, door, comers).cells(comer)
        if cells:
            yield KeyAnswer(key=key.id, name=key_name(key), account=key.account, region=key.region, cells=cells)


def why(party: Party, key: Key, matrices: Matrices, context: Mapping[str, list[str]]) -> tuple[Decisions, Cells]:
    """The decision on every action under what is supposed of the request, and the cells with steps."""
    door = matrices.door(key)
    extra = Extra(values={name.lower(): texts(values) for name, values in context.items()})
    comers = matrices.comers(door)
    comer = Comer(party=party, standing=matrices.standing(party, door))
    found = decisions(party, door, matrices.over(party), extra)
    return found, stepping(matrices, door, comers).cells(comer)


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
