"""What a user of Meridian Bank would write: the configuration, the waivers, the environment. Starts nothing."""

import json
from collections.abc import Mapping
from typing import Any

from scanner.simulator.aws.bank import EXTERNAL_ID, ROLE, SANDBOX, waiver_file
from scanner.simulator.aws.bank_keys import DATA_CLASSES, HOME, SECURITY, US
from scanner.simulator.aws.world import World
from scanner.simulator.gcp import bank as gcp

_QUIET = {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "", "AWS_SHARED_CREDENTIALS_FILE": ""}


def configuration(endpoint: str, google: str | None = None) -> str:
    """The configuration file: an organisation scanned through one role, one account excluded by decision.

    With the address of the simulated Google Cloud its organisation is scanned too.
    """
    document: dict[str, Any] = {
        "organisation": "Meridian Bank",
        "providers": {
            "aws": {
                "discover": True,
                "regions": [HOME, US],
                "assume_role": f"arn:aws:iam::{{account}}:role/{ROLE}",
                "external_id": EXTERNAL_ID,
                "exclude": [
                    {
                        "account": SANDBOX,
                        "reason": "no customer data, wiped weekly",
                        "approver": "ciso@meridian.example",
                    }
                ],
                "endpoint_url": endpoint,
                "rate_limiter": False,
            }
        },
        "waivers": "waivers.yaml",
        "tags": {"data_class": {"keys": ["data-class", "DataClass"], "allowed": [*DATA_CLASSES, "public"]}},
    }
    if google is not None:
        providers = {**document["providers"], "gcp": _google(google)}
        document = {**document, "providers": providers}
    return json.dumps(document, indent=2) + "\n"


def _google(endpoint: str) -> dict[str, object]:
    """The section of Google Cloud: everything below the organisation, one project excluded by decision."""
    return {
        "discover": [gcp.ORGANISATION],
        "exclude": [
            {"project": gcp.SANDBOX, "reason": "no customer data, wiped weekly", "approver": "ciso@meridian.example"}
        ],
        "endpoint_url": endpoint,
        "rate_limiter": False,
    }


def waivers(world: World) -> str:
    """The waivers file."""
    return waiver_file(world)


def credentials(world: World, environment: Mapping[str, str]) -> dict[str, str]:
    """An environment with the hub account's credentials and nothing of the machine's own cloud settings."""
    access, secret = world.credentials(SECURITY)
    own = {name: value for name, value in environment.items() if not name.startswith(("AWS_", "KEYMUSTER_"))}
    return {**own, **_QUIET, "AWS_ACCESS_KEY_ID": access, "AWS_SECRET_ACCESS_KEY": secret}
