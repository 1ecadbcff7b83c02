"""The command line tells Python how often to look for cycles."""

import gc
from collections.abc import Iterator

import pytest

from scanner.cli.main import run


@pytest.fixture(autouse=True)
def _threshold() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def test_a_command_looks_for_cycles_seldom(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "bash"]) == 0
    assert capsys.readouterr().out
    assert gc.isenabled()
    assert gc.get_threshold()[0] >= 10_000
