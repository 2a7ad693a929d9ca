"""The solver's backward induction of values alone, without questions and check, in as many threads as it uses itself.

The one file here that knows the solver from inside: what NumPy does is compared with the same. Task: {case, draws,
runs, enough}.
"""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

import foederis as fd
from foederis.game.compile import compile_game
from foederis.language.sampling import draw_quantities
from foederis.solve.backward import Asking, Pass, Space
from foederis.solve.beliefs import Axes
from foederis.solve.device import zeros
from foederis.solve.layout import lay_out
from foederis.solve.native.memory import apart, blank
from foederis.solve.native.passes import NativePass
from foederis.solve.numbers import Numbers, Tables
from foederis.solve.planning import BLOCK


def main() -> None:
    task = json.load(sys.stdin)
    case, draws = fd.load(task["case"]), task["draws"]
    game = compile_game(case)
    layout = lay_out(game)
    asking, threads = Asking(layout, [0]), os.cpu_count() or 1
    make = blank if layout.native else zeros
    spaces, nobody = [Space(layout, asking, BLOCK, make) for _ in range(threads)], Axes((), 1)
    found = np.empty((draws, len(game.actors)))

    def solve_block(space: Any, tables: Any, first: int) -> None:
        rows = apart if layout.native else layout.put
        numbers = Numbers(game, tables, np.arange(first, first + BLOCK), None, 1, layout.put, rows)
        back = (NativePass if layout.native else Pass)(layout, numbers, asking, space, nobody)
        for step in range(game.steps - 1, -1, -1):
            if isinstance(back, NativePass):
                back.give_back(back.back(step, None, None))
                continue
            back.end(step)
            back.give_back(back.play(step))
        found[first : first + BLOCK] = np.asarray(back.row(space.values, layout.start)).T

    def once() -> None:
        tables = Tables(draw_quantities(case, draws), draws, game.steps)
        shares = [range(place * BLOCK, draws, BLOCK * threads) for place in range(threads)]
        with ThreadPoolExecutor(threads) as pool:
            work = [
                pool.submit(lambda s=space, b=blocks: [solve_block(s, tables, first) for first in b])
                for space, blocks in zip(spaces, shares, strict=True)
            ]
            for each in work:
                each.result()

    once()
    seconds: list[float] = []
    while len(seconds) < task["runs"] and (not seconds or sum(seconds) < task["enough"]):
        begun = time.perf_counter()
        once()
        seconds.append(time.perf_counter() - begun)
    values = dict(zip(game.actors, found.T.tolist(), strict=True))
    answers = [values[actor] for actor in case.actors]
    print(json.dumps({"seconds": seconds, "games": draws, "threads": threads, "answers": answers}))


if __name__ == "__main__":
    main()
