"""The start screen: what to do now. Typer is not needed for it, nor imported."""

from __future__ import annotations

import sys

from dlquiz import calendar, collection, view
from dlquiz.bank.select import Selection
from dlquiz.cli.news import tell_news
from dlquiz.cli.results import NO_CARDS
from dlquiz.cli.streams import is_screen, say
from dlquiz.collection import BankPaths, Collection, how_ready, outlook, planning, reports, statistics
from dlquiz.collection.statistics import StartNumbers
from dlquiz.deck import Queue
from dlquiz.text import printable
from dlquiz.text.phrases import counted
from dlquiz.view import plan as looks
from dlquiz.view import start as start_view

WARM_UP = "A few to warm up, nothing is written: dlquiz random --count 5"  # on the day of the interview


def print_start(paths: BankPaths) -> None:
    """What today holds by topic, the days around it, and the one command to type next."""

    with collection.opened(paths, write=False) as col:
        moment = col.now()
        has_news = tell_news(col, moment)
        numbers = statistics.start(col)
        console = view.page(screen=is_screen())
        if not col.bank.topics():
            say(NO_CARDS)
            return
        if not numbers.begun:
            view.put(console, _welcome(col, numbers))
            return
        if col.days_left(moment) or col.settings.interview == moment.day:
            _tell_plan(col, numbers, advise=not has_news)
            return
        ready = looks.ready_today(how_ready.in_all(col, moment))
        if numbers.waiting.now:
            view.put(console, start_view.headline(f"{ready}\n{_today(numbers)}"))
            view.put(console, start_view.topics(numbers.topics))
        else:
            view.put(console, start_view.headline(ready))
        view.put(console, "")
        view.put(console, start_view.coming(numbers.coming))
        for line in start_view.streak(numbers.streak):
            view.put(console, line)
        view.put(console, "")
        if numbers.waiting.now:
            say("Next: dlquiz study")
        else:
            print_nothing_due(col, None, numbers.waiting.queue)


def _tell_plan(col: Collection, numbers: StartNumbers, *, advise: bool) -> None:
    """On the way to an interview: how far it is, today's part of the plan by topic, and how ready each topic is, on 24 lines. On its day
    no pile of due cards: how ready each topic is, and how to warm up.

    Args:
        col: With an interview ahead, or today.
        found: Today.
        advise: Say what would raise the readiness most; where other news takes the lines, it is left to `plan`.
    """

    moment, console = col.now(), view.page(screen=is_screen())
    pool = planning.gather(col, moment)
    ahead = outlook.outlook(col, moment, pool, advise=False)
    ready, rest = how_ready.by_topic(col, moment, pool, ahead), ahead.rest if ahead else None
    if ahead:
        view.put(console, start_view.headline(looks.head(ahead)))
    for line in start_view.streak(numbers.streak):
        view.put(console, line)
    view.put(console, "")
    asked = {topic: due + new for topic, due, new in numbers.topics} if rest else {}
    view.put(console, looks.topics(ready, asked, moment.day))
    if advise and ready.best:
        view.put(console, "")
        view.put(console, looks.advice(ready.best))
    if rest and rest.asks:
        say("\nNext: dlquiz study")
    elif rest and not ready.best:
        say("\nWith time to spare, a mock interview: dlquiz interview")
    elif col.settings.interview == moment.day:
        say(f"\n{WARM_UP}")


def _today(numbers: StartNumbers) -> str:
    """`17 cards today, about 9 minutes: 8 due, 5 for points you missed, 4 new`, and in a backlog when it will be cleared."""

    new, forward = numbers.waiting.queue.new, numbers.forward
    due = len(numbers.waiting.now) - new - forward
    kinds = [(due, "due"), (forward, f"for {'a point' if forward == 1 else 'points'} you missed"), (new, "new")]
    named = [f"{count} {words}" for count, words in kinds if count]
    text = f"{_sitting(numbers)}: {', '.join(named)}" if named[1:] else _sitting(numbers)
    late = numbers.waiting.queue.backlog
    if late:
        text += f"\n{late.sentence}"
    return text + "\n"


def _sitting(numbers: StartNumbers) -> str:

    minutes = counted(max(1, round(numbers.seconds / 60)), "minute")
    return f"{counted(len(numbers.waiting.now), 'card')} today, about {minutes}"


def _welcome(col: Collection, numbers: StartNumbers) -> str:
    """The first start: what this is, what the first sitting holds, how it is begun."""
    topics = col.bank.topics()
    notes, cards = sum(topic.notes for topic in topics), sum(topic.cards for topic in topics)
    today, moment = f"{_sitting(numbers)}.", col.now()
    ahead = outlook.outlook(col, moment, advise=False)
    towards = " With an interview ahead, `dlquiz plan --date +21` plans the days until then."
    begin = WARM_UP if col.settings.interview == moment.day else "Next: dlquiz study"
    if ahead:
        today = looks.head(ahead)
    bank = f"Your bank holds {notes} questions to answer aloud and {cards - notes} short ones, none of them begun"
    return (
        f"Welcome. {bank}: you are ready for 0 % of what is asked. Each comes back on the day you would start to forget it.\n\n"
        f"{today} Every answer is saved at once; q quits.{'' if ahead else towards}\n\n{begin}"
    )


def print_nothing_due(col: Collection, selected: Selection | None, queue: Queue) -> None:
    """When the next card is, and how to go ahead."""

    if not col.bank.topics():
        say(NO_CARDS)
        return
    if queue.backlog:
        say(printable.wrapped(f"{queue.backlog.sentence}.", sys.stdout))
        say("Today's minutes are used up. Go ahead with: dlquiz study --minutes 20")
        return
    if col.days_left(col.now()) and selected is None:
        say("Today's part of the plan is done. `dlquiz plan` shows the days to come.")
        return
    say("Nothing is due.")
    if queue.later:
        say(f"A card that is being learnt comes back at {calendar.clock(queue.later[0][0])}.")
    coming = reports.next_due(col, selected)
    if coming:
        say(f"Next: {counted(coming[1], 'card')} on {calendar.day_name(coming[0])}.")
    if col.settings.interview == col.now().day:  # nothing new on that day
        say(WARM_UP)
        return
    if next(iter(col.unseen(selected)), None):
        say("Go ahead with new cards: dlquiz study --new 5")
    say("Practise without the schedule: dlquiz random")
