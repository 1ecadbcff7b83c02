"""Decisions of Google Cloud: members, inheritance, deny policies and conditions."""

from datetime import UTC, datetime

import pytest

from scanner.facts.access.aws import Result
from scanner.facts.access.google import Asked, Binding, DenyRule, Groups, Level, decide

ALICE, APP = "user:alice@example.com", "serviceAccount:app@p.iam.gserviceaccount.com"
DECRYPT = "cloudkms.cryptoKeyVersions.useToDecrypt"
KEY = "projects/p/locations/eu/keyRings/r/cryptoKeys/k"
LEVELS = ("organizations/1", "folders/2", "projects/p", KEY.rpartition("/cryptoKeys/")[0], KEY)
REQUEST = {
    "resource": {"name": KEY, "type": "cloudkms.googleapis.com/CryptoKey", "service": "cloudkms.googleapis.com"},
    "request": {"time": datetime(2026, 11, 22, tzinfo=UTC)},
}
NO_GROUPS = Groups(members={}, complete=True)


def bound(*members, permissions=frozenset({DECRYPT}), condition=None):
    return Binding(role="roles/r", permissions=permissions, members=members, condition=condition)


def denied(*principals, excepted=(), permissions=("cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt",), **more):
    more.setdefault("excepted_permissions", ())
    return DenyRule(principals=principals, excepted=excepted, permissions=permissions, **more)


def verdict(who, *bindings, at=KEY, denials=(), groups=NO_GROUPS, request=REQUEST):
    levels = [
        Level(
            name=name,
            bindings=bindings if name == at else (),
            denials=tuple(denials) if name == LEVELS[0] else (),
        )
        for name in LEVELS
    ]
    found = decide(levels, groups, Asked(principal=who, permission=DECRYPT, request=request))
    return "explicit" if found.explicit else found.result.value


@pytest.mark.parametrize("level", LEVELS)
def test_a_binding_counts_at_every_level_above_the_key(level):
    assert verdict(ALICE, bound(ALICE), at=level) == "allow"


@pytest.mark.parametrize(
    ("who", "member", "expected"),
    [
        (ALICE, ALICE, "allow"),
        (ALICE, "user:Alice@Example.com", "allow"),
        (ALICE, "serviceAccount:alice@example.com", "deny"),
        (ALICE, "domain:example.com", "allow"),
        (ALICE, "domain:EXAMPLE.com", "allow"),
        (ALICE, "domain:ample.com", "deny"),
        (APP, "domain:p.iam.gserviceaccount.com", "deny"),
        (ALICE, "allUsers", "allow"),
        (APP, "allAuthenticatedUsers", "allow"),
        ("allUsers", "allAuthenticatedUsers", "deny"),
        (ALICE, "deleted:user:alice@example.com?uid=123", "deny"),
        (ALICE, "deleted:principal://goog/subject/alice@example.com", "deny"),
        (ALICE, "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/w/subject/s", "deny"),
        (ALICE, "principalSet://iam.googleapis.com/locations/global/workforcePools/w/*", "deny"),
        (APP, "principalSet://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAccount", "unknown"),
        (ALICE, "principalSet://goog/cloudIdentityCustomerId/C0", "unknown"),
        (ALICE, "projectOwner:p", "unknown"),
        ("principal://x/workloadIdentityPools/w/subject/s", "principal://x/workloadIdentityPools/w/subject/s", "allow"),
        ("principal://x/workloadIdentityPools/w/subject/s", "principalSet://x/workloadIdentityPools/w/*", "unknown"),
    ],
)
def test_a_member_means_a_principal(who, member, expected):
    assert verdict(who, bound(member)) == expected


def test_members_of_groups_count_through_groups_within_them():
    members = {
        "group:all@example.com": frozenset({"group:Devs@example.com"}),
        "group:devs@example.com": frozenset({ALICE}),
    }
    known = Groups(members=members, complete=False)
    assert verdict(ALICE, bound("group:ALL@example.com"), groups=known) == "allow"
    assert verdict(APP, bound("group:all@example.com"), groups=known) == "deny"
    assert verdict(ALICE, bound("group:other@example.com"), groups=known) == "unknown"


def test_groups_that_hold_each_other_end():
    members = {"group:a@x": frozenset({"group:b@x"}), "group:b@x": frozenset({"group:a@x"})}
    assert verdict(ALICE, bound("group:a@x"), groups=Groups(members=members, complete=True)) == "deny"


