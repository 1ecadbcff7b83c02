"""Who could give themselves a right on a key of Google Cloud that they do not have. Decides nothing about keys.

The ways are those that change policies and roles, act as a service account, or go through a service. The list is ours
and not complete: policies on service accounts themselves are not read, nor who may act as those of other projects.
https://cloud.google.com/iam/docs/service-account-permissions
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from scanner.facts.access.cells import Cells, fold
from scanner.facts.access.classes import GOOGLE
from scanner.facts.access.google import Binding, Level
from scanner.facts.access.google_asking import VIA_DELEGATION, Asking, about_key, about_ring
from scanner.facts.access.google_tree import KEY
from scanner.facts.access.role_ways import Ways
from scanner.facts.access.site import THE_KEY, Caller
from scanner.facts.access.steps import step_of
from scanner.model.effective import ActionClass, StepAway

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


class Holders(msgspec.Struct, frozen=True, kw_only=True):
    """Service accounts of the key's own project that have a class, or may have it, by class; and its level."""

    project: str
    sure: Mapping[ActionClass, tuple[str, ...]]
    perhaps: Mapping[ActionClass, tuple[str, ...]]


def ways_of(caller: Caller, asking: Asking, key: str, fit: Iterable[str], holders: Holders) -> Ways:
    """Every way that the caller has or may have to classes of the key."""
    fitting = tuple(fit)
    everything = tuple(step for step in _powers(asking, key) if step is not None)
    acting = tuple(step for step in _acting(asking, holders.project) if step is not None)
    some = {
        kind: (*_through(acting, holders, kind, caller.id), *_delegated(asking, key, kind))
        for kind in frozenset(GOOGLE[name] for name in fitting)
    }
    armed = _armed(asking, key, fitting, caller) if everything else {}
    return Ways(everything=everything, armed=armed, some={kind: steps for kind, steps in some.items() if steps})


def _through(acting: Iterable[StepAway], holders: Holders, kind: ActionClass, own: str) -> Iterator[StepAway]:
    """Ways to act as a service account that has a class, or may have it."""
    sure = next((name for name in holders.sure.get(kind, ()) if name != own), None)
    perhaps = next((name for name in holders.perhaps.get(kind, ()) if name != own), None)
    for step in acting:
        if sure is not None:
            yield msgspec.structs.replace(step, target=sure)
        if perhaps is not None:
            missing = (*step.missing, f"whether {perhaps} can")
            yield msgspec.structs.replace(step, target=perhaps, missing=missing)


def _delegated(asking: Asking, key: str, kind: ActionClass) -> Iterator[StepAway]:
    """The way through a service of Google that uses the key for whoever asks it."""
    permission = _DELEGATED.get(kind)
    if permission is not None:
        decision = asking.decide(permission, asking.levels, about_key(key, {}))
        step = step_of(decision, permission, "data under the key, through services of Google")
        if step is not None:
            yield step


def _powers(asking: Asking, key: str) -> Iterator[StepAway | None]:
    """Ways to change who may do what: on the key, its ring, a level above, or by a role of one's own that is in use."""
    on_key, on_ring = OWN_POWERS
    yield step_of(asking.decide(on_key, asking.levels, about_key(key, {})), on_key, THE_KEY)
    yield step_of(asking.decide(on_ring, asking.levels[:-1], about_ring(key, {})), on_ring, "its key ring")
    for number, level in enumerate(asking.levels[:-2], start=1):
        permission = next((name for start, name in _OF_LEVELS.items() if level.name.startswith(start)), None)
        if permission is not None:
            yield step_of(asking.decide(permission, asking.levels[:number], {}), permission, level.name)
    for number, role in _own_roles(asking.levels):
        yield step_of(asking.decide(_ROLE_CHANGE, asking.levels[:number], {}), _ROLE_CHANGE, role)


def _own_roles(levels: tuple[Level, ...]) -> Iterator[tuple[int, str]]:
    """Roles of the customer's own that the caller may hold, with how many levels stand over the role."""
    held = {one.role for level in levels for one in level.bindings or () if one.role.startswith(_CUSTOM)}
    names = [level.name for level in levels]
    for role in sorted(held):
        home = role.partition("/roles/")[0]
        if home in names:
            yield names.index(home) + 1, role


def _acting(asking: Asking, project: str) -> Iterator[StepAway | None]:
    """Ways to act as any service account of the key's project."""
    names = [level.name for level in asking.levels]
    if project not in names:
        return
    for permission in _ACT_AS:
        yield step_of(asking.decide(permission, asking.levels[: names.index(project) + 1], {}), permission, project)


def _armed(asking: Asking, key: str, fit: Iterable[str], caller: Caller) -> Cells:
    """What nothing denies to somebody who was given everything on the key."""
    everything = Binding(role="a role of its own choice", permissions=frozenset(GOOGLE), members=(caller.id,))
    over = (*asking.levels[:-1], Level(name=KEY, bindings=(everything,), denials=()))
    return fold({name: asking.decide(name, over, about_key(key, {})) for name in fit}, GOOGLE)
