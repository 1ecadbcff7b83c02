"""A waivers file is sound as a whole or refused as a whole, with the place of every fault."""

from datetime import date
from pathlib import Path

import pytest

from scanner.model.errors import ConfigError
from scanner.rules.load import load_rules
from scanner.waivers.load import check_against, load_waivers
from scanner.waivers.schema import AcceptedUnknown, Waiver, WaiverFile
from waiving import rule, rule_set, waiver

ROOT = Path(__file__).parents[2]
WAIVER = """\
waivers:
  - id: WV-1
    rule: KEY-ROT-001
    resources: ["arn:aws:kms:eu-west-1:111122223333:key/1"]
    reason: vendor import
    ticket: CHG-1
    approvers: [alice, bob]
    created: 2026-11-01
    expires: 2027-03-31
"""
ACCEPTED = """\
accepted_unknowns:
  - id: AU-1
    scopes: ["aws:111122223333:eu-west-1"]
    call: kms:GetKeyPolicy
    cause: denied
    reason: the owner answers in January
    approvers: [alice]
    created: 2026-11-01
    expires: 2027-01-15
"""


def faults(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_waivers(text, "w.yaml")
    assert "nothing was judged" in caught.value.hint
    return caught.value.message.splitlines()


def changed(text: str, old: str, new: str) -> list[str]:
    assert old in text
    return faults(text.replace(old, new))


def test_every_field_is_read():
    file = load_waivers(WAIVER + ACCEPTED, "w.yaml")
    assert file.waivers[0].resources == ("arn:aws:kms:eu-west-1:111122223333:key/1",)
    assert (file.waivers[0].approvers, file.waivers[0].expires) == (("alice", "bob"), date(2027, 3, 31))
    assert (file.accepted_unknowns[0].cause, file.accepted_unknowns[0].created) == ("denied", date(2026, 11, 1))
    assert str(file.places["WV-1", "expires"]) == "w.yaml:9:14"


@pytest.mark.parametrize("text", ["{}", "waivers: []", "waivers: []\naccepted_unknowns: []\n"])
def test_a_file_may_hold_nothing(text):
    file = load_waivers(text, "w.yaml")
    assert (file.waivers, file.accepted_unknowns) == ((), ())


@pytest.mark.parametrize("field", [name for name, info in Waiver.model_fields.items() if info.is_required()])
def test_every_field_of_a_waiver_is_mandatory(field):
    lines = [line for line in WAIVER.splitlines() if f"{field}: " not in line]
    if field == "id":
        lines[1:2] = ["  -", lines[1]]
    (fault,) = faults("\n".join(lines))
    assert f"waivers[0]: '{field}' is missing; expected " in fault


@pytest.mark.parametrize("field", [name for name, info in AcceptedUnknown.model_fields.items() if info.is_required()])
def test_every_field_of_an_accepted_unknown_but_one_of_its_targets_is_mandatory(field):
    lines = [line for line in ACCEPTED.splitlines() if f"{field}: " not in line]
    if field == "id":
        lines[1:2] = ["  -", lines[1]]
    (fault,) = faults("\n".join(lines))
    assert f"accepted_unknowns[0]: '{field}' is missing; expected " in fault


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("2027-03-31", "2026-11-01", "w.yaml:9:14: WV-1: expected a day after created (2026-11-01), got 2026-11-01"),
        ("2027-03-31", "2027-05-01", "w.yaml:9:14: WV-1: expected at most 180 days after created, got 181"),
        (
            "2027-03-31",
            "20270331",
            "w.yaml:9:14: waivers[0].expires: expected a date such as 2027-03-31, got the number",
        ),
        ("2027-03-31", "2027-02-30", "w.yaml:9:14: waivers[0].expires: expected a date such as 2027-03-31, got '2027"),
        ("2027-03-31", "never", "w.yaml:9:14: waivers[0].expires: expected a date such as 2027-03-31, got 'never'"),
        ("[alice, bob]", "[]", "w.yaml:7:16: waivers[0].approvers: expected a list of at least one name"),
        (
            "[alice, bob]",
            "alice",
            "w.yaml:7:16: waivers[0].approvers: expected a list of at least one name, got 'alice'",
        ),
        ("[alice, bob]", "[alice, Alice]", "w.yaml:7:24: WV-1: expected distinct approvers, got 'Alice' twice"),
        ("key/1", "key/*", None),
        (
            "111122223333:key/1",
            "*:key/1",
            "w.yaml:4:17: WV-1: the pattern 'arn:aws:kms:eu-west-1:*:key/1' is not bound",
        ),
        (
            "arn:aws:kms:eu-west-1:111122223333:key/1",
            "*",
            "w.yaml:4:17: WV-1: the pattern '*' is not bounded: expected",
        ),
        (
            "arn:aws:kms:eu-west-1",
            "arn aws",
            "w.yaml:4:17: waivers[0].resources[0]: expected an id or a bounded pattern",
        ),
        ("reason: vendor import", "reason: ' '", "w.yaml:5:13: waivers[0].reason: expected text that is not blank"),
        ("id: WV-1", "id: WV 1", "w.yaml:2:9: waivers[0].id: expected an id such as WV-2026-014"),
        ("ticket:", "tickets:", "w.yaml:6:5: waivers[0]: unknown key 'tickets'; did you mean 'ticket'?"),
        ("waivers:", "waiver:", "w.yaml:1:1: unknown key 'waiver'; did you mean 'waivers'?"),
    ],
)
def test_a_malformed_waiver_is_refused_with_its_place(old, new, fault):
    if fault is None:
        assert load_waivers(WAIVER.replace(old, new), "w.yaml").waivers
    else:
        assert any(line.startswith(fault) for line in changed(WAIVER, old, new))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("2027-01-15", "2027-01-31", "w.yaml:9:14: AU-1: expected at most 90 days after created, got 91"),
        (
            "cause: denied",
            "cause: denyed",
            "w.yaml:5:12: accepted_unknowns[0].cause: expected one of denied, throttled",
        ),
        (
            "call: kms:GetKeyPolicy",
            "call: kms:*",
            "w.yaml:4:11: accepted_unknowns[0].call: expected a permission's name",
        ),
        (
            "aws:111122223333:eu-west-1",
            "eu-west-1",
            "w.yaml:3:14: accepted_unknowns[0].scopes[0]: expected a scope such",
        ),
        (
            "aws:111122223333:eu-west-1",
            "aws:*:eu-west-1",
            "w.yaml:3:14: AU-1: the pattern 'aws:*:eu-west-1' is not bound",
        ),
        ('["aws:111122223333:eu-west-1"]', "[]", "w.yaml:2:5: AU-1: expected `resources` or `scopes`"),
    ],
)
def test_a_malformed_acceptance_is_refused_with_its_place(old, new, fault):
    assert any(line.startswith(fault) for line in changed(ACCEPTED, old, new))


