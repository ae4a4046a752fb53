"""Passwords that are made of words: "the wifi password is sunflower", `passphrase: purple monkey dishwasher`.

Nothing in such a value tells that it is secret. What tells is where it stands, and that no one says such a thing *of* a
password: that it is required, wrong, eight characters long.
"""

# ruff: noqa: RUF001 - typographic quotes and dashes are what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import SECRET, USER_ID, Finding
from agentlog.redaction.keys.values import empty, reference
from agentlog.redaction.words.lists import ORDINARY, SYSTEM_USERS
from agentlog.redaction.words.name_table import is_word

_PASS: Final = re.compile("pass(?:w|code| ?phrase| word|[ ]?[:=]| (?:is|was) )")
"""In small letters: a word for a password, or one that may be short for it."""
_PW: Final = re.compile("pwd?(?![a-z0-9])")
_ENTERS: Final = re.compile(
    "[aclsu](?:og(?:ged)?[ -]?[io]n|ign(?:ed)?[ -]?in|redential|reds|ser(?:name)? ?/ ?pass|ccount(?: (?:info|details|data)|:| is))"
)
"""Who enters somewhere, with a name and a password: `login is bob / hunter`."""
_ASKED: Final = re.compile("(?:security|secret|memorable) ?(?:word|phrase|answer|question)")
_NAMED: Final = r"(?<![A-Za-z0-9_.$/@-])(?:pass ?word|passwd|pass ?phrase|passcode|pwd|pw|passwort|kennwort|contraseña|senha|wachtwoord|mot de passe)"
_LETTER: Final = "[A-Za-z\u00c0-\u024f]"
_WORD: Final = rf"{_LETTER}(?:{_LETTER}|['’-](?={_LETTER})){{1,30}}"
_WORDS: Final = rf"({_WORD}(?:[ \t]{_WORD}){{0,8}})"
_OPEN: Final = r"[ \t]{0,3}[*_`\"'“‘«]{0,3}"
_ENDS: Final = r"(?=[ \t]{0,4}(?:[,;!?)\]\"'`”’»*|\r\n]|\.(?![A-Za-z0-9_])|[-–—] |/ |\Z))"
_LABELLED: Final = re.compile(
    rf"{_NAMED}[ \t]?[*_`]{{0,2}}(?:[:=](?![:=])| [-–—] )[*_`]{{0,2}}{_OPEN}{_WORDS}{_ENDS}", re.IGNORECASE
)
_SAID: Final = re.compile(
    rf"{_NAMED}(?: (?:for|to|of|on|from) (?:[^\n.:;?!=\"]{{1,40}}?|[^\n.:;?!=\"]{{0,30}}\"[^\n\"]{{1,40}}\"))?"
    r"(?:['’]s| (?:is|was|will be|ist|war|lautet|est|es|é))(?: (?:now|just|simply|still|currently|also|again|set to|this))?"
    rf"(?: ?: ?| )(?:(?P<quote>[\"'`“‘])(?P<quoted>[^\"'`“”‘’\n]{{3,64}})[\"'`”’]|{_WORDS})",
    re.IGNORECASE,
)
_CHANGED: Final = re.compile(
    r"(?<![A-Za-z0-9_])(?:set|sets|setting|changed?|changing|updated?|made|make|reset) (?:[\w'’-]{1,20} ){0,4}?"
    r"(?:password|passphrase|passcode|pwd|pw)(?: (?:for|of|on) (?:[\w'’-]{1,20} ){1,4}?)?"
    rf" ?(?:from [\"'`“]?(\S{{4,64}}?)[\"'`”]? )?to [\"'`“]?(?:be )?({_WORD})[\"'`”]?"
    rf"(?:{_ENDS}|(?= (?:and|but|yesterday|today|now|last|this|so|because|then|again)(?![A-Za-z0-9_])))",
    re.IGNORECASE,
)
_TAKEN: Final = re.compile(
    rf"(?<![A-Za-z0-9_])(?:use|used|using|type|typed|enter|entered|chose|picked|tried|try) [\"'`“]?({_WORD})[\"'`”]? as"
    r" (?:(?:the|my|your|its|his|her|our|a) )?(?:password|passphrase|passcode|pwd|pw)(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
_WITH_NAME: Final = re.compile(
    r"(?<![A-Za-z0-9_])(?:user|username|user name|login|account|id|as)(?:[ \t]?[:=] ?| is | )[\"'`“]?([\w.@+-]{2,60})[\"'`”]?"
    r"(?:,| /| and|,? with)(?: the)? (?:password|passphrase|passcode|pwd|pw) [\"'`“]?"
    rf"({_WORD})(?![\w-])",
    re.IGNORECASE,
)
_HAN: Final = re.compile(
    r"(?:密码|密碼|口令|パスワード|暗証番号)(?:[ ]?(?:是|为|為|は|[:：=]))[ ]{0,2}[\"'「『“]?([A-Za-z][A-Za-z!@#$%^&*_-]{3,40})(?![\w(.])",
    re.ASCII,
)
_SEED: Final = re.compile(
    r"(?:(?:seed|recovery|backup|wallet|secret) (?:phrase|words|seed)|mnemonic)[^\n.?!]{0,24}?[:=\"'\n ]\s{0,40}"
    r"((?:(?:[0-9]{1,2}[.):] ?)?[a-z]{3,8}[ ,\n]{1,3}){11,23}(?:[0-9]{1,2}[.):] ?)?[a-z]{3,8})(?![A-Za-z])"
)
"""The words that a wallet is opened with: twelve to twenty-four of three to eight letters."""
_OF_SENTENCES: Final = frozenset(
    "the and was are for from his her its has had were our your not but with which".split()
)
_SHORT: Final = re.compile(
    r"(?<![A-Za-z0-9_])(?:user|username|login|e-?mail)[ \t]?[:=][^\n]{1,60}?(?:[;,/|]|[ \t]|\r?\n)[ \t>*-]{0,6}pass[ \t]?[:=]"
    rf"{_OPEN}({_WORD}){_ENDS}"
    r"|(?<![A-Za-z0-9_])(?:my|our|your|the|ssh|wi-?fi|admin|root|sudo|vpn|db|e-?mail) (?:(?:ssh|wi-?fi|admin|root|sudo|vpn|db|e-?mail) )?pass (?:is|was) "
    rf"[\"'`“‘]?({_WORD}){_ENDS}",
    re.IGNORECASE,
)
"""`user: olga; pass: starlight`, "the ssh pass is …": alone, the word says too little."""
_QUOTED: Final = re.compile(
    r"(?<![A-Za-z0-9_])(?:the|my|our|your|his|her|with|using|use|enter|type) (?:[\w'’-]{1,20} ){0,2}?"
    r"(?:password|passphrase|passcode|pwd|pw)(?: of)? [\"“‘`']([^\"'`“”‘’\n]{3,64})[\"'`”’]",
    re.IGNORECASE,
)
_ANSWER: Final = re.compile(
    rf"(?<![A-Za-z0-9_])(?:security|secret) (?:question|answer)[^\n.?!:]{{0,60}}? is [\"'`“‘]?({_WORD}){_ENDS}",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(
    r"(?<![A-Za-z0-9_])(?:log(?:ged)?[ -]?(?:in|on)|sign(?:ed)?[ -]?in|logon|credentials?|creds|user(?:name)? ?/ ?pass(?:word)?|account)"
    r"(?: (?:details?|data|info|credentials?))?(?: (?:is|are|with|as|using|under))?(?: ?[:=] ?| )[\"'`“]?"
    r"(?P<user>[a-z][\w.@+-]{1,60})[\"'`”]?(?: / |/)[\"'`“]?"
    rf"(?P<password>[^\s\"'`”/|,;()<>]{{4,64}})[\"'`”]?(?:{_ENDS}|(?= (?:and|but|to|for|on|at|as)(?![A-Za-z0-9_])))",
    re.IGNORECASE,
)
_MEMORABLE: Final = re.compile(
    r"(?<![A-Za-z0-9_])(?:security|memorable|secret) ?(?:word|answer|phrase)(?![A-Za-z0-9_])[^\n.?!\"“”=:()]{0,24}(?:: )?[\"“]([^\"”\n]{3,40})[\"”]",
    re.ASCII | re.IGNORECASE,
)
"""`his security word, he said "marmalade"`: an ordinary word, too."""
_GOES_ON: Final = frozenset(
    "and but so if please thanks thank btw because then yesterday although though right ok okay now again today everywhere thx".split()
)
"""Words that begin something new behind a value. A preposition does not: "password is sensitive to case"."""
_STATES: Final = frozenset(
    """wrong incorrect correct right invalid valid required optional mandatory necessary needed missing empty blank null
    none undefined expired expiring active inactive locked blocked disabled enabled secure insecure unsafe safe strong
    weak short long shorter longer old new same different unique identical similar simple complex complicated easy hard
    tough difficult good bad better best worse worst fine okay great perfect nice poor broken gone lost stolen
    leaked exposed known unknown visible invisible hidden shown masked redacted obscured encrypted encoded hashed salted
    stored saved kept sent written plaintext plain cleartext raw public private secret confidential personal shared
    temporary permanent initial default generated random obvious trivial predictable guessable crackable common
    popular standard typical numeric alphanumeric alphabetic lowercase uppercase mixed ascii unicode unusable usable
    stale fresh current outdated obsolete set unset changed unchanged updated reset ready pending accepted rejected
    denied refused allowed forbidden compromised vulnerable pwned hacked breached case sensitive insensitive important
    vital crucial essential critical useless worthless free available unavailable mine yours ours theirs his hers enough
    sufficient insufficient acceptable unacceptable over under here there back out off down nothing something anything
    everything whatever whichever everyone somewhere below above inside string str text varchar char bytes number integer
    boolean object type field input value data variable parameter argument property column attribute hash digest bcrypt
    scrypt argon pbkdf sha md credential credentials key token nil void any user username
    admin root guest login email account phone name you me it them us never always ok yes no true false hint
    label placeholder prompt form error warning message success failure failed fail mismatch match matches
    unmatched unspecified provided given supplied entered absent present nonempty nonblank unreadable readable
    protected unprotected autofilled rotated managed synced cached reused recycled ancient weird strange funny silly
    stupid ridiculous crazy impossible possible annoying tbd todo tba creds unclear unsure clear sound solid legit bogus
    dead alive live late early due overdue useful helpful lengthy memorable forgettable unforgettable unbreakable ironclad
    authenticate comply regain safeguard unblock reactivate authorise authorize re-enter combination combo pair incomplete shell gecos dir home disclosure""".split()
)
"""What is said of passwords, and what a program calls the place of one."""
_ABOUT_THEM: Final = re.compile(
    r"pass|kennw|wachtw|contras|senha|parol|heslo|hasło|token|secret|your|example|dummy|placehold|sample|auth|log-?in|user|hidden|mask|redact|encrypt|require|option|invalid"
)
"""Translations of the word itself, and words that tell somebody to put a password there."""
_SAYS: Final = re.compile(r"(?:ed|ing|(?<!f)ly|able|ible|ive|ous|ful|less|ical|n't|n’t|['’]s)\Z")
"""How words end that say what something is like."""
_SAYS_ABROAD: Final = re.compile(
    r"in?corre[ck]?[ct]|corre[ck]?t|inv[aá]lid|oblig|obrig|nécess|neces|requ[ei]r|requis|segur|insegur|d[eé]bil|faible|fra[ck]|falsch|(?:un)?g[uü]ltig"
    r"|(?:ab|ein|aus)?ge.{2,}(?:t|en)\Z|ver.{3,}t\Z|richtig|erforder|(?:un)?sicher|expir|vac[ií]|vazi|vide\Z|leer|kurz|court|cort[ao]|lang\Z|nicht|kein|noch|schon|jetzt|bereits"
    r"|demasiad|trop\Z|muito|stark|schwach|fort[e]?\Z|forte|tempor|provis|chiffr|cifrad|criptog|mínim|minim|m[aá]xim|ocult|masqu|versteck|unbekannt|inconnu|descon|igual"
    r"|gleich|même|mism|mesm|[uú]nic|einfach|f[aá]cil|facile|schwer|dif[ií]cil|falta|manqu|errad|erron|erróne|fals[oa]|voll\Z|.{3,}(?:ad[oa]|id[oa]|ée?s?)\Z",
    re.IGNORECASE,
)
"""The same in other languages, for words that are no English ones."""
_TALK: Final = frozenset(
    """a an the this that these those my your our his her their its i you we they he she it is are was were be been being
    must should can could will would may might shall not no nor and or but if of in on at by for to from with without as
    than then so when where which who whom whose how why what do does did has have had having please least etc only any
    all each every some more most less too very also just about into onto per via until unless before after again up
    character characters char chars digit digits letter letters number numbers symbol symbols length minimum maximum min
    max policy policies strength manager reset link links field fields show hide toggle confirm confirmation forgot forget
    forgotten change choose select create enter type typed input provide ask see check contact call use refer click press
    page form string text plain hash required optional invalid incorrect wrong expired user username email account access
    security authentication protection protected sensitive insensitive case default null empty blank current history
    generator settings rules requirements complexity rotation expiry expiration recovery vault store""".split()
)
"""Words of sentences about passwords: a passphrase has none of them."""
_TALKED_OF: Final = _STATES | _TALK | ORDINARY
_PROVIDERS: Final = frozenset(
    """google facebook apple github gitlab microsoft twitter linkedin sso saml oauth oidc okta ldap email mail phone otp
    sms password passkey username user biometrics fingerprint faceid touchid magic link amazon yahoo discord slack""".split()
)


def find_password_words(text: str, low: str) -> Iterator[Finding]:
    """Passwords made of words, and names given with them, by what is said around them; `low` is `text` in lower case, character for character."""
    if _speaks_of_one(low):
        yield from _passwords(text)
    if "mnemonic" in low or " phrase" in low or " words" in low or "wallet seed" in low:
        for match in _SEED.finditer(text):
            if _OF_SENTENCES.isdisjoint(match.group(1).split()):
                yield Finding(*match.span(1), SECRET)
    if "/" in text and _ENTERS.search(low) is not None:
        yield from _pairs(text)
    if ("security" in low or "secret" in low or "memorable" in low) and _ASKED.search(low) is not None:
        for match in _MEMORABLE.finditer(text):
            if not empty(match.group(1)) and not reference(match.group(1)):
                yield Finding(*match.span(1), SECRET)
        for match in _ANSWER.finditer(text):
            if _one_word(match.group(1)):
                yield Finding(*match.span(1), SECRET)


def _speaks_of_one(low: str) -> bool:
    """Whether a word for a password stands in a text."""
    return (
        ("pass" in low and (_PASS.search(low) is not None or "mot de passe" in low))
        or ("pw" in low and _PW.search(low) is not None)
        or "kennwort" in low
        or "contrase" in low
        or "senha" in low
        or "wachtwoord" in low
        or (not low.isascii() and any(word in low for word in ("密码", "密碼", "口令", "パスワード", "暗証番号")))
    )


def _passwords(text: str) -> Iterator[Finding]:
    for match in _LABELLED.finditer(text):
        yield from _value(text, *match.span(1), least=2, ended=True)
    for match in _SAID.finditer(text):
        if match["quoted"] is not None:
            quoted = match["quoted"]
            if not (empty(quoted) or reference(quoted)) and not _only_talk(quoted):
                yield Finding(*match.span("quoted"), SECRET)
        else:
            phrase = "phrase" in match.group()[:12].lower()
            yield from _value(text, *match.span(3), least=2 if phrase else 3, ended=_ended(text, match.end(3)))
    for match in _HAN.finditer(text):
        if _one_word(match.group(1)):
            yield Finding(*match.span(1), SECRET)
    for match in _QUOTED.finditer(text):
        if not (empty(match.group(1)) or reference(match.group(1)) or _only_talk(match.group(1))):
            yield Finding(*match.span(1), SECRET)
    for match in _SHORT.finditer(text):
        if _one_word(match.group(match.lastindex or 1)):
            yield Finding(*match.span(match.lastindex or 1), SECRET)
    for match in _CHANGED.finditer(text):
        if _one_word(match.group(2)):
            yield Finding(*match.span(2), SECRET)
            if match.group(1) and match.group(1).lower() not in _TALK:
                yield Finding(*match.span(1), SECRET)
    for match in _TAKEN.finditer(text):
        if _one_word(match.group(1)):
            yield Finding(*match.span(1), SECRET)
    for match in _WITH_NAME.finditer(text):
        user = match.group(1).lower()
        if (user in SYSTEM_USERS or user not in _TALKED_OF) and _one_word(match.group(2)):
            yield Finding(*match.span(2), SECRET)


def _pairs(text: str) -> Iterator[Finding]:
    """`login is bob / hunter`."""
    for match in _PAIR.finditer(text):
        user, password = match["user"].lower(), match["password"].rstrip(".:?").lower()
        if password.rstrip("!").isalpha():
            password = password.rstrip("!")
        if user == password or not _PROVIDERS.isdisjoint((user, password)):
            continue
        if password.isalpha() and not _one_word(password):
            continue
        if user not in SYSTEM_USERS and user in _TALKED_OF:
            continue
        if not (empty(password) or reference(match["password"])):
            start = match.start("password")
            if user not in SYSTEM_USERS and not is_word(user):
                yield Finding(*match.span("user"), USER_ID)
            yield Finding(start, start + len(password), SECRET)


_END: Final = re.compile(_ENDS)


def _ended(text: str, at: int) -> bool:
    """Whether the clause ends there."""
    return _END.match(text, at) is not None


def _value(text: str, start: int, end: int, least: int, ended: bool) -> Iterator[Finding]:
    """The password that these words are or begin with; `least`: how many words make a phrase."""
    words = text[start:end].split()
    cut = next((place for place, word in enumerate(words) if word.lower() in _GOES_ON), None)
    if cut is not None:
        words, ended = words[:cut], True
    if not words or not ended:
        return
    if len(words) == 1:
        if not _one_word(words[0]):
            return
    elif not (len(words) >= least and _phrase(words)):
        return
    said = " ".join(words)
    yield Finding(start, start + len(said), SECRET)


def _one_word(word: str) -> bool:
    """Whether a word is what a password is, and not what it is like."""
    low = word.lower()
    return (
        len(word) >= 4
        and low not in _TALKED_OF
        and _SAYS.search(low) is None
        and ((low.isascii() and is_word(low)) or _SAYS_ABROAD.match(low) is None)
        and _ABOUT_THEM.search(low) is None
        and (word.islower() or word.isupper() or word.istitle())
        and not empty(word)
    )


def _phrase(words: list[str]) -> bool:
    """Whether words in a row are picked at random, and say nothing."""
    if not all(word.islower() and word.isascii() for word in words) or len(set(words)) < 2:
        return False
    if not _TALK.isdisjoint(words) or any(_ABOUT_THEM.search(word) for word in words):
        return False
    ordinary = sum(word in ORDINARY or word in _STATES or _SAYS.search(word) is not None for word in words)
    return ordinary == 0 if len(words) == 2 else 2 * ordinary <= len(words)


def _only_talk(text: str) -> bool:
    """Whether all words are of those that are said of passwords."""
    return all(
        word in _STATES or word in _TALK or _ABOUT_THEM.search(word) is not None
        for word in re.findall(r"[^\W_]+", text.lower())
    )
