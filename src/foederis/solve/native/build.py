"""Compiles the engine for this very processor, once, where there is a C compiler, and loads it.

JAX's kernels start hundreds of small operations for every step of a game, so they need many draws at a time, and
those do not fit into the processor's caches. Where this engine cannot be had, they do its work.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from foederis.game.compile import Game
from foederis.solve.kept import abilities, cache_folder
from foederis.solve.lazy import jax

CHOICE = "FOEDERIS_ENGINE"  # "xla": this engine is not used
_SOURCES = ("engine.c", "check.c", "group.h")
_FLAGS = ("-O3", "-std=gnu11", "-fPIC", "-shared")
_TUNED = (("-march=native",), ("-mcpu=native",), ())  # tried one after the other
_PATIENCE = 120.0  # seconds
_KINDS = {"p": ctypes.c_void_p, "n": ctypes.c_int64}
_FORMS = {
    "play": "pnpppn",
    "carry": "pnpppn",
    "pay": "npnppnnnp",
    "end_values": "pnpppppnn",
    "end_questions": "pnppppppppppnn",
    "pull": "pppppppnn",
    "meet": "pnppnpp",
    "mean_flow": "npnpnnnp",
    "level_masses": "npnpnnnnp",
    "means": "npnpnpnnnp",
    "absorb": "npnpnppnnp",
    "judge": "pnpppnnnnp",
}  # p is an array, n a number


@cache
def library() -> ctypes.CDLL | None:
    """The engine; None where it was not wanted, there is a graphics card to compute on, or it cannot be compiled."""
    if os.environ.get(CHOICE) == "xla" or has_card():
        return None
    compiler = _compiler()
    if compiler is None:
        return None
    try:
        return _ready(ctypes.CDLL(str(_compiled(compiler))))
    except OSError:  # no room, no rights, or a file of another make
        return None


def _ready(found: ctypes.CDLL) -> ctypes.CDLL:
    for name, form in _FORMS.items():
        function = getattr(found, name)
        function.argtypes, function.restype = [_KINDS[kind] for kind in form], None
    found.prepare()
    return found


def engine() -> Any:
    """The engine, where it serves."""
    return library()


def solver() -> str:
    """What solves here, in a word: the same on processors that can do the same."""
    by = f"XLA {jax.default_backend()}" if library() is None else "C"
    return f"{by} {platform.machine()} {hashlib.sha256(abilities().encode()).hexdigest()[:8]}"


def serves(game: Game) -> bool:
    """Whether the engine is there and knows all that a game has: nobody with types, no simultaneous moves."""
    return not game.joints and not any(phase.signal for phase in game.phases) and library() is not None


@cache
def has_card() -> bool:
    """Whether JAX computes on something else than the processor; it is only asked where it could."""
    plugins = any(find_spec(name) for name in ("jax_plugins", "jax_cuda12_plugin", "jax_cuda13_plugin"))
    return plugins and jax.default_backend() != "cpu"


def _compiler() -> str | None:
    names = [os.environ["CC"]] if os.environ.get("CC") else ["cc", "gcc", "clang"]
    return next((path for path in map(shutil.which, names) if path), None)


def _compiled(compiler: str) -> Path:
    """The place of the compiled engine, found by all that decides what it is compiled to.

    Raises:
        OSError: it cannot be compiled, or not be written.
    """
    sources = [Path(__file__).with_name(name) for name in _SOURCES]
    made = Path(compiler).resolve().stat()
    what = [compiler, str(made.st_mtime_ns), str(made.st_size), platform.machine(), abilities(), *_FLAGS]
    name = hashlib.sha256("\n".join(what).encode() + b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    place = cache_folder() / f"engine-{name}.so"
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        whole = Path(folder) / "engine.so"
        if not any(_compile(compiler, (*_FLAGS, *tuned), sources, whole) for tuned in _TUNED):
            raise OSError(f"{compiler} compiles nothing that can be loaded")
        whole.replace(place)  # whole or not at all, also where several processes compile
    return place


def _compile(compiler: str, flags: tuple[str, ...], sources: list[Path], whole: Path) -> bool:
    command = [compiler, *flags, *(str(path) for path in sources if path.suffix == ".c"), "-o", str(whole), "-lm"]
    try:
        return subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False
