"""What was not read of an account-region, so that more keys and stores may be there than were seen."""

from collections.abc import Iterator, Mapping

import msgspec

from scanner.facts.coverage.references import kind_of
from scanner.facts.coverage.resting import place_of_shard, resting_of
from scanner.facts.permissions import PERMISSIONS
from scanner.model.key import Provider
from scanner.model.snapshot import Shard
from scanner.model.store import AliasTable
from scanner.model.store_kind import StoreKind
from scanner.model.trail import TrailList
from scanner.model.unknown import Cause, Unknown

_NAMED: Mapping[str, frozenset[str]] = {
    "rds": frozenset({"db", "cluster", "snapshot", "cluster-snapshot"}),
    "ec2": frozenset({"volume"}),
    "dynamodb": frozenset({"table"}),
    "elasticfilesystem": frozenset({"file-system"}),
    "fsx": frozenset({"file-system"}),
    "redshift": frozenset({"cluster"}),
    "secretsmanager": frozenset({"secret"}),
    "elasticache": frozenset({"cluster", "replicationgroup", "serverlesscache"}),
}
"""Kinds of resource, as their ARNs spell them, that a whole listing names every one of."""

TRAILS_NOT_ASKED = Unknown(cause=Cause.NOT_COLLECTED, call="cloudtrail:DescribeTrails")


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """How completely an account-region was read.

    `keys` and `stores` say why a key or store may be missing from the snapshot, None when none can; of stores only
    those of services that were `asked`. `hidden` is everything for which a store that is there may rest on a key
    without being seen to: listings that were not read, and stores and defaults whose key was not.
    """

    keys: Unknown | None
    stores: Unknown | None
    asked: frozenset[str]
    hidden: tuple[Unknown, ...]


def region_of(shard: Shard) -> Region:
    """The account-region of a shard."""
    listings = tuple(_unlisted(shard))
    hidden = tuple(dict.fromkeys((*listings, *_unseen_keys(shard))))
    calls = [listing.call for listing in shard.inventory.listings] if shard.inventory else []
    asked = frozenset(call.partition(":")[0] for call in calls)
    return Region(keys=_keys(shard), stores=listings[0] if listings else None, asked=asked, hidden=hidden)


def is_listed(store: str, region: Region) -> bool:
    """Whether a store of this id would have been named had it been there.

    Not everything that has copies is asked for: a recovery point may be of a machine.
    """
    service, kind = kind_of(store)
    return kind in _NAMED.get(service, ()) and service in region.asked


def _keys(shard: Shard) -> Unknown | None:
    """Fewer keys than were listed is a fault that must not pass for a key that is gone."""
    listed = shard.scope.keys
    if isinstance(listed, Unknown):
        return listed
    if listed.listed > len(shard.keys):
        return Unknown(cause=Cause.ERROR, call=PERMISSIONS[shard.scope.provider].describe)
    return None


def _unlisted(shard: Shard) -> Iterator[Unknown]:
    if shard.inventory is None:
        yield Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[shard.scope.provider].stores)
        return
    for listing in shard.inventory.listings:
        if isinstance(listing.stores, Unknown):
            yield listing.stores


def _unseen_keys(shard: Shard) -> Iterator[Unknown]:
    """Stores and defaults whose key was not read, and references that lead nowhere for want of the aliases."""
    home, inventory = place_of_shard(shard), shard.inventory
    for store in shard.stores:
        if isinstance(store.encryption, Unknown):
            yield store.encryption
    if inventory is not None and home.provider is Provider.AWS and isinstance(inventory.volume_key, Unknown):
        yield inventory.volume_key
    for item in resting_of(shard):
        reference = item.reference
        if reference is None and item.store.kind is not StoreKind.TRAIL_LOGS:
            yield Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[home.provider].describe)
        elif reference and reference.alias and reference.place == home and _lacks_aliases(shard):
            yield aliases_unread(shard)


def unseen_trails(shard: Shard) -> Iterator[tuple[str, Unknown]]:
    """Why a trail's log files may rest on a key unseen, each by the account that such a trail belongs to.

    A trail may be kept in any region, and its key be in another: wherever one was not read, all of its account's keys
    are concerned. Only AWS has trails.
    """
    scope, audit = shard.scope, shard.audit
    if scope.provider is not Provider.AWS:
        return
    if audit is None or not isinstance(audit.trails, TrailList):
        unread = audit.trails if audit and isinstance(audit.trails, Unknown) else TRAILS_NOT_ASKED
        yield scope.account, unread
    for item in resting_of(shard):
        if item.reference is None and item.store.kind is StoreKind.TRAIL_LOGS:
            yield item.said.account, Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[scope.provider].describe)


def _lacks_aliases(shard: Shard) -> bool:
    return shard.inventory is None or not isinstance(shard.inventory.aliases, AliasTable)


def aliases_unread(shard: Shard) -> Unknown:
    """Why the aliases of the account-region are not known."""
    if shard.inventory is not None and isinstance(shard.inventory.aliases, Unknown):
        return shard.inventory.aliases
    return Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[shard.scope.provider].aliases)
