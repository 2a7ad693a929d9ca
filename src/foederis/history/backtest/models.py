"""What foretells: models of the ally's choice, fitted by the likelihoods of this package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from foederis.history.backtest.held_back import held_back
from foederis.history.backtest.predictors import PREDICTORS, matrix
from foederis.history.backtest.questions import Question
from foederis.history.backtest.splits import Fold
from foederis.history.estimate.errors import FitError
from foederis.history.estimate.forms import EGAME12
from foederis.history.estimate.kernels import LOG_F
from foederis.history.estimate.likelihood import Errors
from foederis.history.estimate.maximise import climb
from foederis.history.estimate.model import model_of
from foederis.history.estimate.pooled import PooledProblem

Floats = NDArray[np.float64]
_LEVEL = 2.0  # how far from even the usual case may be, in log-odds
_SETTLED = 5.0  # and one that the coding has decided
DECIDED = ("settled", "together")

TERMS = ("only_peace", "defense", "offense", "neutrality", "nonaggression", "members")
LINE_UP = ("hostile", "drawn", "joined", "began")
MAKING = ("conditional", "asymmetric", "military", "wartime", "age")
POWER = ("balance", "difference", "opponent")
TIES = ("major", "contiguous", "shared_rival", "rivals_inside")
CHANGE = ("democracies", "power_change", "regime_change")


class Prepared(Protocol):
    """A specification with its questions, ready to foretell fold by fold."""

    def foretell(self, fold: Fold) -> Floats:
        """float64[questions foretold]: how likely each alliance is kept."""


class Specification(Protocol):
    """A way to foretell."""

    @property
    def name(self) -> str: ...

    def prepare(self, asked: Sequence[Question]) -> Prepared: ...


@dataclass(frozen=True)
class Pooled:
    """A partly pooled logit: coefficients held near 0, and an unknown that cases of a war share.

    Attributes:
        label: what the predictors are, in words.
        predictors: names. Those of DECIDED are hardly held: that they decide is said by the coding rules.
        held: how far from 0 their coefficients may be expected, in log-odds.
        half_life: years after which a war counts half; 0 if all count the same.
    """

    label: str
    predictors: tuple[str, ...]
    held: float
    half_life: int

    @property
    def name(self) -> str:
        fading = f", half-life {self.half_life} years" if self.half_life else ""
        return f"pooled logit, {self.label}, held {self.held:g}{fading}"

    def prepare(self, asked: Sequence[Question]) -> _PreparedPooled:
        return _PreparedPooled(self, asked)


class _PreparedPooled:
    def __init__(self, specification: Pooled, asked: Sequence[Question]):
        self._half_life = specification.half_life
        # Columns of what is not used are zero, so that one compiled kernel serves every specification.
        used = np.array([name in specification.predictors for name in PREDICTORS])
        self._design = np.column_stack([np.ones(len(asked)), matrix(asked, tuple(PREDICTORS)) * used])
        # The four alliances of 1945 can be left out where the rest of their war is learned from: a group of their own.
        self._groups = list(dict.fromkeys((question.war, question.year) for question in asked))
        group = np.array([self._groups.index((question.war, question.year)) for question in asked])
        self._group = group
        began = [next(q for q in asked if q.war == war).began for war, _ in self._groups]
        self._years = np.array([int(str(day)[:4]) for day in began])
        spreads = [_SETTLED if name in DECIDED else specification.held for name in PREDICTORS]
        held = np.array([_LEVEL, *spreads])
        self._problem = PooledProblem(self._design, np.array([bool(q.kept) for q in asked]), group, held)

    def foretell(self, fold: Fold) -> Floats:
        weights = np.zeros(len(self._groups))
        weights[self._group[fold.learned]] = 1.0
        if self._half_life:
            weights *= 0.5 ** (np.abs(fold.now - self._years) / self._half_life)
        return self._problem.fit(weights).predict(self._design[fold.foretold])


@dataclass(frozen=True)
class Strategic:
    """The form egame12: an opponent makes a dispute a war or not, reckoning with the ally, who keeps its word or not.

    Disputes short of war are cases in which the opponent held back. What an opponent expects of the ally depends on
    the ally's predictors, so that its choices say something of them too.

    Attributes:
        label, predictors: of the ally's choice.
    """

    label: str
    predictors: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"strategic form, {self.label}"

    def prepare(self, asked: Sequence[Question]) -> _PreparedStrategic:
        return _PreparedStrategic(self, asked)


_OPPONENT = ("wartime", "drawn", "hostile", "began", "balance", "difference")


class _PreparedStrategic:
    def __init__(self, specification: Strategic, asked: Sequence[Question]):
        last = max(question.year for question in asked)
        self._cases = len(asked)
        disputes = held_back(last)
        names = tuple(dict.fromkeys((*specification.predictors, *_OPPONENT)))
        every = [*asked, *disputes]
        values = dict(zip(names, matrix(every, names).T, strict=True))
        values["helped"] = values["balance"] + values["difference"]
        seen = ["kept" if q.kept else "broken" for q in asked] + ["held back"] * len(disputes)
        formula = (
            "seen ~ 1 + wartime + drawn + hostile + began | balance - 1 | helped + began:helped - 1 | "
            + " + ".join(specification.predictors)
        )
        outcomes = ["held back", "broken", "kept"]
        data = {**values, "seen": seen}
        self._model = model_of(EGAME12, formula, data, Errors("agent", "logit"), outcomes, None, None)
        self._began = np.array([int(str(q.began)[:4]) for q in disputes])
        self._begun = np.zeros(self._model.problem.size)

    def foretell(self, fold: Fold) -> Floats:
        known = (self._began < fold.now) | fold.later
        weights = np.concatenate([fold.learned, known]).astype(np.float64)
        problem = self._model.problem
        found = climb(problem, "strategic", self._begun, LOG_F, weights)
        if found.failure:
            raise FitError(f"the strategic model has no maximum: {found.failure}")
        self._begun = found.coefficients
        logs = problem.outcomes(found.coefficients[None])[0][: self._cases][fold.foretold]
        return np.asarray(1 / (1 + np.exp(logs[:, 1] - logs[:, 2])))
