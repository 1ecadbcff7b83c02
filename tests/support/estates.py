"""Hypothesis strategies for whole records: any key, trail or scope a provider could describe, read or unread."""

import json
from datetime import timedelta

import msgspec
from hypothesis import strategies as st

from places import ACCOUNT, ARN, AS_OF, HERE, ID, OTHER, REFERENCES, REGION, THERE
from records import CALLS, header
from scanner.model.key import (
    NOT_TRACKED,
    Aliases,
    DeletionRequest,
    Grants,
    Key,
    KeyState,
    KeyStore,
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
    Tracked,
)
from scanner.model.named import NOT_NAMED, NamedResource, NamedResources
from scanner.model.scope import Listing, Scope, ScopeStatus
from scanner.model.snapshot import Organisation, Shard, Snapshot
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.trail import (
    AdvancedSelector,
    AuditCoverage,
    BasicSelector,
    BucketExposure,
    BucketVersioning,
    FieldSelector,
    ObjectLock,
    PublicAccessBlock,
    ReadWrite,
    Selectors,
    Trail,
    TrailList,
    TrailStatus,
)
from scanner.model.unknown import Cause, Inapplicable, Unknown
from stored import WINDOW, denials, inventories, mostly, stores, trees

HEADER = header(as_of=AS_OF, finished_at=AS_OF + timedelta(minutes=5))

# few values close to every limit make collisions between groups likely
DAYS = st.sampled_from([-40, -1, 0, 1, 6, 7, 8, 29, 30, 31, 90, 364, 365, 366, 372, 373, 730, 1094, 1095, 1096, 2000])
PAST = DAYS.map(lambda days: AS_OF - timedelta(days=abs(days)))
FUTURE = DAYS.map(lambda days: AS_OF + timedelta(days=days))
TEXT = st.sampled_from(["payments", "public", "restricted", " ", "", "<script>", "=1+1"])


def optional(strategy):
    return st.none() | strategy


def statement(effect, principal, action, condition):
    body = {"Effect": effect, "Principal": principal, "Action": action, "Resource": "*"}
    return {**body, "Condition": condition} if condition else body


