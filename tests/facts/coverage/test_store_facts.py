from datetime import timedelta

import pytest

from records import (
    ACCOUNT,
    AS_OF,
    KEY_ID,
    REGION,
    days_ago,
    evidence,
    inventory,
    key,
    listing,
    metadata,
    moved,
    provider_key,
    saved,
    scope,
    shard,
    store,
    unread,
    view,
)
from scanner.facts.coverage.blast import rows_of
from scanner.facts.coverage.stores import derive_store
from scanner.facts.coverage.view import look
from scanner.facts.neighbours import Neighbours, neighbours
from scanner.facts.subjects import DataStoreFacts
from scanner.model.key import KeyState, Provider
from scanner.model.scope import Listing
from scanner.model.store import AliasTable, Encryption
from scanner.model.store_kind import CopyKind
from scanner.model.unknown import Cause, Unknown
from scanner.outputs.protection_words import is_at_risk, outliving

GONE = "00000000-0000-4000-8000-000000000000"
OTHER, ELSEWHERE = "444455556666", "us-east-1"
FAR = KEY_ID.replace(ACCOUNT, OTHER)
UNSEEN = unread("metadata", Cause.NOT_COLLECTED)


def facts(one, *keys, **changes) -> DataStoreFacts:
    return derive_store(one, view(shard(*keys, stores=(one,), **changes)), AS_OF)


def key_of(one: DataStoreFacts) -> tuple[object, ...]:
    assert (one.key.account is None) is (one.key.id is None)
    return one.key.id, one.key.listed, one.key.state, one.key.ours, one.key.deletion_at


def test_a_store_under_a_listed_key_of_the_customer() -> None:
    found = facts(store(), key())
    assert (found.encrypted, found.customer_key) == (True, True)
    assert key_of(found) == (KEY_ID, True, KeyState.ENABLED, True, None)
    assert found.evidence == (evidence("encryption"), evidence("metadata"))


def test_a_store_that_is_not_encrypted_or_with_an_invisible_key_has_no_key() -> None:
    for encryption, encrypted in (
        (Encryption(encrypted=False, key=None), False),
        (Encryption(encrypted=True, key=None), True),
    ):
        found = facts(store(encryption=encryption), key())
        assert (found.encrypted, found.customer_key) == (encrypted, False)
        assert (found.key.reference, *key_of(found)) == (None,) * 6


def test_unread_encryption_leaves_everything_open() -> None:
    found = facts(store(encryption=unread("encryption")), key())
    assert {found.encrypted, found.customer_key, found.key.reference, *key_of(found)} == {unread("encryption")}


def test_a_key_of_aws_is_no_customers_by_alias_or_by_description() -> None:
    assert facts(store(key="alias/aws/rds"), key()).customer_key is False
    assert facts(store(key=provider_key().id), provider_key()).customer_key is False


def test_a_key_that_its_region_does_not_list_any_more_is_gone() -> None:
    found = facts(store(key=GONE), key())
    assert key_of(found) == (KEY_ID.replace(KEY_ID.rpartition("/")[2], GONE), False, None, True, None)
    assert found.customer_key == UNSEEN


def test_a_key_missing_from_an_unread_or_cut_listing_is_unknown() -> None:
    denied = facts(store(key=GONE), key(), scope=scope(keys=unread("keys")))
    assert denied.key.listed == denied.key.state == denied.customer_key == unread("keys")
    short = facts(store(key=GONE), key(), scope=scope(keys=Listing(listed=2, pages=1)))
    assert short.key.listed == unread("metadata", Cause.ERROR)
    assert facts(store(), key(), scope=scope(keys=unread("keys"))).key.listed is True


def test_a_dangling_alias_names_no_key() -> None:
    found = facts(store(key="alias/none"), key())
    assert key_of(found)[:4] == (None, False, None, None)


def test_a_key_of_another_account_of_the_snapshot_is_found_there() -> None:
    own, far = (
        shard(stores=(store(key=FAR),)),
        moved(shard(key(id=FAR, metadata=metadata(state=KeyState.DISABLED))), OTHER),
    )
    found = derive_store(store(key=FAR), view(own, far), AS_OF)
    assert key_of(found) == (FAR, True, KeyState.DISABLED, True, None)
    assert found.customer_key is True


