"""Answers held against the key points: `judge`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dlquiz import collection, config, view
from dlquiz.bank import index
from dlquiz.card import Note
from dlquiz.cli import complete
from dlquiz.cli.options import Json, examples, where
from dlquiz.cli.program import app
from dlquiz.cli.results import print_json
from dlquiz.cli.streams import is_screen
from dlquiz.collection import judging, own_words
from dlquiz.errors import UsageError
from dlquiz.text import printable
from dlquiz.view import verdicts


@app.command(
    epilog=examples(
        "dlquiz judge dropout answer.txt",
        "echo 'It drops units at random.' | dlquiz judge dropout",
        "dlquiz judge dropout answer.txt --json",
        "dlquiz judge dropout --own              your own words for its key points",
        "dlquiz judge dropout --audio answer.wav    a recording; experimental",
    )
)
def judge(
    ctx: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="A note.", autocompletion=complete.ids)],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="The answer; default: standard input.")] = None,
    audio: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A recording of the answer: WAV, FLAC, MP3 or Ogg (extra `listen`, experimental)."
        ),
    ] = None,
    own: Annotated[bool, typer.Option("--own", help="List your own words for its key points instead.")] = False,
    forget: Annotated[
        str | None, typer.Option(metavar="WORDS", help='Remove these of your own words; "" for all.')
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell which key points an answer makes, going by its words: found, unsure, opposite or not recognised.

    Writes nothing and uses no network. A point said in words that its rubric does not have is not recognised.
    """
    if file is not None and audio is not None:
        raise UsageError("an answer is either in FILE or in --audio FILE; leave one of them out")
    with collection.opened_bank(where(ctx)) as bank:
        card = bank.card(bank.current(id_))  # an unknown ID is told before the answer is waited for
        if own or forget is not None:
            _own(bank, bank.note(card.note), forget, as_json=as_json)
            return
        result = _heard(bank, id_, audio) if audio else judging.judged(bank, id_, _answer(file))
    if as_json:
        print_json(judging.rows(result))
        return
    note = result.note
    report = verdicts.verdicts(note.key_points, result.judgements, result.answer, note.forms, spoken=audio is not None)
    view.put(view.page(screen=is_screen()), report)


def _own(bank: index.Bank, note: Note, forget: str | None, *, as_json: bool) -> None:
    """List the user's own words for a note's key points, or remove some."""
    home = config.home()
    if forget is not None and not own_words.forget(home, bank, note.id, forget):
        raise UsageError(f"no such words of your own; `dlquiz judge {note.id} --own` lists them")
    own_phrases = {point.id: list(own_words.read(home, bank).get(point.id, ())) for point in note.key_points}
    if as_json:
        print_json(own_phrases)
    elif not any(own_phrases.values()):
        typer.echo(f"No words of your own for {note.id}.")
    else:
        for point, phrases in own_phrases.items():
            for phrase in phrases:
                typer.echo(f"{point}  {printable.clean(phrase)}")


def _heard(bank: index.Bank, id_: str, audio: Path) -> judging.Judged:
    """The answer in a recording, judged."""
    from dlquiz.listen import hearing, model, terms  # an extra: only where something is heard

    used = model.ready(config.home())
    note = judging.note_to_judge(bank, id_)
    pcm = hearing.read(audio)
    heard = hearing.transcribe(used, pcm, terms.of(note, bank.glossary(note.id)), _tell)
    result = judging.judged(bank, id_, heard.text)
    return result._replace(judgements=judging.doubted(result.judgements, heard.text, heard.invented))


def _tell(at: float) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        typer.echo(f"\rwriting down what was said: {at:.0f} s", nl=False, err=True)


def _answer(file: Path | None) -> str:
    if file is None:
        if sys.stdin.isatty():
            typer.echo("Write or paste the answer; Ctrl-D ends it.", err=True)
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except (OSError, ValueError) as error:
        raise UsageError(f"can't read {file}: {getattr(error, 'strerror', None) or error}; check the path") from error
