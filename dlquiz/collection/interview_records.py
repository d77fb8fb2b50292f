"""The mock interviews on record: those that ended, those that were left, and how far each came."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from dlquiz import calendar
from dlquiz.card import InterviewRow as Row
from dlquiz.collection import Collection
from dlquiz.errors import NothingToResumeError, StoreError, UsageError
from dlquiz.interview import Interview, saved, verdict, wording


class Unfinished(NamedTuple):
    """One that was left, or that is open in another window: which of the two nobody can tell."""

    row: Row
    where: str  #: in words, how far it came

    def __str__(self) -> str:
        began = began_at(self.row)
        return f"{calendar.day_name(began.date())} {began:%H:%M}, {self.where}"


def began_at(row: Row) -> datetime:
    """When it began, in local time."""
    return calendar.from_ms(row.at_ms).astimezone()


def state_of(row: Row) -> Interview:
    """The interview as it was last kept.

    Raises:
        StoreError: It can't be read.
    """
    try:
        return saved.resume(saved.SavedInterview(row.seed or "", row.settings or "", row.state or ""))
    except ValueError as error:
        raise StoreError(
            f"the interview of {began_at(row):%Y-%m-%d %H:%M} can't be read: it is damaged, or kept by another version of dlquiz;"
            " upgrade dlquiz, or begin another"
        ) from error


def past(col: Collection) -> tuple[list[verdict.Past], list[str]]:
    """Every interview on record, oldest first; and a sentence about each that can't be read."""
    records, unread = [], []
    numbers = {record.row.id: number for number, record in enumerate(unfinished(col), 1)}
    for record_row in col.progress.interview_rows():
        try:
            records.append(
                verdict.Past(
                    began_at(record_row),
                    state_of(record_row),
                    record_row.ended_ms is not None,
                    numbers.get(record_row.id, 0),
                )
            )
        except StoreError as error:
            unread.append(str(error))
    return records, unread


def unfinished(col: Collection) -> list[Unfinished]:
    """Every interview that has not ended, newest first."""
    records = [record for record in reversed(col.progress.interview_rows()) if record.ended_ms is None]
    return [Unfinished(record, _where(record)) for record in records]


def unfinished_number(col: Collection, number: int | None) -> Unfinished:
    """One of those that have not ended, by its place in that list from 1.

    Raises:
        NothingToResumeError: There is none.
        UsageError: There are several and none was named, or there is none of that number; all are listed.
    """
    open_ones = unfinished(col)
    if not open_ones:
        raise NothingToResumeError("no interview is unfinished; `dlquiz interview` begins one")
    if number is None and len(open_ones) == 1:
        return open_ones[0]
    if number is not None and 1 <= number <= len(open_ones):
        return open_ones[number - 1]
    listed = "\n".join(f"  {n}  {record}" for n, record in enumerate(open_ones, 1))
    if number is None:
        raise UsageError(
            f"{len(open_ones)} interviews were left unfinished; go on with one of them: dlquiz interview --resume N\n{listed}"
        )
    raise UsageError(f"there is no unfinished interview {number}; there is\n{listed}")


def _where(row: Row) -> str:
    try:
        return wording.reached(state_of(row))
    except StoreError:
        return "can't be read"
