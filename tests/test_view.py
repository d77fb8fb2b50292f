from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from dlquiz import card_text, session, view
from dlquiz.card import Card, CardState, Distractor, KeyPoint, Note, Part, Rating
from dlquiz.plan.readiness import Range
from dlquiz.session import CardView
from dlquiz.view import card as card_layout
from dlquiz.view import key_points
from dlquiz.view import plan as plan_looks
from dlquiz.view.styled import Hanging, Text


def shown(item: RenderableType, width: int = 80) -> str:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    with console.capture() as taken:
        console.print(item)
    return taken.get()


PICK = Card(
    "n.pick", "n", "t", "choice", "Which?", "The right one.",
    distractors=(Distractor("Deleting the record.", "It stays in the weights."), Distractor("Waiting", "Nothing comes.")),
)  # fmt: skip


def a_sheet(**changes: object) -> CardView:
    note = Note("n", None, "t", (), None, "Q?", "", "A.")
    card_view = CardView(PICK, note, (), ("", ""), CardState(), dict.fromkeys(Rating, 4))
    return card_view._replace(**changes)  # type: ignore[arg-type]  # the test names real fields


# ---- numbers and links


@given(
    numbers=st.lists(st.integers(0, 10**12).map(lambda number: f"{number:,}".replace(",", " ")), min_size=1),
    words=st.lists(st.sampled_from(["and", "of them", "a|b", "in the end"]), min_size=1),
    width=st.integers(24, 100),
)
def test_a_number_is_never_broken_between_its_groups_of_digits(
    numbers: list[str], words: list[str], width: int
) -> None:
    text = " ".join(f"{number}{'' if n % 3 else ','} {words[n % len(words)]}" for n, number in enumerate(numbers))
    prose = view.prose(text, {})
    for item in (view.narrow(prose), Hanging(Text("  a  "), prose), view.Readable(text, {})):
        lines = shown(item, width)
        found = re.findall(r"\d+(?: \d{3})*", lines)
        assert found == numbers
        assert "\ufdd0" not in lines


@pytest.mark.parametrize("width", range(24, 60))
def test_a_number_in_a_table_is_not_broken_either(width: int) -> None:
    table = "| what | how many of them |\n|---|---|\n| parameters in all | about 175 000 000 of these, or 1 000 more |"

    lines = shown(view.Readable(table, {}), width)
    assert "175 000 000" in lines
    assert "1 000" in lines


@pytest.mark.parametrize("width", range(30, 110))
def test_a_link_stands_whole_where_it_fits_on_a_line_of_its_own(width: int) -> None:
    link = "https://example.org/modules/generated/metrics.r2_score.html"

    lines = shown(card_layout.sources([f"Somebody et al.: A title, 2020. {link}"]), width)
    assert (link in lines) == (len(link) <= width)
    assert all(len(line) <= width for line in lines.splitlines())


# ---- choice cards


def test_practice_shuffles_the_answers_by_its_seed_and_study_never_does() -> None:
    orders = {tuple(a_sheet(seed=str(seed)).options) for seed in range(50)}

    assert len(orders) == 6
    assert a_sheet(seed="1").options == a_sheet(seed="1").options
    assert a_sheet().options == a_sheet(seed="").options


def test_a_wrong_pick_is_answered_with_its_own_reason_first_and_told_once() -> None:
    given_ = "Deleting the record."
    page = card_text.typed(given_, PICK) + "\n\n" + card_text.told(PICK, given_)

    assert page.startswith("You picked “Deleting the record”. **Wrong.** It stays in the weights.\n\nThe right one.")
    assert page.count("It stays in the weights.") == 1
    assert "- Not “Waiting”: Nothing comes." in page


def test_a_right_pick_says_so_and_why_the_others_are_wrong() -> None:
    page = card_text.typed("The right one.", PICK) + "\n\n" + card_text.told(PICK, "The right one.")

    assert page.startswith("You picked “The right one”. **Right.**")
    assert "- Not “Deleting the record”: It stays in the weights." in page
    assert "- Not “Waiting”: Nothing comes." in page


