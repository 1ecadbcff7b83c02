"""The operations that read identities, alerting and networks. Calls nothing."""

from scanner.providers.aws import replies_alerting as alerting
from scanner.providers.aws import replies_identities as identities
from scanner.providers.aws import replies_network as network
from scanner.providers.aws.stores.sns import GET_TOPIC_ATTRIBUTES, LIST_TOPICS
from scanner.providers.operation import NEXT_TOKEN, AnyOperation, Operation, Paging

_LOWER_TOKEN = Paging(request="nextToken", reply="nextToken")

GET_ACCOUNT_AUTHORIZATION_DETAILS = Operation(
    service="iam",
    name="GetAccountAuthorizationDetails",
    action="iam:GetAccountAuthorizationDetails",
    reply=identities.GetAccountAuthorizationDetails,
    params=("MaxItems",),
    paging=Paging(request="Marker", reply="Marker", flag="IsTruncated"),
)
DESCRIBE_METRIC_FILTERS = Operation(
    service="logs",
    name="DescribeMetricFilters",
    action="logs:DescribeMetricFilters",
    reply=alerting.DescribeMetricFilters,
    params=("limit",),
    paging=_LOWER_TOKEN,
)
DESCRIBE_ALARMS = Operation(
    service="cloudwatch",
    name="DescribeAlarms",
    action="cloudwatch:DescribeAlarms",
    reply=alerting.DescribeAlarms,
    params=("AlarmTypes", "MaxRecords"),
    paging=NEXT_TOKEN,
)
LIST_SUBSCRIPTIONS_BY_TOPIC = Operation(
    service="sns",
    name="ListSubscriptionsByTopic",
    action="sns:ListSubscriptionsByTopic",
    reply=alerting.ListSubscriptionsByTopic,
    params=("TopicArn",),
    paging=NEXT_TOKEN,
)
GET_SUBSCRIPTION_ATTRIBUTES = Operation(
    service="sns",
    name="GetSubscriptionAttributes",
    action="sns:GetSubscriptionAttributes",
    reply=alerting.GetSubscriptionAttributes,
    params=("SubscriptionArn",),
)
LIST_EVENT_BUSES = Operation(
    service="events",
    name="ListEventBuses",
    action="events:ListEventBuses",
    reply=alerting.ListEventBuses,
    params=("Limit",),
    paging=NEXT_TOKEN,
)
LIST_RULES = Operation(
    service="events",
    name="ListRules",
    action="events:ListRules",
    reply=alerting.ListRules,
    params=("EventBusName", "Limit"),
    paging=NEXT_TOKEN,
)
LIST_TARGETS_BY_RULE = Operation(
    service="events",
    name="ListTargetsByRule",
    action="events:ListTargetsByRule",
    reply=alerting.ListTargetsByRule,
    params=("Rule", "EventBusName", "Limit"),
    paging=NEXT_TOKEN,
)
DESCRIBE_VPC_ENDPOINTS = Operation(
    service="ec2",
    name="DescribeVpcEndpoints",
    action="ec2:DescribeVpcEndpoints",
    reply=network.DescribeVpcEndpoints,
    params=("MaxResults",),
    paging=NEXT_TOKEN,
)

ESTATE_OPERATIONS: tuple[AnyOperation, ...] = (
    GET_ACCOUNT_AUTHORIZATION_DETAILS,
    DESCRIBE_METRIC_FILTERS,
    DESCRIBE_ALARMS,
    LIST_TOPICS,
    GET_TOPIC_ATTRIBUTES,
    LIST_SUBSCRIPTIONS_BY_TOPIC,
    GET_SUBSCRIPTION_ATTRIBUTES,
    LIST_EVENT_BUSES,
    LIST_RULES,
    LIST_TARGETS_BY_RULE,
    DESCRIBE_VPC_ENDPOINTS,
)
"""Topics are data stores too; their listing and attributes are the operations of that service."""
