"""Which files are banks, and where the built-in one lies; cheap to import."""

from __future__ import annotations

from pathlib import Path

from dlquiz.errors import BankError

BESIDE = ("sources.yaml", "sources.yml", "revisions.yaml", "revisions.yml")  # no banks themselves


def is_bank(path: Path) -> bool:
    """A YAML file that is neither hidden nor one of those that stand beside banks."""
    return path.suffix in (".yaml", ".yml") and path.name not in BESIDE and not path.name.startswith(".")


def builtin_folder() -> Path:
    """The built-in bank: inside the installed package, or beside it in a checkout (an editable install carries no copy)."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "questions", package.parent / "questions"):
        if folder.is_dir():
            return folder
    raise BankError(f"the built-in bank is missing from {package}; install dlquiz again")
