"""Runs many small tasks on a pool, a bounded number at a time. Knows nothing of what they do."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
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
