"""Runs many small tasks on a pool, a bounded number at a time. Knows nothing of what they do."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_windows(pool: Executor, window: int, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results in the order of the items, with at most `window` tasks handed to the pool at once."""
    running: deque[Future[Result]] = deque()
    for item in items:
        if len(running) >= window:
            yield running.popleft().result()
        running.append(pool.submit(task, item))
    while running:
        yield running.popleft().result()


def as_done(pool: Executor, window: int, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results in the order in which they come, with at most `window` tasks handed to the pool at once."""
    running: set[Future[Result]] = set()
    for item in items:
        if len(running) >= window:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
        running.add(pool.submit(task, item))
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)
