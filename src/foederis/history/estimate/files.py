"""Fits a crisis file to many observed cases: its unknown numbers, under which what was observed is likeliest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.gallery import load
from foederis.analysis.lab import Laboratory
from foederis.diagnostics import close_to, nearest
from foederis.history.estimate.errors import FitError, whole_numbers
from foederis.history.estimate.file_problem import END, FileProblem, Floats, SeenPath
from foederis.history.estimate.file_results import FileFit
from foederis.history.estimate.maximise import Start, best_of, climb
from foederis.history.estimate.table import Table
from foederis.language import check
from foederis.language.case import Case

_NEAR_END = 0.1  # standard deviations: so close to the end a search has come to it
_NOTHING, _SAME = 1e-9, 1e-6  # slopes that are none; how little sets apart the slopes of what is told apart
_SHARE = 0.1  # of a sum of slopes that is none: the least weight of what is named


def fit_file(
    case: Case | str | Path,
    data: Any,
    *,
    parameters: Sequence[str],
    path: str,
    paths: Mapping[Any, str],
    starts: int = 1,
    seed: int = 0,
) -> FileFit:
    """Fits a crisis file to observed cases by maximum likelihood.

    Columns of the data that have the name of an uncertain quantity of the file are covariates: in each case the
    quantity has the value of its row. Uncertain quantities that are neither covariates nor parameters stand at their
    medians. What is observed in the file itself is not looked at.

    Args:
        case: a case, or the name or file of one.
        data: a table with a row for each observed case, as of `fit`. Rows with a missing value are left out and
            counted.
        parameters: the uncertain quantities to be estimated. Their ranges in the file say where to look: the search
            begins at the medians and goes far beyond the ends.
        path: the column that says which path a case took.
        paths: for each value of that column what was observed, as under `observed` in a file:
            `"[{step: 0, rival: hold}]"`.
        starts: how many random starts there are, beside the medians.
        seed: 0 or more, of random starts.
    Raises:
        CaseError: a path or a number that means nothing in the file.
        FitError: names that do not fit, a case whose path cannot happen, or parameters that cannot be told apart.
    """
    whole_numbers(starts=starts, seed=seed)
    case = case if isinstance(case, Case) else load(case)
    table = Table(data)
    _check(case, parameters, path, paths, table)
    covariates = [name for name in case.uncertain if name in table.names]
    still = tuple(name for name in case.uncertain if name not in covariates and name not in parameters)
    rows = table.complete([*covariates, path])
    if rows.sum() < len(parameters):
        raise FitError(
            f"{rows.sum()} complete cases are too few for {len(parameters)} parameters; give more cases, or estimate "
            "less"
        )
    made = _seen_paths(case, table, rows, covariates, path, paths)
    problem = FileProblem(case, parameters, made, int(rows.sum()))
    _possible(problem, np.flatnonzero(rows))
    random = np.random.default_rng([seed, 4])
    begun = [("medians", np.zeros(problem.size))]
    begun += [(f"random {k + 1}", random.normal(0, 0.5, problem.size)) for k in range(starts)]
    unused = tuple(name for name in table.names if name not in covariates and name != path)
    _told_apart(problem, random.normal(0, 0.5, problem.size), still, unused)
    best, judged = best_of([_ended(problem, climb(problem, name, start)) for name, start in begun])
    return FileFit(
        case,
        tuple(parameters),
        tuple(covariates),
        still,
        unused,
        problem.values(best.coefficients),
        np.full((problem.size,) * 2, np.nan) if best.failure else problem.covariance(best.coefficients),
        best,
        judged,
        {part.name: len(part.rows) for part in made},
        table.rows - int(rows.sum()),
        max(part.laboratory.residual for part in made),
    )


def _seen_paths(
    case: Case,
    table: Table,
    rows: NDArray[np.bool_],
    covariates: Sequence[str],
    path: str,
    paths: Mapping[Any, str],
) -> list[SeenPath]:
    """The paths that cases took, in the order of their names."""
    column = table.column(path)
    texts = {_text(key): text for key, text in paths.items()}
    seen = [_text(value) for value in (column.words if column.levels else column.numbers)[rows]]
    unknown = sorted(set(seen) - set(texts))
    if unknown:
        raise FitError(f"`paths` does not say what was observed where `{path}` is `{unknown[0]}`")
    made = []
    for name in sorted(set(seen)):
        context = f"the path `{name}`"
        settings = check.parse_settings([f"observed={texts[name]}"], context=context)
        changed = check.change(case, settings, context=context)
        places = np.flatnonzero([one == name for one in seen])
        own = {quantity: table.column(quantity).numbers[rows][places] for quantity in covariates}
        made.append(SeenPath(name, Laboratory(changed, []), places, own))
    return made


def _possible(problem: FileProblem, rows: NDArray[np.int64]) -> None:
    """
    Raises:
        FitError: a case whose path cannot happen; rows are the places of cases in the data.
    """
    first = problem.log_likelihoods(np.zeros((1, problem.size)))[0]
    if not np.isfinite(first).all():
        raise FitError(
            f"the file gives the path of row {rows[np.argmin(np.isfinite(first))]} (counted from 0) no chance, with "
            "every parameter at its median; leave the row out, or let the file have what was seen there"
        )


def _told_apart(problem: FileProblem, elsewhere: Floats, still: Sequence[str], unused: Sequence[str]) -> None:
    """
    Args:
        elsewhere: float64[parameters], a second point: what does nothing at the medians may do so by chance.
        still: quantities without a column; unused: columns without a quantity.
    Raises:
        FitError: parameters that no data like these could tell apart.
    """
    slopes = problem.slopes(np.zeros(problem.size))[1]
    if len(_alike(slopes)):
        slopes = np.concatenate([slopes, problem.slopes(elsewhere)[1]])
    alike = [f"`{problem.parameters[place]}`" for place in _alike(slopes)]
    if not alike:
        return
    why = ", or give a covariate that differs between cases"
    if still:
        meant = next((f"; is it `{found}`?" for name in still if (found := close_to(name, unused))), "")
        names = ", ".join(f"`{name}`" for name in still)
        why += f"; no column of the data gives {names}, so that it stands at its median in every case{meant}"
    if len(alike) == 1:
        raise FitError(f"no observed path depends on {alike[0]}; leave it out of `parameters`{why}")
    raise FitError(f"the data cannot tell {' and '.join(alike)} apart; estimate one of them less{why}")


def _alike(slopes: Floats) -> NDArray[np.intp]:
    """Which columns have no slopes, or else slopes that are a weighted sum of each other's; the first such found."""
    sizes = np.linalg.norm(slopes, axis=0)
    nothing = np.flatnonzero(sizes <= _NOTHING)
    if len(nothing) or slopes.shape[1] < 2:
        return nothing[:1]
    _, singular, sums = np.linalg.svd(slopes / sizes)
    if len(singular) == slopes.shape[1] and singular[-1] > _SAME * singular[0]:
        return nothing
    return np.flatnonzero(np.abs(sums[-1]) > _SHARE)


