"""A made-up estate, as large as asked for and always the same for a seed, stored as the product stores a snapshot.

    python benchmarks/estate.py FOLDER [--keys 100000] [--shards 40] [--seed 7]

A key has the fields that a collection gives it: some 55 leaves of observations, and the evidence of eight calls.
About one in a hundred of each group is unread. One shard is one account's region.
"""

import argparse
import json
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scanner.model.evidence import Evidence
from scanner.model.key import (
    Aliases,
    Grant,
    Grants,
    Key,
    KeyState,
    KeyType,
    KeyUsage,
    LastUse,
    Manager,
    Metadata,
    MultiRegionRole,
    Origin,
    Policy,
    Provider,
    Rotation,
    RotationEvent,
    RotationHistory,
    RotationKind,
    Tags,
)
from scanner.model.raw import CollectedShard
from scanner.model.scope import Listing, Scope, ScopeStatus
from scanner.model.snapshot import SNAPSHOT_SCHEMA, Shard, SnapshotHeader, Tool
from scanner.model.trail import AuditCoverage, TrailList
from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown
from scanner.snapshots.write import SnapshotWriter

AS_OF = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
REGION = "eu-central-1"
UNREAD = 0.01
CALLS: Mapping[str, str] = {
    "metadata": "kms:DescribeKey",
    "policy": "kms:GetKeyPolicy",
    "grants": "kms:ListGrants",
    "last_use": "kms:GetKeyLastUsage",
    "rotation": "kms:GetKeyRotationStatus",
    "rotation_history": "kms:ListKeyRotations",
    "aliases": "kms:ListAliases",
    "tags": "tag:GetResources",
}
OWN = ("policy", "grants", "last_use", "rotation", "rotation_history", "tags")
TEAMS = ("payments", "ledger", "retail", "risk", "data-platform", "fraud", "cards", "identity")
NO_STORE = Inapplicable(reason="the key is not in a custom key store", call="kms:DescribeCustomKeyStores")
NOT_PENDING = Inapplicable(reason="the key is not pending deletion", call="cloudtrail:LookupEvents")
NO_ROTATION = Inapplicable(reason="this kind of key does not rotate by itself", call="kms:GetKeyRotationStatus")


def write_estate(folder: Path, keys: int, shards: int, seed: int) -> None:
    """Writes `keys` keys over `shards` accounts."""
    writer = SnapshotWriter(folder)
    for index in range(shards):
        count = keys * (index + 1) // shards - keys * index // shards
        writer.write(CollectedShard(shard=shard(index, count, seed), raw=()))
    writer.finish(
        SnapshotHeader(
            schema=SNAPSHOT_SCHEMA,
            as_of=AS_OF,
            finished_at=AS_OF + timedelta(hours=1),
            tool=Tool(name="keymuster", version="0"),
            simulated=True,
            identities=(),
            endpoints=(),
            organisations=(),
            clock_offset_seconds={},
            regions_outside={},
        )
    )


