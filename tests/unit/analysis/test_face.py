"""What `import foederis` offers."""

from __future__ import annotations

import subprocess
import sys

import pytest

import foederis as fd


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    return done.stdout


def test_every_public_name_is_there() -> None:
    for name in fd.__all__:
        assert getattr(fd, name) is not None
    assert dir(fd) == sorted(fd.__all__)
    with pytest.raises(AttributeError, match="no attribute 'solvee'"):
        fd.solvee  # noqa: B018


def test_solve_stays_the_function_though_a_folder_has_its_name() -> None:
    code = """
import foederis as fd
case = fd.load("deterrence")
first = fd.solve(case, at="median")
second = fd.solve(case, at="median")
import foederis.solve.engine
from foederis.solve import engine
assert engine.solve_game
print(fd.solve(case, at="median").questions["war"].mean == first.questions["war"].mean)
"""
    assert run(code).strip() == "True"
    assert run("import foederis.solve.engine, foederis as fd; print(callable(fd.solve))").strip() == "True"


def test_importing_costs_nothing() -> None:
    code = "import sys, foederis; print(sorted({'jax', 'numpy', 'scipy', 'yaml', 'rich', 'pandas'} & set(sys.modules)))"
    assert run(code).strip() == "[]"


def test_the_three_lines_of_the_description() -> None:
    case = fd.load("patron")
    answer = fd.solve(case, draws=64)
    assert 0 < answer.questions["intervenes"].mean < 1
    changed = fd.solve(case.with_changes({"quantities.price_troops": "0 to 1"}), draws=64)
    assert changed.questions["intervenes"].mean > answer.questions["intervenes"].mean
