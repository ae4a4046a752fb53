"""Mail: who writes to whom, ids and hops, what a reply quotes, who signs; and the cards and invitations that come with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.documents.clues import Clue, clue, kind, person
from agentlog.redaction.documents.fields import Fields
from agentlog.redaction.documents.page import Page
from agentlog.redaction.entities import ADDRESS, DOB, EMAIL, PHONE, ZIP
from agentlog.redaction.watching import watched
from agentlog.redaction.words.name_table import PLACE, known
from agentlog.redaction.words.needles import Needles
from agentlog.redaction.words.spans import Span

_WORD: Final = r"[^\W\d_a-z][^\W\d_]{0,30}(?:['\u2019-][^\W\d_]{1,30}){0,3}\.?"
_SMALL: Final = r"(?:de|del|della|der|den|di|da|dos|du|la|le|van|von|bin|ibn|al|el|ben|ter) "
_NAMES: Final = rf"{_WORD}(?: (?:{_SMALL}){{0,2}}{_WORD}){{1,4}}"
_PEOPLE: Final = watched(
    r"^[ \t>]{0,12}(From|To|Cc|CC|Bcc|BCC|Reply-To|Sender|Resent-From|Resent-To|Delivered-To|Von|An|Kopie|De|\u00c0|Para|Da"
    r"|Author|Committer|Commit|Organizer|Required|Optional|Attendees|Participants|Signed-off-by|Co-authored-by|Co-developed-by"
    r"|Reviewed-by|Acked-by|Tested-by|Reported-by|Suggested-by|Approved-by|Assigned-to|Prepared by|Written by|Submitted by"
    r"|\u53d1\u4ef6\u4eba|\u6536\u4ef6\u4eba)[ \t]{0,4}:[ \t]{0,8}(\S.{1,2000})$",
    re.MULTILINE,
)
_DIRECTIONS: Final = frozenset(("From", "To", "Von", "An", "De", "\u00c0", "Para", "Da"))
"""A journey has these lines too."""
_OF_MAIL: Final = frozenset("subject sent cc betreff gesendet objet envoy\u00e9 asunto enviado assunto".split())
_PEOPLE_WORDS: Final = frozenset(
    """from to cc bcc reply sender delivered von an de para da author committer organizer attendees participants signed
    authored reviewed acked tested reported suggested approved prepared written submitted""".split()
)
_PEOPLE_MARKS: Final = Needles((
    "From:", "To:", "Cc:", "CC:", "o:", "ender:", "Von:", "An:", "Kopie:", "De:", "Para:", "Da:", "uthor:", "ommit", "nizer:", "ired:",
    "onal:", "dees:", "ants:", "by:", "-to:", "\u4eba",
))  # fmt: skip
_ONE: Final = re.compile(
    rf"[ \t]{{0,4}}\"?(?:(?P<last>{_WORD}(?: {_WORD}){{0,2}}), (?P<first>{_WORD}(?: {_WORD}){{0,2}})(?=\"? ?[<(;\"]|\s*\Z)|(?P<name>{_NAMES}))\"?(?=[ \t]{{0,4}}(?:[<(\[,;/]|\Z|\r))"
)
_REPLY: Final = (
    rf"^[ \t>]{{0,12}}(?:On|Am|Le|El|Em|Il)\b[^\n]{{6,80}}?[,0-9ap.mAPM][ \t](?:schrieb |um |um \d\d:\d\d |um \d\d:\d\d schrieb )?\"?({_NAMES}|{_WORD})\"?"
    r"(?=[ \t]{0,2}(?:[<(\[]|wrote|a \u00e9crit|escribi\u00f3|escreveu|ha scritto|:))"
)
_ID: Final = re.compile(r"<([^<>@\s]{2,200})@")
_CARD_FIELDS: Final = {"TEL": PHONE, "EMAIL": EMAIL, "BDAY": DOB}
_COMMON_NAME: Final = re.compile(r"CN=\"?([^;:\"\n]{3,80})")
_HEAD: Final = re.compile(
    rf"\A\s{{0,8}}({_NAMES})[ \t]*\r?\n([^\n]{{0,30}}[0-9][^\n]{{3,80}})\r?\n[ \t]*(?:[A-Z]{{1,3}}-)?([0-9]{{4,6}})[ ]"
)
"""A name, a street and a postal code, as a letter begins."""


def _ids(fields: Fields, match: re.Match[str]) -> None:
    for one in _ID.finditer(match.string, *match.span(1)):
        fields.login(*one.span(1))


def _hop(fields: Fields, match: re.Match[str]) -> None:
    fields.machine(*match.span(1))


def _authors(fields: Fields, match: re.Match[str]) -> None:
    """`author = {Li, Mia and Varga, Zoltan}`."""
    start, end = match.span(1)
    while start < end:
        stop = match.string.find(" and ", start, end)
        stop = end if stop < 0 else stop
        comma = match.string.find(", ", start, stop)
        if comma < 0:
            fields.person(start, stop)
        else:
            fields.couple((comma + 2, stop), (start, comma))
        start = stop + 5


def _card(fields: Fields, match: re.Match[str]) -> None:
    """A line of a vCard or of an invitation."""
    text, name, (start, end) = match.string, match.group(1), match.span(3)
    if end > start and text[end - 1] == "\r":
        end -= 1
    if name == "N":
        parts = list(_parted(text, start, end))
        if len(parts) > 1:
            fields.couple(parts[1], parts[0])
    elif name in ("FN", "NICKNAME"):
        fields.person(start, end)
    elif name in _CARD_FIELDS:
        fields.told(start, end, _CARD_FIELDS[name])
    elif name == "ADR":
        parts = list(_parted(text, start, end))
        for index, entity in ((0, ADDRESS), (2, ADDRESS), (5, ZIP)):
            if index < len(parts) and parts[index][0] < parts[index][1]:
                fields.told(*parts[index], entity)
    elif match.group(2) and (common := _COMMON_NAME.search(text, *match.span(2))):
        fields.person(*common.span(1))


def _ldap(fields: Fields, match: re.Match[str]) -> None:
    fields.ldap(match.span(1), match.span(2))


CLUES: Final[tuple[Clue, ...]] = (
    clue(
        "message reply references content",
        "Message-I|In-Reply-To|References|Content-I",
        r"^[ \t>]{0,12}(?:Message-I[Dd]|In-Reply-To|References|Content-I[Dd]|Resent-Message-ID|X-Message-ID)[ \t]{0,4}:[ \t]{0,4}(\S.{0,2000}(?:\n[ \t]+<.{0,1000}){0,20})",
        _ids,
    ),
    clue(
        "received", "Received", r"^[ \t>]{0,12}Received[ \t]{0,4}:[ \t]{0,4}(?:from|by)[ \t]{1,4}([\w.-]{2,255})", _hop
    ),
    clue("wrote schrieb crit \u00e9crit escribi\u00f3 escreveu scritto", "", _REPLY, person(1)),
    clue(
        "",
        "-- \n|--\n|-- \r|__\n",
        rf"^[ \t>]{{0,8}}(?:-- ?|__+|\u2014\u2014?)\r?\n(?:[ \t>]*\r?\n){{0,2}}[ \t>]{{0,8}}({_NAMES})(?=[ \t]*(?:[,|\r\n(]|\Z))",
        person(1),
    ),
    clue(
        "tel phone mobile cell fax telefon mobil handy ph",
        "\n",
        r"^[ \t>]{0,12}(?:Tel|Phone|Mobile|Cell|Fax|Telefon|Mobil|Handy|Direct|Office|T|M|P|F|Ph)[.:]{0,2}[ \t]{1,3}(\+?\(?[0-9](?:[ .()/-]{0,3}[0-9]){6,15})[ \t]*\r?$",
        kind(PHONE),
    ),
    clue("", "@", rf"@[\w.-]{{3,200}}\.[A-Za-z]{{2,24}}>?[ ]{{1,2}}\(({_NAMES})\)", person(1)),
    clue(
        "",
        "] |] <| - |> ",
        rf"^[ \t]{{0,4}}[\[(]?[0-9]{{1,4}}[-/.:][0-9]{{1,2}}[^\n\]]{{0,30}}[\])]?[ \t]{{0,2}}[-\u2013]?[ \t]?<?({_NAMES})>?(?=:[ \t])",
        person(1),
    ),
    clue(
        "",
        " +0| -0",
        rf"^\^?[0-9a-f]{{7,40}} [^\n(]{{0,200}}\((?:<[^>\n]{{3,100}}>|({_NAMES}|{_WORD}))[ \t]{{1,40}}[0-9]{{4}}-",
        person(1),
    ),
    clue(
        "vcard vevent vcalendar",
        "",
        r"^[ \t]{0,4}(N|FN|TEL|EMAIL|ADR|BDAY|NICKNAME|ORGANIZER|ATTENDEE)(;[^:\n]{1,300})?:([^\n]{1,400})$",
        _card,
    ),
    clue(
        "objectclass dn",
        "",
        r"^[ \t]{0,4}(uid|cn|sn|givenName|displayName|userPassword|mail|mobile|telephoneNumber|sAMAccountName)::?[ \t]{1,4}(\S[^\n]{1,200})$",
        _ldap,
    ),
    clue(
        "dc ou",
        "dc=|DC=|ou=|OU=",
        r"(?<![A-Za-z])(uid|cn|CN|UID)=([^,=\n+\"']{2,60})(?=,[ ]?(?:[A-Za-z]{1,3})=)",
        _ldap,
    ),
    clue("everyone from", "  to  ", rf"From[ ]{{2}}({_NAMES}|{_WORD})[ ]{{2}}to[ ]{{2}}", person(1)),
    clue(
        "author editor",
        "author|editor",
        r"(?<!\w)(?:author|editor)[ \t]{0,12}=[ \t]{0,4}[{\"]([^{}\"\n]{3,1000})[}\"]",
        _authors,
    ),
    clue("uid cn sn samaccountname mail", "(&|(uid=|(cn=", r"\(([A-Za-z][\w-]{0,40})=([^()*=\n]{2,200})\)", _ldap),
)


def read(page: Page) -> None:
    """All that looks like a letter in `page`."""
    text = page.text
    lines = "\n" in text
    if not lines and text.startswith(("{", "[")):
        return
    if ":" in text and not page.words.isdisjoint(_PEOPLE_WORDS) and _PEOPLE_MARKS.within(text):
        _correspondents(page)
    head = _HEAD.match(text) if lines else None
    if head is not None:
        page.fields.person(*head.span(1))
        page.fields.told(*head.span(2), ADDRESS)
        page.fields.told(*head.span(3), ZIP)


def _correspondents(page: Page) -> None:
    """Names in the lines of a head: one line alone may be a timetable's (`From: Boston`), so a name has two words."""
    text = page.text
    mail = "@" in text or not page.words.isdisjoint(_OF_MAIL)
    for match in _PEOPLE.finditer(text):
        start, end = match.span(2)
        if not mail and match.group(1) in _DIRECTIONS:
            continue
        for first, last in _listed(text, start, end):
            one = _ONE.match(text, first, last)
            if one is None:
                continue
            if one["name"] is not None:
                if not _is_place(one["name"]):
                    page.fields.person(*one.span("name"))
            else:
                page.fields.couple(one.span("first"), one.span("last"))


def _is_place(name: str) -> bool:
    return bool(known("_".join(name.lower().split())) & PLACE)


def _listed(text: str, start: int, end: int) -> Iterator[Span]:
    """The addresses of a line, which `;` or `,` part; a comma within quotes does not."""
    mark = ";" if text.find(";", start, end) >= 0 else ","
    first, quoted = start, False
    for position in range(start, end):
        if text[position] == '"':
            quoted = not quoted
        elif text[position] == mark and not quoted:
            if (
                mark == ","
                and text.find("<", first, position) < 0
                and text.find("<", position, end) >= 0
                and text.find("@", first, position) < 0
            ):
                continue  # `Li, Mia <mia@…>`
            yield first, position
            first = position + 1
    yield first, end


def _parted(text: str, start: int, end: int) -> Iterator[Span]:
    while True:
        stop = text.find(";", start, end)
        yield start, end if stop < 0 else stop
        if stop < 0:
            return
        start = stop + 1
