"""Puts what was read of a scope into its shard. Asks nothing."""

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.raw import CollectedIdentities, CollectedShard
from scanner.model.scope import Scope, ScopeStatus
from scanner.model.snapshot import Shard
from scanner.providers.aws.alerting import RegionAlerting
from scanner.providers.aws.inventory import RegionInventory
from scanner.providers.aws.keys import RegionKeys
from scanner.providers.aws.network import RegionNetwork
from scanner.providers.aws.population import Target
from scanner.providers.aws.trails import RegionAudit
from scanner.providers.scopes import Period, Proof, collected


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
    return replace(collected(shard, raw), identities=readings.identities)
