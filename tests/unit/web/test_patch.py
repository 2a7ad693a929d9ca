"""Texts of every layout, changed to every other tree: what comes out is read as what was wanted, comments stay."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from foederis.diagnostics import Report, Span
from foederis.language.edit import apply_changes, parse_value
from foederis.language.source import Mapping, Node, Scalar, Sequence, parse
from foederis.web import writing
from foederis.web.patch import edited, same
from foederis.web.plain import Refusal

NOWHERE = Span(1, 1, 1, 1)


def tree(text: str) -> Mapping:
    report = Report()
    root = parse(text, report)
    assert isinstance(root, Mapping), report.found
    return root


def set_at(text: str, path: str, value: str) -> str:
    report = Report()
    node = parse_value(value, report)
    assert node is not None
    root = tree(text)
    wanted = apply_changes(root, [(path, node)], report)
    assert not report.found
    found = edited(text, root, wanted)
    assert same(parse(found, Report()), wanted)
    return found


CASES = [
    # scalars, and what stands around them
    ("quantities:\n  q: 1 to 2   # why\n", "quantities.q", "3", "quantities:\n  q: 3   # why\n"),
    ("quantities:\n  q:   1 to 2\n", "quantities.q", "3", "quantities:\n  q:   3\n"),
    ("quantities: {q: 1 to 2, r: 5} # x\n", "quantities.q", "3", "quantities: {q: 3, r: 5} # x\n"),
    ("quantities:\n  q: 'a'  # x\n", "quantities.q", "b: c", None),
    (
        "quantities:\n  q: |\n    1 to\n    2\n\n# x\n  r: 5\n",
        "quantities.q",
        "3",
        "quantities:\n  q: 3\n\n# x\n  r: 5\n",
    ),
    ("quantities:\n  q: >-\n    1 to\n    2\n", "quantities.q", "3", "quantities:\n  q: 3\n"),
    ("quantities:\n  q:\n    1 to 2 # x\n", "quantities.q", "3", "quantities:\n  q: 3 # x\n"),
    ("quantities:\n  q: # x\n    1 to 2\n", "quantities.q", "3", "quantities:\n  q: # x\n    3\n"),
    ("quantities:\n  q:\n  r: 5\n", "quantities.q", "3", "quantities:\n  q: 3\n  r: 5\n"),
    ("quantities: {q, r: 5}\n", "quantities.q", "3", "quantities: {q: 3, r: 5}\n"),
    ("quantities: {q: , r: 5}\n", "quantities.q", "3", "quantities: {q: 3, r: 5}\n"),
    ("quantities:\n  q: 1", "quantities.q", "3", "quantities:\n  q: 3"),
    ("quantities:\n  'q': 1\n", "quantities.q", "3", "quantities:\n  'q': 3\n"),
    # short forms, and items that are written out
    (
        "quantities:\n  q: {value: 1 to 2, unit: x} # y\n",
        "quantities.q",
        "3",
        "quantities:\n  q: {value: 3, unit: x} # y\n",
    ),
    (
        "quantities:\n  q:\n    value: 1 to 2 # y\n    unit: x\n",
        "quantities.q",
        "3",
        "quantities:\n  q:\n    value: 3 # y\n    unit: x\n",
    ),
    ("quantities:\n  q: 1 to 2 # y\n", "quantities.q.unit", "x", "quantities:\n  q: {value: 1 to 2, unit: x} # y\n"),
    (
        "quantities:\n  q:\n    value: 1 # y\n# z\n  r: 2\n",
        "quantities.q.unit",
        "x",
        "quantities:\n  q:\n    value: 1 # y\n    unit: x\n# z\n  r: 2\n",
    ),
    (
        "quantities:\n  q: {value: 1,   # y\n    }\n",
        "quantities.q.unit",
        "x",
        "quantities:\n  q: {value: 1, unit: x,   # y\n    }\n",
    ),
    ("state:\n  s: [a, b] # y\n", "state.s.start", "b", "state:\n  s: {levels: [a, b], start: b} # y\n"),
    # lists
    (
        "treaties:\n  t:\n    provisions: [consultation] # y\n",
        "treaties.t.provisions",
        "[consultation, defense]",
        "treaties:\n  t:\n    provisions: [consultation, defense] # y\n",
    ),
    (
        "treaties:\n  t:\n    provisions:\n      - consultation # y\n      # z\n    invokes: defense\n",
        "treaties.t.provisions",
        "[consultation, defense]",
        "treaties:\n  t:\n    provisions:\n      - consultation # y\n      - defense\n      # z\n    invokes: defense\n",
    ),
    (
        "treaties:\n  t:\n    provisions:\n    - defense\n    - offense\n    invokes: defense\n",
        "treaties.t.provisions",
        "[consultation]",
        "treaties:\n  t:\n    provisions: [consultation]\n    invokes: defense\n",
    ),
    # turns by their names
    (
        "moves:\n  - actor: a\n    chance: 5% # y\n  - actor: b\n    options: {}\n",
        "moves.a.chance",
        "6%",
        "moves:\n  - actor: a\n    chance: 6% # y\n  - actor: b\n    options: {}\n",
    ),
    (
        "moves:\n  - actor: a # y\n  - actor: b\n    options: {}\n",
        "moves.a.chance",
        "6%",
        "moves:\n  - actor: a # y\n    chance: 6%\n  - actor: b\n    options: {}\n",
    ),
    (
        "moves:\n  - together:\n      - actor: a\n      - {actor: b, name: n} # y\n",
        "moves.n.chance",
        "6%",
        "moves:\n  - together:\n      - actor: a\n      - {actor: b, name: n, chance: 6%} # y\n",
    ),
    (
        "events: {e: {odds: {when: x, times: 2}}}\n",
        "events.e.odds.times",
        "3",
        "events: {e: {odds: {when: x, times: 3}}}\n",
    ),
    (
        "events:\n  e:\n    odds:\n      - {when: x, times: 2} # y\n",
        "events.e.odds.0.times",
        "3",
        "events:\n  e:\n    odds:\n      - {when: x, times: 3} # y\n",
    ),
    # characters that count as one, and lines that YAML ends where others do not
    ("title: ä😀\nquantities: {ü: 1, q: 2}\n", "quantities.q", "3", "title: ä😀\nquantities: {ü: 1, q: 3}\n"),
    (
        "title: 'a\u2028 b'\nquantities:\n  q: 2 # y\n",
        "quantities.q",
        "3",
        "title: 'a\u2028 b'\nquantities:\n  q: 3 # y\n",
    ),
]


@pytest.mark.parametrize(("text", "path", "value", "wanted"), CASES)
def test_a_change_stays_in_its_place(text: str, path: str, value: str, wanted: str | None) -> None:
    found = set_at(text, path, value)
    assert wanted is None or found == wanted


def test_nothing_is_not_an_empty_text() -> None:
    """`says:` and `says: ''` are read differently, so they are not the same."""
    assert same(tree("a:\n"), tree("a: # x\n"))
    assert same(tree("a: 'x'\n"), tree("a: x\n"))
    assert not same(tree("a: ''\n"), tree("a:\n"))
    assert writing.value(Scalar("", NOWHERE, "'")) == "''"
    assert writing.value(Scalar("", NOWHERE)) == ""


def test_long_values_take_lines_of_their_own() -> None:
    long = "{" + ", ".join(f"actor_number_{k}: {{worth: 5 to 10, when: war == on}}" for k in range(4)) + "}"
    found = set_at("interests:\n  a: {b: 1} # y\n# z\n", "interests.a", long)
    assert found.splitlines()[:3] == ["interests:", "  a:", "    actor_number_0: {worth: 5 to 10, when: war == on}"]
    assert found.endswith(" # y\n# z\n")


def test_what_no_text_can_say_is_refused() -> None:
    """Nothing at all as an item of a list in brackets."""
    root = tree("a: {b: [x]}\n")
    nothing = Sequence((Scalar("", NOWHERE), Scalar("", NOWHERE)), NOWHERE)
    inner = Mapping(((Scalar("b", NOWHERE), nothing),), NOWHERE)
    wanted = Mapping(((Scalar("a", NOWHERE), inner),), NOWHERE)
    with pytest.raises(Refusal):
        edited("a: {b: [x]}\n", root, wanted)


WORDS = st.one_of(
    st.sampled_from(["a", "b", "1 to 2", "30%", "x == y", "yes", "~", "null", "'", '"', "#", "a #b", "a: b", "- a", "[", "}", ",", "!x",
                     "&a", "*a", "|", ">", "%", "@", "`", "?", ": ", " a ", "ä😀", "a\nb", "\t", "a:", "é\u2028", "0o7", "<<", "---", "..."]),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\x85\ufeff\ufffe\uffff", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
)  # fmt: skip
SCALARS = st.builds(lambda text, style: Scalar(text, NOWHERE, style), WORDS, st.sampled_from(["", "'", '"']))
TREES: st.SearchStrategy[Node] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: Sequence(tuple(items), NOWHERE)),
        st.dictionaries(WORDS, inner, max_size=3).map(
            lambda entries: Mapping(tuple((Scalar(k, NOWHERE), v) for k, v in entries.items()), NOWHERE)
        ),
    ),
    max_leaves=8,
)


def readable(node: Node) -> bool:
    """Whether a plain scalar is not one that says nothing at all: nothing cannot stand everywhere."""
    if isinstance(node, Mapping):
        return all(readable(key) and readable(value) for key, value in node.entries)
    if isinstance(node, Sequence):
        return all(map(readable, node.items))
    return bool(node.text.strip()) or node.style != ""


@given(TREES)
def test_what_is_written_is_read_again(node: Node) -> None:
    assume(readable(node))
    root = Mapping(((Scalar("k", NOWHERE), node),), NOWHERE)
    for text in (
        f"{{k: {writing.flow(node)}}}",
        f"k: {writing.value(node)}",
        writing.block(root, 0),
        writing.entry(Scalar("k", NOWHERE), node, 0, lines=True),
        f"- {writing.block(root, 2)}",
    ):
        found = parse(text, Report())
        found = found.items[0] if isinstance(found, Sequence) else found
        assert same(found, root), text


PARTS = ["  a: 1 # one\n", "  b: {value: 2, unit: x} # two\n", "  c:\n    # three\n    value: 3\n    unit: y # four\n",
         "  d: |\n    5\n\n", "  e:\n    - 6 # five\n    - [7, 8]\n", "  f:\n", "  g: 'nine' # six\n"]  # fmt: skip


@given(st.permutations(PARTS), st.integers(0, 6), TREES)
def test_whatever_is_put_anywhere_the_comments_around_it_stay(parts: list[str], place: int, node: Node) -> None:
    assume(readable(node))
    text = "# top\nquantities:\n" + "".join(parts) + "# end\nlast: x\n"
    root = tree(text)
    section = root.get("quantities")
    assert isinstance(section, Mapping)
    key = section.entries[place][0]
    wanted = root.with_entry(Scalar("quantities", NOWHERE), section.with_entry(key, node))
    found = edited(text, root, wanted)
    assert same(parse(found, Report()), wanted)
    gone = set(re.findall("# .*", parts[place]))
    for comment in set(re.findall("# .*", text)) - gone:
        assert comment in found
    for part in (*parts[:place], *parts[place + 1 :]):
        assert part.rstrip("\n") in found
