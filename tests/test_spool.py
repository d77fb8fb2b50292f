"""What waits on the disk comes back as it was, in its order."""

from __future__ import annotations

import tracemalloc
from contextlib import closing
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dlquiz.bank import write
from dlquiz.transfer.spool import Shelf, Texts

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(["a", "b", "", "deck::\ud800", "ä"])


@given(st.lists(st.tuples(KEYS, VALUES), max_size=30))
def test_a_shelf_gives_back_what_each_key_was_given(pairs: list[tuple[str, Any]]) -> None:
    with closing(Shelf(lambda value: (value,))) as shelf:
        for key, value in pairs:
            shelf.add(key, value)

        assert shelf.count == len(pairs)
        assert shelf.all_keys() == list(dict.fromkeys(key for key, _ in pairs))
        assert list(shelf.every()) == [(value,) for _, value in pairs]
        for key in shelf.all_keys():
            assert list(shelf.of(key)) == [(value,) for other, value in pairs if other == key]
        assert list(shelf.of("never")) == []


@given(st.lists(st.text(), max_size=9))
def test_texts_are_read_in_any_order_and_in_between(texts: list[str]) -> None:
    with closing(Texts()) as kept:
        places = []
        for text in texts:
            places.append(kept.add(text))
            assert kept.read(places[0]) == texts[0]

        assert [kept.read(place) for place in reversed(places)] == texts[::-1]


def test_a_bank_of_many_notes_is_written_without_holding_them() -> None:
    with closing(Shelf()) as shelf:
        for number in range(3_000):
            shelf.add("t", {"id": f"n{number}", "question": f"What is {number}?", "answer": f"It is {number}. " * 100})
        tracemalloc.start()
        try:
            size = sum(map(len, write.pieces("mine", "t", shelf.of("t"))))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert size > 3_000_000
    assert peak < 500_000