def shard(index: int, count: int, seed: int) -> Shard:
    """One account's region with so many keys."""
    draw = random.Random(f"{seed}/{index}")
    account = f"{200_000_000_000 + index}"
    keys = tuple(sorted(_keys(draw, account, count), key=lambda key: key.id))
    scope = Scope(
        provider=Provider.AWS,
        account=account,
        account_name=f"account-{index}",
        region=REGION,
        status=ScopeStatus.SCANNED,
        reason=None,
        approver=None,
        keys=Listing(listed=count, pages=1 + count // 1000),
        calls=(),
        started_at=AS_OF,
        finished_at=AS_OF + timedelta(minutes=9),
        evidence=(),
    )
    audit = AuditCoverage(
        provider=Provider.AWS, account=account, region=REGION, trails=TrailList(items=()), evidence=()
    )
    return Shard(scope=scope, audit=audit, keys=keys)


def _keys(draw: random.Random, account: str, count: int) -> Iterator[Key]:
    primary: str | None = None
    for _ in range(count):
        made = _key(draw, account, primary)
        yield made
        if isinstance(made.metadata, Metadata) and made.metadata.multi_region is MultiRegionRole.PRIMARY:
            primary = made.id


def _key(draw: random.Random, account: str, primary: str | None) -> Key:
    name = f"{draw.getrandbits(128):032x}"
    key_id = f"arn:aws:kms:{REGION}:{account}:key/{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"
    metadata = _metadata(draw, primary)
    groups: dict[str, object] = {
        "metadata": metadata,
        "rotation": _rotation(draw, metadata),
        "rotation_history": _history(draw, metadata),
        "policy": _policy(draw, account),
        "grants": Grants(items=_grants(draw, account)),
        "aliases": Aliases(names=(f"alias/{draw.choice(TEAMS)}-{name[:6]}",)),
        "tags": _tags(draw),
        "last_use": LastUse(
            at=_ago(draw, 400) if draw.random() < 0.9 else None,
            operation="Decrypt",
            tracking_since=AS_OF - timedelta(days=400),
        ),
    }
    if metadata.manager is Manager.PROVIDER:
        groups |= {group: OutOfScope(reason="managed by the provider", call=CALLS[group]) for group in OWN}
    read = [group for group in CALLS if not isinstance(groups[group], OutOfScope)]
    for group in [group for group in read if draw.random() < UNREAD]:
        groups[group] = Unknown(cause=draw.choice((Cause.DENIED, Cause.THROTTLED)), call=CALLS[group])
        read.remove(group)
    return Key(
        id=key_id,
        provider=Provider.AWS,
        account=account,
        region=REGION,
        **groups,
        key_store=NO_STORE,
        deletion_request=NOT_PENDING,
        source={
            "KeyState": metadata.state.value.title(),
            "KeyManager": metadata.manager.value.upper(),
            "KeySpec": metadata.spec,
            "KeyUsage": metadata.usage.value.upper(),
            "Origin": metadata.origin.value.upper(),
        },
        evidence=tuple(_evidence(draw, group, key_id) for group in read),
    )


def _metadata(draw: random.Random, primary: str | None) -> Metadata:
    manager = Manager.PROVIDER if draw.random() < 0.15 else Manager.CUSTOMER
    own = manager is Manager.CUSTOMER
    kind = draw.choices((KeyType.SYMMETRIC, KeyType.ASYMMETRIC, KeyType.MAC), (90, 7, 3))[0] if own else None
    state = draw.choices(
        (
            KeyState.ENABLED,
            KeyState.DISABLED,
            KeyState.PENDING_DELETION,
            KeyState.PENDING_IMPORT,
            KeyState.UNAVAILABLE,
        ),
        (93, 3, 2, 1, 1),
    )[0]
    origin = draw.choices((Origin.PROVIDER, Origin.IMPORTED, Origin.HSM_CLUSTER), (94, 4, 2))[0]
    roles = (
        MultiRegionRole.NONE,
        MultiRegionRole.PRIMARY,
        MultiRegionRole.REPLICA if primary else MultiRegionRole.NONE,
    )
    role = draw.choices(roles, (98, 1, 1))[0] if own else MultiRegionRole.NONE
    return Metadata(
        state=state if own else KeyState.ENABLED,
        manager=manager,
        type=kind or KeyType.SYMMETRIC,
        spec={KeyType.ASYMMETRIC: "RSA_2048", KeyType.MAC: "HMAC_256"}.get(kind, "SYMMETRIC_DEFAULT"),
        usage={KeyType.ASYMMETRIC: KeyUsage.SIGN_VERIFY, KeyType.MAC: KeyUsage.MAC}.get(kind, KeyUsage.ENCRYPT_DECRYPT),
        origin=origin if own else Origin.PROVIDER,
        created_at=_ago(draw, 2000),
        description="made for a benchmark",
        deletion_at=AS_OF + timedelta(days=draw.randint(1, 30)) if own and state is KeyState.PENDING_DELETION else None,
        deletion_window_days=30 if own and state is KeyState.PENDING_DELETION else None,
        material_expires_at=AS_OF + timedelta(days=draw.randint(1, 400)) if origin is Origin.IMPORTED else None,
        multi_region=role,
        primary=primary if role is MultiRegionRole.REPLICA else None,
        replicas=(),
        key_store=None,
        current_material=f"{draw.getrandbits(256):064x}",
    )


def _rotation(draw: random.Random, metadata: Metadata) -> Rotation | Inapplicable:
    if metadata.type is not KeyType.SYMMETRIC or metadata.origin is not Origin.PROVIDER:
        return NO_ROTATION
    if draw.random() < 0.05:
        return Rotation(enabled=False, period=None, next_at=None)
    return Rotation(enabled=True, period=timedelta(days=365), next_at=AS_OF + timedelta(days=draw.randint(1, 365)))


def _history(draw: random.Random, metadata: Metadata) -> RotationHistory | Inapplicable:
    if metadata.type is not KeyType.SYMMETRIC or metadata.origin is not Origin.PROVIDER:
        return NO_ROTATION
    newest = _ago(draw, 365 if draw.random() < 0.95 else 900)
    return RotationHistory(
        events=tuple(
            RotationEvent(
                at=newest - timedelta(days=365 * years),
                how=RotationKind.AUTOMATIC,
                material=f"{draw.getrandbits(256):064x}",
                material_expires_at=None,
            )
            for years in (1, 0)
        )
    )


def _policy(draw: random.Random, account: str) -> Policy:
    """The provider's default for most keys; one in three names a role of its own, one in fifty a deleted one."""
    statements: list[dict[str, object]] = [
        {
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    chance = draw.random()
    if chance < 0.33:
        name = (
            f"AROA{draw.getrandbits(80):020X}"[:21]
            if chance < 0.02
            else f"arn:aws:iam::{account}:role/app-{draw.randint(1, 5000)}"
        )
        statements.append(
            {
                "Sid": "Use",
                "Effect": "Allow",
                "Principal": {"AWS": name},
                "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey"],
                "Resource": "*",
            }
        )
    return Policy(document=json.dumps({"Version": "2012-10-17", "Id": "key-default-1", "Statement": statements}))


def _grants(draw: random.Random, account: str) -> tuple[Grant, ...]:
    if draw.random() < 0.8:
        return ()
    return (
        Grant(
            id=f"{draw.getrandbits(256):064x}",
            name=None,
            grantee=f"arn:aws:iam::{account}:role/service-{draw.randint(1, 50)}",
            grantee_is_service=False,
            retiring=None,
            issuer=f"arn:aws:iam::{account}:root",
            created_at=_ago(draw, 400),
            operations=("Decrypt", "GenerateDataKey"),
            context_equals=None,
            context_subset=None,
            source_arn=None,
        ),
    )


def _tags(draw: random.Random) -> Tags:
    whole = {
        "owner": draw.choice(TEAMS),
        "purpose": "benchmark",
        "data-class": draw.choice(("public", "internal", "confidential")),
        "environment": draw.choice(("prod", "test")),
        "cost-centre": f"{draw.randint(1000, 9999)}",
    }
    return Tags(items={name: value for name, value in whole.items() if draw.random() > 0.03})


def _evidence(draw: random.Random, group: str, key_id: str) -> Evidence:
    request = f"{draw.getrandbits(128):032x}"
    short = key_id.rpartition("/")[2]
    return Evidence(
        group=group,
        call=CALLS[group],
        request_id=f"{request[:8]}-{request[8:12]}-{request[12:16]}-{request[16:20]}-{request[20:]}",
        sha256=f"{draw.getrandbits(256):064x}",
        raw=f"{CALLS[group].replace(':', '.')}/{short}/1",
    )


def _ago(draw: random.Random, most_days: int) -> datetime:
    return AS_OF - timedelta(seconds=draw.randint(60, most_days * 86_400))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--shards", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    write_estate(given.folder, given.keys, given.shards, given.seed)


if __name__ == "__main__":
    main()