@pytest.mark.parametrize("text", ["", "- WV-1", "waivers", "waivers:\n", "waivers: [", "waivers: &a []"])
def test_what_is_no_waivers_file_is_refused(text):
    assert len(faults(text)) == 1


def test_every_fault_of_a_file_is_named():
    text = WAIVER.replace("2027-03-31", "2026-01-01").replace("[alice, bob]", "[a, a]") + ACCEPTED.replace(
        "AU-1", "WV-1"
    )
    assert [fault.split(": ", 1)[1] for fault in faults(text)] == [
        "WV-1: expected distinct approvers, got 'a' twice",
        "WV-1: expected a day after created (2026-11-01), got 2026-01-01",
        "the id WV-1 is given twice",
    ]


def test_waivers_within_their_rules_bounds_pass():
    file = load_waivers(WAIVER, "w.yaml")
    check_against(file, rule_set(rule(approvers=2, max_days=150)))
    check_against(file, rule_set(rule("KEY-NEW-001", aliases=("KEY-ROT-001",))))
    check_against(file, rule_set(disabled=(rule(),)))


@pytest.mark.parametrize(
    ("of", "fault"),
    [
        (
            rule("KEY-ROT-002"),
            "w.yaml:3:11: there is no rule 'KEY-ROT-001' in this baseline; did you mean 'KEY-ROT-002'?",
        ),
        (rule(allowed=False), "w.yaml:3:11: rule KEY-ROT-001 allows no waivers"),
        (rule(max_days=149), "w.yaml:9:14: expected at most 149 days after created for rule KEY-ROT-001, got 150"),
        (rule(approvers=3), "w.yaml:7:16: expected at least 3 approvers for rule KEY-ROT-001, got 2"),
    ],
)
def test_a_waiver_beyond_its_rules_bounds_is_refused(of, fault):
    with pytest.raises(ConfigError) as caught:
        check_against(load_waivers(WAIVER, "w.yaml"), rule_set(of))
    assert caught.value.message == fault


def test_a_waiver_from_no_file_is_named_by_its_id():
    with pytest.raises(ConfigError, match=r"^WV-1: there is no rule"):
        check_against(WaiverFile(waivers=(waiver(),)), rule_set())


def test_the_example_is_within_the_bounds_of_the_shipped_rules():
    file = load_waivers((ROOT / "examples" / "waivers.yaml").read_text(), "waivers.yaml")
    check_against(file, load_rules([ROOT / "policies"], baseline="default", lists={}))


def test_the_example_is_valid_and_shows_every_field():
    text = (ROOT / "examples" / "waivers.yaml").read_text()
    file = load_waivers(text, "waivers.yaml")
    assert file.waivers
    assert file.accepted_unknowns
    fields = {*Waiver.model_fields, *AcceptedUnknown.model_fields}
    assert [field for field in fields if f"{field}:" not in text] == []
