"""Backward induction in plain NumPy, draws in blocks: every size of block and number of threads is tried once, and the
best pair is timed. Values only: no questions, no check.

Task: {file, or case and changes; draws, runs, enough, blocks, threads}.
"""

import json
import sys
import time

from benchmarks.numpy_solver import Solver, edges

import foederis as fd
from foederis.game.compile import compile_game
from foederis.language.sampling import draw_quantities


def main() -> None:
    task = json.load(sys.stdin)
    case = fd.load(task["case"]) if "case" in task else fd.loads(task["file"])
    case = case.with_changes(task["changes"]) if task.get("changes") else case
    game, draws = compile_game(case), task["draws"]
    solver = Solver(game)

    def once(block: int, threads: int) -> float:
        begun = time.perf_counter()
        once.values = solver.solve(draw_quantities(case, draws), draws, block, threads)  # type: ignore[attr-defined]
        return time.perf_counter() - begun

    blocks = sorted({min(block, draws) for block in task["blocks"]})
    tried = [(once(block, threads), block, threads) for threads in task["threads"] for block in blocks]
    _, block, threads = min(tried)
    seconds: list[float] = []
    while len(seconds) < task["runs"] and (not seconds or sum(seconds) < task["enough"]):
        seconds.append(once(block, threads))
    found = {"seconds": seconds, "games": draws, "block": block, "threads": threads, "tried": tried}
    values = dict(zip(game.actors, once.values.T.tolist(), strict=True))  # type: ignore[attr-defined]
    print(json.dumps({**found, "edges": edges(game), "answers": [values[actor] for actor in case.actors]}))


if __name__ == "__main__":
    main()
