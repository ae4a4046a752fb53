"""How much the words beside a possible name say for a person, or against one, as a weight.

5: a form's label or a closing announces one. 4: hardly anything but a person stands there ("spoke with …", "… said"). 3:
nearly always people do ("call …"). 2: mostly people do ("for …", "… was"). 1: the
sentence has room for one. 0: nothing is said. Less: it is more likely a thing. `NEVER`: it is one.
"""

# ruff: noqa: RUF001 - typographic quotes and dashes are what is looked for

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.wording.name_context import KIN, MODALS, begins
from agentlog.redaction.words.lists import PEOPLE

NEVER: Final = -9
"""A weight against which nothing helps."""
SURE: Final = 9
_BEFORE: Final = 64
_BEHIND: Final = 60


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# ── before a name ─────────────────────────────────────────────────────────────────────────────────────────────────

_OFFICES: Final = {
    "ceo",
    "cfo",
    "cto",
    "coo",
    "president",
    "chairman",
    "chairwoman",
    "vp",
    "founder",
    "broker",
    "deceased",
}
_ROLES: Final = "|".join(
    sorted(
        ((PEOPLE | KIN) - {"people", "profile", "individual", "staff", "personnel", "provider", "carrier"}) | _OFFICES
    )
)
_LABEL: Final = re.compile(
    rf"(?:\A|[\n;|(,>•*\t]|[.!?)] |- )[\s>*_\"']{{0,4}}(?:[a-z.-]{{1,14}} ){{0,2}}(?:(?P<way>from|to|via)|{_ROLES}|"
    r"names?|cc|bcc|signed|signature|[a-z]{2,12}(?:ed|en|nt) (?:by|to|for)|by|with|who|interviewers?|attendees|participants|hosts?|"
    r"organi[sz]ers?|speakers?|authors?|owners?|guests?|passengers?|users?|customers?|clients?|patients?|members?|agent|"
    r"action(?: item)?|todo|attn|attention|payee|beneficiary|reporters?|assignees?|reviewers?|approvers?|present|absent|regrets|"
    r"apologies|analyst|consultant|chair|secretary|decision maker|point of contact|poc)"
    r"(?:\(s\)|s)?[*_\"']{0,3} ?[:=][*_\"']{0,3} {0,3}\Z"
)
"""What a form, a header or minutes have before a person; `way`: a journey has it, too."""
_CLOSING: Final = re.compile(
    r"\b(?:regards|sincerely|best|wishes|cheers|thanks|thank you|truly|faithfully|respectfully)[,.!]?\s{0,2}\n\s{0,8}\Z"
)
_ROLE: Final = re.compile(
    rf"\b(?:{_ROLES})s?(?:,| is| was| named| called|(?: [a-z]{{2,12}}){{1,2}} (?:is|was))? [\"“]?\Z"
)
"""A role, and what leads from it to a name: "her lawyer, …", "our contact there is …"."""
_GIVEN_TO: Final = re.compile(
    r"\b(?:send|sent|forward(?:ed|ing)?|give|gave|given|hand(?:ed)?|mail(?:ed)?|address(?:ed)?|write|wrote|reply|replied|assign(?:ed)?|"
    r"refer(?:red)?|transfer(?:red)?|escalate[ds]?|issued?|cc|say|said|explain(?:ed)?|introduced?|reach(?:ed)? out|pass(?:ed)?|paid|owed?|"
    r"sold|promised|offer(?:ed)?|show(?:ed|n)?|message|happened) (?:[\w'’]{1,16} ){0,3}to \Z"
)
_FIELD: Final = re.compile(r"(?:\A|[\n•*;] ?)[ \t>-]{0,4}(?:[a-z]{2,14} ){0,2}(?P<name>[a-z]{2,14})[*_]{0,2}: {1,3}\Z")
_NOBODYS: Final = _words(
    """colour color colours colors brand brands model product products scent flavour flavor style finish size material fabric paint theme
    item items title city town station street address place location destination origin route line project song album film movie book
    game show hotel restaurant store shop school team band version variant type category status mode option options feature page section
    menu button field key plan set collection bank company firm vendor supplier park area region district note warning example"""
)
"""Fields in which there are no people."""
_MARKS: Final = re.compile(r"[#`$@/\\=<({\[|][\"*_]{0,3}\Z|[#=|] \Z")
_LAST_TWO: Final = re.compile(r"(?:(?P<two>[\w'’:/-]{1,24}) )?(?P<one>[\w'’/-]{1,24}[,.:]?) \Z")
_CAPITAL: Final = re.compile(r"[A-Z][^\W\d_]*[.]? \Z")
_CLOSED: Final = re.compile(r"(?:[—–-]|[\"”’] ?) \Z")
"""A dash, or the end of what was said."""

