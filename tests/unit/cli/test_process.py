"""The command as a program of its own: what it imports, pipes, and where it keeps compiled kernels."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from foederis.cli.commands import COMMANDS

HEAVY = ("jax", "jaxlib", "scipy.stats", "pandas", "duckdb")
NUMBERS = ("numpy", "yaml", "lark")  # what only those need who read a case


def foederis(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "foederis", *arguments], capture_output=True, text=True, timeout=300,
        env={**os.environ, **environment}, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["check", "kremlin"],
        ["show", "patron"],
        ["cases"],
        ["explain", "F104"],
        ["data", "list"],
    ],
)
def test_what_starts_fast_imports_nothing_heavy(arguments: list[str]) -> None:
    assert not imported(*arguments) & set(HEAVY)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["check", "--help"], ["explain", "F104"]])
def test_help_imports_nothing_that_cases_are_read_with(arguments: list[str]) -> None:
    assert not imported(*arguments) & {*HEAVY, *NUMBERS, "foederis.language", "foederis.analysis"}


def test_a_command_imports_no_other() -> None:
    commands = {f"foederis.cli.{name.replace('-', '_')}" for name in COMMANDS}
    assert imported("check", "patron") & commands == {"foederis.cli.check"}
    assert imported("--help") & commands == commands


def test_at_its_end_nothing_is_searched_for_garbage() -> None:
    code = """
import atexit, gc, sys
atexit.register(lambda: print(gc.get_freeze_count() > 0))  # the first to be registered is the last to be called
sys.argv = ["foederis", "--version"]
from foederis.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.splitlines()[-1] == "True"


def imported(*arguments: str) -> set[str]:
    """The modules that a command has imported when it ends."""
    code = f"""
import sys
sys.argv = ["foederis", *{arguments!r}]
try:
    from foederis.cli import main
    main()
except SystemExit as end:
    assert not end.code, end.code
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    return set(done.stdout.splitlines()[-1].split())


def test_solving_imports_neither_pandas_nor_scipy_stats() -> None:
    code = "import sys, foederis as fd; fd.solve(fd.load('deterrence'), at='median'); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert "'numpy'" in done.stdout
    for name in ("scipy.stats", "pandas", "duckdb"):
        assert f"'{name}'" not in done.stdout


@pytest.mark.parametrize(
    "arguments", ["schema", "show kremlin", "solve deterrence --at median --json", "check kremlin"]
)
def test_a_reader_that_goes_away(arguments: str, tmp_path: Path) -> None:
    """As in `foederis schema | head -1`: no traceback, whatever the exit code."""
    errors = tmp_path / "errors"
    with errors.open("w") as file:
        command = [sys.executable, "-m", "foederis", *arguments.split()]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=file)
        assert process.stdout is not None
        process.stdout.close()
        process.wait(timeout=300)
    assert errors.read_text() == ""


def test_without_a_place_for_compiled_kernels_it_solves_all_the_same() -> None:
    nowhere = {"XDG_CACHE_HOME": "/dev/null/nowhere", "HOME": "/dev/null"}
    done = foederis("solve", "deterrence", "--at", "median", **nowhere)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "Is there war?" in done.stdout


def test_compiled_kernels_are_kept_in_the_users_cache(tmp_path: Path) -> None:
    done = foederis("solve", "deterrence", "--at", "median", XDG_CACHE_HOME=str(tmp_path))
    assert done.returncode == 0
    assert any((tmp_path / "foederis").rglob("*"))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_terminals_that_do_not_know_every_letter(encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "foederis", "solve", "patron", "--at", "median"], capture_output=True, timeout=300,
        env={**os.environ, "PYTHONIOENCODING": encoding}, check=False,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0


def test_a_bad_file_is_exit_code_two_without_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("foederis: 1\nevents: {fall: {chance: 2}}\n")
    done = foederis("solve", str(path))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "error[F" in done.stderr
