"""The keys of Meridian Bank, a line each: who has them, what they are, and what is odd about them."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from scanner.simulator.aws.identifiers import default_policy, digest
from scanner.simulator.aws.records import Grant, Key, Store
from scanner.simulator.aws.world import World

SECURITY, PAYMENTS, ANALYTICS = "111111111111", "222222222222", "333333333333"
HOME, US = "eu-central-1", "us-east-1"
HOSTILE = '=HYPERLINK("http://evil.example","x")'
MARKUP = "]]></script><script>alert(1)</script> [x](javascript:alert(1)) | \u202eevil"

GOOD: Mapping[tuple[str, str], tuple[str, ...]] = {
    (SECURITY, HOME): (
        "audit-logs",
        "backup-vault",
        "code-signing-store",
        "directory",
        "evidence-packs",
        "secrets-core",
    ),
    (SECURITY, US): ("audit-logs-us", "secrets-core-us"),
    (PAYMENTS, HOME): (
        "card-archive",
        "cards-pan",
        "fraud-scores",
        "ledger",
        "merchant-files",
        "settlement",
        "statements",
    ),
    (PAYMENTS, US): ("cards-pan-us", "ledger-us", "settlement-us"),
    (ANALYTICS, HOME): ("customer-profiles", "data-lake", "risk-models"),
    (ANALYTICS, US): ("campaigns", "data-lake-us"),
}
"""Keys with nothing to say against them, by account and region."""

DATA_CLASSES = ("restricted", "confidential", "internal")


def fill(world: World) -> None:
    """Adds every key of the bank."""
    for (account, region), names in GOOD.items():
        for number, name in enumerate(names):
            _add(world, account, region, name, created=_ago(world, 380 + 20 * number))
    for service in ("ebs", "rds", "s3", "secretsmanager"):
        for account in (SECURITY, PAYMENTS, ANALYTICS):
            world.add_aws_key(account, HOME, service, used=service != "s3")
    _rotation(world)
    _signing(world)
    _imported(world)
    _stores(world)
    _ends(world)
    _tags(world)
    _policies(world)
    _unreadable(world)


def named(world: World, alias: str) -> Key:
    """The key an alias points at."""
    for place in world.places.values():
        found = place.aliases.get(f"alias/{alias}")
        if found is not None:
            return place.keys[found.target]
    raise LookupError(alias)


def _add(world: World, account: str, region: str, name: str, **traits: Any) -> Key:  # noqa: ANN401 (KeyTraits, by name)
    """A key as the bank makes them: rotating, tagged, used yesterday; `traits` say what is different."""
    plain: dict[str, Any] = {
        "account": account,
        "region": region,
        "alias": name,
        "rotation_days": 365,
        "created": _ago(world, 420),
        "last_used": _ago(world, 1),
        "tags": tags(name),
    }
    return world.add_key(**{**plain, **traits})


def tags(name: str) -> dict[str, str]:
    """The four tags the bank asks for."""
    data_class = DATA_CLASSES[len(name) % len(DATA_CLASSES)]
    return {"Owner": f"{name.partition('-')[0]}-team", "purpose": name, "data-class": data_class, "environment": "prod"}


def _ago(world: World, days: float) -> datetime:
    return world.clock - timedelta(days=days)


def _rotation(world: World) -> None:
    _add(world, PAYMENTS, HOME, "loyalty-points", rotation_days=None)
    _add(world, PAYMENTS, HOME, "vendor-exchange", rotation_days=None, created=_ago(world, 900))
    _add(world, PAYMENTS, HOME, "fx-stream", rotation_days=730, created=_ago(world, 300))
    _add(world, ANALYTICS, HOME, "dwh-raw", rotation_days=None, created=_ago(world, 1327))
    _add(world, ANALYTICS, US, "clickstream", rotation_days=2560, created=_ago(world, 200))
    stuck = {"rotation_days": 365, "rotation_stuck": True, "rotated": (), "next_rotation": _ago(world, 135)}
    _add(world, SECURITY, HOME, "ci-artifacts", created=_ago(world, 500), **stuck)
    _add(world, PAYMENTS, US, "chargebacks", created=_ago(world, 800), rotation_days=90)
    primary = _add(world, SECURITY, HOME, "global-sessions", multi_region=True, created=_ago(world, 200))
    replica = world.add_replica(primary, US)
    world.add_alias(replica, "global-sessions-us")
    world.tag(replica, tags("global-sessions"))
    lost = _add(world, PAYMENTS, HOME, "global-tokens", multi_region=True, created=_ago(world, 200), enabled=False)
    lost.last_used = _ago(world, 90)
    orphan = world.add_replica(lost, US)
    world.add_alias(orphan, "global-tokens-us")
    world.tag(orphan, tags("global-tokens"))


def _signing(world: World) -> None:
    """Keys that cannot rotate at all, young and over age: account, region, name, spec, usage, age in days."""
    for account, region, name, spec, usage, age in (
        (SECURITY, HOME, "code-signing", "RSA_4096", "SIGN_VERIFY", 300),
        (SECURITY, HOME, "firmware-signing", "ML_DSA_65", "SIGN_VERIFY", 60),
        (PAYMENTS, HOME, "swift-signing", "ECC_NIST_P256", "SIGN_VERIFY", 1400),
        (PAYMENTS, HOME, "webhook-mac", "HMAC_256", "GENERATE_VERIFY_MAC", 500),
        (PAYMENTS, US, "receipt-mac", "HMAC_256", "GENERATE_VERIFY_MAC", 90),
    ):
        _add(world, account, region, name, spec=spec, usage=usage, created=_ago(world, age), rotation_days=None)


def _imported(world: World) -> None:
    """Material of the bank's own making: about to run out, good for a while, gone."""
    traits = {"origin": "EXTERNAL", "rotation_days": None, "created": _ago(world, 250)}
    for name, days in (("hsm-import", 12), ("partner-import", 300)):
        _add(world, PAYMENTS, HOME, name, expires=world.clock + timedelta(days=days), **traits)
    world.delete_material(_add(world, ANALYTICS, HOME, "lapsed-import", **traits))


