"""Reads what was given above a project's keys: project, folders, organisation, custom roles. Decides no access."""

from collections.abc import Iterable, Sequence
from functools import partial
from urllib.parse import quote

import msgspec

from scanner.model.access_inputs import Access
from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.permission import AccessLevel, AccessLevels, Bindings, Denials, RoleDefinition, RoleDefinitions
from scanner.model.raw import RawResponse
from scanner.model.unknown import Cause, OutOfScope, Unknown
from scanner.model.watching_google import LogLevel
from scanner.providers.answer import Answer
from scanner.providers.gcp import normalise_access, replies
from scanner.providers.gcp.operations import (
    FOLDER_POLICY,
    GET_DENY_POLICY,
    GET_FOLDER,
    GET_ORGANIZATION,
    GET_PROJECT,
    GET_ROLE,
    LIST_DENY_POLICIES,
    ORGANIZATION_POLICY,
    PROJECT_POLICY,
)
from scanner.providers.gcp.reader import POLICY_VERSION_3, Reader
from scanner.providers.gcp.shelf import Shelf
from scanner.providers.operation import Operation

_ATTACHED = "policies/cloudresourcemanager.googleapis.com%2F{}/denypolicies"
"""Where deny policies hang: the full name of what they are attached to, with its slashes escaped."""

UNTOLD = "above"
"""The id of the level that stands for all those above one that does not tell its parent."""

_DEEPEST = 12
"""Google allows ten folders above one another."""

_GROUPS = OutOfScope(
    reason="members of groups are kept in Cloud Identity, which is not asked", call="cloudidentity.groups.list"
)


class ReadLevel(msgspec.Struct, frozen=True, kw_only=True):
    """One level, the name of the one above (None at the top, Unknown when it was not told), and the replies."""

    level: AccessLevel
    parent: str | Unknown | None
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]


class ReadLogs(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the log of one level, and the replies."""

    level: LogLevel
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]


class ReadAccess(msgspec.Struct, frozen=True, kw_only=True):
    """The levels above a project's keys and the roles that are named there, the topmost level first."""

    levels: AccessLevels | Unknown
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]

    def access(self, place: tuple[str, str], roles: "ReadRoles") -> Access:
        """What access is decided from in one location of a project."""
        return Access(
            provider=Provider.GCP,
            account=place[0],
            region=place[1],
            levels=self.levels,
            roles=roles.roles,
            groups=_GROUPS,
            evidence=self.evidence + roles.evidence,
        )


class ReadRoles(msgspec.Struct, frozen=True, kw_only=True):
    """Custom roles; unknown as a whole when one could not be read for another reason than that it is gone."""

    roles: RoleDefinitions | Unknown
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]


class Above(msgspec.Struct, frozen=True, kw_only=True):
    """What projects share: folders, organisations, their logs, and roles, read once by whoever needs it first."""

    levels: Shelf[ReadLevel]
    logs: Shelf[ReadLogs]
    roles: Shelf[Answer[replies.Role]]


def above() -> Above:
    """Nothing read yet."""
    return Above(levels=Shelf(), logs=Shelf(), roles=Shelf())


def read_levels(reader: Reader, over: Above) -> ReadAccess:
    """Project, folders and organisation; a level whose parent is not told ends the way up with an unread level."""
    at = _read_project(reader)
    found = [at]
    while isinstance(at.parent, str) and len(found) < _DEEPEST:
        at = over.levels.once(at.parent, partial(_read_above, reader, at.parent))
        found.append(at)
    levels = [item.level for item in found]
    if isinstance(at.parent, Unknown):
        levels.append(_unread(at.parent))
    return ReadAccess(
        levels=AccessLevels(items=tuple(reversed(levels))),
        evidence=tuple(item for one in found for item in one.evidence),
        raw=tuple(response for one in found for response in one.raw),
    )


def whole_of(access: ReadAccess) -> str | Unknown:
    """The organisation of a project, the project itself where it is in none; Unknown where that was not told."""
    levels = access.levels
    top = levels if isinstance(levels, Unknown) else levels.items[0]
    if isinstance(top, Unknown):
        return top
    if top.id.startswith(("organizations/", "projects/")):
        return top.id
    if top.id == UNTOLD and isinstance(top.bindings, Unknown):
        return top.bindings
    return Unknown(cause=Cause.ERROR, call=GET_FOLDER.action)


def read_roles(reader: Reader, over: Above, given: Iterable[Bindings]) -> ReadRoles:
    """The definitions of the customer's own roles in the bindings."""
    names = normalise_access.custom_roles(given)
    answers = [over.roles.once(name, partial(_read_role, reader, name)) for name in names]
    read = [role for answer in answers for role in _role(answer)]
    return ReadRoles(
        roles=RoleDefinitions(items=tuple(sorted(read, key=lambda role: role.id))),
        evidence=tuple(item for answer in answers for item in answer.evidence("roles")),
        raw=tuple(response for answer in answers for response in answer.raw),
    )


