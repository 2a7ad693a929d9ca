"""The plan of the page on ensembles is solved, and its commands print what it shows.

To write the output into the page anew after a change that is meant: FOEDERIS_REWRITE=1 pytest tests/docs
"""

from __future__ import annotations

import re
import shlex
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foederis.cli.app import app
from foederis.ensembles import run
from foederis.ensembles.query import TABLES, query
from foederis.ensembles.shapes import PLAN, PLANNED_CASE, SETTING
from tests.docs.reading import DOCS, REWRITE, blocks, commands, in_code, rows, section, text_of
from tests.unit.ensembles.plans import Here

pytest.importorskip("duckdb")
PAGE = DOCS / "ensembles.md"


@pytest.fixture
def solved(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a reader, in which the commands of the page have been typed; with what they printed."""
    [plan] = blocks(PAGE, "yaml")
    (folder / "plan.yaml").write_text(plan, encoding="utf-8")
    monkeypatch.setattr(run, "_crew", lambda *_: nullcontext(Here()))  # workers take seconds to start
    for number, command in enumerate(commands(PAGE)):
        done = CliRunner().invoke(app, shlex.split(command)[1:], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        (folder / f"printed {number}").write_text(done.stdout, encoding="utf-8")
    return folder


def test_the_page(solved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = [path.read_text(encoding="utf-8") for path in sorted(solved.glob("printed *"))]
    assert re.search(r"\nFingerprint [0-9a-f]{16}\.\n\Z", printed[0])
    printed[0] = printed[0].partition("\n\nFingerprint")[0] + "\n"  # which hangs on all versions
    if REWRITE:
        parts = iter(printed)
        whole = re.sub(r"(?s)(```text\n).*?(```)", lambda match: f"{match[1]}{next(parts)}{match[2]}", text_of(PAGE))
        PAGE.write_text(whole, encoding="utf-8")
    assert printed == blocks(PAGE, "text")
    for name, *_, columns in rows(section(PAGE, "Asking")):
        [table] = in_code(name)
        assert [row[0] for row in query("runs", f"DESCRIBE {table}").rows] == in_code(columns), table
    assert [in_code(row[0])[0] for row in rows(section(PAGE, "Asking"))] == list(TABLES)
    [script] = blocks(PAGE, "python")
    exec(compile(script, PAGE.name, "exec"), {"__name__": "__main__"})  # noqa: S102
    assert capsys.readouterr().out.startswith("True ('avg(\"value\")',) ((0.")


def test_every_key_of_a_plan_is_described() -> None:
    described = set(re.findall(r"`(\w+)`", section(PAGE, "A plan")))
    assert {*PLAN.keys, *PLANNED_CASE.keys, *SETTING.keys} <= described
