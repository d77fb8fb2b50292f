"""Diffusion on a line: two data values, noised and sampled again, with exact scores in place of a network's; and guidance."""

from __future__ import annotations

import itertools
import math
import random
from statistics import NormalDist

from drawing import BLUE, DASHED, EDGE, GREY, ORANGE, PURPLE, TEAL, Axes, Point, Sheet

NORMAL = NormalDist()
SPREAD = 0.1  # of the data around 1 and −1
STEPS = 60


def diffusion() -> Sheet:
    sheet = Sheet(
        "diffusion",
        578,
        "Sampling from noise to data, and the arrows of classifier-free guidance",
        "Above: the data are close to 1 or -1. Deterministic paths lead smoothly from normal noise to one of the two; a path "
        "with fresh noise in each step is jagged. Below: guidance lengthens the arrow from the unconditional to the "
        "conditional prediction.",
    )
    axes = Axes(76, 96, 276, 190, (1, 0), (-2.6, 2.6))
    sheet.axes(axes, [], [], "", "")
    times = [index / STEPS for index in range(STEPS, -1, -1)]
    for path in range(12):
        sheet.curve(axes, [(time, _quantile((path + 0.5) / 12, time)) for time in times], BLUE, width=1.5)
    sheet.curve(axes, _noisy_path(times), ORANGE, width=2)
    xs = [index / 20 for index in range(-52, 53)]
    sheet.path([(axes.left - 2 - 40 * NORMAL.pdf(x), axes.at(0, x)[1]) for x in xs], colour=PURPLE)
    peak = max(_density(x, 0) for x in xs)
    sheet.path([(axes.left + 280 + 30 * _density(x, 0) / peak, axes.at(0, x)[1]) for x in xs], colour=TEAL)
    for value, words in [(1, "1"), (0, "0"), (-1, "−1")]:
        sheet.label((402, axes.at(0, value)[1]), words, size=13, colour=TEAL)
    sheet.label((24, 100), "x_{t}", anchor="start")
    sheet.arrow((352, 32), (76, 32), colour=PURPLE)
    sheet.label((214, 20), "training: noise added in one step, any t", size=13)
    sheet.arrow((76, 74), (352, 74), colour=BLUE)
    sheet.label((214, 62), "sampling: many small steps", size=13)
    sheet.label((76, 302), "t = 1: noise", colour=PURPLE, size=13)
    sheet.label((360, 302), "t = 0: data", colour=TEAL, size=13)
    sheet.key((76, 326), "DDIM: no fresh noise", BLUE, width=1.5)
    sheet.key((76, 348), "DDPM: fresh noise in each step", ORANGE, width=2)
    sheet.path([(24, 370), (396, 370)], colour=EDGE, width=1.5)
    _guidance(sheet, (48.0, 520.0))
    return sheet


def _guidance(sheet: Sheet, origin: Point) -> None:
    """The predicted noises as arrows, with w = 3."""
    x, y = origin
    free, told, scale = (x + 150, y - 20), (x + 176, y - 54), 3
    guided = (free[0] + scale * (told[0] - free[0]), free[1] + scale * (told[1] - free[1]))
    sheet.label((24, 394), "guidance", bold=True, anchor="start")
    sheet.path([free, guided], colour=GREY, dash=DASHED)
    sheet.arrow(origin, guided, colour=ORANGE, width=3)
    sheet.arrow(origin, free, colour=GREY, width=3)
    sheet.arrow(origin, told, colour=BLUE, width=3)
    sheet.label((free[0] + 8, free[1] + 4), "ε_{u}: without the prompt", colour=GREY, anchor="start")
    sheet.label((told[0] + 8, told[1] + 4), "ε_{c}: with the prompt", colour=BLUE, anchor="start")
    sheet.label((guided[0] + 8, guided[1]), f"guided, w = {scale}", colour=ORANGE, anchor="start")
    sheet.label((210, 556), "guided: ε_{u} + w (ε_{c} − ε_{u})", size=15)


def _kept(time: float) -> float:
    """Alpha-bar, the part of the variance that is still signal, on a cosine schedule."""
    return max(1e-4, math.cos(math.pi / 2 * time) ** 2)


def _modes(time: float) -> tuple[NormalDist, NormalDist]:
    kept = _kept(time)
    spread = math.sqrt(kept * SPREAD**2 + 1 - kept)
    return NormalDist(math.sqrt(kept), spread), NormalDist(-math.sqrt(kept), spread)


def _density(x: float, time: float) -> float:
    return sum(mode.pdf(x) for mode in _modes(time)) / 2


def _quantile(share: float, time: float) -> float:
    """Where a deterministic path is: on a line the paths never cross, so each keeps its share of the samples below it."""
    modes = _modes(time)
    low, high = -6.0, 6.0
    for _ in range(40):
        middle = (low + high) / 2
        if sum(mode.cdf(middle) for mode in modes) / 2 < share:
            low = middle
        else:
            high = middle
    return low


def _noisy_path(times: list[float]) -> list[Point]:
    """One run of DDPM's steps, noise drawn with a fixed seed."""
    draws = random.Random(4)
    x = -1.0
    path = [(times[0], x)]
    for time, after in itertools.pairwise(times):
        now, kept = _kept(time), _kept(after)
        step = now / kept
        modes = _modes(time)
        slopes = [mode.pdf(x) * (mode.mean - x) / mode.variance for mode in modes]
        score = sum(slopes) / sum(mode.pdf(x) for mode in modes)
        noise = math.sqrt((1 - kept) / (1 - now) * (1 - step)) * NORMAL.inv_cdf(draws.random())
        x = (x + (1 - step) * score) / math.sqrt(step) + noise
        path.append((after, x))
    return path
