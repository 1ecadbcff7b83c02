import json
import zlib
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from protections import protection
from reports import report, report_of
from scanner.outputs.formats import ALWAYS, OutputOptions, printed

SCHEMAS = files("scanner.outputs") / "schemas"
DOCUMENTS = {
    "json": "findings-1",
    "kpis": "kpis-1",
    "collection": "collection-1",
    "protection": "protection-1",
    "access": "access-1",
}


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def document(name: str, about=None) -> dict:
    return json.loads(printed(name, about or report(protection=protection()), OutputOptions()))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_follow_their_schema(name: str):
    assert [error.message for error in validator(DOCUMENTS[name]).iter_errors(document(name))] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_without_a_finding_follow_their_schema(name: str):
    empty = report_of((), {})
    assert [error.message for error in validator(DOCUMENTS[name]).iter_errors(document(name, empty))] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_schema_refuses_a_field_it_does_not_know(name: str):
    assert list(validator(DOCUMENTS[name]).iter_errors(document(name) | {"extra": 1})) != []


def test_schema_refuses_a_waived_unknown():
    found = document("json")
    found["findings"][0] |= {"waived": True, "waiver": {"id": "W-1", "expires": "2026-11-20"}}
    assert found["findings"][0]["verdict"] == "unknown"
    assert list(validator("findings-1").iter_errors(found)) != []


def test_schema_refuses_a_number_that_cannot_be_computed():
    found = document("kpis")
    found["kpis"][-1]["value"] = 0.0
    assert list(validator("kpis-1").iter_errors(found)) != []


def test_every_verdict_row_follows_its_schema():
    lines = zlib.decompress(printed("verdicts", report(), OutputOptions()), wbits=31).splitlines()
    check = validator("verdict-1")
    assert len(lines) == len(report().verdicts)
    assert [error.message for text in lines for error in check.iter_errors(json.loads(text))] == []


def test_every_schema_is_written_by_a_document():
    names = {path.name.removesuffix(".schema.json") for path in SCHEMAS.iterdir() if path.name.endswith(".json")}
    assert names == {*DOCUMENTS.values(), "verdict-1"}
    assert set(ALWAYS) == {*DOCUMENTS, "verdicts"}
