"""Records as they would be if some of what was read had not been: any group, chosen by its name, turns to Unknown."""

import msgspec

from places import ACCOUNT, OTHER
from records import CALLS
from scanner.model.key import KEY_GROUPS
from scanner.model.snapshot import Shard, Snapshot
from scanner.model.trail import TRAIL_GROUPS, TrailList
from scanner.model.unknown import Cause, Unknown
from stored import blinded_stores, blinded_tree


def hidden(snapshot: Snapshot, chosen, cause: Cause) -> Snapshot:
    """The same snapshot with some of what was read replaced by Unknown."""
    told = tuple(
        msgspec.structs.replace(one, accounts=Unknown(cause=cause, call="organizations:ListAccounts"))
        if chosen("accounts")
        else one
        for one in snapshot.header.organisations
    )
    unlisted = Unknown(cause=cause, call="account:ListRegions")
    outside = {account: unlisted for account in (ACCOUNT, OTHER) if chosen(f"regions.{account}")}
    return Snapshot(
        header=msgspec.structs.replace(snapshot.header, organisations=told, regions_outside=outside),
        shards=[blinded(one, chosen, cause) for one in snapshot.shards],
        organisations=tuple(blinded_tree(tree, chosen, cause) for tree in snapshot.organisations),
    )


def blinded(shard: Shard, chosen, cause: Cause) -> Shard:
    """The same shard with some groups, chosen by `chosen(name)`, replaced by Unknown."""
    replace = msgspec.structs.replace
    new_keys = tuple(
        replace(
            key,
            **{name: Unknown(cause=cause, call=CALLS[name]) for name in KEY_GROUPS if chosen(f"{key.id}.{name}")},
        )
        for key in shard.keys
    )
    audit = shard.audit
    if audit is not None and isinstance(audit.trails, TrailList):
        if chosen("audit.trails"):
            audit = replace(audit, trails=Unknown(cause=cause, call="cloudtrail:DescribeTrails"))
        else:
            items = tuple(
                replace(
                    trail,
                    **{
                        name: Unknown(cause=cause, call=f"trail:{name}")
                        for name in TRAIL_GROUPS
                        if chosen(f"{trail.id}.{name}")
                    },
                )
                for trail in audit.trails.items
            )
            audit = replace(audit, trails=TrailList(items=items))
    scope = (
        replace(shard.scope, keys=Unknown(cause=cause, call="kms:ListKeys")) if chosen("scope.keys") else shard.scope
    )
    return Shard(scope=scope, audit=audit, keys=new_keys, **blinded_stores(shard, chosen, cause))
