import pytest
from rule_builder import condition, faults_of
from sample_facts import Sample

from scanner.facts.subjects import AccountRegionFacts, KeyFacts
from scanner.rules.conditions import AllOf, Compare, Operator

WRONG = [
    ("stat: x", "c.yaml:1:1: Sample has no field 'stat'; expected one of age,"),
    ("colur: red", "c.yaml:1:1: Sample has no field 'colur'; did you mean 'colour'?"),
    ("doc: {approvr: x}", "c.yaml:1:7: Doc has no field 'approvr'; did you mean 'approver'?"),
    ("doc.approver.name: x", "c.yaml:1:1: 'doc.approver' is a text and has no field 'name'"),
    ("items.on: true", "c.yaml:1:1: 'items' is a list of Item and has no field 'on'; use every, any, none or count"),
    ("colour: purpel", "c.yaml:1:9: 'purpel' is not a value of this field; expected one of blue, green, red"),
    ("colour: gren", "c.yaml:1:9: 'gren' is not a value of this field; did you mean 'green'?"),
    ("colour: {in: [red, gren]}", "c.yaml:1:20: 'gren' is not a value of this field; did you mean 'green'?"),
    ("age: 14", "c.yaml:1:6: expected a duration such as 365d, 12h or 15m, got the number 14"),
    ("age: 14y", "c.yaml:1:6: expected a duration such as 365d, 12h or 15m, got '14y'"),
    ("count: '3'", "c.yaml:1:8: expected a whole number such as 3, got the text '3'"),
    ("count: 3.5", "c.yaml:1:8: expected a whole number such as 3, got the number 3.5"),
    ("flag: yes", "c.yaml:1:7: expected true or false, got 'yes'"),
    ("flag: 'true'", "c.yaml:1:7: expected true or false, got the text 'true'"),
    ("text: 111122223333", "c.yaml:1:7: expected text, got the number 111122223333; put quotes around it"),
    ("text: true", "c.yaml:1:7: expected text, got the boolean true; put quotes around it"),
    ("text: null", "c.yaml:1:7: a comparison with nothing is never true; write {absent: true}"),
    ("text: [a]", "c.yaml:1:7: expected text, got a list"),
    ("text: !unknown denied kms:X", "c.yaml:1:7: expected text, got !unknown"),
    ("since: 2026-01-01T00:00:00Z", "c.yaml:1:8: since is a time; expected a mapping with one of eq_field,"),
    ("since: {lt: 3d}", "c.yaml:1:9: operator 'lt' does not apply to since (time); expected one of absent, eq_field,"),
    (
        "labels: {has_key: [a]}",
        "c.yaml:1:10: operator 'has_key' does not apply to labels (mapping); did you mean 'has_keys'?",
    ),
    ("text: {gte: a}", "c.yaml:1:8: operator 'gte' does not apply to text (text)"),
    ("names: a", "c.yaml:1:8: names is a list of text; expected a mapping with one of every,"),
    ("items: {contains: a}", "c.yaml:1:9: operator 'contains' does not apply to items (list of Item)"),
    ("doc: approved", "c.yaml:1:6: doc is a group; expected a mapping of its fields status, approver, requester"),
    ("doc: {absent: true, status: x}", "c.yaml:1:7: Doc has no field 'absent'"),
    ("age: {lt_field: count}", "c.yaml:1:17: count is a whole number; expected a duration as age is"),
    ("age: {lt_field: doc}", "c.yaml:1:17: doc is a Doc; expected a duration as age is"),
    ("age: {lt_field: age}", "c.yaml:1:17: age is compared with itself; expected another field"),
    ("age: {lt_field: limt}", "c.yaml:1:17: Sample has no field 'limt'; did you mean 'limit'?"),
    ("count: {in: []}", "c.yaml:1:13: expected a list of values, got a list"),
    ("count: {in: 3}", "c.yaml:1:13: expected a list of values, got the number 3"),
    ("count: {}", "c.yaml:1:8: expected an operator on count, got an empty mapping"),
    ("count: {absent: maybe}", "c.yaml:1:17: expected true or false, got 'maybe'"),
    ("{}", "c.yaml:1:1: expected at least one condition, got an empty mapping"),
    ("[flag]", "c.yaml:1:1: expected a mapping of conditions on Sample, got a list"),
    ("any_of: {flag: true}", "c.yaml:1:9: expected a list of blocks, got a mapping"),
    ("any_of: []", "c.yaml:1:9: expected a list of blocks, got a list"),
    ("not: [x]", "c.yaml:1:6: expected a mapping of conditions on Sample, got a list"),
    ("items: {every: {}}", "c.yaml:1:16: expected at least one condition, got an empty mapping"),
    (
        "items: {evry: {on: true}}",
        "c.yaml:1:9: operator 'evry' does not apply to items (list of Item); did you mean 'every'?",
    ),
    ("items: {every: {onn: true}}", "c.yaml:1:17: Item has no field 'onn'; did you mean 'on'?"),
    ("items: {any: {allow_empty: true, on: true}}", "c.yaml:1:15: Item has no field 'allow_empty'"),
    ("items: {count: {lte: 3}}", "c.yaml:1:16: expected key 'where', which is missing"),
    ("items: {count: {where: {on: true}}}", "c.yaml:1:16: expected a bound: one of lte, gte, eq, lt, gt"),
    ("items: {count: {where: {on: true}, le: 3}}", "c.yaml:1:36: unknown key 'le'; did you mean 'lte'?"),
    ("items: {count: {where: {on: true}, lte: 3d}}", "c.yaml:1:41: expected a whole number such as 3, got '3d'"),
    ("names: {every: {lte: 3}}", "c.yaml:1:17: operator 'lte' does not apply to the element (text)"),
    ("names: {every: a}", "c.yaml:1:16: expected a mapping of conditions on an element of names, got 'a'"),
    ("text: {matches: '('}", "c.yaml:1:17: not a pattern of RE2 (no look-around, no back-references): missing ): ("),
    (r"text: {matches: '(a)\1'}", "c.yaml:1:17: not a pattern of RE2"),
    ("text: {matches: '(?=a)'}", "c.yaml:1:17: not a pattern of RE2"),
    ("text: {matches: " + "a" * 501 + "}", "c.yaml:1:17: expected a pattern of at most 500 characters"),
    (
        "text: {in_list: trusted_acounts}",
        "c.yaml:1:17: no list 'trusted_acounts' in the configuration or in pack.yaml; there is none",
    ),
    ("age: {lte: $max}", "c.yaml:1:12: no parameter 'max'; there is none"),
]


