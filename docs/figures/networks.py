"""Pictures of units, layers and nets: a neuron, dropout, a CNN's sizes, a GAN's loop, the axes of normalisation."""

from __future__ import annotations

from collections.abc import Callable

from drawing import BLUE, EDGE, GREY, INK, ORANGE, PURPLE, TEAL, TINTS, Point, Sheet
from plots import sigmoid


def neuron() -> Sheet:
    total = 0.5 * 1 + -1 * 2 + 2
    sheet = Sheet(
        "neuron",
        326,
        "One artificial neuron",
        "Inputs 1 and 2 are multiplied by the weights 0.5 and -1 and added to the bias 2. The sum 0.5 goes through an "
        "activation function and gives the output a.",
    )
    inputs, middle, out = [(54.0, 92.0), (54.0, 194.0)], (182.0, 143.0), (376.0, 143.0)
    for index, (at, weight) in enumerate(zip(inputs, ["w_{1} = 0.5", "w_{2} = −1"], strict=True), 1):
        sheet.arrow(at, middle, start=33, stop=31)
        sheet.circle(at, 32, f"x_{{{index}}} = {index}", colour=BLUE)
        sheet.label((128, 88 if index == 1 else 198), weight, colour=ORANGE, bold=True)
    sheet.arrow((182, 222), middle, stop=31)
    sheet.box((182, 236), (74, 30), "b = 2", colour=ORANGE)
    sheet.arrow(middle, (255, 143), start=30, stop=1)
    sheet.circle(middle, 30, "Σ", text=22)
    sheet.label((233, 127), f"{total:g}")
    sheet.box((287, 143), (64, 72), colour=TEAL)
    sheet.label((287, 124), "φ", size=20)
    sheet.path([(265, 160), (287, 160), (305, 144)], colour=TEAL, width=3)
    sheet.arrow((320, 143), out, stop=27)
    sheet.circle(out, 26, "a", colour=PURPLE, text=17)
    for at, words in [
        ((54, 32), "inputs"),
        ((182, 32), "affine sum"),
        ((287, 32), "activation"),
        ((376, 32), "output"),
    ]:
        sheet.label(at, words, bold=True)
    sheet.lines((322, 210), f"ReLU: a = {max(0, total):g}\nsigmoid: a ≈ {sigmoid(total):.2f}")
    sheet.label((210, 278), f"w·x + b = 0.5 · 1 − 1 · 2 + 2 = {total:g}", colour=GREY)
    sheet.label((210, 303), "a = φ(w·x + b)", size=15)
    return sheet


def dropout() -> Sheet:
    sheet = Sheet(
        "dropout",
        408,
        "Inverted dropout in training and at inference",
        "Drop rate 0.2, activations 4. In training one of five units is zeroed and the survivors are divided by 0.8, which "
        "makes them 5. At inference all five units pass on 4, unscaled.",
    )
    sheet.path([(210, 24), (210, 322)], colour=EDGE, width=1.5)
    for left, title, values in [(0.0, "Training, p = 0.2", "5 5 0 5 5"), (204.0, "Inference", "4 4 4 4 4")]:
        sheet.label((left + 108, 32), title, size=15, bold=True)
        units = [(left + 106.0, 74.0 + 43 * index) for index in range(5)]
        for unit, value in zip(units, values.split(), strict=True):
            for source in (112.0, 160.0, 208.0):
                sheet.path([(left + 36, source), unit], colour=EDGE if value == "0" else GREY, width=1)
            if value == "0":
                sheet.path([unit, (left + 176, 160)], colour=EDGE, width=1)
            else:
                sheet.arrow(unit, (left + 176, 160), start=18, stop=18, width=1.5)
        for source in (112.0, 160.0, 208.0):
            sheet.circle((left + 36, source), 12, colour=BLUE)
        for unit, value in zip(units, values.split(), strict=True):
            if value == "0":
                sheet.circle(unit, 17, value, colour=PURPLE, dash="4 5")
            else:
                sheet.circle(unit, 17, value, colour=TEAL)
        sheet.circle((left + 176, 160), 17, "Σ", colour=ORANGE, text=16)
    sheet.lines((106, 296), "y = x ⊙ m/(1 − p)\nsurvivors: 4 ÷ 0.8 = 5")
    sheet.lines((312, 296), "y = x\nall units, unscaled")
    sheet.path([(24, 334), (396, 334)], colour=EDGE, width=1.5)
    sheet.label((24, 356), "A fresh mask m for each example and pass;", anchor="start")
    sheet.label((24, 382), "mean of y in training: 0.8 · 5 + 0.2 · 0 = 4", anchor="start")
    return sheet


def cnn_pipeline() -> Sheet:
    sheet = Sheet(
        "cnn-pipeline",
        584,
        "Sizes and parameters along a small convolutional network",
        "32 x 32 x 3, convolution 5 x 5 with 6 filters to 28 x 28 x 6, pooling to 14 x 14 x 6, convolution 5 x 5 with 16 "
        "filters to 10 x 10 x 16, global average pooling to 16 numbers, linear layer to 10 logits.",
    )
    steps = [
        ("conv 5×5, 6 filters", (5 * 5 * 3 + 1) * 6),
        ("max-pool 2×2", 0),
        ("conv 5×5, 16 filters", (5 * 5 * 6 + 1) * 16),
        ("global average pool", 0),
        ("linear", (16 + 1) * 10),
    ]
    sheet.label((90, 28), "maps", bold=True)
    sheet.label((168, 28), "step, size", bold=True, anchor="start")
    sheet.label((396, 28), "parameters", colour=ORANGE, bold=True, anchor="end")
    y: float = 54
    for (side, channels), (words, count) in zip([(32, 3), (28, 6), (14, 6), (10, 16), (1, 16)], steps, strict=True):
        half, deep = 1.1 * side, 3 + 1.2 * channels
        y += 0.6 * deep + half
        _block(sheet, (90 - deep / 2, y), half, deep, BLUE if channels == 3 else TEAL)
        sheet.label((168, y), f"{side}×{side}×{channels}", size=15, bold=True, anchor="start")
        y += half
        sheet.arrow((90, y + 4), (90, y + 39))
        sheet.label((168, y + 21), words, anchor="start")
        sheet.label((396, y + 21), f"{count:,}".replace(",", " "), colour=ORANGE, bold=True, anchor="end")
        y += 44
    y += 6
    for index in range(10):
        sheet.circle((36 + 12 * index, y), 4, colour=PURPLE)
    sheet.label((168, y), "10 logits", size=15, bold=True, anchor="start")
    sheet.lines(
        (210, y + 44),
        "convolutions: stride 1, no padding, bias, ReLU; today\nalso BatchNorm, and shortcuts around blocks",
        size=13,
        colour=GREY,
    )
    return sheet


