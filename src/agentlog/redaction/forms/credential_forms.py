"""The forms that issuers gave to their keys and tokens: prefixes, alphabets, lengths; and where a form alone says enough.

Each form has needles, so that ordinary text costs a look at its words and a few substring searches. Patterns are bounded
and begin where no letter or digit stands before.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from agentlog.redaction.words.text import words_of

BEFORE: Final = r"(?<![A-Za-z0-9])"
"""Nothing of a word stands before."""
_AFTER: Final = r"(?![A-Za-z0-9])"
_UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


_THREE: Final = r"[I-Za-f][C-HS-Xi-nyz0-3][ABEFIJMNQRUVYZcdghklopstwx014589]"
_OF_ASCII: Final = rf"(?:{_THREE}[A-Za-z0-9+/]){{3,200}}(?:{_THREE}={{0,1}}|[I-Za-f][AQgwC-HS-Xi-nyz0-3]={{0,2}})?"
"""Base64 of printable characters."""


class Form(NamedTuple):
    """One pattern, and when it is worth trying."""

    words: tuple[str, ...]
    """One of them must occur in the text, its first word as a word …"""
    needles: tuple[str, ...]
    """… or one of these, anywhere in it; all in lower case."""
    longest: int
    """For the needles the text must have a word of that many letters and digits."""
    pattern: re.Pattern[str]
    """Its first group is the secret; the whole match where it has none."""


def _form(needles: str, pattern: str, flags: int = 0, longest: int = 0) -> Form:
    """`needles`: what begins with ~ may stand within a word, all others begin with a word of their own."""
    parted = needles.lower().split()
    return Form(
        tuple(needle for needle in parted if needle[0] != "~"),
        tuple(needle[1:] for needle in parted if needle[0] == "~"),
        longest,
        re.compile(pattern, re.ASCII | flags),
    )


_PLAIN: Final = tuple(
    """
    gsk_ r8_ pplx- xai- hf_ api_org_ fw_ e2b_ csk- ghp_ gho_ ghu_ ghs_ ghr_ sk_live_ sk_test_ rk_live_ rk_test_ whsec_ npm_
    rubygems_ dop_v1_ doo_v1_ dor_v1_ vcp_ vck_ vci_ vca_ vcr_ nfp_ nfc_ nfo_ nfu_ nfb_ rnd_ sbp_ lin_api_ lin_oauth_ ntn_
    shpat_ shpca_ shppa_ shpss_ shpua_ pul- squ_ sqp_ sqa_ bkua_ pnu_ rdme_ shippo_live_ shippo_test_ phx_ CLOJARS_ ico- sntryu_
    ls__ jina_
    """.split()
)
"""What no word begins with; letters and digits follow."""
_LOOSE: Final = tuple(
    """
    sk-ant- sk-proj- sk-svcacct- sk-admin- sk-or- sk-lf- sk- lsv2_ tvly- nvapi- pcsk_ tgp_v1_ wandb_v1_ ctx7sk- github_pat_
    glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct- xoxa- xoxb- xoxc- xoxd- xoxe- xoxo- xoxp-
    xoxr- xoxs- xapp- pypi- dckr_pat_ dckr_oat_ xkeysib- xsmtpsib- cfut_ cfat_ cfk_ HRKU- fo1_ fm1a_ fm1r_ fm2_ sb_secret_
    pscale_tkn_ pscale_oauth_ pscale_pw_ NRAK- NRII- NRRA- NRIQ- NRJS- sntrys_ sntrya_ glsa_ glc_ figd_ PMAK- sq0atp- sq0csp-
    sq0idp- hvs. hvb. hvr. ops_eyJ GOCSPX- ya29. tskey- CCIPAT_ CFPAT- tfp_ duffel_live_ duffel_test_ FLWSECK sgp_ APP_USR- hf_oauth_
    """.split()
)
"""What no word begins with; other characters may follow too."""


def _any_of(prefixes: tuple[str, ...]) -> str:
    return "|".join(re.escape(prefix) for prefix in sorted(prefixes, key=len, reverse=True))


FORMS: Final = (
    _form(" ".join(_PLAIN), BEFORE + rf"(?:{_any_of(_PLAIN)})(?=[a-z]{{0,40}}[0-9A-Z])[A-Za-z0-9]{{16,512}}"),
    _form(" ".join(_LOOSE), BEFORE + rf"(?:{_any_of(_LOOSE)})(?=[a-z_.+/=-]{{0,60}}[0-9A-Z])[\w.+/-]{{15,512}}(?<![.+/-])={{0,2}}"),
    _form("fc-", BEFORE + r"fc-[0-9a-f]{32}" + _AFTER),
    _form("sk_", BEFORE + r"sk_[0-9a-f]{48}" + _AFTER),
    _form("re_", BEFORE + r"re_(?=\w{0,30}[0-9A-Z])[A-Za-z0-9]{7,10}_[A-Za-z0-9]{20,32}(?!\w)"),
    _form("secret_", BEFORE + r"secret_(?=[a-z]{0,40}[0-9A-Z])[A-Za-z0-9]{43}(?!\w)"),
    _form("dp.", BEFORE + r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,40}\.)?[A-Za-z0-9]{40,44}" + _AFTER),
    _form("sg.", BEFORE + r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"),
    _form("atlasv1", BEFORE + r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{50,80}"),
    _form("pat-", BEFORE + rf"pat-[a-z]{{2,4}}[0-9]-{_UUID}"),
    _form("~access-sandbox- ~access-production- ~access-development-", BEFORE + rf"access-[a-z]{{7,11}}-{_UUID}", longest=12),
    _form("~access_token$", r"access_token\$[a-z]{4,12}\$[0-9a-z]{16}\$[0-9a-f]{32}"),
    _form("~akia ~asia ~aroa ~aida ~abia ~acca", BEFORE + r"A(?:KIA|SIA|ROA|IDA|BIA|CCA)[A-Z0-9]{16}" + _AFTER, longest=20),
    _form("~iqojb3jpz2lu ~wogzxivyxdz", BEFORE + r"(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)[A-Za-z0-9+/]{80,4000}={0,2}", longest=14),
    _form("~absk", BEFORE + r"ABSK[A-Za-z0-9+/]{100,300}={0,2}", longest=16),
    _form("~ltai ~akid", BEFORE + r"(?:LTAI[A-Za-z0-9]{12,22}|AKID[A-Za-z0-9]{32})" + _AFTER, longest=16),
    _form("~aiza", BEFORE + r"AIza[0-9A-Za-z_-]{35}", longest=8),
    _form("~1//0", BEFORE + r"1//0[0-9A-Za-z_-]{40,512}"),
    _form("~q~", r"(?<![\w~.])[\w~.]{3}[0-9]Q~[\w~.-]{31,36}"),
    _form("~azdo", BEFORE + r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}" + _AFTER, longest=84),
    _form("~dapi", BEFORE + r"dapi[0-9a-f]{32}(?:-[0-9])?" + _AFTER, longest=36),
    _form("~sk", BEFORE + r"SK[0-9a-f]{32}" + _AFTER, longest=34),
    _form("~key-", BEFORE + r"key-[0-9a-f]{32}" + _AFTER, longest=32),
    _form("~-", BEFORE + r"[0-9a-f]{32}-(?:us[0-9]{1,2}|[0-9a-f]{8}-[0-9a-f]{8})(?![A-Za-z0-9-])", longest=32),
    _form("~nral", BEFORE + r"[0-9a-f]{36}NRAL" + _AFTER, longest=40),
    _form("~pat", BEFORE + r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}" + _AFTER, longest=64),
    _form("~eaa", r"(?<![\w+/-])EAA[A-Z](?=[\w-]{0,40}[0-9])[\w-]{50,400}", longest=12),
    _form("~atatt3 ~atctt3 ~atbb", BEFORE + r"(?:AT[AC]TT3[\w=-]{60,260}|ATBB[A-Za-z0-9]{28,40}" + _AFTER + ")", longest=12),
    _form("~dt0", BEFORE + r"dt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}", longest=24),
    _form("~v1.0-", BEFORE + r"v1\.0-[0-9a-f]{24}-[0-9a-f]{100,200}", longest=60),
    _form("~sha256~", r"sha256~[\w-]{43}"),
    _form("~age-secret-key-", BEFORE + r"AGE-SECRET-KEY-1[A-Z0-9]{50,70}", longest=50),
    _form("~:aa", BEFORE + r"[0-9]{8,11}:AA[\w-]{32,34}(?![\w-])", longest=8),
    _form("~.", BEFORE + r"[MNO][A-Za-z0-9]{22,28}\.[\w-]{6}\.[\w-]{27,45}(?![\w-])", longest=23),
    _form("~eyj", BEFORE + r"eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{2,8192}(?:\.[A-Za-z0-9_-]{0,4096})?", longest=9),
    _form("hooks", r"hooks\.(?:slack\.com/(?:services|workflows|triggers)|zapier\.com/hooks/catch)/([A-Za-z0-9+/]{12,160})"),
    _form("webhooks", r"discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{15,21}/([\w-]{40,90})"),
    _form("webhookb2", r"/webhookb2/([\w@/.-]{40,400})"),
    _form("bearer", BEFORE + r"bearer[ \t]{1,4}([A-Za-z0-9._~+/=-]{16,4096})", re.IGNORECASE),
    _form("authorization", BEFORE + r"(?:proxy-)?authorization[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?(?:(?:basic|bearer|digest|token|apikey)[ \t]{1,4})?+([^\s\"'<>\x00]{6,4096})", re.IGNORECASE),
    _form("cookie", r"(?<![\w-])(?:set-)?cookie:[ \t]{0,4}([\w!#$%&*+.^|~-]{1,80}=[^\r\n\"'\x00]{3,4096})", re.IGNORECASE),
    _form("~://", r"[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'<>\\]{0,80}:([^\s/@\"'<>\\]{1,160})@", re.IGNORECASE),
    _form("~://", r"://((?=[A-Za-z_-]{0,40}[0-9])[\w-]{20,200})@"),
    _form("accountkey sharedaccesskey", r"(?:account|sharedaccess)key=([A-Za-z0-9+/]{40,100}={0,2})", re.IGNORECASE),
    _form("password pwd", r";[ ]?(?:password|pwd)[ ]?=[ ]?([^;\r\n\"'\x00]{1,128})", re.IGNORECASE),
    _form("~?sig ~&sig ~-signature= ~-security-token=", r"[?&;](?:x-[a-z]{3,5}-(?:signature|security-token)|sig|signature)=([A-Za-z0-9%+/=_-]{16,2048})", re.IGNORECASE),
    _form("~key= ~token= ~auth= ~jwt= ~code=", r"[?&#](?:api|access|id|refresh|auth|app|subscription|client|session|reset|invite|magic)?[_-]?(?:key|token|auth|jwt|code)=((?=[A-Za-z%_.-]{0,80}[0-9])[\w%.~+/-]{16,4096})", re.IGNORECASE),
    _form("curl", r"(?<=\s)(?:-b|--cookie)[ =]{1,2}[\"']?([\w!#$%&*+.^|~-]{1,80}=[^\r\n\"']{3,4096})"),
    _form("~-u ~--user ~--proxy-user", r"(?<=\s)(?:-u|--(?:proxy-)?user)[ =]{1,2}[\"']?[\w.@-]{1,64}:([^\s\"']{3,128})"),
    _form("sshpass", BEFORE + r"sshpass[ \t]{1,4}-p[ \t]{0,2}[\"']?([^\s\"']{3,128})"),
    _form("mysql mysqldump mysqladmin mariadb", BEFORE + r"(?:mysql|mysqldump|mysqladmin|mariadb)[ \t][^\r\n|;&]{0,120}?[ \t]-p[\"']?([^\s\"'|;&]{3,128})"),
    _form("docker podman helm", BEFORE + r"(?:docker|podman|helm|registry)[ \t]{1,4}login[ \t][^\r\n|;&]{0,120}?[ \t](?:-p|--password)[ =]{1,2}[\"']?([^\s\"'|;&]{3,256})"),
    _form("redis", BEFORE + r"redis-cli[ \t][^\r\n|;&]{0,120}?[ \t]-a[ \t]{1,2}[\"']?([^\s\"'|;&]{3,256})"),
    _form("2a$ 2b$ 2y$", r"\$2[aby]\$[0-9]{2}\$[A-Za-z0-9./]{53}"),
    _form("1$ 5$ 6$ 8$ 9$ y$ apr1$", r"\$(?:[15689y]|apr1)\$(?:rounds=[0-9]{1,9}\$)?[A-Za-z0-9./]{1,64}\$(?:[A-Za-z0-9./]{1,16}\$)?[A-Za-z0-9./]{22,86}(?![A-Za-z0-9./])"),
    _form("argon2id$ argon2i$ argon2d$", r"\$argon2(?:id|i|d)\$v=[0-9]{1,4}\$[a-z0-9=,]{5,60}\$[A-Za-z0-9+/]{8,120}\$[A-Za-z0-9+/]{16,200}"),
    _form("pbkdf2", r"pbkdf2(?:_|:)sha[0-9]{1,3}(?:\$|:)[0-9]{3,8}\$[\w.+/-]{4,80}\$[A-Za-z0-9+/]{20,200}={0,2}"),
    _form("auth", r"(?<![A-Za-z])_?auth[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?(" + _OF_ASCII + r")(?![\w+/=(.-])"),
    _form("authtoken", r":_authToken(?:[ \t]{0,2}=[ \t]{0,2}|[ \t]{1,4})[\"']?([\w+=.~-]{8,512})"),
    _form("ansible_vault", r"\$ANSIBLE_VAULT;[0-9.]{3,5};AES[0-9]{0,4}(?:;[\w.-]{1,60})?(?:(?:\r?\n|\\{1,4}n)[ \t>]{0,40}[0-9a-f]{8,160}(?![0-9a-z])){1,8000}+"),
    _form("enc[aes256_gcm enc[pkcs7 enc[kms enc[gpg", r"ENC\[(?:AES256_GCM|PKCS7|KMS|GPG),[^\s\"'\]]{8,8192}\]"),
    _form("~/t/", r"/t/([a-z]{2}-[0-9a-f-]{12,64})(?=/)"),
    _form("rtmp rtmps", r"rtmps?://[^\s\"'/]{1,120}/[\w.-]{1,60}/([\w-]{12,80})", re.IGNORECASE),
    _form("wifi:", r"WIFI:(?:[A-OQ-Z]:[^;\n]{0,64};){1,5}P:([^;\r\n\"']{1,128});"),
    _form("passin passout", r"-pass(?:in|out)[ \t]{1,4}[\"']?pass:([^\s\"']{3,128})"),
)  # fmt: skip
BY_WORD: Final[dict[str, list[tuple[str, Form]]]] = {}
"""Word → needles that begin with it, each with the form that is tried where it occurs in a text, in lower case."""
for _one in FORMS:
    for _needle in _one.words:
        BY_WORD.setdefault(words_of(_needle)[0], []).append((_needle, _one))
WORDS: Final = frozenset(BY_WORD)
_SIGNS: Final = "=~$/?&-"


def _groups() -> dict[tuple[int, str], list[tuple[str, Form]]]:
    groups: dict[tuple[int, str], list[tuple[str, Form]]] = {}
    for form in FORMS:
        for needle in form.needles:
            sign = next((sign for sign in _SIGNS if sign in needle), "")
            groups.setdefault((form.longest, sign), []).append((needle, form))
    return groups


WITHIN: Final = tuple((longest, sign, tuple(needles)) for (longest, sign), needles in sorted(_groups().items()))
"""Needles that may stand within words, in groups that need a word of that length and a text with that sign; short words first."""

BEGUN: Final = re.compile(
    BEFORE + rf"(?:{_any_of(_PLAIN + _LOOSE)}|AKIA|ASIA|AIza|SG\.|eyJ)[\w.+/-]{{0,60}}\Z", re.ASCII
)
"""A text that ends with the beginning of such a token."""
BEGUN_WITH: Final[dict[str, list[str]]] = {}
"""What the tokens begin with that go on over lines, in lower case, by its first word."""
for _start in (*_PLAIN, *_LOOSE, "SG."):
    BEGUN_WITH.setdefault(words_of(_start.lower())[0], []).append(_start.lower())
BEGUN_WITHIN: Final = ("akia", "asia", "aroa", "aida", "aiza", "eyj", "absk", "ltai", "dapi")
"""The same for tokens whose first word goes on behind it."""
