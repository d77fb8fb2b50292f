"""Getting a model: the one place of this room that uses the network, and only when it is asked to."""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import Any

from dlquiz import __version__
from dlquiz.config import Home
from dlquiz.errors import ListenError
from dlquiz.listen import model
from dlquiz.listen.model import Known, Model

Tell = Callable[[int], None]  # the bytes that have come

TIMEOUT_SECONDS = 30  # without a byte
PIECE = 1 << 16
INSTEAD = "get the file another way and give it to `dlquiz listen setup --from FILE`"


def download(home: Home, offered: Known, tell: Tell) -> Model:
    """Fetch a model, check its hash, and put it into the home.

    Args:
        home: Where to.
        known: Which.
        tell: Called with the bytes that have come.

    Raises:
        ListenError: It did not come whole, or is not what it should be; nothing is left of it.
        StoreError: It can't be written.
    """
    return model.put(home, offered.file, lambda draft: _fetched(offered, draft, tell))


def _fetched(offered: Known, draft: Path, tell: Tell) -> str:
    digest, came = hashlib.sha256(), 0
    request = urllib.request.Request(offered.url, headers={"User-Agent": f"dlquiz/{__version__}"})
    response = _answer(request)
    with response, open(draft, "wb") as file:
        while piece := _piece(response):
            came += len(piece)
            if came > offered.size:
                break
            file.write(piece)
            digest.update(piece)
            tell(came)
    if came < offered.size:
        raise ListenError(f"the download broke off after {came} of {offered.size} bytes; run it again, or {INSTEAD}")
    if came > offered.size or digest.hexdigest() != offered.sha256:
        raise ListenError(f"what came from {offered.url} is not the file that dlquiz knows, and was removed; {INSTEAD}")
    return offered.sha256


def _answer(request: urllib.request.Request) -> Any:
    try:
        return urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        if isinstance(error, urllib.error.HTTPError):
            reason = f"{error.code} {error.reason}"
            error.close()
        raise ListenError(f"can't download {request.full_url}: {reason}; {INSTEAD}") from error


def _piece(response: Any) -> bytes:
    try:
        return bytes(response.read(PIECE))
    except (OSError, HTTPException) as error:
        raise ListenError(f"the download broke off: {error}; run it again, or {INSTEAD}") from error
