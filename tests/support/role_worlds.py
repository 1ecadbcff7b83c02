"""Small shards of Google Cloud and Azure for the tests of access: levels, bindings, rings, vaults, keys."""

from msgspec.structs import replace

from records import AS_OF, key, metadata, scope, shard
from scanner.facts.access.sites import sites_of
from scanner.model.access_inputs import Access
from scanner.model.container import (
    AccessMode,
    AccessModel,
    ContainerKind,
    KeyContainer,
    KeyGrant,
    KeyGrants,
    NetworkRules,
    Recovery,
)
from scanner.model.key import KeyUsage, Provider
from scanner.model.permission import (
    AccessLevel,
    AccessLevels,
    Bindings,
    Denial,
    Denials,
    PermissionBlock,
    RoleBinding,
    RoleDefinition,
    RoleDefinitions,
)
from scanner.model.scope import Listing
from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown

RING = "projects/bank/locations/global/keyRings/r"
KEY = f"{RING}/cryptoKeys/k"
NONE = Inapplicable(reason="none", call="cloudkms.keyRings.get")
DENIED = Unknown(cause=Cause.DENIED, call="resourcemanager.projects.getIamPolicy")
NO_GROUPS = OutOfScope(reason="not asked", call="cloudidentity.groups.list")
SUBSCRIPTION = "/subscriptions/aaaaaaaa-0000-4000-8000-000000000001"
VAULT = f"{SUBSCRIPTION}/resourcegroups/rg/providers/microsoft.keyvault/vaults/kv"
TENANT = "99999999-0000-4000-8000-000000000001"


def given(*bindings, condition=None):
    """Bindings of (role, member) each."""
    return Bindings(
        items=tuple(RoleBinding(role=role, members=(member,), condition=condition) for role, member in bindings)
    )


def level(name, *bindings, parent=None, denials=(), **changes):
    """A level that was read, with what was given and taken there; `denials` may be unread."""
    taken = denials if isinstance(denials, Unknown) else Denials(items=tuple(denials))
    made = AccessLevel(id=name, parent=parent, name=None, bindings=given(*bindings), denials=taken)
    return replace(made, **changes)


def deny(*permissions, members=None, excepted=()):
    """A rule of a deny policy."""
    return Denial(name="d", members=members, excepted=excepted, blocks=(PermissionBlock(actions=permissions),))


def role(name, *permissions, **changes):
    """A role that was read live."""
    block = PermissionBlock(actions=permissions)
    return replace(RoleDefinition(id=name, name=name, custom=True, blocks=(block,)), **changes)


def access(provider, *levels, roles=(), groups=NO_GROUPS, **changes):
    """What access is decided from in a shard."""
    made = Access(
        provider=provider,
        account="bank",
        region="global",
        levels=AccessLevels(items=tuple(levels)),
        roles=RoleDefinitions(items=tuple(roles)),
        groups=groups,
        evidence=(),
    )
    return replace(made, **changes)


def ring(*bindings, **changes):
    """A key ring."""
    made = KeyContainer(
        id=RING,
        provider=Provider.GCP,
        account="bank",
        region="global",
        type=ContainerKind.KEY_RING,
        name="r",
        created_at=None,
        recovery=NONE,
        access=NONE,
        network=NONE,
        tags=NONE,
        policy=given(*bindings),
        source={},
        evidence=(),
    )
    return replace(made, **changes)


def google_key(*bindings, **changes):
    """A key of Google Cloud in that ring."""
    made = key(
        id=KEY,
        provider=Provider.GCP,
        account="bank",
        region="global",
        container=RING,
        policy=given(*bindings),
        aliases=NONE,
    )
    return replace(made, **changes)


def google(*levels, own=None, within=None, **more):
    """The shard of a key under these levels and in a ring."""
    about = more.pop("access", None) or access(Provider.GCP, *levels, **more)
    subject = own or google_key()
    place = scope(provider=Provider.GCP, account="bank", region="global", keys=Listing(listed=1, pages=1))
    return shard(subject, scope=place, containers=(within or ring(),), access=about)


def vault(*grants, mode=AccessMode.ROLES, **changes):
    """A vault that everybody can reach; with `grants` of (principal, permissions) in its own list."""
    items = tuple(KeyGrant(principal=who, application=None, keys=tuple(keys)) for who, keys in grants)
    made = KeyContainer(
        id=VAULT,
        provider=Provider.AZURE,
        account="bank",
        region="westeurope",
        type=ContainerKind.VAULT,
        name="kv",
        created_at=None,
        recovery=Recovery(soft_delete=True, retention_days=90, purge_protection=False),
        access=AccessModel(mode=AccessMode.ACCESS_POLICIES if grants else mode),
        network=NetworkRules(
            public=True, default_allows=True, trusted_services=False, addresses=(), subnets=(), private_endpoints=()
        ),
        tags=NONE,
        policy=KeyGrants(items=items) if grants or mode is AccessMode.ACCESS_POLICIES else NONE,
        source={"tenantId": TENANT},
        evidence=(),
    )
    return replace(made, **changes)


def azure_key(name="k", **changes):
    """A key of Azure in that vault."""
    made = key(
        id=f"https://kv.vault.azure.net/keys/{name}",
        provider=Provider.AZURE,
        account="bank",
        region="westeurope",
        container=VAULT,
        policy=NONE,
        aliases=NONE,
        metadata=metadata(spec="RSA", usage=KeyUsage.ENCRYPT_DECRYPT),
    )
    return replace(made, **changes)


def assigned(scope_, *assignments, denials=(), **changes):
    """A scope with role assignments of (role's GUID, principal, kind)."""
    items = tuple(
        RoleBinding(
            role=f"{SUBSCRIPTION}/providers/microsoft.authorization/roledefinitions/{name}",
            members=(who,),
            member_kinds=(kind,),
        )
        for name, who, kind in assignments
    )
    made = AccessLevel(
        id=scope_, parent=None, name=None, bindings=Bindings(items=items), denials=Denials(items=tuple(denials))
    )
    return replace(made, **changes)


def azure(*levels, own=None, within=None, **more):
    """The shard of a key in a vault under these scopes."""
    about = more.pop("access", None) or access(Provider.AZURE, *levels, **more)
    subject = own or azure_key()
    place = scope(provider=Provider.AZURE, account="bank", region="westeurope", keys=Listing(listed=1, pages=1))
    return shard(subject, scope=place, containers=(within or vault(),), access=about)


def site(one):
    """The site of the one key of a shard."""
    return sites_of(one, None).at(one.keys[0], AS_OF)


def states(one):
    """The cells of everybody at the one key of a shard, by principal and class, as states."""
    return {
        found.caller.id: {kind.value: cell.state.value for kind, cell in found.cells.items()}
        for found in site(one).found()
    }
