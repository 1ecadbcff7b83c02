"""What stands around Meridian Bank's keys: units, control policies, identities, alarms, rules. Judges nothing.

The payments account tells its guard of dangerous events; analytics has an alarm that nobody hears.
"""

import json
from collections.abc import Mapping
from datetime import timedelta

from scanner.simulator.aws.bank_keys import ANALYTICS, HOME, PAYMENTS, SECURITY
from scanner.simulator.aws.estate import (
    RESOURCE_CONTROL,
    SERVICE_CONTROL,
    Alarm,
    ControlPolicy,
    ManagedPolicy,
    MetricFilter,
    Principal,
    Rule,
    Subscription,
    Topic,
    Unit,
    VpcEndpoint,
)
from scanner.simulator.aws.identifiers import digest
from scanner.simulator.aws.organisation import root_id
from scanner.simulator.aws.world import World

_DANGERS = ("DisableKey", "ScheduleKeyDeletion", "DeleteImportedKeyMaterial", "PutKeyPolicy")
_ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


def fill_estate(world: World) -> None:
    """Everything around the keys; the accounts and the organisation must be there."""
    _units(world)
    for account in (SECURITY, PAYMENTS, ANALYTICS):
        _identities(world, account)
    _heard(world)
    _unheard(world)
    _endpoint(world)


