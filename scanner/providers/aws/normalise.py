"""Kept replies become the groups of a key; the provider's words stop here. Pure, and imports no SDK.

Functions raise MalformedReplyError when a reply does not hold what it must.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

from scanner.model.key import (
    Grant,
    Grants,
    KeyState,
    KeyStore,
    KeyType,
    KeyUsage,
    LastUse,
    Manager,
    Metadata,
    MultiRegionRole,
    Origin,
    Policy,
    Rotation,
    RotationEvent,
    RotationHistory,
    RotationKind,
)
from scanner.model.store import AliasTable
from scanner.providers.aws import replies
from scanner.providers.failure import MalformedReplyError

_STATES: Mapping[str, KeyState] = {
    "Enabled": KeyState.ENABLED,
    "Disabled": KeyState.DISABLED,
    "PendingImport": KeyState.PENDING_IMPORT,
    "PendingDeletion": KeyState.PENDING_DELETION,
    "PendingReplicaDeletion": KeyState.PENDING_DELETION,
}
_USAGES: Mapping[str, KeyUsage] = {
    "ENCRYPT_DECRYPT": KeyUsage.ENCRYPT_DECRYPT,
    "SIGN_VERIFY": KeyUsage.SIGN_VERIFY,
    "GENERATE_VERIFY_MAC": KeyUsage.MAC,
    "KEY_AGREEMENT": KeyUsage.KEY_AGREEMENT,
}
_ORIGINS: Mapping[str, Origin] = {
    "AWS_KMS": Origin.PROVIDER,
    "EXTERNAL": Origin.IMPORTED,
    "AWS_CLOUDHSM": Origin.HSM_CLUSTER,
    "EXTERNAL_KEY_STORE": Origin.EXTERNAL_STORE,
}
_ROLES: Mapping[str, MultiRegionRole] = {"PRIMARY": MultiRegionRole.PRIMARY, "REPLICA": MultiRegionRole.REPLICA}
_ROTATIONS: Mapping[str, RotationKind] = {
    "AUTOMATIC": RotationKind.AUTOMATIC,
    "ON_DEMAND": RotationKind.ON_DEMAND,
}
_SYMMETRIC = "SYMMETRIC_DEFAULT"
_MAC_FAMILY = "HMAC_"
_ASYMMETRIC_FAMILIES = ("RSA_", "ECC_", "SM2", "ML_DSA_", "ML_KEM_")
UNNAMED = "unnamed"
"""The spec of a key whose description names none."""


def metadata(pages: Sequence[replies.DescribeKey]) -> Metadata:
    """A key's description. A manager that is not the provider counts as the customer, so that rules apply."""
    described = pages[0].key_metadata
    role, primary, siblings = _multi_region(described)
    spec = described.key_spec or described.customer_master_key_spec
    return Metadata(
        state=_STATES.get(described.key_state, KeyState.UNAVAILABLE),
        manager=Manager.PROVIDER if described.key_manager == "AWS" else Manager.CUSTOMER,
        type=_type(spec),
        spec=spec or UNNAMED,
        usage=_USAGES.get(described.key_usage or "", KeyUsage.UNRECOGNISED),
        origin=_ORIGINS.get(described.origin or "", Origin.UNRECOGNISED),
        created_at=described.creation_date,
        description=described.description or None,
        deletion_at=described.deletion_date,
        deletion_window_days=described.pending_deletion_window_in_days,
        material_expires_at=described.valid_to,
        multi_region=role,
        primary=primary,
        replicas=siblings,
        key_store=described.custom_key_store_id or None,
        current_material=described.current_key_material_id or None,
    )


def own_words(pages: Sequence[replies.DescribeKey]) -> dict[str, str]:
    """The provider's own words for what `metadata` translates, by the name of its field; none without a description."""
    if not pages:
        return {}
    described = pages[0].key_metadata
    configuration = described.multi_region_configuration
    words = {
        "KeyState": described.key_state,
        "KeyManager": described.key_manager,
        "KeySpec": described.key_spec or described.customer_master_key_spec,
        "KeyUsage": described.key_usage,
        "Origin": described.origin,
        "ExpirationModel": described.expiration_model,
        "MultiRegionKeyType": configuration.multi_region_key_type if configuration else None,
    }
    return {name: word for name, word in words.items() if word}


def policy(pages: Sequence[replies.GetKeyPolicy]) -> Policy:
    """A key's policy, when it is a JSON object."""
    document = pages[0].policy
    try:
        parsed = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise MalformedReplyError("Policy") from error
    if not isinstance(parsed, dict):
        raise MalformedReplyError("Policy")
    return Policy(document=document)


def grants(pages: Sequence[replies.ListGrants]) -> Grants:
    """Every grant, sorted by id."""
    items = [_grant(grant) for page in pages for grant in page.grants]
    return Grants(items=tuple(sorted(items, key=lambda grant: grant.id)))


