"""Keys from a Windows console, at one that is faked by the documentation's word."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Iterator

import pytest
import windows_console
from windows_console import KEYBOARD, NUL, SCREEN, Event, FakeConsole, FakeStream

from dlquiz.terminal import win32
from dlquiz.terminal.keys import AFTER, BEFORE, NOTHING, Key
from dlquiz.terminal.windows import WindowsKeys


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> FakeConsole:
    return windows_console.install(monkeypatch)


@pytest.fixture
def redrawn() -> list[str]:
    return []


@pytest.fixture
def keys(console: FakeConsole, redrawn: list[str]) -> Iterator[WindowsKeys]:  # noqa: ARG001 - it is there
    reader = WindowsKeys(lambda _prompt, _line: None, lambda: redrawn.append("again"), FakeStream(0))
    yield reader
    reader.forget()


def chars(keys: WindowsKeys, seconds: float = 5.0) -> list[str]:
    """All that comes until nothing comes for so long."""
    found = []
    while (char := keys.char(seconds)) is not None:
        found.append(char)
    return found


def test_the_records_are_as_long_as_windows_makes_them() -> None:
    assert ctypes.sizeof(win32.InputRecord) == 20
    assert win32.InputRecord.key.offset == 4
    assert win32.KeyEventRecord.unit.offset == 10


def test_keys_come_one_by_one_and_letting_go_is_no_key(console: FakeConsole, keys: WindowsKeys) -> None:
    console.press(0.2, "shift", " ", "a", "3", "\r")

    assert chars(keys) == [" ", "a", "3", "\r"]


@pytest.mark.parametrize("char", ["à", "é", "ß", "漢"])
def test_letters_are_letters_whatever_their_number(console: FakeConsole, keys: WindowsKeys, char: str) -> None:
    console.press(0.1, char, "H")  # H was "up" where 0xE0 announces a special key

    assert chars(keys) == [char, "H"]


def test_special_keys_have_their_names_and_those_without_are_none(console: FakeConsole, keys: WindowsKeys) -> None:
    console.press(0.1, "up", "f1", "left", "home", "delete")

    assert chars(keys) == ["up", "left", "home", "delete"]


def test_a_character_in_two_halves_is_one(console: FakeConsole, keys: WindowsKeys) -> None:
    console.plan(0.1, Event(unit=0xD83D), Event(unit=0xDE00))
    console.plan(0.5, Event(unit=0xDE00))  # a half alone is nothing
    console.press(0.9, "x")

    assert chars(keys) == ["\U0001f600", "x"]


def test_alt_with_digits_types_a_character_and_alt_with_a_letter_nothing(
    console: FakeConsole, keys: WindowsKeys
) -> None:
    console.press(0.1, "3", modifiers=0x0002)
    console.plan(0.5, Event(virtual_key=0x23, modifiers=0x0002))  # 1 on the number pad, which is End
    console.plan(0.9, Event(down=False, virtual_key=0x12, unit=ord("é")))
    console.press(1.5, "@", modifiers=0x0001 | 0x0008)  # AltGr

    assert chars(keys) == ["é", "@"]


def test_ctrl_z_ends_the_input_and_so_does_a_console_that_is_gone(console: FakeConsole, keys: WindowsKeys) -> None:
    console.press(0.1, "\x1a")
    assert keys.key(AFTER, options=0) == Key("q")
    console.gone = True
    assert keys.key(AFTER, options=0) == Key("q")


@pytest.mark.parametrize("text", ["3\n", "11", "3\n4\n3\n", "good\n" * 500])
@pytest.mark.parametrize("moment", [0.0, 0.04, 0.3])
def test_a_paste_rates_no_card(console: FakeConsole, keys: WindowsKeys, text: str, moment: float) -> None:
    assert keys.key(AFTER, options=0, seconds=0.1) == NOTHING
    console.paste(moment, text)
    console.press(moment + 1.0, "2")

    assert keys.key(AFTER, options=0) == Key("2")


def test_a_paste_before_the_answer_is_a_typed_answer(console: FakeConsole, keys: WindowsKeys) -> None:
    console.paste(0.3, "q3 beta2\nis 0.999\n")

    assert keys.key(BEFORE, options=0) == Key("pasted", "q3 beta2 is 0.999")


def test_a_paste_that_comes_in_pieces_is_one(console: FakeConsole, keys: WindowsKeys) -> None:
    for piece in range(20):
        console.paste(0.3 + piece * 0.03, "4\n1")
    console.press(2.0, "3")

    assert keys.key(AFTER, options=0) == Key("3")


def test_a_paste_into_a_line_keeps_the_line_open(console: FakeConsole, keys: WindowsKeys) -> None:
    console.press(0.1, "a")
    console.paste(0.6, "b\nc")
    console.press(1.2, "d", "\r")

    assert keys.text("> ") == "ab cd"


def test_typing_fast_and_keys_held_down_are_no_paste(console: FakeConsole, keys: WindowsKeys) -> None:
    for place, char in enumerate("typing"):
        console.plan(0.1 + place * 0.035, Event(unit=ord(char)))
    console.plan(1.0, Event(unit=ord("\b"), repeats=3))

    assert chars(keys) == [*"typing", "\b", "\b", "\b"]


def test_keys_typed_ahead_are_kept_and_rate_no_card_that_nobody_saw(console: FakeConsole, keys: WindowsKeys) -> None:
    console.press(0.0, " ", "3", "1")
    console.sleep(1.0)  # the program is busy
    keys.card_shown()
    console.press(0.1, "4")

    assert [keys.key(BEFORE, options=0) for _ in range(4)] == [
        Key(" ", ahead=True),
        Key("3", ahead=True),
        Key("1", ahead=True),
        Key("4"),
    ]


def test_more_than_the_buffer_holds_is_read_whole(console: FakeConsole, keys: WindowsKeys) -> None:
    console.paste(0.2, "x" * 1000)

    assert chars(keys).count("x") == 1000


def test_a_key_in_time_or_nothing(console: FakeConsole, keys: WindowsKeys) -> None:
    console.press(0.7, "3")

    assert keys.key(AFTER, options=0, seconds=0.5) == NOTHING
    assert keys.key(AFTER, options=0, seconds=0.5) == Key("3")


def test_other_events_are_no_keys(console: FakeConsole, keys: WindowsKeys) -> None:
    console.plan(0.2, Event(kind=16, unit=ord("3")))

    assert keys.key(AFTER, options=0, seconds=1.0) == NOTHING


def test_a_resize_is_noticed_and_drawn_once(console: FakeConsole, keys: WindowsKeys, redrawn: list[str]) -> None:
    assert keys.key(AFTER, options=0, seconds=0.2) == NOTHING
    assert redrawn == []
    console.size = os.terminal_size((60, 20))

    assert keys.key(AFTER, options=0, seconds=5.0) == NOTHING
    assert redrawn == ["again"]
    assert keys.key(AFTER, options=0, seconds=0.2) == NOTHING
    assert redrawn == ["again"]


def test_a_line_goes_on_after_a_resize(console: FakeConsole) -> None:
    drawn: list[str] = []
    keys = WindowsKeys(lambda _prompt, line: drawn.append(line.text if line else "done"), lambda: None, FakeStream(0))
    console.press(0.1, "a")
    console.size = os.terminal_size((60, 20))
    console.press(0.6, "b", "\r")

    assert keys.text("> ") == "ab"
    assert drawn[0] == ""
    assert drawn[-1] == "done"


def test_the_keyboards_mode_is_put_back(console: FakeConsole) -> None:
    console.modes[KEYBOARD] = before = 0x03F6  # sequences for special keys, and no interrupt
    keys = WindowsKeys(lambda _prompt, _line: None, lambda: None, FakeStream(0))
    assert console.modes[KEYBOARD] == 0x01F7
    with keys.lent():
        assert console.modes[KEYBOARD] == before
    assert console.modes[KEYBOARD] == 0x01F7
    keys.forget()

    assert console.modes[KEYBOARD] == before


def test_ctrl_break_ends_between_two_answers(console: FakeConsole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGTERM, raising=False)  # which Windows alone has
    before = signal.getsignal(signal.SIGTERM)
    keys = WindowsKeys(lambda _prompt, _line: None, lambda: None, FakeStream(0))
    signal.raise_signal(signal.SIGTERM)
    console.press(0.0, "3")

    with pytest.raises(SystemExit) as ended:
        keys.char()
    keys.forget()

    assert ended.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) == before


def test_control_sequences_are_obeyed_and_the_screen_is_put_back(console: FakeConsole) -> None:
    restore = win32.obey_sequences(FakeStream(1), FakeStream(2))
    assert console.modes[SCREEN] == 0x0007
    restore()

    assert console.modes[SCREEN] == 0x0003


def test_a_console_that_obeys_none_stays_as_it_is(console: FakeConsole) -> None:
    console.old = True
    win32.obey_sequences(FakeStream(1))()

    assert console.modes[SCREEN] == 0x0003


def test_nul_is_no_console() -> None:
    with pytest.MonkeyPatch.context() as patch:
        windows_console.install(patch)
        nul, keyboard, none = (FakeStream(descriptor) for descriptor in (NUL, 0, 99))

        assert not win32.is_console(nul)
        assert win32.is_console(keyboard)
        assert not win32.is_console(none)
