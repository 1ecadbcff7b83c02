"""Reads what is asked once for a project and holds in all its locations. Reads no key and no location."""

from concurrent.futures import Executor

import msgspec

from scanner.model.raw import RawResponse
from scanner.providers.gcp.events import ReadHistory
from scanner.providers.gcp.levels import Above, ReadAccess, read_levels
from scanner.providers.gcp.reader import Reader
from scanner.providers.gcp.stores import ProjectStores
from scanner.providers.gcp.watching import ReadWatching, read_watching


class ProjectWide(msgspec.Struct, frozen=True, kw_only=True):
    """What every location of a project shares."""

    stores: ProjectStores
    history: ReadHistory
    levels: ReadAccess
    watching: ReadWatching

    @property
    def raw(self) -> tuple[RawResponse, ...]:
        """The replies behind it."""
        return self.stores.raw + self.history.raw + self.levels.raw + self.watching.raw


def read_wide(reader: Reader, calls: Executor, over: Above, stores: ProjectStores, history: ReadHistory) -> ProjectWide:
    """The rest of what a project's locations share, once it is known that one of them will be read."""
    levels = calls.submit(read_levels, reader, over).result()
    watching = calls.submit(read_watching, reader, over, levels).result()
    return ProjectWide(stores=stores, history=history, levels=levels, watching=watching)
