"""Who may do what with a key, as it was evaluated: rows of principals, cells by class of action. Evaluates nothing."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class ActionClass(StrEnum):
    """What somebody gains by an operation, the same on every cloud; the order is that of every table."""

    USE_PLAINTEXT = "use_plaintext"
    USE_ENCRYPT = "use_encrypt"
    GRANT = "grant"
    POLICY = "policy"
    DESTROY = "destroy"
    RESTORE = "restore"
    ROTATE = "rotate"
    TAG = "tag"
    READ = "read"


class CellState(StrEnum):
    """The answer, strongest first. `none` is said only where it is provable; `step` that somebody can get there."""

    ALWAYS = "always"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"
    STEP = "step"
    NONE = "none"


HELD = frozenset({CellState.ALWAYS, CellState.CONDITIONAL})
"""What somebody can do, if need be under conditions."""


class PathStep(msgspec.Struct, frozen=True, kw_only=True):
    """One statement, grant, role or policy on the way: the layer it stands in, its label there, and what it does."""

    layer: str
    label: str
    effect: str


class StepAway(msgspec.Struct, frozen=True, kw_only=True):
    """How the right could be had that is not there: by which action, on what, and the way to that action.

    Where `missing` names what was not read, whether the step can be taken is not known.
    """

    by: str
    target: str
    conditional: bool
    why: tuple[PathStep, ...]
    missing: tuple[str, ...] = ()


class AccessCell(msgspec.Struct, frozen=True, kw_only=True):
    """What a principal may do of one class.

    `actions` are those in the strongest state, `conditions` what must hold for them, `missing` what was not read and
    could make more of any action of the class. `step` is how the whole class could be had, None when it cannot.
    """

    state: CellState
    actions: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    why: tuple[PathStep, ...] = ()
    step: StepAway | None = None


class PrincipalKind(StrEnum):
    """Whom a row is about; `account` is all of an account that is not named one by one, `public` is anybody.

    `workload` is an identity that programs use (a service account, a service principal), `group` a group whose members
    count as one, `set` everybody of a domain, a pool or a project. `level` is whoever was given something at a level
    that was not read.
    """

    USER = "user"
    ROLE = "role"
    SESSION = "session"
    FEDERATED = "federated"
    WORKLOAD = "workload"
    GROUP = "group"
    SET = "set"
    ROOT = "root"
    SERVICE = "service"
    ACCOUNT = "account"
    LEVEL = "level"
    PUBLIC = "public"
    OTHER = "other"


class AccessRow(msgspec.Struct, frozen=True, kw_only=True):
    """Principals of one kind and account to whom the same cells apply, sorted; a class without a cell is `none`."""

    kind: PrincipalKind
    account: str
    principals: tuple[str, ...]
    cells: Mapping[ActionClass, AccessCell]


class KeyAccess(msgspec.Struct, frozen=True, kw_only=True):
    """One key: everybody who may do something or may not be ruled out.

    `nobody` counts the principals that were looked at and may do nothing. `gaps` are what was not read and could add
    to any row, `unclassified` actions that policies name and that have no class. `reach` is how far the key's own
    policy opens the key. `notes` bear on every row: the state of the key, and endpoints that were not read.
    """

    key: str
    name: str
    account: str
    region: str
    reach: str
    rows: tuple[AccessRow, ...]
    nobody: int
    gaps: tuple[str, ...]
    unclassified: tuple[str, ...]
    notes: tuple[str, ...] = ()
