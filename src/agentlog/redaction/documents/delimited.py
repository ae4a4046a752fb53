"""Tables of text: CSV with any separator, markdown, what databases and data frames print.

The header says what a column holds; in a table of two columns whose first one says it, each row is a field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from agentlog.redaction.documents.fields import of_somebody, says_something, unquoted
from agentlog.redaction.documents.page import Page
from agentlog.redaction.keys.key_words import words_of
from agentlog.redaction.keys.rules import KeyRules
from agentlog.redaction.languages.table import phrases
from agentlog.redaction.words.spans import Span

_SEPARATORS: Final = ("\t", ";", "|", ",")
_CELL: Final = re.compile(r"[$@]?[\w .()#/&'*`:-]{0,48}|[\w.-]{49,120}")
"""The name of a column; a long one is a path through an object: `results.0.shipping.address.postal_code`."""
_RULER: Final = re.compile(r"[ \t|+:=\u2500-\u257f-]{3,}")
_GAP: Final = re.compile(r"(?<=\S)(?: {2,}|\t)(?=\S)")
_BARS: Final = re.compile("[|\u2502\u2503\u2506\u2551]")
_PARTED: Final = re.compile("[,;\t|\u2502\u2503\u2506\u2551]|  ")
_DOUBLE: Final = re.compile(r"\|\|")
_MOST_COLUMNS: Final = 200
_LONGEST_ROW: Final = 20_000
_MOST_LINES: Final = 60
_MOST_ALIGNED: Final = 500
"""Rows that are looked at together."""
_WORD: Final = re.compile(r"\S+")
_NO_FRAME: Final = re.compile("[|\u2502\u2503\u2506\u2551,;:\t]")
_FIELD_WORDS: Final = frozenset(
    phrases("field|key|property|attribute|item|parameter|variable|label|detail|details|name|setting|column|option")
)
_VALUE_WORDS: Final = frozenset(phrases("value|values|content|data|answer|details|detail|entry|info|information"))


def read(page: Page) -> None:
    """All tables of `page`."""
    if "\n" not in page.text:
        return
    text, lines, parted = page.text, page.lines, _PARTED.search
    number = 0
    while number + 1 < len(lines):
        start, end = lines[number]
        after = number + 1
        if 3 <= end - start <= _LONGEST_ROW and parted(text, start, end) is not None:
            after = max(_table_at(page, number), after)
        number = after


def _table_at(page: Page, number: int) -> int:
    """Reads the table whose header is line `number`; the line after it, or `number` if there is none."""
    text, (start, end) = page.text, page.lines[number]
    if text.find("  ", start, end) >= 0 and (after := _framed(page, number)) > number:
        return after
    while start < end and text[start] in " \t":
        start += 1
    if _PARTED.search(text, start, end) is None:
        return number
    if _BARS.search(text, start, end) is not None:
        return _barred(page, number)
    below = page.lines[number + 1]
    for separator in _SEPARATORS:
        parts = text.count(separator, start, end)
        if parts and (text.count(separator, *below) >= parts or text.find('"', *below) >= 0):
            after = _separated(page, number, separator)
            if after > number:
                return after
    if text.find("  ", start, end) >= 0:
        return _spaced(page, number)
    return number


# ── CSV and its relatives ─────────────────────────────────────────────────────────────────────────────────────────


def _separated(page: Page, number: int, separator: str) -> int:
    text, lines = page.text, page.lines
    header = list(_plain_cells(text, *lines[number], separator))
    if not 2 <= len(header) <= _MOST_COLUMNS or not _is_header(page, header):
        return number
    rows, at = [], number + 1
    while at < len(lines):
        row, after = _row(page, at, separator)
        if len(row) != len(header):
            break
        rows.append(row)
        at = after
    if not rows or (separator == "," and len(header) == 2 and len(rows) == 1 and not _quiet(page, header)):
        return number
    grid(page, [header, *rows])
    return at


def _quiet(page: Page, header: Sequence[Span]) -> bool:
    """Two words with a comma between them may be prose; the names of two columns have no blanks."""
    return all(" " not in page.text[slice(*cell)].strip() for cell in header)


def _plain_cells(text: str, start: int, end: int, separator: str) -> Iterator[Span]:
    while True:
        stop = text.find(separator, start, end)
        last = stop < 0
        yield unquoted(text, start, end if last else stop)[0]
        if last:
            return
        start = stop + 1


def _row(page: Page, number: int, separator: str) -> tuple[list[Span], int]:
    """The cells of a row that begins at line `number`, and the line after it: a quoted cell may go on over lines."""
    text, lines = page.text, page.lines
    start, end = lines[number]
    if text.find('"', start, end) < 0:
        return list(_plain_cells(text, start, end, separator)), number + 1
    last = number
    cells: list[Span] = []
    position = start
    while True:
        while position < end and text[position] == " ":
            position += 1
        if text[position : position + 1] == '"':
            close = position + 1
            while True:
                close = text.find('"', close, end)
                if close < 0:
                    last += 1
                    if last >= len(lines) or last - number > _MOST_LINES or lines[last][1] - start > _LONGEST_ROW:
                        return [], number + 1
                    close, end = end, lines[last][1]
                elif text[close + 1 : close + 2] == '"':
                    close += 2
                else:
                    break
            cells.append((position + 1, close))
            position = text.find(separator, close, end)
        else:
            stop = text.find(separator, position, end)
            cells.append((position, end if stop < 0 else stop))
            position = stop
        if position < 0 or len(cells) > _MOST_COLUMNS:
            return cells, last + 1
        position += 1


# ── tables with lines around their cells ──────────────────────────────────────────────────────────────────────────


def _barred(page: Page, number: int) -> int:
    text, lines = page.text, page.lines
    header = _barred_cells(text, *lines[number])
    if not 2 <= len(header) <= _MOST_COLUMNS:
        return number
    rows, at, ruled = [header], number + 1, False
    while at < len(lines):
        start, end = lines[at]
        if start == end and len(rows) == 1 and not ruled:  # AsciiDoc
            at += 1
            continue
        if _RULER.fullmatch(text, start, end) is not None:
            ruled = True
        else:
            cells = _barred_cells(text, start, end) if _BARS.search(text, start, end) else []
            if 0 < len(cells) < len(header):  # psql: no bars around a line, and nothing in its first or its last column
                cells = _barred_cells(text, start, end, around=False)
            if len(cells) != len(header):
                break
            rows.append(cells)
        at += 1
    if len(rows) > 1 and (ruled or _is_header(page, header)):
        grid(page, rows)
    return at


def _barred_cells(text: str, start: int, end: int, around: bool = True) -> list[Span]:
    """The cells of a line; `around`: bars at its ends stand around it, and not between two cells."""
    while around and start < end and text[start] in " \t":
        start += 1
    while around and end > start and text[end - 1] in " \t":
        end -= 1
    if around and start < end and _BARS.match(text[start]):
        start += 1
    if around and end > start and _BARS.match(text[end - 1]):
        end -= 1
    cells = []
    if text.startswith("|", start) and text.find("||", start, end) > 0:  # Jira: `||name||mail||`
        start, double = start + 1, True
        end -= text.startswith("|", end - 1)
    else:
        double = False
    for match in (_DOUBLE if double else _BARS).finditer(text, start, end):
        cells.append((start, match.start()))
        start = match.end()
    cells.append((start, end))
    return [unquoted(text, *cell)[0] for cell in cells]


# ── tables with blanks between their columns ──────────────────────────────────────────────────────────────────────


def _spaced(page: Page, number: int) -> int:
    """What data frames and PowerShell print: at least two blanks, or a column's width, between two cells."""
    text, lines = page.text, page.lines
    header = list(_gapped(text, *lines[number]))
    if not 2 <= len(header) <= _MOST_COLUMNS or not _is_header(page, header):
        return number
    rows, at = [], number + 1
    while at < len(lines):
        start, end = lines[at]
        if _RULER.fullmatch(text, start, end) is None:
            row = list(_gapped(text, start, end))
            if len(row) == len(header) + 1:  # the rows of a data frame are numbered
                row = row[1:]
            if len(row) != len(header):
                break
            rows.append(row)
        at += 1
    if at < len(lines) and lines[at][0] < lines[at][1] and (aligned := _aligned(page, number, header)):
        rows = aligned
        at = number + 1 + len(rows)
    if not rows:
        return number
    grid(page, [header, *rows])
    return at


