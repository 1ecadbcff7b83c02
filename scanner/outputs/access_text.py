"""Answers about access on a terminal: a line an answer, its reasons below it. Prints no control character."""

from collections.abc import Iterable, Mapping, Sequence

from scanner.facts.access.aws import Decision, Result
from scanner.facts.access.questions import Answer, Change, KeyAnswer
from scanner.facts.access.truth import NeedKind
from scanner.facts.access.wording import path_text, step_text
from scanner.facts.access.words import Asked
from scanner.model.effective import HELD, AccessCell, CellState, KeyAccess, PathStep
from scanner.outputs.access_words import CLASSES, KINDS, SIGNS, cell_texts
from scanner.outputs.escape import line
from scanner.outputs.sentences import counted

_NAMED = 20
"""Principals of one answer that are named; `--format json` names all."""

_RESULTS: Mapping[Result, str] = {
    Result.ALLOW: "allowed",
    Result.CONDITIONAL: "allowed under conditions",
    Result.DENY: "denied",
    Result.UNKNOWN: "unknown",
}


def who_can(what: Asked, access: KeyAccess, answers: Sequence[Answer], nobody: int) -> str:
    """Who can, who may, who is a step away, what bears on all of them, and what was not read."""
    name, gaps = access.name, access.gaps
    lines = [f"who can {what.words} {line(name)}"]
    for answer in answers:
        names = ", ".join(map(line, answer.principals[:_NAMED]))
        more = len(answer.principals) - _NAMED
        names += f" and {counted(more, 'more', 'more')}" if more > 0 else ""
        lines += [f"  {SIGNS[answer.cell.state]} {KINDS[answer.kind]}: {names}", *_reasons(answer.cell)]
    if not answers:
        lines.append("  nobody was found")
    lines += [f"  {line(note)}" for note in access.notes] + _rest(nobody, gaps)
    return "\n".join(lines)


def _rest(nobody: int, gaps: Sequence[str]) -> list[str]:
    """Those who are none of it; that they are is said only where nothing is missing that could add to them."""
    if gaps:
        found = f"{counted(nobody, 'other principal', 'other principals')} were found without it" if nobody else ""
        unread = "not read, so that there may be more: " + "; ".join(map(line, gaps))
        return [f"  {text}" for text in (found, unread) if text]
    return [f"  {counted(nobody, 'other principal', 'other principals')} of the accounts read cannot"] if nobody else []


def _reasons(cell: AccessCell) -> list[str]:
    return [f"      {line(text, 2000)}" for text in cell_texts(cell)]


def what_can(principal: str, answers: Iterable[KeyAnswer], gaps: Sequence[str]) -> str:
    """Every key with what the principal can do there."""
    lines = [f"what {line(principal)} can do"]
    for answer in answers:
        lines.append(f"  {line(answer.name)} ({answer.account} {answer.region}, {line(answer.key)})")
        for kind, cell in answer.cells.items():
            lines.append(f"    {SIGNS[cell.state]} {CLASSES[kind][1]}")
            lines += _reasons(cell)
    if len(lines) == 1:
        lines.append("  nothing was found" if gaps else "  nothing, with any key of the snapshot")
    return "\n".join([*lines, *(f"  not read: {line(gap)}" for gap in gaps)])


def why(action: str, decision: Decision | None, cell: AccessCell | None) -> str:
    """One decision with the way to it."""
    if decision is None:
        return f"{action}: the key cannot do this, or what decides was not read"
    explicit = " by a statement that says so" if decision.explicit else ""
    lines = [f"{action}: {_RESULTS[decision.result]}{explicit}"]
    steps = tuple(PathStep(layer=step.layer, label=step.label, effect=step.effect) for step in decision.why)
    if steps:
        lines.append(f"  by {line(path_text(steps), 2000)}")
    elif decision.result is Result.DENY:
        lines.append("  nothing that was read allows it")
    words = {NeedKind.REQUEST: "if", NeedKind.DATA: "not read:"}
    lines += [f"  {words[need.kind]} {line(need.text, 2000)}" for need in decision.needs]
    if cell is not None and cell.step is not None:
        lines.append(f"  one step away: {line(step_text(cell.step), 2000)}")
    return "\n".join(lines)


def changes(found: Iterable[Change], added: Sequence[str], gone: Sequence[str]) -> str:
    """What changed, a line each; keys that are in one snapshot alone are counted."""
    lines = [_change(change) for change in found] or ["nobody's strongest access changed at the keys in both snapshots"]
    lines += [f"new key, see who-can: {line(name)}" for name in added]
    lines += [f"no longer in the snapshot: {line(name)}" for name in gone]
    return "\n".join(lines)


def _change(change: Change) -> str:
    what = f"{CLASSES[change.kind][1].replace(' it', '')}".strip()
    turn = (
        f"{_turn(change.before, change.after)} {what}" if change.before is not change.after else _within(change, what)
    )
    return f"{line(change.principal)} {turn}: {line(change.name)} ({line(change.key)})"


def _within(change: Change, what: str) -> str:
    """What changed where the state of the class did not."""
    parts = [f"can now also {', '.join(map(line, change.gained))}"] if change.gained else []
    parts += [f"can no longer {', '.join(map(line, change.lost))}"] if change.lost else []
    if change.conditions:
        parts.append(f"can {what} under other conditions ({line(' and '.join(change.conditions))})")
    return " and ".join(parts)


def _turn(before: CellState, after: CellState) -> str:
    if after is CellState.UNKNOWN:
        return "may or may not be able (not read) to"
    if after is CellState.STEP:
        return "is now one step from being able to" if before not in HELD else "is now only one step from being able to"
    if after is CellState.NONE:
        return "can no longer"
    conditions = " under conditions" if after is CellState.CONDITIONAL else ""
    return f"can now{conditions}" if before not in HELD else f"can now{conditions or ' always'}"
