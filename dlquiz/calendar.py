"""Study days: when a day turns, in which zone. Reads no clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from dlquiz.card import Moment


def moment(at: datetime, rollover_min: int, zone: tzinfo | None = None) -> Moment:
    """The moment of an instant.

    Args:
        at: Aware instant.
        rollover_min: Minutes after local midnight at which a study day turns, 0 to 1439.
        zone: The user's zone; None is the system's, asked anew each time so that travel shows.

    The rollover is subtracted from the local wall clock, so a day turns at the same reading of the clock whether or not daylight saving
    began or ended in between; where the clock reads it twice that night, at the first time.
    """
    local = at.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    wall, rollover = local.replace(tzinfo=None), timedelta(minutes=rollover_min)
    day = (wall - rollover).date()
    if at >= _instant(datetime.combine(day + timedelta(days=1), time()) + rollover, zone):
        day += timedelta(days=1)  # the clock was set back behind it
    return Moment(at=at.astimezone(UTC), day=day, utc_offset_min=round(offset / timedelta(minutes=1)))


def _instant(wall: datetime, zone: tzinfo | None) -> datetime:
    """When a clock reads this, the first time."""
    return wall.astimezone(UTC) if zone is None else wall.replace(tzinfo=zone).astimezone(UTC)


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


def on_the_wall(instant: str, zone: tzinfo | None = None) -> str:
    """Day and time as the user's calendar and clock read them, `2026-11-29 14:05`, of an instant as `iso` has it."""
    return f"{datetime.fromisoformat(instant).astimezone(zone):%Y-%m-%d %H:%M}"


def clock(at_ms: int, zone: tzinfo | None = None) -> str:
    """HH:MM on the user's wall."""
    return from_ms(at_ms).astimezone(zone).strftime("%H:%M")


def day_name(day: date) -> str:
    """`Thu 3 Dec`, in English whatever the locale is."""
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{weekday} {day.day} {months[day.month - 1]}"
