"""Random expressions of every kind that the language knows, as an author might write them."""

from __future__ import annotations

from dataclasses import dataclass, field

from .pick import Pick, maybe

ORDER = ("==", "!=", "<", "<=", ">", ">=")
CONSTANTS = ("0", "1", "2", "3", "0.5", "1.5", "25%", "4.25")
CHANCES = ("25%", "0.5", "0.1", "60%", "90%", "0%", "100%", "1/3", "3%")
TIMES = ("2", "0.5", "3", "0.2", "1.25", "0", "150%")


@dataclass
class Phrases:
    """What may be named so far, and how to put it together.

    `pure` phrases read the state (and `step`) alone, as the `when` of turns, options and events must.
    """

    pick: Pick
    levels: dict[str, list[str]] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)
    mixed_facts: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    chances: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)

    def one(self, *of: str) -> str:
        return self.pick.one(of)

    def condition(self, depth: int = 1, *, pure: bool = True) -> str:
        if depth == 0 or maybe(self.pick, 45):
            return self.atom(pure=pure)
        a, b = (self.condition(depth - 1, pure=pure) for _ in range(2))
        forms = [f"{a} and {b}", f"{a} or {b}", f"not ({a})", f"({a}) and not ({b})", f"not {a} or {b}"]
        if maybe(self.pick, 8):
            return f"({a} if {self.atom(pure=pure)} else {b})"
        return self.pick.one(forms)

    def atom(self, *, pure: bool) -> str:
        kinds = [*self.levels, *self.flags, *self.ranges] * 2 + self.facts + ["step"]
        if not pure:
            kinds += [*self.mixed_facts, *self.points, *self.holders]
        name = self.pick.one(kinds)
        if name in self.levels:
            return self.of_levels(name)
        if name in self.flags:
            return self.one(name, name, f"not {name}", f"{name} == no", f"{name} != no")
        if name in self.ranges:
            return self.of_range(name)
        if name in self.holders:
            return f"losses({name}) {self.one('>', '<=')} {self.pick.one(CONSTANTS)}"
        if name in self.points:
            left = self.one(name, f"{name} * 2", f"-{name}")
            return f"{left} {self.one('<', '>=')} {self.pick.one(CONSTANTS)}"
        if name == "step":
            return f"step {self.pick.one(ORDER)} {self.pick.integer(0, 3)}"
        return name

    def of_levels(self, name: str) -> str:
        levels = self.levels[name]
        a, b = self.pick.one(levels), self.pick.one(levels)
        same = [other for other in self.levels if other != name and self.levels[other] == levels]
        if same and maybe(self.pick, 40):
            return f"{name} {self.pick.one(ORDER)} {self.pick.one(same)}"
        order = self.pick.one(ORDER)
        form = self.pick.integer(0, 9)
        if form == 9 and a != b:
            return f"{name} in {a} | {b}"
        if form == 8:
            return f"{self.one('min', 'max')}({name}, {a}) {order} {b}"
        return f"{a} {order} {name}" if form == 7 else f"{name} {order} {a}"

    def of_range(self, name: str) -> str:
        low, high = self.ranges[name]
        a, b = self.pick.integer(low, high), self.pick.integer(low, high)
        form, order = self.pick.integer(0, 9), self.pick.one(ORDER)
        if form == 9 and min(a, b) >= 0 and a != b:
            return f"{name} in {a} | {b}"
        if form == 8:
            return f"{name} {order} {self.pick.one(list(self.ranges))} + 1"
        if form == 7:
            return f"{name} / 2 > {self.one('0.25', '1.25')}"
        return f"{self.one(name, f'2 * {name} - 1', f'abs({name} - 1)') if form == 6 else name} {order} {a}"

    def number(self, depth: int = 1) -> str:
        """A number of points or money, of moderate size."""
        if depth == 0 or maybe(self.pick, 40):
            return self.simple_number()
        a, b, c = (self.number(depth - 1) for _ in range(3))
        forms = [
            f"{a} + {b}",
            f"{a} - {b}",
            f"-({a})",
            f"({a}) / 2",
            f"min({a}, {b})",
            f"max({a}, {b}, {c})",
            f"abs({a} - {b})",
            f"{self.simple_number()} * {self.simple_number()}",
            f"-{self.simple_number()} + {b}",
            f"({a} if {self.condition(0, pure=False)} else {b})",
            f"({a}) * (1 - 10%)",
            f"({a} - 1) / (2 + 0.5)",
        ]
        return self.pick.one(forms)

    def simple_number(self) -> str:
        names = [*CONSTANTS[:3], *self.points * 2, *self.ranges, *(f"losses({who})" for who in self.holders)]
        if maybe(self.pick, 20):
            return self.pick.one([*CONSTANTS, "step", "-2", *(f"-{name}" for name in self.points)])
        return self.pick.one(names)

    def chance(self) -> str:
        """Safely within [0, 1]: every quantity in `chances` is."""
        a, b = (self.pick.one([*self.chances * 2, *CHANCES]) for _ in range(2))
        if maybe(self.pick, 65):
            return a
        forms = [
            f"({a}) / 2",
            f"1 - {a}",
            f"min({a}, {b})",
            f"{a} if {self.condition(0)} else {b}",
            f"{a} * ({b})",
        ]
        for name, (low, high) in self.ranges.items():
            if low >= 0:
                forms.append(f"5% * (1 + {name})" if high <= 4 else a)
        return self.pick.one(forms)

    def factor(self) -> str:
        """What multiplies odds; never below 0."""
        a = self.pick.one([*self.times, *TIMES])
        return f"{a} if {self.condition(0)} else 2" if maybe(self.pick, 10) else a

    def new_level(self, name: str) -> str:
        """Something to set a variable of levels to."""
        levels = self.levels[name]
        a, b = self.pick.one(levels), self.pick.one(levels)
        same = [other for other in self.levels if self.levels[other] == levels]
        forms = [f"max({name}, {a})", f"{a} if {self.condition(0)} else {b}", self.pick.one(same)]
        return a if maybe(self.pick, 70) else self.pick.one(forms)

    def new_integer(self, name: str) -> str:
        low, high = self.ranges[name]
        a, other = self.pick.integer(low, high), self.pick.one(list(self.ranges))
        forms = [
            f"{name} + 1",
            f"{name} - 1",
            f"{name} + 1",
            f"{name} + 2",
            str(a),
            f"min({name} + 2, {high})",
            f"abs({name} - 2)",
            other,
            f"{name} + 1 if {self.condition(0)} else {a}",
            f"max({name}, {other})",
            "step",
            f"2 * {name} - {other}",
        ]
        return self.pick.one(forms)

    def new_value(self, name: str) -> str:
        if name in self.levels:
            return self.new_level(name)
        if name in self.ranges:
            return self.new_integer(name)
        if maybe(self.pick, 20):
            return self.one(f"not {name}", self.condition(0))
        return self.one("yes", "yes", "no")
