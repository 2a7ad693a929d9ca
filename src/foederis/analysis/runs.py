"""Solved draws kept on disk: one row a draw, in Parquet, written by duckdb."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foederis.analysis.answers import Answer


class RunError(Exception):
    """A run that cannot be written, with what to do."""


def can_write(path: Path) -> None:
    """Finds out before a long solve whether its draws can be kept.

    Raises:
        RunError: no duckdb, or no such folder.
    """
    if path.suffix != ".parquet":
        raise RunError(f"{path} cannot be written: draws are kept as Parquet; end the name with .parquet")
    if path.is_dir():
        raise RunError(f"{path} cannot be written: it is a folder")
    try:
        import duckdb  # noqa: F401
    except ImportError:
        raise RunError("to keep draws, install duckdb: pip install 'foederis[runs]'") from None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"{path.parent} cannot be made: {error.strerror}") from None


def write(answer: Answer, path: Path) -> None:
    """Writes every draw's quantities, answers and values; an older file of the name is replaced at the end."""
    import duckdb

    columns = answer.columns()
    part = path.with_suffix(".part")
    connection = duckdb.connect()
    try:
        connection.register("draws", columns)
        connection.execute(f"COPY draws TO '{str(part).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
        part.replace(path)
    except (duckdb.Error, OSError) as error:
        raise RunError(f"{path} cannot be written: {error}") from None
    finally:
        connection.close()
