"""Keeps what several readers share, read once by whoever needs it first. Reads nothing itself."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Shelf(Generic[Kept]):
    """Things by name; may be used from any thread, and only those who want the same thing wait for each other."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def once(self, name: str, read: Callable[[], Kept]) -> Kept:
        """What stands under the name, read when it is not there yet."""
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            if name not in self._kept:
                self._kept[name] = read()
            return self._kept[name]
