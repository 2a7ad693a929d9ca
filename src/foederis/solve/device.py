"""Sets up JAX for this package: double precision, compiled kernels kept on disk, and how kernels are compiled."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jax


def cache_folder() -> Path:
    """Where compiled kernels are kept: in the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "foederis" / "kernels"


def _start() -> None:
    """Starts JAX with one thread of its own and kernels that run in the thread which calls them.

    Blocks of draws are solved side by side in threads of ours. Left to itself, XLA would split each of our many short
    loops among all cores as well; waiting for each other cost a third of all processor time.
    """
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    before = os.environ.get("NPROC")
    os.environ["NPROC"] = "1"  # read when the processor's backend starts
    try:
        jax.devices()
    finally:
        del os.environ["NPROC"]
        if before is not None:
            os.environ["NPROC"] = before


def _set_up() -> None:
    jax.config.update("jax_enable_x64", True)
    _start()
    if jax.config.values.get("jax_compilation_cache_dir") is not None:
        return  # the user has chosen a place
    try:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return  # without a writable home, kernels are compiled in every run
    jax.config.update("jax_compilation_cache_dir", str(folder))
    # Our kernels compile in less than the default threshold, and would not be kept.
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


_set_up()

# XLA's newer code generator for processors, as in JAX 0.10, unrolls our innermost loops before it could make them
# vector code: the older one was measured up to twice as fast on them, and it compiles faster.
_WANTED = {"xla_cpu_use_fusion_emitters": False}


@cache
def _options() -> dict[str, Any]:
    """The wanted options, if this version of XLA knows them."""
    try:
        jax.jit(lambda x: x + 1, compiler_options=_WANTED).lower(0.0).compile()
    except Exception:  # an option that XLA has dropped; the kernels are right without it
        return {}
    return _WANTED


_MAPS = Path("/proc/self/maps")
_MOST_MAPS = Path("/proc/sys/vm/max_map_count")
_PAUSE = 5.0  # seconds between two looks
_looked = 0.0


def make_room() -> None:
    """Forgets compiled kernels where they are so many that the system would soon allow no more.

    Each takes a few memory maps, of which Linux allows a process 65,530 by default; XLA does not survive running out of
    them. What is forgotten is compiled anew, or read from the disk, when it is next needed.
    """
    global _looked
    if time.monotonic() - _looked < _PAUSE:
        return
    _looked = time.monotonic()
    try:
        with _MAPS.open("rb") as lines:
            maps = sum(1 for _ in lines)
        most = int(_MOST_MAPS.read_text())
    except (OSError, ValueError):
        return  # another system
    if maps > most / 2:
        jax.clear_caches()


def kernel(function: Callable[..., Any], *, donate: Sequence[int] = (), static: Sequence[str] = ()) -> Any:
    """A compiled function. What is donated is overwritten in place; what is static makes a kernel of its own."""
    return jax.jit(function, donate_argnums=tuple(donate), static_argnames=tuple(static), compiler_options=_options())
