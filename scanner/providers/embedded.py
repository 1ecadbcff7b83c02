"""Texts in a reply that are JSON documents themselves become values, so that the allow-list reaches into them.

Keeps nothing of a text but what its type names, and imports no SDK.
"""

from collections.abc import Mapping

import msgspec

from scanner.model.decoding import decode
from scanner.providers.failure import MalformedReplyError

_EACH = "[]"


class Embedded(msgspec.Struct, frozen=True, kw_only=True):
    """Where such texts stand, spelt as `Events[].CloudTrailEvent`, and what is kept of each.

    A text that is not such a document makes the reply malformed; where `may_misfit`, it becomes None and the others
    are kept.
    """

    path: str
    document: type[msgspec.Struct]
    may_misfit: bool = False


def unpacked(parsed: Mapping[str, object], embedded: Embedded | None) -> object:
    """The reply with each text in its place read; raises MalformedReplyError for one that does not fit."""
    if embedded is None:
        return parsed
    return _inside(parsed, tuple(embedded.path.replace(_EACH, f".{_EACH}").split(".")), embedded)


def _inside(value: object, steps: tuple[str, ...], embedded: Embedded) -> object:
    if not steps:
        return _document(value, embedded)
    step, rest = steps[0], steps[1:]
    if step == _EACH:
        return [_inside(item, rest, embedded) for item in value] if isinstance(value, list) else value
    if isinstance(value, Mapping) and step in value:
        return {**value, step: _inside(value[step], rest, embedded)}
    return value


def _document(text: object, embedded: Embedded) -> object:
    try:
        if isinstance(text, str):
            return decode(text, embedded.document)
    except (ValueError, RecursionError) as error:
        if not embedded.may_misfit:
            raise MalformedReplyError(embedded.path) from error
        return None
    if not embedded.may_misfit:
        raise MalformedReplyError(embedded.path)
    return None
