"""How well the model that is set up hears recorded answers: python -m benchmarks.listening FOLDER [--bank PATH]... [--no-builtin]

FOLDER holds, for answers to notes of the bank, NOTE.wav (or NOTE-anything.wav) and beside it, as .txt, the words that were said. For each
the table has the word error rate; how many key points are `found` in what was understood, how many of these in the words as they were
said too, and how many of those were missed; how many are `opposite` that were not so in those words; the seconds of work for each second
of speech. Below it stand the same of all, the processor's time, and the transcriber's peak memory. Aims on an idle machine of two cores:
errors below 0.12, precision 0.9 or more, work at most 0.25, below 450 MB for 90 seconds.

--say COMMAND fills FOLDER before that and ends: a synthesiser says the plain answers in benchmarks/judged to all notes, or those given
with --note, as in --say "espeak-ng -w {wav} {text}".
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from dlquiz import collection, config
from dlquiz.bank import index
from dlquiz.card import Judgement
from dlquiz.collection import judging
from dlquiz.judge import Verdict, words
from dlquiz.listen import audio, hearing, model, terms

HEAD = "answer                      seconds  errors   found  right  missed  opposite  work per second"
JUDGED = Path(__file__).parent / "judged"
SAID_STYLE = "plain"


@dataclass(frozen=True, slots=True)
class Hearing:
    """One answer, as it was said and as it was understood."""

    name: str
    seconds: float
    errors: float  #: words wrong, missing or too many, for each that was said
    found: frozenset[str]  #: key points, in what was understood
    found_in_text: frozenset[str]  #: in the words that were said
    reversed: int  #: key points that are opposite in what was understood, and not in the words that were said
    worked: float  #: seconds

    def __str__(self) -> str:
        right = len(self.found & self.found_in_text)
        missed = len(self.found_in_text - self.found)
        counts = f"{len(self.found):6}  {right:5}  {missed:6}  {self.reversed:8}"
        return f"{self.name[:26]:26}  {self.seconds:7.0f}  {self.errors:6.2f}  {counts}  {self.worked / self.seconds:15.2f}"


def word_errors(said: str, understood: str) -> float:
    """The word error rate: edits that turn the one into the other, for each word that was said."""
    first, second = ([word.form for word in words.read(text)] for text in (said, understood))
    row = list(range(len(second) + 1))
    for n, word in enumerate(first, 1):
        before, row[0] = row[0], n
        for m, other in enumerate(second, 1):
            before, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, before + (word != other))
    return row[-1] / max(1, len(first))


def hear(bank: index.Bank, used: model.Model, path: Path) -> Hearing:
    """Listen to one recording."""
    notes = [note for note in bank.note_ids() if path.stem.startswith(note.rpartition("/")[2])]
    note = max(notes, key=len, default=path.stem)
    said = path.with_suffix(".txt").read_text(encoding="utf-8")
    pcm = hearing.read(path)
    began = time.monotonic()
    heard = hearing.transcribe(used, pcm, terms.of(bank.note(note), bank.glossary(note)), lambda _at: None)
    worked = time.monotonic() - began
    judgements = judging.judged(bank, note, heard.text).judgements
    understood = judging.doubted(judgements, heard.text, heard.invented)
    in_text = judging.judged(bank, note, said).judgements
    return Hearing(
        path.stem,
        len(pcm) / audio.SECOND,
        word_errors(said, heard.text),
        _points(understood, Verdict.FOUND),
        _points(in_text, Verdict.FOUND),
        len(_points(understood, Verdict.OPPOSITE) - _points(in_text, Verdict.OPPOSITE)),
        worked,
    )


def _points(judgements: Sequence[Judgement | None], verdict: Verdict) -> frozenset[str]:
    return frozenset(judgement.point for judgement in judgements if judgement and judgement.verdict is verdict)


def say(command: str, folder: Path, notes: Sequence[str]) -> None:
    """Have a synthesiser say answers, each with its words beside it.

    Args:
        command: With {wav} and {text} where these belong.
        folder: Where to.
        notes: To which notes; none for all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(JUDGED.glob("*.yaml")):
        answers = yaml.safe_load(path.read_text(encoding="utf-8")).get("answers", [])
        text = next((answer["text"] for answer in answers if answer["style"] == SAID_STYLE and answer["honest"]), "")
        if not text or (notes and path.stem not in notes):
            continue
        wav = folder / f"{path.stem}.wav"
        wav.with_suffix(".txt").write_text(text, encoding="utf-8")
        words_of_command = [word.replace("{wav}", str(wav)).replace("{text}", text) for word in shlex.split(command)]
        subprocess.run(words_of_command, check=True, stdout=subprocess.DEVNULL)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.listening")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bank", type=Path, action="append", default=[])
    parser.add_argument("--no-builtin", action="store_true")
    parser.add_argument("--say", metavar="COMMAND", help="write recordings into the folder, and end")
    parser.add_argument("--note", action="append", default=[], help="only of this note; may be repeated")
    options = parser.parse_args(arguments)
    if options.say:
        say(options.say, options.folder, options.note)
        return
    used = model.ready(config.home())
    heard = []
    with collection.opened_bank(collection.BankPaths(tuple(options.bank), not options.no_builtin)) as bank:
        print(f"{used.path.name}\n{HEAD}")
        for path in sorted(options.folder.glob("*.wav")):
            if path.with_suffix(".txt").exists():
                heard.append(hear(bank, used, path))
                print(heard[-1], flush=True)
    if not heard:
        sys.exit(f"no recordings with their words in {options.folder}")
    print(_total(heard))


def _total(heard: Sequence[Hearing]) -> str:
    found = sum(len(each.found) for each in heard)
    right = sum(len(each.found & each.found_in_text) for each in heard)
    made = sum(len(each.found_in_text) for each in heard)
    seconds = sum(each.seconds for each in heard)
    errors = sum(each.errors * each.seconds for each in heard) / seconds
    work = sum(each.worked for each in heard) / seconds
    precision, recall = right / max(1, found), right / max(1, made)
    points = f"precision {precision:.2f} of {found}, recall {recall:.2f} of {made}, {sum(one.reversed for one in heard)} opposite"
    return f"errors {errors:.2f}, {points}\nwork {work:.2f} for each second of speech{_used(seconds)}"


def _used(seconds: float) -> str:
    """The processor's time for each second of speech, and the largest that a process of ours grew to, where the system tells."""
    if sys.platform == "win32":
        return ""
    import resource  # not on Windows

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = used.ru_maxrss // (1024 if sys.platform != "darwin" else 1024 * 1024)
    return f", of the processor {(used.ru_utime + used.ru_stime) / seconds:.2f}; {peak} MB at most"


if __name__ == "__main__":
    main()
