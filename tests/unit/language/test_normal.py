from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from foederis.language.normal import normal_quantile, normal_share


def test_quantiles_agree_with_scipy_far_into_the_tails() -> None:
    middle = np.linspace(0.001, 0.999, 1999)
    tails = np.concatenate([np.logspace(-300, -3, 999), 1 - np.logspace(-15, -3, 99)])
    share = np.concatenate([middle, tails, [0.5, 0.075, 0.925]])
    np.testing.assert_allclose(normal_quantile(share), ndtri(share), rtol=1e-14, atol=1e-15)


def test_shares_agree_with_scipy() -> None:
    value = np.linspace(-12, 12, 2001).reshape(3, 667)
    np.testing.assert_allclose(normal_share(value), ndtr(value), rtol=1e-13)


@pytest.mark.parametrize("shape", [(1,), (5,), (2, 3)])
def test_shapes_are_kept(shape: tuple[int, ...]) -> None:
    assert normal_quantile(np.full(shape, 0.3)).shape == shape
    assert normal_share(np.full(shape, 0.3)).shape == shape
