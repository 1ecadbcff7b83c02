"""One key as text and as JSON."""

import json
import unicodedata
from datetime import timedelta

import pytest
from msgspec.structs import replace

import records
from protections import DENIED_DATABASES, protection, protects, store
from reports import AS_OF, HOSTILE_NAME, HOSTILE_OWNER, KEYS, report
from scanner.facts.derive import derive_key
from scanner.facts.subjects import KeyFacts
from scanner.model.finding import Subject
from scanner.model.key import (
    Aliases,
    DeletionRequest,
    Key,
    KeyState,
    Provider,
    RotationEvent,
    RotationHistory,
    RotationKind,
    Tags,
)
from scanner.model.protection import KeyProtection
from scanner.model.settings import TagVocabulary
from scanner.model.snapshot import Shard
from scanner.model.store import Inventory, StoreListing
from scanner.model.store_kind import StoreKind
from scanner.model.unknown import Cause
from scanner.outputs import key_json, key_text
from scanner.outputs.key_sheet import KeySheet, key_sheet

OTHERS = frozenset({"id", "name", "provider", "account", "region", "evidence"})


def record(subject: Subject, **changes: object) -> Key:
    """The record behind a key of the default report."""
    return records.key(id=subject.id, account=subject.account, region=subject.region, **changes)


def sheet(key: Key, shard: Shard | None = None, rows: tuple[KeyProtection, ...] | None = None) -> KeySheet:
    facts = derive_key(key, as_of=AS_OF, vocabulary=TagVocabulary(), view=records.alone(key))
    about = report(protection=protection() if rows is None else rows)
    return key_sheet(about, shard or records.shard(key), key, facts, {"raw-metadata": AS_OF + timedelta(minutes=1)})


def text(key: Key, shard: Shard | None = None) -> list[str]:
    return [" ".join(line.split()) for line in key_text.render(sheet(key, shard)).decode().splitlines()]


def document(key: Key, shard: Shard | None = None) -> dict:
    return json.loads(key_json.render(sheet(key, shard)))


def pending() -> Key:
    at = AS_OF + timedelta(days=7, hours=3)
    metadata = records.metadata(state=KeyState.PENDING_DELETION, deletion_at=at)
    request = DeletionRequest(at=AS_OF - timedelta(days=2), actor="operator", window_days=9)
    return record(KEYS[5], metadata=metadata, deletion_request=request)


def test_a_pending_key_says_when_it_goes_who_asked_and_what_is_lost():
    lines = text(pending())
    for said in (
        "state pending deletion",
        "gone on 2026-11-08 05:00:00 UTC (7 days left)",
        "by operator",
        "waiting time 9.1 d, 9 d asked for",
        "stores 1 database, 2 database snapshots, 1 bucket",
        "backups The last snapshot or backup that needs the key expires on 2026-12-06.",
        "backups 1 snapshot or backup outlives the key and cannot be restored then.",
    ):
        assert said in lines
    assert any(line.startswith("database snapshot orders-early arn:aws:rds:") for line in lines)
    assert any(line.startswith("not read could hold more: rds:DescribeDBInstances was denied") for line in lines)


def test_what_the_provider_counts_and_does_not_name_is_the_last_that_is_said_of_what_rests_on_a_key():
    odd = store(StoreKind.OTHER, "scores", word="\x1bnew.googleapis.com/Thing")
    row = protects(KEYS[5], odd, state="pending_deletion", counted=5, named=1)
    printed = key_text.render(sheet(pending(), rows=(row,))).decode()
    section = printed.partition("Protects\n")[2].partition("\n\n")[0].splitlines()
    assert "other resource" in section[-2]
    assert "new.googleapis.com/Thing, " in section[-2]
    assert section[-1].endswith("The provider counts 5 resources under the key; it names 1 of them.")
    assert "\x1b" not in printed


def test_the_document_holds_the_row_of_protection_json():
    found = document(pending())
    assert found["protects"]["counts"] == {"database": 1, "database_snapshot": 2, "bucket": 1}
    assert found["deletion_request"] == {"at": "2026-10-30T02:00:00Z", "actor": "operator", "window_days": 9}


def test_facts_stand_under_the_names_that_rules_use():
    found = document(record(KEYS[0]))["facts"]
    assert set(found) == set(KeyFacts.__struct_fields__) - OTHERS
    assert found["rotation"]["enabled"] is True
    assert found["rotation"]["period"] == {"seconds": 365 * 86400}


@pytest.mark.parametrize(
    ("group", "label"),
    [("aliases", "aliases"), ("rotation", "automatic"), ("tags", "owner"), ("grants", "grants"), ("metadata", "state")],
)
def test_what_was_not_read_says_so_in_text_and_document(group: str, label: str):
    key = record(KEYS[1], **{group: records.unread(group)})
    said = f"not read: {records.CALLS[group]} (denied)"
    assert f"{label} {said}" in text(key)
    assert f"{group} {records.CALLS[group]} (denied)" in text(key)
    assert {"group": group, "unknown": "denied", "call": records.CALLS[group]} in document(key)["unread"]


def test_a_deletion_request_that_was_not_read_is_not_absent():
    key = replace(pending(), deletion_request=records.unread("deletion_request"))
    assert "requested not read: cloudtrail:LookupEvents (denied)" in text(key)
    assert document(key)["deletion_request"] == {"unknown": "denied", "call": "cloudtrail:LookupEvents"}


