"""The plan towards an interview and the readiness, as they look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from rich.console import Group, RenderableType
from rich.text import Text

from dlquiz import calendar, view
from dlquiz.plan.course import CourseDay, Leftover, Outlook, Saved
from dlquiz.plan.readiness import Best, Range, Readiness, TopicReadiness
from dlquiz.text.phrases import counted

WHOLE = 62  # days that are shown one by one; of a longer way only its first and last ones
FIRST, LAST = 21, 14
DAY = 24 * 60  # minutes
YEAR = 365  # days; an interview that is further away is named with its year
LONGEST = 4 * 60  # minutes that somebody may be advised to spend on a day
TOPICS = 10  # lines of the start screen, which has 24
LEFT_OUT = 3  # topics that are named
EXAMPLES = 2  # topics of a plan that is about fewer
READY = "ready"  # share of what is asked that is recalled on the day; the same word on every screen
NOT_BEGUN = "not begun"


def outlook(ahead: Outlook) -> RenderableType:
    """What the plan comes to in one sentence, what would mend it, then the calendar."""
    if ahead.interview == ahead.today:
        return Text(head(ahead))
    return Group(
        Text(headline(ahead)),
        *shortfalls(ahead),
        Text(share(ahead.course.days[0], then="")),
        *([Text(f"The interview is about {ahead.scope}.")] if ahead.scope else []),
        Text(),
        _calendar(ahead.course.days),
    )


def headline(ahead: Outlook) -> str:
    """For what share of what will be asked the plan makes ready, by when, and whether its minutes do."""
    days = (ahead.interview - ahead.today).days
    day = calendar.day_name(ahead.interview) + (f" {ahead.interview.year}" if days > YEAR else "")
    when = "tomorrow" if days == 1 else f"in {counted(days, 'day')}, {day}"
    sentence = f"Interview {when}: you will be ready for {spread(ahead.recall)} of what is asked"
    minutes = f"{counted(ahead.minutes, 'minute')} {_a_day(ahead)}"
    if ahead.is_short:
        return f"{sentence}; {minutes} {'is' if ahead.minutes == 1 else 'are'} not enough."
    if not ahead.fits or not ahead.minutes_needed or ahead.minutes_needed == ahead.minutes:
        return f"{sentence}, with {minutes}."
    return f"{sentence}, with {minutes}; {ahead.minutes_needed} would do."


def shortfalls(ahead: Outlook) -> list[RenderableType]:
    """What the plan can't hold, each with the command that would mend it."""
    lines: list[RenderableType] = []
    if not ahead.fits and ahead.minutes_needed > LONGEST:
        takes = f"to fit it all in would take {ahead.minutes_needed} minutes {_a_day(ahead)}"
        if ahead.minutes_needed > DAY:
            takes = "no day is long enough to fit it all in"
        why = f"{_short_of(ahead)}; {takes}."
        example = " ".join(f"--topic {topic}" for topic in ahead.asked_most[:-1][:EXAMPLES])
        choice = _mended(f"{why} Choose the topics that matter most, as in", f"dlquiz plan {example}")
        lines += choice if example else [Text(why)]
    elif not ahead.fits:
        raises = ahead.enough is not None and round(100 * ahead.enough) > round(100 * ahead.recall.mid)
        then = f" and make it {100 * ahead.enough:.0f} %" if raises and ahead.enough else ""
        why = f"{_short_of(ahead)}; {ahead.minutes_needed} minutes {_a_day(ahead)} would fit it all in{then}."
        lines += _mended(why, f"dlquiz plan --minutes {ahead.minutes_needed}")
    if ahead.resting:
        lines.append(Text(f"{counted(ahead.resting, 'card')} that you know already can be skipped."))
    elif not ahead.fits and not ahead.assessed:
        lines += _mended("Skip what you know already: three minutes are enough to say what that is.", "dlquiz assess")
    return lines


def _mended(why: str, command: str) -> list[RenderableType]:
    return [Text(why), Text(f"  {command}")]


def _short_of(ahead: Outlook) -> str:
    course = ahead.course
    late, unseen = course.late, sum(course.unseen)
    troubles = []
    if unseen:
        names = ", ".join(f"{topic} {count}" for topic, count in ahead.left_out[:LEFT_OUT])
        more = len(ahead.left_out) - LEFT_OUT
        names += f", {counted(more, 'more topic')}" if more > 0 else ""
        troubles.append(
            f"{counted(unseen, 'card')} would stay unseen, {'one' if unseen == 1 else 'those'} asked least ({names})"
        )
    elif late:
        troubles.append(f"{counted(late, 'card')} would be first seen late")
    if course.unpassed:
        troubles.append(f"{counted(course.unpassed, 'card')} would get no last look")
    if course.waiting > 60 * ahead.minutes:
        troubles.append("due cards would wait longer than a day")
    if not troubles:
        troubles.append("due cards would wait")
    text = ", ".join(troubles)
    return text[:1].upper() + text[1:]


