"""Key points found in answers: spellings, patterns, denials, frames, lists of words, evidence."""

from __future__ import annotations

from typing import Any

import pytest

from dlquiz import judge
from dlquiz.card import KeyPoint
from dlquiz.judge import Verdict, patterns, shared, words
from dlquiz.judge.rubric import NoteRubric
from dlquiz.text import slips

FRAMES = {"phase": {"train": "train | training", "test": "test | inference | eval"}}
GLOSSARY = {"unit": "neuron | unit | node", "all-units": "all @unit"}


def a_rubric(
    *need: str, text: str = "x", frames: Any = FRAMES, known: frozenset[str] = frozenset(), **keys: Any
) -> NoteRubric:
    rubric = {"need": list(need), **{key.rstrip("_"): value for key, value in keys.items()}}
    return judge.prepare([KeyPoint("n#p", text, rubric=rubric)], frames, GLOSSARY, known)


def verdict(made: NoteRubric, answer: str) -> Verdict:
    (judgement,) = judge.judge(made, answer)
    assert judgement is not None
    return judgement.verdict


def heard(made: NoteRubric, answer: str) -> list[str]:
    (judgement,) = judge.judge(made, answer)
    assert judgement is not None
    return judgement.evidence(answer)


def forms(text: str) -> list[str]:
    return [word.form for word in words.read(text)]


# ---- words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("normalise", "normalized"),
        ("regularisation", "regularizes"),
        ("behaviour", "behaviors"),
        ("three", "3"),
        ("γ", "gamma"),
        ("LSTMs", "lstm"),
        ("matrices", "matrix"),
        ("zeroes", "zero"),
        ("learnt", "learning"),
    ],
)
def test_spellings_and_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert words.read(one)[0].stem == words.read(other)[0].stem


@pytest.mark.parametrize(
    ("one", "other"), [("in general", "generalise"), ("probably", "probability"), ("normally", "normalise")]
)
def test_ordinary_words_are_no_technical_ones(one: str, other: str) -> None:
    assert words.read(one)[-1].stem != words.read(other)[0].stem


def test_contractions_hold_a_not() -> None:
    assert forms("doesn't") == forms("doesnt") == ["does", "not"]


def test_a_minus_parts_no_clause_and_a_dash_does() -> None:
    assert len({word.clause for word in words.read("multiply the rest by 1 - p")}) == 1
    assert len({word.clause for word in words.read("it drops units - never weights")}) == 2
    assert len({word.clause for word in words.read("scale by 2 - not by 4")}) == 2


def test_what_a_no_wait_takes_back_is_not_heard() -> None:
    made = a_rubric("forget gate")

    assert verdict(made, "It has a forget gate, no wait, an update gate.") is Verdict.NONE
    assert verdict(made, "It has an update gate, no wait, a forget gate.") is Verdict.FOUND


def test_a_correction_takes_something_back_only_where_it_stands_alone() -> None:
    """`bias correction` is a term, and so is the correction for the bias."""
    made = a_rubric("second moment")

    assert verdict(made, "Adam divides by the second moment with bias correction.") is Verdict.FOUND
    assert verdict(made, "It keeps a second moment, correction for bias comes after.") is Verdict.FOUND
    assert verdict(made, "It keeps a second moment, correction, a first one.") is Verdict.NONE


