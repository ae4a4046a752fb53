"""Where only a part of a value is somebody's: `Mia Li - 555 0100`, `octocat/hello-world`, `cn=Mia Li,ou=people`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import PERSON, USER_ID
from agentlog.redaction.keys.rules import Rule
from agentlog.redaction.keys.values import judged, leading_name, person_like
from agentlog.redaction.structures.frames import Value
from agentlog.redaction.words.name_table import is_word

_DISTINGUISHED: Final = re.compile(r"(?:^|[,;] ?)(cn|uid|givenname|sn)=([^,;=]{2,80})(?=[,;]|$)", re.IGNORECASE)
_PATH: Final = re.compile(r"(?=.{0,80}[a-z])(?=.{0,80}(?:(?:\A|/)[a-z]|[a-z][A-Z])).{1,120}", re.ASCII)
_LOGIN: Final = Rule(USER_ID)


def leading(value: Value) -> Value | None:
    """The name with which a value begins, that something else follows: `Mia Li - 555 0100`."""
    span = None if value.escaped else leading_name(value.text)
    return _cut(value, *span) if span is not None else None


def is_path(text: str) -> bool:
    """Whether this is the full name of a repository, `octocat/hello-world`, and no `Li/Mia`, as airlines write names."""
    return "/" in text and _PATH.fullmatch(text) is not None


def owner_in(value: Value) -> Value | None:
    """The owner of a repository, by its full name: a login, but for a project that is called as its owner is."""
    owner, _, project = value.text.partition("/")
    if value.escaped or owner.lower() == project.lower() or not judged(_LOGIN, owner) or is_word(owner):
        return None
    return _cut(value, 0, len(owner))


def distinguished(value: Value) -> Iterator[tuple[Value, str]]:
    """People in names of a directory, with what they are: `cn=Mia Li,ou=people,dc=example`."""
    for match in _DISTINGUISHED.finditer(value.text) if not value.escaped else ():
        login = match.group(1).lower() == "uid"
        if login or person_like(match.group(2)):
            yield _cut(value, *match.span(2)), USER_ID if login else PERSON


def _cut(value: Value, start: int, end: int) -> Value:
    return Value(value.start + start, value.start + end, value.text[start:end])