def test_a_key_of_a_stranger_is_neither_ours_nor_seen() -> None:
    found = facts(store(key=FAR), key())
    assert key_of(found) == (FAR, UNSEEN, UNSEEN, False, UNSEEN)
    assert (found.key.account, facts(store(), key()).key.account) == (OTHER, ACCOUNT)
    assert found.customer_key == UNSEEN


def test_whether_an_account_is_ours_stays_open_while_the_organisation_is_not_listed() -> None:
    denied = Unknown(cause=Cause.DENIED, call="organizations:ListAccounts")
    one = shard(key(), stores=(store(key=FAR),))
    around = neighbours([one])
    blind = Neighbours(
        primaries={}, buckets={}, regions=around.regions, accounts=around.accounts, unlisted={Provider.AWS: denied}
    )
    assert derive_store(store(key=FAR), look(one, blind), AS_OF).key.ours == denied
    assert derive_store(store(), look(one, blind), AS_OF).key.ours is True


def test_an_alias_of_another_account_leads_to_the_key_it_names_there() -> None:
    alias = f"arn:aws:kms:{REGION}:{OTHER}:alias/payments"
    far = moved(shard(key(id=FAR)), OTHER)
    found = derive_store(store(key=alias), view(shard(stores=(store(key=alias),)), far), AS_OF)
    assert key_of(found)[:3] == (FAR, True, KeyState.ENABLED)


@pytest.mark.parametrize(
    ("days", "state", "deletion", "outlives"),
    [
        (10, KeyState.ENABLED, None, False),
        (None, KeyState.ENABLED, None, False),
        (None, KeyState.PENDING_DELETION, 7, True),
        (10, KeyState.PENDING_DELETION, 7, True),
        (6, KeyState.PENDING_DELETION, 7, False),
        (7, KeyState.PENDING_DELETION, 7, False),
        (10, KeyState.DESTROYED, None, True),
        (10, KeyState.PENDING_DELETION, None, unread("metadata", Cause.UNSUPPORTED)),
    ],
)
def test_a_backup_outlives_a_key_that_goes_first(
    days: int | None, state: KeyState, deletion: int | None, outlives: object
) -> None:
    at = None if deletion is None else days_ago(-deletion)
    one = saved(expires_at=None if days is None else days_ago(-days))
    found = facts(one, key(metadata=metadata(state=state, deletion_at=at)))
    assert found.backup.outlives_key == outlives
    assert found.backup.expires_in == (None if days is None else timedelta(days=days))


@pytest.mark.parametrize(
    ("state", "outlives"),
    [
        (KeyState.ENABLED, False),
        (KeyState.PENDING_DELETION, unread("expires_at")),
        (KeyState.DESTROYED, True),
    ],
)
def test_a_backup_whose_end_was_not_told_outlives_its_key_for_certain_only_when_that_is_gone(
    state: KeyState, outlives: object
) -> None:
    found = facts(saved(expires_at=unread("expires_at")), key(metadata=metadata(state=state, deletion_at=days_ago(-7))))
    assert found.backup.outlives_key == outlives
    assert (found.backup.expires_at, found.backup.expires_in) == (unread("expires_at"), unread("expires_at"))


def test_a_backup_under_a_key_that_is_gone_has_outlived_it() -> None:
    assert facts(saved(key=GONE), key()).backup.outlives_key is True
    assert facts(saved(key="alias/aws/rds"), key()).backup.outlives_key is False
    assert facts(saved(key=None), key()).backup.outlives_key is False
    assert facts(store(), key()).backup.outlives_key is None


def compared(copy, *others, **changes) -> DataStoreFacts:
    own = shard(key(), stores=(copy, *changes.pop("stores", ())), **changes)
    return derive_store(copy, view(own, *others), AS_OF)


