"""Pictures of models of sequences: the LSTM and GRU cells, attention, a Transformer block."""

from __future__ import annotations

import math
from collections.abc import Sequence

from drawing import BLUE, GREY, ORANGE, PURPLE, TEAL, TINTS, Point, Sheet


def lstm_cell() -> Sheet:
    sheet = Sheet(
        "lstm-cell",
        470,
        "An LSTM cell",
        "The old cell state is multiplied by the forget gate f, the product of input gate i and candidate g is added, and "
        "that is the new cell state. The new hidden state is the output gate o times tanh of the cell state.",
    )
    cell, bus, out = 52.0, 292.0, 342.0
    sheet.arrow((56, cell), (374, cell), colour=BLUE, width=3.5)
    sheet.label((33, cell), "c_{t−1}", size=16)
    sheet.label((396, cell), "c_{t}", size=16)
    sheet.label((54, bus), "h_{t−1}, x_{t}", size=15)
    sheet.path([(92, bus), (302, bus)])
    for x, words, colour in [(112, "f", ORANGE), (178, "i", ORANGE), (240, "g", TEAL), (302, "o", ORANGE)]:
        sheet.arrow((x, bus), (x, 246))
        if x < 302:
            sheet.dot((x, bus))
        sheet.box((x, 228), (50, 34), "tanh" if colour == TEAL else "σ", colour=colour)
        sheet.label((x - 13, 194), words, size=17, colour=colour, bold=True)
    sheet.arrow((112, 211), (112, cell), stop=15, colour=ORANGE)
    sheet.arrow((178, 211), (178, 134), (209, 134), stop=15, colour=ORANGE)
    sheet.arrow((240, 211), (240, 134), (209, 134), stop=15, colour=TEAL)
    sheet.arrow((209, 134), (209, cell), start=14, stop=15, colour=TEAL)
    sheet.arrow((302, 211), (302, 180), (out, 180), stop=15, colour=ORANGE)
    sheet.dot((out, cell), BLUE)
    sheet.arrow((out, cell), (out, 91), colour=BLUE)
    sheet.arrow((out, 125), (out, 180), stop=15)
    sheet.box((out, 108), (54, 32), "tanh")
    sheet.arrow((out, 180), (374, 180), start=14, colour=PURPLE, width=3)
    sheet.label((396, 180), "h_{t}", size=16)
    for at, words in [((112, cell), "⊙"), ((209, cell), "+"), ((209, 134), "⊙"), ((out, 180), "⊙")]:
        sheet.circle(at, 14, words, text=17)
    for at, words in [((122, 96), "keep"), ((219, 96), "write"), ((342, 212), "show")]:
        sheet.label(at, words, size=13, colour=GREY, anchor="start")
    sheet.label((210, 340), "c_{t} = f ⊙ c_{t−1} + i ⊙ g", size=16)
    sheet.label((210, 368), "h_{t} = o ⊙ tanh(c_{t})", size=16)
    sheet.label((210, 400), "f, i, o = σ(W x_{t} + U h_{t−1} + b)", colour=GREY)
    sheet.label((210, 423), "g = tanh(W x_{t} + U h_{t−1} + b)", colour=GREY)
    sheet.label((210, 446), "four layers, each with its own W, U and b", colour=GREY)
    return sheet


def gru_cell() -> Sheet:
    sheet = Sheet(
        "gru-cell",
        492,
        "A GRU cell, where the update gate z multiplies the old state",
        "The new state is z times the old state plus one minus z times the candidate n. The reset gate r multiplies the old "
        "state on its way into the candidate, a tanh layer that also reads the input.",
    )
    state, bus, line = 62.0, 278.0, 316.0
    sheet.arrow((58, state), (376, state), colour=BLUE, width=3.5)
    sheet.label((34, state), "h_{t−1}", size=16)
    sheet.label((396, state), "h_{t}", size=16)
    sheet.dot((76, state), BLUE)
    sheet.arrow((76, state), (76, bus), (272, bus), (272, 216), stop=15, colour=BLUE)
    sheet.label((34, line), "x_{t}", size=16)
    sheet.arrow((54, line), (336, line), (336, 234))
    for x in (134, 210):
        sheet.dot((x - 13, bus), BLUE)
        sheet.arrow((x - 13, bus), (x - 13, 234), colour=BLUE)
        sheet.arrow((x + 13, line), (x + 13, 234), bridge=True)
        sheet.dot((x + 13, line))
        sheet.box((x, 216), (54, 34), "σ", colour=ORANGE)
    sheet.arrow((237, 216), (272, 216), stop=15, colour=ORANGE)
    sheet.arrow((272, 216), (309, 216), start=14)
    sheet.box((336, 216), (52, 34), "tanh", colour=TEAL)
    sheet.arrow((134, 199), (134, state), stop=15, colour=ORANGE)
    sheet.dot((134, 136), ORANGE)
    sheet.arrow((134, 136), (204, 136), colour=ORANGE)
    sheet.arrow((266, 136), (336, 136), stop=15, colour=ORANGE)
    sheet.box((236, 136), (60, 32), "1 − z", colour=ORANGE)
    sheet.arrow((336, 199), (336, 136), stop=15, colour=TEAL)
    sheet.arrow((336, 136), (336, state), start=14, stop=15, colour=TEAL)
    for at, words in [((134, state), "⊙"), ((336, state), "+"), ((336, 136), "⊙"), ((272, 216), "⊙")]:
        sheet.circle(at, 14, words, text=17)
    for at, words, colour in [((120, 177), "z", ORANGE), ((247, 200), "r", ORANGE), ((350, 177), "n", TEAL)]:
        sheet.label(at, words, size=17, colour=colour, bold=True)
    sheet.label((236, 38), "z ⊙ h_{t−1}: the old", colour=GREY)
    sheet.label((322, 99), "(1 − z) ⊙ n: the new", colour=GREY, anchor="end")
    sheet.label((210, 358), "h_{t} = z ⊙ h_{t−1} + (1 − z) ⊙ n", size=16)
    sheet.label((210, 386), "n = tanh(W x_{t} + U(r ⊙ h_{t−1}) + b)", size=16)
    sheet.label((210, 418), "z, r = σ(W x_{t} + U h_{t−1} + b), own W, U, b each", colour=GREY)
    sheet.lines((210, 452), "PyTorch, and Keras by default, apply r\nafter the product with U", size=13, colour=GREY)
    return sheet


