"""Finds the projects to read: from the configuration, or below organisations and folders. Reads no key."""

from collections.abc import Iterable, Sequence

import msgspec

from scanner.config.schema import GcpConfig
from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.organisation import NodeKind, OrganisationNode, OrganisationNodes, OrganisationTree
from scanner.model.raw import CollectedOrganisation, RawResponse
from scanner.model.scope import ScopeStatus
from scanner.model.unknown import Inapplicable, Unknown
from scanner.providers.gcp import replies
from scanner.providers.gcp.operations import LIST_FOLDERS, LIST_PROJECTS
from scanner.providers.gcp.reader import Reader
from scanner.providers.scopes import Account, LeftOut

_ACTIVE = "ACTIVE"
_NO_SUCH_POLICIES = Inapplicable(
    reason="what Google takes away stands in deny policies, level by level", call=LIST_PROJECTS.action
)
_NOT_CONFIGURED = "not in the configuration"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What lies below the parents that were asked; `missing` says why there may be more.

    `proofs` is the page that names a project, by its id.
    """

    projects: tuple[replies.Project, ...]
    folders: tuple[replies.Folder, ...]
    missing: Unknown | None
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]
    proofs: dict[str, RawResponse]


class Population(msgspec.Struct, frozen=True, kw_only=True):
    """Every project that is known of, once, each group sorted by id."""

    targets: tuple[Account, ...]
    left_out: tuple[LeftOut, ...]


NOTHING_FOUND = Found(projects=(), folders=(), missing=None, evidence=(), raw=(), proofs={})


def discover(reader: Reader, parents: Sequence[str]) -> Found:
    """Every project and folder below the parents, level by level; a listing that fails hides only what is below it."""
    projects: dict[str, replies.Project] = {}
    folders: dict[str, replies.Folder] = {}
    proofs: dict[str, RawResponse] = {}
    raw: list[RawResponse] = []
    evidence: list[Evidence] = []
    missing: Unknown | None = None
    waiting = list(parents)
    seen: set[str] = set()
    while waiting:
        parent = waiting.pop(0)
        if parent in seen:
            continue
        seen.add(parent)
        params = {"parent": parent, "pageSize": 100, "showDeleted": True}
        own = reader.ask(LIST_PROJECTS, params, parent)
        below = reader.ask(LIST_FOLDERS, params, parent)
        for page, response in zip(own.pages, own.raw, strict=False):
            projects |= {item.project_id: item for item in page.projects}
            proofs |= {item.project_id: response for item in page.projects}
        for folder in (item for page in below.pages for item in page.folders):
            folders[folder.name] = folder
            waiting.append(folder.name)
        for answer in (own, below):
            raw += answer.raw
            evidence += answer.evidence("nodes")
            missing = missing or (answer.failure.unknown if answer.failure else None)
    return Found(
        projects=tuple(projects[name] for name in sorted(projects)),
        folders=tuple(folders[name] for name in sorted(folders)),
        missing=missing,
        evidence=tuple(evidence),
        raw=tuple(raw),
        proofs=proofs,
    )


def plan(config: GcpConfig, own: str | None, found: Found) -> Population:
    """Every project that the configuration, the tree or the credentials name; `own` is that of the credentials."""
    listed = {item.project_id: item for item in found.projects}
    named = {project.id: project.name for project in config.projects}
    excluded = {exclusion.project: exclusion for exclusion in config.exclude}
    wanted = dict(named) | {name: named.get(name) for name, item in listed.items() if item.state == _ACTIVE}
    if not config.projects and not config.discover and own:
        wanted = {own: None}
    closed = [item for name, item in listed.items() if item.state != _ACTIVE and name not in {*excluded, *named}]
    left = [
        LeftOut(
            provider=Provider.GCP,
            id=name,
            name=named.get(name) or _called(listed.get(name)),
            status=ScopeStatus.EXCLUDED,
            reason=exclusion.reason,
            approver=exclusion.approver,
        )
        for name, exclusion in excluded.items()
    ]
    left += [_closed(item) for item in closed]
    targets = (
        Account(provider=Provider.GCP, id=name, name=called or _called(listed.get(name)))
        for name, called in wanted.items()
        if name not in excluded
    )
    return Population(
        targets=tuple(sorted(targets, key=lambda item: item.id)), left_out=tuple(sorted(left, key=lambda item: item.id))
    )


def tree_of(config: GcpConfig, found: Found) -> CollectedOrganisation | None:
    """The tree below the parents; None where nothing was discovered."""
    if not config.discover:
        return None
    return CollectedOrganisation(
        tree=OrganisationTree(
            provider=Provider.GCP,
            id=config.discover[0] if len(config.discover) == 1 else None,
            management=None,
            nodes=found.missing or OrganisationNodes(items=tuple(_nodes(config.discover, found))),
            service_control=_NO_SUCH_POLICIES,
            resource_control=_NO_SUCH_POLICIES,
            evidence=found.evidence,
        ),
        raw=found.raw,
    )


def _nodes(parents: Iterable[str], found: Found) -> list[OrganisationNode]:
    named = {folder.name for folder in found.folders}
    roots = [
        OrganisationNode(id=name, level=NodeKind.ROOT, name=name, parent=None)
        for name in dict.fromkeys(parents)
        if name not in named
    ]
    folders = [
        OrganisationNode(id=item.name, level=NodeKind.UNIT, name=item.display_name or item.name, parent=item.parent)
        for item in found.folders
    ]
    projects = [
        OrganisationNode(
            id=item.project_id, level=NodeKind.ACCOUNT, name=item.display_name or item.project_id, parent=item.parent
        )
        for item in found.projects
    ]
    return sorted((*roots, *folders, *projects), key=lambda node: node.id)


def _called(project: replies.Project | None) -> str | None:
    return (project.display_name or None) if project else None


def _closed(project: replies.Project) -> LeftOut:
    reason = str(project.state).lower().replace("_", " ")
    return LeftOut(
        provider=Provider.GCP,
        id=project.project_id,
        name=_called(project),
        status=ScopeStatus.CLOSED,
        reason=reason,
    )
