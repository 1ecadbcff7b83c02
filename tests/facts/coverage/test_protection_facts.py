import pytest

from records import (
    ACCOUNT,
    KEY_ID,
    REGION,
    audit,
    days_ago,
    header,
    inventory,
    key,
    listing,
    metadata,
    moved,
    not_asked,
    policy,
    provider_key,
    saved,
    shard,
    statement,
    store,
    trail,
    unread,
    view,
)
from scanner.facts.coverage.blast import UNLISTED, protections, rows_of
from scanner.facts.coverage.protection import derive_protection
from scanner.facts.coverage.view import look
from scanner.facts.neighbours import neighbours, neighbours_of
from scanner.facts.subjects import ProtectionFacts
from scanner.model.key import Grant, Grants, KeyState
from scanner.model.snapshot import Snapshot
from scanner.model.store import Encryption, VolumeKey
from scanner.model.store_kind import StoreKind
from scanner.model.trail import TrailList
from scanner.model.unknown import Cause, Unknown

GONE = "00000000-0000-4000-8000-000000000000"
OTHER, ELSEWHERE = "444455556666", "us-east-1"
OPEN = unread("policy", Cause.UNSUPPORTED)


def protection(*stores, others=(), subject=None, **changes) -> ProtectionFacts:
    subject = subject or key()
    return derive_protection(subject, view(shard(subject, stores=stores, **changes), *others))


def test_a_key_protects_what_refers_to_it_in_any_form() -> None:
    found = protection(store("b"), store("a", "alias/payments"), store("c", None), store("d", GONE))
    assert [item.name for item in found.stores] == ["a", "b"]
    assert (found.complete, found.in_use) == (True, True)


def test_a_key_without_a_store_is_certainly_unused_only_when_all_was_listed() -> None:
    assert (protection().in_use, protection().stores) == (False, ())
    cut = inventory(listings=(listing(), listing(unread("stores"))))
    blind = protection(inventory=cut)
    assert blind.in_use == blind.complete == blind.stores == unread("stores")
    seen = protection(store(), inventory=cut)
    assert (seen.in_use, seen.stores) == (True, unread("stores"))


@pytest.mark.parametrize(
    ("stores", "changes", "reason"),
    [
        ((store(encryption=unread("encryption")),), {}, unread("encryption")),
        ((store(key="alias/x"),), {"inventory": inventory(aliases=unread("aliases"))}, unread("aliases")),
        ((store(key="no reference"),), {}, unread("metadata", Cause.UNSUPPORTED)),
        ((), {"inventory": None}, Unknown(cause=Cause.NOT_COLLECTED, call="ec2:DescribeVolumes")),
        ((), {"subject": key(policy=unread("policy"))}, unread("policy")),
        ((), {"subject": key(grants=unread("grants"))}, unread("grants")),
        ((), {"subject": key(policy=not_asked("policy"))}, unread("policy", Cause.NOT_COLLECTED)),
        ((), {"subject": key(metadata=unread("metadata"))}, unread("metadata")),
        ((), {"inventory": inventory(volume_key=unread("volume_key"))}, unread("volume_key")),
        ((), {"audit": audit(trails=unread("trails"))}, unread("trails")),
        ((), {"audit": audit(trail(key="no reference"))}, unread("metadata", Cause.UNSUPPORTED)),
    ],
)
def test_every_gap_leaves_it_open_whether_more_rests_on_the_key(stores, changes, reason) -> None:
    found = protection(*stores, **changes)
    assert (found.complete, found.in_use) == (reason, reason)


def test_unread_aliases_hide_nothing_while_no_store_is_named_by_one() -> None:
    assert protection(store(), inventory=inventory(aliases=unread("aliases"))).complete is True


def let_in(principal: object, **changes: object):
    return key(policy=policy(statement(), statement(Sid="Other", Principal=principal, **changes)))


@pytest.mark.parametrize("principal", [OTHER, f"arn:aws:iam::{OTHER}:root", f"arn:aws:iam::{OTHER}:role/app"])
def test_an_account_that_is_let_in_must_have_been_read(principal: str) -> None:
    subject = let_in({"AWS": principal})
    missing = protection(subject=subject).complete
    assert isinstance(missing, Unknown)
    assert missing.cause is Cause.NOT_COLLECTED
    assert protection(subject=subject, others=(moved(shard(), OTHER),)).complete is True
    cut = moved(shard(inventory=inventory(listings=(listing(unread("stores")),))), OTHER)
    assert protection(subject=subject, others=(cut,)).complete == unread("stores")
    assert protection(subject=subject, others=(moved(shard(), OTHER, ELSEWHERE),)).complete == missing


