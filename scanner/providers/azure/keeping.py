"""What is kept of a reply's document: the fields its type names, and of a public key its size. Asks nothing."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from scanner.model.decoding import convert
from scanner.providers.failure import MalformedReplyError
from scanner.providers.operation import Operation

Reply = TypeVar("Reply", bound=msgspec.Struct)

_BITS_OF_A_CHARACTER = 6
"""base64url without padding: each character stands for six bits."""


def keep(operation: Operation[Reply], body: bytes) -> Reply:
    """The body as the operation's reply type, everything else dropped; raises MalformedReplyError."""
    document = _object(body)
    if isinstance(document.get("key"), dict):
        document = {**document, "key": _with_size(document["key"])}
    try:
        return convert(document, operation.reply)
    except msgspec.ValidationError as error:
        raise MalformedReplyError(operation.name) from error


def onward(body: bytes) -> str | None:
    """How the next page is asked for: by a link, or by a query's token; None on the last."""
    document = _object(body)
    found = document.get("nextLink") or document.get("$skipToken")
    return found if isinstance(found, str) and found else None


def is_link(token: str) -> bool:
    """Whether the next page has an address of its own."""
    return "://" in token


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedReplyError("body") from error
    if not isinstance(document, dict):
        raise MalformedReplyError("body")
    return document


def _with_size(key: Mapping[str, Any]) -> dict[str, Any]:
    """The public key without its numbers; of an RSA modulus the bits that it fills, whole bytes at a time."""
    modulus = key.get("n")
    if not isinstance(modulus, str):
        return dict(key)
    return {**key, "bits": len(modulus.rstrip("=")) * _BITS_OF_A_CHARACTER // 8 * 8}
