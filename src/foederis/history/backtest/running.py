"""The whole back-test: every forecaster on every split."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foederis.history.backtest import result as names
from foederis.history.backtest.baselines import BASELINES
from foederis.history.backtest.choose import TRIED, trials
from foederis.history.backtest.frozen import AVERAGES_TRIED, FADING, OURS, STRATEGIC
from foederis.history.backtest.joining import joining
from foederis.history.backtest.models import Specification
from foederis.history.backtest.predictors import matrix
from foederis.history.backtest.questions import Question, ended, questions
from foederis.history.backtest.result import BackTest, Forecast, Score
from foederis.history.backtest.scores import Bin, brier, calibration, log_loss, mean_by_war
from foederis.history.backtest.splits import Fold, expanding, late, leave_one_war_out, to_1944
from foederis.history.datasets import DataError
from foederis.history.datasets.status import statuses

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_MODELS: dict[str, Specification] = {"ours": OURS, "fading": FADING, "strategic": STRATEGIC}
FORECASTERS: dict[str, Specification] = {**_MODELS, **{baseline.name: baseline for baseline in BASELINES}}
_RIVAL = BASELINES[-1].name
Progress = Callable[[str, int, int], None]
NEEDED = (
    "berkemeier-fuhrmann", "cow-wars", "mid-participants", "atop-members", "atop-alliances", "atop-phases",
    "atop-institutions", "nmc-6", "states", "majors", "contiguity", "rivalries", "democracy",
)  # fmt: skip


class _Told(NamedTuple):
    """What one forecaster said in one split: of which questions, and how likely they are kept."""

    which: NDArray[np.int64]
    foretold: Floats


def backtest(*, choose: bool = False, seed: int = 0, progress: Progress = lambda what, done, of: None) -> BackTest:
    """Foretells the alliances that wars called on, scores what was said, and does the same with who joins at all.

    Args:
        choose: tries every specification on the cases to 1944 again, which takes minutes.
        seed: of the bootstrap over wars, 0 or more.
        progress: told what is done, how much of it, and of how much.
    Raises:
        DataError: files are missing, all of which are named, or the seed is negative.
    """
    if seed < 0:
        raise DataError(f"a seed is 0 or more, not {seed}")
    _check_files()
    asked = questions()
    folds = _splits(asked)
    told: dict[tuple[str, str], _Told] = {}
    for done, (name, forecaster) in enumerate(FORECASTERS.items()):
        progress("forecasters", done, len(FORECASTERS))
        prepared = forecaster.prepare(asked)
        known: dict[tuple[object, ...], Floats] = {}  # splits share most of their folds
        for split, parts in folds.items():
            which = np.concatenate([np.flatnonzero(fold.foretold) for fold in parts])
            for fold in parts:
                if fold.key not in known:
                    known[fold.key] = prepared.foretell(fold)
            told[split, name] = _Told(which, np.concatenate([known[fold.key] for fold in parts]))
    tried = trials(asked, progress=lambda done, of: progress("specifications", done, of)) if choose else ()
    settled = matrix(asked, ("settled",))[:, 0] > 0
    return BackTest(
        seed=seed,
        cases=len(asked),
        wars=len({question.war for question in asked}),
        kept=sum(bool(question.kept) for question in asked),
        wartime=sum(question.wartime for question in asked),
        settled=int(settled.sum()),
        tried=len(TRIED),
        averages=AVERAGES_TRIED,
        models={name: model.name for name, model in _MODELS.items()},
        forecasters=tuple(FORECASTERS),
        scores=_scores(asked, told, seed),
        forecasts=_forecasts(asked, told),
        calibration=_calibration(asked, told, seed),
        still_on=_still_on(asked),
        joining=joining(seed=seed),
        trials=tried,
    )


def _check_files() -> None:
    """
    Raises:
        DataError: files that are missing, or are another version; all of them at once.
    """
    wrong = [status for status in statuses(NEEDED) if status.path is None or status.problem]
    if wrong:
        told = [f"{status.dataset.title}, {status.dataset.version}: {status.problem or 'not here'}" for status in wrong]
        ways = [f"{status.dataset.name}: {status.advice}" for status in wrong]
        message = f"the back-test lacks {len(wrong)} of the {len(NEEDED)} files that it needs\n  "
        raise DataError(message + "\n  ".join(told), "\n         ".join(ways))


def _splits(asked: Sequence[Question]) -> dict[str, list[Fold]]:
    later = late(asked)
    return {
        names.EXPANDING: expanding(asked, later),
        names.EXPANDING_OVER: expanding(asked, later, over=ended),
        names.TO_1944: to_1944(asked, whole_wars=True),
        names.TO_1944_PUBLISHED: to_1944(asked, whole_wars=False),
        names.OTHERS: leave_one_war_out(asked),
    }


def among(asked: Sequence[Question]) -> dict[str, Bools]:
    """Which cases are looked at by themselves.

    `open` are those that the coding does not decide on the day; `made before` those whose pact was not made in the war.
    """
    decided = matrix(asked, ("settled", "together")).any(axis=1)
    terms = {name: np.array([question.terms[name] for question in asked]) for name in ("defense", "offense")}
    return {
        names.ALL: np.ones(len(asked), dtype=bool),
        **terms,
        "neither": ~terms["defense"] & ~terms["offense"],
        "no world wars": np.array([not question.world_war for question in asked]),
        "open": ~decided,
        "made before": np.array([not question.wartime for question in asked]),
    }


def _came(asked: Sequence[Question]) -> Floats:
    return np.array([float(bool(question.kept)) for question in asked])


def _scores(asked: Sequence[Question], told: dict[tuple[str, str], _Told], seed: int) -> tuple[Score, ...]:
    came, wars = _came(asked), np.array([question.war for question in asked])
    found = []
    for kind, taken in among(asked).items():
        for (split, name), (which, foretold) in told.items():
            there = taken[which]
            if not there.any():
                continue
            true, clusters = came[which][there], wars[which][there].tolist()
            losses = brier(foretold[there], true)
            logs = log_loss(foretold[there], true)
            against = losses - brier(told[split, _RIVAL].foretold[there], true)
            brier_by_war, log_loss_by_war, against_by_war = (
                mean_by_war(part, clusters, seed=seed) for part in (losses, logs, against)
            )
            score = Score(
                split, kind, name, int(there.sum()), int(true.sum()), float(losses.mean()), brier_by_war,
                float(logs.mean()), log_loss_by_war, float(against.mean()), against_by_war, name in _MODELS,
            )  # fmt: skip
            found.append(score)
    return tuple(found)


def _forecasts(asked: Sequence[Question], told: dict[tuple[str, str], _Told]) -> tuple[Forecast, ...]:
    found = []
    for (split, name), (which, foretold) in told.items():
        for place, share in zip(which, foretold, strict=True):
            question = asked[place]
            case = (question.war_name, str(question.began), question.alliance)
            found.append(Forecast(split, name, *case, float(share), bool(question.kept)))
    return tuple(found)


def _calibration(
    asked: Sequence[Question], told: dict[tuple[str, str], _Told], seed: int
) -> dict[tuple[str, str], tuple[Bin, ...]]:
    came, wars = _came(asked), np.array([question.war for question in asked])
    return {
        key: calibration(foretold, came[which], wars[which].tolist(), seed=seed)
        for key, (which, foretold) in told.items()
    }


def _still_on(asked: Sequence[Question]) -> tuple[tuple[str, str], ...]:
    """Wars from 1945 on that an earlier war, not yet over, teaches in the expanding window."""
    wars = list({question.war: question for question in asked}.values())
    later = [question for question, taken in zip(wars, late(wars), strict=True) if taken]
    return tuple(
        (war.war_name, before.war_name) for war in later for before in wars if before.began < war.began <= ended(before)
    )
