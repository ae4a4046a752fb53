"""URLs and paths: who is in them, and what opens a door. Hosts and all that is no person's stays."""

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.documents import parameters
from agentlog.redaction.documents.page import Page
from agentlog.redaction.forms.credentials import random_like
from agentlog.redaction.keys.values import idlike
from agentlog.redaction.watching import watched
from agentlog.redaction.words.lists import COMMON, SYSTEM_USERS
from agentlog.redaction.words.needles import Needles

_URL: Final = watched(
    r"[A-Za-z][A-Za-z0-9+.-]{1,30}://(?:(?P<user>[^\s:/@?#\"'<>`\\]{0,64})(?::(?P<password>[^\s/@\"'<>`\\]{0,256}))?@)?(?P<host>[^\s/?#\"'<>`\\]{0,255})(?P<path>/[^\s?#\"'<>`\\]{0,1000})?"
)
_CALLED: Final = watched(
    r"(?:(?<![A-Za-z])(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)[ ]{1,2}|[\"'`( ](?=/api/|/v[0-9]/|/rest/))(/[^\s?#\"'<>`\\]{2,1000})"
)
_SEGMENT: Final = re.compile(r"[^/]{1,200}")
_FILE: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,5}\Z")
_PLAIN: Final = re.compile(r"[0-9a-f]{7,64}|[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}|[0-9]{1,30}|v[0-9][\w.-]{0,20}")
"""Hashes, UUIDs, numbers, versions: things' names."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_~:.=-]{20,200}", re.ASCII)

_NAME: Final = r"([^/\\\s\"':;,<>|*?$%{}()\[\]`&=~]{2,64})"
_BACK: Final = r"\\{1,4}"
_HOMES: Final = (
    (("home", "homes"), re.compile(rf"(?:(?:(?<![\w./-])|(?<=file://))/(?:[\w.-]{{1,20}}/){{0,2}}|/mnt/[\w-]{{1,20}}/)(?:home|homes)/{_NAME}(?=[/\s\"'`:;,)\]<>|]|\Z)")),
    (("users",), re.compile(rf"(?:(?<![\w.-])(?:/(?:mnt/|cygdrive/|host_mnt/)?[A-Za-z]|/?[A-Za-z]:|/Volumes/[\w .-]{{1,30}}|/System/Volumes/Data)?/Users|(?<![A-Za-z])[A-Za-z]:/Users)/{_NAME}(?=[/\s\"'`:;,)\]<>|]|\Z)")),
    (("users", "settings", "home", "profiles"), re.compile(
        rf"(?:(?<![A-Za-z])[A-Za-z]:|{_BACK}[\w.-]{{1,64}}|%[A-Za-z]{{1,20}}%){_BACK}(?:Users|Documents and Settings|home\$|users\$|Profiles|home)"
        rf"{_BACK}([^/\\\s\"':<>|*?$%{{}}`]{{2,64}}(?: [^/\\\s\"':<>|*?$%{{}}`]{{1,64}}){{0,2}}(?={_BACK})|[^/\\\s\"':;,<>|*?$%{{}}`]{{2,64}})"
    )),
)  # fmt: skip
_HOME_WORDS: Final = frozenset(word for words, _ in _HOMES for word in words)
_TILDE: Final = re.compile(r"(?<![\w/~.)])~([a-z_][a-z0-9_.-]{2,31})/(?=[\w.])", re.ASCII)
_NOBODY: Final = SYSTEM_USERS | frozenset(
    """all default0 me you name username user_name youruser yourname your-name myuser someuser someone xxx demo test
    linuxbrew build builder ci buildkite travis cloud-user opc azureuser hadoop spark airflow coder student frappe odoo
    steam postgres mysql web www site sites dev developer bot actions-runner containeruser svc www-data runner-user public
    profile.d library shared desktop documents downloads settings dashboard index about login""".split()
)


def read(page: Page) -> None:
    """URLs and paths of `page`."""
    text = page.text
    if "://" in text:
        _urls(page)
    if "=" in text or "%" in text:
        parameters.read(page)
    if "/" in text and _CALLS.within(text):
        for match in _CALLED.finditer(text):
            _path(page, *match.span(1))
    for words, pattern in _HOMES if not page.words.isdisjoint(_HOME_WORDS) else ():
        if not page.words.isdisjoint(words):
            for match in pattern.finditer(text):
                _owner(page, *match.span(match.lastindex or 1))
    if "~" in text:
        for match in _TILDE.finditer(text):
            if match.group(1) not in COMMON:
                _owner(page, *match.span(1))


_CALLS: Final = Needles(
    (
        "/api/",
        "/v1/",
        "/v2/",
        "/v3/",
        "/rest/",
        "GET /",
        "POST /",
        "PUT /",
        "PATCH /",
        "DELETE /",
        "HEAD /",
        "OPTIONS /",
    )
)


def _urls(page: Page) -> None:
    text = page.text
    for match in _URL.finditer(text):
        user, password = match["user"], match["password"]
        if password and not password.startswith(("$", "{", "<", "%")):
            page.fields.secret(*match.span("password"))
        if (
            user
            and (password or not user.isalpha() or "." in match["host"])
            and user not in ("git", "oauth2", "x-access-token", "x-token-auth")
        ):
            if password is None and len(user) >= 20 and random_like(user):
                page.fields.secret(*match.span("user"))
            else:
                page.fields.login(*match.span("user"))
        if match["path"]:
            _path(page, *match.span("path"), url=True)


def _path(page: Page, start: int, end: int, url: bool = False) -> None:
    """Ids of people below what holds people, and long tokens."""
    text, above = page.text, ""
    for match in _SEGMENT.finditer(text, start, end):
        segment = match.group()
        last = match.end()
        while segment and segment[-1] in ".,;:)]}'\"":
            segment, last = segment[:-1], last - 1
        if len(segment) >= 4 and not segment.startswith((":", "{", "$", "<", "@")):
            entity = page.rules.container(above) if above else None
            if entity and idlike(segment) and _FILE.search(segment) is None:
                page.fields.told(match.start(), last, entity)
            elif (
                len(segment) >= 20
                and url
                and _TOKEN.fullmatch(segment)
                and _PLAIN.fullmatch(segment) is None
                and _FILE.search(segment) is None
                and _looks_random(segment)
            ):
                page.fields.secret(match.start(), last)
        above = segment


def _looks_random(segment: str) -> bool:
    """A token and not a title: `qX7dPz2…`, no `how-to-reset-2-passwords`."""
    longest = max(re.split(r"[-_.~:=]", segment), key=len)
    if len(longest) < 10 or longest.isalpha() or longest.isdigit() or not random_like(segment):
        return False
    upper, lower = sum(map(str.isupper, segment)), sum(map(str.islower, segment))
    digits = sum(map(str.isdigit, segment))
    return digits > 1 and (upper > 2 or lower > 2) and ((upper > 2 and lower > 2) or digits > 5)


def _owner(page: Page, start: int, end: int) -> None:
    """The name of a home folder."""
    name = page.text[start:end].rstrip(".")
    low = name.lower()
    if (
        low in _NOBODY
        or name.startswith((".", "-", "#", "@", "_"))
        or "..." in name
        or low.rstrip("0123456789") in SYSTEM_USERS
    ):
        return
    page.fields.home(start, start + len(name))
