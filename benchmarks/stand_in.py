"""A model of whisper.cpp out of the same weights in CTranslate2's format, for machines that reach a package index but not the model itself:

python -m benchmarks.stand_in FOLDER ggml-tiny.en.bin [--q5_1]

FOLDER is searched for model.bin, or its parts model.bin.part1, model.bin.part2 ..., and for tokenizer.json. The file is as whisper.cpp
publishes it, weights in 16 bits, or with --q5_1 in five. docs/listening.md says where such folders come from.
"""

from __future__ import annotations

import argparse
import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Weights = Mapping[str, Array]

MAGIC = 0x67676D6C
AUDIO_PLACES, TEXT_PLACES, HEAD, MELS = 1500, 448, 64, 80  # alike in all of Whisper's models up to medium
BYTES_PAIRS = 50257  # tokens that are text; the others are whisper.cpp's own
F32, F16, Q5_1 = 0, 1, 7  # ggml's numbers of types
MOSTLY_F16, MOSTLY_Q5_1 = 1, 2009  # and of files
BLOCK = 32  # weights that share a scale
UNBROKEN = ("encoder.conv1.bias", "encoder.conv2.bias", "encoder.positional_embedding", "decoder.positional_embedding")
TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}  # CTranslate2's


class _Reader:
    """Numbers and texts of a CTranslate2 model, one after the other."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._at = raw, 0

    def number(self, kind: str) -> int:
        (value,) = struct.unpack_from(f"<{kind}", self._raw, self._at)
        self._at += struct.calcsize(f"<{kind}")
        return int(value)

    def text(self) -> str:
        return self.raw(self.number("H")).rstrip(b"\0").decode()

    def raw(self, length: int) -> bytes:
        self._at += length
        return self._raw[self._at - length : self._at]


def weights(raw: bytes) -> dict[str, Array]:
    """The arrays of a CTranslate2 model by their names."""
    reader = _Reader(raw)
    reader.number("I"), reader.text(), reader.number("I")  # version, specification, its revision
    arrays: dict[str, Array] = {}
    for _ in range(reader.number("I")):
        name = reader.text()
        shape = [reader.number("I") for _ in range(reader.number("B"))]
        kind, length = reader.number("B"), reader.number("I")
        arrays[name] = np.frombuffer(reader.raw(length), TYPES[kind]).reshape(shape)
    for _ in range(reader.number("I")):
        alias, name = reader.text(), reader.text()
        arrays[alias] = arrays[name]
    return arrays


def renamed(given: Weights) -> Iterator[tuple[str, Array]]:
    """The arrays by OpenAI's names, in the order of its files."""
    yield "encoder.positional_embedding", given["encoder/position_encodings/encodings"]
    yield from _linear(given, "encoder/conv1", "encoder.conv1")
    yield from _linear(given, "encoder/conv2", "encoder.conv2")
    yield from _blocks(given, "encoder")
    yield from _norm(given, "encoder/layer_norm", "encoder.ln_post")
    yield "decoder.positional_embedding", given["decoder/position_encodings/encodings"]
    yield "decoder.token_embedding.weight", given["decoder/embeddings/weight"]
    yield from _blocks(given, "decoder")
    yield from _norm(given, "decoder/layer_norm", "decoder.ln")


def _blocks(given: Weights, side: str) -> Iterator[tuple[str, Array]]:
    for n in range(layers(given, side)):
        old, new = f"{side}/layer_{n}", f"{side}.blocks.{n}"
        yield from _attention(given, f"{old}/self_attention", f"{new}.attn")
        if side == "decoder":
            yield from _attention(given, f"{old}/attention", f"{new}.cross_attn")
        yield from _linear(given, f"{old}/ffn/linear_0", f"{new}.mlp.0")
        yield from _linear(given, f"{old}/ffn/linear_1", f"{new}.mlp.2")
        yield from _norm(given, f"{old}/ffn/layer_norm", f"{new}.mlp_ln")


def layers(given: Weights, side: str) -> int:
    """How many blocks one side of the model has."""
    return len(
        {name.split("/")[1] for name in given if name.startswith(f"{side}/layer_") and name.count("/") > 1}
        - {"layer_norm"}
    )


def _norm(given: Weights, old: str, new: str) -> Iterator[tuple[str, Array]]:
    yield f"{new}.weight", given[f"{old}/gamma"]
    yield f"{new}.bias", given[f"{old}/beta"]


def _linear(given: Weights, old: str, new: str) -> Iterator[tuple[str, Array]]:
    yield f"{new}.weight", given[f"{old}/weight"]
    yield f"{new}.bias", given[f"{old}/bias"]


def _attention(given: Weights, old: str, new: str) -> Iterator[tuple[str, Array]]:
    """Queries, keys and values, which CTranslate2 keeps in one array, or two; keys have no bias."""
    joined = [n for n in range(3) if f"{old}/linear_{n}/weight" in given]
    weight = np.concatenate([given[f"{old}/linear_{n}/weight"] for n in joined[:-1]])
    bias = np.concatenate([given[f"{old}/linear_{n}/bias"] for n in joined[:-1]])
    queries, keys, values = np.split(weight, 3)
    query_bias, _, value_bias = np.split(bias, 3)
    yield f"{new}.query.weight", queries
    yield f"{new}.query.bias", query_bias
    yield f"{new}.key.weight", keys
    yield f"{new}.value.weight", values
    yield f"{new}.value.bias", value_bias
    yield from _linear(given, f"{old}/linear_{joined[-1]}", f"{new}.out")
    yield from _norm(given, f"{old}/layer_norm", f"{new}_ln")


