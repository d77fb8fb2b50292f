"""Draws the drafts of the pictures beside it: python docs/drafts/figures.py [FOLDER]"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import NormalDist

from drawing import BLUE, DASHED, DOTTED, EDGE, GREY, INK, ORANGE, PAPER, PURPLE, TEAL, TINTS, Axes, Point, Sheet

MEDIA = Path(__file__).resolve().parent / "media"
NORMAL = NormalDist()
SEPARATION = 1.5  # d′: distance of the two means of roc-pr in standard deviations


def main(folder: Path = MEDIA) -> None:
    """Write every picture into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for draw in FIGURES:
        sheet = draw()
        (folder / f"{sheet.name}.svg").write_text(sheet.svg(), encoding="utf-8", newline="\n")


def neuron() -> Sheet:
    sheet = Sheet(
        "neuron",
        300,
        "One artificial neuron",
        "Inputs 1 and 2 are multiplied by the weights 0.5 and -1 and added to the bias 2. The sum 0.5 goes through an "
        "activation function and gives the output a.",
    )
    inputs, total, out = [(75.0, 85.0), (75.0, 195.0)], (280.0, 140.0), (565.0, 140.0)
    for index, (at, weight) in enumerate(zip(inputs, ["w_{1} = 0.5", "w_{2} = −1"], strict=True), 1):
        sheet.arrow(at, total, start=37, stop=38)
        sheet.circle(at, 36, f"x_{{{index}}} = {index}", colour=BLUE)
        sheet.label((186, 82 if index == 1 else 200), weight, colour=ORANGE, bold=True)
    sheet.arrow((280, 226), total, stop=38)
    sheet.box((280, 240), (84, 32), "b = 2", colour=ORANGE)
    sheet.arrow(total, (384, 140), start=37, stop=1)
    sheet.circle(total, 36, "Σ", text=26)
    sheet.label((351, 124), "0.5")
    sheet.box((435, 140), (100, 84), colour=TEAL)
    sheet.label((435, 121), "φ", size=22)
    sheet.path([(405, 162), (435, 162), (459, 142)], colour=TEAL, width=3)
    sheet.arrow((487, 140), out, stop=29)
    sheet.circle(out, 28, "a", colour=PURPLE, text=18)
    sheet.label((280, 30), "1. affine sum", bold=True)
    sheet.label((435, 30), "2. activation", bold=True)
    sheet.label((75, 30), "inputs", bold=True)
    sheet.label((565, 30), "output", bold=True)
    sheet.label((280, 56), "w·x + b", colour=GREY)
    sheet.label((435, 56), "φ(w·x + b)", colour=GREY)
    sheet.lines((503, 212), "ReLU: a = 0.5\nsigmoid: a ≈ 0.62", size=14)
    sheet.label((320, 277), "0.5 · 1 + (−1) · 2 + 2 = 0.5", colour=GREY)
    return sheet


