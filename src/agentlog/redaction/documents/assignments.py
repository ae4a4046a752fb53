"""Keys and values in one line of anything: environments, connection strings, log lines, source code, parameters of URLs.

`KEY=value` without blanks is data; `key = "value"` and `key: "value"` may be code, and count where the value has quotes.
"""

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.documents.clues import Clue, both, clue, login, pair, secret
from agentlog.redaction.documents.fields import Fields, identifier, is_setting, one_word, says_something
from agentlog.redaction.documents.page import Page
from agentlog.redaction.entities import SECRET
from agentlog.redaction.forms.credentials import random_like
from agentlog.redaction.watching import Watched, watched
from agentlog.redaction.words.lists import SYSTEM_USERS
from agentlog.redaction.words.needles import Needles
from agentlog.redaction.words.spans import Span

_EQUALS: Final = watched(
    r"(?<=[\w\"'\])])(?:=(?![=~>])|[ \t]{0,24}(?::{1,3}|\?{1,2}|\|\||\.|\+)=(?![=~>])|[ \t]{1,24}(?:=>|==?(?![=>])|<-))"
)
"""Also of a Makefile, and what is added to a value or taken where there is none: `::=`, `?=`, `.=`, `??=`."""
_COLON: Final = watched(r"(?<=[\w\"'\])])[ \t]{0,2}:(?=[ \t]{0,8}(?:Secret|[bu]?[\"'`]))")
_KEY: Final = re.compile(
    r"(?<![\w$%.@-])(?:[Uu]ser I[dD]|[A-Za-z_$][\w.$-]{1,60}|\"[\w .-]{2,60}\"\]?|'[\w .-]{2,60}'\]?)\Z"
)
_TYPED: Final = re.compile(
    r"(?<=\w)\??[ \t]{0,2}:[ \t]{0,2}(?:&(?:'[a-z]{1,12}[ ])?)?"
    r"(?:[Ss]tring|str|Secret(?:Str|Bytes)|bytes|Bytes|[Tt]ext|[Aa]ny|(?:Optional|Final|ClassVar|Annotated)(?:\[[\w., \[\]]{1,40}\])?)(?:\?|!| \| \w{2,12})?\Z"
)
"""The type that stands between a name and its value: `apiToken: string = …`."""
_WIDTH: Final = 64
_VALUE: Final = re.compile(
    r"[ \t]{0,8}(?:[bBuUrR]?|[fF](?=\"[^\"{\n]{1,400}\"|'[^'{\n]{1,400}')|(?:Secret(?:Str|Bytes)?|str|bytes|String|quote|quote_plus)\(b?)"
    r"(?:\"(?P<double>(?:[^\"\\\n]|\\.){1,400}+)\"|'(?P<single>(?:[^'\\\n]|\\.|''){1,400}+)'|`(?P<back>[^`\\\n$]{1,400}+)`"
    r"|\\(?P<mark>\"|')(?P<escaped>[^\s\"'\\]{1,400})\\(?P=mark))"
)
_BARE: Final = re.compile(r"[^\s\"'`;&,<>(){}\[\]|\\\x00]{1,400}+")
_SECRET_NAMES: Final = frozenset("authorization password passwd apikey key secret cookie".split())
_QUOTED_VALUES: Final = Needles((': "', ": '", ':"', ":'", ": `"))
_LISTED: Final = watched(
    r"(?<![\w\"'])b?([\"'])([A-Za-z][\w.-]{1,60})\1[ \t]{0,2},[ \t]{0,2}b?([\"'])([^\"'\n]{3,400})\3(?=[ \t]{0,2}[,)\]}])"
)


def _beside(fields: Fields, match: re.Match[str]) -> None:
    """`apiToken,…,` in a line that has no other column: what stands there must look like a token."""
    if random_like(match.group(2)):
        fields.pair(match.span(1), match.span(2), quoted=True)


def _block(fields: Fields, match: re.Match[str]) -> None:
    """The lines of a block scalar, each a value of the key above."""
    for line in _LINE.finditer(match.string, *match.span(2)):
        fields.pair(match.span(1), line.span(), quoted=True)


