"""What the page about estimation shows runs, and says what the code says."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from foederis.history.estimate.forms import FORMS
from tests.docs.reading import DOCS, blocks, in_code, rows, section

PAGE = DOCS / "estimation.md"


def test_the_examples_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "example.py"
    script.write_text("\n".join(blocks(PAGE, "python")), encoding="utf-8")
    left = runpy.run_path(str(script))
    printed = capsys.readouterr().out
    assert left["found"].converged
    assert left["fitted"].converged
    assert "u2(escalates,fights): balance" in printed
    assert "slope" in printed
    assert "warning" not in printed


def test_the_forms_are_described() -> None:
    table = {in_code(row[0])[0]: row[2] for row in rows(section(PAGE, "Forms"))}
    assert set(table) == {*FORMS, "ultimatum"}
    for name, form in FORMS.items():
        assert table[name] == ", ".join(form.utility_names(form.outcomes))
