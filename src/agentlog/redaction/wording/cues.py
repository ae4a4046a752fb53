"""Personal values in running text, by what stands before a separator: "Zip: …", "my user id is …", `api_key=…`.

What stands before a colon, an equals sign or "is" is judged by the same word rules as a JSON key; what follows must
look like such a value.
"""

# ruff: noqa: RUF001 - typographic quotes, dashes and Chinese punctuation are what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from agentlog.redaction.entities import (
    ADDRESS,
    APP_ID,
    CARD_LAST4,
    DOB,
    NATIONAL_ID,
    PAYMENT_ID,
    PERSON,
    PHONE,
    SECRET,
    USER_ID,
    ZIP,
    Finding,
)
from agentlog.redaction.keys.rules import SAFE, KeyRules, Rule
from agentlog.redaction.keys.values import empty, idlike, person_like, reference
from agentlog.redaction.languages.dates import find_dates
from agentlog.redaction.structures.frames import is_whole
from agentlog.redaction.wording.identity_cues import is_count
from agentlog.redaction.wording.names import name_at
from agentlog.redaction.wording.password_words import find_password_words
from agentlog.redaction.wording.state_numbers import NO_DATE
from agentlog.redaction.words.lists import COMMON, ORDINARY, SYSTEM_USERS
from agentlog.redaction.words.name_table import is_word
from agentlog.redaction.words.spans import span_at

