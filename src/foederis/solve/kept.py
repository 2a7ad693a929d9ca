"""Compiled kernels on disk, ready to run: read back without tracing and lowering them again.

JAX keeps compiled programs too, but finds them by the text of the program, which it has to write anew in every process:
for our kernels that takes four times as long as reading the program. Here a kernel is found by what decides that text:
the source of the solver, the versions and settings of what compiles it, the processor, and the shapes of its arguments.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from foederis.solve.lazy import Later, jax

_ARRAY = "array"
_UNUSED = 60 * 86400.0  # seconds after which what nobody has used is thrown away
_UNFINISHED = 86400.0  # and what a writer that was killed has left
serialize_executable = Later("jax.experimental.serialize_executable")


def cache_folder() -> Path:
    """Where compiled kernels are kept: in the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "foederis" / "kernels"


def abilities() -> str:
    """What the processor can do, since a compiled kernel may use all of it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line for line in lines if line.startswith(("flags", "Features")))
    except (OSError, StopIteration):
        return f"{platform.node()} {platform.processor()}"  # another system; kernels stay on this machine


def _source() -> bytes:
    """A hash of the solver's text: read with this module, since a file may change while a process runs."""
    found = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        found.update(path.name.encode() + path.read_bytes())
    return found.digest()


_SOURCE = _source()


@cache
def _surroundings() -> str:
    """A hash of all that decides what a kernel compiles to, besides its arguments."""
    found = hashlib.sha256(_SOURCE)
    settings = [jax.__version__, version("jaxlib"), sys.version, platform.machine(), abilities()]
    settings.append(os.environ.get("XLA_FLAGS", ""))
    found.update("\n".join(settings).encode())
    return found.hexdigest()[:16]


def place_of(name: str) -> Path | None:
    """Where the kernel of this name is kept; None where none are, as without a home, or for a graphics card."""
    try:
        if jax.default_backend() != "cpu" or jax.device_count() != 1:
            return None
        return cache_folder() / _surroundings() / hashlib.sha256(name.encode()).hexdigest()
    except (OSError, RuntimeError):
        return None


def load(name: str, leaves: int) -> tuple[Any, Any] | None:
    """The kernel that was kept under a name, a function of so many arrays and numbers, and the form of its result.

    Anything that is wrong with the file counts as if there was none: the kernel is compiled again.
    """
    path = place_of(name)
    if path is None:
        return None
    try:
        head, _, program = path.read_bytes().partition(b"\n")
        note_use(path.parent)
        form = json.loads(head)
        result: Any = jax.tree.structure(_filled(form))
        taken = jax.tree.structure(((0,) * leaves, {}))
        given = jax.tree.structure([0] * result.num_leaves)
        return serialize_executable.deserialize_and_load(program, taken, given), result
    except Exception:  # JAX names no errors for files of another make
        return None


def save(name: str, compiled: Any, result: Any) -> None:
    """Keeps a kernel, whose result has the form of a pytree of arrays; not where it cannot be."""
    path = place_of(name)
    if path is None:
        return
    try:
        form = _form(result)
        whole: Any = jax.tree.structure(_filled(form))
        if whole != jax.tree.structure(result):
            return
        program = serialize_executable.serialize(compiled)[0]
        if not path.parent.exists():  # the first of this version of the solver
            sweep(cache_folder())
        write(path, json.dumps(form).encode() + b"\n" + program)
    except Exception:  # no room, no rights, or a program that JAX cannot write: it is compiled in every run
        return


def note_use(path: Path) -> None:
    """So that it is not swept away, where this may be noted."""
    with suppress(OSError):
        path.touch()


def sweep(folder: Path) -> None:
    """Throws away what nobody has used for long: kernels of other versions, and files that were never finished."""
    now = time.time()
    unfinished = [(path, _UNFINISHED) for path in folder.glob("*/tmp*")]
    for path, patience in [*unfinished, *((path, _UNUSED) for path in folder.glob("*"))]:
        try:
            if now - path.stat().st_mtime < patience:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        except OSError:
            continue  # somebody else does, or it is not ours


def write(path: Path, data: bytes) -> None:
    """Writes a file that is there whole or not at all, also where several processes write it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    Path(file.name).replace(path)


def _form(value: Any) -> Any:
    """How a result is made of tuples, lists and dataclasses of the solver, to be written as JSON."""
    if is_dataclass(value):
        kind = type(value)
        return [kind.__module__, kind.__qualname__, [_form(getattr(value, part.name)) for part in fields(value)]]
    if isinstance(value, tuple | list):
        return [type(value).__name__, "", [_form(part) for part in value]]
    return _ARRAY if value is not None else None


def _filled(form: Any) -> Any:
    """A value of that form, with numbers for arrays."""
    if form is None or form == _ARRAY:
        return None if form is None else 0
    module, kind, inner = form
    parts: Sequence[Any] = [_filled(part) for part in inner]
    if not kind:
        return tuple(parts) if module == "tuple" else list(parts)
    if not module.startswith("foederis.solve."):
        raise ValueError(module)
    return getattr(import_module(module), kind)(*parts)
