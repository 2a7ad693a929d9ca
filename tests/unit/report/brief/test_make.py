"""`fd.report`: where a brief is written, and where not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import foederis as fd
from foederis.report.brief import make
from tests.unit.report.brief import cases


def test_the_file_is_written_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = fd.report("patron", draws=cases.DRAWS)
    assert path == Path("patron-brief.html")
    assert path.read_text(encoding="utf-8") == cases.page_of("patron")
    assert [item.name for item in tmp_path.iterdir()] == ["patron-brief.html"]
    assert path.stat().st_mode & 0o077 == 0o066 & ~make._mask() & 0o077


def test_the_bytes_do_not_depend_on_the_place(tmp_path: Path) -> None:
    case = fd.load("patron")
    one = fd.report(case, tmp_path / "a.html", draws=cases.DRAWS)
    assert one.read_bytes() == cases.page_of("patron").encode()


@pytest.mark.parametrize(
    ("place", "said"),
    [("", "is a folder; name a file in it"), ("nowhere/x.html", "there is no folder"), ("held/x.html", "permission")],
)
def test_places_that_cannot_be_written(tmp_path: Path, place: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "held").mkdir()
    # Root may write everywhere, so the question is answered for it.
    monkeypatch.setattr(os, "access", lambda path, mode: "held" not in str(path))
    monkeypatch.setattr(make, "gather", lambda *_, **__: pytest.fail("solved before the place was looked at"))
    with pytest.raises(fd.BriefError, match=said):
        fd.report("patron", tmp_path / place)


def test_an_older_brief_stays_if_the_new_one_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "brief.html"
    path.write_text("older", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(fd.BriefError, match=r"brief\.html cannot be written: No space left on device"):
        make.write("newer", path)
    assert path.read_text(encoding="utf-8") == "older"
    assert [item.name for item in tmp_path.iterdir()] == ["brief.html"]


def test_mistakes_are_those_of_a_solve(tmp_path: Path) -> None:
    for wrong in ({"what_ifs": ["nope"]}, {"draws": 0}, {"settings": ["quantities.nope=3"]}):
        with pytest.raises(fd.CaseError):
            fd.report("patron", tmp_path / "x.html", **wrong)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())
