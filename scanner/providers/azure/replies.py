"""What is kept of each reply about keys: these types are the allow-list of response fields. Holds no logic.

A field that is not named here is dropped before anything is stored, logged or cached. Names are those of the service
in camel case unless a field says otherwise; a field without a default must be in the reply or the reply is malformed.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, field

Days = Annotated[int, Meta(ge=0, le=36_500)]
Moment = Annotated[datetime, Meta(tz=True)]
SubscriptionId = Annotated[str, Meta(pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")]


class Kept(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A part of a reply; what it does not name is not kept."""


class Subscription(Kept, frozen=True, kw_only=True):
    """A subscription; `state` Enabled, Warned and PastDue can be read, Disabled and Deleted are closed."""

    subscription_id: SubscriptionId
    display_name: str | None = None
    state: str | None = None
    tenant_id: str | None = None


class Subscriptions(Kept, frozen=True, kw_only=True):
    """A page of the subscriptions that the caller can see."""

    value: tuple[Subscription, ...]


class Sku(Kept, frozen=True, kw_only=True):
    """What was bought."""

    name: str | None = None


class IpRule(Kept, frozen=True, kw_only=True):
    """An address or range that is let in."""

    value: str


class NetworkRule(Kept, frozen=True, kw_only=True):
    """A subnet that is let in."""

    id: str


class NetworkAcls(Kept, frozen=True, kw_only=True):
    """Who may reach the data plane over the public address."""

    default_action: str | None = None
    bypass: str | None = None
    ip_rules: tuple[IpRule, ...] | None = None
    virtual_network_rules: tuple[NetworkRule, ...] | None = None


class ConnectionState(Kept, frozen=True, kw_only=True):
    """Whether a private connection was approved."""

    status: str | None = None


class ConnectionProperties(Kept, frozen=True, kw_only=True):
    """A private connection."""

    private_link_service_connection_state: ConnectionState | None = None


class Connection(Kept, frozen=True, kw_only=True):
    """A private connection to a vault."""

    id: str | None = None
    properties: ConnectionProperties | None = None


class PolicyPermissions(Kept, frozen=True, kw_only=True):
    """What an access policy allows; of secrets and certificates nothing is kept."""

    keys: tuple[str, ...] | None = None


class AccessPolicyEntry(Kept, frozen=True, kw_only=True):
    """One access policy of a vault; `application_id` is set when a user must come through an application."""

    tenant_id: str
    object_id: str
    application_id: str | None = None
    permissions: PolicyPermissions


class VaultProperties(Kept, frozen=True, kw_only=True):
    """A vault's settings; what Azure leaves out or sends as null is None."""

    tenant_id: str
    vault_uri: str
    sku: Sku | None = None
    enable_soft_delete: bool | None = None
    soft_delete_retention_in_days: Days | None = None
    enable_purge_protection: bool | None = None
    enable_rbac_authorization: bool | None = None
    public_network_access: str | None = None
    network_acls: NetworkAcls | None = None
    private_endpoint_connections: tuple[Connection, ...] | None = None
    access_policies: tuple[AccessPolicyEntry, ...] | None = None
    provisioning_state: str | None = None


class Vault(Kept, frozen=True, kw_only=True):
    """A vault."""

    id: str
    name: str
    location: str
    tags: dict[str, str] | None = None
    properties: VaultProperties


class Vaults(Kept, frozen=True, kw_only=True):
    """A page of the vaults of a subscription; it may be empty and yet not the last."""

    value: tuple[Vault, ...]


class HsmProperties(Kept, frozen=True, kw_only=True):
    """A managed HSM's settings."""

    tenant_id: str
    hsm_uri: str | None = None
    enable_soft_delete: bool | None = None
    soft_delete_retention_in_days: Days | None = None
    enable_purge_protection: bool | None = None
    public_network_access: str | None = None
    network_acls: NetworkAcls | None = None
    private_endpoint_connections: tuple[Connection, ...] | None = None
    provisioning_state: str | None = None


class Hsm(Kept, frozen=True, kw_only=True):
    """A managed HSM."""

    id: str
    name: str
    location: str
    tags: dict[str, str] | None = None
    sku: Sku | None = None
    properties: HsmProperties


