"""docs/benchmarks.md, made from what a run has found."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from benchmarks.aims import NODES, find, judge
from benchmarks.compare import Row
from benchmarks.growth import EXPECTED, FAMILY
from benchmarks.measure import short, show_seconds
from benchmarks.results import LOAD, Results
from benchmarks.roofline import EXPONENTIAL, Machine, Work, reached

HEAD = """# Benchmarks

How fast Foederis is, against whom, and how its time grows. One command makes this page, the
[figures as data](benchmarks/results.json) and the drawings, in about a quarter of an hour on two cores; another one
only looks whether all agree:

    make bench            # everything, and this page anew
    make bench SHORT=1    # small games, a minute, nothing is written

Everything below was measured in one run. Every contestant runs in a process of its own, with a limit of time and one
BLAS thread. Foederis uses both cores, and so does blocked NumPy where that is faster; the peers use one, as they do by
themselves. Figures are medians, with the range in brackets. No test depends on any of them.
"""

READING = """\
- **A game** is one draw of a file's quantities. The **ratio** is by how many times as many games a second Foederis
  solves: the peer's median seconds a game over ours. Below 1 the peer is faster.
- **Ours** is the time of a whole `fd.solve` of all draws, over their number: quantities are drawn, the equilibrium is
  found, questions are answered and the solution is checked. Kernels are compiled and the states are known from a first
  solve. A peer's time is that of its solver alone, which gets the game ready made. So ratios are on the low side.
- **Answers are compared first**: what the game is worth to each actor at its start, in the worlds of our first draws.
  Between programs that work node by node values may differ by 1e-9 points, to those that trace a curve by 1e-5. A ratio
  counts only where all of them agree. Otherwise the row says DISAGREES, and in how many games.
- **Over the limit**: the peer was ended; larger games of the kind are not tried with it. The ratio is then a lower
  bound, and answers could not be compared.
- **Signalling games** are small, and most of our time goes into finding every fixed point of beliefs and checking it.
- **OpenSpiel** has no logit solver. It values a tree in which all pick evenly, which is our precision 0. We look for an
  equilibrium, answer questions and check in that time, and it does not.
- **Plain recursion** is the one of our tests, written to be read. **Blocked NumPy** is the best that we could write in
  [plain NumPy](../benchmarks/numpy_solver.py), with the size of block and the number of threads that were fastest of
  all that were tried. It finds values and nothing else.
- **The trees** have leaves that tie early moves to late ones, so that no two subtrees are equal and none is merged.
  Nodes count the leaves.
