"""The engine in C with an error in it."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from foederis.solve.native import build, compiling

SOURCES = Path(build.__file__).parent
needs_engine = pytest.mark.skipif(build.library() is None, reason="no C compiler")


def spoilt_engine(folder: Path, old: str, new: str, file: str = "") -> ctypes.CDLL:
    """Compiled in a folder, with a text changed that stands in one of its files once; in `file`, if it is named."""
    found = 0
    for name in compiling.SOURCES:
        text = (SOURCES / name).read_text(encoding="utf-8")
        if file in ("", name):
            found += text.count(old)
            text = text.replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")
    assert found == 1
    command = compiling.compiler()
    assert command is not None
    sources = [folder / name for name in compiling.SOURCES]
    flags = ["-O1", *compiling.FLAGS[1:]]  # that compiles faster, and the games are small
    assert compiling.compiles(command, flags, sources, folder / "spoilt.so")
    return build.ready(ctypes.CDLL(str(folder / "spoilt.so")))
