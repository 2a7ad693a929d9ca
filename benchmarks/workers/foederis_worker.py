"""Foederis through its public face. Task: {file, draws, runs, enough}; a file is a text, or the name of a shipped case
with `changes`. What is timed is a whole `solve`: drawing, equilibrium, questions and the check of the solution."""

import json
import resource
import sys
import time

import foederis as fd


def main() -> None:
    task = json.load(sys.stdin)
    case = fd.load(task["case"]) if "case" in task else fd.loads(task["file"])
    case = case.with_changes(task["changes"]) if task.get("changes") else case
    draws = task["draws"]
    begun = time.perf_counter()
    fd.solve(case, draws=min(draws, 64))  # compiles, or reads what was compiled before
    first = time.perf_counter() - begun
    seconds: list[float] = []
    while len(seconds) < task["runs"] and (not seconds or sum(seconds) < task["enough"]):
        begun = time.perf_counter()
        answer = fd.solve(case, draws=draws)
        seconds.append(time.perf_counter() - begun)
    found = {
        "seconds": seconds,
        "games": draws,
        "first": first,
        "answers": [value.draws.tolist() for value in answer.values.values()],
        "worlds": {name: values[: task["tell"]].tolist() for name, values in answer.quantities.items()},
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "doubts": sum(bool(move.others or move.doubts) for move in answer.together),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
