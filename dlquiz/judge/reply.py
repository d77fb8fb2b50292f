"""What a judge of one's own is asked and what it answers, as JSON; nothing it says is believed unseen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dlquiz.card import KeyPoint
from dlquiz.judge import Judgement, Verdict

NEEDS_EVIDENCE = (Verdict.FOUND, Verdict.OPPOSITE)
MOST_EVIDENCE = 20  # quotations of one key point


class ReplyError(ValueError):
    """A reply that can't be used; its text says why."""


def request(note_id: str, question: str, points: Sequence[KeyPoint], answer: str) -> str:
    """The one JSON object that a judge is given."""
    key_points = [{"id": point.id, "must": point.must, "text": point.text} for point in points]
    asked = {"id": note_id, "question": question, "points": key_points, "answer": answer}
    return json.dumps(asked, ensure_ascii=False)


def read(reply: str, points: Sequence[KeyPoint], answer: str) -> list[Judgement]:
    """The verdicts of a reply; `found` and `opposite` without words that stand in the answer are `unsure`.

    Args:
        reply: What the judge printed: a list as `dlquiz judge --json` prints it.
        points: The key points that it was asked about; one that it leaves out is none.
        answer: The answer that it judged.

    Raises:
        ReplyError: It has another shape.
    """
    try:
        verdicts = json.loads(reply)
    except (ValueError, RecursionError) as error:
        raise ReplyError("it printed no JSON") from error
    if not isinstance(verdicts, list):
        raise ReplyError("it printed no list")
    point_ids = {point.id for point in points}
    judged: dict[str, Judgement] = {}
    for entry in verdicts:
        judgement = _judgement(entry, answer)
        if judgement.point not in point_ids:
            raise ReplyError(f"it judged '{judgement.point[:40]}', which is no key point of the question")
        if judgement.point in judged:
            raise ReplyError(f"it judged '{judgement.point}' twice")
        judged[judgement.point] = judgement
    return [judged.get(point.id, Judgement(point.id, Verdict.NONE)) for point in points]


def _judgement(entry: Any, answer: str) -> Judgement:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise ReplyError("a verdict of its list has no id")
    verdict, evidence = entry.get("verdict"), entry.get("evidence", [])
    if verdict not in list(Verdict):
        raise ReplyError(f"its verdict for '{entry['id'][:40]}' is not one of {', '.join(Verdict)}")
    if not isinstance(evidence, list) or not all(isinstance(quoted, str) for quoted in evidence):
        raise ReplyError(f"its evidence for '{entry['id'][:40]}' is no list of texts")
    spans = [_span(quoted, answer) for quoted in evidence[:MOST_EVIDENCE]]
    standing = tuple(sorted({span for span in spans if span is not None}))
    if verdict in NEEDS_EVIDENCE and (not standing or None in spans):
        return Judgement(entry["id"], Verdict.UNSURE, standing, "its evidence does not stand in the answer")
    return Judgement(entry["id"], Verdict(verdict), standing)


def _span(evidence: str, answer: str) -> tuple[int, int] | None:
    """Where a quotation stands in the answer, case and spaces aside; None where it does not."""
    compact = "".join(evidence.split()).lower()
    places = [n for n, char in enumerate(answer) if not char.isspace()]
    start = "".join(answer[n].lower()[:1] for n in places).find(compact) if compact else -1
    return (places[start], places[start + len(compact) - 1] + 1) if start >= 0 else None
