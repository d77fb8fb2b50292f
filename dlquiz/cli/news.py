"""What became of the plan since it was last looked at, said once on standard error."""

from __future__ import annotations

import shutil
import sys
import textwrap
from datetime import date
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from dlquiz.card import Moment
    from dlquiz.desk import Desk


def tell_news(table: Desk, moment: Moment) -> bool:
    """Say once that days were missed and planned again, or that the interview is past.

    Returns:
        Was there something to say?
    """
    from dlquiz.desk import planning

    found = planning.news(table, moment)
    if found is None:
        return False
    from dlquiz.view import plan as looks

    if found.over:
        _tell(looks.over(date.fromisoformat(found.date)))
    else:
        days = [date.fromisoformat(day) for day in found.missed]
        _tell(looks.missed(days, found.before, found.new, round(found.seconds / 60)))
    return True


def _tell(text: str) -> None:
    """On a terminal broken between words; a script gets one line."""
    if sys.stderr.isatty():
        text = textwrap.fill(text, shutil.get_terminal_size().columns - 1, break_on_hyphens=False)
    typer.echo(text, err=True)
