"""Pacing, the table's figures and the policy made from it."""

import pytest

from scanner.providers.aws.operations import DESCRIBE_KEY, GET_KEY_LAST_USAGE, LIST_GRANTS, OPERATIONS
from scanner.providers.aws.permissions import hub_policy_document, policy_document
from scanner.providers.limits import Limiter, TokenBucket


class Time:
    def __init__(self):
        self.now = 0.0
        self.slept = []

    def read(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def test_a_bucket_lets_one_second_through_at_once_and_then_keeps_the_pace():
    time = Time()
    bucket = TokenBucket(5.0, time.read)

    waits = [bucket.reserve() for _ in range(8)]

    assert waits == pytest.approx([0, 0, 0, 0, 0, 0.2, 0.4, 0.6])


def test_a_rate_below_one_still_lets_the_first_call_through():
    time = Time()
    bucket = TokenBucket(0.5, time.read)

    assert (bucket.reserve(), bucket.reserve()) == (0.0, pytest.approx(2.0))


def test_over_any_long_time_the_rate_holds():
    time = Time()
    limiter = Limiter({"kms:DescribeKey": 10.0}, now=time.read, sleep=time.sleep)

    for _ in range(110):
        limiter.wait("111122223333", "eu-central-1", DESCRIBE_KEY)

    assert time.now == pytest.approx(10.0)


def test_accounts_regions_and_operations_do_not_wait_for_each_other():
    time = Time()
    limiter = Limiter({"kms:DescribeKey": 1.0, "kms:ListGrants": 1.0}, now=time.read, sleep=time.sleep)

    for account in ("1", "2"):
        for region in ("a", "b"):
            for operation in (DESCRIBE_KEY, LIST_GRANTS):
                limiter.wait(account, region, operation)

    assert time.slept == []


def test_a_limiter_that_is_off_never_waits():
    time = Time()
    limiter = Limiter({"kms:DescribeKey": 1.0}, enabled=False, now=time.read, sleep=time.sleep)

    for _ in range(100):
        limiter.wait("1", "a", DESCRIBE_KEY)

    assert time.slept == []


def test_default_rates_are_a_quarter_of_a_dated_quota_or_five():
    assert DESCRIBE_KEY.rate == 500.0
    assert GET_KEY_LAST_USAGE.rate == 4.0
    assert all("20" in operation.quota.source for operation in OPERATIONS.values() if operation.quota)
    shared = [operation for operation in OPERATIONS.values() if operation.quota and operation != GET_KEY_LAST_USAGE]
    assert all(operation.rate <= operation.quota.per_second / 4 for operation in shared)


def test_the_policy_allows_what_is_called_and_nothing_else():
    statements = policy_document()["Statement"]

    actions = [action for statement in statements for action in statement["Action"]]
    called = {operation.action for operation in OPERATIONS.values() if operation.service != "sts"}
    assert len(actions) == len(set(actions))
    assert set(actions) == called
    verbs = ("Get", "List", "Describe", "Lookup", "Select", "BatchGet")
    assert not [action for action in actions if not action.split(":")[1].startswith(verbs)]
    assert {statement["Sid"] for statement in statements} == {
        "Keys",
        "Trails",
        "TrailBucket",
        "Recordings",
        "Population",
        "Stores",
        "Identities",
        "Alerting",
    }


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        (("s3", "GetPublicAccessBlock"), "s3:GetBucketPublicAccessBlock"),
        (("s3", "GetObjectLockConfiguration"), "s3:GetBucketObjectLockConfiguration"),
        (("s3", "GetBucketPolicyStatus"), "s3:GetBucketPolicyStatus"),
        (("s3", "ListBuckets"), "s3:ListAllMyBuckets"),
        (("s3", "GetBucketEncryption"), "s3:GetEncryptionConfiguration"),
        (("resourcegroupstaggingapi", "GetResources"), "tag:GetResources"),
    ],
)
def test_permissions_have_the_names_that_policies_know(operation, action):
    assert OPERATIONS[operation].action == action


def test_the_hub_may_assume_the_named_roles_only():
    role = "arn:aws:iam::222233334444:role/keymuster"

    (statement,) = hub_policy_document((role,))["Statement"]

    assert statement["Action"] == ["sts:AssumeRole"]
    assert statement["Resource"] == [role]
