"""Files of the folder and nothing else; saved at once or not at all."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest

from foederis.analysis.gallery import gallery
from foederis.diagnostics import CaseError
from foederis.web import disk
from foederis.web import folder as folder_module
from foederis.web.folder import Folder, file_name
from foederis.web.plain import Refusal


def status_of(work: object) -> int:
    assert isinstance(work, pytest.ExceptionInfo)
    assert isinstance(work.value, Refusal)
    return work.value.status


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


OUTSIDE = [
    "../outside.yaml",
    "/etc/hostname",
    "/etc/hostname.yaml",
    "sub/../../outside.yaml",
    "./patron.yaml",
    "sub//patron.yaml",
    "..",
    "",
    ".hidden.yaml",
    ".git/x.yaml",
    "patron.txt",
    "patron.yaml.txt",
    "..\\outside.yaml",
    "a\0b.yaml",
    "a\nb.yaml",
    "a/b/c/d/e/f.yaml",
    "x" * 300 + ".yaml",
    "%2e%2e/outside.yaml",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_what_is_outside_is_neither_read_nor_written(folder: Path, path: str) -> None:
    files = Folder(folder)
    before = sorted(folder.parent.rglob("*"))
    with pytest.raises(Refusal) as read:
        files.read(f"file:{path}")
    with pytest.raises(Refusal) as saved:
        files.save(f"file:{path}", "foederis: 1\n", "")
    with pytest.raises(Refusal) as forced:
        files.save(f"file:{path}", "foederis: 1\n", "", force=True)
    assert {status_of(read), status_of(saved), status_of(forced)} <= {403, 404}
    assert sorted(folder.parent.rglob("*")) == before


@pytest.mark.parametrize(
    "id",
    ["patron.yaml", "gallery:", "gallery:nobody", "gallery:../patron", "gallery:patron/patron.yaml", "http://x", ""],
)
def test_other_ids_lead_nowhere(folder: Path, id: str) -> None:
    with pytest.raises(Refusal) as refused:
        Folder(folder).read(id)
    assert status_of(refused) == 404


@pytest.fixture
def linked(folder: Path) -> Path:
    """The folder with every way of leading out by a symbolic link."""
    (folder / "file.yaml").symlink_to(folder.parent / "outside.yaml")
    (folder / "sub").symlink_to(folder.parent)
    (folder / "deep").mkdir()
    (folder / "deep" / "up").symlink_to("../..")
    (folder / "dangling.yaml").symlink_to(folder.parent / "new.yaml")
    return folder


@pytest.mark.parametrize(
    "path", ["file.yaml", "sub/outside.yaml", "deep/up/outside.yaml", "dangling.yaml", "sub/new.yaml"]
)
def test_no_link_leads_out(linked: Path, path: str) -> None:
    files, outside = Folder(linked), linked.parent / "outside.yaml"
    before = outside.read_bytes()
    for force in (False, True):
        for base in ("", sha(outside)):
            with pytest.raises(Refusal):
                files.save(f"file:{path}", "foederis: 1\ntitle: mine\n", base, force)
    for work in (
        lambda: files.read(f"file:{path}"),
        lambda: files.duplicate(f"file:{path}", "mine"),
        lambda: files.rename(f"file:{path}", "mine"),
    ):
        with pytest.raises(Refusal):
            work()
    assert outside.read_bytes() == before
    assert not (linked.parent / "new.yaml").exists()
    assert not (linked / "mine.yaml").exists()


def test_links_are_not_listed(linked: Path) -> None:
    listing = Folder(linked).listing()
    assert (listing.paths, listing.notes) == (("patron.yaml",), ())


@pytest.mark.parametrize("name", ["file", "dangling"])
def test_a_link_in_the_way_of_a_new_name_stays(linked: Path, name: str) -> None:
    files = Folder(linked)
    for work in (lambda: files.create(name, b"x"), lambda: files.rename("file:patron.yaml", name)):
        with pytest.raises(Refusal) as refused:
            work()
        assert status_of(refused) == 409
    assert (linked / f"{name}.yaml").is_symlink()
    assert (linked / "patron.yaml").exists()


def test_a_folder_that_is_itself_behind_a_link_can_be_served(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "shortcut").symlink_to(folder)
    assert Folder(tmp_path / "shortcut").read("file:patron.yaml").name == "patron"


def test_only_plain_files_are_read(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    (folder / "folder.yaml").mkdir()
    files = Folder(folder)
    for path in ("pipe.yaml", "folder.yaml"):
        with pytest.raises(Refusal) as refused:
            files.read(f"file:{path}")
        assert status_of(refused) == 403
    assert files.listing().paths == ("patron.yaml",)


def test_what_is_refused_is_closed_again(folder: Path) -> None:
    (folder / "folder.yaml").mkdir()
    files, before = Folder(folder), len(os.listdir("/dev/fd"))  # noqa: PTH208
    for _ in range(3):
        with pytest.raises(Refusal):
            files.read("file:folder.yaml")
    assert len(os.listdir("/dev/fd")) == before  # noqa: PTH208


@pytest.mark.parametrize("blank", ["\n", " ", "{ ", "'"])
def test_a_file_of_blanks_is_looked_at_once(folder: Path, blank: str) -> None:
    """Where every blank is tried with every other, this does not end."""
    (folder / "blank.yaml").write_text(blank * 200_000)
    assert Folder(folder).listing().paths == ("patron.yaml",)


def test_listing_finds_crisis_files_and_leaves_the_rest(folder: Path) -> None:
    (folder / "b" / "c").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for path, text in {
        "b/c/deep.yml": "# first\nfoederis: 1\n",
        "b/broken.yaml": "foederis: [\n",
        "flow.yaml": "{foederis: 1}",
        "marked.yaml": "\ufefffoederis: 1\n",
        "news.yaml": "observed: []\n",
        "docker-compose.yaml": "services: {}\n",
        "notes.txt": "foederis: 1\n",
        ".hidden/x.yaml": "foederis: 1\n",
        ".x.yaml": "foederis: 1\n",
    }.items():
        (folder / path).write_text(text)
    listing = Folder(folder).listing()
    assert listing.paths == ("flow.yaml", "marked.yaml", "patron.yaml", "b/broken.yaml", "b/c/deep.yml")
    assert listing.notes == ()


def test_what_is_left_out_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "MAX_LISTED", 3)
    for number in range(5):
        (folder / f"{number}.yaml").write_text("foederis: 1\n")
    listing = Folder(folder).listing()
    assert len(listing.paths) == 3
    assert "holds more" in listing.notes[0]
    monkeypatch.setattr(folder_module, "MAX_LOOKED_AT", 2)
    assert len(Folder(folder).listing().paths) == 2


def test_too_deep_is_not_listed(folder: Path) -> None:
    deep = folder / "a" / "b" / "c" / "d"
    (deep / "e").mkdir(parents=True)
    (deep / "x.yaml").write_text("foederis: 1\n")
    (deep / "e" / "x.yaml").write_text("foederis: 1\n")
    listing = Folder(folder).listing()
    assert (listing.paths, listing.notes) == (("patron.yaml", "a/b/c/d/x.yaml"), ())


def test_saving_keeps_the_permissions_and_leaves_nothing_behind(folder: Path) -> None:
    path = folder / "patron.yaml"
    path.chmod(0o640)
    new = Folder(folder).save("file:patron.yaml", "foederis: 1\ntitle: é\n", sha(path))
    assert path.read_text(encoding="utf-8") == "foederis: 1\ntitle: é\n"
    assert new == sha(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [entry.name for entry in folder.iterdir()] == ["patron.yaml"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a: 1\r\nb: 2\r\n", b"a: 1\r\nc: 3\r\n"),
        (b"\xef\xbb\xbfa: 1\nb: 2\n", b"\xef\xbb\xbfa: 1\nc: 3\n"),
        (b"\xef\xbb\xbfa: 1\r\nb: 2", b"\xef\xbb\xbfa: 1\r\nc: 3\r\n"),
        (b"a: 1\r\nb: 2\n", b"a: 1\nc: 3\n"),
        (b"a: 1", b"a: 1\nc: 3\n"),
    ],
)
def test_line_breaks_stay_as_they_were(folder: Path, before: bytes, after: bytes) -> None:
    path = folder / "patron.yaml"
    path.write_bytes(before)
    files = Folder(folder)
    document = files.read("file:patron.yaml")
    assert document.text == before.decode("utf-8-sig").replace("\r\n", "\n")
    assert files.save(document.id, "a: 1\nc: 3\n", document.sha256) == sha(path)
    assert path.read_bytes() == after


def test_a_file_changed_meanwhile_is_not_overwritten(folder: Path) -> None:
    files, path = Folder(folder), folder / "patron.yaml"
    base = files.read("file:patron.yaml").sha256
    path.write_text("foederis: 1\ntitle: theirs\n")
    with pytest.raises(Refusal) as refused:
        files.save("file:patron.yaml", "foederis: 1\ntitle: mine\n", base)
    assert status_of(refused) == 409
    assert refused.value.more == {"text": "foederis: 1\ntitle: theirs\n", "sha256": sha(path)}
    assert "theirs" in path.read_text()
    files.save("file:patron.yaml", "foederis: 1\ntitle: mine\n", base, force=True)
    assert "mine" in path.read_text()


def test_a_file_that_is_gone_is_not_made_again_unasked(folder: Path) -> None:
    files, path = Folder(folder), folder / "patron.yaml"
    base = files.read("file:patron.yaml").sha256
    path.unlink()
    with pytest.raises(Refusal) as refused:
        files.save("file:patron.yaml", "x", base)
    assert status_of(refused) == 409
    assert refused.value.more == {"text": "", "sha256": ""}
    assert not path.exists()
    files.save("file:patron.yaml", "x", base, force=True)
    assert path.read_text() == "x"


def test_a_file_that_was_emptied_is_still_there(folder: Path) -> None:
    files, path = Folder(folder), folder / "patron.yaml"
    base = files.read("file:patron.yaml").sha256
    path.write_bytes(b"")
    with pytest.raises(Refusal, match="changed on disk") as refused:
        files.save("file:patron.yaml", "x", base)
    files.save("file:patron.yaml", "x", refused.value.more["sha256"])
    assert path.read_text() == "x"


def test_a_new_file_can_be_saved_once(folder: Path) -> None:
    files = Folder(folder)
    assert files.save("file:news.yaml", "observed: []\n", "") == sha(folder / "news.yaml")
    with pytest.raises(Refusal) as refused:
        files.save("file:news.yaml", "observed: []\n", "")
    assert status_of(refused) == 409


def test_what_goes_wrong_while_saving_leaves_the_old_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "patron.yaml"
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    for step in ("fsync", "replace"):
        with monkeypatch.context() as broken:
            broken.setattr(disk.os, step, full)
            with pytest.raises(Refusal) as refused:
                Folder(folder).save("file:patron.yaml", "x", sha(path))
            assert status_of(refused) == 507
        assert path.read_bytes() == before
        assert [entry.name for entry in folder.iterdir()] == ["patron.yaml"]


def test_what_may_not_be_written_is_not(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module.os, "access", lambda *_, **__: False)
    document = Folder(folder).read("file:patron.yaml")
    assert not document.writable
    with pytest.raises(Refusal) as refused:
        Folder(folder).save(document.id, "x", document.sha256)
    assert status_of(refused) == 403


def test_the_gallery_cannot_be_changed(folder: Path) -> None:
    files = Folder(folder)
    document = files.read("gallery:patron")
    assert not document.writable
    for work in (
        lambda: files.save(document.id, "x", document.sha256, force=True),
        lambda: files.rename(document.id, "mine"),
    ):
        with pytest.raises(Refusal) as refused:
            work()
        assert status_of(refused) == 403


def test_duplicates_are_equal_byte_for_byte_and_lie_beside(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "a.yaml").write_bytes(b"\xef\xbb\xbffoederis: 1\r\n")
    files = Folder(folder)
    assert files.duplicate("file:sub/a.yaml", "b") == "file:sub/b.yaml"
    assert (folder / "sub" / "b.yaml").read_bytes() == b"\xef\xbb\xbffoederis: 1\r\n"
    assert files.duplicate("gallery:kremlin", "mine") == "file:mine.yaml"
    assert files.read("file:mine.yaml").text == files.read("gallery:kremlin").text
    with pytest.raises(Refusal) as refused:
        files.duplicate("gallery:kremlin", "patron")
    assert status_of(refused) == 409


def test_the_news_of_a_case_is_duplicated_with_it(folder: Path) -> None:
    files = Folder(folder)
    assert files.duplicate("gallery:kremlin_hint", "hint") == "file:hint.yaml"
    news = (gallery()["kremlin_hint"].parent / "news.yaml").read_bytes()
    assert (folder / "hint.news.yaml").read_bytes() == news
    assert files.duplicate("file:hint.yaml", "again") == "file:again.yaml"
    assert (folder / "again.news.yaml").read_bytes() == news
    (folder / "sub").mkdir()
    (folder / "sub" / "a.yaml").write_text("foederis: 1\n")
    (folder / "sub" / "news.yaml").write_bytes(b"observed: []\r\n")
    files.duplicate("file:sub/a.yaml", "b")
    assert (folder / "sub" / "b.news.yaml").read_bytes() == b"observed: []\r\n"


def test_a_duplicate_does_not_come_by_the_news_of_another_case(folder: Path) -> None:
    (folder / "mine.news.yaml").write_text("observed: []\n")
    for id in ("gallery:kremlin_hint", "file:patron.yaml"):
        with pytest.raises(Refusal) as refused:
            Folder(folder).duplicate(id, "mine")
        assert status_of(refused) == 409
    assert not (folder / "mine.yaml").exists()
    assert (folder / "mine.news.yaml").read_text() == "observed: []\n"


def test_renaming_overwrites_nothing(folder: Path) -> None:
    files = Folder(folder)
    before = (folder / "patron.yaml").read_bytes()
    files.create("other", b"foederis: 1\n")
    with pytest.raises(Refusal) as refused:
        files.rename("file:patron.yaml", "other")
    assert status_of(refused) == 409
    assert files.rename("file:patron.yaml", "patron") == "file:patron.yaml"
    assert files.rename("file:patron.yaml", "new name") == "file:new name.yaml"
    assert (folder / "new name.yaml").read_bytes() == before
    assert {entry.name for entry in folder.iterdir()} == {"new name.yaml", "other.yaml"}
    (folder / "x.yml").write_text("foederis: 1\n")
    assert files.rename("file:x.yml", "y.yaml") == "file:y.yml"


def test_news_take_the_name_of_their_case(folder: Path) -> None:
    files = Folder(folder)
    files.create("other", b"foederis: 1\n")
    (folder / "patron.news.yaml").write_text("observed: []\n")
    with pytest.raises(Refusal) as refused:
        files.rename("file:other.yaml", "patron.news")
    with pytest.raises(Refusal) as refused:
        files.rename("file:patron.yaml", "other")
    assert status_of(refused) == 409
    files.rename("file:patron.yaml", "new")
    assert {entry.name for entry in folder.iterdir()} == {"new.yaml", "new.news.yaml", "other.yaml"}
    assert (folder / "new.news.yaml").read_text() == "observed: []\n"
    (folder / "stray.news.yaml").write_text("observed: []\n")
    with pytest.raises(Refusal, match="news of a case `stray`") as refused:
        files.rename("file:new.yaml", "stray")
    assert (folder / "new.yaml").exists()


@pytest.mark.parametrize(
    "name",
    ["", " ", "../x", "a/b", "/x", "..", ".", ".hidden", "con", "CON", "nul.yaml", "com1", "lpt9.txt", "a\0", "a\nb", "a:b",
     "<b>", "x" * 201, "é" * 101, "a\\b", "-rf", "x.", "tab\tname", "\ud800", "\u202ename"],
)  # fmt: skip
def test_bad_names_are_refused(folder: Path, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        Folder(folder).create(name, b"x")
    assert status_of(refused) == 400
    assert [entry.name for entry in folder.iterdir()] == ["patron.yaml"]


@pytest.mark.parametrize(
    ("name", "made"),
    [("my case", "my case.yaml"), ("krise_ä", "krise_ä.yaml"), ("a\u0308", "ä.yaml"), ("case.yaml", "case.yaml"), ("v1.2", "v1.2.yaml"),
     ("危機", "危機.yaml"), (" x ", "x.yaml"), ("console", "console.yaml"), ("x.yml", "x.yaml")],
)  # fmt: skip
def test_good_names_are_kept(name: str, made: str) -> None:
    assert file_name(name) == made


def test_what_is_no_text_or_too_large_is_a_mistake_of_the_file(folder: Path) -> None:
    (folder / "binary.yaml").write_bytes(b"foederis: \xff\xfe")
    (folder / "large.yaml").write_bytes(b"foederis: 1\n" + b"#" * 2_000_001)
    for path, code in (("binary.yaml", "F002"), ("large.yaml", "F003")):
        with pytest.raises(CaseError) as mistake:
            Folder(folder).read(f"file:{path}")
        assert mistake.value.diagnostics[0].code == code
    base = sha(folder / "patron.yaml")
    with pytest.raises(Refusal) as refused:
        Folder(folder).save("file:patron.yaml", "#" * 2_000_001, base)
    assert status_of(refused) == 413
    assert sha(folder / "patron.yaml") == base
