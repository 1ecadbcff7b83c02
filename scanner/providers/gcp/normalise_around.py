"""Kept replies become what stands around keys; the provider's words stop here. Pure, and imports no SDK."""

from collections.abc import Iterable, Mapping, Sequence

from scanner.model.surroundings import (
    AutomaticKeys,
    ExternalConnection,
    ExternalConnections,
    ImportJob,
    ImportJobs,
    ImportState,
    KeyHandle,
    KeyHandles,
    RetiredKey,
    RetiredKeys,
)
from scanner.providers.gcp import replies_around as replies
from scanner.providers.gcp.normalise import protection_of
from scanner.providers.gcp.replies import Word

_IMPORT_STATES: Mapping[Word, ImportState] = {
    "PENDING_GENERATION": ImportState.BEING_MADE,
    "ACTIVE": ImportState.ACTIVE,
    "EXPIRED": ImportState.EXPIRED,
}


def retired(pages: Sequence[replies.ListRetired]) -> RetiredKeys:
    """What is left of deleted keys."""
    items = [
        RetiredKey(id=found.name, key=found.original_resource, deleted_at=found.delete_time)
        for page in pages
        for found in page.retired_resources
    ]
    return RetiredKeys(items=tuple(sorted(items, key=lambda item: item.id)))


def imports(pages: Iterable[replies.ListImportJobs]) -> ImportJobs:
    """The import jobs of several rings."""
    items = [
        ImportJob(
            id=found.name,
            container=found.name.partition("/importJobs/")[0],
            state=_IMPORT_STATES.get(found.state, ImportState.UNRECOGNISED),
            method=str(found.import_method),
            protection=protection_of(found.protection_level),
            created_at=found.create_time,
            expires_at=found.expire_time,
        )
        for page in pages
        for found in page.import_jobs
    ]
    return ImportJobs(items=tuple(sorted(items, key=lambda item: item.id)))


def connections(pages: Sequence[replies.ListEkmConnections]) -> ExternalConnections:
    """The connections to outside key managers."""
    items = [
        ExternalConnection(
            id=found.name, created_at=found.create_time, managed=found.key_management_mode == "CLOUD_KMS"
        )
        for page in pages
        for found in page.ekm_connections
    ]
    return ExternalConnections(items=tuple(sorted(items, key=lambda item: item.id)))


def handles(pages: Sequence[replies.ListKeyHandles]) -> KeyHandles:
    """The key handles of a location."""
    items = [
        KeyHandle(id=found.name, key=found.kms_key or None, resource_type=found.resource_type_selector)
        for page in pages
        for found in page.key_handles
    ]
    return KeyHandles(items=tuple(sorted(items, key=lambda item: item.id)))


def automatic(pages: Sequence[replies.AutokeyConfig]) -> AutomaticKeys:
    """The project that Autokey puts keys into, by its id or number as it was set."""
    return AutomaticKeys(project=(pages[0].key_project or "").removeprefix("projects/") or None)
