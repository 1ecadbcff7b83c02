"""Reads what stands around a location's keys: deleted ones, imports, outside key managers, Autokey. Reads no key."""

from collections.abc import Sequence
from concurrent.futures import Executor

import msgspec

from scanner.model.key import Provider
from scanner.model.raw import RawResponse
from scanner.model.surroundings import ImportJobs, Surroundings
from scanner.model.unknown import Unknown
from scanner.providers.answer import Answer, AnyAnswer
from scanner.providers.gcp import normalise_around, replies_around
from scanner.providers.gcp.operations_around import (
    LIST_EKM_CONNECTIONS,
    LIST_IMPORT_JOBS,
    LIST_KEY_HANDLES,
    LIST_RETIRED,
    SHOW_AUTOKEY_CONFIG,
)
from scanner.providers.gcp.reader import Reader
from scanner.windows import in_windows

_A_PAGE = 1000
_HANDLES_A_PAGE = 100


class ReadSurroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around a location's keys, with the replies it was made from but for those about Autokey."""

    surroundings: Surroundings
    raw: tuple[RawResponse, ...]


def read_autokey(reader: Reader) -> Answer[replies_around.AutokeyConfig]:
    """Where Autokey puts keys for the project, asked once for all its locations."""
    return reader.ask(SHOW_AUTOKEY_CONFIG, {"parent": f"projects/{reader.account}"}, reader.account)


def read_surroundings(
    reader: Reader,
    pool: Executor,
    window: int,
    rings: Sequence[str],
    autokey: Answer[replies_around.AutokeyConfig],
) -> ReadSurroundings:
    """Everything around the keys of the reader's location, and the import jobs of its `rings`."""
    parent = f"projects/{reader.account}/locations/{reader.region}"
    params = {"parent": parent, "pageSize": _A_PAGE}
    retired = pool.submit(reader.ask, LIST_RETIRED, params, parent)
    connections = pool.submit(reader.ask, LIST_EKM_CONNECTIONS, params, parent)
    handles = pool.submit(reader.ask, LIST_KEY_HANDLES, {**params, "pageSize": _HANDLES_A_PAGE}, parent)
    jobs = list(in_windows(pool, window, lambda ring: _jobs_of(reader, ring), rings))
    found = (retired.result(), connections.result(), handles.result())
    asked: tuple[AnyAnswer, ...] = (*found, *jobs)
    return ReadSurroundings(
        surroundings=Surroundings(
            provider=Provider.GCP,
            account=reader.account,
            region=reader.region,
            retired=found[0].group(normalise_around.retired),
            connections=found[1].group(normalise_around.connections),
            handles=found[2].group(normalise_around.handles),
            imports=_imports(jobs),
            automatic=autokey.group(normalise_around.automatic),
            evidence=found[0].evidence("retired")
            + found[1].evidence("connections")
            + found[2].evidence("handles")
            + tuple(item for answer in jobs for item in answer.evidence("imports"))
            + autokey.evidence("automatic"),
        ),
        raw=tuple(response for answer in asked for response in answer.raw),
    )


def _jobs_of(reader: Reader, ring: str) -> Answer[replies_around.ListImportJobs]:
    return reader.ask(LIST_IMPORT_JOBS, {"parent": ring, "pageSize": _A_PAGE}, ring)


def _imports(answers: Sequence[Answer[replies_around.ListImportJobs]]) -> ImportJobs | Unknown:
    """The import jobs of all rings; one that could not be asked leaves open what else there is."""
    broken = next((answer.failure for answer in answers if answer.failure is not None), None)
    return broken.unknown if broken else normalise_around.imports(page for answer in answers for page in answer.pages)
