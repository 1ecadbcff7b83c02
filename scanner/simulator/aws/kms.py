"""The read operations of KMS, as plain functions from parameters to a reply. Changes nothing."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from scanner.simulator.aws.algorithms import algorithms
from scanner.simulator.aws.errors import AwsError
from scanner.simulator.aws.identifiers import digest, uuid_of
from scanner.simulator.aws.paging import Page, Paging, number, page, text
from scanner.simulator.aws.records import Caller, Grant, Key, Rotation, Store
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Reply = dict[str, object]
_Item = TypeVar("_Item")

_BAD_MARKER = "InvalidMarkerException"
_KEYS = Paging("ListKeys", 100, 1000, _BAD_MARKER)
_ALIASES = Paging("ListAliases", 50, 100, _BAD_MARKER)
_GRANTS = Paging("ListGrants", 50, 100, _BAD_MARKER)
_TAGS = Paging("ListResourceTags", 50, 50, _BAD_MARKER)
_ROTATIONS = Paging("ListKeyRotations", 100, 1000, _BAD_MARKER)
_STORES = Paging("DescribeCustomKeyStores", 100, 1000, _BAD_MARKER)


def list_keys(world: World, caller: Caller, params: Params) -> Reply:
    """Every key of the account and region, whoever manages it."""
    found = _page(world, tuple(world.place(caller.account, caller.region).keys.values()), _KEYS, params)
    return _listing("Keys", [{"KeyId": key.id, "KeyArn": key.arn} for key in found.items], found.token)


def describe_key(world: World, caller: Caller, params: Params) -> Reply:
    """Metadata of the key named by id, ARN, alias or alias ARN."""
    key = find_key(world, caller, params, by_alias=True)
    if key is None:
        raise _not_found(caller, params)
    metadata: Reply = {
        "AWSAccountId": key.account,
        "KeyId": key.id,
        "Arn": key.arn,
        "CreationDate": key.created,
        "Enabled": world.state_of(key) == "Enabled",
        "Description": key.description,
        "KeyUsage": key.usage,
        "KeyState": world.state_of(key),
        "Origin": key.origin,
        "KeyManager": key.manager,
        **_specs(key),
        **algorithms(key.spec, key.usage),
        "MultiRegion": bool(key.multi_region),
        **_deletion(key),
        **_material(world, key),
        **_store(key),
        **_multi_region(world, key),
    }
    return {"KeyMetadata": metadata}


def get_key_policy(world: World, caller: Caller, params: Params) -> Reply:
    """The key policy, JSON text."""
    key = _customer_or_aws_key(world, caller, params)
    if text(params, "PolicyName") not in (None, "default"):
        raise AwsError("NotFoundException", "No such policy exists")
    return {"Policy": key.policy, "PolicyName": "default"}


def get_key_rotation_status(world: World, caller: Caller, params: Params) -> Reply:
    """The rotation setting; a key that waits for its deletion shows none."""
    key = _customer_or_aws_key(world, caller, params)
    _refuse_unrotatable(key)
    leading = world.primary_of(key)
    if leading.rotation_days is None or key.deletion_window is not None:
        return {"KeyId": key.arn, "KeyRotationEnabled": False}
    reply: Reply = {"KeyId": key.arn, "KeyRotationEnabled": True, "RotationPeriodInDays": leading.rotation_days}
    if leading.next_rotation is not None:
        reply["NextRotationDate"] = leading.next_rotation
    return reply


def list_key_rotations(world: World, caller: Caller, params: Params) -> Reply:
    """Completed rotations, oldest first, and with ALL_KEY_MATERIAL the first material before them."""
    key = _customer_key(world, caller, params, "ListKeyRotations")
    if not key.is_symmetric or key.store:
        raise AwsError("UnsupportedOperationException", f"{key.arn} does not support rotation.")
    leading = world.primary_of(key)
    rows = [_rotation(leading, key, event) for event in leading.rotations]
    if text(params, "IncludeKeyMaterial") == "ALL_KEY_MATERIAL" and key.had_material:
        rows.insert(0, _first_material(leading, key))
    found = _page(world, rows, _ROTATIONS, params)
    return _listing("Rotations", list(found.items), found.token)


def list_grants(world: World, caller: Caller, params: Params) -> Reply:
    """The key's grants, filtered by id or grantee when asked."""
    key = _customer_or_aws_key(world, caller, params)
    wanted = {name: text(params, name) for name in ("GrantId", "GranteePrincipal", "GranteeServicePrincipal")}
    rows = [_grant(key, grant) for grant in key.grants]
    kept = [row for row in rows if all(value in (None, row.get(name)) for name, value in wanted.items())]
    found = _page(world, kept, _GRANTS, params)
    return _listing("Grants", list(found.items), found.token)