def _units(world: World) -> None:
    """Production, where keys cannot be deleted in under 30 days, and one unit without such a policy."""
    organisation = world.organisation
    if organisation is None:
        raise ValueError("the bank is an organisation")
    root = root_id(organisation)
    production, research = (f"ou-{root[2:]}-{digest(name)[:8]}" for name in ("production", "research"))
    estate = world.estate
    estate.units = {
        production: Unit(id=production, name="production", parent=root),
        research: Unit(id=research, name="research", parent=root),
    }
    estate.parents = {PAYMENTS: production, ANALYTICS: research}
    estate.policy_types = {SERVICE_CONTROL, RESOURCE_CONTROL}
    short = {
        "Sid": "NoHastyDeletion",
        "Effect": "Deny",
        "Action": "kms:ScheduleKeyDeletion",
        "Resource": "*",
        "Condition": {"NumericLessThan": {"kms:ScheduleKeyDeletionPendingWindowInDays": "30"}},
    }
    outside = {
        "Sid": "OwnOrganisationOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "kms:*",
        "Resource": "*",
        "Condition": {
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": organisation.id},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    }
    for name, kind, statement, target in (
        ("no-hasty-deletion", SERVICE_CONTROL, short, production),
        ("own-organisation-only", RESOURCE_CONTROL, outside, root),
    ):
        policy = ControlPolicy(
            id=f"p-{digest(name)[:8]}", name=name, kind=kind, text=_document(statement), targets=(target,)
        )
        estate.policies[policy.id] = policy


def _identities(world: World, account: str) -> None:
    """An application that uses keys, administrators, and a user who does so through a group, within a boundary."""
    begun = world.clock - timedelta(days=700)
    boundary = ManagedPolicy(
        arn=f"arn:aws:iam::{account}:policy/engineers-boundary",
        text=_document({"Effect": "Allow", "NotAction": ["iam:*", "kms:PutKeyPolicy"], "Resource": "*"}),
        created=begun,
    )
    admin = ManagedPolicy(arn=_ADMIN, text=_document(_allow("*")), created=begun)
    world.estate.managed[account] = [admin, boundary]
    world.estate.principals[account] = [
        Principal(kind="group", name="engineers", created=begun, inline={"read-keys": _document(_allow("kms:List*"))}),
        Principal(
            kind="user",
            name="o.meyer",
            created=begun,
            groups=("engineers",),
            boundary=boundary.arn,
            tags={"team": "payments"},
        ),
        Principal(
            kind="role",
            name="ledger",
            path="/app/",
            created=begun,
            inline={"use-keys": _document(_allow("kms:Decrypt", "kms:GenerateDataKey"))},
            trust=_document(_trust({"Service": "ec2.amazonaws.com"})),
            last_used=world.clock - timedelta(hours=2),
        ),
        Principal(
            kind="role",
            name="administrator",
            created=begun,
            attached=(_ADMIN,),
            trust=_document(_trust({"AWS": f"arn:aws:iam::{SECURITY}:root"})),
        ),
    ]


def _heard(world: World) -> None:
    """Payments: a filter, an alarm and a topic with a confirmed pager, and a rule beside them."""
    begun = world.clock - timedelta(days=700)
    around = world.estate.around(PAYMENTS, HOME)
    names = " || ".join(f"($.eventName = {name})" for name in _DANGERS)
    around.filters.append(
        MetricFilter(
            name="key-dangers",
            log_group="audit",
            pattern=f"{{ ($.eventSource = kms.amazonaws.com) && ({names}) }}",
            namespace="Meridian",
            metric="KeyDangers",
            created=begun,
        )
    )
    topic = _topic_arn(PAYMENTS, "key-guard")
    around.topics.append(
        Topic(
            name="key-guard",
            policy=_document(_publish(topic, "cloudwatch.amazonaws.com", "events.amazonaws.com")),
            subscriptions=(
                Subscription(protocol="https", endpoint="https://pager.meridian.example/hooks/7c1f0e9a"),
                Subscription(protocol="email", endpoint="key-guard@meridian.example"),
            ),
        )
    )
    around.alarms.append(
        Alarm(name="key-dangers", created=begun, actions=(topic,), namespace="Meridian", metric="KeyDangers")
    )
    around.rules.append(Rule(name="key-dangers", pattern=_pattern(_DANGERS), targets={"guard": topic}))


def _unheard(world: World) -> None:
    """Analytics: an alarm whose topic nobody has confirmed, and the rule that CIS asks for, which misses two events."""
    begun = world.clock - timedelta(days=400)
    around = world.estate.around(ANALYTICS, HOME)
    topic = _topic_arn(ANALYTICS, "alerts")
    around.topics.append(
        Topic(
            name="alerts",
            policy=_document(_publish(topic, "cloudwatch.amazonaws.com")),
            subscriptions=(Subscription(protocol="email", endpoint="j.doe@meridian.example", confirmed=False),),
        )
    )
    around.alarms += [
        Alarm(name="kms-changes", created=begun, namespace="CIS", metric="KmsChanges"),
        Alarm(
            name="any-change",
            created=begun,
            actions=(topic,),
            rule='ALARM("kms-changes") AND ALARM("business-hours")',
        ),
    ]
    around.rules.append(
        Rule(name="kms-changes", pattern=_pattern(_DANGERS[:2]), state="DISABLED", targets={"topic": topic})
    )


def _endpoint(world: World) -> None:
    """Payments reaches its keys by a private way that admits its own organisation alone."""
    organisation = world.organisation
    own = {"StringEquals": {"aws:PrincipalOrgID": organisation.id if organisation else ""}}
    world.estate.around(PAYMENTS, HOME).endpoints.append(
        VpcEndpoint(
            id="vpce-0a1b2c3d4e5f60718",
            service=f"com.amazonaws.{HOME}.kms",
            vpc="vpc-0f1e2d3c4b5a69788",
            policy=_document({**_allow("kms:*"), "Principal": "*", "Condition": own}),
        )
    )


def _document(*statements: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _allow(*actions: str) -> dict[str, object]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"}


def _trust(principal: Mapping[str, str]) -> dict[str, object]:
    return {"Effect": "Allow", "Principal": dict(principal), "Action": "sts:AssumeRole"}


def _publish(topic: str, *services: str) -> dict[str, object]:
    return {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sns:Publish", "Resource": topic}


def _pattern(names: tuple[str, ...]) -> str:
    detail = {"eventSource": ["kms.amazonaws.com"], "eventName": list(names)}
    return json.dumps({"source": ["aws.kms"], "detail-type": ["AWS API Call via CloudTrail"], "detail": detail})


def _topic_arn(account: str, name: str) -> str:
    return f"arn:aws:sns:{HOME}:{account}:{name}"
