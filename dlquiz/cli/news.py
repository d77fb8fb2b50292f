"""What became of the plan since it was last looked at, said once on standard error."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from dlquiz.card import Moment
    from dlquiz.desk import Desk


def tell_news(table: Desk, moment: Moment) -> None:
    """Say once that days were missed and planned again, or that the interview is past."""
    from dlquiz.desk import planning

    found = planning.news(table, moment)
    if found is None:
        return
    from dlquiz.view import plan as looks

    if found.over:
        typer.echo(looks.over(date.fromisoformat(found.date)), err=True)
        return
    days = [date.fromisoformat(day) for day in found.missed]
    typer.echo(looks.missed(days, found.before, found.new, round(found.seconds / 60)), err=True)
