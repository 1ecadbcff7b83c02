from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arbitrary import keys as arbitrary_keys
from records import (
    AS_OF,
    KEY_ID,
    alone,
    cannot_exist,
    days_ago,
    key,
    metadata,
    provider_key,
    rotations,
    scope,
    shard,
    unread,
)
from scanner.facts.derive import derive_key
from scanner.facts.population import population, reconcile
from scanner.facts.subjects import KeyFacts
from scanner.kpis.measure import indicators, measure
from scanner.kpis.tally import KeyTally, merge, tally
from scanner.model.key import Key, KeyState, Origin, Rotation, Tags
from scanner.model.kpi import Kpi, KpiStatus
from scanner.model.report import Counts, Population
from scanner.model.scope import Listing, ScopeStatus
from scanner.model.settings import TagVocabulary
from scanner.model.snapshot import Shard

IDS = [
    "time_to_detect",
    "mean_time_to_remediate",
    "keys_monitored",
    "false_positive_alerts",
    "keys_read",
    "keys_with_owner",
    "rotation_coverage",
    "material_age_mean",
    "material_age_p90",
    "rotation_due_30_days",
    "pending_deletion",
    "deletion_window_min",
    "waiver_load",
    "unknown_share",
]
OFF = Rotation(enabled=False, period=None, next_at=None)
NOBODY = Tags(items={})
NO_POPULATION = population(())


def facts_of(*keys: Key) -> list[KeyFacts]:
    return [derive_key(one, as_of=AS_OF, vocabulary=TagVocabulary(), view=alone(*keys)) for one in keys]


def kpi(name: str, *keys: Key, people: Population = NO_POPULATION, counts: Counts | None = None) -> Kpi:
    return {one.id: one for one in measure(facts_of(*keys), people, counts or Counts(), AS_OF)}[name]


def pending(days: float | None, **changes: object) -> Key:
    at = None if days is None else days_ago(-days)
    return key(metadata=metadata(state=KeyState.PENDING_DELETION, deletion_at=at, **changes))


def numbers(one: Kpi) -> tuple[float | None, int | None, int | None, int]:
    return one.value, one.numerator, one.denominator, one.unknown


def test_every_indicator_is_there_in_order_even_without_a_key() -> None:
    everything = measure([], NO_POPULATION, Counts(), AS_OF)
    assert [one.id for one in everything] == IDS
    assert {one.status for one in everything} == {KpiStatus.NOT_COMPUTABLE}
    assert all(one.value is None and one.reason for one in everything)


@pytest.mark.parametrize("name", IDS[:4])
def test_what_is_not_collected_yet_says_so(name: str) -> None:
    one = kpi(name, key())
    assert numbers(one) == (None, None, None, 0)
    assert one.reason
    assert one.reason.endswith("not collected yet")


def test_a_value_is_missing_exactly_when_it_is_not_computable() -> None:
    for one in measure(facts_of(key(), pending(3)), NO_POPULATION, Counts(passed=3, fail=1), AS_OF):
        assert (one.value is None) == (one.status is KpiStatus.NOT_COMPUTABLE) == (one.reason is not None)


def test_keys_read_leaves_out_excluded_ones_and_misses_partly_read_ones() -> None:
    whole = population([reconcile(shard(key(), provider_key()))])
    partly = population([reconcile(shard(key(), key(id=KEY_ID + "0", tags=unread("tags"))))])
    assert (numbers(kpi("keys_read", people=whole)), kpi("keys_read", people=whole).status) == (
        (100.0, 1, 1, 0),
        KpiStatus.MET,
    )
    assert (numbers(kpi("keys_read", people=partly)), kpi("keys_read", people=partly).status) == (
        (50.0, 1, 2, 1),
        KpiStatus.MISSED,
    )


def test_keys_that_were_listed_but_not_kept_were_not_read() -> None:
    lost = population([reconcile(Shard(scope=scope(keys=Listing(listed=4, pages=1)), audit=None, keys=(key(),)))])
    assert numbers(kpi("keys_read", people=lost)) == (25.0, 1, 4, 3)


def test_an_unlisted_scope_forbids_to_say_that_all_keys_were_read() -> None:
    blind = Shard(scope=scope(status=ScopeStatus.UNREACHABLE, keys=unread("keys")), audit=None, keys=())
    one = kpi("keys_read", people=population([reconcile(shard(key())), reconcile(blind)]))
    assert (one.value, one.status, one.reason) == (None, KpiStatus.NOT_COMPUTABLE, "scopes that could not be listed: 1")
    missed = kpi("keys_read", people=population([reconcile(shard(key(tags=unread("tags")))), reconcile(blind)]))
    assert missed.status is KpiStatus.MISSED


def test_keys_with_owner_counts_customer_keys_that_still_exist() -> None:
    destroyed = key(metadata=metadata(state=KeyState.DESTROYED), tags=NOBODY)
    one = kpi("keys_with_owner", key(), key(tags=NOBODY), destroyed, provider_key())
    assert numbers(one) == (50.0, 1, 2, 0)
    assert (one.status, one.target) == (KpiStatus.MISSED, ">= 95")


def test_a_share_is_judged_only_when_no_unread_key_could_turn_it() -> None:
    owned, unknown = [key()] * 95, key(tags=unread("tags"))
    assert kpi("keys_with_owner", *owned, *[unknown] * 5).status is KpiStatus.MET
    turned = kpi("keys_with_owner", *owned, *[unknown] * 6)
    assert numbers(turned) == (None, 95, 95, 6)
    assert turned.reason == "between 94.1 and 100.0 %, depending on keys that were not read: 6"
    assert kpi("keys_with_owner", *[key(tags=NOBODY)] * 20, unknown).status is KpiStatus.MISSED


