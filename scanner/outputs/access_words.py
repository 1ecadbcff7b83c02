"""Access in the words and signs that every format for people shares. Escapes nothing and judges nothing."""

from collections.abc import Mapping

from scanner.facts.access.wording import path_text, step_text
from scanner.model.effective import AccessCell, ActionClass, CellState, PrincipalKind

SIGNS: Mapping[CellState, str] = {
    CellState.ALWAYS: "●",
    CellState.CONDITIONAL: "◐",
    CellState.STEP: "↗",
    CellState.UNKNOWN: "?",
    CellState.NONE: "",
}
"""One sign a cell, told apart without colour."""

ON_PAPER: Mapping[CellState, str] = {**SIGNS, CellState.CONDITIONAL: "◇"}
"""The same where the fonts of the report have no half-filled circle."""

LEGEND: Mapping[CellState, str] = {
    CellState.ALWAYS: "always",
    CellState.CONDITIONAL: "under conditions",
    CellState.STEP: "one step away: could give itself the right",
    CellState.UNKNOWN: "unknown: something that decides was not read",
}

CLASSES: Mapping[ActionClass, tuple[str, str]] = {
    ActionClass.USE_PLAINTEXT: ("Decrypt", "decrypt or sign"),
    ActionClass.USE_ENCRYPT: ("Encrypt", "encrypt or verify"),
    ActionClass.GRANT: ("Grant", "make or end grants"),
    ActionClass.POLICY: ("Policy", "change the policy"),
    ActionClass.DESTROY: ("Destroy", "destroy or disable it"),
    ActionClass.RESTORE: ("Restore", "restore or enable it"),
    ActionClass.ROTATE: ("Rotate", "rotate it"),
    ActionClass.TAG: ("Tag", "tag or rename it"),
    ActionClass.READ: ("Read", "read about it"),
}
"""Each class as the head of a column, and as what somebody can do with a key."""

KINDS: Mapping[PrincipalKind, str] = {
    PrincipalKind.USER: "user",
    PrincipalKind.ROLE: "role",
    PrincipalKind.SESSION: "session",
    PrincipalKind.FEDERATED: "federated user",
    PrincipalKind.WORKLOAD: "service account or application",
    PrincipalKind.GROUP: "group, counted as one",
    PrincipalKind.SET: "everybody of a set",
    PrincipalKind.ROOT: "root user",
    PrincipalKind.SERVICE: "service",
    PrincipalKind.ACCOUNT: "account, its principals not read",
    PrincipalKind.LEVEL: "whoever was given something there, not read",
    PrincipalKind.PUBLIC: "anybody, wherever they belong",
    PrincipalKind.OTHER: "principal",
}

_MEMBERS = frozenset({"user", "serviceAccount", "group"})
_SHORT = (":user/", ":role/", ":assumed-role/", ":federated-user/")


def short(principal: str) -> str:
    """A principal without what its row says already: `app/ledger` for a role's ARN, the address of a member."""
    kind, colon, rest = principal.partition(":")
    if colon and kind in _MEMBERS:
        return rest
    for mark in _SHORT:
        if mark in principal:
            return principal.partition(mark)[2]
    return "root" if principal.endswith(":root") else "anybody" if principal == "*" else principal


def cell_texts(cell: AccessCell) -> tuple[str, ...]:
    """Everything a cell has to say, a sentence each."""
    found = []
    if cell.actions:
        found.append(", ".join(cell.actions))
    if cell.why:
        found.append(f"by {path_text(cell.why)}")
    if cell.conditions:
        found.append(f"if {'; and '.join(cell.conditions)}")
    if cell.missing:
        found.append(f"not read: {', '.join(cell.missing)}")
    if cell.step is not None:
        found.append(f"one step: {step_text(cell.step)}")
    return tuple(found)
