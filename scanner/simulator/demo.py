"""What a user of Meridian Bank would write: the configuration, the waivers, the environment. Starts nothing."""

import json
from collections.abc import Mapping
from typing import Any

from scanner.simulator.aws.bank import EXTERNAL_ID, ROLE, SANDBOX, waiver_file
from scanner.simulator.aws.bank_keys import DATA_CLASSES, HOME, SECURITY, US
from scanner.simulator.aws.world import World
from scanner.simulator.azure import bank as azure
from scanner.simulator.azure.server import Endpoint
from scanner.simulator.azure.world import World as AzureWorld
from scanner.simulator.gcp import bank as gcp

_CLOUD_SETTINGS = ("AWS_", "AZURE_", "KEYMUSTER_")
_QUIET = {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "", "AWS_SHARED_CREDENTIALS_FILE": ""}


def configuration(endpoint: str, google: str | None = None, microsoft: Endpoint | None = None) -> str:
    """The configuration file: an organisation scanned through one role, one account excluded by decision.

    With the addresses of the simulated Google Cloud and Azure, organisation and tenant there are scanned too.
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
    if microsoft is not None:
        document = {**document, "providers": {**document["providers"], "azure": _azure(microsoft)}}
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


def _azure(endpoint: Endpoint) -> dict[str, object]:
    """The section of Azure: every subscription that can be seen, one excluded by decision."""
    return {
        "exclude": [
            {
                "subscription": azure.SANDBOX,
                "reason": "no customer data, wiped weekly",
                "approver": "ciso@meridian.example",
            }
        ],
        "log_workspace": azure.WORKSPACE,
        "endpoints": {
            "management": endpoint.url,
            "authority": endpoint.url,
            "vault": endpoint.vault_url,
            "ca_file": str(endpoint.ca_file),
        },
        "rate_limiter": False,
    }


def waivers(world: World) -> str:
    """The waivers file."""
    return waiver_file(world)


def credentials(world: World, environment: Mapping[str, str], microsoft: AzureWorld | None = None) -> dict[str, str]:
    """An environment with the hub account's credentials and nothing of the machine's own cloud settings."""
    access, secret = world.credentials(SECURITY)
    own = {name: value for name, value in environment.items() if not name.startswith(_CLOUD_SETTINGS)}
    azures = microsoft.credentials() if microsoft else {}
    return {**own, **_QUIET, **azures, "AWS_ACCESS_KEY_ID": access, "AWS_SECRET_ACCESS_KEY": secret}
