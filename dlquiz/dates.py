"""A day as somebody types it: `2027-01-31`, `+21`, `in 3 weeks`, `friday`, `20 Dec`. Reads no clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from dlquiz.errors import UsageError

MAX_DAYS = 5 * 365  # the furthest day that a plan reaches to
FORMS = '2027-01-31, +21, "in 3 weeks", friday or "20 Dec"'
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10}
COUNT = rf"(?P<count>\d{{1,5}}|{'|'.join(COUNTS)})"


def parse(text: str, today: date) -> date:
    """The day that is meant, at most five years away; it may be past.

    Raises:
        UsageError: The text is no day, or one too far away.
    """
    words = " ".join(text.lower().replace(",", " ").split())
    day = None
    with suppress(ValueError, OverflowError):
        day = next((day for form in _FORMS if (day := form(words, today)) is not None), None)
    if day is None:
        raise UsageError(f"'{text}' is not a day; write it like {FORMS}")
    if day - today > timedelta(days=MAX_DAYS):
        raise UsageError(f"{text} is {too_far(today)}")
    return day


def too_far(today: date) -> str:
    """Why a day is refused."""
    return f"more than five years away; a plan reaches to {today + timedelta(days=MAX_DAYS)} at most"


def _iso(words: str, today: date) -> date | None:  # noqa: ARG001 - all forms are called alike
    return date.fromisoformat(words) if re.fullmatch(r"\d{4}-\d\d-\d\d", words) else None


def _counted(words: str, today: date) -> date | None:
    """`+21`, `+3w`, `in 3 weeks`, `10 days`, `in two months`, `today`, `tomorrow`."""
    if words in ("today", "tomorrow"):
        return today + timedelta(days=words == "tomorrow")
    match = re.fullmatch(rf"\+ ?{COUNT} ?(?P<unit>[dwm]?)|(?:in )?{COUNT.replace('count', 'number')} "
                         r"(?P<name>day|week|month)s?(?: from now)?", words)  # fmt: skip
    if match is None:
        return None
    number = match["count"] or match["number"]
    count, unit = COUNTS.get(number) or int(number), (match["unit"] or match["name"] or "d")[0]
    return _months_later(today, count) if unit == "m" else today + timedelta(days=count * (7 if unit == "w" else 1))


def _months_later(day: date, count: int) -> date:
    """The same day of the month, or the last one of a month that is shorter."""
    years, month = divmod(day.month - 1 + count, 12)
    for number in range(day.day, 27, -1):
        with suppress(ValueError):
            return date(day.year + years, month + 1, number)
    return date(day.year + years, month + 1, day.day)


def _weekday(words: str, today: date) -> date | None:
    """The next such day, never today."""
    weekday = _prefixed(words.removeprefix("on "), WEEKDAYS)
    return None if weekday is None else today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _day_of_month(words: str, today: date) -> date | None:
    """`20 Dec`, `December 20`, `Sun 20 Dec 2026`; without a year the next one to come."""
    pieces = words.removeprefix("on ").split()
    weekday = _prefixed(pieces[0], WEEKDAYS) if len(pieces) > 2 else None
    if weekday is not None:
        pieces = pieces[1:]
    if len(pieces) not in (2, 3):
        return None
    months = [month for piece in pieces[:2] if (month := _prefixed(piece, MONTHS)) is not None]
    numbers = [match[1] for piece in pieces[:2] if (match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?\.?", piece))]
    if len(months) != 1 or len(numbers) != 1:
        return None
    if len(pieces) == 3:
        day = date(int(pieces[2]), months[0] + 1, int(numbers[0])) if re.fullmatch(r"\d{4}", pieces[2]) else None
    else:
        day = date(today.year, months[0] + 1, int(numbers[0]))
        if day <= today:
            day = day.replace(year=today.year + 1)
    return day if day and (weekday is None or day.weekday() == weekday) else None


def _prefixed(word: str, names: tuple[str, ...]) -> int | None:
    """The place of the one name that begins so; at least three letters of it."""
    word = word.rstrip(".")
    return next((n for n, name in enumerate(names) if len(word) >= 3 and name.startswith(word)), None)


_FORMS: tuple[Callable[[str, date], date | None], ...] = (_iso, _counted, _weekday, _day_of_month)
