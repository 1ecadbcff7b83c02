"""The promise the product rests on: not seeing something never changes a verdict into another one."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from blinding import hidden
from estates import snapshots
from scanner.assessment import Inputs, assess
from scanner.evidence.previous import FIRST
from scanner.model.finding import SubjectKind, Verdict
from scanner.model.settings import Settings, TagMeaning, TagVocabulary
from scanner.model.unknown import Cause
from scanner.rules.load import load_rules
from scanner.waivers.load import load_waivers

ROOT = Path(__file__).parents[2]
WAIVERS = """
waivers:
  - id: WV-1
    rule: KEY-ROT-001
    resources: ["arn:aws:kms:eu-central-1:111122223333:key/*"]
    reason: a waiver over every key
    ticket: CHG-1
    approvers: [alice, bob]
    created: 2026-10-20
    expires: 2026-12-01
"""
VOCABULARY = TagVocabulary(data_class=TagMeaning(keys=("data-class",), allowed=("public", "restricted")))
INPUTS = Inputs(
    rules=load_rules([ROOT / "policies"], baseline="default", lists={}),
    waivers=load_waivers(WAIVERS, "waivers.yaml"),
    waivers_text=WAIVERS,
    settings=Settings(tags=VOCABULARY),
    previous=None,
    chain=FIRST,
)


def verdicts(snapshot):
    report = assess(snapshot, INPUTS)
    return {(row.rule, row.kind, row.subject): (row.verdict, row.waived) for row in report.verdicts}


@settings(max_examples=150)
@given(snapshots(), st.data(), st.sampled_from(Cause))
def test_not_seeing_gives_the_same_verdict_or_unknown(snapshot, data, cause):
    """Read the other way round: a definite verdict with gaps is the verdict of every filling of the gaps."""
    blind = hidden(snapshot, lambda name: data.draw(st.integers(0, 4), label=name) == 0, cause)
    full, gaps = verdicts(snapshot), verdicts(blind)
    assert {kind for _, kind, _ in full.keys() - gaps.keys()} <= {SubjectKind.DATA_STORE}
    changed = {
        row: (full[row], gaps[row])
        for row in gaps
        if gaps[row][0] is not Verdict.UNKNOWN and gaps[row][0] is not full[row][0]
    }
    assert changed == {}
    assert {row for row in gaps if gaps[row][1] and not full[row][1]} == set()


@settings(max_examples=60)
@given(snapshots())
def test_a_waiver_marks_fails_and_nothing_else(snapshot):
    for (rule, _, _), (verdict, waived) in verdicts(snapshot).items():
        assert not waived or (verdict is Verdict.FAIL and rule == "KEY-ROT-001")