def activations() -> Sheet:
    sheet = Sheet(
        "activations",
        390,
        "Sigmoid, tanh, ReLU and GELU with their derivatives",
        "Left: the functions for x from -4 to 4. Right: their derivatives. The sigmoid's slope peaks at 0.25, that of tanh "
        "at 1; ReLU has slope 0 or 1; GELU's slope dips to -0.13 and rises to 1.13.",
    )
    left = Axes(72, 95, 225, 225, (-4, 4), (-1.5, 4))
    right = Axes(388, 95, 225, 225, (-4, 4), (-0.25, 1.25))
    sheet.axes(left, [-4, -2, 0, 2, 4], [-1, 0, 1, 2, 3, 4], "x", "φ(x)")
    sheet.axes(right, [-4, -2, 0, 2, 4], [-0.25, 0, 0.25, 0.5, 0.75, 1, 1.25], "x", "φ′(x)")
    for axes in (left, right):
        sheet.path([axes.at(-4, 0), axes.at(4, 0)], colour=GREY, width=1)
    xs = [index / 20 for index in range(-80, 81)]
    sheet.curve(left, [(-4, 0), (0, 0), (4, 4)], TEAL, width=6)
    sheet.curve(right, [(-4, 0), (0, 0)], TEAL, width=6)
    sheet.curve(right, [(0, 1), (4, 1)], TEAL, width=6)
    sheet.dot(right.at(0, 0), TEAL, hollow=True)
    sheet.dot(right.at(0, 1), TEAL, hollow=True)
    smooth: list[tuple[str, str, Callable[[float], float], Callable[[float], float]]] = [
        (PAPER, "", _gelu, _gelu_slope),  # so that the dots of GELU are seen upon the broad line of ReLU
        (PURPLE, DOTTED, _gelu, _gelu_slope),
        (BLUE, "", _sigmoid, lambda x: _sigmoid(x) * (1 - _sigmoid(x))),
        (ORANGE, DASHED, math.tanh, lambda x: 1 - math.tanh(x) ** 2),
    ]
    for colour, dash, value, slope in smooth:
        sheet.curve(left, [(x, value(x)) for x in xs], colour, dash=dash)
        sheet.curve(right, [(x, slope(x)) for x in xs], colour, dash=dash)
    for x, words, colour, dash in [
        (86, "sigmoid", BLUE, ""),
        (228, "tanh", ORANGE, DASHED),
        (470, "GELU", PURPLE, DOTTED),
    ]:
        sheet.key((x, 34), words, colour, dash=dash)
    sheet.key((350, 34), "ReLU", TEAL, width=6)
    sheet.label((184, 72), "the function", bold=True)
    sheet.label((500, 72), "its slope", bold=True)
    return sheet


def bias_variance() -> Sheet:
    sheet = Sheet(
        "bias-variance",
        375,
        "Train and test error against model size: U-curve, then double descent",
        "Schematic. Training error falls to zero at the interpolation threshold. Test error falls, rises in the classical "
        "U-curve to a peak at the threshold, and falls again beyond it.",
    )
    axes = Axes(62, 92, 540, 240, (0, 10), (0, 1.15))
    threshold = 5.2
    sheet.axes(axes, [], [], "model size →", "error →")
    xs = [index / 20 for index in range(4, 200)]
    sheet.path([axes.at(threshold, 0), axes.at(threshold, 1.15)], colour=GREY, dash=DASHED, width=1.5)
    sheet.curve(axes, [(x, 0.85 * max(0.0, 1 - x / threshold) ** 2) for x in xs], ORANGE, dash=DASHED)
    sheet.curve(axes, [(x, _test_error(x, threshold)) for x in xs], BLUE, width=3)
    sheet.key((66, 34), "test error", BLUE, width=3)
    sheet.key((206, 34), "training error", ORANGE, dash=DASHED)
    sheet.label((602, 34), "schematic, no real data", size=14, colour=GREY, anchor="end")
    best = min((x for x in xs if x < threshold), key=lambda x: _test_error(x, threshold))
    sheet.dot(axes.at(best, _test_error(best, threshold)), BLUE)
    x, y = axes.at(best, _test_error(best, threshold))
    sheet.label((x, y - 40), "classical optimum", size=14)
    edge = axes.at(threshold, 0)[0]
    sheet.label((edge, 76), "interpolation threshold: training data just fitted", size=14, colour=GREY)
    sheet.label((edge - 12, 110), "classical regime: U-curve", size=14, bold=True, anchor="end")
    sheet.label((edge + 12, 110), "over-parameterised", size=14, bold=True, anchor="start")
    sheet.lines((edge + 150, 180), "second descent:\nmay end below\nthe first optimum", size=14)
    sheet.lines((edge + 140, 312), "training error about 0", size=14, colour=GREY)
    return sheet


