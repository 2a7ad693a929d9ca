"""A folder as a reader has it, after saving the example of the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.reading import EXAMPLE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "ally.yaml").write_text(EXAMPLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path
