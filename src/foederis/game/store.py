"""Large arrays in files without a name, so that the system can take their memory away while nobody reads them.

What is written once and then read from one end to the other, such as where each branch leads, need not be in memory all
the time. Where there is memory enough, it stays there, and nothing is read from the disk.
"""

from __future__ import annotations

import math
import mmap
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST = 64_000_000  # bytes of an array that is put into a file
_MOUNTS = Path("/proc/mounts")
_ALIGNED = 64  # bytes: JAX copies arrays that begin elsewhere


def blank(shape: tuple[int, ...], kind: Any = np.int32) -> NDArray[Any]:
    """Zeros of a type that JAX takes over as they are. Large ones lie in a file of the folder for temporary files,
    which is gone with them; in memory if there is no room."""
    size = math.prod(shape) * np.dtype(kind).itemsize
    room = _in_file(size) if size >= LEAST else None
    if room is None:
        whole = np.zeros(size + _ALIGNED, dtype=np.uint8)
        begin = -whole.ctypes.data % _ALIGNED
        room = whole[begin : begin + size]
    return room.view(kind).reshape(shape)


def filed(*sizes: float) -> float:
    """How many bytes of arrays of these sizes lie in files."""
    large = sum(size for size in sizes if size >= LEAST)
    try:
        return min(large, shutil.disk_usage(folder()).free) if large and can_file() else 0.0
    except OSError:
        return 0.0


def folder() -> str:
    """Where the files are made: what `TMPDIR` names, else where systems keep large ones."""
    large = "/var/tmp"
    usable = "TMPDIR" not in os.environ and os.access(large, os.W_OK)
    return large if usable else tempfile.gettempdir()


@cache
def can_file() -> bool:
    """Whether arrays can be put into files: not where a full disk would end the program when an array is filled, and
    not where what looks like a disk is memory."""
    try:
        mounts = [line.split()[1:3] for line in _MOUNTS.read_text(encoding="utf-8").splitlines()]
    except OSError:
        mounts = []
    here = Path(folder()).resolve()
    over = [(len(place), kind) for place, kind in mounts if here.is_relative_to(place)]
    return hasattr(os, "posix_fallocate") and max(over, default=(0, ""))[1] not in ("tmpfs", "ramfs")


def _in_file(size: int) -> NDArray[np.uint8] | None:
    if not can_file():
        return None
    try:
        with tempfile.TemporaryFile(prefix="foederis-", dir=folder()) as file:
            os.posix_fallocate(file.fileno(), 0, size)
            return np.frombuffer(mmap.mmap(file.fileno(), size), dtype=np.uint8)
    except OSError:
        return None
