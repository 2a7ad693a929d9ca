"""How likely each outcome is, for JAX: backward induction over the moves of a form, with errors or private payoffs.

Sources: Signorino (1999), American Political Science Review 93(2): 279-297 (agent error); Signorino (2003), Political
Analysis 11(4): 316-344 (private information; scales).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from foederis.history.estimate.forms import Form
from foederis.solve.lazy import Later, jax, jnp

Array = Any  # jax.Array, float64
special = Later("jax.scipy.special")


@dataclass(frozen=True)
class Errors:
    """What makes choices uncertain.

    Attributes:
        kind: `agent`: each option of each move has an error of its own, at the moment of choice; `private`: each
            player's payoff of each outcome has a part that only the player knows.
        link: `probit`: these are normal with standard deviation sigma; `logit`: type I extreme value with scale sigma,
            for agent error only.
    """

    kind: str
    link: str


def log_probabilities(form: Form, errors: Errors, utilities: Sequence[Array], scales: Sequence[Array]) -> Array:
    """float64[cases, outcomes]: the logarithm of how likely each outcome is.

    Args:
        utilities: for each of form.utilities float64[cases] or a number.
        scales: sigma of each player, float64[cases] or a number.
    """
    worth = dict(zip(form.utilities, utilities, strict=True))

    def below(target: int | str) -> dict[int, Array]:
        """The logarithm of how likely each outcome is, once play is there."""
        if isinstance(target, int):
            return {target: jnp.zeros(())}
        move = form.move(target)
        left, right = below(move.left), below(move.right)
        go_left, go_right = _choice(move.player, left, right, worth, errors, scales[move.player - 1])
        return {
            **{outcome: log + go_left for outcome, log in left.items()},
            **{outcome: log + go_right for outcome, log in right.items()},
        }

    found = below(form.moves[0].name)
    return jnp.stack(jnp.broadcast_arrays(*(found[outcome] for outcome in range(len(form.outcomes)))), axis=-1)


def _choice(
    player: int,
    left: dict[int, Array],
    right: dict[int, Array],
    worth: dict[tuple[int, int], Array],
    errors: Errors,
    sigma: Array,
) -> tuple[Array, Array]:
    """The logarithms of how likely a player goes left and right."""

    def expected(side: dict[int, Array]) -> Array:
        return sum((jnp.exp(log) * worth.get((player, outcome), 0.0) for outcome, log in side.items()), jnp.zeros(()))

    gain = expected(right) - expected(left)
    if errors.link == "logit":
        return jax.nn.log_sigmoid(-gain / sigma), jax.nn.log_sigmoid(gain / sigma)
    if errors.kind == "agent":
        variance: Array = 2.0
    else:  # the mover's own private payoffs, each weighed by how likely its outcome is
        variance = sum(jnp.exp(2 * log) for side in (left, right) for log in side.values())
    index = gain / (sigma * jnp.sqrt(variance))
    return special.log_ndtr(-index), special.log_ndtr(index)


@dataclass(frozen=True)
class FormLikelihood:
    """The likelihood of a form.

    Attributes:
        utilities, scales: where the coefficients of each stand among all, as (first, after last); scales for each
            player, for all together, or for none.

    `data` has `designs` float64[cases, coefficients] and `offsets` for each utility, `scale_designs` for each scale,
    and `outcome` int32[cases].
    """

    form: Form
    errors: Errors
    utilities: tuple[tuple[int, int], ...]
    scales: tuple[tuple[int, int], ...]

    def outcomes(self, coefficients: Array, data: Any) -> Array:
        """float64[cases, outcomes]: log-probabilities."""
        utilities = [
            design @ coefficients[first:last] + offset
            for (first, last), design, offset in zip(self.utilities, data["designs"], data["offsets"], strict=True)
        ]
        scales = [
            jnp.exp(design @ coefficients[first:last])
            for (first, last), design in zip(self.scales, data["scale_designs"], strict=True)
        ] or [jnp.ones(())]
        every = scales if len(scales) > 1 else scales * self.form.players
        return log_probabilities(self.form, self.errors, utilities, every)

    def cases(self, coefficients: Array, data: Any) -> Array:
        """float64[cases]: the log-likelihood of each."""
        return jnp.take_along_axis(self.outcomes(coefficients, data), data["outcome"][:, None], axis=1)[:, 0]

    def penalised(self) -> tuple[bool, ...]:
        """All coefficients but those of scales."""
        last = self.utilities[-1][1]
        size = self.scales[-1][1] if self.scales else last
        return tuple(place < last for place in range(size))
