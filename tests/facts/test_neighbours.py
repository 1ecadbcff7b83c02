"""A log bucket that one account may not read is judged by what its owner's account read of it."""

import records
from scanner.facts.neighbours import BUCKET_GROUPS, completed, neighbours
from scanner.model.trail import TrailList

OWN = records.trail()
BLIND = records.trail(**{group: records.unread(group) for group in BUCKET_GROUPS})


def shard(*trails):
    return records.shard(audit=records.audit(trails=TrailList(items=trails)))


def trails_of(found):
    return found.audit.trails.items


def test_unread_groups_come_from_the_account_that_could_read_the_bucket():
    around = neighbours([shard(BLIND), shard(OWN)])
    (trail,) = trails_of(completed(shard(BLIND), around.buckets))
    assert [getattr(trail, group) for group in BUCKET_GROUPS] == [getattr(OWN, group) for group in BUCKET_GROUPS]
    assert {item for item in OWN.evidence if item.group in BUCKET_GROUPS} <= set(trail.evidence)


def test_another_bucket_says_nothing():
    around = neighbours([shard(records.trail(bucket="elsewhere"))])
    assert trails_of(completed(shard(BLIND), around.buckets)) == (BLIND,)


def test_what_was_read_stays_as_it_was():
    around = neighbours([shard(records.trail(bucket_versioning=records.unread("bucket_versioning"))), shard(OWN)])
    assert trails_of(completed(shard(OWN), around.buckets)) == (OWN,)


def test_a_scope_without_trails_is_left_alone():
    empty = records.shard(audit=records.audit(trails=records.unread("trails")))
    assert completed(empty, neighbours([empty]).buckets) == empty
