"""The subjects that rule tests start from: a healthy one of each kind, at a fixed moment. Reads no provider."""

from datetime import UTC, datetime, timedelta

from scanner.facts.subjects import (
    AccessFacts,
    AccountRegionFacts,
    BackupFacts,
    CostFacts,
    DataStoreFacts,
    DeletionFacts,
    GivenFacts,
    HolderFacts,
    KeyContainerFacts,
    KeyFacts,
    LastUseFacts,
    LogKeyFacts,
    MaterialFacts,
    NetworkFacts,
    OriginalFacts,
    PolicyFacts,
    PopulationFacts,
    ProtectedFacts,
    ProtectionFacts,
    RecoveryFacts,
    ReplicaFacts,
    RotationFacts,
    StoreKeyFacts,
    TagFacts,
    TrailFacts,
    VolumeKeyFacts,
)
from scanner.facts.versions import without_versions
from scanner.model.container import AccessMode, ContainerKind
from scanner.model.effective import PrincipalKind
from scanner.model.key import KeyState, KeyType, KeyUsage, Manager, MultiRegionRole, Origin, Provider
from scanner.model.scope import ScopeStatus
from scanner.model.store_kind import CopyKind, StoreKind

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
"""The moment every rule test is set in."""

_ACCOUNT, _REGION = "111122223333", "eu-central-1"
_KEY_ID = f"arn:aws:kms:{_REGION}:{_ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
_VAULT_ID = f"/subscriptions/{_SUBSCRIPTION}/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/payments"
_STORE_ID = f"arn:aws:rds:{_REGION}:{_ACCOUNT}:db:orders"
_CREATED, _ROTATED = AS_OF - timedelta(days=400), AS_OF - timedelta(days=35)


def default_key() -> KeyFacts:
    """A customer's enabled symmetric key, 400 days old, rotating yearly, fully tagged, with one database under it."""
    return KeyFacts(
        id=_KEY_ID,
        name="alias/payments",
        provider=Provider.AWS,
        account=_ACCOUNT,
        region=_REGION,
        manager=Manager.CUSTOMER,
        state=KeyState.ENABLED,
        type=KeyType.SYMMETRIC,
        spec="SYMMETRIC_DEFAULT",
        usage=KeyUsage.ENCRYPT_DECRYPT,
        origin=Origin.PROVIDER,
        multi_region=MultiRegionRole.NONE,
        created_at=_CREATED,
        age=AS_OF - _CREATED,
        deletion=DeletionFacts(
            at=None,
            remaining=None,
            requested_at=None,
            requested_by=None,
            waiting=None,
            short_window_denied=True,
            version_wait=None,
            guarded_days=timedelta(days=30),
        ),
        protection_level=None,
        container=None,
        material=MaterialFacts(newest_at=_ROTATED, age=AS_OF - _ROTATED, expires_at=None, expires_in=None),
        rotation=_rotation(),
        versions=without_versions(None),
        replica=_no_replica(),
        policy=PolicyFacts(changeable_by_owner=True, unresolved_principals=()),
        given=_no_roles(),
        access=_access(),
        aliases=("alias/payments",),
        tags=TagFacts(
            owner="payments", purpose="card data", data_class="confidential", environment="production", not_allowed=()
        ),
        last_use=LastUseFacts(
            at=AS_OF - timedelta(days=1), ever=True, idle_at_least=timedelta(days=1), idle_at_most=timedelta(days=1)
        ),
        protection=ProtectionFacts(stores=(default_protected(),), complete=True, in_use=True),
        cost=CostFacts(usd_per_year=24),
        key_store_connected=None,
        evidence=(),
    )


def _rotation() -> RotationFacts:
    """Once a year, last month for the last time."""
    return RotationFacts(
        supported=True,
        enabled=True,
        period=timedelta(days=365),
        next_at=_ROTATED + timedelta(days=365),
        next_in=_ROTATED + timedelta(days=365) - AS_OF,
        before_expiry=None,
        notifies=False,
        last_at=_ROTATED,
        overdue_by=timedelta(days=35 - 365),
    )


def _no_roles() -> GivenFacts:
    """What stands where no roles are given on keys."""
    return GivenFacts(use_logged=None)


def _no_replica() -> ReplicaFacts:
    """What a key is that is no replica."""
    return ReplicaFacts(
        primary=None,
        primary_state=None,
        rotation_agrees=None,
        policy_agrees=None,
        tags_agree=None,
        state_agrees=None,
    )


def _access() -> AccessFacts:
    """A key that one role of ours uses, and others decide about."""
    return AccessFacts(
        public=False,
        holders=(default_holder(),),
        users=1,
        users_seen=1,
        administrators=2,
        administrators_seen=2,
        purgers=0,
        purgers_seen=0,
        unbound_services=(),
        unbound_grants=(),
        oldest_grant=None,
        without_effect=(),
        mfa_holes=(),
    )


