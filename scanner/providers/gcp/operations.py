"""The one table of gRPC methods that may be called. Calls nothing and imports no SDK.

Permissions: https://cloud.google.com/iam/docs/permissions-reference, as of 2026-11-24. Where no dated quota is at hand
the default rate holds; `providers.gcp.rate_limits` sets others.
"""

from collections.abc import Mapping

from scanner.providers.gcp import replies, replies_assets
from scanner.providers.gcp.operations_around import AROUND_HOSTS, AROUND_OPERATIONS, KMS
from scanner.providers.gcp.operations_watching import WATCHING_HOSTS, WATCHING_OPERATIONS
from scanner.providers.operation import PAGE_TOKEN, AnyOperation, Operation

TRACKING = "google.cloud.kms.inventory.v1.KeyTrackingService"
INVENTORY = "google.cloud.kms.inventory.v1.KeyDashboardService"
IAM_POLICY = "google.iam.v1.IAMPolicy"
LOCATIONS = "google.cloud.location.Locations"
PROJECTS = "google.cloud.resourcemanager.v3.Projects"
FOLDERS = "google.cloud.resourcemanager.v3.Folders"
ORGANIZATIONS = "google.cloud.resourcemanager.v3.Organizations"
ROLES = "google.iam.admin.v1.IAM"
DENY = "google.iam.v2.Policies"
ASSETS = "google.cloud.asset.v1.AssetService"

HOSTS: Mapping[str, str] = {
    **AROUND_HOSTS,
    **WATCHING_HOSTS,
    IAM_POLICY: "cloudkms.googleapis.com",
    LOCATIONS: "cloudkms.googleapis.com",
    INVENTORY: "kmsinventory.googleapis.com",
    TRACKING: "kmsinventory.googleapis.com",
    PROJECTS: "cloudresourcemanager.googleapis.com",
    FOLDERS: "cloudresourcemanager.googleapis.com",
    ORGANIZATIONS: "cloudresourcemanager.googleapis.com",
    ROLES: "iam.googleapis.com",
    DENY: "iam.googleapis.com",
    ASSETS: "cloudasset.googleapis.com",
}
"""Where each service is asked."""

_KEY_POLICY = "cloudkms.cryptoKeys.getIamPolicy"

