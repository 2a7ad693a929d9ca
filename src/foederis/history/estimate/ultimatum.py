"""The statistical ultimatum game: an offer, taken or not, where both sides' reservation values are partly private.

Player 1 offers y of a prize Q. If player 2 accepts, it gets y and player 1 the rest; if not, each gets its reservation
value R plus a logistic error that it alone knows.

Source: Ramsay & Signorino (2009), A statistical model of the ultimatum game; as in Kenkel & Signorino (2014), Journal
of Statistical Software 56(8), section 2.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from foederis.solve.lazy import jax, jnp

Array = Any
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(200)


@dataclass(frozen=True)
class UltimatumLikelihood:
    """Attributes:
    largest: Q.
    reservations: where the coefficients of R1 and R2 stand, as (first, after last).
    s1, s2: the scales of the errors; None where the logarithm of the scale is estimated, in the last coefficients.
    answers: whether it is known if offers were accepted.

    `data` has `designs` of R1 and R2, `offer`, `accepted` (0 or 1), and `lowest` and `highest`, whether the offer is 0
    or Q: such an offer says only that the best one lies there or beyond.
    """

    largest: float
    reservations: tuple[tuple[int, int], tuple[int, int]]
    s1: float | None
    s2: float | None
    answers: bool

    @property
    def size(self) -> int:
        return self.reservations[1][1] + (self.s1 is None) + (self.s2 is None)

    def penalised(self) -> tuple[bool, ...]:
        last = self.reservations[1][1]
        return tuple(place < last for place in range(self.size))

    def _parts(self, coefficients: Array, data: Any) -> tuple[Array, Array, Array, Array]:
        """R1, R2, s1, s2."""
        first, second = (
            design @ coefficients[start:stop]
            for (start, stop), design in zip(self.reservations, data["designs"], strict=True)
        )
        place = self.reservations[1][1]
        s1 = jnp.exp(coefficients[place]) if self.s1 is None else self.s1
        s2 = jnp.exp(coefficients[place + (self.s1 is None)]) if self.s2 is None else self.s2
        return first, second, s1, s2

    def cases(self, coefficients: Array, data: Any) -> Array:
        """float64[cases]: the log-likelihood of each: of the offer, and of the answer where it is known."""
        first, second, s1, s2 = self._parts(coefficients, data)
        offer = data["offer"]
        shock, log_slope = self._shock(offer, first, second, s2)
        scaled = shock / s1
        # The best offer falls with the error, so offers of 0 mean an error above that of 0, and so on.
        inside = jax.nn.log_sigmoid(scaled) + jax.nn.log_sigmoid(-scaled) - jnp.log(s1) + log_slope
        logs = jnp.where(
            data["lowest"],
            jax.nn.log_sigmoid(-scaled),
            jnp.where(data["highest"], jax.nn.log_sigmoid(scaled), inside),
        )
        if not self.answers:
            return logs
        taken = (offer - second) / s2
        return logs + jnp.where(data["accepted"] > 0, jax.nn.log_sigmoid(taken), jax.nn.log_sigmoid(-taken))

    def _shock(self, offer: Array, first: Array, second: Array, s2: Array) -> tuple[Array, Array]:
        """The error under which an offer is the best one, and the logarithm of how fast it falls with the offer."""
        growth = (offer - second) / s2
        return self.largest - offer - first - s2 * (1 + jnp.exp(growth)), jnp.logaddexp(0.0, growth)

    def outcomes(self, coefficients: Array, data: Any) -> Array:
        """float64[cases, 2]: the logarithms of the offer to be expected, and of how likely it is accepted."""
        first, second, s1, s2 = (jnp.asarray(part)[..., None] for part in self._parts(coefficients, data))
        offers = jnp.asarray((_NODES + 1) * self.largest / 2)
        weights = jnp.asarray(_WEIGHTS * self.largest / 2)

        def above(offer: Array) -> Array:
            """How likely the best offer is larger."""
            return jax.nn.sigmoid(self._shock(offer, first, second, s2)[0] / s1)

        larger, answer = above(offers), jax.nn.sigmoid((offers - second) / s2)
        mean = jnp.sum(weights * larger, axis=-1)
        # By parts: the answer to an offer of 0, and by how much it grows while the offer does.
        lowest = jax.nn.sigmoid((0.0 - second) / s2)[..., 0]
        accepted = lowest + jnp.sum(weights * larger * answer * (1 - answer) / s2, axis=-1)
        return jnp.log(jnp.stack(jnp.broadcast_arrays(mean, accepted), axis=-1))