_LINE: Final = re.compile(r"[^\s][^\r\n]{2,4096}")
CLUES: Final[tuple[Clue, ...]] = (
    clue(
        "",
        "Token,|Secret,|Password,|Key,",
        r"(?<![\w.$])([A-Za-z]\w{1,40}(?:Token|Secret|Password|Key)),([^\s,\"'`()<>]{12,4096})(?![^\s,])",
        _beside,
    ),
    clue(
        "",
        '\\": \\"|\\":\\"',
        r"\\\"([A-Za-z][\w.-]{2,60})\\\"[ \t]{0,4}:[ \t]{0,4}\\\"([^\"\\\n]{3,400})\\\"",
        pair(1, 2),
    ),
    clue(
        "value",
        '<value="',
        r"<(?:name|key)=\"([A-Za-z][\w.-]{2,60})\"[ \t]{0,4}/?>\s{0,40}<value=\"([^\"\n]{3,400})\"",
        pair(1, 2),
    ),
    clue(  # of C++: `std::string apiKey{"…"}`
        "",
        "ey{|EY{|oken{|OKEN{|ecret{|ECRET{|word{|WORD{",
        r"(?<![\w$])([A-Za-z_]\w{2,60})\{\s{0,40}\"([^\"\n]{3,400})\"\s{0,8}\}",
        pair(1, 2),
    ),
    clue(
        "",
        "  = \"|  = '",
        r"(?<![\w$])([A-Za-z_]\w{2,60})[ \t]{0,8}\r?\n[ \t]{2,60}= ([\"'])([^\"'\n]{3,400})\2",
        pair(1, 3),
    ),
    clue(  # an assertion, a call of a setter
        "",
        "'], '|\"], \"",
        r"\[([\"'])([A-Za-z][\w.-]{2,60})\1\][ ]?,[ ]([\"'])([^\"'\n]{6,400})\3",
        pair(2, 4),
    ),
    clue(  # of a template that is not whole
        "value",
        '": {',
        r"\"([A-Za-z][\w.-]{2,60})\":[ ]{0,4}\{\s{0,40}\"value\":[ ]{0,4}\"([^\"\\\n]{3,2000})\"",
        pair(1, 2),
    ),
    Clue(  # a block scalar under the only key of a text
        frozenset(),
        (": |\n", ": >\n", ": |-\n", ": >-\n", ": |+\n", ": |\r\n"),
        re.compile(
            r"^[ \t]{0,40}(?:- )?[\"']?([\w.-]{2,60})[\"']?:[ ][|>][+-]?\r?\n((?:[ \t]{1,80}\S[^\n]{0,4096}(?:\n|\Z)){1,40}+)",
            re.MULTILINE,
        ),
        _block,
    ),
    clue("", ".set", r"\.set([A-Z]\w{2,40})\([ \t]{0,2}([\"'])([^\"'\n]{3,400})\2[ \t]{0,2}\)", pair(1, 3)),
    clue(
        "auth httpbasicauth basicauth credential credentials creds",
        "",
        r"(?:(?:auth|credentials?|creds)[ \t]{0,2}[=:]|(?:Auth|Credentials?)\()[ \t]{0,2}\(?[ \t]{0,2}([\"'])([^\"'\s]{2,64})\1[ \t]{0,2},[ \t]{0,2}([\"'])([^\"'\n]{3,200})\3",
        both(login(2), secret(4)),
    ),
    clue("response", "response=", r"(?<!\w)(?:response|cnonce)=\\?\"?([0-9A-Za-z+/=]{12,200})", secret(1)),
    clue(
        "user logname username",
        "'USER|\"USER|'LOGNAME|\"LOGNAME|'SUDO_USER|\"SUDO_USER",
        r"[\"'](?:USER|LOGNAME|USERNAME|SUDO_USER)[\"'][ ]?:[ ]?[\"']([A-Za-z][\w.-]{1,40})[\"']",
        login(1),
    ),
    clue(
        "form",
        "name=",
        r"form-data;[^\n]{0,40}?name=\"([\w.\[\]-]{2,60})\"[ \t]*\r?\n(?:[A-Z][\w-]{2,40}:[^\n]{1,200}\n){0,3}\r?\n([^\n]{1,400}?)\r?$",
        pair(1, 2),
    ),
    clue(
        "", "${", r"\$\{([A-Za-z_][\w.-]{1,60}):?[-=]([^${}\n]{3,400})\}", pair(1, 2, quoted=False)
    ),  # what is taken if it is not set
    clue(
        "env environ",
        "",
        r"(?:env|ENV|environ)[.\[(][\"']?([A-Za-z_]\w{1,60})[\"']?[\])]?[ \t]{0,4}(?:\|\||\?\?|or|\?:)\s{0,40}[\"']([^\"'\n]{3,400})[\"']",
        pair(1, 2),
    ),
    clue("", "{:", r"(?<=[{\s]):([a-z][\w-]{1,40})[ \t]{1,4}\"([^\"\n]{2,400})\"", pair(1, 2, login=True)),
    clue("map", "map[", r"(?<![\w-])([A-Za-z][\w-]{2,60}):\[([^\[\]\n]{3,400})\]", pair(1, 2)),
    clue(
        "key token authorization cookie secret auth password user",
        "-",
        r"([A-Z](?<=\s.)[A-Za-z0-9]*(?:-[A-Z][A-Za-z0-9]*){1,5}):([^\s\"':]{6,400})(?!\S)",
        pair(1, 2),
    ),
)
_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}|(?<=[A-Za-z])\+(?=[A-Za-z])")
_NAMED_LIKE_CODE: Final = re.compile(r"[A-Za-z_][\w.]{0,80}", re.ASCII)
_CODINGS: Final = frozenset("base64 base64url binary ascii latin1 utf-8 utf16le utf-16".split())
"""How a value is written, said behind it: `Buffer.from("accountKey", "base64")`."""
_SHELL_USER: Final = frozenset(("USER", "LOGNAME", "USERNAME", "SUDO_USER"))
_GROUPS: Final = ("double", "single", "back", "escaped")


