import msgspec
import pytest
from rule_builder import condition, one_rule
from sample_facts import DENIED, Doc, Item, Sample

from scanner.facts.subjects import KeyFacts
from scanner.model.evidence import Evidence
from scanner.model.finding import Verdict
from scanner.model.unknown import Cause, Unknown
from scanner.rules.explain import groups_read, reasons, remediation, ruled_out_by, unread
from scanner.rules.healthy import default_holder, default_key
from scanner.rules.placeholders import fill
from scanner.rules.wording import sentence

UNREAD = "unread (denied kms:GetThing)"


@pytest.fixture
def rule(tmp_path):
    plain = one_rule(tmp_path)

    def made(require, when=None, **rest):
        asked = {
            part: condition(text, **rest) if text else None for part, text in (("require", require), ("when", when))
        }
        return msgspec.structs.replace(plain, **asked)

    return made


def lines(rule, **changes):
    return [sentence(reason) for reason in reasons(rule, Sample(**changes))]


@pytest.mark.parametrize(
    ("require", "changes", "expected"),
    [
        ("flag: true", {"flag": False}, "flag: expected true, was false"),
        ("flag: true", {"flag": None}, "flag: expected true, was absent"),
        ("flag: true", {"flag": DENIED}, "flag: expected true, was unread (denied kms:GetThing)"),
        ("count: {ne: 3}", {}, "count: expected other than 3, was 3"),
        ("count: {in: [1, 2]}", {}, "count: expected one of 1, 2, was 3"),
        ("count: {in: [1]}", {}, "count: expected 1, was 3"),
        ("count: {not_in: [3, 4]}", {}, "count: expected none of 3, 4, was 3"),
        ("age: {lte: 2w}", {}, "age: expected <= 14d, was 30d"),
        ("age: {gt: 5m}", {"age": None}, "age: expected > 5m, was absent"),
        ("age: {gte_field: limit}", {}, "age: expected >= limit (60d), was 30d"),
        ("since: {gt_field: until}", {}, "since: expected > until (2025-06-01T00:00:00Z), was 2025-01-01T00:00:00Z"),
        ("text: {matches: ^x}", {}, "text: expected text matching ^x, was alias/prod"),
        ("text: {absent: true}", {}, "text: expected absent, was alias/prod"),
        ("text: {absent: false}", {"text": None}, "text: expected present, was absent"),
        ("colour: {in_list: trusted}", {}, "colour: expected in list trusted, was red"),
        ("labels: {has_keys: [a, b]}", {"labels": {"a": ""}}, "labels: expected keys a, b, was missing b"),
        ("names: {contains: c}", {}, "names: expected containing c, was a, b"),
        ("names: {contains_any: [c, d]}", {}, "names: expected containing any of c, d, was a, b"),
        ("names: {empty: true}", {}, "names: expected empty, was a, b"),
        ("names: {empty: false}", {"names": ()}, "names: expected at least one element, was empty"),
        ("names: {every: {eq: a}}", {}, "names[1]: expected a, was b"),
        ("names: {none: {eq: a}}", {}, "names[0]: expected other than a, was a"),
        ("items: {every: {on: true}}", {"items": ()}, "items: expected at least one element, was empty"),
        ("items: {any: {on: true}}", {"items": None}, "items: expected at least one element, was absent"),
        ("items: {every: {size: {lte: 3}}}", {"items": (Item(), Item(size=9))}, "items[1].size: expected <= 3, was 9"),
        ("items: {count: {where: {on: true}, lte: 1}}", {}, "items: expected <= 1 matching, was 2"),
        (
            "items: {count: {where: {on: true}, lte: 1}}",
            {"items": (Item(), Item(on=DENIED))},
            "items: expected <= 1 matching, was 1 to 2",
        ),
        (
            "doc.approver: {ne_field: doc.requester}",
            {"doc": Doc(approver="bob")},
            "doc.approver: expected other than doc.requester (bob), was bob",
        ),
        ("doc.status: approved", {"doc": None}, "doc.status: expected approved, was absent"),
        ("items: {none: {on: true}}", {"items": DENIED}, f"items: expected no element that matches, was {UNREAD}"),
        ("items: {every: {on: true}}", {"items": (DENIED,)}, f"items[0].on: expected true, was {UNREAD}"),
        (
            "not: {items: {every: {allow_empty: true, on: true}}}",
            {"items": None},
            "items: expected no element, or only ones that match, was absent",
        ),
        ("not: {age: {lte: 60d}}", {}, "age: expected not <= 60d, was 30d"),
        ("not: {flag: true}", {}, "flag: expected other than true, was true"),
    ],
)
def test_a_leaf_says_what_was_expected_and_what_it_was(rule, require, changes, expected):
    made = rule(require, lists={"trusted": ("blue",)})
    assert expected in lines(made, **changes)


def test_only_the_leaves_that_keep_it_from_passing_are_told(rule):
    made = rule("{flag: true, count: 4, names: {contains: a}, text: {absent: false}}")
    assert lines(made, text=DENIED) == ["count: expected 4, was 3"]


def test_every_way_out_that_failed_is_told(rule):
    assert lines(rule("any_of: [{count: 4}, {flag: false, colour: blue}]")) == [
        "count: expected 4, was 3",
        "flag: expected false, was true",
        "colour: expected blue, was red",
    ]


