"""The pieces that the page is built of: sections, tables that fold on a narrow screen, figures with their reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agentlog.reporting import words
from agentlog.reporting.markup import Child, Html, join, sentence, tag
from agentlog.reporting.measured import Unmeasured


def section(id: str, title: str, lead: Child, *content: Child) -> Html:
    """A part of the page: its title and what it is about on the left, the figures on the right."""
    return tag(
        "section",
        tag("div", tag("h2", title, id=f"{id}-title"), tag("div", lead, class_="about"), class_="margin"),
        tag("div", *content, class_="content"),
        id=id,
        aria_labelledby=f"{id}-title",
    )


def paragraph(text: str, class_: str | None = None) -> Html:
    """Words with `commands` and **strong** ones."""
    return tag("p", sentence(text), class_=class_)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    title: str
    words: bool = False
    """Words stand on the left, numbers on the right."""
    alone: str = ""
    """The title where the column stands alone, on a narrow screen; "" is the same."""


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Child]], class_: str = "") -> Html:
    """A table with a caption for those who do not see the page; on a narrow screen each row is a list of its own.

    The roles are written out, because a browser forgets them when the rows are shown as lists.
    """
    kinds = ["words" if column.words else "number" for column in columns]
    head = [
        tag("th", column.title, scope="col", role="columnheader", class_=kind)
        for column, kind in zip(columns, kinds, strict=True)
    ]
    body = []
    for row in rows:
        cells = [tag("th", row[0], scope="row", role="rowheader", class_=kinds[0])]
        cells += [
            tag(
                "td",
                tag("span", cell),
                role="cell",
                class_=f"{kind} none" if cell == words.DASH else kind,
                data_label=column.alone or column.title,
            )
            for cell, column, kind in zip(row[1:], columns[1:], kinds[1:], strict=True)
        ]
        body.append(tag("tr", *cells, role="row"))
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *head, role="row"), role="rowgroup"),
        tag("tbody", *body, role="rowgroup"),
        role="table",
        class_=f"figures {class_}".strip(),
    )


def missing(figure: Unmeasured) -> Html:
    """A figure that is not there, with its reason and what to do."""
    return tag(
        "span",
        tag("em", words.NOT_MEASURABLE),
        join(": ", sentence(figure.why)),
        join(". ", sentence(figure.do)) if figure.do else None,
        class_="missing",
    )


def measured(value: Any, shown: Any) -> Html:
    """A figure as `shown` writes it, or why it is not there."""
    return missing(value) if isinstance(value, Unmeasured) else tag("span", shown(value), class_="value")


def brief(value: Any, shown: Any) -> Child:
    """The same where there is room for a word: the reason stands elsewhere."""
    if value is None or isinstance(value, Unmeasured):
        return tag("em", words.NOT_MEASURABLE, class_="missing")
    return str(shown(value))


def bar(share: float, class_: str = "") -> Html:
    """A share as a thin line under a name."""
    return tag(
        "span",
        tag("span", style=f"width:{max(0.5, 100 * share):.2f}%"),
        class_=f"bar {class_}".strip(),
        aria_hidden="true",
    )


def stacked(parts: Sequence[tuple[str, str, float]], label: str) -> Html:
    """Shares side by side.

    Args:
        parts: (class, name, share); those of nothing are left out.
        label: what a screen reader says.
    """
    return tag(
        "div",
        *(tag("span", class_=kind, style=f"flex-grow:{share:.6f}") for kind, _, share in parts if share > 0),
        class_="stacked",
        role="img",
        aria_label=label,
    )


def legend(parts: Sequence[tuple[str, Child, Child]]) -> Html:
    """What the colours mean, with the figure beside each.

    Args:
        parts: (class, figure, meaning).
    """
    return tag(
        "ul",
        *(
            tag("li", tag("span", class_=f"key {kind}", aria_hidden="true"), tag("strong", figure), " ", meaning)
            for kind, figure, meaning in parts
        ),
        class_="legend",
    )


def facts(pairs: Iterable[tuple[str, Child]], class_: str = "facts") -> Html:
    """Names and what is to be said of each."""
    return tag("dl", *(tag("div", tag("dt", title), tag("dd", said)) for title, said in pairs), class_=class_)
