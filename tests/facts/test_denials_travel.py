"""What an organisation denies goes to the workers that judge the shards, and comes out of the parcel as it went in."""

import json
import pickle

import pytest

from scanner.facts.access.conditions import OPERATORS
from scanner.facts.access.policies import read_policy


@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_a_denial_with_any_operator_can_be_sent_elsewhere(operator):
    condition = {operator: {"kms:ScheduleKeyDeletionPendingWindowInDays": "7"}}
    statement = {"Effect": "Deny", "Action": "kms:*", "Resource": "*", "Condition": condition}
    policy = read_policy(json.dumps({"Version": "2012-10-17", "Statement": statement}), "policy")
    sent = pickle.loads(pickle.dumps(policy))  # noqa: S301 (packed a moment ago, here)
    (here,), (there,) = (each.statements[0].clauses for each in (policy, sent))
    values = ("6", "7", "2026-11-24T00:00:00Z")
    assert [there.operator.compare(value, "7") for value in values] == [
        here.operator.compare(value, "7") for value in values
    ]