def attention() -> Sheet:
    sheet = Sheet(
        "attention",
        514,
        "Scaled dot-product attention with shapes",
        "Q times K transposed, divided by the root of d_k, gives an n x m table of scores; a softmax along each row gives "
        "weights; weights times V give the n x d_v output. One query's row is followed: 2, 0, 0 becomes 0.79, 0.11, 0.11.",
    )
    scores = [2, 0, 0]
    weights = [f"{math.exp(each) / sum(map(math.exp, scores)):.2f}" for each in scores]
    upper, lower = 74.0, 322.0
    tables = [
        (50, upper, 4, 2, 24, ["", ""], "Q", "n × d_{k}"),
        (136, upper, 2, 3, 24, [], "K^{T}", "d_{k} × m"),
        (334, upper, 4, 3, 42, [str(each) for each in scores], "scores", "n × m"),
        (88, lower, 4, 3, 42, weights, "weights", "n × m"),
        (228, lower, 3, 2, 24, [], "V", "m × d_{v}"),
        (334, lower, 4, 2, 24, ["", ""], "output", "n × d_{v}"),
    ]
    for x, y, rows, columns, wide, first, name, shape in tables:
        _grid(sheet, (x, y), (wide, 22), rows, columns, first)
        sheet.label((x, y + 62), name, bold=True)
        sheet.label((x, y + 83), shape)
    for at, sign in [((87, upper), "·"), ((252, upper), "="), ((178, lower), "·"), ((281, lower), "=")]:
        sheet.label(at, sign, size=20)
    sheet.label((210, upper), "÷ √d_{k}", size=15, colour=ORANGE, bold=True)
    sheet.arrow((334, upper + 96), (334, 206))
    sheet.box((210, 224), (304, 34), "softmax along each row", colour=TEAL)
    sheet.arrow((88, 241), (88, lower - 46))
    sheet.label((318, 186), "a mask: some scores become −∞ here", size=13, colour=GREY, anchor="end")
    sheet.lines(
        (210, 446),
        "marked: one query, with scores 2, 0, 0; its output\n"
        f"is {weights[0]} v_{{1}} + {weights[1]} v_{{2}} + {weights[2]} v_{{3}}",
        size=14,
    )
    sheet.label((210, 487), "n queries, m keys and values; self-attention: n = m", size=13, colour=GREY)
    return sheet


def transformer_block() -> Sheet:
    sheet = Sheet(
        "transformer-block",
        590,
        "A pre-norm Transformer block",
        "The residual stream runs straight through. A copy is normalised, goes through attention and is added back; then a "
        "copy is normalised, goes through the MLP and is added back. After the last block the stream is normalised once more.",
    )
    stream, lane = 84.0, 230.0
    sheet.label((stream, 26), "x", size=17)
    sheet.arrow((stream, 40), (stream, 404), colour=BLUE, width=3.5)
    sheet.label((stream, 420), "x", size=17)
    sheet.label((42, 220), "residual stream, n × d", colour=GREY, turned=True)
    parts = [(58, "attention", ORANGE, "mixes\npositions"), (226, "MLP", TEAL, "each position\nby itself")]
    for top, name, colour, does in parts:
        sheet.arrow((stream, top), (lane, top), (lane, top + 20))
        sheet.dot((stream, top), BLUE)
        sheet.box((lane, top + 37), (104, 34), "norm")
        sheet.arrow((lane, top + 54), (lane, top + 78))
        sheet.box((lane, top + 98), (104, 40), name, colour=colour, text=15)
        sheet.arrow((lane, top + 118), (lane, top + 138), (stream, top + 138), stop=15)
        sheet.circle((stream, top + 138), 14, "+", text=17)
        sheet.lines((346, top + 98), does, colour=GREY)
    sheet.arrow((stream, 436), (stream, 456), colour=BLUE, width=3.5)
    sheet.box((stream, 475), (104, 34), "norm")
    sheet.label((150, 475), "once, after the last block", colour=GREY, anchor="start")
    sheet.label((210, 518), "x ← x + attention(norm(x))", size=15)
    sheet.label((210, 542), "x ← x + MLP(norm(x))", size=15)
    sheet.label((210, 570), "post-norm (2017): x ← norm(x + attention(x))", size=13, colour=GREY)
    return sheet


def _grid(sheet: Sheet, centre: Point, cell: Point, rows: int, columns: int, first: Sequence[str] = ()) -> None:
    """A matrix; its first row is marked when `first` tells what stands in it."""
    left, top = centre[0] - columns * cell[0] / 2, centre[1] - rows * cell[1] / 2
    for row in range(rows):
        for column in range(columns):
            x, y = left + column * cell[0], top + row * cell[1]
            marked = bool(first) and row == 0
            corners = [(x, y), (x + cell[0], y), (x + cell[0], y + cell[1]), (x, y + cell[1])]
            fill = TINTS[PURPLE] if marked else TINTS[BLUE]
            sheet.path(corners, colour=BLUE, width=1, fill=fill, closed=True)
            if marked and first[column]:
                sheet.label((x + cell[0] / 2, y + cell[1] / 2), first[column], size=13)
