"""The list of cases, and new ones."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import foederis as fd
from foederis.web import cases
from foederis.web.cases import Checks, template
from foederis.web.failures import Gone
from foederis.web.folder import Folder
from tests.unit.web.conftest import HereDesk


def listed(page: TestClient) -> dict[str, dict[str, Any]]:
    found = page.get("/api/cases").json()
    return {entry["id"]: entry for entry in [*found["cases"], *found["gallery"]]}


def test_the_list_has_the_folder_and_the_gallery(page: TestClient) -> None:
    found = page.get("/api/cases").json()
    assert (found["folder"], found["version"], found["notes"]) == ("inside", fd.__version__, [])
    assert [entry["id"] for entry in found["gallery"]] == [f"gallery:{name}" for name in fd.gallery()]
    [own] = found["cases"]
    assert own["title"] == "Does the patron come?"
    assert (own["id"], own["path"], own["state"], own["errors"]) == ("file:patron.yaml", "patron.yaml", "ok", 0)
    assert (own["typed"], own["draws"]) == (False, 1024)
    typed = {entry["id"]: (entry["typed"], entry["draws"]) for entry in found["gallery"]}
    assert typed["gallery:cuba"] == (True, 256)
    assert typed["gallery:kremlin"] == (False, 1024)


def test_mistakes_and_warnings_are_counted(page: TestClient, folder: Path) -> None:
    text = (folder / "patron.yaml").read_text()
    (folder / "wrong.yaml").write_text(text.replace("fighting: war == on", "fighting: war == off"))
    (folder / "warned.yaml").write_text(text.replace("quantities:", "quantities:\n  unread: 1 to 2"))
    (folder / "torn.yaml").write_text("foederis: 1\ntitle: [\n")
    (folder / "binary.yaml").write_bytes(b"foederis: \xff")
    found = listed(page)
    assert found["file:wrong.yaml"]["state"] == "errors"
    assert found["file:wrong.yaml"]["errors"] >= 1
    assert found["file:wrong.yaml"]["title"] == "Does the patron come?"
    assert (found["file:warned.yaml"]["state"], found["file:warned.yaml"]["warnings"]) == ("warnings", 1)
    assert (found["file:torn.yaml"]["state"], found["file:torn.yaml"]["title"]) == ("errors", "")
    assert found["file:binary.yaml"]["state"] == "errors"


@pytest.mark.usefixtures("begun")
def test_a_check_is_done_once_for_a_content(page: TestClient, folder: Path, desk: HereDesk) -> None:
    listed(page)
    before = len(desk.asked)
    listed(page)
    assert len(desk.asked) == before
    (folder / "patron.yaml").write_text((folder / "patron.yaml").read_text() + "# more\n")
    listed(page)
    assert len(desk.asked) == before + 1


def test_checks_begin_before_anybody_asks(folder: Path) -> None:
    async def look() -> tuple[list[Any], int]:
        desk, files = HereDesk(), Folder(folder)
        checks = Checks(desk)
        await checks.begin(files)
        found = await checks.summaries([files.read("gallery:patron"), files.read("file:patron.yaml")], patience=600)
        return found, len(desk.asked)

    found, asked = asyncio.run(look())
    assert [entry["state"] for entry in found] == ["ok", "ok"]
    assert asked == len(set(fd.gallery())) + 1


@pytest.mark.usefixtures("begun")
def test_what_hangs_on_other_files_is_checked_each_time(page: TestClient, folder: Path) -> None:
    text = (folder / "patron.yaml").read_text()
    old, new = "memo: {title: An invented memo, reliability: B}", "memo: {title: An invented memo, file: memo.txt}"
    assert old in text
    (folder / "patron.yaml").write_text(text.replace(old, new))
    assert listed(page)["file:patron.yaml"]["state"] == "errors"
    (folder / "memo.txt").write_text("an invented memo")
    assert listed(page)["file:patron.yaml"]["state"] == "ok"


def test_what_hangs_on_other_files_is_not_kept_from_the_beginning(folder: Path) -> None:
    text = (folder / "patron.yaml").read_text()
    hangs = text.replace("title: An invented memo, reliability: B", "title: An invented memo, file: memo.txt")
    (folder / "patron.yaml").write_text(hangs)

    async def look() -> list[Any]:
        checks, files = Checks(HereDesk()), Folder(folder)
        await checks.begin(files)
        await asyncio.gather(*checks._running.values())
        (folder / "memo.txt").write_text("an invented memo")
        return await checks.summaries([files.read("file:patron.yaml")], patience=600)

    assert [entry["state"] for entry in asyncio.run(look())] == ["ok"]


def test_what_takes_long_is_told_later(folder: Path) -> None:
    class Slow(HereDesk):
        async def run(self, kind: str, payload: dict[str, Any], **options: Any) -> dict[str, Any]:
            await asyncio.Event().wait()
            return {}

    async def look() -> list[Any]:
        checks = Checks(Slow())
        found = await checks.summaries([Folder(folder).read("file:patron.yaml")], patience=0)
        await checks.stop()
        return found

    assert asyncio.run(look()) == [None]


def test_still_checking_is_a_state(page: TestClient, state: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(documents: list[Any], patience: float) -> list[None]:
        return [None] * len(documents)

    monkeypatch.setattr(state.checks, "summaries", none)
    assert listed(page)["file:patron.yaml"]["state"] == "checking"


def test_a_check_that_fails_is_told_of(page: TestClient, desk: HereDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: Any, **__: Any) -> dict[str, Any]:
        raise RuntimeError("it took too much memory")

    monkeypatch.setattr(desk, "run", fails)
    entry = listed(page)["file:patron.yaml"]
    assert (entry["state"], entry["question"]) == ("errors", "it took too much memory")


@pytest.mark.usefixtures("begun")
def test_what_ends_with_its_process_is_checked_again(
    page: TestClient, folder: Path, desk: HereDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ends(*_: Any, **__: Any) -> dict[str, Any]:
        raise Gone("the process ended")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk, "run", ends)
        (folder / "patron.yaml").write_bytes((folder / "patron.yaml").read_bytes() + b"# anew\n")
        assert page.get("/api/cases").json()["cases"][0]["question"] == "the process ended"
    assert page.get("/api/cases").json()["cases"][0]["state"] != "errors"


def test_kept_checks_do_not_grow_for_ever(page: TestClient, state: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "MAX_KEPT", 2)
    listed(page)
    assert len(state.checks._done) <= 2


def test_new_duplicate_and_rename(page: TestClient, folder: Path) -> None:
    made = page.post("/api/cases", json={"name": "mine", "from": None})
    assert (made.status_code, made.json()) == (201, {"id": "file:mine.yaml"})
    assert (folder / "mine.yaml").read_bytes() == template()
    assert listed(page)["file:mine.yaml"]["state"] == "ok"
    assert page.post("/api/cases", json={"name": "mine", "from": None}).status_code == 409
    assert page.post("/api/cases", json={"name": "k", "from": "gallery:kremlin"}).json() == {"id": "file:k.yaml"}
    assert page.post("/api/rename", json={"id": "file:mine.yaml", "name": "yours"}).json() == {"id": "file:yours.yaml"}
    assert page.post("/api/rename", json={"id": "file:yours.yaml", "name": "k"}).status_code == 409
    assert page.post("/api/rename", json={"id": "file:nobody.yaml", "name": "x"}).status_code == 404
    for name in ("../x", "con", "", "x" * 500):
        reply = page.post("/api/cases", json={"name": name, "from": None})
        assert reply.status_code == 400
        assert reply.json()["error"]["cure"]
    assert {path.name for path in folder.iterdir()} == {"patron.yaml", "k.yaml", "yours.yaml"}


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b'{"name": 1, "from": null}', "application/json", 400),
        (b'{"from": null}', "application/json", 400),
        (b'{"name": "\\ud800", "from": null}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"name": "x", "from": null}', "text/plain", 415),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b'{"name": ' + b"9" * 10_000 + b"}", "application/json", 400),
    ],
)
def test_what_is_not_asked_properly_is_refused(page: TestClient, body: bytes, kind: str, status: int) -> None:
    reply = page.post("/api/cases", content=body, headers={"content-type": kind})
    assert reply.status_code == status
    assert reply.json()["error"]["message"]
