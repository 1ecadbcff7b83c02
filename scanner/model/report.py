"""The one value that every output is rendered from. Counts are made in the assessment, never in a template."""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from scanner.model.effective import KeyAccess
from scanner.model.finding import Finding, Guardrail, Severity, Subject, SubjectKind, Verdict
from scanner.model.key import Provider
from scanner.model.kpi import Kpi
from scanner.model.protection import KeyProtection
from scanner.model.scope import Scope
from scanner.model.settings import Settings
from scanner.model.snapshot import SnapshotHeader
from scanner.model.unknown import Unknown
from scanner.model.verdicts import Verdicts


class Counts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Verdicts counted. `fail` includes `waived`. The field `pass` is spelled so in JSON."""

    passed: int = msgspec.field(name="pass", default=0)
    fail: int = 0
    unknown: int = 0
    not_applicable: int = 0
    waived: int = 0


class Score(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """pass / (pass + fail) in percent, with the range over what the unknowns could turn out to be.

    `value` (unknowns left out), `lowest` (unknown = fail) and `highest` (unknown = pass) are None when nothing was
    judged or more than 20 % of pass + fail + unknown is unknown; `reason` then says which.
    """

    value: float | None
    lowest: float | None
    highest: float | None
    reason: str | None


class Control(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One requirement of a framework, as catalogued with its source and the date it was checked."""

    framework: str
    id: str
    title: str


class ControlStatus(StrEnum):
    """What the rules that test a control say together; `manual` when no rule tests it."""

    PASS = "pass"  # noqa: S105 (a status, not a password)
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    MANUAL = "manual"


class ControlResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A control, the rules that test it and their joint result."""

    control: Control
    rules: tuple[str, ...]
    status: ControlStatus
    counts: Counts


class Framework(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A framework in one version, with where and when its control ids were checked."""

    id: str
    title: str
    source: str
    checked: date
    controls: tuple[ControlResult, ...]


class RuleResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule as applied: its text, effective severity and parameters, and what came out.

    `file` is the rule's path inside the pack (`policies/rules/rotation/KEY-ROT-001.yaml`), `line` that of its id and
    `text` its YAML source.
    `params` are printed values by name; `changes` are the baseline's deviations from the rule's own values, each a
    sentence with its reason. `not_applicable_because` counts the leaves of `when` that ruled subjects out.
    """

    id: str
    title: str
    guardrail: Guardrail
    severity: Severity
    subject: SubjectKind
    rationale: str
    remediation: dict[str, str]
    controls: dict[str, tuple[str, ...]]
    params: dict[str, str]
    changes: tuple[str, ...]
    file: str
    line: int
    text: str
    counts: Counts
    not_applicable_because: dict[str, int]


class GuardrailResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All rules of one guardrail together. `previous` is the score value of the previous pack, when there is one."""

    guardrail: Guardrail
    counts: Counts
    score: Score
    previous: float | None
    rules: tuple[RuleResult, ...]


class UnreadAround(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group of what stands around the keys of a scope (alerts, logs, what was done) that was not read."""

    group: str
    unknown: Unknown


class PopulationRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One scope reconciled: listed = read + partly_read + unread + excluded, or `reconciles` is False.

    `listed` is Unknown when the listing was; then the other counts are of what was seen. `around` is what was not read
    besides keys and judged by no rule: it leaves no verdict open.
    """

    scope: Scope
    listed: int | Unknown
    read: int
    partly_read: int
    unread: int
    excluded: int
    excluded_reason: str | None
    reconciles: bool
    around: tuple[UnreadAround, ...] = ()


class Population(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every scope, and the totals over those whose listing is known."""

    rows: tuple[PopulationRow, ...]
    listed: int
    read: int
    partly_read: int
    unread: int
    excluded: int
    unlisted_scopes: int


class UnreadGroup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group that a selected rule reads and that was not read, counted over subjects.

    `rules` are the rules whose verdict it leaves open (none, where they do not apply); `accepted` is the id of the
    accepted_unknowns entry that lifts its effect on
    the exit code, or None.
    """

    unknown: Unknown
    subject: Subject
    group: str
    rules: tuple[str, ...]
    accepted: str | None


class WaiverState(StrEnum):
    """What became of an entry of the waivers file."""

    ACTIVE = "active"
    EXPIRED = "expired"
    UNUSED = "unused"


class WaiverResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One waiver or accepted unknown as applied. `covers` counts what it covered; `rule_or_call` names its target."""

    id: str
    kind: str
    rule_or_call: str
    resources: tuple[str, ...]
    reason: str
    ticket: str | None
    approvers: tuple[str, ...]
    created: date
    expires: date
    days_left: int
    state: WaiverState
    covers: int


class KeyRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the key register. Values are printed text; an unread one says so."""

    subject: Subject
    state: str
    manager: str
    spec: str
    origin: str
    created: str
    rotation: str
    owner: str
    failed: tuple[str, ...]
    unknown: tuple[str, ...]


class PreviousFinding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finding of the previous pack, as far as a comparison needs it."""

    fingerprint: str
    rule: str
    title: str
    severity: Severity
    verdict: Verdict
    waived: bool
    subject: Subject
    first_seen: datetime


class Previous(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the previous pack says: its findings by fingerprint and its guardrails' score values."""

    findings: dict[str, PreviousFinding]
    scores: dict[Guardrail, float]


class Changes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The findings against those of the previous pack; fails only, waived ones included.

    `fixed` holds the previous fails that pass or do not apply now, or whose subject is gone from a fully listed
    scope; `unseen` those that could not be judged again (unknown now, scope not read, rule not selected).
    """

    new: tuple[Finding, ...]
    open: tuple[Finding, ...]
    fixed: tuple[PreviousFinding, ...]
    unseen: tuple[PreviousFinding, ...]


class Chain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The previous pack, or why there is none (`first of chain`, `previous pack missing: ...`)."""

    previous_as_of: datetime | None
    previous_manifest: str | None
    previous_root: str | None
    note: str | None
    missing: bool


class CloudResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each rule came to on one cloud, by the ids of rules; waived fails are not told apart."""

    provider: Provider
    rules: dict[str, Counts]


class PolicyPack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules that judged: pack, baseline, weights and the sha256 over all policy files.

    `left_out` says what the baseline does not let judge, a sentence each.
    """

    name: str
    version: str
    model: str
    baseline: str
    weights: dict[Severity, int]
    sha256: str
    left_out: tuple[str, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a reader is told. Sorted, complete, free of clocks; every output renders from this alone.

    `protection` has a row for each key that protects something, or that is disabled or pending deletion; by key.
    `access` has a row for each key whose access was worked out; by key. `clouds` has each provider's verdicts apart.
    """

    header: SnapshotHeader
    settings: Settings
    pack: PolicyPack
    counts: Counts
    score: Score
    guardrails: tuple[GuardrailResult, ...]
    findings: tuple[Finding, ...]
    verdicts: Verdicts
    population: Population
    unread: tuple[UnreadGroup, ...]
    waivers: tuple[WaiverResult, ...]
    frameworks: tuple[Framework, ...]
    keys: tuple[KeyRow, ...]
    kpis: tuple[Kpi, ...]
    changes: Changes | None
    chain: Chain
    providers: tuple[Provider, ...]
    protection: tuple[KeyProtection, ...] = ()
    access: tuple[KeyAccess, ...] = ()
    clouds: tuple[CloudResult, ...] = ()
