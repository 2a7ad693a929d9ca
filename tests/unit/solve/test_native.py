"""The engine in C: it answers as JAX's kernels do, is found out where it errs, and is done without where it must."""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import foederis as fd
from foederis.solve.native import build, compiling
from foederis.solve.native.arrays import GROUP
from foederis.solve.native.memory import place
from foederis.solve.native.passes import DRAWS, findings
from foederis.solve.verify import verdict
from tests.helpers import EVERYTHING, assert_same, flat
from tests.native import needs_engine, spoilt_engine


def _kremlin() -> fd.Case:
    return fd.load("kremlin")


def _everything() -> fd.Case:
    return fd.loads(EVERYTHING)


def _patron() -> fd.Case:
    return fd.load("patron")


@needs_engine
@pytest.mark.parametrize("load", [_kremlin, _everything, _patron])
def test_it_answers_as_the_kernels_do(load: Callable[[], fd.Case], monkeypatch: pytest.MonkeyPatch) -> None:
    def solve() -> fd.Answer:
        case = load()
        return fd.solve(case, draws=11, what_ifs="all")  # a block and a part of one

    ours = solve()
    monkeypatch.setattr(build, "library", lambda: None)
    theirs = solve()
    assert_same(flat(ours), flat(theirs), within=1e-12)
    assert ours.check.regret == pytest.approx(theirs.check.regret, rel=1e-12)
    assert ours.check.regret_bound == pytest.approx(theirs.check.regret_bound, rel=1e-12)
    assert ours.check.strain == pytest.approx(theirs.check.strain, rel=1e-9)
    assert ours.check.residual < 1e-14


@needs_engine
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("power(rationality[mover] *", "power(1.001 * rationality[mover] *"),
        ("open[j] = open[j] * scale;", "open[j] = open[j] * scale * 0.999999;"),
        ("before[mover] += paid;", "before[mover] += paid * 1.000001;"),
        ("if (id) sums[g->actor[slot]] += shares", "if (id) sums[g->actor[slot]] += 1.000001 * shares"),
        ("+ patience[a] * after[a];", "+ patience[a] * after[a] + 0.001;"),
        ("p = p * r + 1.0 / 24.0;", "p = p * r + 1.0 / 25.0;"),
        (
            "sum += mass[from[s] * courses + c] * weights[by[s]];",
            "sum += 1.0001 * mass[from[s] * courses + c] * weights[by[s]];",
        ),
    ],
    ids=["odds", "shares", "paid", "others", "ends", "power", "forth"],
)
def test_an_engine_with_an_error_is_found_out(
    old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = spoilt_engine(tmp_path, old, new)
    monkeypatch.setattr(build, "library", lambda: spoilt)
    with pytest.raises(fd.ResidualError, match="not to be trusted"):
        fd.solve(fd.loads(EVERYTHING), draws=8)


@needs_engine
def test_numbers_that_are_none_are_found_out() -> None:
    """An event that leads from row 2 to row 1, where a value is missing."""
    one = np.ones((1, 1), dtype=np.int32)
    order = np.array([[0, 2, 0, 1]], dtype=np.int32)
    group = np.zeros(1, dtype=GROUP)
    successors, chances = np.array([[1], [0]], dtype=np.int32), np.array([[1], [0]], dtype=np.int32)
    for name, part in {"successors": successors, "chances": chances, "mover": one, "order": order}.items():
        group[name] = place(part)
    group["branches"], group["states"], group["count"] = 1, 1, 1
    weights = np.zeros((2, DRAWS))
    weights[1] = 1.0
    residuals = []
    for value in (3.0, math.nan):
        values = np.full((3, 1, DRAWS), 3.0)
        values[0], values[1:, 0, 5] = 0.0, value
        found = np.zeros((9, DRAWS))
        tables = place(values), place(weights), place(np.ones((1, DRAWS)))
        build.engine().judge(place(group), 1, *tables, 1, 1, 2, 0, place(found), None)
        nothing = np.zeros((1, DRAWS))
        residuals.append(verdict(findings(found), np.zeros((2, 1)), nothing, nothing).residual)
    assert residuals[0] == 0.0
    assert math.isnan(residuals[1])


def test_without_a_compiler_the_kernels_do_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    assert build.library.__wrapped__() is None


def test_it_can_be_declined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(build.CHOICE, "xla")
    assert build.library.__wrapped__() is None


@pytest.mark.skipif(compiling.compiler() is None or sys.platform == "win32", reason="no C compiler")
def test_where_there_is_a_compiler_there_is_the_engine() -> None:
    assert build.library() is not None


@needs_engine
def test_it_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert build.library.__wrapped__() is not None
    [made] = (tmp_path / "foederis" / "kernels").iterdir()
    before = made.stat().st_ino
    monkeypatch.setattr(compiling, "compiles", lambda *_: pytest.fail("it is there already"))
    assert build.library.__wrapped__() is not None
    assert made.stat().st_ino == before


@needs_engine
def test_a_damaged_file_is_compiled_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    command = compiling.compiler()
    assert command is not None
    compiling.load(command, tmp_path)
    [made] = tmp_path.glob("engine-*.so")
    other = made.with_name("engine-0.so")
    made.rename(other)
    made.write_bytes(other.read_bytes()[:9000])  # cut short: whoever loads it is killed
    assert build.ready(compiling.load(command, tmp_path)) is not None
    assert made.read_bytes() == other.read_bytes()


@needs_engine
def test_where_nothing_can_be_kept_it_is_compiled_for_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    blocked = tmp_path / "file"
    blocked.touch()
    for folder in (lambda: blocked / "folder", homeless):
        monkeypatch.setattr(build, "cache_folder", folder)
        monkeypatch.setattr(build, "_for_now", lambda: tmp_path / "now")
        assert build.library.__wrapped__() is not None


@needs_engine
def test_a_compiler_may_have_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    found = compiling.compiler()
    assert found is not None
    monkeypatch.setenv("CC", f"{found[0]} -O2 -DNOTHING='a b'")
    assert compiling.compiler() == (found[0], "-O2", "-DNOTHING=a b")


@pytest.mark.skipif(shutil.which("sleep") is None, reason="no `sleep` to wait for")
def test_a_compiler_that_does_not_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    slow.chmod(0o700)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("CC", str(slow))
    monkeypatch.setattr(compiling, "_PATIENCE", 0.2)
    runs: list[object] = []
    real = compiling.compiles
    monkeypatch.setattr(compiling, "compiles", lambda *given: runs.append(given) or real(*given))
    assert build.library.__wrapped__() is None
    assert len(runs) == 1


@needs_engine
def test_plain_games_do_without_jax() -> None:
    told = "import sys, foederis as fd; fd.solve(fd.load('patron'), draws=8); print('jax' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=120)
    assert found.stdout.split() == ["False"]
