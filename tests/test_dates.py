from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import calendar, dates
from dlquiz.errors import UsageError

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-20", date(2026, 12, 20)),
        ("+21", date(2026, 12, 15)),
        ("+3w", date(2026, 12, 15)),
        ("in 3 weeks", date(2026, 12, 15)),
        ("In Three Weeks", date(2026, 12, 15)),
        ("10 days", date(2026, 12, 4)),
        ("in a month", date(2026, 12, 24)),
        ("in 3 months", date(2027, 2, 24)),
        ("two weeks from now", date(2026, 12, 8)),
        ("tomorrow", date(2026, 11, 25)),
        ("friday", date(2026, 11, 27)),
        ("Fri", date(2026, 11, 27)),
        ("tuesday", date(2026, 12, 1)),  # never today
        ("20 Dec", date(2026, 12, 20)),
        ("December 20", date(2026, 12, 20)),
        ("20th december, 2026", date(2026, 12, 20)),
        ("Sun 20 Dec", date(2026, 12, 20)),  # as the screens write it
        ("3 Feb", date(2027, 2, 3)),
        ("24 Nov", TUESDAY),
        ("29 Feb", date(2028, 2, 29)),
        ("day after tomorrow", date(2026, 11, 26)),
        ("weds", date(2026, 11, 25)),
        ("this Thurs.", date(2026, 11, 26)),
        ("+3 weeks", date(2026, 12, 15)),
        ("10d", date(2026, 12, 4)),
        ("in a fortnight", date(2026, 12, 8)),
        ("in three weeks' time", date(2026, 12, 15)),
        ("a week from Friday", date(2026, 12, 4)),
        ("in 2 years", date(2028, 11, 24)),
        ("+5y", date(2031, 11, 24)),
        ("dec 20 '26", date(2026, 12, 20)),
        ("on the 20th of December", date(2026, 12, 20)),
        ("the 20th", date(2026, 12, 20)),
        ("the 24th", TUESDAY),
        ("20-Dec-2026", date(2026, 12, 20)),
        ("20.12.", date(2026, 12, 20)),
        ("20.12.26", date(2026, 12, 20)),
        ("20. 12. 2026", date(2026, 12, 20)),
        ("12/20", date(2026, 12, 20)),
        ("20/12/2026", date(2026, 12, 20)),
        ("5/5", date(2027, 5, 5)),
        ("2026/12/20", date(2026, 12, 20)),
    ],
)
def test_a_day_is_read_as_people_say_it(text: str, day: date) -> None:
    assert dates.parse(text, TUESDAY) == day


@pytest.mark.parametrize(
    ("today", "coming", "following"),
    [(23, 27, 34), (26, 27, 34), (27, 34, 34), (28, 34, 34), (29, 34, 34)],  # Mon, Thu, Fri, Sat, Sun
)
def test_friday_is_the_one_to_come_and_next_friday_that_of_next_week(today: int, coming: int, following: int) -> None:
    """Which of the two is meant by `next friday` people disagree about; so the answer names the day."""
    first = date(2026, 11, 1)
    day = first + timedelta(days=today - 1)

    for text in ("friday", "this friday", "coming fri"):
        assert dates.parse(text, day) == first + timedelta(days=coming - 1)
    for text in ("next friday", "Friday next week", "next week on Fri"):
        assert dates.parse(text, day) == first + timedelta(days=following - 1)


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "2026-02-30", "20301231", "31 Feb", "next", "next week", "next month", "+", "in weeks", "week",
        "21", "13/13", "31.2.", "+99999m", "fr", "may", "in a friday", "a week from", "2 from friday", "2026-12-20 10:00",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(UsageError, match="is not a day; write it like 2027-01-31"):
        dates.parse(text, TUESDAY)


def test_a_day_that_may_be_two_is_refused_with_both() -> None:
    with pytest.raises(UsageError, match="'3/4' may be Sat 3 Apr or Thu 4 Mar; write the month by its name"):
        dates.parse("3/4", TUESDAY)


def test_a_wrong_weekday_is_refused_with_the_right_one() -> None:
    with pytest.raises(UsageError, match="'mon 20 dec' does not exist: that day is Sun 20 Dec"):
        dates.parse("Mon 20 Dec", TUESDAY)


@pytest.mark.parametrize("text", ["2026-11-23", "yesterday", "1 Jan 2020", "23.11.2026"])
def test_a_day_that_is_past_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=f"^{text} is past; a plan needs a day from 2026-11-25 on$"):
        dates.parse(text, TUESDAY)


@pytest.mark.parametrize("text", ["9999-12-31", "+9999", "in 300 weeks", "25 Nov 2031", "in six years"])
def test_a_day_beyond_five_years_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="more than five years away; a plan reaches to 2031-11-24"):
        dates.parse(text, TUESDAY)


def test_a_month_that_is_shorter_ends_on_its_last_day() -> None:
    assert dates.parse("in a month", date(2027, 1, 31)) == date(2027, 2, 28)


ANY_DAY = st.dates(date(2000, 1, 1), date(2090, 1, 1))


@given(ANY_DAY, st.integers(0, 5 * 365))
def test_all_ways_to_write_a_day_agree(today: date, days: int) -> None:
    day = today + timedelta(days=days)
    month = dates.MONTHS[day.month - 1]
    forms = [
        f"+{days}", f"in {days} days", f"{days} days from now", day.isoformat(),
        f"{day.day} {month} {day.year}", f"{month[:3].title()} {day.day}, {day.year}", f"{day.day}.{day.month}.{day.year}",
        f"{calendar.day_name(day)} {day.year}",
    ]  # fmt: skip

    assert {dates.parse(text, today) for text in forms} == {day}


@given(ANY_DAY, st.integers(0, 364))
def test_a_day_is_read_as_the_screens_write_it(today: date, days: int) -> None:
    day = today + timedelta(days=days)

    assert dates.parse(calendar.day_name(day), today) == day


@given(ANY_DAY, st.sampled_from(dates.WEEKDAYS))
def test_a_weekday_is_within_a_week_and_next_ones_are_in_the_week_after_this(today: date, name: str) -> None:
    coming, following = dates.parse(name, today), dates.parse(f"next {name}", today)

    assert coming.weekday() == following.weekday() == dates.WEEKDAYS.index(name)
    assert 1 <= (coming - today).days <= 7
    monday = today - timedelta(days=today.weekday())
    assert 7 <= (following - monday).days < 14


WORDS = [
    *dates.NAMED,
    *dates.FILLERS,
    *dates.COUNTS,
    *dates.WEEKDAYS,
    *dates.MONTHS,
    *"dwmy+-/.'0123456789",
    "next",
    "20th",
    "weeks",
    "from",
]


@given(
    st.text(max_size=12)
    | st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
    | st.lists(st.sampled_from(WORDS), max_size=6).map("".join),
    ANY_DAY,
)
def test_whatever_is_typed_is_a_day_within_five_years_or_refused_in_a_sentence(text: str, today: date) -> None:
    try:
        day = dates.parse(text, today)
    except UsageError as refusal:
        assert str(refusal)  # noqa: PT017 - either outcome is right
    else:
        assert today <= day <= dates.furthest(today)