@pytest.mark.parametrize(
    ("principal", "changes", "complete"),
    [
        ("*", {}, OPEN),
        ("*", {"Action": "kms:DescribeKey"}, True),
        ("*", {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, OPEN),
        ("*", {"Condition": {"StringEquals": {"kms:CallerAccount": ACCOUNT}}}, True),
        ("*", {"Condition": {"StringEqualsIfExists": {"kms:CallerAccount": ACCOUNT}}}, OPEN),
        ("*", {"Condition": {"StringNotEquals": {"kms:CallerAccount": ACCOUNT}}}, OPEN),
        ("*", {"Condition": {"ForAllValues:StringEquals": {"kms:CallerAccount": ACCOUNT}}}, OPEN),
        ("*", {"Condition": {"StringLike": {"kms:CallerAccount": "1111*"}}}, OPEN),
        ({"AWS": "AROAEXAMPLEEXAMPLE123"}, {}, True),
        ({"Service": "logs.amazonaws.com"}, {}, OPEN),
        ({"Service": "logs.amazonaws.com"}, {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}, True),
        (
            {"Service": "logs.amazonaws.com"},
            {"Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:*"}}},
            True,
        ),
        (
            {"Service": "logs.amazonaws.com"},
            {"Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:*:*:*"}}},
            OPEN,
        ),
    ],
)
def test_whom_a_policy_lets_in_for_all_that_is_known(principal, changes, complete) -> None:
    assert protection(subject=let_in(principal, **changes)).complete == complete


def test_not_principal_lets_anybody_in() -> None:
    odd = key(policy=policy(statement(Principal=None, NotPrincipal={"AWS": OTHER})))
    assert protection(subject=odd).complete == OPEN


def test_a_grant_lets_an_account_in_like_a_policy() -> None:
    grant = Grant(
        id="1",
        name=None,
        grantee=f"arn:aws:iam::{OTHER}:role/app",
        grantee_is_service=False,
        retiring=None,
        issuer=None,
        created_at=None,
        operations=("Decrypt",),
        context_equals=None,
        context_subset=None,
        source_arn=None,
    )
    assert isinstance(protection(subject=key(grants=Grants(items=(grant,)))).complete, Unknown)


def test_nobody_else_can_use_a_key_of_aws() -> None:
    assert protection(subject=provider_key()).complete is True


def test_a_store_of_another_account_counts() -> None:
    far = moved(shard(stores=(store("far"),)), OTHER)
    found = protection(subject=let_in({"AWS": OTHER}), others=(far,))
    assert [(item.name, item.account) for item in found.stores] == [("far", OTHER)]


def test_an_alias_of_the_key_that_another_account_uses_and_nobody_read_leaves_it_open() -> None:
    alias = f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/payments"
    far = moved(shard(stores=(store("far", alias),)), OTHER)
    assert [item.name for item in protection(others=(far,)).stores] == ["far"]
    blind = protection(others=(far,), inventory=inventory(aliases=unread("aliases")))
    assert blind.in_use == unread("aliases")


NO_TRAILS = audit(trails=TrailList(items=()))


def test_log_files_of_a_trail_and_the_default_for_volumes_rest_on_their_key() -> None:
    found = protection(audit=audit(trail(key=KEY_ID)), inventory=inventory(volume_key=VolumeKey(key=KEY_ID)))
    assert [(item.kind, item.name, item.region) for item in found.stores] == [
        (StoreKind.TRAIL_LOGS, "main", REGION),
        (StoreKind.NEW_VOLUMES, f"new volumes of {REGION}", REGION),
    ]
    assert (found.in_use, found.complete) == (True, True)


def test_the_providers_own_default_for_volumes_can_be_taken_away_by_nobody() -> None:
    assert protection(inventory=inventory(volume_key=VolumeKey(key="alias/aws/ebs"))).in_use is False


@pytest.mark.parametrize("owner", [ACCOUNT, OTHER])
def test_a_trail_counts_wherever_it_was_seen_once(owner: str) -> None:
    shown = audit(trail(key=KEY_ID, account=owner, home_region=ELSEWHERE))
    there = moved(shard(audit=shown), OTHER, ELSEWHERE)
    assert [item.name for item in protection(audit=NO_TRAILS, others=(there,)).stores] == ["main"]
    assert len(protection(audit=shown, others=(there,)).stores) == 1


