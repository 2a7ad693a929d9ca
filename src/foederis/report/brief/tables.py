"""Tables of a brief: those that fold into blocks on a phone, and the numbers behind a chart."""

from __future__ import annotations

from collections.abc import Sequence

from foederis.report.brief.html import Child, Markup, tag
from foederis.report.brief.phrases import unbroken

MOST_ROWS = 60


def data_table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Child]]) -> Markup:
    """The numbers of a chart as a table behind a summary, for those who do not see it or want to quote it.

    Of very many rows every so-manieth is shown, and the caption says so.
    """
    every = -(-len(rows) // MOST_ROWS)
    kept = rows[::every] if every > 1 else rows
    note = f", every {every}th row" if every > 1 else ""
    head = tag("tr", [tag("th", text, scope="col") for text in heads])
    body = [tag("tr", tag("th", row[0], scope="row"), [tag("td", cell) for cell in row[1:]]) for row in kept]
    table = tag("table", tag("caption", caption + note), tag("thead", head), tag("tbody", body))
    return tag(
        "details",
        tag("summary", "The numbers", tag("span", f" of “{caption}”", class_="unseen")),
        scroller(table, caption),
        class_="data",
    )


def scroller(table: Markup, name: str) -> Markup:
    """Room in which a wide table scrolls, and not the page; the keyboard can reach it."""
    return tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=name)


def stacked(heads: Sequence[tuple[str, str]], rows: Sequence[Sequence[Child]], kind: str = "") -> Markup:
    """A table whose rows fold into blocks where there is little room.

    Args:
        heads: (text, class) of each column: `q` for what it is about, `b` a bar, `v` a number, `n` one with its band,
            `w` words, `why` sentences.
        kind: classes of the table: `labelled` where the blocks need the titles of their columns, and others for widths.
    """
    kinds = [kind for _, kind in heads]
    head = [tag("th", text, scope="col", role="columnheader", class_=kind) for text, kind in heads]
    body = []
    for row in rows:
        first = tag("th", row[0], scope="row", role="rowheader", class_=kinds[0])
        cells = [
            tag(
                "td",
                unbroken(cell) if kind == "n" and isinstance(cell, str) and cell else cell,
                role="cell",
                class_=kind,
                data_label=None if isinstance(text, Markup) else text or None,
            )
            for cell, (text, kind) in zip(row[1:], heads[1:], strict=True)
        ]
        body.append(tag("tr", first, cells, role="row"))
    return tag(
        "table",
        tag("thead", tag("tr", head, role="row"), role="rowgroup"),
        tag("tbody", body, role="rowgroup"),
        class_=f"stack {kind}".strip(),
        role="table",
    )


def trail(summary: str, *children: Child) -> Markup:
    """What one looks up only to follow a number back; it stays in the file where the page is printed."""
    return tag("details", tag("summary", summary), children, class_="trail")


def more(summary: str, *children: Child) -> Markup:
    """What belongs to the brief but not to its first reading; it is opened where the page is printed."""
    return tag("details", tag("summary", summary), children, class_="more")
