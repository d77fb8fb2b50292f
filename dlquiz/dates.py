"""A day as somebody types it: `2027-01-31`, `+21`, `in 3 weeks`, `next friday`, `20 Dec`, `20.12.`. Reads no clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from dlquiz import calendar
from dlquiz.errors import UsageError

FURTHEST_MONTHS = 5 * 12  # a plan reaches no further
FORMS = '2027-01-31, +21, "in 3 weeks", friday, "next friday" or "20 Dec"'
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
NAMED = {"yesterday": -1, "today": 0, "now": 0, "tomorrow": 1, "day after tomorrow": 2}  # days from today
FILLERS = {"on", "in", "the", "of", "this", "coming", "time"}  # `on the 20th of December`, `in 3 weeks' time`
COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
COUNTED = (
    rf"(?P<plus>\+)? ?(?P<count>\d{{1,5}}|{'|'.join(COUNTS)})"
    r" ?(?P<unit>d|w|m|y|(?:day|week|fortnight|month|year)(?:s|'s|s')?)?(?: (?:from|after) (?P<base>.+))?"
)
YEAR = r"(?P<year>\d{4}|\d\d)"


def parse(text: str, today: date) -> date:
    """The day that is meant: today, or one at most five years later.

    Raises:
        UsageError: The text is no day or may be two, or the day is past or too far away.
    """
    plain = text.lower().replace(",", " ").replace("’", "'")
    plain = re.sub(r"(?<=\d)-(?=[a-z])|(?<=[a-z])-(?=\d)", " ", plain)  # 20-Dec-2026
    words = " ".join(word for word in plain.split() if word not in FILLERS)
    day = None
    with suppress(ValueError, OverflowError):
        day = next((day for form in _FORMS if (day := form(words, today)) is not None), None)
    if day is None:
        raise UsageError(f"'{text}' is not a day; write it like {FORMS}")
    if day < today:
        raise UsageError(f"{text} is past; {from_tomorrow(today)}")
    if day > furthest(today):
        raise UsageError(f"{text} is {too_far(today)}")
    return day


def furthest(today: date) -> date:
    """The last day to which a plan reaches."""
    return _months_later(today, FURTHEST_MONTHS)


def from_tomorrow(today: date) -> str:
    """Which days a plan may have."""
    return f"a plan needs a day from {today + timedelta(days=1)} on"


def too_far(today: date) -> str:
    """Why a day is refused."""
    return f"more than five years away; a plan reaches to {furthest(today)} at most"


def _named(words: str, today: date) -> date | None:
    return today + timedelta(days=NAMED[words]) if words in NAMED else None


def _counted(words: str, today: date) -> date | None:
    """`+21`, `+3w`, `in 3 weeks`, `10 days`, `in two years`, `a week from friday`. A bare number is no day."""
    match = re.fullmatch(COUNTED, words)
    if match is None or not (match["plus"] or match["unit"]):
        return None
    base = _named(match["base"], today) or _weekday(match["base"], today) if match["base"] else today
    if base is None:
        return None
    count, unit = COUNTS.get(match["count"]) or int(match["count"]), (match["unit"] or "d")[0]
    if unit in "my":
        return _months_later(base, count * (12 if unit == "y" else 1))
    return base + timedelta(days=count * {"d": 1, "w": 7, "f": 14}[unit])


def _months_later(day: date, count: int) -> date:
    """The same day of the month, or the last one of a month that is shorter."""
    years, month = divmod(day.month - 1 + count, 12)
    for number in range(day.day, 27, -1):
        with suppress(ValueError):
            return date(day.year + years, month + 1, number)
    return date(day.year + years, month + 1, day.day)


def _weekday(words: str, today: date) -> date | None:
    """`friday`: the one to come, never today. `next friday`: the one of next week, and weeks begin on Monday."""
    match = re.fullmatch(r"(?P<next>next (?:week )?)?(?P<day>\S+)(?P<later> next week)?", words)
    weekday = _prefixed(match["day"], WEEKDAYS) if match else None
    if match is None or weekday is None or (match["next"] and match["later"]):
        return None
    if match["next"] or match["later"]:
        return today + timedelta(days=7 - today.weekday() + weekday)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _day_of_month(words: str, today: date) -> date | None:
    """`20 Dec`, `December 20`, `Sun 20 Dec 2026`, `the 20th`; without a month or year the next one to come.

    Raises:
        UsageError: It is another weekday.
    """
    pieces = words.split()
    weekday = _prefixed(pieces[0], WEEKDAYS) if len(pieces) > 1 else None
    text = " ".join(pieces if weekday is None else pieces[1:])
    number, month = r"(?P<number>\d{1,2})(?P<nth>st|nd|rd|th)?\.?", r"(?P<month>[a-z]{3,}\.?)"
    match = re.fullmatch(rf"(?:{number}(?: {month})?(?: '?{YEAR})?)", text) or re.fullmatch(
        rf"{month} {number}(?: '?{YEAR})?", text
    )
    if match is None or not (match["month"] or (match["nth"] and not match["year"])):
        return None
    month_index = _prefixed(match["month"], MONTHS) if match["month"] else None
    if match["month"] and month_index is None:
        return None
    day = _next(today, int(match["number"]), None if month_index is None else month_index + 1, match["year"])
    if day and weekday not in (None, day.weekday()):
        raise UsageError(f"'{words}' does not exist: that day is {calendar.day_name(day)}")
    return day


def _in_figures(words: str, today: date) -> date | None:
    """`2027-01-31`, `20.12.`, `20.12.2026`; `12/20` where only one reading is a day.

    Raises:
        UsageError: It can be read in two ways.
    """
    if match := re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", words):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if match := re.fullmatch(rf"(\d{{1,2}})\. ?(\d{{1,2}})\.?(?: ?(?<=[. ]){YEAR})?", words):
        return _next(today, int(match[1]), int(match[2]), match["year"])
    match = re.fullmatch(rf"(\d{{1,2}})([/-])(\d{{1,2}})(?:\2{YEAR})?", words)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    day_first, month_first = (_next(today, *pair, match["year"]) for pair in ((first, second), (second, first)))
    if day_first and month_first and day_first != month_first:
        readings = f"{calendar.day_name(day_first)} or {calendar.day_name(month_first)}"
        raise UsageError(f"'{words}' may be {readings}; write the month by its name")
    return day_first or month_first


def _next(today: date, number: int, month: int | None, year: str | None) -> date | None:
    """The next day, today included, with this number in its month; None where there is none."""
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else range(today.year, today.year + 9)  # 29 Feb
    for candidate in ((y, m) for y in years for m in ([month] if month else range(1, 13))):
        with suppress(ValueError):
            day = date(*candidate, number)
            if year or day >= today:
                return day
    return None


def _prefixed(word: str, names: tuple[str, ...]) -> int | None:
    """The place of the one name that begins so; at least three letters of it. `weds` is one too."""
    word = word.rstrip(".").rstrip("s")
    return next((n for n, name in enumerate(names) if len(word) >= 3 and name.startswith(word)), None)


_FORMS: tuple[Callable[[str, date], date | None], ...] = (_named, _counted, _weekday, _day_of_month, _in_figures)
