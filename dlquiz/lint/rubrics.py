"""What makes a rubric bad: it misses its own examples, or accepts another key point or a denial."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from dlquiz import judge
from dlquiz.card import RUBRIC, KeyPoint
from dlquiz.judge import denial, frames, patterns, rubric, words
from dlquiz.judge.answer_text import AnswerText
from dlquiz.judge.patterns import Alternative, PatternError, WordPattern
from dlquiz.lint.finding import Fields, Finding

ACCEPTS, REJECTS = 2, 1  # examples that a rubric has at least
COMMON_SHARE, COMMON_NOTES = 0.3, 20  # a word in so large a share of so many notes is a generic one
GENERIC = frozenset(
    words.stem(words.form_of(word))
    for word in (
        "better worse faster slower fast slow quick train training model models network net networks neural deep learning data "
        "dataset use good bad high low higher lower large larger small smaller big bigger more less many few fewer learn layer "
        "layers weight weights loss error input output value values result different same similar gradient test time function "
        "parameter parameters help work improve important common default simple method problem number size step steps example "
        "examples sample accuracy performance compute computation cost task image images text word words feature features unit "
        "neuron start end first last new old used needed called way thing case change update algorithm approach stable noise "
        "without with not no one two memory speed quality often usually always never depend depends score rate matter matters"
    ).split()
)


def note(
    fields: Fields, glossary: Mapping[str, str], known_words: Collection[str], generic: Collection[str]
) -> Iterator[Finding]:
    """Advice on the rubrics of a note, each beginning with the id of the key point; nothing on key points that have none.

    Args:
        fields: The note's, with full ids.
        glossary: Of its folder.
        known_words: The words of all banks checked together.
        generic: Stems too common to identify a note, from `generic`.
    """
    for blame in _blames(fields, glossary, known_words, generic):
        yield blame._replace(message=f"{blame.entry['id']}: {blame.message}")


def _blames(
    fields: Fields, glossary: Mapping[str, str], known_words: Collection[str], generic: Collection[str]
) -> Iterator[Finding]:
    written = fields.get("frames", {})
    entries = [point for point in fields.get("key_points", ()) if any(key in point for key in RUBRIC)]
    if not entries:
        return
    yield from _unreadable(fields, entries, written, glossary)
    points = [
        KeyPoint(point["id"], point["text"], rubric={key: point[key] for key in RUBRIC if key in point})
        for point in fields["key_points"]
    ]
    bench = _Bench(judge.prepare(points, written, glossary, known_words))
    for point in entries:
        yield from _shape(point, glossary, generic)
        if any(prepared.id == point["id"] and prepared.judged for prepared in bench.made.points):
            yield from _examples(point, bench)
            yield from _others(point, fields, bench)
            yield from _swapped(point, bench, written)


def generic(notes: Iterable[Fields]) -> frozenset[str]:
    """Stems of words that occur in too many notes to identify one."""
    counts, total = Counter[str](), 0
    for fields in notes:
        total += 1
        text = " ".join(
            [fields["question"], fields["answer"], *(point["text"] for point in fields.get("key_points", ()))]
        )
        counts.update({word.stem for word in words.read(text)})
    if total < COMMON_NOTES:
        return GENERIC
    return GENERIC | {stem for stem, count in counts.items() if count > COMMON_SHARE * total}


class _Bench:
    """A note's rubrics, tried on sentences."""

    def __init__(self, note_rubric: rubric.NoteRubric) -> None:
        self.made = note_rubric
        self._read: dict[str, judge.Judging] = {}

    def verdict(self, point: str, sentence: str) -> judge.Judgement:
        """What a sentence says of a key point that has a rubric; the others are not judged for it, which spares a tenth of a check."""
        if sentence not in self._read:
            self._read[sentence] = judge.Judging(self.made, sentence)
        judgement = self._read[sentence].of(point)
        assert judgement is not None
        return judgement

    def found(self, point: str, sentence: str) -> bool:
        return self.verdict(point, sentence).verdict is judge.Verdict.FOUND


def _unreadable(
    fields: Fields, entries: Sequence[Fields], written: Mapping[str, Mapping[str, str]], glossary: Mapping[str, str]
) -> Iterator[Finding]:
    """Patterns that can't be read, and `about` that names nothing."""
    for values in written.values():
        for text in values.values():
            yield from (Finding(fields, "frames", fault) for fault in _faults(text, glossary))
    names = sorted(value for frame in written.values() for value in frame)
    for point in entries:
        for key in ("need", "or", "not"):
            for text in point.get(key, ()):
                yield from (Finding(point, key, fault) for fault in _faults(text, glossary))
        for about in rubric.abouts(point, written):
            if about is None:
                has = f"they have {', '.join(names)}" if names else "it has none; add 'frames:' to the note"
                yield Finding(point, "about", f"'{point['about']}' names no value of the note's frames; {has}")


def _faults(text: str, glossary: Mapping[str, str]) -> Iterator[str]:
    try:
        patterns.parse(text, glossary)
    except PatternError as error:
        yield str(error)


