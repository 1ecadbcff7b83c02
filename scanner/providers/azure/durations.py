"""Durations of rotation policies as they are written, in days. Reads no clock."""

import re
from datetime import timedelta

from scanner.providers.failure import MalformedReplyError

_DURATION = re.compile(r"P(?=\d)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?")
_DAYS_OF_A_YEAR, _MONTHS_OF_A_YEAR = 365, 12


def duration(text: str | None) -> timedelta | None:
    """An ISO 8601 duration of whole days or more; a year counts 365 days, and months their share of one, rounded up."""
    if text is None:
        return None
    found = _DURATION.fullmatch(text)
    if found is None:
        raise MalformedReplyError(text[:20])
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    whole, rest = divmod(years * _MONTHS_OF_A_YEAR + months, _MONTHS_OF_A_YEAR)
    share = -(-rest * _DAYS_OF_A_YEAR // _MONTHS_OF_A_YEAR)
    return timedelta(days=whole * _DAYS_OF_A_YEAR + share + days, weeks=weeks)