def _a_day(ahead: Outlook) -> str:
    return "today" if len(ahead.course.days) == 1 else "a day"


def readiness(topics_ready: Readiness, today: date) -> RenderableType:
    """Topic by topic, and what would raise it most."""
    if topics_ready.day == today:
        when = "You are ready today for this much of what is asked:"
    else:
        when = f"If you stopped now, you would be ready on {calendar.day_name(topics_ready.day)} for:"
    heads = ["topic", "seen", READY]
    columns = [
        [topic.topic for topic in topics_ready.topics],
        [f"{topic.seen}/{topic.cards}" for topic in topics_ready.topics],
        [_ready(topic) for topic in topics_ready.topics],
    ]
    if any(topic.said or topic.missed for topic in topics_ready.topics):
        heads.insert(2, "said")
        columns.insert(2, [_said(topic) for topic in topics_ready.topics])
    renderables: list[RenderableType] = []
    if any(topic.seen for topic in topics_ready.topics):
        renderables += [Text(when), view.rows(list(zip(*columns, strict=True)), heads)]
    if topics_ready.begins:
        renderables += [
            *([Text()] if renderables else []),
            *_mended("Best next step: today's cards", "dlquiz study"),
        ]
    elif topics_ready.best:
        renderables += [*([Text()] if renderables else []), advice(topics_ready.best)]
    return Group(*renderables)


def head(ahead: Outlook) -> str:
    """The start screen's first lines: the headline, and what today still asks."""
    if ahead.interview == ahead.today:
        return f"The interview is today: you are ready for {spread(ahead.recall)} of what is asked.\nNothing new any more; good luck."
    return f"{headline(ahead)}\n{share(ahead.course.days[0])}"


def topics(topics_ready: Readiness, asked: Mapping[str, int], today: date) -> RenderableType:
    """The start screen's table: topic by topic what today still asks, and how ready it is.

    Args:
        topics_ready: On the day of the interview.
        asked: Cards of today by topic.
        today: The study day.
    """
    ready = ready_head(ahead=topics_ready.day > today)
    ordered = sorted(topics_ready.topics, key=lambda topic: (-asked.get(topic.topic, 0), -topic.seen))
    first = ordered if len(ordered) <= TOPICS + 1 else ordered[:TOPICS]
    table = [
        (topic.topic, str(asked.get(topic.topic) or ""), f"{topic.seen}/{topic.cards}", _ready(topic))
        for topic in topics_ready.topics
        if topic in first
    ]
    if rest := ordered[len(first) :]:
        today_too = sum(asked.get(topic.topic, 0) for topic in rest)
        seen = f"{sum(topic.seen for topic in rest)}/{sum(topic.cards for topic in rest)}"
        table.append((counted(len(rest), "more topic"), str(today_too or ""), seen, ""))
    if asked:
        return view.rows(table, ("topic", "today", "seen", ready), {"today"})
    return view.rows([(cells[0], *cells[2:]) for cells in table], ("topic", "seen", ready))


def missed(days: Sequence[date], before: tuple[int, int], today: CourseDay) -> str:
    """What became of missed days.

    Args:
        days: On which nothing was answered.
        before: New cards and minutes of a day before them.
        today: What it asks now.
    """
    names = [calendar.day_name(day) for day in days]
    if len(names) > 2 and days[-1] - days[0] == timedelta(days=len(days) - 1):
        which = f"{names[0]} to {names[-1]}"
    else:
        which = " and ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])
    now = f"{counted(today.new, 'new card')} and {counted(_minutes(today), 'minute')}"
    if before == (today.new, _minutes(today)):
        return f"Missed {which}; today stays at {now}."
    return f"Missed {which}; today is now {now} (before: {before[0]} and {before[1]})."


def share(today: CourseDay, then: str = " `dlquiz plan` shows the days to come.") -> str:
    """What today still asks and has no room for, and where it goes on once all is done."""
    waits = ""
    if today.waiting:
        waits = f"; {counted(today.waiting, 'due card')} {'is' if today.waiting == 1 else 'are'} left for later"
    if not today.asks:
        return f"Today's part of the plan is done{waits}.{then}"
    again = today.reviews + today.final_pass
    about = counted(_minutes(today), "minute")
    return f"Today's part of the plan: {today.new} new, {counted(again, 'review')}, about {about}{waits}."


