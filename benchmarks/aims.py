"""What was aimed at, and whether this run has reached it."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.compare import Row
from benchmarks.measure import short
from benchmarks.results import Results

NODES = 1093


@dataclass(frozen=True)
class Aim:
    what: str
    aim: str
    found: str
    reached: bool | None  # None where it was not measured

    @property
    def verdict(self) -> str:
        return {True: "reached", False: "**not reached**", None: "not measured"}[self.reached]


def judge(results: Results) -> list[Aim]:
    whole = find(results, "kremlin", 12, "blocked NumPy")
    return [
        _ratio(
            f"pygambit's throughput, ternary tree of {NODES:,} nodes", find(results, "trees", NODES, "pygambit"), 1e5
        ),
        _growth(results),
        _ratio("sgamesolver's throughput, 20 states", find(results, "together", 20, "sgamesolver"), 1e3),
        _ratio("blocked NumPy, Kremlin case, values only", find(results, "kremlin values", 12, "blocked NumPy"), 5),
        _ratio("blocked NumPy's values against our whole solve, Kremlin case", whole, None),
        *(
            Aim(wait.what, f"{wait.aim:g} s", str(wait.timing), wait.verdict == "met")
            for wait in results.waits
            if wait.aim is not None
        ),
    ]


def find(results: Results, key: str, size: int, peer: str) -> Row | None:
    found = [row for row in results.rows if (row.key, row.size, row.peer) == (key, size, peer)]
    return found[0] if found else None


def _ratio(what: str, row: Row | None, least: float | None) -> Aim:
    aim = f"{least:,.0f} times" if least else "–"
    if row is None:
        return Aim(what, aim, "–", None)
    if row.ratio is None:
        return Aim(what, aim, f"{row.verdict}" + (f": more than {short(row.least)} times" if row.least else ""), None)
    return Aim(what, aim, f"{short(row.ratio)} times", None if least is None else row.ratio >= least)


def _growth(results: Results) -> Aim:
    of_trees = {growth.who: growth for growth in results.growth if growth.what == "nodes"}
    what, aim = "growth in the nodes of a tree, from 1,093 nodes on", "at most 1.2"
    if "Foederis" not in of_trees:
        return Aim(what, aim, "–", None)
    ours, theirs = of_trees["Foederis"].exponent, of_trees.get("pygambit")
    told = f"{ours:.2f}" + (f" (pygambit, all that it solved: {theirs.exponent:.2f})" if theirs else "")
    return Aim(what, aim, told, ours <= 1.2)
