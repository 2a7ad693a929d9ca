"""OpenSpiel, which has no logit solver: the value of a tree in which everybody picks evenly, by its recursion in C++.
Task: {games: extensive games, enough}."""

import json
import os
import sys
import time

import pyspiel


def main() -> None:
    task = json.load(sys.stdin)
    out = os.dup(1)
    os.dup2(2, 1)  # it prints every node of a policy
    seconds, answers = [], []
    for text in task["games"]:
        game = pyspiel.load_efg_game(text)
        policy = pyspiel.UniformRandomPolicy(game)
        begun = time.perf_counter()
        found = pyspiel.expected_returns(game.new_initial_state(), policy, -1, True)
        seconds.append(time.perf_counter() - begun)
        answers.append(list(map(float, found)))
        if sum(seconds) > task["enough"]:
            break
    line = json.dumps({"seconds": seconds, "games": 1, "answers": list(zip(*answers, strict=True))})
    os.write(out, line.encode() + b"\n")


if __name__ == "__main__":
    main()
