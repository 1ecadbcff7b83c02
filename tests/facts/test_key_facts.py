from datetime import timedelta

import pytest
from msgspec.structs import replace

from records import (
    ACCOUNT,
    AS_OF,
    KEY_ID,
    REGION,
    audit,
    cannot_exist,
    days_ago,
    evidence,
    key,
    metadata,
    not_asked,
    provider_key,
    scope,
    shard,
    unread,
)
from scanner.facts.deletion import derive_deletion
from scanner.facts.derive import derive
from scanner.facts.display import key_name, scope_name
from scanner.facts.last_use import derive_last_use
from scanner.facts.neighbours import neighbours
from scanner.facts.subjects import AccountRegionFacts, KeyFacts, PopulationFacts
from scanner.facts.tagging import derive_tags
from scanner.facts.windows import Guard
from scanner.model.key import Aliases, KeyStore, KeyType, LastUse, MultiRegionRole, Origin, Tags
from scanner.model.settings import TagMeaning, TagVocabulary
from scanner.model.unknown import Cause, Unknown

NOBODY = neighbours([])
UNGUARDED = Guard(denied=False, least=None)
VOCABULARY = TagVocabulary(
    owner=TagMeaning(keys=("Team", "owner")),
    environment=TagMeaning(keys=("environment",), allowed=(" Prod ", "test")),
)


def test_a_shard_gives_its_scope_then_its_account_region_then_its_keys_in_order() -> None:
    keys = (provider_key(), key())
    subjects = derive(shard(*keys), as_of=AS_OF, vocabulary=VOCABULARY, around=NOBODY)
    assert [type(subject) for subject in subjects] == [PopulationFacts, AccountRegionFacts, KeyFacts, KeyFacts]
    assert [subject.id for subject in subjects[2:]] == [one.id for one in keys]


def test_a_scope_that_was_not_entered_has_no_account_region() -> None:
    subjects = derive(shard(audit=None), as_of=AS_OF, vocabulary=VOCABULARY, around=NOBODY)
    assert [type(subject) for subject in subjects] == [PopulationFacts]


def test_a_key_carries_its_description_store_and_evidence() -> None:
    stored = key(key_store=KeyStore(id="cks", name=None, connected=False, error="X"), aliases=unread("aliases"))
    (facts,) = derive(shard(stored), as_of=AS_OF, vocabulary=VOCABULARY, around=NOBODY)[2:]
    assert isinstance(facts, KeyFacts)
    assert (facts.account, facts.region, facts.age) == (ACCOUNT, REGION, timedelta(days=730))
    assert facts.key_store_connected is False
    assert facts.aliases == unread("aliases")
    assert facts.evidence == (evidence("metadata"),)


def test_a_type_that_we_do_not_know_is_unknown_and_judged_by_no_limit_of_another() -> None:
    made = key(metadata=metadata(type=KeyType.UNRECOGNISED, origin=Origin.IMPORTED))
    facts = derive(shard(made), as_of=AS_OF, vocabulary=VOCABULARY, around=NOBODY)[-1]
    assert facts.type == unread("metadata", Cause.UNSUPPORTED)


def test_primaries_are_found_in_all_shards_with_keys_that_may_be_one() -> None:
    primary = key(metadata=metadata(multi_region=MultiRegionRole.PRIMARY))
    undescribed = key(id=KEY_ID + "0", metadata=unread("metadata"))
    shards = [shard(primary), shard(undescribed, key(id=KEY_ID + "1"))]
    kept = {made.id: replace(made, evidence=(), source={}) for made in (primary, undescribed)}
    assert neighbours(shards).primaries == kept


def test_a_key_is_called_by_its_first_alias_else_its_short_id() -> None:
    assert key_name(key(aliases=Aliases(names=("alias/a", "alias/b")))) == "alias/a"
    for aliases in (Aliases(names=()), unread("aliases")):
        assert key_name(key(aliases=aliases)) == "1234abcd-12ab-34cd-56ef-1234567890ab"


def test_a_scope_is_called_by_account_name_else_number_and_region() -> None:
    assert scope_name(scope()) == f"retail {REGION}"
    assert scope_name(scope(account_name=None, region=None)) == ACCOUNT


def test_a_planned_deletion_counts_down_and_may_be_past() -> None:
    assert derive_deletion(key(metadata=metadata(deletion_at=days_ago(-5))), AS_OF, UNGUARDED).remaining == timedelta(
        days=5
    )
    assert derive_deletion(key(metadata=metadata(deletion_at=days_ago(1))), AS_OF, UNGUARDED).remaining == timedelta(
        days=-1
    )


def test_no_planned_deletion_is_absent_and_an_undescribed_key_unknown() -> None:
    assert derive_deletion(key(), AS_OF, UNGUARDED).at is derive_deletion(key(), AS_OF, UNGUARDED).remaining is None
    assert derive_deletion(key(metadata=unread("metadata")), AS_OF, UNGUARDED).remaining == unread("metadata")


