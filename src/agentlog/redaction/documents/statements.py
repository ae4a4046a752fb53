"""SQL: values by the columns that they go into or are compared with; passwords of accounts; what databases complain of."""

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.documents.clues import Clue, clue, login, pair, secret
from agentlog.redaction.documents.fields import of_somebody
from agentlog.redaction.documents.page import Page
from agentlog.redaction.watching import watched
from agentlog.redaction.words.needles import Needles
from agentlog.redaction.words.spans import Span

_NAME: Final = r"[\"`\[]?([\w$]{1,64})[\"`\]]?"
_INTO: Final = watched(
    r"(?:insert|replace|merge|upsert)[ \t\r\n]{1,8}(?:ignore[ \t]{1,4})?into[ \t\r\n]{1,8}[\"`\[]?(?:[\w$]{1,64}[\"`\]]?\.[\"`\[]?){0,2}([\w$]{1,64})[\"`\]]?[ \t\r\n]{0,8}\(([^()]{1,4000})\)",
    re.IGNORECASE,
)
_CREATE: Final = re.compile(
    rf"create[ \t]{{1,4}}table[ \t]{{1,4}}(?:if[ \t]{{1,4}}not[ \t]{{1,4}}exists[ \t]{{1,4}})?(?:{_NAME}\.)?{_NAME}[ \t\r\n]{{0,4}}\(",
    re.IGNORECASE,
)
_COLUMN: Final = re.compile(r"\s{0,40}[\"`\[]?([A-Za-z_][\w$]{0,63})|([(),])|[^(),]{1,400}")
_NO_COLUMN: Final = frozenset("primary unique key constraint foreign check index fulltext period exclude".split())
_WITHOUT_NAMES: Final = re.compile(
    r"insert[ \t]{1,4}into[ \t]{1,4}[\"`\[]?(?:[\w$]{1,64}[\"`\]]?\.[\"`\[]?)?([\w$]{1,64})[\"`\]]?[ \t\r\n]{1,8}values?[ \t\r\n]{0,8}(?=\()",
    re.IGNORECASE,
)
_VALUES: Final = re.compile(r"[ \t\r\n]{0,8}(?:output[^()]{1,200})?values?[ \t\r\n]{0,8}(?=\()", re.IGNORECASE)
_COPY: Final = re.compile(
    r"copy[ \t]{1,4}[\"\w.]{1,130}[ \t]{0,4}\(([^()]{1,4000})\)[ \t]{1,4}from[ \t]{1,4}stdin[^\n]{0,100};?[ \t]*\r?\n",
    re.IGNORECASE,
)
_LITERAL: Final = re.compile(
    r"[ \t\r\n]{0,40}(?:[nNeEbB]?'((?:[^']|''){0,4000}+)'|\"([^\"\n]{0,4000}+)\"|([^,()'\"]{0,400}))"
)
_COMPARED: Final = watched(
    rf"(?:(?<=[\s(,.])|(?<=\\n)|\A){_NAME}[ \t\r\n]{{0,4}}(?:=|<>|!=|==|(?:not[ \t]{{1,4}})?i?like|similar to|in[ \t]{{0,4}}\()[ \t\r\n]{{0,4}}[nNeE]?'%?((?:[^'\n]|''){{1,400}}?)%?'",
    re.IGNORECASE,
)
_COMPARING: Final = Needles(
    ("='", "= '", "=N'", "=E'", "> '", ">'", "ike '", "IKE '", "ike N'", "in (", "IN (", "in('", "IN('")
)
_MORE: Final = re.compile(r"[ \t\r\n]{0,4},[ \t\r\n]{0,4}[nNeE]?'((?:[^'\n]|''){1,400}?)'")
CLUES: Final[tuple[Clue, ...]] = (
    clue(
        "identified password",
        "'",
        r"(?:identified[ \t\r\n]{1,4}(?:with[ \t]{1,4}[\w'\"]{1,40}[ \t]{1,4})?(?:by|as)|(?:encrypted[ \t]{1,4})?password(?:[ \t]{0,4}=|[ \t]{1,4}for[ \t]{1,4}\S{1,100}[ \t]{0,4}=)?)"
        r"(?:[ \t\r\n]{1,4}password)?[ \t\r\n]{0,4}(?:password[ \t]{0,2}\()?[nN]?'((?:[^'\n]|''){1,400})'",
        secret(1),
        re.IGNORECASE,
    ),
    clue(
        "create alter drop",
        "",
        r"(?:create|alter|drop)[ \t]{1,4}(?:user|role|login)[ \t]{1,4}(?:if[ \t]{1,4}(?:not[ \t]{1,4})?exists[ \t]{1,4})?[\"'`\[]?([A-Za-z][\w.$-]{2,63})"
        r"(?=[\"'`\]]?(?:@|[ \t\r\n]{1,4}(?:with|identified|password|login|for)|[ \t]{0,4};))",
        login(1),
        re.IGNORECASE,
    ),
    clue("to for", "'@", r"[ \t](?:to|for)[ \t]{1,4}'([A-Za-z][\w.$-]{2,63})'@", login(1), re.IGNORECASE),
    clue(
        "duplicate",
        "Duplicate entry '",
        r"Duplicate entry '([^'\n]{1,400})' for key '(?:[\w$]{1,64}\.)?([\w$]{1,64})'",
        pair(2, 1),
    ),
)
_KEY: Final = re.compile(r"Key \(([^()]{1,400})\)=\(([^()\n]{1,1000})\)")
_PARAMETERS: Final = re.compile(
    r"param(?:eter)?s\W{0,4}[:=]\s{0,4}[\[(]{0,2}(?=\()|\),?\s{0,8}(?:\"|')?\s{0,4},\s{0,8}(?=\()|[\[(](?=\()"
)
_PLACEHOLDER: Final = re.compile(
    r"[ \t\r\n]{0,8}\(?[ \t]{0,4}(?:\?|%s|%\(|:[a-z0-9_]|\$[0-9]|@p?[0-9a-z_])", re.IGNORECASE
)
_MOST_COLUMNS: Final = 400
_MOST_ROWS: Final = 100_000


