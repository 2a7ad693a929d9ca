"""The pages of the Kremlin cases speak of every claim, and of the news as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

import foederis as fd
from foederis.language.news import read_news
from tests.docs.reading import DOCS, rows, text_of

PAGE = text_of(DOCS / "kremlin.md")
PARTS = dict(zip(("kremlin", "kremlin_hint"), PAGE.split("## The week before"), strict=True))


@pytest.mark.parametrize("name", PARTS)
def test_every_claim_has_its_row(name: str) -> None:
    assert [claim.strip("`") for claim, *_ in rows(PARTS[name])] == list(fd.load(name).claims)


def test_the_news_are_news_of_the_case() -> None:
    path = Path(fd.gallery()["kremlin_hint"]).with_name("news.yaml")
    observed = read_news(fd.load("kremlin_hint"), path).observed
    assert [item.believed for item in observed if item.believed != 1] == [0.5]
    assert {item.step for item in observed} == {0, 1, 2}
