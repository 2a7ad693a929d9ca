"""Exposure at risk as text: what may be lost, how likely, where the spread comes from, and what would change it."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from foederis.analysis.distribution import LossDistribution
from foederis.analysis.positions import Position
from foederis.analysis.risk import ExposureAtRisk, Scenario, curve
from foederis.report.setting import open_texts
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.text import question_text
from foederis.report.words import counted, percent, points

FEW_WORLDS = 30


def print_exposure(found: ExposureAtRisk, console: Console) -> None:
    clock = found.case.clock
    print_line(console, found.case.title, style="bold")
    worlds = f"{found.draws:,} possible worlds (seed {found.seed}), chance in each summed up."
    text = f"What is lost at the end of {counted(clock.steps, 'step')} of {clock.step_text}. {worlds}"
    print_line(console, text, style="dim")
    for rate in found.rates:
        text = f"Losses in {rate.unit} are turned into {rate.into}, at `{rate.quantity}` in each world."
        print_line(console, text, style="dim")
    heads = [position for position in found.baseline.positions.values() if position.is_sum]
    console.print()
    for position in heads:
        print_line(console, _sentence(found, position))
    _print_losses(found, console)
    for position in heads:
        _print_curve(found, position, console)
    _print_spread(found, heads, console)
    for what in dict.fromkeys(ending.what for ending in found.baseline.endings):
        _print_endings(found, what, heads, console)
    if len(found.scenarios) > 1:
        _print_what_ifs(found, heads, console)
    _print_notes(found, heads, console)


def _heading(console: Console, text: str) -> None:
    console.print()
    print_line(console, text, style="bold")


def _unit(position: Position) -> str:
    return f", {position.unit}" if position.unit else ""


def _amount(value: float, position: Position) -> str:
    return f"{points(value)} {position.unit}".strip()


def _level(share: float) -> str:
    """A level as it was asked for, 95 % or 99.5 %."""
    return f"{100 * share:.6g} %"


def _sentence(found: ExposureAtRisk, position: Position) -> str:
    losses, level = found.losses[position.name], found.level
    who, loses = (position.holder, "loses") if position.holder else (position.name, "lose")
    least = losses.quantile(level)
    at_least = f"at least {points(least)} is lost, " if least > 0 else ""
    return (
        f"{who} {loses} {_amount(losses.mean, position)} on average, and nothing with probability "
        f"{percent(1 - float(losses.exceeds(0.0)))}. In the worst {_level(1 - level)} of cases {at_least}"
        f"{_amount(losses.shortfall(level), position)} on average."
    )


def _print_losses(found: ExposureAtRisk, console: Console) -> None:
    """Every exposure and every sum of several, holder by holder."""
    level = _level(found.level)
    rows: list[list[Cell]] = []
    for position in found.baseline.positions.values():
        if position.is_sum and position.holder and len(position.members) == 1:
            continue  # the sum of one exposure is that exposure
        losses = found.losses[position.name]
        figures = [losses.mean, *map(losses.quantile, (0.5, 0.05, 0.95, found.level)), losses.shortfall(found.level)]
        name = Text(position.name, style="bold" if position.is_sum else "")
        rows.append([name, percent(float(losses.exceeds(0.0))), *map(points, figures), position.unit])
    headers = ("", "any loss", "mean", "median", "5 %", "95 %", f"at risk, {level}", "shortfall", "")
    _heading(console, "Losses at the end")
    print_rows(console, rows, headers=headers, words=(0, 8))
    text = (
        f"At risk, {level}: the loss that is not exceeded with this probability. Shortfall: the mean loss in the worst "
        f"{_level(1 - found.level)} of cases. Sums are taken case by case: their quantiles are not sums of quantiles."
    )
    print_line(console, text, indent=2, style="dim")


def _print_curve(found: ExposureAtRisk, position: Position, console: Console) -> None:
    entries = _steps([entry for entry in curve(found.losses[position.name], 12) if entry["probability"] > 0])
    if entries:
        _heading(console, f"How likely a larger loss is ({position.name}{_unit(position)})")
        rows: list[list[Cell]] = [
            [f"more than {entry['loss']:,.6g}", percent(entry["probability"]), _bar(entry["probability"])]
            for entry in entries
        ]
        print_rows(console, rows, words=(2,))


def _steps(entries: list[dict[str, float]]) -> list[dict[str, float]]:
    """The entries without those in the middle of a stretch in which the probability stays the same."""
    shares = [None, *(entry["probability"] for entry in entries), None]
    return [entry for k, entry in enumerate(entries, 1) if not shares[k - 1] == shares[k] == shares[k + 1]]


def _bar(share: float) -> Text:
    return Text("█" * round(40 * share) or "▏", style="blue")


def _print_spread(found: ExposureAtRisk, heads: list[Position], console: Console) -> None:
    _heading(console, "Where the spread comes from")
    for position in heads:
        losses = found.losses[position.name]
        whole = losses.between + losses.within
        if not whole > 0:
            print_line(console, f"{position.name}: the loss is the same in all cases.", indent=2)
            continue
        share = losses.between / whole
        text = (
            f"{position.name}: {percent(1 - share)} of the variance is chance within a world; {percent(share)} lies "
            "between worlds, since nobody knows the numbers. The standard deviation is "
            f"{_amount(whole**0.5, position)}; if all numbers were known, {points(losses.within**0.5)} would be left."
        )
        print_line(console, text, indent=2)


def _print_endings(found: ExposureAtRisk, what: str, heads: list[Position], console: Console) -> None:
    """What is lost given each level of a variable, or given yes and no."""
    endings = [ending for ending in found.baseline.endings if ending.what == what]
    question = found.case.questions.get(what) if endings[0].is_answer else None
    title = question_text(question) if question else f"{what} at the end"
    for position in heads:
        rows: list[list[Cell]] = []
        for ending in endings:
            losses = ending.losses.get(position.name)
            figures = _figures(losses, found.level) if losses else ["–"] * 3
            rows.append([ending.value, percent(ending.probability), *figures])
        _heading(console, f"Given: {title} ({position.name}{_unit(position)})")
        print_rows(console, rows, headers=("", "probability", "mean", f"at risk, {_level(found.level)}", "shortfall"))
    text = "Worlds in which the crisis is likelier to end so count more here."
    print_line(console, text, indent=2, style="dim")


def _figures(losses: LossDistribution, level: float) -> list[str]:
    return [points(losses.mean), points(losses.quantile(level)), points(losses.shortfall(level))]


def _print_what_ifs(found: ExposureAtRisk, heads: list[Position], console: Console) -> None:
    headers = ("", "any loss", "mean", "change", "", f"at risk, {_level(found.level)}", "shortfall")
    for position in heads:
        rows = [_what_if_row(found, scenario, position) for scenario in found.scenarios]
        _heading(console, f"What if ({position.name}{_unit(position)})")
        print_rows(console, rows, headers=headers)
    text = "Changes of the mean are taken world by world; in brackets, the middle 90 % of them."
    print_line(console, text, indent=2, style="dim")
    for scenario in found.scenarios:
        for text in open_texts(scenario.imposed_open):
            print_line(console, f"{_title(found, scenario)}: {text}", indent=2, style="dim")


def _what_if_row(found: ExposureAtRisk, scenario: Scenario, position: Position) -> list[Cell]:
    losses, title = scenario.losses.get(position.name), _title(found, scenario)
    change = found.difference(scenario, position.name) if scenario.name else None
    if losses is None or (scenario.name and change is None):
        return [title, "", "–", "", "not comparable", "–", "–"]
    moved, band = "", ""
    if change:
        moved = points(change.mean, signed=True)
        band = f"({points(change.p05, signed=True)} to {points(change.p95, signed=True)})"
    mean, at_risk, beyond = _figures(losses, found.level)
    return [title, percent(float(losses.exceeds(0.0))), mean, Text(moved, style="bold"), band, at_risk, beyond]


def _title(found: ExposureAtRisk, scenario: Scenario) -> str:
    if not scenario.name:
        return "As the file stands"
    return (found.case.whatifs[scenario.name].says or scenario.name).rstrip(".")


def _print_notes(found: ExposureAtRisk, heads: list[Position], console: Console) -> None:
    console.print()
    for position in heads:
        worlds = found.losses[position.name].worlds_in_tail(found.level)
        if worlds < FEW_WORLDS:
            text = (
                f"Little to go by: the worst {_level(1 - found.level)} of {position.name} rest on about "
                f"{counted(round(worlds), 'world')}. Solve more (--draws) before you quote figures of the tail."
            )
            print_line(console, text, style="yellow")
    print_line(console, f"Checked: largest residual {found.residual:.1g} (limit 1e-9).", style="dim")
