"""The plan towards an interview as it is kept beside the log: what the day asks that was settled last."""

import datetime
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from dlquiz.collection.lookup import Lookup


class DayPlan(NamedTuple):
    """What a day asks, decided when the day was first looked at and kept: a plan made twice is the same plan."""

    date: str  #: of the interview
    start: str  #: the day on which the plan towards that date was made
    day: str  #: the study day that this is about
    minutes: int  #: the budget
    bank: str = ""  #: its edition
    about: str = ""  #: a hash of the scope and of what the user says to know
    new: int = 0  #: cards to be first met that day, whenever in it
    explains: int = 0  #: main cards among them
    introduce: tuple[str, ...] = ()  #: the cards meant
    reviews: tuple[str, ...] = ()
    final: tuple[str, ...] = ()  #: cards that get their last look
    seconds: float = 0.0  #: the whole day's
    missed: tuple[str, ...] = ()  #: study days without an answer, not told yet
    before: tuple[int, int] = (0, 0)  #: new cards and minutes a day before they were missed
    opened: str = ""  #: the day on which the final pass opened, once it has
    over: bool = False  #: it was told that the interview is past
    earlier: tuple[str, ...] = ()  #: the dates of plans before this one

    @property
    def text(self) -> str:
        return json.dumps(self._asdict())

    @property
    def interview_days(self) -> frozenset[datetime.date]:
        """The days up to which this plan and those before it promised cards at the latest."""
        return frozenset(map(datetime.date.fromisoformat, (self.date, *self.earlier)))


def read(col: "Lookup") -> DayPlan | None:
    """The plan as it was settled last, whichever day that was."""
    text = col.progress.plan()
    if text is None:
        return None
    saved: dict[str, Any] = json.loads(text)
    fields: dict[str, Any] = {name: saved[name] for name in DayPlan._fields if name in saved}
    fields.update((name, tuple(value)) for name, value in fields.items() if isinstance(value, list))
    return DayPlan(**fields)


def write(col: "Lookup", day_plan: DayPlan) -> None:
    """Keep it, where anything can be written."""
    if col.progress.writable:
        col.progress.keep_plan(day_plan.text)
