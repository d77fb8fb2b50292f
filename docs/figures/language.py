"""Pictures of large language models: rotated positions, a mixture of experts, retrieval before an answer, an agent's loop."""

from __future__ import annotations

import math

from drawing import BLUE, DASHED, DOTTED, EDGE, GREY, ORANGE, PURPLE, TEAL, Axes, Point, Sheet

BASE, HEAD_SIZE, TRAINED = 10_000, 128, 4096  # RoPE's base, channels of a head, tokens seen in training
STEP = 20  # degrees a token, in the upper part of rope


def moe_layer() -> Sheet:
    scores = {3: 1.0, 7: 0.0}
    gates = {expert: math.exp(score) / sum(map(math.exp, scores.values())) for expert, score in scores.items()}
    sheet = Sheet(
        "moe-layer",
        536,
        "A mixture-of-experts layer with its router, and the load of its experts",
        f"For one token the router picks experts 3 and 7 of 8 and weighs their outputs by {gates[3]:.2f} and {gates[7]:.2f}. "
        "Below, 16 tokens make 32 calls; with 5 slots an expert, 3 calls overflow.",
    )
    sheet.label((150, 30), "one token x", anchor="end")
    sheet.arrow((158, 30), (210, 30), (210, 56))
    sheet.box((210, 74), (256, 34), "router: Wx, softmax over the top 2", colour=PURPLE)
    for expert in range(1, 9):
        x = 47.0 * expert - 1
        if expert in gates:
            sheet.arrow((210, 92), (x, 150), colour=TEAL, width=3)
            sheet.arrow((x, 187), (210, 246), stop=15, colour=TEAL, width=3)
            aside = 34 if x > 210 else -34
            sheet.label((x + aside, 206), f"× {gates[expert]:.2f}", colour=TEAL, bold=True)
        else:
            sheet.path([(210, 92), (x, 149)], colour=EDGE, width=1)
        sheet.box((x, 168), (41, 34), str(expert), colour=TEAL if expert in gates else GREY)
    sheet.circle((210, 246), 15, "Σ", text=17)
    sheet.arrow((225, 246), (290, 246))
    sheet.label((298, 246), "y", size=16, anchor="start")
    sheet.label((24, 120), "8 experts", size=13, anchor="start")
    sheet.lines((24, 250), "computed: 2 of 8\nin memory: all 8", size=13, colour=GREY, anchor="start")
    sheet.path([(24, 284), (396, 284)], colour=EDGE, width=1.5)
    _loads(sheet, 460)
    return sheet


