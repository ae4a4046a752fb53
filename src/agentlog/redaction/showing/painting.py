"""A preview for the eye: plain, in the colours of a terminal, and as HTML for a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Final

from agentlog.redaction.entities import (
    ADDRESS,
    CARD_LAST4,
    DOB,
    EMAIL,
    IP,
    MAC,
    NATIONAL_ID,
    PAYMENT_ID,
    PERSON,
    PHONE,
    SECRET,
    USER_ID,
    ZIP,
)

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
    from rich.text import Text

    from agentlog.redaction.showing.previews import Preview, Shown

WARNING: Final = "It holds the raw words: keep it out of logs, tickets and files."
_COLOURS: Final = {
    **dict.fromkeys((PERSON, USER_ID, DOB), "blue"),
    **dict.fromkeys((EMAIL, PHONE, ADDRESS, ZIP, IP, MAC), "magenta"),
    **dict.fromkeys((PAYMENT_ID, CARD_LAST4, NATIONAL_ID), "green"),
    **dict.fromkeys((SECRET, "FAILED"), "red"),
}
_OTHER: Final = "yellow"
_SHADES: Final = {
    "blue": "66,133,244",
    "magenta": "190,80,200",
    "green": "30,160,90",
    "red": "225,60,50",
    "yellow": "220,160,0",
}
"""Red, green, blue of each colour; translucent, so that both a light and a dark notebook can be read."""
_WIDE: Final = 100
"""Columns of a terminal from which before and after stand side by side."""
_MOST_HTML: Final = 200_000
"""Characters of texts that a notebook shows; a browser is slow with more."""

Stretch = tuple[str, int | None]
"""A piece of a text, and which finding it is, if it is one."""


def summary(preview: Preview) -> str:
    """What was found, in a line."""
    counts = ", ".join(f"{entity} {count:,}" for entity, count in preview.counts.items())
    texts = f"{len(preview.texts):,} text{'' if len(preview.texts) == 1 else 's'}"
    return f"{len(preview.findings):,} replaced in {texts}" + (f": {counts}" if counts else "")


def plain(preview: Preview) -> str:
    """Before, after and reasons without colours."""
    lines = []
    for one in preview.texts:
        if one.where:
            lines.append(f"── {clean(one.where)} ──")
        lines += ["before:", clean(one.before), "after:", clean(one.after)]
        lines += [f"  {clean(old)} → {clean(new)}  {clean(reason)}" for old, new, reason in rows(one)]
        lines.append("")
    return "\n".join((*lines, f"{summary(preview)}. {WARNING}"))


def rows(one: Shown) -> Iterator[tuple[str, str, str]]:
    """Original, replacement and reason of each finding of a text; the long ones cut."""
    for found in one.findings:
        yield _short(found.original), _short(found.replacement) or "(nothing)", found.reason


def before_of(one: Shown) -> list[Stretch]:
    """The text before redaction, in stretches."""
    return _stretches(one, [one.before[found.start : found.end] for found in one.findings])


def after_of(one: Shown) -> list[Stretch]:
    """The text after redaction, in stretches."""
    return _stretches(one, [found.replacement for found in one.findings])


def _stretches(one: Shown, said: list[str]) -> list[Stretch]:
    made: list[Stretch] = []
    position = 0
    for index, found in enumerate(one.findings):
        made += [(one.before[position : found.start], None), (said[index], index)]
        position = found.end
    return [*made, (one.before[position:], None)]


def clean(text: str) -> str:
    """`text` without what a terminal would obey; every character in its place."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "·" for sign in text)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:44]}… ({len(text):,} characters)"


# ── a terminal ────────────────────────────────────────────────────────────────────────────────────────────────────


def coloured(preview: Preview) -> Group:
    """For `rich`: before and after side by side where there is room, and the reasons below."""
    from rich.console import Group
    from rich.text import Text

    parts: list[RenderableType] = [_Block(one) for one in preview.texts]
    return Group(*parts, Text(f"{summary(preview)}. {WARNING}", style="dim"))


