"""Cards with fresh numbers: which ones come, what the log keeps of them, where the example stands instead."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import FRESH_BANK, MONDAY, a_bank, a_collection, all_of, called, later, rate, run
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import card_text, changed_since, expression, lint, variants
from dlquiz.bank import paths as bank_paths
from dlquiz.bank import read
from dlquiz.card import Rating, text_hash
from dlquiz.expression import ExpressionError
from dlquiz.lint import bank as bank_lint

STEPS = "mine/sgd.steps"
FIELDS = {"id": STEPS, "kind": "number", "numbers": {"n": [100, 64, 30], "b": [8, 16]},
          "front": "{{n}} in {{b}}?", "back": "{{ceil(n / b)}}"}  # fmt: skip
BUILTIN = [
    card
    for path, root in bank_paths.files_of([bank_paths.Root(bank_paths.builtin_folder(), builtin=True)]).items()
    if path.name not in bank_paths.BESIDE
    for _, card in read.read(path, builtin=root.builtin).cards()
    if "numbers" in card
]


def changed(**changes: Any) -> dict[str, Any]:
    """A card with nothing to mend, but for this."""
    return {**FIELDS, **changes}


# ---- numbers in words


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (7, "7"), (-3, "-3"), (4096, "4096"), (10_000, "10 000"), (1_048_576, "1 048 576"), (-65_536, "-65 536"),
        (0.25, "0.25"), (5.0, "5"), (0.1 + 0.2, "0.3"), (1 / (1 - 0.9), "10"), (12_345.5, "12 345.5"), (1e-6, "1e-06"),
        (0.0, "0"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_the_bank_writes_it(value: float, shown: str) -> None:
    assert variants.written(value) == shown


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 10**15, -1e300, 10**400, True])
def test_what_is_no_number_that_one_can_read_is_refused(value: float) -> None:
    with pytest.raises(ExpressionError):
        variants.written(value)


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("$x^{{{n}}}$", "$x^{100}$"),
        ("{{ n + 1 }}{{n}}", "101100"),
        ("{n} {{}} {{{{n}}}}", "{n} {{}} {{100}}"),
        (r"\frac{{{n}}}{{{2 * n}}}", r"\frac{100}{200}"),
    ],
)
def test_braces_of_latex_stay_around_an_expression(template: str, shown: str) -> None:
    assert variants.text(template, {"n": 100}) == shown


def test_a_card_without_numbers_may_say_braces() -> None:
    card = {"id": "a.b", "kind": "basic", "front": "What does {{n}} do in Jinja?", "back": "{{1 / 0}}"}

    assert variants.filled(card) is card
    assert list(variants.faults(card)) == []
    assert variants.drawn(card, 3) == {}
    assert variants.params({}) is None


# ---- which numbers


@given(answers=st.integers(0, 200), seed=st.text(max_size=5))
def test_numbers_stay_until_an_answer_and_none_comes_again_before_all_came(answers: int, seed: str) -> None:
    every = variants.combinations(FIELDS)
    round_ = [variants.drawn(FIELDS, answers + n, seed) for n in range(len(every))]

    assert round_[0] == variants.drawn(FIELDS, answers, seed)
    assert sorted(map(json.dumps, round_)) == sorted(map(json.dumps, every))
    assert variants.drawn(FIELDS, answers + len(every), seed) == round_[0] != round_[1]


@given(st.sampled_from(BUILTIN), st.data())
def test_what_the_log_keeps_gives_the_numbers_back(card: Mapping[str, Any], data: st.DataObject) -> None:
    numbers = data.draw(st.sampled_from(variants.combinations(card)))
    logged = variants.params(numbers)

    assert variants.kept(card, logged) == numbers
    assert logged == json.dumps(numbers, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize("logged", [None, "", "{", "[]", "3", '{"n":100}', '{"n":99,"b":8}', '{"n":100,"b":8,"c":1}'])
def test_numbers_that_the_card_has_no_more_are_not_taken_from_the_log(logged: str | None) -> None:
    assert variants.kept(FIELDS, logged) is None


def stands_in(answer: str, front: str) -> bool:
    """Whether a front gives the answer away, as a whole number or word: 8 stands in "8 of 256", but not in "2048" or "10 800"."""
    return bool(re.search(rf"(?<![\w.])(?<!\d ){re.escape(answer)}(?!\w|\.\d| \d{{3}}(?!\d))", front))


@pytest.mark.parametrize(
    ("answer", "front", "given_away"),
    [
        ("8", "8 of 256 experts", True),
        ("8", "how many of 8?", True),
        ("5%", "at 5%?", True),
        ("204", "2048 tokens", False),
        ("5%", "a 95% interval", False),
        ("10", "10 000 tokens", False),
        ("500", "10 500 tokens", False),
        ("0.5", "a rate of 10.5", False),
        ("2", "a rate of 2.5", False),
    ],
)
def test_an_answer_is_given_away_by_a_whole_number_alone(answer: str, front: str, given_away: bool) -> None:
    assert stands_in(answer, front) is given_away


@pytest.mark.parametrize("card", BUILTIN, ids=lambda card: card["id"])
def test_every_combination_of_a_built_in_card_reads_well(card: Mapping[str, Any]) -> None:
    fronts = set()
    for numbers in variants.combinations(card):
        shown = variants.filled(card, numbers)
        texts = [shown["front"], shown["back"], shown["why"]]
        assert not [each for each in (*texts, *shown.get("accept", ())) if "{{" in each or "}}" in each]
        # Answers that are more exact are taken, but not shown.
        assert not [each for each in texts if re.search(r"e[-+]\d|\d{5}|\.\d{6}", each)]
        assert not stands_in(shown["back"], shown["front"])
        fronts.add(shown["front"])
    assert len(fronts) == len(variants.combinations(card)), "each is another question"


# ---- a sitting


def test_a_card_comes_with_other_numbers_after_each_answer_and_the_log_keeps_them(tmp_path: Path) -> None:
    with a_collection(tmp_path, text=FRESH_BANK) as col:
        card_views = []
        for day in range(6):
            card_views.append(col.card_view(STEPS, later(days=day)))
            assert col.card_view(STEPS, later(days=day)).card == card_views[-1].card
            rate(col, STEPS, Rating.GOOD, later(days=day))
        logged = [event.params for event in all_of(col).events]

    assert len(set(logged)) == 6
    assert logged == [variants.params(card_view.card.numbers) for card_view in card_views]
    assert [card_view.card.back for card_view in card_views] == [
        variants.text("{{ceil(n / b)}}", json.loads(each or "")) for each in logged
    ]


def test_an_undone_card_is_shown_with_the_numbers_that_it_had(tmp_path: Path) -> None:
    with a_collection(tmp_path, text=FRESH_BANK) as col:
        rate(col, STEPS, Rating.GOOD)
        before = col.card_view(STEPS, MONDAY).card
        rate(col, STEPS, Rating.GOOD, later(days=3))
        undone = col.undo(later(days=3, seconds=5))

        assert col.card_view(STEPS, MONDAY, params=undone.event.params).card == before
        assert col.card_view(STEPS, MONDAY).card == before, "and so it is when it comes next"


def test_fresh_numbers_are_no_change_of_the_text_and_an_edited_template_is(tmp_path: Path) -> None:
    with a_collection(tmp_path, text=FRESH_BANK) as col:
        rate(col, STEPS, Rating.GOOD)
        card_view = col.card_view(STEPS, later(days=3))
        (event,) = all_of(col).events
        assert card_view.seen is None
        assert event.content == card_view.content[0] == text_hash(card_view.content[1])
        assert "{{n}} examples" in card_view.content[1]
    a_bank(tmp_path, FRESH_BANK.replace("{{n}} examples", "{{n}} pictures"))

    with a_collection(tmp_path) as col:
        seen = col.card_view(STEPS, later(days=3)).seen

    assert seen is not None
    assert "100 examples" in seen[0]
    assert "100 pictures" in seen[1]


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("100 in 8?", "{{n}} in {{b}}?", None),  # its numbers have become fresh
        ("99 in 8?", "{{n}} in {{b}}?", ("99 in 8?", "100 in 8?")),
        ("{{n + b}}?", "{{n + 8}}?", ("{{n + b}}?", "{{n + 8}}?")),  # the example does not show it
        ("{{old}}?", "{{n}}?", ("{{old}}?", "{{n}}?")),
    ],
)
def test_a_change_is_told_in_the_examples_numbers(before: str, now: str, told: tuple[str, str] | None) -> None:
    assert changed_since.texts(before, now, variants.example(FIELDS)) == told


# ---- the real program


@pytest.fixture
def bank(tmp_path: Path) -> list[str]:
    return ["--no-builtin", "--bank", str(a_bank(tmp_path / "bank", FRESH_BANK))]


def asked(text: str) -> list[tuple[int, int]]:
    """The numbers of each question that was asked."""
    found = re.findall(r"of (\d+) examples in\s+batches of (\d+)", text)
    return [(int(n), int(b)) for n, b in found]


def told_in(folder: Path) -> list[tuple[str, Any, str | None]]:
    with a_collection(folder / "bank") as col:
        return [(event.kind, event.params and json.loads(event.params), event.given) for event in all_of(col).events]


def test_a_right_answer_to_fresh_numbers_is_right_and_another_is_not(bank: list[str], tmp_path: Path) -> None:
    ((n, b),) = asked(called("study", "--card", STEPS, *bank).stdout)

    wrong = called("study", "--card", STEPS, *bank, keys=f"={-(-n // b) + 1}\n3\n")
    ((n2, b2),) = asked(called("study", "--card", STEPS, *bank).stdout)
    right = called("study", "--card", STEPS, *bank, keys=f"={-(-n2 // b2)}\n3\n")

    assert (n, b) != (n2, b2)
    assert "Right." not in wrong.stdout
    assert "Wrong." in wrong.stdout
    assert "Right." in right.stdout
    logged = [({"n": n, "b": b}, str(-(-n // b) + 1)), ({"n": n2, "b": b2}, str(-(-n2 // b2)))]
    assert told_in(tmp_path) == [("review", *each) for each in logged]


def test_undo_in_a_sitting_and_after_it_brings_the_same_numbers(bank: list[str], tmp_path: Path) -> None:
    done = run("study", "--card", STEPS, *bank, keys="\n3\nu\n! odd\n3\n")
    first, _, again, *_ = asked(done.stdout)
    called("undo", *bank)
    called("undo", *bank)
    later_on = asked(called("study", "--card", STEPS, *bank).stdout)

    assert done.returncode == 0, done.stderr
    assert later_on == [first] == [again]
    shown = {"n": first[0], "b": first[1]}
    review, undo, flag, *rest = told_in(tmp_path)
    assert (review[1], undo[1], flag[1], rest[0][1]) == (shown, None, shown, shown)


def test_undo_brings_the_same_numbers_also_when_others_would_come_by_now(bank: list[str], tmp_path: Path) -> None:
    """The order follows from the id and the lists: after both have changed only the log knows."""
    called("study", "--card", STEPS, *bank, keys="\n3\n")
    ((_, shown, _),) = told_in(tmp_path)
    renamed = FRESH_BANK.replace("id: steps", "id: count\n        was: [sgd.steps]").replace("[100,", "[250, 100,")
    a_bank(tmp_path / "bank", renamed)

    done = called("study", "--card", "mine/sgd.count", *bank, keys="u\n")

    (n, b) = asked(done.stdout)[1]
    assert {"n": n, "b": b} == shown


def test_a_flag_tells_with_which_numbers(bank: list[str]) -> None:
    done = called("study", "--card", STEPS, *bank, keys="! not so\n")
    ((n, b),) = set(asked(done.stdout))

    (row,) = json.loads(called("flags", "--json", *bank).stdout)

    assert json.loads(row["params"]) == {"n": n, "b": b}
    assert f'not so (with {{"b":{b},"n":{n}}})' in called("flags", *bank).stdout


def test_a_card_that_comes_back_in_steps_has_other_numbers(bank: list[str]) -> None:
    done = called("study", "--card", STEPS, *bank, keys="\n1\n\n1\n\n3\n")

    met = asked(done.stdout)
    assert len(met) == len(set(met)) == 4


def test_what_is_missed_at_the_end_is_told_by_its_example(bank: list[str]) -> None:
    *_, missed = asked(called("study", "--card", STEPS, *bank, keys="\n1\n").stdout)

    assert missed == (100, 8)


def test_practice_has_other_numbers_under_another_seed_and_the_same_under_one(bank: list[str]) -> None:
    def drawn(seed: str, **how: Any) -> list[tuple[int, int]]:
        return asked(called("random", "--count", "9", "--seed", seed, *bank, **how).stdout)

    met = {seed: drawn(seed) for seed in "abcdefgh"}

    assert len({numbers for (numbers,) in met.values()}) > 1
    assert all(drawn(seed) == numbers for seed, numbers in met.items())


def test_practice_that_counts_has_the_numbers_of_study(bank: list[str]) -> None:
    rated = [asked(called("random", "--rate", "--seed", seed, *bank, keys="-\n" * 7).stdout) for seed in "ab"]

    assert rated[0][:1] == asked(called("study", "--card", STEPS, *bank).stdout)


def test_only_a_card_with_fresh_numbers_needs_the_arithmetic(tmp_path: Path) -> None:
    path = a_bank(tmp_path, FRESH_BANK)
    called("study", "--no-builtin", "--bank", str(path))  # compiles
    code = (
        "import sys; sys.argv[0] = 'dlquiz'; from dlquiz import cli\n"
        "try: cli.main()\nexcept SystemExit: pass\nprint('dlquiz.expression' in sys.modules)"
    )

    def loaded(card: str) -> str:
        command = [sys.executable, "-c", code, "study", "--no-builtin", "--bank", str(path), "--card", card]
        out = subprocess.run(command, input="", capture_output=True, text=True, encoding="utf-8", check=True).stdout
        return out.splitlines()[-1]

    assert (loaded("mine/sgd.batch"), loaded(STEPS)) == ("False", "True")


# ---- everywhere else the example


EXAMPLE = "How many steps has an epoch of 100 examples in batches of 8?"


@pytest.mark.parametrize("verb", [["show", STEPS], ["search", "epoch"]])
def test_whoever_reads_a_card_reads_the_example(verb: list[str], bank: list[str]) -> None:
    shown = " ".join(called(*verb, *bank).stdout.split())

    assert EXAMPLE in shown
    assert "{{" not in shown
    assert ("with other numbers each time: n 100, 64, 30; b 8, 16." in shown) == (verb[0] == "show")


def test_lists_have_the_example_and_show_json_what_is_written(bank: list[str]) -> None:
    rows = [json.loads(called(*verb, "--json", *bank).stdout) for verb in (["list"], ["search", "epoch"])]
    shown = json.loads(called("show", STEPS, "--json", *bank).stdout)

    fronts = [card["front"] for found in rows for row in found for card in row["cards"] if card["id"] == STEPS]
    assert fronts == [EXAMPLE, EXAMPLE]
    assert shown["numbers"] == {"n": [100, 64, 30], "b": [8, 16]}
    assert shown["back"] == "{{ceil(n / b)}}"


@pytest.mark.parametrize("ending", ["md", "html", "csv"])
def test_what_leaves_to_be_read_has_the_example(ending: str, bank: list[str], tmp_path: Path) -> None:
    target = tmp_path / f"out.{ending}"

    assert called("export", str(target), *bank).returncode == 0

    text = target.read_text(encoding="utf-8")
    assert EXAMPLE in text
    assert "{{" not in text


def test_the_page_of_a_card_without_numbers_says_nothing_of_them(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        card = col.bank.card("mine/adam.lr")
        sections = card_text.card_sections(card, col.bank.note(card.note), ())

    assert sections[0] == ("", f"**{card.front}**")


# ---- what is wrong with a card


@pytest.mark.parametrize(
    ("card", "key", "says"),
    [
        (changed(front="{{m}}?"), "front", "'{{m}}' can't be computed with n = 100, b = 8: 'm' is not part of it; correct"),
        (changed(back="{{1 / (b - 16)}}"), "back", "with n = 100, b = 16: division by zero"),
        (changed(back="{{1e308 * 10}}"), "back", "with n = 100, b = 8: its value has more than 15 digits"),
        (changed(back="{{n > b}}"), "back", "it is a comparison, no number"),
        (changed(why="{{n +}}"), "why", "'{{n +}}' can't be computed"),
        (changed(accept=["8", "{{n.real}}"]), "accept", "'n.real' is not part of it"),
        (changed(notation="{{__import__('os')}}"), "notation", "is not part of it"),
        (changed(check="{{n}} == 100"), "check", "'check' takes no {{...}}; take the braces away"),
        (changed(text={"x": "{{n}}"}), "text", "'text' takes no {{...}}"),
        (changed(numbers={"log": [1, 2]}), "numbers", "'log' is a word of the arithmetic; give that number another name"),
        (changed(numbers={"lambda": [1, 2]}), "numbers", "'lambda' is a word of the arithmetic"),
        (changed(numbers={"e": [1, 2]}), "numbers", "'e' is a word of the arithmetic"),
        (changed(numbers={k: list(range(11)) for k in "abd"}), "numbers", "the numbers make 1331 combinations, at most 1000"),
        (changed(kind="choice"), "numbers", "a choice card's answers are fixed; remove 'numbers'"),
    ],
)  # fmt: skip
def test_what_can_not_be_shown_is_an_error(card: Mapping[str, Any], key: str, says: str) -> None:
    (found,) = variants.faults(card)

    assert found[0] == key
    assert says in found[1]


def test_an_error_has_its_place_and_no_such_bank_is_opened(tmp_path: Path) -> None:
    path = a_bank(tmp_path, FRESH_BANK.replace("ceil(n / b)", "ceil(n / (b - 16))"))

    for verb in (["check", str(path)], ["study", "--no-builtin", "--bank", str(path)]):
        done = called(*verb)
        assert done.returncode == 65
        told = (done.stdout + done.stderr).splitlines()
        assert (
            f"{path}:32:9: error: '{{{{ceil(n / (b - 16))}}}}' can't be computed with n = 100, b = 16: division"
            in told[0]
        )


def advice(**changes: Any) -> list[tuple[str, str]]:
    card = changed(check="ceil(n / b) == (n + b - 1) // b", sources=["s"], drills=["d"], **changes)
    found = list(lint.card(card, {"id": "mine/sgd"}, {"s"}, date(2026, 11, 24)))
    assert all(each.entry is card for each in found), "its place is known"
    return [(each.key, each.message) for each in found]


@pytest.mark.parametrize(
    ("changes", "key", "says"),
    [
        ({"numbers": {**FIELDS["numbers"], "k": [1, 2]}}, "numbers", "the number 'k' stands in no {{...}}; use it or remove it"),  # type: ignore[dict-item]  # a mapping
        ({"accept": ["13"]}, "accept", "with n = 100, b = 16: accepts '13', which is another number"),
        ({"back": "{{n * b + 70000}}"}, "check", "with n = 100, b = 8: the check holds no number of the back"),
        ({"back": "{{n}} " + "word " * 20}, "back", "the back has 21 words"),
    ],
)  # fmt: skip
def test_advice_is_given_with_the_numbers_that_show_it(changes: dict[str, Any], key: str, says: str) -> None:
    (found,) = advice(**changes)

    assert found[0] == key
    assert says in found[1]


def test_a_card_with_nothing_to_mend_has_nothing_to_mend() -> None:
    assert advice() == []


def test_a_missing_check_is_told_without_numbers() -> None:
    (found,) = lint.card(changed(sources=["s"], drills=["d"]), {"id": "mine/sgd"}, {"s"}, date(2026, 11, 24))

    assert found.message == "the number 'mine/sgd.steps' has no check; add an expression that recomputes it"


def test_a_check_must_hold_for_every_combination() -> None:
    card = changed(check="ceil(n / b) == n / b + 0.5", sources=["s"], drills=["d"])

    (found,) = lint.card(card, {"id": "mine/sgd"}, {"s"}, date(2026, 11, 24))

    assert found.message == "with n = 100, b = 16: the check does not hold; correct the number or the check"


def test_the_same_question_with_fresh_numbers_is_asked_twice() -> None:
    front = "How many steps has an epoch of {} examples in batches of {}?"
    cards = [
        changed(front=front.format("{{n}}", "{{b}}")),
        {"id": "mine/sgd.old", "kind": "number", "front": front.format(100, 8)},
    ]
    note = {"id": "mine/sgd", "question": "What is SGD?", "cards": cards}

    (found,) = bank_lint.findings([note])

    assert "asks nearly what 'mine/sgd.steps' asks" in found.message


# ---- the arithmetic


def test_names_stand_for_what_they_are_given_for() -> None:
    assert expression.evaluate("(k*k*c_in + 1) * C", {"k": 3, "c_in": 64, "C": 128}) == 73_856
    with pytest.raises(ExpressionError, match="'k' is not part of it"):
        expression.evaluate("k")


def test_every_part_of_an_expression_amounts_to_something() -> None:
    assert set(expression.amounts("n // 4 == 2 and 1 / 0 < 1", {"n": 8})) == {8, 4, 2, 1, 0}