def last_use(at: float | None, tracking: float | None, created: float = 730) -> tuple[object, object, object]:
    use = LastUse(
        at=None if at is None else days_ago(at),
        operation=None,
        tracking_since=None if tracking is None else days_ago(tracking),
    )
    facts = derive_last_use(key(last_use=use, metadata=metadata(created_at=days_ago(created))), AS_OF)
    return facts.at, facts.ever, facts.idle_at_least


def test_how_long_a_key_may_have_gone_unused_is_not_told_when_it_is_older_than_the_tracking() -> None:
    old = key(last_use=LastUse(at=None, operation=None, tracking_since=days_ago(200)))
    facts = derive_last_use(old, AS_OF)
    assert facts.idle_at_least == timedelta(days=200)
    assert isinstance(facts.idle_at_most, Unknown)


def test_a_used_key_is_idle_since_its_last_use() -> None:
    assert last_use(3, 200) == (days_ago(3), True, timedelta(days=3))
    assert last_use(3, None) == (days_ago(3), True, timedelta(days=3))


def test_a_use_during_the_collection_leaves_no_idle_time() -> None:
    assert last_use(-1, 200) == (days_ago(-1), True, timedelta())


def test_never_used_is_certain_for_a_key_younger_than_the_tracking() -> None:
    assert last_use(None, 200, created=50) == (None, False, timedelta(days=50))
    assert last_use(None, 200, created=200) == (None, False, timedelta(days=200))


def test_no_use_on_record_of_an_older_key_is_not_never() -> None:
    before = unread("last_use", Cause.NOT_COLLECTED)
    assert last_use(None, 200, created=201) == (before, before, timedelta(days=200))


def test_no_use_and_no_tracking_date_leaves_everything_open() -> None:
    assert last_use(None, None) == (unread("last_use", Cause.UNSUPPORTED),) * 3


def test_last_use_rests_on_the_creation_date_only_without_a_use() -> None:
    unused = LastUse(at=None, operation=None, tracking_since=days_ago(9))
    assert derive_last_use(key(last_use=unused, metadata=unread("metadata")), AS_OF).ever == unread("metadata")
    assert derive_last_use(key(metadata=unread("metadata")), AS_OF).ever is True
    assert derive_last_use(key(last_use=not_asked("last_use")), AS_OF).at == unread("last_use", Cause.NOT_COLLECTED)


def tags(**items: str) -> Tags:
    return Tags(items={name.replace("__", "-"): value for name, value in items.items()})


def test_tag_keys_compare_without_case_and_the_first_configured_one_wins() -> None:
    facts = derive_tags(key(tags=tags(OWNER="ledger", team=" cards ", Data__Class="pii")), VOCABULARY)
    assert (facts.owner, facts.data_class, facts.purpose) == ("cards", "pii", None)


def test_a_blank_value_gives_way_to_the_next_configured_key() -> None:
    assert derive_tags(key(tags=tags(Team="  ", owner="ledger")), VOCABULARY).owner == "ledger"
    assert derive_tags(key(tags=tags(Team="\t", owner="")), VOCABULARY).owner is None


def test_of_keys_that_differ_by_case_the_first_in_sorted_order_counts() -> None:
    assert derive_tags(key(tags=tags(owner="b", OWNER="a")), VOCABULARY).owner == "a"
    assert derive_tags(key(tags=tags(owner="b", OWNER=" ")), VOCABULARY).owner == "b"


@pytest.mark.parametrize(
    ("value", "not_allowed"), [("PROD", ()), (" test", ()), ("staging", ("environment",)), ("", ())]
)
def test_values_outside_the_allowed_ones_are_listed_by_meaning(value: str, not_allowed: tuple[str, ...]) -> None:
    assert derive_tags(key(tags=tags(environment=value)), VOCABULARY).not_allowed == not_allowed


def test_unread_tags_make_every_meaning_unknown() -> None:
    facts = derive_tags(key(tags=not_asked("tags")), VOCABULARY)
    assert facts.owner == facts.not_allowed == unread("tags", Cause.NOT_COLLECTED)


def test_a_key_outside_a_store_has_no_connection() -> None:
    (facts,) = derive(
        shard(key(key_store=cannot_exist("key_store"))), as_of=AS_OF, vocabulary=VOCABULARY, around=NOBODY
    )[2:]
    assert isinstance(facts, KeyFacts)
    assert facts.key_store_connected is None


def test_an_account_region_carries_the_evidence_of_its_trails() -> None:
    facts = derive(shard(audit=audit()), as_of=AS_OF, vocabulary=VOCABULARY, around=NOBODY)[1]
    inventory = ("stores", "volume_default", "volume_key")
    assert facts.evidence == tuple(evidence(group) for group in ("trails", "status", *inventory))
