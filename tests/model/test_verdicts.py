"""Verdicts kept as bytes read as the same rows, in the same order, as verdicts kept one by one."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from scanner.model.finding import SubjectKind, Verdict
from scanner.model.verdicts import CODES, Verdicts, VerdictTable


@st.composite
def tables(draw):
    """Some shards by the same rules, and one by others; no subject stands in two of them."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        rules = draw(st.sampled_from([("R-1", "R-3"), ("R-2",), ("R-1", "R-2", "R-3"), ()]))
        names = draw(st.lists(st.sampled_from("abcde"), unique=True, max_size=4))
        subjects = tuple(f"{name}{number}" for name in names)
        size = len(rules) * len(subjects)
        codes = bytes(draw(st.lists(st.integers(0, 3), min_size=size, max_size=size)))
        found.append(VerdictTable(kind=SubjectKind.KEY, rules=rules, subjects=subjects, codes=codes))
    return tuple(found)


def one_by_one(found):
    return [
        (rule, subject, CODES[table.codes[row * len(table.rules) + column]])
        for table in found
        for row, subject in enumerate(table.subjects)
        for column, rule in enumerate(table.rules)
    ]


@given(tables())
def test_rows_are_sorted_by_rule_and_subject_and_counted(found):
    verdicts, expected = Verdicts(tables=found), one_by_one(found)
    assert [(row.rule, row.subject, row.verdict) for row in verdicts] == sorted(expected, key=lambda row: row[:2])
    assert len(verdicts) == len(expected)
    assert verdicts.rules() == {rule for rule, _, _ in expected}
    assert verdicts.subjects() == {subject for _, subject, _ in expected}
    counted = {
        (rule, verdict): count for rule, counts in verdicts.counted().items() for verdict, count in counts.items()
    }
    assert counted == Counter((rule, verdict) for rule, _, verdict in expected)


@given(tables(), st.sets(st.sampled_from(Verdict), min_size=1))
def test_what_was_judged_like_this_is_found_in_a_table(found, wanted):
    for table in found:
        judged = table.judged(*wanted)
        told = [(table.rules[column], table.subjects[row], verdict) for row, column, verdict in judged]
        assert told == [row for row in one_by_one([table]) if row[2] in wanted]


def test_a_waived_row_says_so():
    table = VerdictTable(kind=SubjectKind.KEY, rules=("R-1", "R-2"), subjects=("a",), codes=bytes((1, 1)))
    rows = list(Verdicts(tables=(table,), waived=frozenset({("R-2", "a")})))
    assert [(row.rule, row.waived) for row in rows] == [("R-1", False), ("R-2", True)]
