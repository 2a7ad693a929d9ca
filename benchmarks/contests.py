"""Which games are solved, and by whom."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from benchmarks.games import kremlin, signalling, stochastic, trees
from benchmarks.measure import ROOT

World = dict[str, float]
Task = dict[str, Any]

DIRECT = 1e-9  # largest difference of values, in points, between programs that work node by node
TRACED = 1e-5  # and to those that trace a curve to within a tolerance of their own
BLOCKS = (8, 16, 32, 64, 128, 256)


@dataclass(frozen=True)
class Peer:
    """Somebody else who solves the game.

    Attributes:
        worker: the file among the workers; python: the interpreter that it needs, "" if there is none.
        task: from the worlds of the first draws, one after the other, to what the worker is asked.
        limit: seconds after which it is ended.
        what: what it does less or otherwise than we.
    """

    name: str
    worker: str
    task: Callable[[Sequence[World]], Task]
    tolerance: float
    python: str = sys.executable
    limit: float = 60.0
    what: str = ""


@dataclass(frozen=True)
class Contest:
    """A game and who solves it; `size` is what the plots put on their axis. `key` names the series of games."""

    key: str
    game: str
    size: int
    ours: Task
    peers: list[Peer] = field(default_factory=list)
    limit: float = 200.0
    ours_worker: str = "foederis_worker"
    ours_what: str = ""


def peer_python() -> str:
    """The interpreter of the peers' environment, or of the oracles', which has fewer of them, or "" without either."""
    for variable, folder in (("FOEDERIS_PEERS_PYTHON", ".venv-peers"), ("FOEDERIS_ORACLE_PYTHON", ".venv-oracle")):
        here = ROOT / folder / "bin" / "python"
        if found := os.environ.get(variable) or (str(here) if here.exists() else ""):
            return found
    return ""


def contests(short: bool) -> list[Contest]:
    if short:
        return [tree(4, True), even_tree(4, True), moving_together(5, 4, True), whole_kremlin(True)]
    together = [moving_together(moods, 4, False) for moods in (5, 25, 75, 250)]
    return [
        *(tree(depth, False) for depth in range(4, 11)),
        *(even_tree(depth, False) for depth in (4, 6, 8, 10)),
        *together,
        beer_quiche(),
        chain_store(),
        cut_kremlin(),
        whole_kremlin(False),
        values_of_kremlin(),
    ]


def foederis(short: bool, draws: int, tell: int = 3, **case: Any) -> Task:
    return {"draws": 4 if short else draws, "runs": 1 if short else 5, "enough": 12.0, "tell": tell, **case}


def recursion(file: Callable[[], str], memo: bool = False, limit: float = 60.0) -> Peer:
    def task(worlds: Sequence[World]) -> Task:
        return {"file": file(), "worlds": list(worlds), "memo": memo, "enough": 10.0}

    what = "one world, pure Python" + (", equal nodes once" if memo else "")
    return Peer("plain recursion", "recursion_worker", task, DIRECT, limit=limit, what=what)


def blocked_numpy(short: bool, draws: int, runs: int = 3, **case: Any) -> Peer:
    task = {"draws": 4 if short else draws, "runs": runs, "enough": 10.0, "threads": (1, 2), "blocks": BLOCKS, **case}
    return Peer("blocked NumPy", "numpy_worker", lambda _: task, DIRECT, limit=200, what="values only, best block")


def gambit(
    write: Callable[[World], tuple[str, list[float]]], players: list[str], precision: float, limit: float = 60.0
) -> Peer:
    def task(worlds: Sequence[World]) -> Task:
        games = [write(world) for world in worlds]
        return {
            "games": [text for text, _ in games],
            "scale": [scale for _, scale in games],
            "players": players,
            "precision": precision,
            "enough": 20.0,
        }

    return Peer("pygambit", "gambit_worker", task, TRACED, peer_python(), limit)


def tree(depth: int, short: bool) -> Contest:
    nodes, file = (3 ** (depth + 1) - 1) // 2, trees.crisis(depth)
    peers = []
    if depth <= 7:  # with 7 it is over the limit, which is to be seen
        peers.append(gambit(lambda world: (trees.as_efg(depth, world), [1, 1]), list(trees.PLAYERS), trees.PRECISION))
    if depth <= 8:
        peers.append(recursion(lambda: file))
    peers.append(blocked_numpy(short, 1000, 1 if depth > 8 else 3, file=file))
    name = f"ternary tree, {nodes:,} nodes ({trees.decisions(depth):,} decisions)"
    return Contest("trees", name, nodes, foederis(short, 1000, file=file), peers)


def even_tree(depth: int, short: bool) -> Contest:
    """Everybody picks evenly, which is precision 0: all that OpenSpiel can value without being handed the behaviour."""

    def task(worlds: Sequence[World]) -> Task:
        return {"games": [trees.as_efg(depth, world) for world in worlds], "enough": 10.0}

    nodes = (3 ** (depth + 1) - 1) // 2
    peer = Peer("OpenSpiel", "openspiel_worker", task, DIRECT, peer_python(), what="values only, no equilibrium")
    ours = foederis(short, 1000, file=trees.crisis(depth, 0))
    return Contest("even trees", f"the same, precision 0, {nodes:,} nodes", nodes, ours, [peer])


def moving_together(moods: int, periods: int, short: bool) -> Contest:
    def task(worlds: Sequence[World]) -> Task:
        return {"games": [stochastic.as_stochastic_game(moods, periods, world) for world in worlds], "enough": 20.0}

    states, file = stochastic.states(moods, periods), stochastic.crisis(moods, periods)
    peer = Peer("sgamesolver", "sgamesolver_worker", task, TRACED, peer_python())
    draws = 1000 if states <= 100 else 128
    return Contest("together", f"stochastic game, {states:,} states", states, foederis(short, draws, file=file), [peer])


@cache
def _loaded(file: str) -> Any:
    import foederis as fd

    return fd.loads(file)


def _typed(file: str) -> Callable[[World], tuple[str, list[float]]]:
    def write(world: World) -> tuple[str, list[float]]:
        from tests.oracle.typed_gambit import as_efg
        from tests.oracle.typed_tree import TypedTree

        tree = TypedTree(_loaded(file), world)
        known = tree.profiles[0]
        scale = [float(tree.read(actor.rationality, (), 0, known)) for actor in tree.case.actors.values()]
        return as_efg(tree), scale

    return write


def beer_quiche() -> Contest:
    file = signalling.BEER_QUICHE
    peer = gambit(_typed(file), ["sender", "receiver"], 1.0)
    ours = foederis(False, 1000, 1000, file=file)
    return Contest("types", "beer and quiche", 5, ours, [peer])


def chain_store() -> Contest:
    file = signalling.chain_store(2)
    peer = gambit(_typed(file), ["monopolist", "entrant1", "entrant2"], 1.0)
    ours = {**foederis(False, 1000, 1000, file=file), "runs": 1}
    return Contest("types", "chain store, two entrants", 9, ours, [peer], limit=400)


def _kremlin_text() -> str:
    import foederis as fd

    return fd.load("kremlin").text


KREMLIN_ACTORS = ["russia", "iran", "israel", "us"]


def cut_kremlin() -> Contest:
    peers = [
        gambit(lambda world: kremlin.as_efg(_kremlin_text(), 1, world), KREMLIN_ACTORS, 1.0),
        blocked_numpy(False, 1024, case="kremlin", changes={"clock.steps": 1}),
    ]
    ours = foederis(False, 1024, 8, case="kremlin", changes={"clock.steps": 1})
    return Contest("kremlin", "Kremlin case cut to one step", 1, ours, peers)


def whole_kremlin(short: bool) -> Contest:
    peers = [blocked_numpy(short, 256, case="kremlin")]
    if not short:
        peers.append(recursion(_kremlin_text, memo=True, limit=120))
    return Contest("kremlin", "Kremlin case, 12 steps", 12, foederis(short, 256, 1, case="kremlin"), peers)


def values_of_kremlin() -> Contest:
    """The same arithmetic on both sides: backward induction of values alone."""
    task = {"case": "kremlin", "draws": 256, "runs": 5, "enough": 12.0}
    what = "backward induction of values alone on both sides"
    peers = [blocked_numpy(False, 256, case="kremlin")]
    return Contest(
        "kremlin values", "Kremlin case, values only", 12, task, peers, ours_worker="values_worker", ours_what=what
    )