INVENTORY_KEYS = Operation(
    service=INVENTORY,
    name="ListCryptoKeys",
    action="cloudkms.cryptoKeys.list",
    reply=replies.ListCryptoKeys,
    params=("parent", "pageSize", "pageToken"),
    paging=PAGE_TOKEN,
)
LIST_LOCATIONS = Operation(
    service=LOCATIONS,
    name="ListLocations",
    action="cloudkms.locations.list",
    reply=replies.ListLocations,
    params=("name", "pageSize", "pageToken"),
    paging=PAGE_TOKEN,
)
LIST_KEY_RINGS = Operation(
    service=KMS,
    name="ListKeyRings",
    action="cloudkms.keyRings.list",
    reply=replies.ListKeyRings,
    params=("parent", "pageSize", "pageToken"),
    paging=PAGE_TOKEN,
)
LIST_CRYPTO_KEYS = Operation(
    service=KMS,
    name="ListCryptoKeys",
    action="cloudkms.cryptoKeys.list",
    reply=replies.ListCryptoKeys,
    params=("parent", "pageSize", "pageToken"),
    paging=PAGE_TOKEN,
)
LIST_VERSIONS = Operation(
    service=KMS,
    name="ListCryptoKeyVersions",
    action="cloudkms.cryptoKeyVersions.list",
    reply=replies.ListCryptoKeyVersions,
    params=("parent", "pageSize", "pageToken"),
    paging=PAGE_TOKEN,
)
KEY_POLICY = Operation(
    service=IAM_POLICY,
    name="GetIamPolicy",
    action=_KEY_POLICY,
    reply=replies.IamPolicy,
    params=("resource", "options"),
)
KEY_RING_POLICY = Operation(
    service=IAM_POLICY,
    name="GetIamPolicy",
    action="cloudkms.keyRings.getIamPolicy",
    reply=replies.IamPolicy,
    params=("resource", "options"),
)
GET_PROJECT = Operation(
    service=PROJECTS,
    name="GetProject",
    action="resourcemanager.projects.get",
    reply=replies.Project,
    params=("name",),
)
LIST_PROJECTS = Operation(
    service=PROJECTS,
    name="ListProjects",
    action="resourcemanager.projects.list",
    reply=replies.ListProjects,
    params=("parent", "pageSize", "pageToken", "showDeleted"),
    paging=PAGE_TOKEN,
)
PROJECT_POLICY = Operation(
    service=PROJECTS,
    name="GetIamPolicy",
    action="resourcemanager.projects.getIamPolicy",
    reply=replies.IamPolicy,
    params=("resource", "options"),
)
GET_FOLDER = Operation(
    service=FOLDERS,
    name="GetFolder",
    action="resourcemanager.folders.get",
    reply=replies.Folder,
    params=("name",),
)
LIST_FOLDERS = Operation(
    service=FOLDERS,
    name="ListFolders",
    action="resourcemanager.folders.list",
    reply=replies.ListFolders,
    params=("parent", "pageSize", "pageToken", "showDeleted"),
    paging=PAGE_TOKEN,
)
FOLDER_POLICY = Operation(
    service=FOLDERS,
    name="GetIamPolicy",
    action="resourcemanager.folders.getIamPolicy",
    reply=replies.IamPolicy,
    params=("resource", "options"),
)
GET_ORGANIZATION = Operation(
    service=ORGANIZATIONS,
    name="GetOrganization",
    action="resourcemanager.organizations.get",
    reply=replies.Organization,
    params=("name",),
)
ORGANIZATION_POLICY = Operation(
    service=ORGANIZATIONS,
    name="GetIamPolicy",
    action="resourcemanager.organizations.getIamPolicy",
    reply=replies.IamPolicy,
    params=("resource", "options"),
)
GET_ROLE = Operation(
    service=ROLES,
    name="GetRole",
    action="iam.roles.get",
    reply=replies.Role,
    params=("name",),
)
LIST_DENY_POLICIES = Operation(
    service=DENY,
    name="ListPolicies",
    action="iam.denypolicies.list",
    reply=replies.ListDenyPolicies,
    params=("parent", "pageSize", "pageToken"),
    paging=PAGE_TOKEN,
)
GET_DENY_POLICY = Operation(
    service=DENY,
    name="GetPolicy",
    action="iam.denypolicies.get",
    reply=replies.DenyPolicy,
    params=("name",),
)

PROTECTED_SUMMARY = Operation(
    service=TRACKING,
    name="GetProtectedResourcesSummary",
    action="cloudkms.cryptoKeys.get",
    reply=replies.ProtectedSummary,
    params=("name",),
)
SEARCH_PROTECTED = Operation(
    service=TRACKING,
    name="SearchProtectedResources",
    action="cloudkms.protectedResources.search",
    reply=replies.SearchProtected,
    params=("scope", "cryptoKey", "pageSize", "pageToken"),
    paging=PAGE_TOKEN,
)
LIST_ASSETS = Operation(
    service=ASSETS,
    name="ListAssets",
    action="cloudasset.assets.listResource",
    reply=replies_assets.ListAssets,
    params=("parent", "assetTypes", "contentType", "pageSize", "pageToken"),
    paging=PAGE_TOKEN,
)

OPERATIONS: tuple[AnyOperation, ...] = (
    INVENTORY_KEYS,
    LIST_LOCATIONS,
    LIST_KEY_RINGS,
    LIST_CRYPTO_KEYS,
    LIST_VERSIONS,
    KEY_POLICY,
    KEY_RING_POLICY,
    GET_PROJECT,
    LIST_PROJECTS,
    PROJECT_POLICY,
    GET_FOLDER,
    LIST_FOLDERS,
    FOLDER_POLICY,
    GET_ORGANIZATION,
    ORGANIZATION_POLICY,
    GET_ROLE,
    LIST_DENY_POLICIES,
    GET_DENY_POLICY,
    LIST_ASSETS,
    PROTECTED_SUMMARY,
    SEARCH_PROTECTED,
    *AROUND_OPERATIONS,
    *WATCHING_OPERATIONS,
)
"""Every method that may be called, one row for each permission it takes."""


def method_of(operation: AnyOperation) -> str:
    """The method as gRPC names it: `/google.cloud.kms.v1.KeyManagementService/ListKeyRings`."""
    return f"/{operation.service}/{operation.name}"


METHODS: frozenset[str] = frozenset(method_of(operation) for operation in OPERATIONS)
"""Exactly what the guard lets through."""
