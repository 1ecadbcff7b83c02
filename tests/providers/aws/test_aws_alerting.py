"""Filters, alarms, topics and rules: each group read or unknown by itself, subscribers' addresses cut down."""

import hashlib
import json

import msgspec
import pytest
from simulated import HUB, NOW, around, collected, refuse, world_of
from small_estate import REGION

from scanner.model.alerting import ALERTING_GROUPS
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws import normalise_alerting, replies_alerting
from scanner.providers.aws.subscribers import parted, shortened
from scanner.providers.failure import MalformedReplyError
from scanner.simulator.aws.estate import Alarm, MetricFilter, Rule, Subscription, Topic
from scanner.simulator.aws.faults import Effect

TOPIC = f"arn:aws:sns:{REGION}:{HUB}:guard"
QUEUE = f"arn:aws:sqs:{REGION}:{HUB}:pager"
POLICY = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": TOPIC}]})
PATTERN = '{ ($.eventSource = "kms.amazonaws.com") && ($.eventName = DisableKey) }'
HOOK = "https://Pager.example/hooks/canary-hook-token"


@pytest.fixture
def world():
    """One whole path, and one of each thing that breaks it."""
    made = world_of()
    here = around(made)
    here.filters.append(
        MetricFilter(name="f", log_group="audit", pattern=PATTERN, namespace="N", metric="M", created=NOW)
    )
    here.alarms += [
        Alarm(name="single", created=NOW, actions=(TOPIC,), namespace="N", metric="M", threshold=2.5),
        Alarm(name="both", created=NOW, rule='ALARM("single")', suppressor="mute", enabled=False),
    ]
    here.topics.append(
        Topic(
            name="guard",
            policy=POLICY,
            key="alias/guard",
            subscriptions=(
                Subscription(protocol="sqs", endpoint=QUEUE, filter_policy='{"severity": ["high"]}'),
                Subscription(protocol="https", endpoint=HOOK),
                Subscription(protocol="email", endpoint="canary.name@Meridian.example", confirmed=False),
                Subscription(protocol="sms", endpoint="+15550100canary"),
            ),
        )
    )
    here.buses["own"] = POLICY
    here.rules += [
        Rule(name="r", pattern='{"source": ["aws.kms"]}', targets={"t": TOPIC}, dead_letter=QUEUE),
        Rule(name="r", bus="own", pattern='{"source": ["aws.s3"]}', state="DISABLED"),
    ]
    return made


def alerting_of(world, monkeypatch):
    return collected(world, monkeypatch).shard(HUB, REGION).alerting


def test_filters_and_alarms_are_read_page_by_page(world, monkeypatch):
    world.page_limit = 1

    found = alerting_of(world, monkeypatch)

    (filtered,) = found.filters.items
    assert (filtered.log_group, filtered.pattern, filtered.transformations[0].metric) == ("audit", PATTERN, "M")
    (single,) = found.alarms.metric
    assert (single.namespace, single.metric, single.threshold, single.comparison) == (
        "N",
        "M",
        2.5,
        "GreaterThanOrEqualToThreshold",
    )
    assert (single.alarm_actions, single.actions_enabled, single.state_updated_at) == ((TOPIC,), True, NOW)
    (both,) = found.alarms.composite
    assert (both.rule, both.suppressor, both.suppressor_wait_seconds, both.actions_enabled) == (
        'ALARM("single")',
        "mute",
        60,
        False,
    )


def test_topics_are_read_with_who_is_told(world, monkeypatch):
    (topic,) = alerting_of(world, monkeypatch).topics.items

    assert (topic.settings.key, topic.settings.confirmed, topic.settings.pending) == ("alias/guard", 3, 1)
    assert topic.settings.policy.document == POLICY
    told = {one.protocol: one for one in topic.subscriptions.items}
    assert (told["email"].confirmed, told["email"].id, told["email"].filter) == (False, None, None)
    assert json.loads(told["sqs"].filter.policy.document) == {"severity": ["high"]}
    assert told["https"].filter.policy is None
    assert told["https"].confirmed


def test_rules_are_read_bus_by_bus(world, monkeypatch):
    default, own = alerting_of(world, monkeypatch).buses.items

    assert (default.name, default.policy) == ("default", None)
    (rule,) = default.rules.items
    assert (rule.state, rule.pattern, rule.scheduled) == ("ENABLED", '{"source": ["aws.kms"]}', False)
    assert [(target.target, target.dead_letter) for target in rule.targets.items] == [(TOPIC, QUEUE)]
    assert own.policy.document == POLICY
    assert [(rule.state, rule.targets.items) for rule in own.rules.items] == [("DISABLED", ())]


