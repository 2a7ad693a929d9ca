"""One quantity of a case after the other is changed and the case solved again. Task: {case, draws, runs}."""

import json
import sys
import time
from collections.abc import Callable

import foederis as fd
from foederis.analysis.live import Live


def main() -> None:
    task = json.load(sys.stdin)
    case = fd.load(task["case"])
    names = [name for name in case.quantities if case.quantities[name].distribution is not None]
    live = Live(case)
    live.worlds = task["draws"]

    def times(solve: Callable[[str, str], object]) -> list[float]:
        seconds = []
        for number in range(task["runs"] + 2):  # the first two compile
            path, value = f"quantities.{names[number % 3]}", f"{1 + number / 10} to {2 + number / 10}"
            begun = time.perf_counter()
            solve(path, value)
            seconds.append(time.perf_counter() - begun)
        return seconds[2:]

    solved = times(lambda path, value: fd.solve(case.with_changes({path: value}), draws=task["draws"]))
    print(json.dumps({"solve": solved, "rough": times(lambda path, value: live.rough({path: value}))}))


if __name__ == "__main__":
    main()
