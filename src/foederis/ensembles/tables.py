"""What is kept of a piece: rows of one long table in Parquet, and the views that make tables of them for queries."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from foederis.ensembles.errors import EnsembleError

Floats = NDArray[np.float64]
MISSING_DUCKDB = "ensembles are kept and asked with duckdb, which is not installed: pip install 'foederis[runs]'"

COLUMNS = {
    "case_name": "VARCHAR",
    "setting": "VARCHAR",
    "seed": "BIGINT",
    "kind": "VARCHAR",
    "what_if": "VARCHAR",
    "draw": "BIGINT",
    "weight": "DOUBLE",
    "name": "VARCHAR",
    "part": "VARCHAR",
    "step": "INTEGER",
    "value": "DOUBLE",
    "change": "DOUBLE",
}

_WHERE = "case_name, setting, seed"
# For each kind of row the table that it stands in, by the columns of this table.
VIEWS = {
    "questions": ("question", f"{_WHERE}, what_if, draw, weight, name AS question, value, change"),
    "first_times": ("first_time", f"{_WHERE}, what_if, draw, weight, name AS question, step, value, change"),
    "quantities": ("quantity", f"{_WHERE}, draw, weight, name AS quantity, value"),
    "points": ("points", f"{_WHERE}, draw, weight, name AS actor, part AS measure, value"),
    "moves": ("move", f"{_WHERE}, draw, weight, name AS turn, part AS option, step, value"),
    "losses": ("loss", f"{_WHERE}, draw, weight, name AS exposure, part AS unit, value"),
    "types": ("type", f"{_WHERE}, draw, weight, name AS actor, part AS type, value AS share, change AS given"),
    "imposed": ("imposed", f"{_WHERE}, what_if, draw, weight, name AS move, value AS open"),
    "checks": ("check", f"{_WHERE}, what_if, draw AS first_draw, name AS measure, part AS turns, value"),
}


class Rows:
    """The rows of a piece, added block by block: one row for each draw in each."""

    def __init__(self, case: str, setting: str, seed: int, draws: NDArray[np.int64], weights: Floats):
        self.where, self.draws, self.weights = (case, setting, seed), draws, weights
        self._heads: list[tuple[str, str, str, str, float]] = []
        self._values: list[Floats] = []
        self._changes: list[Floats] = []

    def add(
        self,
        kind: str,
        name: str,
        values: Floats,
        *,
        part: str = "",
        what_if: str = "",
        step: float = np.nan,
        changes: Floats | None = None,
    ) -> None:
        """A block of rows: float64[draws]; nan stands for nothing."""
        self._heads.append((kind, what_if, name, part, step))
        self._values.append(values)
        self._changes.append(np.full(len(values), np.nan) if changes is None else changes)

    def columns(self) -> Mapping[str, NDArray[np.generic]]:
        """The columns, in their order."""
        count, blocks = len(self.draws), len(self._heads)
        kinds, what_ifs, names, parts, steps = zip(*self._heads, strict=True)

        def each(values: Sequence[str]) -> NDArray[np.generic]:
            return np.repeat(np.array(values, dtype=object), count)

        case, setting, seed = self.where
        found = [
            each([case] * blocks),
            each([setting] * blocks),
            np.full(count * blocks, seed, dtype=np.int64),
            each(kinds),
            each(what_ifs),
            np.tile(self.draws, blocks),
            np.tile(self.weights, blocks),
            each(names),
            each(parts),
            np.repeat(np.array(steps, dtype=np.float64), count),
            np.concatenate(self._values),
            np.concatenate(self._changes),
        ]
        return dict(zip(COLUMNS, found, strict=True))


def encode(tables: Sequence[Mapping[str, NDArray[np.generic]]], facts: Mapping[str, str]) -> bytes:
    """Columns as the bytes of a Parquet file, the same ones for the same columns; `facts` are kept with them. Numbers
    that are nan are NULL there."""
    return _written(COLUMNS, tables, facts)


def encode_columns(columns: Mapping[str, Floats]) -> bytes:
    """Columns of numbers as the bytes of a Parquet file; those that are not finite stay as they are."""
    return _written(dict.fromkeys(columns, "DOUBLE"), [columns], {"made_by": "foederis"})


def read_columns(path: Path) -> dict[str, Floats]:
    """What encode_columns has written, bit for bit."""
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchnumpy()
    return {name: np.asarray(values, dtype=np.float64) for name, values in found.items()}


def processors_of(files: Sequence[Path]) -> list[str]:
    """The kinds of processor that pieces were solved on, as their files say."""
    import duckdb

    if not files:
        return []
    query = "SELECT DISTINCT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = 'processor' ORDER BY 1"
    with duckdb.connect() as connection:
        return [name for (name,) in connection.execute(query, [[str(path) for path in files]]).fetchall()]


def _written(
    kinds: Mapping[str, str], tables: Sequence[Mapping[str, NDArray[np.generic]]], facts: Mapping[str, str]
) -> bytes:
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection, tempfile.TemporaryDirectory() as folder:
        made = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        connection.execute(f"CREATE TABLE rows ({made})")
        for columns in tables:
            connection.register("columns", columns)
            connection.execute("INSERT INTO rows SELECT * FROM columns")
        kept = ", ".join(f"{name}: '{_quoted(value)}'" for name, value in facts.items())
        path = Path(folder) / "piece.parquet"
        options = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{kept}}}"
        connection.execute(f"COPY rows TO '{_quoted(str(path))}' ({options})")
        return path.read_bytes()


def need_duckdb() -> None:
    """
    Raises:
        EnsembleError: it is not installed.
    """
    try:
        import duckdb  # noqa: F401
    except ImportError:
        raise EnsembleError(MISSING_DUCKDB) from None


def views(files: Sequence[Path]) -> Iterator[str]:
    """The statements that make the tables of a query from the files of pieces, of which there may be none."""
    listed = ", ".join(f"'{_quoted(str(path))}'" for path in files)
    source = f"read_parquet([{listed}])" if files else f"(SELECT {_nothing()} WHERE false)"
    yield f"CREATE VIEW rows AS SELECT {', '.join(COLUMNS)} FROM {source}"
    for name, (kind, columns) in VIEWS.items():
        yield f"CREATE VIEW {name} AS SELECT {columns} FROM rows WHERE kind = '{kind}'"


def _nothing() -> str:
    return ", ".join(f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items())


def _quoted(text: str) -> str:
    return text.replace("'", "''")