def rotation(pages: Sequence[replies.GetKeyRotationStatus]) -> Rotation:
    """The automatic rotation setting."""
    status = pages[0]
    return Rotation(
        enabled=status.key_rotation_enabled,
        period=None if (days := status.rotation_period_in_days) is None else timedelta(days=days),
        next_at=status.next_rotation_date,
    )


def rotation_history(pages: Sequence[replies.ListKeyRotations]) -> RotationHistory:
    """Rotations that happened, oldest first; the first material and one that waits for its turn are none."""
    events = [
        RotationEvent(
            at=material.rotation_date,
            how=_ROTATIONS.get(material.rotation_type or "", RotationKind.UNRECOGNISED),
            material=material.key_material_id or None,
            material_expires_at=material.valid_to,
        )
        for page in pages
        for material in page.rotations
        if material.rotation_date is not None
    ]
    return RotationHistory(events=tuple(sorted(events, key=lambda event: (event.at, event.material or ""))))


def last_use(pages: Sequence[replies.GetKeyLastUsage]) -> LastUse:
    """The last use on record."""
    usage = pages[0]
    return LastUse(
        at=usage.key_last_usage.timestamp,
        operation=usage.key_last_usage.operation or None,
        tracking_since=usage.tracking_start_date,
    )


def aliases_by_key(pages: Sequence[replies.ListAliases]) -> dict[str, tuple[str, ...]]:
    """Alias names by key id, sorted; an alias that points at no key is left out."""
    names: dict[str, list[str]] = {}
    for alias in (alias for page in pages for alias in page.aliases):
        if alias.target_key_id:
            names.setdefault(key_id(alias.target_key_id), []).append(alias.alias_name)
    return {key: tuple(sorted(found)) for key, found in names.items()}


def alias_table(pages: Sequence[replies.ListAliases]) -> AliasTable:
    """Every alias with the id of the key it points at, sorted by name."""
    aliases = sorted((alias for page in pages for alias in page.aliases), key=lambda alias: alias.alias_name)
    return AliasTable(
        targets={alias.alias_name: key_id(alias.target_key_id) if alias.target_key_id else None for alias in aliases}
    )


def tags_by_key(pages: Sequence[replies.GetResources]) -> dict[str, dict[str, str]]:
    """Tags by key ARN, sorted by tag key."""
    return {
        resource.resource_arn: {tag.key: tag.value for tag in sorted(resource.tags, key=lambda tag: tag.key)}
        for page in pages
        for resource in page.resource_tag_mapping_list
    }


def key_stores(pages: Sequence[replies.DescribeCustomKeyStores]) -> dict[str, KeyStore]:
    """Custom key stores by id."""
    return {
        store.custom_key_store_id: KeyStore(
            id=store.custom_key_store_id,
            name=store.custom_key_store_name or None,
            connected=store.connection_state == "CONNECTED",
            error=store.connection_error_code or None,
        )
        for page in pages
        for store in page.custom_key_stores
    }


def listed_keys(pages: Sequence[replies.ListKeys]) -> tuple[str, ...]:
    """The ARNs of the listed keys, each once, sorted."""
    return tuple(sorted({key.key_arn for page in pages for key in page.keys}))


def key_id(arn: str) -> str:
    """The id at the end of a key's ARN; an id is its own."""
    return arn.rsplit("/", 1)[-1]


def _type(spec: str | None) -> KeyType:
    if spec == _SYMMETRIC:
        return KeyType.SYMMETRIC
    if spec and spec.startswith(_MAC_FAMILY):
        return KeyType.MAC
    return KeyType.ASYMMETRIC if spec and spec.startswith(_ASYMMETRIC_FAMILIES) else KeyType.UNRECOGNISED


def _multi_region(described: replies.KeyMetadata) -> tuple[MultiRegionRole, str | None, tuple[str, ...]]:
    """The key's part, the primary and the replicas; a multi-region key that does not say its part is malformed."""
    configuration = described.multi_region_configuration
    if configuration is None:
        if described.multi_region:
            raise MalformedReplyError("MultiRegionConfiguration")
        return MultiRegionRole.NONE, None, ()
    if configuration.multi_region_key_type not in _ROLES:
        raise MalformedReplyError("MultiRegionKeyType")
    replicas = tuple(sorted(replica.arn for replica in configuration.replica_keys))
    return _ROLES[configuration.multi_region_key_type], configuration.primary_key.arn, replicas


def _grant(grant: replies.Grant) -> Grant:
    grantee = grant.grantee_principal or grant.grantee_service_principal
    if not grantee:
        raise MalformedReplyError("GranteePrincipal")
    constraints = grant.constraints or replies.GrantConstraints()
    return Grant(
        id=grant.grant_id,
        name=grant.name or None,
        grantee=grantee,
        grantee_is_service=not grant.grantee_principal,
        retiring=grant.retiring_principal or grant.retiring_service_principal or None,
        issuer=grant.issuing_account or None,
        created_at=grant.creation_date,
        operations=tuple(sorted(grant.operations)),
        context_equals=constraints.encryption_context_equals,
        context_subset=constraints.encryption_context_subset,
        source_arn=constraints.source_arn or None,
    )