_MARKS: Final = (":", "=", "：", " is ", " are ", " was ")
_NO_KEYS: Final = tuple(
    (re.compile(f"{mark.rstrip()}(?<![\"'].{{{len(mark.rstrip())}}})" + "(?= )" * mark.endswith(" ")), len(mark))
    for mark in _MARKS
)
"""Each of them, with no quote before it, and how long it is."""
_MOST_ORDINARY: Final = 3
"""Words of a sentence that an address may hold."""
_BREAKS: Final = frozenset("\n.,;:!?(){}[]<>/\\&=|，。；：！？（）")
_BREAK: Final = re.compile(f"[{re.escape(''.join(sorted(_BREAKS)))}]")
_SKIP: Final = re.compile(r"[ \t*_`\"'“”‘’]{0,6}(?:is )?[ \t*`\"'“‘]{0,4}")
_ID: Final = re.compile(r"[#@]?[A-Za-z0-9][\w@+-]{0,63}(?:\.[\w@+-]{1,63}){0,6}(?!\w)", re.ASCII)
_NUMBER_ID: Final = re.compile(
    r"(?=[A-Z0-9 ./-]{0,30}[0-9]{3})[A-Z0-9]{1,24}(?:[ ./-][A-Z0-9]{1,14}){0,7}(?![A-Za-z0-9])|(?=[\w-]{0,40}[0-9])[\w-]{5,48}",
    re.ASCII,
)
_PHONE: Final = re.compile(r"\+?\(?[0-9](?:[ .()/-]{0,3}[0-9]){5,15}(?![0-9])", re.ASCII)
_ZIP: Final = re.compile(
    r"[0-9]{5}(?:-[0-9]{3,4})?(?![0-9-])|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}(?![A-Z0-9])|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]|[0-9]{3} [0-9]{2}(?![0-9])"
    r"|(?:[0-9]{3}-[0-9]{4}|[0-9]{4}-[0-9]{3}|[0-9]{8})(?![0-9]| [a-z])|[0-9]{3,6}(?![0-9])",
    re.ASCII,
)
_ROLE: Final = re.compile(r"(?<![\w:]):[\w+.-]{1,30}(?::[\w+.-]{1,30})?\Z", re.ASCII)
_FOR_LOGINS: Final = frozenset("username login userid id name".split())
_END_OF_FIELD: Final = re.compile(r"[\"'`*_]{0,3}[ \t]{0,4}(?:[\n\r,;)\]}|]|\.?\Z)")
_LAST4: Final = re.compile(r"[#xX*•.-]{0,16} ?([0-9]{4})(?![0-9])", re.ASCII)
_ADDRESS: Final = re.compile(
    r"(?=[^\n]{0,30}[0-9])[0-9A-Za-z\u00c0-\u024f#][^\n,;|\"，；。]{4,80}|(?=[^\n，。；]{0,40}[路街道号楼室村镇县区市省])[\u4e00-\u9fff][^\n\"，。；,;]{3,60}"
)
_SECRET_VALUE: Final = re.compile(r"[^\s\"'`“”‘’,;&<>()\[\]{}]{4,512}")
_HANDLES: Final = re.compile(
    r"(?:(?:\A|\n)[ \t>•-]{0,6}@(?=[\w.-]{1,40}:[ \t])|(?<![\w-])(?:(?:review|reviewed|approved|reported|requested|opened|merged|closed|written|created|authored|posted|sent|suggested|assigned|commented|"
    r"submitted|answered|prepared) by|cc|cc:|thanks|thx|ping|hey|hi|assigned to|assign to|reviewers?:?) @)"
    r"(?=[\w.-]{3})([A-Za-z][A-Za-z0-9]{0,30}(?:[._-][A-Za-z0-9]{1,30}){0,3})(?![\w/(@=]|[.-]\w)",
    re.ASCII,
)
"""Who speaks in a chat or is spoken to: `@mia.li: …`, "review by @mia-li"; `@Override` and `@types/node` are code."""
_HANDLE_LOOK: Final = re.compile("@(?<=[ \\n\\t>•-]@)")
_USERS: Final = ("current user", "user name", "username")
_AS_USER: Final = re.compile(
    r"(?<![\w-])(?:current user|logged[- ]in (?:user|as)|signed in as|user ?name)(?: is)?[:=]? [`'\"]?([a-z]{4,32})(?![\w@/(-]|[.]\w)",
    re.IGNORECASE,
)
_COMMANDS: Final = re.compile(
    r"(?<![\w./-])(?:su(?: -l?)?|sudo -u|runuser -u|useradd|usermod|passwd) ([a-z][a-z0-9_.-]{2,31})(?=\s|\Z)", re.ASCII
)
_PROMPTS: Final = re.compile(
    r"(?:\A|\n)(?:\([\w.-]{1,30}\) )?\[?([a-z][a-z0-9_.-]{2,31})@[A-Za-z0-9][\w.-]{0,62}(?:[: ][^\n$#%\]]{0,80})?\]?[$#%](?=\s|\Z)",
    re.ASCII,
)
_DASHED: Final = re.compile(r"(?:\A|\n)[ \t*•]{0,6}([A-Za-z][A-Za-z'. ]{1,30}?) [-–] (?=\S)")
_NOBODY: Final = frozenset(
    "here channel everyone all team user me you override deprecated param bot dev ops admin support".split()
)
_CODE: Final = re.compile(
    r"[(\[{<]|^[$%]|[$%]$|\.(?:get|env|read|strip|lower|split|encode|decode|format|json|text)\b"
    r"|^(?:os|self|config|settings|args|request|response|process|env|str|int|this)\."
)
_LETTERS: Final = re.compile(r"[^\W_]+")
_DATED: Final = re.compile(rf"(?!{NO_DATE}[0-9])[0-9]|[01]?[0-9]/(?:19|20)[0-9]{{2}}\Z")
"""Dates, years, moments, round numbers, a month of a year."""
_NO_SECRET: Final = COMMON | {"bearer", "basic", "digest", "passwd", "passwords", "secrets", "current", "new", "old"}
"""Words of which no secret consists: `current-password`, `Bearer`."""
_SYMBOL: Final = re.compile(r"[0-9!@#$%^&*+~]")


