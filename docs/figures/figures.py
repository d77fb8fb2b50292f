"""Draws the bank's pictures: python docs/figures/figures.py [FOLDER]"""

from __future__ import annotations

import sys
from pathlib import Path

import generative
import language
import machines
import networks
import plots
import sequences

MEDIA = Path(__file__).resolve().parents[2] / "questions" / "media"
FIGURES = (
    networks.neuron,
    plots.activations,
    plots.bias_variance,
    networks.dropout,
    networks.cnn_pipeline,
    sequences.lstm_cell,
    sequences.gru_cell,
    sequences.attention,
    sequences.transformer_block,
    networks.gan_loop,
    generative.diffusion,
    networks.norm_axes,
    plots.roc_pr,
    plots.scaling_law,
    plots.peeking,
    language.moe_layer,
    language.rope,
    language.rag_pipeline,
    language.agent_loop,
    machines.paged_cache,
    machines.parallelism,
    machines.number_formats,
)


def main(folder: Path = MEDIA) -> None:
    """Write every picture into a folder, the same bytes each time."""
    folder.mkdir(parents=True, exist_ok=True)
    for draw in FIGURES:
        sheet = draw()
        (folder / f"{sheet.name}.svg").write_text(sheet.svg(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
