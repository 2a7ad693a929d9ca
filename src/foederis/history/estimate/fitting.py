"""Fits a strategic choice model to data: starts, the largest likelihood, separation, standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from foederis.history.estimate import ultimatum_model
from foederis.history.estimate.bootstrap import resample
from foederis.history.estimate.clusters import clusters_of, sandwich
from foederis.history.estimate.errors import FitError, whole_numbers
from foederis.history.estimate.forms import FORMS
from foederis.history.estimate.kernels import LOG_F, NONE, Floats
from foederis.history.estimate.likelihood import Errors, FormLikelihood
from foederis.history.estimate.maximise import Start, best_of, climb
from foederis.history.estimate.model import Model, model_of
from foederis.history.estimate.results import Fit
from foederis.history.estimate.separation import Separation, separation
from foederis.history.estimate.stages import Stage, stages

AUTO, ULTIMATUM = "auto", "ultimatum"
_PENALTIES = (AUTO, NONE, LOG_F)


def fit(
    form: str,
    formula: str,
    data: Any,
    *,
    errors: str = "agent",
    link: str = "probit",
    outcomes: Sequence[Any] | None = None,
    fixed: Sequence[float] | None = None,
    scale: str | None = None,
    largest_offer: float | None = None,
    s1: float | None = None,
    s2: float | None = None,
    penalty: str = AUTO,
    starts: int = 3,
    bootstrap: int = 0,
    cluster: str | None = None,
    seed: int = 0,
) -> Fit:
    """Fits a strategic choice model by maximum likelihood.

    Args:
        form: `egame12` (1 goes left and ends it, or right; then 2 goes left or right), `egame122` (2 moves after
            either), `egame123` (as egame12, and where 2 goes right 3 moves), or `ultimatum`.
        formula: what was observed, `~`, and one part for each utility, set apart by `|`. egame12: u1(L), u1(RL),
            u1(RR), u2(RR). egame122: u1(LL), u1(LR), u1(RL), u1(RR), u2(LR), u2(RR). egame123: u1(L), u1(RL),
            u1(RRL), u1(RRR), u2(RL), u2(RRL), u2(RRR), u3(RRR). All other utilities are 0. ultimatum: the offer (and
            whether it was accepted), `~`, and the two reservation values. See the module `formula` for terms.
        data: a pandas DataFrame, or {column: values}. Rows with a missing value in a column that is used are left out,
            and counted.
        errors: `agent` or `private` (see Errors); the form `ultimatum` has its own.
        link: `probit` or `logit`; logit for agent error only; the form `ultimatum` has its own.
        outcomes: where one column says what was observed, its values in the order of the form's outcomes.
        fixed: the utilities, in the order of the formula, if they are known; then only the scale is estimated.
        scale: a formula for the logarithm of sigma, or one for each player set apart by `|`, as in `hostility - 1`.
        largest_offer, s1, s2: of the ultimatum form: the prize, and scales that are known.
        penalty: `none`; `log-F`, which reduces bias and keeps coefficients finite; `auto` takes `log-F` if some move is
            separated, and none otherwise.
        starts: how many random starts there are, beside zero and backward induction move by move.
        bootstrap: how many times cases are resampled for standard errors, 2 or more; 0 leaves it out.
        cluster: a column that says which cases belong together, such as those of a war. Standard errors then hold
            though cases of a cluster are not independent, and the bootstrap draws whole clusters.
        seed: 0 or more, of random starts and of the bootstrap.
    Raises:
        FitError: what cannot be fitted, with what to do.
    """
    _check(form, errors, link, penalty, starts, bootstrap, seed, fixed)
    if form == ULTIMATUM:
        _only_forms(errors=errors != "agent", link=link != "probit", outcomes=outcomes, fixed=fixed, scale=scale)
        model = ultimatum_model.model_of(formula, data, largest_offer, s1, s2)
        begun = ultimatum_model.first_guess(model)
        errors, link = "private", "logit"  # which this form always has
    else:
        if largest_offer is not None or s1 is not None or s2 is not None:
            raise FitError("`largest_offer`, `s1` and `s2` belong to the form `ultimatum`")
        model = model_of(FORMS[form], formula, data, Errors(errors, link), outcomes, fixed, scale)
        begun = None
    group = None if cluster is None else clusters_of(model, cluster)
    best, chosen, found, judged = _estimate(model, penalty, begun, starts, seed)
    covariance = _covariance(model, best)
    if group is not None:
        covariance = sandwich(covariance, model.problem.scores(best.coefficients), group)
    return Fit(
        form,
        formula,
        errors,
        link,
        model,
        best,
        -model.problem.value_and_gradient(best.coefficients)[0],  # by a kernel that is there
        covariance,
        chosen,
        penalty == AUTO,
        found,
        judged,
        resample(model.problem, best.coefficients, chosen, bootstrap, group, seed=seed) if bootstrap else None,
        cluster,
        0 if group is None else int(group.max()) + 1,
    )


def _estimate(
    model: Model, penalty: str, begun: Floats | None, starts: int, seed: int
) -> tuple[Start, str, tuple[Separation, ...], tuple[Start, ...]]:
    """The best maximum, the penalty used, what was found of separation, and all starts."""
    chosen = NONE if penalty == AUTO else penalty
    if begun is not None:  # the ultimatum form has no moves between two options
        best, judged = best_of(_from_all(model, chosen, begun, starts, seed))
        return best, chosen, (), judged
    moves, begun = _stages(model)
    found = tuple(_look(model, stage) for stage in moves)
    if penalty == AUTO and any(part.found for part in found):
        chosen = LOG_F
    best, judged = best_of(_from_all(model, chosen, begun, starts, seed))
    if chosen == NONE:
        # Earlier moves were looked at under other expectations than those that were estimated.
        again = [_look(model, stage) for stage in _stages(model, best.coefficients)[0]]
        found = tuple(now if now.found else before for now, before in zip(again, found, strict=True))
        if penalty == AUTO and any(part.found for part in found):
            chosen = LOG_F
            best, judged = best_of(_from_all(model, chosen, begun, starts, seed))
    return best, chosen, found, judged


def _check(
    form: str,
    errors: str,
    link: str,
    penalty: str,
    starts: int,
    bootstrap: int,
    seed: int,
    fixed: Sequence[float] | None,
) -> None:
    for given, known, what in (
        (form, (*FORMS, ULTIMATUM), "form"),
        (errors, ("agent", "private"), "kind of `errors`"),
        (link, ("probit", "logit"), "`link`"),
        (penalty, _PENALTIES, "`penalty`"),
    ):
        if given not in known:
            raise FitError(f"`{given}` is no {what}; there are {', '.join(known)}")
    if link == "logit" and errors == "private":
        raise FitError("private information is normal here, so its link is `probit`")
    whole_numbers(starts=starts, bootstrap=bootstrap, seed=seed)
    if bootstrap == 1:
        raise FitError("`bootstrap` is 0 for none, or 2 and more: one sample has no spread; 200 is usual")
    if fixed is not None and penalty == LOG_F:
        raise FitError("with fixed utilities there is no coefficient to be penalised")


def _only_forms(**given: Any) -> None:
    named = [name for name, value in given.items() if value is not None and value is not False]
    if named:
        raise FitError(f"the form `ultimatum` knows no `{named[0]}`")


def _stages(model: Model, coefficients: Floats | None = None) -> tuple[list[Stage], Floats]:
    """The moves, and a vector of all coefficients from which to begin."""
    likelihood = model.problem.likelihood
    assert isinstance(likelihood, FormLikelihood)
    utilities = likelihood.utilities[-1][1]
    known = None if coefficients is None else coefficients[:utilities]
    data = model.problem.data
    found, begun = stages(likelihood.form, likelihood.errors, likelihood.utilities, data, known)
    return found, np.concatenate([begun, np.zeros(model.problem.size - utilities)])


def _look(model: Model, stage: Stage) -> Separation:
    names = [str(model.names[place]) for place in stage.places]
    return separation(stage.design[stage.reached], stage.right[stage.reached], names, stage.move.name)


def _from_all(model: Model, penalty: str, begun: Floats, starts: int, seed: int) -> list[Start]:
    random = np.random.default_rng([seed, 1])
    size = model.problem.size
    known = [("zero", np.zeros(size)), ("move by move", begun)]
    drawn = [(f"random {k + 1}", random.uniform(-1, 1, size) * model.problem.units) for k in range(starts)]
    return [climb(model.problem, name, start, penalty) for name, start in [*known, *drawn]]


def _covariance(model: Model, best: Start) -> Floats:
    """The inverse of the observed information, without the penalty's share; nan where there is none."""
    units = np.outer(model.problem.units, model.problem.units)
    information = model.problem.hessian(best.coefficients) * units
    if best.failure or not np.isfinite(information).all() or np.linalg.eigvalsh(information)[0] <= 0:
        return np.full_like(information, np.nan)
    return np.asarray(np.linalg.inv(information) * units)
