"""YAML text becomes a tree with positions, or faults with positions; nothing clever is let in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.config.nodes import MAX_CHARACTERS, MAX_DEPTH, ListNode, MapNode, ScalarNode, child, parse
from scanner.config.scalars import described, resolve


def faults(text):
    return [str(fault.place) + ": " + fault.text for fault in parse(text, "f")[1]]


def test_every_node_knows_its_place():
    root, found = parse("a:\n  - b: c\n", "f")
    assert found == []
    scalar = root.get("a").items[0].get("b")
    assert (scalar.text, str(scalar.place)) == ("c", "f:2:8")
    assert str(root.get("a").items[0].key("b").place) == "f:2:5"


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "\ufeff"])
def test_nothing_is_no_document(text):
    assert parse(text, "f") == (None, [])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: [", "f:2:1: not valid YAML: did not find expected node content"),
        ("a: b: c", "f:1:5: not valid YAML: mapping values are not allowed in this context"),
        ("a: 'x", "f:1:6: not valid YAML: found unexpected end of stream"),
        ("\ta: 1", "f:1:1: not valid YAML: found character that cannot start any token"),
        ("a: 1\n---\nb: 2\n", "f:2:1: expected one document, found a second"),
        ("a: 1\na: 2\n", "f:2:1: duplicate key 'a'; first given in line 1"),
        ("a: *x", "f:1:4: aliases are not allowed (*x); write the value out"),
        ("a: &x 1", "f:1:4: anchors are not allowed; write the value out"),
        ("a: &x {}", "f:1:4: anchors are not allowed; write the value out"),
        ("a: !!str 1", "f:1:4: tags are not allowed; write the value plainly"),
        ("a: !!python/object:os.system {}", "f:1:4: tags are not allowed; write the value plainly"),
        ("<<: {a: 1}", "f:1:1: merge keys (<<) are not allowed; write the values out"),
        ("? [a]\n: b", "f:1:3: expected a plain name as key"),
        ("a: 1\nb: x\x1b[31m", "f:2:5: the character U+001B is not allowed"),
        ('a: "\\u202e"', "f:1:4: the character U+202E is not allowed"),
        ("a: \u202eb", "f:1:4: the character U+202E is not allowed"),
        ("a: \ud800", "f:1:4: the character U+D800 is not allowed"),
        ("[" * 1_000, f"f:1:{MAX_DEPTH + 2}: nested deeper than {MAX_DEPTH} levels"),
        ("#" * (MAX_CHARACTERS + 1), "f:1:1: expected at most 1,048,576 characters, got 1,048,577"),
    ],
)
def test_what_is_refused(text, fault):
    assert faults(text)[0] == fault


def test_faults_that_do_not_stop_the_reading_are_all_named():
    assert len(faults("a: &x 1\nb: *x\nb: !t 2\n<<: {}\n")) == 5


@given(st.text(max_size=60))
def test_any_text_gives_a_tree_or_faults(text):
    root, found = parse(text, "f")
    assert root is None or found is not None
    if root is not None:
        resolve(root, None)


@pytest.mark.parametrize("word", ["no", "No", "yes", "on", "off", "y", "n", "0x10", "0o7", "1_000", ".inf", "1e999"])
def test_words_of_older_yaml_stay_text(word):
    assert resolve(parse(word, "f")[0], None) == word


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("3", 3),
        ("-3", -3),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("'3'", "3"),
        ('"true"', "true"),
        ("012345678901", "012345678901"),
        ("2026-11-01", "2026-11-01"),
        ("12:30", "12:30"),
        ("[1, a]", [1, "a"]),
        ("{1: 2}", {"1": 2}),
    ],
)
def test_scalars_follow_yaml_1_2(text, value):
    assert resolve(parse(f"a: {text}", "f")[0], None) == {"a": value}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1]", "a list"),
        ("[]", "an empty list"),
        ("{a: 1}", "a mapping"),
        ("{}", "an empty mapping"),
        ("", "nothing"),
        ("null", "nothing"),
        ("' '", "blank text"),
        ("true", "the boolean true"),
        ("010", "the number 010"),
        ("'010'", "'010'"),
        ("x" * 70, "'" + "x" * 59 + "…'"),
        ('"a\\nb"', "'a\\u000ab'"),
    ],
)
def test_values_are_described_on_one_line(text, words):
    assert described(parse(f"a: {text}", "f")[0].get("a")) == words


def test_steps_lead_into_maps_by_name_and_lists_by_number():
    root, _ = parse("a: [x]", "f")
    assert isinstance(root, MapNode)
    assert isinstance(child(root, "a"), ListNode)
    assert isinstance(child(child(root, "a"), 0), ScalarNode)
    assert [child(root, 0), child(root.get("a"), "a"), child(root.get("a"), 1), child(root.get("a").items[0], 0)] == [
        None
    ] * 4
