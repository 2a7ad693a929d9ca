"""The parser of expressions, made of `grammar.lark` once for a machine."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sys
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Any

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

_OPTIONS = {"parser": "lalr", "lexer": "basic", "propagate_positions": True, "maybe_placeholders": False}


@functools.cache
def parser() -> lark.Lark:
    """The parser. It is kept in the user's cache folder, beside compiled kernels, if that may be written."""
    grammar = resources.files("foederis.language").joinpath("grammar.lark").read_text(encoding="utf-8")
    # Anything that is wrong with what was kept counts as if there was nothing.
    with suppress(Exception):
        return _read(_place(grammar).read_text(encoding="utf-8"))
    made = lark.Lark(grammar, **_OPTIONS)
    with suppress(OSError, RuntimeError):  # no room, no rights, or no home
        _write(_place(grammar), _text_of(made))
    return made


def _place(grammar: str) -> Path:
    """Where the parser is kept: under all that decides what it is.

    Raises:
        RuntimeError: there is no home.
    """
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    name = _digest("\n".join((grammar, repr(_OPTIONS), lark.__version__, sys.version)))
    return Path(base) / "foederis" / "kernels" / f"grammar-{name[:16]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _text_of(made: lark.Lark) -> str:
    """The tables of a parser as JSON, under their checksum: tables with one wrong number may be read and parse wrongly.
    What lark writes by itself would be read with pickle, which can run code."""
    data, memo = made.memo_serialize([TerminalDef, Rule])
    tables = json.dumps({"data": data, "memo": memo})
    return f"{_digest(tables)}\n{tables}"


def _read(text: str) -> lark.Lark:
    """A parser of its tables, whose keys are numbers wherever they look like it.

    Raises:
        ValueError: they are not what was written.
    """

    def keyed(pairs: list[tuple[str, Any]]) -> dict[str | int, Any]:
        return {int(key) if key.isdigit() else key: value for key, value in pairs}

    digest, _, written = text.partition("\n")
    if digest != _digest(written):
        raise ValueError("spoilt")
    tables: Any = json.loads(written, object_pairs_hook=keyed)
    return lark.Lark.load(tables)


def _write(path: Path, text: str) -> None:
    """Writes a file that is there whole or not at all, also where several processes write it."""
    import tempfile  # which takes longer to import than to use

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)