def find_cues(text: str, low: str, rules: KeyRules, structured: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """Values after a separator.

    `low` is `text` in lower case, character for character; `structured` are the stretches whose keys have been judged
    already.
    """
    yield from _after_separators(text, low, rules, structured)
    yield from find_password_words(text, low)
    if " - " in text or " – " in text:
        yield from _after_dashes(text, rules)
    if "logged" in low or "signed in" in low or ("user" in low and any(said in low for said in _USERS)):
        for match in _AS_USER.finditer(text):
            if _login(match.group(1)) and match.group(1) not in COMMON:
                yield Finding(*match.span(1), USER_ID)
    if (
        "su " in text
        or "passwd " in text
        or "runuser -u " in text
        or "useradd " in text
        or "usermod " in text
        or "sudo -u " in text
    ):
        yield from _owners(text, _COMMANDS)
    if "@" in text:
        if "$" in text or "#" in text or "%" in text:
            yield from _owners(text, _PROMPTS)
        for match in _HANDLES.finditer(text) if text.startswith("@") or _HANDLE_LOOK.search(text) is not None else ():
            handle = match.group(1)
            if not all(is_word(word) or word in _NOBODY for word in re.split("[._-]", handle.lower())):
                yield Finding(*match.span(1), USER_ID)


def _after_separators(text: str, low: str, rules: KeyRules, structured: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    whole = is_whole(text, structured)
    calendar = "BEGIN:V" in text
    for start, end in _separators(low, whole):
        if not whole and start and text[start - 1] in "\"'" and span_at(start, structured) is not None:
            continue
        words = _phrase(text[max(0, start - 56) : start].rstrip(" \t*_`\"'”’"))
        if not words or (calendar and words[-1] == "UID") or _of_a_file(words):
            continue  # the id of an appointment
        if text.startswith("`", end) and _ROLE.search(text, max(0, start - 40), start) is not None:
            continue  # a role of Sphinx: :rfc:`5545`
        rule = _rule_of_phrase(words, rules)
        if rule is not None:
            skipped = _SKIP.match(text, end)
            found = _value_at(text, skipped.end() if skipped else end, rule, said=end - start > 1)
            if found is None or text[found.start : found.end].lower() == words[-1].lower().strip("\"'`("):
                continue  # `Client(client_id="CLIENT_ID")` names a field
            if found.entity == USER_ID and not _ends_a_field(text, found, words[-1].lower()):
                continue
            if found.entity == NATIONAL_ID and is_count(text, words[-1].lower(), found.start, found.end):
                continue
            yield found


def _owners(text: str, pattern: re.Pattern[str]) -> Iterator[Finding]:
    """Login names at a terminal that are somebody's."""
    for match in pattern.finditer(text):
        owner = match.group(1)
        if owner not in SYSTEM_USERS and not is_word(owner):
            yield Finding(*match.span(1), USER_ID)


def _after_dashes(text: str, rules: KeyRules) -> Iterator[Finding]:
    """Lines of a form that somebody typed with dashes: `Surname - Li`."""
    for match in _DASHED.finditer(text):
        rule = _rule_of_phrase(match.group(1).split()[-3:], rules)
        found = _value_at(text, match.end(), rule, said=False) if rule is not None else None
        if found is not None and (text[found.end : found.end + 1] in ("", "\n") or found.entity != PERSON):
            yield found


def _phrase(before: str) -> list[str]:
    """The last words of `before`, three at most, behind the last mark in it."""
    if before[-1:] in _BREAKS:
        return []
    words = before.rsplit(None, 3)[-3:]
    if _BREAK.search(before) is None:
        return words
    return _BREAK.split(before)[-1].split()[-3:]


def _separators(low: str, structured: bool) -> Iterator[tuple[int, int]]:
    """Where marks stand in `low`; where all of it is `structured`, not those behind a key."""
    if structured:
        for pattern, length in _NO_KEYS:
            for match in pattern.finditer(low):
                yield match.start(), match.start() + length
        return
    for mark in _MARKS:
        at = low.find(mark)
        while at >= 0:
            yield at, at + len(mark)
            at = low.find(mark, at + 1)


def _ends_a_field(text: str, found: Finding, key: str) -> bool:
    """Whether a login is none with a capital letter, or alone in a field for one: a sentence may begin behind "User:"."""
    value = text[found.start : found.end]
    return not _initial(value) or (key in _FOR_LOGINS and _END_OF_FIELD.match(text, found.end) is not None)


def _of_a_file(words: list[str]) -> bool:
    """Whether the words before a separator say which line of a file or a text it is: "line 3", but not "address line 3"."""
    return (
        len(words) > 1
        and words[-1].isdigit()
        and words[-2].lower().lstrip("\"'`*") == "line"
        and "address" not in words[0].lower()
    )


def _rule_of_phrase(words: list[str], rules: KeyRules) -> Rule | None:
    """The rule of the last words before a separator: "my shipping zip code" is a zip code."""
    for count in range(1, len(words) + 1):
        rule = rules.spoken(" ".join(words[-count:]))
        if rule is not None:
            return rule if rule is not SAFE else None
    return None


def _value_at(text: str, start: int, rule: Rule, said: bool) -> Finding | None:
    """The value of `rule`'s entity that begins at `start`; `said`: after "is" instead of a colon."""
    entity = rule.entity
    if entity == PERSON:
        span = name_at(text, start)
        if span is None or (rule.weak and not person_like(text[slice(*span)])):
            return None
        return Finding(*span, PERSON, rule.part)
    if entity == DOB:
        return next(
            (Finding(start + a, start + b, DOB) for a, b, _ in find_dates(text[start : start + 40]) if a <= 3), None
        )
    pattern = _VALUES.get(entity)
    match = pattern.match(text, start) if pattern is not None else None
    if match is None:
        return None
    group = 1 if match.re.groups else 0
    begin, end = match.span(group)
    value = text[begin:end].rstrip(" .,-'*_`")
    quoted = text[start - 1 : start] in _QUOTES
    if entity == SECRET and rule.weak:
        quoted = False  # a token or a pin may be a word of a text
    if empty(value) or not _looks(entity, value, quoted, said):
        return None
    return Finding(begin, begin + len(value), entity)


def _looks(entity: str, value: str, quoted: bool, said: bool) -> bool:
    if entity == SECRET:
        return _secret_like(value, quoted)
    if entity == USER_ID:
        return idlike(value) or (
            not said and (quoted or _login(value) or _initial(value)) and len(value) > 3 and value.lower() not in COMMON
        )
    if entity == ADDRESS:
        words = value.split()
        in_a_sentence = ("".join(words[:2]).isalpha() and "".join(words[:2]).islower()) or (
            sum(word in ORDINARY for word in words) > _MOST_ORDINARY
        )
        return not said and "://" not in value and len(words) + (value >= "\u4e00") > 1 and not in_a_sentence
    if entity in (NATIONAL_ID, PAYMENT_ID) and (_DATED.match(value) is not None):
        return False
    return entity != PAYMENT_ID or sum(character.isdigit() for character in value) >= 4


def _login(value: str) -> bool:
    """Whether one word in small letters may be somebody's login: none of a dictionary, none of a system."""
    return value.isascii() and value.isalpha() and value.islower() and value not in SYSTEM_USERS and not is_word(value)


def _initial(value: str) -> bool:
    """Whether one word with a capital letter may be somebody's login: `User: Qbrelova`, but neither `Admin` nor `Failed`."""
    return value[1:].islower() and value[0].isupper() and value.lower() not in ORDINARY and _login(value.lower())


def _secret_like(value: str, quoted: bool) -> bool:
    """Whether this is a secret itself, and not code that only names one, or a word of a sentence about secrets."""
    if (
        _CODE.search(value) is not None
        or _NO_SECRET.issuperset(_LETTERS.findall(value.lower()))
        or reference(value)
        or value.startswith(("http://", "https://", "/", "./"))
    ):
        return False
    if quoted:
        return len(value) >= 6 or value.isdigit()
    return len(value) >= 4 and _SYMBOL.search(value) is not None and (len(value) >= 6 or value.isdigit())


_QUOTES: Final = ('"', "'", "`", "“", "‘")
_VALUES: Final = {
    PHONE: _PHONE,
    ZIP: _ZIP,
    CARD_LAST4: _LAST4,
    NATIONAL_ID: _NUMBER_ID,
    PAYMENT_ID: _NUMBER_ID,
    USER_ID: _ID,
    APP_ID: _ID,
    ADDRESS: _ADDRESS,
    SECRET: _SECRET_VALUE,
}
