"""Keeps requests below Azure's limits: a token bucket for each vault and each subscription. Sends nothing."""

import time
from collections.abc import Callable

from scanner.providers.azure.plane import Plane, plane_of
from scanner.providers.limits import Buckets
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
        self._buckets = Buckets(enabled=enabled, now=now, sleep=sleep)

    def wait(self, place: str, operation: AnyOperation) -> None:
        """Returns when the request may be sent."""
        plane = plane_of(operation)
        self._buckets.wait((plane, place), self._rates.get(plane, operation.rate))