class _Block:
    """One text of a preview, in a terminal."""

    def __init__(self, one: Shown) -> None:
        self._one = one

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.rule import Rule
        from rich.table import Table
        from rich.text import Text

        one = self._one
        width = options.max_width
        if one.where:
            yield Rule(Text(clean(one.where), style="bold"), align="left", style="dim")
        before, after = _painted(one, before_of(one), "underline "), _painted(one, after_of(one), "bold ")
        if not one.findings:
            yield before
        elif width >= _WIDE:
            table = Table(box=None, padding=(0, 3, 0, 0), pad_edge=False, header_style="dim", width=width)
            table.add_column("before", ratio=1, overflow="fold")
            table.add_column("after", ratio=1, overflow="fold")
            table.add_row(before, after)
            yield table
        else:
            yield Text("before", style="dim")
            yield before
            yield Text("after", style="dim")
            yield after
        if one.findings:
            reasons = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
            reasons.add_column(overflow="fold", max_width=max(20, width // 3))
            reasons.add_column(overflow="fold", max_width=max(20, width // 3))
            reasons.add_column(overflow="fold")
            for found, (old, new, reason) in zip(one.findings, rows(one), strict=True):
                colour = _COLOURS.get(found.entity, _OTHER)
                reasons.add_row(
                    Text(clean(old), style=colour),
                    Text(clean(new), style=f"bold {colour}"),
                    Text(clean(reason), style="dim"),
                )
            yield Text()
            yield reasons
        yield Text()


def _painted(one: Shown, stretches: list[Stretch], style: str) -> Text:
    from rich.text import Text

    made = Text(overflow="fold")
    for said, index in stretches:
        colour = "" if index is None else style + _COLOURS.get(one.findings[index].entity, _OTHER)
        made.append(clean(said), style=colour)
    return made


# ── a notebook ────────────────────────────────────────────────────────────────────────────────────────────────────


def html(preview: Preview) -> str:
    """For a notebook: everything escaped; the reason of each finding in the table below its text, and under the pointer."""
    made = ['<div style="font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px;line-height:1.5">']
    shown = 0
    for one in preview.texts:
        if shown + len(one.before) > _MOST_HTML:
            made.append("<p>More texts are in this preview than a notebook can show: see <code>.texts</code>.</p>")
            break
        shown += len(one.before)
        made += _html_of(one)
    made.append(f'<p style="opacity:.7">{escape(summary(preview))}. {escape(WARNING)}</p></div>')
    return "".join(made)


def _html_of(one: Shown) -> Iterator[str]:
    if one.where:
        yield f'<p style="margin:.8em 0 .2em"><b>{escape(clean(one.where))}</b></p>'
    cell = 'style="text-align:left;vertical-align:top;white-space:pre-wrap;overflow-wrap:anywhere;width:50%;padding:4px 8px"'
    yield '<table style="width:100%;table-layout:fixed;border-collapse:collapse">'
    if one.findings:
        head = 'style="text-align:left;font-weight:normal;opacity:.6;padding:0 8px"'
        yield f"<tr><th {head}>before</th><th {head}>after</th></tr>"
        yield f"<tr><td {cell}>{_marked(one, before_of(one))}</td><td {cell}>{_marked(one, after_of(one))}</td></tr>"
    else:
        yield f"<tr><td {cell}>{escape(clean(one.before))}</td></tr>"
    yield "</table>"
    if one.findings:
        small = 'style="text-align:left;overflow-wrap:anywhere;padding:1px 8px"'
        yield '<table style="border-collapse:collapse;font-size:12px;opacity:.85">'
        for old, new, reason in rows(one):
            yield "<tr>" + "".join(f"<td {small}>{escape(clean(said))}</td>" for said in (old, new, reason)) + "</tr>"
        yield "</table>"


def _marked(one: Shown, stretches: list[Stretch]) -> str:
    made = []
    for said, index in stretches:
        if index is None:
            made.append(escape(clean(said)))
            continue
        found = one.findings[index]
        shade = _SHADES[_COLOURS.get(found.entity, _OTHER)]
        style = f"background:rgba({shade},.28);color:inherit;border-radius:3px"
        title = escape(f"{found.entity}: {found.reason}", quote=True)
        made.append(f'<mark style="{style}" title="{title}">{escape(clean(said))}</mark>')
    return "".join(made)
