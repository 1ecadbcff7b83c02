"""The only clock of the product; everything else is told the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware and in UTC, without microseconds."""
    return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 (this is the place the ban points to)
