import pytest

from records import ACCOUNT, KEY_ID, REGION, cannot_exist, evidence, key, metadata, provider_key, scope, shard, unread
from scanner.facts.population import PROVIDER_MANAGED, derive_population, population, reconcile
from scanner.model.key import Key
from scanner.model.scope import Listing, ScopeStatus
from scanner.model.snapshot import Shard
from scanner.model.unknown import Cause


def nth(number: int, **changes: object) -> Key:
    return key(id=f"{KEY_ID}{number}", **changes)


def unread_key(number: int = 0) -> Key:
    return nth(
        number,
        metadata=unread("metadata"),
        rotation=unread("rotation"),
        rotation_history=cannot_exist("rotation_history"),
        policy=unread("policy"),
        grants=unread("grants"),
        last_use=unread("last_use"),
    )


def listed(shard_of_keys: Shard, count: object) -> Shard:
    return Shard(scope=scope(keys=count), audit=None, keys=shard_of_keys.keys)


def test_keys_are_counted_by_how_far_they_were_read() -> None:
    row = reconcile(shard(nth(1), nth(2), nth(3, tags=unread("tags")), unread_key(4), provider_key()))
    assert (row.listed, row.read, row.partly_read, row.unread, row.excluded) == (5, 2, 1, 1, 1)
    assert row.reconciles
    assert row.excluded_reason == PROVIDER_MANAGED


def test_a_key_without_description_but_with_one_own_group_is_partly_read() -> None:
    row = reconcile(shard(nth(1, metadata=unread("metadata")), nth(2, policy=unread("policy"))))
    assert (row.partly_read, row.unread, row.excluded_reason) == (2, 0, None)


def test_a_provider_managed_key_is_excluded_even_when_aliases_were_not_listed() -> None:
    assert reconcile(shard(provider_key(aliases=unread("aliases")))).excluded == 1


def test_a_count_that_does_not_add_up_or_is_not_known_does_not_reconcile() -> None:
    keys = shard(nth(1), nth(2))
    for count in (Listing(listed=3, pages=1), Listing(listed=1, pages=1), unread("keys")):
        assert not reconcile(listed(keys, count)).reconciles
    assert reconcile(listed(keys, unread("keys"))).read == 2


def test_totals_leave_out_scopes_whose_listing_is_not_known() -> None:
    rows = [
        reconcile(shard(nth(1), nth(2, tags=unread("tags")), unread_key(), provider_key())),
        reconcile(listed(shard(nth(3)), unread("keys"))),
        reconcile(Shard(scope=scope(status=ScopeStatus.UNREACHABLE, keys=unread("keys")), audit=None, keys=())),
        reconcile(Shard(scope=scope(status=ScopeStatus.EXCLUDED, keys=unread("keys")), audit=None, keys=())),
        reconcile(Shard(scope=scope(status=ScopeStatus.OUTSIDE, keys=unread("keys")), audit=None, keys=())),
    ]
    totals = population(rows)
    assert (totals.listed, totals.read, totals.partly_read, totals.unread, totals.excluded) == (4, 1, 1, 1, 1)
    assert totals.unlisted_scopes == 2
    assert totals.rows == tuple(rows)


def test_a_scope_with_every_key_described_and_counted() -> None:
    facts = derive_population(shard(nth(1), provider_key()))
    assert (facts.id, facts.name) == (f"aws:{ACCOUNT}:{REGION}", f"retail {REGION}")
    assert (facts.listed, facts.unaccounted, facts.all_described) == (2, 0, True)
    assert facts.evidence == (evidence("keys"),)


def test_a_key_that_could_not_be_described_is_missing_sight_not_a_fault() -> None:
    denied = nth(1, metadata=unread("metadata", Cause.THROTTLED))
    facts = derive_population(shard(nth(2), denied, unread_key(3)))
    assert facts.all_described == unread("metadata", Cause.THROTTLED)


def test_keys_that_were_listed_but_not_kept_are_counted() -> None:
    facts = derive_population(listed(shard(nth(1)), Listing(listed=3, pages=1)))
    assert (facts.unaccounted, facts.all_described) == (2, unread("metadata", Cause.ERROR))


def test_a_listing_that_was_denied_leaves_everything_open() -> None:
    facts = derive_population(listed(shard(nth(1, metadata=metadata())), unread("keys")))
    assert facts.listed == facts.unaccounted == facts.all_described == unread("keys")


@pytest.mark.parametrize(
    ("status", "reason", "approver", "approved"),
    [
        (ScopeStatus.SCANNED, None, None, None),
        (ScopeStatus.EXCLUDED, "sandbox", "ciso", True),
        (ScopeStatus.EXCLUDED, "sandbox", " ", False),
        (ScopeStatus.EXCLUDED, None, "ciso", False),
    ],
)
def test_an_exclusion_is_approved_by_reason_and_approver(
    status: ScopeStatus, reason: str | None, approver: str | None, approved: object
) -> None:
    excluded = scope(status=status, reason=reason, approver=approver, region=None, keys=unread("keys"))
    facts = derive_population(Shard(scope=excluded, audit=None, keys=()))
    assert facts.exclusion_approved is approved
    assert facts.id == f"aws:{ACCOUNT}"
