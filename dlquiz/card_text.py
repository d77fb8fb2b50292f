"""Values -> Markdown. Decides what is told of a card and in which order, never how it looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from dlquiz import maths, rng, typed_answer, variants
from dlquiz.card import BLANK, Card, Figure, Note, Part, Source
from dlquiz.session import CardView
from dlquiz.text import pictures as text_pictures

NOTED = "**You noted:**"
PART_WORDS = {"right": "right", "nearly": "nearly right", "compare": "not recognised", "wrong": "wrong"}
NO_VALUES: Mapping[str, Sequence[float]] = MappingProxyType({})


def first_answer(card_view: CardView, given: str | None = None) -> str:
    """What comes with the first Space: a main card's short answer (its key points are listed apart), else the back.

    Args:
        card view: The card.
        given: What was picked; why it is wrong was told already, by `typed`.
    """
    if card_view.card.explains:
        return card_view.note.short or card_view.note.answer
    return told(card_view.card, given)


def asked(card: Card) -> str:
    """What an atomic card asks, with its choices in an order that never changes."""
    blocks = [card.front, *filter(None, [card.notation])]
    if card.distractors:
        options = rng.shuffled([card.back, *(distractor.text for distractor in card.distractors)], card.id)
        blocks.append("\n".join(f"{n}. {option}" for n, option in enumerate(options, 1)))
    return "\n\n".join(blocks)


def told(card: Card, given: str | None = None) -> str:
    """What an atomic card answers.

    Args:
        card: The card.
        given: What was picked; why it is wrong was told already, by `typed`.
    """
    blocks = [maths.filled(card.front, BLANK, card.back) if card.kind == "cloze" else card.back]
    if card.why:
        blocks.append(card.why)
    if card.distractors:
        rest = [distractor for distractor in card.distractors if distractor.text != given]
        blocks.append("\n".join(f"- Not {_quoted(distractor.text)}: {distractor.why}" for distractor in rest))
    return "\n\n".join([*blocks, *_dated(card.as_of)])


def rest(card_view: CardView, *, with_follow_ups: bool = True) -> str:
    """The whole answer of a main card, with pitfalls, follow-ups and corrections; nothing more of other cards."""
    if not card_view.card.explains:
        return ""
    note = card_view.note if with_follow_ups else card_view.note._replace(follow_ups=())
    return explanation(note, with_answer=bool(note.short))


def explanation(note: Note, sources: Sequence[Source] = (), *, with_answer: bool = True) -> str:
    """Everything a note teaches beyond its short answer and key points."""
    blocks = [note.answer] if with_answer else []
    blocks += [_drawn(figure) for figure in note.figures]
    if note.pitfalls:
        blocks += ["**Pitfalls**", "\n".join(f"- {pitfall}" for pitfall in note.pitfalls)]
    if note.follow_ups:
        blocks += ["**Asked next**"]
        blocks += [f"*{follow_up.question}*\n\n{follow_up.answer}" for follow_up in note.follow_ups]
    if note.corrections:
        blocks += ["**What popular answers get wrong**"]
        lines = [
            f"- {correction.grade}: {correction.claim} **Instead:** {correction.instead}"
            for correction in note.corrections
        ]
        blocks += ["\n".join(lines)]
    return "\n\n".join([*blocks, *_dated(note.as_of), *_cited(sources)])


def noted(remark: str) -> str:
    """The user's own remark, apart from what the bank says."""
    return f"{NOTED} {remark}"


def key_points(note: Note) -> str:
    """The key points as a list; a must is marked."""
    return "\n".join(f"- {'**must:** ' if point.must else ''}{point.text}" for point in note.key_points)


