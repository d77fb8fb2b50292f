"""Decks, deck options and settings of a collection, in the form that Anki's packages have (schema 11)."""

from __future__ import annotations

from typing import Any

from dlquiz.text import phrases

TOP = "dlquiz"
LICENSE = "Text of the built-in bank: dlquiz question bank, CC BY 4.0."
DEFAULT_PRESET = 1  # Anki's own
BY_POSITION = {
    "newGatherPriority": 1,
    "newSortOrder": 1,
}  # new cards come in the order of their positions, whatever their decks
OUR_PRESET = 1_795_484_307_201  # for ever: Anki takes a preset over once and never overwrites it


def settings(rollover_hour: int) -> dict[str, Any]:
    """What a collection needs to count days by the calendar alone, whatever the time zone."""
    return {
        "schedVer": 2,
        "sched2021": True,
        "creationOffset": 0,  # minutes west of Greenwich
        "rollover": rollover_hour,
        "nextPos": 1,
        "curDeck": 1,
        "activeDecks": [1],
    }


def about(cards: int, version: str, *, licensed: bool) -> str:
    """The description of the top deck.

    Args:
        cards: How many it holds with the decks below it.
        version: Of dlquiz.
        licensed: Are there cards of the built-in bank?
    """
    return (
        f"Deep-learning interview questions: {phrases.counted(cards, 'card')}, exported by dlquiz {version}."
        f"{f' {LICENSE}' if licensed else ''} To update, import a newer file and let it update notes and note types if newer;"
        " reviews, suspensions, flags and moved cards are kept."
    )


def deck(number: int, name: str, preset_id: int, description: str = "") -> dict[str, Any]:
    """A deck with nothing done in it today."""
    return {
        "id": number,
        "name": name,
        "mod": 0,
        "usn": -1,
        "desc": description,
        "dyn": 0,
        "collapsed": False,
        "browserCollapsed": False,
        "conf": preset_id,
        "extendNew": 0,
        "extendRev": 0,
        "newToday": [0, 0],
        "revToday": [0, 0],
        "lrnToday": [0, 0],
        "timeToday": [0, 0],
    }


def preset(number: int, name: str, **changes: Any) -> dict[str, Any]:
    """Deck options, Anki's defaults but for `changes`.

    A group (`new`, `rev`, `lapse`) in which a key is missing is passed over by Anki as a whole: all are spelled out.
    """
    base: dict[str, Any] = {
        "id": number,
        "name": name,
        "mod": 0,
        "usn": -1,
        "maxTaken": 60,
        "autoplay": True,
        "timer": 0,
        "replayq": True,
        "dyn": False,
        "new": {"bury": False, "delays": [1.0, 10.0], "initialFactor": 2500, "ints": [1, 4, 0], "order": 1, "perDay": 20},
        "rev": {"bury": False, "ease4": 1.3, "hardFactor": 1.2, "ivlFct": 1.0, "maxIvl": 36500, "perDay": 200},
        "lapse": {"delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0},
    }  # fmt: skip
    for key, value in changes.items():
        base[key] = {**base[key], **value} if isinstance(base.get(key), dict) else value
    return base
