import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from pdf_text import flowing
from protections import many
from reports import big_report
from scanner.model.report import Report
from scanner.outputs import pdf_worker
from scanner.outputs.pdf import job

RUNNING = r"[A-Z][A-Za-z]+SIMULATED:NOTEVIDENCEExampleBankKM-\d{8}T\d{6}Z\d+/\d+$"
"""The margins of a page: section, mark, organisation, number, page."""

MEASURE = """
import resource, subprocess, sys, time
began = time.process_time()
for number in range(10_000_000):
    pass
slow = max(1, (time.process_time() - began) / 0.25)
done = subprocess.run([sys.executable, "-P", "-W", "ignore", sys.argv[1]], stdin=open(sys.argv[2], "rb"),
                      stdout=open(sys.argv[3], "wb"))
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, (used.ru_utime + used.ru_stime) / slow, used.ru_maxrss)
"""
"""Runs the worker from a small process: a child's peak memory counts its parent's at the moment it was made.

CPU seconds are those of a machine that counts to ten million in a quarter of a second; on a slower one, or one that
others use at the moment, all CPU time is longer alike.
"""


@pytest.mark.slow
def test_ten_thousand_findings_take_few_seconds_little_memory_and_are_all_named(tmp_path: Path):
    big = big_report(10_000)
    text = flowing(within_bounds(big, tmp_path), RUNNING)
    missing = [finding.subject.name for finding in big.findings if finding.subject.name not in text]
    assert missing == []


@pytest.mark.slow
@pytest.mark.parametrize("keys", [40, 2_500])
def test_ten_thousand_stores_beside_as_many_findings_stay_within_bounds(tmp_path: Path, keys: int):
    big = replace(big_report(10_000), protection=many(10_000, keys))
    text = flowing(within_bounds(big, tmp_path, seconds=12), RUNNING)
    assert "inprotection.json" in text


def within_bounds(big: Report, folder: Path, seconds: float = 10) -> bytes:
    """The PDF of a report, printed within so many CPU seconds and 300 MB."""
    asked, made = folder / "job", folder / "report.pdf"
    asked.write_bytes(msgspec.msgpack.encode(job(big, "ab" * 32)))
    command = [sys.executable, "-c", MEASURE, pdf_worker.__file__, str(asked), str(made)]
    code, used, kilobytes = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    assert code == "0"
    assert float(used) <= seconds
    assert int(kilobytes) <= 300 * 1024
    return made.read_bytes()
