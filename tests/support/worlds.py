"""Small simulated estates, and the real command run against them."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path

from commands import keymuster
from scanner.cli.clock import now
from scanner.simulator.aws.estate import Principal
from scanner.simulator.aws.records import Bucket, Trail
from scanner.simulator.aws.server import serve
from scanner.simulator.aws.world import World
from scanner.simulator.demo import configuration

ACCOUNT, HOME, OTHER = "111122223333", "eu-central-1", "us-east-1"
GUARDED = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": "kms:*",
                "Resource": "*",
            },
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "kms:ScheduleKeyDeletion",
                "Resource": "*",
                "Condition": {"NumericLessThan": {"kms:ScheduleKeyDeletionPendingWindowInDays": "30"}},
            },
        ],
    }
)
"""The default policy, and a Deny of short waiting times."""

ADMINISTRATION = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": "kms:PutKeyPolicy",
            "Resource": f"arn:aws:kms:*:{ACCOUNT}:key/*",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        },
    }
)
"""Who may change a key's policy, with a second factor."""

TAGS = {"owner": "payments", "purpose": "ledger", "data-class": "internal"}


def good_world(keys: dict[str, int] | None = None) -> World:
    """Keys that pass every rule, under one healthy trail: three at home and one in the other region."""
    world = World(now())  # the command reads the real clock, so the simulated one must agree
    world.add_account(ACCOUNT, "payments")
    for region, count in (keys or {HOME: 3, OTHER: 1}).items():
        for number in range(count):
            created = world.clock - timedelta(days=100)
            alias = f"key-{number}"
            key = world.add_key(
                account=ACCOUNT,
                region=region,
                alias=alias,
                rotation_days=365,
                tags=TAGS,
                created=created,
                policy=GUARDED,
            )
            place = world.place(ACCOUNT, region)
            place.ebs_encrypted, place.ebs_key = True, key.arn
    world.estate.principals[ACCOUNT] = [
        Principal(
            kind="role",
            name="key-administrator",
            created=world.clock - timedelta(days=400),
            inline={"administer": ADMINISTRATION},
            last_used=world.clock - timedelta(days=1),
        )
    ]
    world.add_bucket(
        Bucket(
            name="logs",
            account=ACCOUNT,
            region=HOME,
            versioning="Enabled",
            object_lock="COMPLIANCE",
            blocks_public=True,
        )
    )
    begun = world.clock - timedelta(days=500)
    key = next(iter(world.place(ACCOUNT, HOME).keys.values()), None)
    world.add_trail(
        Trail(
            name="all",
            account=ACCOUNT,
            home_region=HOME,
            bucket="logs",
            created=begun,
            kms_key=key.arn if key else "",
        )
    )
    return world


def scan(
    world: World, folder: Path, *extra: str | Path, config: str = ""
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Runs `keymuster scan` against the world with ambient credentials of the account; returns the run and the pack."""
    file = folder / "keymuster.yaml"
    file.write_text(
        config
        or f"providers: {{aws: {{regions: [{HOME}, {OTHER}], max_attempts: 1, rate_limiter: false}}}}\n"
        "outputs: {formats: [csv, markdown]}\n"
    )
    pack = folder / "pack"
    with serve(world) as endpoint:
        access, secret = world.credentials(ACCOUNT)
        environment = {
            "AWS_ENDPOINT_URL": endpoint.url,
            "AWS_ACCESS_KEY_ID": access,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        arguments = [*extra] if "--out" in extra else [*extra, "--out", pack]
        done = keymuster("scan", "-c", file, *arguments, environment=environment)
    return done, pack


def bank_config(folder: Path, url: str, *formats: str, **aws: object) -> Path:
    """What a user of the bank on AWS would write, for these outputs; `aws` sets more of the provider."""
    settings = json.loads(configuration(url))
    del settings["waivers"]
    settings["outputs"] = {"formats": list(formats) or ["csv"]}
    settings["providers"]["aws"] |= aws
    file = folder / "keymuster.yaml"
    file.write_text(json.dumps(settings))
    return file


def document(pack: Path, name: str) -> dict:
    """A JSON file of the pack."""
    return json.loads((pack / name).read_text())


def unknowns(pack: Path) -> set[tuple[str, str]]:
    """(subject name, permission) of every missing answer behind an unknown verdict."""
    return {
        (finding["subject"]["name"], unread["call"])
        for finding in document(pack, "findings.json")["findings"]
        if finding["verdict"] == "unknown"
        for unread in finding["unread"]
    }