def _minutes(day: CourseDay) -> int:
    return max(1, round(day.seconds / 60))


def over(day: date, leftover: Leftover) -> str:
    """Once, after the interview."""
    text = f"The interview of {calendar.day_name(day)} is past: back to normal scheduling."
    if leftover.half_by:
        due = f"{counted(leftover.today + leftover.later, 'card')} were due for it: {leftover.today or 'none'} now"
        text += f" {due}, the others when you would start to forget them, half of these by {calendar.day_name(leftover.half_by)}."
    return f"{text} `dlquiz plan --date` sets another."


def assessed(answers: Mapping[str, str], saved: Saved) -> RenderableType:
    """After an assessment: what was said, what it saves, and what to do next."""
    counts = Counter(answers.values())
    text = (
        f"{counted(len(answers), 'question')}: {counts['y']} known, {counts['h']} half known, {counts['n']} not known."
    )
    if saved.cards:
        text += f" {counted(saved.cards, 'card')} can be skipped, unless you then fail a question you know."
    if saved.before > saved.after:
        text += f" It saves {counted(saved.before - saved.after, 'minute')} a day: {saved.after} would do instead of {saved.before}."
    command = "dlquiz plan" if saved.before else 'dlquiz plan --date "in 3 weeks"'
    return Group(Text(), Text(text), Text(f"\nNext: {command}"))


def advice(best: Best) -> RenderableType:
    """The one thing that would raise the readiness most, and the command for it."""
    points = f"+{counted(max(1, round(100 * best.gain)), 'point')}"
    if best.new:
        what = f"{counted(best.new, 'new card')} in {best.topic}"
        command = f"dlquiz study --topic {best.topic} --new {best.new}"
    else:
        what = f"{counted(best.again, 'card')} in {best.topic} once more"
        command = f"dlquiz study --topic {best.topic} --weakest {best.again}"
    return Group(Text(f"Best next step: {what} ({points})"), Text(f"  {command}"))


def spread(expected: Range) -> str:
    """`93 % (likely 88 to 96 %)`, or `8 %` where the range has no width."""
    low, mid, high = (f"{100 * value:.0f}" for value in expected)
    return f"{mid} %" if low == high else f"{mid} % (likely {low} to {high} %)"


def ready_today(expected: Range | None) -> str:
    """The start screen's headline without an interview ahead.

    Args:
        expected: Of all that is asked; None where nothing of that was seen.
    """
    return f"You are ready today for {spread(expected) if expected else '0 %'} of what is asked."


def ready_head(*, ahead: bool) -> str:
    """What stands above a column that tells how ready each topic is.

    Args:
        ahead: An interview lies ahead; without one it is about today.
    """
    return f"{READY} if you stopped now" if ahead else f"{READY} today"


def ready_change(before: Range | None, after: Range | None) -> str:
    """`81 → 84 % (likely 78 to 89 %)`: how ready a topic is, before a sitting and after it."""
    if after is None:
        return NOT_BEGUN
    from_to = (f"{100 * before.mid:.0f}" if before else "0", f"{100 * after.mid:.0f}")
    return f"{from_to[0]} → {spread(after)}" if from_to[0] != from_to[1] else spread(after)


def _calendar(days: Sequence[CourseDay]) -> RenderableType:
    table = [_day(day) for day in days]
    if not days[0].asks:
        table[0] = (table[0][0], "done", "", "", "")
    if len(days) > WHOLE:
        middle = days[FIRST:-LAST]
        seconds = sum(day.seconds for day in middle) / len(middle)
        line = (counted(len(middle), "day"), "", "", "", f"each {seconds / 60:.0f}")
        table = [*table[:FIRST], line, *table[-LAST:]]
    heads = ("day", "new", "reviews", "last look", "min")
    return view.rows(table, heads, figures=heads[1:])


def _day(day: CourseDay) -> tuple[str, ...]:
    name = calendar.day_name(date.fromordinal(day.day))
    return name, str(day.new), str(day.reviews), str(day.final_pass or ""), f"{day.seconds / 60:.0f}"


def _said(topic: TopicReadiness) -> str:
    asked = topic.said + len(topic.missed)
    return f"{topic.said}/{asked}" if asked else ""


def _ready(topic: TopicReadiness) -> str:
    return spread(topic.ready) if topic.ready else NOT_BEGUN
