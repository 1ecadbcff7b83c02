import json

from msgspec.structs import replace

from reports import OTHER, SECOND, header, report
from scanner.model.alerting import ALERTING_GROUPS
from scanner.model.history import HISTORY_GROUPS
from scanner.model.key import Provider
from scanner.model.report import UnreadAround
from scanner.model.surroundings import SURROUNDING_GROUPS
from scanner.model.unknown import Cause, Unknown
from scanner.model.watching import WATCHING_GROUPS
from scanner.model.watching_google import LOG_LEVEL_GROUPS, PROJECT_WATCHING_GROUPS
from scanner.outputs.collection import render
from scanner.outputs.limitations import AROUND


def document(**changes: object) -> dict:
    return json.loads(render(report(**changes)))


def test_every_listed_scope_adds_up_and_so_does_the_total():
    found = document()
    listed = [scope for scope in found["scopes"] if isinstance(scope["listed"], int)]
    assert len(listed) == 3
    for count in (*listed, found["totals"]):
        assert count["listed"] == count["read"] + count["partly_read"] + count["unread"] + count["excluded"]
        assert count["reconciles"] is True
    assert found["totals"]["listed"] == sum(scope["listed"] for scope in listed)


def test_a_listing_that_was_cut_short_is_unknown_and_not_a_number():
    (scope,) = (scope for scope in document()["scopes"] if scope["id"] == f"aws:{OTHER}:{SECOND}")
    assert scope["listed"] == {"unknown": "throttled", "call": "kms:ListKeys"}
    assert (scope["last_token_empty"], scope["listing_pages"], scope["reconciles"]) == (False, None, False)


def test_a_total_that_does_not_add_up_says_so():
    people = replace(report().population, read=99)
    assert document(population=people)["totals"]["reconciles"] is False


def test_scopes_that_were_not_entered_stay_with_reason_and_approver():
    closed = {scope["status"]: scope for scope in document()["scopes"] if scope["status"] != "scanned"}
    assert closed.keys() == {"excluded", "outside", "unreachable"}
    assert closed["excluded"]["approver"] == "CISO"
    assert closed["unreachable"]["reason"] == "AssumeRole was denied"


def test_calls_are_added_up_over_all_scopes():
    found = document()
    for name in ("calls", "pages", "retries", "throttled", "denied", "failed"):
        assert found["totals"][name] == sum(call[name] for scope in found["scopes"] for call in scope["calls"])


def test_an_identity_that_was_not_read_is_not_left_out():
    callers = [identity["caller"] for identity in document()["identities"]]
    assert callers[1] == {"unknown": "denied", "call": "sts:GetCallerIdentity"}


def test_every_unread_group_names_the_rules_it_leaves_open():
    unread = document()["unread"]
    assert [(item["call"], item["rules"], item["accepted"]) for item in unread] == [
        ("kms:GetKeyPolicy", ["KEY-ACC-001"], None),
        ("kms:GetKeyPolicy", ["KEY-ACC-001"], "A-1"),
        ("kms:ListKeys", ["KEY-POP-001"], None),
    ]


def test_what_the_baseline_leaves_out_is_told():
    told = "KEY-TAG-001 is disabled until 2026-12-31 (baseline mine: moving)."
    pack = replace(report().pack, left_out=(told,))
    assert f"Not every rule judged: {told}" in document(pack=pack)["limitations"]


def test_limitations_of_a_real_and_complete_estate_are_one_sentence():
    rows = tuple(row for row in report().population.rows if row.reconciles)
    clean = header(simulated=False, endpoints=(), identities=(), regions_outside={})
    found = document(header=clean, population=replace(report().population, rows=rows))
    assert found["simulated"] is False
    assert found["limitations"] == [
        "This describes one moment: it does not show what happened between two collections."
    ]


def test_what_no_scan_of_google_cloud_reads_is_told_where_one_was_scanned():
    rows = tuple(replace(row, scope=replace(row.scope, provider=Provider.GCP)) for row in report().population.rows)
    told = document(population=replace(report().population, rows=rows))["limitations"]
    (said,) = (text for text in told if "boundaries" in text)
    assert said.startswith("Principal access boundaries of Google Cloud are not read")
    assert not [text for text in document()["limitations"] if "boundaries" in text]


def test_what_was_not_read_around_keys_is_named_though_no_rule_reads_it():
    gap = UnreadAround(
        group="channels", unknown=Unknown(cause=Cause.DENIED, call="monitoring.notificationChannels.list")
    )
    people = report().population
    rows = (*(replace(row, around=(gap,)) for row in people.rows[:2]), *people.rows[2:])
    found = document(population=replace(people, rows=rows))
    assert [scope["around"] for scope in found["scopes"]][1:3] == [
        [{"group": "channels", "call": "monitoring.notificationChannels.list", "cause": "denied"}],
        [],
    ]
    assert (
        "Notification channels were not read in 2 scopes (monitoring.notificationChannels.list: denied); "
        "no rule judges that yet."
    ) in found["limitations"]


def test_everything_around_keys_has_a_name_in_words():
    groups = {*ALERTING_GROUPS, *WATCHING_GROUPS, *HISTORY_GROUPS, *SURROUNDING_GROUPS}
    assert AROUND.keys() == groups | {*LOG_LEVEL_GROUPS, *PROJECT_WATCHING_GROUPS}
