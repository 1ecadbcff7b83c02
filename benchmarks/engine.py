"""How fast keys are judged: verdicts a second, and a whole stored estate from its files to its failures.

    python benchmarks/engine.py [--keys 1000000] [--shards 400] [--rules 40] [--folder build/estate] [--across]
        [--explain]

The estate is made once and kept in the folder. It is judged in a process of its own, shard by shard, on one core:
read and decode, key-local facts, verdicts, counts, and a line per failure in a file. That is done by the product's
own `read_snapshot`, `decide_here` and `encode_lines`; `--explain` uses `judge_here` instead, which also builds every
finding with its reasons. What replicas and log buckets need of other shards is looked up in a first pass
(`neighbours`), which is timed apart.

As on the command line, Python looks for cycles seldom (`collect_seldom`).

The rules are the shipped ones about keys that ask for nothing beyond the key (and the primary of a replica);
`--across` takes those as well that weigh an organisation's policies or the stores of all shards. The product derives
what the rules ask for. Where fewer than `--rules` are shipped, they are repeated: a copy asks two leaves of its own
besides, so that nothing it needs is a comparison that another rule has made. CPU time is this process's; wall time is
beside it.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from scanner.facts.derive import derive
from scanner.facts.neighbours import neighbours, neighbours_of
from scanner.facts.parts import parts_asked
from scanner.model.finding import SubjectKind, Verdict, VerdictRow
from scanner.model.record import collect_seldom
from scanner.model.settings import TagVocabulary
from scanner.model.snapshot import Snapshot
from scanner.model.verdicts import CODES, VerdictTable
from scanner.rules.conditions import AllOf, AnyOf, Compare, Operator
from scanner.rules.evaluate import judge
from scanner.rules.explain import groups_read
from scanner.rules.load import load_rules
from scanner.rules.panel import convene, decide, key_parts, subjects_of
from scanner.rules.ruleset import Rule, RuleSet
from scanner.rules.shard import Basis, decide_here, judge_here
from scanner.snapshots.read import read_snapshot

ROOT = Path(__file__).parents[1]
CODE_OF = {verdict: CODES.index(verdict) for verdict in CODES}


def key_rules(wanted: int, *, across: bool) -> tuple[RuleSet, int]:
    """So many rules about keys, and how many of them are shipped as they stand."""
    shipped = load_rules([ROOT / "policies"], baseline="strict", lists={})
    own = [rule for rule in shipped.rules if rule.subject is SubjectKind.KEY and (across or is_local(rule))][:wanted]
    copies = [copy(own[index % len(own)], index // len(own)) for index in range(len(own), wanted)]
    rules = tuple(sorted((*own, *copies), key=lambda rule: rule.id))
    return msgspec.structs.replace(shipped, rules=rules), len(own)


def is_local(rule: Rule) -> bool:
    """Whether the rule asks for nothing that rests on policies beyond the key's own, or on stores of other shards."""
    parts = parts_asked(groups_read(rule))
    return not (parts.guard or parts.protection or parts.given or parts.access)


def copy(rule: Rule, number: int) -> Rule:
    """The rule under another id, with one more leaf in `when` and one in `require` that change no verdict."""
    applies = Compare(path=("account",), operator=Operator.NE, value=f"{rule.id} {number}")
    or_else = Compare(path=("region",), operator=Operator.EQ, value=f"{rule.id} {number}")
    when = applies if rule.when is None else AllOf((applies, rule.when))
    return msgspec.structs.replace(rule, id=f"{rule.id}-{number}", when=when, require=AnyOf((or_else, rule.require)))


