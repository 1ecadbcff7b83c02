"""The clouds that Azure is sold in, and the addresses of each. Asks nothing.

https://learn.microsoft.com/azure/developer/intro/azure-developer-cloud-endpoints
"""

from collections.abc import Mapping

import msgspec


class Cloud(msgspec.Struct, frozen=True, kw_only=True):
    """Where a cloud is managed, who signs callers in, what names of its vaults end with, where workspaces answer."""

    management: str
    authority: str
    vaults: str
    hsms: str
    logs: str


CLOUDS: Mapping[str, Cloud] = {
    "public": Cloud(
        management="https://management.azure.com",
        authority="https://login.microsoftonline.com",
        vaults=".vault.azure.net",
        hsms=".managedhsm.azure.net",
        logs="https://api.loganalytics.io",
    ),
    "china": Cloud(
        management="https://management.chinacloudapi.cn",
        authority="https://login.chinacloudapi.cn",
        vaults=".vault.azure.cn",
        hsms=".managedhsm.azure.cn",
        logs="https://api.loganalytics.azure.cn",
    ),
    "government": Cloud(
        management="https://management.usgovcloudapi.net",
        authority="https://login.microsoftonline.us",
        vaults=".vault.usgovcloudapi.net",
        hsms=".managedhsm.usgovcloudapi.net",
        logs="https://api.loganalytics.us",
    ),
}
"""By the name that the configuration gives them."""

_OFFICIAL = tuple(
    suffix
    for cloud in CLOUDS.values()
    for suffix in (
        cloud.vaults,
        cloud.hsms,
        *(address.replace("https://", ".") for address in (cloud.management, cloud.logs)),
    )
)


def is_official(host: str) -> bool:
    """Whether the host is the provider's own, in any of its clouds."""
    return f".{host.lower()}".endswith(_OFFICIAL)
