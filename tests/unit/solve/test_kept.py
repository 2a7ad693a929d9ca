"""Compiled kernels are read back from the disk, and whatever is wrong there costs time only."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from foederis.solve import device, kept
from foederis.solve.device import Kernel, kernel
from foederis.solve.verify import Findings, nothing_found


def _mixed(found: Findings, table: Any, places: Any, many: Any, times: int = 1) -> tuple[Findings, list[Any]]:
    error = found.error + jnp.sum(table.at[places].get(mode="promise_in_bounds")) * many * times
    return replace(found, error=error), [table * 2, None]


TABLE, PLACES = np.arange(12.0).reshape(4, 3), np.array([1, 2], dtype=np.int32)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return kept.cache_folder()


def written(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def called(made: Kernel, many: int = 3, **static: int) -> float:
    found, [doubled, nothing] = made(nothing_found(1, 1), TABLE, PLACES, many, **static)
    assert isinstance(found, Findings)
    assert nothing is None
    np.testing.assert_array_equal(doubled, TABLE * 2)
    return float(found.error[0, 0, 0])


def mixed() -> Kernel:
    return kernel(_mixed, donate=[0], static=["times"])


def fails(*_: Any) -> Any:
    pytest.fail("it was compiled")


def test_a_kernel_is_compiled_once_for_all_processes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert called(mixed()) == 33 * 3
    assert len(written(folder)) == 1
    monkeypatch.setattr(Kernel, "_compile", fails)
    again = mixed()
    assert called(again) == 33 * 3
    assert called(again, 4) == 33 * 4


def test_what_is_donated_is_gone_also_in_a_kernel_that_is_read_back() -> None:
    for made in (mixed(), mixed()):
        given = nothing_found(1, 1)
        made(given, TABLE, PLACES, 1)
        assert given.error.is_deleted()


@pytest.mark.parametrize("other", [{"times": 2}, {"many": 2.0}, {"table": TABLE[:3]}], ids=["static", "type", "shape"])
def test_other_arguments_are_another_kernel(other: dict[str, Any], folder: Path) -> None:
    given = {"table": TABLE, "many": 2, **other}
    for each in ({"table": TABLE, "many": 2}, given):
        static = {"times": each["times"]} if "times" in each else {}
        found, _ = mixed()(nothing_found(1, 1), each["table"], PLACES, each["many"], **static)
        assert float(found.error[0, 0, 0]) == 33 * 2 * each.get("times", 1)
    assert len(written(folder)) == 2


@pytest.mark.parametrize(
    "spoil",
    [lambda content: b"", lambda content: content[:-100], lambda content: b"{}\n" + content, lambda content: b"\xff\n"],
    ids=["empty", "cut", "form", "bytes"],
)
def test_a_spoilt_file_is_written_anew(folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    called(mixed())
    [path] = written(folder)
    whole = path.read_bytes()
    path.write_bytes(spoil(whole))
    assert called(mixed()) == 33 * 3
    assert len(path.read_bytes()) > len(whole) / 2


def test_other_source_text_and_settings_are_other_kernels(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    called(mixed())
    for setting in ("--xla_cpu_enable_fast_math=false", "--xla_cpu_enable_fast_math=true"):
        monkeypatch.setenv("XLA_FLAGS", setting)
        kept._surroundings.cache_clear()
        called(mixed())
    kept._surroundings.cache_clear()
    assert len({path.parent for path in written(folder)}) == 3


def test_nothing_is_kept_where_it_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert called(mixed()) == 33 * 3
    monkeypatch.setattr(jax, "default_backend", lambda: "gpu")
    assert kept.place_of("any") is None


def test_a_result_of_another_form_is_not_kept(folder: Path) -> None:
    @jax.tree_util.register_dataclass
    @dataclass(frozen=True)
    class Other:
        part: Any

    made = kernel(lambda x: Other(x))
    for _ in range(2):
        np.testing.assert_array_equal(made(TABLE).part, TABLE)
    assert written(folder) == []


def test_only_static_arguments_go_by_name() -> None:
    with pytest.raises(TypeError, match="many"):
        mixed()(nothing_found(1, 1), TABLE, PLACES, many=3)


def test_threads_wait_for_one_that_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[bool] = []
    real = Kernel._compile
    monkeypatch.setattr(Kernel, "_compile", lambda *a: compiled.append(True) or real(*a))
    made, found = mixed(), []
    threads = [threading.Thread(target=lambda: found.append(called(made))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [33 * 3] * 4
    assert len(compiled) == 1


def test_forgotten_kernels_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = mixed()
    called(made)
    device.forget()
    monkeypatch.setattr(Kernel, "_compile", fails)
    assert called(made) == 33 * 3
    monkeypatch.setattr(kept, "load", fails)
    assert called(made) == 33 * 3
    device.forget()
    with pytest.raises(pytest.fail.Exception):
        called(made)


def test_jax_keeps_what_else_it_compiles() -> None:
    called(mixed())
    assert jax.config.values[device._WRITES] == device._usual < device._NEVER


def test_several_write_a_kernel_while_others_read_it(folder: Path) -> None:
    """As workers of an ensemble do: a file is whole whenever it is there."""
    assert called(mixed()) == 33 * 3
    [path] = written(folder)
    whole = path.read_bytes()
    larger = whole + bytes(2_000_000)  # takes longer to write
    path.unlink()
    seen, done = set(), threading.Event()

    def write() -> None:
        for _ in range(40):
            kept.write(path, larger)

    def read() -> None:
        while not done.is_set():
            with contextlib.suppress(FileNotFoundError):
                seen.add(len(path.read_bytes()))

    readers = [threading.Thread(target=read) for _ in range(2)]
    writers = [threading.Thread(target=write) for _ in range(2)]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert seen == {len(larger)}
    assert written(folder) == [path]


def test_what_nobody_uses_is_thrown_away(folder: Path) -> None:
    made = folder / "version" / "kernel"
    kept.write(made, b"x")
    names = "old/kernel", "engine-1.so", "version/tmp1", "version/tmp2", "new/kernel"
    for name in names:
        kept.write(folder / name, b"x")
    now = time.time()
    ages = {"old": 61, "engine-1.so": 61, "version/tmp1": 2, "version/tmp2": 0.5, "version": 59, "new": 0}
    for name, days in ages.items():
        os.utime(folder / name, (now, now - days * 86400))
    kept.sweep(folder)
    assert [str(path.relative_to(folder)) for path in written(folder)] == [
        "new/kernel",
        "version/kernel",
        "version/tmp2",
    ]


def test_a_new_version_sweeps_and_use_is_noted(folder: Path) -> None:
    kept.write(folder / "old" / "kernel", b"x")
    os.utime(folder / "old", (0, 0))
    called(mixed())
    assert not (folder / "old").exists()
    [path] = written(folder)
    os.utime(path.parent, (0, 0))
    called(mixed())
    assert path.parent.stat().st_mtime > 0
