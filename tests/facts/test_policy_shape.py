import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import ACCOUNT, KEY_ID, ROOT, cannot_exist, key, not_asked, policy, statement, unread
from scanner.facts import policy_shape
from scanner.facts.access.policies import read_policy
from scanner.facts.access.principals import principal
from scanner.facts.policy_shape import derive_policy
from scanner.model.key import Policy, Provider
from scanner.model.permission import Bindings, RoleBinding
from scanner.model.unknown import Cause, Unknown

ADMIN = f"arn:aws:iam::{ACCOUNT}:role/admin"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/admin/alice"
LINKED = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"
FOREIGN = "arn:aws:iam::999988887777:root"
GONE = "AROAEXAMPLEEXAMPLE123"
TEAM = {"StringEquals": {"aws:PrincipalTag/team": "keys"}}
OPEN = unread("policy", Cause.UNSUPPORTED)
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "access"


def changeable(*statements: dict[str, object]) -> bool | Unknown | None:
    return derive_policy(key(policy=policy(*statements))).changeable_by_owner


def allow(**changes: object) -> dict[str, object]:
    return statement(**changes)


def deny(**changes: object) -> dict[str, object]:
    return statement(Effect="Deny", **{"Principal": "*", "Action": "kms:PutKeyPolicy", **changes})


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": [FOREIGN, ACCOUNT]}, {"AWS": ADMIN}, {"AWS": ROOT}])
def test_an_unconditional_allow_to_the_own_account_or_one_of_its_identities_suffices(principal: object) -> None:
    assert changeable(allow(Principal=principal)) is True


@pytest.mark.parametrize(
    "action", ["*", "kms:*", "KMS:putkeypolicy", ["kms:Decrypt", "kms:Put*"], "kms:?utKeyPolicy", "k*:*Policy"]
)
def test_actions_are_globs_without_case(action: object) -> None:
    assert changeable(allow(Action=action)) is True


@pytest.mark.parametrize("action", ["kms:Decrypt", ["kms:Get*", "kms:PutKeyPolicyX"], "kms:PutKeyPolic", "s3:*"])
def test_an_allow_of_other_actions_leaves_the_policy_out_of_reach(action: object) -> None:
    assert changeable(allow(Action=action)) is False


def test_not_action_covers_everything_else() -> None:
    assert changeable(allow(Action=None, NotAction="kms:Decrypt")) is True
    assert changeable(allow(Action=None, NotAction=["kms:put*"])) is False


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": FOREIGN},
        {"AWS": "999988887777"},
        {"AWS": "arn:aws:iam::999988887777:role/admin"},
        {"AWS": GONE},
        {"Service": "rds.amazonaws.com"},
        {"AWS": []},
    ],
)
def test_foreign_deleted_and_service_principals_are_nobody_in_the_account(principal: object) -> None:
    assert changeable(allow(Principal=principal)) is False


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": SESSION},
        {"AWS": LINKED},
        {"AWS": f"arn:aws:sts::{ACCOUNT}:federated-user/bob"},
        {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"},
        {"CanonicalUser": "*"},
    ],
)
def test_a_principal_who_may_be_gone_tomorrow_leaves_it_open(principal: object) -> None:
    assert changeable(allow(Principal=principal)) == OPEN


@pytest.mark.parametrize(
    "name",
    [
        f"arn:aws:iam::{ACCOUNT}:role/*",
        f"arn:aws:iam::{ACCOUNT}:group/admins",
        "arn:aws:iam::*:root",
        "arn:aws:iam::aws:policy/x",
        "admin",
        "11112222333\u0663",
    ],
)
def test_a_name_that_means_no_user_role_or_account_is_nobody(name: str) -> None:
    assert changeable(allow(Principal={"AWS": name})) is False
    assert changeable(allow(), deny(Principal={"AWS": name})) is True


def test_a_condition_on_the_only_allow_leaves_it_open() -> None:
    assert changeable(allow(Condition=TEAM)) == OPEN
    assert changeable(allow(Condition={})) is True
    assert changeable(allow(Condition=TEAM), allow(Principal={"AWS": ADMIN})) is True