def test_verdicts_come_with_reasons_calls_and_waivers():
    lines = text(record(KEYS[3]))
    at = lines.index("fail KEY-ROT-001 high Automatic rotation is on")
    assert lines[at + 1 : at + 3] == [
        "rotation.period: expected <= 365d, was 730d [kms:DescribeKey]",
        "waived by W-1 until 2026-11-20",
    ]
    (found,) = (item for item in document(record(KEYS[3]))["verdicts"] if item["rule"] == "KEY-ROT-001")
    assert (found["verdict"], found["waived"], found["waiver"]["id"]) == ("fail", True, "W-1")


def test_every_verdict_on_the_key_is_there_and_none_of_another():
    found = document(record(KEYS[4]))["verdicts"]
    expected = [(row.rule, row.verdict) for row in report().verdicts if row.subject == KEYS[4].id]
    assert [(item["rule"], item["verdict"]) for item in found] == expected
    unknown = next(item for item in found if item["verdict"] == "unknown")
    assert (unknown["unread"], unknown["accepted"]) == ([{"unknown": "denied", "call": "kms:GetKeyPolicy"}], "A-1")


def test_evidence_names_the_call_and_when_it_was_answered_or_that_this_is_not_stored():
    key = record(KEYS[0], evidence=(records.evidence("metadata"), records.evidence("tags")))
    lines = text(key)
    assert any(line.startswith("metadata kms:DescribeKey 2026-11-01 02:01:00 UTC req-metadata 000") for line in lines)
    assert any(line.startswith("tags tag:GetResources time not stored req-tags") for line in lines)
    assert [item["answered_at"] for item in document(key)["evidence"]] == ["2026-11-01T02:01:00Z", None]


def unprotecting() -> Key:
    """A key that has no row in the report's protection."""
    return records.key()


def test_trails_that_were_not_read_leave_it_open_whether_there_is_nothing():
    key = unprotecting()
    blind = records.view(records.shard(key, audit=records.audit(trails=records.unread("trails"))))
    facts = derive_key(key, as_of=AS_OF, vocabulary=TagVocabulary(), view=blind)
    printed = key_text.render(key_sheet(report(), blind.shard, key, facts, {})).decode()
    said = "none seen; could hold more: cloudtrail:DescribeTrails was denied in eu-central-1"
    assert said in " ".join(printed.split())


def test_no_row_is_told_apart_from_stores_that_were_never_asked_for():
    bare = records.shard(unprotecting(), inventory=None)
    assert "stores none seen; the stores of its region were not asked for" in text(unprotecting(), bare)
    assert document(unprotecting(), bare)["protects"] == {"stores": [], "asked": False, "unread": []}


def test_no_row_beside_a_listing_that_was_not_read_could_be_more():
    listing = StoreListing(call=DENIED_DATABASES.call, kinds=(), within=None, stores=DENIED_DATABASES)
    inventory = Inventory(
        provider=Provider.AWS,
        account=records.ACCOUNT,
        region=records.REGION,
        listings=(listing,),
        aliases=records.unread("aliases", Cause.NOT_COLLECTED),
        volume_default=records.unread("keys"),
        volume_key=records.unread("keys"),
        evidence=(),
    )
    shard = records.shard(unprotecting(), inventory=inventory)
    said = "stores none seen; could hold more: rds:DescribeDBInstances was denied in eu-central-1"
    assert said in text(unprotecting(), shard)
    assert document(unprotecting(), shard)["protects"]["asked"] is True


def test_keys_that_the_provider_manages_say_what_was_not_asked():
    lines = text(replace(records.provider_key(), id=KEYS[0].id))
    assert "rotated not asked: managed by the provider" in lines
    assert "grants not asked: managed by the provider" in lines


def test_hostile_names_print_no_control_character_and_start_no_command():
    key = record(
        KEYS[2],
        aliases=Aliases(names=(HOSTILE_NAME,)),
        tags=Tags(items={"owner": HOSTILE_OWNER}),
        metadata=records.metadata(description="\x1b[2J::warning::x\n::error::y"),
    )
    printed = key_text.render(sheet(key)).decode()
    assert [char for char in printed if unicodedata.category(char) in {"Cc", "Cf"} and char != "\n"] == []
    assert [line for line in printed.splitlines() if line.lstrip().startswith("::")] == []
    assert document(key)["name"] == HOSTILE_NAME
    assert b"\x1b" not in key_json.render(sheet(key))


def test_equal_keys_give_equal_bytes():
    assert key_text.render(sheet(pending())) == key_text.render(sheet(pending()))
    assert key_json.render(sheet(pending())) == key_json.render(sheet(pending()))


def test_what_is_lost_with_a_version_is_told_under_its_key():
    key = record(KEYS[0])
    volume = store(StoreKind.VOLUME, "v", version=f"{key.id}/1")
    own = protects(KEYS[0], volume)
    lost = protects(KEYS[0], volume, key=f"{key.id}/1", name="k, version 1", state="disabled", version_of=key.id)
    shown = sheet(key, rows=(own, lost))
    assert any("k, version 1, disabled: 1 volume" in line for line in key_text.render(shown).decode().splitlines())
    (version,) = json.loads(key_json.render(shown))["protects"]["versions"]
    assert (version["key"], version["version_of"], version["at_risk"]) == (f"{key.id}/1", key.id, True)
    assert version["stores"][0]["version"] == f"{key.id}/1"


def test_a_rotation_of_which_nobody_tells_how_it_came_says_so():
    event = RotationEvent(at=AS_OF, how=RotationKind.UNRECOGNISED, material=None, material_expires_at=None)
    assert any(
        "how was not told" in line for line in text(record(KEYS[0], rotation_history=RotationHistory(events=(event,))))
    )
