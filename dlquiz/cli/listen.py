"""`listen`: the microphone and the model that hears spoken answers."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dlquiz import config
from dlquiz.cli.options import agreed, examples
from dlquiz.cli.program import app
from dlquiz.errors import UsageError
from dlquiz.listen import audio, download, hearing, model
from dlquiz.text import printable
from dlquiz.text.phrases import counted

CHECK_SECONDS = 3

listening = typer.Typer(
    rich_markup_mode=None,
    invoke_without_command=True,
    help="Say main cards aloud and see which key points were heard; tell what is set up (experimental).",
    epilog=examples("dlquiz listen", "dlquiz listen setup", "dlquiz listen check"),
)
app.add_typer(listening, name="listen")


@listening.callback()
def state(ctx: typer.Context) -> None:
    """Say main cards aloud and see which key points were heard; tell what is set up (experimental).

    Needs the extra `listen`: pip install 'dlquiz[listen]'. Everything is done on this machine; the microphone is open only while
    ● shows. Limits, and what was measured: docs/listening.md.
    """
    if ctx.invoked_subcommand is None:
        for line in _state(config.home()):
            typer.echo(printable.clean(line))


def _state(home: config.Home) -> list[str]:
    settings, used, recordings = config.load(home), model.installed(home), model.recordings(home)
    able = not model.missing()
    ready = able and used is not None
    word = "on" if ready and settings.listen == "yes" else "off" if ready else "not set up"
    count = f"; {counted(len(recordings), 'recording')} in {home.answers}" if recordings else ""
    lines = [
        f"Listening (experimental) is {word}.",
        f"  packages    {', '.join(model.PACKAGES) if able else 'not installed'}",
        f"  model       {_named(used)}",
        "  microphone  open only while ● shows",
        f"  recordings  {'kept as WAV files' if settings.keep_audio == 'yes' else 'never kept'}{count}",
        "",
    ]
    if not able:
        return [*lines, "Next: pip install 'dlquiz[listen]'"]
    if used is None:
        choices = [
            f"  {offered.name:<6}{model.megabytes(offered.size):>7}  {offered.does}" for offered in model.KNOWN.values()
        ]
        return [*lines, "Next: dlquiz listen setup. Models:", *choices]
    if settings.listen == "no":
        return [*lines, "Next: dlquiz config set listen yes"]
    return [*lines, "Next: dlquiz listen check, then dlquiz study: Space at a main card starts and ends what you say."]


def _named(used: model.Model | None) -> str:
    if used is None:
        return "none"
    return f"{used.name or 'one of your own'}, {model.megabytes(used.size)}, {used.path}"


@listening.command(epilog=examples("dlquiz listen setup", "dlquiz listen setup --from ggml-base.en-q5_1.bin"))
def setup(
    which: Annotated[
        str, typer.Option("--model", metavar="tiny|base|small", help="Which model to download.")
    ] = model.USUAL,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Take the model from a file, without a network.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Get the model: name its address, size and licence, ask, download it once, and check it.

    Nothing else of `listen` uses the network.
    """
    if model.missing():
        raise UsageError(model.MISSING)
    if which not in model.KNOWN:
        raise UsageError(f"there is no model '{which}'; it is {', '.join(model.KNOWN)}")
    home = config.home()
    if source is not None:
        done = model.install(home, source, lambda question: yes or agreed(question))
    elif model.is_there(home, model.KNOWN[which]):
        typer.echo("The model is there, and sound. Next: dlquiz listen check")
        return
    else:
        offered = model.KNOWN[which]
        typer.echo(f"{offered.url}\n{offered.size:,} bytes, licence {model.LICENCE}, into {home.models}", err=True)
        done = download.download(home, offered, _progress(offered)) if yes or agreed("Download it?") else None
    if done is None:
        typer.echo("Nothing was changed." + ("" if sys.stdin.isatty() else " Add --yes to agree."), err=True)
        return
    typer.echo(printable.clean(f"The model is in {done.path}. Next: dlquiz listen check"))


def _progress(offered: model.Known) -> download.Tell:
    """Draws how much has come, at a terminal."""
    last_percent = -1

    def tell(came: int) -> None:
        nonlocal last_percent
        percent = came * 100 // offered.size
        if percent != last_percent and sys.stderr.isatty():
            last_percent = percent
            end = "\n" if percent == 100 else ""
            typer.echo(f"\r{model.megabytes(came)} of {model.megabytes(offered.size)}{end}", nl=False, err=True)

    return tell


@listening.command(epilog=examples("dlquiz listen check"))
def check() -> None:
    """Record three seconds, and show how loud they were and which words were heard. Keeps nothing."""
    used = model.ready(config.home())
    typer.echo(f"Opening the microphone; say something for {CHECK_SECONDS} seconds when ● shows.", err=True)
    loudest = 0.0

    def tell(seconds: float, level: float) -> None:
        nonlocal loudest
        loudest = max(loudest, level)
        if sys.stderr.isatty():
            typer.echo(f"\r● 0:{int(seconds):02}  {audio.bar(level)}", nl=False, err=True)

    pcm = hearing.record(CHECK_SECONDS, tell)
    typer.echo(f"\nlevel  {audio.bar(loudest)}")
    heard = hearing.transcribe(used, pcm, (), lambda _at: None)
    typer.echo(printable.clean(f"words  {heard.text}"))


@listening.command(epilog=examples("dlquiz listen remove"))
def remove(yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False) -> None:
    """Take the model away, and every recording that was kept."""
    home = config.home()
    used, audio = model.installed(home), model.recordings(home)
    if used is None and not audio:
        typer.echo("There is neither a model nor a recording.")
        return
    what = f"{_named(used)}; {counted(len(audio), 'recording')}"
    if not (yes or agreed(f"Remove {what}?")):
        typer.echo("Nothing was removed." + ("" if sys.stdin.isatty() else " Add --yes to agree."), err=True)
        return
    models, recordings = model.remove(home)
    typer.echo(f"removed {counted(models, 'model')} and {counted(recordings, 'recording')}")