# ---- patterns


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ("weighted sum", "the weighted sums"),
        ("sum values", "a sum of the values"),
        ("softmax", "a soft max"),
        ("lstm", "an l s t m"),
        ("mini batch", "a minibatch, a mini-batch"),
        ("minibatch", "a mini batch"),
        ("1/(1-p)", "one over one minus p"),
        ("n^2", "it costs n²"),
        ("divide .. root", "we divide all of the scores by the root"),
        ("root & divide", "we divide all of the scores by the root"),
        ("overfit*", "overfitters"),
        ("normalis*", "it normalises"),
        ("optimis*", "optimized"),
        ("optimis*", "an optimistic guess"),
        ("analys*", "we analysed it"),
        ("@unit", "every node"),
        ("@all-units", "all of the neurons"),
        ("all @unit", "all the units"),
    ],
)
def test_a_pattern_stands_in_an_answer(pattern: str, answer: str) -> None:
    assert verdict(a_rubric(pattern), answer) is Verdict.FOUND


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ("divide .. root", "the root is what we divide by"),
        ("=loss", "the losses"),
        ("divide .. root", "we divide it but the square root is left"),
        ("weighted sum", "a sum that is weighted"),
        ("lstm", "l s t d m"),
    ],
)
def test_a_pattern_does_not_stand_in_what_only_resembles_it(pattern: str, answer: str) -> None:
    assert verdict(a_rubric(pattern), answer) is Verdict.NONE


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("a |", "empty alternative"),
        ("@nothing", "no entry of the glossary"),
        ("a .. b & c", "both .. and &"),
        ("--", "no word"),
    ],
)
def test_a_pattern_that_cannot_be_read_says_why(pattern: str, fault: str) -> None:
    with pytest.raises(patterns.PatternError, match=fault):
        patterns.parse(pattern, GLOSSARY)


# ---- slips of the fingers


@pytest.mark.parametrize("typed", ["nuerons", "neurns", "neuronss"])
def test_a_slip_is_taken_for_the_word_that_was_meant(typed: str) -> None:
    assert verdict(a_rubric("neuron"), f"the {typed}") is Verdict.FOUND


def test_a_word_that_a_bank_has_is_no_slip() -> None:
    made = a_rubric("gradient")

    assert verdict(made, "the gradience") is Verdict.FOUND
    assert verdict(a_rubric("gradient", known=frozenset({"gradience"})), "the gradience") is Verdict.NONE


@pytest.mark.parametrize(
    ("one", "two", "apart"),
    [("", "", 0), ("tets", "test", 1), ("gate", "gates", 1), ("sofmax", "softmax", 1), ("abc", "cab", 2)],
)
def test_distance_counts_swapped_neighbours_once(one: str, two: str, apart: int) -> None:
    assert slips.distance(one, two) == slips.distance(two, one) == apart


# ---- passages


def test_every_line_of_need_is_met_in_one_passage() -> None:
    made = a_rubric("divide | scale", "root")

    assert verdict(made, "The scores are scaled by the root of the key size.") is Verdict.FOUND
    assert verdict(made, "The scores are scaled. It is the root that does it.") is Verdict.FOUND
    assert (
        verdict(made, "The scores are scaled. Then comes a softmax. Its output weighs values. The root is next.")
        is not Verdict.FOUND
    )


def test_a_pattern_of_or_suffices_alone() -> None:
    assert verdict(a_rubric("divide", "root", or_=["sqrt key"]), "sqrt of the keys") is Verdict.FOUND


def test_two_of_three_lines_are_unsure() -> None:
    assert verdict(a_rubric("divide", "root", "softmax"), "divide by the root") is Verdict.UNSURE


def test_an_answer_that_says_nothing_of_it_is_none() -> None:
    for answer in ("", "I don't know.", "?!", "The weather is fine."):
        assert verdict(a_rubric("divide", "root"), answer) is Verdict.NONE


# ---- denials


@pytest.mark.parametrize(
    "answer",
    [
        "It does not reduce overfitting.",
        "It doesnt reduce overfitting.",
        "It never reduces overfitting.",
        "Overfitting isn't reduced by it.",
        "It reduces speed instead of overfitting.",
        "It is a myth that it reduces overfitting.",
        "It has nothing to do with reducing overfitting.",
    ],
)
def test_what_is_denied_is_the_opposite(answer: str) -> None:
    assert verdict(a_rubric("reduce", "overfit"), answer) in (Verdict.OPPOSITE, Verdict.NONE)


@pytest.mark.parametrize(
    "answer",
    [
        "It does not cost much and it reduces overfitting.",
        "It's not only cheap, it reduces overfitting.",
        "No doubt it reduces overfitting.",
        "It does not slow training; overfitting is reduced.",
    ],
)
def test_a_denial_elsewhere_denies_nothing(answer: str) -> None:
    assert verdict(a_rubric("reduce", "overfit"), answer) is Verdict.FOUND


def test_doubt_is_unsure() -> None:
    assert verdict(a_rubric("reduce", "overfit"), "I'm not sure whether it reduces overfitting.") is Verdict.UNSURE
    assert verdict(a_rubric("scale", "saturate"), "If you didn't scale, it would saturate.") is Verdict.UNSURE


