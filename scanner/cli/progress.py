"""Shows how a collection goes: a live display on a terminal, plain lines elsewhere. Decides nothing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scanner.cli.terminal import is_terminal, say
from scanner.providers.protocol import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bars


class Lines:
    """One line when a scope begins and one when it ends: what a log wants."""

    def __init__(self, write: Callable[[str], None] = say) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._planned = self._finished = self._calls = self._throttled = 0

    def planned(self, account: str, region: str | None) -> None:  # noqa: ARG002 (only the number counts here)
        """A scope will be read."""
        with self._lock:
            self._planned += 1

    def started(self, account: str, region: str | None) -> None:
        """A scope is being read."""
        self._write(f"reading  {account} {region or '(all regions)'}")

    def called(self, account: str, region: str | None, call: str, *, throttled: int) -> None:  # noqa: ARG002 (counted)
        """A call was answered."""
        with self._lock:
            self._calls += 1
            self._throttled += throttled

    def finished(self, account: str, region: str | None, *, keys: int, unread: int) -> None:
        """A scope is done."""
        with self._lock:
            self._finished += 1
            done = f"{self._finished}/{self._planned} scopes, {self._calls} calls, {self._throttled} throttled"
        gaps = f", {_groups(unread)} not read" if unread else ""
        self._write(f"read     {account} {region or '(all regions)'}: {keys} keys{gaps}   [{done}]")


class Live:
    """One bar over all scopes with the running numbers: what a person wants."""

    def __init__(self, bars: "Bars") -> None:
        self._bars = bars
        self._lock = threading.Lock()
        self._task = bars.add_task("collecting", total=0, keys=0, calls=0, throttled=0, where="")
        self._planned = self._keys = self._calls = self._throttled = 0

    def planned(self, account: str, region: str | None) -> None:  # noqa: ARG002 (only the number counts here)
        """A scope will be read."""
        with self._lock:
            self._planned += 1
            self._bars.update(self._task, total=self._planned)

    def started(self, account: str, region: str | None) -> None:
        """A scope is being read."""
        self._bars.update(self._task, where=f"{account} {region or ''}")

    def called(self, account: str, region: str | None, call: str, *, throttled: int) -> None:  # noqa: ARG002 (counted)
        """A call was answered."""
        with self._lock:
            self._calls += 1
            self._throttled += throttled
            self._bars.update(self._task, calls=self._calls, throttled=self._throttled)

    def finished(self, account: str, region: str | None, *, keys: int, unread: int) -> None:
        """A scope is done."""
        with self._lock:
            self._keys += keys
            self._bars.update(self._task, advance=1, keys=self._keys, where=f"{account} {region or ''}")
        if unread:
            self._bars.console.print(f"{account} {region or ''}: {_groups(unread)} not read", markup=False)


def _groups(count: int) -> str:
    return "1 group" if count == 1 else f"{count} groups"


@contextmanager
def progress() -> Iterator[Progress]:
    """The display that fits standard error."""
    if not is_terminal():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[keys]} keys  {task.fields[calls]} calls  {task.fields[throttled]} throttled"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[where]}", markup=False),
    )
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield Live(bars)
