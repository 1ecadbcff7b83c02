import pytest

from scanner.config.nodes import MapNode
from scanner.rules.faults import Faults
from scanner.rules.nodes import parse

LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


def faults_in(text):
    faults = Faults()
    node = parse(text, "f.yaml", faults)
    return node, [str(fault) for fault in faults.found]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "f.yaml:1:1: the file is empty"),
        ("a: [1", "f.yaml:2:1: not valid YAML: did not find expected ',' or ']'"),
        ("a: b: c", "f.yaml:1:5: not valid YAML: mapping values are not allowed in this context"),
        ("a: 1\nb: 2\na: 3", "f.yaml:3:1: duplicate key 'a'; first given in line 1"),
        ("x: {a: 1, a: 2}", "f.yaml:1:11: duplicate key 'a'"),
        ("a: 1\nb: *a", "f.yaml:2:4: aliases are not allowed (*a); write the value out"),
        ("<<: {a: 1}", "f.yaml:1:1: merge keys (<<) are not allowed"),
        (
            "a: !!python/object:os.system x",
            "f.yaml:1:4: tags other than !unknown are not allowed; write the value plainly",
        ),
        ("a: !secret {}", "f.yaml:1:4: tags are not allowed; write the value plainly"),
        ("a: !unknown [x]", "f.yaml:1:4: tags are not allowed; write the value plainly"),
        ("? [a]\n: 1", "f.yaml:1:3: expected a plain name as key"),
        ("a: 1\n---\nb: 2", "f.yaml:2:1: expected one document, found a second"),
        ("a: \x01", "f.yaml:1:4: the character U+0001 is not allowed"),
        ("a: 1\nb: x\u202ey", "f.yaml:2:5: the character U+202E is not allowed"),
        ('a: 1\nb: "x\\e[31m"', "f.yaml:2:4: the character U+001B is not allowed"),
        ("[" * 60 + "]" * 60, "f.yaml:1:42: nested deeper than 40 levels"),
        ("a: " + "x" * 262_144, "f.yaml:1:1: expected at most 262,144 characters"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_place(text, line):
    _, faults = faults_in(text)
    assert len(faults) == 1
    assert faults[0].startswith(line)


def test_text_that_grows_by_aliases_stays_as_small_as_it_was_written():
    node, faults = faults_in(LAUGHS)
    assert [fault.split(": ")[1].split(" ")[0] for fault in faults] == ["anchors", "anchors", *["aliases"] * 4]
    assert isinstance(node, MapNode)
    assert [len(value.items) for _, value in node.entries] == [2, 2, 2]


def test_positions_survive_text_that_is_not_ascii():
    node, faults = faults_in("title: 'Schlüssel ü'\nä: {b: x}\n")
    assert faults == []
    assert isinstance(node, MapNode)
    assert [str(value.place) for _, value in node.entries] == ["f.yaml:1:8", "f.yaml:2:4"]


def test_an_unread_value_keeps_its_tag():
    node, _ = faults_in("a: !unknown denied kms:GetKeyPolicy")
    assert isinstance(node, MapNode)
    assert node.get("a").tag == "!unknown"
    assert node.get("a").text == "denied kms:GetKeyPolicy"
