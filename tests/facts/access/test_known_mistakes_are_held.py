"""Every mistake about access that other tools are known to make is held by a test of its own name."""

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MISTAKES, VERDICTS, FACTS = "test_known_mistakes.py", "test_known_verdicts.py", "test_access_facts.py"
GOOGLE, AZURE = "test_google_access.py", "test_azure_access.py"
UNBOUNDED = "test_a_condition_that_does_not_bound_the_caller_leaves_the_key_public"
BOUNDED = "test_everybody_bound_to_the_own_account_or_organisation_lets_no_outsider_in"

HELD = {
    "a key policy that was denied": (
        MISTAKES,
        "test_a_policy_that_could_not_be_read_leaves_that_key_open_and_no_other",
    ),
    "an odd policy stops the check of all keys": (
        VERDICTS,
        "test_an_odd_policy_leaves_that_key_unknown_and_the_others_judged",
    ),
    "a policy of Google Cloud that was denied passes": (
        VERDICTS,
        "test_policies_of_google_that_could_not_be_read_are_unknown_and_no_pass",
    ),
    "grants that were denied fail": (VERDICTS, "test_grants_that_could_not_be_read_are_unknown_and_no_fail"),
    "everybody in a list or under AWS": (MISTAKES, "test_everybody_in_every_form_of_a_principal_is_public"),
    "kms:ViaService alone": (MISTAKES, UNBOUNDED),
    "kms:GrantOperations or kms:GrantIsForAWSResource alone": (MISTAKES, UNBOUNDED),
    "a negated kms:CallerAccount beside kms:ViaService": (MISTAKES, UNBOUNDED),
    "the whole internet in one range, in halves, or by what it is not": (MISTAKES, UNBOUNDED),
    "values that every caller has": (MISTAKES, UNBOUNDED),
    "a network": (MISTAKES, "test_a_network_bounds_no_account_so_that_strangers_come_under_a_condition"),
    "another account by a condition or by its root": (
        MISTAKES,
        "test_another_account_is_an_outsider_however_it_is_named",
    ),
    "the own account in any spelling": (MISTAKES, BOUNDED),
    "the own organisation or a place in it": (MISTAKES, BOUNDED),
    "IfExists and ForAllValues where the key is missing": (MISTAKES, UNBOUNDED),
    "a Deny for everybody else": (MISTAKES, "test_a_deny_for_everybody_else_closes_what_is_open"),
    "a Deny for everybody": (MISTAKES, "test_a_deny_for_everybody_is_no_opening"),
    "NotPrincipal with Allow": (MISTAKES, "test_an_allow_for_all_but_some_is_public"),
    "a service without a source": (MISTAKES, "test_a_service_without_a_source_may_act_for_anybody"),
    "the root of the own account": (MISTAKES, "test_the_root_of_the_own_account_lets_in_whom_its_policies_let_in"),
    "a statement that is no list, actions in any case": (
        MISTAKES,
        "test_every_legal_form_of_a_statement_is_evaluated",
    ),
    "a statement that is no list, as a verdict": (
        VERDICTS,
        "test_a_statement_that_is_not_in_a_list_is_one_all_the_same",
    ),
    "NotAction, and * as the resource": (MISTAKES, "test_every_legal_form_of_a_statement_is_evaluated"),
    "a grant to another account": (MISTAKES, "test_a_grant_to_another_account_is_an_outsiders_access"),
    "grants of a key without an alias": (
        VERDICTS,
        "test_a_key_without_an_alias_is_asked_for_its_grants_all_the_same",
    ),
    "deleted principals": (MISTAKES, "test_deleted_principals_hold_nothing_and_are_named"),
    "administration for another account": (
        MISTAKES,
        "test_administration_for_another_account_is_dead_text_and_no_access",
    ),
    "a second factor that long-term keys slip past": (
        MISTAKES,
        "test_a_denial_that_long_term_keys_slip_through_is_told",
    ),
    "everything minus one action on every key": (VERDICTS, "test_everything_but_one_action_is_broad_as_well"),
    "decryption with every key": (VERDICTS, "test_the_use_of_every_key_is_broad_however_it_is_written"),
    "use and decision in one hand on AWS": (VERDICTS, "test_use_and_decision_in_one_hand_fail"),
    "use and decision on Google Cloud in any order, at any level": (
        VERDICTS,
        "test_use_and_decision_are_found_in_whatever_order_and_wherever_they_were_given",
    ),
    "use by a group": (VERDICTS, "test_use_by_a_group_and_decision_by_name_meet_in_whoever_is_in_both"),
    "everybody on a ring or a project": (VERDICTS, "test_everybody_on_ring_or_project_opens_its_keys"),
    "whoever may write a vault with its own list": (
        AZURE,
        "test_in_a_vault_with_its_own_list_the_list_decides_and_whoever_writes_the_vault_is_one_step_away",
    ),
    "a list that is ignored": (VERDICTS, "test_where_roles_decide_a_vaults_own_list_is_ignored"),
    "decryption by roles of another service": (
        GOOGLE,
        "test_use_from_above_the_ring_is_broad_and_by_another_role_hidden",
    ),
    "conditions that are judged one by one": (MISTAKES, BOUNDED),
    "unused access": (FACTS, "test_idle_time_comes_from_the_last_use_of_the_role"),
}
"""What is got wrong, and the test that holds the right answer, by file."""


@pytest.mark.parametrize("mistake", HELD)
def test_a_known_mistake_is_held_by_a_test(mistake):
    file, name = HELD[mistake]
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
