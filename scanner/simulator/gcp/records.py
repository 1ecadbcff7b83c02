"""What stands in the simulated Google Cloud: folders, projects, rings, keys, versions, policies. Serves nothing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

Policy = dict[str, object]
"""An allow policy in Google's own JSON."""


@dataclass(kw_only=True)
class Version:
    """A version of a key; `imported` means that a customer brought the material."""

    number: int
    state: str
    created: datetime
    protection: str
    algorithm: str
    imported: bool = False
    destroy_at: datetime | None = None
    destroyed_at: datetime | None = None


@dataclass(kw_only=True)
class Key:
    """A key. `period` is how often it rotates, None for never; `wait` what a version waits before its destruction.

    `counted` is what Google counts under it, None for as many as there are.
    """

    name: str
    ring: str
    project: str
    created: datetime
    purpose: str = "ENCRYPT_DECRYPT"
    protection: str = "SOFTWARE"
    algorithm: str = "GOOGLE_SYMMETRIC_ENCRYPTION"
    period: timedelta | None = None
    next_rotation: datetime | None = None
    wait: timedelta = timedelta(days=30)
    labels: dict[str, str] = field(default_factory=dict)
    import_only: bool = False
    backend: str | None = None
    primary: int | None = None
    counted: int | None = None
    warnings: list[str] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    policy: Policy = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The full resource name."""
        return f"{self.ring}/cryptoKeys/{self.name}"


@dataclass(kw_only=True)
class Ring:
    """A key ring; `id` is its full resource name."""

    id: str
    project: str
    location: str
    created: datetime
    policy: Policy = field(default_factory=dict)


@dataclass(kw_only=True)
class Node:
    """An organisation, folder or project: `id` is `folders/1`, for a project its own id."""

    id: str
    parent: str | None
    title: str
    number: int
    active: bool = True
    policy: Policy = field(default_factory=dict)
    denials: list[dict[str, object]] = field(default_factory=list)
    disabled: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class Role:
    """A role of the customer's own."""

    id: str
    title: str
    permissions: list[str]


@dataclass
class Estate:
    """Everything, by full resource name; insertion order is the order of listings.

    `things` are what no method changes, in Google's own JSON, by what they are under and what a listing calls them.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    rings: dict[str, Ring] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    assets: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    events: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    things: dict[tuple[str, str], list[dict[str, object]]] = field(default_factory=dict)
    locations: list[str] = field(default_factory=lambda: ["global", "europe-west3", "europe-west1", "us-central1"])
