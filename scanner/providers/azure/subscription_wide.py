"""Reads what is asked once for a subscription and holds in all its locations. Reads no key and opens no vault."""

from concurrent.futures import Executor
from datetime import datetime

import msgspec

from scanner.model.raw import RawResponse
from scanner.providers.azure.containers import Containers
from scanner.providers.azure.events import LogPlace, SubscriptionHistory, read_history
from scanner.providers.azure.reader import Reader
from scanner.providers.azure.roles import SubscriptionAccess, read_access
from scanner.providers.azure.stores import SubscriptionStores, read_stores


class SubscriptionWide(msgspec.Struct, frozen=True, kw_only=True):
    """What every location of a subscription shares."""

    found: Containers
    access: SubscriptionAccess
    stores: SubscriptionStores
    history: SubscriptionHistory

    @property
    def raw(self) -> tuple[RawResponse, ...]:
        """The replies behind it."""
        return self.access.raw + self.stores.raw + self.history.raw


class Hands(msgspec.Struct, frozen=True, kw_only=True):
    """Where calls are made, and how many at once."""

    calls: Executor
    window: int


def read_wide(reader: Reader, hands: Hands, found: Containers, logs: LogPlace, until: datetime) -> SubscriptionWide:
    """What a subscription's locations share, once its containers are known."""
    stores = hands.calls.submit(read_stores, reader)
    history = read_history(reader, hands.calls, logs, until)
    access = read_access(reader, hands.calls, hands.window)
    return SubscriptionWide(found=found, access=access, stores=stores.result(), history=history)
