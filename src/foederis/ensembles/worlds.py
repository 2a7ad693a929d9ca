"""The worlds of a study that observes something: worked out once, from all of them, before its pieces are solved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from foederis.analysis.answers import Floats
from foederis.ensembles.pieces import Piece, Study
from foederis.ensembles.tables import encode_columns, read_columns
from foederis.language.case import Case

_LOGS, _WEIGHTS, _SHARE = "log_evidence", "weight", "share."


def worlds_of(study: Study, case: Case) -> bytes:
    """The worlds of a case given what it observes, as the bytes of a Parquet file.

    Raises:
        CaseError: what was observed cannot be.
    """
    from foederis.analysis.posterior import sample

    assert study.total is not None
    found = sample(case, study.total, seed=study.seed)
    assert found.standing is not None
    columns = {_LOGS: found.standing.evidence}
    if found.weights is not None:
        columns[_WEIGHTS] = found.weights
    columns.update({f"{_SHARE}{name}": values for name, values in found.shares.items()})
    return encode_columns(columns)


@dataclass(frozen=True)
class Given:
    """What the observations of a study make of the worlds of a piece.

    Attributes:
        shares: {uncertain quantity: float64[worlds] in (0, 1)}; weights: float64[worlds], None if all count the same.
        logs: float64[worlds], the logarithm of how likely what was observed is.
    """

    shares: Mapping[str, Floats]
    weights: Floats | None
    logs: Floats

    def last(self, count: int) -> Given:
        """The last so many worlds."""
        weights = None if self.weights is None else self.weights[-count:]
        return Given({name: values[-count:] for name, values in self.shares.items()}, weights, self.logs[-count:])


class StudyWorlds:
    """The worlds that were kept of a study."""

    def __init__(self, path: Path):
        self._columns: dict[str, Floats] = read_columns(path)

    def of(self, piece: Piece) -> Given:
        """Those of a piece, after the first of all."""
        places = piece.places(leading=True)
        mine = {name: np.ascontiguousarray(values[places]) for name, values in self._columns.items()}
        shares = {name.removeprefix(_SHARE): values for name, values in mine.items() if name.startswith(_SHARE)}
        return Given(shares, mine.get(_WEIGHTS), mine[_LOGS])
