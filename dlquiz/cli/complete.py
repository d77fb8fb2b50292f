"""What a shell may complete: topics, tags, ids, settings. Reads the compiled index if it is up to date, makes nothing, never fails."""

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from dlquiz.bank.names import Names

MOST = 200  # more than a screen can list


def topics(ctx: typer.Context, incomplete: str) -> list[str]:
    """Slugs; where none begins so, other spellings and narrower words."""

    def names(bank: "Names") -> list[str]:
        every = bank.topics()
        slugs = [topic.slug for topic in every if topic.slug.startswith(incomplete)]
        others = {alias for topic in every for alias in topic.aliases} | bank.tags()
        return slugs or sorted(word for word in others if word.startswith(incomplete))

    return _of_bank(ctx, names)


def tags(ctx: typer.Context, incomplete: str) -> list[str]:
    return _of_bank(ctx, lambda bank: sorted(tag for tag in bank.tags() if tag.startswith(incomplete)))


def ids(ctx: typer.Context, incomplete: str) -> list[str]:
    """Notes; the cards of one once it is spelled out."""

    def names(bank: "Names") -> list[str]:
        notes = bank.ids_from(incomplete, MOST, notes=True)
        return notes if len(notes) > 1 and incomplete not in notes else bank.ids_from(incomplete, MOST, notes=False)

    return _of_bank(ctx, names)


def modes(incomplete: str) -> list[str]:
    return [mode for mode in ("reveal", "speak", "type") if mode.startswith(incomplete)]


def debriefs(incomplete: str) -> list[str]:
    return [when for when in ("end", "each") if when.startswith(incomplete)]


def settings(incomplete: str) -> list[str]:
    from dlquiz import config

    return [name for name in config.names() if name.startswith(incomplete)]


def _of_bank(ctx: typer.Context, names: "Callable[[Names], list[str]]") -> list[str]:
    """Whatever goes wrong is no matter for somebody who is still typing."""
    try:
        from pathlib import Path

        from dlquiz.bank import names as compiled_names
        from dlquiz.bank.roots import BankPaths, roots
        from dlquiz.home import home

        asked = ctx.find_root().params
        paths = BankPaths(tuple(map(Path, asked.get("bank") or ())), not asked.get("no_builtin"))
        bank = compiled_names.compiled(roots(paths, home()), home().cache)
        if bank is None:
            return []
        with closing(bank):
            return names(bank)
    except Exception:
        return []