def rope() -> Sheet:
    sheet = Sheet(
        "rope",
        458,
        "RoPE turns queries and keys by their position",
        "A query at position 5 and a key at position 2 are turned by 5 and 2 steps and stand 3 steps apart; so do positions 9 "
        "and 6. Below, pairs of channels turn at different speeds: the fastest 652 times in 4096 tokens, the slowest 0.08 times.",
    )
    sheet.label((210, 28), "one pair of channels: the score sees only m − n", bold=True)
    for x, m, n in [(112.0, 5, 2), (308.0, 9, 6)]:
        centre = (x, 118.0)
        sheet.circle(centre, 60, colour=GREY)
        sheet.path(_arc(centre, 30, n * STEP, m * STEP), colour=TEAL, width=4)
        sheet.arrow(centre, _around(centre, 60, n * STEP), colour=ORANGE, width=3)
        sheet.arrow(centre, _around(centre, 60, m * STEP), colour=BLUE, width=3)
        sheet.label(_around(centre, 46, (m + n) / 2 * STEP), f"{m - n}θ", colour=TEAL, bold=True)
        sheet.label(_around(centre, 74, m * STEP), "q", colour=BLUE, bold=True)
        sheet.label(_around(centre, 74, n * STEP), "k", colour=ORANGE, bold=True)
        sheet.label((x, 202), f"q turned by {m}θ, k by {n}θ")
    sheet.path([(24, 226), (396, 226)], colour=EDGE, width=1.5)
    sheet.label((210, 250), f"angles that {TRAINED} tokens of training show", bold=True)
    for column, pair in enumerate([0, 16, 32, 48, HEAD_SIZE // 2 - 1]):
        centre = (50.0 + 80 * column, 322.0)
        wavelength = 2 * math.pi * BASE ** (2 * pair / HEAD_SIZE)
        turns = TRAINED / wavelength
        sheet.label((centre[0], 276), f"pair {pair}", colour=GREY)
        sheet.circle(centre, 28, colour=GREY)
        if turns < 1:
            wedge = [centre, *_arc(centre, 28, 0, 360 * turns)]
            sheet.path(wedge, colour=PURPLE, fill=PURPLE, closed=True)
        else:
            sheet.path(_arc(centre, 28, 0, 360), colour=PURPLE, fill=PURPLE, closed=True)
        sheet.label((centre[0], 368), f"{turns:.0f}×" if turns > 10 else f"{turns:.2g}×", colour=PURPLE, bold=True)
        words = f"{wavelength:.0f}" if wavelength > 10 else f"{wavelength:.1f}"
        sheet.label((centre[0], 388), words if wavelength < 10_000 else f"{words[:2]} {words[2:]}", size=13)
    sheet.lines(
        (210, 426),
        "turns, and tokens for one turn (base 10 000, head 128);\nthe blank part is met for the first time in longer text",
        size=13,
        colour=GREY,
    )
    return sheet


def _around(centre: Point, radius: float, degrees: float) -> Point:
    """A point on a circle, counted from the right against the clock."""
    return (
        centre[0] + radius * math.cos(math.radians(degrees)),
        centre[1] - radius * math.sin(math.radians(degrees)),
    )


def _arc(centre: Point, radius: float, start: float, stop: float) -> list[Point]:
    count = max(2, math.ceil(abs(stop - start) / 10))
    return [_around(centre, radius, start + (stop - start) * index / count) for index in range(count + 1)]


def _loads(sheet: Sheet, ground: float) -> None:
    """How many tokens each expert is sent, as towers above the line `ground`."""
    tokens, chosen, slack, loads = 16, 2, 1.25, (7, 4, 6, 3, 4, 1, 5, 2)
    slots = round(slack * tokens * chosen / len(loads))
    overflow = sum(max(0, load - slots) for load in loads)
    sheet.label((210, 306), f"{tokens} tokens, {sum(loads)} calls: the load of each expert", bold=True)
    for index, load in enumerate(loads):
        x = 46.0 + 47 * index
        for call in range(load):
            colour = ORANGE if call >= slots else BLUE
            sheet.cell((x - 17, ground - 17 * (call + 1)), (34, 15), colour=colour)
        sheet.label((x, ground + 13), str(load), size=13)
    level = ground - 17 * slots - 1
    sheet.path([(24, level), (396, level)], dash=DASHED)
    sheet.label((396, level - 12), f"capacity {slots}", size=13, anchor="end")
    sheet.lines(
        (210, ground + 46),
        f"capacity = {slack} · {tokens} · {chosen} / {len(loads)} = {slots}; {overflow} calls overflow,\n"
        "their tokens skip that expert",
        size=13,
        colour=GREY,
    )


def rag_pipeline() -> Sheet:
    sheet = Sheet(
        "rag-pipeline",
        588,
        "Retrieval before an answer, with the question to ask at each stage when the answer is wrong",
        "Documents are cut into chunks, which go into an index of words and one of vectors. A question searches both, the ranks "
        "are fused, a cross-encoder re-ranks, and a model answers from a few passages. Beside each stage stands what finds the "
        "fault there.",
    )
    lane, asks = 122.0, 250.0
    sheet.label((lane, 28), "from text to answer", bold=True)
    sheet.label((asks, 28), "was the evidence", colour=ORANGE, bold=True, anchor="start")
    steps = [
        (64.0, "documents", BLUE),
        (134.0, "chunks, with heading,\nsource, date, rights", BLUE),
        (300.0, "fused by rank: top 50", TEAL),
        (370.0, "cross-encoder: top 5", TEAL),
        (440.0, "prompt: question and\n5 passages", PURPLE),
        (518.0, "answer with citations,\nor not found", PURPLE),
    ]
    for y, words, colour in steps:
        sheet.box((lane, y), (196, 48 if "\n" in words else 34), words, colour=colour)
    for start, stop in [(81, 109), (317, 352), (387, 415), (464, 493)]:
        sheet.arrow((lane, start), (lane, stop))
    for x, words in [(70.0, "BM25:\nwords"), (174.0, "vectors:\nmeaning")]:
        sheet.box((x, 226), (92, 48), words, colour=TEAL)
        sheet.arrow((x, 158), (x, 201), colour=BLUE)
        sheet.arrow((x, 250), (x, 282))
    faults = [
        (134, "indexed?", "parsing, dates, rights"),
        (226, "retrieved?", "recall@k, both ways"),
        (370, "kept?", "nDCG after re-ranking"),
        (440, "sufficient?", "or say: not found"),
        (518, "used?", "faithfulness"),
    ]
    for y, question, measure in faults:
        sheet.path([(226, y), (asks - 7, y)], colour=ORANGE, dash=DASHED)
        sheet.label((asks, y - 10), question, colour=ORANGE, bold=True, anchor="start")
        sheet.label((asks, y + 9), measure, size=13, colour=GREY, anchor="start")
    for x in (94, 198):
        sheet.arrow((asks - 6, 180), (x, 180), (x, 201), colour=PURPLE, bridge=x == 94)
    sheet.label((asks, 180), "question", colour=PURPLE, bold=True, anchor="start")
    sheet.label((210, 566), "the first “no” names the part to mend", size=13, colour=GREY)
    return sheet


def agent_loop() -> Sheet:
    sheet = Sheet(
        "agent-loop",
        622,
        "An agent's loop, and how errors add up over its steps",
        "The model reads goal and history and proposes a tool call; code outside the model checks and runs it; the result, which "
        "nobody should trust, is appended to the history. Below: the chance that all of n independent steps succeed, for 90%, "
        "99% and 99.9% a step.",
    )
    lane, back = 128.0, 314.0
    for y, words, colour in [
        (44.0, "goal and history", BLUE),
        (122.0, "model: next tool call", PURPLE),
        (206.0, "code checks: form,\nrights, budget", TEAL),
        (290.0, "tool runs, limited rights", ORANGE),
    ]:
        sheet.box((lane, y), (208, 48 if "\n" in words else 36), words, colour=colour)
    for start, stop in [(62, 103), (140, 181), (230, 271)]:
        sheet.arrow((lane, start), (lane, stop))
    sheet.arrow((lane + 105, 290), (back, 290), (back, 44), (lane + 105, 44), colour=ORANGE)
    sheet.lines((back + 9, 160), "result joins\nthe history:\nuntrusted", size=13, colour=ORANGE, anchor="start")
    sheet.arrow((lane + 105, 206), (back, 206), colour=TEAL, dash=DASHED)
    sheet.label((273, 192), "refused", size=13, colour=TEAL)
    sheet.arrow((lane + 105, 122), (lane + 134, 122), colour=PURPLE)
    sheet.label((lane + 138, 122), "done", size=13, colour=PURPLE, anchor="start")
    sheet.path([(24, 326), (396, 326)], colour=EDGE, width=1.5)
    sheet.label((210, 348), "chance that all n steps succeed, p^{n}", bold=True)
    axes = Axes(64, 370, 330, 174, (0, 100), (0, 1))
    sheet.axes(axes, [0, 20, 40, 60, 80, 100], [0, 0.2, 0.4, 0.6, 0.8, 1], "steps n", "")
    for p, colour, dash in [(0.999, TEAL, DASHED), (0.99, BLUE, ""), (0.9, ORANGE, DOTTED)]:
        sheet.curve(axes, [(n, p**n) for n in range(101)], colour, dash=dash)
    for p, n, colour, aside in [(0.999, 50, TEAL, 18), (0.99, 50, BLUE, -16), (0.9, 10, ORANGE, -14)]:
        x, y = axes.at(n, p**n)
        sheet.dot((x, y), colour)
        sheet.label((x + 8, y + aside), f"p = {p}: {100 * p**n:.1f}%", size=13, colour=colour, anchor="start")
    sheet.label((210, 602), "steps taken as independent, without recovery", size=13, colour=GREY)
    return sheet
