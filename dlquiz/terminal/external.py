"""The user's own programs that the terminal is lent to: the pager, for what is longer than the screen, and the text editor."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path, PurePath, PureWindowsPath
from typing import TYPE_CHECKING

from dlquiz import files, view
from dlquiz.errors import UsageError
from dlquiz.terminal import keys

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

WINDOWS = os.name == "nt"
LESS = "FRX"  # as git has it: end where all fits, show styles, leave the page on the screen
NOT_THERE = (126, 127, 9009)  # what a shell answers for a command that it can't run

# Tried in this order where no editor is set: first those that tell on the screen how they are left.
_LIKELY = ("nano", "micro", "pico", "vim", "vi", "nvim", "hx", "emacs")
_PLUS = "vi vim nvim view gvim mvim nano pico emacs emacsclient kak joe jmacs mg ne micro gedit".split()
_COLON = "hx helix subl sublime_text zed zeditor".split()
_GOTO = "code code-insiders codium vscodium cursor windsurf".split()
_FLAG = {"kate": "--line", "mate": "--line", "notepad++": "-n{}", "pycharm": "--line", "idea": "--line"}
# What makes an editor with windows of its own wait until the file is closed.
_WAIT = {
    **dict.fromkeys([*_GOTO, "subl", "sublime_text", "zed", "zeditor", "mate", "gedit", "pycharm", "idea"], "--wait"),
    "gvim": "--nofork", "mvim": "--nofork", "kate": "--block",
}  # fmt: skip
_SHORT = {"--wait": "-w", "--nofork": "-f", "--block": "-b"}


def put(item: RenderableType, patience: AbstractContextManager[object] | None = None) -> None:
    """Print; at a terminal whose height the item exceeds, through the pager. `patience` is entered while the item is laid out."""
    from rich.segment import Segments  # with Rich, which an editor can do without

    screen = keys.is_terminal(sys.stdout)
    console = view.page(screen=screen)
    command = pager(os.environ) if screen and keys.is_terminal(sys.stdin) and not console.is_dumb_terminal else None
    with patience or nullcontext():
        laid_out = Segments(console.render(item))
        text = _text(console, laid_out) if command else ""
    if command is None or text.count("\n") < console.size.height:
        view.put(console, laid_out)
        return
    environment = {**os.environ, "LESS": os.environ.get("LESS", LESS)}
    if "R" not in environment["LESS"].upper() or "less" not in command:
        bare = view.console(plain_text=True)  # a pager that may not know styles
        bare.width = console.width
        text = _text(bare, item)
    if not _shown(command, text, environment):
        view.put(console, laid_out)


def _text(console: Console, item: RenderableType) -> str:
    """What printing it would write."""
    with console.capture() as taken:
        console.print(item)
    return taken.get()


def pager(environ: Mapping[str, str]) -> str | None:
    """The command that the user wants pages shown with; None for none."""
    named = environ.get("PAGER")
    if named is None:
        return next((name for name in ("less", "more") if shutil.which(name)), None)
    return None if named.strip() in ("", "cat") else named


def _shown(command: str, text: str, environment: Mapping[str, str]) -> bool:
    """Did the pager show the text? It is a command line, as everywhere, so a shell reads it."""
    encoding = sys.stdout.encoding or "utf-8"
    with _theirs():
        child = subprocess.Popen(command, shell=True, stdin=subprocess.PIPE, env=environment)
        with suppress(OSError):  # it was left before the end
            child.communicate(text.encode(encoding, sys.stdout.errors or "replace"))
        return child.wait() not in NOT_THERE


def command(environ: Mapping[str, str], what: str) -> list[str]:
    """The editor's command line.

    Args:
        environ: Where VISUAL and EDITOR are looked up.
        place: What is to be edited, for the message.

    Raises:
        UsageError: No editor is set and none is there, or it can't be understood.
    """
    text = next((text for name in ("VISUAL", "EDITOR") if (text := environ.get(name, "").strip())), "")
    if WINDOWS:
        return _windows_command(text or "notepad", environ)
    if not text and keys.is_terminal(sys.stdin) and keys.is_terminal(sys.stdout):
        text = likely(environ)
    if not text:
        raise UsageError(f"no editor is set: set VISUAL or EDITOR, for example EDITOR=nano, or open {what} yourself")
    if Path(text).is_file():
        return [text]
    try:
        return files.words(text, windows=False)
    except ValueError as error:
        raise UsageError(f"the editor {text!r} can't be understood: {error}; check VISUAL or EDITOR") from error


def likely(environ: Mapping[str, str]) -> str:
    """An editor on PATH that runs in a terminal; "" for none."""
    return next((name for name in _LIKELY if shutil.which(name, path=environ.get("PATH", ""))), "")


def _windows_command(text: str, environ: Mapping[str, str]) -> list[str]:
    """As the Windows shell reads it: quotes are double, the backslash is a letter, a program's path may have blanks without quotes.

    What is found on PATH is named whole, with its ending: the system itself adds none but `.exe`.
    """
    words = files.words(text, windows=True)
    for count in range(1, len(words) + 1):
        program = _found_on_path(" ".join(words[:count]), environ)
        if program:
            return [program, *words[count:]]
    return words


def _found_on_path(program: str, environ: Mapping[str, str]) -> str | None:
    """With an ending that a command may have, never bare: beside `code.cmd` lies a `code` for other shells."""
    endings = environ.get("PATHEXT", ".COM;.EXE;.BAT;.CMD").split(";")
    names = [program + ending for ending in endings if ending]
    if program.upper().endswith(tuple(ending.upper() for ending in endings if ending)):
        names = [program]
    return next((path for name in names if (path := shutil.which(name, path=environ.get("PATH")))), None)


def _name(editor: Sequence[str]) -> str:
    path: PurePath = PureWindowsPath(editor[0]) if WINDOWS else PurePath(editor[0])
    return path.stem.lower()


def waits(editor: Sequence[str]) -> bool:
    """Is it known that this editor ends when its file is closed?"""
    return _name(editor) in {*_PLUS, *_COLON, *_WAIT, *(["notepad"] if WINDOWS else [])}


def opening(editor: Sequence[str], path: Path, line: int) -> list[str]:
    """The command line that opens a file at a line, and waits until it is closed."""
    name = _name(editor)
    wait = _WAIT.get(name)
    words = list(editor)
    if wait and wait not in words and _SHORT[wait] not in words:
        words.append(wait)
    if name in _GOTO:
        return [*words, "--goto", f"{path}:{line}"]
    if name in _COLON:
        return [*words, f"{path}:{line}"]
    if name in _FLAG:
        flag = _FLAG[name]
        return [*words, *([flag.format(line)] if "{}" in flag else [flag, str(line)]), str(path)]
    return [*words, *([f"+{line}"] if name in _PLUS else []), str(path)]


def edit(editor: Sequence[str], path: Path, line: int) -> int:
    """Let the user change a file; the editor's exit code. Ctrl-C is the editor's while it runs.

    Raises:
        UsageError: It can't be started.
    """
    with _theirs():
        try:
            return subprocess.run(_started(opening(editor, path, line)), check=False).returncode
        except OSError as error:
            reason = error.strerror or error
            raise UsageError(f"the editor {editor[0]!r} can't be started: {reason}; check VISUAL or EDITOR") from error


def _started(words: list[str]) -> list[str] | str:
    """What the system is given. A batch file is read by a shell, for which `&` in a path means something unless it stands in quotes."""
    if WINDOWS and words[0].lower().endswith((".cmd", ".bat")):
        return " ".join(f'"{word}"' for word in words)
    return words


@contextmanager
def _theirs() -> Iterator[None]:
    """Ctrl-C is the other program's while it runs. Our handler goes when that program is loaded; ignoring would be inherited."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
