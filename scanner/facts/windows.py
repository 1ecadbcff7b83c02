"""Which policies deny that a key be deleted on short notice, and what they leave possible. Evaluates no other access.

Every waiting time that AWS accepts is tried against each Deny of the key's policy, and of the service and resource
control policies that bind its account. A Deny counts as a guard only where nobody can get around it: one that spares
somebody, or that hangs on a condition which is not settled by the key and its account, leaves the answer open.
Whoever may change the policy can of course lift the guard first. A policy that merely fails to allow is no guard.
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html, as of 2026-11-24.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import lru_cache
from typing import TypeAlias

import msgspec

from scanner.facts.access.context import Context
from scanner.facts.access.policies import Policy as ReadPolicy
from scanner.facts.access.policies import PolicyError, Statement, is_about, read_policy
from scanner.facts.access.principals import Named, means, principal
from scanner.facts.access.truth import Open
from scanner.facts.glob import matches
from scanner.facts.kleene import Truth, all_of, any_of
from scanner.facts.permissions import PERMISSIONS
from scanner.facts.reading import reading
from scanner.model.key import Key, Manager, Policy, Provider
from scanner.model.organisation import OrganisationNodes, OrganisationPolicies, OrganisationTree, PolicyTargets
from scanner.model.unknown import Cause, Unknown

SHORTEST_DAYS, LONGEST_DAYS = 7, 30
"""What AWS accepts as waiting time; the longest is taken when a request names none."""

_LEAST_WAIT = timedelta(hours=24)
_ACTION = "kms:ScheduleKeyDeletion"
_WINDOW = "kms:schedulekeydeletionpendingwindowindays"


class Guard(msgspec.Struct, frozen=True, kw_only=True):
    """Whether short notice is denied to everybody, and the shortest waiting time left possible."""

    denied: Truth | None
    least: timedelta | Unknown | None


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """The denials of one policy that binds an account for certain (True) or perhaps (Unknown)."""

    denials: tuple[Statement, ...]
    binds: Truth
    call: str


Layers: TypeAlias = tuple[Layer | Unknown, ...]
"""The layers over an account; Unknown for one that was not read."""

Account: TypeAlias = tuple[Provider, str]
_Parents: TypeAlias = dict[str, str | None] | Unknown


class _Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A tree with every node's parent, and its layers with the nodes that they are attached to."""

    tree: OrganisationTree
    parents: _Parents
    layers: tuple[tuple[PolicyTargets | Unknown, Layer | Unknown], ...]


def bounds(trees: Iterable[OrganisationTree], accounts: Iterable[Account]) -> dict[Account, Layers]:
    """The organisation's denials over each account that are about deleting keys.

    An account that no tree names may be bound by one that was not read. The management account is bound by none.
    """
    placed = [_Placed(tree=tree, parents=_parents(tree.nodes), layers=tuple(_of_tree(tree))) for tree in trees]
    return {account: _over(account, placed) for account in accounts}


def derive_guard(key: Key, layers: Layers) -> Guard:
    """What policies leave possible for one key; absent on a key that the provider manages."""
    if key.provider is Provider.GCP:
        return _set_on_key(key)
    if key.provider is not Provider.AWS:
        unjudged = Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[key.provider].policy)
        return Guard(denied=unjudged, least=unjudged)
    if isinstance(key.metadata, Unknown):
        return Guard(denied=key.metadata, least=key.metadata)
    if key.metadata.manager is Manager.PROVIDER:
        return Guard(denied=None, least=None)
    own = _own(key)
    whole = tuple(layer for layer in (own, *layers) if isinstance(layer, Unknown) or layer.denials)
    if not any(isinstance(layer, Layer) for layer in whole):
        unread = next((layer for layer in whole if isinstance(layer, Unknown)), None)
        return Guard(denied=unread or False, least=unread)
    return _tried(whole, key.account, key.id if _names_keys(whole) else "*")


def _set_on_key(key: Key) -> Guard:
    """Google Cloud: the time that every version waits is set when the key is made and cannot be changed after.

    https://cloud.google.com/kms/docs/destroy-restore, as of 2026-11-24: 24 hours are the least that can be set.
    """
    if isinstance(key.metadata, Unknown):
        return Guard(denied=key.metadata, least=key.metadata)
    wait = key.metadata.destroy_after
    if wait is None:
        untold = Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[key.provider].describe)
        return Guard(denied=untold, least=untold)
    return Guard(denied=wait > _LEAST_WAIT, least=wait)


def _names_keys(layers: Layers) -> bool:
    """Whether a denial is not simply about every key, so that the answer differs from key to key."""
    denials = (denial for layer in layers if isinstance(layer, Layer) for denial in layer.denials)
    return any(denial.resources != ("*",) or denial.resources_inverse for denial in denials)


@lru_cache(maxsize=4096)
def _tried(layers: Layers, account: str, key: str) -> Guard:
    """What is left when each waiting time is tried, from the shortest on."""
    denied = tuple(_denied(layers, account, key, days) for days in range(SHORTEST_DAYS, LONGEST_DAYS))
    return Guard(denied=denied[0], least=_least(denied) if denied[0] is not False else None)


