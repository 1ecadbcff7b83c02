"""Scopes as shards: those that were not entered or left out, and what all of them rest on. Asks nothing."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from scanner.facts.unread import unread_of_container, unread_of_key
from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.raw import CollectedShard, RawResponse, SharedRaw
from scanner.model.scope import CallCount, Scope, ScopeStatus
from scanner.model.snapshot import Shard
from scanner.model.unknown import Cause, Unknown
from scanner.providers.answer import evidence_of


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An account, project or subscription, and how reports call it."""

    provider: Provider
    id: str
    name: str | None


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """An account that is not read."""

    provider: Provider
    id: str
    name: str | None
    status: ScopeStatus
    reason: str
    approver: str | None = None


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """When a scope was read, and with how many calls."""

    started_at: datetime
    finished_at: datetime
    calls: tuple[CallCount, ...]


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What an account's scopes rest on besides their own replies: who entered, and where its regions are from."""

    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]

    def and_also(self, other: "Proof") -> "Proof":
        """Both."""
        return Proof(evidence=self.evidence + other.evidence, raw=self.raw + other.raw)


NOTHING = Proof(evidence=(), raw=())


def unreached_shard(account: Account, reason: str, missing: Unknown, proof: Proof, period: Period) -> CollectedShard:
    """An account of which nothing could be read."""
    scope = Scope(
        provider=account.provider,
        account=account.id,
        account_name=account.name,
        region=None,
        status=ScopeStatus.UNREACHABLE,
        reason=reason,
        approver=None,
        keys=missing,
        calls=period.calls,
        started_at=period.started_at,
        finished_at=period.finished_at,
        evidence=proof.evidence,
    )
    return collected(Shard(scope=scope, audit=None, keys=()), proof.raw)


def left_out_shard(
    left: LeftOut, listing: str, proof: RawResponse | None, calls: tuple[CallCount, ...]
) -> CollectedShard:
    """An account that is not read.

    `listing` is the permission that naming its keys would have taken, `proof` the page that names the account.
    """
    scope = Scope(
        provider=left.provider,
        account=left.id,
        account_name=left.name,
        region=None,
        status=left.status,
        reason=left.reason,
        approver=left.approver,
        keys=Unknown(cause=Cause.NOT_COLLECTED, call=listing),
        calls=calls,
        started_at=None,
        finished_at=None,
        evidence=evidence_of("accounts", [proof]) if proof else (),
    )
    return collected(Shard(scope=scope, audit=None, keys=()), (proof,) if proof else ())


def unread_groups(shard: Shard) -> int:
    """Groups of keys and of what they are kept in that were not read, and the listing when it was not."""
    keys = sum(len(unread_of_key(key)) for key in shard.keys)
    containers = sum(len(unread_of_container(container)) for container in shard.containers)
    return keys + containers + isinstance(shard.scope.keys, Unknown)


def collected(shard: Shard, raw: tuple[RawResponse, ...], shared: SharedRaw | None = None) -> CollectedShard:
    """The shard with each reply once, in the order of their ids: several records may rest on the same one.

    What is `shared` with other shards is named in the scope and not repeated.
    """
    if shared is None:
        return CollectedShard(shard=shard, raw=_distinct(raw))
    elsewhere = {response.id for response in shared.raw}
    own = _distinct(response for response in raw if response.id not in elsewhere)
    scope = replace(shard.scope, shared_raw=shared.name)
    return CollectedShard(shard=replace(shard, scope=scope), raw=own, shared=shared)


def shared_raw(raw: Iterable[RawResponse]) -> SharedRaw:
    """Replies that several shards of an account rest on."""
    distinct = _distinct(raw)
    parts = (f"{one.id} {one.sha256} {one.body_sha256} {one.at.isoformat()}" for one in distinct)
    return SharedRaw(name=hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32], raw=distinct)


def _distinct(raw: Iterable[RawResponse]) -> tuple[RawResponse, ...]:
    found = {response.id: response for response in raw}
    return tuple(found[name] for name in sorted(found))
