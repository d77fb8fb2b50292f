"""Pictures of numbers and memory in machines: bit patterns, a paged cache, what each GPU holds."""

from __future__ import annotations

import math

from drawing import BLUE, EDGE, GREY, INK, ORANGE, PAPER, PURPLE, TEAL, Point, Sheet

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
        sheet.cell((x, 22), (12, 16), colour=colour)
        sheet.label((x + 18, 30), words, anchor="start")
    for index, ((name, exponent, mantissa, largest), (pattern, value)) in enumerate(zip(FORMATS, stored, strict=True)):
        y = 64 + 64 * index
        sheet.label((26, y), name, bold=True, anchor="start")
        sheet.label((248, y), f"{SAMPLE} → {value:.8g}", size=13, anchor="end")
        sheet.label((394, y), f"largest {largest}", size=13, colour=GREY, anchor="end")
        for place, bit in enumerate(f"{pattern:0{1 + exponent + mantissa}b}"):
            colour = INK if place == 0 else ORANGE if place <= exponent else BLUE
            left = 26 + 11.5 * place
            sheet.cell((left, y + 13), (11.5, 22), colour=colour)
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


BLOCK, LONGEST = 16, 128  # tokens in a block, tokens reserved for a request when nobody pages
# name, colour, tokens so far, places of its blocks in a memory of 24
REQUESTS = (
    ("A", BLUE, 50, (9, 2, 14, 4)),
    ("B", ORANGE, 21, (0, 11)),
    ("C", TEAL, 90, (5, 17, 1, 12, 8, 19)),
)