def test_a_copy_is_compared_with_its_original() -> None:
    original = compared(saved(), stores=(store(),)).original
    assert (original.found, original.encrypted, original.customer_key, original.same_key) == (True, True, True, True)
    plain = store(encryption=Encryption(encrypted=False, key=None))
    found = compared(saved(), stores=(plain,)).original
    assert (found.encrypted, found.customer_key, found.same_key) == (False, False, False)


def test_an_original_that_is_not_listed_any_more_is_gone_and_unknown_when_a_listing_was_not_read() -> None:
    assert compared(saved()).original.found is False
    cut = inventory(listings=(listing(), listing(unread("stores"))))
    assert compared(saved(), inventory=cut).original.found == unread("stores")


def test_an_original_in_another_region_is_found_there() -> None:
    origin = store(region=ELSEWHERE, id=store().id.replace(REGION, ELSEWHERE), key=KEY_ID.replace(REGION, ELSEWHERE))
    there = moved(shard(key(id=KEY_ID.replace(REGION, ELSEWHERE)), stores=(origin,)), region=ELSEWHERE)
    found = compared(saved(of=origin.id), there).original
    assert (found.found, found.customer_key, found.same_key) == (True, True, False)
    unseen = unread("stores", Cause.NOT_COLLECTED)
    assert getattr(compared(saved(of=origin.id)).original.found, "cause", None) is unseen.cause


def test_an_original_in_another_region_is_judged_by_the_aliases_there() -> None:
    origin = store(region=ELSEWHERE, id=store().id.replace(REGION, ELSEWHERE), key="alias/payments")
    there = moved(shard(key(id=KEY_ID.replace(REGION, ELSEWHERE)), stores=(origin,)), region=ELSEWHERE)
    found = compared(saved(of=origin.id), there).original
    assert (found.customer_key, found.same_key) == (True, False)


def test_keys_of_one_multi_region_set_are_the_same_boundary() -> None:
    here = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/mrk-1"
    origin = store(region=ELSEWHERE, id=store().id.replace(REGION, ELSEWHERE), key=here.replace(REGION, ELSEWHERE))
    there = moved(shard(stores=(origin,)), region=ELSEWHERE)
    assert compared(saved(key=here, of=origin.id), there).original.same_key is True
    assert compared(saved(key=here.replace(ACCOUNT, OTHER), of=origin.id), there).original.same_key is False


def test_an_original_or_a_copy_of_something_unnamed_is_compared_with_nothing() -> None:
    for one in (store(), saved(of=None), store(of="x", copy=CopyKind.ORIGINAL)):
        found = compared(one).original
        assert (found.found, found.encrypted, found.customer_key, found.same_key) == (None,) * 4


@pytest.mark.parametrize(
    "of",
    [
        f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-1",
        f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders",
        f"arn:aws:rds:{REGION}:{ACCOUNT}:og:options",
        "arn:aws:s3:::statements",
        "vol-1",
    ],
)
def test_an_original_of_a_kind_that_nobody_asked_for_is_not_gone(of: str) -> None:
    found = compared(saved(of=of)).original.found
    assert isinstance(found, Unknown)
    assert found.cause is Cause.NOT_COLLECTED


@pytest.mark.parametrize("targets", [{"alias/aws/sqs": None}, {}])
def test_an_alias_of_the_provider_whose_key_is_not_made_yet_is_a_key_that_nobody_sees(targets) -> None:
    one = store("queue", key="alias/aws/sqs")
    found = facts(one, key(), inventory=inventory(aliases=AliasTable(targets=targets)))
    assert (found.encrypted, found.customer_key) == (True, False)
    assert (found.key.reference, key_of(found)) == ("alias/aws/sqs", (None, None, None, None, None))
    assert rows_of(view(shard(key(), stores=(one,), inventory=inventory(aliases=AliasTable(targets=targets))))) == ()


def test_a_key_that_is_gone_is_told_as_such_with_everything_that_outlived_it() -> None:
    name = KEY_ID.replace(KEY_ID.rpartition("/")[2], GONE)
    (row,) = rows_of(view(shard(key(), stores=(saved("old", key=name),))))
    assert (row.key, row.listed, row.state, row.unread) == (name, False, "gone", ())
    assert (is_at_risk(row), outliving(row)) == (True, 1)
