"""What takes long is told on a terminal, and nowhere else."""

from __future__ import annotations

import sys
import threading
from io import StringIO

import pytest

from dlquiz.cli import patience


class Screen(StringIO):
    """A standard error stream that tells when something was written to it."""

    def __init__(self, *, is_terminal: bool = True) -> None:
        super().__init__()
        self.is_terminal, self.has_text = is_terminal, threading.Event()

    def isatty(self) -> bool:
        return self.is_terminal

    def flush(self) -> None:
        self.has_text.set()


def test_what_takes_long_is_told_and_the_line_goes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(patience, "AFTER_S", 0)

    with patience.patience("counting"):
        screen.has_text.wait()
        assert screen.getvalue() == "counting ..."

    assert screen.getvalue() == "counting ...\r            \r"


@pytest.mark.parametrize(("is_terminal", "after"), [(True, 1000), (False, 0)])
def test_what_is_quick_or_no_screen_sees_is_not_told(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, after: int
) -> None:
    screen = Screen(is_terminal=is_terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(patience, "AFTER_S", after)

    with patience.patience("counting"):
        pass

    assert screen.getvalue() == ""