def dropout() -> Sheet:
    sheet = Sheet(
        "dropout",
        420,
        "Inverted dropout in training and at inference",
        "Drop rate 0.2, activations 4. In training one of five units is zeroed and the survivors are divided by 0.8, which "
        "makes them 5. At inference all five units pass on 4, unscaled.",
    )
    sheet.path([(320, 28), (320, 300)], colour=EDGE, width=1.5)
    for left, title, values in [(0, "Training, p = 0.2", "5 5 0 5 5"), (310, "Inference", "4 4 4 4 4")]:
        sheet.label((left + 170, 38), title, size=16, bold=True)
        units = [(left + 170.0, 84.0 + 48 * index) for index in range(5)]
        for unit, value in zip(units, values.split(), strict=True):
            for source in (132, 180, 228):
                sheet.path([(left + 70, source), unit], colour=EDGE if value == "0" else GREY, width=1)
            if value == "0":
                sheet.path([unit, (left + 272, 180)], colour=EDGE, width=1)
            else:
                sheet.arrow(unit, (left + 272, 180), start=20, stop=19, width=1.5)
        for source in (132.0, 180.0, 228.0):
            sheet.circle((left + 70, source), 13, colour=BLUE)
        for unit, value in zip(units, values.split(), strict=True):
            if value == "0":
                sheet.circle(unit, 19, value, colour=PURPLE, dash="4 5")
            else:
                sheet.circle(unit, 19, value, colour=TEAL)
        sheet.circle((left + 272, 180), 18, "Σ", colour=ORANGE, text=17)
    sheet.label((170, 318), "y = x ⊙ m/(1 − p): survivors 4 ÷ 0.8 = 5", size=14)
    sheet.label((480, 318), "y = x: all units, no mask, no scaling", size=14)
    sheet.path([(30, 342), (610, 342)], colour=EDGE, width=1.5)
    masks = "11011,  01111,  10110,  11111"
    sheet.label((30, 365), f"A fresh mask m for each example and pass, for instance {masks}", size=14, anchor="start")
    sheet.label((30, 394), "Expectation in training: 0.8 · 5 + 0.2 · 0 = 4, as at inference", size=14, anchor="start")
    return sheet


def cnn_pipeline() -> Sheet:
    sheet = Sheet(
        "cnn-pipeline",
        300,
        "Sizes and parameters along a small convolutional network",
        "32 x 32 x 3, convolution 5 x 5 with 6 filters to 28 x 28 x 6, pooling to 14 x 14 x 6, convolution 5 x 5 with 16 "
        "filters to 10 x 10 x 16, pooling to 5 x 5 x 16, flattened to 400, dense layer to 10 logits.",
    )
    maps = [(32, 3, 66.0), (28, 6, 205.0), (14, 6, 326.0), (10, 16, 420.0), (5, 16, 516.0)]
    middle = 158.0
    ends = []
    for side, channels, x in maps:
        deep = 3 + 1.2 * channels
        half = 1.35 * side
        _block(sheet, (x, middle), half, deep, BLUE if channels == 3 else TEAL)
        ends.append((x - half - 4, x + half + deep + 4))
        sheet.label((x + deep / 2, 238), f"{side}×{side}×{channels}", bold=True)
    ends.append((583, 0))
    for index in range(10):
        sheet.circle((592, middle - 54 + 12 * index), 4, colour=PURPLE)
    sheet.label((592, 238), "10", bold=True)
    steps = ["conv 5×5\n6 filters", "max-pool\n2×2", "conv 5×5\n16 filters", "max-pool\n2×2", "flatten\ndense"]
    weights = ["456", "0", "2,416", "0", "4,010"]
    for index, (words, count) in enumerate(zip(steps, weights, strict=True)):
        start, stop = ends[index][1], ends[index + 1][0]
        sheet.arrow((start, middle), (stop, middle))
        x = (start + stop) / 2
        sheet.lines((x, 42), words, size=13)
        sheet.label((x, 78), count, size=14, colour=ORANGE, bold=True)
    sheet.label((24, 78), "parameters", size=14, colour=ORANGE, anchor="start")
    sheet.label(
        (320, 272),
        "convolutions: stride 1, no padding, a bias and a ReLU each; pooling: stride 2",
        size=13,
        colour=GREY,
    )
    return sheet


