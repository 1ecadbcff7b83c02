"""All that is known of one key, drawn from a report and a shard. Judges nothing and prints nothing."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from scanner.facts.subjects import KeyFacts
from scanner.facts.unread import unread_of_key
from scanner.model.finding import Finding, SubjectKind, VerdictRow
from scanner.model.key import Key
from scanner.model.protection import KeyProtection
from scanner.model.report import Report, RuleResult
from scanner.model.snapshot import Shard
from scanner.model.unknown import Unknown


class KeySheet(msgspec.Struct, frozen=True, kw_only=True):
    """One key. `protection` is None when no store was seen under it and it is neither off nor going.

    `store_gaps` are the listings of stores in its account-region that were not read, with what else may hide one; None
    when no store was asked for.
    `answered_at` holds the moments of the responses that are stored, by raw id.
    """

    report: Report
    key: Key
    facts: KeyFacts
    verdicts: tuple[VerdictRow, ...]
    findings: Mapping[str, Finding]
    rules: Mapping[str, RuleResult]
    protection: KeyProtection | None
    versions: tuple[KeyProtection, ...]
    store_gaps: tuple[Unknown, ...] | None
    unread: Mapping[str, tuple[Unknown, ...]]
    answered_at: Mapping[str, datetime]


def key_sheet(report: Report, shard: Shard, key: Key, facts: KeyFacts, answered_at: Mapping[str, datetime]) -> KeySheet:
    """The sheet of a key of the shard; findings by rule, verdicts in the order of the report."""
    return KeySheet(
        report=report,
        key=key,
        facts=facts,
        verdicts=tuple(row for row in report.verdicts if row.kind is SubjectKind.KEY and row.subject == key.id),
        findings={item.rule: item for item in report.findings if _is_about(item, key)},
        rules={rule.id: rule for guardrail in report.guardrails for rule in guardrail.rules},
        protection=next((row for row in report.protection if row.key == key.id), None),
        versions=tuple(row for row in report.protection if row.version_of == key.id),
        store_gaps=_store_gaps(shard, facts),
        unread=unread_of_key(key),
        answered_at=answered_at,
    )


def _is_about(finding: Finding, key: Key) -> bool:
    return finding.subject.kind is SubjectKind.KEY and finding.subject.id == key.id


def _store_gaps(shard: Shard, facts: KeyFacts) -> tuple[Unknown, ...] | None:
    if shard.inventory is None or not shard.inventory.listings:
        return None
    listings = (listing.stores for listing in shard.inventory.listings)
    return tuple(dict.fromkeys(found for found in (*listings, facts.protection.complete) if isinstance(found, Unknown)))
