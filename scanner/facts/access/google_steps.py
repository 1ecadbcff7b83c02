"""Who could give themselves a right on a key of Google Cloud that they do not have. Decides nothing about keys.

The ways are those that change policies and roles, act as a service account, or go through a service. The list is ours
and not complete: policies on service accounts themselves are not read, nor who may act as those of other projects.
https://cloud.google.com/iam/docs/service-account-permissions
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from scanner.facts.access.aws import Decision, Result
from scanner.facts.access.cells import path_step
from scanner.facts.access.classes import GOOGLE
from scanner.facts.access.google import Binding, Level
from scanner.facts.access.google_asking import VIA_DELEGATION, Asking, about_key, about_ring
from scanner.facts.access.google_tree import KEY
from scanner.facts.access.site import THE_KEY, Caller
from scanner.model.effective import ActionClass, PrincipalKind, StepAway

OWN_POWERS = ("cloudkms.cryptoKeys.setIamPolicy", "cloudkms.keyRings.setIamPolicy")
"""What whoever is to administer a key has anyway."""

_OF_LEVELS: Mapping[str, str] = {
    "projects/": "resourcemanager.projects.setIamPolicy",
    "folders/": "resourcemanager.folders.setIamPolicy",
    "organizations/": "resourcemanager.organizations.setIamPolicy",
}
_ROLE_CHANGE = "iam.roles.update"
_CUSTOM = ("projects/", "organizations/")
_ACT_AS = (
    "iam.serviceAccounts.getAccessToken",
    "iam.serviceAccountKeys.create",
    "iam.serviceAccounts.signBlob",
    "iam.serviceAccounts.setIamPolicy",
    "iam.serviceAccounts.actAs",
)
_DELEGATED = {
    ActionClass.USE_PLAINTEXT: f"cloudkms.cryptoKeyVersions.{VIA_DELEGATION[0]}",
    ActionClass.USE_ENCRYPT: f"cloudkms.cryptoKeyVersions.{VIA_DELEGATION[1]}",
}
_OPEN = frozenset({Result.ALLOW, Result.CONDITIONAL})


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """The ways of a caller: to every class of the key, to some classes, and permissions that were left open.

    `everything` hands on whatever nothing denies (`reachable`), `some` one class.
    """

    everything: tuple[StepAway, ...]
    reachable: frozenset[ActionClass]
    some: Mapping[ActionClass, StepAway]
    unsure: frozenset[ActionClass]

    def to(self, kind: ActionClass) -> StepAway | None:
        """The first way to a class."""
        if self.everything and kind in self.reachable:
            return self.everything[0]
        return self.some.get(kind)

    def past_own_powers(self, kind: ActionClass) -> StepAway | None:
        """The first way of somebody who is not meant to decide about the key; none for one who is."""
        found = self.to(kind)
        return None if found is None or found.by in OWN_POWERS else found


class Holders(msgspec.Struct, frozen=True, kw_only=True):
    """Service accounts of the key's own project that have a class, by class, and that project's level."""

    project: str
    by_class: Mapping[ActionClass, tuple[str, ...]]


def ways_of(caller: Caller, asking: Asking, key: str, fit: Iterable[str], holders: Holders) -> Ways:
    """Every way that the caller has to classes of the key."""
    powers = tuple(_powers(asking, key))
    everything = tuple(step for step, _ in powers if step is not None)
    acting = tuple(_acting(asking, holders.project))
    become = next((step for step, _ in acting if step is not None), None)
    some: dict[ActionClass, StepAway] = {}
    for kind, names in holders.by_class.items():
        target = next((name for name in names if name != caller.id), None)
        if become is not None and target is not None:
            some[kind] = msgspec.structs.replace(become, target=target)
    for kind, permission in _DELEGATED.items():
        decision = asking.decide(permission, asking.levels, about_key(key, {}))
        if kind not in some and decision.result in _OPEN:
            some[kind] = _step(decision, permission, "data under the key, through services of Google")
    fitting = tuple(fit)
    classes = frozenset(GOOGLE[name] for name in fitting)
    unsure = classes if any(unknown for _, unknown in powers) else frozenset()
    if any(unknown for _, unknown in acting):
        unsure |= {kind for kind, names in holders.by_class.items() if any(name != caller.id for name in names)}
    return Ways(
        everything=everything,
        reachable=_reachable(asking, key, fitting, caller) if everything else frozenset(),
        some={kind: step for kind, step in some.items() if kind in classes},
        unsure=unsure,
    )


def _powers(asking: Asking, key: str) -> Iterator[tuple[StepAway | None, bool]]:
    """Ways to change who may do what: on the key, its ring, a level above, or by a role of one's own that is in use."""
    on_key, on_ring = OWN_POWERS
    yield _way(asking.decide(on_key, asking.levels, about_key(key, {})), on_key, THE_KEY)
    yield _way(asking.decide(on_ring, asking.levels[:-1], about_ring(key, {})), on_ring, "its key ring")
    for number, level in enumerate(asking.levels[:-2], start=1):
        permission = next((name for start, name in _OF_LEVELS.items() if level.name.startswith(start)), None)
        if permission is not None:
            yield _way(asking.decide(permission, asking.levels[:number], {}), permission, level.name)
    for number, role in _own_roles(asking.levels):
        yield _way(asking.decide(_ROLE_CHANGE, asking.levels[:number], {}), _ROLE_CHANGE, role)


def _own_roles(levels: tuple[Level, ...]) -> Iterator[tuple[int, str]]:
    """Roles of the customer's own that the caller may hold, with how many levels stand over the role."""
    held = {one.role for level in levels for one in level.bindings or () if one.role.startswith(_CUSTOM)}
    names = [level.name for level in levels]
    for role in sorted(held):
        home = role.partition("/roles/")[0]
        if home in names:
            yield names.index(home) + 1, role


def _acting(asking: Asking, project: str) -> Iterator[tuple[StepAway | None, bool]]:
    """Ways to act as any service account of the key's project."""
    names = [level.name for level in asking.levels]
    if project not in names:
        return
    for permission in _ACT_AS:
        yield _way(asking.decide(permission, asking.levels[: names.index(project) + 1], {}), permission, project)


def _reachable(asking: Asking, key: str, fit: Iterable[str], caller: Caller) -> frozenset[ActionClass]:
    """The classes that nothing denies to somebody who was given everything on the key."""
    everything = Binding(role="a role of its own choice", permissions=frozenset(GOOGLE), members=(caller.id,))
    armed = (*asking.levels[:-1], Level(name=KEY, bindings=(everything,), denials=()))
    if caller.kind is PrincipalKind.PUBLIC:
        return frozenset()
    return frozenset(
        GOOGLE[name] for name in fit if asking.decide(name, armed, about_key(key, {})).result is not Result.DENY
    )


def _way(decision: Decision, by: str, target: str) -> tuple[StepAway | None, bool]:
    """The step, and whether it is not known if there is one."""
    step = _step(decision, by, target) if decision.result in _OPEN else None
    return step, decision.result is Result.UNKNOWN


def _step(decision: Decision, by: str, target: str) -> StepAway:
    return StepAway(
        by=by,
        target=target,
        conditional=decision.result is Result.CONDITIONAL,
        why=tuple(map(path_step, decision.why)),
    )
