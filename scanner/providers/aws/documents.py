"""Policy texts as they are kept: JSON text that is known to parse into an object. Judges none."""

import json

from scanner.model.organisation import PolicyText
from scanner.model.unknown import Cause, Unknown


def policy_text(document: object, call: str) -> PolicyText | Unknown:
    """The text of a document that came as text or, read by the SDK, as a mapping; Unknown when it is no object."""
    if isinstance(document, dict):
        return PolicyText(document=json.dumps(document, separators=(",", ":"), ensure_ascii=False))
    try:
        parsed = json.loads(document) if isinstance(document, str) else None
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(document, str) or not isinstance(parsed, dict):
        return Unknown(cause=Cause.ERROR, call=call)
    return PolicyText(document=document)