def _framed(page: Page, number: int) -> int:
    """A data frame: one blank may be all that stands between two columns; mostly its rows are numbered, and its header is not."""
    text, lines = page.text, page.lines
    (start, end), (below, stop) = lines[number], lines[number + 1]
    if below == stop or _NO_FRAME.search(text, start, end) is not None:
        return number
    numbered = text[start] == " " and text[below] != " "
    if not numbered and _GAP.search(text, start, end) is None:
        return number  # a line that is only indented
    header = [word.span() for word in _WORD.finditer(text, start, end)]
    if not 2 <= len(header) <= _MOST_COLUMNS or not _is_header(page, header):
        return number
    if not numbered and _saying([text[slice(*cell)] for cell in header], page.rules) < 2:
        return number
    rows = _aligned(page, number, header)
    if rows:
        grid(page, [header, *rows])
    return number + 1 + len(rows) if rows else number


def _aligned(page: Page, number: int, header: Sequence[Span]) -> list[list[Span]]:
    """The rows under a header by where its columns stand, as far as there are any: a cell may be empty, or hold blanks."""
    text, lines = page.text, page.lines
    first, stop = lines[number]
    after = number + 1
    while after < len(lines) and after - number <= _MOST_ALIGNED and lines[after][0] < lines[after][1]:
        after += 1
    below = lines[number + 1 : after]
    if (
        not below
        or max(end - start for start, end in below) > _LONGEST_ROW
        or text.find("\t", first, below[-1][1]) >= 0
    ):
        return []
    used = bytearray(stop - first)
    for start, end in below:
        if _RULER.fullmatch(text, start, end) is None:
            for word in _WORD.finditer(text, start, min(end, start + len(used))):
                used[word.start() - start : word.end() - start] = b"\x01" * (word.end() - word.start())
    edges = [_gutter(used, 0, header[0][0] - first) or 0]  # the rows of a data frame are numbered
    for (_, left), (right, _) in pairwise(header):
        edge = _gutter(used, left - first, right - first)
        if edge is None:
            return []
        edges.append(edge)
    rows = []
    for start, end in below:
        if _RULER.fullmatch(text, start, end) is not None:
            rows.append([(end, end)] * len(header))
            continue
        bounds = [min(start + edge, end) for edge in edges] + [end]
        rows.append(list(pairwise(bounds)))
    return rows


