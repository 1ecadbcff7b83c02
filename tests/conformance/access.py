"""Runs the evaluator of access over recorded decisions.

    python -m tests.conformance.access [--emit OUT.jsonl] FILE...      (.gz too)

Says of each line by its fields what kind of case it is. Prints a line for each disagreement (id, expected, got, why),
then how many verdicts agree. Ends with 1 if any does not; a line that cannot be read counts as one.
`--emit` writes a line for every line read, in order, whether or not it says what is expected; `allow` is true only
where the answer certainly is. A policy alone (without account and key) is read as one of the first account it mentions.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scanner.facts.access.aws import Decision, Result
from scanner.facts.access.reach import Reach, ReachKind
from tests.conformance.access_aws import Case, aws, matrix, reach_of
from tests.conformance.access_azure import azure
from tests.conformance.access_google import google

CELLS = {"Allowed": "allow", "ImplicitlyDenied": "deny", "ExplicitlyDenied": "explicit-deny"}
"""The verdicts of decisions in the words of the matrices."""

UNSCORED = "skip"


def lines(path: Path) -> Iterator[str]:
    """The lines of a file that hold anything."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        yield from (line for line in file if line.strip())


class Score:
    """Agreements and disagreements, of whether it is allowed and of the whole verdict."""

    def __init__(self) -> None:
        self.allow = [0, 0]
        self.full = [0, 0]
        self.missed = 0

    def note(self, place: str, expected: str, got: str, decision: Decision) -> None:
        """Counts one verdict and prints a disagreement."""
        same = got == expected
        alike = same or (got in {"Allowed", "allow"}) == (expected in {"Allowed", "allow"})
        decided = decision.result in {Result.ALLOW, Result.DENY}
        self.full[not same] += 1
        self.allow[not (alike and decided)] += 1
        if not same:
            print(f"{place}: expected {expected}, got {got}, {_why(decision)}")

    def fail(self, place: str, reason: str) -> None:
        """Counts a line that cannot be read."""
        self.full[1] += 1
        self.allow[1] += 1
        print(f"{place}: expected a case, got error, {reason}")


def _why(decision: Decision) -> str:
    steps = [f"{step.layer} {step.label} {step.effect}" for step in decision.why]
    return "; ".join((*steps, *(f"not known: {need.text}" for need in decision.needs))) or "nothing allows it"


def spelled(decision: Decision) -> str:
    """A decision in the words of the AWS decisions; what is open has none there and keeps its own."""
    match decision.result:
        case Result.ALLOW:
            return "Allowed"
        case Result.DENY:
            return "ExplicitlyDenied" if decision.explicit else "ImplicitlyDenied"
        case _:
            return decision.result.value


def judged(text: str, place: str, score: Score) -> Case:
    """What is written for one line, after its verdicts are counted; a line that cannot be read never stops the run."""
    name = place
    try:
        case = json.loads(text)
        name = str(case["id"]) if "id" in case else place
        return {"id": case.get("id"), **_kind(case)(case, name, score)}
    except Exception as error:  # noqa: BLE001 (whatever is wrong with a foreign line is the line's fault, and is told)
        score.fail(name, f"{type(error).__name__}: {error}")
        return {"id": None if name == place else name, "verdict": "error", "allow": False}


def _kind(case: Case) -> Any:
    if "principals" in case and "actions" in case:
        return _matrix
    if "policy" in case and "principal" not in case:
        return _reach
    if "key_policy" in case:
        return _decision
    return _of_another_cloud


def _decision(case: Case, name: str, score: Score) -> Case:
    return _verdict(case, name, score, aws(case), spelled)


def _of_another_cloud(case: Case, name: str, score: Score) -> Case:
    decide = azure if case.get("cloud") == "azure" or "vault" in case else google
    return _verdict(case, name, score, decide(case), lambda decision: decision.result.value)


def _verdict(case: Case, name: str, score: Score, decision: Decision, spell: Any) -> Case:
    verdict = spell(decision)
    expected = case.get("expected") or {}
    if "verdict" in expected:
        score.note(name, expected["verdict"], verdict, decision)
    return {"verdict": verdict, "allow": decision.result is Result.ALLOW}


def _matrix(case: Case, name: str, score: Score) -> Case:
    cells: dict[str, dict[str, str]] = {principal: {} for principal in case["principals"]}
    expected = case.get("expected") or {}
    for principal, action, decision in matrix(case):
        verdict = CELLS.get(spelled(decision), spelled(decision))
        cells[principal][action] = verdict
        wanted = expected.get(principal, {}).get(action, UNSCORED)
        if wanted != UNSCORED:
            score.note(f"{name} {principal} {action}", wanted, verdict, decision)
    return {"cells": cells}


def _reach(case: Case, name: str, score: Score) -> Case:
    found = reach_of(case)
    if "expected_reach" in case:
        _note_reach(case, name, score, found)
    return {"public": found.kind is ReachKind.PUBLIC, "reach": _spelled_reach(found)}


def _spelled_reach(found: Reach) -> str:
    return ":".join((found.kind, *((",".join(found.whom),) if found.whom else ())))


def _note_reach(case: Case, name: str, score: Score, found: Reach) -> None:
    """Counts whether a policy was found public or not; cases on which good tools may differ are not counted."""
    got = _spelled_reach(found)
    expected, public = case["expected_reach"] == "public", found.kind is ReachKind.PUBLIC
    if case.get("arguable"):
        return
    score.missed += expected and not public
    score.allow[expected is not public] += 1
    score.full[got != case["expected_reach"]] += 1
    if expected is not public or got != case["expected_reach"]:
        print(f"{name}: expected {case['expected_reach']}, got {got}, {case.get('why', 'no reason given')}")


def main() -> int:
    """Runs the files; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--emit", type=Path, metavar="OUT.jsonl", help="write what was found, a line for each line read"
    )
    arguments = parser.parse_args()
    score = Score()
    found = [
        judged(line, f"{path.name} line {number}", score)
        for path in arguments.files
        for number, line in enumerate(lines(path), start=1)
    ]
    if arguments.emit:
        arguments.emit.write_text("".join(f"{json.dumps(line)}\n" for line in found), encoding="utf-8")
    print(f"missed public: {score.missed}")
    print("full verdict: {} agree, {} disagree".format(*score.full))
    print("{} agree, {} disagree".format(*score.allow))
    return 1 if score.full[1] or score.allow[1] else 0


if __name__ == "__main__":
    sys.exit(main())