def test_allow_to_all_but_some_is_for_the_root_user_unless_that_is_spared() -> None:
    assert changeable(allow(Principal=None, NotPrincipal={"AWS": FOREIGN})) is True
    assert changeable(allow(Principal=None, NotPrincipal={"AWS": "*"})) is False


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (KEY_ID, True),
        ([KEY_ID.replace("key/1", "key/2"), "*"], True),
        (f"arn:aws:kms:*:{ACCOUNT}:key/*", True),
        (KEY_ID[:-1] + "?", True),
        ("arn:aws:kms:*", True),
        ("arn:*/1234abcd-12ab-34cd-56ef-1234567890ab", True),
        ("arn:aws:kms:eu-central-1:${aws:PrincipalAccount}:key/*", True),
        ("arn:aws:kms:eu-central-1:${aws:ResourceTag/account}:key/*", OPEN),
        (KEY_ID.replace("key/1", "key/2"), False),
        (f"arn:aws:kms:eu-central-1:{ACCOUNT}:alias/payments", False),
        ("arn:aws:kms:us-east-1:*:key/*", False),
        ([], False),
        (None, False),
    ],
)
def test_the_resource_must_mean_this_key(resource: object, expected: object) -> None:
    assert changeable(allow(Resource=resource)) == expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [("arn:aws:kms:*:*:key/other", True), (KEY_ID, False), ("*", False), ("arn:aws:kms:*", False)],
)
def test_not_resource_means_every_other_key(resource: object, expected: object) -> None:
    assert changeable(allow(Resource=None, NotResource=resource)) == expected


@pytest.mark.parametrize("principal", ["*", {"AWS": ROOT}, {"AWS": ACCOUNT}])
def test_an_unconditional_deny_for_everyone_locks_the_account_out(principal: object) -> None:
    assert changeable(allow(), allow(Principal={"AWS": ADMIN}), deny(Principal=principal)) is False
    assert changeable(allow(Condition=TEAM), allow(Principal={"AWS": SESSION}), deny(Principal=principal)) is False


@pytest.mark.parametrize(
    "changes",
    [
        {"Condition": TEAM},
        {"Resource": "arn:aws:kms:eu-central-1:${aws:ResourceTag/account}:key/*"},
        {"Principal": None, "NotPrincipal": {"AWS": ADMIN}},
        {"Condition": {"ArnLike": {"aws:PrincipalArn": ROOT}}},
    ],
)
def test_a_deny_that_may_hit_leaves_it_open(changes: dict[str, object]) -> None:
    assert changeable(allow(), deny(**changes)) == OPEN


@pytest.mark.parametrize(
    "changes",
    [
        {"Action": "kms:Decrypt"},
        {"Resource": KEY_ID + "0"},
        {"Resource": None},
        {"Principal": {"AWS": FOREIGN}},
        {"Principal": {"AWS": GONE}},
        {"Principal": {"Service": "rds.amazonaws.com"}},
        {"Principal": {"AWS": ADMIN}},
        {"Principal": {"AWS": SESSION}},
        {"Principal": {"Federated": "cognito-identity.amazonaws.com"}},
        {"Principal": None, "NotPrincipal": {"AWS": [ADMIN, ROOT]}},
        {"Principal": {"AWS": []}},
    ],
)
def test_a_deny_about_others_takes_nothing_from_the_account(changes: dict[str, object]) -> None:
    assert changeable(allow(), deny(**changes)) is True


def test_a_deny_of_the_only_named_role_locks_out_and_of_another_does_not() -> None:
    only = allow(Principal={"AWS": ADMIN})
    assert changeable(only, deny(Principal={"AWS": ADMIN})) is False
    assert changeable(only, deny(Principal={"AWS": ADMIN + "2"})) is True
    assert changeable(only, deny(Principal={"AWS": ADMIN}, Condition=TEAM)) == OPEN
    assert changeable(only, allow(Principal={"AWS": ADMIN + "2"}), deny(Principal={"AWS": ADMIN})) is True


def test_a_deny_of_a_role_hits_its_sessions() -> None:
    assert changeable(allow(Principal={"AWS": SESSION}), deny(Principal={"AWS": ADMIN})) is False


