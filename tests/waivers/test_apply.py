"""A waiver covers exactly its rule, its subjects and its days; an accepted unknown exactly its call and cause."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.finding import SubjectKind, WaiverMark
from scanner.model.report import WaiverState
from scanner.model.unknown import Cause, Unknown
from scanner.waivers.apply import ExpiredWaiver, accept, results, waive
from scanner.waivers.schema import NO_WAIVERS, WaiverFile
from waiving import ACCOUNT, KEY, TODAY, accepted, rule, subject, waiver

DENIED = Unknown(cause=Cause.DENIED, call="kms:GetKeyPolicy")
DAYS = st.integers(-400, 400).map(lambda days: TODAY + timedelta(days=days))
SPANS = st.tuples(DAYS, st.integers(1, 180)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1])))
IDS = st.sampled_from(["KEY-ROT-001", "KEY-ROT-002", "KEY-DEL-001", "KEY-TAG-001"])


def covering(*waivers, bounds=None, on=TODAY):
    return waive(WaiverFile(waivers=waivers), rule(**(bounds or {})), subject(), on)


def accepting(*entries, unknown=DENIED, on=TODAY, of=None):
    return accept(WaiverFile(accepted_unknowns=entries), unknown, of or subject(), on)


def test_a_waiver_covers_its_rule_on_its_subject():
    assert covering(waiver()) == WaiverMark(id="WV-1", expires=date(2027, 3, 1))


def test_nothing_is_covered_without_waivers():
    assert waive(NO_WAIVERS, rule(), subject(), TODAY) is None


def test_a_waiver_covers_no_other_subject():
    assert covering(waiver(resources=(KEY.upper(), KEY[:-1], "test"))) is None


def test_a_waiver_names_a_renamed_rule_by_its_old_id():
    file = WaiverFile(waivers=(waiver(rule="KEY-OLD-001"),))
    assert waive(file, rule(aliases=("KEY-OLD-001",)), subject(), TODAY) is not None


@pytest.mark.parametrize(
    ("on", "covered"),
    [
        (date(2026, 9, 30), None),
        (date(2026, 10, 1), WaiverMark(id="WV-1", expires=date(2027, 3, 1))),
        (date(2027, 3, 1), WaiverMark(id="WV-1", expires=date(2027, 3, 1))),
        (date(2027, 3, 2), ExpiredWaiver(id="WV-1", expires=date(2027, 3, 1))),
    ],
)
def test_first_and_last_day_are_included(on, covered):
    assert covering(waiver(), on=on) == covered


@pytest.mark.parametrize("bounds", [{"allowed": False}, {"max_days": 150}, {"approvers": 2}])
def test_a_waiver_beyond_its_rules_bounds_covers_nothing(bounds):
    assert covering(waiver(), bounds=bounds) is None


def test_of_several_the_one_that_lasts_longest_counts():
    short = waiver(id="WV-0", expires=date(2026, 12, 1))
    assert covering(short, waiver()).id == "WV-1"
    assert covering(short, waiver(id="WV-9", expires=date(2026, 12, 1))).id == "WV-0"
    assert isinstance(covering(short, waiver(), on=date(2027, 1, 1)), WaiverMark)


@given(st.lists(SPANS, max_size=3), DAYS, st.integers(0, 500))
def test_expiry_is_monotone_in_time(spans, day, later):
    waivers = tuple(waiver(id=f"WV-{i}", created=start, expires=end) for i, (start, end) in enumerate(spans))
    before = covering(*waivers, on=day)
    if isinstance(before, ExpiredWaiver):
        begun = tuple(item for item in waivers if item.created <= day)
        assert isinstance(covering(*begun, on=day + timedelta(days=later)), ExpiredWaiver)
    if isinstance(before, WaiverMark):
        after = covering(*waivers, on=min(before.expires, day + timedelta(days=later)))
        assert isinstance(after, WaiverMark)
        assert after.expires >= before.expires


@given(IDS, IDS, DAYS, st.sampled_from([(), ("KEY-OLD-001",)]))
def test_a_waiver_for_one_rule_never_covers_another(named, judged, day, aliases):
    file = WaiverFile(waivers=(waiver(rule=named),))
    outcome = waive(file, rule(judged, aliases=aliases), subject(), day)
    assert outcome is None or named == judged


def test_an_entry_accepts_its_call_and_cause():
    assert accepting(accepted()) == "AU-1"
    assert accept(NO_WAIVERS, DENIED, subject(), TODAY) is None


@pytest.mark.parametrize(
    "unknown",
    [
        Unknown(cause=Cause.THROTTLED, call="kms:GetKeyPolicy"),
        Unknown(cause=Cause.DENIED, call="kms:GetKeyPolicyX"),
        Unknown(cause=Cause.DENIED, call="kms:getkeypolicy"),
    ],
)
def test_another_call_or_cause_is_not_accepted(unknown):
    assert accepting(accepted(), unknown=unknown) is None


def test_a_scope_accepts_every_subject_in_it():
    entry = accepted(resources=(), scopes=(f"aws:{ACCOUNT}:eu-*",))
    region = subject(kind=SubjectKind.ACCOUNT_REGION, id=f"aws:{ACCOUNT}:eu-west-1", region="eu-west-1")
    account = subject(kind=SubjectKind.POPULATION_SCOPE, id=f"aws:{ACCOUNT}", region=None)
    assert accepting(entry) == "AU-1"
    assert accepting(entry, of=region) == "AU-1"
    assert accepting(entry, of=subject(account="444455556666")) is None
    assert accepting(entry, of=account) is None


@pytest.mark.parametrize(
    ("on", "accepted_by"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), "AU-1"),
        (date(2027, 1, 15), "AU-1"),
        (date(2027, 1, 16), None),
    ],
)
def test_acceptance_holds_from_its_first_to_its_last_day(on, accepted_by):
    assert accepting(accepted(), on=on) == accepted_by


@given(SPANS, DAYS, st.integers(0, 500))
def test_an_expired_acceptance_never_comes_back(span, day, later):
    entry = accepted(created=span[0], expires=span[1])
    if day > entry.expires:
        assert accepting(entry, on=day + timedelta(days=later)) is None


def test_results_say_what_became_of_every_entry():
    file = WaiverFile(
        waivers=(waiver(id="WV-2"), waiver(id="WV-1"), waiver(id="WV-3", expires=date(2026, 11, 20))),
        accepted_unknowns=(accepted(scopes=(f"aws:{ACCOUNT}:*",)),),
    )
    found = results(file, {"WV-2": 3, "AU-1": 1}, TODAY)
    assert [(item.id, item.kind, item.state, item.covers, item.days_left) for item in found] == [
        ("WV-1", "waiver", WaiverState.UNUSED, 0, 97),
        ("WV-2", "waiver", WaiverState.ACTIVE, 3, 97),
        ("WV-3", "waiver", WaiverState.EXPIRED, 0, -4),
        ("AU-1", "accepted_unknown", WaiverState.ACTIVE, 1, 52),
    ]
    assert (found[0].rule_or_call, found[0].ticket, found[0].resources) == ("KEY-ROT-001", "CHG-4411", (KEY,))
    assert (found[3].rule_or_call, found[3].ticket) == ("kms:GetKeyPolicy", None)
    assert found[3].resources == (KEY, f"aws:{ACCOUNT}:*")


def test_a_waiver_that_does_not_hold_yet_counts_as_unused():
    (result,) = results(WaiverFile(waivers=(waiver(created=date(2026, 12, 1)),)), {}, TODAY)
    assert result.state is WaiverState.UNUSED