def filters() -> Array:
    """Slaney's mel filters for 400 samples at 16 kHz, each with the area 1."""
    edges = _hertz(np.linspace(_mel(0.0), _mel(8000.0), MELS + 2))
    slopes = np.subtract.outer(edges, np.fft.rfftfreq(400, 1 / 16000))
    widths = np.diff(edges)
    rows = np.zeros((MELS, 201), np.float32)
    for n in range(MELS):
        rows[n] = np.maximum(0, np.minimum(-slopes[n] / widths[n], slopes[n + 2] / widths[n + 1]))
    rows *= (2.0 / (edges[2:] - edges[:-2]))[:, np.newaxis]
    return rows + np.float32(0)  # no zero is negative


STEP = np.log(6.4) / 27.0  # of a mel above 1000 Hz, in the logarithm of the frequency


def _mel(hertz: float) -> float:
    return float(15.0 + np.log(hertz / 1000.0) / STEP) if hertz >= 1000 else hertz / (200.0 / 3)


def _hertz(mels: Array) -> Array:
    return np.where(mels >= 15.0, 1000.0 * np.exp(STEP * (mels - 15.0)), mels * (200.0 / 3))


def tokens(tokenizer: Mapping[str, Any]) -> list[bytes]:
    """What each token stands for."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in printable]
    bytes_of = {chr(byte): byte for byte in printable} | {chr(256 + n): byte for n, byte in enumerate(hidden)}
    texts = {n: text for text, n in tokenizer["model"]["vocab"].items()}
    texts |= {token["id"]: token["content"] for token in tokenizer["added_tokens"] if token["id"] not in texts}
    return [bytes(bytes_of[letter] for letter in texts[n]) for n in range(BYTES_PAIRS)]


class Stored(NamedTuple):
    """An array as it stands in the file."""

    kind: int
    data: bytes


def stored(name: str, array: Array, *, quantised: bool) -> Stored:
    """An array of one dimension in 32 bits, another one in 16, or a matrix in five."""
    if array.ndim < 2 or name in UNBROKEN:
        return Stored(F32, array.astype("<f4").tobytes())
    if quantised and array.ndim == 2:
        return Stored(Q5_1, q5_1(array.astype(np.float16).astype(np.float32)))
    return Stored(F16, array.astype("<f2").tobytes())


def q5_1(array: Array) -> bytes:
    """Each 32 weights as their least, a step, and how many steps (0 to 31) each lies above it."""
    blocks = array.reshape(-1, BLOCK)
    least = blocks.min(axis=1, keepdims=True)
    step = (blocks.max(axis=1, keepdims=True) - least) / np.float32(31)
    inverse = np.divide(np.float32(1), step, out=np.zeros_like(step), where=step != 0)
    steps = ((blocks - least) * inverse + np.float32(0.5)).astype(np.uint8)
    fifth = np.packbits(steps >> 4, axis=1, bitorder="little")
    low, high = steps[:, : BLOCK // 2] & 15, steps[:, BLOCK // 2 :] & 15
    halves = np.concatenate([step, least], axis=1).astype("<f2").view(np.uint8)
    return np.concatenate([halves, fifth, low | high << 4], axis=1).tobytes()


def write(given: Weights, tokenizer: Mapping[str, Any], path: Path, *, quantised: bool = False) -> None:
    """The whole file."""
    embeddings = given["decoder/embeddings/weight"]
    vocabulary, width = embeddings.shape
    audio = (AUDIO_PLACES, width, width // HEAD, layers(given, "encoder"))
    text = (TEXT_PLACES, width, width // HEAD, layers(given, "decoder"))
    rows = filters()
    with open(path, "wb") as file:
        file.write(
            struct.pack("<12i", MAGIC, vocabulary, *audio, *text, MELS, MOSTLY_Q5_1 if quantised else MOSTLY_F16)
        )
        file.write(struct.pack("<2i", *rows.shape) + rows.astype("<f4").tobytes())
        file.write(struct.pack("<i", BYTES_PAIRS))
        for token in tokens(tokenizer):
            file.write(struct.pack("<i", len(token)) + token)
        for name, array in renamed(given):
            shaped = array.reshape(-1, 1) if name in UNBROKEN[:2] else array
            kind, data = stored(name, shaped, quantised=quantised)
            label = name.encode()
            file.write(struct.pack(f"<{3 + shaped.ndim}i", shaped.ndim, len(label), kind, *reversed(shaped.shape)))
            file.write(label + data)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stand_in")
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--q5_1", action="store_true", help="five bits for most weights, not sixteen")
    options = parser.parse_args()
    parts = sorted(options.folder.rglob("model.bin*"), key=lambda path: path.name)
    tokenizer = json.loads(next(options.folder.rglob("tokenizer.json")).read_text(encoding="utf-8"))
    write(weights(b"".join(part.read_bytes() for part in parts)), tokenizer, options.file, quantised=options.q5_1)


if __name__ == "__main__":
    main()
