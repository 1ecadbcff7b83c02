"""Who may act in an account: users, groups, roles and the policies they hold. Judges nothing."""

from datetime import datetime

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.organisation import PolicyText
from scanner.model.record import Record
from scanner.model.unknown import Unknown


class InlinePolicy(Record, frozen=True, kw_only=True, tag="inline_policy"):
    """A policy that belongs to one identity; its text is unknown when it is not a JSON object."""

    name: str
    text: PolicyText | Unknown


class ManagedPolicy(Record, frozen=True, kw_only=True, tag="managed_policy"):
    """A policy that identities are attached to by its `id` (ARN); `text` is that of the version in force."""

    id: str
    name: str
    provider_managed: bool
    version: str
    text: PolicyText | Unknown


class User(Record, frozen=True, kw_only=True, tag="user"):
    """A user. `id` is the ARN, `unique_id` is never given to another; `attached` and `boundary` are policies' ids.

    `groups` are names. `tags` are what conditions on the caller's tags compare.
    """

    id: str
    unique_id: str
    name: str
    created_at: datetime
    groups: tuple[str, ...]
    inline: tuple[InlinePolicy, ...]
    attached: tuple[str, ...]
    boundary: str | None
    tags: dict[str, str]


class Group(Record, frozen=True, kw_only=True, tag="group"):
    """A group of users, who hold its policies besides their own."""

    id: str
    unique_id: str
    name: str
    inline: tuple[InlinePolicy, ...]
    attached: tuple[str, ...]


class Role(Record, frozen=True, kw_only=True, tag="role"):
    """A role. `trust` says who may become it; `last_used_at` is None when no use is known to the provider."""

    id: str
    unique_id: str
    name: str
    created_at: datetime
    trust: PolicyText | Unknown
    inline: tuple[InlinePolicy, ...]
    attached: tuple[str, ...]
    boundary: str | None
    tags: dict[str, str]
    last_used_at: datetime | None
    last_used_region: str | None


class Principals(Record, frozen=True, kw_only=True, tag="principals"):
    """Every identity of an account and every policy that one of them is attached to; each list is sorted by id."""

    users: tuple[User, ...]
    groups: tuple[Group, ...]
    roles: tuple[Role, ...]
    policies: tuple[ManagedPolicy, ...]


class AccountIdentities(Record, frozen=True, kw_only=True, tag="account_identities"):
    """The identities of one account, whatever its regions."""

    provider: Provider
    account: str
    principals: Principals | Unknown
    evidence: tuple[Evidence, ...]
