"""The principal branch of logit equilibria, followed from even odds, in many lanes at once.

In every lane x, the log-odds of some choices, are to answer themselves: x = t * reply(x), where reply(x) are the
log-odds of somebody who is fully as rational as it is, to choices at the odds x, and t scales all rationalities
together. At t = 0 all odds are even. From there leads a curve, the principal branch, and where it first comes to t = 1
is the equilibrium.

The curve is followed by its arc length, a step along its tangent and then back to it by Newton's method, so that it may
turn back in t (a fold) and come again. A step that bends too much, or does not come back fast, is halved. On a smooth
curve the determinant of the system that is solved keeps its sign: where it changes even at the shortest step, another
branch crosses (a bifurcation), and from there on the principal branch is not the only way on.

Source: Turocy (2005), Games and Economic Behavior 51(2): 243-263; Allgower & Georg (1990), Numerical Continuation
Methods, for steps and signs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from foederis.solve.elimination import eliminate
from foederis.solve.kernels import Array
from foederis.solve.lazy import jax, jnp, lax

# From x, float64[unknowns, lanes], to reply(x), of the same form, and its slopes, float64[unknowns, unknowns, lanes]:
# row i, column j is that of i by x_j. Each lane by itself.
Answer = Callable[[Array], tuple[Array, Array]]

CONVERGED, FELL_SHORT, BIFURCATION = 0, 1, 2
NEAR = 1e-12  # how near the end must be to its own reply, in log-odds, relative to the largest reply
_ON_CURVE = 1e-7  # likewise on the way
_SHORTEST, _FIRST, _LONGEST = 1e-5, 0.1, 0.5  # steps; the longest grows with the odds
_STRAIGHT = 0.95  # the least cosine between one tangent and the next
_MOST = 6000  # looks at a lane, all in all
_TRIES = 6  # Newton steps back to the curve
_NEWTON = 60  # looks where a lane is solved without following


class Solved(NamedTuple):
    """Where lanes have come to.

    Attributes:
        x: float64[unknowns, lanes], log-odds.
        miss: float64[lanes], the largest difference between x and its reply.
        status: int32[lanes]: CONVERGED, FELL_SHORT or BIFURCATION.
        folded: bool[lanes], whether the curve turned back on the way.
        reached: float64[lanes], how far in t the curve was followed; looks: int32[lanes], how often a lane was looked
        at.
    """

    x: Array
    miss: Array
    status: Array
    folded: Array
    reached: Array
    looks: Array


def differentiated(reply: Callable[[Array], Array]) -> Answer:
    """An answer from a reply alone, whose slopes are found by forward differentiation."""

    def answer(x: Array) -> tuple[Array, Array]:
        value, by = jax.linearize(reply, x)
        each = jnp.broadcast_to(jnp.eye(len(x))[:, :, None], (len(x), *x.shape))
        return value, jnp.moveaxis(jax.vmap(by)(each), 0, 1)

    return answer


def tolerance(reply: Array, relative: float) -> Array:
    """What counts as zero, float64[lanes], for replies float64[unknowns, lanes]."""
    return relative * (1.0 + jnp.abs(reply).max(axis=0))


def newton(answer: Answer, start: Array, skip: Array | None = None) -> Solved:
    """Solves x = reply(x) from somewhere, by Newton's method with steps that are halved until they help. Which of
    several solutions is found depends on the start. Lanes to `skip`, bool[lanes], are left where they are."""
    lanes = start.shape[1]

    class State(NamedTuple):
        best: Array  # the best so far, its miss and the step that leaves it
        miss: Array
        step: Array
        share: Array  # of the step that is tried
        done: Array
        looks: Array

    def look(state: State) -> State:
        x = state.best + state.share * state.step
        value, slope = answer(x)
        off = x - value
        miss = jnp.sqrt((off**2).sum(axis=0))
        miss = jnp.where(jnp.isfinite(miss), miss, jnp.inf)
        helps = miss <= (1 - 1e-4 * state.share) * state.miss
        step = eliminate(jnp.eye(len(x))[:, :, None] - slope, -off[:, None])[0][:, 0]
        step = jnp.where(jnp.isfinite(step).all(axis=0), step, -off)
        near = helps & (jnp.abs(off).max(axis=0) <= tolerance(value, NEAR))
        stuck = ~helps & (state.share < 1e-6)
        new = State(
            jnp.where(helps, x, state.best),
            jnp.where(helps, miss, state.miss),
            jnp.where(helps, step, state.step),
            jnp.where(helps, 1.0, state.share / 2),
            state.done | near | stuck,
            state.looks + 1,
        )
        return State(*_where(state.done, state, new))

    none = jnp.zeros(lanes, dtype=bool)
    done = none if skip is None else skip
    begin = State(start, jnp.full(lanes, jnp.inf), jnp.zeros_like(start), jnp.ones(lanes), done, none * 0)
    found = lax.while_loop(lambda s: (~s.done & (s.looks < _NEWTON)).any(), look, begin)
    return _judged(answer, found.best, none, none, jnp.ones(lanes), found.looks)


def _where(mask: Array, first: Iterable[Array], second: Iterable[Array]) -> list[Array]:
    """Arrays whose last axis are lanes: the first where the mask holds, and else the second."""
    return [jnp.where(mask, a, b) for a, b in zip(first, second, strict=True)]


def _judged(answer: Answer, x: Array, crossed: Array, folded: Array, reached: Array, looks: Array) -> Solved:
    value = answer(x)[0]
    miss = jnp.abs(x - value).max(axis=0)
    # Rounding, where a reply is very steep, may keep a lane from the goal that is set on the way.
    near = miss <= tolerance(value, 100 * NEAR)
    status = jnp.where(near & (reached >= 1.0), jnp.where(crossed, BIFURCATION, CONVERGED), FELL_SHORT)
    return Solved(x, miss, status.astype(jnp.int32), folded, reached, looks)


class Trace(NamedTuple):
    """A lane on its way. `here` and `tangent`, float64[unknowns + 1, lanes], are the last point on the curve and the
    direction there, t last; `there` is the point that is being brought to the curve, by `tries` Newton steps so far,
    the first of which was `first` long. `landing` is whether it is to come to lie at t = 1. `sign` is that of the
    determinant."""

    here: Array
    tangent: Array
    sign: Array
    step: Array
    there: Array
    landing: Array
    tries: Array
    before: Array
    crossed: Array
    folded: Array
    done: Array
    looks: Array


class Look(NamedTuple):
    """What a look at `there` shows: the Newton step, the tangent and the sign of the determinant, how far off it is."""

    value: Array
    move: Array
    tangent: Array
    sign: Array
    off: Array


def _look(answer: Answer, trace: Trace) -> Look:
    x, t = trace.there[:-1], trace.there[-1]
    value, slope = answer(x)
    size = len(x)
    last = jnp.zeros_like(trace.there).at[-1].set(1.0)
    border = jnp.where(trace.landing, last, trace.tangent)
    behind = jnp.where(trace.landing, t - 1.0, (trace.tangent * (trace.there - trace.here)).sum(axis=0) - trace.step)
    off = x - t * value
    above = jnp.concatenate([jnp.eye(size)[:, :, None] - t * slope, -value[:, None]], axis=1)
    matrix = jnp.concatenate([above, border[None]])
    sides = jnp.stack([-jnp.concatenate([off, behind[None]]), last], axis=1)
    found, sign = eliminate(matrix, sides)
    tangent = found[:, 1]
    tangent = tangent / jnp.sqrt((tangent**2).sum(axis=0))
    return Look(value, found[:, 0], tangent, sign, jnp.abs(off).max(axis=0))


def _advance(answer: Answer, trace: Trace) -> Trace:
    """One look at every lane, and what follows from it."""
    seen = _look(answer, trace)
    sound = jnp.isfinite(seen.move).all(axis=0) & jnp.isfinite(seen.off) & jnp.isfinite(seen.tangent).all(axis=0)
    length = jnp.where(sound, jnp.sqrt((seen.move**2).sum(axis=0)), jnp.inf)
    aim = jnp.where(trace.landing, NEAR, _ON_CURVE)
    on_curve = sound & (seen.off <= tolerance(seen.value, 1.0) * aim)
    # A tangent is found up to its direction; the curve is followed on, not back.
    along = (seen.tangent * trace.tangent).sum(axis=0)
    turn = jnp.where(along < 0, -1.0, 1.0)
    # The border of a landing is t itself, with which the tangent as it is found goes up.
    sign = jnp.where(trace.landing, seen.sign * turn, seen.sign)
    astray = jnp.sqrt(((trace.there - trace.here - trace.step * trace.tangent) ** 2).sum(axis=0))
    # The curve is only known as well as its points are.
    strayed = astray > 0.5 * trace.step + 100 * tolerance(seen.value, _ON_CURVE)
    bent = (jnp.abs(along) < _STRAIGHT) | strayed
    flips = sign * trace.sign < 0
    shortest = trace.step <= _SHORTEST
    beyond = ~trace.landing & (trace.there[-1] > 1.0)  # past the end, which was to be landed on
    good = on_curve & ~bent & ~beyond & (~flips | shortest)
    slow = (trace.tries >= _TRIES) | ((trace.tries > 0) & (length > 0.5 * trace.before)) | (length > trace.step)
    # Near the end Newton's steps are rounding, and do not shrink any more.
    again = sound & ~on_curve & (~slow | ((length < 1e-9) & (trace.tries < 2 * _TRIES)))
    bad = ~good & ~again
    arrived = good & trace.landing
    return _next(trace, seen, good, again, bad, arrived, turn, along, flips, shortest, length)


def _next(
    trace: Trace,
    seen: Look,
    good: Array,
    again: Array,
    bad: Array,
    arrived: Array,
    turn: Array,
    along: Array,
    flips: Array,
    shortest: Array,
    length: Array,
) -> Trace:
    here = jnp.where(good, trace.there, trace.here)
    tangent = jnp.where(good, turn * seen.tangent, trace.tangent)
    easy = (trace.tries <= 3) & (jnp.abs(along) > 0.99)
    grown = jnp.minimum(jnp.where(easy, 2.0, 1.0) * trace.step, jnp.maximum(_LONGEST, 0.1 * jnp.abs(here).max(axis=0)))
    step = jnp.where(good, grown, jnp.where(bad, 0.5 * trace.step, trace.step))
    beyond = here[-1] + 1.2 * step * tangent[-1] >= 1.0  # rather stretched than a tiny step at the end
    to_end = (1.0 - here[-1]) / jnp.where(tangent[-1] > 0, tangent[-1], 1.0)
    lands = jnp.where(again, trace.landing, beyond)
    step = jnp.where(~again & lands, jnp.maximum(to_end, 1e-300), step)
    there = jnp.where(again, trace.there + seen.move, here + step * tangent)
    return Trace(
        here,
        tangent,
        jnp.where(good & flips, -trace.sign, trace.sign),
        step,
        there,
        lands,
        jnp.where(again, trace.tries + 1, 0),
        jnp.where(again, length, jnp.inf),
        trace.crossed | (good & flips),
        trace.folded | (good & (tangent[-1] < 0)),
        trace.done | arrived | (bad & shortest),
        trace.looks + 1,
    )


def follow(answer: Answer, unknowns: int, lanes: int) -> Solved:
    """Follows the principal branch to t = 1 in every lane; where that does not succeed, x are the log-odds of the last
    point on it, and the status is FELL_SHORT."""
    start = jnp.zeros((unknowns + 1, lanes))
    first = answer(start[:-1])[0]
    tangent = jnp.concatenate([first, jnp.ones((1, lanes))])
    tangent = tangent / jnp.sqrt((tangent**2).sum(axis=0))
    step = jnp.full(lanes, _FIRST)
    none = jnp.zeros(lanes, dtype=bool)
    trace = Trace(
        start, tangent, jnp.ones(lanes), step, start + step * tangent, none, none * 0, step, none, none, none, none * 0
    )

    def go(trace: Trace) -> Trace:
        return Trace(*_where(trace.done, trace, _advance(answer, trace)))

    found = lax.while_loop(lambda t: (~t.done & (t.looks < _MOST)).any(), go, trace)
    reached = jnp.where(found.here[-1] > 1.0 - 1e-9, 1.0, found.here[-1])
    return _judged(answer, found.here[:-1], found.crossed, found.folded, reached, found.looks)
