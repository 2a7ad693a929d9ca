"""The engine in C, compiled for this very processor where there is a C compiler.

JAX's kernels start hundreds of small operations for every step of a game, so they need many draws at a time, and
those do not fit into the processor's caches. Where this engine cannot be had, they do its work.
"""

from __future__ import annotations

import atexit
import ctypes
import hashlib
import os
import platform
import shutil
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from foederis.game.compile import Game
from foederis.solve.kept import abilities, cache_folder
from foederis.solve.lazy import jax
from foederis.solve.native.compiling import Useless, compiler, load, name_of

CHOICE = "FOEDERIS_ENGINE"  # "xla": this engine is not used
_KINDS = {"p": ctypes.c_void_p, "n": ctypes.c_int64}
_FORMS = {
    "back": "pnppnnnnnpnnppppppn",
    "play": "pnpppnp",
    "carry": "pnpppn",
    "pay": "npnppnnnp",
    "end_questions": "pnppppppppppnnn",
    "pull": "npnpnppppppnn",
    "meet": "npnpnpnpnnp",
    "mean_flow": "npnpnnnnp",
    "level_masses": "npnpnnnnnp",
    "means": "npnpnpnnnnp",
    "absorb": "npnpnppnnp",
    "judge": "pnpppnnnnpp",
    "slopes": "ppppppnpnnp",
    "search": "ppppppnpnpnp",
    "end_values": "pnpppppnn",
    "play_all": "pnpnpnpnpnpnp",
    "carry_all": "pnpnpnpnpppn",
    "land": "pppnpnpn",
    "meet_signals": "pnnpnpnnppnp",
    "reach": "ppnnpnpnnnpp",
    "judge_signals": "pnpnpnpnpnnp",
}  # p is an array, n a number


@cache
def library() -> ctypes.CDLL | None:
    """The engine; None where it was not wanted, there is a graphics card to compute on, or it cannot be compiled."""
    if os.environ.get(CHOICE) == "xla" or has_card():
        return None
    command = compiler()
    if command is None:
        return None
    for folder in (cache_folder, _for_now):
        try:
            return ready(load(command, folder()))
        except (OSError, RuntimeError, AttributeError):
            continue  # nobody may write or run programs there, or it is no place at all
        except Useless:
            return None
    return None


@cache
def _for_now() -> Path:
    """A folder that is gone with this process."""
    folder = tempfile.mkdtemp(prefix="foederis-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def ready(found: ctypes.CDLL) -> ctypes.CDLL:
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
    command = compiler()
    by = f"XLA {jax.default_backend()}" if library() is None or command is None else f"C {name_of(command)}"
    return f"{by} {platform.machine()} {hashlib.sha256(abilities().encode()).hexdigest()[:8]}"


def serves(game: Game) -> bool:
    """Whether the engine is there and knows all that a game has: nobody with more than two types, and beside types
    nothing that was observed."""
    typed = game.roster.typed
    knows = not typed or (all(len(each.names) == 2 for each in typed) and not game.seen)
    return knows and library() is not None


@cache
def has_card() -> bool:
    """Whether JAX computes on something else than the processor; it is only asked where it could."""
    plugins = any(find_spec(name) for name in ("jax_plugins", "jax_cuda12_plugin", "jax_cuda13_plugin", "libtpu"))
    return plugins and jax.default_backend() != "cpu"
