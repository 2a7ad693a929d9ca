"""What the sections say is what was worked out."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.answers import Estimate
from foederis.report.brief import (
    answers,
    assumptions,
    bottom_line,
    boxes,
    claims,
    courses,
    dials,
    drivers,
    evidence,
    exposures,
    moves,
    record,
    what_ifs,
    worth,
)
from foederis.report.brief.gather import COMPARED, gather
from foederis.report.brief.page import SECTIONS
from foederis.report.brief.phrases import date_words, end_date, moment
from foederis.report.brief.through_time import dates_of, through_time
from foederis.report.words import percent, points, probability_word
from tests.helpers import EVERYTHING
from tests.unit.report.brief import cases
from tests.unit.report.brief.cases import text_of
from tests.unit.report.brief.reading import read

TINY = """
foederis: 1
title: Nothing much
clock: {step: 1 day, steps: 1}
actors: {a: {rationality: 1}}
state: {x: [no_x, is_x]}
moves: [{actor: a, options: {wait: {}, act: {sets: {x: is_x}}}}]
"""


def test_the_bottom_line_gives_word_number_and_band() -> None:
    material = cases.patron()
    said = text_of(bottom_line.bottom_line(material).body)
    for name, reply in material.answer.questions.items():
        assert isinstance(reply, Estimate)
        if material.case.questions[name].form == "expected":
            assert f"{points(reply.mean)} bn USD on average ({points(reply.p05)} to {points(reply.p95)})" in said
        else:
            word = probability_word(reply.mean).capitalize()
            assert f"{word} , {percent(reply.mean)} ({percent(reply.p05)} to {percent(reply.p95)})" in said
    numbers = material.case.numbers
    assert numbers["sourced"] == 1
    assert f"Of the {sum(numbers.values())} numbers in the file, 1 rests on a source, 0 on a stated reason" in said


def test_a_distribution_over_steps_is_summed_up() -> None:
    material = cases.everything()
    reply = material.answer.questions["when_hot"]
    said = text_of(bottom_line.sentence(material.answer, "when_hot"))
    by_end = 1 - float(np.nanmean(reply.never))
    assert f"by 2 April 2030, {percent(by_end)}" in said


def test_worlds_without_an_answer_are_counted() -> None:
    text = EVERYTHING.replace("given: fallen}", "given: fallen and help == troops and step < 0}")
    material = gather(fd.loads(text), draws=4, seed=0, what_ifs=())
    said = text_of(bottom_line.sentence(material.answer, "hot_if_it_falls"))
    assert said.endswith("No answer : what is given holds in no world.")
    assert "what is given holds in no world" in text_of(answers.answers(material).body)


def test_the_answer_has_a_row_for_each_question_with_one_number() -> None:
    material = cases.everything()
    section = answers.answers(material)
    assert section is not None
    asked = re.findall(r'data-question="(\w+)"', section.body)
    assert sorted(asked) == sorted(n for n, r in material.answer.questions.items() if isinstance(r, Estimate))


def test_the_switch_holds_the_paired_differences() -> None:
    material = cases.patron()
    data = answers.switch_data(material)
    assert list(data) == ["", *material.case.whatifs]
    weak = material.compared.what_ifs["weak_client"]
    entry = data["weak_client"]["rows"]["client_falls"]
    assert entry["value"] == percent(weak.questions["client_falls"].mean)
    assert entry["moved"] == f"+{100 * weak.difference['client_falls'].mean:.1f}"
    assert entry["around"].startswith("(+")
    assert entry["places"][1] == pytest.approx(100 * weak.questions["client_falls"].mean, abs=0.01)
    assert data[""]["rows"]["client_falls"]["value"] == percent(material.answer.questions["client_falls"].mean)


def test_fewer_worlds_are_the_first_of_more() -> None:
    material = gather(fd.load("deterrence"), draws=COMPARED + 8, seed=3, what_ifs="all")
    assert (material.answer.draws, material.compared.draws) == (COMPARED + 8, COMPARED)
    for name, few in material.compared.quantities.items():
        np.testing.assert_array_equal(few, material.answer.quantities[name][:COMPARED])
    for name, reply in material.compared.questions.items():
        many = material.answer.questions[name]
        assert isinstance(reply, Estimate)
        assert isinstance(many, Estimate)
        np.testing.assert_allclose(reply.draws, many.draws[:COMPARED], rtol=0, atol=1e-12)
    assert f"first {COMPARED} of the {COMPARED + 8} worlds" in text_of(what_ifs.what_ifs(material).body)


def test_charts_through_time_start_at_the_start_and_end_at_the_end() -> None:
    material = cases.patron()
    section = through_time(material)
    assert section is not None
    tables = [figure.all("table")[0] for figure in read(section.body).all("figure")]
    assert [table.all("td", "th")[0].text for table in tables] == ["By"] * 3
    help_rows = [[cell.text for cell in row.all("td", "th")] for row in tables[1].all("tr")]
    levels = material.answer.through_time["help"]
    assert help_rows[0] == ["By", *levels]
    assert help_rows[1] == ["1 January 2030", "100 %", "0 %", "0 %"]
    assert help_rows[-1] == ["3 March 2030", *(percent(float(levels[n][:, -1].mean())) for n in levels)]


def test_many_levels_are_put_together_and_ranges_averaged() -> None:
    levels = ", ".join(f"l{k}" for k in range(9))
    options = ", ".join(f"o{k}: {{sets: {{x: l{k}, n: {k}}}}}" for k in range(9))
    text = TINY.replace("x: [no_x, is_x]", f"x: [{levels}], n: 0..8").replace(
        "wait: {}, act: {sets: {x: is_x}}", options
    )
    material = gather(fd.loads(text), draws=1, seed=0, what_ifs="all")
    section = through_time(material)
    assert section is not None
    first, second = (figure.all("table")[0] for figure in read(section.body).all("figure"))
    assert [cell.text for cell in first.all("tr")[0].all("th")][-1] == "others"
    assert second.all("tr")[2].all("td")[0].text == "4.00"


def test_dates_are_named_where_there_are_any() -> None:
    case = fd.load("patron")
    assert [moment(case, k) for k in range(3)] == ["1 January 2030", "31 January 2030", "3 March 2030"]
    assert moment(case, 1, short=True) == "31 Jan"
    hourly = fd.loads(TINY.replace("step: 1 day", "start: 2030-01-01, step: 6 hours"))
    assert [moment(hourly, k) for k in range(2)] == ["start", "the end of step 0"]
    late = fd.loads(TINY.replace("step: 1 day", "start: 9999-12-31, step: 1 year"))
    assert end_date(late, 1) is None
    assert date_words(end_date(fd.load("kremlin"), 12), short=True) == "5 Sep"  # type: ignore[arg-type]
    assert dates_of(fd.load("kremlin"), list(range(13))).named == [(0, "13 Jun"), (0.5, "25 Jul"), (1, "5 Sep")]


def test_moves_are_those_of_the_answer() -> None:
    material = cases.patron()
    section = moves.moves(material)
    assert section is not None
    said = text_of(section.body)
    first = material.answer.first_moves["patron"]["send_arms"]
    assert f"{percent(first.mean)} ({percent(first.p05)} to {percent(first.p95)})" in said
    rest = 1 - sum(share.mean for share in material.answer.first_moves["patron"].values())
    assert f"or lets it pass: {percent(rest)}." in said


def test_what_ifs_are_sorted_by_reach_and_small_ones_only_named() -> None:
    material = cases.patron()
    whole = read(what_ifs.what_ifs(material).body)
    rows = [[cell.text for cell in row.all("th", "td")] for row in whole.all("table")[1].all("tr")[1:]]
    assert [row[0] for row in rows] == ["Patron comes.", "Weak client.", "Defence pact."]
    difference = material.compared.what_ifs["patron_comes"].difference["intervenes"]
    assert isinstance(difference, Estimate)
    assert rows[0][2].startswith(f"{100 * difference.mean:+.1f}")
    assert "Patron comes. patron.intervene in step 0 was open with probability" in whole.text


def test_agreement_is_that_of_nine_worlds_in_ten() -> None:
    assert what_ifs.agreed(Estimate(np.array([1.0] * 9 + [-0.5])))
    assert not what_ifs.agreed(Estimate(np.array([1.0] * 8 + [-0.5] * 2)))
    assert what_ifs.agreed(Estimate(np.array([-1.0] * 9 + [0.5])))
    assert not what_ifs.agreed(Estimate(np.zeros(4)))
    assert not what_ifs.agreed(Estimate(np.full(4, np.nan)))


def test_what_ifs_that_change_nothing_are_named() -> None:
    text = EVERYTHING + "  idle: {set: {title: Another}}\n"
    material = gather(fd.loads(text), draws=4, seed=0, what_ifs=["idle", "weak"])
    assert "Changes no answer at all: Idle." in text_of(what_ifs.what_ifs(material).body)
    assert "It changes no answer." in answers.switch_data(material)["idle"]["said"]


def test_claims_give_their_verdicts() -> None:
    material = cases.patron()
    section = claims.claims(material)
    assert section is not None
    assert material.claims is not None
    verdicts = re.findall(r'class="(?:holds|fails|open)">(\w+)<', section.body)
    assert verdicts == [found.verdict.capitalize() for found in material.claims.claims]


def test_claims_are_judged_by_the_what_ifs_of_the_brief() -> None:
    material = cases.patron()
    assert material.claims is not None
    [first, *_] = material.claims.claims
    difference = material.compared.what_ifs["defence_pact"].difference["comes"]
    assert isinstance(difference, Estimate)
    np.testing.assert_allclose(first.judged[0].measured.draws, difference.draws, rtol=0, atol=1e-12)
    section = claims.claims(material)
    assert section is not None
    assert f"judged in the same {cases.DRAWS} worlds as the what-ifs" in text_of(section.body)


def test_exposures_are_those_of_the_analysis() -> None:
    material = cases.everything()
    section = exposures.exposures(material)
    assert section is not None
    found = fd.exposure(material.case, draws=cases.DRAWS)
    losses = found.losses["plant"]
    said = text_of(section.body)
    assert f"{points(losses.mean)} are lost on average" in said
    rows = [[cell.text for cell in row.all("th", "td")] for row in read(section.body).all("table")[0].all("tr")]
    assert rows[1][0] == "Plant"
    assert rows[1][3:] == [points(losses.mean), points(losses.quantile(0.95)), points(losses.shortfall(0.95))]
    share = losses.between / (losses.between + losses.within)
    assert f"{percent(share)} lies between worlds" in said


def test_courses_are_the_likeliest_and_some_drawn() -> None:
    material = cases.patron()
    section = courses.courses(material)
    assert section is not None
    likeliest = fd.histories(material.case, most_likely=True)
    assert likeliest.chance is not None
    said = text_of(section.body)
    assert f"Its probability is {percent(likeliest.chance)}." in said
    assert [heading.text for heading in read(section.body).all("h3")] == ["Course 1", "Course 2", "Course 3"]
    assert said.count("At the end: ") == 4


def test_dials_start_in_the_middle() -> None:
    material = cases.patron()
    section, data = dials.dials_section(material), dials.dials_data(material)
    assert section is not None
    assert data is not None
    median = fd.solve(material.case, at="median")
    for name, reply in median.questions.items():
        assert isinstance(reply, Estimate)
        grid = data["questions"][name]["answers"]
        assert grid[len(grid) // 2] == pytest.approx(reply.mean, rel=1e-5)
    assert "precomputed at 5 points of each" in text_of(section.body)
    assert "all other numbers at their medians" in text_of(section.body)


def test_without_drivers_the_weakest_assumptions_come_first() -> None:
    material = dataclasses.replace(cases.patron(), drivers=None)
    rows = read(assumptions.assumptions(material).body).all("code")
    assert [row.text for row in rows] == [
        "p_fall", "p_truce", "price_arms", "price_troops", "sharpness", "plant_value", "points_per_bn", "stake",
    ]  # fmt: skip


def test_drivers_are_those_of_the_analysis() -> None:
    material = cases.patron()
    section = drivers.drivers(material)
    assert section is not None
    assert material.drivers is not None
    first = material.drivers.drivers[0]
    rows = [[cell.text for cell in row.all("th", "td")] for row in read(section.body).all("tr")[1:]]
    assert rows[0][0] == first.label
    assert rows[0][2].startswith(f"{100 * first.total.estimate:.0f} % (")
    assert rows[0][3] == first.manner
    said = text_of(bottom_line.bottom_line(material).body)
    assert f"The first answer hangs most on {first.label} ({100 * first.total.estimate:.0f} % of its spread" in said
    assert next(iter(material.dials.points)) == first.quantities[0]  # type: ignore[union-attr]


def test_nothing_to_explain_is_said() -> None:
    fixed = {f"quantities.{name}": 0.5 for name in fd.load("patron").uncertain if name != "price_troops"}
    changed = fd.load("patron").with_changes({**fixed, "questions.comes": {"at_end": "war == on and war == over"}})
    material = gather(changed, draws=4, seed=0, what_ifs=())
    section = drivers.drivers(material)
    assert section is not None
    assert "Nothing moves the answer to `comes`: it is 0 % in all" in text_of(section.body)
    assert material.dials is None
    assert dials.dials_section(material) is None


def test_assumptions_are_all_there_those_that_matter_first() -> None:
    material = cases.patron()
    section = assumptions.assumptions(material)
    rows = [[cell.text for cell in row.all("th", "td")] for row in read(section.body).all("tr") if row.all("td")]
    assert sorted(row[0].split()[0] for row in rows) == sorted(material.case.quantities)
    [stake] = [row for row in rows if row[0] == "stake"]
    assert [stake[1], stake[2], stake[4]] == ["5 to 20 points", "a source B–", "the client matters memo, section 2"]
    assert {row[2] for row in rows} == {"nothing stated", "a source B–"}
    shares = [float(row[3].rstrip(" %") or 0) for row in rows]
    assert shares == sorted(shares, reverse=True)
    # Certain and resting on nothing; then what matters as little, and rests on a source.
    assert [row[0] for row in rows][-3:] == ["plant_value", "points_per_bn", "stake"]


@pytest.mark.parametrize(
    ("because", "grade"),
    [("{source: a}", "A–"), ("{source: b, credibility: 2}", "–2"), ("[{source: b}, {source: a, credibility: 3}]", "A3"), ("{says: x}", "")],
)  # fmt: skip
def test_grades(because: str, grade: str) -> None:
    sources = "sources: {a: {title: A, reliability: A}, b: {title: B}}"
    case = fd.loads(f"{TINY}quantities: {{q: {{value: 3, because: {because}}}}}\n{sources}")
    assert evidence.grade(case, case.quantities["q"].because) == grade
    assert evidence.standing_of(case.quantities["q"]) == (evidence.SOURCE if grade else evidence.JUDGEMENT)


def test_numbers_that_follow_from_others_are_not_called_unfounded() -> None:
    case = fd.loads(f"{TINY}quantities: {{q: 3, half: q / 2}}")
    assert evidence.standing_of(case.quantities["half"]) == evidence.FOLLOWS
    assert evidence.standing_of(case.quantities["q"]) == evidence.NOTHING


def test_the_command_makes_the_brief_again() -> None:
    case = fd.load("patron")
    material = gather(case, draws=4, seed=2, what_ifs=["weak_client"], settings=["quantities.stake=5 to 9"])
    said = record.command(material)
    assert said == (
        "foederis report patron.yaml --draws 4 --seed 2 --set 'quantities.stake=5 to 9' --what-if weak_client"
    )
    assert record.command(gather(case, draws=4, seed=0, what_ifs=())).endswith("--seed 0 --what-if none")
    assert record.command(cases.patron()) == f"foederis report patron.yaml --draws {cases.DRAWS} --seed 0"


def test_a_case_that_was_changed_elsewhere_says_so() -> None:
    case = fd.load("patron")
    changed = gather(case.with_changes({"quantities.stake": 3}), draws=2, seed=0, what_ifs=())
    assert "was changed in Python before it was solved" in text_of(record.record(changed).body)
    assert "was changed in Python" not in text_of(record.record(cases.patron()).body)
    settled = gather(case, draws=2, seed=0, what_ifs=(), settings=["quantities.stake=3"])
    assert "was changed in Python" not in text_of(record.record(settled).body)


def test_a_case_with_nothing_has_few_sections() -> None:
    material = gather(fd.loads(TINY), draws=2, seed=0, what_ifs="all")
    found = [section.name for make in SECTIONS if (section := make(material)) is not None]
    assert found == [
        "bottom-line", "through-time", "courses", "moves", "why", "assumptions", "sources", "method", "record",
    ]  # fmt: skip


@pytest.mark.parametrize("about", ["question", "decision"])
def test_what_is_worth_knowing_is_that_of_the_analysis(about: str) -> None:
    material = gather(
        fd.loads(EVERYTHING) if about == "question" else fd.load("patron"), draws=128, seed=0, what_ifs=()
    )
    section = worth.worth(material)
    assert section is not None
    found = fd.worth_knowing(material.case, draws=128)
    assert (found.decision is None) is (about == "question")
    assert "as things are known" in text_of(section.body).lower()
    noticed = [item for item in found.plan if item.noticed]
    rows = read(section.body).all("tr")[1:]
    assert [row.all("th")[0].text for row in rows] == [" and ".join(item.quantities) for item in noticed]
    assert percent(noticed[0].value / found.everything) in rows[0].text


def test_where_it_is_highest_is_that_of_the_analysis() -> None:
    material = gather(fd.load("patron"), draws=256, seed=0, what_ifs=())
    section = boxes.boxes(material)
    assert section is not None
    reply = material.answer.questions["comes"]
    found = fd.discover(material.case, when=f"comes > {reply.quantile(0.75):.3f}", draws=256)  # type: ignore[union-attr]
    box = found.boxes[0]
    said = text_of(section.body)
    assert f"Where {'the limit below holds' if len(box.restrictions) == 1 else 'all limits below hold'}" in said
    assert f"in {percent(box.offer.found.density)} of the worlds" in said
    names = [row.all("th")[0].text for row in read(section.body).all("tr")[1:]]
    assert names == [found.quantities[item.place] for item in box.restrictions]


def test_too_few_worlds_are_said() -> None:
    section = boxes.boxes(cases.patron())
    assert section is not None
    assert "too few" in text_of(section.body)
