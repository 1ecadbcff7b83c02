"""Which policies deny that a key be deleted on short notice, and what they leave possible. Evaluates no access."""

from datetime import timedelta

import msgspec

from scanner.facts.kleene import Truth
from scanner.model.unknown import Cause, Unknown


class Guard(msgspec.Struct, frozen=True, kw_only=True):
    """Whether short notice is denied to everybody, and the shortest waiting time left possible."""

    denied: Truth | None
    least: timedelta | Unknown | None


_UNREAD = Unknown(cause=Cause.NOT_COLLECTED, call="organizations:ListPolicies")
UNGUARDED = Guard(denied=_UNREAD, least=_UNREAD)
