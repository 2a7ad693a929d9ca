"""What the back-test says: scores of every forecaster on every split, as plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from foederis._version import __version__
from foederis.analysis.result import Row, plain
from foederis.history.backtest.frozen import AIM_EXPANDING, AIM_TO_1944
from foederis.history.intervals import Interval

if TYPE_CHECKING:
    import pandas

    from foederis.history.backtest.choose import Trial
    from foederis.history.backtest.joining import Joining
    from foederis.history.backtest.scores import Bin

EXPANDING = "expanding window, wars from 1945"
EXPANDING_OVER = "expanding window, only wars that were over"
TO_1944 = "to 1944, then wars from 1945"
TO_1944_PUBLISHED = "to 1944, then cases from 1945"
OTHERS = "all other wars"
SPLITS = (EXPANDING, EXPANDING_OVER, TO_1944, TO_1944_PUBLISHED, OTHERS)

ALL = "all"


@dataclass(frozen=True)
class Score:
    """What one forecaster did on the cases of one kind in one split.

    Attributes:
        split: of SPLITS; among: which cases; forecaster: its name.
        cases, kept: how many, and how many were kept.
        brier, log_loss: means; brier_by_war, log_loss_by_war: their 95 % intervals, drawing whole wars.
        against: Brier score minus that of the logit of the terms; against_by_war: its interval; below 0 is better.
        model: whether it is one of the frozen models.
    """

    split: str
    among: str
    forecaster: str
    cases: int
    kept: int
    brier: float
    brier_by_war: Interval
    log_loss: float
    log_loss_by_war: Interval
    against: float
    against_by_war: Interval
    model: bool


@dataclass(frozen=True)
class Forecast:
    """What one forecaster said of one case."""

    split: str
    forecaster: str
    war: str
    began: str
    alliance: int
    foretold: float
    kept: bool


@dataclass(frozen=True)
class BackTest:
    """Were alliances kept that a war called on, foretold with what was known the day before.

    Attributes:
        cases, wars, kept, wartime, settled: how many there are; made in the war; decided by the coding on the day.
        tried: how many specifications were tried on cases to 1944; averages: how many means of some of them.
        models: {name: what it is} of the frozen models; the first is the one that the rule chose and the aims judge.
        forecasters: names, the frozen models first; scores, forecasts: of all of them.
        calibration: {(split, forecaster): bins}.
        still_on: (war, earlier war that was not over when it began), where an earlier war teaches all the same.
        joining: who joins wars at all, as a control.
        trials: all specifications on cases to 1944, if they were asked for.
    """

    seed: int
    cases: int
    wars: int
    kept: int
    wartime: int
    settled: int
    tried: int
    averages: int
    models: dict[str, str]
    forecasters: tuple[str, ...]
    scores: tuple[Score, ...]
    forecasts: tuple[Forecast, ...]
    calibration: dict[tuple[str, str], tuple[Bin, ...]]
    still_on: tuple[tuple[str, str], ...]
    joining: tuple[Joining, ...]
    trials: tuple[Trial, ...] = ()

    def score(self, split: str, among: str, forecaster: str) -> Score:
        wanted = (split, among, forecaster)
        return next(score for score in self.scores if (score.split, score.among, score.forecaster) == wanted)

    def aims(self) -> list[Row]:
        """Each aim: what the best baseline has, what is to be undercut, and the Brier score of each frozen model."""
        found: list[Row] = []
        for split, aim in ((EXPANDING, AIM_EXPANDING), (TO_1944, AIM_TO_1944), (TO_1944_PUBLISHED, AIM_TO_1944)):
            found.append(self._aim(split, ALL, f"below {aim}", aim))
        for split in (EXPANDING, TO_1944):
            for among in ("defense", "offense"):
                here = [s for s in self.scores if (s.split, s.among) == (split, among) and s.forecaster in self.simple]
                best = min(here, key=lambda score: score.brier)
                found.append(self._aim(split, among, f"better than every baseline ({best.forecaster})", best.brier))
        return found

    @property
    def simple(self) -> tuple[str, ...]:
        """The baselines."""
        return tuple(name for name in self.forecasters if name not in self.models)

    def _aim(self, split: str, among: str, aim: str, to_beat: float) -> Row:
        got = {name: self.score(split, among, name).brier for name in self.models}
        reached = {f"{name}_reached": value < to_beat for name, value in got.items()}
        return {"split": split, "among": among, "aim": aim, "to_beat": to_beat, **got, **reached}

    def rows(self) -> list[Row]:
        """A row for each score."""
        found = []
        for score in self.scores:
            row: Row = {}
            for key, value in score.__dict__.items():
                if isinstance(value, Interval):
                    row |= {f"{key}_low": value.low, f"{key}_high": value.high}
                else:
                    row[key] = value
            found.append(row)
        return found

    def to_frame(self) -> pandas.DataFrame:
        """The scores as a table. Needs pandas."""
        import pandas

        return pandas.DataFrame(self.rows())

    def to_json(self) -> dict[str, Any]:
        """Everything as plain data; the same object that the command prints with `--json`."""
        counts = ("seed", "cases", "wars", "kept", "wartime", "settled", "tried", "averages", "models")
        trials = [
            {"specification": t.specification.name, "others": t.others, "earlier": t.earlier, "log_loss": t.log_loss}
            for t in self.trials
        ]
        bins = [
            {"split": split, "forecaster": name, "bins": [asdict(one) for one in found]}
            for (split, name), found in self.calibration.items()
        ]
        return plain({
            "foederis": __version__,
            **{name: getattr(self, name) for name in counts},
            "forecasters": list(self.forecasters),
            "aims": self.aims(),
            "rows": self.rows(),
            "calibration": bins,
            "forecasts": [asdict(forecast) for forecast in self.forecasts],
            "still_on": [list(pair) for pair in self.still_on],
            "joining": [asdict(one) for one in self.joining],
            "trials": trials,
        })  # fmt: skip
