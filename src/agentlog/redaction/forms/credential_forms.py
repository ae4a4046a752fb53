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
    prefixed: bool = False
    """It is a prefix and any characters: words may stand there instead of a key."""


def _form(needles: str, pattern: str, flags: int = 0, longest: int = 0, prefixed: bool = False) -> Form:
    """`needles`: what begins with ~ may stand within a word, all others begin with a word of their own."""
    parted = needles.lower().split()
    return Form(
        tuple(needle for needle in parted if needle[0] != "~"),
        tuple(needle[1:] for needle in parted if needle[0] == "~"),
        longest,
        re.compile(pattern, re.ASCII | flags),
        prefixed,
    )


_PLAIN: Final = tuple(
    """
    gsk_ r8_ pplx- hf_ api_org_ fw_ e2b_ csk- ghp_ gho_ ghu_ ghs_ ghr_ sk_live_ sk_test_ rk_live_ rk_test_ whsec_ npm_
    rubygems_ dop_v1_ doo_v1_ dor_v1_ nfp_ nfc_ nfo_ nfu_ nfb_ rnd_ lin_api_ lin_oauth_ ntn_
    shpat_ shpca_ shppa_ shpss_ shpua_ pul- squ_ sqp_ sqa_ bkua_ pnu_ rdme_ shippo_live_ shippo_test_ CLOJARS_ ico- sntryu_
    ls__ jina_ lip_ phc_ rpa_ unkey_ ucat_ ddp_ ddo_ ddw_ llx- essu_ napi_ aio_ zpka_ lmnt_ whsk_
    packagist_ort_ packagist_out_ packagist_acs_ packagist_ack_ AIK_CI_ os_v2_app_ os_v2_org_ waka_
    apify_api_ CCIPRJ_ cog_ crsr_ ion_ csa_ nyk_ prf_ mdb_sa_sk_ pnb_ rootly_ samsara_api_ xnd_production_
    xnd_development_
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
    vcp_ vck_ vci_ vca_ vcr_ bkps_ bkaa_ bkct_ CCDB1_ SWMTKN-1- SWMKEY-1- dnkey- mlsn. gcntfy- xoxe.xoxp- xoxe.xoxb-
    configcat-sdk-1/ configcat-proxy/ bedrock-api-key- tk-us- y0_
    xai- phx_ sbp_ tss_ vtwn_ pina_ persona_production_ persona_sandbox_ apk_ BBDC- PMAT- mercury_production_ mercury_sandbox_
    AstraCS: fio-u- snyk_uat. wrkaus- wrkeu- s-s4t2ud- s-s4t2af- secret-token:
    """.split()
)
"""What no word begins with; other characters may follow too."""


def _any_of(prefixes: tuple[str, ...]) -> str:
    return "|".join(re.escape(prefix) for prefix in sorted(prefixes, key=len, reverse=True))


