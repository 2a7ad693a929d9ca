"""The back-test as text: every score, how sure it is, calibration, aims, and the control."""

from __future__ import annotations

import math

from rich.console import Console

from foederis.history.backtest import result as names
from foederis.history.backtest.result import BackTest, Score
from foederis.history.intervals import Interval
from foederis.report.tables import print_line, print_rows
from foederis.report.words import counted, percent

_KINDS = ("all", "defense", "offense", "neither", "no world wars", "open", "made before")
_SAYS = {
    names.EXPANDING: "Each war from 1945 on, foretold from all wars that began before it",
    names.EXPANDING_OVER: "The same, but learning only from wars that were over",
    names.TO_1944: "Learned to 1944, foretold wars from 1945 on",
    names.TO_1944_PUBLISHED: "The same with the four alliances of 1945, whose war is among those learned from",
    names.OTHERS: "Each war foretold from all others, earlier and later",
}
_BY_KIND = (names.EXPANDING, names.TO_1944, names.OTHERS)


def print_backtest(found: BackTest, console: Console) -> None:
    print_line(console, "Were alliances kept that a war called on? Foretold, and held against what came", style="bold")
    print_line(console, _head(found), style="dim")
    for split in names.SPLITS:
        _print_split(found, split, console)
    for split in _BY_KIND:
        _print_kinds(found, split, console)
    for split in (names.EXPANDING, names.TO_1944):
        _print_calibration(found, split, console)
    _print_aims(found, console)
    _print_joining(found, console)
    _print_notes(found, console)
    _print_trials(found, console)


def _head(found: BackTest) -> str:
    models = "; ".join(f"`{name}` is the {what}" for name, what in found.models.items())
    return (
        f"{found.cases} alliances in {found.wars} wars, {found.kept} kept (Berkemeier & Fuhrmann 2018). "
        f"{found.wartime} pacts were made in the war itself; {found.settled} cases are broken on the day by the "
        f"coding's own rules. {models}. The rule took `ours` out of {found.tried} specifications and {found.averages} "
        "averages, on cases to 1944; the other two were frozen beside it, before any of them saw a later case. "
        "Lower is better; in brackets 95 % intervals, drawing whole wars."
    )


def _print_split(found: BackTest, split: str, console: Console) -> None:
    scores = [found.score(split, names.ALL, name) for name in found.forecasters]
    first = scores[0]
    console.print()
    print_line(console, f"{_SAYS[split]}: {counted(first.cases, 'case')}, {first.kept} kept", style="bold")
    rows = [
        [
            score.forecaster,
            _number(score.brier),
            _range(score.brier_by_war),
            _number(score.log_loss),
            _range(score.log_loss_by_war),
            *_against(score),
        ]
        for score in scores
    ]
    headers = ("", "Brier", "", "log loss", "", "Brier less logit's", "")
    print_rows(console, rows, headers=headers, whole=(1, 2, 3, 4, 5, 6))


def _against(score: Score) -> tuple[str, str]:
    if score.against == 0 and score.against_by_war.low == 0 == score.against_by_war.high:
        return "", ""
    return f"{score.against:+.3f}", _range(score.against_by_war, sign=True)


def _print_kinds(found: BackTest, split: str, console: Console) -> None:
    present = {score.among: score for score in found.scores if score.split == split}
    kinds = [kind for kind in _KINDS if kind in present]
    console.print()
    print_line(console, f"Brier score by kind of case. {_SAYS[split]}", style="bold")
    rows = [[name, *(_number(found.score(split, kind, name).brier) for kind in kinds)] for name in found.forecasters]
    rows.append(["cases, kept", *(f"{present[kind].cases}, {present[kind].kept}" for kind in kinds)])
    print_rows(console, rows, headers=("", *kinds), whole=range(1, len(kinds) + 1))


def _print_calibration(found: BackTest, split: str, console: Console) -> None:
    shown = (*found.models, found.forecasters[-1])
    console.print()
    print_line(console, f"Calibration. {_SAYS[split]}", style="bold")
    rows = [
        [name, f"{percent(one.low)} to {percent(one.high)}", f"{one.cases}", percent(one.foretold), percent(one.kept),
         _shares(one.by_war)]
        for name in shown
        for one in found.calibration[split, name]
    ]  # fmt: skip
    headers = ("", "foretold", "cases", "mean foretold", "kept", "")
    print_rows(console, rows, headers=headers, whole=(1, 2, 3, 4, 5))


def _print_aims(found: BackTest, console: Console) -> None:
    console.print()
    print_line(console, "The aims, which judge `ours`; what the other two have is told beside it", style="bold")
    rows = [
        [
            f"{row['split']}, {row['among']}: {row['aim']}",
            _number(row["to_beat"]),
            *(f"{_number(row[name])} {'yes' if row[f'{name}_reached'] else 'no'}" for name in found.models),
        ]
        for row in found.aims()
    ]
    headers = ("Brier score", "to beat", *found.models)
    print_rows(console, rows, headers=headers, whole=range(1, len(headers)))


def _print_joining(found: BackTest, console: Console) -> None:
    console.print()
    print_line(console, "A control that ought to fail: which bystanders join a war at all", style="bold")
    rows = [
        [f"{one.split}: {one.model}", f"{one.cases:,}", f"{one.joined}", f"{one.brier:.4f}", f"{one.base_rate:.4f}",
         f"{100 * one.skill:+.1f} %", f"{one.auc:.2f}"]
        for one in found.joining
    ]  # fmt: skip
    headers = ("", "cases", "joined", "Brier", "base rate", "skill", "AUC")
    print_rows(console, rows, headers=headers, whole=range(1, 7))
    if found.joining:
        intervals = "; ".join(f"{one.gain_by_war.low:+.4f} to {one.gain_by_war.high:+.4f}" for one in found.joining)
        text = f"What each gains on the base rate's Brier score, drawing whole wars: {intervals}."
        print_line(console, text, indent=2, style="dim")


def _print_notes(found: BackTest, console: Console) -> None:
    if found.still_on:
        pairs = "; ".join(f"{war} from {before}" for war, before in found.still_on)
        console.print()
        text = f"In the expanding window some wars are foretold from wars that were not over: {pairs}."
        print_line(console, text, style="dim")


def _print_trials(found: BackTest, console: Console) -> None:
    if not found.trials:
        return
    console.print()
    print_line(console, "Every specification on the cases to 1944, the best first", style="bold")
    rows = [
        [trial.specification.name, *map(_number, (*trial.others, *trial.earlier, trial.log_loss))]
        for trial in sorted(found.trials, key=lambda trial: trial.log_loss)
    ]
    headers = ("", "others: Brier", "log loss", "earlier: Brier", "log loss", "mean log loss")
    print_rows(console, rows, headers=headers, whole=range(1, 6))


def _number(value: float) -> str:
    return f"{value:.3f}"


def _range(interval: Interval, *, sign: bool = False) -> str:
    if math.isnan(interval.low):
        return ""
    return "({} to {})".format(*(f"{end:+.3f}" if sign else f"{end:.3f}" for end in (interval.low, interval.high)))


def _shares(interval: Interval) -> str:
    return "" if math.isnan(interval.low) else f"({percent(interval.low)} to {percent(interval.high)})"
