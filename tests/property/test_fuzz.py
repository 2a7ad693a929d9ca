"""Whatever is in a file, reading it gives a case or its mistakes: never a traceback, never for long."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from foederis.analysis.checking import look
from foederis.analysis.gallery import gallery
from foederis.diagnostics import CaseError
from foederis.language import source
from foederis.language.check import read_text
from foederis.language.shapes import SHAPES

PATRON = gallery()["patron"].read_text(encoding="utf-8")
KEYS = sorted({key for shape in SHAPES for key in shape.keys})
NAMES = [
    "patron",
    "rival",
    "war",
    "help",
    "on",
    "over",
    "arms",
    "fallen",
    "stake",
    "p_fall",
    "x",
    "none",
    "step",
    "type",
    "weak",
    "patron.type",
]
WORDS = [
    *NAMES, *KEYS, *(["and", "or", "not", "in", "if", "else", "to", "min", "max", "abs", "losses", "yes", "no", "true", "false", "flag"]),
    *(["0", "1", "2", "0.5", "-1", "30%", "110%", "1e999", "1_000", "0..6", "5..1", "-9..9", "(", ")", "[", "]", "{", "}", ",", "|", ":", "==", "!=", "<", "<=", ">", ">=", "=", "+", "-", "*", "/", "@", "%"]),
    *(["choice", "normal", "beta", "each_step", "at_end", "rises", "falls", "above", "below", "within", "defense", "@", "80%", "every", "weeks", "week"]),
    *(['"', "'", '#', '-', '&', '!', '?', '~', '\t', 'é', '国', '–', '∞', '\x07', '\u2028']), "\n", "\n  ", "\n    ", ": ", "- ", "{}", "[]", "",
]  # fmt: skip


def read(data: bytes) -> None:
    """Reads as `check` does. Nothing but CaseError may come out, and that can be shown."""
    try:
        case = read_text(source.decode(data, "fuzz.yaml"), filename="fuzz.yaml")
        look(case)
    except CaseError as error:
        assert error.diagnostics
        assert str(error)
        json.dumps([item.to_json() for item in error.diagnostics])
        for item in error.diagnostics:
            assert item.message
            assert item.help, item


@given(st.binary(max_size=300))
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\x00")
@example("foederis: 1\ntitle: \U0001f600".encode("utf-16"))
@example(b"foederis: 1\r\ntitle: x\rclock: {step: 1 week, steps: 1}\r\n")
def test_any_bytes(data: bytes) -> None:
    read(data)


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    read(("foederis: 1\n" + text).encode("utf-8", "surrogatepass"))


@given(
    st.lists(
        st.tuples(st.integers(0, len(PATRON)), st.integers(0, 12), st.lists(st.sampled_from(WORDS), max_size=3)),
        min_size=1,
        max_size=4,
    )
)
def test_a_file_with_pieces_cut_out_and_put_in(edits: list[tuple[int, int, list[str]]]) -> None:
    text = PATRON
    for place, length, words in edits:
        text = text[:place] + " ".join(words) + text[place + length :]
    read(text.encode())


@given(st.data())
def test_a_file_with_lines_moved(data: st.DataObject) -> None:
    lines = PATRON.split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(lines) - 1))
        part = lines[start : start + data.draw(st.integers(1, 6))]
        del lines[start : start + len(part)]
        place = data.draw(st.integers(0, len(lines)))
        lines[place:place] = part * data.draw(st.integers(0, 2))
    read("\n".join(lines).encode())


@given(st.data())
def test_a_file_with_one_part_replaced_by_anything(data: st.DataObject) -> None:
    root = yaml.load(PATRON, yaml.BaseLoader)
    part = root
    for _ in range(data.draw(st.integers(0, 6))):
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(part[key], (dict, list)) or data.draw(st.booleans()):
            part[key] = data.draw(ANYTHING)
            break
        part = part[key]
    read(yaml.safe_dump(root, sort_keys=False, allow_unicode=True).encode())


ANYTHING = st.recursive(
    st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS + NAMES), inner, max_size=4),
    max_leaves=8,
)
TOP = st.fixed_dictionaries(
    {"foederis": st.just("1"), "title": st.just("x"), "clock": st.just({"step": "1 week", "steps": "3"})},
    optional=dict.fromkeys(("actors", "state", "facts", "quantities", "moves", "events", "interests"), ANYTHING),
)


@given(TOP)
def test_anything_in_the_shape_of_a_file(root: object) -> None:
    read(yaml.safe_dump(root, sort_keys=False, allow_unicode=True).encode())


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_words_as_an_expression(words: str) -> None:
    root = yaml.load(PATRON, yaml.BaseLoader)
    root["facts"]["odd"] = words
    root["quantities"]["odd"] = words
    root["interests"]["rival"]["odd"] = {"worth": words, "when": words}
    root["moves"][0]["when"] = words
    root["events"]["truce"]["sets"]["help"] = words
    root["questions"]["odd"] = {"expected": words}
    read(yaml.safe_dump(root, sort_keys=False, allow_unicode=True).encode())


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), st.booleans())
@example("type == weak", False)
@example("patron.type in weak | strong", False)
@example("type", True)
def test_any_words_beside_a_type(words: str, read_in_shares: bool) -> None:
    root = yaml.load(PATRON, yaml.BaseLoader)
    root["actors"]["patron"]["types"] = {"weak": words if read_in_shares else "40%", "strong": "60%"}
    root["interests"]["rival"]["odd"] = {"worth": "1", "when": words}
    root["interests"]["patron"]["odd"] = {"worth": f"1 if {words} else 2", "when": f"type == weak and {words}"}
    root["moves"][0]["when"] = f"patron.type == {words}"
    read(yaml.safe_dump(root, sort_keys=False, allow_unicode=True).encode())


def head(**sections: str) -> str:
    lines = ["foederis: 1", "title: x", "clock: {step: 1 week, steps: 2}", "actors: {a: {rationality: 1}}"]
    return "\n".join([*lines, *(f"{name}: {content}" for name, content in sections.items())]) + "\n"


def lines(items: list[str]) -> str:
    return "\n  " + "\n  ".join(items)


DOUBLED = [f"f{k}: f{k - 1} and not f{k - 1}" for k in range(1, 60)]
EXTREMES = {
    "parentheses": head(quantities="{q: " + "(" * 2_000 + "1" + ")" * 2_000 + "}"),
    "many nots": head(facts=lines([f"f: {'not ' * 900}g", "g: step > 1"])),
    "many minuses": head(quantities=lines([f"q: '{'- ' * 1_900}1'"])),
    "many lists of one": head(quantities=lines(["q: " + "- " * 1_900 + "1"])),
    "many conditionals": head(quantities=lines(["q: " + "1 if a > 1 else " * 200 + "2", "a: 3"])),
    "a long sum": head(quantities=lines(["q: " + "1 + " * 950 + "1"])),
    "a very long expression": head(quantities=lines(["q: " + "1 + " * 400_000 + "1"])),
    "a long word": head(quantities=lines([f"{'q' * 900_000}: {'x' * 900_000}"])),
    "a long chain of facts": head(facts=lines(["f0: step > 1", *(f"f{k}: not f{k - 1}" for k in range(1, 3_000))])),
    "a long chain the other way": head(facts=lines([*(f"f{k}: not f{k - 1}" for k in range(3_000, 0, -1)), "f0: step > 1"])),
    "facts that double": head(facts=lines(["f0: step > 1", *DOUBLED])),
    "a ring of facts": head(facts=lines([f"f{k}: f{(k + 1) % 3_000}" for k in range(3_000)])),
    "a chain of quantities": head(quantities=lines(["q0: 1", *(f"q{k}: q{k - 1}" for k in range(1, 9_000))])),
    "a ring of quantities": head(quantities=lines([f"q{k}: q{(k + 1) % 9_000}" for k in range(9_000)])),
    "many names": head(quantities=lines([f"q{k}: 1 to 2" for k in range(9_000)])),
    "many unknown names": head(quantities=lines([f"q{k}: qq{k}" for k in range(9_000)])),
    "many entries": head(quantities=lines([f"q{k}: 1" for k in range(150_000)])),
    "many keys alike": head(quantities=lines(["q: 1" for _ in range(9_000)])),
    "many levels": head(state=lines([f"v{k}: 0..9999" for k in range(300)])),
    "a giant range": head(state="{v: 0..999999999}"),
    "huge numbers": head(quantities=lines([f"q: {'9' * 3_000}", f"r: 1e{'9' * 30}", "s: 1e-999999", "t: 1_" + "0" * 3_000])),
    "deep lists": head(quantities="[" * 50_000),
    "deep mappings": head(quantities="{a: " * 50_000),
    "deep dashes": head(moves=lines(["- " * 50_000])),
    "deep questions": head(quantities=lines(["? " * 50_000])),
    "many brackets": head(quantities="[" + "[]," * 400_000),
    "many documents": "---\n" * 400_000,
    "many anchors": head(quantities="&a [" * 50 + "]" * 50),
    "laughs": head(quantities=lines(["a: &a [x, x]", *(f"{c}: &{c} [*{b}, *{b}]" for b, c in zip("abcdefgh", "bcdefghi", strict=True))])),
    "many what-ifs": head(quantities="{q: 1}", whatifs=lines([f"w{k}: {{set: {{quantities.q: {k}}}}}" for k in range(2_500)])),
    "many what-ifs that change all": head(
        facts=lines([f"f{k}: step > {k}" for k in range(1_500)]),
        whatifs=lines([f"w{k}: {{set: {{facts.f0: step < 1}}}}" for k in range(70)]),
    ),
    "losses everywhere": head(
        quantities=lines([f"q{k}: 1 to 2" for k in range(700)]),
        exposures=lines([f"e{k}: {{holder: a, value: q{k}, lost: {{step > 0: 10%}}}}" for k in range(700)]),
        interests="{a: {" + ", ".join(f"i{k}: {{worth: losses(a) + {k}}}" for k in range(1_200)) + "}}",
    ),
    "many correlations": head(
        quantities=lines([f"q{k}: 1 to 2" for k in range(3_000)]),
        correlated="[" + ", ".join(f"[q{k}, q{k + 1}, 0.1]" for k in range(2_900)) + "]",
    ),
    "many mistakes": head(events=lines([f"e{k}: {{when: nothing{k}, chanse: {k}, sets: {{v: w}}}}" for k in range(1_500)])),
    "tabs": "foederis: 1\n\ttitle: x\n" * 10_000,
    "one line": "x" * 1_900_000,
    "NUL": "\0" * 1_900_000,
}  # fmt: skip

# The codes of what is refused; the rest is read.
REFUSED = {
    "parentheses": ["F203"],
    "many nots": ["F203"],
    "many minuses": ["F203"],
    "many lists of one": ["F005"],
    "many conditionals": ["F203"],
    "a very long expression": ["F203"],
    "a long word": ["F005"],
    "a long chain of facts": ["F211"],
    "a long chain the other way": ["F211"],
    "facts that double": ["F211"],
    "a ring of facts": ["F401"],
    "a ring of quantities": ["F401"],
    "many unknown names": ["F010", "F102"],
    "many entries": ["F003"],
    "many keys alike": ["F006", "F010"],
    "a giant range": ["F402"],
    "huge numbers": ["F311"],
    "deep lists": ["F008"],
    "deep mappings": ["F008"],
    "deep dashes": ["F008"],
    "deep questions": ["F008"],
    "many brackets": ["F003"],
    "many documents": ["F005"],
    "many anchors": ["F007"],
    "laughs": ["F007"],
    "many what-ifs": ["F003"],
    "many what-ifs that change all": ["F003"],
    "losses everywhere": ["F211"],
    "many correlations": ["F309"],
    "many mistakes": ["F010", "F101", "F102", "F107", "F202"],
    "tabs": ["F005"],
    "one line": ["F201"],
    "NUL": ["F005"],
}

# In a process of its own, so that what it takes is not mixed up with what other tests took. The largest memory of a
# process that getrusage tells begins with that of the process which started it, so the kernel is asked, where it can be.
MEASURE = """
import json, pathlib, sys, time
from foederis.diagnostics import CaseError
from foederis.language.check import read_text
read_text("foederis: 1\\ntitle: x\\nclock: {step: 1 week, steps: 1}\\nquantities: {q: 1 + 1}\\n")
texts, found = json.load(sys.stdin), {}
for name, text in texts.items():
    start = time.process_time()
    try:
        read_text(text)
        codes = []
    except CaseError as error:
        str(error)
        codes = sorted({item.code for item in error.diagnostics})
    found[name] = (codes, time.process_time() - start)
    sys.stderr.write(f"{name}: {codes} {time.process_time() - start:.2f} s\\n")
status = pathlib.Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
megabytes = [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
json.dump([found, *(megabytes or [None])], sys.stdout)
"""


@pytest.fixture(scope="module")
def measured() -> tuple[dict[str, tuple[list[str], float]], float | None]:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=json.dumps(EXTREMES),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found, megabytes = json.loads(done.stdout)
    return found, megabytes


@pytest.mark.parametrize("name", EXTREMES)
def test_an_extreme_file_is_read_or_refused_within_seconds(
    name: str, measured: tuple[dict[str, tuple[list[str], float]], float | None]
) -> None:
    codes, seconds = measured[0][name]
    assert seconds < 5
    assert codes == REFUSED.get(name, [])


def test_extreme_files_take_little_memory(
    measured: tuple[dict[str, tuple[list[str], float]], float | None],
) -> None:
    if measured[1] is None:
        pytest.skip("this system does not tell the largest memory of a process")
    assert 20 < measured[1] < 1_000
