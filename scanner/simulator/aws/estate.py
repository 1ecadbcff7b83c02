"""What a simulated AWS holds around its keys: units and policies of the organisation. Answers no call."""

from dataclasses import dataclass, field

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
    """A policy of the organisation (JSON text) and the nodes it is attached to."""

    id: str
    name: str
    kind: str
    text: str
    targets: tuple[str, ...]
    description: str = ""


@dataclass(kw_only=True, slots=True)
class Estate:
    """Everything besides keys, trails and buckets; an account without a parent stands right below the root."""

    units: dict[str, Unit] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    policy_types: set[str] = field(default_factory=lambda: {SERVICE_CONTROL})
    policies: dict[str, ControlPolicy] = field(default_factory=dict)
