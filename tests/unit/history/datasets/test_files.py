"""Where files are found, what makes one another version, and fetching from a server of our own."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import os
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from foederis.history.datasets import dataset, datasets, files, load, named, require
from foederis.history.datasets.dataset import Column, DataError, DataFile, Dataset, Kind

CONTENT = b"state,year\n565,1990\n"


def known(**changes: object) -> Dataset:
    digest = hashlib.sha256(CONTENT).hexdigest()
    file = DataFile("small.csv", len(CONTENT), digest, digest, 2)
    columns = {"state": Column(Kind.WHOLE, "state", ""), "year": Column(Kind.WHOLE, "year", "")}
    made = dataclasses.replace(file, **changes)  # type: ignore[arg-type]
    return Dataset("small", "Small data", "1.0", "", "", "https://example.net/small", (made,), "", (), columns)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOEDERIS_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def test_the_folder_is_named_or_in_the_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("FOEDERIS_DATA", str(tmp_path / "mine"))
    assert files.folder() == tmp_path / "mine"
    monkeypatch.delenv("FOEDERIS_DATA")
    assert files.folder() == tmp_path / "foederis" / "data"


def test_a_file_is_found_in_a_folder_within(home: Path) -> None:
    assert files.find(known()) is None
    (home / "within").mkdir()
    (home / "within" / "small.csv").write_bytes(CONTENT)
    found = files.find(known())
    assert found is not None
    assert found.path == home / "within" / "small.csv"
    assert files.checked(known()) == found.path


def test_of_several_the_nearest_is_found_looking_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = dataclasses.replace(known(), name="other", files=(dataclasses.replace(known().files[0], name="b.csv"),))
    gone = dataclasses.replace(known(), name="gone", files=(dataclasses.replace(known().files[0], name="c.csv"),))
    for place in ("z/small.csv", "a/small.csv", "a/b.csv", "b.csv"):
        (home / place).parent.mkdir(exist_ok=True)
        (home / place).write_bytes(CONTENT)
    looked = []
    walk = os.walk
    monkeypatch.setattr(os, "walk", lambda where: looked.append(where) or walk(where))
    found = {name: one and one.path for name, one in files.find_all([known(), other, gone]).items()}
    assert found == {"small": home / "a" / "small.csv", "other": home / "b.csv", "gone": None}
    assert looked == [home]


def test_a_missing_file_says_where_to_get_it(home: Path) -> None:
    with pytest.raises(DataError) as caught:
        files.locate(known())
    assert "no file `small.csv`" in caught.value.message
    assert "https://example.net/small publishes it" in caught.value.help
    assert "FOEDERIS_DATA" in caught.value.help
    with pytest.raises(DataError) as caught:
        files.locate(known(address="https://example.net/small.csv"))
    assert "`foederis data fetch small` gets it from https://example.net/small.csv" in caught.value.help


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_make_no_other_version(home: Path, end: bytes) -> None:
    (home / "small.csv").write_bytes(b"\xef\xbb\xbf" + CONTENT.replace(b"\n", end))
    assert files.checked(known()) == home / "small.csv"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"state,jahr\n565,1990\n", "has other columns than the known version: `year` cannot be found there"),
        (b"state,year,more\n565,1990,1\n", "has 3 columns, and the known version 2"),
        (b"state,year\n565,1991\n", "holds other data than the known version"),
        (b"\n", "small.csv is empty"),
    ],
)
def test_another_version_is_refused(home: Path, content: bytes, message: str) -> None:
    (home / "small.csv").write_bytes(content)
    with pytest.raises(DataError) as caught:
        files.checked(known())
    assert message in caught.value.message
    assert "small is read in version 1.0 only" in caught.value.help


def test_all_files_that_are_missing_or_wrong_are_named_at_once(home: Path) -> None:
    (home / "majors2016.csv").write_text("stateabb\n", encoding="utf-8")
    (home / "states2016.csv").write_text("", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        require(["majors", "system", "states"])
    for words in (
        f"1 of 3 data files are not in {home}:\n   system: `system2016.csv`",
        f"2 of 3 data files are not as known:\n   majors: {home / 'majors2016.csv'} has other columns",
        f"states: {home / 'states2016.csv'} is empty",
    ):
        assert words in caught.value.message
    assert [line.split(":")[0].strip() for line in caught.value.help.split("\n")[1:]] == ["majors", "system", "states"]
    with pytest.raises(DataError, match=r"^.*/majors2016\.csv has other columns"):
        require(["majors"])


def test_a_folder_that_is_none_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_bytes(b"")
    for name, words in (("file", "a file, not a folder"), ("nowhere", "no folder yet")):
        monkeypatch.setenv("FOEDERIS_DATA", str(home / name))
        with pytest.raises(DataError, match=f"{home / name}, which is {words}"):
            files.locate(known())
        with pytest.raises(DataError, match=f"FOEDERIS_DATA names {home / name}, which is {words}"):
            files.require_folder()
    monkeypatch.setenv("FOEDERIS_DATA", str(home / "file" / "within"))
    with pytest.raises(DataError, match="nothing can be written to") as caught:
        files.fetch(known(address="http://127.0.0.1:9/small.csv"))
    assert "FOEDERIS_DATA" in caught.value.help


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """An address under which a folder `there` is served."""
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "small.csv").write_bytes(CONTENT)
    handler = functools.partial(_Quiet, directory=str(tmp_path / "there"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        thread = threading.Thread(target=serving.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_plain_file_is_fetched_and_checked(home: Path, server: str, confirmed: bool) -> None:
    wanted = known(address=f"{server}/small.csv", confirmed=confirmed)
    assert files.fetch(wanted) == home / "small.csv"
    assert (home / "small.csv").read_bytes() == CONTENT
    assert [path.name for path in home.iterdir()] == ["small.csv"]


@pytest.mark.parametrize("confirmed", [True, False])
def test_what_comes_in_another_version_is_not_kept(home: Path, server: str, tmp_path: Path, confirmed: bool) -> None:
    (tmp_path / "there" / "small.csv").write_bytes(b"state,year\n565,1991\n")
    with pytest.raises(DataError, match="what came from"):
        files.fetch(known(address=f"{server}/small.csv", confirmed=confirmed))
    assert list(home.iterdir()) == []


def test_what_is_there_is_not_fetched_again(home: Path) -> None:
    (home / "small.csv").write_bytes(CONTENT)
    assert files.fetch(known(address="http://127.0.0.1:9/small.csv")) == home / "small.csv"


def test_another_version_is_not_written_over(home: Path, server: str) -> None:
    (home / "small.csv").write_bytes(b"state,year\n565,1991\n")
    with pytest.raises(DataError, match="holds other data") as caught:
        files.fetch(known(address=f"{server}/small.csv"))
    assert "move it away" in caught.value.help
    assert (home / "small.csv").read_bytes() == b"state,year\n565,1991\n"


def test_what_cannot_be_fetched_says_so(home: Path, server: str) -> None:
    with pytest.raises(DataError, match="offer no plain file"):
        files.fetch(known())
    with pytest.raises(DataError, match="could not be fetched"):
        files.fetch(known(address=f"{server}/missing.csv"))
    with pytest.raises(DataError, match=r"could not be fetched from http://127.0.0.1:9/small.csv \(no connection\)"):
        files.fetch(known(address="http://127.0.0.1:9/small.csv"))


def test_every_dataset_is_described() -> None:
    for name, one in datasets().items():
        assert name == one.name
        for text in (one.title, one.version, one.citation, one.terms, one.page, one.missing):
            assert text, name
        assert one.traps, name
        assert one.page.startswith(("https://", "http://"))
        for file in one.files:
            assert len(file.sha256) == len(file.content_sha256) == 64
            assert bool(file.converted) == (file.form == "converted")


def test_an_unknown_name_is_a_message() -> None:
    with pytest.raises(DataError) as caught:
        dataset("cow-war")
    assert caught.value.help == "did you mean `cow-wars`?"
    with pytest.raises(DataError, match="there is no dataset `nothing`"):
        load("nothing")
    with pytest.raises(DataError) as caught:
        named(["cow-war", "majors", "major"])
    assert caught.value.message == (
        "2 mistakes:\n   there is no dataset `cow-war` (did you mean `cow-wars`?)"
        "\n   there is no dataset `major` (did you mean `majors`?)"
    )