- **The Kremlin case cut to one step**: what follows the last decision is handed to pygambit as its value. With two
  steps there would be hundreds of thousands of decisions."""


GROWTH = "\n![Seconds of a solve by size, both axes logarithmic](benchmarks/growth.svg)\n"


def write(results: Results) -> str:
    parts = [
        HEAD + _busy(results),
        "## What was aimed at\n",
        _table(
            ("", "aim", "measured", ""), [(aim.what, aim.aim, aim.found, aim.verdict) for aim in judge(results)], "lrrl"
        ),
        "\n## Against others\n",
        _table(
            ("Ratio", "Game", "Peer", "Foederis, a game", "Peer, a game", "Answers"),
            map(_cells, results.rows),
            "rllrrl",
        ),
        "",
        READING,
        "\n![Seconds a game by the size of the game, both axes logarithmic](benchmarks/games.svg)\n",
        "## Growth\n",
        _growth(results),
        GROWTH if any(growth.who == "Foederis" and growth.what in FAMILY for growth in results.growth) else "",
        "## What the machine could do\n",
        _roofline(results),
        "\n## What one waits for\n",
        _table(
            ("", "", "aim"),
            [(w.what, str(w.timing), f"{w.aim:g} s: {w.verdict}" if w.aim else "") for w in results.waits]
            + [(figure.what, figure.found, "") for figure in results.figures],
            "lrl",
        ),
        "\n## Where it was measured\n",
        _table(("", ""), list(results.machine.items()), "ll"),
    ]
    return "\n".join(parts) + "\n"


def _busy(results: Results) -> str:
    load, cores = float(results.machine[LOAD]), int(results.machine["cores"])
    if load <= cores / 2:
        return ""
    return (
        f"\n**The machine was busy with other work** (load {load:g} on {cores} cores as the run began): times are too "
        "long, and only ratios mean something.\n"
    )


def headline(results: Results) -> str:
    """The paragraph of the README: ratios that count, nothing else."""
    named = [
        ("pygambit", find(results, "trees", NODES, "pygambit"), f"on a tree of {NODES:,} nodes"),
        ("sgamesolver", find(results, "together", 20, "sgamesolver"), "on a stochastic game of 20 states"),
        ("plain NumPy", find(results, "kremlin values", 12, "blocked NumPy"), "in the Kremlin case, values only"),
    ]
    told = [f"{short(row.ratio)} times those of {who} {where}" for who, row, where in named if row and row.ratio]
    if not told:
        return "No ratio that counts was measured."
    first = f"Games solved a second, where the answers were found equal: {'; '.join(told)}."
    last = (
        f"Measured on {results.machine['date']} on {results.machine['cores']} cores "
        f"(load {results.machine[LOAD]} as it began)."
    )
    return "\n".join(textwrap.wrap(f"{first} {last}", 120))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], align: str) -> str:
    rule = ["---:" if side == "r" else "---" for side in align]
    lines = [head, rule, *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    peer = row.peer + (f" ({row.note})" if row.note else "")
    ours = f"{row.ours}, {row.draws:,} draws" if row.draws else "–"
    return _ratio(row), row.game, peer, ours, str(row.theirs) if row.theirs else "–", _verdict(row)


def _ratio(row: Row) -> str:
    if row.ratio is None or row.theirs is None:
        return f"over {short(row.least)}" if row.least else "–"
    low = min(row.theirs.seconds) / max(row.ours.seconds)
    high = max(row.theirs.seconds) / min(row.ours.seconds)
    return f"**{short(row.ratio)}** ({short(low)} to {short(high)})"


def _verdict(row: Row) -> str:
    if row.theirs is None:
        return row.verdict
    if row.verdict != "agrees":
        return f"DISAGREES in {row.differ} of {row.compared}, by {row.error:.2g} at most"
    return f"agrees in {row.compared} (largest difference {row.error:.1g}, allowed {row.tolerance:g})"


def _growth(results: Results) -> str:
    rows = [
        (
            growth.what,
            growth.who,
            growth.game,
            f"**{growth.exponent:.2f}**",
            f"{growth.last:.2f}",
            EXPECTED.get(growth.what, ""),
            ", ".join(
                f"{size:,}: {show_seconds(timing.median)}"
                for size, timing in zip(growth.sizes, growth.timings, strict=True)
            ),
        )
        for growth in results.growth
    ]
    head = ("In", "Who", "Of", "Exponent", "Last two", "The arithmetic alone", "Medians")
    lead = (
        "Time grows with size to the power of the exponent, fitted to the medians; 1 is linear. Small sizes cost what "
        "every solve costs, so the exponent of the two largest is given too.\n"
    )
    return lead + "\n" + _table(head, rows, "lllrrll")


def _roofline(results: Results) -> str:
    told = results.roofline
    if not told:
        return "Not measured in this run."
    machine, work = Machine(**told["machine"]), Work(**told["work"])
    rates = [(f"triad, arrays in {level}", f"{rate / 1e9:.1f} GB/s") for level, rate in machine.bandwidth.items()]
    lines = [
        f"Measured in the same run by {machine.by}, {machine.cores} core{'s' if machine.cores > 1 else ''} together:\n",
        _table(("", ""), [*rates, ("float64 multiply-adds", f"{machine.operations / 1e9:.1f} GFLOP/s")], "lr"),
        "",
        f"The Kremlin case has {work.edges:,} edges a draw (options, outcomes, and turns that pass, over all steps). "
        f"Counted from its structure, with every number read or written once, an edge moves "
        f"{work.bytes / work.edges:.0f} bytes and takes {work.operations / work.edges:.0f} operations, an exponential "
        f"counting as {EXPONENTIAL}: {work.intensity:.2f} operations a byte. {_bound(work, machine)} The values of a "
        f"block of 32 draws, before every phase of a step, take {work.working_set / 1e6:.0f} MB, and each thread has a "
        "block of its own.\n",
    ]
    rows = []
    for what, seconds in told["seconds"].items():
        each = {level: reached(work, machine, seconds, level) for level in machine.bandwidth}
        some = next(iter(each.values()))
        rows.append(
            (
                what,
                show_seconds(seconds),
                f"{some['edges_per_second'] / 1e6:.0f} M",
                f"{some['bytes_per_second'] / 1e9:.2f} GB/s",
                *(f"{share['of_roof']:.0%}" for share in each.values()),
                f"{some['of_arithmetic']:.1%}",
            )
        )
    levels = [f"of the roof, {level}" for level in machine.bandwidth]
    head = ("", "a draw", "edges a second", "counted bytes", *levels, "of arithmetic")
    return "\n".join([*lines, _table(head, rows, "l" + "r" * (len(head) - 1)), "", BETWEEN])


def _bound(work: Work, machine: Machine) -> str:
    needed = machine.operations / machine.bandwidth["L3"]
    bound = "memory and not arithmetic" if work.intensity < needed else "arithmetic and not memory"
    return f"From L3 the machine is kept busy by {needed:.1f} operations a byte, so {bound} bounds the way back."


BETWEEN = """What stands between what is reached and the roof:

- **Rows are gathered.** An edge reads the row that it leads to, wherever that lies: a few hundred bytes at a time and
  not a stream, which caches and prefetchers serve more slowly than a triad.
- **More is moved than is counted.** The solver keeps the shares of every choice for the way forward and for the check,
  fills chunks up to 64 rows, and writes what one kernel hands to the next.
- **A whole solve is more than the way back.** Numbers are worked out from the drawn quantities, play is followed
  forward, questions are answered, and the check goes through every choice once more. The line of the whole solve sets
  all that time against the bytes of the way back alone.
- **Exponentials** are a large part of the arithmetic; 20 operations is what a good vector routine needs."""
