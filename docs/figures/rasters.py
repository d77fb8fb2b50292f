"""The bank's pictures as PNG, for terminals that show those: python docs/figures/rasters.py [FOLDER]

Needs rsvg-convert (librsvg), ImageMagick and the font Liberation Sans; who reads needs none of them. Each PNG keeps the hash of the
SVG that it was made from, so that a test sees when one was forgotten. Only what has changed is made anew.
"""

from __future__ import annotations

import hashlib
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

MEDIA = Path(__file__).resolve().parents[2] / "questions" / "media"
SCALE = 2  # pixels of the PNG to one of the SVG
COLOURS = 64  # flat colours and the edges between them; a third of the bytes of all colours
HEAD = 8  # bytes of a PNG before its first chunk
KEY = b"svg-sha256\0"


def main(folder: Path = MEDIA) -> None:
    """Write the PNG of every SVG in a folder beside it, and remove those without one."""
    for path in sorted(folder.glob("*.svg")):
        target, digest = path.with_suffix(".png"), hashlib.sha256(path.read_bytes()).hexdigest().encode()
        if not target.exists() or KEY + digest not in target.read_bytes():
            target.write_bytes(_marked(_drawn(path.read_text(encoding="utf-8")), digest))
    for path in folder.glob("*.png"):
        if not path.with_suffix(".svg").exists():
            path.unlink()


def _drawn(svg: str) -> bytes:
    svg = re.sub(r'font-family="system-ui[^"]*"', 'font-family="Liberation Sans"', svg)
    command = ["rsvg-convert", "--zoom", str(SCALE), "--background-color", "white"]
    whole = subprocess.run(command, input=svg.encode(), capture_output=True, check=True).stdout
    fewer = ["convert", "png:-", "-strip", "-alpha", "off", "+dither", "-colors", str(COLOURS), "png8:-"]
    return subprocess.run(fewer, input=whole, capture_output=True, check=True).stdout


def _marked(png: bytes, digest: bytes) -> bytes:
    """With the digest in a text chunk behind the first chunk, the image's header."""
    end = HEAD + 12 + struct.unpack(">I", png[HEAD : HEAD + 4])[0]
    chunk = b"tEXt" + KEY + digest
    return png[:end] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[end:]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
