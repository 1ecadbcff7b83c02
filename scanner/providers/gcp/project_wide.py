"""Reads what is asked once for a project and holds in all its locations. Reads no key and no location."""

from concurrent.futures import Executor

import msgspec

from scanner.model.raw import RawResponse
from scanner.providers.answer import Answer
from scanner.providers.gcp.events import ReadHistory
from scanner.providers.gcp.levels import Above, ReadAccess, read_levels
from scanner.providers.gcp.reader import Reader
from scanner.providers.gcp.replies_around import AutokeyConfig
from scanner.providers.gcp.stores import ProjectStores
from scanner.providers.gcp.surroundings import read_autokey
from scanner.providers.gcp.watching import ReadWatching, read_watching


class ProjectWide(msgspec.Struct, frozen=True, kw_only=True):
    """What every location of a project shares."""

    stores: ProjectStores
    history: ReadHistory
    levels: ReadAccess
    watching: ReadWatching
    autokey: Answer[AutokeyConfig]

    @property
    def raw(self) -> tuple[RawResponse, ...]:
        """The replies behind it."""
        read = (self.stores.raw, self.history.raw, self.levels.raw, self.watching.raw, self.autokey.raw)
        return tuple(response for raw in read for response in raw)


def read_wide(reader: Reader, calls: Executor, over: Above, stores: ProjectStores, history: ReadHistory) -> ProjectWide:
    """The rest of what a project's locations share, once it is known that one of them will be read."""
    autokey = calls.submit(read_autokey, reader)
    levels = calls.submit(read_levels, reader, over).result()
    watching = calls.submit(read_watching, reader, over, levels).result()
    return ProjectWide(stores=stores, history=history, levels=levels, watching=watching, autokey=autokey.result())