def _ended(problem: FileProblem, start: Start) -> Start:
    """A failure whose reason is that some parameter came to the end of what is searched says so."""
    ran = np.flatnonzero(np.abs(start.coefficients) > END - _NEAR_END)
    if not start.failure or not len(ran):
        return start
    why = (
        f"`{problem.parameters[ran[0]]}` came to the end of what is searched, {END:g} standard deviations of its range"
    )
    return replace(start, failure=why)


def _check(case: Case, parameters: Sequence[str], path: str, paths: Mapping[Any, str], table: Table) -> None:
    if isinstance(parameters, str) or not isinstance(parameters, Sequence) or not len(parameters):
        raise FitError('`parameters` is a list of the quantities to be estimated, as in `["base", "slope"]`')
    if not isinstance(path, str) or not isinstance(paths, Mapping):
        raise FitError("`path` names a column, and `paths` says for each of its values what was observed")
    for place, name in enumerate(parameters):
        if name not in case.quantities:
            cure = nearest(str(name), case.uncertain)
            raise FitError(f"the file has no quantity `{name}`{f'; {cure}' if cure else ''}")
        if name not in case.uncertain:
            raise FitError(
                f"the quantity `{name}` is no range, so it cannot be estimated; give it one, as in `-2 to 2`"
            )
        if name in parameters[:place]:
            raise FitError(f"`parameters` names `{name}` twice")
        if name in table.names:
            raise FitError(
                f"`{name}` is a column of the data, and so known in each case; estimate something else, or leave the "
                "column out"
            )
    for name in table.names:
        if name in case.quantities and name not in case.uncertain:
            raise FitError(
                f"the quantity `{name}` is no range, so it cannot be a covariate; give it one, as in `-2 to 2`"
            )
        if name in case.uncertain and table.column(name).levels:
            raise FitError(f"the column `{name}` has words where the file wants a number")


def _text(value: Any) -> str:
    """1 and 1.0 are the same path."""
    try:
        return f"{float(value):g}"
    except (TypeError, ValueError):
        return str(value)
