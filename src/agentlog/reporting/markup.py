"""HTML that cannot be broken by what is put into it: text is escaped unless it was made here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Final, TypeAlias

_VOID: Final = frozenset({"meta", "br", "hr", "input"})
_CLOSED: Final = frozenset({"rect", "circle", "line", "path"})
"""Of SVG: left open, they would swallow what follows."""
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""What HTML forbids, and what turns the direction of a line around."""


class Html(str):
    """Markup that is safe as it is; only `tag`, `join` and the style sheet make it."""

    __slots__ = ()


Child: TypeAlias = "str | Html | Iterable[str | Html | None] | None"


def text(value: object) -> Html:
    """Words as HTML shows them; control characters as U+FFFD."""
    return value if isinstance(value, Html) else Html(escape(_CONTROLS.sub("\ufffd", str(value)), quote=True))


def join(*children: Child, between: str = "") -> Html:
    """Several pieces after one another; None is nothing."""
    found: list[str] = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, str):
            found.append(text(child))
        else:
            found.extend(text(one) for one in child if one is not None)
    return Html(text(between).join(found))


def tag(name: str, /, *children: Child, **attributes: object) -> Html:
    """One element. `class_` and `for_` lose their underscore, others change it to a hyphen; None and False leave it out.

    >>> tag("p", "1 < 2", class_="quiet", data_label='"x"')
    '<p class="quiet" data-label="&quot;x&quot;">1 &lt; 2</p>'
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{text(value)}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _CLOSED:
        return Html(f"<{name}{written}/>")
    return Html(f"<{name}{written}>" + ("" if name in _VOID else f"{join(*children)}</{name}>"))


def name(value: str) -> Html:
    """A name that somebody else gave: isolated, so that a right-to-left one does not turn the line around."""
    return tag("bdi", value)


def sentence(words: str, *, code: str = "code", strong: str = "strong") -> Html:
    """Words in which `backticks` are a command and **stars** are strong.

    >>> sentence("type `ls`, **now**")
    'type <code>ls</code>, <strong>now</strong>'
    """
    pieces = re.split(r"(`[^`]*`|\*\*[^*]+\*\*)", words)
    return join(
        [
            tag(code, piece[1:-1])
            if piece.startswith("`") and piece.endswith("`") and len(piece) > 1
            else tag(strong, piece[2:-2])
            if piece.startswith("**") and piece.endswith("**") and len(piece) > 4
            else piece
            for piece in pieces
            if piece
        ]
    )