def _shape(point: Fields, glossary: Mapping[str, str], generic_stems: Collection[str]) -> Iterator[Finding]:
    if not point.get("need") and not point.get("or"):
        yield Finding(point, "id", "the rubric has neither need nor or; add patterns that recognise it")
        return
    for key, least in (("accept", ACCEPTS), ("reject", REJECTS)):
        if len(point.get(key, ())) < least:
            message = f"the rubric has {len(point.get(key, ()))} {key} sentences; write {least} or more"
            yield Finding(point, key, message)
    sole = point.get("need", ()) if len(point.get("need", ())) == 1 else ()
    for key, lines in (("need", sole), ("or", point.get("or", ()))):
        for text in lines:
            for word in _generic_alone(text, glossary, generic_stems):
                message = (
                    f"'{word}' alone would do, and many answers have it; join it to another word or add a line to need"
                )
                yield Finding(point, key, message)


def _generic_alone(text: str, glossary: Mapping[str, str], generic_stems: Collection[str]) -> Iterator[str]:
    try:
        pattern = patterns.parse(text, glossary)
    except PatternError:
        return
    for alternative in pattern:
        if _is_generic(alternative, generic_stems):
            yield alternative.text


def _is_generic(alternative: Alternative, generic_stems: Collection[str]) -> bool:
    return len(alternative.phrases) == 1 and _generic_phrase(alternative.phrases[0], generic_stems)


def _generic_phrase(phrase: tuple[WordPattern, ...], generic_stems: Collection[str]) -> bool:
    if len(phrase) != 1:
        return False
    atom = phrase[0]
    if atom.sort == "group":
        return any(_generic_phrase(inner, generic_stems) for inner in atom.group)
    return words.stem(atom.form) in generic_stems


def _examples(point: Fields, bench: _Bench) -> Iterator[Finding]:
    name = point["id"]
    for key, sentence in (("text", point["text"]), *(("accept", accepted) for accepted in point.get("accept", ()))):
        if not bench.found(name, sentence):
            met = bench.verdict(name, sentence)
            heard = f" (heard: {', '.join(met.evidence(sentence))}; {met.why or met.verdict})" if met.spans else ""
            yield Finding(point, key, f"not found by its own rubric: '{sentence}'{heard}; widen a pattern")
    for sentence in point.get("reject", ()):
        if bench.found(name, sentence):
            heard = ", ".join(bench.verdict(name, sentence).evidence(sentence))
            yield Finding(
                point,
                "reject",
                f"found although it must not be: '{sentence}' (heard: {heard}); narrow a pattern or add a not",
            )
    for sentence in point.get("accept", ()):
        for copy in denied(sentence):
            if bench.found(name, copy):
                yield Finding(
                    point,
                    "accept",
                    f"its denial is found too: '{copy}'; write the pattern so that it takes the denied words in",
                )


def _others(point: Fields, fields: Fields, bench: _Bench) -> Iterator[Finding]:
    """A point whose rubric a sibling's sentence or the question satisfies."""
    name = point["id"]
    if bench.found(name, fields["question"]):
        yield Finding(point, "need", "the question alone satisfies it; ask for a word that the question does not have")
    for sibling in fields["key_points"]:
        if sibling["id"] == name:
            continue
        for sentence in (sibling["text"], *sibling.get("accept", ())):
            if bench.found(name, sentence):
                heard = ", ".join(bench.verdict(name, sentence).evidence(sentence))
                message = (
                    f"found in what says '{sibling['id']}': '{sentence}' (heard: {heard});"
                    " narrow it, or change the sentence"
                )
                yield Finding(point, "need", message)


def _swapped(point: Fields, bench: _Bench, written: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    """A point about the test phase that is found where its sentence names the training phase."""
    prepared = next(candidate for candidate in bench.made.points if candidate.id == point["id"])
    for about in prepared.about:
        values = bench.made.frames[about.frame]
        other_value = next((value for value in values if value != about.value), None)
        if other_value is None:
            continue
        name = next(
            (pattern.strip() for pattern in written[about.frame][other_value].split("|") if "@" not in pattern),
            other_value,
        )
        for sentence in point.get("accept", ()):
            named = frames.mentions(AnswerText.of(sentence), values)
            if {mention.value for mention in named} != {about.value}:
                continue
            swapped = _renamed(sentence, named, name)
            if bench.found(point["id"], swapped):
                yield Finding(
                    point,
                    "about",
                    f"found although it names {other_value}: '{swapped}'; check 'about' and the frame's patterns",
                )


def _renamed(sentence: str, named: Sequence[frames.Mention], name: str) -> str:
    read = words.read(sentence)
    for mention in reversed(named):
        sentence = sentence[: read[mention.start].start] + name + sentence[read[mention.end - 1].end :]
    return sentence


def denied(sentence: str) -> list[str]:
    """The sentence negated, as a whole and by a "not" after its first auxiliary verb; nothing if it is already negative."""
    if denial.acting(denial.standing(AnswerText.of(sentence))):
        return []
    copies = [f"It is not true that {sentence[:1].lower()}{sentence[1:]}"]
    auxiliary = re.search(
        r"\b(is|are|was|were|can|will|should|must|may|does|do|has|have)\b(?=\s+(?!only|just|not)\w)", sentence
    )
    if auxiliary and not re.search(
        r"\b(but|while|whereas|and|because|so|if|when|where|that|which|since|unless|until)\b|[,;:]", sentence
    ):
        copies.append(f"{sentence[: auxiliary.end()]} not{sentence[auxiliary.end() :]}")
    return copies
