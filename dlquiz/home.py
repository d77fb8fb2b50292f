"""Where things live: the folder that holds all of the user's data."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from dlquiz import files
from dlquiz.errors import StoreError, UsageError


class Home(NamedTuple):
    """The folder that holds all of the user's data."""

    path: Path

    @property
    def progress(self) -> Path:
        return self.path / "progress.db"

    @property
    def settings_file(self) -> Path:
        return self.path / "config.toml"

    @property
    def own_words(self) -> Path:
        """The user's own words for key points; there once the first were kept."""
        return self.path / "own-words.json"

    @property
    def banks(self) -> Path:
        return self.path / "banks"

    @property
    def interviews(self) -> Path:
        return self.path / "interviews"

    @property
    def backups(self) -> Path:
        return self.path / "backups"

    @property
    def cache(self) -> Path:
        return self.path / "cache"

    @property
    def models(self) -> Path:
        return self.path / "models"

    @property
    def model_note(self) -> Path:
        """Which model is used; there once `listen setup` has run."""
        return self.models / "model.json"

    @property
    def answers(self) -> Path:
        """Recordings, where they are kept."""
        return self.path / "answers"

    def make(self) -> None:
        """Create the folder.

        Raises:
            StoreError: The folder can't be made.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            ignored = self.path / ".gitignore"
            if not ignored.exists():
                files.write_text(ignored, "cache/\n")  # who keeps the folder in git keeps what can't be made again
        except OSError as error:
            raise StoreError(
                f"can't create {self.path}: {_why(error)}; set DLQUIZ_HOME to a folder you may write to"
            ) from error


def _why(error: OSError) -> str:
    return "that is no folder" if isinstance(error, FileExistsError) else error.strerror or str(error)


def home(environ: Mapping[str, str] = os.environ) -> Home:
    """DLQUIZ_HOME, else the platform's data folder. Creates nothing.

    Raises:
        UsageError: DLQUIZ_HOME begins with a user who is not there.
    """
    named = environ.get("DLQUIZ_HOME")
    if named:
        path = os.path.expanduser(named)
        if path.startswith("~"):
            user = re.split(r"[\\/]", path)[0][1:]
            who = f"there is no user '{user}'" if user else "your home folder is not known"
            raise UsageError(f"DLQUIZ_HOME is {named}, but {who}; set it to a folder's whole path")
        return Home(Path(path))
    import platformdirs  # only where it decides

    return Home(Path(platformdirs.user_data_dir("dlquiz", appauthor=False)))