_SAYING: Final = (
    r"(?<![A-Za-z0-9_])(?<![A-Za-z0-9]-)"
    r"(?:(?!(?:public|primary|foreign|cache|partition|sort|object|idempotency|page|next|sync|continuation|csrf)[_-])[A-Za-z][A-Za-z0-9]{0,15}[_-]){0,3}"
    r"(?i:sk|pat|at|sat|aat|oat|sec|secret|token|apikey|(?:api|app|application|access|secret|private|live)[_-]key|(?<![_-])key)"
    r"[_-](?:[A-Za-z0-9]{1,10}[_.-]){0,2}"
)
"""A prefix of words of which one says that a secret follows: `acme_pat_…`, `acme_secret_live_…`. An id's says what it is of."""
_MIXED: Final = r"(?=[A-Za-z]{0,9}[0-9])(?=[a-z0-9]{0,9}[A-Z])(?=[A-Z0-9]{0,9}[a-z])[A-Za-z0-9]{10}"
"""Ten letters and digits of which no word and no number is made."""
FORMS: Final = (
    _form(" ".join(_PLAIN), BEFORE + rf"(?:{_any_of(_PLAIN)})(?=[a-z]{{0,40}}[0-9A-Z])[A-Za-z0-9]{{16,512}}(?:[_-][A-Za-z0-9]{{1,512}}){{0,8}}", prefixed=True),
    _form(" ".join(_LOOSE), BEFORE + rf"(?:{_any_of(_LOOSE)})(?=[a-z_.+/=-]{{0,60}}[0-9A-Z])[\w.+/-]{{15,512}}(?<![.+/-])={{0,2}}", prefixed=True),
    _form(
        "sk_ pat_ at_ sat_ aat_ oat_ sec_ secret_ token_ apikey_ key_ sk- pat- secret- token- apikey-",
        rf"{_SAYING}(?:(?:(?=[0-9]{{0,40}}[A-Za-z])(?=(?:[A-Za-z]{{0,24}}[0-9]){{3}})|(?=[A-Za-z0-9]{{0,16}}?{_MIXED}))[A-Za-z0-9]{{16,512}}(?:[._-][A-Za-z0-9]{{1,512}}){{0,4}}|(?=[\w-]{{0,60}}?{_MIXED})[\w-]{{20,512}})(?<!-)(?!\w)",
    ),
    _form("live_ prod_ sandbox_", BEFORE + r"(?:(?:api|sk|rk|key)_)?(?:live|prod|production|sandbox)(?:_[a-z]{2})?[._]" + rf"(?=[\w=-]{{0,40}}?(?:{_MIXED}|[0-9a-f]{{32}}))[\w=-]{{20,512}}(?:\.[A-Za-z0-9]{{4,512}}){{0,4}}"),
    _form("sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_", BEFORE + r"[sr]k_(?:live|test|prod)_(?=[a-z0-9]{0,40}[A-Z])(?=[A-Z0-9]{0,40}[a-z])[A-Za-z0-9]{10,128}"),
    _form("api_live api_sandbox", BEFORE + r"api_(?:live|sandbox)(?:_[a-z]{2})?\.[\w-]{11}\.?[\w-]{0,64}"),
    _form("pscale_oauth_ pscale_pw_ pscale_tkn_", BEFORE + r"pscale_(?:oauth|pw|tkn)_(?=[A-Za-z_.=-]{0,60}[0-9])[\w=.-]{30,80}(?<![.-])"),
    _form("dvc_", BEFORE + r"dvc_(?:server|client|mobile)_(?=[a-z_-]{0,60}[0-9A-Z])[\w-]{8,64}(?<!-)"),
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
    _form("~a3t", BEFORE + r"A3T[A-Z0-9](?=[A-Z0-9]{0,15}[0-9A-Z])[A-Z0-9]{16}" + _AFTER, longest=20),
    _form("~akia ~asia ~aroa ~aida ~abia ~acca", BEFORE + r"A(?:KIA|SIA|ROA|IDA|BIA|CCA)[A-Z0-9]{16}" + _AFTER, longest=20),
    _form("~iqojb3jpz2lu ~wogzxivyxdz", BEFORE + r"(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)[A-Za-z0-9+/]{80,4000}={0,2}", longest=14),
    _form("~absk", BEFORE + r"ABSK[A-Za-z0-9+/]{100,300}={0,2}", longest=16),
    _form("~ltai ~akid", BEFORE + r"(?:LTAI[A-Za-z0-9]{12,22}|AKID[A-Za-z0-9]{32})" + _AFTER, longest=16),
    _form("~aiza", BEFORE + r"AIza[0-9A-Za-z_-]{35}", longest=8),
    _form("~1//0", BEFORE + r"1//0[0-9A-Za-z_-]{40,512}"),
    _form("~q~", r"(?<![\w~.])[\w~.]{3}[0-9]Q~[\w~.-]{31,36}"),
    _form("~azdo", BEFORE + r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}" + _AFTER, longest=84),
    _form("~dapi", BEFORE + r"dapi[0-9a-f]{32}(?:-[0-9])?" + _AFTER, longest=36),
    _form("~sk", BEFORE + r"SK(?:[0-9a-f]{32}|[0-9a-fA-F]{32})" + _AFTER, longest=34),
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
    _form("~cnvca", BEFORE + r"cnvca[\w-]{50,52}(?![\w-])", longest=8),
    _form("~eyjrijoi ~eyjtaxjv", BEFORE + r"eyJ(?:rIjoi|taXJv)[A-Za-z0-9+/_-]{30,512}={0,2}", longest=9),
    _form("~gaaaaa", BEFORE + r"gAAAAA[\w-]{60,4096}={0,2}", longest=9),
    _form("~.", BEFORE + r"[0-9a-fA-F]{32}\.(?=[A-Za-z]{0,15}[0-9])(?=[a-z0-9]{0,15}[A-Z])[\w-]{16,24}(?![\w-])", longest=32),
    _form("~-", BEFORE + r"[0-9]{1,4}-(?=[A-Za-z]{0,40}[0-9])(?=[a-z0-9]{0,40}[A-Z])[A-Za-z0-9]{64}" + _AFTER, longest=64),
    _form("pk_", BEFORE + r"pk_(?:[0-9]{6,12}_[A-Z0-9]{32}|[0-9a-f]{34})" + _AFTER),
    _form("ck_ cs_", BEFORE + r"c[ks]_[0-9a-f]{40}" + _AFTER),
    _form("rzp_live_ rzp_test_", BEFORE + r"rzp_(?:live|test)_(?=[a-z]{0,14}[0-9A-Z])[A-Za-z0-9]{14}" + _AFTER),
    _form("aact_", r"\$aact_(?:prod|hmlg)?_?(?=[A-Za-z:_-]{0,40}[0-9])[\w:-]{20,400}={0,2}"),
    _form("1000.", BEFORE + r"1000\.[0-9a-f]{32}\.[0-9a-f]{32}" + _AFTER),
    _form("pa-", BEFORE + rf"pa-(?=[\w-]{{0,32}}?{_MIXED})[\w-]{{43}}(?![\w-])"),
    _form("up_", BEFORE + rf"up_(?=[A-Za-z0-9]{{0,19}}?{_MIXED})[A-Za-z0-9]{{29}}" + _AFTER),
    _form("endr", BEFORE + r"endr\+[\w-]{16,64}"),
    _form("~bsa", BEFORE + rf"BSA(?=[\w-]{{0,18}}?{_MIXED})[\w-]{{24,36}}(?![\w-])", longest=8),
    _form("~zxlk", BEFORE + r"ZXlK(?=[A-Za-z+/]{0,40}[0-9])[A-Za-z0-9+/]{60,8192}={0,2}", longest=16),
    _form("~aqaaabaaa", BEFORE + r"AQAAABAAA[A-Za-z0-9+/]{24,4096}={0,2}", longest=12),
    _form("~ast ~acdb", r"(?<![\w+/=])[A-Za-z0-9+/]{76}(?:\+ASt|ACDb)[A-Za-z0-9+/]{6}==", longest=4),
    _form("a3-", BEFORE + r"A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}" + _AFTER),
    _form("~exo", BEFORE + rf"EXO(?=[A-Za-z0-9]{{0,14}}?(?:{_MIXED}|[0-9a-f]{{24}}))[A-Za-z0-9]{{24,44}}" + _AFTER, longest=27),
    _form("~|", BEFORE + r"[0-9]{15,16}(?:\||%7C)[\w-]{27,40}(?![\w-])", longest=15),
    _form("~gr1348941", BEFORE + r"GR1348941[\w-]{20}(?![\w-])", longest=9),
    _form("sat. pat.", BEFORE + r"[ps]at\.[\w-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}" + _AFTER),
    _form("mmk", BEFORE + r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk" + _AFTER),
    _form("xoxa- xoxr-", BEFORE + r"xox[ar]-(?:[0-9]-)?(?=[A-Za-z]{0,20}[0-9])(?=[a-z0-9]{0,20}[A-Z])[A-Za-z0-9]{8,48}(?![\w-])"),
    _form("~==:", r"(?<![\w+/=])[A-Za-z0-9+/]{22}==:[A-Za-z0-9]{32}" + _AFTER, longest=8),
    _form("duffel_test_ duffel_live_", BEFORE + r"duffel_(?:test|live)_[\w=-]{43}"),
    _form("acc_ acc-", BEFORE + r"(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[a-z0-9+/_=-]{30,120}"),
    _form("~ibaa ~ibadan", r"(?<![\w+/=])MI[IGH][A-Za-z0-9+/]{3,5}IBA(?:A[A-Za-z0-9+/]|DAN)[A-Za-z0-9+/]{60,8192}={0,2}", longest=16),
    _form("p8e-", BEFORE + r"p8e-(?=[a-z]{0,31}[0-9])[A-Za-z0-9]{32}" + _AFTER),
    _form("~akcp ~cmvmd", BEFORE + r"(?:AKCp[A-Za-z0-9]{60,80}|cmVmd[A-Za-z0-9]{55,64})" + _AFTER, longest=60),
    _form("~4b1d", BEFORE + r"4b1d(?=[0-9a-fA-F]{0,37}[G-Zg-z])[A-Za-z0-9]{38}" + _AFTER, longest=42),
    _form("~cio", BEFORE + r"cio(?=[A-Za-z]{0,31}[0-9])(?=[a-z0-9]{0,31}[A-Z])[A-Za-z0-9]{32}" + _AFTER, longest=35),
    _form("~ezak ~eztk", BEFORE + r"EZ[AT]K(?=[A-Za-z]{0,53}[0-9])[A-Za-z0-9]{54}" + _AFTER, longest=58),
    _form("~oy2", BEFORE + r"oy2(?=[a-z]{0,42}[0-9])[a-z0-9]{43}" + _AFTER, longest=46),
    _form("api-", BEFORE + r"API-(?=[A-Z]{0,25}[0-9])[A-Z0-9]{25,32}" + _AFTER),
    _form("flyv1", BEFORE + r"FlyV1 [\w+/=,-]{40,4096}"),
    _form("~eaaa", BEFORE + r"EAAA(?=[A-Za-z_-]{0,40}[0-9])[\w-]{22,60}(?![\w-])", longest=12),
    _form("aq.", BEFORE + r"AQ\.Ab[A-Za-z0-9_-]{40,80}"),
    _form("db-", BEFORE + r"db-(?=[A-Za-z]{0,28}[0-9])(?=[a-z0-9]{0,28}[A-Z])[A-Za-z0-9]{29}" + _AFTER),
    _form("t1.", BEFORE + r"t1\.[\w-]{1,512}={0,2}\.[\w-]{86}={0,2}"),
    _form("~aqvn", BEFORE + r"AQVN[\w-]{35,38}(?![\w-])", longest=8),
    _form("b.aaaaaq", BEFORE + r"b\.AAAAAQ[\w-]{80,400}"),
    _form("s.", BEFORE + r"s\.(?=[A-Za-z]{0,23}[0-9])(?=[a-z0-9]{0,23}[A-Z]|(?:[a-z]{0,8}[0-9]){3})[A-Za-z0-9]{24}(?![\w.(])"),
    _form("~!", BEFORE + r"00[A-Z][A-Za-z0-9]{12,15}![\w.-]{80,260}", longest=15),
    _form("hf_ api_org_", BEFORE + r"(?:hf|api_org)_[A-Za-z]{34}" + _AFTER),
    _form("_gitlab_session", r"_gitlab_session=([0-9a-z]{32})"),
    _form("~eyj", BEFORE + r"eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{2,8192}(?:\.[A-Za-z0-9_-]{0,4096})?", longest=9),
    _form("hooks", r"hooks\.(?:slack\.com/(?:services|workflows|triggers)|zapier\.com/hooks/catch)/([A-Za-z0-9+/]{12,160})"),
    _form("webhooks", r"discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{15,21}/([\w-]{40,90})"),
    _form("webhookb2", r"/webhookb2/([\w@/.-]{40,400})"),
    _form("bearer", BEFORE + r"bearer[ \t]{1,4}([A-Za-z0-9._~+/=-]{16,4096})", re.IGNORECASE),
    _form("authorization", BEFORE + r"(?:proxy-)?authorization[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?(?:(?:basic|bearer|digest|token|apikey|[A-Za-z][\w-]{1,24}(?=[ \t]{1,4}[\w+/=.~-]{16}))[ \t]{1,4})?+([^\s\"'<>\x00]{6,4096})", re.IGNORECASE),
    _form("cookie", r"(?<![\w-])(?:set-)?cookie:[ \t]{0,4}([\w!#$%&*+.^|~-]{1,80}=[^\r\n\"'\x00]{3,4096})", re.IGNORECASE),
    _form("~://", r"[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'<>\\]{0,80}:([^\s/@\"'<>\\]{1,160})@", re.IGNORECASE),
    _form("~://", r"://((?=[A-Za-z_-]{0,40}[0-9])[\w-]{20,200})@"),
    _form("~accountkey= ~sharedaccesskey=", r"(?:account|sharedaccess)key=([A-Za-z0-9+/]{40,100}={0,2})", re.IGNORECASE),
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
