"""Whether a solution passes its check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from foederis.diagnostics import ResidualError

if TYPE_CHECKING:  # at run time these would import jax
    from foederis.solve.results import Floats, Key
    from foederis.solve.verify import Judgement

RESIDUAL_LIMIT = 1e-9
NEARLY = 0.999999  # a share of a type above which beliefs that lie between it and 1 are mostly rounding


def accept(verdict: Judgement, shares: Mapping[Key, Floats]) -> None:
    """Lets a solution pass, or not.

    Args:
        shares: {(actor, type): float64[draws]}, of private types, with which play begins.
    Raises:
        ResidualError: the solution fails its check; with the cure where it is known.
    """
    if verdict.residual <= RESIDUAL_LIMIT:
        return
    known = [key for key, share in shares.items() if ((share > NEARLY) & (share < 1)).any()]
    cure = "please report the case"
    if known:
        (actor, name), *_ = known
        near = (
            f"the share of the type `{name}` of `{actor}` comes so near to 1 that beliefs between are mostly rounding"
        )
        cure = f"{near}: let it be at most {NEARLY}, or 1"
    raise ResidualError(
        f"the solution's residual is {verdict.residual:.3g}, above {RESIDUAL_LIMIT:g}: its numbers are not to be "
        f"trusted; {cure}"
    )
