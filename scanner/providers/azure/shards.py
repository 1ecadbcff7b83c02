"""Puts what was read of a subscription and location into its shard. Asks nothing."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from scanner.model.container import KeyContainer
from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.raw import CollectedShard, SharedRaw
from scanner.model.scope import Listing, Scope, ScopeStatus
from scanner.model.snapshot import Shard
from scanner.model.unknown import Unknown
from scanner.providers.azure.alerts import SubscriptionAlerts
from scanner.providers.azure.keys import VaultKeys
from scanner.providers.azure.normalise_containers import GLOBAL
from scanner.providers.azure.subscription_wide import SubscriptionWide
from scanner.providers.scopes import Account, Period, Proof, collected


class Vault(msgspec.Struct, frozen=True, kw_only=True):
    """A vault or managed HSM with its keys."""

    container: KeyContainer
    found: VaultKeys


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription and one of its locations, None for a subscription that was not entered."""

    target: Account
    region: str | None


def location_shard(where: Where, vaults: Sequence[Vault], proof: Proof, period: Period) -> CollectedShard:
    """A location of a subscription: its vaults, and all their keys. One vault that was not listed leaves it open."""
    own = tuple(item for vault in vaults for item in vault.found.evidence)
    keys = _sum([vault.found.listing for vault in vaults])
    scope = _scope(where, keys, proof.evidence + own, period)
    shard = Shard(
        scope=scope,
        audit=None,
        keys=tuple(sorted((key for vault in vaults for key in vault.found.keys), key=lambda key: key.id)),
        containers=tuple(sorted((_marked(vault) for vault in vaults), key=lambda container: container.id)),
    )
    return collected(shard, proof.raw + tuple(response for vault in vaults for response in vault.found.raw))


def global_shard(target: Account, missing: Unknown | None, pages: int, proof: Proof, period: Period) -> CollectedShard:
    """The subscription itself: whether all its vaults are known, and what has no location."""
    keys = missing or Listing(listed=0, pages=pages)
    scope = _scope(Where(target=target, region=GLOBAL), keys, proof.evidence, period)
    return collected(Shard(scope=scope, audit=None, keys=()), proof.raw)


def with_alerts(shard: CollectedShard, found: SubscriptionAlerts) -> CollectedShard:
    """The shard of the subscription itself with what could tell somebody of an event in it."""
    return collected(replace(shard.shard, watching=found.watching), shard.raw + found.raw)


def with_wide(shard: CollectedShard, wide: SubscriptionWide, shared: SharedRaw | None) -> CollectedShard:
    """The shard with its part of what was asked once for the subscription: access, history, what keys may protect."""
    own, region = shard.shard, shard.shard.scope.region or ""
    everywhere = (container for container, _ in wide.found.items.values())
    whole = replace(
        own,
        keys=tuple(map(wide.history.named, own.keys)),
        access=replace(wide.access.access, region=region),
        inventory=wide.stores.inventory(own.scope.account, region),
        stores=wide.stores.by_location.get(region, ()),
        history=wide.history.beside(region, everywhere)
        if region == GLOBAL
        else wide.history.at(region, own.containers),
    )
    return collected(whole, shard.raw + wide.raw, shared)


def _scope(where: Where, keys: Listing | Unknown, evidence: tuple[Evidence, ...], period: Period) -> Scope:
    return Scope(
        provider=Provider.AZURE,
        account=where.target.id,
        account_name=where.target.name,
        region=where.region,
        status=ScopeStatus.SCANNED,
        reason=None,
        approver=None,
        keys=keys,
        calls=period.calls,
        started_at=period.started_at,
        finished_at=period.finished_at,
        evidence=evidence,
    )


def _sum(listings: Sequence[Listing | Unknown]) -> Listing | Unknown:
    listed = pages = 0
    for listing in listings:
        if isinstance(listing, Unknown):
            return listing
        listed, pages = listed + listing.listed, pages + listing.pages
    return Listing(listed=listed, pages=pages)


def _marked(vault: Vault) -> KeyContainer:
    """The container with Azure's own word for why its data plane did not let us in."""
    if vault.found.refusal is None:
        return vault.container
    return replace(vault.container, source={**vault.container.source, "dataPlane": vault.found.refusal.code})