def own_words(note: Note, kept: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """The user's own words for its key points, as a section; none where there are none."""
    lines = [
        f"- {point.text} {', '.join(map(_quoted, map(_literal, kept[point.id])))}"
        for point in note.key_points
        if kept.get(point.id)
    ]
    return [("Your own words, heard too", "\n".join(lines))] if lines else []


def typed(given: str, card: Card) -> str:
    """A typed or picked answer beside the right one; it never decides the rating."""
    from dlquiz.text import compare  # some milliseconds, for an answer that was typed or picked
    from dlquiz.text.compare import Worth

    rights = [card.back, *card.accept]
    if card.distractors:
        why = next((f" {distractor.why}" for distractor in card.distractors if distractor.text == given), "")
        right = any(compare.same(given, answer) for answer in rights)
        return f"You picked {_quoted(given)}. " + ("**Right.**" if right else f"**Wrong.**{why}")
    wrote = f"You wrote {_quoted(_literal(given))}."
    match verdict := typed_answer.worth(given, card):
        case Worth.RIGHT | Worth.WRONG if card.verdict:
            return f"You picked {_quoted(typed_answer.verdict_of(given) or given)}. **{verdict.value.capitalize()}.**"
        case Worth.RIGHT:
            return f"{wrote} **Right.**"
        case Worth.WRONG if card.parts:
            return f"{wrote} **Wrong.** {_part_by_part(given, card)}"
        case _ if card.parts:
            return f"{wrote} {_part_by_part(given, card)} Compare:"
        case Worth.WRONG:
            return f"{wrote} **Wrong.**"
        case Worth.NEARLY:
            best = max(rights, key=lambda answer: compare.closeness(given, answer))
            return f"{wrote} Nearly: {_literal(compare.difference(given, best))}. Compare:"
    return f"{wrote} Compare:"


def _part_by_part(given: str, card: Card) -> str:
    """What is right of an answer in several parts: `Exponent bits: right; mantissa bits: wrong.`"""
    verdicts = typed_answer.part_verdicts(given, card)
    words = ["missing" if verdict is None else PART_WORDS[verdict.value] for verdict in verdicts]
    said = "; ".join(f"{part.name}: {word}" for part, word in zip(card.parts, words, strict=True))
    return f"{said[:1].upper()}{said[1:]}."


def sections(note: Note, sources: Sequence[Source]) -> list[tuple[str, str]]:
    """A note as one readable page, for `show`: headings, the first of them empty, with what stands under each."""
    answer = "\n\n".join([note.answer, *map(_drawn, note.figures), *_dated(note.as_of)])
    asked = "\n\n".join(f"*{follow_up.question}*\n\n{follow_up.answer}" for follow_up in note.follow_ups)
    wrong = [
        f"- **{correction.grade}:** {correction.claim}\n\n  **Instead:** {correction.instead}"
        for correction in note.corrections
    ]
    all_sections = [
        ("", f"**{note.question}**"),
        ("Short answer", note.short),
        ("Key points", key_points(note)),
        ("Answer", answer),
        ("Pitfalls", "\n".join(f"- {pitfall}" for pitfall in note.pitfalls)),
        ("Asked next", asked),
        ("What popular answers get wrong", "\n".join(wrong)),
        ("Sources", "\n".join(_cited(sources)[1:])),
    ]
    return [section for section in all_sections if section[1]]


def card_sections(
    card: Card,
    note: Note,
    sources: Sequence[Source],
    contrast: Sequence[str] = (),
    numbers: Mapping[str, Sequence[float]] = NO_VALUES,
) -> list[tuple[str, str]]:
    """An atomic card likewise.

    Args:
        card: With its example's numbers, where it has fresh ones.
        note: Its note.
        sources: What it cites.
        contrast: The cards that it may be confused with.
        numbers: The values that its fresh numbers may take.
    """
    back = maths.filled(card.front, BLANK, card.back) if card.kind == "cloze" else card.back
    drilled = [point.text for point in note.key_points if point.id in card.drills]
    all_sections = [
        ("", "\n\n".join([f"**{card.front}**", *_varied(numbers)])),
        ("Notation", card.notation),
        ("Answer", "\n\n".join([back, *_dated(card.as_of)])),
        ("Also right", ", ".join(map(_literal, card.accept))),
        ("Parts" + card.any_order * ", in any order", "\n".join(map(_part, card.parts))),
        ("Why", card.why),
        ("Wrong answers", "\n".join(f"- *{distractor.text}*: {distractor.why}" for distractor in card.distractors)),
        ("Not to be confused with", ", ".join(contrast)),
        ("Trains", "\n".join(f"- {text}" for text in drilled)),
        ("Sources", "\n".join(_cited(sources)[1:])),
    ]
    return [section for section in all_sections if section[1]]


def _part(part: Part) -> str:
    return f"- {part.name}: {', '.join(map(_literal, part.accept))}"


def _varied(numbers: Mapping[str, Sequence[float]]) -> list[str]:
    values = "; ".join(f"{name} {', '.join(map(variants.written, choices))}" for name, choices in numbers.items())
    return [f"*An example; it is asked with other numbers each time: {values}.*"] if values else []


def _drawn(figure: Figure) -> str:
    """The text diagram in a fence that carries its description, for screens that it does not fit; else the description."""
    alt = " ".join(figure.alt.split())
    return f"~~~text {alt}\n{figure.text.rstrip()}\n~~~" if figure.text else f"*Picture: {alt}*"


def _quoted(text: str) -> str:
    """One of several answers, set apart from the sentence around it."""
    return f"“{text.strip().rstrip('.')}”"


def _literal(text: str) -> str:
    """Typed text, kept from being read as Markdown or maths."""
    ticks = "``" if "`" in text else "`"
    return f"{ticks} {text} {ticks}" if "`" in text else f"`{text}`"


def source(card_view: CardView, *, answered: bool) -> str:
    """Everything a card shows, as it is written: its front, and once it is turned over the answer with all that follows."""
    card, note = card_view.card, card_view.note
    if not answered:
        return "\n".join([card.front, card.notation, *card_view.options])
    texts = [
        card.front,
        card.notation,
        card.back,
        card.why,
        *(f"{distractor.text}\n{distractor.why}" for distractor in card.distractors),
    ]
    if card.explains:
        texts += [note.short, *(point.text for point in note.key_points), explanation(note)]
    return "\n".join(texts)


def with_pictures_named(card_view: CardView) -> CardView:
    """The card with words in place of the pictures in its texts (`[picture 1 of 2]`), and the list of them.

    They are those of its texts, as paths from the bank's folder, each once, those of the question first, and the figures of its note.
    """
    asked = text_pictures.paths(source(card_view, answered=False))
    named = text_pictures.paths(source(card_view, answered=True))
    files = tuple(dict.fromkeys([*asked, *named, *(figure.file for figure in card_view.note.figures)]))
    if not named and not asked:
        return card_view._replace(pictures=files)

    def worded(value: Any) -> Any:
        if isinstance(value, str):
            return text_pictures.in_words(value, files)
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return type(value)(*map(worded, value))
        return tuple(map(worded, value)) if isinstance(value, tuple) else value

    card, note = worded(card_view.card), worded(card_view.note)
    return card_view._replace(card=card, note=note, pictures=files, pictures_asked=len(dict.fromkeys(asked)))


def _dated(as_of: str) -> list[str]:
    return [f"*As of {as_of}.*"] if as_of else []


def cited(source: Source, title: str = "{}") -> str:
    """A source in one line; `title` is a frame for its title."""
    return f"{source.authors}: {title.format(source.title)}{f', {source.where}' if source.where else ''}. {source.link}"


def _cited(sources: Sequence[Source]) -> list[str]:
    return ["**Sources**", "\n".join(f"- {cited(source, '*{}*')}" for source in sources)] if sources else []
