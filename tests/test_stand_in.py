"""A model of whisper.cpp that is made of a model of CTranslate2: each number where it belongs."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from benchmarks import stand_in
from benchmarks.stand_in import Array, Weights

WIDTH, VOCABULARY = 64, 70
SHARED = {"encoder": ["self_attention"], "decoder": ["self_attention", "attention"]}


def text(name: str) -> bytes:
    return struct.pack("<H", len(name) + 1) + name.encode() + b"\0"


def packed(arrays: Weights) -> bytes:
    """A file of CTranslate2."""
    parts = [struct.pack("<I", 6), text("WhisperSpec"), struct.pack("<I", 3), struct.pack("<I", len(arrays))]
    for name, array in arrays.items():
        kind = {np.dtype(kind): n for n, kind in stand_in.TYPES.items()}[array.dtype]
        parts += [text(name), struct.pack(f"<B{array.ndim}I", array.ndim, *array.shape)]
        parts += [struct.pack("<BI", kind, array.nbytes), array.tobytes()]
    return b"".join(
        [*parts, struct.pack("<I", 1), text("decoder/projection/weight"), text("decoder/embeddings/weight")]
    )


def a_model() -> dict[str, Array]:
    """A small one: a block on either side."""
    numbers = np.random.default_rng(1)

    def some(*shape: int) -> Array:
        return numbers.standard_normal(shape).astype(np.float16)

    def linear(name: str, rows: int, columns: int) -> dict[str, Array]:
        return {f"{name}/weight": some(rows, columns), f"{name}/bias": some(rows)}

    def norm(name: str) -> dict[str, Array]:
        return {f"{name}/gamma": some(WIDTH), f"{name}/beta": some(WIDTH)}

    arrays = {"encoder/conv1/weight": some(WIDTH, 80, 3), "encoder/conv1/bias": some(WIDTH)}
    arrays |= {"encoder/conv2/weight": some(WIDTH, WIDTH, 3), "encoder/conv2/bias": some(WIDTH)}
    arrays["decoder/embeddings/weight"] = some(VOCABULARY, WIDTH)
    for side, places in (("encoder", 1500), ("decoder", 448)):
        arrays[f"{side}/position_encodings/encodings"] = some(places, WIDTH)
        layer = f"{side}/layer_0"
        arrays |= linear(f"{layer}/ffn/linear_0", 4 * WIDTH, WIDTH) | linear(f"{layer}/ffn/linear_1", WIDTH, 4 * WIDTH)
        arrays |= norm(f"{layer}/ffn/layer_norm") | norm(f"{side}/layer_norm")
        for attention in SHARED[side]:
            arrays |= norm(f"{layer}/{attention}/layer_norm")
        arrays |= linear(f"{layer}/self_attention/linear_0", 3 * WIDTH, WIDTH)
        arrays |= linear(f"{layer}/self_attention/linear_1", WIDTH, WIDTH)
    for n, rows in enumerate((WIDTH, 2 * WIDTH, WIDTH)):
        arrays |= linear(f"decoder/layer_0/attention/linear_{n}", rows, WIDTH)
    return arrays


TOKENIZER = {
    "model": {"vocab": {"Ġyes": 0} | {f"t{n}": n for n in range(1, stand_in.BYTES_PAIRS - 1)}},
    "added_tokens": [{"id": stand_in.BYTES_PAIRS - 1, "content": "<|endoftext|>"}],
}


def arrays_in(raw: bytes, start: int) -> dict[str, tuple[int, tuple[int, ...], bytes]]:
    """What stands behind a file's tokens: type, shape and bytes of each array."""
    sizes, found = {stand_in.F32: 4.0, stand_in.F16: 2.0, stand_in.Q5_1: 0.75}, {}
    while start < len(raw):
        dimensions, length, kind = struct.unpack_from("<3i", raw, start)
        shape = struct.unpack_from(f"<{dimensions}i", raw, start + 12)
        start += 12 + 4 * dimensions
        name = raw[start : start + length].decode()
        size = round(sizes[kind] * int(np.prod(shape)))
        found[name] = (kind, shape, raw[start + length : start + length + size])
        start += length + size
    return found


@pytest.mark.parametrize("quantised", [False, True])
def test_every_array_is_in_the_file_under_its_name(tmp_path: Path, quantised: bool) -> None:
    given = stand_in.weights(packed(a_model()))
    path = tmp_path / "ggml.bin"

    stand_in.write(given, TOKENIZER, path, quantised=quantised)

    raw = path.read_bytes()
    assert struct.unpack_from("<12i", raw) == (
        stand_in.MAGIC, VOCABULARY, 1500, 64, 1, 1, 448, 64, 1, 1, 80, 2009 if quantised else 1,
    )  # fmt: skip
    assert struct.unpack_from("<2i", raw, 48) == (80, 201)
    tokens = 56 + 4 * 80 * 201
    assert raw[tokens : tokens + 12] == struct.pack("<2i", stand_in.BYTES_PAIRS, 4) + b" yes"
    arrays = arrays_in(raw, raw.index(b"<|endoftext|>") + 13)
    assert len(arrays) == 11 + 15 + 24  # outside the blocks, and in either
    keys = given["decoder/layer_0/attention/linear_1/weight"][:WIDTH]
    kind, shape, data = arrays["decoder.blocks.0.cross_attn.key.weight"]
    assert (kind, shape) == (stand_in.Q5_1 if quantised else stand_in.F16, (WIDTH, WIDTH))
    assert data == (stand_in.q5_1(keys.astype(np.float32)) if quantised else keys.tobytes())
    assert arrays["encoder.conv1.bias"][:2] == (stand_in.F32, (1, WIDTH))
    assert arrays["encoder.conv1.weight"][:2] == (stand_in.F16, (3, 80, WIDTH))


def test_five_bits_come_within_half_a_step() -> None:
    weights = np.random.default_rng(2).standard_normal((4, 64)).astype(np.float32)

    raw = np.frombuffer(stand_in.q5_1(weights), np.uint8).reshape(-1, 24)

    step, least = raw[:, :4].copy().view(np.float16).astype(np.float32).T[:, :, np.newaxis]
    fifth = np.unpackbits(raw[:, 4:8], axis=1, bitorder="little")
    steps = np.concatenate([raw[:, 8:] & 15, raw[:, 8:] >> 4], axis=1) | fifth << 4
    assert np.abs(steps * step + least - weights.reshape(-1, 32)).max() <= step.max() * 0.52


def test_each_filter_has_the_area_one() -> None:
    areas = stand_in.filters().sum(axis=1) * 40  # Hz from one frequency to the next

    assert areas[60:] == pytest.approx(1.0, abs=0.02)