def lstm_cell() -> Sheet:
    sheet = Sheet(
        "lstm-cell",
        420,
        "An LSTM cell",
        "The old cell state is multiplied by the forget gate f, the product of input gate i and candidate g is added, and "
        "that is the new cell state. The new hidden state is the output gate o times tanh of the cell state.",
    )
    cell, bus = 70.0, 300.0
    sheet.arrow((84, cell), (566, cell), colour=BLUE, width=3.5)
    sheet.label((50, cell), "c_{t−1}", size=17)
    sheet.label((592, cell), "c_{t}", size=17)
    sheet.box((62, bus), (84, 36), "h_{t−1}, x_{t}", colour=INK)
    sheet.path([(104, bus), (440, bus)])
    for x, words, colour in [(170, "f", ORANGE), (270, "i", ORANGE), (355, "g", TEAL), (440, "o", ORANGE)]:
        sheet.arrow((x, bus), (x, 253))
        if x < 440:
            sheet.dot((x, bus))
        sheet.box((x, 235), (62, 36), "tanh" if colour == TEAL else "σ", colour=colour)
        sheet.label((x - 13, 200), words, size=17, colour=colour, bold=True)
    sheet.arrow((170, 217), (170, cell), stop=16, colour=ORANGE)
    sheet.arrow((270, 217), (270, 150), (312, 150), stop=16, colour=ORANGE)
    sheet.arrow((355, 217), (355, 150), (312, 150), stop=16, colour=TEAL)
    sheet.arrow((312, 150), (312, cell), start=15, stop=16, colour=TEAL)
    sheet.arrow((440, 217), (440, 190), (510, 190), stop=16, colour=ORANGE)
    sheet.dot((510, cell), BLUE)
    sheet.arrow((510, cell), (510, 111), colour=BLUE)
    sheet.arrow((510, 145), (510, 190), stop=16)
    sheet.box((510, 128), (60, 34), "tanh")
    sheet.arrow((510, 190), (566, 190), start=15, colour=PURPLE, width=3)
    sheet.label((592, 190), "h_{t}", size=17)
    for at, words in [((170, cell), "⊙"), ((312, cell), "+"), ((312, 150), "⊙"), ((510, 190), "⊙")]:
        sheet.circle(at, 15, words, text=18)
    sheet.label((208, 100), "keep", size=14, colour=GREY)
    sheet.label((343, 100), "write", size=14, colour=GREY)
    sheet.label((540, 214), "show", size=14, colour=GREY)
    sheet.label((190, 346), "c_{t} = f ⊙ c_{t−1} + i ⊙ g", size=16)
    sheet.label((460, 346), "h_{t} = o ⊙ tanh(c_{t})", size=16)
    sheet.label(
        (320, 374), "gates f, i, o: σ(W x_{t} + U h_{t−1} + b), candidate g: tanh of such a sum,", size=14, colour=GREY
    )
    sheet.label((320, 396), "each of the four with its own W, U and b", size=14, colour=GREY)
    return sheet


