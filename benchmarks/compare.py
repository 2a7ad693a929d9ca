"""Games solved by us and by others: answers first, then time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.contests import Contest, Peer
from benchmarks.measure import Failed, OverLimit, Timing, run_worker

NOT_HERE = "not installed"


@dataclass(frozen=True)
class Row:
    """A peer on a game.

    Attributes:
        draws: how many games we solved, all in one go; compared: in how many of them the answers were compared.
        ours, theirs: seconds a game; theirs is None if it did not get through.
        error: the largest difference of an actor's value, in points; differ: in how many games it is over the
            tolerance.
        verdict: "agrees", "DISAGREES", or why there is no answer.
        note: how the peer was run.
    """

    key: str
    game: str
    size: int
    peer: str
    draws: int
    compared: int
    ours: Timing
    theirs: Timing | None
    error: float
    tolerance: float
    differ: int
    verdict: str
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times as many games a second we solve; None where the answers differ, or there is none."""
        return self.theirs.median / self.ours.median if self.theirs and self.verdict == "agrees" else None

    @property
    def least(self) -> float | None:
        """What the ratio is more than, where the peer was ended by the limit."""
        if not self.verdict.startswith("over "):
            return None
        return float(self.verdict.split()[1]) / self.ours.median


def compare(contests: Iterable[Contest], tell: Any = lambda text: None) -> Iterator[Row]:
    """Ours first, in a process of its own, then each peer in another, in the worlds of our first draws."""
    given_up: set[tuple[str, str]] = set()
    for contest in contests:
        tell(f"{contest.game}: Foederis")
        try:
            mine = run_worker(contest.ours_worker, contest.ours, limit=contest.limit)
        except (OverLimit, Failed) as problem:
            nothing = Timing((float("nan"),))
            yield Row(
                contest.key, contest.game, contest.size, "–", 0, 0, nothing, None, 0, 0, 0, f"Foederis: {problem}"
            )
            continue
        for peer in contest.peers:
            if (contest.key, peer.name) in given_up:
                continue  # over the limit on a smaller one of the kind
            tell(f"{contest.game}: {peer.name}")
            row = _against(contest, peer, mine)
            if row.least:
                given_up.add((contest.key, peer.name))
            yield row


def worlds_of(mine: dict[str, Any]) -> list[dict[str, float]]:
    """The quantities of the first draws, one after the other."""
    told = mine.get("worlds") or {}
    return [dict(zip(told, values, strict=True)) for values in zip(*told.values(), strict=True)]


def _against(contest: Contest, peer: Peer, mine: dict[str, Any]) -> Row:
    draws = contest.ours["draws"]
    ours = Timing(tuple(mine["seconds"])).per(mine["games"])
    base = (contest.key, contest.game, contest.size, peer.name, draws)

    def without(why: str) -> Row:
        return Row(*base, 0, ours, None, float("nan"), peer.tolerance, 0, why, peer.what)

    if not peer.python:
        return without(NOT_HERE)
    try:
        found = run_worker(peer.worker, peer.task(worlds_of(mine)), limit=peer.limit, python=peer.python)
    except OverLimit as problem:
        return without(str(problem))
    except Failed as problem:
        return without(NOT_HERE if "No module named" in str(problem) else f"failed: {problem}")
    error, compared, differ = distance(mine["answers"], found["answers"], peer.tolerance)
    note = peer.what
    if "block" in found:
        threads = found["threads"]
        note += f" ({found['block']}), {threads} thread{'s' if threads > 1 else ''}"
    verdict = "DISAGREES" if differ else "agrees"
    theirs = Timing(tuple(found["seconds"])).per(found["games"])
    return Row(*base, compared, ours, theirs, error, peer.tolerance, differ, verdict, note)


def distance(ours: Any, theirs: Any, tolerance: float) -> tuple[float, int, int]:
    """(largest difference, games compared, games that differ) of values by actor and game; a peer may have fewer games,
    and what is no number differs."""
    given = np.array(theirs, dtype=float)
    mine = np.array(ours, dtype=float)[:, : given.shape[1]]
    each = np.abs(mine - given).max(axis=0)
    differ = int((~(each <= tolerance)).sum())
    return float(each.max()), given.shape[1], differ