def gan_loop() -> Sheet:
    sheet = Sheet(
        "gan-loop",
        404,
        "Data and gradients in a GAN",
        "Noise z goes through the generator G to a fake; fakes and real data go through the discriminator D to two losses. "
        "The generator's gradient passes back through D and updates G alone; the discriminator's updates D alone.",
    )
    back, fake, real, learn = 216.0, 246.0, 330.0, 364.0
    sheet.box((196, 288), (90, 192), "D\ndiscri-\nminator", colour=ORANGE)
    sheet.circle((70, 50), 22, "z", colour=BLUE, text=16)
    sheet.label((104, 50), "noise", size=13, colour=GREY, anchor="start")
    sheet.box((70, 138), (92, 56), "G\ngenerator", colour=PURPLE)
    sheet.box((54, fake), (62, 32), "G(z)", colour=BLUE)
    sheet.box((54, real), (62, 32), "x", colour=BLUE)
    sheet.label((54, fake + 28), "fake", size=13, colour=GREY)
    sheet.label((54, real + 28), "real", size=13, colour=GREY)
    sheet.box((330, fake - 8), (142, 76), "generator loss\n−log D(G(z))", colour=PURPLE)
    sheet.box((330, real + 10), (142, 92), "discriminator loss\n−log D(x)\n−log(1 − D(G(z)))", colour=ORANGE, text=13)
    sheet.arrow((70, 73), (70, 109))
    sheet.arrow((54, 167), (54, fake - 17))
    for start, stop, y in [(86, 150, fake), (242, 258, fake), (86, 150, real), (242, 258, real)]:
        sheet.arrow((start, y), (stop, y))
    sheet.arrow((258, back), (104, back), (104, 168), colour=PURPLE, dash="6 5", width=2.5)
    sheet.arrow((258, learn), (243, learn), colour=ORANGE, width=2.5)
    sheet.arrow((160, 40), (190, 40))
    sheet.label((200, 40), "forward", size=13, anchor="start")
    sheet.arrow((190, 76), (160, 76), colour=PURPLE, dash="6 5", width=2.5)
    sheet.lines((200, 76), "generator step: through D,\nheld fixed; updates G only", size=13, anchor="start")
    sheet.arrow((190, 124), (160, 124), colour=ORANGE, width=2.5)
    sheet.lines((200, 124), "discriminator step:\nupdates D only", size=13, anchor="start")
    return sheet


def norm_axes() -> Sheet:
    sheet = Sheet(
        "norm-axes",
        478,
        "What batch, layer, instance and group norm average over",
        "Each panel is a tensor of 3 examples by 4 channels; a cell is one H x W map. Marked are the values that share one "
        "mean and variance: a column for batch norm, a row for layer norm, a cell for instance norm, part of a row for group norm.",
    )
    panels: list[tuple[str, str, str, Callable[[int, int], bool]]] = [
        ("Batch norm", "over N, H, W", "C = 4 means", lambda _n, c: c == 0),
        ("Layer norm", "over C, H, W", "N = 3 means", lambda n, _c: n == 0),
        ("Instance norm", "over H, W", "N · C = 12 means", lambda n, c: n == 0 and c == 0),
        ("Group norm, 2 groups", "over C/2, H, W", "N · 2 = 6 means", lambda n, c: n == 0 and c < 2),
    ]
    for index, (name, over, count, shares) in enumerate(panels):
        left, top = 58.0 + 192 * (index % 2), 66.0 + 180 * (index // 2)
        middle = left + 60
        sheet.label((middle, top - (38 if index < 2 else 20)), name, size=15, bold=True)
        for n in range(3):
            for c in range(4):
                x, y = left + 30 * c, top + 26 * n
                cell = [(x, y), (x + 30, y), (x + 30, y + 26), (x, y + 26)]
                marked = shares(n, c)
                sheet.path(cell, colour=GREY, width=1.5, fill=ORANGE if marked else TINTS[INK], closed=True)
        sheet.label((middle, top + 100), over, bold=True, colour=ORANGE)
        sheet.label((middle, top + 121), count)
        if index == 0:
            sheet.arrow((left, top - 12), (left + 110, top - 12), colour=GREY, width=1.5)
            sheet.label((left + 124, top - 12), "C", colour=GREY)
            sheet.arrow((left - 14, top), (left - 14, top + 68), colour=GREY, width=1.5)
            sheet.label((left - 14, top + 86), "N", colour=GREY)
    sheet.lines(
        (210, 428),
        "a cell: one H × W map; marked: the values that\nshare one mean and variance. In a Transformer, layer\n"
        "norm takes each token by itself, over features only",
        size=13,
        colour=GREY,
    )
    return sheet


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
