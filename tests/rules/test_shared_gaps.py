"""What a whole account-region lacks is told of every rule that rests on it, whatever the rule is about."""

from pathlib import Path

from rule_builder import load_one, rule_text

import records
from scanner.facts.neighbours import neighbours
from scanner.model.finding import SubjectKind
from scanner.model.settings import TagVocabulary
from scanner.model.snapshot import Shard
from scanner.model.store_kind import StoreKind
from scanner.rules.shard import Basis, judge_here

CUT = records.inventory(listings=(records.listing(records.unread("stores")),))
BUCKETS = rule_text("ACME-STO-001", subject="data_store", when="{kind: bucket}", require="{encrypted: true}")
IDLE = rule_text("ACME-KEY-001", when="{manager: customer}", require="{protection.in_use: true}")
ROTATION = rule_text("ACME-ROT-001")


def unread(folder: Path, shard: Shard, *rules: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    basis = Basis(rules=load_one(folder, *rules), tags=TagVocabulary(), as_of=records.AS_OF, around=neighbours([shard]))
    groups = next(judge_here([shard], basis)).judged.unread
    return [(group.subject.kind.value, group.group, group.unknown.call, group.rules) for group in groups]


def test_a_listing_that_was_cut_off_matters_to_rules_about_stores_that_nobody_saw(tmp_path):
    found = unread(tmp_path, records.shard(records.key(), inventory=CUT), BUCKETS, ROTATION)
    assert found == [(SubjectKind.ACCOUNT_REGION, "stores", "rds:DescribeDBInstances", ())]


def test_it_is_told_which_rules_about_keys_it_leaves_open(tmp_path):
    found = unread(tmp_path, records.shard(records.key(), inventory=CUT), IDLE)
    assert found == [(SubjectKind.ACCOUNT_REGION, "stores", "rds:DescribeDBInstances", ("ACME-KEY-001",))]
    (tmp_path / "again").mkdir()
    used = records.shard(records.key(), inventory=CUT, stores=(records.store(),))
    assert unread(tmp_path / "again", used, IDLE) == [(*found[0][:3], ())]


def test_it_does_not_matter_to_rules_that_rest_on_no_store(tmp_path):
    assert unread(tmp_path, records.shard(records.key(), inventory=CUT), ROTATION) == []


def test_a_stores_own_gap_is_told_of_the_store(tmp_path):
    bucket = records.store("logs", type=StoreKind.BUCKET, encryption=records.unread("encryption"))
    found = unread(tmp_path, records.shard(records.key(), stores=(bucket,)), BUCKETS)
    assert found == [(SubjectKind.DATA_STORE, "encryption", "s3:GetEncryptionConfiguration", ("ACME-STO-001",))]
