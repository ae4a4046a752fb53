"""HTML and XML: elements and attributes by their names, tables by their headers, texts by the labels before them.

Nothing is parsed: tags are met one by one, and a tag that is never closed costs nothing.
"""

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.documents.delimited import grid
from agentlog.redaction.documents.fields import says_something
from agentlog.redaction.documents.page import Page
from agentlog.redaction.words.spans import Span

_TAG: Final = re.compile(
    r"<(?:(?P<close>/)?(?P<name>[A-Za-z][\w:.-]{0,60})(?P<attributes>(?:\s{1,40}[^\s<>\"'=/]{1,60}(?:\s{0,4}=\s{0,4}(?:\"[^\"<>]{0,4000}\"|'[^'<>]{0,4000}'|\\\"[^\"<>\\]{0,2000}\\\"|[^\s\"'<>=`]{1,400}))?){0,40})\s{0,40}(?P<empty>/?)>"
    r"|!\[CDATA\[(?P<data>[^\]]{0,4000})\]\]>|!--|[!?][^<>]{0,400}>)"
)
_ATTRIBUTE: Final = re.compile(
    r"(?P<name>[^\s<>\"'=/\\]{1,60})\s{0,4}=\s{0,4}(?:\\?\"(?P<double>[^\"<>\\]{0,4000})|'(?P<single>[^'<>]{0,4000})|(?P<bare>[^\s\"'<>=`]{1,400}))"
)
_HTML: Final = frozenset(
    """html head body div span p br hr ul ol li dl dt dd table thead tbody tfoot tr td th caption colgroup col form fieldset
    legend label input select option textarea button a b strong em i u s small big sub sup code pre kbd samp var mark q cite
    blockquote h1 h2 h3 h4 h5 h6 img picture source video audio iframe section article header footer nav main aside figure
    figcaption details summary dialog template slot svg path g script style link meta title base noscript font center bdi
    bdo abbr time data output progress meter string key dict integer array real true false entry item property add
    param setting element field attribute value row cell column""".split()
)
"""Elements whose names say nothing about what is in them."""
_LABELS: Final = frozenset("dt th label key b strong legend h4 h5 h6".split())
"""Elements that say what the text behind them is."""
_BREAKS: Final = frozenset("tr table dl form ul ol section article".split())
"""At the end of these a label has had its chance."""
_ROWS: Final = frozenset("tr row".split())
_CELLS: Final = frozenset("td th cell".split())
_VOID: Final = frozenset("br hr img input meta link base col area source wbr param add".split())
_SILENT: Final = frozenset("script style".split())
_NAMING: Final = frozenset(
    "name key id class itemprop property data-field data-name data-label aria-label for data-testid headers".split()
)
"""Attributes whose values say what an element's text is."""
_LABELLED_TEXT: Final = re.compile(
    r"[\s>]{0,40}([^\W\d][\w '/-]{1,40}?)[ \t]{0,2}:(?:\s|&nbsp;|&#160;|\u00a0){0,8}(\S[^\n]{1,200})"
)
_MOST_OPEN: Final = 100


class _Element:
    """An element that is open."""

    __slots__ = ("html", "mail", "name", "naming", "opened", "span")

    def __init__(self, name: str, span: Span, html: bool) -> None:
        self.name = name
        self.span = span
        self.html = html
        self.opened = False
        """It has children or attributes that lie under its name."""
        self.mail = False
        """It is a link to an e-mail address."""
        self.naming: list[Span] = []
        """What its attributes say of its text."""


def read(page: Page) -> None:
    """All markup of `page`."""
    text = page.text
    if "<" in text and (
        "</" in text or "/>" in text or "<input" in page.low or "<meta" in page.low or "<tr" in page.low
    ):
        _Markup(page).read()


