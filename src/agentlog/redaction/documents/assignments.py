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
from agentlog.redaction.watching import Watched, watched
from agentlog.redaction.words.lists import SYSTEM_USERS
from agentlog.redaction.words.needles import Needles
from agentlog.redaction.words.spans import Span

_EQUALS: Final = watched(r"(?<=[\w\"'\])])(?:=(?![=~>])|[ \t]{1,24}(?:=>|:=|==?(?![=>])|<-))")
_COLON: Final = watched(r"(?<=[\w\"'\])])[ \t]{0,2}:(?=[ \t]{0,8}(?:Secret|[bu]?[\"'`]))")
_KEY: Final = re.compile(
    r"(?<![\w$%.@-])(?:[Uu]ser I[dD]|[A-Za-z_$][\w.$-]{1,60}|\"[\w .-]{2,60}\"\]?|'[\w .-]{2,60}'\]?)\Z"
)
_WIDTH: Final = 64
_VALUE: Final = re.compile(
    r"[ \t]{0,8}(?:[bBuU]?|(?:Secret(?:Str|Bytes)?|str|bytes|String|quote|quote_plus)\(b?)"
    r"(?:\"(?P<double>(?:[^\"\\\n]|\\.){1,400}+)\"|'(?P<single>(?:[^'\\\n]|\\.|''){1,400}+)'|`(?P<back>[^`\\\n$]{1,400}+)`"
    r"|\\(?P<mark>\"|')(?P<escaped>[^\s\"'\\]{1,400})\\(?P=mark))"
)
_BARE: Final = re.compile(r"[^\s\"'`;&,<>(){}\[\]|\\\x00]{1,400}+")
_SECRET_NAMES: Final = frozenset("authorization password passwd apikey key secret cookie".split())
_QUOTED_VALUES: Final = Needles((': "', ": '", ':"', ":'", ": `"))
_LISTED: Final = watched(
    r"(?<![\w\"'])b?([\"'])([A-Za-z][\w.-]{1,60})\1[ \t]{0,2},[ \t]{0,2}b?([\"'])([^\"'\n]{3,400})\3(?=[ \t]{0,2}[,)\]])"
)
CLUES: Final[tuple[Clue, ...]] = (
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
        r"(?:env|ENV|environ)[.\[(][\"']?([A-Za-z_]\w{1,60})[\"']?[\])]?[ \t]{0,4}(?:\|\||\?\?|or|\?:)[ \t]{0,4}[\"']([^\"'\n]{3,400})[\"']",
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
        found = _KEY.search(text, max(0, mark.start() - _WIDTH), mark.start())
        if found is None:
            continue
        key = _bare_key(text, *found.span())
        name = text[slice(*key)]
        if text[key[0] - 1 : key[0]] == ":" and not structured:
            continue  # a role of reStructuredText: `:rfc:`
        if not (says_something(name, rules) or is_setting(name) or name in _SHELL_USER):
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
            and rules.rule(match.group(4).partition(" ")[2] or match.group(4)) is None
        ):
            page.fields.pair(match.span(2), match.span(4), quoted=True)
            position = match.end()
