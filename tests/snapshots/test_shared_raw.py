"""Replies that several shards rest on are stored once, and found from each of them."""

from datetime import timedelta

import msgspec

from records import AS_OF, key, scope, shard
from scanner.model.raw import CollectedShard, RawResponse
from scanner.providers.scopes import collected, shared_raw
from scanner.snapshots.layout import raw_file, shared_raw_file
from scanner.snapshots.raw import answered_at
from scanner.snapshots.write import SnapshotWriter


def response(name: str, minutes: int = 0) -> RawResponse:
    return RawResponse(
        id=name,
        call="cloudkms.cryptoKeys.list",
        operation="ListCryptoKeys",
        params=msgspec.Raw(b"{}"),
        request_id=None,
        at=AS_OF + timedelta(minutes=minutes),
        status=200,
        error=None,
        length=2,
        sha256="0" * 64,
        body=msgspec.Raw(b"{}"),
        body_sha256="0" * 64,
    )


LISTING, POLICY = response("listing", 1), response("policy", 2)


def here(region: str, *raw: RawResponse) -> CollectedShard:
    """A shard of the region that rests on these and on the listing."""
    return collected(shard(key(), scope=scope(region=region)), (LISTING, *raw), shared_raw((LISTING,)))


def test_what_is_shared_is_named_in_the_scope_and_not_repeated() -> None:
    found = here("eu-central-1", POLICY, POLICY)
    assert found.shared is not None
    assert (found.raw, found.shared.raw) == ((POLICY,), (LISTING,))
    assert found.shard.scope.shared_raw == found.shared.name


def test_it_is_stored_once_and_found_from_every_shard(tmp_path) -> None:
    first, second = here("eu-central-1", POLICY), here("us-east-1")
    for one in (first, second):
        SnapshotWriter(tmp_path).write(one)

    folder = (tmp_path / raw_file(first.shard.scope)).parent
    assert len(list(folder.iterdir())) == 3
    assert answered_at(tmp_path, first.shard.scope, {"listing", "policy"}) == {
        "listing": LISTING.at,
        "policy": POLICY.at,
    }
    assert answered_at(tmp_path, second.shard.scope, {"listing", "policy"}) == {"listing": LISTING.at}


def test_what_was_asked_another_time_takes_the_place_of_nothing(tmp_path) -> None:
    first, later = here("eu-central-1"), shared_raw((response("listing", 9),))
    again = collected(shard(key(), scope=scope(region="us-east-1")), (), later)
    for one in (first, again):
        SnapshotWriter(tmp_path).write(one)

    assert first.shard.scope.shared_raw != later.name
    assert (tmp_path / shared_raw_file(first.shard.scope, later.name)).is_file()
    assert answered_at(tmp_path, first.shard.scope, {"listing"}) == {"listing": LISTING.at}
    assert answered_at(tmp_path, again.shard.scope, {"listing"}) == {"listing": AS_OF + timedelta(minutes=9)}


def test_a_shard_that_shares_nothing_names_nothing() -> None:
    found = collected(shard(key()), (LISTING,))
    assert (found.shared, found.shard.scope.shared_raw, found.raw) == (None, None, (LISTING,))
