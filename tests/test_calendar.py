from __future__ import annotations

import time as clock
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import calendar

try:
    BERLIN = ZoneInfo("Europe/Berlin")
except ZoneInfoNotFoundError:
    pytest.skip("Windows has no time zones of its own: install tzdata", allow_module_level=True)
FOUR = 240
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
ZONES = st.sampled_from(["Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Auckland", "UTC"]).map(
    ZoneInfo
)


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (local(2026, 11, 24, 3, 59), date(2026, 11, 23)),
        (local(2026, 11, 24, 4, 0), date(2026, 11, 24)),
        (local(2026, 3, 29, 3, 59), date(2026, 3, 28)),  # 02:00 became 03:00 that night
        (local(2026, 3, 29, 4, 0), date(2026, 3, 29)),
        (local(2026, 10, 25, 3, 59), date(2026, 10, 24)),  # 03:00 became 02:00 that night
        (local(2026, 10, 25, 4, 0), date(2026, 10, 25)),
    ],
)
def test_a_study_day_turns_at_four_on_the_wall(at: datetime, day: date) -> None:
    assert calendar.moment(at, FOUR, BERLIN).day == day


def test_the_rollover_is_a_setting() -> None:
    at = local(2026, 11, 24, 1, 30)

    assert calendar.moment(at, 60, BERLIN).day == date(2026, 11, 24)
    assert calendar.moment(at, 120, BERLIN).day == date(2026, 11, 23)


def test_a_moment_keeps_the_offset_it_fell_into() -> None:
    assert calendar.moment(local(2026, 7, 1, 12), FOUR, BERLIN).utc_offset_min == 120
    assert calendar.moment(local(2026, 12, 1, 12), FOUR, BERLIN).utc_offset_min == 60


def test_a_rollover_in_the_hour_that_comes_twice_turns_the_day_once() -> None:
    minutes = [
        datetime(2026, 10, 24, 23, tzinfo=UTC) + timedelta(minutes=n) for n in range(240)
    ]  # 01:00 to 04:00 on the wall

    days = [calendar.moment(at, 150, BERLIN).day for at in minutes]

    assert days == sorted(days)
    assert days.count(date(2026, 10, 24)) == 90  # until 02:30, the first time


@pytest.mark.skipif(not hasattr(clock, "tzset"), reason="the system's zone can't be set")
def test_the_systems_own_zone_turns_it_once_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    clock.tzset()
    try:
        for minute in range(240):
            at = datetime(2026, 10, 24, 23, tzinfo=UTC) + timedelta(minutes=minute)
            assert calendar.moment(at, 150) == calendar.moment(at, 150, BERLIN)
        assert calendar.on_the_wall("2026-10-25T01:30:00.000Z") == "2026-10-25 02:30"
    finally:
        monkeypatch.undo()
        clock.tzset()


@given(INSTANTS, ZONES, st.integers(0, 1439), st.integers(0, 90_000))
def test_study_days_never_run_backwards(at: datetime, zone: ZoneInfo, rollover: int, wait: int) -> None:
    before = calendar.moment(at, rollover, zone)
    after = calendar.moment(at + timedelta(seconds=wait), rollover, zone)

    assert before.day <= after.day <= before.day + timedelta(days=2)


@given(INSTANTS)
def test_milliseconds_and_instants_are_each_others_inverse(at: datetime) -> None:
    at_ms = calendar.moment(at, FOUR, UTC).at_ms

    assert abs(calendar.from_ms(at_ms) - at) <= timedelta(milliseconds=1)
    assert calendar.iso(at_ms).endswith("Z")


def test_days_are_named_in_english() -> None:
    assert calendar.day_name(date(2026, 12, 3)) == "Thu 3 Dec"
