"""Keeps calls below the provider's quotas: a token bucket for each account, region and operation. Sends nothing."""

import threading
import time
from collections.abc import Callable, Mapping

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
        self._enabled = enabled
        self._now = now
        self._sleep = sleep
        self._buckets: dict[tuple[str, str, str], TokenBucket] = {}
        self._lock = threading.Lock()

    def wait(self, account: str, region: str, operation: AnyOperation) -> None:
        """Returns when the call may be made."""
        if not self._enabled:
            return
        seconds = self._bucket(account, region, operation).reserve()
        if seconds > 0:
            self._sleep(seconds)

    def _bucket(self, account: str, region: str, operation: AnyOperation) -> TokenBucket:
        place = (account, region, operation.action)
        with self._lock:
            if place not in self._buckets:
                rate = self._rates.get(operation.action, operation.rate)
                self._buckets[place] = TokenBucket(rate, self._now)
            return self._buckets[place]
