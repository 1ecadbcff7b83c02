"""Prints values, durations and reasons as people read them. Escapes nothing: outputs do, each for its own format."""

from datetime import UTC, datetime, timedelta

from scanner.model.finding import Reason
from scanner.model.unknown import Unknown

SHOWN_ELEMENTS = 10
_UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)), ("s", timedelta(seconds=1)))
_WORDS = {None: "absent", True: "true", False: "false"}


def sentence(reason: Reason) -> str:
    """A reason as one line: `rotation.period: expected <= 365d, was 730d`."""
    return f"{reason.path}: expected {reason.expected}, was {reason.actual}" if reason.path else reason.actual


def duration(value: timedelta) -> str:
    """The two largest units that are not zero: `365d`, `5m`, `400d 3h`, `-2d`."""
    rest, parts = abs(value), []
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return ("-" if value < timedelta(0) and parts else "") + (" ".join(parts[:2]) or "0s")


def printed(value: object) -> str:
    """A value of a fact or a rule as text; unread and absent ones say so."""
    match value:
        case Unknown():
            return f"unread ({value.cause.value} {value.call})"
        case timedelta():
            return duration(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case tuple() | dict():
            return _listed(tuple(sorted(value)) if isinstance(value, dict) else value)
        case _:
            return _WORDS.get(value, str(value)) if value is None or isinstance(value, bool) else str(value)


def _listed(values: tuple[object, ...]) -> str:
    if not values:
        return "empty"
    shown = ", ".join(printed(value) for value in values[:SHOWN_ELEMENTS])
    hidden = len(values) - SHOWN_ELEMENTS
    return f"{shown} and {hidden} more" if hidden > 0 else shown