def get_key_last_usage(world: World, caller: Caller, params: Params) -> Reply:
    """The last use since KMS began to record it; empty says nothing about the time before."""
    key = _customer_key(world, caller, params, "GetKeyLastUsage")
    usage: Reply = {}
    if key.last_used is not None and key.last_used >= world.tracking_since:
        usage = {
            "Operation": key.last_operation,
            "Timestamp": key.last_used,
            "CloudTrailEventId": uuid_of(key.arn, key.last_used, "event"),
            "KmsRequestId": uuid_of(key.arn, key.last_used, "request"),
        }
    return {
        "KeyId": key.id,
        "KeyLastUsage": usage,
        "TrackingStartDate": world.tracking_since,
        "KeyCreationDate": key.created,
    }


def list_aliases(world: World, caller: Caller, params: Params) -> Reply:
    """Aliases of the account and region, or of one key, by name; an unused aws/* has no target."""
    place = world.place(caller.account, caller.region)
    chosen = list(place.aliases.values())
    if text(params, "KeyId") is not None:
        target = _customer_or_aws_key(world, caller, params).id
        chosen = [alias for alias in chosen if alias.target == target]
    chosen.sort(key=lambda alias: alias.name)
    found = _page(world, chosen, _ALIASES, params)
    rows: list[Reply] = []
    for alias in found.items:
        row: Reply = {
            "AliasName": alias.name,
            "AliasArn": f"arn:aws:kms:{caller.region}:{caller.account}:{alias.name}",
        }
        if alias.target:
            row["TargetKeyId"] = alias.target
        if alias.created is not None:
            row |= {"CreationDate": alias.created, "LastUpdatedDate": alias.created}
        rows.append(row)
    return _listing("Aliases", rows, found.token)


def describe_custom_key_stores(world: World, caller: Caller, params: Params) -> Reply:
    """Custom key stores, all or the one named."""
    stores = tuple(world.place(caller.account, caller.region).stores.values())
    identity, name = text(params, "CustomKeyStoreId"), text(params, "CustomKeyStoreName")
    chosen = [store for store in stores if identity in (None, store.id) and name in (None, store.name)]
    if not chosen and (identity or name):
        raise AwsError("CustomKeyStoreNotFoundException", "No such custom key store exists")
    found = _page(world, chosen, _STORES, params)
    return _listing("CustomKeyStores", [_store_row(store) for store in found.items], found.token)


def list_resource_tags(world: World, caller: Caller, params: Params) -> Reply:
    """The key's tags, in the order they were set."""
    key = _customer_or_aws_key(world, caller, params)
    found = _page(world, list(key.tags.items()), _TAGS, params)
    return _listing("Tags", [{"TagKey": name, "TagValue": value} for name, value in found.items], found.token)


def find_key(world: World, caller: Caller, params: Params, *, by_alias: bool = False) -> Key | None:
    """The key that `KeyId` names for this caller; aliases count only where the operation takes them."""
    named = text(params, "KeyId") or ""
    arn = named if named.startswith("arn:") else f"arn:aws:kms:{caller.region}:{caller.account}:key/{named}"
    prefix = f"arn:aws:kms:{caller.region}:{caller.account}:"
    if by_alias and named.removeprefix(prefix).startswith("alias/"):
        alias = world.place(caller.account, caller.region).aliases.get(named.removeprefix(prefix))
        arn = f"{prefix}key/{alias.target}" if alias else ""
    return world.key(arn) if arn.startswith(f"arn:aws:kms:{caller.region}:") else None


def _not_found(caller: Caller, params: Params) -> AwsError:
    named = text(params, "KeyId") or ""
    arn = named if named.startswith("arn:") else f"arn:aws:kms:{caller.region}:{caller.account}:key/{named}"
    return AwsError("NotFoundException", f"Key '{arn}' does not exist")


def _customer_or_aws_key(world: World, caller: Caller, params: Params) -> Key:
    key = find_key(world, caller, params)
    if key is None:
        raise _not_found(caller, params)
    return key


def _customer_key(world: World, caller: Caller, params: Params, operation: str) -> Key:
    """A customer key of the caller's own account; others allow nobody, as recorded from AWS."""
    key = _customer_or_aws_key(world, caller, params)
    if key.manager == "CUSTOMER" and key.account == caller.account:
        return key
    raise AwsError(
        "AccessDeniedException",
        f"User: {caller.principal} is not authorized to perform: kms:{operation} on resource: {key.arn} "
        f"because no resource-based policy allows the kms:{operation} action",
    )


def _refuse_unrotatable(key: Key) -> None:
    if key.can_rotate_by_itself:
        return
    if key.origin != "AWS_KMS":
        why = f"{key.arn} origin is {key.origin} which is not valid for this operation."
    else:
        why = f"{key.arn} key spec is {key.spec} which is not valid for this operation."
    raise AwsError("UnsupportedOperationException", why)


def _page(world: World, items: Sequence[_Item], paging: Paging, params: Params) -> Page[_Item]:
    size, token = number(params, "Limit"), text(params, "Marker")
    return page(items, paging, size=size, token=token, cap=world.page_limit)


