"""Everything that can go wrong for a person who can act on it, with the exit code each has."""

from collections.abc import Iterable
from typing import NamedTuple


class DlquizError(Exception):
    """What, where, what next, in one sentence; shown on stderr without a traceback."""

    exit_code = 1


class UsageError(DlquizError):
    """An option, topic, id or path that is not there."""

    exit_code = 2


class BankError(DlquizError):
    """A bank or package that can't be read.

    Args:
        message: What is said.
        files: The files whose fault it is, where they are known.
    """

    exit_code = 65

    def __init__(self, message: str, files: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.files = frozenset(files)


class StoreError(DlquizError):
    """The database is damaged, newer, locked or unwritable."""


class StaleError(StoreError):
    """Somebody else wrote to this card since it was read; fold again and retry."""


class NothingToUndoError(DlquizError):
    """No effective event of this device is left to take back."""


class NothingToResumeError(DlquizError):
    """No interview was left unfinished."""


class ListenError(DlquizError):
    """The microphone, a recording or the transcriber is of no use."""


class Problem(NamedTuple):
    """Something wrong in a bank, at a place that an editor can jump to."""

    path: str
    line: int  #: from 1
    column: int  #: from 1
    level: str  #: error | advice
    message: str  #: what is wrong; what to do

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.level}: {self.message}"
