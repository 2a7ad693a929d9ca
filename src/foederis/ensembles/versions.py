"""The versions of all that decides the numbers of an ensemble, so that those of different ones are never mixed."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from foederis._version import __version__

_PACKAGES = ("numpy", "scipy", "jax", "jaxlib", "duckdb")
_FOLDERS = ("language", "game", "solve", "analysis", "ensembles")


@cache
def versions() -> dict[str, str]:
    """{name: version} of this program, of its source, of Python and of the packages that work out or write numbers."""
    found = {"foederis": __version__, "source": _source(), "python": "{}.{}".format(*sys.version_info)}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def _source() -> str:
    """A hash of the text of what decides numbers: a version may be worked on before it gets another number."""
    found, package = hashlib.sha256(), Path(__file__).parent.parent
    for folder in _FOLDERS:
        for path in sorted(path for path in (package / folder).rglob("*") if path.suffix in (".py", ".c", ".h")):
            found.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:12]


def differences(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """`jax 0.10.0 is now 0.11.0`, for each that differs."""
    names = dict.fromkeys([*old, *new])
    return [
        f"{name} {old.get(name, 'none')} is now {new.get(name, 'none')}"
        for name in names
        if old.get(name) != new.get(name)
    ]