def gru_cell() -> Sheet:
    sheet = Sheet(
        "gru-cell",
        440,
        "A GRU cell, where the update gate z multiplies the old state",
        "The new state is z times the old state plus one minus z times the candidate n. The reset gate r multiplies the old "
        "state on its way into the candidate, a tanh layer that also reads the input.",
    )
    state, bus, line = 70.0, 292.0, 336.0
    sheet.arrow((92, state), (566, state), colour=BLUE, width=3.5)
    sheet.label((50, state), "h_{t−1}", size=17)
    sheet.label((592, state), "h_{t}", size=17)
    sheet.dot((112, state), BLUE)
    sheet.arrow((112, state), (112, bus), (396, bus), (396, 225), stop=16, colour=BLUE)
    sheet.label((50, line), "x_{t}", size=17)
    sheet.arrow((76, line), (490, line), (490, 243))
    for x in (190, 300):
        sheet.dot((x - 16, bus), BLUE)
        sheet.arrow((x - 16, bus), (x - 16, 243), colour=BLUE)
        sheet.arrow((x + 16, line), (x + 16, 243), bridge=True)
        sheet.dot((x + 16, line))
        sheet.box((x, 225), (72, 36), "σ", colour=ORANGE)
    sheet.arrow((336, 225), (396, 225), stop=16, colour=ORANGE)
    sheet.arrow((396, 225), (448, 225), start=15)
    sheet.box((490, 225), (84, 36), "tanh", colour=TEAL)
    sheet.arrow((190, 207), (190, state), stop=16, colour=ORANGE)
    sheet.dot((190, 140), ORANGE)
    sheet.arrow((190, 140), (294, 140), colour=ORANGE)
    sheet.arrow((366, 140), (490, 140), stop=16, colour=ORANGE)
    sheet.box((330, 140), (72, 34), "1 − z", colour=ORANGE)
    sheet.arrow((490, 207), (490, 140), stop=16, colour=TEAL)
    sheet.arrow((490, 140), (490, state), start=15, stop=16, colour=TEAL)
    for at, words in [((190, state), "⊙"), ((490, state), "+"), ((490, 140), "⊙"), ((396, 225), "⊙")]:
        sheet.circle(at, 15, words, text=18)
    for at, words, colour in [((177, 185), "z", ORANGE), ((353, 209), "r", ORANGE), ((477, 185), "n", TEAL)]:
        sheet.label(at, words, size=17, colour=colour, bold=True)
    sheet.label((330, 50), "z ⊙ h_{t−1}: keep the old state", size=14, colour=GREY)
    sheet.label((513, 105), "(1 − z) ⊙ n", size=14, colour=GREY, anchor="start")
    sheet.label((160, 376), "h_{t} = z ⊙ h_{t−1} + (1 − z) ⊙ n", size=16)
    sheet.label((465, 376), "n = tanh(W x_{t} + U(r ⊙ h_{t−1}) + b)", size=16)
    sheet.label(
        (320, 399), "gates z, r = σ(W x_{t} + U h_{t−1} + b), each layer with its own W, U and b", size=14, colour=GREY
    )
    sheet.label((320, 420), "PyTorch, and Keras by default, apply r after the product with U", size=14, colour=GREY)
    return sheet


def attention() -> Sheet:
    sheet = Sheet(
        "attention",
        360,
        "Scaled dot-product attention with shapes",
        "Q times K transposed, divided by the root of d_k, gives an n x m table of scores; a softmax along each row gives "
        "weights; weights times V give the n x d_v output. One query's row is followed: 2, 0, 0 becomes 0.79, 0.11, 0.11.",
    )
    lane, low = 92.0, 250.0
    scores = [2, 0, 0]
    weights = [f"{math.exp(each) / sum(map(math.exp, scores)):.2f}".lstrip("0") for each in scores]
    _grid(sheet, (40, lane), (16, 20), 4, 2, ["", ""])
    _grid(sheet, (40, low), (16, 20), 3, 2)
    _grid(sheet, (276, lane), (26, 20), 4, 3, [str(each) for each in scores])
    _grid(sheet, (470, lane), (28, 20), 4, 3, weights)
    _grid(sheet, (549, low), (16, 20), 3, 2)
    _grid(sheet, (602, lane), (16, 20), 4, 2, ["", ""])
    for start, stop in [(59, 84), (141, 160), (217, 235), (317, 336), (408, 426), (514, 532), (566, 584)]:
        sheet.arrow((start, lane), (stop, lane))
    sheet.arrow((59, low), (113, low), (113, lane + 20))
    sheet.arrow((549, low - 33), (549, lane), stop=18)
    sheet.box((113, lane), (54, 38), "QK^{T}")
    sheet.box((189, lane), (54, 38), "÷ √d_{k}", colour=ORANGE)
    sheet.box((372, lane), (70, 46), "softmax\nper row", colour=TEAL, text=14)
    sheet.circle((549, lane), 16, "· V", text=14)
    names = [
        (40, lane, "Q", "n × d_{k}"),
        (40, low - 8, "K", "m × d_{k}"),
        (276, lane, "scores", "n × m"),
        (470, lane, "weights", "n × m"),
    ]
    for x, y, name, shape in [*names, (549, low - 8, "V", "m × d_{v}"), (602, lane, "output", "n × d_{v}")]:
        sheet.label((x, y + 56), name, bold=True)
        sheet.label((x, y + 76), shape, size=14)
    sheet.arrow((326, 190), (326, lane + 4), colour=GREY, dash="4 4")
    sheet.label((326, 202), "a mask sets scores to −∞ here", size=14, colour=GREY)
    sheet.label((310, 246), "one query (marked): scores 2, 0, 0", size=14)
    sheet.label((310, 268), "give the weights 0.79, 0.11, 0.11", size=14)
    sheet.label((310, 290), "and the output 0.79 v_{1} + 0.11 v_{2} + 0.11 v_{3}", size=14)
    sheet.label((310, 324), "n queries, m keys and values;", size=14, colour=GREY)
    sheet.label((310, 342), "in self-attention n = m", size=14, colour=GREY)
    return sheet


