"""Which subscriptions are read, which are left out, and why. Pure: plans, and asks nothing."""

from collections.abc import Iterable

import msgspec

from scanner.config.schema import AzureConfig
from scanner.model.key import Provider
from scanner.model.scope import ScopeStatus
from scanner.providers.azure import replies
from scanner.providers.scopes import Account, LeftOut

_CLOSED = frozenset({"disabled", "deleted"})
"""States in which a subscription's vaults cannot be used; the others can be read."""

_NOT_CONFIGURED = "not in the configuration"


class Population(msgspec.Struct, frozen=True, kw_only=True):
    """Every subscription that is known of, once, each group sorted by id."""

    targets: tuple[Account, ...]
    left_out: tuple[LeftOut, ...]


def plan(config: AzureConfig, listed: Iterable[replies.Subscription]) -> Population:
    """Every subscription that the configuration or the listing names; the listing is empty when it was denied."""
    visible = {item.subscription_id.lower(): item for item in listed}
    configured = {item.id: item.name for item in config.subscriptions}
    excluded = {item.subscription: item for item in config.exclude}
    open_ones = {id_ for id_, item in visible.items() if not is_closed(item)}
    wanted = (set(configured) or open_ones) - set(excluded)
    left = [
        LeftOut(
            provider=Provider.AZURE,
            id=item.subscription,
            name=_name(item.subscription, configured, visible),
            status=ScopeStatus.EXCLUDED,
            reason=item.reason,
            approver=item.approver,
        )
        for item in excluded.values()
    ]
    left += [_outside(id_, visible[id_]) for id_ in visible if id_ not in wanted and id_ not in excluded]
    return Population(
        targets=tuple(
            Account(provider=Provider.AZURE, id=id_, name=_name(id_, configured, visible)) for id_ in sorted(wanted)
        ),
        left_out=tuple(sorted(left, key=lambda item: item.id)),
    )


def is_closed(item: replies.Subscription) -> bool:
    """Whether Azure itself has switched the subscription off."""
    return (item.state or "").lower() in _CLOSED


def _outside(id_: str, item: replies.Subscription) -> LeftOut:
    closed = is_closed(item)
    return LeftOut(
        provider=Provider.AZURE,
        id=id_,
        name=item.display_name,
        status=ScopeStatus.CLOSED if closed else ScopeStatus.OUTSIDE,
        reason=(item.state or "").lower() if closed else _NOT_CONFIGURED,
    )


def _name(id_: str, configured: dict[str, str | None], visible: dict[str, replies.Subscription]) -> str | None:
    return configured.get(id_) or (visible[id_].display_name if id_ in visible else None)
