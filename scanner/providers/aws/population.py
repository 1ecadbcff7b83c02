"""Which accounts are read, which are left out, and why. Pure: plans, and asks nothing."""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from scanner.config.schema import AwsAccount, AwsConfig
from scanner.model.key import Provider
from scanner.model.scope import ScopeStatus
from scanner.providers.aws import replies
from scanner.providers.scopes import Account, LeftOut

_ACTIVE = "ACTIVE"
_NOT_CONFIGURED = "not in the configuration"


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """An account to read, and how to enter it: a profile, a role, or (with neither) the hub's own credentials."""

    id: str
    name: str | None
    profile: str | None
    role_arn: str | None
    external_id: str | None
    regions: Literal["all"] | tuple[str, ...]

    @property
    def named(self) -> Account:
        """The account as every scope names it."""
        return Account(provider=Provider.AWS, id=self.id, name=self.name)


class Population(msgspec.Struct, frozen=True, kw_only=True):
    """Every account that is known of, once, each group sorted by id."""

    targets: tuple[Target, ...]
    left_out: tuple[LeftOut, ...]


def plan(config: AwsConfig, hub: str | None, organisation: Iterable[replies.Account]) -> Population:
    """Every account that the configuration, the organisation or the hub's own credentials name.

    `hub` is the account of the configuration's own credentials, None when they do not work; `organisation` is empty
    when it could not be listed.
    """
    members = {member.id: member for member in organisation}
    configured = _configured(config, hub, members)
    excluded = {exclusion.account: exclusion for exclusion in config.exclude}
    targets = [_target(config, account, members.get(account.id), hub) for account in configured.values()]
    outside = [_outside(member) for member in members.values() if member.id not in configured.keys() | excluded.keys()]
    left = [
        LeftOut(
            provider=Provider.AWS,
            id=exclusion.account,
            name=_name(configured.get(exclusion.account), members.get(exclusion.account)),
            status=ScopeStatus.EXCLUDED,
            reason=exclusion.reason,
            approver=exclusion.approver,
        )
        for exclusion in excluded.values()
    ]
    return Population(
        targets=tuple(sorted((target for target in targets if target.id not in excluded), key=lambda item: item.id)),
        left_out=tuple(sorted(left + outside, key=lambda item: item.id)),
    )


def target_of(config: AwsConfig, account: str, hub: str | None) -> Target:
    """How one account is entered, whether it is among those to read or not."""
    configured = next((item for item in config.accounts if item.id == account), AwsAccount(id=account))
    return _target(config, configured, None, hub)


def state_of(member: replies.Account) -> str:
    """The account's state; the older word when the newer is not told."""
    return member.state or member.status or _ACTIVE


def _configured(config: AwsConfig, hub: str | None, members: Mapping[str, replies.Account]) -> dict[str, AwsAccount]:
    """The accounts to read by id, before exclusions."""
    accounts = {account.id: account for account in config.accounts}
    if config.discover:
        active = (member.id for member in members.values() if state_of(member) == _ACTIVE)
        accounts = {id_: AwsAccount(id=id_) for id_ in active} | accounts
    if hub and (config.discover or not config.accounts):
        accounts.setdefault(hub, AwsAccount(id=hub))
    return accounts


def _target(config: AwsConfig, account: AwsAccount, member: replies.Account | None, hub: str | None) -> Target:
    """How the account is entered: what it says itself, else the hub's own credentials, else the common role."""
    role = account.role_arn
    if role is None and account.profile is None and account.id != hub and config.assume_role:
        role = config.assume_role.replace("{account}", account.id)
    return Target(
        id=account.id,
        name=_name(account, member),
        profile=account.profile,
        role_arn=role,
        external_id=account.external_id or config.external_id,
        regions=account.regions or config.regions,
    )


def _outside(member: replies.Account) -> LeftOut:
    state = state_of(member)
    status, reason = ScopeStatus.OUTSIDE, _NOT_CONFIGURED
    if state != _ACTIVE:
        status, reason = ScopeStatus.CLOSED, state.lower().replace("_", " ")
    return LeftOut(provider=Provider.AWS, id=member.id, name=member.name or None, status=status, reason=reason)


def _name(account: AwsAccount | None, member: replies.Account | None) -> str | None:
    configured = account.name if account else None
    return configured or (member.name if member else None) or None
