from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import dates
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
        ("24 Nov", date(2027, 11, 24)),
    ],
)
def test_a_day_is_read_as_people_say_it(text: str, day: date) -> None:
    assert dates.parse(text, TUESDAY) == day


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-02-30", "20301231", "31 Feb", "Mon 20 Dec", "next", "+", "in weeks", "12/24", "+99999m", "fr"],
)
def test_what_is_no_day_is_refused_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(UsageError, match="is not a day; write it like 2027-01-31"):
        dates.parse(text, TUESDAY)


@pytest.mark.parametrize("text", ["9999-12-31", "+9999", "in 300 weeks", "20 Dec 2031"])
def test_a_day_beyond_five_years_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="more than five years away; a plan reaches to 2031-11-23"):
        dates.parse(text, TUESDAY)


def test_a_month_that_is_shorter_ends_on_its_last_day() -> None:
    assert dates.parse("in a month", date(2027, 1, 31)) == date(2027, 2, 28)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, dates.MAX_DAYS))
def test_a_count_and_an_iso_day_agree(today: date, days: int) -> None:
    day = today + timedelta(days=days)

    assert (
        dates.parse(f"+{days}", today) == dates.parse(f"in {days} days", today) == dates.parse(day.isoformat(), today)
    )
