"""What may be kept of a subscriber's address. Keeps no mail address, telephone number or path of a URL."""

import hashlib
import re
from urllib.parse import urlsplit

_SHORTENED = re.compile(r"sha256:(?P<digest>[0-9a-f]{64}) (?P<shown>\S*)")
"""A shortened address. No address begins so: one of the web begins with its scheme, and one of mail has no space."""

_MAIL = frozenset({"email", "email-json"})
_WEB = frozenset({"http", "https"})


def shortened(protocol: str, address: str) -> str:
    """The address cut down, behind the digest of the whole one where that could not be guessed back.

    Of a mail address the domain stays, of a URL scheme and host (its path may hold a token), of a telephone number
    nothing; the ids of queues, functions and streams stay whole. What is cut down already stays as it is.
    """
    if not address or _SHORTENED.fullmatch(address):
        return address
    if protocol in _MAIL:
        return _with_digest(address.rpartition("@")[2].lower(), address)
    if protocol in _WEB:
        return _with_digest(_origin(address), address)
    return address if address.startswith("arn:") else ""


def parted(address: str) -> tuple[str, str | None]:
    """What is shown of a shortened address, and the digest of the whole one."""
    found = _SHORTENED.fullmatch(address)
    return (found["shown"], found["digest"]) if found else (address, None)


def _origin(url: str) -> str:
    """Scheme and host; blank for what is no URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}" if parts.hostname else ""


def _with_digest(shown: str, address: str) -> str:
    words = "".join(shown.split())
    return f"sha256:{hashlib.sha256(address.lower().encode()).hexdigest()} {words}"