def transformer_block() -> Sheet:
    sheet = Sheet(
        "transformer-block",
        330,
        "A pre-norm Transformer block",
        "The residual stream runs straight through. A copy is normalised, goes through attention and is added back; then a "
        "copy is normalised, goes through the MLP and is added back.",
    )
    stream, lane = 90.0, 180.0
    sheet.arrow((44, stream), (586, stream), colour=BLUE, width=3.5)
    sheet.label((28, stream), "x", size=17)
    sheet.label((606, stream), "x", size=17)
    sheet.label((320, 36), "residual stream, n × d: untouched but for the two sums", size=14, colour=GREY)
    parts = [
        (70, 300, "attention", 92, ORANGE, "mixes\npositions"),
        (340, 548, "MLP", 66, TEAL, "each position\nby itself"),
    ]
    for start, end, name, width, colour, does in parts:
        norm, work = start + 54, end - 28 - width / 2
        sheet.dot((start, stream), BLUE)
        sheet.arrow((start, stream), (start, lane), (norm - 35, lane))
        sheet.arrow((norm + 34, lane), (work - width / 2 - 1, lane))
        sheet.arrow((work + width / 2, lane), (end, lane), (end, stream), stop=16)
        sheet.box((norm, lane), (68, 42), "norm")
        sheet.box((work, lane), (width, 42), name, colour=colour)
        sheet.circle((end, stream), 15, "+", text=18)
        sheet.lines((work, 222), does, size=14, colour=GREY)
        sheet.label(((start + end) / 2, 270), f"x ← x + {name}(norm(x))", size=16)
    sheet.label((320, 304), "norm: LayerNorm or RMSNorm; post-norm (2017) had it after each sum", size=14, colour=GREY)
    return sheet


