"""Puts what was read of a scope into its shard. Asks nothing."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from scanner.facts.unread import unread_of_key
from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.raw import CollectedIdentities, CollectedShard, RawResponse
from scanner.model.scope import CallCount, Scope, ScopeStatus
from scanner.model.snapshot import Shard
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.alerting import RegionAlerting
from scanner.providers.aws.answer import evidence_of
from scanner.providers.aws.inventory import RegionInventory
from scanner.providers.aws.keys import RegionKeys
from scanner.providers.aws.network import RegionNetwork
from scanner.providers.aws.operations import LIST_KEYS
from scanner.providers.aws.population import LeftOut, Target
from scanner.providers.aws.trails import RegionAudit


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


class RegionReadings(msgspec.Struct, frozen=True, kw_only=True):
    """What was read in one account-region, and in the first of an account what was read for all of it."""

    audit: RegionAudit
    keys: RegionKeys
    inventory: RegionInventory
    alerting: RegionAlerting
    network: RegionNetwork
    identities: CollectedIdentities | None


def region_shard(target: Target, proof: Proof, readings: RegionReadings, period: Period) -> CollectedShard:
    """An account-region that was entered, its keys listed or not."""
    audit, found, rest = readings.audit, readings.keys, readings.inventory
    scope = Scope(
        provider=Provider.AWS,
        account=target.id,
        account_name=target.name,
        region=audit.audit.region,
        status=ScopeStatus.UNREACHABLE if found.unreachable else ScopeStatus.SCANNED,
        reason=found.unreachable,
        approver=None,
        keys=found.listing,
        calls=period.calls,
        started_at=period.started_at,
        finished_at=period.finished_at,
        evidence=proof.evidence + found.evidence,
    )
    shard = Shard(
        scope=scope,
        audit=audit.audit,
        keys=found.keys,
        inventory=rest.inventory,
        stores=rest.stores,
        alerting=readings.alerting.alerting,
        network=readings.network.network,
    )
    raw = proof.raw + audit.raw + found.raw + rest.raw + readings.alerting.raw + readings.network.raw
    return replace(_collected(shard, raw), identities=readings.identities)


def unreached_shard(target: Target, reason: str, missing: Unknown, proof: Proof, period: Period) -> CollectedShard:
    """An account of which nothing could be read."""
    scope = Scope(
        provider=Provider.AWS,
        account=target.id,
        account_name=target.name,
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
    return _collected(Shard(scope=scope, audit=None, keys=()), proof.raw)


def left_out_shard(left: LeftOut, proof: RawResponse | None, calls: tuple[CallCount, ...]) -> CollectedShard:
    """An account that is not read; `proof` is the page of the organisation's listing that names it."""
    scope = Scope(
        provider=Provider.AWS,
        account=left.id,
        account_name=left.name,
        region=None,
        status=left.status,
        reason=left.reason,
        approver=left.approver,
        keys=Unknown(cause=Cause.NOT_COLLECTED, call=LIST_KEYS.action),
        calls=calls,
        started_at=None,
        finished_at=None,
        evidence=evidence_of("accounts", [proof]) if proof else (),
    )
    return _collected(Shard(scope=scope, audit=None, keys=()), (proof,) if proof else ())


def unread_groups(shard: Shard) -> int:
    """Groups of keys that were not read, and the listing when it was not."""
    return sum(len(unread_of_key(key)) for key in shard.keys) + isinstance(shard.scope.keys, Unknown)


def _collected(shard: Shard, raw: tuple[RawResponse, ...]) -> CollectedShard:
    """The shard with each reply once, in the order of their ids: several records may rest on the same one."""
    distinct = {response.id: response for response in raw}
    return CollectedShard(shard=shard, raw=tuple(distinct[name] for name in sorted(distinct)))
