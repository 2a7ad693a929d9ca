"""Every change that the page can make to a shipped case: the same case as `with_changes`, and all else byte for byte."""

from __future__ import annotations

import difflib
import functools
from typing import Any

import pytest

from foederis.analysis.gallery import gallery
from foederis.analysis.switched import all_changes
from foederis.diagnostics import CaseError, Report
from foederis.game.compile import compile_game
from foederis.language import check, edit
from foederis.language.case import Case
from foederis.language.sampling import draw_quantities
from foederis.language.source import Mapping, Node, Scalar, parse
from foederis.web import edits
from foederis.web.model import model
from foederis.web.patch import Places, edited, same
from foederis.web.plain import Refusal

NEW = {"%": "37%", "": "0.41"}


@functools.cache
def case_of(name: str) -> Case:
    return check.read_file(gallery()[name])


@functools.cache
def model_of(name: str) -> dict[str, Any]:
    case = case_of(name)
    return model({"text": case.text, "name": name, "id": f"gallery:{name}", "sha256": "", "writable": False})


def payload(name: str, **more: Any) -> dict[str, Any]:
    return {"text": case_of(name).text, "name": name, "filename": f"{name}.yaml", "set": {}, "on": [], **more}


def changed(case: Case, settings: dict[str, str]) -> tuple[str, Node]:
    """The text that comes out, and the tree that it must have."""
    report = Report()
    wanted = edit.apply_changes(root_of(case), all_changes([], settings), report)
    assert not report.found
    return edited(case.text, root_of(case), wanted), wanted


def root_of(case: Case) -> Mapping:
    assert isinstance(case.root, Mapping)
    return case.root


def value_at(node: Node | None, path: str, main: str = "value") -> Node:
    """What stands at a path; the main key where the item is written out."""
    for word in path.split("."):
        if isinstance(node, Mapping):
            node = node.get(word)
        else:
            turns = [turn for item in getattr(node, "items", ()) for turn in edit.turns_in(item)]
            named = {edit.name_of(turn): turn for turn in turns} | {str(k): turn for k, turn in enumerate(turns)}
            node = named[word]
    inner = node.get(main) if isinstance(node, Mapping) else None
    assert node is not None
    return inner or node


def assert_only_this_changed(case: Case, path: str, new: str, written: str) -> None:
    """All in front of and behind the value stays, byte for byte; so do comments on its line."""
    places, node = Places(case.text), value_at(case.root, path)
    start, end = places.start(node), places.end(node)
    assert new == case.text[:start] + written + case.text[end:]


@pytest.mark.parametrize("name", gallery())
def test_every_number_changes_in_its_place(name: str) -> None:
    case = case_of(name)
    paths = {number["path"]: number["text"] for number in model_of(name)["numbers"]}
    assert len(paths) == sum(case.numbers.values())
    for path, text in paths.items():
        if not path.endswith(".reconsiders"):
            new = NEW["%" if "%" in text else ""]
            found, _ = changed(case, {path: new})
            assert_only_this_changed(case, path, found, new)