def given_in(groups: Iterable[object]) -> list[Bindings]:
    """Those of the groups that are bindings."""
    return [group for group in groups if isinstance(group, Bindings)]


def _read_role(reader: Reader, name: str) -> Answer[replies.Role]:
    return reader.ask(GET_ROLE, {"name": name}, name)


def _role(answer: Answer[replies.Role]) -> tuple[RoleDefinition, ...]:
    """A role that could not be read is missing, and so a role that nobody has read."""
    return () if answer.failure else (normalise_access.role(answer.pages[0]),)


def _read_project(reader: Reader) -> ReadLevel:
    name = f"projects/{reader.account}"
    about = reader.ask(GET_PROJECT, {"name": name}, name)
    reply = about.pages[0] if about.failure is None else None
    parent: str | Unknown | None = reply.parent or None if reply else about.group(_untold)
    read = _read(reader, name, PROJECT_POLICY)
    level = msgspec.structs.replace(
        read.level,
        parent=parent if isinstance(parent, str) else None,
        name=(reply.display_name or reply.project_id) if reply else None,
        aliases=(reply.name.removeprefix("projects/"),) if reply else (),
    )
    return msgspec.structs.replace(
        read, level=level, parent=parent, evidence=about.evidence("levels") + read.evidence, raw=about.raw + read.raw
    )


def _read_above(reader: Reader, name: str) -> ReadLevel:
    """A folder or an organisation."""
    if name.startswith("organizations/"):
        return _read_organization(reader, name)
    about = reader.ask(GET_FOLDER, {"name": name}, name)
    reply = about.pages[0] if about.failure is None else None
    parent: str | Unknown | None = reply.parent or None if reply else about.group(_untold)
    read = _read(reader, name, FOLDER_POLICY)
    level = msgspec.structs.replace(
        read.level, parent=parent if isinstance(parent, str) else None, name=reply.display_name if reply else None
    )
    return msgspec.structs.replace(
        read, level=level, parent=parent, evidence=about.evidence("levels") + read.evidence, raw=about.raw + read.raw
    )


def _read_organization(reader: Reader, name: str) -> ReadLevel:
    """The top; whose domain its members' addresses are of stays untold where only its policy could be read."""
    about = reader.ask(GET_ORGANIZATION, {"name": name}, name)
    read = _read(reader, name, ORGANIZATION_POLICY)
    domain = about.pages[0].display_name if about.failure is None else None
    level = msgspec.structs.replace(read.level, name=domain, aliases=(domain,) if domain else ())
    return msgspec.structs.replace(
        read, level=level, evidence=about.evidence("levels") + read.evidence, raw=about.raw + read.raw
    )


def _read(reader: Reader, name: str, operation: Operation[replies.IamPolicy]) -> ReadLevel:
    """What was given and taken away at one level."""
    policy = reader.ask(operation, {"resource": name, "options": POLICY_VERSION_3}, name)
    listed = reader.ask(LIST_DENY_POLICIES, {"parent": _ATTACHED.format(quote(name, safe="")), "pageSize": 100}, name)
    wanted = [policy.name for page in listed.pages for policy in page.policies]
    answers = [reader.ask(GET_DENY_POLICY, {"name": one}, one) for one in wanted]
    return ReadLevel(
        level=AccessLevel(
            id=name,
            parent=None,
            name=None,
            bindings=policy.group(normalise_access.bindings),
            denials=_denials(listed, answers),
        ),
        parent=None,
        evidence=policy.evidence("bindings")
        + listed.evidence("denials")
        + tuple(item for answer in answers for item in answer.evidence("denials")),
        raw=policy.raw + listed.raw + tuple(response for answer in answers for response in answer.raw),
    )


def _denials(
    listed: Answer[replies.ListDenyPolicies], answers: Sequence[Answer[replies.DenyPolicy]]
) -> Denials | Unknown:
    """One policy that could not be read leaves open what is taken away."""
    failures = (listed.failure, *(one.failure for one in answers))
    broken = next((failure for failure in failures if failure is not None), None)
    if broken is not None:
        return broken.unknown
    return normalise_access.denials(page for answer in answers for page in answer.pages)


def _unread(unknown: Unknown) -> AccessLevel:
    """Stands for whatever is above a level that does not tell its parent."""
    return AccessLevel(id=UNTOLD, parent=None, name=None, bindings=unknown, denials=unknown)


def _untold(_pages: object) -> None:
    return None
