"""One decision of Azure: may a principal do something with a key or its vault? Pure; what was not read is a need.

Deny assignments first, then one role assignment that allows; a vault in access-policy mode asks its own policies for
the data plane instead. https://learn.microsoft.com/azure/key-vault/general/rbac-guide
"""

import ipaddress
from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from scanner.facts.access.abac import Situation, holds
from scanner.facts.access.aws import Decision, Result, Step
from scanner.facts.access.truth import Need, NeedKind, Open, Truth, all_of, any_of, negate, on_data, on_request
from scanner.facts.glob import matches

PRIVATE_ENDPOINT, TRUSTED_SERVICE = "private-endpoint", "trusted-service"
"""Where a request may come from besides an address."""

_PRIVATE = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""Addresses of networks of one's own, which nobody comes from over the internet."""

_MANAGEMENT_GROUPS = "/providers/microsoft.management/managementgroups/"


EVERYBODY = "00000000-0000-0000-0000-000000000000"
"""The principal of a deny assignment that means all principals."""


class Plane(StrEnum):
    """The two doors of a vault."""

    DATA = "data"
    MANAGEMENT = "management"


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """What can be done: its permission, its name in access policies, and whether purge protection rules it out."""

    plane: Plane
    permission: str
    policy_name: str = ""
    is_purge: bool = False
    of_subscription: bool = False


_KEYS = "Microsoft.KeyVault/vaults/keys/"
_ROTATION_POLICIES = "Microsoft.KeyVault/vaults/keyrotationpolicies/"
OPERATIONS: Mapping[str, Operation] = {
    "decrypt": Operation(plane=Plane.DATA, permission=f"{_KEYS}decrypt/action", policy_name="decrypt"),
    "sign": Operation(plane=Plane.DATA, permission=f"{_KEYS}sign/action", policy_name="sign"),
    "unwrap": Operation(plane=Plane.DATA, permission=f"{_KEYS}unwrap/action", policy_name="unwrapkey"),
    "encrypt": Operation(plane=Plane.DATA, permission=f"{_KEYS}encrypt/action", policy_name="encrypt"),
    "wrap": Operation(plane=Plane.DATA, permission=f"{_KEYS}wrap/action", policy_name="wrapkey"),
    "read_key": Operation(plane=Plane.DATA, permission=f"{_KEYS}read", policy_name="get"),
    "rotate": Operation(plane=Plane.DATA, permission=f"{_KEYS}rotate/action", policy_name="rotate"),
    "delete_key": Operation(plane=Plane.DATA, permission=f"{_KEYS}delete", policy_name="delete"),
    "verify": Operation(plane=Plane.DATA, permission=f"{_KEYS}verify/action", policy_name="verify"),
    "release": Operation(plane=Plane.DATA, permission=f"{_KEYS}release/action", policy_name="release"),
    "backup": Operation(plane=Plane.DATA, permission=f"{_KEYS}backup/action", policy_name="backup"),
    "restore": Operation(plane=Plane.DATA, permission=f"{_KEYS}restore/action", policy_name="restore"),
    "recover": Operation(plane=Plane.DATA, permission=f"{_KEYS}recover/action", policy_name="recover"),
    "update_key": Operation(plane=Plane.DATA, permission=f"{_KEYS}update/action", policy_name="update"),
    "create_key": Operation(plane=Plane.DATA, permission=f"{_KEYS}create/action", policy_name="create"),
    "import_key": Operation(plane=Plane.DATA, permission=f"{_KEYS}import/action", policy_name="import"),
    "set_rotation": Operation(
        plane=Plane.DATA, permission=f"{_ROTATION_POLICIES}write", policy_name="setrotationpolicy"
    ),
    "read_rotation": Operation(
        plane=Plane.DATA, permission=f"{_ROTATION_POLICIES}read", policy_name="getrotationpolicy"
    ),
    "purge_key": Operation(plane=Plane.DATA, permission=f"{_KEYS}purge/action", policy_name="purge", is_purge=True),
    "set_access_policy": Operation(plane=Plane.MANAGEMENT, permission="Microsoft.KeyVault/vaults/accessPolicies/write"),
    "set_vault": Operation(plane=Plane.MANAGEMENT, permission="Microsoft.KeyVault/vaults/write"),
    "assign_role": Operation(plane=Plane.MANAGEMENT, permission="Microsoft.Authorization/roleAssignments/write"),
    "define_role": Operation(plane=Plane.MANAGEMENT, permission="Microsoft.Authorization/roleDefinitions/write"),
    "delete_vault": Operation(plane=Plane.MANAGEMENT, permission="Microsoft.KeyVault/vaults/delete"),
    "purge_vault": Operation(
        plane=Plane.MANAGEMENT,
        permission="Microsoft.KeyVault/locations/deletedVaults/purge/action",
        is_purge=True,
        of_subscription=True,
    ),
}
"""What is asked for, by our name for it."""


