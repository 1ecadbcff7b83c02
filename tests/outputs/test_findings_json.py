import json

import pytest
from msgspec.structs import replace

from reports import HOSTILE_NAME, HOSTILE_OWNER, report
from scanner.model.errors import InputError
from scanner.model.finding import Verdict
from scanner.outputs.findings_json import read_findings, render

FIELDS = (
    *("fingerprint", "rule", "title", "severity", "verdict", "waived", "waiver", "subject", "owner", "environment"),
    *("data_class", "observed_at", "first_seen", "reasons", "evidence", "controls", "remediation"),
)
"""The contract's fields in the contract's order."""


def document() -> dict:
    return json.loads(render(report()))


def test_document_begins_with_schema_and_summary():
    found = document()
    assert found["schema"] == "keymuster/findings/1"
    assert found["as_of"] == "2026-11-01T02:00:00Z"
    assert found["summary"] == {"pass": 31, "fail": 6, "unknown": 3, "not_applicable": 3, "waived": 1}
    assert list(found["summary"]) == ["pass", "fail", "unknown", "not_applicable", "waived"]


def test_findings_have_the_contracted_fields_in_order():
    for finding in document()["findings"]:
        assert tuple(finding)[: len(FIELDS)] == FIELDS
        assert list(finding["subject"]) == ["kind", "id", "name", "provider", "account", "region"]
        assert all(list(reason) == ["path", "operator", "expected", "actual", "call"] for reason in finding["reasons"])
        assert all(list(item)[:3] == ["call", "request_id", "sha256"] for item in finding["evidence"])


def test_printed_on_a_terminal_no_character_acts_and_none_is_lost():
    acting = "\x9b\x7f\u202e\u200b\u2028\x1b"
    (finding, *rest) = report().findings
    hostile = replace(finding, subject=replace(finding.subject, name=f"alias/{acting}"))
    printed = render(report(findings=(hostile, *rest))).decode()
    assert not set(acting) & set(printed)
    assert json.loads(printed)["findings"][0]["subject"]["name"] == f"alias/{acting}"


def test_a_waived_fail_names_its_waiver():
    (waived,) = (finding for finding in document()["findings"] if finding["waived"])
    assert (waived["verdict"], waived["waiver"]) == ("fail", {"id": "W-1", "expires": "2026-11-20"})


def test_an_unread_tag_is_an_object_and_an_absent_one_null():
    findings = {(f["rule"], f["subject"]["name"]): f for f in document()["findings"]}
    unread = findings["KEY-ACC-001", "alias/ledger"]
    assert unread["environment"] == {"unknown": "denied", "call": "tag:GetResources"}
    assert unread["unread"] == [{"unknown": "denied", "call": "kms:GetKeyPolicy"}]
    assert findings["KEY-DEL-001", "alias/gone-soon"]["environment"] is None


def test_hostile_text_is_kept_whole():
    (finding,) = (f for f in document()["findings"] if f["rule"] == "KEY-TAG-001")
    assert finding["subject"]["name"] == HOSTILE_NAME
    assert finding["owner"] == HOSTILE_OWNER


def test_scores_hold_the_guardrails_that_have_one():
    assert document()["scores"] == {"rotation": 68.8, "deletion": 85.7, "tagging": 85.7, "trail": 75.0}


def test_reading_back_gives_what_a_comparison_needs():
    stored, findings = read_findings(render(report())), report().findings
    assert [item.fingerprint for item in stored] == [finding.fingerprint for finding in findings]
    assert [item.subject for item in stored] == [finding.subject for finding in findings]
    assert [item.first_seen for item in stored] == [finding.first_seen for finding in findings]
    assert sum(item.waived for item in stored) == 1
    assert sum(item.verdict is Verdict.UNKNOWN for item in stored) == 3


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"schema": "keymuster/findings/1"}'])
def test_reading_anything_else_is_refused(data: bytes):
    with pytest.raises(InputError, match=r"not a pack's findings"):
        read_findings(data)


def test_reading_another_schema_is_refused():
    with pytest.raises(InputError, match=r"has schema 'keymuster/findings/2', expected 'keymuster/findings/1'"):
        read_findings(render(report()).replace(b"keymuster/findings/1", b"keymuster/findings/2"))


def test_equal_reports_give_equal_bytes():
    assert render(report()) == render(replace(report()))
    assert render(report()).endswith(b"}\n")
