"""Pictures of curves: activations, errors, scaling, diffusion, early stopping of a test. All but the sketch are computed."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from statistics import NormalDist

from drawing import BLUE, DASHED, DOTTED, GREY, GRID, INK, ORANGE, PAPER, PURPLE, TEAL, Axes, Point, Sheet

NORMAL = NormalDist()
SEPARATION = 1.5  # d′: distance of the two means of roc-pr in standard deviations
LIMIT = 1.96  # of z, for two-sided p < 0.05
CHINCHILLA = (1.8172, 482.01, 2085.43, 0.3478, 0.3658)  # E, A, B, α, β as refitted by Besiroglu et al., 2024
THRESHOLD = 5.2  # where the sketch of bias-variance just fits its training data


def activations() -> Sheet:
    sheet = Sheet(
        "activations",
        640,
        "Sigmoid, tanh, ReLU and GELU with their derivatives",
        "Above: the functions for x from -4 to 4. Below: their slopes. The sigmoid's slope peaks at 0.25, that of tanh "
        "at 1; ReLU has slope 0 or 1; GELU's slope dips to -0.13 and rises to 1.13.",
    )
    values = Axes(60, 84, 334, 210, (-4, 4), (-1.5, 4))
    slopes = Axes(60, 374, 334, 210, (-4, 4), (-0.25, 1.25))
    sheet.axes(values, [-4, -2, 0, 2, 4], [-1, 0, 1, 2, 3, 4], "", "")
    sheet.axes(slopes, [-4, -2, 0, 2, 4], [-0.25, 0, 0.25, 0.5, 0.75, 1, 1.25], "x", "")
    for axes, title in [(values, "the function φ(x)"), (slopes, "its slope φ′(x)")]:
        sheet.label((227, axes.top - 20), title, size=15, bold=True)
        sheet.path([axes.at(-4, 0), axes.at(4, 0)], colour=GREY, width=1)
    xs = [index / 10 for index in range(-40, 41)]
    sheet.curve(values, [(-4, 0), (0, 0), (4, 4)], TEAL, width=6)
    sheet.curve(slopes, [(-4, 0), (0, 0)], TEAL, width=6)
    sheet.curve(slopes, [(0, 1), (4, 1)], TEAL, width=6)
    sheet.dot(slopes.at(0, 0), TEAL, hollow=True)
    sheet.dot(slopes.at(0, 1), TEAL, hollow=True)
    smooth: list[tuple[str, str, Callable[[float], float], Callable[[float], float]]] = [
        (PAPER, "", _gelu, _gelu_slope),  # so that the dots of GELU are seen upon the broad line of ReLU
        (PURPLE, DOTTED, _gelu, _gelu_slope),
        (BLUE, "", sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x))),
        (ORANGE, DASHED, math.tanh, lambda x: 1 - math.tanh(x) ** 2),
    ]
    for colour, dash, value, slope in smooth:
        sheet.curve(values, [(x, value(x)) for x in xs], colour, dash=dash)
        sheet.curve(slopes, [(x, slope(x)) for x in xs], colour, dash=dash)
    for x, words, colour, dash, width in [
        (24, "sigmoid", BLUE, "", 2.5),
        (138, "tanh", ORANGE, DASHED, 2.5),
        (224, "ReLU", TEAL, "", 6.0),
        (318, "GELU", PURPLE, DOTTED, 2.5),
    ]:
        sheet.key((x, 30), words, colour, dash=dash, width=width)
    return sheet


def bias_variance() -> Sheet:
    sheet = Sheet(
        "bias-variance",
        372,
        "A sketch of train and test error against model size: U-curve, then double descent",
        "No measured data. Training error falls to zero at the interpolation threshold. Test error falls, rises in the "
        "classical U-curve to a peak at the threshold, and falls again beyond it.",
    )
    axes = Axes(42, 86, 356, 220, (0, 10), (0, 1.1))
    sheet.axes(axes, [], [], "", "error →")
    xs = [index / 20 for index in range(4, 200)]
    edge, bottom = axes.at(THRESHOLD, 0)
    sheet.path([(edge, axes.top - 26), (edge, bottom)], colour=GREY, dash=DASHED, width=1.5)
    sheet.curve(axes, [(x, 0.85 * max(0.0, 1 - x / THRESHOLD) ** 2) for x in xs], ORANGE, dash=DASHED)
    sheet.curve(axes, [(x, _test_error(x)) for x in xs], BLUE, width=3)
    sheet.key((42, 28), "test error", BLUE, width=3)
    sheet.key((162, 28), "training error", ORANGE, dash=DASHED)
    sheet.label((398, 28), "a sketch", colour=GREY, anchor="end")
    best = min((x for x in xs if x < THRESHOLD), key=_test_error)
    x, y = axes.at(best, _test_error(best))
    sheet.dot((x, y), BLUE)
    sheet.lines((x + 5, y - 36), "classical\noptimum", size=13)
    sheet.label((edge - 10, 70), "classical U-curve", size=14, bold=True, anchor="end")
    sheet.label((edge + 10, 70), "over-parameterised", size=14, bold=True, anchor="start")
    sheet.lines((edge + 100, 150), "second descent:\nmay end below\nthe first optimum", size=13)
    sheet.label((edge + 96, bottom - 13), "training error about 0", size=13, colour=GREY)
    sheet.label((edge, bottom + 20), "interpolation threshold", size=13, colour=GREY)
    sheet.label((220, bottom + 43), "model size →")
    return sheet


def roc_pr() -> Sheet:
    rates = [(1 - NORMAL.cdf(cut / 10), 1 - NORMAL.cdf(cut / 10 - SEPARATION)) for cut in range(-50, 80)]
    area = NORMAL.cdf(SEPARATION / math.sqrt(2))
    false_alarms = 1 - NORMAL.cdf(SEPARATION - NORMAL.inv_cdf(0.8))
    often, rarely = _precision(0.8, false_alarms, 0.5), _precision(0.8, false_alarms, 0.01)
    sheet = Sheet(
        "roc-pr",
        712,
        "ROC and precision-recall curves at 50% and at 1% positives",
        f"Normal scores, means {SEPARATION} standard deviations apart. The ROC curve is the same for both, with area "
        f"{area:.3f}. Precision at recall 0.8 is {often:.2f} with 50% positives and {rarely:.3f} with 1%.",
    )
    roc = Axes(64, 92, 322, 222, (0, 1), (0, 1))
    pr = Axes(64, 418, 322, 222, (0, 1), (0, 1))
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    sheet.axes(roc, ticks, ticks, "false positive rate", "recall (true positive rate)")
    sheet.axes(pr, ticks, ticks, "recall", "precision")
    sheet.label((225, 70), f"ROC: one curve, area {area:.3f}", size=15, bold=True)
    sheet.label((225, 396), "precision-recall: two curves", size=15, bold=True)
    sheet.curve(roc, [(0, 0), (1, 1)], GREY, dash=DOTTED, width=2)
    for share, colour, dash, width in [(0.5, BLUE, "", 5.0), (0.01, ORANGE, DASHED, 2.5)]:
        sheet.curve(roc, [(1, 1), *rates, (0, 0)], colour, width=width, dash=dash)
        sheet.curve(pr, [(0, share), (1, share)], GREY, dash=DOTTED, width=2)
        curve = [(recall, _precision(recall, alarms, share)) for alarms, recall in rates]
        sheet.curve(pr, [(1, share), *curve, (0, 1)], colour, dash=dash, width=min(width, 3))
        at = pr.at(0.8, _precision(0.8, false_alarms, share))
        sheet.dot(at, colour)
        words = f"{often:.2f}" if share == 0.5 else f"{rarely:.3f}"
        sheet.label((at[0], at[1] - 17), words, colour=colour, bold=True)
    sheet.dot(roc.at(false_alarms, 0.8), BLUE)
    sheet.key((64, 30), "50% positives", BLUE, width=5)
    sheet.key((236, 30), "1% positives", ORANGE, dash=DASHED)
    x, y = roc.at(0.66, 0.3)
    sheet.lines((x, y), "dotted: chance", size=13, colour=GREY)
    sheet.label((210, 692), f"normal scores, means {SEPARATION} σ apart; dots: recall 0.8", size=13, colour=GREY)
    return sheet


def scaling_law() -> Sheet:
    floor, a, b, alpha, beta = CHINCHILLA
    sheet = Sheet(
        "scaling-law",
        464,
        "Loss against model size at three compute budgets",
        "The law L = E + A/N^a + B/D^b with the constants of Besiroglu et al., 2024, for 1e20, 1e22 and 1e24 FLOPs. Each "
        "curve has a minimum; with more compute it moves to larger models and lower loss, towards E = 1.82.",
    )
    axes = Axes(66, 78, 328, 270, (7.8, 12.2), (1.7, 3.3))
    sheet.axes(axes, [], [1.8, 2, 2.2, 2.4, 2.6, 2.8, 3, 3.2], "", "loss, nats per token")
    for power, words in [(8, "0.1B"), (9, "1B"), (10, "10B"), (11, "100B"), (12, "1000B")]:
        x, _ = axes.at(power, 0)
        sheet.path([(x, axes.top), (x, axes.top + axes.height + 5)], colour=GRID, width=1)
        sheet.label((x, axes.top + axes.height + 15), words, size=13, colour=GREY)
    sheet.label((230, 382), "parameters N (with D = C/6N tokens)")
    sheet.curve(axes, [(7.8, floor), (12.2, floor)], GREY, dash=DOTTED, width=2)
    sheet.label((230, axes.at(0, floor)[1] + 12), f"E = {floor:.2f}: what no model can remove", size=13, colour=GREY)
    best = []
    for power, colour, dash in [(20, BLUE, ""), (22, ORANGE, DASHED), (24, PURPLE, "2 6")]:
        budget = 10.0**power
        sizes = [index / 50 for index in range(390, 611)]
        losses = [(n, floor + a / 10 ** (n * alpha) + b / (budget / 6 / 10**n) ** beta) for n in sizes]
        sheet.curve(axes, [(n, loss) for n, loss in losses if loss < axes.y[1]], colour, dash=dash, width=3)
        ratio = (alpha * a / (beta * b)) ** (1 / (alpha + beta))
        size = ratio * (budget / 6) ** (beta / (alpha + beta))
        tokens = budget / 6 / size
        best.append((math.log10(size), floor + a / size**alpha + b / tokens**beta))
        x, y = axes.at(*best[-1])
        aside = 0 if power == 20 else 34  # clear of the line through the minima
        sheet.lines((x + aside, y - 34), f"{size / 1e9:.2g}B\nD/N = {tokens / size:.0f}", colour=colour)
        sheet.key((66 + 116 * (power // 2 - 10), 30), f"1e{power}", colour, dash=dash, width=3)
    sheet.curve(axes, best, INK, width=1.5)
    for point in best:
        sheet.dot(axes.at(*point))
    sheet.label((66, 56), "training compute C ≈ 6ND, in FLOPs", size=13, colour=GREY, anchor="start")
    sheet.lines(
        (210, 424),
        "dots: the least loss that the compute can buy\ncomputed from the fit of Besiroglu et al., 2024;\n"
        "other data and setups have other constants",
        size=13,
        colour=GREY,
    )
    return sheet


def peeking() -> Sheet:
    rates = _false_alarms(20)
    sheet = Sheet(
        "peeking",
        600,
        "Early looks at an A/B test of two equal arms",
        "Above: twelve tests without any effect; z wanders, and some cross 1.96 at one of 20 looks. Below: the chance that at "
        f"least one look has p < 0.05 grows from 5% at one look to {100 * rates[4]:.0f}% at 5 and {100 * rates[19]:.0f}% at 20.",
    )
    walks = Axes(64, 66, 330, 190, (0, 20), (-3.2, 3.2))
    sheet.axes(walks, [1, 5, 10, 15, 20], [-LIMIT, 0, LIMIT], "", "z")
    crossed = 0
    for path in _walks(12, 20):
        first = next((point for point in path if abs(point[1]) > LIMIT), None)
        crossed += first is not None
        sheet.curve(walks, path, ORANGE if first else GREY, width=2 if first else 1)
        if first:
            sheet.dot(walks.at(*first), ORANGE)
    for level in (-LIMIT, LIMIT):
        sheet.curve(walks, [(0, level), (20, level)], INK, dash=DASHED, width=1.5)
    sheet.label((229, 28), "twelve tests of two equal arms", size=15, bold=True)
    sheet.label((229, 50), f"{crossed} have p < 0.05 at some look, none at the last", size=13, colour=ORANGE)
    errors = Axes(64, 332, 330, 190, (0, 20), (0, 0.3))
    sheet.axes(errors, [1, 5, 10, 15, 20], [0, 0.1, 0.2, 0.3], "looks", "")
    sheet.label((229, 310), "chance that some look has p < 0.05", size=15, bold=True)
    sheet.curve(errors, [(0, 0.05), (20, 0.05)], INK, dash=DASHED, width=1.5)
    sheet.curve(errors, list(enumerate(rates, 1)), BLUE)
    for look in (1, 5, 10, 20):
        x, y = errors.at(look, rates[look - 1])
        sheet.dot((x, y), BLUE)
        sheet.label((x, y + (18 if look == 1 else -17)), f"{100 * rates[look - 1]:.0f}%", colour=BLUE, bold=True)
    sheet.label((210, 578), "no effect, looks at equal steps; dashed: 1.96 and 5%", size=13, colour=GREY)
    return sheet


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _gelu(x: float) -> float:
    return x * NORMAL.cdf(x)


def _gelu_slope(x: float) -> float:
    return NORMAL.cdf(x) + x * NORMAL.pdf(x)


def _test_error(size: float) -> float:
    """A made-up curve with the right shape: falls, peaks at the threshold, falls again."""
    floor = 0.33 - 0.17 / (1 + math.exp(-1.6 * (size - THRESHOLD - 0.6)))
    peak = 0.68 / (1 + ((size - THRESHOLD) / (0.8 if size < THRESHOLD else 0.7)) ** 2)
    return 0.85 * math.exp(-size / 1.1) + floor + peak


def _walks(tests: int, looks: int) -> list[list[Point]]:
    """Look and z of tests without an effect, drawn with a fixed seed."""
    draws = random.Random(39)  # a typical draw: as many early crossings as are to be expected
    walks = []
    for _ in range(tests):
        sums = itertools.accumulate(NORMAL.inv_cdf(draws.random()) for _ in range(looks))
        walks.append([(float(look), total / math.sqrt(look)) for look, total in enumerate(sums, 1)])
    return walks


def _false_alarms(looks: int) -> list[float]:
    """The chance that a test without effect has crossed 1.96 at its first, second, ... look, looks at equal steps.

    The sum of the steps has a density on the tests that no look has stopped; each look adds a normal step and cuts what lies
    beyond. Integrals are sums over the middles of `count` strips.
    """
    count = 80
    density = [(0.0, 1.0)]
    rates = []
    for look in range(1, looks + 1):
        limit = LIMIT * math.sqrt(look)
        strip = 2 * limit / count
        middles = [strip * (index + 0.5) - limit for index in range(count)]
        density = [(x, strip * sum(share * NORMAL.pdf(x - before) for before, share in density)) for x in middles]
        rates.append(1 - sum(share for _, share in density))
    return rates


def _precision(recall: float, false_alarms: float, share: float) -> float:
    """Of all alarms, the part that is right.

    Args:
        false_alarms: False positive rate.
        share: Positives among all cases.
    """
    return share * recall / (share * recall + (1 - share) * false_alarms)
