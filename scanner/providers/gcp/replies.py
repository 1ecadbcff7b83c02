"""What is kept of each reply: these types are the allow-list of response fields. Holds no logic and imports no SDK.

A field that is not named here is dropped before anything is stored, logged or cached. Names are those of the service's
JSON, in camel case; a field without a default must be in the reply or the reply is malformed. An enumeration's value
that is newer than the SDK arrives as a number and is kept as one.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

Word = str | int
"""A word of an enumeration, or the number of one that the SDK does not know."""

Name = Annotated[str, Meta(min_length=1)]


class CryptoKeyVersion(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A version of a key."""

    name: Name
    state: Word = "CRYPTO_KEY_VERSION_STATE_UNSPECIFIED"
    protection_level: Word | None = None
    algorithm: Word | None = None
    create_time: datetime | None = None
    generate_time: datetime | None = None
    destroy_time: datetime | None = None
    destroy_event_time: datetime | None = None
    import_job: str | None = None
    import_time: datetime | None = None
    import_failure_reason: str | None = None
    generation_failure_reason: str | None = None
    external_destruction_failure_reason: str | None = None
    reimport_eligible: bool = False


class VersionTemplate(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What new versions are made like."""

    protection_level: Word | None = None
    algorithm: Word | None = None


class CryptoKey(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A key; a rotation period or a primary version that is not set is missing."""

    name: Annotated[str, Meta(pattern=r"^projects/[^/]+(:[^/]+)?/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$")]
    create_time: datetime
    primary: CryptoKeyVersion | None = None
    purpose: Word = "CRYPTO_KEY_PURPOSE_UNSPECIFIED"
    next_rotation_time: datetime | None = None
    rotation_period: str | None = None
    version_template: VersionTemplate | None = None
    labels: dict[str, str] = {}
    import_only: bool = False
    destroy_scheduled_duration: str | None = None
    crypto_key_backend: str | None = None


class ListCryptoKeys(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of a listing of keys; a listing without any is empty."""

    crypto_keys: tuple[CryptoKey, ...] = ()


class ListCryptoKeyVersions(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of a key's versions."""

    crypto_key_versions: tuple[CryptoKeyVersion, ...] = ()


class KeyRing(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A key ring."""

    name: Annotated[str, Meta(pattern=r"^projects/[^/]+/locations/[^/]+/keyRings/[^/]+$")]
    create_time: datetime | None = None


class ListKeyRings(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of a location's key rings."""

    key_rings: tuple[KeyRing, ...] = ()


class Location(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A location that the key service has."""

    location_id: Name


class ListLocations(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of locations."""

    locations: tuple[Location, ...] = ()


class Expression(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A condition in CEL."""

    expression: str = ""
    title: str | None = None


class PolicyBinding(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A role given to members."""

    role: Name
    members: tuple[str, ...] = ()
    condition: Expression | None = None


class AuditLogConfig(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One kind of data access that is logged, less the members that are spared."""

    log_type: Word = "LOG_TYPE_UNSPECIFIED"
    exempted_members: tuple[str, ...] = ()


class AuditConfig(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What is logged of one service, or of all."""

    service: str = ""
    audit_log_configs: tuple[AuditLogConfig, ...] = ()


class IamPolicy(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A resource's allow policy; one that was never set is empty but for its etag, which is not kept."""

    version: int = 0
    bindings: tuple[PolicyBinding, ...] = ()
    audit_configs: tuple[AuditConfig, ...] = ()


class Project(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A project; `name` holds its number, `parent` the folder or organisation above, missing where there is none."""

    name: Annotated[str, Meta(pattern=r"^projects/\d+$")]
    project_id: Name
    display_name: str | None = None
    parent: str | None = None
    state: Word = "STATE_UNSPECIFIED"


class ListProjects(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of the projects right under a folder or organisation."""

    projects: tuple[Project, ...] = ()


class Folder(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A folder."""

    name: Annotated[str, Meta(pattern=r"^folders/\d+$")]
    parent: str | None = None
    display_name: str | None = None
    state: Word = "STATE_UNSPECIFIED"


class ListFolders(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of the folders right under a folder or organisation."""

    folders: tuple[Folder, ...] = ()


class Organization(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """An organisation; `display_name` is the primary domain of its directory."""

    name: Annotated[str, Meta(pattern=r"^organizations/\d+$")]
    display_name: str | None = None
    state: Word = "STATE_UNSPECIFIED"


class Role(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A role's definition."""

    name: Name
    title: str | None = None
    included_permissions: tuple[str, ...] = ()
    stage: Word | None = None
    deleted: bool = False


class DenyRule(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What a deny policy takes from whom."""

    denied_principals: tuple[str, ...] = ()
    exception_principals: tuple[str, ...] = ()
    denied_permissions: tuple[str, ...] = ()
    exception_permissions: tuple[str, ...] = ()
    denial_condition: Expression | None = None


class PolicyRule(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A rule of a deny policy."""

    deny_rule: DenyRule | None = None


class DenyPolicy(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A deny policy; a listing names it without its rules."""

    name: Name
    display_name: str | None = None
    rules: tuple[PolicyRule, ...] = ()


class ListDenyPolicies(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of the deny policies of an organisation, folder or project."""

    policies: tuple[DenyPolicy, ...] = ()


class SummaryWarning(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Why a summary may not be whole; its free text is not kept."""

    warning_code: Word = "WARNING_CODE_UNSPECIFIED"


class ProtectedSummary(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """How many resources a key protects in its organisation; large numbers arrive as texts, and none is not there."""

    name: Name
    resource_count: str = "0"
    project_count: int = 0
    resource_types: dict[str, str] = {}
    warnings: tuple[SummaryWarning, ...] = ()


class ProtectedResource(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A resource under a key; its labels are not kept. `project` holds the number of the project."""

    name: Name
    resource_type: Name
    project: str = ""
    project_id: str = ""
    location: str = ""
    crypto_key_version: str = ""
    crypto_key_versions: tuple[str, ...] = ()


class SearchProtected(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of what a key protects in its organisation."""

    protected_resources: tuple[ProtectedResource, ...] = ()
