"""Every key of the schema is documented, shown in the example, and refused in words of the product when it is wrong."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from scanner.config.document import parse_document
from scanner.config.document_page import page
from scanner.config.load import load_config
from scanner.config.nodes import MapNode, parse
from scanner.config.schema import Config
from scanner.config.shape import Kind, Shape, field_shape, section_shape, shape_at
from scanner.model.errors import ConfigError
from scanner.waivers.schema import WaiverDocument

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.yaml"
WRONG = [
    "true",
    "3",
    "-1.5",
    "1e99",
    "''",
    "' '",
    "wrong",
    "null",
    "[]",
    "[1]",
    "[[a]]",
    "{}",
    "{a: 1}",
    "{Kms: x}",
    "99999",
]
NOT_OURS = re.compile(
    r"Input should|validation error|Extra inputs|Field required|pydantic|String should|tuple|type=|None"
)

Keys = tuple[str, ...]


def walk(section: type[BaseModel], path: Keys = ()) -> Iterator[tuple[Keys, Shape]]:
    """Every key of the schema, `[]` standing for the items of a list."""
    for name in section.model_fields:
        shape = field_shape(section, name)
        yield (*path, name), shape
        inside = shape.section or (shape.item.section if shape.item else None)
        if inside is not None:
            yield from walk(inside, (*path, name) if shape.section else (*path, name, "[]"))


KEYS = list(walk(Config))


def document(path: Keys, value: str) -> str:
    """A file that holds one value at a path."""
    text = value
    for step in reversed(path):
        text = f"[{text}]" if step == "[]" else f"{{{step}: {text}}}"
    return text


def names(node: object, path: Keys = ()) -> Iterator[Keys]:
    if isinstance(node, MapNode):
        for key, value in node.entries:
            yield (*path, key.text)
            yield from names(value, (*path, key.text))
    for item in getattr(node, "items", ()):
        yield from names(item, (*path, "[]"))


def message(text: str, schema: type[BaseModel]) -> str:
    """What a file is refused with; nothing when it is not."""
    try:
        parse_document(text, "f", schema)
    except ConfigError as error:
        return error.message
    return ""


@pytest.mark.parametrize(
    ("schema", "path"), [(schema, path) for schema in (Config, WaiverDocument) for path, _ in walk(schema)]
)
def test_a_wrong_value_is_told_in_our_words_at_its_place(schema, path):
    messages = [found for value in WRONG if (found := message(document(path, value), schema))]
    lines = [line for found in messages for line in found.splitlines()]
    assert lines
    assert [line for line in lines if not re.match(r"f:\d+:\d+: .*(expected|unknown key)", line)] == []
    assert [line for line in lines if NOT_OURS.search(line)] == []


@pytest.mark.parametrize(("path", "shape"), [item for item in KEYS if item[1].kind is Kind.CHOICE])
def test_a_misspelt_choice_names_the_nearest(path, shape):
    for option in shape.options:
        misspelt = option[:-1] + "x"
        with pytest.raises(ConfigError) as caught:
            parse_document(document(path, misspelt), "f", Config)
        assert f"got '{misspelt}'; did you mean '{option}'?" in caught.value.message


@pytest.mark.parametrize("path", [path for path, _ in KEYS], ids=".".join)
def test_a_misspelt_key_names_the_nearest(path):
    *above, name = path
    with pytest.raises(ConfigError) as caught:
        parse_document(document((*above, name + "x"), "1"), "f", Config)
    assert f"unknown key '{name}x'; did you mean '" in caught.value.message


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "f:1:1: expected a mapping with the keys organisation, providers, policies"),
        ("- a", "f:1:1: expected a mapping with the keys organisation, providers, policies"),
        ("fail_on: on", "f:1:10: fail_on: expected one of critical, high, medium, low, got 'on'"),
        ("outputs: {sarif_all: yes}", "f:1:22: outputs.sarif_all: expected true or false, got 'yes'"),
        (
            "organisation: true",
            "f:1:15: organisation: expected text that is not blank, got the boolean true; put quotes",
        ),
        ("policies: {packs: mine}", "f:1:19: policies.packs: expected a list of texts, got 'mine'; write [...]"),
        ("policies: {packs: }", "f:1:19: policies.packs: expected a list of texts, got nothing; write [] for none"),
        (
            "providers: {aws: {regions: al}}",
            "f:1:28: providers.aws.regions: expected all or a list of at least one region such as [eu-central-1], got",
        ),
        (
            "providers: {aws: {accounts: [{name: x}]}}",
            "f:1:30: providers.aws.accounts[0]: 'id' is missing; expected an acc",
        ),
        ("providers: {aws: {rate_limits: {x: 1}}}", "f:1:33: providers.aws.rate_limits: expected a call such as"),
        (
            "providers: {aws: {concurrency: 010}}",
            "f:1:32: providers.aws.concurrency: expected a whole number from 1 to 256",
        ),
        ("fail_on: {}", "f:1:10: fail_on: expected one of critical, high, medium, low, got an empty mapping"),
        ("waivers: [x]", "f:1:10: waivers: expected text that is not blank, got a list"),
        ("xyz: 1", "f:1:1: unknown key 'xyz'; expected one of organisation, providers"),
    ],
)
def test_messages(text, fault):
    with pytest.raises(ConfigError) as caught:
        parse_document(text, "f", Config)
    assert any(line.startswith(fault) for line in caught.value.message.splitlines())


@pytest.mark.parametrize(("path", "shape"), KEYS)
def test_the_words_of_a_bounded_number_are_its_bounds(path, shape):
    if shape.kind not in {Kind.WHOLE, Kind.NUMBER}:
        return
    least, most = map(int, re.findall(r"\d+", shape.words.one))
    name = ".".join(path)
    taken = {
        value: name not in message(document(path, str(value)), Config)
        for value in (least - 1, least, least + 1, most, most + 1)
    }
    from_least = "from" in shape.words.one
    assert taken == {least - 1: False, least: from_least, least + 1: True, most: True, most + 1: False}


def test_the_example_is_valid_and_so_are_its_optional_lines(tmp_path):
    assert load_config(EXAMPLE, environment={}, overrides={}).organisation == "Example Bank"
    whole = tmp_path / "whole.yaml"
    whole.write_text(re.sub(r"^( *)#(?=[a-z])", r"\1", EXAMPLE.read_text(), flags=re.MULTILINE))
    config = load_config(whole, environment={}, overrides={})
    assert config.providers.aws is not None
    assert config.providers.aws.endpoint_url is not None
    root, faults = parse(whole.read_text(), "whole.yaml")
    assert faults == []
    assert {path for path, _ in KEYS} - set(names(root)) == set()


@pytest.mark.parametrize("schema", [Config, WaiverDocument])
def test_every_field_has_one_line_that_says_what_it_is_for(schema):
    for path, _ in walk(schema):
        section = shape_at(schema, tuple(0 if step == "[]" else step for step in path[:-1]))
        described = (section or section_shape(schema)).section.model_fields[path[-1]].description
        assert described, path
        assert described.endswith("."), path
        assert "\n" not in described


def test_the_page_is_what_the_schema_says_and_names_every_key():
    text = page()
    assert (ROOT / "docs" / "config.md").read_text() == text
    for path, _ in KEYS:
        above = ".".join(path[:-1]).replace(".[]", "[]") or "Top level"
        table = text.split(f"## {above}\n", 1)[1].split("\n## ", 1)[0]
        assert f"\n| `{path[-1]}` | " in table


def test_a_type_without_words_is_refused():
    class Odd(BaseModel):
        what: complex

    with pytest.raises(TypeError, match="has no words"):
        field_shape(Odd, "what")