@pytest.mark.parametrize(("text", "line"), WRONG, ids=[text[:40] for text, _ in WRONG])
def test_a_wrong_condition_says_where_what_and_what_was_meant(text, line):
    assert faults_of(text)[0].startswith(line)


def test_every_fault_of_a_condition_is_named():
    assert (
        len(faults_of("{stat: x, age: 14, items: {every: {onn: true, size: x}}, any_of: [{flag: 1}, {colour: rd}]}"))
        == 6
    )


@pytest.mark.parametrize(
    ("use", "line"),
    [
        ("age: {lte: $word}", "$word is a string; expected duration for a duration"),
        ("count: {in: $word}", "$word is a string; expected strings for a whole number"),
        ("colour: $word", "'purple' is not a value of this field"),
        ("colour: {in: [$word]}", "a parameter stands for the whole list, not for one of its items"),
        ("since: {absent: $word}", "expected true or false, got '$word'"),
        ("age: {lte: $wrd}", "no parameter 'wrd'; did you mean 'word'?"),
    ],
)
def test_a_parameter_must_fit_the_fact(use, line):
    assert line in faults_of(use, params="word: {type: string, default: purple}")[0]


def test_a_nested_block_and_a_dotted_path_mean_the_same():
    assert condition("doc: {status: a, approver: b}") == condition("{doc.status: a, doc.approver: b}")


def test_conditions_know_the_groups_they_rest_on():
    read = condition("{age: {lt_field: limit}, colour: red}")
    assert isinstance(read, AllOf)
    assert [part.groups for part in read.of] == [("b", "c"), ("d",)]


def test_words_that_older_yaml_took_for_booleans_are_text():
    assert condition("text: no") == Compare(path=("text",), operator=Operator.EQ, value="no", groups=("d",))


def test_choices_may_be_called_like_yaml_words():
    assert condition("multi_region: none", of=KeyFacts).value == "none"


def test_the_shipped_subjects_are_readable_in_depth():
    assert condition("trails: {any: {effective: true, delivery_age: {lte: 24h}}}", of=AccountRegionFacts)
    assert condition("not: {all_of: [{flag: true}]}", of=Sample)
