"""Secrets by what is said of them: one-time codes, passwords in a sentence, a name and its value side by side.

What stands behind a colon or an equals sign is judged elsewhere, by the word rules of keys; here is what they do not reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import SECRET, Finding
from agentlog.redaction.forms.credentials import random_like
from agentlog.redaction.keys.rules import rule_of
from agentlog.redaction.keys.values import empty, judged, reference
from agentlog.redaction.words.name_table import is_word
from agentlog.redaction.words.text import longest, occurrences

_CODE: Final = r"(?<![\w./-])((?:[A-Z]-)?[0-9]{4,8}|[0-9]{3}[ -][0-9]{3,4})(?![\w/]|[.,-][0-9])"
_SIX: Final = r"(?<![\w.#/-])((?:[A-Z]-)?[0-9]{6,8}|[0-9]{3}[ -][0-9]{3})(?![\w/]|[.,-][0-9])"
_FIVE: Final = r"(?<![\w./-])((?:[A-Z]-)?[0-9]{5,8}|[0-9]{3}[ -][0-9]{3})(?![\w/]|[.,-][0-9])"
_TIGHT: Final = r"(?:[ \t]{0,3}(?:is|are|was|=|:|-))?[ \t]{0,3}[\"'`*(<#]{0,3}"
_KIND: Final = (
    r"(?:verification|security|log-?[ ]?in|sign-?[ ]?in|one[- ]time|otp|2fa|mfa|two[- ](?:factor|step)|auth(?:entication|enticator)?"
    r"|access|sms|lock[ -]?box|gate|door|entry|alarm|garage|keypad|key[ -]?safe|gate[ -]entry|building|[0-9][- ]digit|recovery|backup|activation|unlock|disarm|passcode)"
)
_NOT_SECRET: Final = frozenset(
    """area zip postal post country dialing error status exit return response http reason promo promotion discount coupon
    voucher gift order booking reservation confirmation tracking reference invoice product item source dress color colour
    bar qr language currency airport airline flight fare tax vat sort swift bank branch department project room store
    event ticket seat""".split()
)
"""Codes that identify or describe something: "your booking code", "the error code"."""
_ONE_TIME: Final = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        rf"(?<!\w){_KIND}[ -]?(?:code|passcode|password|pin|token)s?{_TIGHT}{_CODE}",
        rf"(?<!\w){_KIND}[ -]?(?:code|passcode|password|pin|token)s?[^0-9\n.!?;#$]{{1,40}}?{_SIX}",
        rf"(?<!\w)(?:otp|totp|passcode|pin)(?:[ -](?:code|number))?{_TIGHT}{_CODE}",
        rf"(?<!\w)pin(?:[ ](?:code|number))?[ ](?:for|of|to|on)[ ][\w' -]{{1,40}}?(?:[ ](?:is|was)[ ]|:[ ]?){_CODE}",
        rf"(?<!\w)(?:the|this|that|new|latest|got)[ \t]code{_TIGHT}{_SIX}",
    )
)
_COMBINATION: Final = re.compile(
    r"(?<!\w)(?:safe|vault|lock|locker|padlock|strongbox|suitcase)(?:'s)?[ ](?:combination|combo)[^0-9\n]{0,24}([0-9]{1,2}(?:[ -]{1,3}[0-9]{1,2}){2,3}|[0-9]{3,6})(?![\w-])",
    re.ASCII | re.IGNORECASE,
)
_RECOVERY: Final = re.compile(
    r"(?<!\w)(?:recovery|backup|emergency|rescue|scratch)[ ](?:codes?|keys?)(?!\w)[^A-Za-z0-9\n]{0,8}(?:(?:is|are)[ :]{1,3})?\s{0,40}"
    r"((?:[A-Z0-9]{4,8}|[a-z0-9]{4,8})(?:-(?:[A-Z0-9]{4,8}|[a-z0-9]{4,8})){1,9}(?:[,;\s]{1,8}[A-Za-z0-9]{4,8}(?:-[A-Za-z0-9]{4,8}){1,9}){0,20})(?![\w-])",
    re.ASCII | re.IGNORECASE,
)
_CODED_GROUP: Final = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+")
_DOING: Final = "sign|log|verify|confirm|continue|authenticate|finish|complete|reset"
_TO_SIGN_IN: Final = re.compile(
    rf"(?<!\w)(?:enter|type|use|text|reply|send|with)[ \t]{{1,2}}[\"'`*]{{0,2}}{_SIX}[\"'`*]{{0,2}} (?:to|for) (?:{_DOING})",
    re.ASCII | re.IGNORECASE,
)
_TO_DO: Final = frozenset(_DOING.split("|"))
_SIGNING_IN: Final = re.compile(rf"[0-9][\"'`*]{{0,2}} (?:to|for) (?:{_DOING})")
"""What is necessary for it, and begins so that it is found quickly; in small letters."""
_WITHHELD: Final = re.compile(
    rf"(?<!\w)code(?!\w)[^0-9\n(.;]{{0,24}}{_FIVE}|{_FIVE}[^0-9\n(.;]{{1,24}}(?<!\w)code(?!\w)",
    re.ASCII | re.IGNORECASE,
)
_WITHHOLD: Final = (
    "not share",
    "n't share",
    "never share",
    "valid for",
    "expires in",
    "never ask",
    "didn't request",
    "did not request",
)
"""What is said beside a code that is for one person and a few minutes."""
_OTHER_CODES: Final = re.compile(
    r"(?<!\w)(?:error|errors|status|exit|http|returned?|fail\w{0,5}|product|item|article|promo\w{0,6}|discount|coupon|voucher|gift|tracking|booking"
    r"|reservation|confirmation|reference|order|invoice|zip|postal|post|area|country|sku|tax|sort|swift|bank|source|dress|colou?r|currency)(?!\w)",
    re.ASCII | re.IGNORECASE,
)
_YOUR_CODE: Final = re.compile(
    rf"(?<!\w)(?:your|my)[ \t]((?:[\w'-]{{1,24}}[ \t]){{0,3}})code{_TIGHT}{_CODE}", re.ASCII | re.IGNORECASE
)
_IS_YOUR: Final = re.compile(
    rf"{_CODE}[\"'`*]{{0,2}}[ \t](?:is|as)[ \t](?:your|my|the)[ \t]((?:[\w'-]{{1,24}}[ \t]){{0,4}})(?:code|passcode|password|pin|otp)(?!\w)",
    re.ASCII | re.IGNORECASE,
)
_HAN: Final = re.compile(r"(?:验证码|驗證碼|校验码|动态码)[^0-9\n]{0,8}([0-9]{4,8})(?![0-9])")
_CODES_ABROAD: Final = re.compile(
    r"(?<!\w)(?:(?:bestätigungs|sicherheits|verifizierungs|einmal|anmelde|freischalt|zugangs)-?(?:code|kennwort|passwort|pin)s?|(?:mobile|sms|push|i|e)?tan|"
    r"code (?:de |d['\u2019])(?:vérification|sécurité|confirmation|connexion|validation|accès)|code à usage unique|"
    r"c[oó]digo (?:de |d['\u2019])(?:verificaci[oó]n|seguridad|confirmaci[oó]n|acceso|verifica[cç][aã]o|segurança|confirmação|acesso)|"
    r"(?:su|seu|tu|teu|o seu) c[oó]digo)"
    r"(?:[ ]{0,2}(?:ist|lautet|est|es|é|:|=|-|\(sms\))){0,2}[ ]{0,2}[\"'`*«„]{0,2}([0-9]{4,8}|[0-9]{3}[ -][0-9]{3})(?![\w/]|[.,-][0-9])",
    re.IGNORECASE,
)
_COMPOUND: Final = re.compile("scode|malcode|ldecode|ltcode|malpasswort|malkennwort|mal-?pin")
_KANA_CODE: Final = re.compile(
    r"(?:認証|確認|検証|セキュリティ|ワンタイム)(?:コード|番号|パスワード)[^0-9\n]{0,8}([0-9]{4,8})(?![0-9])"
)
_WORDS_ABROAD: Final = frozenset("tan mobiletan smstan itan etan pushtan code codes codigo código".split())
_ABOUT_CODES: Final = frozenset("code codes otp totp passcode pin password 2fa mfa".split())
_ABOUT_PASSWORDS: Final = frozenset("password passwd passphrase passcode pass pwd pw".split())
_LATER_WORDS: Final = _ABOUT_PASSWORDS - {"pass"}
_PASSWORDS: Final = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        r"(?<![\w.-])(?:password|passphrase|passcode|pass|pwd|pw)[ \t]{1,2}[\"'`]?([^\s\"'`]{6,64})",
        r"(?<![\w.-])(?:password|passphrase|passcode|pwd)[ \t]{0,2}(?:is[ \t]?)?[:=][ \t]{0,4}\r?\n[ \t>]{0,12}[\"'`]?([^\s\"'`]{6,128})[\"'`]?[ \t]{0,8}(?:[\r\n]|\Z)",
    )
)
_SAID_BEFORE: Final = re.compile(
    r"(?<=\S)[ \t](?:(as)[ \t](?:(?:the|my|your|its|his|her|our)[ \t])?(?:password|passphrase|passcode)"
    r"|is[ \t](?:the|my|our|your|his|her)[ \t](?:[A-Za-z-]{1,16}[ \t]){0,2}(?:password|passphrase|passcode|passwd))(?!\w)",
    re.ASCII | re.IGNORECASE,
)
"""Right behind the password: `… as the password`, `… is my wifi password`."""
_QUOTES: Final = re.compile("[\"'`]")
_LONGEST_PASSWORD: Final = 512
_SAID_LATER: Final = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?![\w\"'`=:(])[^\n\"“”=:()]{1,60}[\"“]([^\s\"“”]{6,40})[\"”]",
        r"(?![\w\"'`=:(])[^\n\"'=:().]{1,40}? is(?: now)? [\"'`]?([^\s\"'`]{6,64})",
    )
)
"""Behind "password": `… so I typed "…"`, `… was reset, the new one is …`."""
_STRONG: Final = re.compile(
    r"(?=[^\d]{0,64}[0-9])(?=.{0,64}[A-Za-z])(?=.{0,64}[^A-Za-z0-9_.,:/()-]|[^A-Z]{0,64}[A-Z])(?!.{0,64}(?:://|\()).*",
    re.ASCII,
)
_VALUE: Final = r"(?=([^\s\"'`<>|,;(){}\[\]\\]{8,200}))"
"""Looked at, not taken: it may be the key of what comes next."""
_WHOLE_VALUE: Final = re.compile(r"[^\s\"'`<>|,;(){}\[\]\\]{8,4096}", re.ASCII)
_NEXT_TO: Final = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?<![A-Za-z])(?:name|key|variable|header)[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?([A-Za-z][\w.-]{2,60})[\"']?,?\s{1,40}[\"']?value[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?([^\s\"'<>,]{4,2048})",
        r"[\"']([A-Za-z][\w.-]{2,60})[\"'][ \t]{0,2}\][ \t]{0,4}=[ \t]{0,4}[\"']([^\s\"'<>]{6,2048})[\"']",
    )
)
"""`name: API_KEY` and `value: …` below it; `os.environ["API_KEY"] = "…"`: the key alone decides."""
_NEAR: Final = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        r"(?<![\w.$])-{0,2}([a-z][a-z0-9]{0,30}(?:[_.-][a-z0-9]{1,30}){1,6}|password|apikey|token|secret)[\"'`]?[ \t]{0,8}(?:[|>,=:(]|(?<=[ \t]))[ \t]{0,8}[\"'`]?"
        + _VALUE,
        r"(?<!\w)(api[ -]?key|access key|secret key|auth token|access token|api token)(?: (?:provided|given|used|found|supplied|received|value|string|was|is|of|called)){0,2}[ \t]{0,2}[: =][ \t]{0,2}[\"'`]?"
        + _VALUE,
    )
)
"""`set API_KEY …`, `--api-key …`, `| API_KEY | … |`, `API_KEY,…`, "the API key provided: …": the value must look like one too."""
_OF_SERVICE: Final = re.compile(
    r"(?<![\w$.-])((?:[A-Za-z][A-Za-z0-9]{0,24}[_-]){0,2}[A-Za-z][A-Za-z0-9.]{0,24}?)(?:(?i:[ _-]api)?(?i:[ _-](key|token|secret))|(?:Api)?(Key|Token)|(?<=[A-Z0-9]{3})(KEY|TOKEN))(?!\w)[\"']?"
    r"(?:[ ](?:is|was|value|string)){0,2}[ \t]{0,2}(?::{1,3}=|[?.+]{1,2}=|=>|[:=\u2013-])?[ \t]{0,2}[\"'`(]?"
    r"(?!-)(?=[A-Za-z_./+-]{0,60}[0-9]|[a-z_./+-]{0,60}[A-Z])([\w./+=~-]{15,512})(?![\w(])",
    re.ASCII,
)
"""`datadog key = '…'`, "the mistral token …", `slackKey: …`: whose it is, instead of what it opens."""
_RUNS: Final = re.compile("[A-Za-z0-9]{8,}")
_PIECES: Final = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_HEXADECIMAL: Final = re.compile(r"[0-9a-f]{16,128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_OF_DATA: Final = frozenset(
    """public pub primary foreign partition sort range cache object idempotency dedup deduplication map dict row shard hash
    bucket page next sync continuation pagination cursor routing composite natural surrogate registry translation issue
    config lookup index unique hot storage blob s3 json yaml item record entity node message event csrf xsrf image file
    commit build query search tracking order request response trace span run job task thread conversation chat group
    column table field property attribute metric tag label kms product licence resume session secondary alternate same
    this that each every a an no one other another previous last first second old wrong correct matching
    corresponding given following answer return arrow enter escape tab shift control ctrl alt home end del delete and or
    with of for is was has by from in to on as at if not""".split()
)
"""Keys and tokens that say where data lies, and words that say nothing of whose a key is."""
_NEXT_PARAMETER: Final = re.compile(r"&(?:amp;)?[A-Za-z_][\w.-]{0,60}(?:%5B\w{0,20}%5D)?=", re.ASCII)
"""Where a value ends that is a parameter of a URL."""
_LINKS: Final = ("http://", "https://")
_NAMED: Final = frozenset(
    "password passwd pwd passphrase secret secrets token key keys apikey auth authorization credential credentials cookie".split()
)
_OWNED: Final = frozenset(("key", "token", "secret"))
_ABOUT: Final = _ABOUT_CODES | _ABOUT_PASSWORDS | _NAMED


def find_secret_cues(text: str, low: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """Secrets by the words around them; `low` is `text` in lower case, character for character, `tokens` its words."""
    if "码" in tokens or "碼" in tokens:
        yield from (Finding(*match.span(1), SECRET) for match in _HAN.finditer(text))
    if "証" in tokens or "認" in tokens or "ワ" in tokens or "セ" in tokens:
        yield from (Finding(*match.span(1), SECRET) for match in _KANA_CODE.finditer(text))
    if not tokens.isdisjoint(_WORDS_ABROAD) or (("code" in low or "mal" in low) and _COMPOUND.search(low) is not None):
        yield from (Finding(*match.span(1), SECRET) for match in _CODES_ABROAD.finditer(text))
    if not tokens.isdisjoint(_TO_DO) and _SIGNING_IN.search(low) is not None:
        yield from (Finding(*match.span(1), SECRET) for match in _TO_SIGN_IN.finditer(text))
    if "combination" in tokens or "combo" in tokens:
        yield from (Finding(*match.span(1), SECRET) for match in _COMBINATION.finditer(text))
    if "Key" in text or "Token" in text or "KEY" in text or "TOKEN" in text or not tokens.isdisjoint(_OWNED):
        yield from _of_service(text) if longest(tokens) >= 8 else ()
    if tokens.isdisjoint(_ABOUT):
        return
    if not tokens.isdisjoint(_ABOUT_CODES):
        yield from _codes(text, low)
    if not tokens.isdisjoint(_ABOUT_PASSWORDS):
        for pattern in _PASSWORDS:
            yield from filter(None, map(_password, pattern.finditer(text)))
        yield from filter(None, (_before(text, match) for match in _SAID_BEFORE.finditer(text)))
        for word in tokens & _LATER_WORDS:
            for at in occurrences(low, word):
                for pattern in _SAID_LATER:
                    match = pattern.match(text, at + len(word))
                    found = _password(match) if match is not None else None
                    if found is not None:
                        yield found
    if not tokens.isdisjoint(_NAMED):
        yield from _named(text)


def _password(match: re.Match[str]) -> Finding | None:
    """The word that was taken for a password, if it looks like one."""
    return _password_at(match.start(1), match.group(1))


def _password_at(start: int, value: str) -> Finding | None:
    value = value.rstrip(".,;:?)")
    strong = _STRONG.fullmatch(value) or (len(value) >= 16 and random_like(value))
    if len(value) >= 6 and strong and not reference(value):
        return Finding(start, start + len(value), SECRET)
    return None


def _before(text: str, said: re.Match[str]) -> Finding | None:
    """The word right before what says that it is a password, without quotes; a path is none where something is used "as" one."""
    word = text[max(0, said.start() - _LONGEST_PASSWORD) : said.start()].split()[-1]
    quoted = word[-1] in "\"'`"
    value = _QUOTES.split(word[:-1] if quoted else word)[-1].lstrip("/*#;([{<")
    if said.group(1) and "/" in value:
        return None
    return _password_at(said.start() - quoted - len(value), value)


def _codes(text: str, low: str) -> Iterator[Finding]:
    for pattern in _ONE_TIME:
        for match in pattern.finditer(text):
            if pattern is _ONE_TIME[-1] and _OTHER_CODES.search(text, max(0, match.start() - 80), match.start()):
                continue
            yield Finding(*match.span(1), SECRET)
    if any(said in low for said in _WITHHOLD):
        for match in _WITHHELD.finditer(text):
            if _OTHER_CODES.search(text, max(0, match.start() - 40), match.end() + 12) is None:
                yield Finding(*match.span(match.lastindex or 1), SECRET)
    for match in _RECOVERY.finditer(text):
        for group in _CODED_GROUP.finditer(text, *match.span(1)):
            if any(map(str.isdigit, group.group())) or group.group().isupper():
                yield Finding(*group.span(), SECRET)
    for match in _YOUR_CODE.finditer(text):
        if _NOT_SECRET.isdisjoint(match.group(1).lower().split()):
            yield Finding(*match.span(2), SECRET)
    for match in _IS_YOUR.finditer(text):
        if _NOT_SECRET.isdisjoint(match.group(2).lower().split()):
            yield Finding(*match.span(1), SECRET)


def _parameter(value: str) -> str:
    """A value without the parameters of a URL behind it."""
    behind = _NEXT_PARAMETER.search(value) if "&" in value else None
    return value[: behind.start()] if behind is not None else value


def _of_service(text: str) -> Iterator[Finding]:
    """The key of a service by the service's name; a hash only where no ordinary word stands for the name."""
    for match in _OF_SERVICE.finditer(text):
        whose, what = match.group(1).lower(), (match.group(2) or match.group(3) or match.group(4)).lower()
        value = match.group(5).rstrip(".-")
        words = whose.replace("-", "_").split("_")
        if (
            not _OF_DATA.isdisjoint(words)
            or words[-1].endswith("s3")
            or not _mixed(value)
            or empty(value)
            or reference(value)
        ):
            continue
        if _HEXADECIMAL.fullmatch(value) is not None and what == "key" and (words[-1] == "the" or is_word(words[-1])):
            continue
        yield Finding(match.start(5), match.start(5) + len(value), SECRET)


