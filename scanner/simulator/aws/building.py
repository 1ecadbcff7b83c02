"""How a key of a simulated AWS is made from the few traits that a test or an estate cares about. Holds no state."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Required, TypedDict

from scanner.simulator.aws.identifiers import default_policy, digest, uuid_of
from scanner.simulator.aws.records import Grant, Key, Rotation


class KeyTraits(TypedDict, total=False):
    """The keyword arguments of `World.add_key`; each but the first two has a default.

    account, region: where the key lives.
    id: key id; by default a UUID that depends on the order of making.
    alias: one alias without `alias/` (default: none).
    spec, usage: KeySpec (SYMMETRIC_DEFAULT) and KeyUsage (what the spec is mostly used for).
    origin: AWS_KMS, EXTERNAL, AWS_CLOUDHSM or EXTERNAL_KEY_STORE (AWS_KMS); the last two want `store`.
    manager: CUSTOMER or AWS (CUSTOMER).
    description, policy: texts (empty; the policy KMS makes by default).
    created: creation (100 days before now).
    enabled: False for a disabled key (True).
    rotation_days: period of automatic rotation; None switches it off (None).
    rotated: times of completed automatic rotations (with rotation on: one after each whole period since creation).
    next_rotation: date of the next one (last rotation or creation plus whole periods, after now).
    rotation_stuck: the next rotation never happens, however the clock moves (False).
    imported, expires: whether an EXTERNAL key was ever given material, and until when it lasts (True, no expiry).
    deletion_date, deletion_window: a key pending deletion: its date, and the days waited in all (none, 30).
    store: id of a custom key store made with `World.add_store`.
    multi_region: make it a primary; replicas come from `World.add_replica` (False).
    grants, tags: (none).
    last_used, last_operation: last cryptographic use (never, Decrypt).
    """

    account: Required[str]
    region: Required[str]
    id: str
    alias: str
    spec: str
    usage: str
    origin: str
    manager: str
    description: str
    policy: str
    created: datetime
    enabled: bool
    rotation_days: int | None
    rotated: Sequence[datetime]
    next_rotation: datetime
    rotation_stuck: bool
    imported: bool
    expires: datetime | None
    deletion_date: datetime | None
    deletion_window: int
    store: str
    multi_region: bool
    grants: Sequence[Grant]
    tags: Mapping[str, str]
    last_used: datetime | None
    last_operation: str


def build_key(traits: KeyTraits, *, now: datetime, serial: int) -> Key:
    """The key with these traits; `serial` makes its id different from that of every other key."""
    account, region = traits["account"], traits["region"]
    spec = traits.get("spec", "SYMMETRIC_DEFAULT")
    identity = traits.get("id") or _new_id(account, region, serial, multi_region=traits.get("multi_region", False))
    deletion_date = traits.get("deletion_date")
    key = Key(
        id=identity,
        account=account,
        region=region,
        created=traits.get("created", now - timedelta(days=100)),
        first_material=digest(identity, "material", 0),
        spec=spec,
        usage=traits.get("usage", _usual_use(spec)),
        origin=traits.get("origin", "AWS_KMS"),
        manager=traits.get("manager", "CUSTOMER"),
        description=traits.get("description", ""),
        policy=traits.get("policy", default_policy(account)),
        enabled=traits.get("enabled", True) and deletion_date is None,
        imported=traits.get("imported", True),
        had_material=traits.get("imported", True),
        expires=traits.get("expires"),
        deletion_date=deletion_date,
        deletion_window=traits.get("deletion_window", 30) if deletion_date else None,
        store=traits.get("store", ""),
        grants=list(traits.get("grants", ())),
        tags=dict(traits.get("tags", {})),
        last_used=traits.get("last_used"),
        last_operation=traits.get("last_operation", "Decrypt"),
    )
    if traits.get("multi_region"):
        key.multi_region, key.primary = "PRIMARY", key.arn
    if key.origin == "EXTERNAL_KEY_STORE":
        key.external_id = f"external-{digest(key.arn)[:16]}"
    _set_rotation(key, traits, now)
    return key


def build_replica(primary: Key, region: str, now: datetime) -> Key:
    """A replica in another region: same id and material, its own policy, grants and tags."""
    return Key(
        id=primary.id,
        account=primary.account,
        region=region,
        created=now,
        first_material=primary.first_material,
        spec=primary.spec,
        usage=primary.usage,
        origin=primary.origin,
        description=primary.description,
        policy=default_policy(primary.account),
        multi_region="REPLICA",
        primary=primary.arn,
    )


def _new_id(account: str, region: str, serial: int, *, multi_region: bool) -> str:
    text = uuid_of("key", account, region, serial)
    return f"mrk-{text.replace('-', '')}" if multi_region else text


def _usual_use(spec: str) -> str:
    if spec.startswith("HMAC"):
        return "GENERATE_VERIFY_MAC"
    return "SIGN_VERIFY" if spec.startswith(("ECC", "ML_DSA")) else "ENCRYPT_DECRYPT"


def _set_rotation(key: Key, traits: KeyTraits, now: datetime) -> None:
    days = traits.get("rotation_days")
    times = tuple(traits.get("rotated", _whole_periods(key.created, days, now) if days else ()))
    key.rotations = [
        Rotation(at=at, material=digest(key.id, "material", number)) for number, at in enumerate(times, start=1)
    ]
    if days is None:
        return
    key.rotation_days, key.rotation_stuck = days, traits.get("rotation_stuck", False)
    step = timedelta(days=days)
    upcoming = (times[-1] if times else key.created) + step
    while upcoming <= now:
        upcoming += step
    key.next_rotation = traits.get("next_rotation", upcoming)


def _whole_periods(start: datetime, days: int, now: datetime) -> tuple[datetime, ...]:
    step = timedelta(days=days)
    return tuple(start + step * number for number in range(1, (now - start) // step + 1))