def paged_cache() -> Sheet:
    total = sum(tokens for _, _, tokens, _ in REQUESTS)
    reserved, paged = LONGEST * len(REQUESTS), BLOCK * sum(len(places) for _, _, _, places in REQUESTS)
    sheet = Sheet(
        "paged-cache",
        452,
        "The same key-value cache reserved in one piece and in pages",
        f"Three requests hold {total} tokens. Reserved for {LONGEST} tokens each they fill a memory of {reserved}. In blocks of "
        f"{BLOCK}, taken as they are needed and found by a table, they take {paged}, and half the memory is free.",
    )
    sheet.label((24, 28), f"in one piece: {LONGEST} tokens reserved for each", bold=True, anchor="start")
    for row, (name, colour, tokens, _) in enumerate(REQUESTS):
        for block in range(8):
            _block(sheet, (48 + 43.5 * block, 46 + 30 * row), colour, tokens - BLOCK * block)
        sheet.label((32, 59 + 30 * row), name, colour=colour, bold=True)
    sheet.label((396, 152), f"{total} of {reserved} slots used: {100 * total / reserved:.0f}%", anchor="end")
    sheet.path([(24, 172), (396, 172)], colour=EDGE, width=1.5)
    sheet.label((24, 194), f"paged: blocks of {BLOCK} tokens, as needed", bold=True, anchor="start")
    owner = {place: (request, block) for request in REQUESTS for block, place in enumerate(request[3])}
    for place in range(24):
        corner = (48 + 43.5 * (place % 8), 212 + 30 * (place // 8))
        if place not in owner:
            sheet.cell(corner, (40, 26), colour=EDGE, fill=PAPER)
            continue
        (name, colour, tokens, _), block = owner[place]
        _block(sheet, corner, colour, tokens - BLOCK * block)
        sheet.label((corner[0] + 20, corner[1] + 13), f"{name}{block + 1}", size=13)
    for row in range(3):
        sheet.label((32, 225 + 30 * row), str(8 * row), size=13, colour=GREY)
    sheet.label((396, 318), f"{total} of {paged} slots used: {100 * total / paged:.0f}%; 12 blocks free", anchor="end")
    for row, (name, colour, _, places) in enumerate(REQUESTS):
        words = f"{name}: {', '.join(map(str, places))}"
        sheet.label((150, 346 + 22 * row), words, colour=colour, bold=True, anchor="start")
    sheet.label((24, 346), "block tables", anchor="start")
    sheet.lines(
        (210, 424),
        "bar: keys and values of tokens; tinted without a bar:\nreserved and not yet used; blank: free for others",
        size=13,
        colour=GREY,
    )
    return sheet


def _block(sheet: Sheet, corner: Point, colour: str, tokens: int) -> None:
    """A block of memory, filled from the left as far as its tokens reach."""
    sheet.cell(corner, (40, 26), colour=colour)
    used = min(BLOCK, max(0, tokens)) / BLOCK * 40
    if used:
        sheet.cell((corner[0], corner[1] + 20), (used, 6), colour=colour, fill=colour)


LAYERS = RANKS = 4
MODEL = (68.0, 52.0)  # px of a model's picture
RANK_COLOURS = (BLUE, ORANGE, TEAL, PURPLE)


def parallelism() -> Sheet:
    stages, micro_batches = RANKS, 8
    slots = micro_batches + stages - 1
    idle = f"{100 * (stages - 1) / slots:.0f}%"
    sheet = Sheet(
        "parallelism",
        604,
        "What each of four GPUs holds under data, sharded, tensor and pipeline parallelism",
        "A model of four layers. Data: every GPU holds all of it. FSDP: a quarter of each layer, gathered for the layer at work. "
        f"Tensor: a part of each matrix. Pipeline: whole layers; with 4 stages and 8 micro-batches each idles {idle} of the time.",
    )
    schemes = [
        ("data", "travels: gradients, once a step"),
        ("FSDP", "travels: weights, twice; gradients"),
        ("tensor", "travels: activations, in every layer"),
        ("pipeline", "travels: activations, from stage to stage"),
    ]
    for rank, colour in enumerate(RANK_COLOURS):
        sheet.label((117 + 80 * rank, 26), f"GPU {rank + 1}", colour=colour, bold=True)
    for row, (scheme, travels) in enumerate(schemes):
        top = 44.0 + 100 * row
        sheet.label((16, top + 26), scheme, bold=True, anchor="start", size=13)
        sheet.label((83, top + 81), travels, size=13, colour=GREY, anchor="start")
        for rank in range(RANKS):
            _model(sheet, (83 + 80 * rank, top), scheme, rank)
    sheet.label((16, 454), "pipeline in time, forward, micro-batches 1 to 8", size=13, anchor="start", bold=True)
    for stage, colour in enumerate(RANK_COLOURS):
        y = 470 + 19 * stage
        sheet.cell((83, y), (28 * slots, 16), colour=EDGE, fill=PAPER)
        sheet.cell((83 + 28 * stage, y), (28 * micro_batches, 16), colour=colour)
        for batch in range(micro_batches):
            sheet.label((97 + 28 * (stage + batch), y + 8), str(batch + 1), size=13)
    sheet.lines((48, 507), f"idle\n{stages - 1}/{slots} =\n{idle}", size=13)
    sheet.lines(
        (210, 574),
        "a model: 4 layers; strip below: the part of the batch;\ntinted: gathered only for the layer at work",
        size=13,
        colour=GREY,
    )
    return sheet


def _model(sheet: Sheet, corner: Point, scheme: str, rank: int) -> None:
    """Four layers above each other with what a GPU holds of them, and below it the part of the batch that it reads."""
    (x, y), colour = corner, RANK_COLOURS[rank]
    part, layer = MODEL[0] / RANKS, MODEL[1] / LAYERS
    sheet.cell(corner, MODEL, colour=GREY, fill=PAPER)
    if scheme == "FSDP":
        sheet.cell((x, y + layer), (MODEL[0], layer), colour=colour)
    held = {
        "data": (corner, MODEL),
        "pipeline": ((x, y + layer * rank), (MODEL[0], layer)),
    }.get(scheme, ((x + part * rank, y), (part, MODEL[1])))
    sheet.cell(*held, colour=colour, fill=colour)
    for index in range(1, LAYERS):
        sheet.path([(x, y + layer * index), (x + MODEL[0], y + layer * index)], colour=GREY, width=1)
    below = (x, y + MODEL[1] + 6)
    sheet.cell(below, (MODEL[0], 8), colour=GREY, fill=PAPER)
    start, read = (x + part * rank, part) if scheme in {"data", "FSDP"} else (x, MODEL[0])
    sheet.cell((start, below[1]), (read, 8), colour=GREY, fill=GREY)