_TO_SOMEBODY: Final = _words(
    """ask asked asking asks tell tells telling told thank thanks thanked interviewed invite invited invites hi hi, hello hello, hey hey,
    dear married remind reminded cc cc'd cc’d attn w/ emailed e-mailed texted phoned"""
)
_CALLED_SO: Final = _words(
    """introduce introduced named interview mr mr. mrs mrs. ms ms. miss dr dr. prof prof. rev rev. professor judge senator sergeant
    officer coach pastor sir"""
)
_TALK: Final = _words(
    """speak spoke spoken speaking talk talked talking talks chat chatted chatting met meet meeting phone lunch dinner coffee appointment
    conversation married listen listened"""
)
_SHARED: Final = _words("call interview sync synced touch work worked working works live lives 1:1")
_FROM_SOMEBODY: Final = _words("call email e-mail message voicemail heard word")
_MESSAGES: Final = _words(
    """mail note letter complaint request reply response ticket feedback text question quote inquiry enquiry claim order application
    referral"""
)
_SIGNED: Final = _words("signed sent written approved reported requested")
_BELONGINGS: Final = _words(
    """account address email e-mail profile booking reservation number details care wife husband friend mother father signature departure
    death birth absence"""
)
_OF_SOMEBODY: Final = _words("according:to behalf:of loop:in looped:in looping:in")
_SUBORDINATE: Final = _words(
    "belong:to belongs:to belonged:to report:to reports:to reported:to reporting:to handed:over hand:over"
)
_LIKELY: Final = _words(
    """call called calling email emailing contact contacted contacting notify notified inform informed meet met reach reached paged pages
    text phone ping pinged hire hired fired know knows knew trust assist assisted help helped promise promised owe owed gave give offer
    offered send sent pay paid refund refunded reimburse reimbursed charge charged rebook rebooked examined treated replace replaced saw ring rang welcome welcomed"""
)
_LIKELY_PAIRS: Final = _words(
    "asking:for waiting:for waiting:on wait:for counting:on count:on rely:on relying:on depends:on ran:into bumped:into run:into"
)
_ASKED: Final = _words(
    """did does do has had is was can could would should will isn't isn’t didn't didn’t doesn't doesn’t hasn't hasn’t"""
)
_WITH: Final = _ASKED | _words(
    "for with by add added adding remove removed removes removing about regarding per re re: from under upgrade upgrading"
)
_ASKED_TO_DO: Final = _ASKED | {"have", "let"}
_CLAUSE: Final = _words(
    """to of that because when if while since after before as but although though why how where whether think thinks thought hope believe
    guess so then yesterday today monday tuesday wednesday thursday friday until unless not just also let see says said once maybe
    perhaps have are were concerns involves mentions"""
)
_OF_THINGS: Final = _words(
    """the a an this these those it its our your his their my some any every each new old best via using model class import brand
    near around across through toward towards between visit visited visiting buy bought wear wearing paint painted"""
)
_INSIDE: Final = frozenset(("in", "on", "at"))
_OPENS_LINE: Final = re.compile(r"(?:\A|\n)[ \t>*_-]{0,6}\Z")
_SPEAKS: Final = re.compile(r"[*_]{0,2}:[*_]{0,2} (?=[A-Za-z])")
FINITE: Final = re.compile(
    r"['’]s\b| (?:is|was|are|were|has|had|does|did|[a-z]{2,12}(?:ed|s)|wrote|said|told|thought|left|sent|went|came|got|and|who|from)\b| & "
)
"""Behind "Will Turner" these say that "Will" is no verb."""

# ── behind a name ─────────────────────────────────────────────────────────────────────────────────────────────────

