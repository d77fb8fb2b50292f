"""Numbers and formulas of the notes on tokens, scaling, experts, context, serving and tuning of language models."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

import numpy as np
from formulas import claims

# llm: tokenization


def merged(tokens: list[str], pair: tuple[str, str]) -> list[str]:
    """The tokens after every occurrence of the pair, from the left, has become one."""
    out: list[str] = []
    for token in tokens:
        if out and (out[-1], token) == pair:
            out[-1] += token
        else:
            out.append(token)
    return out


@claims("tokenization.bpe-step", "most frequent adjacent pair", "new token")
@claims("tokenization.vocab-count", "256 base symbols, 50 000 merges and 1 special", "50 257")
@claims("tokenization", "256 bytes, 50 000 merges and one special token: 50 257 ids", "That is not the longest match")
def test_each_bpe_merge_adds_one_token_and_encoding_replays_the_merges() -> None:
    tokens = list("ababcbcbcab")
    base, merges = set(tokens), []
    for _ in range(3):
        pair = Counter(pairwise(tokens)).most_common(1)[0][0]
        merges.append(pair)
        tokens = merged(tokens, pair)
    vocabulary = base | {"".join(pair) for pair in merges}
    assert len(vocabulary) == len(base) + len(merges)
    assert 256 + 50_000 + 1 == 50_257

    encoded = list("abc")
    for pair in [("a", "b"), ("b", "c"), ("bc", "a")]:
        encoded = merged(encoded, pair)
    assert encoded == ["ab", "c"]
    late = list("abcd")
    for pair in [("b", "c"), ("a", "b"), ("ab", "c")]:  # abc is a token, and the longest match
        late = merged(late, pair)
    assert late == ["a", "bc", "d"]


@claims("tokenization.embed-params", "1051")
@claims("tokenization", r"$V=128\,256$ and $d=4096$ make 1.05 billion")
def test_untied_embeddings_hold_two_matrices() -> None:
    assert round(2 * 128_256 * 4096 / 1e6) == 1051
    assert round(2 * 128_256 * 4096 / 1e9, 2) == 1.05


@claims("tokenization.bits-per-byte", r"$\ell / (r \ln 2)$")
@claims("tokenization", r"$\ell/(r\ln 2)$")
def test_bits_per_byte_is_the_text_s_negative_log_probability_spread_over_its_bytes() -> None:
    probabilities, text = np.array([0.5, 0.25, 0.125]), b"abcdef"
    nats = -np.log(probabilities).mean()
    assert math.isclose(nats / (len(text) / 3 * math.log(2)), -np.log2(probabilities).sum() / len(text))


@claims("tokenization.digit-groups", "From the right")
@claims("tokenization", "1234567 becomes 123|456|7")
def test_groups_of_three_digits_line_up_only_from_the_right() -> None:
    assert re.findall(r"\d{1,3}", "1234567") == ["123", "456", "7"]
    assert f"{1234567:,}" == "1,234,567"
