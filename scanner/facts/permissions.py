"""The permission that a derivation names when the provider's answer, though read, leaves it open. Reads nothing."""

from collections.abc import Mapping

import msgspec

from scanner.model.key import Provider


class Permissions(msgspec.Struct, frozen=True, kw_only=True):
    """One permission per group that a fact may have to ask for more of; `stores` is that of one listing of many.

    `requests` is that of who asked for a deletion.
    """

    describe: str
    rotation: str
    policy: str
    last_use: str
    aliases: str
    stores: str
    bounds: str
    requests: str


PERMISSIONS: Mapping[Provider, Permissions] = {
    Provider.AWS: Permissions(
        describe="kms:DescribeKey",
        rotation="kms:GetKeyRotationStatus",
        policy="kms:GetKeyPolicy",
        last_use="kms:GetKeyLastUsage",
        aliases="kms:ListAliases",
        stores="ec2:DescribeVolumes",
        bounds="organizations:ListPolicies",
        requests="cloudtrail:LookupEvents",
    ),
    Provider.GCP: Permissions(
        describe="cloudkms.cryptoKeys.get",
        rotation="cloudkms.cryptoKeys.get",
        policy="cloudkms.cryptoKeys.getIamPolicy",
        last_use="cloudkms.cryptoKeys.get",
        aliases="cloudkms.cryptoKeys.list",
        stores="cloudasset.assets.searchAllResources",
        bounds="orgpolicy.policies.list",
        requests="logging.logEntries.list",
    ),
    Provider.AZURE: Permissions(
        describe="Microsoft.KeyVault/vaults/keys/read",
        rotation="Microsoft.KeyVault/vaults/keys/read",
        policy="Microsoft.KeyVault/vaults/read",
        last_use="Microsoft.KeyVault/vaults/keys/read",
        aliases="Microsoft.KeyVault/vaults/keys/read",
        stores="Microsoft.ResourceGraph/resources/read",
        bounds="Microsoft.Authorization/policyAssignments/read",
        requests="Microsoft.OperationalInsights/workspaces/query/read",
    ),
}
