import json
from datetime import timedelta

from protections import ELSEWHERE, many, protection, protects, store
from reports import AS_OF, HOSTILE_NAME, KEYS, report
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.outputs.protection_json import render


def document(rows=None) -> dict:
    return json.loads(render(report(protection=protection() if rows is None else rows)))


def row(key: str) -> dict:
    return next(item for item in document()["keys"] if item["key"] == key)


def test_totals_count_what_the_rows_say():
    found = document()
    rows = found["keys"]
    assert found["totals"] == {
        "keys": len(rows),
        "stores": sum(len(item["stores"]) for item in rows),
        "at_risk": 4,
        "stores_at_risk": sum(len(item["stores"]) for item in rows if item["at_risk"]),
        "not_listed": 1,
        "open": 2,
    }
    assert all(sum(item["counts"].values()) == len(item["stores"]) for item in rows)


def test_a_pending_key_says_when_it_goes_and_which_backups_outlive_it():
    found = row(KEYS[5].id)
    assert (found["state"], found["at_risk"], found["days_left"], found["outliving"]) == (
        "pending_deletion",
        True,
        7,
        1,
    )
    assert found["deletion_at"] == "2026-11-08T05:00:00Z"
    assert found["backup_expires_at"] == "2026-12-06T02:00:00Z"
    assert found["counts"] == {"database": 1, "database_snapshot": 2, "bucket": 1}


def test_an_unread_listing_is_named_and_never_an_empty_list():
    found = row(KEYS[1].id)
    assert (found["stores"], found["unread"]) == ([], [{"unknown": "denied", "call": "rds:DescribeDBInstances"}])


def test_an_unread_date_is_unknown_and_not_null():
    found = row(KEYS[6].id)
    assert found["deletion_at"] == {"unknown": "throttled", "call": "kms:DescribeKey"}
    assert found["days_left"] is None


def test_an_end_that_was_not_told_is_unknown_and_not_for_good():
    missing = Unknown(cause=Cause.DENIED, call="redshift:DescribeClusters")
    copy = store(StoreKind.WAREHOUSE_SNAPSHOT, "rs:w", copy=CopyKind.SNAPSHOT, expires_at=missing)
    told = {"unknown": "denied", "call": "redshift:DescribeClusters"}
    found = document((protects(KEYS[0], copy, backup_expires_at=missing),))["keys"][0]
    assert (found["stores"][0]["expires_at"], found["backup_expires_at"], found["kept"]) == (told, told, False)


def test_what_the_provider_counts_and_names_and_its_word_for_what_has_no_kind_here():
    odd = store(StoreKind.OTHER, "odd", id="//x/odd", word="new.googleapis.com/Thing")
    found = document((protects(KEYS[0], odd, store(StoreKind.BUCKET, "b"), counted=5, named=2),))["keys"][0]
    assert (found["counted"], found["named"]) == (5, 2)
    assert {item["kind"]: item["word"] for item in found["stores"]} == {
        "other": "new.googleapis.com/Thing",
        "bucket": None,
    }
    assert (row(KEYS[1].id)["counted"], row(KEYS[1].id)["named"]) == (None, None)


def test_a_key_outside_the_snapshot_is_named_with_the_stores_that_need_it():
    found = row(ELSEWHERE)
    assert (found["listed"], found["at_risk"], found["kept"], found["backup_expires_at"]) == (False, False, True, None)
    assert [item["name"] for item in found["stores"]] == ["shared-copy"]


def test_a_date_that_has_passed_counts_below_zero():
    late = protects(KEYS[0], state="pending_deletion", deletion_at=AS_OF - timedelta(hours=1))
    assert document((late,))["keys"][0]["days_left"] == -1


def test_hostile_names_are_whole_and_hide_nothing_from_a_terminal():
    data = render(report(protection=(protects(KEYS[0], store(StoreKind.BUCKET, HOSTILE_NAME)),)))
    assert json.loads(data)["keys"][0]["stores"][0]["name"] == HOSTILE_NAME
    assert not {b"\x1b", "\u202e".encode()} & {data[at : at + size] for at in range(len(data)) for size in (1, 3)}


def test_every_one_of_ten_thousand_stores_is_in_it():
    found = document(many(10_000, 80))
    names = {item["name"] for key in found["keys"] for item in key["stores"]}
    assert (len(names), found["totals"]["stores"]) == (10_000, 10_000)


def test_a_store_that_is_lost_with_a_version_counts_once_and_is_at_risk():
    volume = store(StoreKind.VOLUME, "v")
    lost = protects(KEYS[0], volume, key=f"{KEYS[0].id}/1", state="disabled", version_of=KEYS[0].id)
    found = document((protects(KEYS[0], volume), lost))["totals"]
    assert (found["keys"], found["stores"], found["at_risk"], found["stores_at_risk"]) == (1, 1, 1, 1)
