"""Every command, option, name and key of the JSON is described, and the examples run."""

from __future__ import annotations

import dataclasses
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import foederis as fd
from foederis.cli.app import app
from tests.docs.reading import DOCS, EXAMPLE, README, USING, blocks, commands, in_code, rows, section, text_of

OF_DASK = ("--nworkers", "--nthreads")


def every_command() -> list[tuple[str, Any]]:
    group: Any = typer.main.get_command(app)
    return list(group.commands.items())


@pytest.mark.parametrize("command", commands(USING))
def test_the_commands_run(command: str, folder: Path) -> None:
    done = CliRunner().invoke(app, shlex.split(command)[1:], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert done.output


@pytest.mark.parametrize("path", [README, USING], ids=lambda path: path.name)
def test_the_python_runs(path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for block in blocks(path, "python"):
        exec(compile(block, path.name, "exec"), {})  # noqa: S102
    assert capsys.readouterr().out


@pytest.mark.parametrize(("name", "command"), every_command())
def test_every_option_is_described(name: str, command: Any) -> None:
    described = section(USING, f"foederis {name}")
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert f"`{parameter.opts[0]}`" in described


def test_the_options_that_are_described_exist() -> None:
    known = {
        option
        for _, command in every_command()
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    for path in (README, *DOCS.glob("*.md")):
        named = set(re.findall(r"(?<![-\w])--[a-z][a-z-]+", text_of(path)))
        assert named <= known | {"--help", "--version", *OF_DASK}, path.name


def test_the_json_is_described() -> None:
    answer = fd.solve(fd.loads(EXAMPLE), at="median")
    table = rows(section(USING, "The answer as JSON"))
    assert [key for row in table for key in in_code(row[0])] == list(answer.to_json())


def test_the_public_face_is_described() -> None:
    table = {tuple(in_code(row[0])): row[1] for row in rows(section(USING, "From Python"))}
    assert sorted(name for names in table for name in names) == sorted(set(fd.__all__) - {"__version__"})
    fields = {field.name for field in dataclasses.fields(fd.Answer)} - {"case", "draws", "seed", "at", "game_hash"}
    assert fields <= set(in_code(table["Answer",]))


def test_every_shipped_case_is_named() -> None:
    assert set(fd.gallery()) <= set(in_code(section(USING, "foederis cases")))
