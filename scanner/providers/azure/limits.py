"""Keeps requests below Azure's limits: a token bucket for each vault and each subscription. Sends nothing."""

import threading
import time
from collections.abc import Callable

from scanner.providers.azure.plane import Plane, plane_of
from scanner.providers.limits import TokenBucket
from scanner.providers.operation import AnyOperation


class Limiter:
    """One bucket for each place: a vault, whose limit all its operations share, or a subscription.

    The rate of a place is that of its plane in `rates`, else that of the first operation that is asked there.
    """

    def __init__(
        self,
        rates: dict[Plane, float],
        *,
        enabled: bool = True,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rates = rates
        self._enabled = enabled
        self._now = now
        self._sleep = sleep
        self._buckets: dict[tuple[Plane, str], TokenBucket] = {}
        self._lock = threading.Lock()

    def wait(self, place: str, operation: AnyOperation) -> None:
        """Returns when the request may be sent."""
        if not self._enabled:
            return
        seconds = self._bucket(place, operation).reserve()
        if seconds > 0:
            self._sleep(seconds)

    def _bucket(self, place: str, operation: AnyOperation) -> TokenBucket:
        plane = plane_of(operation)
        with self._lock:
            if (plane, place) not in self._buckets:
                self._buckets[plane, place] = TokenBucket(self._rates.get(plane, operation.rate), self._now)
            return self._buckets[plane, place]
