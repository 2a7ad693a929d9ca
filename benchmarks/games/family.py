"""A made-up case that can be made larger in one direction at a time: actors, options, states, steps."""

from __future__ import annotations


def crisis(*, actors: int = 2, options: int = 3, side: int = 24, steps: int = 4) -> str:
    """Each actor in turn pushes a point on a field of side × side cells along, and chance pushes it aside.

    In the first step nobody moves and the point falls on any cell, so that all cells count in every later step.
    """
    names = [f"actor{number}" for number in range(actors)]
    scatter = ", ".join(f"o{place}: {{chance: 1 / {side}, sets: {{V: {place}}}}}" for place in range(side))
    moves = "\n".join(
        f"  - {{actor: {name}, when: step > 0, options: {{"
        + ", ".join(
            f"push{way}: {{sets: {{x: x + {way}}}, pays: {{{name}: -price * {way}}}}}" for way in range(options)
        )
        + "}}"
        for name in names
    )
    interests = "\n".join(
        f"  {name}: {{goal: {{worth: -stake * abs(x - {goal}) / {side} - y / {side}}}}}"
        for name, goal in zip(names, range(side // (2 * actors), side, -(-side // actors)), strict=True)
    )
    return f"""foederis: 1
title: A field of {side * side} cells
clock: {{step: 1 week, steps: {steps + 1}}}
actors: {{{", ".join(f"{name}: {{rationality: 1}}" for name in names)}}}
state: {{x: 0..{side - 1}, y: 0..{side - 1}}}
quantities: {{stake: 1 to 4, price: 0.1 to 0.5, wind: 10% to 40%}}
moves:
{moves}
events:
  falls_x: {{when: step == 0, outcomes: {{{scatter.replace("V", "x")}}}}}
  falls_y: {{when: step == 0, outcomes: {{{scatter.replace("V", "y")}}}}}
  wind:
    when: step > 0
    outcomes:
      back: {{chance: wind, sets: {{x: x - 1}}}}
      up: {{chance: wind / 2, sets: {{y: y + 1}}}}
interests:
{interests}
questions:
  far: {{at_end: x > {side // 2}}}
"""
