"""Secrets by the form that their issuers gave them, and by where they stand: headers, URLs, PEM blocks.

A pattern is only tried where one of its words occurs, so that ordinary text costs a few substring searches.
What stands under a key like `password` or `api_key` is not found here but by the key.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from agentlog.redaction.entities import SECRET, Finding
from agentlog.redaction.text import words_of
from agentlog.redaction.values import empty


class _Form(NamedTuple):
    words: frozenset[str]
    """One of them must be among the text's words …"""
    needles: tuple[str, ...]
    """… or one of these must occur in it; all in lower case."""
    pattern: re.Pattern[str]
    """Its first group is the secret; the whole match where it has none."""


_BEFORE: Final = r"(?<![A-Za-z0-9])"


def _form(needles: str, pattern: str, flags: int = 0) -> _Form:
    """`needles`: what begins with ~ may stand within a word, all others begin with a word of their own."""
    words = frozenset(words_of(needle)[0] for needle in needles.split() if needle[0] != "~")
    return _Form(
        words,
        tuple(needle[1:] for needle in needles.split() if needle[0] == "~"),
        re.compile(pattern, re.ASCII | flags),
    )


FORMS: Final = (
    _form("sk-", _BEFORE + r"sk-(?:ant-|proj-|svcacct-|admin-|or-|lf-)?[A-Za-z0-9_-]{18,256}"),
    _form("ghp_ gho_ ghu_ ghs_ ghr_", _BEFORE + r"gh[pousr]_[A-Za-z0-9]{30,255}"),
    _form("github_pat_", _BEFORE + r"github_pat_[A-Za-z0-9_]{40,255}"),
    _form("glpat- gldt- glrt- glcbt- glptt-", _BEFORE + r"gl(?:pat|dt|rt|cbt|ptt)-[A-Za-z0-9_.-]{18,255}"),
    _form("~akia ~asia ~aroa ~aida", _BEFORE + r"(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _form("~aiza", _BEFORE + r"AIza[0-9A-Za-z_-]{35}"),
    _form("ya29.", _BEFORE + r"ya29\.[0-9A-Za-z_-]{20,512}"),
    _form("gocspx-", _BEFORE + r"GOCSPX-[0-9A-Za-z_-]{20,64}"),
    _form("xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xapp-", _BEFORE + r"(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,255}"),
    _form("hooks", r"hooks\.slack\.com/(?:services|workflows)/([A-Za-z0-9+/]{20,120})"),
    _form("sk_live_ sk_test_ rk_live_ rk_test_ whsec_", _BEFORE + r"(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,255}"),
    _form("hf_", _BEFORE + r"hf_[A-Za-z0-9]{30,64}(?![A-Za-z0-9])"),
    _form("npm_ pypi-", _BEFORE + r"(?:npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,512})"),
    _form("gsk_ r8_ lsv2_ tvly- pplx- xai- pat_ dop_v1_ nvapi- shpat_ sq0atp sq0csp sq0idp", _BEFORE
          + r"(?:gsk_|r8_|lsv2_(?:pt|sk)_|tvly-|pplx-|xai-|dop_v1_|nvapi-|shpat_|sq0[a-z]{3}-)[A-Za-z0-9_-]{20,255}"),
    _form("sg.", _BEFORE + r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"),
    _form("~key-", _BEFORE + r"key-[0-9a-f]{32}(?![A-Za-z0-9])"),
    _form("~eyj", _BEFORE + r"eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{2,8192}(?:\.[A-Za-z0-9_-]{0,4096})?"),
    _form("~-----begin", r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?:[A-Za-z0-9+/=:,\s\\]++|-(?!----)){0,4000}+(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----)?"),
    _form("bearer", _BEFORE + r"bearer[ \t]{1,4}([A-Za-z0-9._~+/=-]{16,4096})", re.IGNORECASE),
    _form("authorization", _BEFORE + r"(?:proxy-)?authorization[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?(?:(?:basic|bearer|digest|token|apikey)[ \t]{1,4})?+([^\s\"'<>\x00]{6,4096})", re.IGNORECASE),
    _form("cookie", r"(?:^|(?<=[\n\"']))(?:set-)?cookie:[ \t]{0,4}([^\r\n\"']{4,4096})", re.IGNORECASE | re.MULTILINE),
    _form("~-u ~--user", r"(?<=\s)(?:-u|--user)[ =]{1,2}[\"']?[\w.@-]{1,64}:([^\s\"']{3,128})"),
    _form("~://", r"[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'<>\\]{0,80}:([^\s/@\"'<>\\]{1,160})@", re.IGNORECASE),
    _form("accountkey sharedaccesskey", r"(?:account|sharedaccess)key=([A-Za-z0-9+/]{40,100}={0,2})", re.IGNORECASE),
    _form("sig signature", r"[?&](?:x-[a-z]{3,5}-signature|sig|signature)=([A-Za-z0-9%+/=_-]{16,512})", re.IGNORECASE),
)  # fmt: skip
_BASIC: Final = re.compile(_BEFORE + r"[Bb]asic[ \t]{1,2}([A-Za-z0-9+/]{8,512}={0,2})", re.ASCII)


def find_credentials(text: str, low: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """Secrets in `text`, in order; `low` is the same text in lower case, character for character, `tokens` its words.

    Two that overlap are one: a token within a cookie is part of the cookie.
    """
    start = end = 0
    for first, last in sorted(_spans(text, low, tokens)):
        if first >= end:
            if end:
                yield Finding(start, end, SECRET)
            start, end = first, last
        else:
            end = max(end, last)
    if end:
        yield Finding(start, end, SECRET)


def _spans(text: str, low: str, tokens: frozenset[str]) -> Iterator[tuple[int, int]]:
    for form in FORMS:
        if tokens.isdisjoint(form.words):
            for needle in form.needles:
                if needle in low:
                    break
            else:
                continue
        group = 1 if form.pattern.groups else 0
        for match in form.pattern.finditer(text):
            start, end = match.span(group)
            if not _placeholder(text[start:end]):
                yield start, end
    if "basic" in tokens:
        for match in _BASIC.finditer(text):
            if _credentials_in(match.group(1)):
                yield match.span(1)


def _placeholder(value: str) -> bool:
    """Code or words that name a secret instead of holding one: `${TOKEN}`, `os.environ[…]`, `<your-key>`, `xxxx`, `password`."""
    return (
        empty(value)
        or value[0] in "$<{%"
        or "environ" in value
        or "getenv" in value
        or len(set(value[-12:])) == 1
        or "..." in value
    )


def _credentials_in(value: str) -> bool:
    """Whether base64 holds `user:password`: "Basic" is an ordinary word too."""
    try:
        return b":" in base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