def gan_loop() -> Sheet:
    sheet = Sheet(
        "gan-loop",
        400,
        "Data and gradients in a GAN",
        "Noise z goes through the generator G to a fake; fakes and real data go through the discriminator D to two losses. "
        "The generator's gradient passes back through D and updates G alone; the discriminator's updates D alone.",
    )
    back, forth, real, learn = 88.0, 134.0, 204.0, 246.0
    sheet.box((175, 116), (92, 104), "generator\nG", colour=PURPLE)
    sheet.box((395, 170), (104, 220), "\ndiscriminator\nD", colour=ORANGE)
    sheet.circle((56, forth), 24, "z", colour=BLUE, text=17)
    sheet.box((284, forth), (66, 34), "G(z)", colour=BLUE)
    sheet.box((284, real), (66, 34), "x", colour=BLUE)
    sheet.box((545, 110), (150, 84), "generator loss\n−log D(G(z))", colour=PURPLE, text=14)
    sheet.box((545, 228), (150, 92), "discriminator loss\n−log D(x)\n−log(1 − D(G(z)))", colour=ORANGE, text=14)
    sheet.label((56, 92), "noise", size=14, colour=GREY)
    sheet.label((284, 163), "fake", size=14, colour=GREY)
    sheet.label((284, 233), "real", size=14, colour=GREY)
    for start, stop, y in [
        (80, 128, forth),
        (221, 250, forth),
        (317, 342, forth),
        (317, 342, real),
        (447, 469, forth),
        (447, 469, real),
    ]:
        sheet.arrow((start, y), (stop, y))
    sheet.arrow((470, back), (222, back), colour=PURPLE, dash="6 5", width=2.5)
    sheet.arrow((470, learn), (448, learn), colour=ORANGE, dash="6 5", width=2.5)
    sheet.arrow((40, 320), (76, 320))
    sheet.label((86, 320), "forward", size=14, anchor="start")
    sheet.arrow((76, 346), (40, 346), colour=PURPLE, dash="6 5", width=2.5)
    sheet.label(
        (86, 346),
        "generator step: the gradient passes through D, held fixed, and updates G only",
        size=14,
        anchor="start",
    )
    sheet.arrow((76, 372), (40, 372), colour=ORANGE, dash="6 5", width=2.5)
    sheet.label(
        (86, 372), "discriminator step: the gradient updates D only; it stops before the fakes", size=14, anchor="start"
    )
    return sheet


def norm_axes() -> Sheet:
    sheet = Sheet(
        "norm-axes",
        330,
        "What batch, layer, instance and group norm average over",
        "Each panel is a tensor of 3 examples by 4 channels; a cell is one H x W map. Marked are the values that share one "
        "mean and variance: a column for batch norm, a row for layer norm, a cell for instance norm, part of a row for group norm.",
    )
    panels: list[tuple[str, str, str, Callable[[int, int], bool]]] = [
        ("Batch norm", "over N, H, W", "C = 4 means", lambda _n, c: c == 0),
        ("Layer norm", "over C, H, W", "N = 3 means", lambda n, _c: n == 0),
        ("Instance norm", "over H, W", "N · C = 12 means", lambda n, c: n == 0 and c == 0),
        ("Group norm", "over C/2, H, W", "N · 2 = 6 means", lambda n, c: n == 0 and c < 2),
    ]
    for index, (name, over, count, shares) in enumerate(panels):
        left = 44 + 150 * index
        sheet.label((left + 54, 34), name, size=16, bold=True)
        for n in range(3):
            for c in range(4):
                _map(sheet, (left + 28 * c, 84 + 36 * n), ORANGE if shares(n, c) else GREY)
        sheet.label((left + 54, 208), over, bold=True, colour=ORANGE)
        sheet.label((left + 54, 230), count, size=14)
    sheet.arrow((44, 66), (152, 66), colour=GREY, width=1.5)
    sheet.label((164, 66), "C", size=14, colour=GREY)
    sheet.arrow((28, 84), (28, 182), colour=GREY, width=1.5)
    sheet.label((28, 70), "N", size=14, colour=GREY)
    sheet.label(
        (320, 264),
        "a cell: one H × W map; marked: the values that share one mean and variance (group norm: 2 groups)",
        size=13,
    )
    sheet.label(
        (320, 286),
        "statistics in training; at inference batch norm uses its running averages, the others do as before",
        size=13,
    )
    sheet.label((320, 308), "in a Transformer, layer norm takes each token by itself, over its features only", size=13)
    return sheet