def default_holder() -> HolderFacts:
    """A role that uses the key, through an endpoint, and decides nothing."""
    return HolderFacts(
        principal=f"arn:aws:iam::{_ACCOUNT}:role/payments",
        size=1,
        way="use_plaintext by key policy account -> identity policy payments[0]",
        kind=PrincipalKind.ROLE,
        account=_ACCOUNT,
        ours=True,
        uses=True,
        decides=False,
        changes_policy=False,
        steps_to_use=False,
        steps_to_decide=False,
        broad=False,
        without_mfa=False,
        outside_endpoint=False,
        idle=timedelta(days=1),
        hidden=False,
        purges=False,
    )


def default_population_scope() -> PopulationFacts:
    """A scanned account-region whose listed keys could all be described."""
    return PopulationFacts(
        id=f"aws:{_ACCOUNT}:{_REGION}",
        name=f"payments {_REGION}",
        provider=Provider.AWS,
        account=_ACCOUNT,
        region=_REGION,
        status=ScopeStatus.SCANNED,
        listed=12,
        unaccounted=0,
        all_described=True,
        exclusion_approved=None,
        evidence=(),
    )


def default_trail() -> TrailFacts:
    """A multi-region trail that records everything into a locked, private, versioned bucket."""
    return TrailFacts(
        name="organisation",
        home_region=_REGION,
        logging=True,
        records_key_changes=True,
        records_management=True,
        effective=True,
        multi_region=True,
        log_validation=True,
        delivery_age=timedelta(minutes=5),
        delivery_failing=False,
        bucket_versioned=True,
        bucket_locked=True,
        bucket_lock_mode="compliance",
        bucket_private=True,
        log_key=LogKeyFacts(encrypted_with_customer_key=True, key_state=KeyState.ENABLED, key_listed=True),
    )


def default_account_region() -> AccountRegionFacts:
    """A scanned account-region under one healthy trail, with volumes encrypted with a customer's key by default."""
    return AccountRegionFacts(
        id=f"aws:{_ACCOUNT}:{_REGION}",
        name=f"payments {_REGION}",
        provider=Provider.AWS,
        account=_ACCOUNT,
        region=_REGION,
        trails=(default_trail(),),
        volumes_encrypted_by_default=True,
        volume_default_key=VolumeKeyFacts(
            customer=True, listed=True, state=KeyState.ENABLED, account=_ACCOUNT, ours=True
        ),
        orphan_aliases=(),
        evidence=(),
    )


def default_data_store() -> DataStoreFacts:
    """A database encrypted with an enabled customer key of its own account."""
    return DataStoreFacts(
        id=_STORE_ID,
        name="orders",
        provider=Provider.AWS,
        account=_ACCOUNT,
        region=_REGION,
        kind=StoreKind.DATABASE,
        copy=CopyKind.ORIGINAL,
        encrypted=True,
        customer_key=True,
        key=StoreKeyFacts(
            reference=_KEY_ID,
            id=_KEY_ID,
            account=_ACCOUNT,
            listed=True,
            state=KeyState.ENABLED,
            ours=True,
            deletion_at=None,
        ),
        original=OriginalFacts(found=None, encrypted=None, customer_key=None, same_key=None),
        backup=BackupFacts(expires_at=None, expires_in=None, outlives_key=None),
        evidence=(),
    )


def default_key_container() -> KeyContainerFacts:
    """A vault that can be recovered, that nobody can purge, and that is reached from inside alone."""
    return KeyContainerFacts(
        id=_VAULT_ID,
        name="payments",
        provider=Provider.AZURE,
        account=_SUBSCRIPTION,
        region="westeurope",
        kind=ContainerKind.VAULT,
        created_at=_CREATED,
        access_mode=AccessMode.ROLES,
        recovery=RecoveryFacts(soft_delete=True, retention=timedelta(days=90), purge_protection=True),
        network=NetworkFacts(public=False, open_to_all=False, trusted_services=True, private_endpoints=1),
        tags=TagFacts(
            owner="payments", purpose="card data", data_class="confidential", environment="production", not_allowed=()
        ),
        deleted_at=None,
        purged_in=None,
        audit_logged=True,
        grants_read=None,
        public_members=None,
        evidence=(),
    )


def default_protected() -> ProtectedFacts:
    """The database that rests on the default key."""
    return ProtectedFacts(
        id=_STORE_ID,
        name="orders",
        kind=StoreKind.DATABASE,
        copy=CopyKind.ORIGINAL,
        account=_ACCOUNT,
        region=_REGION,
        expires_at=None,
    )