_POSSESSIVE: Final = re.compile(r"['’]s(?! [A-Z])(?!\w)")
_OWNED: Final = re.compile(r"['’]s ([a-z-]{3,12})\b")
_OWN: Final = _words(
    "account order booking reservation ticket email e-mail phone wife husband son daughter manager boss birthday address seat laptop flight"
)
_OWN_OF_FULL_NAMES: Final = _OWN | _words(
    "number name computer request complaint message death car office desk kids parents mother father brother sister calendar"
)
_FOLLOWING: Final = re.compile(r" ([A-Za-z][a-z’'-]{0,14})(?![\w])")
_SAID: Final = _words(
    """said says told tells asked asks thinks thought wrote writes replied replies wants wanted emailed e-mailed phoned texted complained
    explained apologized apologised resigned agrees agreed disagrees disagreed"""
)
_ALSO_SAID: Final = _words(
    """who whom herself himself speaking prefers preferred hates loves loved likes liked lives lived insists insisted admitted retired died
    married flew drove walked smiled laughed shouted whispered knows knew hopes hoped believes feels felt suggested attended volunteered
    thanked forgot"""
)
_SAID_PHRASES: Final = re.compile(
    r" (?:would like|will (?:call|e-?mail|reply|be (?:late|back|there|out))|(?:is|was) (?:on (?:parental |sick |maternity )?leave|sick|upset|"
    r"angry|out of office)|(?:doesn|didn|hasn|wasn|isn)['’]t (?:want|know|think|like|sure|replied|answered|happy))\b"
)
"""None of these is said of hope, joy, faith or grace."""
_PHRASES: Final = re.compile(
    r" (?:\((?:she|he|they)/|(?:and I|(?:is|was) (?:my|our|her|his|happy|ill)|would (?:love|prefer)|was born|"
    r"will (?:pay|attend|join|come|meet|take over)|left (?:a|us|me|him|her|the (?:company|call|meeting|office)))\b)"
)
_VERBS: Final = _words(
    """needs left is was has had will would can could did does may might should must cc'd cc’d got made sent took went came paid bought rang
    spoke met brought fell found gave heard kept lost ran saw sold spent won gets works travels calls plans owns runs handles manages
    leads reports pays rents teaches takes comes goes seems looks are were quit hit put let broke began chose grew threw wore stood sat slept
    reviews approves signs sends built ate stole led lent rode won wrote dropped"""
)
_GOES_ON: Final = _words(
    """to at on in from for with by and or but as if that about again please yesterday today tomorrow tonight this last next re because so
    when while after before until since not also now then here there already just never always still we i you they it he she what how
    whether why where which whose per instead rather too either back over up out off down away home alone together later soon once
    twice more even only during through without within against across behind under like unlike than regarding both all into onto upon
    ago anyway"""
)
_QUIET: Final = _words("a an the his her my our one two")
_MARK_BEHIND: Final = re.compile(r" ?[.,;:!?)>\n—–|]| ?\Z| [-<(]|[*_]{1,2}(?:\W|\Z)")
_HE_OR_SHE: Final = re.compile(r"\b(?:[Hh]e|[Ss]he|his|her|him|hers)\b")


def around(text: str, start: int, end: int, *, capitals: bool = False) -> int:
    """The weight of all that stands around names from `start` to `end`."""
    weight = before(text, start, end, capitals=capitals)
    ahead = behind(text, end)
    if weight == NEVER or ahead == NEVER:
        return NEVER
    return weight + (max(ahead, 0) if asked(text, start) else ahead)


def before(text: str, start: int, end: int, *, capitals: bool = False) -> int:
    """The weight of what stands before a name from `start` to `end`; `capitals`: it is written in nothing else."""
    raw = text[max(0, start - _BEFORE) : start]
    low = raw.lower()
    if low[-1:] == "<" and text.startswith("> ", end):
        return 4  # who speaks in a chat
    label = _LABEL.search(low)
    if label is not None:
        return 3 if label["way"] else 5
    if _CLOSING.search(low) is not None:
        return 5
    if capitals or _MARKS.search(raw) is not None:
        return NEVER
    one, two = _last_two(low)
    if _surely(one, two) or _ROLE.search(low) is not None:
        return 4
    if one in _LIKELY or f"{two}:{one}" in _LIKELY_PAIRS or (one == "to" and _GIVEN_TO.search(low) is not None):
        return 3
    if one in _OF_THINGS:
        return NEVER
    if one in _INSIDE:
        return 0 if _POSSESSIVE.match(text, end) is not None else NEVER
    return _weakly(text, start, end, raw, low, one)


