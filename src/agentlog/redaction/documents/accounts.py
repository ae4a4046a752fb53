"""What systems write down of accounts by position instead of by key: password files, cookie jars, listings, messages."""

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.documents.clues import Clue, both, clue, login, person, secret
from agentlog.redaction.documents.fields import Fields
from agentlog.redaction.entities import ADDRESS, DOB, NATIONAL_ID, PHONE, ZIP


def _patient(fields: Fields, match: re.Match[str]) -> None:
    """A patient or a next of kin in an HL7 message: fields have numbers there."""
    text, spans, start = match.string, [], match.start()
    for bar in _BAR.finditer(text, *match.span()):
        spans.append((start, bar.start()))
        start = bar.end()
    spans.append((start, match.end()))
    name, address = (2, 4) if match.group(1) == "NK1" else (5, 11)
    for place, entity in _OF_PATIENT.items() if name == 5 else ():
        if place < len(spans):
            first, last = spans[place]
            caret = text.find("^", first, last)
            fields.told(first, last if caret < 0 else caret, entity)
    parts = _carets(text, *spans[name]) if name < len(spans) else []
    if len(parts) > 1:
        fields.couple(parts[1], parts[0])
    parts = _carets(text, *spans[address]) if address < len(spans) else []
    for place, entity in ((0, ADDRESS), (4, ZIP)):
        if place < len(parts):
            fields.told(*parts[place], entity)


def _carets(text: str, start: int, end: int) -> list[tuple[int, int]]:
    parts = []
    for caret in _CARET.finditer(text, start, end):
        parts.append((start, caret.start()))
        start = caret.end()
    return [*parts, (start, end)]


_BAR: Final = re.compile(r"\|")
_CARET: Final = re.compile(r"\^")
_OF_PATIENT: Final = {3: NATIONAL_ID, 7: DOB, 13: PHONE, 14: PHONE, 19: NATIONAL_ID}

CLUES: Final[tuple[Clue, ...]] = (
    clue(  # host:port:database:user:password
        "5432 5433 6432 3306",
        "",
        r"^[^:\s]{1,200}:(?:[0-9]{3,5}|\*):[^:\s]{1,64}:([^:\s]{1,64}):(\S{3,256})$",
        both(login(1), secret(2)),
    ),
    clue("", ":*:", r"^(?:[^:\s]{1,200}:){2}\*:([^:\s*]{1,64}):([^\s:]{3,256})$", both(login(1), secret(2))),
    clue(
        "bash sh zsh fish nologin false",
        ":x:|:*:|:!:",
        r"^([A-Za-z_][\w.-]{1,31}):[x*!]?:[0-9]{1,10}:[0-9]{1,10}:([^:,\n]{0,80})[^:\n]{0,200}:",
        both(login(1), person(2)),
    ),
    clue("", ":$", r"^[A-Za-z_][\w.-]{1,31}:(\$[0-9a-z]{1,8}\$[^:\s]{8,256})(?=:|[ \t]*\r?$)", secret(1)),
    clue(
        "rw rwx rwxr r",
        "rw",
        r"^[-dlbcps][rwxsStT-]{9}[+@.]?[ ]{1,6}[0-9]{1,6}[ ]{1,6}([A-Za-z_][\w.-]{1,31})[ ]",
        login(1),
    ),
    clue(
        "true false",
        "\tTRUE\t|\tFALSE\t",
        r"^\S{3,200}\t(?:TRUE|FALSE)\t\S{1,400}\t(?:TRUE|FALSE)\t[0-9]{1,12}\t[^\t\n]{1,200}\t(\S{4,4096})$",
        secret(1),
    ),
    clue(
        "user role login",
        "user '|user \"|user `|USER '|role '|role \"|login '|login \"",
        r"(?:(?<=[Ff]or )|(?<=[Bb]y )|(?<=[Aa]s )|(?<=[Ii]nvalid )|(?<=[Oo]f )|(?<=to )|(?<=TO ))"
        r"(?:user|role|login|USER|ROLE)[ ]{1,2}[\"'`]([A-Za-z][\w.-]{2,63})(?<![.-])",
        login(1),
    ),
    clue(  # what servers log of who comes in
        "sshd pam sudo login session password publickey user",
        "password for |publickey for |interactive|nvalid user |ed for user |sudo: |New session ",
        r"(?:(?:password|publickey|keyboard-interactive(?:/pam)?) for (?:invalid user )?|[Ii]nvalid user |session (?:opened|closed) for user |sudo: {1,8}|New session [0-9]{1,9} of user )"
        r"([A-Za-z][\w.-]{1,40})(?= from | by |\(uid|[ ]?: TTY|\.?$)",
        login(1),
    ),
    clue(  # the third field of a web server's line
        "jan feb mar apr may jun jul aug sep oct nov dec",
        " [",
        r"^\S{2,60} \S{1,60} ([A-Za-z][\w.@-]{1,60}) \[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:",
        login(1),
    ),
    clue("pass user", "PASS |USER ", r"^(?:[A-Z]: ?|[<>*-]{1,3} ?)?USER ([A-Za-z][\w.@-]{2,60})[ \t]*\r?$", login(1)),
    clue("pass", "PASS ", r"^(?:[A-Z]: ?|[<>*-]{1,3} ?)?PASS (\S{3,200})[ \t]*\r?$", secret(1)),
    clue("auth", "AUTH ", r"AUTH (?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5|OAUTHBEARER) ([A-Za-z0-9+/=]{8,4096})", secret(1)),
    clue("pid nk1", "PID|NK1", r"^(PID|NK1)\|[^\n]{4,4000}$", _patient),
    clue("uid", "uid=", r"uid=[0-9]{1,10}\(([A-Za-z_][\w.-]{1,40})\)", login(1)),
    clue(
        "pts console tty tty1 tty2",
        "",
        r"^([A-Za-z_][\w.-]{1,31})[ ]{1,20}(?:pts/[0-9]{1,4}|tty[0-9a-z]{1,8}|console)[ ]",
        login(1),
    ),
    clue("pid", "PID", r"^([A-Za-z_][\w.-]{1,31})\+?[ ]{1,20}[0-9]{1,8}[ ]{1,8}[0-9]{1,3}\.[0-9](?=[ ])", login(1)),
)
