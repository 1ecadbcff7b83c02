"""ISO 8601 durations as rotation policies have them: whole years, months, weeks, days. Reads no clock."""

import calendar
import re
from datetime import datetime, timedelta

_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
_MONTHS = 12


def after(moment: datetime, duration: str) -> datetime:
    """The moment so much later; a month ends where the month does."""
    years, months, weeks, days = _parts(duration)
    return _months_on(moment, years * _MONTHS + months) + timedelta(weeks=weeks, days=days)


def before(moment: datetime, duration: str) -> datetime:
    """The moment so much earlier."""
    years, months, weeks, days = _parts(duration)
    return _months_on(moment, -years * _MONTHS - months) - timedelta(weeks=weeks, days=days)


def _parts(duration: str) -> tuple[int, int, int, int]:
    found = _DURATION.fullmatch(duration)
    if found is None or duration == "P":
        raise ValueError(duration)
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    return years, months, weeks, days


def _months_on(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * _MONTHS + moment.month - 1 + months, _MONTHS)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