def test_no_whole_address_of_a_person_is_kept(world, monkeypatch):
    found = collected(world, monkeypatch)

    text = msgspec.json.encode(found.shards[HUB, REGION]).decode()
    told = {one.protocol: one for one in found.shard(HUB, REGION).alerting.topics.items[0].subscriptions.items}
    assert "canary" not in text
    assert told["email"].endpoint == "meridian.example"
    assert told["email"].endpoint_sha256 == hashlib.sha256(b"canary.name@meridian.example").hexdigest()
    assert told["https"].endpoint == "https://pager.example"
    assert (told["sms"].endpoint, told["sms"].endpoint_sha256) == ("", None)
    assert (told["sqs"].endpoint, told["sqs"].endpoint_sha256) == (QUEUE, None)


GROUPS = {
    ("logs", "DescribeMetricFilters"): "filters",
    ("cloudwatch", "DescribeAlarms"): "alarms",
    ("sns", "ListTopics"): "topics",
    ("events", "ListEventBuses"): "buses",
}


@pytest.mark.parametrize("effect", [effect for effect in Effect if effect is not Effect.SLOW])
@pytest.mark.parametrize(("service", "operation"), GROUPS)
def test_a_listing_that_fails_in_whatever_way_hides_its_own_group(world, monkeypatch, service, operation, effect):
    refuse(world, service, operation, effect=effect)

    found = alerting_of(world, monkeypatch)

    unknown = {name: getattr(found, name) for name in ALERTING_GROUPS if isinstance(getattr(found, name), Unknown)}
    assert set(unknown) == {GROUPS[service, operation]}
    assert {value.call for value in unknown.values()} == {f"{service}:{operation}"}


@pytest.mark.parametrize(
    ("refused", "where"),
    [
        (("sns", "GetTopicAttributes", TOPIC), lambda found: found.topics.items[0].settings),
        (("sns", "ListSubscriptionsByTopic", TOPIC), lambda found: found.topics.items[0].subscriptions),
        (("events", "ListRules", "own"), lambda found: found.buses.items[1].rules),
        (("events", "ListTargetsByRule", "r"), lambda found: found.buses.items[0].rules.items[0].targets),
    ],
)
def test_one_refusal_inside_hides_what_it_is_about(world, monkeypatch, refused, where):
    service, operation, resource = refused
    whole = alerting_of(world, monkeypatch)
    refuse(world, service, operation, resource)

    found = alerting_of(world, monkeypatch)

    assert not isinstance(where(whole), Unknown)
    assert where(found) == Unknown(cause=Cause.DENIED, call=f"{service}:{operation}")
    assert (found.filters, found.alarms) == (whole.filters, whole.alarms)


def test_a_filter_that_may_not_be_read_is_no_subscription_that_lets_everything_through(world, monkeypatch):
    refuse(world, "sns", "GetSubscriptionAttributes")

    (topic,) = alerting_of(world, monkeypatch).topics.items

    denied = Unknown(cause=Cause.DENIED, call="sns:GetSubscriptionAttributes")
    assert {one.filter for one in topic.subscriptions.items if one.confirmed} == {denied}


def test_the_evidence_of_every_group_is_there(world, monkeypatch):
    found = collected(world, monkeypatch)

    evidence = found.shard(HUB, REGION).alerting.evidence
    assert {item.group for item in evidence} == set(ALERTING_GROUPS)
    assert {item.raw for item in evidence} <= found.raw(HUB, REGION).keys()


def test_a_page_of_alarms_without_a_list_is_no_answer():
    with pytest.raises(MalformedReplyError):
        normalise_alerting.alarms([replies_alerting.DescribeAlarms()])


@pytest.mark.parametrize(
    ("protocol", "address"),
    [
        ("email", "someone@example.org"),
        ("https", "https://h.example/x"),
        ("https", "https://[broken"),
        ("sms", "+1555"),
        ("lambda", "arn:aws:lambda:eu-central-1:111122223333:function:f"),
        ("email", ""),
    ],
)
def test_what_is_cut_down_stays_as_it_is(protocol, address):
    once = shortened(protocol, address)

    assert shortened(protocol, once) == once


@pytest.mark.parametrize("protocol", ["https", "email"])
def test_no_address_can_pass_itself_off_as_another(protocol):
    digest = hashlib.sha256(b"https://pager.example/hook").hexdigest()
    spoofed = {"https": f"https://evil.example/#sha256:{digest}", "email": f"sha256:{digest}@evil.example"}[protocol]

    assert parted(shortened(protocol, spoofed))[1] == hashlib.sha256(spoofed.encode()).hexdigest()
