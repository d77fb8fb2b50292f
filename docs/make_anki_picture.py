"""Looks at the deck as Anki shows it: python docs/make_anki_picture.py [--all FOLDER] [--anki WEB]

Exports the built-in bank, imports it into a collection of the official `anki` package, and photographs in headless Chromium what its
templates make of a card. Without arguments it makes the README's picture, docs/anki.png. With --all it photographs the longest cards of
every note type, question and answer, by day and by night, 1,000 and 400 pixels wide, unfolded too.

WEB is the folder `_aqt/data/web` of Anki's own program, unpacked from the wheel `aqt` (pip download aqt --no-deps): with it the style
sheets that Anki puts around every card apply, and its MathJax sets the formulas. It is AGPL, and no part of this repository.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from dlquiz import collection as dlquiz_collection
from dlquiz import config
from dlquiz.anki import notetypes
from dlquiz.bank import index
from dlquiz.transfer import to_anki

HERE = Path(__file__).resolve().parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PICTURE = ("data-modalities", "regularization-methods.no-decay")  # no formulas in them
HEIGHT = 740  # pixels
LONGEST = 2  # cards of each note type
GAP = 12  # pixels
AROUND = "<!-- around -->"


class View(NamedTuple):
    """A window onto one side of a card."""

    page: str
    width: int
    height: int


class Sides(NamedTuple):
    question: str
    answer: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    parser.add_argument("--anki", type=Path, metavar="WEB")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, imported(Path(temporary)) as collection:
        media = Path(collection.media.dir())
        if asked.all:
            asked.all.mkdir(parents=True, exist_ok=True)
            for notetype in notetypes.ALL:
                for card in longest(collection, notetype):
                    everything(collection, card, asked.all, media, asked.anki)
        else:
            main_card, choice = (sides(collection, card) for card in PICTURE)
            views = [
                View(page(main_card.answer, night=False), 640, HEIGHT),
                View(page(choice.answer, night=True), 360, HEIGHT),
            ]
            photograph(views, HERE / "anki.png", media, asked.anki)


@contextmanager
def imported(folder: Path) -> Iterator[Collection]:
    """A fresh collection with the built-in bank in it."""
    bank = index.open_bank([index.Root(HERE.parent / "questions", builtin=True)], None)
    table = dlquiz_collection.Collection(config.Home(folder / "home"), config.Settings(), bank, None)
    to_anki.apkg(table, folder / "deck.apkg", None, with_progress=False)
    bank.close()
    collection = Collection(str(folder / "collection.anki2"))
    path = str(folder / "deck.apkg")
    collection.import_anki_package(
        ImportAnkiPackageRequest(package_path=path, options=ImportAnkiPackageOptions(with_scheduling=True))
    )
    yield collection
    collection.close()


def longest(collection: Collection, notetype: notetypes.NoteType) -> list[str]:
    """The ids of its longest cards."""
    query = "SELECT flds FROM notes WHERE mid = ? ORDER BY length(flds) DESC LIMIT ?"
    rows = collection.db.list(query, notetype.id, LONGEST) if collection.db else []
    return [row.split("\x1f")[notetype.names.index("Id")] for row in rows]


def sides(collection: Collection, card: str) -> Sides:
    (found,) = collection.find_cards(f'"Id:{card}"')
    made = collection.get_card(found).render_output()
    style = f"<style>{made.css}</style>"
    return Sides(style + made.question_text, style + made.answer_text)


def page(side: str, *, night: bool, unfolded: bool = False) -> str:
    """A page with the classes that Anki's desktop gives it, and a place for its own style sheets."""
    body = re.sub(r"<details(?! open)", "<details open", side) if unfolded else side
    root, own = ("night-mode", " nightMode") if night else ("", "")
    return f'<html class="{root}"><head>{AROUND}</head><body class="card card1{own}"><div id="qa">{body}</div></body></html>'


def everything(collection: Collection, card: str, folder: Path, media: Path, web: Path | None) -> None:
    """One picture a side and width, day beside night."""
    both = sides(collection, card)
    for width, height in ((1000, 1100), (400, 1100)):
        for side, text in both._asdict().items():
            for unfolded in (False, True) if "<details>" in text else (False,):
                views = [
                    View(page(text, night=night, unfolded=unfolded), width, height * (1 + 3 * unfolded))
                    for night in (False, True)
                ]
                name = f"{card}-{side}-{width}{'-unfolded' * unfolded}.png"
                photograph(views, folder / name, media, web)


def photograph(views: Sequence[View], target: Path, media: Path, web: Path | None = None) -> None:
    """The views side by side, each in a frame of its own width, so that style sheets see a phone where one is meant."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"none of {', '.join(BROWSERS)} is installed")
    around = _around(web.resolve()) if web else ""
    frames = "".join(
        f'<iframe width="{view.width}" height="{view.height}" srcdoc="{html.escape(view.page.replace(AROUND, around))}"></iframe>'
        for view in views
    )
    style = f"body {{ margin: 0; display: flex; gap: {GAP}px; background: #8a8f98; padding: {GAP}px }} iframe {{ border: 0 }}"
    card_view = media / "sheet.html"  # beside the pictures that the cards name
    card_view.write_text(f"<!doctype html><meta charset=utf-8><style>{style}</style>{frames}", encoding="utf-8")
    width = sum(view.width for view in views) + GAP * (len(views) + 1)
    height = max(view.height for view in views) + 2 * GAP
    subprocess.run(
        [
            browser, "--headless=new", "--no-sandbox", "--hide-scrollbars", "--allow-file-access-from-files",
            f"--window-size={width},{height}", "--virtual-time-budget=8000", f"--screenshot={target}", card_view.as_uri(),
        ],
        check=True, capture_output=True,
    )  # fmt: skip


def _around(web: Path) -> str:
    """What Anki loads before a card."""
    sheets = [web / "css" / name for name in ("webview.css", "reviewer.css")]
    scripts = sorted(web.rglob("tex-chtml-full.js"))[:1]
    links = [f'<link rel="stylesheet" href="{sheet.as_uri()}">' for sheet in sheets]
    return "".join([*links, *(f'<script defer src="{script.as_uri()}"></script>' for script in scripts)])


if __name__ == "__main__":
    main()
