"""Study days: when a day turns, in which zone. Reads no clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from dlquiz.card import Moment


def moment(at: datetime, rollover_min: int, zone: tzinfo | None = None) -> Moment:
    """The moment of an instant.

    Args:
        at: Aware instant.
        rollover_min: Minutes after local midnight at which a study day turns, 0 to 1439.
        zone: The user's zone; None is the system's, asked anew each time so that travel shows.

    The rollover is subtracted from the local wall clock, so a day turns at the same reading of the clock whether or not daylight saving
    began or ended in between.
    """
    local = at.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    day = (local.replace(tzinfo=None) - timedelta(minutes=rollover_min)).date()
    return Moment(at=at.astimezone(UTC), day=day, utc_offset_min=round(offset / timedelta(minutes=1)))


@lru_cache(maxsize=4096)
def ordinal(day: str) -> int:
    """The ordinal of an ISO day; a big log has many rows and few days."""
    return date.fromisoformat(day).toordinal()


def from_ms(at_ms: int) -> datetime:
    """The aware instant, UTC, of milliseconds since 1970."""
    return datetime.fromtimestamp(at_ms // 1000, UTC) + timedelta(milliseconds=at_ms % 1000)


def iso(at_ms: int) -> str:
    """ISO-8601 in UTC with Z and milliseconds, as the program's JSON has it."""
    return from_ms(at_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def clock(at_ms: int, zone: tzinfo | None = None) -> str:
    """HH:MM on the user's wall."""
    return from_ms(at_ms).astimezone(zone).strftime("%H:%M")


def day_name(day: date) -> str:
    """`Thu 3 Dec`, in English whatever the locale is."""
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{weekday} {day.day} {months[day.month - 1]}"
