"""How the crisis goes on: the level of each variable through time, and when what is asked for first holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from foederis.analysis.answers import FirstTime, Floats
from foederis.language.case import Case, Variable
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Markup, join, tag
from foederis.report.brief.phrases import Section, asked, moment, sentence_case
from foederis.report.brief.svg import Dates, Scale, area_chart, line_chart
from foederis.report.brief.tables import data_table
from foederis.report.text import question_text
from foederis.report.words import percent, plain_name, points

MOST_POINTS = 120
MOST_LEVELS = 6
# The tops that an axis of probabilities may have, so that what is rare can be seen and charts stay comparable.
_TOPS = (0.04, 0.1, 0.2, 0.4, 1.0)

Quantiles = tuple[Floats, Floats, Floats]  # float64[times] each: 5 %, mean, 95 %


def through_time(material: Material) -> Section | None:
    answer = material.answer
    case = answer.case
    firsts = [
        _figure(asked(case.questions[name]), *_first(case, name, reply))
        for name, reply in answer.questions.items()
        if isinstance(reply, FirstTime) and reply.left_out < answer.draws
    ]
    moving = {name: levels for name, levels in answer.through_time.items() if _moves(case.variables[name], levels)}
    still = [name for name in answer.through_time if name not in moving]
    charts = [
        _figure(join(sentence_case(plain_name(name))), *_variable(case, name, levels))
        for name, levels in moving.items()
    ]
    if not charts and not firsts:
        return None
    fixed = ", ".join(f"{plain_name(n)} ({plain_name(_start(case.variables[n]))})" for n in still)
    body = join(
        tag("p", _reading(), class_="legend"),
        [tag("h3", "When it happens"), tag("div", firsts, class_="multiples")] if firsts else None,
        [tag("h3", "Where things stand"), tag("div", charts, class_="multiples")] if charts else None,
        tag("p", f"Never changes in this crisis: {fixed}.", class_="legend") if fixed else None,
    )
    return Section("through-time", "Through time", "Through time", body)


def _reading() -> str:
    return (
        "Chances at the end of each step, in the mean over the possible worlds. Stacked areas add up to 100 %. Where "
        "one line is drawn, the band holds the middle 90 % of the worlds. Note that the upright axes end at different "
        "heights."
    )


def _start(variable: Variable) -> str:
    return variable.levels[variable.start]


def _moves(variable: Variable, levels: Mapping[str, Floats]) -> bool:
    return bool(np.any(levels[_start(variable)] < 1 - 1e-12))


def _figure(title: Markup, chart: Markup, numbers: Markup) -> Markup:
    return tag("figure", tag("figcaption", title), chart, numbers)


def dates_of(case: Case, times: Sequence[int]) -> Dates:
    """Where these times (steps done) stand on an axis; the ends are named, and the middle if there is one."""
    last = max(times[-1], 1)
    named = [(time / last, moment(case, time, short=True)) for time in sorted({0, times[-1]})]
    if times[-1] >= 4:
        middle = times[-1] // 2
        named.insert(1, (middle / last, moment(case, middle, short=True)))
    return Dates([time / last for time in times], named)


def _thinned(count: int) -> list[int]:
    """Times 0 to count, all of them or evenly thinned; the first and the last are kept."""
    return sorted({round(x) for x in np.linspace(0, count, min(count + 1, MOST_POINTS))})


def _quantiles(draws: Floats) -> Quantiles:
    """From float64[draws, times]."""
    return np.nanquantile(draws, 0.05, axis=0), np.nanmean(draws, axis=0), np.nanquantile(draws, 0.95, axis=0)


def _first(case: Case, name: str, reply: FirstTime) -> tuple[Markup, Markup]:
    """By when a condition has held: a rising line."""
    return _line(case, question_text(case.questions[name]), np.cumsum(reply.by_step, axis=1), "has happened")


def _variable(case: Case, name: str, levels: Mapping[str, Floats]) -> tuple[Markup, Markup]:
    variable = case.variables[name]
    with_start = {level: _from_start(variable, level, series) for level, series in levels.items()}
    if len(levels) == 2:
        other = next(level for level in variable.levels if level != _start(variable))
        return _line(case, plain_name(name), with_start[other], plain_name(other))
    if variable.kind == "range" and len(levels) > MOST_LEVELS:
        numbers = np.arange(variable.low, variable.low + len(levels), dtype=np.float64)
        mean = np.sum([number * with_start[level] for number, level in zip(numbers, levels, strict=True)], axis=0)
        return _number(case, plain_name(name), mean, Scale(float(numbers[0]), float(numbers[-1])))
    return _areas(case, plain_name(name), {level: series.mean(axis=0) for level, series in with_start.items()})


def _from_start(variable: Variable, level: str, series: Floats) -> Floats:
    """float64[draws, steps + 1]: the start, which is certain, before the ends of the steps."""
    begun = np.full((len(series), 1), float(level == _start(variable)))
    return np.concatenate([begun, series], axis=1)


def _rows(case: Case, quantiles: Quantiles, show: object = percent) -> list[list[str]]:
    assert callable(show)
    low, middle, high = quantiles
    return [
        [moment(case, time), show(middle[time]), f"{show(low[time])} to {show(high[time])}"]
        for time in range(len(middle))
    ]


def _line(case: Case, title: str, draws: Floats, what: str) -> tuple[Markup, Markup]:
    """A probability through time, float64[draws, times]."""
    found = _quantiles(draws)
    top = top_of(float(np.max(found[2])))
    times = _thinned(draws.shape[1] - 1)
    low, middle, high = ([float(series[time]) for time in times] for series in found)
    end = percent(middle[-1])
    between = f"{percent(low[-1])} to {percent(high[-1])}"
    chart = line_chart(
        dates_of(case, times),
        low,
        middle,
        high,
        Scale(0.0, top),
        [(0.0, "0 %"), (top / 2, f"{50 * top:g} %"), (top, f"{100 * top:g} %")],
        [clipped(what), end, f"({between})"] if len(between) < 16 else [clipped(what), end],
        f"{title}: probability of “{what}” through time",
        f"It ends at {end}; middle 90 % of worlds {between}.",
    )
    heads = ("By", what, "middle 90 % of worlds")
    return chart, data_table(title, heads, _rows(case, found))


def top_of(largest: float) -> float:
    """Where the axis of probabilities up to this one ends."""
    return next(top for top in _TOPS if top >= min(largest, 1.0) - 1e-9)


def _number(case: Case, title: str, draws: Floats, scale: Scale) -> tuple[Markup, Markup]:
    """The mean of a number through time, float64[draws, times]."""
    found = _quantiles(draws)
    times = _thinned(draws.shape[1] - 1)
    low, middle, high = ([float(series[time]) for time in times] for series in found)
    middle_of = (scale.low + scale.high) / 2
    chart = line_chart(
        dates_of(case, times),
        low,
        middle,
        high,
        scale,
        [(value, f"{value:g}") for value in (scale.low, middle_of, scale.high)],
        ["mean", points(middle[-1])],
        f"{title}: mean through time",
        f"It ends at {points(middle[-1])}; middle 90 % of worlds {points(low[-1])} to {points(high[-1])}.",
    )
    return chart, data_table(title, ("By", "mean", "middle 90 % of worlds"), _rows(case, found, points))


def _areas(case: Case, title: str, means: dict[str, Floats]) -> tuple[Markup, Markup]:
    """Levels whose probabilities add up to 1; the least likely ones are put together where there are many."""
    if len(means) > MOST_LEVELS:
        kept = sorted(means, key=lambda level: -float(means[level].max()))[: MOST_LEVELS - 1]
        rest = sum(series for level, series in means.items() if level not in kept)
        means = {**{level: series for level, series in means.items() if level in kept}, "others": np.asarray(rest)}
    names = [plain_name(level) for level in means]
    times = _thinned(len(next(iter(means.values()))) - 1)
    layers = [[float(series[time]) for time in times] for series in means.values()]
    ends = [f"{name}: {percent(layer[-1])}" for name, layer in zip(names, layers, strict=True)]
    chart = area_chart(
        dates_of(case, times),
        layers,
        [clipped(f"{percent(layer[-1])} {name}", 17) for name, layer in zip(names, layers, strict=True)],
        f"{title}: probability of each level through time",
        "At the end: " + "; ".join(ends) + ".",
    )
    rows = [
        [moment(case, time), *(percent(float(series[time])) for series in means.values())]
        for time in range(len(next(iter(means.values()))))
    ]
    return chart, data_table(title, ("By", *names), rows)


def clipped(text: str, most: int = 15) -> str:
    """A name that fits beside a chart."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
