"""The other commands, and what all of them do with bad files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import foederis as fd
from foederis.cli.app import app
from tests.unit.language.texts import text_of


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_version_and_help() -> None:
    assert run("--version").stdout.strip() == fd.__version__
    for arguments in (["--help"], ["-h"], []):
        text = run(*arguments).output
        for name in ("check", "solve", "cases", "new", "show", "schema", "explain", "exposure", "histories"):
            assert name in text


BAD = {
    "empty": (b"", "F"),
    "blank": (b"  \n# nothing\n", "F"),
    "binary": (bytes(range(256)) * 40, "F"),
    "zeros": (b"\0" * 1000, "F"),
    "utf-16": ("foederis: 1\n".encode("utf-16"), "F"),
    "not utf-8": (b"foederis: 1\ntitle: caf\xe9\n", "F"),
    "a list": (b"- 1\n- 2\n", "F201"),
    "another version": (b"foederis: 9\n", "F009"),
    "unmarked": (b"title: x\n", "F009"),
    "50 MB": (b"x: y\n" * 10_000_000, "F003"),
    "deep": (b"[" * 5000, "F"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("command", ["check", "solve", "show"])
def test_bad_files(here: Path, command: str, name: str) -> None:
    content, code = BAD[name]
    if name == "50 MB" and command != "check":
        pytest.skip("read by the same function")
    (here / "bad.yaml").write_bytes(content)
    done = run(command, "bad.yaml")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert f"error[{code}" in done.stderr
    assert "bad.yaml" in done.stderr
    assert "mistake" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("command", ["check", "solve", "show"])
def test_files_that_are_none(here: Path, command: str) -> None:
    (here / "folder.yaml").mkdir()
    done = run(command, "folder.yaml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error[F00" in done.stderr
    done = run(command, "kremln")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error[F001]" in done.stderr
    assert "did you mean `kremlin`?" in done.stderr


def test_a_file_that_cannot_be_read(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "secret.yaml").write_text("foederis: 1")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    done = run("check", "secret.yaml")
    assert done.exit_code == 2
    assert "Permission denied" in done.stderr


def test_check_says_what_a_file_holds_and_rests_on() -> None:
    done = run("check", "patron")
    assert done.exit_code == 0
    assert done.stderr == ""
    first, second, third = done.stdout.splitlines()
    assert first == "patron.yaml: no mistakes."
    assert second == "2 actors, 3 state variables, 2 turns, 2 events, 4 questions, 1 decision, 3 what-ifs, 3 claims."
    assert third.startswith("18 numbers: 1 rests on a source; 17 rest on nothing but the author")


def test_warnings_are_no_mistakes(here: Path) -> None:
    (here / "often.yaml").write_text(text_of())
    done = run("check", "often.yaml")
    assert done.exit_code == 0
    assert "warning[W602]" in done.stderr
    assert "often.yaml: 3 warnings." in done.stdout


def test_findings_as_an_object(here: Path) -> None:
    (here / "often.yaml").write_text(text_of())
    done = run("check", "often.yaml", "--json")
    data = json.loads(done.stdout)
    assert (done.exit_code, done.stderr, data["ok"]) == (0, "", True)
    assert [item["code"] for item in data["diagnostics"]] == ["W610", "W602", "W602"]
    (here / "bad.yaml").write_text(text_of(facts="{fighting: wor == on}"))
    done = run("check", "bad.yaml", "--json")
    data = json.loads(done.stdout)
    assert (done.exit_code, done.stderr, data["ok"]) == (2, "", False)
    [item] = data["diagnostics"]
    assert set(item) == {"code", "severity", "message", "span", "help", "context"}
    assert (item["code"], item["severity"], item["span"]["line"]) == ("F102", "error", 12)
    done = run("check", "nothing.yaml", "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["diagnostics"][0]["code"] == "F001"


def test_impossible_numbers_are_found_by_check(here: Path) -> None:
    (here / "bad.yaml").write_text(text_of(events="{fall: {chance: stake / 15, sets: {fallen: yes}}}"))
    done = run("check", "bad.yaml")
    assert done.exit_code == 2
    assert "error[F305]" in done.stderr


def test_a_starter_file_checks_and_solves(here: Path) -> None:
    done = run("new", "mine")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "mine.yaml is written" in done.stdout
    done = run("check", "mine.yaml")
    assert (done.exit_code, done.stderr) == (0, "")
    done = run("solve", "mine.yaml", "--draws", "8", "--what-if", "all")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "What if: " in done.stdout


def test_a_starter_file_overwrites_nothing(here: Path) -> None:
    (here / "mine.yaml").write_text("dear to me")
    done = run("new", "mine.yaml")
    assert done.exit_code == 2
    assert "there already" in done.stderr
    assert (here / "mine.yaml").read_text() == "dear to me"


@pytest.mark.parametrize("name", ["a/../..", "x\ny", "?", ""])
def test_names_that_are_none(here: Path, name: str) -> None:
    done = run("new", name)
    assert done.exit_code == 2
    assert done.stderr
    assert list(here.iterdir()) == []


def test_a_starter_file_in_a_folder(here: Path) -> None:
    assert run("new", "no/such/folder").exit_code == 2
    (here / "folder").mkdir()
    assert run("new", "folder/mine.yml").exit_code == 0
    assert (here / "folder" / "mine.yaml").is_file()


def test_shipped_cases_by_title() -> None:
    done = run("cases")
    assert done.exit_code == 0
    lines = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert lines["deterrence"] == "Does the threat hold?"
    assert set(lines) == set(fd.gallery())


def test_show_counts_states() -> None:
    done = run("show", "deterrence")
    assert done.exit_code == 0
    text = done.stdout
    assert "border  quiet, crossed, taken, fought_over  starts at quiet" in text
    assert "challenger   1" in text
    assert "end of step  3" in text


def test_show_has_a_limit() -> None:
    done = run("show", "deterrence", "--max-states", "1")
    assert done.exit_code == 2
    assert "F403" in done.stderr


def test_the_schema_is_one_object() -> None:
    done = run("schema")
    assert done.exit_code == 0
    assert "$schema" in json.loads(done.stdout)


@pytest.mark.parametrize("code", ["F104", "f104", "[F104]", " F104 "])
def test_explain(code: str) -> None:
    done = run("explain", code)
    assert done.exit_code == 0
    assert "F104" in done.stdout


@pytest.mark.parametrize("code", ["F999", "", "nonsense", "../F104", "é"])
def test_explain_what_there_is_not(code: str) -> None:
    done = run("explain", code)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "there is no message" in done.stderr