def _stores(world: World) -> None:
    """Keys in a cluster of the bank's own, and behind a proxy that does not answer."""
    for number, (name, kind, error) in enumerate(
        (("vault-hsm", "AWS_CLOUDHSM", ""), ("datacentre", "EXTERNAL_KEY_STORE", "XKS_PROXY_NOT_REACHABLE"))
    ):
        store = Store(
            id=f"cks-{number}meridian000000001",
            name=name,
            kind=kind,
            created=_ago(world, 700),
            state="FAILED" if error else "CONNECTED",
            error=error,
        )
        world.add_store(SECURITY, HOME, store)
        _add(world, SECURITY, HOME, name, origin=kind, store=store.id, created=_ago(world, 340), rotation_days=None)


def _ends(world: World) -> None:
    """Keys on their way out: still in use, or idle for a year."""
    _add(world, PAYMENTS, HOME, "legacy-mq", deletion_date=world.clock + timedelta(days=6), deletion_window=7)
    idle = _ago(world, 380)
    window = {"deletion_date": world.clock + timedelta(days=21), "deletion_window": 30}
    _add(world, ANALYTICS, HOME, "etl-2019", last_used=idle, created=_ago(world, 1000), **window)
    _add(world, ANALYTICS, US, "reports-old", enabled=False, last_used=_ago(world, 2))
    _add(world, SECURITY, US, "dr-test", enabled=False, last_used=_ago(world, 200))


def _tags(world: World) -> None:
    """Missing, misspelt, blank, not allowed, and hostile."""
    _add(world, ANALYTICS, HOME, "sandbox-copy", tags={})
    _add(world, ANALYTICS, HOME, "marketing-raw", tags={**tags("marketing-raw"), "Owner": "  "})
    _add(world, ANALYTICS, US, "survey", tags={**tags("survey"), "data-class": "secret-ish"})
    odd = {"OWNER": "growth", "Purpose": "exports", "DataClass": "internal"}
    _add(world, ANALYTICS, US, "exports", tags=odd)
    _add(
        world,
        ANALYTICS,
        HOME,
        "intake",
        description=MARKUP,
        tags={**tags("intake"), "Owner": HOSTILE, "purpose": MARKUP},
    )
    control = "\x1b[31mred\x1b[0m\n::error::pwn"
    _add(world, ANALYTICS, HOME, "uploads", tags={**tags("uploads"), "Owner": control, "note": "long " * 40})


def _policies(world: World) -> None:
    """A deleted principal beside a Deny, an account that can read but no longer change, and two grants."""
    own = json.loads(default_policy(PAYMENTS))
    gone = {"AWS": "AROAZZZZEXAMPLEROLE01"}
    own["Statement"] += [
        {"Effect": "Allow", "Principal": gone, "Action": "kms:Decrypt", "Resource": "*"},
        {
            "Effect": "Deny",
            "Principal": {"AWS": f"arn:aws:iam::{PAYMENTS}:role/batch"},
            "Action": "kms:Encrypt",
            "Resource": "*",
        },
    ]
    _add(world, PAYMENTS, HOME, "payouts", policy=json.dumps(own))
    vendor = {"AWS": "arn:aws:iam::999999999999:root"}
    root = {"AWS": f"arn:aws:iam::{PAYMENTS}:root"}
    reading = ["kms:Describe*", "kms:Get*", "kms:List*"]
    lost = [
        {"Effect": "Allow", "Principal": vendor, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": root, "Action": reading, "Resource": "*"},
    ]
    _add(world, PAYMENTS, US, "acquirer-link", policy=json.dumps({"Version": "2012-10-17", "Statement": lost}))
    issued: dict[str, Any] = {
        "operations": ("Decrypt", "GenerateDataKey"),
        "created": _ago(world, 50),
        "issuer": root["AWS"],
    }
    grants = (
        Grant(id=digest("grant", "batch"), grantee=f"arn:aws:iam::{PAYMENTS}:role/batch", **issued),
        Grant(id=digest("grant", "database"), grantee_service=f"rds.{HOME}.amazonaws.com", **issued),
    )
    _add(world, PAYMENTS, HOME, "batch-files", grants=grants)


def _unreadable(world: World) -> None:
    """Keys that refuse the auditor one call each; which one stands in `bank`."""
    _add(world, SECURITY, HOME, "hr-payroll")
    _add(world, PAYMENTS, HOME, "swift-gateway")
    _add(world, SECURITY, HOME, "vault-root")