def test_a_forbidden_element_shows_all_that_makes_it_one(rule):
    made = rule("items: {none: {on: true, size: {gte: 5}}}")
    assert lines(made, items=(Item(), Item(size=7))) == [
        "items[1].on: expected other than true, was true",
        "items[1].size: expected not >= 5, was 7",
    ]


def test_a_pass_and_a_rule_that_does_not_apply_show_every_leaf(rule):
    made = rule("items: {every: {on: true}}", "flag: true")
    assert lines(made)[:2] == ["flag: expected true, was true", "items[0].on: expected true, was true"]
    assert lines(made, flag=False)[0] == "flag: expected true, was false"


def test_long_lists_of_reasons_are_cut_and_counted(rule):
    found = reasons(rule("items: {every: {on: true}}"), Sample(items=(Item(on=False),) * 25))
    assert len(found) == 21
    assert (found[-1].path, found[-1].operator) == ("and 5 more", "more")


def test_an_unknown_names_each_missing_answer_once(rule):
    throttled = Unknown(cause=Cause.THROTTLED, call="kms:Another")
    made = rule("{flag: true, count: 3, items: {every: {on: true}}, age: {lt_field: limit}}")
    facts = Sample(flag=DENIED, count=DENIED, items=(Item(on=throttled),), limit=DENIED)
    assert unread(made, facts) == (throttled, DENIED)
    assert unread(made, Sample(flag=DENIED, count=4)) == ()


def test_an_open_applicability_is_what_leaves_the_verdict_open(rule):
    made = rule("count: 4", "flag: true")
    assert lines(made, flag=DENIED, count=DENIED) == ["flag: expected true, was unread (denied kms:GetThing)"]


def test_a_reason_names_the_calls_behind_its_groups(rule):
    evidence = tuple(
        Evidence(group=group, call=call, request_id=None, sha256="", raw="")
        for group, call in (("a", "kms:One"), ("b", "kms:Two"), ("c", "kms:Three"), ("b", "kms:Two"))
    )
    made = rule("{flag: false, age: {gt_field: limit}, name: other}")
    found = reasons(made, Sample(evidence=evidence))
    assert [reason.call for reason in found] == ["kms:One", "kms:Two, kms:Three", None]


def test_an_unread_leaf_names_its_own_call(rule):
    (reason,) = reasons(rule("flag: true"), Sample(flag=DENIED))
    assert reason.call == "kms:GetThing"


@pytest.mark.parametrize(
    ("when", "changes", "text"),
    [
        ("flag: true", {"flag": False}, "flag is false"),
        ("colour: {in: [green, blue]}", {}, "colour is red"),
        ("text: {absent: false}", {"text": None}, "text is absent"),
        ("age: {gt: 60d}", {}, "age is not > 60d"),
        ("text: other", {"text": "one of ten thousand names"}, "text is not other"),
        ("{flag: true, colour: red}", {"flag": DENIED, "colour": None}, "colour is absent"),
        ("flag: true", {}, ""),
        (None, {}, ""),
    ],
)
def test_what_rules_a_subject_out_can_be_counted(rule, when, changes, text):
    assert ruled_out_by(rule("count: 3", when), Sample(**changes)) == text


def test_the_groups_a_rule_reads_are_those_of_all_its_leaves(rule):
    made = rule("items: {any: {on: true, colours: {contains: red}}}", "{flag: true, age: {lt_field: limit}}")
    assert groups_read(made) == {"a", "b", "c", "items", "items_on", "items_size"}


def test_a_fix_is_filled_in_one_pass_and_quoted_for_a_shell(tmp_path):
    made = one_rule(
        tmp_path,
        params="{most: {type: duration, default: 36h}}",
        require="{age: {lte: $most}}",
        remediation="{aws: 'run {name} {id} {region} {account} {most} {most.days}d {most.minutes}m {\"json\": 1}'}",
    )
    facts = msgspec.structs.replace(default_key(), name="$(reboot) {id}", id="arn:x", account="1", region="r")
    assert remediation(made, facts) == "run '$(reboot) {id}' arn:x r 1 1d 12h 1d 2160m {\"json\": 1}"


def test_what_is_no_placeholder_stays_as_it_is():
    assert fill("{most} {id", default_key(), {}) == "{most} {id"


def test_a_provider_without_a_described_fix_gets_none(tmp_path):
    assert remediation(one_rule(tmp_path, remediation="{gcp: x}"), default_key()) == ""


def test_an_element_with_a_name_is_told_once_with_what_it_matches_by(tmp_path):
    text = "access.holders: {none: {uses: true, any_of: [{decides: true}, {steps_to_decide: true}]}}"
    asking = msgspec.structs.replace(one_rule(tmp_path), require=condition(text, of=KeyFacts))
    holder = msgspec.structs.replace(default_holder(), decides=True, size=3)
    key = default_key()
    key = msgspec.structs.replace(key, access=msgspec.structs.replace(key.access, holders=(default_holder(), holder)))
    (reason,) = reasons(asking, key, Verdict.FAIL)
    assert sentence(reason) == (
        "access.holders[1]: expected no element that matches, was "
        f"{holder.principal} and 2 more, {holder.way} (uses true, decides true)"
    )
