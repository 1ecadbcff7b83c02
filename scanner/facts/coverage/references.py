"""A reference to a key, as a store or trail gives it, taken apart and followed to the key's id. Reads no key.

AWS names a key in four ways: by id, by ARN, by alias name and by alias ARN. The first and third mean a key of the
account and region they are said in. https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
"""

import re
from collections.abc import Callable

import msgspec

from scanner.facts.coverage.azure_names import azure_host, azure_key, azure_version
from scanner.facts.coverage.google_names import google_key, google_place, google_version
from scanner.facts.permissions import PERMISSIONS
from scanner.model.key import Provider
from scanner.model.partitions import partition_of
from scanner.model.unknown import Cause, Unknown

ALIAS = "alias/"
PROVIDERS_ALIAS = "alias/aws/"
"""How the names of aliases begin that no customer can make: those of keys that AWS manages."""

_ARN_PARTS = 6
_KEY = "key/"
_IN_ARN = re.compile(r"[A-Za-z0-9-]{1,128}")
_BARE_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}")
"""What AWS calls a key by; any other word that stands alone is no reference that we know."""


class Place(msgspec.Struct, frozen=True):
    """An account-region; of a key that an Azure store names, the host of its vault: where that is, no name tells."""

    provider: Provider
    account: str
    region: str


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A reference taken apart: where it points, and either the id of a key or the name of an alias.

    `version` is the id of the key's version that it names, None where it means the key as a whole.
    """

    place: Place
    key: str | None = None
    alias: str | None = None
    version: str | None = None


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What a reference means: a key's id, None for an alias that points at no key, Unknown when it was not resolved.

    `of_provider` says that its very name makes it a key of the provider; `version` is that which the reference names.
    """

    key: str | Unknown | None
    of_provider: bool = False
    version: str | None = None

    @property
    def is_unmade(self) -> bool:
        """A key that the provider will make when it is first used: its alias is there, and points at nothing."""
        return self.of_provider and self.key is None


Table = Callable[[Place, str], str | Unknown | None]
"""Which key an alias of a place points at: its id, None for no key, Unknown when that was not read."""


def read_reference(text: str, home: Place) -> Reference | None:
    """The reference as said at `home`; None when it has none of the forms a reference has."""
    if home.provider is Provider.GCP:
        return _resource(text, home.provider, google_version(text))
    if home.provider is Provider.AZURE:
        return _resource(text, home.provider, azure_version(text))
    if text.startswith("arn:"):
        return _of_arn(text)
    if text.startswith(ALIAS):
        return Reference(place=home, alias=text)
    return Reference(place=home, key=key_arn(home, text)) if _BARE_ID.fullmatch(text) else None


def follow(reference: Reference | None, home: Place, table: Table) -> Target:
    """The key behind a reference."""
    if reference is None:
        return Target(key=Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[home.provider].describe))
    if reference.alias is None:
        return Target(key=reference.key, version=reference.version)
    found = table(reference.place, reference.alias)
    of_provider = reference.alias.startswith(PROVIDERS_ALIAS)
    if isinstance(found, str):
        return Target(
            key=found if found.startswith("arn:") else key_arn(reference.place, found), of_provider=of_provider
        )
    return Target(key=found, of_provider=of_provider)


def spelt(reference: Reference | None, text: str) -> str:
    """A reference in words that mean the same key everywhere: an ARN where there can be one."""
    if reference is None or reference.alias is None:
        return text if reference is None else str(reference.key)
    place = reference.place
    return f"arn:{partition_of(place.region)}:kms:{place.region}:{place.account}:{reference.alias}"


def place_of(key: str, provider: Provider) -> Place | None:
    """Where a key or store lives by its ARN or resource name; None when that does not say."""
    if provider is Provider.GCP:
        named = google_key(key)
        return Place(Provider.GCP, *google_place(named)) if named else None
    if provider is Provider.AZURE:
        found = azure_key(key)
        return Place(Provider.AZURE, azure_host(found), "") if found else None
    parts = key.split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS or parts[0] != "arn" or not parts[3] or not parts[4]:
        return None
    return Place(provider, parts[4], parts[3])


def kind_of(arn: str) -> tuple[str, str]:
    """Service and kind of resource that an ARN names, blank for anything else."""
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS or parts[0] != "arn":
        return "", ""
    return parts[2], re.split("[:/]", parts[5], maxsplit=1)[0]


def key_arn(place: Place, name: str) -> str:
    """The ARN of a key of a place by its id."""
    return f"arn:{partition_of(place.region)}:kms:{place.region}:{place.account}:{_KEY}{name}"


def _resource(text: str, provider: Provider, version: str | None) -> Reference | None:
    """Outside of AWS a name says itself where it points."""
    place = place_of(text, provider)
    named = google_key(text) if provider is Provider.GCP else azure_key(text)
    return Reference(place=place, key=named, version=version) if place and named else None


def _of_arn(text: str) -> Reference | None:
    place = place_of(text, Provider.AWS)
    parts = text.split(":", _ARN_PARTS - 1)
    if place is None or parts[2] != "kms":
        return None
    if parts[5].startswith(ALIAS):
        return Reference(place=place, alias=parts[5])
    is_key = parts[5].startswith(_KEY) and _IN_ARN.fullmatch(parts[5].removeprefix(_KEY))
    return Reference(place=place, key=text) if is_key else None
