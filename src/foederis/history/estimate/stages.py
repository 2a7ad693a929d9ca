"""Statistical backward induction: each move by itself, from the last to the first, later moves taken as estimated.

It gives good starts for the whole likelihood, and the regressors of each move, in which separation can be looked for.

Source: Bas, Signorino & Walker (2008), Political Analysis 16(1): 21-40.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_expit, log_ndtr

from foederis.history.estimate.forms import Form, Move
from foederis.history.estimate.likelihood import Errors

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stage:
    """One move as a choice by itself: right is likelier the larger design @ coefficients + offset.

    Attributes:
        design: float64[cases, coefficients] of the mover's utilities, for all cases, each utility weighed by how much
            likelier going right makes its outcome.
        offset: float64[cases].
        reached, right: bool[cases]: whether the move was reached, and whether it went right.
        places: where the coefficients stand among all.
    """

    move: Move
    design: Floats
    offset: Floats
    reached: NDArray[np.bool_]
    right: NDArray[np.bool_]
    places: NDArray[np.int64]


def stages(
    form: Form, errors: Errors, blocks: Sequence[tuple[int, int]], data: Any, coefficients: Floats | None = None
) -> tuple[list[Stage], Floats]:
    """The moves from the last to the first, and the coefficients of all utilities.

    Args:
        blocks: where the coefficients of each utility stand.
        data: as FormLikelihood wants them.
        coefficients: those under which later moves are expected; estimated move by move if None, with a log-F penalty,
            so that they are finite.
    """
    cases = len(data["outcome"])
    known = np.zeros(blocks[-1][1]) if coefficients is None else coefficients
    below: dict[int | str, dict[int, Floats]] = {k: {k: np.ones(cases)} for k in range(len(form.outcomes))}
    found = []
    for move in reversed(form.moves):
        stage = _stage(form, errors, blocks, data, move, below)
        if coefficients is None and len(stage.places):
            rows = stage.reached
            fitted = _binary(stage.design[rows], stage.offset[rows], stage.right[rows], errors.link)
            known[stage.places] = fitted
        index = stage.design @ known[stage.places] + stage.offset
        go_right = expit(index) if errors.link == "logit" else np.exp(log_ndtr(index))
        below[move.name] = {
            **{outcome: share * (1 - go_right) for outcome, share in below[move.left].items()},
            **{outcome: share * go_right for outcome, share in below[move.right].items()},
        }
        found.append(stage)
    return found, known


def _stage(
    form: Form,
    errors: Errors,
    blocks: Sequence[tuple[int, int]],
    data: Any,
    move: Move,
    below: dict[int | str, dict[int, Floats]],
) -> Stage:
    left, right = below[move.left], below[move.right]
    more = {**{outcome: -share for outcome, share in left.items()}, **right}
    spread = np.ones(len(data["outcome"]))
    if errors.link == "probit":
        private = sum(share**2 for share in more.values())
        spread = np.sqrt(private if errors.kind == "private" else 2.0) * spread
    columns, places, offset = [], [], np.zeros(len(spread))
    for (player, outcome), block, design, fixed in zip(
        form.utilities, blocks, data["designs"], data["offsets"], strict=True
    ):
        if player == move.player and outcome in more:
            columns.append(design * (more[outcome] / spread)[:, None])
            places.append(np.arange(*block))
            offset = offset + fixed * more[outcome] / spread
    return Stage(
        move,
        np.concatenate(columns, axis=1),
        offset,
        np.isin(data["outcome"], list(more)),
        np.isin(data["outcome"], list(right)),
        np.concatenate(places).astype(np.int64),
    )


def _binary(design: Floats, offset: Floats, right: NDArray[np.bool_], link: str) -> Floats:
    """A logit or probit by itself, with a log-F penalty; looked for in units of each regressor's size."""
    sizes = np.sqrt(np.mean(design**2, axis=0)) if len(design) else np.ones(design.shape[1])
    units = 1 / np.where(sizes > 0, sizes, 1.0)
    sign = np.where(right, 1.0, -1.0)
    signed, moved = sign[:, None] * (design * units), sign * offset

    def objective(point: Floats) -> tuple[float, Floats]:
        index, coefficients = signed @ point + moved, point * units
        if link == "logit":
            logs, slopes = log_expit(index), expit(-index)
        else:
            logs = log_ndtr(index)
            slopes = np.exp(-(index**2) / 2 - np.log(2 * np.pi) / 2 - logs)
        penalty = np.sum(coefficients / 2 - np.logaddexp(0.0, coefficients))
        return -logs.sum() - penalty, -(slopes @ signed) - (0.5 - expit(coefficients)) * units

    with np.errstate(all="ignore"):  # a step too far, from which the search turns back
        return np.asarray(minimize(objective, np.zeros(design.shape[1]), jac=True, method="BFGS").x * units)
