"""A sheet of SVG to draw on: boxes, arrows, labels, axes and curves. Knows nothing of deep learning."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

Point = tuple[float, float]

WIDTH = 420  # narrow, so that on a phone 360 px wide no label falls below 11 px
# Every picture brings its own paper, as no mid-tone is readable on white and on black alike; where the reader's scheme is known
# to be dark, STYLE swaps all colours. Each colour has at least 4.5:1 on its paper.
PAPER, EDGE, GRID = "#ffffff", "#cbd5e1", "#e2e8f0"
INK, GREY = "#1f2937", "#4b5563"
BLUE, ORANGE, TEAL, PURPLE = "#1d4ed8", "#b45309", "#0f766e", "#a21caf"
TINTS = {INK: "#f1f5f9", GREY: "#f1f5f9", BLUE: "#dbeafe", ORANGE: "#ffedd5", TEAL: "#ccfbf1", PURPLE: "#fae8ff"}
NAMES = {INK: "ink", GREY: "grey", BLUE: "blue", ORANGE: "orange", TEAL: "teal", PURPLE: "purple"}
DARK = {
    PAPER: "#1b1f27",
    EDGE: "#4b5563",
    GRID: "#333a46",
    INK: "#e5e7eb",
    GREY: "#b4bcc8",
    BLUE: "#8ab4ff",
    ORANGE: "#f5a55c",
    TEAL: "#4fd6c4",
    PURPLE: "#ec93f5",
    TINTS[INK]: "#2b323e",
    TINTS[BLUE]: "#1e3158",
    TINTS[ORANGE]: "#49311a",
    TINTS[TEAL]: "#11403b",
    TINTS[PURPLE]: "#4a2352",
}
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
SMALLEST = 13  # px at full width; a script may have one less
HEAD = 8  # px an arrowhead reaches beyond the end of its line
DASHED, DOTTED = "7 5", "1 5"
STYLE = " ".join(f'[fill="{old}"]{{fill:{new}}} [stroke="{old}"]{{stroke:{new}}}' for old, new in DARK.items())
_PIECES = re.compile(r"([_^])\{([^}]+)\}|[^_^]+")


@dataclass(frozen=True, slots=True)
class Axes:
    """A plot's panel: where it lies on the sheet, and which numbers its edges stand for."""

    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]  #: numbers at the left and the right edge
    y: tuple[float, float]  #: numbers at the bottom and the top edge

    def at(self, x: float, y: float) -> Point:
        """The place of a pair of numbers on the sheet."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + across * self.width, self.top + (1 - up) * self.height


@dataclass(slots=True)
class Sheet:
    """One picture in the making; `svg` gives its text."""

    name: str  #: also begins every id, so that several pictures can share a page
    height: float
    title: str
    desc: str
    _parts: list[str] = field(default_factory=list)
    _heads: set[str] = field(default_factory=set)

    def label(
        self,
        at: Point,
        words: str,
        *,
        size: int = 14,
        colour: str = INK,
        anchor: str = "middle",
        bold: bool = False,
        turned: bool = False,
    ) -> None:
        """Words centred vertically on a point; `h_{t}` and `x^{2}` lower and raise."""
        x, y = at[0], at[1] + 0.35 * size
        weight = ' font-weight="600"' if bold else ""
        turn = f' transform="rotate(-90 {number(at[0])} {number(at[1])})"' if turned else ""
        self._parts.append(
            f'<text x="{number(x)}" y="{number(y)}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"{weight}{turn}>'
            f"{_spans(words, size)}</text>"
        )

    def box(self, centre: Point, size: Point, words: str = "", *, colour: str = INK, text: int = 14) -> None:
        """A tinted box with words, one line for each line of them."""
        (x, y), (width, height) = centre, size
        self._parts.append(
            f'<rect x="{number(x - width / 2)}" y="{number(y - height / 2)}" width="{number(width)}" '
            f'height="{number(height)}" rx="6" fill="{TINTS[colour]}" stroke="{colour}" stroke-width="2"/>'
        )
        self.lines(centre, words, size=text)

    def cell(self, corner: Point, size: Point, *, colour: str = INK, fill: str = "") -> None:
        """A rectangle with sharp corners by its upper left one, tinted unless `fill` says otherwise."""
        (x, y), (width, height) = corner, size
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self.path(corners, colour=colour, width=1.5, fill=fill or TINTS[colour], closed=True)

    def circle(
        self, centre: Point, radius: float, words: str = "", *, colour: str = INK, text: int = 14, dash: str = ""
    ) -> None:
        """A tinted circle with words."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<circle cx="{number(centre[0])}" cy="{number(centre[1])}" r="{number(radius)}" '
            f'fill="{TINTS[colour]}" stroke="{colour}" stroke-width="2"{dashes}/>'
        )
        self.lines(centre, words, size=text)

    def lines(self, centre: Point, words: str, *, size: int = 14, colour: str = INK, anchor: str = "middle") -> None:
        """Several lines of words around a point."""
        rows = words.split("\n") if words else []
        for index, row in enumerate(rows):
            y = centre[1] + (index - (len(rows) - 1) / 2) * size * 1.25
            self.label((centre[0], y), row, size=size, colour=colour, anchor=anchor)

    def dot(self, at: Point, colour: str = INK, *, hollow: bool = False) -> None:
        """A point of a curve, or the place where a line branches."""
        fill = PAPER if hollow else colour
        x, y = number(at[0]), number(at[1])
        self._parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{fill}" stroke="{colour}" stroke-width="2"/>')

    def path(
        self,
        points: Iterable[Point],
        *,
        colour: str = INK,
        width: float = 2,
        dash: str = "",
        fill: str = "none",
        closed: bool = False,
    ) -> None:
        """A line through points."""
        route = "M" + " L".join(f"{number(x)},{number(y)}" for x, y in points) + (" Z" if closed else "")
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<path d="{route}" fill="{fill}" stroke="{colour}" stroke-width="{number(width)}"{dashes}/>'
        )

    def arrow(
        self,
        *points: Point,
        colour: str = INK,
        start: float = 0,
        stop: float = 0,
        width: float = 2,
        dash: str = "",
        bridge: bool = False,
    ) -> None:
        """A line with a head at its last point.

        Args:
            start: px to keep clear of the first point, a circle's radius for example.
            stop: px between the head's tip and the last point.
            bridge: Leave a gap in the lines it crosses.
        """
        route = list(points)
        route[0] = _towards(route[0], route[1], start)
        route[-1] = _towards(route[-1], route[-2], stop + HEAD)
        if bridge:
            self.path(route, colour=PAPER, width=width + 8)
        self.path(route, colour=colour, width=width, dash=dash)
        end = f' marker-end="url(#{self.name}-{NAMES[colour]})"/>'
        self._parts[-1] = self._parts[-1].removesuffix("/>") + end
        self._heads.add(colour)

    def axes(self, axes: Axes, x_ticks: Sequence[float], y_ticks: Sequence[float], x_name: str, y_name: str) -> None:
        """Frame, grid, ticks and names of a panel."""
        bottom, middle = axes.top + axes.height, axes.left + axes.width / 2
        for value in x_ticks:
            x, _ = axes.at(value, 0)
            self.path([(x, axes.top), (x, bottom + 5)], colour=GRID, width=1)
            self.label((x, bottom + 15), _tick(value), size=13, colour=GREY)
        for value in y_ticks:
            _, y = axes.at(0, value)
            self.path([(axes.left - 5, y), (axes.left + axes.width, y)], colour=GRID, width=1)
            self.label((axes.left - 9, y), _tick(value), size=13, colour=GREY, anchor="end")
        corner = (axes.left, bottom)
        self.path([(axes.left, axes.top), corner, (axes.left + axes.width, bottom)], colour=GREY, width=1.5)
        if x_name:
            self.label((middle, bottom + (34 if x_ticks else 18)), x_name)
        if y_name:
            self.label((axes.left - (44 if y_ticks else 16), axes.top + axes.height / 2), y_name, turned=True)

    def curve(self, axes: Axes, points: Iterable[Point], colour: str, *, width: float = 2.5, dash: str = "") -> None:
        """A line through pairs of numbers."""
        self.path((axes.at(x, y) for x, y in points), colour=colour, width=width, dash=dash)

    def key(self, at: Point, words: str, colour: str, *, width: float = 2.5, dash: str = "") -> None:
        """A sample of a line with its name to the right."""
        self.path([at, (at[0] + 24, at[1])], colour=colour, width=width, dash=dash)
        self.label((at[0] + 31, at[1]), words, anchor="start")

    def svg(self) -> str:
        """The whole file."""
        height = number(self.height)
        heads = "\n".join(
            f'<marker id="{self.name}-{NAMES[each]}" viewBox="0 0 10 10" refX="2" refY="5" markerWidth="10" '
            f'markerHeight="10" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0.5 L10,5 L0,9.5 Z" fill="{each}"/></marker>'
            for each in sorted(self._heads)
        )
        return "\n".join(
            [
                (
                    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
                    f'role="img" aria-labelledby="{self.name}-title {self.name}-desc" font-family="{FONTS}" '
                    'stroke-linecap="round" stroke-linejoin="round">'
                ),
                f'<title id="{self.name}-title">{escape(self.title)}</title>',
                f'<desc id="{self.name}-desc">{escape(self.desc)}</desc>',
                f"<style>@media (prefers-color-scheme: dark) {{{STYLE}}}</style>",
                *([f"<defs>\n{heads}\n</defs>"] if heads else []),
                f'<rect x="1" y="1" width="{WIDTH - 2}" height="{number(self.height - 2)}" rx="14" fill="{PAPER}" stroke="{EDGE}"/>',
                *self._parts,
                "</svg>\n",
            ]
        )


def number(value: float) -> str:
    """Tenths of a px are enough, and few enough to be the same on every machine."""
    return f"{round(value, 1) + 0.0:g}"


def _spans(words: str, size: int) -> str:
    """Words with their subscripts lowered by `dy`, since not every viewer knows `baseline-shift`."""
    out, now = [], 0
    for match in _PIECES.finditer(words):
        mark, piece = match[1] or "", match[2] or match[0]
        level = {"": 0, "_": 4, "^": -6}[mark]
        small = f' font-size="{max(SMALLEST - 1, size - 3)}"' if mark else ""
        shift = f' dy="{level - now}"' if level != now else ""
        text = escape(piece, quote=False)
        out.append(f"<tspan{shift}{small}>{text}</tspan>" if shift or small else text)
        now = level
    return "".join(out)


def _tick(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _towards(point: Point, other: Point, by: float) -> Point:
    """The point moved towards another one."""
    length = math.dist(point, other)
    return point[0] + (other[0] - point[0]) * by / length, point[1] + (other[1] - point[1]) * by / length
