"""What stands around keys, through the real SDK: the bank's whole path."""

import json
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from scanner.simulator.aws.bank import bank
from scanner.simulator.aws.bank_keys import ANALYTICS, HOME, PAYMENTS, SECURITY


@pytest.fixture
def world():
    """The bank instead of one small account."""
    return bank(datetime(2026, 6, 1, 12, tzinfo=UTC))


@pytest.fixture
def as_account(client, world):
    """Makes clients of an account's user at home."""
    return lambda service, account: client(service, region=HOME, credentials=world.credentials(account))


def test_alarms_come_with_their_times_and_composite_ones_when_asked_for(as_account, world):
    cloudwatch = as_account("cloudwatch", ANALYTICS)

    both = cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])

    assert [alarm["AlarmName"] for alarm in both["MetricAlarms"]] == ["kms-changes"]
    assert [alarm["AlarmName"] for alarm in both["CompositeAlarms"]] == ["any-change"]
    assert both["MetricAlarms"][0]["StateUpdatedTimestamp"] < world.clock
    assert cloudwatch.describe_alarms()["CompositeAlarms"] == []


def test_a_topic_counts_who_is_told(as_account):
    sns = as_account("sns", ANALYTICS)
    (topic,) = sns.list_topics()["Topics"]

    told = sns.get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"]
    (waiting,) = sns.list_subscriptions_by_topic(TopicArn=topic["TopicArn"])["Subscriptions"]

    assert (told["SubscriptionsConfirmed"], told["SubscriptionsPending"]) == ("0", "1")
    assert waiting["SubscriptionArn"] == "PendingConfirmation"


def test_rules_and_targets_hang_together(as_account):
    events = as_account("events", PAYMENTS)
    (rule,) = events.list_rules()["Rules"]

    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]

    assert target["Arn"].endswith(":key-guard")
    assert "DeleteImportedKeyMaterial" in json.loads(rule["EventPattern"])["detail"]["eventName"]


def test_documents_are_read_by_the_sdk(as_account):
    told = as_account("iam", PAYMENTS).get_account_authorization_details()

    roles = {role["RoleName"]: role for role in told["RoleDetailList"]}
    assert set(roles) == {"ledger", "administrator", "key-auditor"}
    assert roles["ledger"]["RolePolicyList"][0]["PolicyDocument"]["Statement"][0]["Effect"] == "Allow"
    assert told["IsTruncated"] is False


def test_the_short_waiting_time_is_denied_to_production_alone(as_account):
    organizations = as_account("organizations", SECURITY)
    listed = organizations.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
    policy = next(one for one in listed if one["Name"] == "no-hasty-deletion")

    text = json.loads(organizations.describe_policy(PolicyId=policy["Id"])["Policy"]["Content"])
    (target,) = organizations.list_targets_for_policy(PolicyId=policy["Id"])["Targets"]
    (account,) = organizations.list_accounts_for_parent(ParentId=target["TargetId"])["Accounts"]

    condition = text["Statement"][0]["Condition"]["NumericLessThan"]
    assert condition == {"kms:ScheduleKeyDeletionPendingWindowInDays": "30"}
    assert account["Id"] == PAYMENTS


def test_an_endpoint_has_its_policy(as_account):
    (endpoint,) = as_account("ec2", PAYMENTS).describe_vpc_endpoints()["VpcEndpoints"]

    assert json.loads(endpoint["PolicyDocument"])["Statement"][0]["Action"] == ["kms:*"]


@pytest.mark.parametrize(
    ("service", "call", "arguments"),
    [
        ("sns", "get_topic_attributes", {"TopicArn": "arn:aws:sns:eu-central-1:1:gone"}),
        ("sns", "get_subscription_attributes", {"SubscriptionArn": "arn:aws:sns:eu-central-1:1:gone:1"}),
        ("events", "list_rules", {"EventBusName": "gone"}),
        ("events", "list_targets_by_rule", {"Rule": "gone"}),
        ("organizations", "describe_policy", {"PolicyId": "p-gone0000"}),
        ("organizations", "list_accounts_for_parent", {"ParentId": "r-gone"}),
    ],
)
def test_what_is_not_there_is_said_to_be_not_there(as_account, service, call, arguments):
    with pytest.raises(ClientError) as caught:
        getattr(as_account(service, SECURITY), call)(**arguments)

    assert "Not" in caught.value.response["Error"]["Code"]


def test_a_member_may_not_see_the_tree(as_account):
    with pytest.raises(ClientError) as caught:
        as_account("organizations", PAYMENTS).list_roots()

    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