def read(page: Page) -> None:
    """All of them, those of one line as one object."""
    text = page.text
    if "=" in text:
        _pairs(page, _EQUALS, structured=True)
    if not page.whole and ":" in text and _QUOTED_VALUES.within(text):
        _pairs(page, _COLON, structured=False)
    if ('",' in text or "'," in text) and not (page.whole and page.words.isdisjoint(_SECRET_NAMES)):
        _listed(page)


def _pairs(page: Page, pattern: Watched, structured: bool) -> None:
    text, rules = page.text, page.rules
    if pattern.search(text) is None:
        return
    position = line = 0
    opened = False
    while mark := pattern.search(text, position):
        position = mark.end()
        if not structured and (inside := page.within(mark.start())) is not None:
            position = max(inside, position)
            continue
        ends = mark.start()
        if structured and text.find(":", max(0, ends - _WIDTH), ends) > 0:
            typed = _TYPED.search(text, max(0, ends - _WIDTH), ends)
            ends = typed.start() if typed is not None else ends
        found = _KEY.search(text, max(0, ends - _WIDTH), ends)
        if found is None:
            continue
        key = _bare_key(text, *found.span())
        name = text[slice(*key)]
        if text[key[0] - 1 : key[0]] == ":" and not structured:
            continue  # a role of reStructuredText: `:rfc:`
        if not (says_something(name, rules) or is_setting(name) or name in _SHELL_USER):
            continue
        if _within_quotes(text, key, mark.end()):
            continue
        quoted = _VALUE.match(text, mark.end())
        bare = _BARE.match(text, mark.end()) if quoted is None and mark.group() == "=" else None
        if quoted is None and bare is None:
            continue
        if opened and text.find("\n", line, mark.start()) >= 0:
            page.fields.close()
            opened = False
        if not opened:
            page.fields.open()
            opened = True
        line = mark.start()
        if quoted is not None:
            value = next(quoted.span(group) for group in _GROUPS if quoted[group] is not None)
            position = quoted.end()
            page.fields.pair(key, value, quoted=True, login=name in _SHELL_USER or one_word(text, *value))
        elif bare is not None:
            position = bare.end()
            _data(text, key, bare.span(), page.fields)
    if opened:
        page.fields.close()


def _within_quotes(text: str, key: Span, position: int) -> bool:
    """Whether the quote behind a name and its colon ends the string that both stand in: `"Password: " + word`."""
    quote = text[key[0] - 1 : key[0]]
    if quote not in ("'", '"') or text[key[1] : key[1] + 1] == quote:
        return False
    behind = text[position : position + 8].lstrip(" \t")
    return behind[:1] == quote and text.rfind("\n", 0, key[0]) == text.rfind("\n", 0, position)


def _bare_key(text: str, start: int, end: int) -> Span:
    if text[end - 1] == "]":
        end -= 1
    return (start + 1, end - 1) if text[start] in "\"'" else (start, end)


def _data(text: str, key: Span, value: Span, fields: Fields) -> None:
    """`key=value` without blanks and quotes: an argument's name in code, if a bracket or comma follows."""
    start, end = value
    while end > start and text[end - 1] in ".:" and text[end : end + 1] in ("", " ", "\n", "\r"):
        end -= 1
    word = text[start:end]
    follows = text[end : end + 1]
    if _ENCODED.search(word) is not None and text[key[0] - 1 : key[0]] in ("?", "&", "#", ""):
        return  # another reading of the text has it decoded
    if (
        follows in (")", ",", "(", "[", "}")
        and _NAMED_LIKE_CODE.fullmatch(word) is not None
        and not any(map(str.isdigit, word))
    ):
        return
    if follows == "(" and word.isdigit():
        return  # `uid=1000(root)`
    if word.lower() not in SYSTEM_USERS:
        fields.pair(key, (start, end), login=True)


def _listed(page: Page) -> None:
    """`("Authorization", "Token …")`, `setProperty("api.key", "…")`: a name and a value, side by side."""
    text, rules = page.text, page.rules
    position = 0
    while match := _LISTED.search(text, position):
        position = match.end(2) + 1
        rule = rules.rule(match.group(2))
        inside = page.within(match.start())
        if inside is not None and (rule is None or rule.weak or rule.entity != SECRET):
            continue
        if (
            rule is not None
            and len(match.group(4)) > 4
            and match.group(4)[0] != "-"
            and not identifier(match.group(4))
            and match.group(4).lower() not in _CODINGS
            and rules.rule(match.group(4).partition(" ")[2] or match.group(4)) is None
        ):
            page.fields.pair(match.span(2), match.span(4), quoted=True)
            position = match.end()
