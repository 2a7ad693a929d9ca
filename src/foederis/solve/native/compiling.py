"""Compiles the engine once, and keeps it under all that decides what it is compiled to, and a digest of the result."""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from foederis.solve.kept import abilities, note_use, sweep

SOURCES = (
    *("steps.c", "engine.c", "together.c", "branch.c", "speaking.c", "signals.c", "passing.c"),
    *("check.c", "check_together.c", "check_signals.c"),
    *("group.h", "arithmetic.h", "together.h", "signals.h", "beliefs.h", "check.h"),
)
FLAGS = ("-O3", "-std=gnu11", "-fPIC", "-fno-math-errno")  # roots are taken of 8 numbers at once
_TUNED = (("-march=native",), ("-mcpu=native",), ())  # tried one after the other
_PATIENCE = 120.0  # seconds; it takes two, and on a busy machine ten times as long


class Useless(Exception):
    """The compiler does not compile the engine, or does not end."""


def compiler() -> tuple[str, ...] | None:
    """The command of the C compiler: what `CC` says, with its arguments if it has any, or one of the usual names."""
    wanted = shlex.split(os.environ.get("CC", ""))
    for name, *more in [wanted] if wanted else [["cc"], ["gcc"], ["clang"]]:
        found = shutil.which(name)
        if found:
            return (found, *more)
    return None


@cache
def name_of(command: tuple[str, ...]) -> str:
    """A name for what this compiler makes of the engine on this processor."""
    programs = [path.stat() for path in (Path(part).resolve() for part in map(shutil.which, command) if part)]
    made = [f"{program.st_mtime_ns} {program.st_size}" for program in programs]
    what = [*command, *made, platform.machine(), abilities(), *FLAGS]
    text = b"".join(Path(__file__).with_name(name).read_bytes() for name in SOURCES)
    return hashlib.sha256("\n".join(what).encode() + text).hexdigest()[:16]


def load(command: tuple[str, ...], folder: Path) -> ctypes.CDLL:
    """The engine, compiled into a folder if it is not whole there.

    Raises:
        OSError: it cannot be written there, or not be loaded.
        Useless: it cannot be compiled.
    """
    name = f"engine-{name_of(command)}"
    for kept in folder.glob(f"{name}-*.so"):
        if kept.name == f"{name}-{_digest(kept)}.so":
            note_use(kept)
            return ctypes.CDLL(str(kept))
        kept.unlink(missing_ok=True)  # a loader would not survive a file that was cut short
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(folder)
    sources = [Path(__file__).with_name(source) for source in SOURCES]
    with tempfile.TemporaryDirectory(dir=folder) as room:
        whole = Path(room) / "engine.so"
        if not any(compiles(command, (*FLAGS, *tuned), sources, whole) for tuned in _TUNED):
            raise Useless
        with whole.open("rb") as file:
            os.fsync(file.fileno())
        place = folder / f"{name}-{_digest(whole)}.so"
        whole.replace(place)  # whole or not at all, also where several processes compile
    return ctypes.CDLL(str(place))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def compiles(command: Sequence[str], flags: Sequence[str], sources: Sequence[Path], whole: Path) -> bool:
    """Whether the compiler accepts these flags. It works on all files at the same time.

    Raises:
        Useless: it does not end.
    """
    files = [path for path in sources if path.suffix == ".c"]
    parts = [whole.with_name(f"{path.stem}.o") for path in files]
    each = [[*command, *flags, "-c", str(file), "-o", str(part)] for file, part in zip(files, parts, strict=True)]
    link = [*command, *flags, "-shared", *map(str, parts), "-o", str(whole), "-lm"]
    return _run(each) and _run([link])


def _run(commands: Sequence[Sequence[str]]) -> bool:
    """Whether all of some commands, run side by side, succeed."""
    none, runs = subprocess.DEVNULL, []
    try:
        for words in commands:
            runs.append(subprocess.Popen(words, stdin=none, stdout=none, stderr=none, start_new_session=True))
        end = time.monotonic() + _PATIENCE
        found = [run.wait(timeout=max(0.0, end - time.monotonic())) for run in runs]
        return not any(found)
    except subprocess.TimeoutExpired:
        raise Useless from None
    finally:
        for run in runs:
            if run.poll() is None:
                _kill(run)
            run.wait()


def _kill(run: subprocess.Popen[bytes]) -> None:
    """With the programs that it has started."""
    if hasattr(os, "killpg"):
        os.killpg(run.pid, signal.SIGKILL)
    else:
        run.kill()
