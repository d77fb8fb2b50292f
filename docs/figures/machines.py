"""Pictures of numbers and memory in machines: bit patterns, a paged cache, what each GPU holds."""

from __future__ import annotations

import math

from drawing import BLUE, GREY, INK, ORANGE, TINTS, Point, Sheet

# name, bits of exponent and mantissa, largest value
FORMATS = (
    ("fp32", 8, 23, "3.4e38"),
    ("bf16", 8, 7, "3.4e38"),
    ("fp16", 5, 10, "65 504"),
    ("fp8 E5M2", 5, 2, "57 344"),
    ("fp8 E4M3", 4, 3, "448"),
    ("fp4 E2M1", 2, 1, "6"),
)
SAMPLE = 0.7


def number_formats() -> Sheet:
    stored = [_nearest(SAMPLE, exponent, mantissa) for _, exponent, mantissa, _ in FORMATS]
    sheet = Sheet(
        "number-formats",
        474,
        "The bits of six floating-point formats",
        "Sign, exponent and mantissa of fp32, bf16, fp16, fp8 E5M2, fp8 E4M3 and fp4 E2M1, each with the bits that stand for "
        f"{SAMPLE}. It becomes {', '.join(f'{value:.8g}' for _, value in stored)}.",
    )
    for x, words, colour in [(26, "sign", INK), (86, "exponent: range", ORANGE), (238, "mantissa: precision", BLUE)]:
        _cell(sheet, (x, 22), (12, 16), colour)
        sheet.label((x + 18, 30), words, anchor="start")
    for index, ((name, exponent, mantissa, largest), (pattern, value)) in enumerate(zip(FORMATS, stored, strict=True)):
        y = 64 + 64 * index
        sheet.label((26, y), name, bold=True, anchor="start")
        sheet.label((248, y), f"{SAMPLE} → {value:.8g}", size=13, anchor="end")
        sheet.label((394, y), f"largest {largest}", size=13, colour=GREY, anchor="end")
        for place, bit in enumerate(f"{pattern:0{1 + exponent + mantissa}b}"):
            colour = INK if place == 0 else ORANGE if place <= exponent else BLUE
            left = 26 + 11.5 * place
            _cell(sheet, (left, y + 13), (11.5, 22), colour)
            sheet.label((left + 5.75, y + 24), bit, size=13)
    sheet.lines(
        (210, 448),
        f"digits: the bits of {SAMPLE}, rounded to nearest;\nbf16 has the range of fp32, 7 of its 23 mantissa bits",
        size=13,
        colour=GREY,
    )
    return sheet


def _nearest(value: float, exponent: int, mantissa: int) -> tuple[int, float]:
    """The pattern and the value of the closest number above 0 that a format has."""
    bias = 2 ** (exponent - 1) - 1
    power = max(math.frexp(value)[1] - 1, 1 - bias)
    steps = round(math.ldexp(value, mantissa - power))
    return (power + bias - 1) * 2**mantissa + steps, math.ldexp(steps, power - mantissa)


def _cell(sheet: Sheet, corner: Point, size: Point, colour: str) -> None:
    """A tinted rectangle by its upper left corner."""
    (x, y), (width, height) = corner, size
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    sheet.path(corners, colour=colour, width=1, fill=TINTS[colour], closed=True)
