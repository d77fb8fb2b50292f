"""Ids across files: which were renamed to which, and what is wrong when all are seen together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dlquiz.bank.read import BankFile, Placed
from dlquiz.bank.tree import problem
from dlquiz.errors import Problem


def cross_check(files: list[BankFile]) -> list[Problem]:
    """Errors that show only across files: ids used twice, renamings that clash or form a cycle."""
    files = [file for file in files if not file.errors]  # the others have no full ids yet
    retired = {f"{file.prefix}{tomb['id']}" for file in files for tomb in file.retired}
    owners: dict[str, str] = {}
    problems = list(_taken(files, owners, retired))
    for file in files:
        for note in file.notes:
            owners.update((point["id"], f"{file.path}:{point.place[0]}") for point in note.get("key_points", ()))
    claimed: dict[str, str] = {}
    for file in files:
        problems.extend(_wrong_claims(file, owners, retired, claimed))
    for file in files:
        problems.extend(_wrong_followers(file, retired, claimed))
    return problems


def _taken(files: list[BankFile], owners: dict[str, str], retired: set[str]) -> Iterator[Problem]:
    """Notes and cards whose id is not free; records in `owners` where each id is written."""
    for file in files:
        twin = _twin(file, owners)
        if twin:
            message = f"it has the same cards as {twin}, and may be a copy of it; compare the two and remove one"
            yield problem(file.path, (1, 1), message)
            continue
        for note in file.notes:
            for entry in (note, *note["cards"]):
                name = entry["id"]
                if name in owners:
                    message = f"the id '{name}' is taken by {owners[name]}; ids are never shared, choose another"
                    yield problem(file.path, entry.at["id"], message)
                elif name in retired:
                    message = f"the id '{name}' is retired and never used again; choose another"
                    yield problem(file.path, entry.at["id"], message)
                owners.setdefault(name, f"{file.path}:{entry.place[0]}")


def _twin(file: BankFile, owners: dict[str, str]) -> str | None:
    """The other file that already has most of this file's notes; None for a file of fewer than two."""
    homes = Counter(owners[note["id"]].rpartition(":")[0] for note in file.notes if note["id"] in owners)
    if len(file.notes) < 2 or not homes:
        return None
    twin, count = homes.most_common(1)[0]
    return twin if 2 * count > len(file.notes) else None


def _wrong_claims(
    file: BankFile, owners: dict[str, str], retired: set[str], claimed: dict[str, str]
) -> Iterator[Problem]:
    """Former ids that can't be claimed; records in `claimed` who owns the others."""
    for old, entry in _claims(file):
        short = old.removeprefix(file.prefix)
        if old in owners:
            whose = "itself" if old == entry["id"] else owners[old]
            message = f"'was: {short}' names an id that is live ({whose}); remove one of the two"
        elif old in retired:
            message = f"'was: {short}' names a retired id; take it off the 'retired:' list or out of 'was:'"
        elif claimed.setdefault(old, entry["id"]) != entry["id"]:
            message = f"'was: {short}' is claimed by {claimed[old]} too; an id can become only one card, remove one of the two"
        else:
            continue
        yield problem(file.path, entry.at["was"], message)


def _wrong_followers(file: BankFile, retired: set[str], claimed: dict[str, str]) -> Iterator[Problem]:
    """Cards and key points that would inherit another's history because their note was renamed."""
    for old, entry in _followers(file):
        if old in retired:
            message = f"'{entry['id']}' was '{old}' before its note was renamed, and that is retired; choose another id"
        elif claimed.setdefault(old, entry["id"]) != entry["id"]:
            message = (
                f"'{entry['id']}' was '{old}' before its note was renamed, as was {claimed[old]}; choose another id"
            )
        else:
            continue
        yield problem(file.path, entry.at["id"], message)


def renamings(file: BankFile) -> Iterator[tuple[str, str]]:
    """Pairs of former and current full id, of notes, cards and key points, oldest first."""
    yield from ((old, entry["id"]) for old, entry in _followers(file))
    yield from ((old, entry["id"]) for old, entry in _claims(file))


def _claims(file: BankFile) -> Iterator[tuple[str, Placed]]:
    """Former full ids that an entry names as its own."""
    for note in file.notes:
        for entry in (note, *note["cards"], *note.get("key_points", ())):
            yield from ((file.prefix + old, entry) for old in entry.get("was", ()))


def _followers(file: BankFile) -> Iterator[tuple[str, Placed]]:
    """Former full ids that cards and key points have because their note was renamed."""
    for note in file.notes:
        for old in note.get("was", ()):
            for entry in (*note["cards"], *note.get("key_points", ())):
                yield file.prefix + old + entry["id"].removeprefix(note["id"]), entry
