"""Which cloud's way access to a key is worked out by. Works out none itself."""

from collections.abc import Mapping
from datetime import datetime

from scanner.facts.access.aws_site import AwsSite
from scanner.facts.access.azure_estate import given_of
from scanner.facts.access.azure_site import AzureSites
from scanner.facts.access.google_site import GoogleSites
from scanner.facts.access.google_tree import tree_of
from scanner.facts.access.matrix import Matrices
from scanner.facts.access.site import Site
from scanner.model.access_inputs import Access
from scanner.model.container import KeyContainer
from scanner.model.key import Key, Manager, Metadata, Provider
from scanner.model.snapshot import Shard
from scanner.model.unknown import Cause, Unknown

_CALLS: Mapping[Provider, str] = {
    Provider.AWS: "iam:GetAccountAuthorizationDetails",
    Provider.GCP: "resourcemanager.projects.getIamPolicy",
    Provider.AZURE: "Microsoft.Authorization/roleAssignments/read",
}
_UNASKED: Mapping[Provider, Unknown] = {
    provider: Unknown(cause=Cause.NOT_COLLECTED, call=call) for provider, call in _CALLS.items()
}


class Sites:
    """The keys of one shard as access to them is asked about.

    `containers` are what they are kept in, by id; `matrices` the identities of AWS, None where nobody collected them.
    The site that was asked for last is kept, since a key's facts and its rows are asked for one after the other.
    """

    def __init__(
        self, access: Access | None, containers: Mapping[str, KeyContainer], matrices: Matrices | None
    ) -> None:
        self.matrices = matrices
        self._access = access
        self._containers = containers
        self._google: GoogleSites | None = None
        self._azure: AzureSites | None = None
        self._last: tuple[Key, Site | None] | None = None

    def at(self, key: Key, as_of: datetime) -> Site | None:
        """The key's site; None for a key whose access is not worked out, or where nothing was collected for it."""
        last = self._last
        if last is None or last[0] is not key:
            last = self._last = (key, self._made(key, as_of))
        return last[1]

    def _made(self, key: Key, as_of: datetime) -> Site | None:
        if not is_evaluated(key):
            return None
        match key.provider:
            case Provider.AWS:
                return AwsSite(key, self.matrices) if self.matrices is not None else None
            case Provider.GCP:
                google = self.google(as_of)
                return google.at(key, self.container(key)) if google is not None else None
            case Provider.AZURE:
                azure = self.azure(as_of)
                return azure.at(key, self.container(key)) if azure is not None else None

    def google(self, as_of: datetime) -> GoogleSites | None:
        """The sites of a shard of Google Cloud; None where nothing was collected of the levels above its keys."""
        if self._google is None and self._access is not None and self._access.provider is Provider.GCP:
            self._google = GoogleSites(tree_of(self._access), as_of)
        return self._google

    def azure(self, as_of: datetime) -> AzureSites | None:
        """The sites of a shard of Azure; None where nothing was collected of roles."""
        if self._azure is None and self._access is not None and self._access.provider is Provider.AZURE:
            self._azure = AzureSites(given_of(self._access), as_of)
        return self._azure

    def container(self, key: Key) -> KeyContainer | None:
        """What the key is kept in, as far as it was read."""
        return self._containers.get(key.container or "")


def sites_of(shard: Shard, matrices: Matrices | None) -> Sites:
    """The sites of a shard's keys."""
    return Sites(shard.access, {container.id: container for container in shard.containers}, matrices)


def is_evaluated(key: Key) -> bool:
    """Whether access to the key is worked out: to keys that their own account decides about."""
    metadata = key.metadata
    return not (isinstance(metadata, Metadata) and metadata.manager is Manager.PROVIDER)


def unasked(provider: Provider) -> Unknown:
    """Why nothing is known of access where nothing was collected for it."""
    return _UNASKED[provider]
