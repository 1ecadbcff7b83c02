"""The read operations of logs, alarms and topics, as plain functions from parameters to a reply. Changes nothing."""

from collections.abc import Mapping

from scanner.simulator.aws.errors import AwsError
from scanner.simulator.aws.estate import Alarm, MetricFilter, Subscription, Surroundings, Topic
from scanner.simulator.aws.identifiers import uuid_of
from scanner.simulator.aws.paging import Paging, number, page, text, texts
from scanner.simulator.aws.records import Caller
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Reply = dict[str, object]

_FILTERS = Paging("DescribeMetricFilters", 50, 50, "InvalidParameterException")
_ALARMS = Paging("DescribeAlarms", 50, 100, "InvalidNextToken")
_TOPICS = Paging("ListTopics", 100, 100, "InvalidParameter")
_SUBSCRIPTIONS = Paging("ListSubscriptionsByTopic", 100, 100, "InvalidParameter")


def describe_metric_filters(world: World, caller: Caller, params: Params) -> Reply:
    """Every metric filter, or those of one log group."""
    group = text(params, "logGroupName")
    rows = [_filter(one) for one in _around(world, caller).filters if group in (None, one.log_group)]
    size, token = number(params, "limit"), text(params, "nextToken")
    found = page(rows, _FILTERS, size=size, token=token, cap=world.page_limit)
    return {"metricFilters": list(found.items)} | ({"nextToken": found.token} if found.token else {})


def describe_alarms(world: World, caller: Caller, params: Params) -> Reply:
    """Metric alarms unless composite ones are asked for as well."""
    kinds = texts(params, "AlarmTypes") or ("MetricAlarm",)
    wanted = [
        one for one in _around(world, caller).alarms if ("CompositeAlarm" if one.rule else "MetricAlarm") in kinds
    ]
    size, token = number(params, "MaxRecords"), text(params, "NextToken")
    found = page(wanted, _ALARMS, size=size, token=token, cap=world.page_limit)
    reply: Reply = {
        "MetricAlarms": [_metric_alarm(one, caller) for one in found.items if not one.rule],
        "CompositeAlarms": [_composite_alarm(one, caller) for one in found.items if one.rule],
    }
    return reply | ({"NextToken": found.token} if found.token else {})


def list_topics(world: World, caller: Caller, params: Params) -> Reply:
    """The topics of the account and region."""
    rows = [{"TopicArn": _arn(caller, one)} for one in _around(world, caller).topics]
    found = page(rows, _TOPICS, size=None, token=text(params, "NextToken"), cap=world.page_limit)
    return {"Topics": list(found.items)} | ({"NextToken": found.token} if found.token else {})


def get_topic_attributes(world: World, caller: Caller, params: Params) -> Reply:
    """A topic's attributes, numbers as text."""
    topic = _topic(world, caller, text(params, "TopicArn") or "")
    confirmed = sum(one.confirmed for one in topic.subscriptions)
    attributes = {
        "TopicArn": _arn(caller, topic),
        "Owner": caller.account,
        "DisplayName": topic.name,
        "Policy": topic.policy,
        "SubscriptionsConfirmed": str(confirmed),
        "SubscriptionsPending": str(len(topic.subscriptions) - confirmed),
        "SubscriptionsDeleted": "0",
    }
    return {"Attributes": attributes | ({"KmsMasterKeyId": topic.key} if topic.key else {})}


def list_subscriptions_by_topic(world: World, caller: Caller, params: Params) -> Reply:
    """A topic's subscribers; one that is not confirmed has no id yet."""
    topic = _topic(world, caller, text(params, "TopicArn") or "")
    rows: list[Reply] = [
        {
            "SubscriptionArn": _subscription_arn(caller, topic, one) if one.confirmed else "PendingConfirmation",
            "Owner": caller.account,
            "Protocol": one.protocol,
            "Endpoint": one.endpoint,
            "TopicArn": _arn(caller, topic),
        }
        for one in topic.subscriptions
    ]
    found = page(rows, _SUBSCRIPTIONS, size=None, token=text(params, "NextToken"), cap=world.page_limit)
    return {"Subscriptions": list(found.items)} | ({"NextToken": found.token} if found.token else {})


def get_subscription_attributes(world: World, caller: Caller, params: Params) -> Reply:
    """A subscription's attributes, with its filter policy where it has one."""
    wanted = text(params, "SubscriptionArn") or ""
    for topic in _around(world, caller).topics:
        for one in topic.subscriptions:
            if one.confirmed and _subscription_arn(caller, topic, one) == wanted:
                return {"Attributes": _attributes(caller, topic, one)}
    raise AwsError("NotFound", "Subscription does not exist", 404)


def _around(world: World, caller: Caller) -> Surroundings:
    return world.estate.around(caller.account, caller.region)


def _filter(one: MetricFilter) -> Reply:
    return {
        "filterName": one.name,
        "filterPattern": one.pattern,
        "metricTransformations": [{"metricName": one.metric, "metricNamespace": one.namespace, "metricValue": "1"}],
        "creationTime": int(one.created.timestamp() * 1000),
        "logGroupName": one.log_group,
    }


def _alarm(one: Alarm, caller: Caller) -> Reply:
    return {
        "AlarmName": one.name,
        "AlarmArn": f"arn:aws:cloudwatch:{caller.region}:{caller.account}:alarm:{one.name}",
        "ActionsEnabled": one.enabled,
        "OKActions": [],
        "AlarmActions": list(one.actions),
        "InsufficientDataActions": [],
        "StateValue": one.state,
        "StateReason": "Unchecked: Initial alarm creation",
        "StateUpdatedTimestamp": one.created,
    }


def _metric_alarm(one: Alarm, caller: Caller) -> Reply:
    return _alarm(one, caller) | {
        "MetricName": one.metric,
        "Namespace": one.namespace,
        "Statistic": "Sum",
        "Dimensions": [],
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": one.threshold,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }


def _composite_alarm(one: Alarm, caller: Caller) -> Reply:
    row = _alarm(one, caller) | {"AlarmRule": one.rule}
    muted: Reply = {
        "ActionsSuppressor": one.suppressor,
        "ActionsSuppressorWaitPeriod": 60,
        "ActionsSuppressorExtensionPeriod": 60,
    }
    return row | (muted if one.suppressor else {})


def _topic(world: World, caller: Caller, arn: str) -> Topic:
    for one in _around(world, caller).topics:
        if _arn(caller, one) == arn:
            return one
    raise AwsError("NotFound", "Topic does not exist", 404)


def _arn(caller: Caller, topic: Topic) -> str:
    return f"arn:aws:sns:{caller.region}:{caller.account}:{topic.name}"


def _subscription_arn(caller: Caller, topic: Topic, one: Subscription) -> str:
    return f"{_arn(caller, topic)}:{uuid_of('subscription', one.protocol, one.endpoint)}"


def _attributes(caller: Caller, topic: Topic, one: Subscription) -> dict[str, str]:
    attributes = {
        "SubscriptionArn": _subscription_arn(caller, topic, one),
        "TopicArn": _arn(caller, topic),
        "Owner": caller.account,
        "Protocol": one.protocol,
        "Endpoint": one.endpoint,
        "PendingConfirmation": "false",
    }
    policy = {"FilterPolicy": one.filter_policy, "FilterPolicyScope": "MessageBody"} if one.filter_policy else {}
    return attributes | policy
