"""pygambit. Task: {games: extensive games, players, precision, scale, enough}; solves one after the other until
`enough` seconds are gone. What is timed is the solve alone, not the reading of the game. Payoffs are
divided by `scale`."""

import io
import json
import sys
import time

import pygambit as gbt


def main() -> None:
    task = json.load(sys.stdin)
    seconds: list[float] = []
    answers: list[list[float]] = []
    for text, scale in zip(task["games"], task["scale"], strict=True):
        game = gbt.read_efg(io.StringIO(text))
        begun = time.perf_counter()
        found = gbt.qre.logit_solve_lambda(game, lam=[task["precision"]])[-1]
        seconds.append(time.perf_counter() - begun)
        short = abs(found.lam - task["precision"]) > 1e-6  # it can stop short of what was asked, without a word
        payoffs = [float(found.profile.payoffs[name]) / by for name, by in zip(task["players"], scale, strict=True)]
        answers.append([float("nan")] * len(payoffs) if short else payoffs)
        if sum(seconds) > task["enough"]:
            break
    print(json.dumps({"seconds": seconds, "games": 1, "answers": list(zip(*answers, strict=True))}))


if __name__ == "__main__":
    main()
