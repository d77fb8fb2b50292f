"""`check`: what it reads, what it says of it, and how it ends."""

from __future__ import annotations

import os
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from builders import SMALL_BANK, a_bank, called

SOURCES = "sources:\n  adam2015: {authors: Kingma, title: Adam, link: 'https://arxiv.org/abs/1412.6980'}\n"
NOTE = "bank: mine\nnotes:\n  - {{id: {}, question: 'What is {}?', answer: A{}}}\n"
STRICT = """\
bank: mine
topic: optimizers
notes:
  - id: {name}
    number: {number}
    tags: [adam]
    difficulty: 1
    asked: 2
    question: What does {name} keep?
    short: Two means.
    answer: {answer}
    key_points:
      - {{id: a, text: One., must: true}}
      - {{id: b, text: Two.}}
      - {{id: c, text: Three.}}
      - {{id: d, text: Four.}}
    pitfalls: [It keeps one.]
    follow_ups: [{{question: Why?, answer: So.}}]
    sources: [adam2015]
    volatility: slow
    as_of: {as_of}
    cards:
      - {{id: e, front: How many means has {name}?, back: Two., drills: [a]{extra}}}
"""


def a_note(name: str, extra: str = "") -> str:
    return NOTE.format(name, name, extra)


def a_strict_note(name: str, number: int = 1, *, as_of: date | None = None, extra: str = "") -> str:
    """A note with no problems."""
    told = (as_of or date.today() - timedelta(days=30)).isoformat()  # noqa: DTZ011 - check uses today
    return STRICT.format(name=name, number=number, answer="word " * 150, as_of=told, extra=extra)


# ---- what is read


def test_a_file_is_checked_once_whatever_names_it_has(tmp_path: Path) -> None:
    path = a_bank(tmp_path)
    names = [str(path), str(path), str(tmp_path), str(tmp_path / ".." / tmp_path.name / path.name)]

    done = called("check", *names)

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "2 notes, 7 cards, no problems\n"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_file_and_a_link_to_it_are_one(tmp_path: Path) -> None:
    path = a_bank(tmp_path / "banks")
    (tmp_path / "link.yaml").symlink_to(path)

    assert called("check", str(path), str(tmp_path / "link.yaml")).returncode == 0
    assert called("check", str(tmp_path / "link.yaml")).returncode == 0


def test_a_folder_named_like_a_bank_is_searched(tmp_path: Path) -> None:
    a_bank(tmp_path / "x.yaml", a_note("a"))
    a_bank(tmp_path, a_note("b"))

    done = called("check", str(tmp_path))

    assert (done.returncode, done.stderr) == (0, "2 notes, 2 cards, no problems\n")
    assert called("check", str(tmp_path / "x.yaml")).stderr == "1 note, 1 card, no problems\n"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_file_that_can_not_be_read_is_told_by_every_verb(tmp_path: Path) -> None:
    banks = a_bank(tmp_path / "banks").parent
    (banks / "x.yaml").symlink_to("x.yaml")
    where = ["--no-builtin", "--bank", str(banks)]

    for verb in ("check", "study", "list", "random", "status"):
        done = called(verb, *where)
        assert done.returncode == 65, verb
        assert "x.yaml:1:1: error: can't be read: " in done.stdout + done.stderr, verb


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode elsewhere")
def test_a_name_that_is_no_text_is_told_by_every_verb(tmp_path: Path) -> None:
    folder = os.fsdecode(bytes(tmp_path) + b"/\xff")
    path = a_bank(Path(folder))

    for verb in (["check", folder], ["check", str(path)], ["list", "--bank", folder], ["show", "a\udcffb"]):
        done = called(*verb)
        assert done.returncode in (2, 65), verb
        assert "\ufffd" in done.stderr, verb


def test_all_files_of_a_folder_may_be_named(tmp_path: Path) -> None:
    a_bank(tmp_path)
    a_bank(tmp_path, SOURCES, "sources.yaml")
    a_bank(tmp_path, "'mine/adam': {hash: a, changed: b}\n", "revisions.yaml")

    done = called("check", *map(str, sorted(tmp_path.glob("*.yaml"))))

    assert (done.returncode, done.stdout) == (0, "")


# ---- sources


@pytest.mark.parametrize("strict", [[], ["--strict"]])
@pytest.mark.parametrize("named", ["mine.yaml", "sources.yaml", "."])
def test_an_error_in_the_sources_is_an_error(strict: list[str], named: str, tmp_path: Path) -> None:
    a_bank(tmp_path, a_strict_note("adam"))
    path = a_bank(tmp_path, "sources:\n  Adam 2015: {authors: A, title: T, link: L}\n", "sources.yaml")

    done = called("check", *strict, str(tmp_path / named))

    assert done.returncode == 65
    assert done.stdout.startswith(f"{path}:2:3: error: 'Adam 2015' is no slug; ")
    assert "no problems" not in done.stderr


