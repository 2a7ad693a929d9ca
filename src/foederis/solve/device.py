"""Sets up JAX for this package: double precision, compiled kernels kept on disk, and how kernels are compiled."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from foederis.solve import kept
from foederis.solve.lazy import jax

_WRITES = "jax_persistent_cache_min_compile_time_secs"


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


def set_up() -> None:
    """Called once, before JAX is used; see lazy."""
    jax.config.update("jax_enable_x64", True)
    _start()
    if jax.config.values.get("jax_compilation_cache_dir") is not None:
        return  # the user has chosen a place
    try:
        folder = kept.cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return  # without a writable home, kernels are compiled in every run
    jax.config.update("jax_compilation_cache_dir", str(folder))
    # Our kernels compile in less than the default threshold, and would not be kept.
    jax.config.update(_WRITES, 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


# XLA's newer code generator for processors, as in JAX 0.10, unrolls our innermost loops before it could make them
# vector code: the older one was measured up to twice as fast on them, and it compiles faster.
_WANTED: dict[str, Any] = {"xla_cpu_use_fusion_emitters": False}
# XLA makes a program of its own of every operation in a loop, and starts these one by one, some of them in its own
# thread; loops that touch less than so many bytes are made one program. Some kernels are faster so, others slower.
_IN_ONE: dict[str, Any] = {"xla_cpu_small_while_loop_byte_threshold": 1 << 50}


@cache
def _options(in_one: bool) -> dict[str, Any]:
    """The wanted options, those of them that this version of XLA knows."""
    found: dict[str, Any] = {}
    for option in (_WANTED, _IN_ONE if in_one else {}):
        try:
            jax.jit(lambda x: x + 1, compiler_options=option).lower(0.0).compile()
        except Exception:  # an option that XLA has dropped; the kernels are right without it
            continue
        found.update(option)
    return found


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
        forget()


class Kernel:
    """A function that is compiled once for each form of its arguments: read from the disk if it was compiled before.

    Several threads may call it; the first compiles, and the others wait for that.
    """

    def __init__(self, function: Callable[..., Any], donate: tuple[int, ...], static: tuple[str, ...], in_one: bool):
        self._function, self._donate, self._static, self._in_one = function, donate, static, in_one
        self._ready: dict[Any, tuple[Any, Any]] = {}
        self._lock = threading.Lock()
        _KERNELS.append(self)

    def __call__(self, *arguments: Any, **static: Any) -> Any:
        leaves, form = jax.tree.flatten(arguments)
        key = (form, *static.items(), *map(_shape, leaves))
        try:
            run, result = self._ready[key]
        except KeyError:
            with self._lock:
                if key not in self._ready:
                    self._ready[key] = self._prepare(key, leaves, form, static)
                run, result = self._ready[key]
        return jax.tree.unflatten(result, run(*leaves))

    def forget(self) -> None:
        with self._lock:
            self._ready.clear()

    def _prepare(self, key: Any, leaves: Sequence[Any], form: Any, static: Mapping[str, Any]) -> tuple[Any, Any]:
        """The function compiled, of leaves and to leaves, and the form of its result."""
        if unknown := set(static) - set(self._static):
            raise TypeError(f"not among the static arguments: {unknown}")
        here = f"{self._function.__module__}.{self._function.__qualname__}"
        name = f"{here} {self._function.__code__.co_firstlineno} {self._donate} {_WANTED} {self._in_one} {key}"
        return kept.load(name, len(leaves)) or self._compile(name, leaves, form, static)

    def _compile(self, name: str, leaves: Sequence[Any], form: Any, static: Mapping[str, Any]) -> tuple[Any, Any]:
        made: list[Any] = []

        def flat(*parts: Any) -> list[Any]:
            found = self._function(*jax.tree.unflatten(form, parts), **static)
            made.append(jax.tree.map(lambda _: 0, found))
            return jax.tree.leaves(found)

        parts = jax.tree.unflatten(form, leaves)
        given_up = chain(*([place in self._donate] * len(jax.tree.leaves(part)) for place, part in enumerate(parts)))
        donate = [leaf for leaf, gone in enumerate(given_up) if gone]
        keeps, plain = kept.place_of(name) is not None, self._function.__name__.strip("<>")
        # What JAX reads from its own cache cannot be written a second time: it must not find there what we keep.
        flat.__name__ = f"{plain}_{secrets.token_hex(8)}" if keeps else plain
        with _unwritten(keeps):
            compiled = (
                jax.jit(flat, donate_argnums=donate, compiler_options=_options(self._in_one)).lower(*leaves).compile()
            )
        kept.save(name, compiled, made[0])
        return compiled, jax.tree.structure(made[0])


_NEVER = 1e9  # seconds
_compiling = 0
_usual: Any = None  # what is set where nobody is in here
_counting = threading.Lock()


@contextmanager
def _unwritten(applies: bool) -> Iterator[None]:
    """Lets JAX write nothing to its own cache, for as long as any thread is in here."""
    global _compiling, _usual
    with _counting:
        if applies and not _compiling:
            _usual = jax.config.values[_WRITES]
        _compiling += applies
        if applies:
            jax.config.update(_WRITES, _NEVER)
    try:
        yield
    finally:
        with _counting:
            _compiling -= applies
            if applies and not _compiling:
                jax.config.update(_WRITES, _usual)


_KERNELS: list[Kernel] = []


def _shape(leaf: Any) -> Any:
    """What a kernel is compiled for."""
    return (leaf.shape, leaf.dtype) if hasattr(leaf, "dtype") else type(leaf)


def forget() -> None:
    """Forgets all compiled kernels, in this process."""
    for each in _KERNELS:
        each.forget()
    jax.clear_caches()


@cache
def card_memory() -> float:
    """Bytes that the graphics card has for us."""
    known = jax.local_devices()[0].memory_stats() or {}
    return float(known.get("bytes_limit", 8e9))


def zeros(*shape: int) -> jax.Array:
    """Zeros for kernels to work in; JAX's own would compile a kernel for each shape."""
    return jax.device_put(np.zeros(shape))


def kernel(
    function: Callable[..., Any], *, donate: Sequence[int] = (), static: Sequence[str] = (), in_one: bool = False
) -> Kernel:
    """A compiled function. What is donated is overwritten in place; what is static, given by name, makes a kernel of
    its own; `in_one` makes its loops one program, which is for kernels that were measured to be faster so."""
    return Kernel(function, tuple(donate), tuple(static), in_one)
