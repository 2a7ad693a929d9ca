"""Random games with simultaneous moves and chance, each as a crisis file and as an extensive game for Gambit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from .printing import print_file
from .raw import Raw

PLAYERS = ("patron", "rival", "ally")
COINS = ((4, 12), (8, 8), (11, 5))
History = tuple[str, ...]  # what every mover has done, and every coin shown, so far


@dataclass(frozen=True)
class Stage:
    """A move of several players at once, or a toss of a coin that all see.

    Attributes:
        players: who moves; none for a coin.
        sizes: how many options each has; acts: of sixteen, how likely each is to choose at all, whereof the others see
            nothing before they have chosen.
        coin: the weights of its sides, of sixteen.
    """

    players: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    acts: tuple[int, ...] = ()
    coin: tuple[int, ...] = ()


@dataclass(frozen=True)
class RandomGame:
    seed: int
    rationality: dict[str, float]
    stages: tuple[Stage, ...]
    payoffs: dict[History, dict[str, float]]

    def names(self, number: int) -> list[str]:
        """The variables that a stage sets."""
        stage = self.stages[number]
        return [f"{player}_{number}" for player in stage.players] if stage.players else [f"coin_{number}"]


def random_game(seed: int) -> RandomGame:
    """One move of two or three at once, a coin, and in every other game one more move of two at once."""
    rng = random.Random(seed)
    players = PLAYERS[: rng.choice((2, 2, 3))]
    stages = [_move(rng, players, 3 if len(players) == 2 else 2), Stage(coin=rng.choice(COINS))]
    if seed % 2:
        stages.append(_move(rng, players[:2], 2))
    size = 4 / len(stages)
    payoffs = {
        history: {player: round(rng.uniform(-size, size), 2) for player in players} for history in _endings(stages)
    }
    return RandomGame(seed, {p: rng.choice((0.5, 1.0)) for p in players}, tuple(stages), payoffs)


def _move(rng: random.Random, players: tuple[str, ...], most: int) -> Stage:
    sizes = tuple(rng.randint(2, most) for _ in players)
    return Stage(players, sizes, tuple(rng.choice((16, 16, 12)) for _ in players))


def _ways(stage: Stage) -> list[list[str]]:
    """For each that moves, or the coin, what it may do or show."""
    if stage.coin:
        return [["heads", "tails"]]
    pairs = zip(stage.sizes, stage.acts, strict=True)
    return [[*(f"o{n}" for n in range(size)), *(["none"] if acts < 16 else [])] for size, acts in pairs]


def _endings(stages: list[Stage], so_far: History = ()) -> Iterator[History]:
    ways = [way for stage in stages for way in _ways(stage)]
    if len(so_far) == len(ways):
        yield so_far
        return
    for word in ways[len(so_far)]:
        yield from _endings(stages, (*so_far, word))


def as_crisis(game: RandomGame) -> str:
    """A step for each stage with moves, and the coin at the end of the first."""
    raw: Raw = {"foederis": "1", "title": f"Game {game.seed}"}
    raw["clock"] = {"step": "1 week", "steps": str(sum(bool(stage.players) for stage in game.stages))}
    raw["actors"] = {player: {"rationality": repr(number)} for player, number in game.rationality.items()}
    raw["state"], raw["moves"], raw["events"], step = {}, [], {}, 0
    for number, stage in enumerate(game.stages):
        names = game.names(number)
        for name, way in zip(names, _ways(stage), strict=True):
            raw["state"][name] = ["none", *(word for word in way if word != "none")]
        if stage.coin:
            sides = {
                side: {"chance": f"{weight}/16", "sets": {names[0]: side}}
                for side, weight in zip(("heads", "tails"), stage.coin, strict=True)
            }
            raw["events"][f"toss_{number}"] = {"when": f"step == {step - 1}", "outcomes": sides}
        else:
            raw["moves"].append({"together": [_turn(game, number, place, step) for place in range(len(names))]})
            step += 1
    variables = [name for number in range(len(game.stages)) for name in game.names(number)]
    ends = {
        f"end_{place}": " and ".join(f"{name} == {word}" for name, word in zip(variables, history, strict=True))
        for place, history in enumerate(game.payoffs)
    }
    raw["interests"] = {
        player: {
            end: {"worth": repr(paid[player]), "when": text, "paid": "at_end"}
            for (end, text), paid in zip(ends.items(), game.payoffs.values(), strict=True)
        }
        for player in game.rationality
    }
    raw["questions"] = {end: {"at_end": text} for end, text in ends.items()}
    return print_file(raw, game.seed)


def _turn(game: RandomGame, number: int, place: int, step: int) -> Raw:
    stage, name = game.stages[number], game.names(number)[place]
    options = {f"o{n}": {"sets": {name: f"o{n}"}} for n in range(stage.sizes[place])}
    turn: Raw = {"actor": stage.players[place], "name": f"at_{name}", "when": f"step == {step}", "options": options}
    return turn if stage.acts[place] == 16 else {**turn, "chance": f"{stage.acts[place]}/16"}


class Writer:
    """Writes a game for Gambit; payoffs are multiplied by the player's rationality, for its precision is 1."""

    def __init__(self, game: RandomGame) -> None:
        self.game, self.players = game, list(game.rationality)
        self.sets: dict[tuple[History, str], int] = {}
        self.ends = self.nodes = 0
        names = " ".join(f'"{player}"' for player in self.players)
        self.lines = [f'EFG 2 R "game {game.seed}" {{ {names} }}']

    def text(self) -> str:
        self.stage(0, ())
        return "\n".join(self.lines) + "\n"

    def stage(self, number: int, public: History) -> None:
        """`public` is what all know."""
        if number == len(self.game.stages):
            self.ends += 1
            paid = self.game.payoffs[public]
            numbers = ", ".join(repr(paid[p] * self.game.rationality[p]) for p in self.players)
            self.lines.append(f't "" {self.ends} "end {self.ends}" {{ {numbers} }}')
            return
        stage = self.game.stages[number]
        if stage.coin:
            self.chance(("heads", "tails"), stage.coin)
            for side in ("heads", "tails"):
                self.stage(number + 1, (*public, side))
        else:
            self.member(number, public, ())

    def chance(self, words: tuple[str, ...], weights: tuple[int, ...]) -> None:
        self.nodes += 1
        branches = " ".join(f'"{word} {self.nodes}" {w}/16' for word, w in zip(words, weights, strict=True))
        self.lines.append(f'c "" {self.nodes} "chance {self.nodes}" {{ {branches} }} 0')

    def member(self, number: int, public: History, hidden: History) -> None:
        """`hidden` is what those listed before have done, which the next does not see."""
        stage, place = self.game.stages[number], len(hidden)
        if place == len(stage.players):
            self.stage(number + 1, (*public, *hidden))
            return
        acts = stage.acts[place]
        if acts < 16:
            self.chance(("acts", "passes"), (acts, 16 - acts))
        player, options = stage.players[place], [f"o{n}" for n in range(stage.sizes[place])]
        seen = self.sets.setdefault((public, self.game.names(number)[place]), len(self.sets) + 1)
        names = " ".join(f'"{action(self.game.names(number)[place], public, option)}"' for option in options)
        self.lines.append(f'p "" {self.players.index(player) + 1} {seen} "set {seen}" {{ {names} }} 0')
        for option in options:
            self.member(number, public, (*hidden, option))
        if acts < 16:
            self.member(number, public, (*hidden, "none"))


def action(name: str, public: History, option: str) -> str:
    """A name for what a turn does where all know this."""
    return " ".join((name, *public, option))


def as_efg(game: RandomGame) -> str:
    return Writer(game).text()


def reach(game: RandomGame, behaviour: dict[str, float]) -> dict[History, float]:
    """How likely each ending is, by what everybody does at each of its information sets."""
    found = {}
    for ending in game.payoffs:
        likely, public, left = 1.0, (), list(ending)
        for number, stage in enumerate(game.stages):
            words = tuple(left[: len(_ways(stage))])
            left = left[len(words) :]
            for place, word in enumerate(words):
                if stage.coin:
                    likely *= stage.coin[("heads", "tails").index(word)] / 16
                elif word == "none":
                    likely *= 1 - stage.acts[place] / 16
                else:
                    likely *= stage.acts[place] / 16 * behaviour[action(game.names(number)[place], public, word)]
            public = (*public, *words)
        found[ending] = likely
    return found
