"""Verdicts by the million: one byte each, in tables, read as rows in order. Decides none."""

import heapq
import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from scanner.model.finding import SubjectKind, Verdict, VerdictRow

CODES: tuple[Verdict, ...] = (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE)
"""The verdict behind each code."""


class VerdictTable(msgspec.Struct, frozen=True, kw_only=True):
    """Some subjects of one kind by all rules for it: `codes` holds the rules of the first subject, then the next."""

    kind: SubjectKind
    rules: tuple[str, ...]
    subjects: tuple[str, ...]
    codes: bytes

    def of_rule(self, index: int) -> bytes:
        """The codes of every subject for the rule at an index."""
        return self.codes[index :: len(self.rules)]

    def judged(self, *verdicts: Verdict) -> Iterator[tuple[int, int, Verdict]]:
        """Index of subject, index of rule and verdict of all that were judged like this, in order."""
        width = len(self.rules)
        for found in re.finditer(b"[" + bytes(map(CODES.index, verdicts)) + b"]", self.codes):
            row, column = divmod(found.start(), width)
            yield row, column, CODES[self.codes[found.start()]]


class Verdicts(msgspec.Struct, frozen=True, kw_only=True):
    """All verdicts of a run; as rows they are sorted by rule and subject. `waived` names rule and subject."""

    tables: tuple[VerdictTable, ...]
    waived: frozenset[tuple[str, str]] = frozenset()

    def __len__(self) -> int:
        return sum(len(table.codes) for table in self.tables)

    def __iter__(self) -> Iterator[VerdictRow]:
        blocks = self._blocks()
        for rule in sorted({rule for rules, _ in blocks for rule in rules}):
            of_rule = (_rows(rule, *block, self.waived) for block in blocks if rule in block[0])
            yield from heapq.merge(*of_rule, key=lambda row: row.subject)

    def rules(self) -> set[str]:
        """The rules that judged some subject."""
        return {rule for table in self.tables if table.subjects for rule in table.rules}

    def subjects(self) -> set[str]:
        """The ids of the subjects that some rule judged."""
        return {subject for table in self.tables if table.rules for subject in table.subjects}

    def counted(self) -> dict[str, Counter[Verdict]]:
        """How often each rule gave each verdict."""
        found: dict[str, Counter[Verdict]] = {}
        for table in self.tables:
            for index, rule in enumerate(table.rules):
                codes = table.of_rule(index)
                found.setdefault(rule, Counter()).update(
                    {verdict: count for code, verdict in enumerate(CODES) if (count := codes.count(code))}
                )
        return found

    def _blocks(self) -> list[tuple[tuple[str, ...], "_Cells"]]:
        """Tables by the same rules together, their subjects sorted."""
        together: dict[tuple[str, ...], _Cells] = {}
        for table in self.tables:
            cells = together.setdefault(table.rules, [])
            cells += ((subject, table, row) for row, subject in enumerate(table.subjects))
        for cells in together.values():
            cells.sort(key=lambda cell: cell[0])
        return list(together.items())


_Cells = list[tuple[str, VerdictTable, int]]


def _rows(rule: str, rules: tuple[str, ...], cells: _Cells, waived: frozenset[tuple[str, str]]) -> Iterator[VerdictRow]:
    column, width = rules.index(rule), len(rules)
    for subject, table, row in cells:
        yield VerdictRow(
            rule=rule,
            kind=table.kind,
            subject=subject,
            verdict=CODES[table.codes[row * width + column]],
            waived=(rule, subject) in waived,
        )
