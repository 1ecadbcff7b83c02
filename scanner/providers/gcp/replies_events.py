"""What is kept of audit log entries: these types are the allow-list. Holds no logic and imports no SDK.

Of a request and its answer only the state that a version was to get is kept: an entry tells when, by whom, on what, and
whether it was refused.
"""

from datetime import datetime

import msgspec


class AuthenticationInfo(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Who asked."""

    principal_email: str | None = None
    principal_subject: str | None = None


class CallStatus(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """How the call ended; 0 is well."""

    code: int = 0


class VersionState(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The state of a version, as a word; in a log it may stand as a number."""

    state: str | float | None = None


class ChangeRequest(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What a version was to become."""

    crypto_key_version: VersionState | None = None


class AuditLog(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The audited call."""

    method_name: str = ""
    resource_name: str = ""
    authentication_info: AuthenticationInfo | None = None
    status: CallStatus | None = None
    request: ChangeRequest | None = None
    response: VersionState | None = None


class LongOperation(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What entries about the beginning and the end of one long call share."""

    id: str | None = None


class LogEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One entry of a log."""

    timestamp: datetime
    proto_payload: AuditLog | None = None
    operation: LongOperation | None = None


class ListLogEntries(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of entries, newest first."""

    entries: tuple[LogEntry, ...] = ()
