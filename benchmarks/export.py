"""Ours against genanki: 10,000 notes with the same rendered HTML to a package each, in turn: python -m benchmarks.export [-n ROUNDS]

genanki is no dependency of the project: pip install genanki==0.13.1. The HTML is that of the built-in bank's cards, over and over, each
time with a number in its first field. A ratio is that of a round's two runs, the median is printed. Then the verb itself, the built-in
bank as a whole process.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from dlquiz import collection, config, store
from dlquiz.anki import fields, identity, notetypes, package
from dlquiz.bank import index
from dlquiz.bank import paths as bank_paths

NOTES = 10_000
DECK = "dlquiz::benchmark"
PROGRAM = (sys.executable, "-m", "dlquiz")


def rendered() -> list[fields.Rendered]:
    """NOTES pages, made from the built-in bank's cards."""
    bank = index.open_bank([index.Root(bank_paths.builtin_folder(), builtin=True)], None)
    nowhere = config.Home(Path("none"))
    empty = store.open_store(nowhere.progress, nowhere.backups, create=False)
    col = collection.Collection(nowhere, config.Settings(), bank, empty)
    moment = col.now()
    card_views = [col.card_view(card_ref.id, moment) for card_ref in bank.in_order()]
    pages = [fields.render(card_view.card, card_view.note, card_view.sources) for card_view in card_views]
    bank.close()
    return [
        page._replace(fields=[f"{number}: {page.fields[0]}", *page.fields[1:]])
        for number, page in enumerate(islice(cycle(pages), NOTES))
    ]


def ours(pages: Sequence[fields.Rendered], target: Path) -> None:
    entries = (
        package.PackagedNote(
            identity.guid(f"card-{n}"),
            page.notetype,
            1,
            DECK,
            ["dlquiz"],
            page.fields,
            [package.PackagedCard(package.CardSchedule(n))],
        )
        for n, page in enumerate(pages)
    )
    package.write(target, entries, {}, package.PackageInfo(0))


def theirs(pages: Sequence[fields.Rendered], target: Path) -> None:
    import genanki

    css = notetypes.look()
    models = {each.id: _model(genanki, each, css) for each in notetypes.ALL}
    deck = genanki.Deck(identity.number(DECK), DECK)
    for n, page in enumerate(pages):
        model = models[page.notetype.id]
        deck.add_note(genanki.Note(model=model, fields=page.fields, guid=identity.guid(f"card-{n}"), tags=["dlquiz"]))
    genanki.Package(deck).write_to_file(str(target))


def _model(genanki: Any, notetype: notetypes.NoteType, css: str) -> Any:
    return genanki.Model(
        notetype.id,
        notetype.name,
        fields=[{"name": name} for name in notetype.names],
        templates=[{"name": "Card 1", "qfmt": notetype.front, "afmt": notetype.back}],
        css=css,
        model_type=genanki.Model.CLOZE if notetype.cloze else genanki.Model.FRONT_BACK,
    )


def seconds(job: Callable[[], object]) -> float:
    begun = time.monotonic()
    job()
    return time.monotonic() - begun


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=5, help="rounds")
    rounds = parser.parse_args().n
    try:
        import genanki  # noqa: F401 - asked for before anything is measured
    except ImportError:
        sys.exit("genanki is missing; install it beside dlquiz with: pip install genanki==0.13.1")
    pages = rendered()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        times: dict[str, list[float]] = {name: [] for name in ("ours", "theirs", "bare", "verb")}
        both = [("ours", ours), ("theirs", theirs)]
        for _ in range(rounds):
            for name, write in both:
                times[name].append(seconds(partial(write, pages, folder / f"{name}.apkg")))
            both.reverse()  # whoever comes second finds the first one's memory and files
        for turn in range(rounds):
            times["bare"].append(seconds(lambda: run(sys.executable, "-I", "-c", "pass")))
            os.environ["DLQUIZ_HOME"] = str(folder / f"home-{turn}")
            Path(os.environ["DLQUIZ_HOME"]).mkdir()
            times["verb"].append(seconds(lambda: run(*PROGRAM, "export", str(folder / "deck.apkg"))))
        sizes = [(folder / f"{each}.apkg").stat().st_size / 1e6 for each in ("ours", "theirs")]
    print(f"{rounds} rounds, Python {sys.version.split()[0]}, {NOTES} notes with the same HTML")
    for label, name, size in (("dlquiz", "ours", sizes[0]), ("genanki", "theirs", sizes[1])):
        print(f"{label:30} {statistics.median(times[name]) * 1000:7.0f} ms {size:7.1f} MB")
    ratios = [one / two for one, two in zip(times["ours"], times["theirs"], strict=True)]
    spread = f"(min {min(ratios):.2f}, max {max(ratios):.2f})"
    print(f"{'time, dlquiz to genanki':30} {statistics.median(ratios):7.2f}x {spread}, size {sizes[0] / sizes[1]:.2f}x")
    ratio = statistics.median(one / two for one, two in zip(times["verb"], times["bare"], strict=True))
    print(f"{'dlquiz export':30} {statistics.median(times['verb']) * 1000:7.0f} ms {ratio:7.1f}x a bare Python")


if __name__ == "__main__":
    main()
