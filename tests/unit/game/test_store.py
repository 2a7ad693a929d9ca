"""Large arrays in files without a name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from foederis.game import store


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(store, "LEAST", 4096)
    monkeypatch.setattr(store, "folder", lambda: str(tmp_path))
    monkeypatch.setattr(store, "_MOUNTS", tmp_path / "mounts")  # whatever the folder of the tests lies on
    store.can_file.cache_clear()
    yield
    store.can_file.cache_clear()


def in_files() -> int:
    """How many arrays of this process lie in files of the folder."""
    return sum(store.folder() in line for line in Path("/proc/self/maps").read_text().splitlines())


needs_files = pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="this system keeps arrays in memory")


@pytest.mark.parametrize("kind", [np.int32, bool])
@pytest.mark.parametrize("size", [10, 5000])
def test_arrays_are_zero_and_can_be_written(kind: type, size: int) -> None:
    array = store.blank((3, size), kind)
    assert array.shape == (3, size)
    assert array.dtype == kind
    assert array.ctypes.data % 64 == 0  # else JAX would copy it
    assert not array.any()
    array[1] = 1
    assert array.sum() == size


@needs_files
def test_only_large_arrays_lie_in_files_and_go_with_them(tmp_path: Path) -> None:
    before = in_files()
    small, large = store.blank((1000,)), store.blank((1024,))
    assert in_files() == before + 1
    assert store.filed(small.nbytes, large.nbytes, large.nbytes) == 8192
    view = large[5:]
    del large
    assert in_files() == before + 1
    del view
    assert in_files() == before
    assert not list(tmp_path.iterdir())


@needs_files
def test_a_full_disk_leaves_arrays_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    before = in_files()
    array = store.blank((5000,))
    array[:] = 1
    assert in_files() == before


@needs_files
def test_memory_that_looks_like_a_disk_is_none(tmp_path: Path) -> None:
    (tmp_path / "mounts").write_text(f"disk / ext4 rw 0 0\nmemory {tmp_path} tmpfs rw 0 0\n", encoding="utf-8")
    assert not store.can_file()
    assert store.filed(1e9) == 0
    store.can_file.cache_clear()
    (tmp_path / "mounts").write_text(f"disk / ext4 rw 0 0\nmemory {tmp_path}/other tmpfs rw 0 0\n", encoding="utf-8")
    assert store.can_file()


def test_files_lie_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert store.folder() == str(tmp_path)
