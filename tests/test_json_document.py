"""A document is read piece by piece, and what comes of it is what Python's own reader makes of the whole."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from unittest import mock

import pytest
from builders import read_out
from hypothesis import given
from hypothesis import strategies as st

from dlquiz.card import Ledger, PointResult
from dlquiz.errors import BankError
from dlquiz.transfer import json_document, json_pieces, spool
from dlquiz.transfer.json_document import Journal

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)
NOTE: dict[str, Any] = {"id": "mine/adam", "question": "What is Adam?", "answer": "Two means.", "topic": "nets"}
EVENT: dict[str, Any] = {
    "id": "1-a", "kind": "review", "card": "mine/adam", "at_ms": 1, "study_day": "2026-01-05", "utc_offset_min": 0,
    "device": "a", "rating": 3, "interval_after": 4,
}  # fmt: skip


@contextmanager
def chunks_of(size: int) -> Iterator[None]:
    with mock.patch.object(json_pieces, "CHUNK", size):
        yield


def pieces_of(raw: bytes) -> Any:
    """A text taken apart as far as it goes, and put together again."""

    def value() -> Any:
        match pieces.first():
            case "[":
                return [pieces.value() for _ in pieces._parts("[", "]")]
            case "{":
                return {key: value() for key in pieces.members()}
            case _:
                return pieces.value()

    pieces = json_pieces.Pieces(BytesIO(raw))
    whole = value()
    pieces.end()
    return whole


@given(VALUES, st.integers(1, 9), st.sampled_from([None, 1]), st.booleans())
def test_whatever_is_json_is_read_alike_in_pieces(value: Any, size: int, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    raw = text.encode("utf-8", "surrogatepass") if ascii_only else text.encode()

    with chunks_of(size):
        assert pieces_of(raw) == json.loads(raw)
        assert pieces_of(b"\xef\xbb\xbf \n" + raw + b"\r\n ") == json.loads(raw)


@pytest.mark.parametrize("size", [1, 3, 1 << 16])
@pytest.mark.parametrize(
    "text",
    ["", "{", '{"a" 1}', '{"a": 1,2}', '{"a": 1 "b": 2}', '{\n"a": [1, 2,\n 3 4]}', "[1] x", "[nul]", '["a\nb"]', '{"a": tru', "{1: 2}"],
)  # fmt: skip
def test_the_place_that_is_no_json_is_named_as_python_names_it(text: str, size: int) -> None:
    with pytest.raises(json.JSONDecodeError) as theirs:
        json.loads(text)

    with chunks_of(size), pytest.raises(ValueError, match=":") as ours:
        pieces_of(text.encode())

    assert str(ours.value).rpartition(": ")[2] == str(theirs.value).rpartition(": ")[2]


def test_a_byte_that_is_not_utf_8_is_named_by_its_place() -> None:
    with chunks_of(4), pytest.raises(ValueError, match="byte 8 is not UTF-8"):
        pieces_of('["größ'.encode() + b'\xff"]')


@pytest.mark.parametrize("keys", [("dlquiz", "notes", "log"), ("log", "notes", "dlquiz")])
@pytest.mark.parametrize("indent", [None, 1, 7])
def test_a_document_of_any_layout_is_read(keys: tuple[str, ...], indent: int | None) -> None:
    log = {"contents": [["hash", "text", 5]], "points": [["1-a", "mine/adam#k", True]], "events": [EVENT] * 3}
    whole: dict[str, Any] = {"dlquiz": 1, "notes": [NOTE], "log": log}
    raw = json.dumps({key: whole[key] for key in keys}, indent=indent).encode()

    with mock.patch.object(spool, "BLOCK", 2), chunks_of(16), json_document.opened(BytesIO(raw), "x") as journal:
        for _ in range(2):  # it can be gone through again
            assert list(journal.notes) == [NOTE]
            ledger = read_out(journal.ledger)
            assert [event.id for event in ledger.events] == ["1-a"] * 3
            assert ledger.points == [PointResult("1-a", "mine/adam#k", True)]
            assert ledger.contents == [("hash", "text", 5)]


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    raw = (
        json.dumps({"dlquiz": 1, "notes": [NOTE], "log": {"events": [EVENT]}})[:-1].encode()
        + b', "log": {}, "notes": null}'
    )

    with json_document.opened(BytesIO(raw), "x") as journal:
        assert list(journal.notes) == []
        assert read_out(journal.ledger).events == []


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ('{"notes": [5], "dlquiz": 99}', "newer dlquiz"),
        ('{"notes": [5]}', "no export of dlquiz"),
        ('{"notes": [5], "dlquiz": 1', "no JSON"),
        ('{"dlquiz": 1, "notes": [5], "log": {"events": [5]}}', r"notes\[0\]: it takes a mapping"),
        ('{"dlquiz": 1, "notes": {}}', "notes: it takes a list"),
        ('{"dlquiz": 1, "log": {"events": 5}}', r"log\.events: it takes a list"),
        ('{"dlquiz": 1, "log": {"colour": 5}}', "there is no field 'colour' in a log"),
    ],
)
def test_a_document_is_ours_before_it_is_wrong(document: str, says: str) -> None:
    with pytest.raises(BankError, match=says), json_document.opened(BytesIO(document.encode()), "x"):
        pass


def test_a_note_and_a_row_of_the_log_are_a_line_each() -> None:
    text = "".join(json_document.text(Journal([NOTE, NOTE], {}, Ledger(presets=[("a", "{}")]))))

    assert text.splitlines()[:4] == ['{"dlquiz": 1,', '"notes": [', f"{json.dumps(NOTE)},", json.dumps(NOTE)]


def with_pictures(pictures: Any) -> bytes:
    return json.dumps({"dlquiz": 1, "notes": [NOTE], "pictures": pictures}).encode()


def test_pictures_are_read_when_they_are_asked_for() -> None:
    sent = {"mine": {"media/a.png": "YWJj", "media/b.png": ""}, "yours": {"c.svg": "ZGVm" * 99}, "empty": {}}

    with chunks_of(16), json_document.opened(BytesIO(with_pictures(sent)), "x") as journal:
        assert {bank: dict(pictures) for bank, pictures in journal.pictures.items()} == sent
        assert journal.pictures["yours"]["c.svg"] == "ZGVm" * 99  # and again


def test_many_pictures_are_read_without_holding_them() -> None:
    file = BytesIO(with_pictures({"mine": {f"media/{n}.png": "AAAA" * 100_000 for n in range(40)}}))
    tracemalloc.start()
    try:
        with json_document.opened(file, "x") as journal:
            assert all(len(picture) == 400_000 for picture in journal.pictures["mine"].values())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 8_000_000  # all together they take sixteen


@pytest.mark.parametrize(
    ("pictures", "says"),
    [
        ({"mine": {"a.png": "YWJj", "b.png": "?"}}, r"pictures\.mine\.b\.png: it takes base64"),
        ({"mine": {"a.png": None}}, r"pictures\.mine\.a\.png: it takes a text"),
        ({"mine": {"a.txt": "YWJj"}}, r"pictures\.mine: 'a\.txt' is no path of a picture"),
        ({"mine": {"../a.png": "YWJj"}}, r"pictures\.mine: '\.\./a\.png' is no path of a picture"),
        ({"No Slug": {"a.png": "YWJj"}}, "'No Slug' is no"),
        ({"mine": ["a.png"]}, r"pictures\.mine: it takes a mapping"),
        (["mine"], "pictures: it takes a mapping"),
    ],
)
def test_what_is_no_picture_is_refused_with_its_place(pictures: Any, says: str) -> None:
    with pytest.raises(BankError, match=says), json_document.opened(BytesIO(with_pictures(pictures)), "x"):
        pass


def test_of_pictures_that_stand_twice_the_last_count() -> None:
    raw = (
        b'{"dlquiz": 1, "notes": [], "pictures": {"yours": {"a.png": "YQ=="}},'
        b' "pictures": {"mine": {"a.png": "YQ==", "b.png": "YQ=="}, "mine": {"a.png": "Yg==", "a.png": "Yw=="}}}'
    )

    with json_document.opened(BytesIO(raw), "x") as journal:
        assert {bank: dict(pictures) for bank, pictures in journal.pictures.items()} == {"mine": {"a.png": "Yw=="}}
