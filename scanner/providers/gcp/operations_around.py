"""The methods about what stands around keys: deleted ones, imports, outside key managers, Autokey. Calls nothing.

https://cloud.google.com/kms/docs/reference/rpc
"""

from collections.abc import Mapping

from scanner.providers.gcp import replies_around
from scanner.providers.operation import PAGE_TOKEN, AnyOperation, Operation

KMS = "google.cloud.kms.v1.KeyManagementService"
EKM = "google.cloud.kms.v1.EkmService"
AUTOKEY = "google.cloud.kms.v1.Autokey"
AUTOKEY_ADMIN = "google.cloud.kms.v1.AutokeyAdmin"

AROUND_HOSTS: Mapping[str, str] = dict.fromkeys((KMS, EKM, AUTOKEY, AUTOKEY_ADMIN), "cloudkms.googleapis.com")
"""Where each service is asked."""

_BY_PARENT = ("parent", "pageSize", "pageToken")

LIST_RETIRED = Operation(
    service=KMS,
    name="ListRetiredResources",
    action="cloudkms.retiredResources.list",
    reply=replies_around.ListRetired,
    params=_BY_PARENT,
    paging=PAGE_TOKEN,
)
LIST_IMPORT_JOBS = Operation(
    service=KMS,
    name="ListImportJobs",
    action="cloudkms.importJobs.list",
    reply=replies_around.ListImportJobs,
    params=_BY_PARENT,
    paging=PAGE_TOKEN,
)
LIST_EKM_CONNECTIONS = Operation(
    service=EKM,
    name="ListEkmConnections",
    action="cloudkms.ekmConnections.list",
    reply=replies_around.ListEkmConnections,
    params=_BY_PARENT,
    paging=PAGE_TOKEN,
)
LIST_KEY_HANDLES = Operation(
    service=AUTOKEY,
    name="ListKeyHandles",
    action="cloudkms.keyHandles.list",
    reply=replies_around.ListKeyHandles,
    params=_BY_PARENT,
    paging=PAGE_TOKEN,
)
SHOW_AUTOKEY_CONFIG = Operation(
    service=AUTOKEY_ADMIN,
    name="ShowEffectiveAutokeyConfig",
    action="cloudkms.projects.showEffectiveAutokeyConfig",
    reply=replies_around.AutokeyConfig,
    params=("parent",),
)

AROUND_OPERATIONS: tuple[AnyOperation, ...] = (
    LIST_RETIRED,
    LIST_IMPORT_JOBS,
    LIST_EKM_CONNECTIONS,
    LIST_KEY_HANDLES,
    SHOW_AUTOKEY_CONFIG,
)