class Permissions(msgspec.Struct, frozen=True, kw_only=True):
    """One block of a role definition or a deny assignment; names compare without regard to case.

    `condition` is that of the block in Azure's words, None when it has none.
    """

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    condition: str | None = None


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A role definition; `condition` is its own condition in Azure's words, None when it has none."""

    name: str
    blocks: tuple[Permissions, ...]
    condition: str | None = None
    custom: bool = False


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """A role assignment; `role` is None when its definition was not read."""

    principal: str
    role_name: str
    role: Role | None
    scope: str
    condition: str | None = None


class DenyAssignment(msgspec.Struct, frozen=True, kw_only=True):
    """A deny assignment; `principals` is None for everybody, `condition` None where it always holds."""

    name: str
    scope: str
    principals: tuple[str, ...] | None
    excluded: tuple[str, ...]
    here_only: bool
    blocks: tuple[Permissions, ...]
    condition: str | None = None


class AccessPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a vault's own policies; names of permissions in lower case.

    With an `application` it holds for requests alone that the principal makes through that application.
    """

    principal: str
    keys: frozenset[str]
    application: str | None = None


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """Who may reach the data plane; a vault that says nothing is open."""

    public: bool = True
    denies_by_default: bool = False
    trusts_services: bool = True
    addresses: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it answers every address."""
        return self.public and not self.denies_by_default

    @property
    def is_reached_from_outside(self) -> bool:
        """Whether it answers any address of the internet; of a network that is listed it answers that network alone."""
        return self.is_open or (self.public and any(map(_is_of_internet, self.addresses)))

    @property
    def words(self) -> str:
        """From where it can be reached when not from everywhere."""
        if not self.public:
            services = " (or from a trusted service, of which Microsoft says both)" if self.trusts_services else ""
            return f"the request comes through a private endpoint{services}"
        listed = ["a private endpoint", *self.addresses, *(f"the network {name}" for name in self.subnets)]
        return f"the request comes from {', '.join(listed)}{' or a trusted service' if self.trusts_services else ''}"


class Vault(msgspec.Struct, frozen=True, kw_only=True):
    """A vault as it decides; `management_groups` are those above its subscription."""

    id: str
    rbac: bool
    purge_protection: bool
    policies: tuple[AccessPolicy, ...]
    network: Network
    management_groups: tuple[str, ...]