class Hsms(Kept, frozen=True, kw_only=True):
    """A page of the managed HSMs of a subscription."""

    value: tuple[Hsm, ...]


class DeletedProperties(Kept, frozen=True, kw_only=True):
    """When a vault was deleted, and when it will be gone."""

    location: str
    vault_id: str | None = None
    mhsm_id: str | None = None
    deletion_date: Moment
    scheduled_purge_date: Moment
    purge_protection_enabled: bool | None = None
    tags: dict[str, str] | None = None


class Deleted(Kept, frozen=True, kw_only=True):
    """A deleted vault or managed HSM that can still be recovered."""

    id: str
    name: str
    properties: DeletedProperties


class DeletedContainers(Kept, frozen=True, kw_only=True):
    """A page of the deleted vaults or managed HSMs of a subscription."""

    value: tuple[Deleted, ...]


class KeyAttributes(Kept, frozen=True, kw_only=True):
    """What holds for a key's version; moments are seconds since 1970."""

    enabled: bool | None = None
    nbf: int | None = None
    exp: int | None = None
    created: int | None = None
    updated: int | None = None
    recovery_level: str | None = None
    recoverable_days: Days | None = None
    exportable: bool | None = None
    hsm_platform: str | None = None


class KeyItem(Kept, frozen=True, kw_only=True):
    """A key, or a version of one, as listings name it: without its type."""

    kid: str
    attributes: KeyAttributes | None = None
    tags: dict[str, str] | None = None
    managed: bool | None = None


class Keys(Kept, frozen=True, kw_only=True):
    """A page of a vault's keys, or of a key's versions."""

    value: tuple[KeyItem, ...]


class Material(Kept, frozen=True, kw_only=True):
    """The kind of key; of the public key itself only its size in bits is kept."""

    kid: str
    kty: str
    key_ops: tuple[str, ...] | None = field(name="key_ops", default=None)
    crv: str | None = None
    bits: int | None = None


class KeyBundle(Kept, frozen=True, kw_only=True):
    """A key's newest version."""

    key: Material
    attributes: KeyAttributes
    tags: dict[str, str] | None = None
    managed: bool | None = None


class DeletedKeyItem(KeyItem, frozen=True, kw_only=True):
    """A deleted key as the listing names it; a key that cannot be recovered has no dates."""

    deleted_date: int | None = None
    scheduled_purge_date: int | None = None


class DeletedKeys(Kept, frozen=True, kw_only=True):
    """A page of a vault's deleted keys."""

    value: tuple[DeletedKeyItem, ...]


class DeletedKeyBundle(KeyBundle, frozen=True, kw_only=True):
    """A deleted key's newest version."""

    deleted_date: int | None = None
    scheduled_purge_date: int | None = None


class Trigger(Kept, frozen=True, kw_only=True):
    """When an action is taken; durations in ISO 8601."""

    time_after_create: str | None = None
    time_before_expiry: str | None = None


class Action(Kept, frozen=True, kw_only=True):
    """What is done."""

    type: str | None = None


class LifetimeAction(Kept, frozen=True, kw_only=True):
    """An action and when it is taken."""

    trigger: Trigger | None = None
    action: Action | None = None


class PolicyAttributes(Kept, frozen=True, kw_only=True):
    """The lifetime that new versions are given."""

    expiry_time: str | None = None


class RotationPolicy(Kept, frozen=True, kw_only=True):
    """A key's rotation policy; one that was never set has no attributes and only notifies."""

    lifetime_actions: tuple[LifetimeAction, ...] | None = None
    attributes: PolicyAttributes | None = None


class ManagedKeyProperties(Kept, frozen=True, kw_only=True):
    """A key as the management plane describes it."""

    attributes: KeyAttributes | None = None
    kty: str | None = None
    key_ops: tuple[str, ...] | None = None
    key_size: int | None = None
    curve_name: str | None = None
    key_uri: str
    key_uri_with_version: str | None = None
    rotation_policy: RotationPolicy | None = None


class ManagedKey(Kept, frozen=True, kw_only=True):
    """A key by its id in the management plane."""

    id: str
    name: str
    tags: dict[str, str] | None = None
    properties: ManagedKeyProperties


class ManagedKeys(Kept, frozen=True, kw_only=True):
    """A page of a vault's keys in the management plane."""

    value: tuple[ManagedKey, ...]
