"""Weights of one's own: fitted to a log, compared on its last part, kept only when they win."""

from __future__ import annotations

import json
import math
import random
import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from builders import called

from dlquiz import config, fit, fsrs, plan, scheduler, store
from dlquiz.card import Event, Ledger, Rating, State
from dlquiz.collection import fitting
from dlquiz.config import Settings
from dlquiz.errors import UsageError
from dlquiz.plan import PlanWindow, Unseen
from dlquiz.scheduler import DEFAULT
from dlquiz.stats import held_out
from dlquiz.stats.held_out import History

if sys.platform != "win32":
    from screen import Terminal

FORGETFUL = (
    *(weight * 0.35 for weight in fsrs.DEFAULT_WEIGHTS[:4]),
    *fsrs.DEFAULT_WEIGHTS[4:8],
    0.6,
    *fsrs.DEFAULT_WEIGHTS[9:],
)
FIRST_DAY = date(2026, 1, 5)


def a_log(cards: int, weights: tuple[float, ...], seed: int = 1) -> list[History]:
    """What somebody with that memory answers who follows the default intervals, up to three weeks."""
    chance, log = random.Random(seed), []
    for n in range(cards):
        day, rating = FIRST_DAY.toordinal() + n % 60, 3
        real, believed, history = fsrs.first(3, weights), fsrs.first(3), [(day, 3)]
        while len(history) < 9:
            wait = min(21, max(1, round(fsrs.interval_days(believed[0], 0.9))))
            rating = 3 if chance.random() < fsrs.retrievability(wait, real[0], weights) else 1
            real = fsrs.following(*real, wait, rating, weights)
            believed = fsrs.following(*believed, wait, rating)
            day += wait
            history.append((day, rating))
        log.append(history)
    return log


def test_only_answers_on_a_later_day_count() -> None:
    cards = [[(1, 3), (1, 3), (3, 1)], [(2, 3)], [(2, 1), (2, 3), (9, 3), (9, 3), (10, 3)]]

    assert held_out.next_day_reviews(cards) == [3, 9, 10]
    assert held_out.split_day([*range(10)]) == 8


def test_the_log_loss_is_that_of_the_chances_before_each_answer() -> None:
    stability = fsrs.first(3)[0]
    chance = fsrs.retrievability(2, stability)

    assert held_out.log_loss([[(1, 3), (3, 3)]], fsrs.DEFAULT_WEIGHTS) == pytest.approx(-math.log(chance))
    assert held_out.log_loss([[(1, 3), (3, 1)]], fsrs.DEFAULT_WEIGHTS) == pytest.approx(-math.log(1 - chance))
    assert held_out.log_loss([[(1, 3), (3, 1)]], fsrs.DEFAULT_WEIGHTS, since=4) == 0


def test_a_reset_begins_another_history_and_an_undone_answer_is_none() -> None:
    def row(kind: str, day: int, name: str, target: str | None = None) -> Event:
        event = Event(kind, "c", day, FIRST_DAY + timedelta(days=day), 0, name, target=target)
        return event._replace(rating=Rating.GOOD, interval_after=1) if kind == "review" else event

    rows = [
        row("review", 0, "a"),
        row("review", 1, "b"),
        row("undo", 1, "c", "b"),
        row("reset", 2, "d"),
        row("review", 3, "e"),
    ]
    start = FIRST_DAY.toordinal()

    assert held_out.histories([rows]) == [[(start, 3)], [(start + 3, 3)]]


def test_a_forgetful_learners_own_weights_win_on_what_they_were_not_fitted_to() -> None:
    compared = fitting.compare(a_log(250, FORGETFUL), lambda: None)

    assert compared.reviews == 2000
    assert 350 <= compared.held_out <= 450
    assert compared.wins
    assert compared.fitted < compared.default - 0.01
    assert fsrs.sound(compared.weights)
    assert compared.weights[2] < fsrs.DEFAULT_WEIGHTS[2] * 0.7


def test_what_is_held_out_is_not_fitted_to() -> None:
    cards = a_log(60, FORGETFUL)
    until = held_out.split_day(held_out.next_day_reviews(cards))
    cut = [[row for row in history if row[0] < until] for history in cards]

    assert fit.fitted(cards, until) == pytest.approx(fit.fitted([history for history in cut if history]))


