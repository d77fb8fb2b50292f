"""`study`, as it is typed; `sitting` does it."""

from math import isnan
from typing import Annotated

import typer

from dlquiz.cli import complete
from dlquiz.cli.options import Mode, Tags, Topics, check_mode, examples, where
from dlquiz.cli.program import app
from dlquiz.errors import UsageError


@app.command(
    epilog=examples(
        "dlquiz study",
        "dlquiz study --topic optimizers --minutes 10",
        "dlquiz study --card 'optimizer-choice.*'    all cards of a note, due or not",
        "printf '\\n3\\n' | dlquiz study --cards 1    keys piped in, one a line",
    )
)
def study(
    ctx: typer.Context,
    topic: Topics = None,
    tag: Tags = None,
    card: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help="Ask just this card, due or not. May be repeated.", autocompletion=complete.ids
        ),
    ] = None,
    cards: Annotated[int | None, typer.Option(metavar="N", min=1, help="Stop after so many answers.")] = None,
    minutes: Annotated[
        float | None, typer.Option(metavar="M", min=0.1, help="Stop at the next card after so many minutes.")
    ] = None,
    new: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help="New cards in this sitting, in place of what is left of today's."),
    ] = None,
    weakest: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Ask the N cards, due or not, that asking once more now helps most."),
    ] = None,
    mode: Mode = None,
) -> None:
    """Answer what is due today, and meet new cards.

    Space shows the answer, 1 to 4 rate it (again, hard, good, easy), ? lists the other keys. Every answer is saved at once;
    u takes the last one back. Keys can be piped in, one a line.
    """
    from dlquiz.cli.sitting import sit

    check_mode(mode)
    if minutes is not None and isnan(minutes):
        raise UsageError("--minutes is no number; it takes 0.1 or more")
    if weakest is not None and (card or new is not None):
        raise UsageError("--weakest chooses the cards; leave --card and --new away, or --weakest")
    sit(
        where(ctx),
        topics=topic,
        tags=tag,
        card_ids=card,
        cards=cards,
        minutes=minutes,
        new=new,
        weakest=weakest,
        mode=mode,
    )
