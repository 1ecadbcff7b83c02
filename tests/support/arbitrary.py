"""Hypothesis strategies for whole records, every group read, unread, not asked for or impossible."""

import json
from datetime import datetime, timedelta

from hypothesis import strategies as st

from records import ACCOUNT, AS_OF, CALLS, KEY_ID, REGION, ROOT, cannot_exist, key, metadata, not_asked, trail
from scanner.model.key import (
    Aliases,
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
)
from scanner.model.trail import (
    AdvancedSelector,
    BasicSelector,
    BucketExposure,
    BucketVersioning,
    FieldSelector,
    ObjectLock,
    PublicAccessBlock,
    ReadWrite,
    Selectors,
    Trail,
    TrailStatus,
)
from scanner.model.unknown import Cause, Unknown

PRIMARY_ID = KEY_ID.replace(REGION, "us-east-1")


def moments() -> st.SearchStrategy[datetime]:
    return st.integers(-40, 4000).map(lambda days: AS_OF - timedelta(days=days))


def unknowns(group: str) -> st.SearchStrategy[Unknown]:
    return st.sampled_from(Cause).map(lambda cause: Unknown(cause=cause, call=CALLS[group]))


def metadatas() -> st.SearchStrategy[Metadata]:
    return st.builds(
        metadata,
        state=st.sampled_from(KeyState),
        manager=st.sampled_from(Manager),
        type=st.sampled_from(KeyType),
        usage=st.sampled_from(KeyUsage),
        origin=st.sampled_from(Origin),
        created_at=moments(),
        deletion_at=st.none() | moments(),
        material_expires_at=st.none() | moments(),
        multi_region=st.sampled_from(MultiRegionRole),
        primary=st.sampled_from((None, PRIMARY_ID, KEY_ID)),
    )


def rotation_settings() -> st.SearchStrategy[Rotation]:
    return st.builds(
        Rotation,
        enabled=st.booleans(),
        period=st.none() | st.sampled_from((90, 365, 2560)).map(lambda days: timedelta(days=days)),
        next_at=st.none() | moments(),
    )


def histories() -> st.SearchStrategy[RotationHistory]:
    event = st.builds(
        RotationEvent,
        at=moments(),
        how=st.sampled_from(RotationKind),
        material=st.none(),
        material_expires_at=st.none() | moments(),
    )
    return st.builds(RotationHistory, events=st.lists(event, max_size=3).map(tuple))


PRINCIPALS = (
    "*",
    ACCOUNT,
    ROOT,
    f"arn:aws:iam::{ACCOUNT}:role/admin",
    f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
    f"arn:aws:sts::{ACCOUNT}:assumed-role/admin/session",
    "arn:aws:iam::999988887777:root",
    "AROAEXAMPLEEXAMPLE123",
    f"arn:aws:iam::{ACCOUNT}:role/*",
)


def statements() -> st.SearchStrategy[dict[str, object]]:
    principal = st.fixed_dictionaries({"AWS": st.sampled_from(PRINCIPALS)}) | st.just("*")
    return st.fixed_dictionaries(
        {
            "Effect": st.sampled_from(("Allow", "Deny")),
            "Principal": principal,
            "Action": st.sampled_from(("kms:*", "kms:PutKeyPolicy", "kms:Decrypt", "*")),
            "Resource": st.sampled_from(("*", KEY_ID, "arn:aws:kms:*:*:key/other")),
        },
        optional={"Condition": st.just({"StringEquals": {"aws:PrincipalTag/team": "keys"}})},
    )


def policies() -> st.SearchStrategy[Policy]:
    documents = st.lists(statements(), min_size=1, max_size=4).map(lambda parts: json.dumps({"Statement": parts}))
    return st.builds(Policy, document=documents | st.just("{}"))


def tag_sets() -> st.SearchStrategy[Tags]:
    names = st.sampled_from(("owner", "Owner", "purpose", "data-class", "DATA_CLASS", "env", "other"))
    return st.builds(Tags, items=st.dictionaries(names, st.sampled_from(("", "  ", "payments", "prod")), max_size=4))


