"""How services of Google Cloud name a key: by its resource name, with or without a version. Reads no key.

https://cloud.google.com/kms/docs/resource-hierarchy
"""

import re

_KEY = re.compile(
    r"(?:(?:https:)?//cloudkms\.googleapis\.com/(?:v1/)?)?"
    r"(projects/((?:[^/:]+:)?[^/:]+)/locations/([^/]+)/keyRings/[^/]+/cryptoKeys/[^/]+)(/cryptoKeyVersions/\d+)?"
)


def google_key(text: str) -> str | None:
    """The key's own resource name; None for a text that names no key."""
    match = _KEY.fullmatch(text)
    return match[1] if match else None


def google_version(text: str) -> str | None:
    """The resource name of the version of a key; None for a text that names none."""
    match = _KEY.fullmatch(text)
    return f"{match[1]}{match[4]}" if match and match[4] else None


def google_place(name: str) -> tuple[str, str]:
    """Project and location in a key's resource name."""
    _, project, _, location, *_ = name.split("/")
    return project, location
