"""`foederis report`"""

from __future__ import annotations

import base64
import shlex
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import foederis as fd
from foederis.cli.app import app
from foederis.cli.report import chosen
from tests.unit.report.brief.reading import read


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["report", *map(str, arguments)], catch_exceptions=False)


def test_a_brief_in_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("patron", "--draws", "8")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("patron-brief.html is written (0.1 MB), from 8 possible worlds.\n")
    written = Path("patron-brief.html").read_bytes()
    assert run("patron", "--draws", "8", "-o", tmp_path / "other.html").exit_code == 0
    assert (tmp_path / "other.html").read_bytes() == written


def test_the_options_reach_the_brief(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    changed = ["--seed", "3", "--set", "quantities.stake=3 to 4", "--what-if", "weak_client"]
    assert run("patron", "--draws", "8", *changed, "--out", path).exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert "--seed 3 --set &#x27;quantities.stake=3 to 4&#x27; --what-if weak_client" in text.replace("'", "&#x27;")
    assert "defence pact" not in text.partition('id="what-ifs"')[2].partition("</section>")[0].lower()


def test_a_brief_can_be_made_again_from_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["--draws", "8", "--seed", "2", "--set", "quantities.stake=3 to 4", "--what-if", "weak_client"]
    assert run("patron", *asked, "--out", "first.html").exit_code == 0
    page = read(Path("first.html").read_text(encoding="utf-8"))
    link = page.one(download="patron.yaml").attributes["href"] or ""
    Path("patron.yaml").write_bytes(base64.b64decode(link.partition(",")[2]))
    [command] = [code.text for code in page.one(id="record").all("code") if code.text.startswith("foederis ")]
    _, _, *arguments = shlex.split(command)
    assert run(*arguments).exit_code == 0
    assert Path("patron-brief.html").read_bytes() == Path("first.html").read_bytes()


def test_what_ifs_by_name_all_or_none() -> None:
    assert chosen(None) == chosen([]) == "all"
    assert chosen(["none"]) == []
    assert chosen(["a", "b"]) == ["a", "b"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["patron", "--out", "."], "is a folder; name a file in it"),
        (["patron", "--out", "nowhere/x.html"], "there is no folder nowhere; make it first"),
        (["patron", "--what-if", "wek"], "F109"),
        (["patron", "--draws", "0"], "draws must be a whole number from 1"),
        (["patron", "--set", "quantities.stak=1"], "F114"),
        (["no_such_case"], "F001"),
    ],
)
def test_mistakes_are_said_and_nothing_is_written(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_folder_of_its_name_does_not_take_the_place_of_the_function() -> None:
    import foederis.report.brief.make

    assert fd.report is sys.modules["foederis.report.brief.make"].report
    assert callable(foederis.report)
