"""`foederis data`"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from foederis.cli.app import app
from foederis.history.datasets import datasets
from tests.history_data import shared_data

__all__ = ["shared_data"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["data", *arguments], catch_exceptions=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOEDERIS_DATA", str(tmp_path))
    return tmp_path


def test_the_list_without_data(home: Path) -> None:
    done = run("list")
    assert done.exit_code == 0
    assert all(f"\n{name} " in done.stdout for name in datasets())
    assert f"0 of {len(datasets())} datasets here" in done.stdout
    listed = json.loads(run("list", "--json").stdout)
    assert [one["name"] for one in listed] == list(datasets())
    assert {one["status"] for one in listed} == {"not here"}
    assert not any(one["page_verified"] for one in listed)


def test_all_that_is_known_of_one(home: Path) -> None:
    done = run("list", "cow-wars")
    text = " ".join(done.stdout.split())
    assert done.exit_code == 0
    assert "COW Inter-State Wars, version 4.0" in text
    assert "Sarkees & Wayman (2010)" in text
    assert "the checksum is that of the authors' file" in text
    assert "an address that we could not open ourselves" in text
    assert "`foederis data fetch cow-wars` gets it" in text
    text = " ".join(run("list", "nmc-7").stdout.split())
    assert "converted: the table of Steven Miller's R package peacesciencer" in text


def test_paths(home: Path) -> None:
    assert run("path").stdout == f"{home}\n"
    done = run("path", "majors")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no file `majors2016.csv`" in done.stderr
    (home / "majors2016.csv").write_text("stateabb\n")
    assert run("path", "majors").stdout == f"{home / 'majors2016.csv'}\n"


def test_another_version_fails_the_check(home: Path) -> None:
    assert run("check").exit_code == 0  # nothing is here, and nothing is wrong
    assert run("check", "majors").exit_code == 1
    (home / "majors2016.csv").write_text("stateabb\n")
    for arguments in (["check"], ["check", "majors"]):
        done = run(*arguments)
        assert done.exit_code == 1
        wrapped = done.stdout.replace("\n", " ")
        assert f"majors: another version: {home / 'majors2016.csv'} has other columns" in wrapped
    [found] = json.loads(run("check", "majors", "--json").stdout)
    assert (found["status"], found["path"]) == ("another version", str(home / "majors2016.csv"))


@pytest.mark.usefixtures("shared_data")
def test_the_published_files_pass_the_check() -> None:
    done = run("check")
    assert done.exit_code == 0
    assert f"{len(datasets())} files as known, 0 not, 0 not here." in done.stdout


def test_a_folder_that_is_none_cannot_be_checked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOEDERIS_DATA", str(home / "nowhere"))
    done = run("check")
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"FOEDERIS_DATA names {home / 'nowhere'}, which is no folder yet" in done.stderr
    assert f"in {home / 'nowhere'}, which is no folder yet" in run("list").stdout.replace("\n", " ")


def test_unknown_names_are_messages(home: Path) -> None:
    for command in ("list", "path", "fetch", "check"):
        done = run(command, "cow-war")
        assert (done.exit_code, done.stdout) == (2, "")
        assert "did you mean `cow-wars`?" in done.stderr


def test_what_has_no_plain_file_cannot_be_fetched(home: Path) -> None:
    done = run("fetch", "icb-crises")
    assert done.exit_code == 2
    assert "its authors offer no plain file" in done.stderr
    done = run("fetch", "icb-crises", "majors", "icb-actors")
    assert done.exit_code == 2
    assert "3 mistakes:" in done.stderr
    assert done.stderr.count("its authors offer no plain file") == 3
    done = run("fetch", "icb-crises", "major")
    assert "no plain file" not in done.stderr  # nothing is tried where a name is wrong
    assert "did you mean `majors`?" in done.stderr
