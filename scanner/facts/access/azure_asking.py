"""Decisions of Azure for one caller at one key, and the ways it has to more. Knows no other caller."""

from collections.abc import Iterable, Mapping

import msgspec

from scanner.facts.access.aws import Decision
from scanner.facts.access.azure import (
    OPERATIONS,
    AccessPolicy,
    Asked,
    Assignment,
    Estate,
    Operation,
    Permissions,
    Role,
    decide,
)
from scanner.facts.access.cells import Decisions, fold
from scanner.facts.access.classes import AZURE
from scanner.facts.access.role_ways import NO_WAYS, Ways
from scanner.facts.access.site import THE_KEY, Supposed
from scanner.facts.access.spared import unless_spared
from scanner.facts.access.steps import step_of
from scanner.model.effective import StepAway

ASSIGN, DEFINE, SET_POLICY, SET_VAULT = (
    OPERATIONS[name].permission for name in ("assign_role", "define_role", "set_access_policy", "set_vault")
)
OWN_POWERS = (ASSIGN, SET_POLICY, SET_VAULT)
"""What gives rights on the keys of a vault: roles; in a vault with its own list, that list and the vault itself."""

SOURCE = "source"
"""Where a request comes from, among what is supposed: an address, `private-endpoint` or `trusted-service`."""

_OF_LIST = frozenset({SET_POLICY, SET_VAULT})
_KEYS = "Microsoft.KeyVault/vaults/keys/"
_ENCRYPTION = frozenset(f"{_KEYS}{verb}/action" for verb in ("decrypt", "encrypt", "wrap", "unwrap"))
_SIGNATURE = frozenset(f"{_KEYS}{verb}/action" for verb in ("sign", "verify"))
DATED = frozenset(f"{_KEYS}{verb}/action" for verb in ("encrypt", "wrap", "sign"))
"""What a version is refused for before and after its own dates, when it decrypts, unwraps and verifies all the same.

https://learn.microsoft.com/azure/key-vault/keys/about-keys-details
"""

_CANNOT: Mapping[str, frozenset[str]] = {"EC": _ENCRYPTION, "oct": _SIGNATURE}
"""Uses that keys of a type do not have, by how the type begins."""

_BY_PERMISSION: Mapping[str, Operation] = {one.permission: one for one in OPERATIONS.values()}


def fit(spec: str | None, *, by_roles: bool) -> tuple[str, ...]:
    """The operations that a key of this type can be asked for, and those on what guards it.

    Where roles decide, the vault's own list has no say, and only who may assign roles can go back to it.
    https://learn.microsoft.com/azure/key-vault/general/rbac-guide
    """
    without = next((names for start, names in _CANNOT.items() if spec and spec.startswith(start)), frozenset[str]())
    ignored = _OF_LIST if by_roles else frozenset[str]()
    return tuple(name for name in AZURE if name in _BY_PERMISSION and name not in without | ignored)


_EVERYTHING = Role(name="a role of its own choice", blocks=(Permissions(actions=("*",), data_actions=("*",)),))


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """One caller before what decides; `key` is the key's name, `many` says that the caller stands for several."""

    principal: str
    key: str
    estate: Estate
    many: bool = False

    def decide(self, permission: str, supposed: Supposed, estate: Estate | None = None) -> Decision:
        """The decision on one operation."""
        attributes = {name.lower(): values for name, values in supposed.items() if name != SOURCE}
        asked = Asked(
            principal=self.principal,
            operation=_BY_PERMISSION[permission],
            key=self.key,
            source=next(iter(supposed.get(SOURCE, ())), None),
            attributes=attributes or None,
        )
        over = estate or self.estate
        found = decide(over, asked)
        return unless_spared(found, lambda: decide(sparing(over), asked)) if self.many else found

    def decisions(self, permissions: Iterable[str], supposed: Supposed) -> Decisions:
        """The decision on each operation."""
        return {name: self.decide(name, supposed) for name in permissions}

    def armed(self) -> Estate:
        """What would decide had the caller given itself everything."""
        role = _EVERYTHING
        given = Assignment(principal=self.principal, role_name=role.name, role=role, scope="/")
        listed = AccessPolicy(principal=self.principal, keys=frozenset({"all", "purge"}))
        vault = msgspec.structs.replace(self.estate.vault, policies=(listed,))
        return msgspec.structs.replace(self.estate, vault=vault, assignments=(given,))


def sparing(estate: Estate) -> Estate:
    """What decides about somebody whom every denial with exceptions may spare."""
    denials = estate.denials
    return msgspec.structs.replace(
        estate, denials=None if denials is None else tuple(one for one in denials if not one.excluded)
    )


def _widened(asking: Asking) -> StepAway | None:
    """The step of changing a role of the customer's own that the caller holds; where it may be changed is not read."""
    own = [one for one in asking.estate.assignments or () if one.role is None or one.role.custom]
    step = step_of(asking.decide(DEFINE, {}), DEFINE, ", ".join(sorted({one.role_name for one in own})))
    if step is None or asking.estate.assignments is None:
        return step
    held = tuple(msgspec.structs.replace(one, role=one.role and _EVERYTHING, condition=None) for one in own)
    found = step_of(asking.decide(DEFINE, {}, msgspec.structs.replace(asking.estate, assignments=held)), DEFINE, "")
    if found is None:
        return None
    missing = tuple(dict.fromkeys((*step.missing, *found.missing)))
    return msgspec.structs.replace(step, conditional=True, missing=missing)


def ways_of(asking: Asking, permissions: Iterable[str]) -> Ways:
    """How the caller gives itself rights, or may."""
    powers = [name for name in OWN_POWERS if name == ASSIGN or not asking.estate.vault.rbac]
    found = [step_of(asking.decide(name, {}), name, THE_KEY if name == ASSIGN else "its vault") for name in powers]
    found.append(_widened(asking))
    everything = sorted((step for step in found if step is not None), key=lambda step: step.conditional)
    if not everything:
        return NO_WAYS
    over = asking.armed()
    armed = fold({name: asking.decide(name, {}, over) for name in permissions}, AZURE)
    return Ways(everything=tuple(everything), armed=armed)