def _gutter(used: bytearray, left: int, right: int) -> int | None:
    """Where a column begins: behind the widest stretch between `left` and `right` that no row has anything in; None: there is none."""
    best = at = -1
    width = 0
    while (at := used.find(0, max(at, left), right)) >= 0:
        end = used.find(1, at, right)
        end = right if end < 0 else end
        if end - at >= width and (left or at):
            best, width = end, end - at
        at = end
    return best if best >= 0 else None


def _gapped(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start] in " \t":
        start += 1
    while end > start and text[end - 1] in " \t":
        end -= 1
    for match in _GAP.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    if start < end:
        yield start, end


# ── what a table says ─────────────────────────────────────────────────────────────────────────────────────────────


def _is_header(page: Page, cells: Sequence[Span]) -> bool:
    """Whether these are names of columns, one of which at least says something."""
    text, rules = page.text, page.rules
    if any(_CELL.fullmatch(text, *cell) is None for cell in cells) or sum(start < end for start, end in cells) < 2:
        return False
    if any(text.count("(", *cell) != text.count(")", *cell) for cell in cells):
        return False  # a call
    named = [text[slice(*cell)].strip(" *`") for cell in cells]
    if any(name.isdigit() or name.count(" ") > 4 for name in named):
        return False
    return any(says_something(name, rules) for name in named)


def grid(page: Page, rows: Sequence[Sequence[Span]], key: Span | None = None) -> None:
    """Reads cells by the first row, or by the first column where that is what says something."""
    text, rules = page.text, page.rules
    header = [text[slice(*cell)].strip(" *`\t") for cell in rows[0]]
    pairs = len(header) == 2 and (_are_fields(header) or _in_first_column(text, rows, rules) > _saying(header, rules))
    if not pairs and any(says_something(name, rules) for name in header):
        people = any(of_somebody(name, rules) for name in header)
        for row in rows[1:]:
            page.fields.open("{", key, people)
            for name, cell in zip(rows[0], row, strict=False):
                page.fields.pair(name, cell, quoted=False)
            page.fields.close()
    elif pairs or len(header) == 2:
        page.fields.open("{", key)
        for row in rows:
            if len(row) == 2 and says_something(text[slice(*row[0])].strip(" *`:\t"), rules):
                page.fields.pair(_without_marks(text, *row[0]), row[1], login=True)
        page.fields.close()


def _saying(names: Sequence[str], rules: KeyRules) -> int:
    return sum(says_something(name, rules) for name in names)


def _in_first_column(text: str, rows: Sequence[Sequence[Span]], rules: KeyRules) -> int:
    """How many rows of a table begin with a name of a field."""
    return _saying([text[slice(*row[0])].strip(" *`:\t") for row in rows[:_MOST_LINES] if row], rules)


def _are_fields(header: Sequence[str]) -> bool:
    """Whether the two columns are names of fields and their values."""
    names, values = words_of(header[0])[-1:], words_of(header[1])[-1:]
    return _FIELD_WORDS.issuperset(names) and _VALUE_WORDS.issuperset(values) and bool(names and values)


def _without_marks(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in " *`\t":
        start += 1
    while end > start and text[end - 1] in " *`:\t":
        end -= 1
    return start, end