class Directory(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of groups: members by group; one that is no group has none. Any other was not read."""

    members: Mapping[str, frozenset[str]]
    complete: bool


class Estate(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that has a say; None is a part that was not read."""

    vault: Vault
    assignments: tuple[Assignment, ...] | None
    denials: tuple[DenyAssignment, ...] | None
    directory: Directory


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks for what; `source` is an address, one of the two names above, or None when it is not known.

    `attributes` is what conditions may ask about, by name in lower case (`@request[...]`); None when it is not known.
    """

    principal: str
    operation: Operation
    key: str
    source: str | None
    attributes: Mapping[str, tuple[str, ...]] | None = None


def decide(estate: Estate, asked: Asked) -> Decision:
    """The decision for one request."""
    vault, operation = estate.vault, asked.operation
    if operation.is_purge and vault.purge_protection:
        return Decision(result=Result.DENY, explicit=True, why=(_step("vault", "purge protection", "deny"),), needs=())
    by_policy = operation.plane is Plane.DATA and not vault.rbac
    ways = _by_policy(estate, asked) if by_policy else _by_role(estate, asked)
    denied = _denied(estate, asked)
    reached = _reached(vault.network, asked.source) if operation.plane is Plane.DATA else True
    open_ways = [(truth, step) for truth, step in ways if truth is not False]
    truth = all_of((negate(denied), reached, any_of(truth for truth, _ in open_ways)))
    if truth is False:
        return Decision(result=Result.DENY, explicit=denied is True, why=(), needs=())
    needs: tuple[Need, ...] = truth.needs if isinstance(truth, Open) else ()
    missing = any(need.kind is NeedKind.DATA for need in needs)
    result = Result.UNKNOWN if missing else Result.CONDITIONAL if needs else Result.ALLOW
    steps = tuple(step for way, step in open_ways if way is True) or tuple(step for _, step in open_ways)
    return Decision(result=result, explicit=False, why=steps, needs=needs)


def _by_policy(estate: Estate, asked: Asked) -> list[tuple[Truth, Step]]:
    """The ways through the vault's own policies; `all` does not include purge."""
    name = asked.operation.policy_name
    return [
        (
            all_of(
                (
                    _is(estate.directory, asked.principal, policy.principal),
                    True if policy.application is None else on_request(f"it is made through {policy.application}"),
                )
            ),
            _step("access policy", policy.principal, "allow"),
        )
        for policy in estate.vault.policies
        if name in policy.keys or ("all" in policy.keys and name != "purge")
    ]


def _by_role(estate: Estate, asked: Asked) -> list[tuple[Truth, Step]]:
    """The ways through role assignments on the target and above it."""
    if estate.assignments is None:
        return [(on_data("the role assignments"), _step("role", "not read", "allow"))]
    found: list[tuple[Truth, Step]] = []
    for assignment in estate.assignments:
        if not covers(assignment.scope, _target(estate.vault, asked), estate.vault.management_groups):
            continue
        parts = (_gives(assignment, asked), _is(estate.directory, asked.principal, assignment.principal))
        found.append((all_of(parts), _step("role", f"{assignment.role_name} @ {assignment.scope}", "allow")))
    return found


def _gives(assignment: Assignment, asked: Asked) -> Truth:
    role = assignment.role
    if role is None:
        return on_data(f"the definition of role {assignment.role_name}")
    by_block = _any_block(role.blocks, asked)
    if by_block is False:
        return False
    situation = _situation(asked)
    over = (holds(text, situation) for text in (role.condition, assignment.condition) if text)
    return all_of((by_block, *over))


def _any_block(blocks: Iterable[Permissions], asked: Asked) -> Truth:
    """Whether one of the blocks covers what is asked under its own condition."""
    situation = _situation(asked)
    return any_of(
        True if block.condition is None else holds(block.condition, situation)
        for block in blocks
        if permits(block, asked.operation)
    )


def _situation(asked: Asked) -> Situation:
    return Situation(
        action=asked.operation.permission, attributes=asked.attributes or {}, complete=asked.attributes is not None
    )


def permits(block: Permissions, operation: Operation) -> bool:
    """Whether a block covers the operation: what it names less what it takes out again."""
    data = operation.plane is Plane.DATA
    given, taken = (block.data_actions, block.not_data_actions) if data else (block.actions, block.not_actions)
    wanted = operation.permission.lower()
    return _any(given, wanted) and not _any(taken, wanted)


def _any(patterns: Iterable[str], wanted: str) -> bool:
    return any(matches(pattern.lower(), wanted) for pattern in patterns)


def _denied(estate: Estate, asked: Asked) -> Truth:
    """Whether a deny assignment hits; one for its own scope alone spares what is below it."""
    if estate.denials is None:
        return on_data("the deny assignments")
    target = _target(estate.vault, asked)
    situation = _situation(asked)
    return any_of(
        all_of(
            (
                _is_any(estate.directory, asked.principal, denial.principals),
                negate(_is_any(estate.directory, asked.principal, denial.excluded)),
                _any_block(denial.blocks, asked),
                True if denial.condition is None else holds(denial.condition, situation),
            )
        )
        for denial in estate.denials
        if covers(denial.scope, target, estate.vault.management_groups)
        and (not denial.here_only or _parts(denial.scope) == _parts(target))
    )


def _is_any(directory: Directory, principal: str, names: tuple[str, ...] | None) -> Truth:
    return True if names is None else any_of(_is(directory, principal, name) for name in names)


def _is(directory: Directory, principal: str, name: str) -> Truth:
    """Whether a name means the principal: everybody, itself, or a group that it belongs to through any others."""
    if name == EVERYBODY or name.lower() == principal.lower():
        return True
    known = {group.lower(): members for group, members in directory.members.items()}
    seen: set[str] = set()
    waiting = [name.lower()]
    while waiting:
        group = waiting.pop()
        seen.add(group)
        members = {member.lower() for member in known.get(group, ())}
        if principal.lower() in members:
            return True
        waiting += [member for member in sorted(members) if member in known and member not in seen]
    if directory.complete or name.lower() in known:
        return False
    return on_data(f"whether {name} is a group of {principal}")


def covers(scope: str, target: str, management_groups: Iterable[str]) -> bool:
    """Whether a scope is the target or above it, compared by whole segments without regard to case."""
    if scope.lower().startswith(_MANAGEMENT_GROUPS):
        return scope.lower().removeprefix(_MANAGEMENT_GROUPS).strip("/") in {name.lower() for name in management_groups}
    above, below = _parts(scope), _parts(target)
    return below[: len(above)] == above


def _parts(scope: str) -> list[str]:
    return [part for part in scope.lower().split("/") if part]


def _target(vault: Vault, asked: Asked) -> str:
    """The resource the operation is about; a vault that is purged is one of its subscription's deleted vaults."""
    if asked.operation.of_subscription:
        return "/".join(vault.id.split("/")[:3])
    return f"{vault.id}/keys/{asked.key}" if asked.operation.plane is Plane.DATA else vault.id


def _reached(network: Network, source: str | None) -> Truth:
    """Whether the data plane can be reached from there."""
    if source == PRIVATE_ENDPOINT:
        return True
    if network.is_open:
        return True
    if source is None:
        return on_request(network.words)
    if source == TRUSTED_SERVICE:
        return network.public and network.trusts_services
    return network.public and any(_contains(rule, source) for rule in network.addresses)


def _is_of_internet(rule: str) -> bool:
    """Whether a range holds any public address; one that cannot be read may."""
    try:
        found = ipaddress.ip_network(rule, strict=False)
    except ValueError:
        return True
    return not (isinstance(found, ipaddress.IPv4Network) and any(map(found.subnet_of, _PRIVATE)))


def _contains(rule: str, address: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(rule, strict=False)
    except ValueError:
        return False


def _step(layer: str, label: str, effect: str) -> Step:
    return Step(layer=layer, label=label, effect=effect)
