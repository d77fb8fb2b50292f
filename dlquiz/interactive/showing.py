"""A card's pictures outside of the sitting: in the system's viewer, or as files that another program can show."""

from __future__ import annotations

from pathlib import Path

from dlquiz import card_text
from dlquiz.bank import revisions
from dlquiz.bank.index import Bank
from dlquiz.session import CardView
from dlquiz.terminal import pictures
from dlquiz.text.phrases import counted


def pictures_of(bank: Bank, card_view: CardView, *, viewer: bool) -> str:
    """Show a card's pictures.

    Args:
        bank: Knows the file that the card is written in; pictures lie beside it.
        card_view: The card.
        viewer: Open them in the system's viewer where there is one.

    Returns:
        What became of it: that they were opened, where they lie, or that there are none.
    """
    names = card_text.pictures(card_view)
    file = bank.file_of(card_view.card.note)
    paths = [path for name in names if file and (path := revisions.picture(Path(file).parent, name))]
    if not names:
        return "no picture here"
    if not paths:
        return f"there is no {names[0]} beside the bank"
    if viewer and all(map(pictures.show, paths)):
        return f"{counted(len(paths), 'picture')} opened beside the terminal"
    return "\n".join(f"picture {n} of {len(paths)}: {path}" for n, path in enumerate(paths, 1))
