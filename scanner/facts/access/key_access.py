"""One key's matrix for the report: a row for callers to whom the same applies, and what was not read. Judges none."""

from collections.abc import Iterable, Iterator

from scanner.facts.access.cells import Cells
from scanner.facts.access.classes import AWS_WITHOUT_KEY, aws_class
from scanner.facts.access.doors import Door
from scanner.facts.access.matrix import Matrices
from scanner.facts.access.reach import Reach
from scanner.facts.access.stepping import Comer
from scanner.facts.display import key_name
from scanner.facts.reading import reading
from scanner.model.effective import AccessCell, AccessRow, ActionClass, KeyAccess, PrincipalKind
from scanner.model.key import Key, Manager, Metadata, Provider
from scanner.model.unknown import Unknown

_KINDS = tuple(PrincipalKind)
_Cells = tuple[tuple[ActionClass, AccessCell], ...]


def is_evaluated(key: Key) -> bool:
    """Whether access to the key is worked out: to keys of AWS that their own account decides about."""
    metadata = key.metadata
    return key.provider is Provider.AWS and not (
        isinstance(metadata, Metadata) and metadata.manager is Manager.PROVIDER
    )


def accesses(keys: Iterable[Key], matrices: Matrices | None) -> tuple[KeyAccess, ...]:
    """The matrices of these keys; none where no identities were collected."""
    if matrices is None:
        return ()
    return tuple(access for key in keys if (access := key_access(key, matrices)) is not None)


def key_access(key: Key, matrices: Matrices) -> KeyAccess | None:
    """Who may do what with the key; None for a key whose access is not worked out."""
    if not is_evaluated(key):
        return None
    visit = matrices.visit(key)
    door = visit.door
    rows, nobody = _rows(visit.comers)
    return KeyAccess(
        key=key.id,
        name=key_name(key),
        account=key.account,
        region=key.region,
        reach=reach_text(matrices.reach(door)),
        rows=rows,
        nobody=nobody,
        gaps=tuple(_gaps(key, door, matrices)),
        unclassified=tuple(sorted(_unclassified(door))),
        notes=tuple(_notes(door)),
    )


def reach_text(found: Reach | None) -> str:
    """A reach in one word, with the accounts or organisations it is about."""
    if found is None:
        return "unread"
    return ":".join((found.kind.value, *((",".join(found.whom),) if found.whom else ())))


def _rows(comers: Iterable[tuple[Comer, Cells]]) -> tuple[tuple[AccessRow, ...], int]:
    """A row for each set of equal cells, by kind, account and first name; and how many callers have none."""
    groups: dict[tuple[PrincipalKind, str, _Cells], list[str]] = {}
    nobody = 0
    for comer, cells in comers:
        party = comer.party
        if cells:
            groups.setdefault((party.kind, party.account, tuple(cells.items())), []).append(party.id)
        else:
            nobody += party.kind is not PrincipalKind.PUBLIC
    rows = [
        AccessRow(kind=kind, account=account, principals=tuple(sorted(names)), cells=dict(cells))
        for (kind, account, cells), names in groups.items()
    ]
    return tuple(sorted(rows, key=_order)), nobody


def _order(row: AccessRow) -> tuple[int, str, tuple[str, ...]]:
    return _KINDS.index(row.kind), row.account, row.principals


def _gaps(key: Key, door: Door, matrices: Matrices) -> Iterator[str]:
    """What was not read and may hold more or less for anybody."""
    policy, grants = reading(key.policy), reading(key.grants)
    if isinstance(policy, Unknown):
        yield f"the key policy ({policy.cause} {policy.call})"
    elif door.policy is None:
        yield "the key policy (not in the grammar of policies)"
    if isinstance(grants, Unknown):
        yield f"the grants ({grants.cause} {grants.call})"
    yield from (gap for account in sorted(door.accounts) if (gap := _unread(account, matrices)))
    if door.bounds.service_control is None:
        yield f"the service control policies over {key.account}"
    if door.bounds.resource_control is None:
        yield f"the resource control policies over {key.account}"


def _notes(door: Door) -> Iterator[str]:
    """What bears on every row and adds to none."""
    if door.dormant:
        yield f"the key is {door.dormant}: nobody uses it until it is enabled, which whoever may do so can bring about"
    yield from (f"not read, and may stop requests that come through: {text}" for text in door.gates.unread)


def _unread(account: str, matrices: Matrices) -> str | None:
    callers = matrices.callers(account)
    if callers is None:
        return f"the identities of {account} (not collected)"
    return f"the identities of {account} ({callers.cause} {callers.call})" if isinstance(callers, Unknown) else None


def _unclassified(door: Door) -> set[str]:
    """Actions of KMS that the policy names by their full name and that have no class."""
    without = {f"kms:{name}".lower() for name in AWS_WITHOUT_KEY}
    named = {name for statement in (door.policy.statements if door.policy else ()) for name in statement.actions}
    return {
        name
        for name in named
        if name.startswith("kms:") and not {"*", "?"} & {*name} and aws_class(name) is None and name not in without
    }
