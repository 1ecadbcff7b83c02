"""Whatever stands in a policy file, loading it gives rules or a PolicyError with places, never anything else."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from rule_builder import PACK, rule_text, write_pack

from scanner.model.errors import PolicyError
from scanner.rules.load import load_rules
from scanner.rules.testing import run_tests

PARAMS = "params: {most: {type: duration, default: 30d, max: 90d}}\n"
RULE = rule_text(
    aliases="[ACME-OLD-001]",
    controls="{}",
    when="{manager: customer, state: {not_in: [destroyed]}}",
    require="{any_of: [{rotation: {enabled: true}}, {age: {lte: $most}}], aliases: {none: {matches: ^x}}}",
    tests="[{name: a, expect: pass, facts: {rotation: !unknown denied kms:X, created_at: 2025-01-01T00:00:00Z}}]",
)
BASELINE = "params: {most: 7d}\noverride: {ACME-TAG-001: {severity: critical}}\nweights: {low: 3}\n"
SCRAPS = st.sampled_from(
    ["{", "}", "[", "]", ": ", ", ", "'", "\n", "  ", "- ", "&a ", "*a", "!!str ", "!unknown ", "null", "$most", "$x",
     "99999999w", "-1", "1e9", "true", "|\n    x\n", '"\\e[2J"',
     "every", "not", "{}", "[]", "\x00", "\ud7ff", "🔑", "%", "|", ">", "#", "?", "<<"]
)  # fmt: skip


@st.composite
def broken(draw, text):
    """A file with a piece cut out, doubled, or replaced by a scrap."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + draw(st.one_of(SCRAPS, st.just(""), st.just(text[start:end] * 2))) + text[end:]
    return text


@settings(max_examples=400)
@given(
    rule=st.one_of(st.just(RULE), broken(RULE)), pack=broken(PACK + PARAMS), baseline=broken(BASELINE), data=st.data()
)
def test_a_broken_file_is_refused_with_its_places_or_loads_and_runs(tmp_path_factory, rule, pack, baseline, data):
    folder = tmp_path_factory.mktemp("pack")
    pack = data.draw(st.sampled_from([PACK + PARAMS, pack]))
    write_pack(folder, {"rules/ACME-TAG-001.yaml": rule, "baselines/default.yaml": baseline}, pack)
    loaded, lines = load(folder)
    assert [line for line in lines if not re.match(r"\S+:\d+:\d+: \S", line) or not line.isprintable()] == []
    assert all(run_tests(rule) for rule in loaded if rule.tests)


def load(folder):
    """The rules, or the lines of the error."""
    try:
        return load_rules([folder], baseline="default", lists={}).rules, []
    except PolicyError as error:
        return (), error.message.split("\n")


def test_a_message_is_one_printable_line_of_bounded_length(tmp_path):
    write_pack(tmp_path, {"rules/ACME-TAG-001.yaml": rule_text(severity='"\\e[2J\\nx' + "y" * 9999 + '"')})
    _, (forbidden, line) = load(tmp_path)
    assert forbidden.endswith(": the character U+001B is not allowed")
    assert line.isprintable()
    assert "'\\u001b[2J\\u000axyyy" in line
    assert len(line) < 800