def test_a_denial_in_a_condition_is_no_opposite() -> None:
    made = a_rubric("split | data", "leak | overlap")

    assert verdict(made, "It can be shift, provided the split did not leak.") is Verdict.UNSURE
    assert verdict(made, "I provided proof that the split did not leak.") is Verdict.OPPOSITE


def test_a_denial_in_a_pattern_is_part_of_it() -> None:
    made = a_rubric("not drop | nothing .. drop")

    assert verdict(made, "Units are not dropped.") is Verdict.FOUND
    assert verdict(made, "Units are dropped.") is Verdict.NONE


def test_a_word_that_must_be_denied_may_be_prevented_too() -> None:
    made = a_rubric("!rely on | !coadapt")

    for answer in (
        "Neurons can't rely on each other.",
        "It stops them from relying on others.",
        "It breaks co-adaptation.",
    ):
        assert verdict(made, answer) is Verdict.FOUND
    assert verdict(made, "Neurons rely on each other.") is not Verdict.FOUND


def test_a_denial_that_the_examples_have_is_allowed() -> None:
    text = "Without the activation all layers collapse into one."
    made = a_rubric("activation", "collapse", text=text)

    assert verdict(made, text) is Verdict.FOUND
    assert verdict(made, "It is a myth that without activations layers collapse.") is Verdict.OPPOSITE


def test_a_pattern_of_not_is_the_opposite() -> None:
    made = a_rubric("overfit .. less", not_=["more overfit | overfit .. more"])

    assert verdict(made, "It overfits more.") is Verdict.OPPOSITE
    assert verdict(made, "It does not overfit more.") is not Verdict.OPPOSITE
    assert verdict(made, "It overfits less. Others say it overfits more.") is Verdict.UNSURE


# ---- frames


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("At test time it is off.", Verdict.FOUND),
        ("It is off at inference.", Verdict.FOUND),
        ("During training units drop. At test time all is calm. It is off.", Verdict.FOUND),
        ("In training it is on, while at test time it is off.", Verdict.FOUND),
        ("At test time it is on, while in training it is off.", Verdict.NONE),
        ("During training it is off.", Verdict.NONE),
        ("It is off.", Verdict.UNSURE),
    ],
)
def test_a_passage_is_about_what_it_names(answer: str, expected: Verdict) -> None:
    assert verdict(a_rubric("off", about="test"), answer) is expected


def test_what_may_be_left_open_needs_no_name() -> None:
    made = a_rubric("off", about="test?")

    assert verdict(made, "It is off.") is Verdict.FOUND
    assert verdict(made, "In training it is off.") is Verdict.NONE


# ---- lists of words, evidence


def test_a_list_of_words_is_no_statement() -> None:
    made = a_rubric("regularise")
    words_only = "dropout regularization overfitting random neurons probability training inference scaling ensemble"

    assert verdict(made, words_only) is Verdict.UNSURE
    assert verdict(made, f"{words_only}. It regularises.") is Verdict.FOUND


def test_evidence_stands_in_the_answer() -> None:
    answer = "Well, we divide the scores by √d, the root of the key's size."

    evidence = heard(a_rubric("divide", "root"), answer)

    assert evidence == ["divide", "root"]
    assert all(part in answer for part in evidence)


def test_a_point_without_a_rubric_is_not_judged() -> None:
    made = judge.prepare([KeyPoint("n#a", "a"), KeyPoint("n#b", "b", rubric={"need": ["b"]})], {}, {})

    assert [judgement and judgement.verdict for judgement in judge.judge(made, "b")] == [None, Verdict.FOUND]


def test_the_version_changes_with_the_rubric() -> None:
    assert a_rubric("a").version == a_rubric("a").version != a_rubric("b").version


def test_a_pattern_may_take_a_pronoun_in() -> None:
    assert verdict(a_rubric("switch off"), "We switch it off.") is Verdict.FOUND


def test_a_denial_that_the_right_pattern_takes_in_still_denies_the_wrong_one() -> None:
    made = a_rubric("never .. tune", not_=["tune .. test set"])

    assert verdict(made, "Never tune on the test set.") is Verdict.FOUND
    assert verdict(made, "Tune on the test set.") is Verdict.OPPOSITE


