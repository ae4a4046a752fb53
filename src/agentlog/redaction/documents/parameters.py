"""Parameters of URLs: `?access_token=…`, `#id_token=…`, `;jsessionid=…`, `?customer_name=Grace+Miller`.

A name says what its value is as a key does, but it is shorter here: `sid`, `sig`, `code`, `key` may hold a token, a page or
a promotion, so that the value has to look like a token too. Only the value goes: what is left is the same URL.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, unquote_plus

from agentlog.redaction.documents.page import Page
from agentlog.redaction.entities import PERSON, SECRET
from agentlog.redaction.forms.credentials import random_like
from agentlog.redaction.keys.key_words import NO_SECRET, words_of
from agentlog.redaction.keys.rules import SAFE
from agentlog.redaction.keys.values import judged, person_like
from agentlog.redaction.words.name_table import is_word

_ANYTHING: Final = frozenset(
    """token key apikey appid auth sig signature session sessionid sid sessid jsessionid phpsessid aspsessionid jwt code
    ticket hmac otp pass pwd password secret authtoken accesstoken refreshtoken idtoken authkey assertion credential
    samlresponse samlrequest verifier userpass userpwd dbpass dbpwd userpassword dbpassword""".split()
)
"""What the names of parameters end with that may hold a token."""
_PARAMETER_WORDS: Final = _ANYTHING | frozenset(
    "passwd passphrase clientsecret accesskey secretkey privatekey passcode pin authorization bearer".split()
)
_PARAMETER: Final = re.compile(
    r"([?&#;]|\\u0026)([A-Za-z][\w.-]{0,60})(?:\[\w{0,20}\])?=([^\s&;#?\"'`\\<>|^]{2,4096})", re.ASCII
)
_CODED_PARAMETER: Final = re.compile(
    r"%(?:25)?(3F|26|23|3B)([A-Za-z][\w.-]{0,60})%(?:25)?3D"
    r"((?:[\w.~+/=-]|%(?!(?:25)?(?:26|23|3B|20|22|0A|0D))[0-9A-F]{2}){2,4096})",
    re.ASCII | re.IGNORECASE,
)
"""The same within another parameter: `?next=https%3A%2F%2F…%3Ftoken%3D…`."""
_APART: Final = re.compile(r"[\s\"'<>]")
_AUTHORIZES: Final = re.compile(
    r"[?&#;](?:state|session_state|iss|code_verifier|redirect_uri|grant_type)=|oauth|callback|/cb(?![a-z])|authorize|/sso|/login"
)
"""What stands around a code that somebody is let in with."""
_PIECES: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NAMES_A_TOKEN: Final = re.compile(
    "token|secret|your|example|dummy|invalid|sample|placeholder|key|value|test|pass|redact"
)
_OF_WORDS: Final = re.compile(
    r"[?&]([A-Za-z][\w.-]{0,60})=([\w.%,'-]{1,80}(?:\+[\w.%,'#-]{1,80}){1,12})(?![^\s&#\"'<>`)\]])"
)
"""A value whose blanks are written as `+`."""
_WORD: Final = re.compile(r"[^+]+")


def read(page: Page) -> None:
    """Values behind `?`, `&`, `#` and `;` in URLs, and in URLs that stand percent-coded in others."""
    text = page.text
    patterns = [_PARAMETER] if "=" in text and not page.words.isdisjoint(_PARAMETER_WORDS) else []
    if "%" in text and ("%3d" in page.low or "%253d" in page.low):
        patterns.append(_CODED_PARAMETER)
    for pattern in patterns:
        for match in pattern.finditer(text):
            if match.group(1) != ";" or _in_url(text, match.start()):
                _parameter(page, match, *match.span(3))
    if "+" in text and "=" in text:
        for match in _OF_WORDS.finditer(text):
            _words(page, match)


def _in_url(text: str, at: int) -> bool:
    """Whether a path or a query goes on at `at`: a semicolon means something elsewhere too."""
    before = _APART.split(text[max(0, at - 300) : at])[-1]
    return "/" in before or "?" in before


def _parameter(page: Page, match: re.Match[str], start: int, end: int) -> None:
    text, name = page.text, match.group(2)
    while end > start and text[end - 1] in ".,:!)]}*" and not (text[end - 1] in ")]}" and text[start] in "([{$"):
        end -= 1
    words = words_of(name)
    rule = page.rules.rule(name)
    if end - start < 2 or not words or rule is SAFE:
        return
    value = unquote(text[start:end])
    if rule is not None and rule.entity == SECRET and not rule.weak:
        page.fields.pair(match.span(2), (start, end), quoted=True)
    elif (
        (rule is None or rule.entity == SECRET)
        and not _ANYTHING.isdisjoint((words[-1], "".join(words)))
        and NO_SECRET.isdisjoint(words)
        and _opens(page, match, words[-1], value)
    ):
        page.fields.secret(start, end)


def _opens(page: Page, match: re.Match[str], last: str, value: str) -> bool:
    """Whether the value of a parameter that may hold a token, a sort order, a promotion is a token."""
    if last.endswith(("pass", "pwd", "password", "secret")):
        return True
    if last == "code":
        around = page.low[max(0, match.start() - 300) : match.end() + 300]
        return len(value) >= 8 and _AUTHORIZES.search(around) is not None
    if value.isdigit():
        return len(value) >= (6 if last in ("token", "otp") else 10)
    if last == "key":
        return len(value) >= 16 and (random_like(value) or (len(value) >= 20 and not _of_words(value)))
    return len(value) >= 8 and (random_like(value) or not _of_words(value))


def _of_words(value: str) -> bool:
    """Whether what has no digits is made of words: `customer-profile`, `myProfile`, `your_token_here`."""
    pieces = _PIECES.findall(value)
    longest = max(pieces, key=len, default="")
    if _NAMES_A_TOKEN.search(value.lower()) is not None or len(longest) < 8:
        return len(pieces) < 8
    return is_word(longest.lower())


def _words(page: Page, match: re.Match[str]) -> None:
    """A value of a query whose blanks are written as `+`: somebody's name word by word, anything else whole."""
    rule = page.rules.rule(match.group(1))
    if rule is None or rule is SAFE or rule.entity == SECRET:
        return
    (start, end), text = match.span(2), page.text
    value = unquote_plus(text[start:end])
    found = judged(rule, value)
    if found == PERSON and not rule.part:
        spans = [word.span() for word in _WORD.finditer(text, start, end)]
        if 2 <= len(spans) <= 4 and (not rule.weak or person_like(value)):
            for span in spans[1:-1]:
                page.fields.told(*span, PERSON)
            page.fields.couple(spans[0], spans[-1])
    elif found:
        page.fields.told(start, end, found)
