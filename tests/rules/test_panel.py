"""A panel says of every subject what the interpreter says, and counts what rules subjects out as if told one by one."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_builder import condition

from estates import shards
from places import AS_OF
from scanner.facts.derive import derive
from scanner.facts.neighbours import neighbours
from scanner.facts.unread import unread_of_shard
from scanner.model.finding import SubjectKind, Verdict
from scanner.model.settings import TagVocabulary
from scanner.model.verdicts import CODES
from scanner.rules import panel as panels
from scanner.rules.compile import compile_rules, is_told_by_cause
from scanner.rules.conditions import Among, Compare, Elements, Operator
from scanner.rules.evaluate import judge
from scanner.rules.explain import ruled_out_by
from scanner.rules.findings import judge_shard
from scanner.rules.fixtures import DEFAULTS
from scanner.rules.load import load_rules
from scanner.rules.panel import convene, decide, decide_each, subjects_of
from scanner.rules.shape import subject_shape
from scanner.rules.shard import Basis, decide_here, judge_here

ROOT = Path(__file__).parents[2]
RULES = load_rules([ROOT / "policies"], baseline="default", lists={})
KEYS = subject_shape(SubjectKind.KEY).build
LISTED = "{aliases: {any: {matches: '^alias/a'}}}"


def with_a_list(rules):
    """The set with a rule whose `when` asks the elements of a list."""
    key = next(rule for rule in rules.rules if rule.subject is SubjectKind.KEY)
    listed = msgspec.structs.replace(key, id="KEY-XXX-001", when=condition(LISTED, of=KEYS))
    return msgspec.structs.replace(rules, rules=(*rules.rules, listed))


def facts_of(shard):
    return derive(shard, as_of=AS_OF, vocabulary=TagVocabulary(), around=neighbours([shard]))


@settings(max_examples=60)
@given(st.lists(shards(), min_size=1, max_size=2))
def test_a_panel_judges_and_counts_as_the_interpreter_does(estate):
    for panel in convene(with_a_list(RULES)):
        for shard in estate:
            own = subjects_of(panel, facts_of(shard))
            decided = decide(panel, own)
            assert [CODES[code] for code in decided.table.codes] == [judge(r, f) for f in own for r in panel.rules]
            told = {
                rule.id: Counter(words for facts in own if (words := ruled_out_by(rule, facts))) for rule in panel.rules
            }
            assert decided.ruled_out == {rule: counts for rule, counts in told.items() if counts}


@settings(max_examples=30)
@given(st.lists(shards(), min_size=1, max_size=2))
def test_bare_verdicts_are_those_of_the_findings(estate):
    basis = Basis(rules=RULES, tags=TagVocabulary(), as_of=AS_OF, around=neighbours(estate))
    for decided, outcome in zip(decide_here(estate, basis), judge_here(estate, basis), strict=True):
        assert tuple(one.table for one in decided) == outcome.judged.verdicts
        found = [(finding.rule, finding.subject.id, finding.verdict) for finding in outcome.judged.findings]
        assert found == [
            (table.rules[column], table.subjects[row], verdict)
            for table in outcome.judged.verdicts
            for row, column, verdict in table.judged(Verdict.FAIL, Verdict.UNKNOWN)
        ]


@settings(max_examples=60)
@given(shards(), st.sets(st.sampled_from([rule.id for rule in RULES.rules])))
def test_a_selection_of_rules_finds_on_what_it_asks_for_what_it_finds_on_all_facts(shard, chosen):
    some = msgspec.structs.replace(RULES, rules=tuple(rule for rule in RULES.rules if rule.id in chosen))
    (outcome,) = judge_here([shard], Basis(rules=some, tags=TagVocabulary(), as_of=AS_OF, around=neighbours([shard])))
    assert outcome.judged == judge_shard(facts_of(shard), unread_of_shard(shard), convene(some), AS_OF)


def test_words_are_remembered_up_to_a_bound():
    healthy_key = DEFAULTS[SubjectKind.KEY]()
    panel = next(panel for panel in convene(RULES) if panel.kind is SubjectKind.KEY)
    panel.words.update(dict.fromkeys(range(panels._MOST_CAUSES), ()))
    assert decide(panel, [healthy_key]).table.subjects == (healthy_key.id,)
    assert len(panel.words) == 1


def test_subjects_of_a_kind_that_come_apart_are_refused():
    key, store = DEFAULTS[SubjectKind.KEY](), DEFAULTS[SubjectKind.DATA_STORE]()
    panels_of = convene(RULES)
    decided = decide_each(panels_of, [key, key, store])
    assert [len(one.table.subjects) for one in decided if one.table.kind is SubjectKind.KEY] == [2]
    assert sum(len(one.table.subjects) for one in decided) == 3
    with pytest.raises(ValueError, match="key"):
        decide_each(panels_of, [key, store, key])


def test_a_rule_that_asks_a_list_in_when_is_told_subject_by_subject():
    rules = {rule.id: rule for rule in with_a_list(RULES).rules}
    assert not is_told_by_cause(rules["KEY-XXX-001"])
    assert all(is_told_by_cause(rule) for name, rule in rules.items() if name.startswith("KEY-ROT"))


def test_elements_of_what_is_no_list_are_refused():
    leaf = Compare(path=(), operator=Operator.EQ, value="x")
    wrong = Elements(path=("account",), among=Among.ANY, of=leaf)
    with pytest.raises(KeyError):
        compile_rules(
            [msgspec.structs.replace(RULES.rules[0], when=None, require=wrong)], subject_shape(SubjectKind.KEY)
        )
