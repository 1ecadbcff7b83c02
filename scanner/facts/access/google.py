"""One decision of Google Cloud: may a principal use a permission on a key? Pure; what was not read is a need.

Deny policies of every level first, then the union of the bindings of every level from the organisation to the key.
https://cloud.google.com/iam/docs/deny-overview, https://cloud.google.com/iam/docs/resource-hierarchy-access-control
"""

from collections.abc import Iterable, Mapping

import msgspec

from scanner.facts.access.aws import Decision, Result, Step
from scanner.facts.access.cel import Attributes, holds
from scanner.facts.access.truth import Need, NeedKind, Open, Truth, all_of, any_of, negate, on_data

_EVERYBODY = frozenset({"allUsers", "principalSet://goog/public:all"})
_SIGNED_IN = "allAuthenticatedUsers"
_USER, _GROUP = "principal://goog/subject/", "principalSet://goog/group/"
_SERVICE_ACCOUNT = "principal://iam.googleapis.com/projects/-/serviceAccounts/"
_POOLS = "Pools/"
"""In names of identities from outside, of workloads and of a workforce, whom no account of Google is."""

_ACCOUNTS = ("user:", "serviceAccount:")
OF_ACCOUNTS = (*_ACCOUNTS, "group:", "domain:")
"""Who signs in to Google, by themselves or as members."""

_OF_PROJECTS = frozenset({"projectOwner", "projectEditor", "projectViewer"})
_DENY_SERVICE = ".googleapis.com/"
_DENY_SERVICES: Mapping[str, str] = {"resourcemanager": "cloudresourcemanager"}
"""How deny policies call a service where roles call it otherwise.

https://cloud.google.com/iam/docs/deny-permissions-support
"""


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """A role given to members, under a condition or under none. `permissions` is None for a role nobody has read."""

    role: str
    permissions: frozenset[str] | None
    members: tuple[str, ...]
    condition: str | None = None


class DenyRule(msgspec.Struct, frozen=True, kw_only=True):
    """Permissions taken from principals, less the exceptions of both."""

    principals: tuple[str, ...]
    excepted: tuple[str, ...]
    permissions: tuple[str, ...]
    excepted_permissions: tuple[str, ...]
    condition: str | None = None


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """One level of the hierarchy, the organisation first; None is a part that was not read."""

    name: str
    bindings: tuple[Binding, ...] | None
    denials: tuple[DenyRule, ...] | None