class _Markup:
    def __init__(self, page: Page) -> None:
        self._page = page
        self._open: list[_Element] = []
        self._label: Span | None = None
        self._in_label: list[Span] = []
        self._table: list[list[Span]] = []
        self._row: list[Span] | None = None
        self._cell: list[Span] | None = None

    def read(self) -> None:
        text = self._page.text
        position = 0
        self._page.fields.open()
        for match in _TAG.finditer(text):
            if match.start() < position:
                continue
            self._text(position, match.start())
            position = match.end()
            name = match["name"]
            if name is None:
                if match["data"] is not None:
                    self._text(*match.span("data"))
            elif match["close"]:
                self._closed(name)
            elif name.lower() in _SILENT and not match["empty"]:
                end = self._page.low.find(f"</{name.lower()}", position)
                position = len(text) if end < 0 else end
            else:
                self._opened(match, name)
        self._text(position, min(len(text), position + 400) if self._open else position)
        while self._open:
            self._pop()
        self._flush_table()
        self._page.fields.close()

    # ── tags ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _opened(self, match: re.Match[str], name: str) -> None:
        local = name.rpartition(":")[2]
        low = local.lower()
        span = (match.end("name") - len(local), match.end("name"))
        void = bool(match["empty"]) or low in _VOID
        html = low in _HTML
        if not html:
            self._children()
        if low in _ROWS:
            self._row = []
        elif low in _CELLS and self._row is not None:
            self._cell = []
        elif low == "table":
            self._flush_table()
        if low in _LABELS:
            self._in_label = []
        element = _Element(low, span, html)
        if match["attributes"]:
            self._attributes(match, element, void)
        if void:
            if element.opened:
                self._page.fields.close()
            return
        if len(self._open) >= _MOST_OPEN:
            self._pop()
        self._open.append(element)

    def _children(self) -> None:
        """The element that is open becomes an object: it has children."""
        above = next((one for one in reversed(self._open) if not one.html), None)
        if above is not None and not above.opened:
            above.opened = True
            self._page.fields.open("{", above.span)

    def _attributes(self, match: re.Match[str], element: _Element, void: bool) -> None:
        pairs = []
        for attribute in _ATTRIBUTE.finditer(self._page.text, *match.span("attributes")):
            group = attribute.lastgroup or "double"
            key, value = attribute.span("name"), attribute.span(group)
            name = attribute["name"].lower()
            if value[0] < value[1]:
                pairs.append((key, value))
            if name in _NAMING:
                element.naming.append(value)
        if not pairs:
            return
        fields, text = self._page.fields, self._page.text
        self._children()
        element.opened = True
        fields.open("{", element.span if not element.html else None)
        if void and self._label is not None:
            for key, value in pairs:
                if text[slice(*key)].lower() == "value":
                    fields.pair(self._label, value, quoted=True)
            self._label = None
        for key, value in pairs:
            if text.startswith("data-", key[0]):
                key = (key[0] + 5, key[1])
            if element.name == "a" and text[slice(*key)].lower() == "href":
                element.mail = text[slice(*value)].lower().startswith("mailto:")
                continue
            fields.pair(key, value, quoted=True)

    def _closed(self, name: str) -> None:
        low = name.rpartition(":")[2].lower()
        if low in _LABELS and self._in_label:
            first, last = self._in_label[0][0], self._in_label[-1][1]
            self._label = (first, last) if last - first <= 60 else None
        if low in _CELLS and self._row is not None and self._cell is not None:
            self._row.append((self._cell[0][0], self._cell[-1][1]) if self._cell else (0, 0))
            self._cell = None
        elif low in _ROWS and self._row is not None:
            self._table.append(self._row)
            self._row = None
        elif low == "table":
            self._flush_table()
        if low in _BREAKS:
            self._label = None
        for depth in range(1, min(len(self._open), 12) + 1):
            if self._open[-depth].name == low:
                for _ in range(depth):
                    self._pop()
                return

    def _pop(self) -> None:
        if self._open.pop().opened:
            self._page.fields.close()

    def _flush_table(self) -> None:
        rows = [row for row in self._table if row]
        if len(rows) > 1 or (rows and len(rows[0]) == 2):
            grid(self._page, rows)
        self._table = []

    # ── texts ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _text(self, start: int, end: int) -> None:
        text = self._page.text
        while start < end and (text[start].isspace() or text.startswith("&nbsp;", start)):
            start += 6 if text[start] == "&" else 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start >= end or end - start > 4_000:
            return
        span = (start, end)
        inside = [element.name for element in self._open[-3:]]
        if any(name in _LABELS for name in inside):
            self._in_label.append((start, end - 1) if text[end - 1] == ":" else span)
            if self._cell is not None:
                self._cell.append(span)
            return
        if self._cell is not None:
            self._cell.append(span)
        label, self._label = self._label, None
        if label is not None:
            if text[start] == ":":
                span = (start + 1, end)
            self._page.fields.pair(label, span)
            return
        if text[end - 1] == ":" and end - start <= 60 and says_something(text[start : end - 1], self._page.rules):
            self._label = (start, end - 1)
            return
        element = self._open[-1] if self._open else None
        if element is None:
            self._labelled(span)
            return
        if element.mail:
            self._page.fields.person(*span)
            return
        naming = next((one for one in element.naming if says_something(text[slice(*one)], self._page.rules)), None)
        if naming is not None:
            self._page.fields.pair(naming, span)
        elif not element.html:
            self._page.fields.pair(element.span, span)
        elif element.naming or not self._labelled(span):
            for one in element.naming[:3]:
                self._page.fields.pair(one, span)

    def _labelled(self, span: Span) -> bool:
        """`Name: Mia Li` within one text."""
        match = _LABELLED_TEXT.match(self._page.text, *span)
        if match is None or not says_something(match.group(1), self._page.rules):
            return False
        self._page.fields.pair(match.span(1), match.span(2))
        return True
