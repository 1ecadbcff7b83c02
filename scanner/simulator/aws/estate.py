"""What a simulated AWS holds around its keys: organisation, identities, alerting, endpoints. Answers no call.

Policies and patterns are JSON text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
RESOURCE_CONTROL = "RESOURCE_CONTROL_POLICY"
FULL_ACCESS = {SERVICE_CONTROL: "p-FullAWSAccess", RESOURCE_CONTROL: "p-RCPFullAWSAccess"}
"""AWS's own policy of each type; it is attached to every node."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """An organisational unit below a root or another unit."""

    id: str
    name: str
    parent: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlPolicy:
    """A policy of the organisation and the nodes it is attached to."""

    id: str
    name: str
    kind: str
    text: str
    targets: tuple[str, ...]
    description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Principal:
    """A user, group or role (`kind`). `trust` is a role's, `groups` are a user's; `attached` are policies' ARNs."""

    kind: str
    name: str
    created: datetime
    path: str = "/"
    inline: Mapping[str, str] = field(default_factory=dict)
    attached: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    boundary: str = ""
    trust: str = ""
    last_used: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ManagedPolicy:
    """A policy that principals are attached to."""

    arn: str
    text: str
    created: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricFilter:
    """A pattern over a log group that feeds one metric."""

    name: str
    log_group: str
    pattern: str
    namespace: str
    metric: str
    created: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """An alarm on a metric, or over other alarms where it has a `rule`."""

    name: str
    created: datetime
    actions: tuple[str, ...] = ()
    enabled: bool = True
    state: str = "OK"
    namespace: str = ""
    metric: str = ""
    threshold: float = 1.0
    rule: str = ""
    suppressor: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """A subscriber of a topic; one that is not confirmed is told nothing."""

    protocol: str
    endpoint: str
    confirmed: bool = True
    filter_policy: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """A topic with its subscribers."""

    name: str
    policy: str
    key: str = ""
    subscriptions: tuple[Subscription, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule of a bus with its targets by id; `dead_letter` is the queue of every target."""

    name: str
    pattern: str
    bus: str = "default"
    state: str = "ENABLED"
    targets: Mapping[str, str] = field(default_factory=dict)
    dead_letter: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class VpcEndpoint:
    """A private way to a service."""

    id: str
    service: str
    vpc: str
    policy: str = ""
    kind: str = "Interface"


@dataclass(kw_only=True, slots=True)
class Surroundings:
    """What one account holds in one region around its keys; every place has a default bus besides `buses`."""

    filters: list[MetricFilter] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    buses: dict[str, str] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    endpoints: list[VpcEndpoint] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class Estate:
    """Everything besides keys, trails and buckets; an account without a parent stands right below the root."""

    units: dict[str, Unit] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    policy_types: set[str] = field(default_factory=lambda: {SERVICE_CONTROL})
    policies: dict[str, ControlPolicy] = field(default_factory=dict)
    principals: dict[str, list[Principal]] = field(default_factory=dict)
    managed: dict[str, list[ManagedPolicy]] = field(default_factory=dict)
    places: dict[tuple[str, str], Surroundings] = field(default_factory=dict)

    def around(self, account: str, region: str) -> Surroundings:
        """What stands around the keys of a place, made when it is not there yet."""
        return self.places.setdefault((account, region), Surroundings())
