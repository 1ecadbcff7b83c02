"""Runs the whole campaign of faults and prints its table: python -m tests.conformance.faults [--write docs/faults.md].

Each scan is the real command against the simulated bank. Ends with 1 when a verdict was wrong or a failure untold.
"""

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from campaign import ACTIONS, ELSEWHERE, NOBODY, batches, run, unbalanced, unread, untold, wrong
from scanner.cli.clock import now
from scanner.simulator.aws.faults import Effect

PAGE = """# What happens when calls fail

Every operation that a scan of AWS may ask fails in every way, one after the other, in the simulated estate of
`keymuster demo`; each scan is the real command. After each, every verdict must be that of the undisturbed scan or
unknown; nothing may be missing except below a listing that the pack names as unread; every population must add up; and
every failure must be told. `make faults` writes this page (it takes {minutes} minutes), and a part of it runs with
every `make test`. One key at a time is tried in `tests/e2e/test_faults.py`.

**{date}: {scans} scans, {cells} failures, {verdicts} verdicts compared: {wrong} wrong, {lost} failures untold.**

A number says how many groups the pack names as unread for want of that permission. `told` stands where no rule reads
what failed, or where another answer took its place: the failure is in the scope's table of calls. `ends` stands where
nobody could be signed in as: the scan ends with 3 and judges nothing. An answer that is late here comes after the
client's patience is over, at every attempt.

| operation | {heads} |
|---|{rules}|
{rows}

Not asked by that scan: {elsewhere}.
"""
HEADS = {
    Effect.DENY: "denied",
    Effect.THROTTLE: "throttled",
    Effect.SERVER_ERROR: "server error",
    Effect.RESET: "reset",
    Effect.TRUNCATE: "cut short",
    Effect.SLOW: "late",
    Effect.MALFORMED: "malformed",
    Effect.HTML: "a web page",
    Effect.UNSUPPORTED: "unsupported",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    began, moment = time.monotonic(), now()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        before = run([], moment, folder / "undisturbed")
        plan = batches(before.asked, {name: list(HEADS) for name in ACTIONS if name not in ELSEWHERE})
        table, faults, silent = defaultdict(dict), [], []
        for number, cells in enumerate(plan, 1):
            after = run(cells, moment, folder / str(number))
            faults += [(cells, *row) for row in wrong(before, after)] + [(cells, row) for row in unbalanced(after)]
            silent += untold(cells, after)
            for cell in cells:
                count = unread(cell, after)
                table[cell.name][cell.effect] = "ends" if after.code == NOBODY else str(count) if count else "told"
            print(f"{number}/{len(plan)} scans, {len(faults)} wrong, {len(silent)} untold", file=sys.stderr, flush=True)
    for fault in [*faults, *silent]:
        print(fault, file=sys.stderr)
    page = PAGE.format(
        minutes=round((time.monotonic() - began) / 60),
        date=moment.date(),
        scans=len(plan),
        cells=sum(map(len, plan)),
        verdicts=f"{len(plan) * len(before.verdicts):,}",
        wrong=len(faults),
        lost=len(silent),
        heads=" | ".join(HEADS.values()),
        rules="---|" * (len(HEADS) - 1) + "---",
        rows="\n".join(
            f"| {service}:{operation} | {' | '.join(table[service, operation][effect] for effect in HEADS)} |"
            for service, operation in sorted(table)
        ),
        elsewhere="; ".join(f"{service}:{name} ({why})" for (service, name), why in ELSEWHERE.items()),
    )
    if arguments.write:
        arguments.write.write_text(page)
    else:
        print(page)
    return 1 if faults or silent else 0


if __name__ == "__main__":
    sys.exit(main())