def _listing(name: str, rows: list[Reply], token: str | None) -> Reply:
    return {name: rows, "Truncated": token is not None} | ({"NextMarker": token} if token else {})


def _specs(key: Key) -> Reply:
    """The older member has no words for the specs of its successors; that AWS then leaves it out is not verified."""
    specs: Reply = {"KeySpec": key.spec}
    if not key.spec.startswith(("ML_", "ECC_NIST_EDWARDS")):
        specs["CustomerMasterKeySpec"] = key.spec
    return specs


def _deletion(key: Key) -> Reply:
    """A waiting period has a date, or for a primary that waits for its replicas only its length."""
    if key.deletion_window is None:
        return {}
    if key.deletion_date is None:
        return {"PendingDeletionWindowInDays": key.deletion_window}
    return {"DeletionDate": key.deletion_date}


def _material(world: World, key: Key) -> Reply:
    reply = _expiry(key)
    if key.is_symmetric and not key.store and key.manager == "CUSTOMER" and key.had_material:
        reply["CurrentKeyMaterialId"] = _current_material(world.primary_of(key))
    return reply


def _store(key: Key) -> Reply:
    if not key.store:
        return {}
    reply: Reply = {"CustomKeyStoreId": key.store}
    if key.origin == "AWS_CLOUDHSM":
        reply["CloudHsmClusterId"] = _cluster(key.store)
    if key.external_id:
        reply["XksKeyConfiguration"] = {"Id": key.external_id}
    return reply


def _multi_region(world: World, key: Key) -> Reply:
    if not key.multi_region:
        return {}
    leading = world.primary_of(key)
    configuration = {
        "MultiRegionKeyType": key.multi_region,
        "PrimaryKey": _located(key.primary),
        "ReplicaKeys": [_located(arn) for arn in leading.replicas],
    }
    return {"MultiRegionConfiguration": configuration}


def _located(arn: str) -> Reply:
    return {"Arn": arn, "Region": arn.split(":")[3]}


def _current_material(key: Key) -> str:
    return key.rotations[-1].material if key.rotations else key.first_material


def _first_material(leading: Key, key: Key) -> Reply:
    return {"KeyId": key.arn, **_material_row(leading, key, leading.first_material)}


def _rotation(leading: Key, key: Key, event: Rotation) -> Reply:
    row = _material_row(leading, key, event.material)
    return {"KeyId": key.arn, **row, "RotationDate": event.at, "RotationType": event.how}


def _material_row(leading: Key, key: Key, material: str) -> Reply:
    state = "CURRENT" if material == _current_material(leading) else "NON_CURRENT"
    row: Reply = {"KeyMaterialId": material, "KeyMaterialState": state}
    if key.origin == "EXTERNAL":
        row["ImportState"] = "IMPORTED" if key.imported else "PENDING_IMPORT"
    return row | ({} if state == "NON_CURRENT" else _expiry(key))


def _expiry(key: Key) -> Reply:
    """How long imported material lasts; nothing for other keys, and nothing once it is gone."""
    if key.origin != "EXTERNAL" or not key.imported:
        return {}
    if key.expires is None:
        return {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}
    return {"ExpirationModel": "KEY_MATERIAL_EXPIRES", "ValidTo": key.expires}


def _grant(key: Key, grant: Grant) -> Reply:
    constraints = {
        "EncryptionContextEquals": dict(grant.context_equals) if grant.context_equals else None,
        "EncryptionContextSubset": dict(grant.context_subset) if grant.context_subset else None,
        "SourceArn": grant.source_arn or None,
    }
    row: Reply = {
        "KeyId": key.arn,
        "GrantId": grant.id,
        "Name": grant.name,
        "CreationDate": grant.created,
        "GranteePrincipal": grant.grantee or None,
        "GranteeServicePrincipal": grant.grantee_service or None,
        "RetiringPrincipal": grant.retiring or None,
        "RetiringServicePrincipal": grant.retiring_service or None,
        "IssuingAccount": grant.issuer,
        "Operations": list(grant.operations),
        "Constraints": {name: value for name, value in constraints.items() if value is not None} or None,
    }
    return {name: value for name, value in row.items() if value is not None}


def _cluster(store: str) -> str:
    return f"cluster-{digest(store)[:11]}"


def _store_row(store: Store) -> Reply:
    row: Reply = {
        "CustomKeyStoreId": store.id,
        "CustomKeyStoreName": store.name,
        "ConnectionState": store.state,
        "CreationDate": store.created,
        "CustomKeyStoreType": store.kind,
    }
    if store.error:
        row["ConnectionErrorCode"] = store.error
    if store.kind == "AWS_CLOUDHSM":
        return row | {"CloudHsmClusterId": _cluster(store.id)}
    proxy = {"Connectivity": "PUBLIC_ENDPOINT", "UriEndpoint": "https://xks.example.com", "UriPath": "/kms/xks/v1"}
    return row | {"XksProxyConfiguration": proxy}
