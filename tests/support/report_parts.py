"""Parts of a report for tests that do not depend on its findings: header, population, waivers, controls, indicators."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from scanner.kpis.score import add
from scanner.model.finding import Subject, WaiverMark
from scanner.model.key import Provider
from scanner.model.kpi import Kpi, KpiStatus
from scanner.model.report import (
    Control,
    ControlResult,
    ControlStatus,
    Counts,
    Framework,
    Population,
    PopulationRow,
    RuleResult,
    WaiverResult,
    WaiverState,
)
from scanner.model.scope import CallCount, Listing, Scope, ScopeStatus
from scanner.model.snapshot import Endpoint, Identity, Organisation, SnapshotHeader, Tool
from scanner.model.unknown import Cause, Unknown

AS_OF = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
BEFORE = AS_OF - timedelta(days=1)
ACCOUNT, OTHER = "111122223333", "444455556666"
REGION, SECOND = "eu-central-1", "us-east-1"
THROTTLED_KEYS = Unknown(cause=Cause.THROTTLED, call="kms:ListKeys")
SCANNED = ((ACCOUNT, REGION), (ACCOUNT, SECOND), (OTHER, REGION), (OTHER, SECOND))
UNLISTED = (OTHER, SECOND)


def header(**changes: object) -> SnapshotHeader:
    """What holds for the whole snapshot: two accounts of a simulated estate, 1.5 seconds off our clock."""
    default = SnapshotHeader(
        schema="keymuster/snapshot/1",
        as_of=AS_OF,
        finished_at=AS_OF + timedelta(minutes=3),
        tool=Tool(name="keymuster", version="0.1.0"),
        simulated=True,
        identities=(
            Identity(
                provider=Provider.AWS, account=ACCOUNT, caller=f"arn:aws:sts::{ACCOUNT}:assumed-role/audit/nightly"
            ),
            Identity(
                provider=Provider.AWS,
                account=OTHER,
                caller=Unknown(cause=Cause.DENIED, call="sts:GetCallerIdentity"),
            ),
        ),
        endpoints=(
            Endpoint(provider=Provider.AWS, service="kms", url="http://127.0.0.1:5000", tls=False, official=False),
        ),
        organisations=(Organisation(provider=Provider.AWS, accounts=5),),
        clock_offset_seconds={"aws": 1.5},
        regions_outside={
            ACCOUNT: ("ap-south-1",),
            OTHER: Unknown(cause=Cause.DENIED, call="account:ListRegions"),
        },
    )
    return replace(default, **changes)


def population(keys: Sequence[Subject]) -> Population:
    rows = [_scanned_row(account, region, keys) for account, region in SCANNED]
    rows += [
        _closed_row("777788889999", ScopeStatus.EXCLUDED, "sandbox | <b>no data</b>", "CISO"),
        _closed_row("888899990000", ScopeStatus.OUTSIDE, None, None),
        _closed_row("999900001111", ScopeStatus.UNREACHABLE, "AssumeRole was denied", None),
    ]
    listed = [row for row in rows if not isinstance(row.listed, Unknown)]
    return Population(
        rows=tuple(rows),
        listed=sum(row.listed for row in listed if isinstance(row.listed, int)),
        read=sum(row.read for row in listed),
        partly_read=sum(row.partly_read for row in listed),
        unread=sum(row.unread for row in listed),
        excluded=sum(row.excluded for row in listed),
        unlisted_scopes=sum(
            isinstance(row.listed, Unknown) and row.scope.status in {ScopeStatus.SCANNED, ScopeStatus.UNREACHABLE}
            for row in rows
        ),
    )


def _scanned_row(account: str, region: str, keys: Sequence[Subject]) -> PopulationRow:
    here = sum(key.account == account and key.region == region for key in keys)
    partly = min(here, 1)
    is_listed = (account, region) != UNLISTED
    scope = Scope(
        provider=Provider.AWS,
        account=account,
        account_name="retail" if account == ACCOUNT else None,
        region=region,
        status=ScopeStatus.SCANNED,
        reason=None,
        approver=None,
        keys=Listing(listed=here + 1, pages=1) if is_listed else THROTTLED_KEYS,
        calls=(
            CallCount(call="kms:DescribeKey", calls=here + 1, pages=0, retries=2, throttled=1, denied=0, failed=0),
            CallCount(call="kms:ListKeys", calls=1, pages=1, retries=0, throttled=0, denied=0, failed=0),
        ),
        started_at=AS_OF,
        finished_at=AS_OF + timedelta(minutes=1),
        evidence=(),
    )
    return PopulationRow(
        scope=scope,
        listed=here + 1 if is_listed else THROTTLED_KEYS,
        read=here - partly,
        partly_read=partly,
        unread=0,
        excluded=1 if is_listed else 0,
        excluded_reason="provider-managed: described only" if is_listed else None,
        reconciles=is_listed,
    )


def _closed_row(account: str, status: ScopeStatus, reason: str | None, approver: str | None) -> PopulationRow:
    unread = Unknown(cause=Cause.NOT_COLLECTED, call="kms:ListKeys")
    scope = Scope(
        provider=Provider.AWS,
        account=account,
        account_name=None,
        region=None,
        status=status,
        reason=reason,
        approver=approver,
        keys=unread,
        calls=(),
        started_at=None,
        finished_at=None,
        evidence=(),
    )
    return PopulationRow(
        scope=scope,
        listed=unread,
        read=0,
        partly_read=0,
        unread=0,
        excluded=0,
        excluded_reason=None,
        reconciles=False,
    )


def waivers(marks: Mapping[tuple[str, str], WaiverMark]) -> tuple[WaiverResult, ...]:
    active = WaiverResult(
        id="W-1",
        kind="waiver",
        rule_or_call="KEY-ROT-001",
        resources=("arn:aws:kms:*:111122223333:key/*",),
        reason="Moves to the new vault | see <a href='x'>ticket</a>",
        ticket="SEC-42",
        approvers=("ciso@example.com",),
        created=date(2026, 8, 1),
        expires=date(2026, 11, 20),
        days_left=19,
        state=WaiverState.ACTIVE,
        covers=len(marks),
    )
    return (
        replace(active, id="A-1", kind="accepted_unknown", rule_or_call="kms:GetKeyPolicy", days_left=50, covers=1),
        replace(active, id="W-0", state=WaiverState.EXPIRED, expires=date(2026, 10, 1), days_left=-31, covers=0),
        active,
        replace(active, id="W-2", state=WaiverState.UNUSED, expires=date(2027, 1, 1), days_left=61, covers=0),
    )


def frameworks(rules: Sequence[RuleResult]) -> tuple[Framework, ...]:
    counts = add(item.counts for item in rules)
    tested = ControlResult(
        control=Control(framework="nist-800-53r5", id="SC-12", title="Cryptographic key establishment"),
        rules=tuple(item.id for item in rules),
        status=ControlStatus.FAIL if counts.fail else ControlStatus.PASS,
        counts=counts,
    )
    manual = ControlResult(
        control=Control(framework="nist-800-53r5", id="SC-13", title="Cryptographic protection"),
        rules=(),
        status=ControlStatus.MANUAL,
        counts=Counts(),
    )
    return (
        Framework(
            id="nist-800-53r5",
            title="NIST SP 800-53 Rev. 5",
            source="https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
            checked=date(2026, 9, 1),
            controls=(tested, manual),
        ),
    )


def kpis(keys: int) -> tuple[Kpi, ...]:
    owned = Kpi(
        id="keys_with_owner",
        title="Keys with an owner",
        unit="percent",
        value=100.0,
        numerator=keys,
        denominator=keys,
        unknown=1,
        status=KpiStatus.MET,
        target=">= 95",
        reason=None,
        sources=("snapshot/",),
    )
    return (
        owned,
        replace(
            owned,
            id="time_to_detect",
            title="Time to detect",
            unit="seconds",
            value=None,
            numerator=None,
            denominator=None,
            unknown=0,
            status=KpiStatus.NOT_COMPUTABLE,
            reason="no event ledger yet",
        ),
    )
