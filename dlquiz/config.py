"""What the user set."""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

from dlquiz import dates, files, fsrs
from dlquiz.card import Preset
from dlquiz.errors import StoreError, UsageError
from dlquiz.home import Home as Home
from dlquiz.home import home as home

_LINE = r'(\w+) = ("[^"\\\x00-\x1f\x7f]*"|(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?)'


class Settings(NamedTuple):
    """What `config.toml` may contain; every field has a sensible default."""

    desired_retention: float = 0.90
    maximum_interval: int = 36500
    new_per_day: int = 10
    explain_per_day: int = 2
    minutes_per_day: int = 20
    rollover: str = "04:00"
    interview_date: str = ""
    plan_minutes: int = 0
    plan_topics: str = ""
    plan_without: str = ""
    weights: str = ""
    judge_command: str = ""
    listen: str = "yes"
    keep_audio: str = "no"

    @property
    def interview(self) -> date | None:
        """The day of the interview."""
        return date.fromisoformat(self.interview_date) if self.interview_date else None

    @property
    def rollover_min(self) -> int:
        """Minutes after local midnight."""
        hours, minutes = self.rollover.split(":")
        return int(hours) * 60 + int(minutes)

    @property
    def preset(self) -> Preset:
        return Preset(
            weights=_numbers(self.weights) or fsrs.DEFAULT_WEIGHTS,
            desired_retention=self.desired_retention,
            maximum_interval=self.maximum_interval,
            rollover_min=self.rollover_min,
        )


def _numbers(text: str) -> tuple[float, ...]:
    """The numbers of a comma-separated list."""
    return tuple(float(word) for word in text.split(",")) if text else ()


class _Rule(NamedTuple):
    """What a setting may be, in words and as a test."""

    means: str
    wants: str
    holds: Callable[[Any], bool]


def _between(low: float, high: float, kinds: tuple[type[float], ...] = (int,)) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high


def _is_clock(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value) is not None


def _is_day(value: Any) -> bool:
    with suppress(ValueError):
        return value == "" or (isinstance(value, str) and date.fromisoformat(value).isoformat() == value)
    return False


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable() and not re.search(r'["\\]', value)


def _is_yes_or_no(value: Any) -> bool:
    return value in ("yes", "no")


def _are_weights(value: Any) -> bool:
    with suppress(ValueError):
        return isinstance(value, str) and (value == "" or fsrs.sound(_numbers(value)))
    return False


RULES: Mapping[str, _Rule] = {
    "desired_retention": _Rule(
        "chance of recall at which a card comes back; higher means more reviews",
        "a number from 0.70 to 0.99",
        _between(0.70, 0.99, (int, float)),
    ),
    "maximum_interval": _Rule("longest wait in days", "a whole number from 1 to 36500", _between(1, 36500)),
    "new_per_day": _Rule("new cards per study day", "a whole number from 0 to 9999", _between(0, 9999)),
    "explain_per_day": _Rule("main cards among the new ones", "a whole number from 0 to 9999", _between(0, 9999)),
    "minutes_per_day": _Rule(
        "minutes of study per day; when more is due, new cards pause",
        "a whole number from 1 to 1440",
        _between(1, 1440),
    ),
    "rollover": _Rule("local time at which a new study day begins", "a time like 04:00", _is_clock),
    "interview_date": _Rule(
        "the day that `dlquiz plan` works towards", f'a day like {dates.FORMS}, or "" for none', _is_day
    ),
    "plan_minutes": _Rule(
        "minutes per day until the interview; 0 means minutes_per_day",
        "a whole number from 0 to 1440",
        _between(0, 1440),
    ),
    "plan_topics": _Rule(
        "topics that the interview is about", 'topics with commas between them, or "" for all', _is_line
    ),
    "judge_command": _Rule(
        "a program of your own that judges written answers, see docs/judging.md",
        'a command with its arguments, or "" for none',
        _is_line,
    ),
    "listen": _Rule(
        "once `dlquiz listen setup` has run, main cards that you say are heard (experimental)",
        "yes or no",
        _is_yes_or_no,
    ),
    "keep_audio": _Rule("keep what you say as WAV files in answers/", "yes or no", _is_yes_or_no),
    "plan_without": _Rule("topics that the interview is not about", 'topics, or "" for none', _is_line),
    "weights": _Rule(
        "the scheduler's weights, as `dlquiz optimize` fits them",
        'the 21 of FSRS-6, or "" for its defaults',
        _are_weights,
    ),
}


def load(where: Home) -> Settings:
    """The user's settings.

    Raises:
        UsageError: The file is not TOML, or has an unknown key or an invalid value.
    """
    try:
        text = where.settings_file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{where.settings_file}: can't be read: {error}; mend or remove it") from error
    values = _plain_lines(text)
    if values is None:
        import tomllib  # only where its user has written more than we do

        try:
            values = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # also a number of thousands of digits, and brackets without end
            raise UsageError(f"{where.settings_file}: {error}; mend the line or remove it") from error
    values = {key: value.isoformat() if type(value) is date else value for key, value in values.items()}
    for key, value in values.items():
        _check(key, value, f"{where.settings_file}: ")
    return Settings(**values)


def _plain_lines(text: str) -> dict[str, Any] | None:
    """What lines say that look as `save` writes them; None where one does not. Whoever has a plan has such a file, and the import of TOML's
    parser takes a sixteenth of the time to the first question.
    """
    lines = [re.fullmatch(_LINE, line, re.ASCII) for line in text.split("\n") if line]
    values = {line[1]: json.loads(line[2]) for line in lines if line}  # such a value is the same in JSON
    return values if len(values) == len(lines) else None


def parse(key: str, text: str, today: date) -> Any:
    """What a user typed for a setting, checked; a day may be typed in everyday words.

    Raises:
        UsageError: No such setting, or no such value for it.
    """
    value: Any = text
    if key == "interview_date" and text:
        return dates.parse(text, today).isoformat()
    default = getattr(Settings(), key, None)
    for kind in (int, float):
        if not isinstance(default, str) and isinstance(value, str):
            try:
                value = kind(text)
            except ValueError:
                continue
    _check(key, value)
    return value


def save(where: Home, changes: Mapping[str, Any]) -> None:
    """Write settings; None removes one. Every other line of the file stays as it was."""
    where.make()
    try:
        lines = where.settings_file.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        lines = []
    for key, value in changes.items():
        line = f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
        pattern = re.compile(rf"\s*{re.escape(key)}\s*=")
        at = next((n for n, old in enumerate(lines) if pattern.match(old)), len(lines))
        lines[at : at + 1] = [] if value is None else [line]
    try:
        files.write_text(where.settings_file, "\n".join(lines) + "\n")
    except OSError as error:
        raise StoreError(
            f"can't write {where.settings_file}: {error.strerror or error}; nothing was changed"
        ) from error


def names() -> list[str]:
    """The names of all settings."""
    return list(Settings._fields)


def rule_of(key: str, where: str = "") -> _Rule:
    """What a setting means and may be.

    Raises:
        UsageError: There is no such setting; the message names the nearest and all others.
    """
    if key in RULES:
        return RULES[key]
    import difflib  # for mistakes only

    close = difflib.get_close_matches(key.lower(), RULES, n=1, cutoff=0.5)
    meant = f"; did you mean {close[0]!r}?" if close else ";"
    raise UsageError(f"{where}there is no setting {key!r}{meant} the settings are {', '.join(RULES)}")


def _check(key: str, value: Any, where: str = "") -> None:
    rule = rule_of(key, where)
    if not rule.holds(value):
        raise UsageError(f"{where}{key} can't be {value!r}; give it {rule.wants}")
