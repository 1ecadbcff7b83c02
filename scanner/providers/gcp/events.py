"""Reads who asked for the destruction of versions, from the Admin Activity log, where a key is to go. Judges nothing.

https://cloud.google.com/kms/docs/audit-logging: names of methods are short for older ones and full for newer ones.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.key import DeletionRequest, Key, KeyState, KeyVersion, Metadata, Versions
from scanner.model.raw import RawResponse
from scanner.model.unknown import Cause, Unknown
from scanner.providers.gcp.operations import LIST_LOG_ENTRIES
from scanner.providers.gcp.reader import Reader
from scanner.providers.gcp.replies_events import LogEntry

_KEPT_DAYS = 400
"""How long Google keeps the Admin Activity log, which nobody can shorten."""

_METHOD = "DestroyCryptoKeyVersion"
_A_PAGE = 1000
_NOT_FOUND = Unknown(cause=Cause.NOT_COLLECTED, call=LIST_LOG_ENTRIES.action)
"""No entry: it may be too old for the log, or some moments too young."""


class Requested(msgspec.Struct, frozen=True, kw_only=True):
    """The keys with the requests for their destruction, and the replies behind them."""

    keys: tuple[Key, ...]
    raw: tuple[RawResponse, ...]


def with_requests(reader: Reader, keys: Sequence[Key], as_of: datetime) -> Requested:
    """Asks once for all keys of the location that are to go, and not at all where there are none."""
    going = [key for key in keys if isinstance(key.metadata, Metadata) and _is_going(key.metadata)]
    if not going:
        return Requested(keys=tuple(keys), raw=())
    project = f"projects/{reader.account}"
    conditions = (
        f'logName="{project}/logs/cloudaudit.googleapis.com%2Factivity"',
        'protoPayload.serviceName="cloudkms.googleapis.com"',
        f'protoPayload.methodName:"{_METHOD}"',
        f'timestamp>="{as_of - timedelta(days=_KEPT_DAYS):%Y-%m-%dT%H:%M:%SZ}"',
    )
    params = {
        "resourceNames": [project],
        "filter": " AND ".join(conditions),
        "orderBy": "timestamp desc",
        "pageSize": _A_PAGE,
    }
    answer = reader.ask(LIST_LOG_ENTRIES, params, reader.region)
    entries = [entry for page in answer.pages for entry in page.entries]
    evidence = answer.evidence("deletion_request")
    missing = answer.failure.unknown if answer.failure else _NOT_FOUND
    wanted = {key.id for key in going}
    return Requested(
        keys=tuple(_asked(key, entries, missing, evidence) if key.id in wanted else key for key in keys),
        raw=answer.raw,
    )


def _is_going(metadata: Metadata) -> bool:
    return metadata.state is KeyState.PENDING_DELETION


def _asked(key: Key, entries: Sequence[LogEntry], missing: Unknown, evidence: tuple[Evidence, ...]) -> Key:
    """The key with the request that sealed its end: that of the version that goes last."""
    waiting = key.versions.items if isinstance(key.versions, Versions) else ()
    last = max((one for one in waiting if one.destroy_at), key=lambda one: str(one.destroy_at), default=None)
    found = _request_of(last, entries) if last else None
    request = missing if found is None else _request(found, key)
    return msgspec.structs.replace(key, deletion_request=request, evidence=key.evidence + evidence)


def _request_of(version: KeyVersion, entries: Iterable[LogEntry]) -> LogEntry | None:
    """The newest request that was not refused and came before the date."""
    fitting = [entry for entry in entries if _is_about(entry, version)]
    return max(fitting, key=lambda entry: entry.timestamp, default=None)


def _is_about(entry: LogEntry, version: KeyVersion) -> bool:
    call = entry.proto_payload
    if call is None or not call.method_name.endswith(_METHOD) or call.resource_name != version.id:
        return False
    refused = call.status is not None and call.status.code != 0
    return not refused and (version.destroy_at is None or entry.timestamp <= version.destroy_at)


def _request(entry: LogEntry, key: Key) -> DeletionRequest:
    who = entry.proto_payload.authentication_info if entry.proto_payload else None
    wait = key.metadata.destroy_after if isinstance(key.metadata, Metadata) else None
    return DeletionRequest(
        at=entry.timestamp,
        actor=(who.principal_email or who.principal_subject) if who else None,
        window_days=wait.days if wait is not None else None,
    )
