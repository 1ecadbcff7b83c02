"""Keeps calls below the provider's quotas: a token bucket for each account, region and operation. Sends nothing."""

import threading
import time
from collections.abc import Callable, Hashable, Mapping

from scanner.providers.operation import AnyOperation


class TokenBucket:
    """Lets `rate` calls a second through, and at once as many as one second holds; may be used from any thread."""

    def __init__(self, rate: float, now: Callable[[], float]) -> None:
        self._rate = rate
        self._capacity = max(1.0, rate)
        self._tokens = self._capacity
        self._now = now
        self._read_at = now()
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Takes a token, which may be one of the future; returns the seconds to wait for it."""
        with self._lock:
            now = self._now()
            self._tokens = min(self._capacity, self._tokens + (now - self._read_at) * self._rate) - 1.0
            self._read_at = now
            return max(0.0, -self._tokens / self._rate)


class Buckets:
    """One bucket for each place, whatever a provider counts by; may be used from any thread."""

    def __init__(self, *, enabled: bool, now: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._enabled = enabled
        self._now = now
        self._sleep = sleep
        self._buckets: dict[Hashable, TokenBucket] = {}
        self._lock = threading.Lock()

    def wait(self, place: Hashable, rate: float) -> None:
        """Returns when a call to the place may be made; its rate is the one that was named first."""
        if not self._enabled:
            return
        with self._lock:
            bucket = self._buckets.get(place) or self._buckets.setdefault(place, TokenBucket(rate, self._now))
        seconds = bucket.reserve()
        if seconds > 0:
            self._sleep(seconds)


class Limiter:
    """One bucket for each account, region and operation. `rates` replaces defaults by permission name."""

    def __init__(
        self,
        rates: Mapping[str, float],
        *,
        enabled: bool = True,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rates = rates
        self._buckets = Buckets(enabled=enabled, now=now, sleep=sleep)

    def wait(self, account: str, region: str, operation: AnyOperation) -> None:
        """Returns when the call may be made."""
        rate = self._rates.get(operation.action, operation.rate)
        self._buckets.wait((account, region, operation.action), rate)
