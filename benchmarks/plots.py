"""The drawings of docs/benchmarks.md: log-log, SVG, with the text as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.growth import FAMILY, Growth, by_size
from benchmarks.measure import Timing
from benchmarks.results import Results

COLOURS = {
    "Foederis": "#0b5394",
    "pygambit": "#b45f06",
    "sgamesolver": "#38761d",
    "OpenSpiel": "#741b47",
    "blocked NumPy": "#666666",
    "plain recursion": "#bf9000",
}
MARKS = {
    "Foederis": "o",
    "pygambit": "s",
    "sgamesolver": "^",
    "OpenSpiel": "D",
    "blocked NumPy": "v",
    "plain recursion": "x",
}
Series = Mapping[str, Mapping[int, Timing]]


def draw(results: Results, folder: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update(
        {"svg.fonttype": "none", "svg.hashsalt": "foederis", "font.size": 9, "font.family": "sans-serif"}
    )
    games = [
        ("Ternary trees, precision 3", "nodes", by_size(results.rows, "trees")),
        ("Trees, precision 0", "nodes", by_size(results.rows, "even trees")),
        ("Moves made together", "states", by_size(results.rows, "together")),
    ]
    _panels(games, "seconds a game", folder / "games.svg")
    ways = [
        (f"{growth.what}: exponent {growth.exponent:.2f}", growth.what, {"Foederis": _points(growth)})
        for growth in results.growth
        if growth.who == "Foederis" and growth.what in FAMILY
    ]
    _panels(ways, "seconds", folder / "growth.svg")


def _points(growth: Growth) -> dict[int, Timing]:
    return dict(zip(growth.sizes, growth.timings, strict=True))


def _panels(panels: Sequence[tuple[str, str, Series]], unit: str, path: Path) -> None:
    from matplotlib import pyplot as plt

    panels = [panel for panel in panels if any(panel[2].values())]
    if not panels:
        return
    figure, axes = plt.subplots(1, len(panels), figsize=(3.2 * len(panels), 3.2), squeeze=False, layout="constrained")
    for axis, (title, what, lines) in zip(axes[0], panels, strict=True):
        for who, points in lines.items():
            sizes = sorted(points)
            middle = [points[size].median for size in sizes]
            low = [points[size].median - min(points[size].seconds) for size in sizes]
            high = [max(points[size].seconds) - points[size].median for size in sizes]
            axis.errorbar(
                sizes, middle, yerr=[low, high], label=who, color=COLOURS[who], marker=MARKS[who], ms=4, lw=1.2
            )
        axis.set(xscale="log", yscale="log", title=title, xlabel=what, ylabel=unit)
        axis.grid(True, which="major", lw=0.3)
        if len(lines) > 1:
            axis.legend(fontsize=7)
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)
    lines = [line.rstrip() for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
