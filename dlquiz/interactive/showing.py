"""A card's pictures outside of the sitting: in the system's viewer, or as files that another program can show."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dlquiz.bank import revisions
from dlquiz.bank.index import Bank
from dlquiz.session import CardView
from dlquiz.terminal import pictures
from dlquiz.text import pictures as text_pictures
from dlquiz.text.phrases import counted


def files(bank: Bank, card_view: CardView, *, answered: bool) -> dict[str, Path]:
    """The pictures of a card that are there, by what the sitting calls them; before the answer those of its question alone.

    Args:
        bank: Knows the file that the card is written in; pictures lie beside it.
        card_view: The card.
        answered: It is turned over.
    """
    file = bank.file_of(card_view.card.note)
    names = card_view.pictures if answered else card_view.pictures[: card_view.pictures_asked]
    paths = [revisions.picture(Path(file).parent, name) if file else None for name in names]
    return {text_pictures.counted(n, len(card_view.pictures)): path for n, path in enumerate(paths, 1) if path}


def beside(card_view: CardView, paths: Mapping[str, Path], *, viewer: bool) -> str:
    """Open pictures outside of the terminal.

    Args:
        card_view: The card.
        paths: Its pictures that are there, by what they are called.
        viewer: Open them in the system's viewer where there is one.

    Returns:
        What became of it: that they were opened, where they lie, or that there are none.
    """
    if not card_view.pictures:
        return "no picture here"
    if not paths:
        return f"there is no {card_view.pictures[0]} beside the bank"
    if viewer and all(map(pictures.show, paths.values())):
        return f"{counted(len(paths), 'picture')} opened beside the terminal"
    return "\n".join(f"{name}: {path}" for name, path in paths.items())
