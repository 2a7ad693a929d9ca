"""Plans: what they mean, and all their mistakes at once."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from foederis.diagnostics import CaseError, Report
from foederis.ensembles.nodes import from_plain, to_plain, to_words
from foederis.ensembles.pieces import studies_of
from foederis.ensembles.plan import Plan, read_plan, read_plan_text
from foederis.ensembles.shapes import plan_schema
from foederis.language.source import parse
from tests.unit.ensembles.plans import SMALL, pieces, small

BEGIN = "ensemble: 1\n"


def codes(text: str, folder: Path | None = None) -> list[str]:
    with pytest.raises(CaseError) as caught:
        read_plan_text(text, folder=folder)
    assert all(item.help for item in caught.value.diagnostics)
    return [item.code for item in caught.value.diagnostics]


def message(text: str, folder: Path | None = None) -> str:
    with pytest.raises(CaseError) as caught:
        read_plan_text(text, filename="plan.yaml", folder=folder)
    return str(caught.value)


def named(plan: Plan) -> list[tuple[str, str]]:
    return [(case.name, setting.name) for case, setting in plan.pairs]


def test_what_is_left_out() -> None:
    plan = read_plan_text(BEGIN + "cases: {p: patron}\n")
    assert (plan.draws, plan.piece, plan.seeds) == (1024, 256, (0,))
    assert named(plan) == [("p", "as_written")]
    assert plan.cases[0].what_ifs == ()
    assert [(piece.first, piece.draws) for piece in pieces(plan)] == [(k, 256) for k in range(0, 1024, 256)]


def test_pieces_cover_all_draws_once() -> None:
    found = [(p.study.setting, p.first, p.draws) for p in pieces(small())]
    assert found == [(s, first, n) for s in ("as_written", "weak") for first, n in ((0, 32), (32, 32), (64, 16))]
    assert len({piece.hash for piece in pieces(small())}) == 6


def test_a_setting_for_each_combination_of_what_varies() -> None:
    settings = "{grid: {vary: {quantities.p_fall: [10%, 20%], clock.steps: [3, 4]}, set: {title: Other}}, plain: {}}"
    plan = small(settings=settings)
    assert [setting.name for setting in plan.settings] == ["grid.1", "grid.2", "grid.3", "grid.4", "plain"]
    assert plan.settings[1].says == "quantities.p_fall=10%, clock.steps=4"
    assert [(path, to_words(node)) for path, node in plan.settings[2].changes] == [
        ("title", "Other"),
        ("quantities.p_fall", "20%"),
        ("clock.steps", "3"),
    ]


def test_a_setting_for_some_cases() -> None:
    plan = read_plan_text(
        BEGIN + "cases: {p: patron, d: deterrence}\nsettings: {one: {set: {clock.steps: 3}, cases: p}, all: {}}"
    )
    assert named(plan) == [("p", "one"), ("p", "all"), ("d", "all")]


def test_files_are_looked_for_beside_the_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    (tmp_path / "patron").write_text("foederis: 1\ntitle: Mine\nclock: {step: 1 week, steps: 2}\n", encoding="utf-8")
    (tmp_path / "plan.yaml").write_text(BEGIN + "cases: {p: patron, q: kremlin}\n", encoding="utf-8")
    titles = [planned.case.title for planned in read_plan(tmp_path / "plan.yaml").cases]
    assert titles[0] == "Mine"
    assert titles[1] != "Mine"


def test_all_mistakes_at_once_each_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("foederis: 1\ntitle: Bad\nclock: {step: 1 week}\nfoo: 1\n", encoding="utf-8")
    text = """ensemble: 1
draws: none
piece: 100
seeds: [1, 1]
colour: red
cases:
  p: {file: patron, what_ifs: [defence_pakt]}
  b: bad.yaml
  m: missing.yaml
settings:
  one: {set: {quantities.p_fal: 3%, clock.steps: -1}, cases: p}
  two: {vary: {quantities.p_fall: 3%}, cases: [q]}
  three: {set: {quantities.p_fall: {value: 3%}}, vary: {quantities.p_fall: [2%]}}
