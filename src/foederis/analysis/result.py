"""What all results of an analysis have in common: rows of plain data, as JSON, as a frame, as a table in a notebook."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

from foederis._version import __version__
from foederis.language.case import Case

if TYPE_CHECKING:
    import pandas

    from foederis.analysis.doubts import BeliefTally, Tally

Row = dict[str, Any]


class Result:
    """An analysis of a case: subclasses are frozen dataclasses with a field `case`. `together` says how far the fixed
    points of simultaneous moves could be found in what was solved for it, and `beliefs` how beliefs about private types
    were followed; None where nobody has any.

    A row is a dictionary of names to texts, numbers, truths or None, the same keys in every row.
    """

    case: Case
    together: ClassVar[tuple[Tally, ...]] = ()
    beliefs: ClassVar[BeliefTally | None] = None

    @abstractmethod
    def rows(self) -> list[Row]:
        """The result as rows of plain data."""

    def facts(self) -> Row:
        """What the rows were worked out from (draws, seed, question, …) and what holds for all of them."""
        return {}

    def to_json(self) -> dict[str, Any]:
        """The result as plain data; the same object that the command prints with `--json`."""
        head = {"foederis": __version__, "case": self.case.name, "file_sha256": self.case.sha256}
        together = {"together": [move.to_json() for move in self.together]} if self.together else {}
        beliefs = {"beliefs": self.beliefs.to_json()} if self.beliefs else {}
        return {**head, **plain(self.facts()), **plain(together), **plain(beliefs), "rows": plain(self.rows())}

    def to_frame(self) -> pandas.DataFrame:
        """The rows as a table. Needs pandas."""
        import pandas

        return pandas.DataFrame(self.rows())

    def _repr_html_(self) -> str:
        rows = plain(self.rows())
        keys = list(rows[0]) if rows else []
        head = "".join(f"<th>{escape(key.replace('_', ' '))}</th>" for key in keys)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(shown(row[key]))}</td>" for key in keys) + "</tr>" for row in rows
        )
        return f"<h4>{escape(self.case.title)}</h4><table><tr>{head}</tr>{body}</table>"


def plain(value: Any) -> Any:
    """Plain data that JSON can hold: what is not a finite number becomes None."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, str) or value is None:
        return value
    if hasattr(value, "tolist"):  # arrays and numbers of NumPy
        return plain(value.tolist())
    if isinstance(value, (list, tuple, Iterator)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    return value


def shown(value: Any) -> str:
    """A cell of a table: numbers with four significant digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
