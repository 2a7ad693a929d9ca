"""Random sequential games with chance, each as a crisis file and as an extensive game for Gambit."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from .printing import print_file
from .raw import Raw

PLAYERS = ("patron", "rival", "ally")
SIXTEENTHS = {2: ((1, 15), (4, 12), (8, 8), (11, 5)), 3: ((1, 5, 10), (8, 4, 4), (3, 3, 10))}


@dataclass
class Place:
    """A node of the tree: `player` moves, or chance does where `weights` (of sixteen) stand, or it all ends.

    `paid` is what each player gets on the way into this node.
    """

    name: str
    paid: dict[str, float]
    player: str | None = None
    weights: tuple[int, ...] = ()
    children: list[Place] = field(default_factory=list)


@dataclass
class RandomTree:
    rationality: dict[str, float]
    root: Place
    depth: int
    seed: int

    def places(self) -> list[Place]:
        found = [self.root]
        for place in found:
            found += place.children
        return found

    def decisions(self) -> list[Place]:
        return [place for place in self.places() if place.player is not None]


def random_tree(seed: int) -> RandomTree:
    """Up to four moves deep, two or three branches each, about a quarter of the nodes moves of chance."""
    rng = random.Random(seed)
    players = PLAYERS[: rng.randint(2, 3)]
    depth = rng.randint(2, 4)
    count = 0

    def grow(left: int) -> Place:
        nonlocal count
        count += 1
        place = Place(f"n{count}", {player: round(rng.uniform(-4, 4), 2) for player in players})
        if left == 0 or (left < depth and rng.random() < 0.25):
            return place
        branches = rng.choice((2, 2, 3))
        if left < depth and rng.random() < 0.3:
            place.weights = rng.choice(SIXTEENTHS[branches])
        else:
            place.player = rng.choice(players)
        place.children = [grow(left - 1) for _ in range(branches)]
        return place

    rationality = {player: rng.choice((0.3, 0.6, 1.0, 1.4)) for player in players}
    return RandomTree(rationality, grow(depth), depth, seed)


def as_crisis(tree: RandomTree) -> str:
    """Every node is a level of `node` (a number, for odd seeds); turns are listed in any order, so that what one step
    misses the next one does. Half of the payments fall due on the way, half at the end."""
    rng = random.Random(tree.seed)
    places = tree.places()
    coded = bool(tree.seed % 2)
    code = {place.name: str(i) if coded else place.name for i, place in enumerate(places)}
    levels = f"0..{len(places) - 1}" if coded else [place.name for place in places]
    turns = [_turn(place, code) for place in tree.decisions()]
    rng.shuffle(turns)
    raw: Raw = {
        "foederis": "1",
        "title": f"Random tree {tree.seed}",
        "clock": {"start": "2030-01-01", "step": "1 day", "steps": str(tree.depth + 1)},
        "actors": {player: {"rationality": str(value)} for player, value in tree.rationality.items()},
        "state": {"node": {"levels": levels, "start": code[tree.root.name]}},
        "moves": turns,
        "events": {place.name + "_falls": _event(place, code) for place in places if place.weights},
        "interests": {player: _interests(places, code, player) for player in tree.rationality},
        "questions": {
            f"{place.name}_{child.name}": {"takes": f"at_{place.name}.to_{child.name}"}
            for place in tree.decisions()
            for child in place.children
        },
    }
    return print_file({key: part for key, part in raw.items() if part}, tree.seed)


def _turn(place: Place, code: dict[str, str]) -> Raw:
    options = {
        f"to_{child.name}": {
            "sets": {"node": code[child.name]},
            "pays": {player: repr(amount) for player, amount in child.paid.items()},
        }
        for child in place.children
    }
    when = f"node == {code[place.name]}"
    return {"actor": place.player, "name": f"at_{place.name}", "when": when, "options": options}


def _event(place: Place, code: dict[str, str]) -> Raw:
    outcomes = {
        f"falls_{child.name}": {"chance": repr(weight / 16), "sets": {"node": code[child.name]}}
        for child, weight in zip(place.children, place.weights, strict=True)
    }
    return {"when": f"node == {code[place.name]}", "outcomes": outcomes}


def _interests(places: list[Place], code: dict[str, str], player: str) -> Raw:
    """What is owed for being somewhere in the end: children of chance pay nothing on the way."""
    owed = _owed(places, player)
    return {
        f"ends_{name}": {"worth": repr(amount), "when": f"node == {code[name]}", "paid": "at_end"}
        for name, amount in owed.items()
    }


def _owed(places: list[Place], player: str) -> dict[str, float]:
    """For each end, the payments on the way to it that no option has paid."""
    owed: dict[str, float] = {places[0].name: 0.0}
    for place in places:
        for child in place.children:
            owed[child.name] = owed[place.name] + (child.paid[player] if place.weights else 0.0)
    return {place.name: owed[place.name] for place in places if not place.children}


def as_efg(tree: RandomTree) -> str:
    """Payoffs are multiplied by the player's rationality, for Gambit knows only one precision: it is 1."""
    players = list(tree.rationality)
    lines = [f'EFG 2 R "tree {tree.seed}" {{ {" ".join(_quoted(player) for player in players)} }}']
    ends = 0

    def write(place: Place, so_far: dict[str, float]) -> None:
        nonlocal ends
        name = _quoted(place.name)
        number = place.name[1:]
        if not place.children:
            ends += 1
            payoffs = ", ".join(repr(so_far[player] * tree.rationality[player]) for player in players)
            lines.append(f't {name} {ends} "end {place.name}" {{ {payoffs} }}')
            return
        if place.weights:
            pairs = zip(place.children, place.weights, strict=True)
            branches = " ".join(f"{_quoted(child.name)} {weight}/16" for child, weight in pairs)
            lines.append(f"c {name} {number} {name} {{ {branches} }} 0")
        else:
            mover = players.index(str(place.player)) + 1
            branches = " ".join(_quoted(child.name) for child in place.children)
            lines.append(f"p {name} {mover} {number} {name} {{ {branches} }} 0")
        for child in place.children:
            write(child, {player: so_far[player] + child.paid[player] for player in players})

    write(tree.root, dict.fromkeys(players, 0.0))
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return f'"{text}"'
