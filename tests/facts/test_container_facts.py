from datetime import timedelta

import msgspec
import pytest

from records import AS_OF, shard
from scanner.facts.container import derive_container
from scanner.facts.derive import derive
from scanner.facts.neighbours import Neighbours
from scanner.facts.subjects import KeyContainerFacts
from scanner.facts.unread import unread_of_shard
from scanner.model.container import (
    AccessMode,
    AccessModel,
    ContainerKind,
    KeyContainer,
    LogRoute,
    LogRoutes,
    NetworkRules,
    Recovery,
)
from scanner.model.key import Provider, Tags
from scanner.model.permission import Bindings, RoleBinding
from scanner.model.settings import TagVocabulary
from scanner.model.unknown import Cause, Inapplicable, Unknown

NONE = Inapplicable(reason="vaults have none", call="vaults/read")
DENIED = Unknown(cause=Cause.DENIED, call="Microsoft.KeyVault/vaults/read")
VAULT = KeyContainer(
    id="/subscriptions/1/vaults/payments",
    provider=Provider.AZURE,
    account="1",
    region="westeurope",
    type=ContainerKind.VAULT,
    name="payments",
    created_at=None,
    recovery=Recovery(soft_delete=True, retention_days=7, purge_protection=False),
    access=AccessModel(mode=AccessMode.ACCESS_POLICIES),
    network=NetworkRules(
        public=True, default_allows=False, trusted_services=True, addresses=(), subnets=(), private_endpoints=("pe",)
    ),
    tags=Tags(items={"Owner": "payments"}),
    policy=NONE,
    source={},
    evidence=(),
)


def facts_of(**changes: object) -> KeyContainerFacts:
    return derive_container(msgspec.structs.replace(VAULT, **changes), TagVocabulary(), AS_OF)


def test_a_vault_tells_how_it_guards_its_keys() -> None:
    facts = facts_of()
    assert (facts.access_mode, facts.tags.owner, facts.public_members) == (AccessMode.ACCESS_POLICIES, "payments", None)
    assert (facts.recovery.retention, facts.recovery.purge_protection) == (timedelta(days=7), False)
    assert (facts.network.public, facts.network.open_to_all, facts.network.private_endpoints) == (True, False, 1)


def test_a_key_ring_tells_whom_it_is_open_to() -> None:
    bindings = Bindings(items=(RoleBinding(role="roles/cloudkms.viewer", members=("allUsers", "user:a@example.com")),))
    facts = facts_of(type=ContainerKind.KEY_RING, recovery=NONE, network=NONE, access=NONE, tags=NONE, policy=bindings)
    assert facts.public_members == ("allUsers",)
    assert (facts.recovery.soft_delete, facts.recovery.retention, facts.network.public) == (None, None, None)
    assert (facts.access_mode, facts.tags.owner) == (None, None)


@pytest.mark.parametrize("group", ["recovery", "access", "network", "tags", "policy", "logs"])
def test_an_unread_group_of_a_container_is_unknown_and_listed(group: str) -> None:
    facts = facts_of(**{group: DENIED})
    told = {
        "recovery": facts.recovery.retention,
        "access": facts.access_mode,
        "network": facts.network.public,
        "tags": facts.tags.owner,
        "policy": facts.public_members,
        "logs": facts.audit_logged,
    }
    assert [name for name, value in told.items() if value == DENIED] == [group]
    one = shard(containers=(msgspec.structs.replace(VAULT, **{group: DENIED}),))
    assert unread_of_shard(one)[VAULT.id] == {group: (DENIED,)}


def test_containers_are_subjects_of_their_shard() -> None:
    around = Neighbours(primaries={}, buckets={})
    subjects = derive(shard(containers=(VAULT,)), as_of=AS_OF, vocabulary=TagVocabulary(), around=around)
    assert [subject.id for subject in subjects if isinstance(subject, KeyContainerFacts)] == [VAULT.id]


def rules_of(*addresses: str, public: bool = True) -> NetworkRules:
    return NetworkRules(
        public=public,
        default_allows=False,
        trusted_services=False,
        addresses=addresses,
        subnets=(),
        private_endpoints=(),
    )


@pytest.mark.parametrize(
    ("rules", "is_open"),
    [
        (rules_of("203.0.113.0/24", "198.51.100.7"), False),
        (rules_of("0.0.0.0/1", "128.0.0.0/1"), True),
        (rules_of("0.0.0.0/0"), True),
        (rules_of("0.0.0.0/1"), False),
        (rules_of("0.0.0.0/1", "10.0.0.0/8"), False),
        (rules_of("0.0.0.0/0", public=False), False),
        (rules_of("2001:db8::/32", "nonsense"), False),
    ],
)
def test_ranges_that_are_most_of_the_internet_are_the_internet(rules: NetworkRules, is_open: bool) -> None:  # noqa: FBT001 (a case, not a switch)
    assert facts_of(network=rules).network.open_to_all is is_open


def test_a_deleted_container_tells_when_it_goes_for_good() -> None:
    facts = facts_of(deleted_at=AS_OF - timedelta(days=2), purge_at=AS_OF + timedelta(days=5))
    assert (facts.deleted_at, facts.purged_in) == (AS_OF - timedelta(days=2), timedelta(days=5))
    assert (facts_of().deleted_at, facts_of().purged_in) == (None, None)


def test_who_was_given_access_is_told_apart_from_nobody() -> None:
    assert facts_of(policy=Bindings(items=())).grants_read is True
    assert facts_of(policy=NONE).grants_read is None
    assert facts_of(policy=DENIED).grants_read == DENIED


@pytest.mark.parametrize(
    ("categories", "destinations", "logged"),
    [
        (("auditevent",), ("/workspaces/w",), True),
        (("alllogs",), ("/storage/s",), True),
        (("audit",), (), False),
        (("azurepolicyevaluationdetails",), ("/workspaces/w",), False),
        ((), ("/workspaces/w",), False),
    ],
)
def test_a_log_is_kept_when_its_audit_part_goes_somewhere(categories, destinations, logged) -> None:
    routes = LogRoutes(items=(LogRoute(name="s", categories=categories, destinations=destinations),))
    assert facts_of(logs=routes).audit_logged is logged
    assert (facts_of().audit_logged, facts_of(logs=LogRoutes(items=())).audit_logged) == (None, False)