def _least(denied: tuple[Truth, ...]) -> timedelta | Unknown:
    """The first waiting time that is not denied, as long as every shorter one is known to be."""
    for days, truth in enumerate(denied, SHORTEST_DAYS):
        if isinstance(truth, Unknown):
            return truth
        if not truth:
            return timedelta(days=days)
    return timedelta(days=LONGEST_DAYS)


def _denied(layers: Layers, account: str, key: str, days: int) -> Truth:
    """Whether the waiting time is denied to everybody who could ask for it: principals of the key's own account."""
    request = Context(
        values={
            _WINDOW: (str(days),),
            "aws:principalaccount": (account,),
            "kms:calleraccount": (account,),
            "aws:resourceaccount": (account,),
            "aws:principalisawsservice": ("false",),
        },
        complete=False,
    )
    return any_of(layer if isinstance(layer, Unknown) else _by_layer(layer, account, key, request) for layer in layers)


def _by_layer(layer: Layer, account: str, key: str, request: Context) -> Truth:
    hits = (
        all_of((_to_everybody(denial, account, layer.call), _settled(denial, key, request, layer.call)))
        for denial in layer.denials
    )
    return all_of((layer.binds, any_of(hits)))


def _settled(denial: Statement, key: str, request: Context, call: str) -> Truth:
    truth = is_about(denial, _ACTION, key, request)
    return Unknown(cause=Cause.UNSUPPORTED, call=call) if isinstance(truth, Open) else truth


def _to_everybody(denial: Statement, account: str, call: str) -> Truth:
    """A Deny that names single principals is about them alone; one that names all but some spares those."""
    if denial.principals_inverse:
        return Unknown(cause=Cause.UNSUPPORTED, call=call)
    if not denial.principals:
        return True
    root = principal(f"arn:aws:iam::{account}:root")
    named = (means(kind, name, root) for kind, name in denial.principals)
    return any(who in {Named.EVERYONE, Named.ACCOUNT} for who in named)


def _own(key: Key) -> Layer | Unknown:
    policy, call = reading(key.policy), PERMISSIONS[key.provider].policy
    if isinstance(policy, Policy):
        return _layer(policy.document, call)
    return policy if isinstance(policy, Unknown) else Unknown(cause=Cause.UNSUPPORTED, call=call)


@lru_cache(maxsize=1024)
def _layer(document: str, call: str) -> Layer | Unknown:
    try:
        policy = read_policy(document, "policy")
    except PolicyError:
        return Unknown(cause=Cause.ERROR, call=call)
    return Layer(denials=tuple(_denials(policy)), binds=True, call=call)


def _denials(policy: ReadPolicy) -> Iterator[Statement]:
    """The statements that deny the request to somebody."""
    action = _ACTION.lower()
    for statement in policy.statements:
        covered = any(matches(pattern, action) for pattern in statement.actions)
        if not statement.allows and covered is not statement.actions_inverse:
            yield statement


def _of_tree(tree: OrganisationTree) -> Iterator[tuple[PolicyTargets | Unknown, Layer | Unknown]]:
    """Every policy that is in force somewhere and may deny it, with where; one that was not read may be anywhere."""
    call = PERMISSIONS[tree.provider].bounds
    for side in (tree.service_control, tree.resource_control):
        if isinstance(side, Unknown):
            yield side, side
        for policy in side.items if isinstance(side, OrganisationPolicies) and side.enabled else ():
            layer = policy.text if isinstance(policy.text, Unknown) else _layer(policy.text.document, call)
            if isinstance(layer, Unknown) or layer.denials:
                yield policy.targets, layer


def _over(account: Account, placed: Iterable[_Placed]) -> Layers:
    provider, number = account
    for found in placed:
        if found.tree.provider is not provider:
            continue
        if found.tree.management == number:
            return ()
        if isinstance(found.parents, Unknown) or number in found.parents:
            layers = tuple(layer for part in found.layers if (layer := _bound(part, number, found)) is not None)
            return (*layers, found.parents) if isinstance(found.parents, Unknown) else layers
    return (unplaced(provider),)


def unplaced(provider: Provider) -> Unknown:
    """What binds an account that no organisation of the snapshot names."""
    return Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[provider].bounds)


def _bound(
    part: tuple[PolicyTargets | Unknown, Layer | Unknown], account: str, found: _Placed
) -> Layer | Unknown | None:
    """The layer as far as it binds the account; None when it does not. Any account may be an untold management one."""
    targets, layer = part
    binds = _is_under(targets, account, found.parents)
    if binds is True and found.tree.management is None:
        binds = unplaced(found.tree.provider)
    if isinstance(layer, Unknown) or binds is False:
        return None if binds is False else layer
    return msgspec.structs.replace(layer, binds=binds)


def _is_under(targets: PolicyTargets | Unknown, account: str, parents: _Parents) -> Truth:
    """Whether one of the targets is the account or stands above it."""
    if isinstance(targets, Unknown):
        return targets
    if account in targets.nodes or not targets.nodes:
        return bool(targets.nodes)
    if isinstance(parents, Unknown):
        return parents
    seen: set[str] = set()
    at: str | None = account
    while at is not None and at not in seen:
        if at in targets.nodes:
            return True
        seen.add(at)
        at = parents.get(at)
    return False


def _parents(nodes: OrganisationNodes | Unknown) -> _Parents:
    return nodes if isinstance(nodes, Unknown) else {node.id: node.parent for node in nodes.items}
