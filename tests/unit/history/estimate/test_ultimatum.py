"""The ultimatum form against the game played on a fine grid of offers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit

from foederis.history import FitError, fit
from foederis.history.estimate.ultimatum import UltimatumLikelihood

R1, R2, S1, S2 = 40.0, 30.0, 20.0, 6.0
OFFERS = np.linspace(0, 100, 4_001)


def best_offers(shocks: np.ndarray, second: float = R2) -> np.ndarray:
    """What player 1 expects is largest on a grid of offers."""
    accepted = expit((OFFERS - second) / S2)
    worth = [accepted * (100 - OFFERS) + (1 - accepted) * (R1 + shock) for shock in shocks]
    return OFFERS[np.argmax(worth, axis=1)]


def played(cases: int, seed: int, second: float = R2) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    offers = best_offers(random.logistic(0, S1, cases), second)
    return {"offer": offers, "accept": (offers >= second + random.logistic(0, S2, cases)) * 1.0}


def likelihood(answers: bool = False) -> UltimatumLikelihood:
    return UltimatumLikelihood(100.0, ((0, 1), (1, 2)), None, None, answers)


COEFFICIENTS = np.array([R1, R2, np.log(S1), np.log(S2)])


def data_of(offers: list[float]) -> dict[str, Any]:
    offer = np.array(offers)
    one = np.ones((len(offers), 1))
    return {
        "designs": [one, one],
        "offer": offer,
        "accepted": np.zeros(len(offers)),
        "lowest": offer < 1e-6,
        "highest": offer > 100 - 1e-6,
    }


def test_an_offer_is_best_under_the_shock_that_is_read_from_it() -> None:
    shocks = np.array([-30.0, -5.0, 0.0, 12.0])
    offers = best_offers(shocks)
    found, _ = likelihood()._shock(offers, R1, R2, S2)
    assert np.asarray(found) == pytest.approx(shocks, abs=0.15)


def test_probabilities_of_offers_sum_to_one() -> None:
    def density(offer: float) -> float:
        return float(np.exp(likelihood().cases(COEFFICIENTS, data_of([offer])))[0])

    inside = quad(density, 1e-3, 100 - 1e-3, epsabs=1e-8, points=[30.0])[0]
    assert density(0.0) + inside + density(100.0) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("second", [R2, 3.0])
def test_predictions_are_the_means_of_play(second: float) -> None:
    data = played(4_000, 1, second)
    mean, accepted = np.exp(likelihood().outcomes(np.array([R1, second, np.log(S1), np.log(S2)]), data_of([1.0])))[0]
    assert mean == pytest.approx(data["offer"].mean(), abs=4 * data["offer"].std() / np.sqrt(4_000))
    assert accepted == pytest.approx(data["accept"].mean(), abs=4 * 0.5 / np.sqrt(4_000))


def test_known_values_are_found_again() -> None:
    found = fit("ultimatum", "offer + accept ~ 1 | 1", played(1500, 2), largest_offer=100)
    assert found.converged
    assert [str(name) for name in found.names] == [
        "R1: constant",
        "R2: constant",
        "log(s1): constant",
        "log(s2): constant",
    ]
    assert np.abs((found.coefficients - COEFFICIENTS) / found.standard_errors).max() < 3.5
    assert (found.errors, found.link) == ("private", "logit")
    known = fit("ultimatum", "offer ~ 1 | 1", played(1500, 2), largest_offer=100, s1=S1, s2=S2)
    assert np.abs((known.coefficients - [R1, R2]) / known.standard_errors).max() < 3.5
    assert known.outcomes == ("offer", "accepted")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"largest_offer": None}, "wants `largest_offer`"),
        ({"largest_offer": "a"}, "wants `largest_offer`"),
        ({"s2": -1.0}, "`s2` is a scale that is known, above 0"),
        ({"formula": "offer + accept ~ 1"}, "write `offer \\+ accept ~ R1 | R2`"),
        ({"largest_offer": 50.0}, "`offer` lies outside of 0 to 50"),
        ({"formula": "offer + offer2 ~ 1 | 1"}, "`offer2` says whether the offer was accepted"),
        ({"link": "logit"}, "the form `ultimatum` knows no `link`"),
    ],
)
def test_what_cannot_be_fitted_is_said(changed: dict[str, Any], says: str) -> None:
    data = played(30, 3)
    data["offer"][0] = 90.0
    given = {"formula": "offer + accept ~ 1 | 1", "largest_offer": 100.0, **changed}
    with pytest.raises(FitError, match=says):
        fit("ultimatum", data={**data, "offer2": data["offer"]}, **given)


def test_offers_that_are_all_the_same_are_refused() -> None:
    data = played(30, 3)
    data["offer"][:] = 50.0
    with pytest.raises(FitError, match="`offer` is 50 in every case"):
        fit("ultimatum", "offer + accept ~ 1 | 1", data, largest_offer=100)
