"""What every import does: it reads a file of bounded size, joins logs, and says what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from dlquiz import config, files, scheduler
from dlquiz.card import Event, Ledger
from dlquiz.collection import Collection
from dlquiz.errors import BankError, UsageError
from dlquiz.store.ledger import Merged
from dlquiz.text import phrases
from dlquiz.transfer import staging

NAMED = 3  # cards that a remark names
REPORT = "import-report.txt"  # beside the banks: every remark of the last import that had some
MAX_SAID = 20  # remarks on the screen
Told = Callable[[str, int, int], None]  # what is being done, how much of it is done, how much there is


class ImportResult(NamedTuple):
    """What an import brought."""

    said: tuple[str, ...]  #: what was done
    remarks: tuple[str, ...] = ()  #: what could not be carried, and why


def quiet(_what: str, _done: int, _whole: int) -> None:
    """Tell nobody how far an import has come."""


def contents(file: Path, most: int) -> bytes:
    """A file's bytes.

    Raises:
        UsageError: It can't be read.
        BankError: It is larger than `most` bytes.
    """
    with reading(file, most) as opened:
        return opened.read()


@contextmanager
def reading(file: Path, most: int) -> Iterator[BinaryIO]:
    """A file, open to be read; raises as `contents`."""
    try:
        if file.stat().st_size > most:
            raise BankError(f"{file}: larger than {phrases.number(most)} bytes; nothing was imported")
        opened = open(file, "rb")  # noqa: SIM115 - closed below; what is done with it raises errors of its own
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}; check the path") from error
    with opened:
        yield opened


def insist_sound(file: Path, warned: Sequence[str]) -> None:
    """Refuse to make cards of a file while a bank here can't be read: it may have them already.

    Args:
        file: What is imported.
        warned: What was said of banks that can't be read.

    Raises:
        BankError: There is one.
    """
    if warned:
        raise BankError(
            f"{file}: nothing was imported: a bank of yours can't be read, and may have these cards already; mend it first: {warned[0]}"
        )


def join(col: Collection, incoming: Ledger) -> Merged:
    """Add another log's rows to ours and fold the cards they touch."""
    staging.clean(col.home)
    return col.log.join(incoming, lambda events: scheduler.fold(events, col.preset), col.now().day)


def join_counting(col: Collection, incoming: Ledger) -> tuple[Merged, list[str]]:
    """As `join`, with a remark about answers to cards that are in no bank here."""
    answers: Counter[str] = Counter()

    def counted(events: Iterable[Event]) -> Iterator[Event]:
        for event in events:
            answers[event.card] += event.kind == "review"
            yield event

    merged = join(col, incoming._replace(events=counted(incoming.events)))
    return merged, list(of_no_bank(col, answers))


def of_no_bank(col: Collection, answers: Mapping[str, int]) -> Iterator[str]:
    """What is said of answers to cards that no bank here has, by card."""
    today = {card: col.bank.current(card) for card in answers}
    live = col.bank.live(today.values())
    gone = sorted(card for card, name in today.items() if name not in live and col.bank.retired(name) is None)
    if gone:
        names = ", ".join(gone[:NAMED]) + (" ..." if len(gone) > NAMED else "")
        count = phrases.counted(sum(answers[card] for card in gone), "answer")
        yield (
            f"{count} of {phrases.counted(len(gone), 'card')} in no bank here ({names}); they are kept in the log and count"
            " as soon as there is such a bank"
        )


def told(merged: Merged) -> str:
    """How many rows joined the log."""
    if not merged.added:
        return f"the log has all {phrases.counted(merged.known, 'row')} already; nothing was added"
    were = "was" if merged.known == 1 else "were"
    already = f", {phrases.number(merged.known)} {were} there already" if merged.known else ""
    cards = phrases.counted(len(merged.cards), "card")
    return f"added {phrases.counted(merged.added, 'row')} of {cards} to the log{already}"


def few(home: config.Home, file: Path, remarks: Sequence[str]) -> tuple[str, ...]:
    """The remarks for the screen; only where there are many a file holds all of them."""
    return tuple(remarks) if len(remarks) <= MAX_SAID else reported(home, file, remarks)


def reported(home: config.Home, file: Path, remarks: Sequence[str]) -> tuple[str, ...]:
    """The remarks for the screen, a few of many; all of them stand in a file beside the banks, or all are shown."""
    if not remarks:
        return ()
    path = home.banks / REPORT
    fault = staging.leads_out(home, path)
    try:
        if not fault:
            home.banks.mkdir(parents=True, exist_ok=True)
            files.write_text(path, "".join(f"{line}\n" for line in (f"# {file.name}", *remarks)))
    except OSError as error:
        fault = f"can't write {path}: {error.strerror or error}"
    if fault:
        return (*remarks, f"this list is not kept: {fault}")
    rest = f"... and {phrases.number(len(remarks) - MAX_SAID)} more; all of them: {path}"
    return (*remarks[:MAX_SAID], rest) if len(remarks) > MAX_SAID else (*remarks, f"this list is kept in {path}")
