"""Builders of records for tests: a healthy default of everything, and changes to it by field name."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from scanner.facts.coverage.view import View, look
from scanner.facts.neighbours import neighbours
from scanner.model.evidence import Evidence
from scanner.model.finding import VerdictRow
from scanner.model.key import (
    Aliases,
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
from scanner.model.scope import Listing, Scope, ScopeStatus
from scanner.model.snapshot import SNAPSHOT_SCHEMA, Shard, SnapshotHeader, Tool
from scanner.model.store import AliasTable, DataStore, Encryption, Inventory, StoreListing, VolumeDefault, VolumeKey
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.trail import (
    AuditCoverage,
    BucketExposure,
    BucketVersioning,
    ObjectLock,
    PublicAccessBlock,
    Selectors,
    Trail,
    TrailList,
    TrailStatus,
)
from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown
from scanner.model.verdicts import CODES, VerdictTable

AS_OF = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
ACCOUNT = "111122223333"
REGION = "eu-central-1"
KEY_ID = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"

CALLS = {
    "metadata": "kms:DescribeKey",
    "rotation": "kms:GetKeyRotationStatus",
    "rotation_history": "kms:ListKeyRotations",
    "policy": "kms:GetKeyPolicy",
    "grants": "kms:ListGrants",
    "aliases": "kms:ListAliases",
    "tags": "tag:GetResources",
    "last_use": "kms:GetKeyLastUsage",
    "key_store": "kms:DescribeCustomKeyStores",
    "deletion_request": "cloudtrail:LookupEvents",
    "versions": "cloudkms.cryptoKeyVersions.list",
    "tracked": "cloudkms.cryptoKeys.get",
    "protects": "cloudkms.protectedResources.search",
    "keys": "kms:ListKeys",
    "trails": "cloudtrail:DescribeTrails",
    "status": "cloudtrail:GetTrailStatus",
    "selectors": "cloudtrail:GetEventSelectors",
    "bucket_versioning": "s3:GetBucketVersioning",
    "object_lock": "s3:GetBucketObjectLockConfiguration",
    "public_access_block": "s3:GetBucketPublicAccessBlock",
    "bucket_exposure": "s3:GetBucketPolicyStatus",
    "stores": "rds:DescribeDBInstances",
    "encryption": "s3:GetEncryptionConfiguration",
    "expires_at": "redshift:DescribeClusters",
    "volume_default": "ec2:GetEbsEncryptionByDefault",
    "volume_key": "ec2:GetEbsDefaultKmsKeyId",
    "nodes": "organizations:ListRoots",
    "service_control": "organizations:ListPolicies",
    "resource_control": "organizations:ListPolicies",
}
"""The permission behind every group of every record."""


def tabled(rows: Iterable[VerdictRow]) -> tuple[VerdictTable, ...]:
    """Rows as tables of one verdict each."""
    return tuple(
        VerdictTable(
            kind=row.kind, rules=(row.rule,), subjects=(row.subject,), codes=bytes((CODES.index(row.verdict),))
        )
        for row in rows
    )


def days_ago(days: float) -> datetime:
    return AS_OF - timedelta(days=days)


def unread(group: str, cause: Cause = Cause.DENIED) -> Unknown:
    return Unknown(cause=cause, call=CALLS[group])


def not_asked(group: str) -> OutOfScope:
    return OutOfScope(reason="managed by the provider", call=CALLS[group])


def cannot_exist(group: str) -> Inapplicable:
    return Inapplicable(reason="this kind of key has none", call=CALLS[group])


def evidence(group: str) -> Evidence:
    return Evidence(group=group, call=CALLS[group], request_id=f"req-{group}", sha256="0" * 64, raw=f"raw-{group}")


def statement(**changes: object) -> dict[str, object]:
    """An Allow of everything to the own account; `Condition={...}` adds, a value of None takes an element away."""
    whole: dict[str, object] = {
        "Sid": "Owner",
        "Effect": "Allow",
        "Principal": {"AWS": ROOT},
        "Action": "kms:*",
        "Resource": "*",
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def policy(*statements: dict[str, object]) -> Policy:
    """A key policy of these statements; without any the provider's default."""
    return Policy(document=json.dumps({"Version": "2012-10-17", "Statement": statements or [statement()]}))


