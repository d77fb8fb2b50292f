"""Every test gets a home of its own; the real one is out of reach."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from builders import a_bank
from hypothesis import HealthCheck, settings

# Two shared cores: a slow example is no failure, and the fixture below sets nothing that an example could change.
settings.register_profile("dlquiz", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("dlquiz")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A DLQUIZ_HOME that does not exist yet."""
    for name in [name for name in os.environ if name.startswith(("DLQUIZ_", "_DLQUIZ"))]:
        monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    here = tmp_path / "home"
    monkeypatch.setenv("DLQUIZ_HOME", str(here))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return here


@pytest.fixture
def bank(tmp_path: Path) -> list[str]:
    """The options that name a small bank alone; a file of tests with another bank has a fixture of its own."""
    return ["--no-builtin", "--bank", str(a_bank(tmp_path))]
