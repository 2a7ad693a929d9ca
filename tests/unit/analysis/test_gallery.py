"""Finding cases."""

from __future__ import annotations

from pathlib import Path

import pytest

import foederis as fd
from foederis.analysis.gallery import find, with_settings
from tests.helpers import EVERYTHING


def test_shipped_cases() -> None:
    assert set(fd.gallery()) >= {"kremlin", "kremlin_hint", "deterrence", "patron", "czechoslovakia", "cuba"}
    for name, path in fd.gallery().items():
        assert find(name) == path
        assert fd.load(name).name == name


def test_a_file_stands_before_a_shipped_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kremlin").write_text(EVERYTHING, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert fd.load("kremlin").title == "Something of everything"
    assert fd.load(tmp_path / "kremlin").name == "kremlin"


@pytest.mark.parametrize(
    ("name", "cure"),
    [("kremlim", "did you mean `kremlin`?"), ("nothing.yaml", "check the path"), ("no/such", "check the path")],
)
def test_what_is_not_there(name: str, cure: str) -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.load(name)
    [item] = caught.value.diagnostics
    assert item.code == "F001"
    assert name in item.message
    assert cure in item.help


def test_settings() -> None:
    case = fd.loads(EVERYTHING)
    assert with_settings(case, []) is case
    changed = with_settings(case, ["clock.steps=4", "quantities.stake=7"])
    assert changed.clock.steps == 4
    assert changed.quantities["stake"].distribution is None
    with pytest.raises(fd.CaseError) as caught:
        with_settings(case, ["clock.stepz=1", "quantities.steak=7"])
    assert len(caught.value.diagnostics) == 2
    assert all(item.context.startswith("--set") for item in caught.value.diagnostics)


def test_names_of_texts() -> None:
    assert fd.loads(EVERYTHING).filename == "<text>"
    assert fd.loads(EVERYTHING, filename="mine.yaml").filename == "mine.yaml"
    assert len(fd.loads(EVERYTHING).sha256) == 64
