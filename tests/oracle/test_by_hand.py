"""The reference itself, against numbers that were worked out by hand or printed elsewhere."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from .evaluation import Formula, Scope, Variable
from .generate import MOST_PATHS, seeded_file
from .raw import load_raw, with_changes
from .reference import ReferenceAnswer, count_paths, solve_reference
from .world import DISTRIBUTION, days

FILES = Path(__file__).parent / "files"
VARIABLES = [
    Variable("help", "levels", ("words", "arms", "troops"), 0, 0),
    Variable("offer", "levels", ("troops", "arms", "words"), 0, 0),
    Variable("fallen", "flag", ("no", "yes"), 0, 0),
    Variable("heat", "range", tuple("0123456"), 0, 0),
]


def answer(name: str, what_if: str | None = None, **quantities: float) -> ReferenceAnswer:
    return solve_reference((FILES / f"{name}.yaml").read_text(encoding="utf-8"), quantities, what_if)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("12 / 4 / 2", 1.5),
        ("-2 * 3 + 1", -5),
        ("1 - -2", 3),
        ("40% * 10", 4),
        ("010 + 1_000", 1010),
        ("2.5 - .5", 2),
        ("1 if help == arms else 2", 1),
        ("1 if fallen else 2 if heat > 3 else 3", 2),
        ("help == arms and offer == arms", True),
        ("help < troops", True),
        ("offer > troops", True),
        ("offer < words", True),
        ("words == help", False),
        ("arms <= help", True),
        ("help in words | troops", False),
        ("help in words | arms", True),
        ("heat in 1 | 5", True),
        ("max(help, troops) == troops", True),
        ("min(help, words) == words", True),
        ("max(2, heat, 3) - abs(1 - heat)", 1),
        ("not fallen and heat == 5", True),
        ("not (fallen or heat == 5)", False),
        ("not fallen == yes", True),
        ("fallen or not fallen and no", False),
        ("yes or no and no", True),
        ("heat / 2", 2.5),
        ("heat + 1 >= 2 * 3", True),
        ("step == 4 and calm", True),
        ("losses(patron) + stake", 10.5),
    ],
)
def test_expressions(text: str, expected: float) -> None:
    facts = {"calm": Formula("heat < 6", Scope(VARIABLES, {}, dict[str, float]().__getitem__, _losses)).expression}
    scope = Scope(VARIABLES, facts, {"stake": 3.0}.__getitem__, _losses)
    assert Formula(text, scope)((1, 1, 0, 5), 4) == pytest.approx(expected)


def _losses(holder: str, state: tuple[int, ...], step: int) -> float:
    return {"patron": 2.5}[holder] + state[3]


@pytest.mark.parametrize("text", ["1 +", "a b", "(1", "max(1, 2", "2 $ 3", "", "and", "1 < 2 < 3", "x if y"])
def test_nonsense_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Formula(text, Scope([], {}, float, _losses))


@pytest.mark.parametrize(
    ("text", "expected"), [("2 weeks", 14), ("1 month", 365.25 / 12), ("36 hours", 1.5), ("week", 7)]
)
def test_days(text: str, expected: float) -> None:
    assert days(text) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["2 to 8", "10% to 30%", "-3 to 4 @ 80%", "choice(2 = 30%, 5 = 70%)", "pert(0, 1, 6)"])
def test_distributions_are_told_from_expressions(text: str) -> None:
    assert DISTRIBUTION.search(text)
    assert not DISTRIBUTION.search("max(tomato, beta_2) / 2")


def test_centipede() -> None:
    asked = answer("centipede").questions
    takes = [_number(asked[f"take{move}"]) for move in range(1, 5)]
    passes = [_number(asked[f"pass{move}"]) for move in range(1, 5)]
    behaviour = [take / (take + on) for take, on in zip(takes, passes, strict=True)]
    assert behaviour == pytest.approx([0.372846, 0.758751, 0.959412, 0.998341], abs=1e-6)


def _number(value: object) -> float:
    assert isinstance(value, float)
    return value


def test_coin() -> None:
    """Two tosses of three change a bet that is kept; the wager costs 1 and wins 2.5 a head and 10 for each in the
    end, discounted by a half each step."""
    coin = answer("coin", prize=5.0)
    wager = -1 + 1.25 * (1 + 0.5 + 0.25) + 0.125 * 10 * 1.375
    takes = 1 / (1 + math.exp(-1.5 * wager))
    assert coin.values["gambler"] == pytest.approx(takes * wager)
    assert coin.first_moves == {"gambler": {"keep": pytest.approx(1 - takes), "wager": pytest.approx(takes)}}
    assert coin.questions["wagers"] == coin.ever_taken["gambler"]["wager"] == pytest.approx(takes)
    assert coin.noise["gambler"] == pytest.approx((1 - takes) * wager)
    expected = {
        "two": 0.5,
        "mean": 1.375,
        "mean_early": 1.0,
        "head_given_two": 0.25,
        "when_it_ends": 1.0,
        "step_by": 1.0,
    }
    assert {name: coin.questions[name] for name in expected} == pytest.approx(expected)
    assert coin.questions["first_head"] == (pytest.approx([0, 0.5, 0.25, 0.125]), pytest.approx(0.125))
    assert coin.questions["first_head_soon"] == (pytest.approx([0, 0.5, 0.25, 0]), pytest.approx(0.25))
    assert math.isnan(_number(coin.questions["impossible"]))
    assert coin.through_time["heads"]["1"] == pytest.approx([0.5, 0.5, 0.375])
    assert coin.quantities == {"fair": 0.5, "prize": 5.0, "half_prize": 2.5}


def test_coin_under_what_ifs() -> None:
    loaded = answer("coin", "loaded", prize=5.0)
    assert loaded.questions["two"] == pytest.approx(1 - 0.75**3 - 3 * 0.25 * 0.75**2)
    forced = answer("coin", "forced", prize=5.0)
    assert forced.first_moves["gambler"] == {"keep": 0, "wager": 1}
    assert forced.values["gambler"] == pytest.approx(-1 + 1.25 * 1.75 + 0.125 * 13.75)


def test_asked_often() -> None:
    """The figures of the notes on repeated choice, to the digits printed there."""
    found = [answer("asked_often", name).questions["acts"] for name in (None, "longer", "seldom", "seldom_longer")]
    assert found == [
        pytest.approx(0.16, abs=5e-3),
        pytest.approx(0.87, abs=5e-3),
        pytest.approx(0.095, abs=5e-4),
        pytest.approx(0.14, abs=5e-3),
    ]


def test_odds() -> None:
    """0.2 at odds × ½ is 1/9; chances 0.2, 0.3 times 2, ½ over ½ + 0.4 + 0.15; ½ at odds × 3 is ¾, shares 1 : 6;
    a certainty stays one; a range that is set far below its end stops there."""
    asked = answer("odds").questions
    expected = {"storm": 1 / 9, "good": 0.4 / 1.05, "bad": 0.15 / 1.05, "sure": 1.0}
    expected |= {"flooded": 0.75 / 7, "gone": 0.75 * 6 / 7}
    assert asked == pytest.approx(expected)
    assert answer("odds").values["watcher"] == pytest.approx(-1)


def test_pact() -> None:
    """The patron breaches in the first two steps and sends arms in the third, when half of 10 is lost."""
    pact = answer("pact")
    assert pact.questions == {"loss": 5.0, "loss_early": 2.0}
    assert pact.losses == {"plant": 5.0}
    assert pact.values["patron"] == pytest.approx(-2 - 0.5 * 2 - 0.25 * 2 - 0.125 * 5 + 0.125 * 3)
    assert pact.values["client"] == pytest.approx(1 + 3 + 5 + 4)
    assert answer("pact", "no_duty").values["patron"] == pytest.approx(-0.25 * 2 - 0.125 * 5 + 0.125 * 3)


def test_what_if_paths() -> None:
    raw = load_raw((FILES / "pact.yaml").read_text(encoding="utf-8"))
    changed = with_changes(raw, {"quantities.plant": "3", "state.war": "0..9", "moves.patron.when": "war > 7"})
    assert changed["quantities"]["plant"]["value"] == "3"
    assert changed["state"]["war"] == {"levels": "0..9", "start": "0"}
    assert changed["moves"][1]["when"] == "war > 7"
    assert raw["moves"][1]["when"] == "war == 3"
    with pytest.raises((KeyError, ValueError)):
        with_changes(raw, {"moves.nobody.when": "war > 7"})


@pytest.mark.parametrize("seed", range(12))
def test_sharing_nodes_and_adding_up_payments_change_nothing(seed: int) -> None:
    """Backward induction and the sum over all paths are two ways to the same values."""
    text = seeded_file(seed)
    drawn = dict.fromkeys(load_raw(text)["quantities"], 0.3)
    plain, shared = solve_reference(text, drawn), solve_reference(text, drawn, memo=True)
    assert plain.values == pytest.approx(plain.induced, abs=1e-9)
    assert plain.values == pytest.approx(shared.values, abs=1e-9)
    assert plain.through_time == shared.through_time
    assert 1 <= count_paths(load_raw(text)) <= MOST_PATHS


class Patron:
    """The example of the language's description, put into Python once more without reading the file."""

    def __init__(self, p_fall: float, duty: bool) -> None:
        self.p_fall, self.duty = p_fall, duty

    def end(self, fallen: bool, war: bool) -> tuple[float, float]:
        loss = 2.7 * (0.8 if fallen else 0.1 if war else 0)
        return -10 * fallen - 0.5 * loss, 10.0 * fallen

    def after(self, step: int, help: int, fallen: bool, war: bool) -> tuple[float, float]:
        """The values at the end of a step, its payments among them."""
        patron, rival = self.start(step + 1, help, fallen, war)
        breach = 2.0 if war and help == 0 and self.duty else 0.0
        return 0.95 * patron - breach, rival + 2 * war

    def events(self, step: int, help: int) -> tuple[float, float]:
        """A war goes on until a truce (20 %) or a fall, at odds that help changes."""
        odds = self.p_fall / (1 - self.p_fall) * (1, 0.9, 0.2)[help]
        fall, truce = odds / (1 + odds), 0.2
        ways = [(truce, False, False), ((1 - truce) * fall, True, False), ((1 - truce) * (1 - fall), False, True)]
        values = [(p, self.after(step, help, fallen, war)) for p, fallen, war in ways]
        return sum(p * v[0] for p, v in values), sum(p * v[1] for p, v in values)

    def start(self, step: int, help: int, fallen: bool, war: bool) -> tuple[float, float]:
        if step == 2:
            return self.end(fallen, war)
        if not war:
            return self.after(step, help, fallen, war)
        on, _ = self.patron(step, help)
        over = self.after(step, help, fallen, False)
        stops = 1 / (1 + math.exp(0.5 * (on[1] - (over[1] - 1))))
        return (1 - stops) * on[0] + stops * over[0], (1 - stops) * on[1] + stops * (over[1] - 1)

    def patron(self, step: int, help: int) -> tuple[tuple[float, float], dict[int, float]]:
        """Values once the rival has pressed on, and the patron's choice: to what level its help goes."""
        cost = {to: price for to, price in ((0, 0.0), (1, 2.0), (2, 11.0)) if to > help}
        cost[help] = 0.0
        if help == 1:
            cost.pop(0, None)
        gains = {to: self.events(step, to)[0] - price for to, price in cost.items()}
        weights = {to: math.exp(0.5 * gain) for to, gain in gains.items()}
        choice = {to: weight / sum(weights.values()) for to, weight in weights.items()}
        rival = sum(p * self.events(step, to)[1] for to, p in choice.items())
        return (sum(p * gains[to] for to, p in choice.items()), rival), choice


@pytest.mark.parametrize(("what_if", "duty"), [(None, False), ("defence_pact", True)])
def test_patron_written_out(what_if: str | None, duty: bool) -> None:
    prices = {"p_truce": 0.2, "p_fall": 0.1, "stake": 10.0, "price_arms": 2.0, "price_troops": 11.0}
    found = answer("patron", what_if, sharpness=0.5, **prices)
    hand = Patron(0.1, duty)
    patron, rival = hand.start(0, 0, False, True)
    assert found.values == pytest.approx({"patron": patron, "rival": rival})
    pressed = found.first_moves["rival"]["press_on"]
    choice = {f"{to}": p * pressed for to, p in hand.patron(0, 0)[1].items()}
    assert found.first_moves["patron"] == pytest.approx(
        {"stand_aside": choice["0"], "send_arms": choice["1"], "intervene": choice["2"]}
    )
