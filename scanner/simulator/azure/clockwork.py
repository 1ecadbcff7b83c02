"""What happens by itself as time goes by: keys rotate, deleted keys are purged. Moves no clock."""

from datetime import datetime, timedelta

from scanner.simulator.azure.durations import after, before
from scanner.simulator.azure.records import ROTATE, Key, Vault, Version, digest

_AT_MOST = 10_000


def rotate(key: Key, at: datetime, *, salt: str) -> None:
    """A new version, which expires when the policy says so; the older ones stay as they are."""
    lifetime = ((key.policy or {}).get("attributes") or {}).get("expiryTime")
    version = Version(
        id=digest(f"{salt}/{key.name}/{len(key.versions)}"),
        created=at,
        updated=at,
        expires=after(at, lifetime) if lifetime else None,
        exportable=key.newest.exportable,
    )
    key.versions.append(version)


def next_rotation(key: Key) -> datetime | None:
    """When the policy makes the next version; None when it never does."""
    newest = key.newest
    moments = []
    for action in (key.policy or {}).get("lifetimeActions", ()):
        if action["action"]["type"] != ROTATE:
            continue
        trigger = action["trigger"]
        if "timeAfterCreate" in trigger:
            moments.append(after(newest.created, trigger["timeAfterCreate"]))
        elif newest.expires is not None:
            moments.append(before(newest.expires, trigger["timeBeforeExpiry"]))
    return min(moments, default=None)


def run_until(vault: Vault, now: datetime) -> None:
    """Everything that falls due in the vault until now."""
    for key in vault.keys.values():
        for _ in range(_AT_MOST):
            due = next_rotation(key)
            if due is None or due > now or not key.newest.enabled:
                break
            rotate(key, max(due, key.newest.created + timedelta(seconds=1)), salt=vault.name)
    for name in [name for name, key in vault.deleted_keys.items() if key.purge and key.purge <= now]:
        del vault.deleted_keys[name]
