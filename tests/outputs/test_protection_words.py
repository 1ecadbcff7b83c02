from datetime import timedelta

import pytest
from msgspec.structs import replace

from protections import DENIED_DATABASES, protection, protects, store
from reports import AS_OF, HOSTILE_NAME, KEYS, report
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.outputs import markdown, text
from scanner.outputs.protection_words import (
    KINDS,
    backups_text,
    counted_text,
    expiry_text,
    fate,
    kinds_text,
    outliving,
    protection_sentence,
    unread_text,
    until_text,
)

PENDING = protects(
    KEYS[0],
    store(StoreKind.BUCKET, "a"),
    store(StoreKind.BUCKET, "b"),
    state="pending_deletion",
    deletion_at=AS_OF + timedelta(days=1),
)


def test_every_kind_has_a_noun_for_one_and_for_several():
    assert set(KINDS) == set(StoreKind)
    assert all(one != several for one, several in KINDS.values())


def test_stores_are_counted_by_kind_in_the_order_of_the_kinds():
    found = (store(StoreKind.SECRET, "s"), store(StoreKind.DATABASE, "d"), store(StoreKind.SECRET, "t"))
    assert kinds_text(found) == "1 database, 2 secrets"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (AS_OF + timedelta(days=1), "pending deletion, gone on 2026-11-02 (1 day left)"),
        (AS_OF + timedelta(days=5, hours=23), "pending deletion, gone on 2026-11-07 (5 days left)"),
        (AS_OF + timedelta(hours=1), "pending deletion, gone on 2026-11-01 (0 days left)"),
        (AS_OF - timedelta(days=1), "pending deletion, gone on 2026-10-31 (the date has passed)"),
        (None, "pending deletion, without a date"),
        (Unknown(cause=Cause.DENIED, call="kms:X"), "pending deletion, date not read: kms:X (denied)"),
    ],
)
def test_the_fate_of_a_pending_key_says_its_date_or_why_there_is_none(at, said):
    assert fate(replace(PENDING, deletion_at=at), AS_OF) == said


@pytest.mark.parametrize(
    ("counted", "named", "said"),
    [
        (None, None, ""),
        (0, None, ""),
        (2, 2, ""),
        (2, 3, ""),
        (5, 3, "The provider counts 5 resources under the key; it names 3 of them."),
        (1, 0, "The provider counts 1 resource under the key; it names 0 of them."),
        (1, None, "The provider counts 1 resource under the key; which they are was not read."),
    ],
)
def test_a_count_is_told_where_fewer_are_named(counted, named, said):
    assert counted_text(replace(PENDING, counted=counted, named=named)) == said


def test_the_sentence_says_how_many_are_counted_and_not_named():
    denied = Unknown(cause=Cause.DENIED, call="cloudkms.protectedResources.search")
    blind = protects(KEYS[1], state="disabled", unread=(denied,), counted=2)
    fewer = replace(PENDING, counted=5, named=2)
    more = "5 more resources are counted there and not named."
    assert protection_sentence(report(protection=(fewer, blind))).endswith(f" {more}")
    assert protection_sentence(report(protection=(blind,))) == (
        "1 key disabled may still protect stores: their listings were not all read. "
        "2 more resources are counted there and not named."
    )
    assert "counted" not in protection_sentence(report(protection=(replace(PENDING, counted=2, named=2),)))


def test_an_end_that_was_not_told_is_said_so_and_outlives_nothing_for_certain():
    missing = Unknown(cause=Cause.DENIED, call="redshift:DescribeClusters")
    copy = store(StoreKind.WAREHOUSE_SNAPSHOT, "rs:w", copy=CopyKind.SNAPSHOT, expires_at=missing)
    row = replace(PENDING, stores=(copy,), backup_expires_at=missing)
    assert (expiry_text(row), until_text(copy), outliving(row)) == ("not told", "for how long was not told", 0)
    assert backups_text(row).endswith("is kept was not told: redshift:DescribeClusters (denied).")


def test_an_unread_state_is_not_called_enabled():
    assert fate(protects(KEYS[0], state="unread"), AS_OF) == "state not read"


def test_unread_listings_are_said_with_cause_and_region_and_many_are_counted():
    many = [Unknown(cause=Cause.NOT_COLLECTED, call=f"svc:List{n}") for n in range(8)]
    assert unread_text((), "eu-central-1") == ""
    assert unread_text((DENIED_DATABASES,), "eu-central-1") == (
        "could hold more: rds:DescribeDBInstances was denied in eu-central-1"
    )
    assert unread_text((Unknown(cause=Cause.UNSUPPORTED, call="vaults/read"),), "westeurope") == (
        "could hold more: vaults/read was unable to tell in westeurope"
    )
    assert unread_text(many, "").endswith("svc:List5 and 2 listings more were not asked")


def test_a_backup_kept_for_good_has_no_date():
    kept = protects(KEYS[0], kept=True)
    assert expiry_text(kept) == "kept for good"
    assert "until somebody deletes it" in backups_text(kept)
    assert expiry_text(protects(KEYS[0])) == "none seen"


def test_one_sentence_says_what_still_rests_on_keys_that_go():
    assert protection_sentence(report(protection=protection())) == (
        "1 key pending deletion and 1 key disabled still protect 5 stores; "
        "the first is gone on 2026-11-08 (7 days left)."
    )
    assert protection_sentence(report(protection=(PENDING,))).startswith(
        "1 key pending deletion still protects 2 stores;"
    )


def test_no_sentence_where_nothing_goes_and_a_careful_one_where_listings_were_not_read():
    enabled = protects(KEYS[0], store(StoreKind.BUCKET, "a"))
    blind = protects(KEYS[1], state="disabled", unread=(DENIED_DATABASES,))
    assert protection_sentence(report(protection=(enabled, protects(KEYS[1], state="disabled")))) == ""
    assert protection_sentence(report(protection=(enabled, blind))) == (
        "1 key disabled may still protect stores: their listings were not all read."
    )


@pytest.mark.parametrize("render", [text.render, lambda about: markdown.render(about, None)])
def test_the_sentence_stands_near_the_top_of_every_summary_and_only_when_it_is_true(render):
    about = report(protection=protection())
    assert protection_sentence(about) in "\n".join(render(about).decode().splitlines()[:9])
    assert "still protect" not in render(report()).decode()


def test_no_name_of_a_store_reaches_a_summary():
    about = report(findings=(), keys=(), protection=protection())
    assert HOSTILE_NAME[:12] not in text.render(about).decode()


def test_a_version_of_a_key_in_use_is_told_apart_from_keys():
    lost = protects(KEYS[1], store(StoreKind.VOLUME, "v"), state="disabled", version_of=KEYS[1].id)
    said = protection_sentence(replace(report(), protection=(PENDING, lost)))
    assert said.startswith("1 key pending deletion and 1 version of a key in use disabled still protect 3 stores")


def test_states_are_told_one_after_the_other_with_one_and():
    found = [protects(KEYS[1], store(StoreKind.VOLUME, "v"), state=state) for state in ("disabled", "gone")]
    said = protection_sentence(replace(report(), protection=(PENDING, *found)))
    assert said.startswith("1 key pending deletion, 1 key disabled and 1 key gone still protect 4 stores")