def _mixed(value: str) -> bool:
    """Whether letters, capitals and digits take turns in it as in no word, no date and no name of a program's."""
    if _HEXADECIMAL.fullmatch(value) is not None:
        return len(set(value)) > 6
    runs = [(run, _PIECES.findall(run)) for run in _RUNS.findall(value)]
    return random_like(value) and any(
        3 * len(pieces) > len(run) or (len(run) >= 20 and 5 * len(pieces) > len(run) and sum(map(str.isdigit, run)) > 3)
        for run, pieces in runs
    )


def _named(text: str) -> Iterator[Finding]:
    for pattern in (*_NEXT_TO, *_NEAR):
        for match in pattern.finditer(text):
            value = _parameter(match.group(2))
            rule = rule_of(match.group(1))
            if rule is None or rule.entity != SECRET or empty(value) or reference(value) or value.startswith(_LINKS):
                continue
            if value.startswith(("@", "X-")):
                continue  # a host, behind `<password>`; the next name in a list of headers
            if pattern in _NEAR:
                if not (len(value) >= 16 and random_like(value)) and not _STRONG.fullmatch(value):
                    continue
                whole = _WHOLE_VALUE.match(text, match.start(2))
                value = _parameter(whole.group() if whole is not None else value).rstrip(".:!?*")
            if judged(rule, value) == SECRET:
                yield Finding(match.start(2), match.start(2) + len(value), SECRET)
