"""Texts: read, checked, changed and saved, over the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from foederis.diagnostics import explanation
from foederis.language.check import read_text
from foederis.language.schema import json_schema

ID = "file:patron.yaml"
SCRIPT = "<script>alert(1)</script>"


def text_of(page: TestClient, id: str = ID) -> dict[str, Any]:
    return page.get("/api/text", params={"id": id}).json()


def test_reading_and_saving(page: TestClient, folder: Path) -> None:
    found = text_of(page)
    assert (found["id"], found["writable"]) == (ID, True)
    assert found["text"] == (folder / "patron.yaml").read_text()
    new = found["text"].replace("p_fall:      5% to 20%", "p_fall:      6% to 20%")
    saved = page.put("/api/text", json={"id": ID, "text": new, "sha256": found["sha256"]})
    assert saved.status_code == 200
    assert text_of(page) == {**found, "text": new, "sha256": saved.json()["sha256"]}
    assert not text_of(page, "gallery:patron")["writable"]


def test_a_conflict_shows_what_is_on_disk(page: TestClient, folder: Path) -> None:
    found = text_of(page)
    (folder / "patron.yaml").write_text("foederis: 1\ntitle: theirs\n")
    refused = page.put("/api/text", json={"id": ID, "text": "mine", "sha256": found["sha256"]})
    assert refused.status_code == 409
    assert refused.json()["text"] == "foederis: 1\ntitle: theirs\n"
    assert refused.json()["sha256"] == text_of(page)["sha256"]
    forced = page.put("/api/text", json={"id": ID, "text": "mine", "sha256": found["sha256"], "force": True})
    assert forced.status_code == 200
    assert (folder / "patron.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    "id", ["file:../outside.yaml", "file:%2e%2e/outside.yaml", "file:/etc/hostname.yaml", "gallery:patron"]
)
def test_nothing_else_is_written(page: TestClient, id: str, tmp_path: Path) -> None:
    before = (tmp_path / "outside.yaml").read_bytes()
    assert page.put("/api/text", json={"id": id, "text": "x", "sha256": "", "force": True}).status_code in (403, 404)
    assert (tmp_path / "outside.yaml").read_bytes() == before


@pytest.mark.parametrize(
    "query", ["id=file:../outside.yaml", "id=file:%2e%2e/outside.yaml", "id=file:%252e%252e/outside.yaml", "id=", ""]
)
def test_nothing_else_is_read(page: TestClient, query: str) -> None:
    for route in ("text", "model", "news", "brief"):
        reply = page.get(f"/api/{route}?{query}")
        assert reply.status_code in (403, 404)
        assert "Nobody" not in reply.text


def test_what_is_no_text_is_not_written(page: TestClient, folder: Path) -> None:
    before = (folder / "patron.yaml").read_bytes()
    body = f'{{"id": "{ID}", "text": "\\ud800", "sha256": "{text_of(page)["sha256"]}"}}'
    reply = page.put("/api/text", content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 400
    assert (folder / "patron.yaml").read_bytes() == before


def test_long_texts_are_refused(page: TestClient, folder: Path) -> None:
    before = (folder / "patron.yaml").read_bytes()
    for size in (2_000_001, 5_000_001):
        body = {"id": ID, "text": "#" * size, "sha256": text_of(page)["sha256"]}
        assert page.put("/api/text", json=body).status_code == 413
    assert page.post("/api/check", json={"id": ID, "text": "#" * 5_000_001}).status_code == 413
    assert (folder / "patron.yaml").read_bytes() == before


def test_mistakes_have_their_places(page: TestClient) -> None:
    text = text_of(page)["text"].replace("fighting: war == on", "fighting: wra == on")
    found = page.post("/api/check", json={"id": ID, "text": text}).json()
    [first, *_] = found["diagnostics"]
    line = next(number for number, content in enumerate(text.splitlines(), 1) if "wra" in content)
    assert (first["code"], first["severity"], first["line"]) == ("F102", "error", line)
    assert first["end_column"] == first["column"] + 3
    assert {"message", "help", "end_line", "context"} <= set(first)


def test_names_are_told_with_their_places(page: TestClient) -> None:
    text = text_of(page)["text"]
    names = page.post("/api/check", json={"id": ID, "text": text}).json()["names"]
    found = {(entry["kind"], entry["name"]): entry for entry in names}
    for kind, name in [
        ("actor", "patron"), ("variable", "help"), ("level", "arms"), ("fact", "fighting"), ("quantity", "stake"),
        ("source", "memo"), ("treaty", "pact"), ("exposure", "power_plant"), ("turn", "patron"), ("option", "send_arms"),
        ("event", "fall"), ("interest", "win"), ("question", "comes"), ("decision", "plant"), ("what-if", "weak_client"),
        ("claim", "no_duty"),
    ]:  # fmt: skip
        entry = found[kind, name]
        assert text.splitlines()[entry["line"] - 1][entry["column"] - 1 :].startswith(name)
    assert found["quantity", "stake"]["source"] == "memo"
    assert found["quantity", "stake"]["says"] == "5 to 20"
    assert found["option", "send_arms"]["path"] == "moves.patron.options.send_arms"


def test_a_file_that_is_torn_has_mistakes_and_no_names(page: TestClient) -> None:
    found = page.post("/api/check", json={"id": ID, "text": "foederis: 1\ntitle: [\n"}).json()
    assert found["diagnostics"][0]["code"] == "F005"
    assert found["names"] == []


BOMBS = {
    "aliases": "foederis: 1\na: &a [x, x]\nb: &b [*a, *a]\ntitle: [*b, *b]\n",
    "depth": "foederis: 1\ntitle: " + "[" * 5_000,
    "nodes": "foederis: 1\ntitle: [" + "x," * 30_000 + "]",
    "tag": "foederis: 1\ntitle: !!python/object/apply:os.system [id]\n",
    "merge": "foederis: 1\n<<: {title: x}\n",
    "wide": "foederis: 1\n" + "".join(f"k{number}: x\n" for number in range(5_000)),
    "control": "foederis: 1\ntitle: \x01\n",
}


@pytest.mark.parametrize("kind", BOMBS)
def test_bombs_are_refused_with_words(page: TestClient, folder: Path, kind: str) -> None:
    (folder / "bomb.yaml").write_text(BOMBS[kind])
    checked = page.post("/api/check", json={"id": ID, "text": BOMBS[kind]})
    assert checked.status_code == 200
    assert any(item["severity"] == "error" for item in checked.json()["diagnostics"])
    for reply in (
        page.get("/api/model", params={"id": "file:bomb.yaml"}),
        page.post("/api/changed", json={"id": "file:bomb.yaml", "set": {"title": "x"}, "on": []}),
    ):
        assert reply.status_code == 422
        assert reply.json()["diagnostics"]


def test_scripts_travel_as_words_of_json(page: TestClient, folder: Path) -> None:
    text = (folder / "patron.yaml").read_text().replace("Does the patron come?", f"'{SCRIPT}'", 2)
    (folder / "patron.yaml").write_text(text.replace("comes:        {", f"comes:        {{says: '{SCRIPT}', "))
    replies = [
        page.get("/api/cases"),
        page.get("/api/model", params={"id": ID}),
        page.get("/api/text", params={"id": ID}),
        page.get("/api/text", params={"id": f"file:{SCRIPT}.yaml"}),
        page.post("/api/check", json={"id": ID, "text": f"foederis: 1\n{SCRIPT}: 1\n"}),
        page.get(f"/api/{SCRIPT}"),
    ]
    for reply in replies:
        assert reply.headers["content-type"] == "application/json"
        assert reply.headers["x-content-type-options"] == "nosniff"
        reply.json()
    assert replies[1].json()["title"] == SCRIPT
    assert replies[1].json()["questions"][0]["says"] == SCRIPT


def test_changes_are_shown_and_not_written(page: TestClient, folder: Path) -> None:
    before = (folder / "patron.yaml").read_text()
    asked = {"id": ID, "set": {"quantities.stake": "9"}, "on": ["weak_client", "patron_comes"]}
    found = page.post("/api/changed", json=asked).json()
    assert (folder / "patron.yaml").read_text() == before
    changed = [line for line in found["diff"] if line["kind"] in "+-"]
    assert [line["kind"] for line in changed] == ["-", "-", "+", "+"]
    assert changed[2]["text"] == "  p_fall:      30% to 60%"
    assert "value: 9, unit: points" in changed[3]["text"]
    assert "patron_comes" in found["notes"][0]
    assert page.post("/api/changed", json={"id": ID, "set": {}, "on": []}).json() == {
        "text": before,
        "diff": [],
        "notes": [],
    }


@pytest.mark.parametrize(
    ("settings", "on", "code"),
    [
        ({"quantities.nobody": "3"}, [], "F114"),
        ({"quantities.stake": "nonsense"}, [], "F102"),
        ({"quantities.stake": ""}, [], "F114"),
        ({"quantities.stake": "{"}, [], "F005"),
        ({}, ["nobody"], "F109"),
    ],
)
def test_changes_that_mean_nothing_are_mistakes(
    page: TestClient, settings: dict[str, str], on: list[str], code: str
) -> None:
    for route, more in (("changed", {}), ("keep", {"name": "x", "says": "", "sha256": text_of(page)["sha256"]})):
        reply = page.post(f"/api/{route}", json={"id": ID, "set": settings, "on": on, **more})
        assert reply.status_code == 422
        assert reply.json()["diagnostics"][0]["code"] == code


@pytest.mark.parametrize(("settings", "on"), [({"a": 1}, []), ([], []), ({}, {"a": 1}), ({}, [1]), ("x", [])])
def test_changes_are_texts_and_names(page: TestClient, settings: Any, on: Any) -> None:
    assert page.post("/api/changed", json={"id": ID, "set": settings, "on": on}).status_code == 400


def test_keeping_makes_a_what_if(page: TestClient) -> None:
    asked = {
        "id": ID,
        "set": {"quantities.stake": "9"},
        "on": ["weak_client", "patron_comes"],
        "name": "both",
        "says": "Both: now",
    }
    found = page.post("/api/keep", json={**asked, "sha256": text_of(page)["sha256"]}).json()
    kept = read_text(found["text"]).whatifs["both"]
    assert [path for path, _ in kept.changes] == ["quantities.p_fall", "quantities.stake"]
    assert [(move.step, move.turn, move.option) for move in kept.imposed] == [(0, "patron", "intervene")]
    assert kept.says == "Both: now"
    assert {line["kind"] for line in found["diff"]} == {"@", " ", "+"}


@pytest.mark.parametrize(
    ("name", "status"),
    [("weak_client", 409), ("two words", 422), ("yes", 422), ("", 422), ("a: b", 422), ("x\ny", 422), ("{", 422)],
)
def test_a_what_if_needs_a_name_of_its_own(page: TestClient, name: str, status: int) -> None:
    asked = {"id": ID, "set": {"quantities.stake": "9"}, "on": [], "name": name, "says": ""}
    assert page.post("/api/keep", json={**asked, "sha256": text_of(page)["sha256"]}).status_code == status


def test_nothing_is_kept_for_a_text_that_has_changed(page: TestClient) -> None:
    asked = {"id": ID, "set": {"quantities.stake": "9"}, "on": [], "name": "x", "says": "", "sha256": "0" * 64}
    reply = page.post("/api/keep", json=asked)
    assert reply.status_code == 409
    assert reply.json()["sha256"] == text_of(page)["sha256"]


def test_the_page_of_a_code_is_that_of_the_command_line(page: TestClient) -> None:
    found = page.get("/api/explain", params={"code": "f104"})
    assert found.json() == {"text": explanation("F104")}
    for code in ("", "F999", "../F104", "é" * 500):
        refused = page.get("/api/explain", params={"code": code})
        assert refused.status_code == 404
        assert "there is no message" in refused.json()["error"]["message"]


def test_the_schema_is_that_of_the_language(page: TestClient) -> None:
    assert page.get("/api/schema").json() == json_schema()
