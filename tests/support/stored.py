"""Hypothesis strategies for what rests on keys: stores, listings, aliases, and an organisation that bounds accounts."""

import json

from hypothesis import strategies as st
from msgspec.structs import replace

from records import CALLS, days_ago, inventory, listing, store
from scanner.model.key import Provider
from scanner.model.organisation import (
    NodeKind,
    OrganisationNode,
    OrganisationNodes,
    OrganisationPolicies,
    OrganisationPolicy,
    OrganisationTree,
    PolicyTargets,
    PolicyText,
)
from scanner.model.snapshot import Shard
from scanner.model.store import AliasTable, Encryption, VolumeDefault, VolumeKey
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown

WINDOW = "kms:ScheduleKeyDeletionPendingWindowInDays"
INVENTORY_GROUPS = ("aliases", "volume_default", "volume_key")
TREE_GROUPS = ("nodes", "service_control", "resource_control")


def unknown(group):
    return st.builds(Unknown, cause=st.sampled_from(Cause), call=st.just(CALLS[group]))


def read_or_not(group, strategy):
    """Read seven times of eight, so that whole records are not rare."""
    return mostly(strategy, unknown(group))


def mostly(usual, other):
    """The usual one seven times of eight."""
    return st.integers(0, 7).flatmap(lambda number: other if number == 5 else usual)


def encryptions(references):
    keys = st.sampled_from([None, "", "alias/", *references])
    return keys.map(lambda key: Encryption(encrypted=True, key=key)) | st.just(Encryption(encrypted=False, key=None))


@st.composite
def stores(draw, place, number, references, originals=()):
    """A store of a place (account, region); a copy is one of an original that may be anywhere or nowhere."""
    account, region = place
    copy = draw(st.sampled_from(CopyKind))
    return store(
        f"store-{number}",
        id=f"arn:aws:rds:{region}:{account}:db:store-{number}",
        account=account,
        region=region,
        type=draw(st.sampled_from([StoreKind.DATABASE, StoreKind.DATABASE_SNAPSHOT])),
        copy=copy,
        of=None if copy is CopyKind.ORIGINAL else draw(st.sampled_from([None, "gone", *originals])),
        encryption=draw(read_or_not("encryption", encryptions(references))),
        expires_at=draw(read_or_not("expires_at", st.sampled_from([None, days_ago(-3), days_ago(-40)]))),
        evidence=(),
    )


@st.composite
def inventories(draw, place, keys, references):
    """An inventory whose aliases point at keys of the shard, at one that is gone, or at none."""
    account, region = place
    targets = st.sampled_from([None, "gone", *(key.rpartition("/")[2] for key in keys)])
    aliases = st.dictionaries(st.sampled_from(["alias/a", "alias/b", "alias/aws/rds"]), targets)
    return inventory(
        account=account,
        region=region,
        listings=tuple(listing(draw(mostly(st.none(), unknown("stores")))) for _ in range(draw(st.integers(0, 2)))),
        aliases=draw(read_or_not("aliases", st.builds(AliasTable, targets=aliases))),
        volume_default=draw(read_or_not("volume_default", st.builds(VolumeDefault, encrypted=st.booleans()))),
        volume_key=draw(
            read_or_not("volume_key", st.builds(VolumeKey, key=st.sampled_from(["alias/aws/ebs", *references])))
        ),
        evidence=(),
    )


def denial(days, principal, extra):
    condition = {"NumericLessThan": {WINDOW: str(days)}, **extra}
    body = {"Effect": "Deny", "Action": "kms:ScheduleKeyDeletion", "Resource": "*", "Condition": condition}
    return {**body, "Principal": principal} if principal else body


def denials(principal=None):
    spared = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/breakglass"}}
    return st.builds(denial, st.sampled_from([7, 14, 30, 99]), st.just(principal), st.sampled_from([{}, {}, spared]))


def texts():
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    documents = st.lists(denials() | st.just(allow), max_size=2).map(lambda found: json.dumps({"Statement": found}))
    return st.builds(PolicyText, document=documents | st.just("[]"))


@st.composite
def trees(draw, accounts):
    """An organisation of a root, a unit and some of the accounts."""
    node = OrganisationNode(id="r-1", level=NodeKind.ROOT, name="Root", parent=None)
    unit = OrganisationNode(id="ou-1", level=NodeKind.UNIT, name="prod", parent="r-1")
    members = [
        OrganisationNode(
            id=account, level=NodeKind.ACCOUNT, name=account, parent=draw(st.sampled_from(["r-1", "ou-1"]))
        )
        for account in accounts
        if draw(st.booleans())
    ]
    nodes = OrganisationNodes(items=(node, unit, *members))
    targets = st.builds(
        PolicyTargets, nodes=st.lists(st.sampled_from(["r-1", "ou-1", *accounts]), max_size=2).map(tuple)
    )

    def policies(group):
        policy = st.tuples(read_or_not(group, texts()), read_or_not(group, targets)).map(
            lambda parts: OrganisationPolicy(
                id="p-1", name="bounds", provider_managed=False, text=parts[0], targets=parts[1]
            )
        )
        whole = st.builds(OrganisationPolicies, enabled=st.booleans(), items=st.lists(policy, max_size=2).map(tuple))
        return read_or_not(group, whole)

    return OrganisationTree(
        provider=Provider.AWS,
        id="o-1",
        management=draw(st.sampled_from([None, "000000000000", *accounts])),
        nodes=draw(read_or_not("nodes", st.just(nodes))),
        service_control=draw(policies("service_control")),
        resource_control=draw(policies("resource_control")),
        evidence=(),
    )


def blinded_stores(shard: Shard, chosen, cause: Cause) -> dict:
    """Fields of the shard with some groups of stores and inventory, chosen by `chosen(name)`, replaced by Unknown.

    A listing that is hidden hides stores with it, as one that was cut off does.
    """
    hidden = {group: Unknown(cause=cause, call=CALLS[group]) for group in (*INVENTORY_GROUPS, "stores", "encryption")}
    found = tuple(
        replace(one, encryption=hidden["encryption"]) if chosen(f"{one.id}.encryption") else one for one in shard.stores
    )
    held = shard.inventory
    if held is None:
        return {"stores": found, "inventory": held}
    gone = {group: hidden[group] for group in INVENTORY_GROUPS if chosen(f"inventory.{group}")}
    if chosen("inventory.stores"):
        gone["listings"] = (*held.listings, listing(hidden["stores"]))
        found = tuple(one for one in found if not chosen(f"{one.id}.listed"))
    return {"stores": found, "inventory": replace(held, **gone)}


def blinded_tree(tree: OrganisationTree, chosen, cause: Cause) -> OrganisationTree:
    hidden = {
        group: Unknown(cause=cause, call=CALLS[group]) for group in TREE_GROUPS if chosen(f"organisation.{group}")
    }
    return replace(tree, **hidden)
