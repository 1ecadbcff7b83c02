"""Verdicts, findings and the reasons behind them. Decides nothing."""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.unknown import Unknown


class Verdict(StrEnum):
    """The result of one rule on one subject. Waived is a mark on a fail, never a verdict."""

    PASS = "pass"  # noqa: S105 (a verdict, not a password)
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """How much a fail matters, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Guardrail(StrEnum):
    """What a rule guards; scores are grouped by it. The order is that of every report."""

    POPULATION = "population"
    ROTATION = "rotation"
    DELETION = "deletion"
    TAGGING = "tagging"
    COVERAGE = "coverage"
    TRAIL = "trail"
    ACCESS = "access"
    MONITORING = "monitoring"
    CHANGE = "change"
    SHREDDING = "shredding"


class SubjectKind(StrEnum):
    """What rules can be about."""

    KEY = "key"
    POPULATION_SCOPE = "population_scope"
    ACCOUNT_REGION = "account_region"
    DATA_STORE = "data_store"
    KEY_CONTAINER = "key_container"


class Subject(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The thing judged. `id` is the full ARN or resource name (for a scope `provider:account[:region]`)."""

    kind: SubjectKind
    id: str
    name: str
    provider: Provider
    account: str
    region: str | None


class Reason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One leaf that kept a rule from passing. `expected` and `actual` are printed text, `call` the permission."""

    path: str
    operator: str
    expected: str
    actual: str
    call: str | None


class WaiverMark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The waiver that covers a fail."""

    id: str
    expires: date


class Finding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fail or unknown, with everything a reader needs; the shape written to findings.json.

    `owner`, `environment` and `data_class` are None when untagged and Unknown when tags were not read.
    `unread` names the calls whose answers are missing (for an unknown). `notes` are sentences for people, such as
    an expired waiver; `accepted` is the accepted_unknowns entry that lifts an unknown's effect on the exit code.
    """

    fingerprint: str
    rule: str
    title: str
    guardrail: Guardrail
    severity: Severity
    verdict: Verdict
    waived: bool
    waiver: WaiverMark | None
    subject: Subject
    owner: str | Unknown | None
    environment: str | Unknown | None
    data_class: str | Unknown | None
    observed_at: datetime
    first_seen: datetime
    reasons: tuple[Reason, ...]
    unread: tuple[Unknown, ...]
    evidence: tuple[Evidence, ...]
    controls: dict[str, tuple[str, ...]]
    remediation: str
    notes: tuple[str, ...]
    accepted: str | None


class VerdictRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule on one subject, every verdict: a line of verdicts.jsonl.gz."""

    rule: str
    kind: SubjectKind
    subject: str
    verdict: Verdict
    waived: bool
