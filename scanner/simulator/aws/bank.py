"""Meridian Bank: the demo's estate, good, bad, unreadable and waived. Judges nothing; it only exists."""

import json
from datetime import datetime, timedelta

from scanner.simulator.aws.bank_estate import fill_estate
from scanner.simulator.aws.bank_keys import ANALYTICS, HOME, PAYMENTS, SECURITY, US, fill, named
from scanner.simulator.aws.bank_services import fill_services
from scanner.simulator.aws.bank_stores import fill_stores
from scanner.simulator.aws.faults import Effect, Fault
from scanner.simulator.aws.records import Bucket, Trail
from scanner.simulator.aws.world import World

LEGACY, SANDBOX, RETIRED = "444444444444", "555555555555", "666666666666"
ROLE, EXTERNAL_ID = "key-auditor", "meridian-audit"
SCANNED = (SECURITY, PAYMENTS, ANALYTICS)
NO_KMS = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "ExcludeManagementEventSources": ["kms.amazonaws.com"],
}


def bank(now: datetime) -> World:
    """The estate as it stands at `now`; equal moments give equal ids and dates."""
    world = World(now)
    _accounts(world)
    _trails(world)
    fill(world)
    fill_stores(world)
    fill_estate(world)
    fill_services(world)
    _refusals(world)
    return world


def next_night(world: World) -> None:
    """One night later: a finding is fixed, another appears, and one more key is about to be deleted."""
    world.advance(timedelta(days=1))
    world.enable_rotation(named(world, "loyalty-points"), 365)
    world.untag(named(world, "fraud-scores"), "Owner")
    world.schedule_deletion(named(world, "card-archive"), 30)


def _accounts(world: World) -> None:
    """Three accounts with the auditor's role, one without it, one left out on purpose, one suspended."""
    world.add_account(SECURITY, "security")
    world.add_organisation(SECURITY)
    for account, name in ((PAYMENTS, "payments"), (ANALYTICS, "analytics"), (LEGACY, "legacy"), (SANDBOX, "sandbox")):
        world.add_account(account, name)
    world.add_account(RETIRED, "retired", status="SUSPENDED")
    for account in SCANNED:
        world.add_role(account, ROLE, external_id=EXTERNAL_ID, trusted=(SECURITY,))


def _trails(world: World) -> None:
    """Security and payments are recorded well, analytics is not: a trail of its own per region, each with a flaw."""
    begun = world.clock - timedelta(days=900)
    world.add_bucket(
        Bucket(
            name="meridian-audit-logs",
            account=SECURITY,
            region=HOME,
            versioning="Enabled",
            object_lock="COMPLIANCE",
            blocks_public=True,
        )
    )
    world.add_bucket(Bucket(name="analytics-logs", account=ANALYTICS, region=HOME, versioning="Suspended"))
    logs = "meridian-audit-logs"
    for account in (SECURITY, PAYMENTS):
        world.add_trail(Trail(name="audit", account=account, home_region=HOME, bucket=logs, created=begun))
    world.add_trail(
        Trail(
            name="analytics",
            account=ANALYTICS,
            home_region=HOME,
            bucket="analytics-logs",
            created=begun,
            multi_region=False,
            validation=False,
            last_delivery=world.clock - timedelta(days=3),
        )
    )
    world.add_trail(
        Trail(
            name="cheap",
            account=ANALYTICS,
            home_region=US,
            bucket="analytics-logs",
            created=begun,
            multi_region=False,
            selectors=[NO_KMS],
        )
    )


def _refusals(world: World) -> None:
    """Keys whose own policies keep the auditor out of one call each, and a region that hides its event history."""
    refused = (("DescribeKey", "hr-payroll"), ("GetKeyRotationStatus", "swift-gateway"), ("GetKeyPolicy", "vault-root"))
    world.faults += [
        Fault(effect=Effect.DENY, service="kms", operation=operation, resource=named(world, alias).arn)
        for operation, alias in refused
    ]
    world.faults.append(
        Fault(effect=Effect.DENY, service="cloudtrail", operation="LookupEvents", account=ANALYTICS, region=HOME)
    )


def waiver_file(world: World) -> str:
    """The bank's waivers as it would write them: one active, one expired, one unused, one accepted unknown."""
    today = world.clock.date()

    def entry(name: str, created: int, expires: int, **fields: object) -> dict[str, object]:
        dates = {"created": str(today + timedelta(days=created)), "expires": str(today + timedelta(days=expires))}
        return {"id": name, **fields, "approvers": ["m.okafor@meridian.example", "l.brandt@meridian.example"], **dates}

    vendor, old = named(world, "vendor-exchange").arn, named(world, "loyalty-points").arn
    waivers = [
        entry(
            "WV-2026-014",
            -30,
            40,
            rule="KEY-ROT-001",
            resources=[vendor],
            reason="Vendor cannot follow a rotation before its release in spring",
            ticket="CHG-4411",
        ),
        entry(
            "WV-2026-009",
            -80,
            -10,
            rule="KEY-ROT-001",
            resources=[old],
            reason="Migration was to end last month",
            ticket="CHG-4102",
        ),
        entry(
            "WV-2026-017",
            -5,
            60,
            rule="KEY-TAG-002",
            resources=[vendor],
            reason="Purpose tag arrives with the new landing zone",
            ticket="CHG-4460",
        ),
    ]
    accepted = [
        entry(
            "AU-2026-003",
            -10,
            60,
            resources=[named(world, "vault-root").arn],
            call="kms:GetKeyPolicy",
            cause="denied",
            reason="Root key of the vault; its policy is reviewed on paper every quarter",
        ),
    ]
    return json.dumps({"waivers": waivers, "accepted_unknowns": accepted}, indent=2)