def metadata(**changes: object) -> Metadata:
    """An enabled symmetric key of a customer, made two years before AS_OF."""
    default = Metadata(
        state=KeyState.ENABLED,
        manager=Manager.CUSTOMER,
        type=KeyType.SYMMETRIC,
        spec="SYMMETRIC_DEFAULT",
        usage=KeyUsage.ENCRYPT_DECRYPT,
        origin=Origin.PROVIDER,
        created_at=days_ago(730),
        description=None,
        deletion_at=None,
        deletion_window_days=None,
        material_expires_at=None,
        multi_region=MultiRegionRole.NONE,
        primary=None,
        replicas=(),
        key_store=None,
        current_material=None,
    )
    return replace(default, **changes)


def rotations(*moments: datetime) -> RotationHistory:
    """Automatic rotations at these moments, oldest first."""
    return RotationHistory(
        events=tuple(
            RotationEvent(at=moment, how=RotationKind.AUTOMATIC, material=None, material_expires_at=None)
            for moment in sorted(moments)
        )
    )


def key(**changes: object) -> Key:
    """A healthy customer key with every group read: rotated 100 days ago, used yesterday, fully tagged."""
    default = Key(
        id=KEY_ID,
        provider=Provider.AWS,
        account=ACCOUNT,
        region=REGION,
        metadata=metadata(),
        rotation=Rotation(enabled=True, period=timedelta(days=365), next_at=AS_OF + timedelta(days=265)),
        rotation_history=rotations(days_ago(465), days_ago(100)),
        policy=policy(),
        grants=Grants(items=()),
        aliases=Aliases(names=("alias/payments",)),
        tags=Tags(
            items={"owner": "payments", "purpose": "ledger", "data-class": "confidential", "environment": "prod"}
        ),
        last_use=LastUse(at=days_ago(1), operation="Decrypt", tracking_since=days_ago(200)),
        key_store=cannot_exist("key_store"),
        deletion_request=cannot_exist("deletion_request"),
        source={"KeyState": "Enabled"},
        evidence=(evidence("metadata"),),
    )
    return replace(default, **changes)


def provider_key(**changes: object) -> Key:
    """A key that the provider manages: described only."""
    default = key(
        id=KEY_ID[:-1] + "c",
        metadata=metadata(manager=Manager.PROVIDER),
        rotation=not_asked("rotation"),
        rotation_history=not_asked("rotation_history"),
        policy=not_asked("policy"),
        grants=not_asked("grants"),
        aliases=Aliases(names=("alias/aws/ebs",)),
        tags=not_asked("tags"),
        last_use=not_asked("last_use"),
    )
    return replace(default, **changes)


def trail(**changes: object) -> Trail:
    """A healthy multi-region trail with a locked, private log bucket, delivered an hour ago."""
    default = Trail(
        id=f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main",
        name="main",
        provider=Provider.AWS,
        account=ACCOUNT,
        home_region=REGION,
        multi_region=True,
        organisation=False,
        log_validation=True,
        log_group=None,
        key=None,
        bucket="audit-logs",
        status=TrailStatus(
            logging=True,
            latest_delivery_at=AS_OF - timedelta(hours=1),
            latest_delivery_error=None,
            latest_digest_at=AS_OF - timedelta(hours=1),
            latest_stream_delivery_at=None,
            latest_stream_delivery_error=None,
        ),
        selectors=Selectors(basic=(), advanced=()),
        bucket_versioning=BucketVersioning(enabled=True, mfa_delete=False),
        object_lock=ObjectLock(enabled=True, mode="COMPLIANCE", days=365),
        public_access_block=PublicAccessBlock(
            block_acls=True, ignore_acls=True, block_policy=True, restrict_buckets=True
        ),
        bucket_exposure=BucketExposure(public_policy=False),
        evidence=(evidence("status"),),
    )
    return replace(default, **changes)


def audit(*trails: Trail, **changes: object) -> AuditCoverage:
    """The audit coverage of the default account-region by these trails; without any, by the healthy one."""
    default = AuditCoverage(
        provider=Provider.AWS,
        account=ACCOUNT,
        region=REGION,
        trails=TrailList(items=trails or (trail(),)),
        evidence=(evidence("trails"),),
    )
    return replace(default, **changes)