def test_what_proves_nothing_is_denied() -> None:
    assert verdict(a_rubric("loss .. proves"), "A low loss proves nothing.") is Verdict.OPPOSITE


def test_a_pattern_with_a_not_does_not_take_that_of_a_whole_denial() -> None:
    assert verdict(a_rubric("not .. same"), "It is not true that they are the same.") is not Verdict.FOUND
    assert verdict(a_rubric("not .. same"), "They are not the same.") is Verdict.FOUND


@pytest.mark.parametrize("answer", ["Weights are not set by hand.", "The weights aren't ever set by hand."])
def test_a_denial_within_a_pattern_denies_it(answer: str) -> None:
    made = a_rubric("weight .. learn", not_=["weight .. set by hand"])

    assert verdict(made, answer) is Verdict.NONE
    assert verdict(made, f"{answer} The weights are learned.") is Verdict.FOUND
    assert verdict(made, "The weights are not learned.") is Verdict.OPPOSITE


@pytest.mark.parametrize(
    "answer",
    [
        "A bigger cache reduces latency is a myth.",
        "That a bigger cache, or any cache at all, would reduce latency is a misconception.",
        "A cache that reduces latency is completely pointless.",
        "Reduced latency has nothing to do with the cache.",
        "Caches fail to reduce latency.",
        "There is no point in asking caches to reduce latency.",
        "Caches, pools and reduced latency are useless.",
        "The cache reduces latency. That is nonsense.",
    ],
)
def test_what_is_said_of_a_subject_denies_it(answer: str) -> None:
    assert verdict(a_rubric("reduce", "latency"), answer) is Verdict.OPPOSITE


@pytest.mark.parametrize(
    "answer",
    [
        "The cache reduces latency, and the pool is useless.",
        "The cache reduces latency because the disk is obsolete.",
        "It reduces latency, it is the pool that is pointless.",
        "The cache reduces latency, which cannot be ignored.",
        "The disk is large and the pool is useless while the cache reduces latency.",
    ],
)
def test_what_is_said_of_another_subject_denies_nothing(answer: str) -> None:
    assert verdict(a_rubric("reduce", "latency"), answer) is Verdict.FOUND


def test_a_denied_prevention_is_a_denial_even_where_the_examples_deny() -> None:
    text = "Clipping keeps the values, so that nothing overflows."
    made = a_rubric("clip", "overflow", text=text)

    assert verdict(made, "With clipping it does not overflow.") is Verdict.FOUND
    assert verdict(made, "Clipping does not prevent any overflow.") is Verdict.OPPOSITE


def test_a_denial_between_two_patterns_is_in_doubt() -> None:
    made = a_rubric("cache", "warm start")

    assert verdict(made, "The cache pays with a warm start.") is Verdict.FOUND
    assert verdict(made, "The cache gives no speed whatsoever even with a warm start.") is Verdict.UNSURE


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Caching lowers the latency of reads.", Verdict.FOUND),
        ("Caching raises the latency of reads.", Verdict.UNSURE),
        ("Caching lowers latency and raises throughput.", Verdict.FOUND),
        ("Caching changes the latency of reads.", Verdict.FOUND),
    ],
)
def test_what_goes_the_other_way_is_not_found(answer: str, expected: Verdict) -> None:
    made = a_rubric("cach*", "latency", text="Caching reduces the latency.")

    assert verdict(made, answer) is expected


def test_pieces_without_a_verb_state_nothing() -> None:
    made = a_rubric("cache", "latency")
    pieces = "Disk, pool, cache, latency of reads. Threads, locks, order of writes. Queue, ring buffer, back pressure."

    assert verdict(made, pieces) is Verdict.UNSURE
    statements = "Cache -> low latency. Pool: no new threads, so writes stay cheap. Queue = back pressure."
    assert verdict(made, statements) is Verdict.FOUND


@pytest.mark.parametrize("answer", ["In self-supervised work it is off.", "In semi supervised work it is off."])
def test_a_part_of_another_name_names_nothing(answer: str) -> None:
    frames = {"kind": {"supervised": "supervised", "other": "unsupervised"}}

    assert verdict(a_rubric("off", about="supervised", frames=frames), answer) is Verdict.UNSURE


