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
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from foederis.solve.kept import abilities

SOURCES = (
    "steps.c",
    "engine.c",
    "together.c",
    "branch.c",
    "check.c",
    "check_together.c",
    "group.h",
    "together.h",
    "check.h",
)
FLAGS = ("-O3", "-std=gnu11", "-fPIC", "-shared", "-fno-math-errno")  # roots are taken of 8 numbers at once
_TUNED = (("-march=native",), ("-mcpu=native",), ())  # tried one after the other
_PATIENCE = 60.0  # seconds; it takes two


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
            return ctypes.CDLL(str(kept))
        kept.unlink(missing_ok=True)  # a loader would not survive a file that was cut short
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
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
    """Whether the compiler accepts these flags.

    Raises:
        Useless: it does not end.
    """
    files = [str(path) for path in sources if path.suffix == ".c"]
    whole_command, none = [*command, *flags, *files, "-o", str(whole), "-lm"], subprocess.DEVNULL
    with subprocess.Popen(whole_command, stdin=none, stdout=none, stderr=none, start_new_session=True) as run:
        try:
            return run.wait(timeout=_PATIENCE) == 0
        except subprocess.TimeoutExpired:
            _kill(run)
            raise Useless from None
        except BaseException:
            _kill(run)
            raise


def _kill(run: subprocess.Popen[bytes]) -> None:
    """With the programs that it has started."""
    if hasattr(os, "killpg"):
        os.killpg(run.pid, signal.SIGKILL)
    else:
        run.kill()
