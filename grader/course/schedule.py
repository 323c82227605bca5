"""Due dates as people write them, and the one moment that each of them means."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo, available_timezones

from grader.course.names import guess

_DATE_ONLY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_END_OF_DAY = time(23, 59, 59)


def find_zone(name: str) -> ZoneInfo:
    """The time zone called `name`. Raises ValueError with a hint when there is none."""
    # A name is looked up, never opened: ZoneInfo would take it for a path.
    if name not in available_timezones():
        raise ValueError(guess(name, available_timezones()) or "Use a name such as Europe/Zurich or UTC.")
    return ZoneInfo(name)


def parse_due(text: str, zone: ZoneInfo) -> datetime:
    """A due date in UTC. Without an offset it is local time of `zone`; a date alone means the end of the day.

    Raises ValueError for anything that ISO 8601 would not call a date.
    """
    moment = datetime.fromisoformat(text)
    if _DATE_ONLY.fullmatch(text):
        moment = datetime.combine(moment, _END_OF_DAY)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
