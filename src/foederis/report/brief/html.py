"""HTML and SVG put together from parts, so that no text can come in unescaped.

Only `tag` and `join` make markup, and `raw` for our own scripts and styles. Whatever else is put between tags or into
attributes is text, and is escaped: also a string that was made out of markup by formatting, since that is a plain
string again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape

_VOID = frozenset({"br", "hr", "input", "link", "meta", "wbr"})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*\Z")
# Addresses that a page may hold: places in itself, data that it carries, and the web pages of sources.
_ADDRESS = re.compile(r"(#|data:|https?://)", re.IGNORECASE)
# What moves the cursor, hides text or turns its direction around; letters of every script stay as they are.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class Markup(str):
    """Text that is HTML already. Made by the functions of this module, and by nothing else."""

    __slots__ = ()


Child = str | None | Iterable["Child"]
Attribute = str | int | float | bool | None


def shown(text: str) -> str:
    """A text as a page may show it: characters that would hide or turn what stands beside them become dots."""
    return _HIDDEN.sub("·", text)


def join(*children: Child, between: str = "") -> Markup:
    """Children one after another: markup as it is, text escaped, lists flattened, None left out."""
    parts: list[str] = []
    for child in children:
        if isinstance(child, Markup):
            parts.append(str(child))
        elif isinstance(child, str):
            parts.append(escape(shown(child), quote=False))
        elif child is not None:
            parts += [str(join(item)) for item in child]
    return Markup(escape(between, quote=False).join(part for part in parts if part))


def tag(name: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """An element.

    Args:
        children: as in `join`.
        attributes: `class_` stands for class, `aria_label` for aria-label; True is an attribute without a value, and
            None or False is none.
    Raises:
        ValueError: an element or attribute that is none, or an address that a page may not hold.
    """
    opening = "".join([name, *(_attribute(key, value) for key, value in attributes.items())])
    if not _NAME.match(name):
        raise ValueError(f"`{name}` is no element")
    if name in _VOID:
        return Markup(f"<{opening}>")
    return Markup(f"<{opening}>{join(*children)}</{name}>")


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if not _NAME.match(name) or name.lower().startswith("on"):
        raise ValueError(f"`{name}` is no attribute for a page of ours")
    if value is True:
        return f" {name}"
    text = value if isinstance(value, str) else number(value)
    if name in ("href", "src") and not _ADDRESS.match(text):
        raise ValueError(f"`{text}` is no address that a page may hold")
    return f' {name}="{escape(shown(text))}"'


def number(value: float) -> str:
    """A coordinate: two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def raw(name: str, text: str, /, **attributes: Attribute) -> Markup:
    """A `script` or `style` element, whose text a browser takes as it stands.

    Raises:
        ValueError: a text that would end its element, or open a comment in it.
    """
    if re.search(r"</|<!--", text):
        raise ValueError(f"this text cannot stand in a {name} element")
    opening = "".join([name, *(_attribute(key, value) for key, value in attributes.items())])
    return Markup(f"<{opening}>{text}</{name}>")


def data_block(name: str, data: object) -> Markup:
    """Plain data that a script of the page reads: JSON in which nothing can end the element."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"), sort_keys=True)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return raw("script", text, id=name, type="application/json")


def web_link(address: str, words: str) -> Markup:
    """A link where the address is one of the web, else the address as text beside the words."""
    if re.match(r"https?://[^\s]+\Z", address, re.IGNORECASE):
        return tag("a", words, href=address, rel="noopener noreferrer")
    return join(words, f" ({address})" if address and address != words else "")
