from __future__ import annotations

import pytest

import foederis as fd
from foederis.report.claims import apart_text, count_text, expected_words, notes, premises_text, print_claims
from tests.helpers import printed
from tests.unit.analysis.test_claims import MORE, TEXT


@pytest.fixture(scope="module")
def found() -> fd.analysis.claims.Claims:  # type: ignore[name-defined]
    return fd.claims(fd.loads(TEXT), draws=256)


def test_the_count(found) -> None:  # type: ignore[no-untyped-def]
    assert count_text(found) == "13 claims: 5 hold, 5 fail, 3 are undecided."


def test_what_a_claim_rests_on(found) -> None:  # type: ignore[no-untyped-def]
    by_name = {claim.claim.name: claim for claim in found.claims}
    assert premises_text(by_name["half"]) == (
        "It is met where every quantity is at its median; it is not with p as low as 0.100."
    )
    assert premises_text(by_name["wrong"]).endswith("no single quantity within its range changes that.")
    assert apart_text(by_name["half"]).startswith(
        "In the worlds where it is not met, compared with the others: p is lower (0.1"
    )
    assert apart_text(by_name["sure"]) == ""


def test_what_is_expected(found) -> None:  # type: ignore[no-untyped-def]
    words = {
        (claim.claim.name, judged.expectation.question): expected_words(
            judged.expectation, found.case.questions[judged.expectation.question]
        )
        for claim in found.claims
        for judged in claim.judged
    }
    assert words["close", "peace"] == "same within 20 percentage points"
    assert words["both", "aided"] == "below 35 %"
    assert words["long", "length"] == "above 1.00"
    assert words["rises", "aided"] == "falls"


def test_the_whole_is_printed(found) -> None:  # type: ignore[no-untyped-def]
    text = printed(found, print_claims)
    assert text.startswith("13 claims: ")
    assert "Fails: wrong" in text
    assert "+10.0" in text
    assert max(map(len, text.splitlines())) <= 110


def test_what_must_be_known_of_the_what_ifs() -> None:
    [conditional, doubtful] = fd.claims(fd.loads(MORE), ["conditional", "doubtful"], draws=64).claims
    assert notes(conditional)[0] == "given_peace: Asked in other words or under other conditions: aided."
    assert notes(doubtful)[1].startswith(
        "In the worlds where it is not met, compared with the others: boost is lower (0."
    )
    assert notes(doubtful)[1].endswith(" times).")
    assert "boost as high as 1.25 times" in notes(doubtful)[0]
    [worst] = fd.claims(fd.load("patron"), ["worst"], draws=8).claims
    assert notes(worst)[0].startswith("patron_comes: patron.intervene in step 0 was open with probability 8")
    assert notes(worst)[0].endswith("; elsewhere play goes on as it was.")


def test_a_case_without_uncertain_numbers_is_told_so_once() -> None:
    text = printed(fd.claims(fd.load("deterrence"), draws=4), print_claims)
    assert text.splitlines()[1] == "No number is uncertain, so every world is the same."
    assert "median" not in text
    assert "quantity" not in text
    assert "(" not in text


def test_amounts_have_units() -> None:
    assert "loss (bn USD)  rises" in printed(fd.claims(fd.load("patron"), ["worst"], draws=4), print_claims)