def read(page: Page) -> None:
    """All statements of `page`, and what is said of them."""
    text, words = page.text, page.words
    if "into" in words and "(" in text:
        for match in _INTO.finditer(text):
            _insert(page, match)
    if "insert" in words and "values" in words and "(" in text:
        _dumped(page)
    if "stdin" in words:
        position = 0
        while copied := _COPY.search(text, position):
            position = _copied(page, copied)
    if "'" in text and _COMPARING.within(text):
        _compared(page)
    if "Key (" in text:
        for match in _KEY.finditer(text):
            _row(page, _names(text, *match.span(1)), _names(text, *match.span(2)))


def _names(text: str, start: int, end: int) -> list[Span]:
    """The names of a list of columns."""
    names = []
    while start < end:
        stop = text.find(",", start, end)
        stop = end if stop < 0 else stop
        first, last = start, stop
        while first < last and text[first] in ' \t\r\n"`[':
            first += 1
        while last > first and text[last - 1] in ' \t\r\n"`]':
            last -= 1
        names.append((first, last))
        start = stop + 1
    return names


def _insert(page: Page, match: re.Match[str]) -> None:
    text = page.text
    names, table = _names(text, *match.span(2)), match.span(1)
    values = _VALUES.match(text, match.end())
    if values is None:
        return
    position = values.end()
    given = _tuples(page, table, names, position) if not _PLACEHOLDER.match(text, position) else 0
    if not given:
        parameters = _PARAMETERS.search(text, position, min(len(text), position + 2_000))
        if parameters is not None:
            _tuples(page, table, names, parameters.end())


