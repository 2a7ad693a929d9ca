"""A plain recursion in Python over the whole tree of one world (tests/oracle/tree.py); with `memo` equal nodes are
worked out once. Task: {file, worlds: one after the other, memo, enough}."""

import json
import sys
import time

from tests.oracle.raw import load_raw
from tests.oracle.tree import Tree
from tests.oracle.world import World


def main() -> None:
    task = json.load(sys.stdin)
    sys.setrecursionlimit(1_000_000)
    seconds: list[float] = []
    answers: list[list[float]] = []
    for quantities in task["worlds"]:
        world = World(load_raw(task["file"]), quantities)
        begun = time.perf_counter()
        tree = Tree(world, memo=task["memo"])
        seconds.append(time.perf_counter() - begun)
        answers.append(list(tree.root.values))
        if sum(seconds) > task["enough"]:
            break
    print(json.dumps({"seconds": seconds, "games": 1, "answers": list(zip(*answers, strict=True))}))


if __name__ == "__main__":
    main()
