"""What each gRPC method answers, and with which of the SDK's message types. Opens no port."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from google.cloud.asset_v1.types import asset_service as assets
from google.cloud.iam_admin_v1.types import iam as roles
from google.cloud.iam_v2.types import policy as deny
from google.cloud.kms_inventory_v1.types import key_dashboard_service as dashboard
from google.cloud.kms_inventory_v1.types import key_tracking_service as tracking
from google.cloud.kms_v1.types import service as kms
from google.cloud.location import locations_pb2
from google.cloud.logging_v2.types import logging
from google.cloud.resourcemanager_v3.types import folders, organizations, projects
from google.iam.v1 import iam_policy_pb2, policy_pb2

from scanner.simulator.gcp import views
from scanner.simulator.gcp.listings import LISTINGS
from scanner.simulator.gcp.method import Method, NoSuchResourceError, Request, pages
from scanner.simulator.gcp.records import Policy
from scanner.simulator.gcp.views import Json
from scanner.simulator.gcp.world import World


def _keys_of_project(world: World, request: Request) -> Iterable[Json]:
    project = request.parent.removeprefix("projects/")
    return (views.key_view(key) for key in world.estate.keys.values() if key.project == project)


def _keys_of_ring(world: World, request: Request) -> Iterable[Json]:
    if request.parent not in world.estate.rings:
        raise NoSuchResourceError(request.parent)
    return (views.key_view(key) for key in world.estate.keys.values() if key.ring == request.parent)


def _rings(world: World, request: Request) -> Iterable[Json]:
    return (views.ring_view(ring) for name, ring in world.estate.rings.items() if name.startswith(f"{request.parent}/"))


def _versions(world: World, request: Request) -> Iterable[Json]:
    key = world.estate.keys.get(request.parent)
    if key is None:
        raise NoSuchResourceError(request.parent)
    return (views.version_view(key, version) for version in key.versions)


def _locations(world: World, request: Request) -> Iterable[Json]:
    return ({"name": f"{request.name}/locations/{name}", "locationId": name} for name in world.estate.locations)


def _policy(world: World, request: Request) -> Json:
    estate, name = world.estate, request.resource
    place = estate.keys.get(name) or estate.rings.get(name) or estate.nodes.get(name.removeprefix("projects/"))
    if place is None:
        raise NoSuchResourceError(name)
    policy: Policy = place.policy
    return views.policy_view(policy, request.options.requested_policy_version)


def _project(world: World, request: Request) -> Json:
    node = world.estate.nodes.get(request.name.removeprefix("projects/"))
    if node is None:
        raise NoSuchResourceError(request.name)
    return views.project_view(node)


def _folder(world: World, request: Request) -> Json:
    node = world.estate.nodes.get(request.name)
    if node is None:
        raise NoSuchResourceError(request.name)
    return views.folder_view(node)


def _organization(world: World, request: Request) -> Json:
    node = world.estate.nodes.get(request.name)
    if node is None:
        raise NoSuchResourceError(request.name)
    return views.organization_view(node)


def _projects(world: World, request: Request) -> Iterable[Json]:
    return (
        views.project_view(node)
        for node in world.estate.nodes.values()
        if node.parent == request.parent and "/" not in node.id
    )


def _folders(world: World, request: Request) -> Iterable[Json]:
    return (
        views.folder_view(node)
        for node in world.estate.nodes.values()
        if node.parent == request.parent and node.id.startswith("folders/")
    )


def _role(world: World, request: Request) -> Json:
    role = world.estate.roles.get(request.name)
    if role is None:
        raise NoSuchResourceError(request.name)
    return views.role_view(role)


def _denials_at(world: World, parent: str) -> list[Json]:
    attached = unquote(parent.split("/")[1]).partition("/")[2].removeprefix("projects/")
    node = world.estate.nodes.get(attached)
    if node is None:
        raise NoSuchResourceError(parent)
    base = parent.partition("/denypolicies")[0]
    return [{**denial, "name": f"{base}/denypolicies/{denial['name']}"} for denial in node.denials]


def _deny_policies(world: World, request: Request) -> Iterable[Json]:
    return ({"name": one["name"], "kind": "DenyPolicy"} for one in _denials_at(world, request.parent))


def _deny_policy(world: World, request: Request) -> Json:
    found = next((one for one in _denials_at(world, request.name) if one["name"] == request.name), None)
    if found is None:
        raise NoSuchResourceError(request.name)
    return found


def _assets(world: World, request: Request) -> Iterable[Json]:
    found = world.estate.assets.get(request.parent.removeprefix("projects/"), [])
    return (asset for asset in found if asset["assetType"] in request.asset_types)


def _summary(world: World, request: Request) -> Json:
    key = world.estate.keys.get(request.name.removesuffix("/protectedResourcesSummary"))
    if key is None:
        raise NoSuchResourceError(request.name)
    made: Json = {"name": request.name, "warnings": [{"warningCode": word} for word in key.warnings]}
    found = list(_resting(world, key.id))
    count = len(found) if key.counted is None else key.counted
    if count:
        kinds = Counter(str(asset["assetType"]) for _, asset in found)
        made |= {"resourceCount": str(count), "projectCount": len({project for project, _ in found})}
        made |= {"resourceTypes": {kind: str(number) for kind, number in kinds.items()}}
    return made


def _protected(world: World, request: Request) -> Iterable[Json]:
    """What rests on a key within an organisation or a project."""
    if request.scope.removeprefix("projects/") not in world.estate.nodes:
        raise NoSuchResourceError(request.scope)
    for project, asset in _resting(world, request.crypto_key):
        if request.scope in world.above(project):
            yield views.protected_view(world.estate.nodes[project], asset, request.crypto_key)


def _resting(world: World, key: str) -> Iterable[tuple[str, Json]]:
    """Every asset that names the key or a version of it, with its project."""
    names = re.compile(rf'"{re.escape(key)}(?:/cryptoKeyVersions/\d+)?"')
    for project, found in world.estate.assets.items():
        yield from ((project, asset) for asset in found if names.search(json.dumps(asset)))


def _entries(world: World, request: Request) -> Iterable[Json]:
    """Newest first."""
    projects = [name.removeprefix("projects/") for name in request.resource_names]
    found = [entry for project in projects for entry in world.estate.events.get(project, [])]
    wanted = [entry for entry in found if views.is_wanted(entry, request.filter)]
    return sorted(wanted, key=lambda entry: str(entry["timestamp"]), reverse=True)


_POLICY = Method(request=iam_policy_pb2.GetIamPolicyRequest, reply=policy_pb2.Policy, about="resource", answer=_policy)
_KMS = "/google.cloud.kms.v1.KeyManagementService"
_TREE = "/google.cloud.resourcemanager.v3"
METHODS: Mapping[str, Method] = {
    **LISTINGS,
    f"{_KMS}/ListKeyRings": Method(
        request=kms.ListKeyRingsRequest,
        reply=kms.ListKeyRingsResponse,
        about="parent",
        answer=pages("keyRings", _rings),
    ),
    f"{_KMS}/ListCryptoKeys": Method(
        request=kms.ListCryptoKeysRequest,
        reply=kms.ListCryptoKeysResponse,
        about="parent",
        answer=pages("cryptoKeys", _keys_of_ring),
    ),
    f"{_KMS}/ListCryptoKeyVersions": Method(
        request=kms.ListCryptoKeyVersionsRequest,
        reply=kms.ListCryptoKeyVersionsResponse,
        about="parent",
        answer=pages("cryptoKeyVersions", _versions),
    ),
    "/google.cloud.kms.inventory.v1.KeyDashboardService/ListCryptoKeys": Method(
        request=dashboard.ListCryptoKeysRequest,
        reply=dashboard.ListCryptoKeysResponse,
        about="parent",
        answer=pages("cryptoKeys", _keys_of_project),
    ),
    "/google.cloud.location.Locations/ListLocations": Method(
        request=locations_pb2.ListLocationsRequest,
        reply=locations_pb2.ListLocationsResponse,
        about="name",
        answer=pages("locations", _locations),
    ),
    "/google.iam.v1.IAMPolicy/GetIamPolicy": _POLICY,
    f"{_TREE}.Projects/GetIamPolicy": _POLICY,
    f"{_TREE}.Folders/GetIamPolicy": _POLICY,
    f"{_TREE}.Organizations/GetIamPolicy": _POLICY,
    f"{_TREE}.Organizations/GetOrganization": Method(
        request=organizations.GetOrganizationRequest,
        reply=organizations.Organization,
        about="name",
        answer=_organization,
    ),
    f"{_TREE}.Projects/GetProject": Method(
        request=projects.GetProjectRequest, reply=projects.Project, about="name", answer=_project
    ),
    f"{_TREE}.Projects/ListProjects": Method(
        request=projects.ListProjectsRequest,
        reply=projects.ListProjectsResponse,
        about="parent",
        answer=pages("projects", _projects),
    ),
    f"{_TREE}.Folders/GetFolder": Method(
        request=folders.GetFolderRequest, reply=folders.Folder, about="name", answer=_folder
    ),
    f"{_TREE}.Folders/ListFolders": Method(
        request=folders.ListFoldersRequest,
        reply=folders.ListFoldersResponse,
        about="parent",
        answer=pages("folders", _folders),
    ),
    "/google.iam.admin.v1.IAM/GetRole": Method(
        request=roles.GetRoleRequest, reply=roles.Role, about="name", answer=_role
    ),
    "/google.iam.v2.Policies/ListPolicies": Method(
        request=deny.ListPoliciesRequest,
        reply=deny.ListPoliciesResponse,
        about="parent",
        answer=pages("policies", _deny_policies),
    ),
    "/google.cloud.kms.inventory.v1.KeyTrackingService/GetProtectedResourcesSummary": Method(
        request=tracking.GetProtectedResourcesSummaryRequest,
        reply=tracking.ProtectedResourcesSummary,
        about="name",
        answer=_summary,
    ),
    "/google.cloud.kms.inventory.v1.KeyTrackingService/SearchProtectedResources": Method(
        request=tracking.SearchProtectedResourcesRequest,
        reply=tracking.SearchProtectedResourcesResponse,
        about="crypto_key",
        answer=pages("protectedResources", _protected),
    ),
    "/google.logging.v2.LoggingServiceV2/ListLogEntries": Method(
        request=logging.ListLogEntriesRequest,
        reply=logging.ListLogEntriesResponse,
        about="resource_names",
        answer=pages("entries", _entries),
    ),
    "/google.cloud.asset.v1.AssetService/ListAssets": Method(
        request=assets.ListAssetsRequest,
        reply=assets.ListAssetsResponse,
        about="parent",
        answer=pages("assets", _assets),
    ),
    "/google.iam.v2.Policies/GetPolicy": Method(
        request=deny.GetPolicyRequest, reply=deny.Policy, about="name", answer=_deny_policy
    ),
}
"""Every method that is answered; any other is unimplemented, as on a server without it."""
