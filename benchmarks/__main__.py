"""`make bench`: everything measured in one run, docs/benchmarks.md written anew. `--short` only compares answers."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.compare import Row, compare
from benchmarks.contests import contests
from benchmarks.growth import growth_in_games, measure_growth
from benchmarks.interaction import Wait, measure_answers, measure_start_up
from benchmarks.measure import ROOT
from benchmarks.page import headline, write
from benchmarks.plots import draw
from benchmarks.results import Results, describe_machine
from benchmarks.roofline import as_data, count_work, measure_machine

DOCS = ROOT / "docs"
FOLDER = DOCS / "benchmarks"
README = ROOT / "README.md"
BEGIN, END = "<!-- written by make bench -->", "<!-- up to here -->"  # around the paragraph of the README
Tell = Callable[[str], None]


def teller() -> Tell:
    begun = time.monotonic()
    return lambda text: print(f"{time.monotonic() - begun:6.0f} s  {text}", file=sys.stderr, flush=True)


def line(row: Row) -> str:
    ratio = f"{row.ratio:,.4g} times" if row.ratio else f"over {row.least:,.0f} times" if row.least else "–"
    return f"{row.game:<52} {row.peer:<16} {row.verdict:<14} {row.error:8.1g}  {ratio}"


def run_short(tell: Tell) -> int:
    """Small games: whether everybody agrees. A peer that is not installed is named and no failure."""
    rows = list(compare(contests(short=True), tell))
    print("\n".join(map(line, rows)))
    return 0 if all(row.verdict in ("agrees", "not installed") for row in rows) else 1


def run(tell: Tell) -> int:
    """Everything. What is found is kept as it comes, so that a run that is broken off leaves its figures."""
    FOLDER.mkdir(exist_ok=True)
    results = Results(describe_machine())

    def keep(found: Any, among: list[Any], text: str) -> None:
        among.append(found)
        results.save(FOLDER / "results.json")
        tell(text)

    for found in measure_start_up():
        keep(found, results.waits if isinstance(found, Wait) else results.figures, found.what)
    for row in compare(contests(short=False), tell):
        keep(row, results.rows, line(row))
    results.growth += growth_in_games(results.rows)
    for growth in measure_growth(tell):
        keep(growth, results.growth, f"time grows with {growth.what} to the power {growth.exponent:.2f}")
    for found in measure_answers():
        keep(found, results.waits if isinstance(found, Wait) else results.figures, found.what)
    tell("what the machine can do")
    results.roofline = roofline(results)
    results.save(FOLDER / "results.json")
    publish(results)
    print((DOCS / "benchmarks.md").read_text(encoding="utf-8"))
    tell("done")
    return 0


def roofline(results: Results) -> dict[str, object]:
    import foederis as fd
    from foederis.game.compile import compile_game

    names = {"kremlin values": "the way back alone", "kremlin": "a whole solve"}
    seconds = {
        names[row.key]: row.ours.median
        for row in results.rows
        if row.key in names and row.size == 12 and row.peer == "blocked NumPy"
    }
    work = count_work(compile_game(fd.load("kremlin")))
    return {**as_data(measure_machine(), work), "seconds": seconds}


def publish(results: Results) -> None:
    draw(results, FOLDER)
    (DOCS / "benchmarks.md").write_text(write(results), encoding="utf-8")
    before, begin, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    README.write_text(f"{before}{begin}\n{headline(results)}\n{end}{after}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--short", action="store_true", help="small games, answers only; writes nothing")
    parser.add_argument("--page", action="store_true", help="write the page anew from docs/benchmarks/results.json")
    chosen = parser.parse_args()
    if chosen.page:
        publish(Results.read(FOLDER / "results.json"))
        return 0
    return run_short(teller()) if chosen.short else run(teller())


if __name__ == "__main__":
    sys.exit(main())
