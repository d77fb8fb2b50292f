"""A card's pictures over the card, one at a time, in a terminal that shows them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from dlquiz.interactive.card_foot import BACK
from dlquiz.terminal import graphics, pictures
from dlquiz.terminal.graphics import Picture


class PictureShow:
    """Which picture is on the screen, and how large."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        """
        Args:
            paths: The pictures, by what they are called.
        """
        self._paths = list(paths.items())
        self._protocol = graphics.spoken(os.environ)
        self._at = 0

    @property
    def possible(self) -> bool:
        """Can this terminal show each of them, or some where no viewer would show the others?"""
        can = [self._can_show(path) for _, path in self._paths]
        return all(can) or (any(can) and pictures.viewer(os.environ) is None)

    @property
    def name(self) -> str:
        """What the picture is called, and where it lies if that is all that can be told of it."""
        called, path = self._paths[self._at]
        return called if self._can_show(path) else f"{called}: {path}"

    def _can_show(self, path: Path) -> bool:
        return self._protocol is not None and graphics.image(self._protocol, path, 1, 1) is not None

    def turn(self, by: int) -> bool:
        """To the next one (by 1) or back (by -1); False where there is none."""
        there = 0 <= self._at + by < len(self._paths)
        self._at += by if there else 0
        return there

    def hints(self) -> list[tuple[str, str]]:
        """The keys that work, and what they do."""
        last = self._at + 1 == len(self._paths)
        return [("Space", BACK)] if last else [("Space", "next picture"), ("Esc", "back")]

    def placed(self, columns: int, lines: int, *, line: int, column: int) -> Picture | None:
        """The picture as large as that many cells allow; None where there is no room.

        Args:
            columns: How wide it may be.
            rows: How high.
            row: Where it begins in the region.
            column: Likewise.
        """
        if self._protocol is None or min(columns, lines) < 1:
            return None
        cell = graphics.cell_size(sys.stdout.fileno())
        image = graphics.image(self._protocol, self._paths[self._at][1], columns, lines, cell)
        return image and Picture(image, line, column)
