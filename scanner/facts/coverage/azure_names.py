"""How services of Azure name a key: by its address in a vault, with or without a version. Reads no key.

https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
"""

import re

_KEY = re.compile(
    r"https://([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?::443)?/keys/([A-Za-z0-9-]{1,127})(?:/([0-9A-Za-z]*))?/?",
    re.IGNORECASE,
)


def azure_key(text: str) -> str | None:
    """The key's own address in lower case, for addresses that differ in case alone are one; None for no key's."""
    match = _KEY.fullmatch(text)
    return f"https://{match[1]}/keys/{match[2]}".lower() if match else None


def azure_version(text: str) -> str | None:
    """The address of the version of a key, in lower case; None for a text that names none."""
    match = _KEY.fullmatch(text)
    return f"{azure_key(text)}/{match[3].lower()}" if match and match[3] else None


def azure_host(name: str) -> str:
    """The vault in a key's address: which subscription and location it is in, the address does not tell."""
    return name.removeprefix("https://").split("/", 1)[0]