"""
    with pytest.raises(CaseError) as caught:
        read_plan_text(text, folder=tmp_path)
    found = [(item.code, item.span.line if item.span else 0) for item in caught.value.diagnostics]
    assert found == [
        ("F213", 2), ("F213", 3), ("F111", 4), ("F101", 5), ("F109", 7), ("F821", 8), ("F001", 9), ("F114", 11),
        ("F201", 12), ("F102", 12), ("F111", 13),
    ]  # fmt: skip


def test_a_mistake_in_a_value_is_marked_in_the_plan() -> None:
    text = BEGIN + "cases: {p: patron}\nsettings: {odd: {set: {quantities.p_fall: 20 to}}}\n"
    assert message(text).splitlines()[1:5] == [
        " --> plan.yaml:3:47",
        "  |",
        "3 | settings: {odd: {set: {quantities.p_fall: 20 to}}}",
        "  |                                               ^",
    ]


def test_a_mistake_that_a_setting_makes_elsewhere_in_the_file() -> None:
    text = BEGIN + "cases: {p: patron}\nsettings: {odd: {set: {quantities: {}}}}\n"
    assert set(codes(text)) == {"F823"}
    assert "with the setting `odd`, patron.yaml has a mistake in line" in message(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "F004"),
        ("- a\n", "F201"),
        ("cases: {p: patron}\n", "F009"),
        ("foederis: 1\ntitle: A case\n", "F009"),
        ("ensemble: 2\ncases: {p: patron}\n", "F009"),
        (BEGIN, "F202"),
        (BEGIN + "cases: {}\n", "F202"),
        (BEGIN + "cases: {p: patron\n", "F005"),
        (
            BEGIN + "cases: {p: patron}\ndraws: 1048576\npiece: 32\nseeds: [" + ", ".join(map(str, range(40))) + "]\n",
            "F822",
        ),
        (
            BEGIN
            + f"cases: {{p: patron}}\nsettings: {{s: {{vary: {{a: {list(range(200))}, b: {list(range(200))}}}}}}}\n",
            "F822",
        ),
    ],
)
def test_one_mistake(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_too_many_mistakes() -> None:
    text = BEGIN + "cases: {p: patron}\n" + "".join(f"k{number}: 1\n" for number in range(300))
    assert codes(text)[0] == "F010"


def test_the_schema_allows_plans_and_refuses_other_keys() -> None:
    schema = plan_schema()
    jsonschema.validate(yaml.safe_load(SMALL), schema)
    for text in (SMALL + "colour: red\n", SMALL.replace("ensemble: 1", "ensemble: 2")):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(yaml.safe_load(text), schema)


def test_nodes_and_back() -> None:
    node = parse("{a: ['', x, {b: \"yes\", c: 10 to 20}], d: }", Report())
    assert node is not None
    plain = to_plain(node)
    assert plain == {
        "map": [
            ["a", {"list": [{"quoted": ""}, "x", {"map": [["b", {"quoted": "yes"}], ["c", "10 to 20"]]}]}],
            ["d", ""],
        ]
    }
    assert to_plain(from_plain(plain)) == plain


def test_what_a_piece_is_known_by() -> None:
    plain = [piece.hash for piece in pieces(small())]
    assert [piece.hash for piece in pieces(small())] == plain
    assert not set(plain) & {piece.hash for piece in pieces(small(seeds="4"))}
    assert not set(plain) & {
        piece.hash for piece in pieces(small(cases="{p: {file: patron, what_ifs: [defence_pact]}}"))
    }
    assert not set(plain) & {piece.hash for piece in pieces(small(cases="{other: {file: patron, what_ifs: all}}"))}
    # More draws leave the pieces as they are, all but a shorter last one.
    longer = {piece.hash for piece in pieces(small(draws="128"))}
    assert [key in longer for key in plain] == [True, True, False] * 2


def test_what_is_observed_depends_on_all_draws() -> None:
    observed = "{set: {observed: [{step: 0, patron: stand_aside}]}}"
    one, other = (small(settings=f"{{seen: {observed}, plain: {{}}}}", draws=n, cases="{p: patron}") for n in (64, 128))
    assert one.observed == {("p", "seen")}
    [seen, plain] = [[p.hash for p in pieces(one) if p.study.setting == name] for name in ("seen", "plain")]
    later = {piece.hash for piece in pieces(other)}
    assert not set(seen) & later
    assert set(plain) <= later
    assert [study.total for study in studies_of(one, {})] == [64, None]
