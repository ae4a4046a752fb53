"""What is typed into a shell: options with values, `-u user:password`, headers of curl, variables set by a blank."""

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.documents.clues import Clue, both, clue, login, pair, secret
from agentlog.redaction.documents.fields import Fields, unquoted

_WORD: Final = re.compile(r"\"[^\"\n]{0,200}\"|\S{1,200}")
_WITH_PASSWORD: Final = frozenset(("user", "auth", "creds", "proxy-user"))


def _option(fields: Fields, match: re.Match[str]) -> None:
    value, quoted = unquoted(match.string, *match.span(2))
    if match.group(1) not in _WITH_PASSWORD or ":" not in match.string[slice(*value)]:
        fields.pair(match.span(1), value, quoted, login=True)


def _netrc(fields: Fields, match: re.Match[str]) -> None:
    if match.group(1) == "password":
        fields.secret(*match.span(2))
    else:
        fields.login(*match.span(2))


def _hash(fields: Fields, match: re.Match[str]) -> None:
    """`hset key field value field value`."""
    parts = [unquoted(match.string, *word.span())[0] for word in _WORD.finditer(match.string, *match.span(1))]
    fields.open()
    for key, value in zip(parts[::2], parts[1::2], strict=False):
        fields.pair(key, value, quoted=True)
    fields.close()


CLUES: Final[tuple[Clue, ...]] = (
    clue(
        "password passwd pass token key secret user username login email mail phone api apikey auth credentials creds cookie pwd",
        "--| -p| -P| -u| -U| -k| -t| -auth| -e| -s",
        r"(?<![\w-])--?([A-Za-z][A-Za-z0-9]{1,30}(?:[-_.][A-Za-z0-9]{1,30}){0,4})(?:=|[ \t]{1,4}|[\"'],[ \t]{0,2}(?=[\"']))"
        r"(\"[^\"\n]{1,400}\"|'[^'\n]{1,400}'|[^\s\"'`;|&<>()-][^\s\"'`;|&<>()]{0,400})",
        _option,
    ),
    clue(
        "setenv setx env arg set put",
        "",
        r"^[ \t+]{0,20}(?:setenv|setx|SETX|ENV|ARG|set -[A-Za-z]{1,4}|set(?= [A-Z_]{4,})|put|config set)[ \t]{1,4}([A-Za-z_][\w.-]{1,60})[ \t]{1,8}(\S.{0,400})$",
        pair(1, 2, quoted=False, login=True),
    ),
    clue(
        "machine",
        "",
        r"(?:^[ \t]*|(?<=[ \t]))(login|password)[ \t]{1,4}(\S{3,256})(?=[ \t]*$|[ \t]+(?:login|password|account|macdef)[ \t])",
        _netrc,
    ),
    clue("host", "User |user ", r"^[ \t]{0,12}User[ \t=]{1,4}([A-Za-z][\w.-]{2,40})[ \t]*$", login(1)),
    clue(
        "auth requirepass masterauth",
        "",
        r"^[ \t>]{0,8}(?:AUTH(?: [\w-]{1,40})?|auth(?: [\w-]{1,40})?|requirepass|masterauth) (\S{4,256})[ \t]*$",
        secret(1),
    ),
    clue(
        "hset hmset",
        "",
        r"(?<!\S)(?:hm?set|HM?SET)[ \t]{1,2}\S{1,100}((?:[ \t]{1,2}(?:\"[^\"\n]{0,200}\"|\S{1,200})){2,40})",
        _hash,
    ),
    clue(
        "az bcp curl docker ftp git helm http httpie https kubectl ldapsearch lftp mariadb mongo mongosh mysql mysqladmin mysqldump podman psql redis smbclient sqlcmd ssh sshpass svn wget",
        "-u|-a|-U|--user|--auth|--proxy-user|--creds",
        r"(?<!\S)(?:-u|-a|--user|--auth|--proxy-user|--creds|-U)[ =]{0,2}[\"']?([^\s\"':$<{-][^\s\"':]{0,64}):([^\s\"'<{$][^\s\"']{0,255})",
        both(login(1), secret(2)),
    ),
    clue(
        "docker podman mysql mysqldump mysqladmin mariadb psql mongo mongosh sqlcmd bcp ssh helm ldapsearch curl wget smbclient svn az",
        " -u| -U| -l",
        r"(?<!\S)-[uUl][ ]?[\"']?([A-Za-z][\w.@-]{2,63})(?![\w:])",
        login(1),
    ),
    clue(
        "curl http https httpie wget",
        " -H| --header|'-H|\"-H",
        r"(?<!\S)(?:-H|--header)[ =]{0,2}([\"'])([A-Za-z][\w-]{1,60}):[ ]{0,4}([^\"'\n]{1,2000})\1",
        pair(2, 3),
    ),
    clue(
        "curl",
        " -b| --cookie",
        r"(?<!\S)(?:-b|--cookie)[ =]{0,2}([\"'])([^\"'\n]{4,2000}=[^\"'\n]{1,2000})\1",
        secret(2),
    ),
    clue("login sshpass", " -p", r"(?<!\S)-p[ ]{1,2}[\"']?([^\s\"'$<-][^\s\"']{3,255})", secret(1)),
    clue("mysql mysqldump mysqladmin mariadb", " -p", r"(?<!\S)-p[\"']?([^\s\"'$<=-][^\s\"']{3,255})", secret(1)),
)
