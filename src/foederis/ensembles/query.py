"""Questions to an ensemble in SQL, answered by DuckDB from its files, which it can only read."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foederis._version import __version__
from foederis.ensembles.errors import EnsembleError
from foederis.ensembles.manifest import Manifest
from foederis.ensembles.nodes import from_plain, to_words
from foederis.ensembles.store import PIECES, files_of, read_manifest
from foederis.ensembles.tables import VIEWS, need_duckdb, views

if TYPE_CHECKING:
    import duckdb

_LISTS = {
    "cases": ("case_name", "title", "file", "sha256"),
    "settings": ("setting", "path", "value", "says"),
    "pieces": ("piece", "case_name", "setting", "seed", "first_draw", "draws", "done", "message"),
}
TABLES = (*VIEWS, *_LISTS)


@dataclass(frozen=True)
class Table:
    """The answer to a query, and of how many pieces (`done`) of how many (`pieces`) it was made."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    done: int
    pieces: int

    def to_json(self) -> dict[str, Any]:
        """As plain data; the same object that the command prints with `--json`."""
        from foederis.analysis.result import plain

        rows = [dict(zip(self.columns, map(_plain, row), strict=True)) for row in self.rows]
        return {"foederis": __version__, "done": self.done, "pieces": self.pieces, "rows": plain(rows)}

    def to_csv(self) -> str:
        """As comma-separated values, with a line of heads; nothing stands where there is no value."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return text.getvalue()


def query(folder: str | Path, sql: str) -> Table:
    """Asks an ensemble, also one that is still being solved: one row for each case, setting, seed, what-if and world.

    Args:
        folder: of the ensemble.
        sql: one SELECT; see the tables in docs/ensembles.md.
    Raises:
        EnsembleError: no ensemble there, or a query that cannot be answered.
    """
    need_duckdb()
    import duckdb

    folder = Path(folder)
    manifest = read_manifest(folder)
    if manifest is None:
        raise EnsembleError(f"there is no ensemble in {folder}: no manifest.json; `foederis ensemble` makes one")
    files = files_of(folder, manifest)
    with duckdb.connect() as connection:
        for statement in views([path.resolve() for path in files.values()]):
            connection.execute(statement)
        _list(connection, manifest, set(files))
        # From here on nothing else can be read, and nothing at all be written but by a statement that is no SELECT.
        allowed = str((folder / PIECES).resolve()).replace("'", "''")
        connection.execute(f"SET allowed_directories = ['{allowed}/']")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            _only_reads(sql)
            connection.execute(sql)
            columns = tuple(column[0] for column in connection.description or ())
            rows = tuple(connection.fetchall())
        except duckdb.Error as error:
            raise EnsembleError(f"the query cannot be answered: {_cured(str(error))}") from None
    return Table(columns, rows, len(files), len(manifest["pieces"]))


def _only_reads(sql: str) -> None:
    """
    Raises:
        EnsembleError: it is not one SELECT.
    """
    import duckdb

    statements = duckdb.extract_statements(sql)
    if not statements:
        raise EnsembleError('the query is empty; as in "SELECT * FROM questions LIMIT 5"')
    if len(statements) > 1:
        raise EnsembleError(f"these are {len(statements)} statements; a query is one")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise EnsembleError("an ensemble can only be read: begin with SELECT, WITH, FROM, DESCRIBE or SUMMARIZE")


def _cured(message: str) -> str:
    """DuckDB's message, with the tables that there are where one is not."""
    if "does not exist" in message and "Table with name" in message:
        return f"{message}\nThe tables are {', '.join(TABLES)}."
    return message


def _list(connection: duckdb.DuckDBPyConnection, manifest: Manifest, done: set[str]) -> None:
    """The tables that are made from the manifest."""
    failed = {item["piece"]: item["message"] for item in manifest.get("failed", ())}
    settings: list[tuple[Any, ...]] = []
    for name, setting in manifest["settings"].items():
        changes = [(path, to_words(from_plain(plain))) for path, plain in setting["set"]]
        settings += [(name, path, value, setting["says"]) for path, value in changes or [("", "")]]
    rows: dict[str, list[tuple[Any, ...]]] = {
        "cases": [(name, case["title"], case["file"], case["sha256"]) for name, case in manifest["cases"].items()],
        "settings": settings,
        "pieces": [
            (*entry.values(), entry["piece"] in done, failed.get(entry["piece"])) for entry in manifest["pieces"]
        ],
    }
    kinds = {"seed": "BIGINT", "first_draw": "BIGINT", "draws": "BIGINT", "done": "BOOLEAN"}
    for name, columns in _LISTS.items():
        made = ", ".join(f"{column} {kinds.get(column, 'VARCHAR')}" for column in columns)
        connection.execute(f"CREATE TABLE {name} ({made})")
        if rows[name]:
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows[name])


def _plain(value: Any) -> Any:
    """What JSON knows: other things, such as dates and decimals, as texts or numbers."""
    from decimal import Decimal

    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