def _dumped(page: Page) -> None:
    """`INSERT INTO t VALUES (…)`: by the columns that the text gives the table before, or rows without a header."""
    text = page.text
    tables: dict[str, list[Span]] = {}
    for match in _CREATE.finditer(text) if "create" in page.words else ():
        tables[match.group(2).lower()] = _columns(text, match.end())
    position, unnamed = 0, ""
    while insert := _WITHOUT_NAMES.search(text, position):
        position = insert.end()
        table = insert.group(1).lower()
        names = tables.get(table)
        if names:
            _tuples(page, insert.span(1), names, position)
            continue
        if table != unnamed:
            if unnamed:
                page.fields.close()
            page.fields.frame.key = None
            page.fields.open("[")
            unnamed = table
        _tuples(page, insert.span(1), None, position)
    if unnamed:
        page.fields.close()


def _columns(text: str, position: int) -> list[Span]:
    """The columns of a table, whose definitions begin at `position`."""
    names: list[Span] = []
    depth, first = 1, True
    while depth and len(names) < _MOST_COLUMNS and (match := _COLUMN.match(text, position)):
        position = match.end()
        mark = match.group(2)
        if mark is not None:
            depth += (mark == "(") - (mark == ")")
            first = mark == "," and depth == 1
        elif first and match.group(1) is not None:
            if match.group(1).lower() not in _NO_COLUMN:
                names.append(match.span(1))
            first = False
    return names


def _tuples(page: Page, table: Span, names: list[Span] | None, position: int) -> int:
    """Reads `(…), (…)` with a value for each name, if there are any; how many there were."""
    text = page.text
    most = len(names) if names is not None else _MOST_COLUMNS
    for count in range(_MOST_ROWS):
        cells: list[Span] = []
        quoted: list[bool] = []
        start = position + 1
        while True:
            literal = _LITERAL.match(text, start)
            if literal is None:
                return count
            group = literal.lastindex or 3
            cells.append(literal.span(group))
            quoted.append(group < 3)
            start = literal.end()
            while text[start : start + 1] in (" ", "\t", "\r", "\n"):
                start += 1
            mark = text[start : start + 1]
            if mark == "(":
                start = text.find(")", start, start + 400) + 1
                mark = text[start : start + 1] if start else ""
            if mark != "," or len(cells) > most:
                break
            start += 1
        if mark != ")" or (names is not None and len(cells) != most):
            return count
        if names is not None:
            _row(page, names, cells, table, quoted)
        else:
            _unnamed_row(page, cells, quoted)
        position = start + 1
        while text[position : position + 1] in (" ", "\t", "\r", "\n", ","):
            position += 1
        if text[position : position + 1] != "(":
            return count + 1
    return _MOST_ROWS


def _row(
    page: Page,
    names: list[Span],
    cells: list[Span],
    table: Span | None = None,
    quoted: list[bool] | None = None,
) -> None:
    people = any(of_somebody(page.text[slice(*name)], page.rules) for name in names)
    fields = page.fields
    fields.open("{", table, people)
    for index, (name, cell) in enumerate(zip(names, cells, strict=False)):
        fields.pair(name, cell, quoted=quoted is None or quoted[index])
    fields.close()


def _unnamed_row(page: Page, cells: list[Span], quoted: list[bool]) -> None:
    fields = page.fields
    fields.open("(")
    for cell, had in zip(cells, quoted, strict=True):
        word = page.text[slice(*cell)].strip()
        if had:
            fields.member(cell)
        elif word.isdigit():
            fields.number(*cell, word)
        else:
            fields.other()
    fields.close()


def _copied(page: Page, match: re.Match[str]) -> int:
    """Reads the rows that follow; where they end."""
    text = page.text
    names, position = _names(text, *match.span(1)), match.end()
    while position < len(text) and not text.startswith("\\.", position):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        cells, start = [], position
        while start <= end:
            stop = text.find("\t", start, end)
            stop = end if stop < 0 else stop
            cells.append((start, stop))
            start = stop + 1
        if len(cells) != len(names):
            break
        _row(page, names, cells)
        position = end + 1
    return position


def _compared(page: Page) -> None:
    text = page.text
    for match in _COMPARED.finditer(text):
        page.fields.pair(match.span(1), match.span(2), quoted=True)
        end = match.end()
        while more := _MORE.match(text, end):
            if "(" not in match.group():
                break
            page.fields.pair(match.span(1), more.span(1), quoted=True)
            end = more.end()
