"""What an organisation's policies say over each account, level by level. Evaluates nothing."""

from collections.abc import Iterable

import msgspec

from scanner.facts.access.policies import Policy, PolicyError, read_policy
from scanner.model.key import Provider
from scanner.model.organisation import OrganisationNodes, OrganisationPolicies, OrganisationTree, PolicyTargets
from scanner.model.unknown import Inapplicable, Unknown

Levels = tuple[tuple[Policy, ...], ...]


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What binds an account; None is what was not read. `organisation` is None when the account is in none.

    `path` is where the account stands, as condition keys spell it; None when it is not known.
    """

    service_control: Levels | None
    resource_control: Levels | None
    organisation: str | None
    is_placed: bool
    path: str | None
    is_strange: bool = False


ABROAD = Bounds(service_control=(), resource_control=(), organisation=None, is_placed=True, path=None, is_strange=True)
"""An account of somebody else, bound by nothing that we could know, in any organisation or in none."""

UNPLACED = Bounds(service_control=None, resource_control=None, organisation=None, is_placed=False, path=None)
"""An account that no organisation of the snapshot names, which one that was not read may bind."""


def bounds_over(account: str, trees: Iterable[OrganisationTree]) -> Bounds:
    """What binds an account of AWS."""
    for tree in trees:
        if tree.provider is not Provider.AWS:
            continue
        chain = _chain(account, tree)
        if tree.management == account or chain:
            return _within(account, tree, chain)
    return UNPLACED


def _chain(account: str, tree: OrganisationTree) -> tuple[str, ...]:
    """The nodes from the root to the account; empty when the account is not among the nodes."""
    if isinstance(tree.nodes, Unknown):
        return ()
    parents = {node.id: node.parent for node in tree.nodes.items}
    found: list[str] = []
    at: str | None = account
    while at is not None and at in parents and at not in found:
        found.append(at)
        at = parents[at]
    return tuple(reversed(found))


def _within(account: str, tree: OrganisationTree, chain: tuple[str, ...]) -> Bounds:
    alone = isinstance(tree.nodes, OrganisationNodes) and not tree.nodes.items
    organisation = None if alone else tree.id
    path = f"{organisation}/{'/'.join(chain[:-1])}/" if organisation and chain else None
    if tree.management == account:
        return Bounds(service_control=(), resource_control=(), organisation=organisation, is_placed=True, path=path)
    known = tree.management is not None
    return Bounds(
        service_control=_filled(_levels(tree.service_control, chain)) if known else None,
        resource_control=_levels(tree.resource_control, chain) if known else None,
        organisation=organisation,
        is_placed=True,
        path=path,
    )


def _levels(side: OrganisationPolicies | Inapplicable | Unknown, chain: tuple[str, ...]) -> Levels | None:
    """The policies of each level; None when one that may stand there was not read."""
    if isinstance(side, Unknown):
        return None
    if isinstance(side, Inapplicable) or not side.enabled:
        return ()
    levels: list[list[Policy]] = [[] for _ in chain]
    for item in side.items:
        if isinstance(item.targets, Unknown):
            return None
        places = _places(item.targets, chain)
        if not places:
            continue
        policy = None if isinstance(item.text, Unknown) else _read(item.text.document, item.name)
        if policy is None:
            return None
        for place in places:
            levels[place].append(policy)
    return tuple(tuple(level) for level in levels)


def _filled(levels: Levels | None) -> Levels | None:
    """Service control policies stand at every level; where none was seen, one was not read."""
    return levels if levels is not None and all(levels) else None


def _places(targets: PolicyTargets, chain: tuple[str, ...]) -> list[int]:
    return [place for place, node in enumerate(chain) if node in targets.nodes]


def _read(document: str, name: str) -> Policy | None:
    try:
        return read_policy(document, name)
    except PolicyError:
        return None