@pytest.mark.parametrize("weights", ["1, 2", "x", ", ".join(["0"] * 21), ", ".join(["nan"] * 21)])
def test_weights_that_are_none_are_refused(weights: str) -> None:
    with pytest.raises(UsageError, match="give it the 21 of FSRS-6"):
        config.parse("weights", weights, FIRST_DAY)


def test_the_plan_predicts_with_the_weights_that_are_kept() -> None:
    kept = Settings(weights=", ".join(f"{weight:g}" for weight in FORGETFUL))
    assert kept.preset.weights == pytest.approx(FORGETFUL)
    assert kept.preset.hash != DEFAULT.hash

    fresh = [
        plan.met(0, 1, Unseen(1, 40.0, 20.0), PlanWindow(0, 20, 1200.0, weights=weights)).stability
        for weights in (kept.preset.weights, fsrs.DEFAULT_WEIGHTS)
    ]
    assert fresh[0] == pytest.approx(0.35 * fresh[1], rel=0.1)
    assert fresh[1] == plan.FRESH_STABILITY


# ---- in the real program


def events(log: list[History]) -> Iterator[Event]:
    """The rows of a log whose cards are none of any bank."""
    for n, history in enumerate(log):
        for k, (day, rating) in enumerate(history):
            wait = history[k + 1][0] - day if k + 1 < len(history) else 30
            at_ms = (day - date(1970, 1, 1).toordinal()) * 86_400_000 + 43_200_000 + n
            event = Event("review", f"c{n}", at_ms, date.fromordinal(day), 0, f"{at_ms}-test", "test")
            before = State.REVIEW if k else State.NEW
            yield event._replace(
                rating=Rating(rating), state_before=before, interval_before=0, interval_after=wait, preset=DEFAULT.hash
            )


def keep_log(home: Path, log: list[History]) -> None:
    home.mkdir(exist_ok=True)
    progress = store.open_store(home / "progress.db", home / "backups", create=True)
    progress.join(Ledger(events=events(log)), lambda rows: scheduler.fold(rows, DEFAULT), FIRST_DAY)
    progress.close()


def test_own_weights_are_kept_only_after_a_yes_and_promises_stay(bank: list[str], home: Path) -> None:
    keep_log(home, a_log(150, FORGETFUL))
    before = called("stats", "--json", *bank).stdout

    asked = called("optimize", *bank)
    assert asked.returncode == 0
    assert "1 200 next-day reviews" in asked.stderr.replace("1200", "1 200")
    assert "lower is better: defaults 0." in asked.stderr
    assert "Not kept: add --yes" in asked.stderr
    assert not (home / "config.toml").exists()

    kept = json.loads(called("optimize", "--yes", "--json", *bank).stdout)
    assert (kept["wins"], kept["kept"], len(kept["weights"])) == (True, True, 21)
    assert kept["log_loss"]["fitted"] < kept["log_loss"]["default"]
    assert (home / "config.toml").read_text(encoding="utf-8").startswith('weights = "')
    after = json.loads(called("stats", "--json", *bank).stdout)
    assert after["forecast"] == json.loads(before)["forecast"]  # days promised stay
    assert called("doctor", *bank).returncode == 0

    assert called("optimize", "--reset", *bank).stdout == "The default weights hold again.\n"
    assert "weights" not in (home / "config.toml").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")
def test_in_a_terminal_the_progress_has_a_line_of_its_own(bank: list[str], home: Path) -> None:
    keep_log(home, a_log(150, FORGETFUL))
    terminal = Terminal([sys.executable, "-m", "dlquiz", "optimize", *bank])
    terminal.shows("Keep your own weights")
    terminal.type("n\r")

    assert terminal.ended() == 0
    lines = terminal.text().splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("Fitting"))
    assert set(lines[start].removeprefix("Fitting").strip()) <= {"."}
    assert re.match(r"1.?200 next-day reviews; compared on the last ", lines[start + 1])


def test_with_fewer_than_a_thousand_the_defaults_stay(bank: list[str], home: Path) -> None:
    keep_log(home, a_log(20, FORGETFUL))

    done = called("optimize", "--yes", *bank)
    assert done.stdout.startswith("160 next-day reviews so far, of the 1000 that are needed")
    assert json.loads(called("optimize", "--json", *bank).stdout)["kept"] is False
    assert not (home / "config.toml").exists()
