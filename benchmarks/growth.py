"""How time grows: one direction at a time, each size in a process of its own, an exponent fitted on log-log paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.compare import Row
from benchmarks.games.family import crisis
from benchmarks.measure import Failed, OverLimit, Timing, exponent, run_worker

FAMILY: dict[str, tuple[str, Sequence[int], Any]] = {
    "draws": ("the Kremlin case", (64, 128, 256, 512, 1024), lambda n: {"case": "kremlin", "draws": n}),
    "steps": (
        "the Kremlin case, 64 draws",
        (6, 12, 24, 48),
        lambda n: {"case": "kremlin", "changes": {"clock.steps": n}, "draws": 64},
    ),
    "states": (
        "a field, 2 actors, 3 options, 4 steps, 32 draws",
        (1024, 4096, 16384, 65536),
        lambda n: {"file": crisis(side=round(n**0.5)), "draws": 32},
    ),
    "actors": (
        "a field of 2,304 cells, 3 options each, 4 steps, 32 draws",
        (2, 4, 8, 16),
        lambda n: {"file": crisis(actors=n, side=48), "draws": 32},
    ),
    "options": (
        "a field of 2,304 cells, 2 actors, 4 steps, 32 draws",
        (2, 4, 8, 16, 32),
        lambda n: {"file": crisis(options=n, side=48), "draws": 32},
    ),
}
EXPECTED = {
    "draws": "linear",
    "steps": "linear",
    "states": "linear",
    "actors": "up to 2: each has its turn, and each turn has a value for each actor",
    "options": "linear",
}


@dataclass(frozen=True)
class Growth:
    """Seconds of a whole solve by size; the exponent is fitted to the medians of all sizes, `last` to the two
    largest."""

    what: str
    game: str
    sizes: tuple[int, ...]
    timings: tuple[Timing, ...]
    who: str = "Foederis"

    @property
    def exponent(self) -> float:
        return exponent(self.sizes, [timing.median for timing in self.timings])

    @property
    def last(self) -> float:
        return exponent(self.sizes[-2:], [timing.median for timing in self.timings[-2:]])


def measure_growth(tell: Any = lambda text: None) -> Iterator[Growth]:
    for what, (game, sizes, task) in FAMILY.items():
        done, timings = [], []
        for size in sizes:
            tell(f"growth in {what}: {size}")
            asked: Mapping[str, Any] = {"runs": 3, "enough": 6.0, "tell": 0, **task(size)}
            try:
                found = run_worker("foederis_worker", asked, limit=90)
            except (OverLimit, Failed) as problem:
                tell(f"{what} {size}: {problem}")
                break
            done.append(size)
            timings.append(Timing(tuple(found["seconds"])))
        if len(done) > 1:
            yield Growth(what, game, tuple(done), tuple(timings))


SERIES = {"trees": "nodes", "together": "states of a stochastic game"}
LINEAR_FROM = {"trees": 1093}  # below, what every solve costs is the larger part


def growth_in_games(rows: Sequence[Row]) -> Iterator[Growth]:
    """Of everybody who solved at least two sizes of a series, in seconds a game; ours where games are large enough."""
    for key, what in SERIES.items():
        for who, points in by_size(rows, key).items():
            sizes = tuple(sorted(n for n in points if who != "Foederis" or n >= LINEAR_FROM.get(key, 0)))
            if len(sizes) > 1:
                yield Growth(what, "seconds a game", sizes, tuple(points[size] for size in sizes), who)


def by_size(rows: Sequence[Row], key: str) -> dict[str, dict[int, Timing]]:
    """{who: {size: seconds a game}} of a series, where answers agree."""
    found: dict[str, dict[int, Timing]] = {"Foederis": {}}
    for row in rows:
        if row.key == key and row.draws:
            found["Foederis"][row.size] = row.ours
            if row.theirs and row.verdict == "agrees":
                found.setdefault(row.peer, {})[row.size] = row.theirs
    return found