# ---- files beside


def test_a_clash_with_a_file_beside_is_told_of_the_one_that_was_named(tmp_path: Path) -> None:
    a_bank(tmp_path, a_note("adam"), "one.yaml")
    path = a_bank(tmp_path, a_note("adam"), "a-two.yaml")

    done = called("check", str(path))

    assert done.returncode == 65
    assert done.stdout == (
        f"{path}:3:6: error: the id 'mine/adam' is taken by {tmp_path}/one.yaml:3; ids are never shared, choose another\n"
    )


def test_what_is_wrong_beside_is_no_concern_of_the_file_that_was_named(tmp_path: Path) -> None:
    a_bank(tmp_path, a_note("a", ", colour: red"), "a.yaml")
    a_bank(tmp_path, a_note("b"), "b.yaml")
    a_bank(tmp_path, a_note("b"), "c.yaml")
    a_bank(tmp_path, "services: {web: {image: nginx}}\n", "docker-compose.yaml")

    assert called("check", str(a_bank(tmp_path))).returncode == 0


def test_what_a_file_names_may_stand_in_one_beside(tmp_path: Path) -> None:
    a_bank(tmp_path, SOURCES, "sources.yaml")
    a_bank(tmp_path, a_strict_note("sgd"), "sgd.yaml")
    good = a_bank(tmp_path, a_strict_note("adam", 2, extra=", contrast: [sgd.e]"), "adam.yaml")
    bad = a_bank(tmp_path, a_strict_note("lion", 2, extra=", contrast: [muon.e]"), "lion.yaml")

    assert called("check", "--strict", str(good)).stdout == (
        f"{good}:5:5: advice: the number 2 belongs to 'mine/lion' too; choose another\n"
    )
    assert (
        f"{bad}:23:75: advice: contrasts with 'muon.e', which is no card"
        in called("check", "--strict", str(bad)).stdout
    )


# ---- strict


def test_a_strict_check_ends_with_the_balance(tmp_path: Path) -> None:
    a_bank(tmp_path, SOURCES, "sources.yaml")
    today = date.today()  # noqa: DTZ011 - check uses today
    a_bank(tmp_path, a_strict_note("adam", as_of=today - timedelta(days=400)), "adam.yaml")
    a_bank(tmp_path, a_strict_note("sgd", 2, as_of=today - timedelta(days=65)), "sgd.yaml")

    done = called("check", "--strict", str(tmp_path))

    assert done.returncode == 0  # what is due for a new look is told, and fails nothing
    assert [line.partition(": ")[2] for line in done.stdout.splitlines()] == [
        f"advice: 'mine/adam' was checked {today - timedelta(days=400)} and ages; look at it again"
    ]
    assert done.stderr.splitlines() == [
        "kinds: basic 2 (100%)",
        "topics: optimizers 2",
        "key points that no card drills: 6 (mine/adam#b, mine/adam#c, mine/adam#d, mine/sgd#b, mine/sgd#c, mine/sgd#d)",
        "due for a new look: 1 (mine/adam)",
        f"next to look at again: mine/sgd, on {today + timedelta(days=301)}",
        "2 notes, 4 cards",
    ]


def test_advice_fails_a_strict_check_and_is_not_asked_for_otherwise(tmp_path: Path) -> None:
    path = a_bank(tmp_path, SMALL_BANK)

    assert called("check", str(path)).returncode == 0
    done = called("check", "--strict", str(path))
    assert done.returncode == 65
    assert all(": advice: " in line and "; " in line for line in done.stdout.splitlines())
    assert f"{path}:13:9: advice: 'mine/adam.lr' drills no key point; name what it trains" in done.stdout


def test_what_a_screen_shows_otherwise_is_advised_without_strict_too(tmp_path: Path) -> None:
    text = (
        "bank: mine\nnotes:\n  - id: n\n    question: What is <CLS> for?\n    answer: A mark of 10<sup>2</sup>.\n"
        "    cards:\n      - {id: c, front: 'What is $\\foobar{x}$?', back: y}\n"
    )
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")

    done = called("check", str(tmp_path / "mine.yaml"))

    assert done.returncode == 0
    assert "mine.yaml:4:5: advice: shown as it stands: <CLS>" in done.stdout
    assert "mine.yaml:5:5: advice: HTML: <sup>" in done.stdout
    assert r"mine.yaml:7:17: advice: the command \foobar is not known" in done.stdout
    assert "no problems" not in done.stderr
