"""What somebody means by the name of an action, a class or a principal. Evaluates nothing."""

import re
from collections.abc import Mapping

import msgspec

from scanner.facts.access.classes import AWS, AZURE, GOOGLE
from scanner.facts.access.google_callers import is_google
from scanner.model.effective import ActionClass
from scanner.model.key import Provider

PREFIXES: Mapping[Provider, str] = {Provider.AWS: "kms:", Provider.GCP: "", Provider.AZURE: ""}
"""How each provider's actions begin beside the names that are used here."""

CLASSES: Mapping[Provider, Mapping[str, ActionClass]] = {
    Provider.AWS: AWS,
    Provider.GCP: GOOGLE,
    Provider.AZURE: AZURE,
}
"""The actions of each provider by name, with their class."""

_SHORT_GOOGLE = ("useToDecrypt", "useToEncrypt", "useToSign", "useToVerify")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks about: a whole class, or one action of it (without prefix; None for the class)."""

    kind: ActionClass
    action: str | None
    provider: Provider = Provider.AWS

    @property
    def words(self) -> str:
        """What is asked about, as it is called."""
        return f"{PREFIXES[self.provider]}{self.action}" if self.action else self.kind.value.replace("_", " ")


def asked(text: str, provider: Provider) -> Asked | None:
    """What a word means at a key of this provider.

    A class such as `destroy`, an action in full (`kms:Decrypt`, `cloudkms.cryptoKeyVersions.useToDecrypt`,
    `Microsoft.KeyVault/vaults/keys/decrypt/action`), or its verb alone (`decrypt`).
    """
    plain = text.lower().removeprefix("kms:") if provider is Provider.AWS else text.lower()
    action = actions_by_word(provider).get(plain)
    if action is not None:
        return Asked(kind=CLASSES[provider][action], action=action, provider=provider)
    kind = next((kind for kind in ActionClass if kind.value == plain.replace("-", "_")), None)
    return None if kind is None else Asked(kind=kind, action=None, provider=provider)


def actions_by_word(provider: Provider) -> dict[str, str]:
    """Every action by its name in lower case, and by its verb where that is enough and names no class."""
    found: dict[str, str] = {}
    if provider is Provider.GCP:
        verbs = ((verb, f"cloudkms.cryptoKeyVersions.{verb}") for verb in _SHORT_GOOGLE)
        found = {word.lower(): name for verb, name in verbs for word in (verb, verb.removeprefix("useTo"))}
    if provider is Provider.AZURE:
        of_keys = (name for name in AZURE if name.lower().startswith("microsoft.keyvault/vaults/keys/"))
        found = {name.split("/")[3].lower(): name for name in of_keys}
    classes = {kind.value for kind in ActionClass}
    short = {word: name for word, name in found.items() if word not in classes}
    return short | {name.lower(): name for name in CLASSES[provider]}


def provider_of(principal: str) -> Provider | None:
    """Whose principals are called so; None for a name that no provider gives."""
    if principal.startswith("arn:") or principal.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return Provider.AWS
    if _GUID.fullmatch(principal):
        return Provider.AZURE
    return Provider.GCP if is_google(principal) else None