STATEMENTS = st.builds(
    statement,
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(
        [
            *("*", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, {"AWS": OTHER}, {"AWS": "AROAEXAMPLEEXAMPLE123"}),
            *({"Service": "logs.amazonaws.com"}, {"AWS": "999999999999"}),
        ]
    ),
    st.sampled_from(["kms:*", "kms:Decrypt", "kms:PutKeyPolicy", ["KMS:put*", "kms:Encrypt"], "kms:ScheduleKey*"]),
    st.sampled_from(
        [
            *(None, None, {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
            *({"StringEquals": {"kms:CallerAccount": ACCOUNT}}, {"NumericLessThan": {WINDOW: "14"}}),
        ]
    ),
)

METADATA = st.builds(
    Metadata,
    state=st.sampled_from(KeyState),
    manager=st.sampled_from([Manager.CUSTOMER, Manager.CUSTOMER, Manager.CUSTOMER, Manager.PROVIDER]),
    type=st.sampled_from(KeyType),
    spec=st.just("SYMMETRIC_DEFAULT"),
    usage=st.sampled_from(KeyUsage),
    origin=st.sampled_from(Origin),
    created_at=PAST,
    description=st.none(),
    deletion_at=optional(FUTURE),
    deletion_window_days=st.none(),
    material_expires_at=optional(FUTURE),
    multi_region=st.sampled_from(MultiRegionRole),
    primary=st.sampled_from([None, f"{ARN}00000000{ID}", f"{ARN}elsewhere"]),
    replicas=st.just(()),
    key_store=st.none(),
    current_material=st.none(),
)
PRIMARY = METADATA.map(lambda found: msgspec.structs.replace(found, multi_region=MultiRegionRole.PRIMARY))
"""The key that replicas name as their primary is one, as far as it can be described."""

ROTATION = st.builds(
    Rotation,
    enabled=st.booleans(),
    period=optional(st.sampled_from([timedelta(days=days) for days in (90, 365, 366, 730)])),
    next_at=optional(FUTURE),
)
HISTORY = st.builds(
    RotationHistory,
    events=st.lists(
        st.builds(
            RotationEvent,
            at=PAST,
            how=st.sampled_from(RotationKind),
            material=st.none(),
            material_expires_at=st.none(),
        ),
        max_size=2,
    ).map(tuple),
)
NO_ROTATION = st.sampled_from([Inapplicable(reason="no automatic rotation", call="kms:GetKeyRotationStatus")])


def group(name, strategy):
    """A group that was read, or was not for any cause."""
    unknown = st.builds(Unknown, cause=st.sampled_from(Cause), call=st.just(CALLS[name]))
    return mostly(strategy, unknown)


COUNTS = st.just(NOT_TRACKED) | st.builds(
    Tracked,
    resources=st.integers(0, 3),
    projects=st.just(1),
    types=st.just({}),
    warnings=st.sampled_from([(), ("INSUFFICIENT_PERMISSIONS_PARTIAL_DATA",)]),
)


def named_under(number, account, region):
    """What the provider names under a key of that place, or nothing where it was not asked."""
    item = st.builds(
        NamedResource,
        id=st.sampled_from([f"//{account}/{region}/{number}/{name}" for name in "ab"]),
        word=st.just("x.googleapis.com/Thing"),
        type=st.sampled_from([StoreKind.OTHER, StoreKind.DATABASE_BACKUP]),
        copy=st.sampled_from([CopyKind.ORIGINAL, CopyKind.BACKUP]),
        account=st.just(account),
        region=st.just(region),
    )
    found = st.lists(item, max_size=2, unique_by=lambda one: one.id).map(tuple)
    return st.just(NOT_NAMED) | st.builds(NamedResources, call=st.just(CALLS["protects"]), items=found)


@st.composite
def policies(draw):
    """Policies that let both accounts in, so that each may keep stores under the key."""
    shared = statement("Allow", {"AWS": [ACCOUNT, OTHER]}, "kms:*", None)
    found = draw(st.lists(STATEMENTS | denials("*"), max_size=3))
    document = {"Version": "2012-10-17", "Statement": [*found, shared]}
    return Policy(document=json.dumps(document))


@st.composite
def keys(draw, number: int, place=HERE):
    account, region = place
    return Key(
        id=f"arn:aws:kms:{region}:{account}:key/{number:08d}{ID}",
        provider=Provider.AWS,
        account=account,
        region=region,
        metadata=draw(group("metadata", PRIMARY if number == 0 and place == HERE else METADATA)),
        rotation=draw(group("rotation", ROTATION | NO_ROTATION)),
        rotation_history=draw(group("rotation_history", HISTORY)),
        policy=draw(group("policy", policies())),
        grants=draw(group("grants", st.just(Grants(items=())))),
        aliases=draw(group("aliases", st.just(Aliases(names=("alias/a",))))),
        tags=draw(
            group(
                "tags",
                st.builds(
                    Tags,
                    items=st.dictionaries(st.sampled_from(["Owner", "owner", "purpose", "data-class", "env"]), TEXT),
                ),
            )
        ),
        last_use=draw(
            group("last_use", st.builds(LastUse, at=optional(PAST), operation=st.none(), tracking_since=optional(PAST)))
        ),
        key_store=draw(
            group(
                "key_store",
                st.builds(KeyStore, id=st.just("cks-1"), name=st.none(), connected=st.booleans(), error=st.none()),
            )
        ),
        deletion_request=draw(
            group("deletion_request", st.builds(DeletionRequest, at=PAST, actor=st.none(), window_days=st.just(30)))
        ),
        source={},
        evidence=(),
        tracked=draw(group("tracked", COUNTS)),
        protects=draw(group("protects", named_under(number, account, region))),
    )


SELECTORS = st.builds(
    Selectors,
    basic=st.lists(
        st.builds(
            BasicSelector,
            read_write=st.sampled_from(ReadWrite),
            management=st.booleans(),
            excluded_sources=st.sampled_from([(), ("kms.amazonaws.com",), ("rdsdata.amazonaws.com",)]),
        ),
        max_size=2,
    ).map(tuple),
    advanced=st.lists(
        st.builds(
            AdvancedSelector,
            fields=st.lists(
                st.builds(
                    FieldSelector,
                    field=st.sampled_from(["eventCategory", "readOnly", "eventSource", "eventName"]),
                    equals=st.sampled_from([(), ("Management",), ("true",), ("kms.amazonaws.com",)]),
                    starts_with=st.just(()),
                    ends_with=st.just(()),
                    not_equals=st.sampled_from([(), ("kms.amazonaws.com",), ("rdsdata.amazonaws.com",)]),
                    not_starts_with=st.just(()),
                    not_ends_with=st.just(()),
                ),
                max_size=3,
            ).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
)


def trail_group(strategy, call):
    return mostly(strategy, st.builds(Unknown, cause=st.sampled_from(Cause), call=st.just(call)))


@st.composite
def trails(draw, number: int, account: str = ACCOUNT):
    return Trail(
        id=f"arn:aws:cloudtrail:{REGION}:{account}:trail/{number}",
        name=f"trail-{number}",
        provider=Provider.AWS,
        account=account,
        home_region=draw(st.sampled_from([REGION, "us-east-1"])),
        multi_region=draw(st.booleans()),
        organisation=draw(st.booleans()),
        log_validation=draw(st.booleans()),
        log_group=None,
        key=draw(st.sampled_from([None, *REFERENCES])),
        bucket=f"logs-{number}",
        status=draw(
            trail_group(
                st.builds(
                    TrailStatus,
                    logging=st.booleans(),
                    latest_delivery_at=optional(PAST),
                    latest_delivery_error=optional(st.just("AccessDenied")),
                    latest_digest_at=st.none(),
                    latest_stream_delivery_at=st.none(),
                    latest_stream_delivery_error=st.none(),
                ),
                "cloudtrail:GetTrailStatus",
            )
        ),
        selectors=draw(trail_group(SELECTORS, "cloudtrail:GetEventSelectors")),
        bucket_versioning=draw(
            trail_group(
                st.builds(BucketVersioning, enabled=st.booleans(), mfa_delete=st.booleans()), "s3:GetBucketVersioning"
            )
        ),
        object_lock=draw(
            trail_group(
                st.builds(
                    ObjectLock,
                    enabled=st.booleans(),
                    mode=st.sampled_from([None, "COMPLIANCE", "GOVERNANCE"]),
                    days=st.sampled_from([None, 30]),
                ),
                "s3:GetBucketObjectLockConfiguration",
            )
        ),
        public_access_block=draw(
            trail_group(
                st.builds(
                    PublicAccessBlock,
                    block_acls=st.booleans(),
                    ignore_acls=st.booleans(),
                    block_policy=st.booleans(),
                    restrict_buckets=st.booleans(),
                ),
                "s3:GetBucketPublicAccessBlock",
            )
        ),
        bucket_exposure=draw(
            trail_group(st.builds(BucketExposure, public_policy=st.booleans()), "s3:GetBucketPolicyStatus")
        ),
        evidence=(),
    )


@st.composite
def shards(draw, place=HERE):
    account, region = place
    count = draw(st.integers(0, 2))
    made = tuple(draw(keys(number, place)) for number in range(count))
    listed = [st.just(Listing(listed=number, pages=1)) for number in (count, count + 1)]
    unlisted = st.builds(Unknown, cause=st.sampled_from(Cause), call=st.just("kms:ListKeys"))
    trail_list = st.builds(
        TrailList, items=st.integers(0, 2).flatmap(lambda n: st.tuples(*(trails(i, account) for i in range(n))))
    )
    ids = [f"arn:aws:rds:{there}:{owner}:db:store-{number}" for owner, there in (HERE, THERE) for number in range(3)]
    held = inventories(place, [key.id for key in made], REFERENCES)
    return Shard(
        scope=Scope(
            provider=Provider.AWS,
            account=account,
            account_name=None,
            region=region,
            status=draw(st.sampled_from(ScopeStatus)),
            reason=draw(st.none() | st.just("sandbox")),
            approver=draw(st.none() | st.just("ciso")),
            keys=draw(mostly(listed[0], listed[1] | unlisted)),
            calls=(),
            started_at=AS_OF,
            finished_at=AS_OF,
            evidence=(),
        ),
        audit=AuditCoverage(
            provider=Provider.AWS,
            account=account,
            region=region,
            trails=draw(trail_group(trail_list, "cloudtrail:DescribeTrails")),
            evidence=(),
        ),
        keys=made,
        inventory=draw(mostly(held, st.none())),
        stores=tuple(draw(stores(place, number, REFERENCES, ids)) for number in range(draw(st.integers(0, 3)))),
    )


def snapshots():
    """One or two accounts in one region, with or without an organisation around them."""
    parts = shards().map(lambda one: (one,)) | st.tuples(shards(), shards(THERE))
    organisations = mostly(st.tuples(trees((ACCOUNT, OTHER))), st.just(()))
    counted = st.builds(
        Organisation,
        provider=st.just(Provider.AWS),
        accounts=st.just(2)
        | st.builds(Unknown, cause=st.sampled_from(Cause), call=st.just("organizations:ListAccounts")),
    )
    return st.builds(
        lambda found, around, told: Snapshot(
            header=msgspec.structs.replace(HEADER, organisations=told), shards=shown(found), organisations=around
        ),
        parts,
        organisations,
        st.just(()) | st.tuples(counted),
    )


def shown(found: tuple[Shard, ...]) -> list[Shard]:
    """The shards, the second of which sees the organisation's trails of the first as well."""
    first, *others = found
    if not isinstance(first.audit.trails, TrailList):
        return [*found]
    shared = tuple(trail for trail in first.audit.trails.items if trail.organisation)
    return [first, *(_seeing(one, shared) for one in others)]


def _seeing(one: Shard, more: tuple[Trail, ...]) -> Shard:
    if not isinstance(one.audit.trails, TrailList):
        return one
    items = TrailList(items=(*one.audit.trails.items, *more))
    return msgspec.structs.replace(one, audit=msgspec.structs.replace(one.audit, trails=items))