class Clock:
    """CPU and wall seconds by name."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = {}

    @contextmanager
    def over(self, name: str) -> Iterator[None]:
        """Counts what is done inside."""
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.spent[name] = [time.process_time() - cpu, time.perf_counter() - wall]


def judged(folder: Path, wanted: int, *, across: bool, explain: bool) -> dict[str, object]:
    """Judges the estate in this process."""
    collect_seldom()
    clock, snapshot = Clock(), read_snapshot(folder)
    with clock.over("rules loaded"):
        rules, _ = key_rules(wanted, across=across)
    with clock.over("first pass over all shards"):
        around = neighbours_of(snapshot)
    peak_before = peak_megabytes()
    basis = Basis(rules=rules, tags=TagVocabulary(), as_of=snapshot.header.as_of, around=around)
    counts: Counter[str] = Counter()
    with clock.over("judged"), (folder.parent / "failures.jsonl").open("wb") as out:
        (explained if explain else bare)(snapshot, basis, counts, out.write)
    return {
        "spent": clock.spent,
        "counts": counts,
        "parts": msgspec.structs.asdict(key_parts(convene(rules))),
        "peak": {"after the first pass": peak_before, "at the end": peak_megabytes()},
        "failures": (folder.parent / "failures.jsonl").stat().st_size,
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
    }


def bare(snapshot: Snapshot, basis: Basis, counts: Counter[str], write: Callable[[bytes], object]) -> None:
    """Verdicts alone: a row per failure."""
    encode = msgspec.json.Encoder().encode_lines
    for decided in decide_here(snapshot.shards, basis):
        for one in decided:
            counts["subjects"] += len(one.table.subjects)
            counts.update({verdict.value: one.table.codes.count(code) for verdict, code in CODE_OF.items()})
            write(encode(list(failures(one.table))))


def failures(table: VerdictTable) -> Iterator[VerdictRow]:
    """A row per fail."""
    for row, column, verdict in table.judged(Verdict.FAIL):
        yield VerdictRow(
            rule=table.rules[column],
            kind=table.kind,
            subject=table.subjects[row],
            verdict=verdict,
            waived=False,
        )


def explained(snapshot: Snapshot, basis: Basis, counts: Counter[str], write: Callable[[bytes], object]) -> None:
    """Whole findings, with reasons and evidence."""
    encode = msgspec.json.Encoder().encode_lines
    for outcome in judge_here(snapshot.shards, basis):
        for table in outcome.judged.verdicts:
            counts["subjects"] += len(table.subjects)
            counts.update({verdict.value: table.codes.count(code) for verdict, code in CODE_OF.items()})
        write(encode([finding for finding in outcome.judged.findings if finding.verdict is Verdict.FAIL]))


def rate(folder: Path, wanted: int, *, across: bool) -> dict[str, object]:
    """Verdicts a second over the keys of one shard, by the compiled form and by the interpreter; best of nine."""
    snapshot = read_snapshot(folder)
    shard = next(iter(snapshot.shards))
    rules, shipped = key_rules(wanted, across=across)
    facts = derive(shard, as_of=snapshot.header.as_of, vocabulary=TagVocabulary(), around=neighbours([shard]))
    (panel,) = convene(rules)
    keys = subjects_of(panel, facts)

    def interpreted() -> None:
        for one in keys[:250]:
            for rule in panel.rules:
                judge(rule, one)

    found = {}
    for name, run, of in (
        ("compiled", lambda: [panel.judge(one) for one in keys], len(keys)),
        ("compiled, with tables and what rules keys out", lambda: decide(panel, keys), len(keys)),
        ("interpreter", interpreted, 250),
    ):
        times = [best(run) for _ in range(9)]
        cpu, wall = min(one[0] for one in times), min(one[1] for one in times)
        found[name] = [of * len(panel.rules) / cpu, of * len(panel.rules) / wall]
    return {"rate": found, "rules": len(panel.rules), "shipped": shipped, "keys": len(keys)}


def best(run: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds of one run."""
    cpu, wall = time.process_time(), time.perf_counter()
    run()
    return time.process_time() - cpu, time.perf_counter() - wall


def peak_megabytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def machine() -> str:
    """What this runs on."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}, load {load}"


def apart(*arguments: str) -> dict[str, object]:
    """This script in a process of its own."""
    done = subprocess.run([sys.executable, __file__, *arguments], stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


def made(folder: Path, keys: int, shards: int) -> Path:
    """The estate's folder, made when it is not there, in a process of its own."""
    estate = folder / f"{keys}-{shards}"
    if not (estate / "snapshot.json").exists():
        script = str(Path(__file__).with_name("estate.py"))
        subprocess.run([sys.executable, script, str(estate), "--keys", str(keys), "--shards", str(shards)], check=True)
    return estate


def shown(rates: dict, run: dict, keys: int) -> None:
    """Prints the figures."""
    for name, (cpu, wall) in rates["rate"].items():
        print(f"{name}: {cpu / 1e6:.2f} M verdicts/s of CPU time, {wall / 1e6:.2f} M/s of wall time")
    print(f"  {rates['keys']} keys x {rates['rules']} rules, {rates['shipped']} of them as shipped, best of 9")
    for name, (cpu, wall) in run["spent"].items():
        print(f"{name}: CPU {cpu:.1f} s, wall {wall:.1f} s ({cpu / keys * 1e6:.1f} us of CPU a key)")
    print("parts of facts derived: " + (", ".join(name for name, asked in run["parts"].items() if asked) or "none"))
    print("peak memory: " + ", ".join(f"{value:.0f} MB {name}" for name, value in run["peak"].items()))
    print(f"counts: {run['counts']}; failures file {run['failures'] / 1e6:.1f} MB; nice {run['nice']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--shards", type=int, default=0, help="one for every 2,500 keys unless told")
    parser.add_argument("--rules", type=int, default=40)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "estate")
    parser.add_argument("--across", action="store_true", help="with rules that look beyond the key and its shard")
    parser.add_argument("--explain", action="store_true")
    parser.add_argument("--only", choices=("rate", "run"), help="prints one measurement as JSON (used by itself)")
    given = parser.parse_args()
    estate = made(given.folder, given.keys, given.shards or max(given.keys // 2500, 1))
    if given.only == "rate":
        print(json.dumps(rate(estate, given.rules, across=given.across)))
        return
    if given.only == "run":
        print(json.dumps(judged(estate, given.rules, across=given.across, explain=given.explain)))
        return
    print(machine())
    rest = [word for word in sys.argv[1:] if word != "--only"]
    shown(apart(*rest, "--only", "rate"), apart(*rest, "--only", "run"), given.keys)


if __name__ == "__main__":
    main()