def scope(**changes: object) -> Scope:
    """A scanned account-region that listed one key."""
    default = Scope(
        provider=Provider.AWS,
        account=ACCOUNT,
        account_name="retail",
        region=REGION,
        status=ScopeStatus.SCANNED,
        reason=None,
        approver=None,
        keys=Listing(listed=1, pages=1),
        calls=(),
        started_at=AS_OF,
        finished_at=AS_OF + timedelta(minutes=1),
        evidence=(evidence("keys"),),
    )
    return replace(default, **changes)


def store(name: str = "orders", key: str | None = KEY_ID, **changes: object) -> DataStore:
    """A database of the default account-region, encrypted with the default key."""
    default = DataStore(
        id=f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{name}",
        provider=Provider.AWS,
        account=ACCOUNT,
        region=REGION,
        type=StoreKind.DATABASE,
        name=name,
        copy=CopyKind.ORIGINAL,
        of=None,
        encryption=Encryption(encrypted=True, key=key),
        created_at=days_ago(30),
        expires_at=None,
        source={},
        evidence=(evidence("encryption"),),
    )
    return replace(default, **changes)


def saved(name: str = "nightly", key: str | None = KEY_ID, **changes: object) -> DataStore:
    """A snapshot of the default database, kept until somebody deletes it."""
    default = store(
        name,
        key,
        id=f"arn:aws:rds:{REGION}:{ACCOUNT}:snapshot:{name}",
        type=StoreKind.DATABASE_SNAPSHOT,
        copy=CopyKind.SNAPSHOT,
        of=store().id,
    )
    return replace(default, **changes)


def listing(stores: Unknown | None = None) -> StoreListing:
    """A listing of databases that ran to its end, or did not."""
    found = stores or Listing(listed=1, pages=1)
    return StoreListing(call=CALLS["stores"], kinds=(StoreKind.DATABASE,), within=None, stores=found)


def inventory(**changes: object) -> Inventory:
    """Everything asked for and answered, with the default key under one alias and one key of AWS under another."""
    default = Inventory(
        provider=Provider.AWS,
        account=ACCOUNT,
        region=REGION,
        listings=(listing(),),
        aliases=AliasTable(targets={"alias/payments": KEY_ID.rpartition("/")[2], "alias/aws/rds": None}),
        volume_default=VolumeDefault(encrypted=True),
        volume_key=VolumeKey(key="alias/aws/ebs"),
        evidence=(evidence("stores"), evidence("volume_default"), evidence("volume_key")),
    )
    return replace(default, **changes)


def shard(*keys: Key, **changes: object) -> Shard:
    """A scanned shard of these keys whose listing counts exactly them."""
    default = Shard(
        scope=scope(keys=Listing(listed=len(keys), pages=1)), audit=audit(), keys=keys, inventory=inventory()
    )
    return replace(default, **changes)


def moved(one: Shard, account: str = ACCOUNT, region: str = REGION) -> Shard:
    """The shard as it would be in another account-region; what its records refer to stays."""
    place: dict[str, object] = {"account": account, "region": region}
    return replace(
        one,
        scope=replace(one.scope, **place),
        audit=replace(one.audit, **place) if one.audit else None,
        inventory=replace(one.inventory, **place) if one.inventory else None,
        keys=tuple(replace(key, **place) for key in one.keys),
        stores=tuple(replace(store, **place) for store in one.stores),
    )


def header(**changes: object) -> SnapshotHeader:
    """The header of a simulated snapshot of AS_OF that says nothing more."""
    default = SnapshotHeader(
        schema=SNAPSHOT_SCHEMA,
        as_of=AS_OF,
        finished_at=AS_OF,
        tool=Tool(name="keymuster", version="0"),
        simulated=True,
        identities=(),
        endpoints=(),
        organisations=(),
        clock_offset_seconds={},
        regions_outside={},
    )
    return replace(default, **changes)


def view(one: Shard, *others: Shard) -> View:
    """A shard among others, without an organisation."""
    return look(one, neighbours([one, *others]))


def alone(*keys: Key) -> View:
    """Keys in a shard of their own."""
    return view(shard(*keys))
