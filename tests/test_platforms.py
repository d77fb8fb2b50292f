"""What no run on this system would show: modules that another system lacks are asked for where it never comes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
POSIX_ONLY = {"fcntl", "grp", "pexpect", "pty", "pwd", "readline", "resource", "screen", "termios", "tty"}
FOR_POSIX = {"dlquiz/terminal/posix.py", "tests/screen.py"}  # imported behind a question for the platform


def unguarded(source: str) -> Iterator[str]:
    """Modules that Windows lacks, imported before the module asks for the platform."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.If) and "platform" in ast.unparse(statement.test):
            if "skip" in ast.unparse(statement):
                return
        elif isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names if alias.name in POSIX_ONLY)
        elif isinstance(statement, ast.ImportFrom) and statement.module in POSIX_ONLY:
            yield statement.module


def test_the_program_and_its_tests_load_on_windows() -> None:
    modules = [path for room in ("dlquiz", "tests") for path in sorted((ROOT / room).rglob("*.py"))]
    sources = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in modules}

    assert {name: found for name in sources.keys() - FOR_POSIX if (found := list(unguarded(sources[name])))} == {}


def test_an_import_is_guarded_by_a_question_before_it() -> None:
    skip = 'if sys.platform == "win32":\n    pytest.skip("", allow_module_level=True)\n'

    assert list(unguarded(f"import os, pty\n{skip}from screen import Terminal\n")) == ["pty"]
    assert list(unguarded(f"{skip}import pty\n")) == []
    assert list(unguarded('if sys.platform != "win32":\n    import pty\n')) == []


def test_no_query_has_numbered_placeholders() -> None:
    """From Python 3.12 on they must not be filled from a sequence, which the oldest Python lets pass."""
    assert not [
        path for path in (ROOT / "dlquiz").rglob("*.py") if re.search(r"[(=, ]\?\d", path.read_text(encoding="utf-8"))
    ]