@pytest.mark.parametrize("name", gallery())
def test_a_changed_quantity_is_the_case_with_changes(name: str) -> None:
    """The game that is compiled from the new text is that of the changed case, and so are the draws. (A range that
    becomes a number keeps its place among the draws in a changed case, and has none in a file: so ranges here.)"""
    case = case_of(name)
    turned = [q for q in model_of(name)["quantities"] if q["uncertain"] and q["path"] and q["text"][-1] != ")"]
    for quantity in turned[:: max(1, len(turned) // 3)]:
        settings = {quantity["path"]: "31% to 37%" if "%" in quantity["text"] else "0.4 to 0.5"}
        answer = edits.changed(payload(name, set=settings))
        again, wanted = check.read_text(answer["text"]), case.with_changes(settings)
        limits = {"max_states": 200_000, "max_work": 2_000_000}
        assert compile_game(again, **limits).hash == compile_game(wanted, **limits).hash
        one, other = draw_quantities(again, 8), draw_quantities(wanted, 8)
        assert one.keys() == other.keys()
        assert all((one[key] == other[key]).all() for key in one)


@pytest.mark.parametrize("name", gallery())
def test_every_clause_can_be_switched(name: str) -> None:
    case = case_of(name)
    for treaty in model_of(name)["treaties"]:
        for clause in treaty["clauses"]:
            assert clause["current"] in clause["options"]
            for option in clause["options"]:
                found, wanted = changed(case, {clause["path"]: option})
                assert same(parse(found, Report()), wanted)
                if option == clause["current"]:
                    assert found == case.text
                assert comments(found) == comments(case.text)
                again = check.read_text(found).treaties[treaty["name"]]
                assert again == case.with_changes({clause["path"]: option}).treaties[treaty["name"]] or same(
                    value_at(check.read_text(found).root, clause["path"]), value_at(wanted, clause["path"])
                )


@pytest.mark.parametrize("name", gallery())
def test_each_change_can_be_kept_as_a_what_if(name: str) -> None:
    case = case_of(name)
    numbers = [number for number in model_of(name)["numbers"] if not number["path"].endswith(".reconsiders")]
    for number in numbers[:: max(1, len(numbers) // 4)]:
        settings = {number["path"]: NEW["%" if "%" in number["text"] else ""]}
        try:
            answer = edits.keep(payload(name, set=settings, whatif="kept_here", says='"Says": # this & that'))
        except CaseError as mistake:  # a share alone cannot be changed
            assert {item.code for item in mistake.diagnostics} == {"F312"}
            continue
        again = check.read_text(answer["text"])
        assert list(again.whatifs) == [*case.whatifs, "kept_here"]
        assert again.whatifs["kept_here"].says == '"Says": # this & that'
        assert_inserted(case.text, answer["text"])
        kept = check.change(again, again.whatifs["kept_here"].changes)
        assert same(without_whatifs(kept), without_whatifs(case.with_changes(settings)))


@pytest.mark.parametrize("name", gallery())
def test_what_ifs_of_the_file_are_made_in_place_and_kept_together(name: str) -> None:
    case = case_of(name)
    for whatif in case.whatifs.values():
        answer = edits.changed(payload(name, on=[whatif.name]))
        assert bool(answer["notes"]) is bool(whatif.imposed)
        wanted = check.change(case, whatif.changes) if whatif.changes else case
        assert same(check.read_text(answer["text"]).root, wanted.root)
        assert comments(answer["text"]) == comments(case.text)
    on = list(case.whatifs)[:2]
    try:
        answer = edits.keep(payload(name, on=on[::-1], whatif="kept_here", says=""))
    except CaseError:
        pytest.skip("the first two what-ifs of this case do not go together")
    kept = check.read_text(answer["text"]).whatifs["kept_here"]
    moves = [(m.step, m.turn, m.option) for name in on for m in case.whatifs[name].imposed]
    assert [(m.step, m.turn, m.option) for m in kept.imposed] == list(dict.fromkeys(moves))


def comments(text: str) -> list[str]:
    return [line[line.index("#") :] for line in text.splitlines() if "#" in line]


def assert_inserted(before: str, after: str) -> None:
    """Whether some stretch of the new text can be taken out to get the old one."""
    common = next((k for k, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    more = len(after) - len(before)
    assert more > 0
    assert before == after[:common] + after[common + more :]


def without_whatifs(case: Case) -> Mapping:
    root = root_of(case)
    return Mapping(tuple(entry for entry in root.entries if entry[0].text != "whatifs"), root.span)


def test_a_number_set_by_hand_wins_over_a_what_if() -> None:
    answer = edits.keep(payload("patron", set={"quantities.p_fall": "9%"}, on=["weak_client"], whatif="x", says=""))
    [(path, node)] = check.read_text(answer["text"]).whatifs["x"].changes
    assert path == "quantities.p_fall"
    assert isinstance(node, Scalar)
    assert node.text == "9%"


def test_two_moves_of_one_turn_at_once_cannot_be_kept() -> None:
    text = case_of("patron").text.replace(
        "claims:\n", "  stays: {imposed: [{step: 0, patron: stand_aside}]}\nclaims:\n", 1
    )
    with pytest.raises(CaseError) as caught:
        edits.keep(payload("patron", text=text, on=["patron_comes", "stays"], whatif="x", says=""))
    [mistake] = caught.value.diagnostics
    assert "`patron_comes` and `stays` impose different moves on `patron` at step 0" in mistake.message


def test_changes_that_one_what_if_cannot_hold_are_not_kept_as_something_else() -> None:
    """A what-if has each path once: here the number by hand would land on what the file says of its unit."""
    text = case_of("patron").text.replace(
        "quantities.p_fall: 30% to 60%", "quantities.p_fall: {value: 40%, unit: share}"
    )
    answer = edits.keep(
        payload("patron", text=text, set={"quantities.p_fall": "9%"}, on=["weak_client"], whatif="x", says="")
    )
    assert answer["refused"] == 422
    assert "one what-if" in answer["error"]["message"]


def test_a_what_if_can_be_the_first_of_a_file() -> None:
    text = case_of("patron").text
    bare = text[: text.index("whatifs:")] + "# the end\n"
    answer = edits.keep(payload("patron", text=bare, set={"quantities.stake": "9"}, whatif="x", says="A word"))
    assert answer["text"].startswith(
        bare.rstrip("\n") + "\n\nwhatifs:\n  x: {says: A word, set: {quantities.stake: 9}}"
    )


@pytest.mark.parametrize("section", ["whatifs:", "whatifs: {}", "whatifs: # none yet", "whatifs:   "])
def test_an_empty_section_is_filled(section: str) -> None:
    text = case_of("patron").text
    bare = f"{text[: text.index('whatifs:')]}{section}\n"
    answer = edits.keep(payload("patron", text=bare, set={"quantities.stake": "9"}, whatif="x", says=""))
    assert list(check.read_text(answer["text"]).whatifs) == ["x"]


def test_of_a_long_text_only_what_differs_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    class Matcher(difflib.SequenceMatcher[str]):
        def __init__(self, junk: Any, old: list[str], new: list[str]):
            compared.extend((len(old), len(new)))
            super().__init__(junk, old, new)

    lines = [f"# {number % 150}" for number in range(20_000)]
    changed = [*lines[:9_000], "a: 1", *lines[9_001:]]
    expected = list(difflib.unified_diff(lines[8_990:9_010], changed[8_990:9_010], lineterm=""))[3:]
    monkeypatch.setattr(difflib, "SequenceMatcher", Matcher)
    found = edits.difference("\n".join(lines), "\n".join(changed))
    assert found[0] == {"kind": "@", "text": "@@ -8998,7 +8998,7 @@"}
    assert [f"{line['kind']}{line['text']}" for line in found[1:]] == expected
    assert compared == [7, 7]


def test_what_cannot_be_written_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foederis.web.patch.replaced", lambda text, _: text)
    answer = edits.changed(payload("patron", set={"quantities.stake": "9"}))
    assert answer["refused"] == 422
    assert "editor" in answer["error"]["cure"]
    with pytest.raises(Refusal):
        changed(case_of("patron"), {"quantities.stake": "9"})