def _surely(one: str, two: str) -> bool:
    """Whether the last two words before a name are only said of people."""
    return (
        one in _TO_SOMEBODY
        or one in _CALLED_SO
        or (one in ("with", "to") and (two in _TALK or two in _SHARED))
        or (one in ("from", "by") and (two in _FROM_SOMEBODY or two in _MESSAGES))
        or (one == "by" and len(two) > 3 and two.endswith(("ed", "en")))
        or (one == "of" and two in _BELONGINGS)
        or f"{two}:{one}" in _OF_SOMEBODY
        or f"{two}:{one}" in _SUBORDINATE
    )


def _weakly(text: str, start: int, end: int, raw: str, low: str, one: str) -> int:
    """The weight of what stands before a name and says little."""
    opens = begins(text, start)
    capital = _CAPITAL.search(raw) if not opens else None
    if capital is not None and not begins(text, start - len(capital.group())):
        return NEVER
    if one in _WITH:
        return 2
    field = _FIELD.search(low)
    if field is not None:
        return 1 if field["name"] not in _NOBODYS else NEVER
    if one in _CLAUSE or _CLOSED.search(low) is not None:
        return 1
    if capital is not None:
        return NEVER
    if one.endswith("ed") and len(one) > 3:
        return 1
    if opens and _OPENS_LINE.search(raw) is not None and _SPEAKS.match(text, end) is not None:
        return 1
    if opens:
        if text[start : text.find(" ", start)].lower() not in MODALS:
            return 0
        return 1 if FINITE.match(text, end) is not None else -1
    return 0


def _last_two(low: str) -> tuple[str, str]:
    """The last word and the one before it; "" for none."""
    last = _LAST_TWO.search(low)
    return (last["one"], last["two"] or "") if last is not None else ("", "")


def told(text: str, start: int) -> bool:
    """Whether something is said to somebody, or comes from somebody, whose name begins at `start`."""
    one, two = _last_two(text[max(0, start - _BEFORE) : start].lower())
    return (
        one in _TO_SOMEBODY
        or (one in ("with", "to") and two in _TALK)
        or (one == "from" and two in _FROM_SOMEBODY)
        or (one == "by" and two in _SIGNED)
        or f"{two}:{one}" in _OF_SOMEBODY
    )


def asked(text: str, start: int) -> bool:
    """Whether a verb before a name leaves the one behind it as it is: "does Grace Miller fly", "have Grace Miller call"."""
    return _last_two(text[max(0, start - 24) : start].lower())[0] in _ASKED_TO_DO


def after_capital(text: str, start: int, *, opens: bool) -> bool:
    """Whether a word with a capital letter stands right before, at the beginning of a sentence too if not `opens`."""
    capital = _CAPITAL.search(text[max(0, start - 32) : start]) if not begins(text, start) else None
    return capital is not None and not (opens and begins(text, start - len(capital.group())))


def behind(text: str, end: int) -> int:
    """The weight of what stands behind a name that ends at `end`."""
    if (
        text[end : end + 1] == " "
        and text[end + 1 : end + 2].isupper()
        and not text.startswith((" I ", " I'", " I’", " Said "), end)
    ):
        return NEVER
    weight = following(text, end)
    return weight + 2 if weight > 0 and he_or_she(text, end) else weight


def following(text: str, end: int) -> int:
    """The weight of the words right behind a name."""
    match = _FOLLOWING.match(text, end)
    word = match.group(1) if match is not None else ""
    if word in _ALSO_SAID or said(text, end) or _PHRASES.match(text, end) is not None:
        return 4
    owned = _OWNED.match(text, end)
    if owned is not None and owned.group(1) in _OWN_OF_FULL_NAMES:
        return 4
    if word in _VERBS or word.endswith(("ed", "n't", "n’t")) or _POSSESSIVE.match(text, end) is not None:
        return 2
    if word in _GOES_ON or _MARK_BEHIND.match(text, end) is not None or word == "I":
        return 1
    return 0 if word in _QUIET or word.endswith("ly") or text[end + 1 : end + 2] in "$£€0123456789" else -2


def said(text: str, end: int) -> bool:
    """Whether something is said by somebody whose name ends at `end`, or is only said of people."""
    match = _FOLLOWING.match(text, end)
    if match is not None and match.group(1).lower() in _SAID:
        return True
    owned = _OWNED.match(text, end)
    return (owned is not None and owned.group(1) in _OWN) or _SAID_PHRASES.match(text, end) is not None


def he_or_she(text: str, end: int) -> bool:
    """Whether the line goes on about a man or a woman soon."""
    return _HE_OR_SHE.search(text[end : end + _BEHIND].partition("\n")[0]) is not None