def test_a_role_nobody_has_read_leaves_the_decision_open():
    assert verdict(ALICE, bound(ALICE, permissions=None)) == "unknown"
    assert verdict(APP, bound(ALICE, permissions=None)) == "deny"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (denied("principalSet://goog/public:all"), "explicit"),
        (denied("principal://goog/subject/alice@example.com"), "explicit"),
        (denied("principal://goog/subject/bob@example.com"), "allow"),
        (denied("principalSet://goog/group/devs@example.com"), "explicit"),
        (denied("principalSet://goog/public:all", excepted=("principalSet://goog/group/devs@example.com",)), "allow"),
        (denied("principalSet://goog/public:all", excepted=("principal://goog/subject/bob@example.com",)), "explicit"),
        (denied("principalSet://goog/public:all", permissions=("cloudkms.googleapis.com/cryptoKeys.get",)), "allow"),
        (
            denied("principalSet://goog/public:all", permissions=("cloudkms.googleapis.com/cryptoKeyVersions.*",)),
            "explicit",
        ),
        (denied("principalSet://goog/public:all", permissions=("cloudkms.googleapis.com/*.useToDecrypt",)), "explicit"),
        (denied("principalSet://goog/public:all", permissions=("cloudkms.googleapis.com/*.*",)), "explicit"),
        (denied("principalSet://goog/public:all", permissions=("storage.googleapis.com/*.*",)), "allow"),
        (
            denied(
                "principalSet://goog/public:all",
                permissions=("cloudkms.googleapis.com/*.*",),
                excepted_permissions=("cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt",),
            ),
            "allow",
        ),
        (denied("principalSet://goog/public:all", condition='resource.name.endsWith("/k")'), "explicit"),
        (denied("principalSet://goog/public:all", condition='resource.name.endsWith("/x")'), "allow"),
        (denied("principalSet://goog/public:all", condition="1 / 0 == 1"), "explicit"),
        (denied("principalSet://goog/public:all", condition='resource.matchTag("1/env", "prod")'), "unknown"),
    ],
)
def test_a_deny_rule_takes_what_it_names_but_from_its_exceptions(rule, expected):
    groups = Groups(members={"group:devs@example.com": frozenset({ALICE})}, complete=True)
    assert verdict(ALICE, bound(ALICE), denials=[rule], groups=groups) == expected


def test_a_deny_rule_for_a_service_account_names_it_by_address():
    rule = denied("principal://iam.googleapis.com/projects/-/serviceAccounts/app@p.iam.gserviceaccount.com")
    assert verdict(APP, bound(APP), denials=[rule]) == "explicit"
    assert verdict(ALICE, bound(ALICE), denials=[rule]) == "allow"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('resource.name.startsWith("projects/p/locations/eu/")', "allow"),
        ('resource.name.startsWith("projects/p/locations/us/")', "deny"),
        ('resource.type == "cloudkms.googleapis.com/CryptoKey"', "allow"),
        ('resource.type == "cloudkms.googleapis.com/KeyRing"', "deny"),
        ('resource.service == "cloudkms.googleapis.com"', "allow"),
        ('resource.type in ["a", "cloudkms.googleapis.com/CryptoKey"]', "allow"),
        ('request.time < timestamp("2027-01-01T00:00:00Z")', "allow"),
        ('request.time < timestamp("2026-01-01T00:00:00Z")', "deny"),
        ('request.time.getHours("Europe/Berlin") < 5 && resource.name.endsWith("/k")', "allow"),
        ('resource.name.extract("locations/{place}/") == "eu"', "allow"),
        ('resource.name.extract("/cryptoKeys/{key}") == "k"', "allow"),
        ('resource.name.extract("zones/{zone}/") == ""', "allow"),
        ('resource.name.matches("^projects/p/.*")', "allow"),
        ('!resource.name.endsWith("/k") || resource.name == "x"', "deny"),
        ("resource.name == 3", "deny"),
        ("resource.name", "deny"),
        ("1 / 0 == 1", "deny"),
        ('request.time < timestamp("never")', "deny"),
        ("destination.port == 443", "conditional"),
        ('destination.port == 443 || resource.name.endsWith("/k")', "allow"),
        ('has(resource.owner) || resource.name == "x"', "conditional"),
        ('resource.matchTag("1/env", "prod")', "unknown"),
        ("(", "unknown"),
    ],
)
def test_a_condition_holds_fails_or_stays_open(condition, expected):
    assert verdict(ALICE, bound(ALICE, condition=condition)) == expected


def test_what_was_not_read_is_named():
    levels = [Level(name=LEVELS[0], bindings=None, denials=()), Level(name=KEY, bindings=(), denials=())]
    found = decide(levels, NO_GROUPS, Asked(principal=ALICE, permission=DECRYPT, request=REQUEST))
    assert found.result is Result.UNKNOWN
    assert [need.text for need in found.needs] == ["the bindings of organizations/1"]