BITS = Card(
    "n.c", "n", "t", "basic", "Which fields?", "8 exponent and 7 mantissa bits",
    parts=(Part("exponent bits", ("8",), ("exponent",)), Part("mantissa bits", ("7",), ("mantissa",))),
)  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("8, 7", "**Right.**"),
        ("8 and 6", "**Wrong.** Exponent bits: right; mantissa bits: wrong."),
        ("8", "Exponent bits: right; mantissa bits: missing. Compare:"),
        ("mantissa: 7", "Exponent bits: missing; mantissa bits: right. Compare:"),
    ],
)
def test_of_two_answers_it_says_which_is_right(answer: str, word: str) -> None:
    assert card_text.typed(answer, BITS).endswith(word)


CLAIM = Card("n.c", "n", "t", "claim", 'Does this hold? "Sky is red."', "No: it is blue.", why="W.", holds=False)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("Yes", "You picked “Yes”. **Wrong.**"),
        ("No", "You picked “No”. **Right.**"),
        ("no.", "You picked “No”. **Right.**"),
        ("TRUE", "You picked “Yes”. **Wrong.**"),
        ("it depends", "You wrote “`it depends`”. Compare:"),
    ],
)
def test_a_judged_claim_is_right_or_not(answer: str, word: str) -> None:
    assert card_text.typed(answer, CLAIM) == word
    assert card_text.told(CLAIM, answer) == "No: it is blue.\n\nW."
    assert card_text.asked(CLAIM) == CLAIM.front


def test_practice_promises_no_intervals() -> None:
    assert (
        shown(card_layout.rating_keys(a_sheet())).split()
        == "1 again 4 days 2 hard 4 days 3 good 4 days 4 easy 4 days".split()
    )
    assert shown(card_layout.rating_keys(a_sheet(), promises=False)).split() == "1 again 2 hard 3 good 4 easy".split()


# ---- key points


def test_a_narrow_screen_leaves_the_words_of_a_key_point_their_room() -> None:
    must = key_points.TickedPoint(Text("✓ a  "), ("must", "must"), Text("A unit adds up its inputs."))
    other = key_points.TickedPoint(Text("  b  "), ("", ""), Text("And more."))

    assert shown(must, 60) == "✓ a  must  A unit adds up its inputs.\n"
    assert shown(other, 60) == "  b        And more.\n"
    assert shown(must, 30) == "✓ a  must: A unit adds up its\n     inputs.\n"
    assert shown(other, 30) == "  b  And more.\n"


# ---- the lines above an answer


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (42, "n · topic · explain · difficulty 1/3 · new"),
        (30, "n · topic · explain · new"),
        (16, "n · topic · new"),
        (9, "n · topi…"),
    ],
)
def test_a_narrow_header_leaves_out_what_stands_in_the_middle(width: int, line: str) -> None:
    facts = card_layout.Facts(Text("n · "), ["topic", "explain", "difficulty 1/3", "new"], Text())

    assert shown(facts, width) == f"{line}\n"


def test_what_its_letters_stand_for_stays_with_a_question_that_is_answered() -> None:
    card = PICK._replace(kind="formula", front="Which value?", notation="w weights")

    assert shown(card_layout.pinned(a_sheet(card=card))) == "  Which value?\n  w weights\n"


# ---- the line that a card leaves


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (80, "✓ good · n.pick · 1 of 2 said · Mon 30 Nov"),
        (42, "✓ good · n.pick · 1 of 2 said · Mon 30 Nov"),
        (41, "✓ good · n.pick · 1/2 · Mon 30 Nov"),
        (33, "✓ good · n.pick · Mon 30 Nov"),
        (27, "✓ good · n.pi… · Mon 30 Nov"),
    ],
)
def test_an_answered_card_leaves_one_line_however_narrow_the_screen_is(width: int, line: str) -> None:
    points = (KeyPoint("n#a", "A."), KeyPoint("n#b", "B."))
    sheet = a_sheet(card=PICK._replace(kind="explain"))
    state = session.Session(
        (), card_view=sheet._replace(note=sheet.note._replace(key_points=points)), said=frozenset({"n#a"})
    )

    assert card_layout.left_behind(state, Rating.GOOD, "Mon 30 Nov", width).plain == line


def test_a_range_without_width_is_no_range() -> None:
    assert plan_looks.spread(Range(0.081, 0.082, 0.084)) == "8 %"
    assert plan_looks.spread(Range(0.05, 0.08, 0.1)) == "8 % (likely 5 to 10 %)"
