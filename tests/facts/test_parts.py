"""Parts of a key's facts that nobody asks for are left out; nothing that is asked for or printed changes by it."""

from functools import reduce

from hypothesis import given, settings

from estates import shards
from places import AS_OF
from scanner.facts.coverage.view import look
from scanner.facts.derive import derive_all
from scanner.facts.neighbours import neighbours
from scanner.facts.parts import EVERY_PART, LEFT_OUT, KeyParts, parts_asked
from scanner.facts.register import key_row
from scanner.facts.subjects import KeyFacts
from scanner.kpis.tally import tally
from scanner.model.settings import TagVocabulary
from scanner.rules.shape import Block, shape

NOTHING = KeyParts(policy=False, guard=False, protection=False)


def keys_of(shard, parts):
    view = look(shard, neighbours([shard]))
    subjects = derive_all(view, as_of=AS_OF, vocabulary=TagVocabulary(), parts=parts)
    return [facts for facts in subjects if isinstance(facts, KeyFacts)]


def leaves(block, path=()):
    for name, field in block.fields.items():
        if isinstance(field, Block):
            yield from leaves(field, (*path, name))
        else:
            yield (*path, name), field.groups


LEAVES = dict(leaves(shape(KeyFacts)))


def at(facts, path):
    return reduce(getattr, path, facts)


@settings(max_examples=80)
@given(shards())
def test_whoever_asks_for_a_leaf_gets_what_the_whole_facts_say(shard):
    by_parts = {parts_asked(groups): keys_of(shard, parts_asked(groups)) for groups in LEAVES.values()}
    for path, groups in LEAVES.items():
        for whole, some in zip(keys_of(shard, EVERY_PART), by_parts[parts_asked(groups)], strict=True):
            assert at(some, path) == at(whole, path), path


@settings(max_examples=40)
@given(shards())
def test_what_is_left_out_is_unknown_and_the_rest_is_whole(shard):
    left_out = {
        *(("deletion", "short_window_denied"), ("deletion", "guarded_days")),
        *(("policy", "changeable_by_owner"), ("policy", "unresolved_principals")),
        *(("protection", "stores"), ("protection", "complete"), ("protection", "in_use")),
    }
    for whole, bare in zip(keys_of(shard, EVERY_PART), keys_of(shard, NOTHING), strict=True):
        assert {path for path in LEAVES if at(bare, path) is LEFT_OUT} == left_out
        assert all(at(bare, path) == at(whole, path) for path in LEAVES.keys() - left_out)


@settings(max_examples=40)
@given(shards())
def test_registers_and_indicators_ask_for_no_part(shard):
    whole, bare = keys_of(shard, EVERY_PART), keys_of(shard, NOTHING)
    assert [key_row(facts, (), ()) for facts in bare] == [key_row(facts, (), ()) for facts in whole]
    assert tally(bare, AS_OF) == tally(whole, AS_OF)
