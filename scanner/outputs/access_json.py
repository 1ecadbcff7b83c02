"""Access as JSON: access.json of the pack, and the answers of `keymuster access`. Leaves nothing out."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from scanner.facts.access.aws import Decision
from scanner.facts.access.questions import Answer, Change, KeyAnswer
from scanner.model.effective import AccessCell, ActionClass, KeyAccess, PathStep, StepAway
from scanner.model.report import Report
from scanner.outputs.json_document import Json, encode, heading

ACCESS = "access.json"
ACCESS_SCHEMA = "keymuster/access/1"
ANSWER_SCHEMA = "keymuster/access-answer/1"


def matrix_row(access: KeyAccess) -> Json:
    """One key in the order of the file's schema."""
    return {
        "key": access.key,
        "name": access.name,
        "account": access.account,
        "region": access.region,
        "reach": access.reach,
        "nobody": access.nobody,
        "gaps": list(access.gaps),
        "unclassified": list(access.unclassified),
        "notes": list(access.notes),
        "rows": [
            {
                "kind": row.kind,
                "account": row.account,
                "principals": list(row.principals),
                "cells": cells_of(row.cells),
            }
            for row in access.rows
        ],
    }


def cells_of(cells: Mapping[ActionClass, AccessCell]) -> Json:
    """The cells by class; a class that is not there is none."""
    return {kind.value: cell_of(cell) for kind, cell in cells.items()}


@lru_cache(maxsize=4096)
def cell_of(cell: AccessCell) -> Json:
    """One cell with its reasons. Keys under the same policies have equal cells, and those are one object here."""
    return {
        "state": cell.state,
        "actions": list(cell.actions),
        "conditions": list(cell.conditions),
        "missing": list(cell.missing),
        "why": _path(cell.why),
        "step": None if cell.step is None else _step(cell.step),
    }


def _path(why: Iterable[PathStep]) -> list[Json]:
    return [{"layer": step.layer, "label": step.label, "effect": step.effect} for step in why]


def _step(step: StepAway) -> Json:
    return {
        "by": step.by,
        "target": step.target,
        "conditional": step.conditional,
        "missing": list(step.missing),
        "why": _path(step.why),
    }


def who_can(words: str, access: KeyAccess, answers: Iterable[Answer], nobody: int) -> Json:
    """Who can, as `keymuster access who-can` says it."""
    return {
        "schema": ANSWER_SCHEMA,
        "action": words,
        "key": access.key,
        "answers": [
            {"kind": one.kind, "account": one.account, "principals": list(one.principals), **cell_of(one.cell)}
            for one in answers
        ],
        "nobody": nobody,
        "gaps": list(access.gaps),
        "notes": list(access.notes),
    }


def what_can(principal: str, answers: Iterable[KeyAnswer], gaps: Sequence[str]) -> Json:
    """What a principal can, as `keymuster access what-can` says it."""
    keys = [
        {"key": one.key, "name": one.name, "account": one.account, "region": one.region, "cells": cells_of(one.cells)}
        for one in answers
    ]
    return {"schema": ANSWER_SCHEMA, "principal": principal, "keys": keys, "gaps": list(gaps)}


def why(principal: str, action: str, key: str, decision: Decision | None, cell: AccessCell | None) -> Json:
    """One decision, as `keymuster access why` says it; `unfit` where the key cannot do the operation."""
    found: Json = {"schema": ANSWER_SCHEMA, "principal": principal, "action": action, "key": key}
    if decision is None:
        return found | {"result": "unfit"}
    return found | {
        "result": decision.result,
        "explicit": decision.explicit,
        "why": [{"layer": step.layer, "label": step.label, "effect": step.effect} for step in decision.why],
        "needs": [{"kind": need.kind, "text": need.text} for need in decision.needs],
        "step": None if cell is None or cell.step is None else _step(cell.step),
    }


def changes(found: Iterable[Change], added: Sequence[str], gone: Sequence[str]) -> Json:
    """What changed, as `keymuster access diff` says it."""
    return {
        "schema": ANSWER_SCHEMA,
        "changes": [
            {
                "key": one.key,
                "name": one.name,
                "principal": one.principal,
                "class": one.kind,
                "before": one.before,
                "after": one.after,
                "gained": list(one.gained),
                "lost": list(one.lost),
                "conditions": list(one.conditions),
            }
            for one in found
        ],
        "added": list(added),
        "gone": list(gone),
    }


def render(report: Report) -> bytes:
    """access.json: totals first, then a row for each key in the order of the report."""
    document = heading(ACCESS_SCHEMA, report) | {
        "totals": {
            "keys": len(report.access),
            "public": sum(access.reach == "public" for access in report.access),
            "open": sum(bool(access.gaps) for access in report.access),
        },
        "keys": [matrix_row(access) for access in report.access],
    }
    return encode(document)
