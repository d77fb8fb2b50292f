"""The plan towards an interview and the readiness, as they look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from rich.console import Group, RenderableType
from rich.text import Text

from dlquiz import calendar, view
from dlquiz.plan.course import CourseDay, Outlook
from dlquiz.plan.readiness import Best, Range, Readiness, TopicReadiness

WHOLE = 62  # days that are shown one by one; of a longer way only its first and last ones
FIRST, LAST = 21, 14
DAY = 24 * 60  # minutes

READY_FROM = (
    0.8  # of a topic's met cards would be recalled on the day; half of the topic must be met for that to be known
)


def outlook(found: Outlook) -> RenderableType:
    """What the plan comes to, then the calendar."""
    left = (found.interview - found.today).days
    if left == 0:
        return Text(head(found.interview, found.today, None))
    first = f"Interview {calendar.day_name(found.interview)}, {days(left)} left, {found.minutes} minutes a day."
    recall = f"Recall predicted on the day: {spread(found.recall)}."
    return Group(
        Text(first),
        Text(share(found.course.days[0], then="")),
        Text(_fit(found)),
        Text(recall),
        Text(),
        _calendar(found.course.days),
    )


def readiness(found: Readiness, today: date) -> RenderableType:
    """Topic by topic, and what would raise it most."""
    when = "today" if found.day == today else f"on {calendar.day_name(found.day)} if you stopped now"
    heads = ["topic", "seen", "recall"]
    columns = [
        [topic.topic for topic in found.topics],
        [f"{topic.seen}/{topic.cards}" for topic in found.topics],
        [_recall(topic) for topic in found.topics],
    ]
    if any(topic.said or topic.missed for topic in found.topics):
        heads.insert(2, "said")
        columns.insert(2, [_said(topic) for topic in found.topics])
    parts: list[RenderableType] = [Text(f"Readiness {when}:"), view.rows(list(zip(*columns, strict=True)), heads)]
    if found.best:
        parts += [Text(), advice(found.best)]
    return Group(*parts)


def head(interview: date, today: date, rest: CourseDay | None, found: Readiness | None = None) -> str:
    """The start screen's first lines: how far the interview is, in how many topics one is ready for it, and what today still asks.

    Args:
        interview: Its day.
        today: The study day.
        rest: What today still asks; None without a plan.
        found: How ready each topic is; None before the first answer.
    """
    left = (interview - today).days
    if left == 0:
        return "The interview is today. Nothing new any more; good luck."
    far = f"Interview on {calendar.day_name(interview)}, {days(left)} left"
    if found:
        ready = sum(topic.recall is not None and topic.recall.mid >= READY_FROM for topic in found.topics)
        far += f"; ready in {ready} of {cards(len(found.topics), 'topic')}"
    return f"{far}.\n{share(rest)}" if rest else f"{far}."


def topics(found: Readiness, asked: Mapping[str, int], today: date) -> RenderableType:
    """The start screen's table: topic by topic what today still asks, and how ready it is.

    Args:
        found: On the day of the interview.
        asked: Cards of today by topic.
        today: The study day.
    """
    columns = [
        ("topic", [topic.topic for topic in found.topics]),
        *([("today", [str(asked.get(topic.topic) or "") for topic in found.topics])] if asked else []),
        ("seen", [f"{topic.seen}/{topic.cards}" for topic in found.topics]),
        ("recall then" if found.day > today else "recall today", [_recall(topic) for topic in found.topics]),
    ]
    return view.rows(
        list(zip(*(cells for _, cells in columns), strict=True)), [heading for heading, _ in columns], {"today"}
    )


def missed(days: Sequence[date], before: tuple[int, int], new: int, minutes: int) -> str:
    """What became of missed days."""
    names = [calendar.day_name(day) for day in days]
    if len(names) > 2 and days[-1] - days[0] == timedelta(days=len(days) - 1):
        which = f"{names[0]} to {names[-1]}"
    else:
        which = " and ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])
    today = f"today is now {cards(new, 'new card')} and {cards(minutes, 'minute')}"
    return f"Missed {which}; {today} (before: {before[0]} and {before[1]})."


def share(today: CourseDay, then: str = " `dlquiz plan` shows the days to come.") -> str:
    """What today still asks, and where it goes on once all is done."""
    if not today.asks:
        return f"Today's part of the plan is done.{then}"
    again, minutes = today.reviews + today.final_pass, max(1, round(today.seconds / 60))
    return f"Today's part of the plan: {today.new} new, {cards(again, 'review')}, about {cards(minutes, 'minute')}."


def over(day: date) -> str:
    """Once, after the interview."""
    return (
        f"The interview of {calendar.day_name(day)} is past: back to normal scheduling. "
        "`dlquiz plan --date` sets another."
    )


def advice(best: Best) -> RenderableType:
    """The one thing that would raise the readiness most, and the command for it."""
    points = f"+{cards(round(100 * best.gain), 'point')}" if best.gain >= 0.01 else "less than a point"
    if best.new:
        what = f"{cards(best.new, 'new card')} of {best.topic}"
        command = f"dlquiz study --topic {best.topic} --new {best.new}"
    else:
        what = f"{cards(best.again)} of {best.topic} once more"
        command = f"dlquiz random --topic {best.topic} --count {best.again} --rate"
    return Group(Text(f"Best next step: {what} ({points})"), Text(f"  {command}"))


def spread(found: Range) -> str:
    """`93 %, likely 88 to 96 %`."""
    low, mid, high = (f"{100 * value:.0f}" for value in found)
    return f"{mid} %, likely {low} to {high} %"


def recall_change(before: Range | None, after: Range | None) -> str:
    """`81 → 84 %, likely 78 to 89 %`: what would be recalled, before a sitting and after it."""
    if after is None:
        return "not known yet"
    change = f"{100 * before.mid:.0f} → " if before and round(100 * before.mid) != round(100 * after.mid) else ""
    return change + spread(after)


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _fit(found: Outlook) -> str:
    course = found.course
    when = "today" if len(course.days) == 1 else "a day"
    if found.fits:
        return f"It fits: {found.minutes_needed} minutes {when} would do."
    late, unseen = course.late, sum(course.unseen)
    troubles = []
    if unseen:
        troubles.append(f"{cards(unseen)} would stay unseen")
    elif late:
        troubles.append(f"{cards(late)} would come too late to stick")
    if course.unpassed:
        troubles.append(f"{cards(course.unpassed)} would get no last look")
    if course.waiting > 60 * found.minutes:
        troubles.append("what is due would wait longer than a day")
    needed = f"{found.minutes_needed} minutes {when}" if found.minutes_needed <= DAY else "not even whole days"
    text = f"It does not fit: {', '.join(troubles)}; {needed} would do."
    if found.left_out:
        names = ", ".join(f"{topic} {count}" for topic, count in found.left_out)
        text += f" Left out first is what drills no must: {names}."
    return text


def cards(count: int, name: str = "card") -> str:
    return f"1 {name}" if count == 1 else f"{count} {name}s"


def _calendar(rows: Sequence[CourseDay]) -> RenderableType:
    shown = [_day(row) for row in rows]
    if len(rows) > WHOLE:
        middle = rows[FIRST:-LAST]
        seconds = sum(row.seconds for row in middle) / len(middle)
        line = (f"{days(len(middle))}", "", "", "", f"each {seconds / 60:.0f}")
        shown = [*shown[:FIRST], line, *shown[-LAST:]]
    heads = ("day", "new", "reviews", "last look", "min")
    return view.rows(shown, heads, figures=heads[1:])


def _day(row: CourseDay) -> tuple[str, ...]:
    name = calendar.day_name(date.fromordinal(row.day))
    return name, str(row.new), str(row.reviews), str(row.final_pass or ""), f"{row.seconds / 60:.0f}"


def _said(topic: TopicReadiness) -> str:
    asked = topic.said + len(topic.missed)
    return f"{topic.said}/{asked}" if asked else ""


def _recall(topic: TopicReadiness) -> str:
    if topic.recall:
        return spread(topic.recall)
    return "not known yet" if topic.seen else "not begun"
