"""Nothing comes into a page unescaped."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foederis.report.brief.html import Markup, data_block, join, number, raw, shown, tag, web_link


def test_text_is_escaped_and_markup_is_not() -> None:
    assert tag("p", "a < b & c", tag("b", "d")) == "<p>a &lt; b &amp; c<b>d</b></p>"
    assert join("<", None, ["&", [tag("br")]]) == "&lt;&amp;<br>"
    assert join("a", "", "b", between=" ") == "a b"


def test_markup_that_was_formatted_is_text_again() -> None:
    bold = tag("b", "x")
    assert tag("p", f"{bold}") == "<p>&lt;b&gt;x&lt;/b&gt;</p>"
    assert tag("p", bold + bold) == "<p>&lt;b&gt;x&lt;/b&gt;&lt;b&gt;x&lt;/b&gt;</p>"


def test_attributes() -> None:
    assert tag("p", class_="a\"b'<", hidden=True, title=None, aria_label="x") == (
        '<p class="a&quot;b&#x27;&lt;" hidden aria-label="x"></p>'
    )
    assert tag("rect", x=1.0, y=0.333333, width=2) == '<rect x="1" y="0.33" width="2"></rect>'
    assert tag("input", disabled=False) == "<input>"


@pytest.mark.parametrize("name", ["onclick", "onLoad", "ON_x", "a b", "x>"])
def test_attributes_that_a_page_may_not_have(name: str) -> None:
    with pytest.raises(ValueError, match="no attribute"):
        tag("p", **{name: "1"})


@pytest.mark.parametrize("address", ["javascript:alert(1)", " javascript:x", "//host/x", "file:///etc", "x.html", ""])
def test_addresses_that_a_page_may_not_hold(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        tag("a", "x", href=address)


@pytest.mark.parametrize("name", ["p onclick=x", "p>", "", "1a"])
def test_names_that_are_no_elements(name: str) -> None:
    with pytest.raises(ValueError, match="no element"):
        tag(name)


@given(st.text(), st.text())
def test_any_text_stays_text(inside: str, attribute: str) -> None:
    made = tag("p", inside, title=attribute)
    assert made.count("<") == made.count(">") == 2
    assert re.fullmatch(r'<p title="[^"<>]*">[^<>]*</p>', made, re.DOTALL)
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", made)


def test_what_hides_or_turns_text_is_shown_as_a_dot() -> None:
    assert shown("a\u202eb\x07c\ud800") == "a·b·c·"
    assert shown("تهران \u200cیک\nzwei\tdrei") == "تهران \u200cیک\nzwei\tdrei"


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_data_cannot_end_its_element(data: object) -> None:
    made = data_block("x", data)
    inside = made.removeprefix('<script id="x" type="application/json">').removesuffix("</script>")
    assert not set("<>&") & set(inside)
    assert json.loads(inside) == data


@pytest.mark.parametrize("text", ["</script>", "<!-- x", "a</STYLE>"])
def test_scripts_that_would_end_themselves_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot stand"):
        raw("script", text)


def test_links() -> None:
    assert web_link("https://example.org/?a=1&b=2", "x") == (
        '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">x</a>'
    )
    assert web_link("javascript:alert(1)", "x") == "x (javascript:alert(1))"
    assert web_link("https://a b", "https://a b") == "https://a b"
    assert isinstance(web_link("", "x"), Markup)


def test_numbers_are_short() -> None:
    assert [number(x) for x in (1.0, 1.5, 0.126, -0.001, 100)] == ["1", "1.5", "0.13", "-0", "100"]
