from __future__ import annotations

import foederis as fd
from foederis.report.compare import notes, print_comparison, question_title
from tests.helpers import printed
from tests.unit.analysis.test_compare import ONE, TWO


def test_the_whole_is_printed() -> None:
    text = printed(fd.compare(fd.loads(ONE), fd.loads(TWO), draws=16), print_comparison)
    assert text.startswith("One: 2 sides compared")
    for part in (
        "against One",
        "100 %",
        "when (the probability of never)",
        "Two: Asked in other words or under other conditions: length.",
        "left out: mine.",
    ):
        assert part in text
    assert "20% to 40%" in text
    assert max(map(len, text.splitlines())) <= 110


def test_what_must_be_known_of_the_what_ifs() -> None:
    found = fd.compare(fd.load("patron"), what_ifs=["patron_comes"], draws=8)
    [_, opened] = notes(found)
    assert opened.startswith("patron_comes: patron.intervene in step 0 was open with probability 8")


def test_titles_have_units_and_what_does_not_vary_has_no_band() -> None:
    found = fd.compare(fd.load("patron"), what_ifs=["patron_comes"], draws=2)
    assert [question_title(found.case, question) for question in found.questions.values()] == [
        "comes", "intervenes", "client_falls", "loss (bn USD)",
    ]  # fmt: skip
    text = printed(fd.compare(fd.load("deterrence"), what_ifs="all", draws=4), print_comparison)
    assert "−7.8" in text
    assert "(" not in text.partition("\n\n")[2]
