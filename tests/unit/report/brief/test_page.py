"""The page as a whole: structure, what it may load, and what a file that means harm can do to it (nothing)."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from importlib import resources

import pytest

import foederis as fd
from foederis.report.brief.gather import gather
from foederis.report.brief.page import page
from tests.unit.report.brief import cases
from tests.unit.report.brief.reading import Element, read

NAMES = ("patron", "everything", "hostile")
# In the order of reading.
ALWAYS = [
    "bottom-line",
    "answer",
    "through-time",
    "courses",
    "moves",
    "why",
    "drivers",
    "tipping",
    "boxes",
    "worth-knowing",
    "what-ifs",
    "dials",
]
REST = ["exposures", "assumptions", "sources", "method", "record"]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def whole(name: str) -> Element:
    return read(cases.page_of(name))


def test_every_section_is_there_in_order(name: str, whole: Element) -> None:
    claims = [] if name == "everything" else ["claims"]
    assert [section.attributes["id"] for section in whole.all("section")] == [*ALWAYS, *claims, *REST]
    links = [link.attributes["href"] for link in whole.one(aria_label="Contents").all("a")]
    assert links == [f"#{section.attributes['id']}" for section in whole.all("section")]


def test_identifiers_are_unique_and_references_lead_somewhere(whole: Element) -> None:
    found = [element.attributes["id"] for element in whole.all() if "id" in element.attributes]
    assert len(found) == len(set(found))
    for element in whole.all():
        for key in ("aria-labelledby", "aria-describedby", "for"):
            for target in (element.attributes.get(key) or "").split():
                assert target in found, (key, target)
        href = element.attributes.get("href") or ""
        if href.startswith("#"):
            assert href[1:] in found, href


def test_headings_are_in_order(whole: Element) -> None:
    levels = [int(heading.name[1]) for heading in whole.all("h1", "h2", "h3", "h4", "h5")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_every_picture_says_what_it_shows(whole: Element) -> None:
    pictures = whole.all("svg")
    assert pictures
    for picture in pictures:
        assert picture.attributes["role"] == "img"
        first = picture.children[0]
        assert isinstance(first, Element)
        assert first.name == "title"
        assert first.text.strip()


def test_charts_through_time_have_their_numbers_beside_them(whole: Element) -> None:
    figures = whole.all("figure")
    assert figures
    for figure in figures:
        assert figure.all("figcaption")
        assert len(figure.all("tr")) > 1


def test_nothing_is_loaded_from_outside(whole: Element) -> None:
    for element in whole.all():
        assert "src" not in element.attributes
        assert element.name not in {"img", "iframe", "object", "embed", "audio", "video", "base", "form", "use"}
        href = element.attributes.get("href") or ""
        if re.match(r"https?:", href):
            assert element.name == "a"
            assert element.attributes["rel"] == "noopener noreferrer"
        else:
            assert not href or href.startswith(("#", "data:"))


def test_only_our_script_may_run(whole: Element) -> None:
    [policy] = [m.attributes["content"] for m in whole.all("meta") if m.attributes.get("http-equiv")]
    assert policy is not None
    scripts = [script for script in whole.all("script") if script.attributes.get("type") != "application/json"]
    [script] = scripts
    assert script.text == resources.files("foederis.report.brief").joinpath("script.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}';" in policy
    assert "http" not in policy
    for element in whole.all():
        assert not [name for name in element.attributes if name.startswith("on")]


def test_the_data_are_plain(whole: Element) -> None:
    blocks = {s.attributes["id"]: json.loads(s.text) for s in whole.all("script") if s.attributes.get("type")}
    assert set(blocks) == {"what-if-data", "dial-data"}
    asked = {row.attributes["data-question"] for row in whole.all("tr") if "data-question" in row.attributes}
    assert set(blocks["what-if-data"][""]["rows"]) == asked


def test_the_same_input_gives_the_same_bytes() -> None:
    assert page(cases.patron()) == cases.page_of("patron")
    again = gather(fd.load("patron"), draws=cases.DRAWS, seed=0, what_ifs="all")
    assert page(again) == cases.page_of("patron")


def test_a_file_that_means_harm_does_none() -> None:
    text = cases.page_of("hostile")
    whole = read(text)
    assert len(whole.all("script")) == 3
    assert not whole.all("img", "textarea")
    assert len(whole.all("title")) == 1 + len(whole.all("svg"))
    assert "alert(1)" in whole.text  # it is shown, as text
    assert "\u202e" not in text
    assert "javascript:alert(1)" in whole.one(id="sources").text
    links = [
        a.attributes["href"] for a in whole.all("a") if not (a.attributes["href"] or "").startswith(("#", "data:"))
    ]
    assert links == ['https://example.org/?a=1&b="><script>', "https://example.org/a?b=1&c=2"]  # and not the third


def test_a_file_that_means_harm_is_saved_as_it_is() -> None:
    link = read(cases.page_of("hostile")).one(download="crisis.yaml")
    kind, _, data = (link.attributes["href"] or "").partition(",")
    assert kind == "data:application/yaml;charset=utf-8;base64"
    assert base64.b64decode(data).decode() == cases.HOSTILE