def key_stores() -> st.SearchStrategy[KeyStore]:
    return st.builds(KeyStore, id=st.just("cks-1"), name=st.none(), connected=st.booleans(), error=st.none())


def last_uses() -> st.SearchStrategy[LastUse]:
    return st.builds(LastUse, at=st.none() | moments(), operation=st.none(), tracking_since=st.none() | moments())


def keys() -> st.SearchStrategy[Key]:
    """Keys whose groups are independently read or not; combinations no provider shows are included."""
    return st.builds(
        key,
        provider=st.sampled_from(Provider),
        metadata=metadatas() | unknowns("metadata"),
        rotation=rotation_settings()
        | unknowns("rotation")
        | st.sampled_from((not_asked("rotation"), cannot_exist("rotation"))),
        rotation_history=histories()
        | unknowns("rotation_history")
        | st.sampled_from((not_asked("rotation_history"), cannot_exist("rotation_history"))),
        policy=policies() | unknowns("policy") | st.just(not_asked("policy")),
        grants=st.just(Grants(items=())) | unknowns("grants") | st.just(not_asked("grants")),
        aliases=st.sampled_from((Aliases(names=()), Aliases(names=("alias/a",)))) | unknowns("aliases"),
        tags=tag_sets() | unknowns("tags") | st.just(not_asked("tags")),
        last_use=last_uses() | unknowns("last_use") | st.just(not_asked("last_use")),
        key_store=key_stores() | unknowns("key_store") | st.just(cannot_exist("key_store")),
        deletion_request=unknowns("deletion_request") | st.just(cannot_exist("deletion_request")),
    )


def _fields() -> st.SearchStrategy[FieldSelector]:
    values = st.lists(
        st.sampled_from(("Management", "Data", "true", "false", "kms.amazonaws.com", "kms.", "amazonaws.com")),
        max_size=2,
    ).map(tuple)
    return st.builds(
        FieldSelector,
        field=st.sampled_from(("eventCategory", "readOnly", "eventSource", "eventName", "userIdentity.arn")),
        equals=values,
        starts_with=values,
        ends_with=values,
        not_equals=values,
        not_starts_with=values,
        not_ends_with=values,
    )


def selector_sets() -> st.SearchStrategy[Selectors]:
    basic = st.builds(
        BasicSelector,
        read_write=st.sampled_from(ReadWrite),
        management=st.booleans(),
        excluded_sources=st.sampled_from(((), ("kms.amazonaws.com",), ("rdsdata.amazonaws.com",))),
    )
    advanced = st.builds(AdvancedSelector, fields=st.lists(_fields(), max_size=3).map(tuple))
    return st.builds(
        Selectors,
        basic=st.lists(basic, max_size=2).map(tuple),
        advanced=st.lists(advanced, max_size=2).map(tuple),
    )


def trails() -> st.SearchStrategy[Trail]:
    """Trails whose groups are independently read or not."""
    flag = st.booleans()
    status = st.builds(
        TrailStatus,
        logging=flag,
        latest_delivery_at=st.none() | moments(),
        latest_delivery_error=st.none() | st.just("NoSuchBucket"),
        latest_digest_at=st.none(),
        latest_stream_delivery_at=st.none(),
        latest_stream_delivery_error=st.none(),
    )
    lock = st.builds(
        ObjectLock, enabled=flag, mode=st.sampled_from((None, "COMPLIANCE", "GOVERNANCE", "NEW")), days=st.none()
    )
    block = st.builds(PublicAccessBlock, block_acls=flag, ignore_acls=flag, block_policy=flag, restrict_buckets=flag)
    return st.builds(
        trail,
        multi_region=flag,
        status=status | unknowns("status"),
        selectors=selector_sets() | unknowns("selectors"),
        bucket_versioning=st.builds(BucketVersioning, enabled=flag, mfa_delete=flag) | unknowns("bucket_versioning"),
        object_lock=lock | unknowns("object_lock"),
        public_access_block=block | unknowns("public_access_block"),
        bucket_exposure=st.builds(BucketExposure, public_policy=flag) | unknowns("bucket_exposure"),
    )