def test_trails_of_another_region_that_were_not_read_leave_it_open() -> None:
    blind = audit(trails=unread("trails"))
    assert protection(others=(moved(shard(audit=blind), region=ELSEWHERE),)).in_use == unread("trails")
    assert protection(others=(moved(shard(audit=blind), OTHER, ELSEWHERE),)).in_use is False
    shared = let_in({"AWS": OTHER})
    others = (moved(shard(), OTHER), moved(shard(audit=blind), OTHER, ELSEWHERE))
    assert protection(subject=shared, others=others).in_use == unread("trails")


TRAILS_ELSEWHERE = Unknown(cause=Cause.NOT_COLLECTED, call="cloudtrail:DescribeTrails")
BOUND = {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}


@pytest.mark.parametrize(
    ("service", "outside", "in_use"),
    [
        ("cloudtrail.amazonaws.com", (ELSEWHERE,), TRAILS_ELSEWHERE),
        ("cloudtrail.amazonaws.com", unread("keys"), unread("keys")),
        ("cloudtrail.amazonaws.com", (), False),
        ("logs.amazonaws.com", (ELSEWHERE,), False),
    ],
)
def test_a_key_that_lets_trails_in_may_be_under_one_of_a_region_out_of_scope(service, outside, in_use) -> None:
    subject = let_in({"Service": service}, **BOUND)
    one = shard(subject)
    snapshot = Snapshot(header=header(regions_outside={ACCOUNT: outside}), shards=[one], organisations=())
    assert derive_protection(subject, look(one, neighbours_of(snapshot))).in_use == in_use


def rows(*shards):
    around = neighbours(shards)
    return protections(row for one in shards for row in rows_of(look(one, around)))


def test_rows_name_keys_that_protect_or_that_stopped() -> None:
    idle, dying = key(id=KEY_ID + "0"), key(id=KEY_ID + "1", metadata=metadata(state=KeyState.PENDING_DELETION))
    found = rows(shard(key(), idle, dying, stores=(store(), saved())))
    assert [(row.key, row.state, len(row.stores), row.kept) for row in found] == [
        (KEY_ID, "enabled", 2, True),
        (dying.id, "pending_deletion", 0, False),
    ]


def test_a_key_that_is_nowhere_listed_gathers_stores_of_all_shards() -> None:
    gone = KEY_ID.replace(ACCOUNT, "999988887777")
    far = moved(shard(stores=(store("far", gone, id="far"),)), OTHER)
    (row,) = rows(shard(stores=(store("near", gone, id="near"),)), far)
    assert (row.key, row.listed, row.state, [item.id for item in row.stores]) == (
        gone,
        False,
        UNLISTED,
        ["far", "near"],
    )


def test_references_that_lead_nowhere_keep_apart_by_place() -> None:
    blind = inventory(aliases=unread("aliases"))
    one = shard(inventory=blind, stores=(store(key="alias/x"),))
    two = moved(shard(inventory=blind, stores=(store(key="alias/x", id="two"),)), OTHER)
    found = rows(one, two)
    assert [row.key for row in found] == [f"arn:aws:kms:{REGION}:{owner}:alias/x" for owner in (ACCOUNT, OTHER)]
    assert {row.unread for row in found} == {(unread("aliases"),)}


def test_how_long_backups_need_a_key_is_the_latest_expiry_unless_one_is_kept() -> None:
    (row,) = rows(
        shard(key(), stores=(store(), saved("a", expires_at=days_ago(-5)), saved("b", expires_at=days_ago(-9))))
    )
    assert (row.backup_expires_at, row.kept) == (days_ago(-9), False)
    missing = saved("b", expires_at=unread("expires_at"))
    (open_end,) = rows(shard(key(), stores=(saved("a", expires_at=days_ago(-5)), missing)))
    assert (open_end.backup_expires_at, open_end.kept) == (unread("expires_at"), False)
    (both,) = rows(shard(key(), stores=(saved("a"), missing)))
    assert (both.backup_expires_at, both.kept) == (None, True)
    (kept,) = rows(shard(key(), stores=(saved("a", expires_at=days_ago(-5)), saved("b"))))
    assert (kept.backup_expires_at, kept.kept) == (None, True)


def test_unencrypted_stores_rest_on_nothing() -> None:
    assert rows(shard(key(), stores=(store(encryption=Encryption(encrypted=False, key=KEY_ID)),))) == ()