class Groups(msgspec.Struct, frozen=True, kw_only=True):
    """Members by group (`group:name@domain`); one that is not here was not read, unless all are."""

    members: Mapping[str, frozenset[str]]
    complete: bool


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants which permission; `request` is what conditions may ask about, as far as it is known."""

    principal: str
    permission: str
    request: Attributes


def decide(levels: Iterable[Level], groups: Groups, asked: Asked) -> Decision:
    """The decision for one permission on the key at the end of the hierarchy."""
    found = tuple(levels)
    denied = any_of(_denied(level, groups, asked) for level in found)
    if denied is True:
        return Decision(result=Result.DENY, explicit=True, why=(), needs=())
    ways = [way for level in found for way in _ways(level, groups, asked) if way[0] is not False]
    truth = all_of((any_of(way for way, _ in ways), negate(denied)))
    if truth is False:
        return Decision(result=Result.DENY, explicit=False, why=(), needs=())
    needs: tuple[Need, ...] = truth.needs if isinstance(truth, Open) else ()
    missing = any(need.kind is NeedKind.DATA for need in needs)
    result = Result.UNKNOWN if missing else Result.CONDITIONAL if needs else Result.ALLOW
    steps = tuple(step for way, step in ways if way is True) or tuple(step for _, step in ways)
    return Decision(result=result, explicit=False, why=steps, needs=needs)


def _ways(level: Level, groups: Groups, asked: Asked) -> list[tuple[Truth, Step]]:
    """Every binding of the level that gives the permission to the principal, as far as that is known."""
    if level.bindings is None:
        return [(on_data(f"the bindings of {level.name}"), Step(layer=level.name, label="not read", effect="allow"))]
    return [
        (
            all_of(
                (
                    _gives(binding, asked),
                    _is_any(asked.principal, binding.members, groups),
                    _true(binding.condition, asked, failed=False),
                )
            ),
            Step(layer=level.name, label=binding.role, effect="allow"),
        )
        for binding in level.bindings
    ]


def _gives(binding: Binding, asked: Asked) -> Truth:
    if binding.permissions is None:
        return on_data(f"the permissions of {binding.role}")
    return asked.permission in binding.permissions


def _true(condition: str | None, asked: Asked, *, failed: bool) -> Truth:
    return True if condition is None else holds(condition, asked.request, failed=failed)


def _denied(level: Level, groups: Groups, asked: Asked) -> Truth:
    """Whether a deny policy of the level takes the permission from the principal."""
    if level.denials is None:
        return on_data(f"the deny policies of {level.name}")
    return any_of(
        all_of(
            (
                _is_any(asked.principal, rule.principals, groups),
                negate(_is_any(asked.principal, rule.excepted, groups)),
                _true(rule.condition, asked, failed=True),
            )
        )
        for rule in level.denials
        if covers(rule.permissions, asked.permission) and not covers(rule.excepted_permissions, asked.permission)
    )


def covers(denied: Iterable[str], permission: str) -> bool:
    """Whether a deny rule names the permission: `service.googleapis.com/resource.verb`, each half `*` for any."""
    service, _, rest = permission.partition(".")
    group, _, verb = rest.rpartition(".")
    ends = (rest, f"{group}.*", f"*.{verb}", "*.*", "*")
    names = {service, _DENY_SERVICES.get(service, service)}
    wanted = {f"{name}{_DENY_SERVICE}{end}".lower() for name in names for end in ends}
    return any(name.lower() in wanted for name in denied)


def _is_any(principal: str, members: Iterable[str], groups: Groups) -> Truth:
    return any_of(_is(principal, member, groups) for member in members)


def _is(principal: str, member: str, groups: Groups) -> Truth:
    """Whether a member means the principal (`user:` or `serviceAccount:` and its address)."""
    name = _of_deny(member)
    kind, _, rest = name.partition(":")
    if name in _EVERYBODY or name.lower() == principal.lower():
        return True
    if name == _SIGNED_IN:
        return principal.startswith(OF_ACCOUNTS)
    if kind == "domain":
        return principal.startswith("user:") and principal.lower().endswith(f"@{rest.lower()}")
    if kind == "group":
        return _in_group(principal, name, groups)
    return on_data(f"whom {name} means") if _is_set(name, principal) else False


def _is_set(name: str, principal: str) -> bool:
    """Whether a member means principals whom its name does not tell, and the principal may be one of them."""
    kind, outside = name.partition(":")[0], _POOLS in name and principal.startswith(_ACCOUNTS)
    return kind in _OF_PROJECTS or (kind != "deleted" and "://" in name and not outside)


def _of_deny(member: str) -> str:
    """A principal of a deny policy in the words of bindings."""
    if member.startswith(_GROUP):
        return f"group:{member.removeprefix(_GROUP)}"
    if member.startswith(_SERVICE_ACCOUNT):
        return f"serviceAccount:{member.removeprefix(_SERVICE_ACCOUNT)}"
    if member.startswith(_USER):
        return f"user:{member.removeprefix(_USER)}"
    return member


def _in_group(principal: str, group: str, groups: Groups) -> Truth:
    """Whether the principal belongs to the group, through groups within it as well; addresses ignore case."""
    known = {name.lower(): members for name, members in groups.members.items()}
    seen: set[str] = set()
    waiting = [group.lower()]
    unread = False
    while waiting:
        name = waiting.pop()
        seen.add(name)
        unread = unread or (name not in known and not groups.complete)
        members = {member.lower() for member in known.get(name, ())}
        if principal.lower() in members:
            return True
        waiting += [member for member in sorted(members) if member.startswith("group:") and member not in seen]
    return on_data(f"the members of {group}") if unread else False
