"""What is kept of replies about what stands around keys: these types are the allow-list of fields. Holds no logic.

Of a connection to an outside key manager neither addresses nor certificates are kept, of an import job no key.
"""

from datetime import datetime

import msgspec

from scanner.providers.gcp.replies import Name, Word


class RetiredResource(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What is left of a deleted key."""

    name: Name
    original_resource: Name
    resource_type: str | None = None
    delete_time: datetime | None = None


class ListRetired(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of what is left of deleted keys."""

    retired_resources: tuple[RetiredResource, ...] = ()


class ImportJob(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A way to bring material of one's own."""

    name: Name
    state: Word = "IMPORT_JOB_STATE_UNSPECIFIED"
    import_method: Word = "IMPORT_METHOD_UNSPECIFIED"
    protection_level: Word | None = None
    create_time: datetime | None = None
    expire_time: datetime | None = None


class ListImportJobs(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of a ring's import jobs."""

    import_jobs: tuple[ImportJob, ...] = ()


class EkmConnection(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A connection to an outside key manager."""

    name: Name
    create_time: datetime | None = None
    key_management_mode: Word | None = None


class ListEkmConnections(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of such connections."""

    ekm_connections: tuple[EkmConnection, ...] = ()


class KeyHandle(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A request for a key that Autokey makes."""

    name: Name
    kms_key: str | None = None
    resource_type_selector: str = ""


class ListKeyHandles(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of key handles."""

    key_handles: tuple[KeyHandle, ...] = ()


class AutokeyConfig(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Where Autokey puts keys; no project where nothing sets one."""

    key_project: str | None = None
