"""Writing cards in one's own editor: `new`, `edit`."""

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from dlquiz import collection, config, files
from dlquiz.bank import edit as bank_edit
from dlquiz.bank import roots, select
from dlquiz.bank.edit import FileChange, FileVerdict
from dlquiz.cli import complete
from dlquiz.cli.options import examples, where
from dlquiz.cli.program import app
from dlquiz.errors import BankError, UsageError
from dlquiz.terminal import external, keys
from dlquiz.text import printable
from dlquiz.text.phrases import counted

NO_WAIT = (
    "If {} opens a window of its own, tell it to wait until that is closed, as in EDITOR='code --wait';"
    " `dlquiz check` checks what you save later."
)
AT_ONCE = 1.0  # seconds; an editor that ends sooner did not wait for its window to be closed


@app.command(
    epilog=examples(
        "dlquiz new                banks/mine.yaml in your home",
        "dlquiz new papers         banks/papers.yaml there",
        "dlquiz new ./work.yaml    a file anywhere",
        "dlquiz new --front 'What is a bigram?' --back 'Two in a row'",
    )
)
def new(
    ctx: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="A name, for a bank in your home, or a path. Default: mine.")
    ] = None,
    front: Annotated[str, typer.Option(metavar="TEXT", help="A question; with --back it becomes a card at once.")] = "",
    back: Annotated[str, typer.Option(metavar="TEXT", help="Its answer.")] = "",
    topic: Annotated[str, typer.Option(metavar="T", help="The card's topic. Default: the file's.")] = "",
) -> None:
    """Write cards of your own: begin a bank, or go on with one.

    With --front and --back a card is added without an editor. Else the file opens in yours (VISUAL or EDITOR) with a first note to
    write over, and is checked when you close it.
    """

    home = config.home()
    path = bank_edit.named(file, home)
    if front or back or topic:
        _add(ctx, path, front, back, topic)
        return
    editor = external.command(os.environ, str(path))
    if path.is_relative_to(home.path):
        home.make()
    change = bank_edit.begin(path)
    _work(ctx, editor, change, bank_edit.first_line(change))


def _add(ctx: typer.Context, path: Path, front: str, back: str, topic: str) -> None:
    """A card in one line."""
    from dlquiz.bank import append

    home = config.home()
    if path.is_relative_to(home.path):
        home.make()
    card = append.note(where(ctx), path, front, back, topic)
    typer.echo(printable.clean(f"added {card} to {path}"))
    bank = "" if bank_edit.is_studied(where(ctx), path) else f" --bank {files.quoted(path)}"
    typer.echo(f"Study it: dlquiz study --card {card}{bank}")


@app.command(epilog=examples("dlquiz edit mine/adam", "EDITOR='code --wait' dlquiz edit mine/adam.lr"))
def edit(
    ctx: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="A note or card.", autocompletion=complete.ids)],
) -> None:
    """Open the file that a card is written in, at its line, in your editor (VISUAL or EDITOR).

    The file is checked when you close it. If something is wrong with it, you are told what, and the old text is put back
    unless you mend it; what you wrote is kept in a file beside it.
    """

    with collection.opened_bank(where(ctx)) as bank:
        location = bank_edit.place_of(bank, select.card_ids(bank, [id_.removesuffix(".*")])[0])
    editor = external.command(os.environ, f"{location.path} at line {location.line}")
    _work(ctx, editor, bank_edit.begin(location.path), location.line)


def _work(ctx: typer.Context, editor: list[str], change: FileChange, line: int) -> None:
    """Edit and check until the file is sound, or the old text is back."""

    while True:
        begun = time.monotonic()
        try:
            external.edit(editor, change.path, line)
        except UsageError:
            bank_edit.unchanged(change)  # removes what was made for an editor that is not there
            raise
        if bank_edit.unchanged(change):
            typer.echo("Nothing was changed.")
            if time.monotonic() - begun < AT_ONCE and not external.waits(editor):
                _say(NO_WAIT.format(editor[0]))
            return
        verdict = bank_edit.examine(where(ctx), change)
        if not verdict.problems:
            _say_sound(ctx, change, verdict)
            return
        _say("\n".join(verdict.problems))
        if not _again():
            rescued = bank_edit.give_up(change)
            old = "no bank was made" if change.before is None else f"{change.path} is as it was"
            raise BankError(f"{old}; what you wrote is kept in {rescued}")
        line = verdict.line


def _again() -> bool:

    if not keys.is_terminal(sys.stdin):
        return False
    try:
        return typer.confirm("Open it again?", default=True, err=True)
    except typer.Abort:
        typer.echo(err=True)
        return False


def _say_sound(ctx: typer.Context, change: FileChange, verdict: FileVerdict) -> None:

    sizes = f"{counted(verdict.notes, 'note')}, {counted(verdict.cards, 'card')}"
    typer.echo(f"{printable.clean(str(change.path))}: {sizes}, no problems")
    for name in verdict.gone:
        bare = name.rpartition("/")[2]
        _say(
            f"{name} is gone from the file; if it has a new name, write `was: [{bare}]` there, or its progress stays behind"
        )
    if verdict.elsewhere:
        _say(f"another file keeps all banks from being read:\n{verdict.elsewhere}")
    elif roots.is_builtin(change.path):
        _say("this is the built-in bank of a checkout; now run: make revisions")
    elif not bank_edit.is_studied(where(ctx), change.path):
        typer.echo(f"Study it: dlquiz study --bank {files.quoted(change.path)}")
    elif change.before is None:
        typer.echo(f"Study it: dlquiz study --topic {bank_edit.slug(change.path)}")


def _say(message: str) -> None:

    typer.echo(printable.clean(message), err=True)
