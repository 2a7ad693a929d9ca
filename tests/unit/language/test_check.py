"""Reading a whole file, changing it, and what is remembered in between."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from foederis.analysis.gallery import gallery, load
from foederis.diagnostics import MOST, CaseError
from foederis.language import memory
from foederis.language.case import Case
from foederis.language.check import change, parse_settings, read_file, read_text

from .texts import case_of, mistakes_in, only, text_of

CASES = list(gallery())


def plain(case: Case) -> list[Any]:
    """All that decides what a case means, without where it stands."""

    def text(value: Any) -> Any:
        canonical = getattr(value, "canonical", None)
        return canonical if canonical is not None else value

    return [
        case.clock,
        [(a.name, text(a.rationality), text(a.patience), text(a.reconsiders_days)) for a in case.actors.values()],
        [(v.name, v.kind, v.levels, v.start, v.low) for v in case.variables.values()],
        [(q.name, q.text, text(q.expression), q.distribution, q.unit) for q in case.quantities.values()],
        case.correlated,
        [(t.name, t.binds, text(t.triggered)) for t in case.treaties.values()],
        [(e.name, text(e.amount), e.unit) for e in case.exposures.values()],
        [(t.name, text(t.when), text(t.chance), [(o.name, text(o.when), [(s.variable, text(s.value)) for s in o.sets],
          [(a, text(p)) for a, p in o.pays.items()]) for o in t.options.values()]) for t in case.turns],
        [(e.name, text(e.when), text(e.chance), list(e.outcomes)) for e in case.events],
        [(i.actor, i.name, text(i.worth), text(i.when), i.at_end) for i in case.interests],
        [(q.name, q.form, text(q.expression), q.turn, q.option, q.by) for q in case.questions.values()],
        dict(case.numbers),
    ]  # fmt: skip


def refused(text: str) -> tuple[str, ...]:
    with pytest.raises(CaseError) as caught:
        read_text(text, filename="f.yaml")
    assert caught.value.source == text
    assert caught.value.filename == "f.yaml"
    return tuple(item.code for item in caught.value.diagnostics)


@pytest.mark.parametrize("name", CASES)
def test_the_shipped_cases_are_in_order(name: str) -> None:
    case = load(name)
    assert case.name == name
    assert not [item for item in case.warnings if item.is_error]


def test_a_file_knows_itself(tmp_path: Path) -> None:
    path = tmp_path / "crisis.yaml"
    path.write_text(text_of(), encoding="utf-8")
    case = read_file(path)
    assert (case.name, case.filename, case.folder, case.text) == ("crisis", "crisis.yaml", tmp_path, text_of())
    assert case.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("title: x", ("F009",)),
        ("foederis: 2\nnonsense: x", ("F009",)),
        ("foederis: [1]", ("F009",)),
        ("foederis:", ("F009",)),
        ("- foederis: 1", ("F201",)),
        ("foederis", ("F201",)),
        ("foederis: 1", ("F202",)),
        ("foederis: 1\ntitle:\nclock: {step: 1 week, steps: 1}", ("F201",)),
        ("foederis: 1\ntitle: x\nclock: {step: 1 week, steps: 1}\nclok: x", ("F101",)),
        ("foederis: 1\ntitle: x\nclock: {step: 1 week, steps: 1}\nobserved: [{step: 0}]", ("F202",)),
        ("a: [", ("F005",)),
    ],
)
def test_files_that_mean_nothing(text: str, codes: tuple[str, ...]) -> None:
    assert refused(text) == codes


@pytest.mark.parametrize("observed", ["[]", ""])
def test_nothing_observed_is_no_observation(observed: str) -> None:
    assert case_of(observed=observed) is not None


def test_a_file_full_of_mistakes_is_read_up_to_a_point() -> None:
    codes = refused(text_of() + "".join(f"key{number}: 1\n" for number in range(MOST + 1)))
    assert codes[0] == "F010"
    assert len(codes) == MOST + 1


def test_warnings_do_not_stop_anybody() -> None:
    case = case_of(events="{fall: {chance: 10% to 20%}}")
    assert [item.code for item in case.warnings] == ["W603"]


def test_settings_are_paths_and_values() -> None:
    [(path, value)] = parse_settings(["quantities.stake = choice(2 = 30%, 5 = 70%)"])
    assert (path, getattr(value, "text", None)) == ("quantities.stake", "choice(2 = 30%, 5 = 70%)")


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("quantities.stake", "F114"),
        ("=3", "F114"),
        ("quantities.stake=", "F114"),
        ("quantities.stake=[1", "F005"),
        ("a=*b", "F007"),
        ("a={b: 1, b: 2}", "F006"),
    ],
)
def test_wrong_settings(setting: str, code: str) -> None:
    with pytest.raises(CaseError) as caught:
        parse_settings([setting])
    [item] = caught.value.diagnostics
    assert (item.code, item.context) == (code, f"--set {setting}")


def test_changes_from_python_values() -> None:
    case = case_of(correlated="[[stake, chance, 0.2]]").with_changes(
        {
            "quantities.fixed": 7,
            "quantities.stake": "1 to 2",
            "state.fallen.start": True,
            "correlated": [["stake", "chance", 0.5]],
            "moves.patron.options": {"wait": {}, "send": {"sets": {"help": "troops"}, "pays": {"patron": -2.5}}},
        }
    )
    fixed = case.quantities["fixed"].expression
    assert fixed is not None
    assert fixed.constant == 7
    assert case.quantities["stake"].text == "1 to 2"
    assert case.variables["fallen"].start == 1
    assert case.correlated[0].correlation == 0.5
    assert case.turns[0].options["send"].pays["patron"].constant == -2.5


def test_an_impossible_change_says_where_it_comes_from() -> None:
    with pytest.raises(CaseError) as caught:
        change(case_of(), parse_settings(["quantities.stake=3 to 2"]), context="--set")
    [item] = caught.value.diagnostics
    assert (item.code, item.context) == ("F301", "--set")
    assert str(caught.value).startswith("error[F301]: the ends of the interval are reversed\n --> --set\n")


def test_a_changed_case_keeps_whatifs_and_claims() -> None:
    case = case_of(
        whatifs="{w: {set: {quantities.stake: 3}}}", claims="{c: {says: x, whatif: w, expect: {falls: same within 1}}}"
    )
    changed = case.with_changes({"quantities.fixed": 5})
    assert changed.whatifs == case.whatifs
    assert changed.claims == case.claims
    assert (changed.text, changed.filename, changed.sha256) == (case.text, case.filename, case.sha256)


def test_a_change_may_be_to_a_whatif() -> None:
    case = case_of(whatifs="{w: {set: {quantities.stake: 3}}}").with_changes({"whatifs.w.set": {"quantities.stake": 4}})
    [(path, value)] = case.whatifs["w"].changes
    assert (path, getattr(value, "text", None)) == ("quantities.stake", "4")


# Everything that a change can touch, so that nothing is remembered that should have been read anew.
CHANGES = [
    ("quantities.stake", "1 to 2"),
    ("quantities.stake", "{value: 1 to 2, unit: bn, because: {source: memo}}"),
    ("quantities.fixed", "stake * 2"),
    ("state.help", "[words, arms, troops, more]"),
    ("state.war.start", "over"),
    ("state.count", "1..9"),
    ("facts.fighting", "war == on and not fallen"),
    ("actors.patron.rationality", "2"),
    ("actors.rival.reconsiders", "every 2 weeks"),
    ("exposures.plant.value", "9"),
    ("exposures.plant.lost.fallen", "50%"),
    ("treaties.pact.provisions", "[]"),
    ("moves.patron.when", "fallen"),
    ("moves.patron.options.send.pays.patron", "-stake"),
    ("events.fall.chance", "5%"),
    ("interests.patron.client.worth", "-losses(patron)"),
    ("questions.falls.by", "1"),
    ("clock.steps", "9"),
    ("correlated", "[]"),
    ("sources.memo.reliability", "F"),
]
FULL = {
    "exposures": "{plant: {holder: patron, value: {value: stake, unit: bn}, lost: {fallen: 80%, fighting: 5% to 20%}}}",
    "treaties": "{pact: {parties: [patron], provisions: [defense], invokes: defense, triggered: fighting, honoured_by: {patron: help >= arms}, breach_cost: {patron: losses(patron)}}}",
    "correlated": "[[stake, chance, 0.2]]",
}  # fmt: skip


@pytest.mark.parametrize(("path", "value"), CHANGES, ids=[path for path, _ in CHANGES])
def test_a_changed_case_is_what_reading_it_anew_gives(path: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of(**FULL)
    changed = change(case, parse_settings([f"{path}={value}"]))
    again = change(changed, parse_settings(["title=Another"]))
    monkeypatch.setattr(memory.Memory, "read", lambda self, reader, part, inputs, build: build())
    anew = change(case_of(**FULL), parse_settings([f"{path}={value}"]))
    assert plain(changed) == plain(anew)
    assert plain(again) == plain(anew)
    assert plain(changed) != plain(case) or path.startswith("sources")


def test_what_a_change_leaves_alone_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of(**FULL)
    changed = change(case, parse_settings(["quantities.stake=1 to 2"]))
    assert changed.turns is case.turns
    assert changed.interests is case.interests
    assert changed.quantities["chance"] is case.quantities["chance"]
    assert changed.quantities["stake"] is not case.quantities["stake"]


def test_warnings_of_the_original_are_not_mistakes_of_the_change() -> None:
    case = case_of(events="{fall: {chance: 10% to 20%, sets: {fallen: yes}}}")
    assert case.with_changes({"quantities.fixed": 5}).warnings == ()


def test_mistakes_of_the_baseline_come_before_those_of_whatifs() -> None:
    item = only(title="[x]", whatifs="{w: {set: {quantities.nothing: 3}}}")
    assert item.message == "`title` must be one value"


def test_two_whatifs_with_the_same_mistake_are_both_named() -> None:
    whatifs = "{v: {set: {quantities.stake: 3 to 2}}, w: {set: {quantities.stake: 3 to 2}}}"
    found = mistakes_in(text_of(whatifs=whatifs))
    assert [item.message for item in found] == [
        f"in the what-if `{name}`: the ends of the interval are reversed" for name in "vw"
    ]


def test_what_ifs_that_would_take_too_long() -> None:
    whatifs = "{" + ", ".join(f"w{number}: {{set: {{facts.fighting: war == on}}}}" for number in range(4_000)) + "}"
    found = mistakes_in(text_of(whatifs=whatifs))
    assert [item.code for item in found] == ["F003"]


def test_reading_needs_neither_scipy_nor_jax() -> None:
    code = (
        "import sys; from foederis.analysis.gallery import load; load('kremlin');"
        "print([name for name in ('scipy', 'jax', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_mapping_keeps_its_order() -> None:
    """Events are played from top to bottom, so the order of a mapping given from Python counts."""
    events = {"second": {"chance": 0.5, "sets": {"fallen": "yes"}}, "first": {"chance": 0.5, "sets": {"fallen": "no"}}}
    assert [event.name for event in case_of().with_changes({"events": events}).events] == ["second", "first"]
