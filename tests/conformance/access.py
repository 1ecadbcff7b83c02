"""Runs the evaluator of access over recorded decisions.

    python -m tests.conformance.access FILE...      (.gz too)

Prints a line for each disagreement (id, expected, got, why), then how many verdicts agree. Ends with 1 if any does not.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scanner.facts.access.aws import Asked, Decision, Layers, Result, decide
from scanner.facts.access.context import Context, context
from scanner.facts.access.grants import Grant
from scanner.facts.access.policies import Policy, read_policy
from scanner.facts.access.principals import principal
from scanner.facts.access.reach import reach
from tests.conformance.access_azure import azure
from tests.conformance.access_google import google

ORGANISATION = frozenset({"111122223333", "444455556666"})
"""The accounts of the one organisation in these cases; its policies bind no one else."""

Case = Mapping[str, Any]


def lines(path: Path) -> Iterator[Case]:
    """The cases of a file."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def aws_case(case: Case) -> tuple[str, Decision]:
    """The verdict on one decision, in the corpus's words, and the decision behind it."""
    decision = decide(layers(case), asked(case, case["principal"], case["action"], case.get("context", {})))
    return spelled(decision), decision


def spelled(decision: Decision) -> str:
    """A decision in the words of the decision corpus; what is open has none there."""
    match decision.result:
        case Result.ALLOW:
            return "Allowed"
        case Result.DENY:
            return "ExplicitlyDenied" if decision.explicit else "ImplicitlyDenied"
        case _:
            return decision.result.value


CELLS = {"Allowed": "allow", "ImplicitlyDenied": "deny", "ExplicitlyDenied": "explicit-deny"}
"""The same verdicts in the words of the matrices."""


def matrix_cells(case: Case) -> Iterator[tuple[str, str, str, Decision]]:
    """Every cell of a matrix: principal, action without its prefix, verdict, decision."""
    for name, who in case["principals"].items():
        bound = {} if principal(name).account in ORGANISATION else {"scps": []}
        merged = {**case, **who, **bound}
        found = layers(merged)
        for action in case["actions"]:
            decision = decide(found, asked(case, name, action, who.get("context", {})))
            verdict = spelled(decision)
            yield name, action.removeprefix("kms:"), CELLS.get(verdict, verdict), decision


def asked(case: Case, name: str, action: str, values: Mapping[str, Any]) -> Asked:
    """The request, whose context is all there is."""
    return Asked(
        caller=principal(name),
        action=action,
        key=case["resource"],
        account=case["resource"].split(":")[4],
        request=request(values, case.get("encryption_context") or {}),
    )


def request(values: Mapping[str, Any], encryption: Mapping[str, str]) -> Context:
    """The context with the keys that the encryption context adds."""
    added: dict[str, Any] = {f"kms:EncryptionContext:{key}": value for key, value in encryption.items()}
    return context(
        {**values, **added, **({"kms:EncryptionContextKeys": [*encryption]} if added else {})}, complete=True
    )


def layers(case: Case) -> Layers:
    """Every policy of a case."""
    return Layers(
        key_policy=policy(case["key_policy"], "key policy"),
        identity=tuple(policy(item["policy"], item["name"]) for item in case.get("identity_policies", ())),
        boundary=policy(case["boundary"], "boundary") if case.get("boundary") else None,
        has_boundary=bool(case.get("boundary")),
        session=policy(case["session_policy"], "session policy") if case.get("session_policy") else None,
        has_session=bool(case.get("session_policy")),
        service_control=levels(case.get("scps", ())),
        resource_control=levels(case.get("rcps", ())),
        grants=tuple(grant(item, number) for number, item in enumerate(case.get("grants") or ())),
    )


def levels(found: Any) -> tuple[tuple[Policy, ...], ...]:
    """The policies of each level of the organisation."""
    return tuple(tuple(policy(item, f"level {place}") for item in level) for place, level in enumerate(found))


def policy(document: Any, name: str) -> Policy:
    """A policy of a case."""
    return read_policy(json.dumps(document), name)


def grant(item: Case, number: int) -> Grant:
    """A grant of a case."""
    constraints = item.get("constraints") or {}
    return Grant(
        id=f"grant {number}",
        grantee=item["grantee"],
        to_service=item["grantee"].endswith(".amazonaws.com"),
        operations=frozenset(operation.lower() for operation in item["operations"]),
        equals=constraints.get("EncryptionContextEquals"),
        subset=constraints.get("EncryptionContextSubset"),
    )


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
            steps = (
                "; ".join(f"{step.layer} {step.label} {step.effect}" for step in decision.why) or "nothing allows it"
            )
            print(f"{place}: expected {expected}, got {got}, {steps}")


def judge(path: Path, score: Score) -> None:
    """Every case of a file, which says by its fields what it is."""
    for case in lines(path):
        if "principals" in case:
            for name, action, verdict, decision in matrix_cells(case):
                expected = case["expected"][name][action]
                if expected != "skip":
                    score.note(f"{case['id']} {name} {action}", expected, verdict, decision)
        elif "expected_reach" in case:
            note_reach(case, score)
        elif "action" in case:
            verdict, decision = aws_case(case)
            score.note(case["id"], case["expected"]["verdict"], verdict, decision)
        elif case.get("cloud") in OTHER_CLOUDS:
            decision = OTHER_CLOUDS[case["cloud"]](case)
            score.note(case["id"], case["expected"]["verdict"], decision.result.value, decision)
        else:
            sys.exit(f"{path}: not a kind of case that is known here")


def note_reach(case: Case, score: Score) -> None:
    """Counts whether a policy was found public or not; cases on which good tools may differ are not counted."""
    found = reach_of(case)
    expected, got = case["expected_reach"] == "public", found == "public"
    score.missed += expected and not got
    if case.get("arguable"):
        return
    score.allow[expected is not got] += 1
    score.full[found != case["expected_reach"]] += 1
    if expected is not got or found != case["expected_reach"]:
        print(f"{case['id']}: expected {case['expected_reach']}, got {found}, {case.get('why', 'no reason given')}")


def reach_of(case: Case) -> str:
    """The reach of a key policy in the corpus's words."""
    found = reach(policy(case["policy"], "key policy"), case["account"], case["key"])
    return ":".join((found.kind, *((",".join(found.whom),) if found.whom else ())))


OTHER_CLOUDS = {"gcp": google, "azure": azure}


def main() -> int:
    """Runs the files; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    score = Score()
    for path in parser.parse_args().files:
        judge(path, score)
    print(f"missed public: {score.missed}")
    print("full verdict: {} agree, {} disagree".format(*score.full))
    print("{} agree, {} disagree".format(*score.allow))
    return 1 if score.full[1] or score.allow[1] else 0


if __name__ == "__main__":
    sys.exit(main())
