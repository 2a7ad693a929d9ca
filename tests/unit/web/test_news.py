"""The news beside a case: which file they are, and how its text changes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from foederis.analysis.gallery import gallery
from foederis.diagnostics import CaseError, Report
from foederis.language.source import Mapping, Sequence, parse
from foederis.web.news import added, dropped, items
from foederis.web.patch import same
from foederis.web.plain import Refusal

ID = "file:patron.yaml"
HINT = gallery()["kremlin_hint"].with_name("news.yaml").read_text()
SEEN = "{step: 0, rival: press_on, says: 'It goes on: as before'}"


def observed(text: str) -> tuple[Any, ...]:
    root = parse(text, Report())
    assert isinstance(root, Mapping)
    found = root.get("observed")
    assert isinstance(found, Sequence)
    return found.items


def change(page: TestClient, id: str = ID, **what: Any) -> dict[str, Any]:
    return page.post("/api/news", json={"id": id, **what}).json()


def test_news_are_made_shown_and_dropped(page: TestClient, folder: Path) -> None:
    before = page.get("/api/news", params={"id": ID}).json()
    assert (before["id"], before["text"], before["items"]) == (None, "", [])
    new = change(page, add=SEEN)
    assert (new["id"], new["sha256"], new["diagnostics"]) == ("file:news.yaml", "", [])
    assert new["text"] == "observed:\n  - {step: 0, rival: press_on, says: 'It goes on: as before'}\n"
    assert not (folder / "news.yaml").exists()
    saved = page.put("/api/text", json={key: new[key] for key in ("id", "text", "sha256")})
    assert saved.status_code == 200
    there = page.get("/api/news", params={"id": ID}).json()
    assert (there["id"], there["sha256"], there["writable"]) == ("file:news.yaml", saved.json()["sha256"], True)
    assert there["items"] == [{"text": SEEN, "line": 2, "says": "It goes on: as before"}]
    less = change(page, drop=0)
    assert observed(less["text"]) == ()
    assert less["diagnostics"][0]["code"] == "F338"


def test_what_cannot_have_been_seen_is_a_mistake_with_its_line(page: TestClient) -> None:
    found = change(page, add="{step: 0, rival: nonsense}")
    assert (found["diagnostics"][0]["code"], found["diagnostics"][0]["line"]) == ("F104", 2)


def test_two_cases_in_a_folder_do_not_share_news(page: TestClient, folder: Path) -> None:
    shutil.copy(folder / "patron.yaml", folder / "other.yaml")
    (folder / "news.yaml").write_text("observed: [{step: 0, rival: press_on}]\n")
    assert page.get("/api/news", params={"id": ID}).json()["id"] is None
    assert change(page, add=SEEN)["id"] == "file:patron.news.yaml"
    (folder / "patron.news.yaml").write_text(f"observed: [{SEEN}]\n")
    assert page.get("/api/news", params={"id": ID}).json()["id"] == "file:patron.news.yaml"
    assert page.get("/api/news", params={"id": "file:other.yaml"}).json()["id"] is None


def test_news_in_a_folder_below(page: TestClient, folder: Path) -> None:
    (folder / "sub").mkdir()
    shutil.copy(folder / "patron.yaml", folder / "sub" / "one.yaml")
    assert change(page, "file:sub/one.yaml", add=SEEN)["id"] == "file:sub/news.yaml"


def test_the_news_of_the_gallery_are_shown_and_not_writable(page: TestClient) -> None:
    found = page.get("/api/news", params={"id": "gallery:kremlin_hint"}).json()
    assert (found["id"], found["text"], found["writable"]) == ("gallery:kremlin_hint/news.yaml", HINT, False)
    assert len(found["items"]) == len(observed(HINT))
    assert found["items"][1]["says"] == "Israel strikes."
    assert HINT.splitlines()[found["items"][1]["line"] - 1] == "  - step: 1"
    assert change(page, "gallery:kremlin_hint", drop=1)["diagnostics"] == []
    assert page.get("/api/news", params={"id": "gallery:patron"}).json()["id"] is None


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ({}, 400),
        ({"add": SEEN, "drop": 0}, 400),
        ({"drop": True}, 400),
        ({"drop": 0}, 404),
        ({"add": "{"}, 422),
        ({"add": "[1]"}, 422),
        ({"add": ""}, 422),
    ],
)
def test_other_asks_are_refused(page: TestClient, what: dict[str, Any], status: int) -> None:
    assert page.post("/api/news", json={"id": ID, **what}).status_code == status


@pytest.mark.parametrize("place", range(len(observed(HINT))))
def test_each_observation_can_be_dropped_and_all_else_stays(place: int) -> None:
    left = dropped(HINT, place)
    before = observed(HINT)
    assert len(observed(left)) == len(before) - 1
    assert all(map(same, observed(left), (*before[:place], *before[place + 1 :])))
    lines = iter(HINT.splitlines())
    assert all(line in lines for line in left.splitlines())  # the lines that are left, in their order
    gone = items(HINT)[place]["text"]
    assert len(HINT.splitlines()) - len(left.splitlines()) == len(gone.splitlines())


def test_what_is_added_and_dropped_leaves_the_file_as_it_was() -> None:
    more = added(HINT, "step: 3\nrussia: words\n")
    assert more.startswith(HINT.rstrip("\n"))
    assert dropped(more, len(observed(HINT))) == HINT


TEXTS = {
    "indentless": "# first\nobserved:\n- step: 0 # one\n  a: b\n# between\n- {step: 1, a: c} # two\n# last\n",
    "flow": "observed: [{step: 0, a: b}, {step: 1, a: c}]  # both\n",
    "flow in lines": "observed:\n  [ {step: 0, a: b}, # one\n    {step: 1, a: c} ]\n",
    "no end": "observed:\n  - step: 0\n    a: b\n  - step: 1\n    a: c",
    "block text": "observed:\n  - step: 0\n    says: >-\n      one\n      two\n\n  - step: 1\n    says: |\n      x\n",
    "dashes": "observed:\n  -\n    step: 0\n    a: x - y\n  -   step: 1\n      a: not - z\n",
}


@pytest.mark.parametrize("kind", TEXTS)
def test_all_ways_of_writing_news(kind: str) -> None:
    text = TEXTS[kind]
    before = observed(text)
    more = observed(added(text, "{step: 7, a: d}"))
    assert len(more) == 3
    assert all(map(same, more, before))
    for place in range(2):
        [left] = observed(dropped(text, place))
        assert same(left, before[1 - place])
    comments = [word for word in ("# first", "# between", "# last") if word in text]
    assert all(comment in dropped(text, 0) for comment in comments)


def test_what_cannot_be_cut_out_is_written_anew() -> None:
    """The dash in the comment is not that of the item."""
    text = "observed:\n  - # x\n    # a - b\n    step: 0\n    a: b\n  - {step: 1, a: c}\n"
    [left] = observed(dropped(text, 0))
    assert same(left, observed(text)[1])


@pytest.mark.parametrize("text", ["", "\n", "# only a remark\n", "about: x\n", "observed:\n", "observed: []\n"])
def test_news_that_say_nothing_yet(text: str) -> None:
    new = added(text, "{step: 0, a: b}")
    assert len(observed(new)) == 1
    assert new.startswith(text.rstrip("\n").removesuffix(" []"))


def test_where_almost_everything_is_wrong_that_is_said() -> None:
    twice = "{step: 0, step: 1}\n"
    for work in (lambda: items("observed:\n" + f"- {twice}" * 300), lambda: added("", f"[{twice * 300}]")):
        with pytest.raises(CaseError):
            work()
    for often in (2, 300):
        with pytest.raises(CaseError, match="stands twice"):
            added("", "{" + "step: 0, " * often + "}")


def test_what_is_no_file_of_news_is_said() -> None:
    for text in ("[1]", "x", "observed: ["):
        with pytest.raises(CaseError):
            added(text, "{step: 0}")
    with pytest.raises(Refusal):
        dropped("observed: x\n", 0)