WHOM = (
    *("*", {"AWS": "*"}, {"AWS": ROOT}, {"AWS": ACCOUNT}, {"AWS": FOREIGN}, {"AWS": [ADMIN, ROOT]}, {"AWS": []}),
    *({"AWS": one} for one in (ADMIN, SESSION, LINKED, GONE, f"arn:aws:iam::{ACCOUNT}:role/*")),
    *({"Service": "rds.amazonaws.com"}, {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"}),
)
STATEMENTS = st.builds(
    lambda effect, element, whom, changes: statement(
        **{"Effect": effect, "Principal": None, "Action": "kms:PutKeyPolicy", element: whom, **changes}
    ),
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(["Principal", "Principal", "NotPrincipal"]),
    st.sampled_from(WHOM),
    st.sampled_from([{}, {"Condition": TEAM}, {"Action": "kms:Decrypt"}]),
)


@given(
    st.lists(STATEMENTS, max_size=4), st.sampled_from([ROOT, ADMIN, SESSION, LINKED, f"arn:aws:iam::{ACCOUNT}:role/*"])
)
def test_what_is_allowed_to_others_decides_nothing_for_a_caller(statements: list[dict[str, object]], name: str) -> None:
    whole, caller = read_policy(policy(*statements).document, "key policy", of_key=True), principal(name)
    told = policy_shape._as_for(whole, caller)
    assert [one for one in told.statements if not one.allows] == [one for one in whole.statements if not one.allows]
    decided = policy_shape._decided.__wrapped__
    assert decided(told, caller, ACCOUNT, KEY_ID) is decided(whole, caller, ACCOUNT, KEY_ID)


def test_one_statement_need_not_stand_in_a_list() -> None:
    facts = derive_policy(key(policy=Policy(document=json.dumps({"Id": "x", "Statement": allow()}))))
    assert facts.changeable_by_owner is True


def test_deleted_principals_are_found_wherever_they_stand() -> None:
    other = "AIDAEXAMPLEEXAMPLE1234"
    facts = derive_policy(
        key(
            policy=policy(
                allow(Principal={"AWS": [GONE, ROOT]}, Action="kms:Decrypt"),
                deny(Principal=None, NotPrincipal={"AWS": [other, GONE, "AROATOOSHORT", "AKIAEXAMPLEEXAMPLE12"]}),
            )
        )
    )
    assert facts.unresolved_principals == (other, GONE)
    assert derive_policy(key()).unresolved_principals == ()


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{}",
        "[]",
        '{"Statement": "x"}',
        '{"Statement": [{"Effect": "Permit", "Principal": "*"}]}',
        '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}',
        '{"Statement": [{"Effect": "Allow", "Principal": "*", "NotPrincipal": "*"}]}',
        '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "NotAction": "*"}]}',
        '{"Statement": [{"Effect": "Allow", "Principal": "*", "Resource": "*", "NotResource": "*"}]}',
        '{"Statement": [{"Effect": "Allow", "Principal": "111122223333"}]}',
        '{"Statement": [{"Effect": "Allow", "Principal": {"Human": "*"}}]}',
        '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": 111122223333}}]}',
        '{"Statement": [{"Effect": "Allow", "Principal": "*", "Surprise": 1}]}',
        '{"Statement": [{"Effect": "Allow", "Principal": "*", "Condition": ' + "[" * 20000 + "]" * 20000 + "}]}",
        '{"Statement": [{"Effect": "Allow", "Principal": "*", "Condition": {"a": ' + "[" * 20000 + "]" * 20000 + "}}]}",
    ],
)
def test_a_document_outside_the_grammar_is_an_error_not_a_verdict(document: str) -> None:
    facts = derive_policy(key(policy=Policy(document=document)))
    assert facts.changeable_by_owner == facts.unresolved_principals == unread("policy", Cause.ERROR)


def test_a_policy_that_was_not_read_stays_unread() -> None:
    assert derive_policy(key(policy=unread("policy"))).unresolved_principals == unread("policy")
    assert derive_policy(key(policy=not_asked("policy"))).changeable_by_owner == unread("policy", Cause.NOT_COLLECTED)


def test_bindings_name_who_is_gone_and_lock_nobody_out() -> None:
    gone = "deleted:user:ann@example.com?uid=123"
    binding = RoleBinding(role="roles/cloudkms.admin", members=("user:bob@example.com", gone))
    facts = derive_policy(key(provider=Provider.GCP, policy=Bindings(items=(binding,))))
    assert (facts.changeable_by_owner, facts.unresolved_principals) == (None, (gone,))


def test_a_key_that_carries_no_policy_of_its_own_has_nothing_to_tell() -> None:
    facts = derive_policy(key(provider=Provider.AZURE, policy=cannot_exist("policy")))
    assert (facts.changeable_by_owner, facts.unresolved_principals) == (None, None)


@given(st.text())
def test_no_text_breaks_the_reader(document: str) -> None:
    assert isinstance(derive_policy(key(policy=Policy(document=document))).changeable_by_owner, bool | Unknown)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpora are not beside this checkout")
def test_no_policy_is_called_locked_that_lets_an_evaluated_principal_of_the_corpus_change_it() -> None:
    seen = 0
    for line in (CORPUS / "aws_kms_dev.jsonl").read_text().splitlines():
        case = json.loads(line)
        if case["action"].lower() != "kms:putkeypolicy" or f":{ACCOUNT}:" not in case["principal"]:
            continue
        subject = key(id=case["resource"], policy=Policy(document=json.dumps(case["key_policy"])))
        seen += case["expected"]["allow"]
        assert not (case["expected"]["allow"] and derive_policy(subject).changeable_by_owner is False), case["id"]
    assert seen


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpora are not beside this checkout")
def test_policies_found_in_public_are_in_the_grammar_unless_they_are_templates() -> None:
    for line in (CORPUS / "real" / "key_policies.jsonl").read_text().splitlines():
        case = json.loads(line)
        document = json.dumps(case["policy"])
        facts = derive_policy(key(policy=Policy(document=document)))
        assert isinstance(facts.unresolved_principals, tuple) == ("Fn::" not in document), case["id"]