def roc_pr() -> Sheet:
    rates = [(1 - NORMAL.cdf(cut / 50), 1 - NORMAL.cdf(cut / 50 - SEPARATION)) for cut in range(-250, 400)]
    area = NORMAL.cdf(SEPARATION / math.sqrt(2))
    cut = SEPARATION - NORMAL.inv_cdf(0.8)
    false_alarms = 1 - NORMAL.cdf(cut)
    sheet = Sheet(
        "roc-pr",
        420,
        "ROC and precision-recall curves at 50% and at 1% positives",
        f"Normal scores, d' = {SEPARATION}. The ROC curve is the same for both, with area {area:.3f}. Precision at recall 0.8 is "
        f"{_precision(0.8, false_alarms, 0.5):.2f} with 50% positives and {_precision(0.8, false_alarms, 0.01):.3f} with 1%.",
    )
    left = Axes(76, 100, 222, 222, (0, 1), (0, 1))
    right = Axes(392, 100, 222, 222, (0, 1), (0, 1))
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    sheet.axes(left, ticks, ticks, "false positive rate", "true positive rate (recall)")
    sheet.axes(right, ticks, ticks, "recall", "precision")
    sheet.label((187, 78), f"ROC: the same, area {area:.3f}", bold=True)
    sheet.label((503, 78), "precision-recall: falls", bold=True)
    sheet.curve(left, [(0, 0), (1, 1)], GREY, dash=DOTTED, width=2)
    for share, colour, dash, width in [(0.5, BLUE, "", 3.0), (0.01, ORANGE, DASHED, 2.5)]:
        sheet.curve(left, [(1, 1), *rates, (0, 0)], BLUE if share == 0.5 else PAPER, width=width)
        sheet.curve(right, [(0, share), (1, share)], GREY, dash=DOTTED, width=2)
        curve = [(recall, _precision(recall, alarms, share)) for alarms, recall in rates]
        sheet.curve(right, [(1, share), *curve, (0, 1)], colour, dash=dash, width=width)
        at = (0.8, _precision(0.8, false_alarms, share))
        sheet.dot(right.at(*at), colour)
    return sheet


FIGURES = (
    neuron,
    activations,
    bias_variance,
    dropout,
    cnn_pipeline,
    lstm_cell,
    gru_cell,
    attention,
    transformer_block,
    gan_loop,
    norm_axes,
    roc_pr,
)


def _precision(recall: float, false_alarms: float, share: float) -> float:
    """Of all alarms, the part that is right.

    Args:
        false_alarms: False positive rate.
        share: Positives among all cases.
    """
    return share * recall / (share * recall + (1 - share) * false_alarms)


def _map(sheet: Sheet, corner: Point, colour: str) -> None:
    """A feature map of 3 by 3 values."""
    for index in range(9):
        x, y = corner[0] + 8 * (index % 3), corner[1] + 10 * (index // 3)
        square = [(x, y), (x + 8, y), (x + 8, y + 10), (x, y + 10)]
        sheet.path(square, colour=colour, width=1, fill=colour if colour == ORANGE else TINTS[GREY], closed=True)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _gelu(x: float) -> float:
    return x * NORMAL.cdf(x)


def _gelu_slope(x: float) -> float:
    return NORMAL.cdf(x) + x * NORMAL.pdf(x)


def _test_error(size: float, threshold: float) -> float:
    """A made-up curve with the right shape: falls, peaks at the threshold, falls again."""
    floor = 0.33 - 0.17 / (1 + math.exp(-1.6 * (size - threshold - 0.6)))
    peak = 0.68 / (1 + ((size - threshold) / (0.8 if size < threshold else 0.7)) ** 2)
    return 0.85 * math.exp(-size / 1.1) + floor + peak


def _block(sheet: Sheet, centre: Point, half: float, deep: float, colour: str) -> None:
    """A stack of feature maps in oblique view."""
    x, y = centre
    rise = 0.6 * deep
    top = [
        (x - half, y - half),
        (x - half + deep, y - half - rise),
        (x + half + deep, y - half - rise),
        (x + half, y - half),
    ]
    side = [(x + half, y - half), top[2], (x + half + deep, y + half - rise), (x + half, y + half)]
    front = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    for face in (top, side, front):
        sheet.path(face, colour=colour, width=1.5, fill=TINTS[colour], closed=True)


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


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