def test_units_of_hardware_have_a_plural() -> None:
    assert words.read("GPUs gpus TPUs")[0].stem == words.read("gpu")[0].stem == words.read("gpus")[0].stem
    assert words.read("bonus")[0].stem == "bonus"


def test_an_alternative_that_cannot_be_read_costs_no_other() -> None:
    made = a_rubric("+= | accumulate", "a .. b & c")

    assert judge.judge(made, "accumulate") == [None]  # a whole line is lost: its point is ticked by hand
    assert verdict(a_rubric("+= | accumulate"), "accumulate") is Verdict.FOUND


@pytest.mark.parametrize(
    ("answer", "earlier", "expected"),
    [
        ("We toss a biased coin for everyone.", "Somebody tosses a biased coin.", "toss a biased coin"),
        ("The coin is biased.", "Toss a biased coin.", ""),  # one word that says something is no phrase
        ("It is the one that we had.", "It is the one that we had.", ""),
        ("A biased coin, tossed often.", "a biased coin tossed", "biased coin"),  # not across a comma
    ],
)
def test_two_answers_share_a_phrase(answer: str, earlier: str, expected: str) -> None:
    assert shared.phrase(answer, earlier) == expected


def test_a_shared_phrase_says_neither_the_question_nor_another_point() -> None:
    assert shared.phrase("a biased coin", "a biased coin", asked="Why a biased coin?") == ""
    assert shared.phrase("a biased coin", "a biased coin", without=[(2, 8)]) == ""


# ---- an answer as a whole


def several(*points: str) -> NoteRubric:
    """Key points each of which has one word, and a `not` of it."""
    rubrics = [{"need": [word], "not": [f"un{word}"]} for word in points]
    made = [KeyPoint(f"n#{word}", "x", rubric=rubric) for word, rubric in zip(points, rubrics, strict=True)]
    return judge.prepare(made, {}, {}, frozenset())


@pytest.mark.parametrize(
    ("answer", "verdicts"),
    [
        ("It is red. It is blue. It is unfair.", ["found", "found", "opposite", "none"]),
        ("It is red. It is unfair.", ["found", "none", "opposite", "none"]),
        ("It is red. It is blue. It is unfair. It is unkind.", ["unsure", "unsure", "opposite", "opposite"]),
        ("It is red. It is blue. It is fair.", ["found", "found", "found", "none"]),
    ],
)
def test_an_answer_that_mixes_points_up_is_asked_about_those_it_has_right(answer: str, verdicts: list[str]) -> None:
    judgements = judge.judge(several("red", "blue", "fair", "kind"), answer)

    assert [str(judgement.verdict) for judgement in judgements if judgement] == verdicts


# ---- neighbouring sentences


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("Kernel SVM: small samples; training is quadratic.", Verdict.FOUND),
        ("Small samples suit it. Training is quadratic.", Verdict.FOUND),
        ("Small samples suit it. I like it. Training is quadratic.", Verdict.UNSURE),
        ("Small samples suit it, as they do in most clinics we know. Training takes a time that is quadratic.", Verdict.UNSURE),
    ],
)  # fmt: skip
def test_two_short_sentences_in_a_row_may_say_one_point(answer: str, right: Verdict) -> None:
    assert verdict(a_rubric("small", "quadratic"), answer) is right


def test_what_must_be_denied_is_not_excused_by_another_alternative_that_takes_its_denial_in() -> None:
    made = a_rubric(or_=["can not lean | !depend on"], text="A unit can not lean on another.")

    assert verdict(made, "A unit can not lean on another.") is Verdict.FOUND
    assert verdict(made, "A unit does not depend on another.") is Verdict.FOUND
    assert verdict(made, "It depends on the task.") is not Verdict.FOUND


def test_a_not_that_names_the_wrong_value_itself_counts_whatever_the_point_is_about() -> None:
    made = a_rubric("zero & unit", about="train", not_=["test .. zero"])

    assert verdict(made, "In training we zero units.") is Verdict.FOUND
    assert verdict(made, "At test time we zero units.") is Verdict.OPPOSITE
