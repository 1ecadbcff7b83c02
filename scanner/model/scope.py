"""The population: which accounts and regions exist, which were read, and how completely. Judges nothing."""

from datetime import datetime
from enum import StrEnum

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.record import Record
from scanner.model.unknown import Unknown


class ScopeStatus(StrEnum):
    """What became of an account-region (or of a whole account, when its region is None).

    A closed account is one that the organisation itself does not count as active (suspended, pending closure). Where
    the key service is not enabled, no key can be listed or used; such a scope was asked, and that was the answer.
    """

    SCANNED = "scanned"
    UNREACHABLE = "unreachable"
    EXCLUDED = "excluded"
    OUTSIDE = "outside"
    CLOSED = "closed"
    NOT_ENABLED = "not_enabled"


class Listing(Record, frozen=True, kw_only=True, tag="listing"):
    """A listing that ran to its end: how many keys it named, on how many pages."""

    listed: int
    pages: int


class CallCount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Calls of one operation within a scope. `calls` counts answered requests without further pages and retries."""

    call: str
    calls: int
    pages: int
    retries: int
    throttled: int
    denied: int
    failed: int


class Scope(Record, frozen=True, kw_only=True, tag="scope"):
    """One account-region of the population; `region` is None for an account that was not entered at all.

    `keys` is the listing of keys: unknown when it was denied or cut short. `reason` and `approver` are set for an
    exclusion, `reason` also for an account outside, closed or out of reach. `shared_raw` names the responses that it
    rests on and that are kept once for several scopes of the account, None where all are its own.
    """

    provider: Provider
    account: str
    account_name: str | None
    region: str | None
    status: ScopeStatus
    reason: str | None
    approver: str | None
    keys: Listing | Unknown
    calls: tuple[CallCount, ...]
    started_at: datetime | None
    finished_at: datetime | None
    evidence: tuple[Evidence, ...]
    shared_raw: str | None = None


def scope_id(provider: Provider, account: str, region: str | None) -> str:
    """How a scope is named everywhere: `aws:111122223333:eu-central-1`, without a region for a whole account."""
    return ":".join((provider.value, account, *((region,) if region else ())))
