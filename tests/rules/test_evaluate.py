import msgspec
import pytest
from rule_builder import condition
from sample_facts import DENIED, Colour, Doc, Item, Sample

from scanner.rules.evaluate import holds

NOTHING = Sample(
    flag=None,
    count=None,
    age=None,
    limit=None,
    since=None,
    until=None,
    text=None,
    colour=None,
    labels=None,
    names=None,
    items=None,
    doc=None,
)
UNREAD = Sample(
    **{name: DENIED for name in Sample.__struct_fields__ if name not in {"name", "evidence"}},
)


def truth(text, facts=None, /, **changes):
    facts = facts or Sample()
    return holds(condition(text, lists={"trusted": ("a", "red")}), msgspec.structs.replace(facts, **changes))


LEAVES = [
    # condition, of the default sample, of absent facts
    ("flag: true", True, False),
    ("flag: {ne: true}", False, True),
    ("count: 3", True, False),
    ("count: {in: [1, 2]}", False, False),
    ("count: {not_in: [1, 2]}", True, True),
    ("count: {lt: 3}", False, False),
    ("count: {lte: 3}", True, False),
    ("count: {gt: 2, lt: 4}", True, False),
    ("count: {gte: 4}", False, False),
    ("age: 30d", True, False),
    ("age: {lte: 720h}", True, False),
    ("age: {lte: 4w}", False, False),
    ("age: {gt: 43199m}", True, False),
    ("age: {gte: 2592000s}", True, False),
    ("age: {lt_field: limit}", True, False),
    ("age: {lte_field: limit}", True, False),
    ("age: {gt_field: limit}", False, False),
    ("age: {gte_field: limit}", False, False),
    ("age: {eq_field: limit}", False, False),
    ("age: {ne_field: limit}", True, False),
    ("since: {lt_field: until}", True, False),
    ("text: alias/prod", True, False),
    ("text: {ne: alias/test}", True, True),
    ("text: {matches: '^alias/'}", True, False),
    ("text: {matches: 'prod'}", True, False),
    ("text: {matches: '^prod'}", False, False),
    ("text: {absent: true}", False, True),
    ("text: {absent: false}", True, False),
    ("colour: red", True, False),
    ("colour: {in: [green, blue]}", False, False),
    ("colour: {not_in: [green]}", True, True),
    ("colour: {in_list: trusted}", True, False),
    ("colour: {not_in_list: trusted}", False, True),
    ("labels: {has_keys: [owner]}", False, False),
    ("labels: {empty: true}", True, True),
    ("names: {contains: a}", True, False),
    ("names: {contains: c}", False, False),
    ("names: {contains_any: [c, b]}", True, False),
    ("names: {empty: false}", True, False),
    ("names: {every: {matches: '^[ab]$'}}", True, False),
    ("names: {every: {allow_empty: true, eq: a}}", False, True),
    ("names: {any: {eq: b}}", True, False),
    ("names: {none: {eq: c}}", True, True),
    ("names: {count: {where: {in: [a, b]}, eq: 2}}", True, False),
    ("names: {count: {where: {eq: a}, lte: 1}}", True, True),
    ("items: {every: {on: true}}", True, False),
    ("items: {every: {allow_empty: true, on: true}}", True, True),
    ("items: {any: {on: false}}", False, False),
    ("items: {none: {on: false}}", True, True),
    ("items: {count: {where: {size: 1}, gt: 1, lt: 3}}", True, False),
    ("doc: {status: approved, approver: eve}", True, False),
    ("doc.status: approved", True, False),
    ("doc: {absent: true}", False, True),
    ("doc.approver: {ne_field: doc.requester}", True, False),
    ("doc: {approver: {ne_field: requester}}", True, False),
    ("doc: {not: {status: approved}}", False, True),
    ("any_of: [{flag: false}, {count: 3}]", True, False),
    ("all_of: [{flag: true}, {count: 3}]", True, False),
    ("not: {flag: true}", False, True),
    ("{flag: true, count: 4}", False, False),
]


@pytest.mark.parametrize(("text", "of_sample", "of_nothing"), LEAVES, ids=[text for text, *_ in LEAVES])
def test_what_is_read_is_true_or_false_and_what_is_unread_is_unknown(text, of_sample, of_nothing):
    assert truth(text) is of_sample
    assert truth(text, NOTHING) is of_nothing
    assert truth(text, UNREAD) is None


@pytest.mark.parametrize("operator", ["ne_field", "eq_field", "lt_field"])
def test_comparing_fields_fails_when_one_is_absent_and_is_unknown_when_one_is_unread(operator):
    assert truth(f"age: {{{operator}: limit}}", limit=None) is False
    assert truth(f"age: {{{operator}: limit}}", age=None) is False
    assert truth(f"age: {{{operator}: limit}}", limit=DENIED) is None


def test_the_negation_of_unknown_is_unknown():
    assert truth("not: {flag: true}", flag=DENIED) is None


def test_false_beats_unknown_beats_true_in_all():
    assert truth("{flag: true, count: 4}", flag=DENIED) is False
    assert truth("{flag: true, count: 3}", flag=DENIED) is None


def test_true_beats_unknown_beats_false_in_any():
    assert truth("any_of: [{flag: true}, {count: 3}]", flag=DENIED) is True
    assert truth("any_of: [{flag: true}, {count: 4}]", flag=DENIED) is None


def test_an_unread_element_hides_no_failing_one():
    items = (Item(on=DENIED), Item(on=False))
    assert truth("items: {every: {on: true}}", items=items) is False
    assert truth("items: {none: {on: false}}", items=items) is False
    assert truth("items: {any: {on: true}}", items=items) is None
    assert truth("items: {any: {on: false}}", items=items) is True


@pytest.mark.parametrize(
    ("bound", "expected"),
    [("lte: 3", True), ("lte: 2", None), ("lte: 0", False), ("gte: 1", True), ("gte: 4", False), ("eq: 5", False)],
)
def test_a_count_is_unknown_only_when_the_unread_could_change_it(bound, expected):
    items = (Item(on=True), Item(on=DENIED), Item(on=DENIED), Item(on=False))
    assert truth(f"items: {{count: {{where: {{on: true}}, {bound}}}}}", items=items) is expected


def test_an_absent_list_under_an_absent_block_is_empty():
    items = (Item(colours=None), Item(colours=(Colour.RED,)))
    assert truth("items: {every: {colours: {every: {eq: red}}}}", items=items) is False
    assert truth("items: {every: {colours: {every: {allow_empty: true, eq: red}}}}", items=items) is True


def test_everything_under_an_unread_block_is_unread():
    assert truth("doc.status: {absent: true}", doc=DENIED) is None
    assert truth("doc.status: {absent: true}", doc=Doc(status=DENIED)) is None


def test_text_that_is_not_valid_unicode_is_matched_without_harm():
    assert truth("text: {matches: '^.<'}", text="\ud800<script>") is True


def test_a_pattern_that_would_hang_a_backtracking_engine_does_not():
    assert truth("text: {matches: '^(a+)+$'}", text="a" * 50_000 + "!") is False


def test_a_parameter_stands_for_its_value():
    read = condition("{age: {lte: $most}, text: $word, colour: {in: $colours}}", params=PARAMS)
    assert holds(read, Sample()) is True


PARAMS = """
most: {type: duration, default: 30d}
word: {type: string, default: alias/prod}
colours: {type: strings, default: [red]}
"""