def test_nothing_read_is_not_zero() -> None:
    one = kpi("keys_with_owner", key(tags=unread("tags")), key(metadata=unread("metadata")))
    assert (one.value, one.unknown) == (None, 2)
    assert one.reason == "no key counts; keys that were not read: 2"
    for name in ("rotation_coverage", "material_age_mean", "material_age_p90", "rotation_due_30_days"):
        assert kpi(name, key(metadata=unread("metadata"))).unknown == 1


def test_rotation_coverage_is_over_keys_that_can_rotate_and_will_live() -> None:
    imported = key(metadata=metadata(origin=Origin.IMPORTED), rotation=cannot_exist("rotation"))
    one = kpi("rotation_coverage", key(), key(rotation=OFF), imported, pending(3))
    assert numbers(one) == (50.0, 1, 2, 0)
    assert kpi("rotation_coverage", imported).reason == "no customer key can rotate by itself"
    assert kpi("rotation_coverage", provider_key()).reason == "no customer keys"


def test_rotation_of_a_kind_we_cannot_place_is_unknown() -> None:
    odd = key(metadata=metadata(origin=Origin.UNRECOGNISED))
    assert kpi("rotation_coverage", key(), odd).unknown == 1
    assert kpi("rotation_due_30_days", key(), odd).unknown == 1


def test_age_of_material_has_mean_and_ninetieth_percentile() -> None:
    aged = [key(rotation_history=rotations(days_ago(age))) for age in range(10, 110, 10)]
    mean, percentile = kpi("material_age_mean", *aged), kpi("material_age_p90", *aged)
    assert numbers(mean) == (55.0, None, 10, 0)
    assert numbers(percentile) == (90.0, None, 10, 0)
    unread_one = key(rotation_history=unread("rotation_history"))
    assert numbers(kpi("material_age_mean", *aged, unread_one, pending(1))) == (55.0, None, 10, 1)


def test_age_is_rounded_to_a_tenth_of_a_day() -> None:
    young = key(rotation_history=rotations(AS_OF - timedelta(hours=8)))
    assert kpi("material_age_mean", young).value == kpi("material_age_p90", young).value == 0.3


@pytest.mark.parametrize(("days", "due"), [(-3, 1), (30, 1), (30.1, 0)])
def test_rotation_is_due_when_overdue_or_within_thirty_days(days: float, due: int) -> None:
    dated = key(rotation=Rotation(enabled=True, period=timedelta(days=365), next_at=days_ago(-days)))
    assert numbers(kpi("rotation_due_30_days", dated, key(rotation=OFF))) == (due, due, 2, 0)


def test_an_unread_next_date_is_unknown_not_far_off() -> None:
    assert numbers(kpi("rotation_due_30_days", key(), key(rotation=unread("rotation")))) == (0.0, 0, 1, 1)


def test_keys_pending_deletion_are_counted_with_the_least_time_left() -> None:
    keys = (key(), pending(12.25), pending(7.04), pending(None))
    assert numbers(kpi("pending_deletion", *keys)) == (3.0, 3, 4, 0)
    assert numbers(kpi("deletion_window_min", *keys)) == (7.0, None, 3, 0)


def test_time_left_is_given_in_whole_days_that_are_there() -> None:
    assert kpi("deletion_window_min", pending(5.96)).value == 5.0
    assert kpi("deletion_window_min", pending(0.5)).value == 0.0
    assert kpi("deletion_window_min", pending(-0.1)).value == -1.0


def test_without_a_deletion_date_there_is_no_time_left() -> None:
    assert kpi("deletion_window_min", key()).reason == "no key is pending deletion"
    assert kpi("deletion_window_min", pending(None)).reason == "no deletion date is set"
    blind = kpi("deletion_window_min", key(), key(metadata=unread("metadata")))
    assert blind.reason == "no key counts; keys that were not read: 1"


def test_waivers_and_unknowns_are_shares_of_verdicts() -> None:
    counts = Counts(passed=90, fail=5, unknown=5, not_applicable=50, waived=2)
    load, share = kpi("waiver_load", counts=counts), kpi("unknown_share", counts=counts)
    assert (load.value, load.status) == (40.0, KpiStatus.NO_TARGET)
    assert (share.value, share.status, share.target) == (5.0, KpiStatus.MET, "<= 5")
    assert kpi("unknown_share", counts=Counts(passed=94, unknown=6)).status is KpiStatus.MISSED
    assert kpi("waiver_load").reason == "no rule failed"
    assert kpi("unknown_share").reason == "nothing was judged"


@given(st.lists(st.lists(arbitrary_keys(), max_size=3), max_size=3), st.randoms())
def test_tallies_of_shards_merge_to_the_tally_of_the_whole(shards: list[list[Key]], chance: Random) -> None:
    parts = [tally(facts_of(*keys), AS_OF) for keys in shards]
    whole = tally([facts for keys in shards for facts in facts_of(*keys)], AS_OF)
    chance.shuffle(parts)
    assert merge(parts) == whole
    assert indicators(merge(parts), NO_POPULATION, Counts()) == indicators(whole, NO_POPULATION, Counts())


def test_nothing_merges_to_an_empty_tally() -> None:
    assert merge(()) == KeyTally()
