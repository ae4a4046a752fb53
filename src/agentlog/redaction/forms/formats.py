"""Values that carry their own proof: a fixed shape, a checksum, a separator that nothing else has.

E-mail, IP and hardware addresses, IBANs, Bitcoin addresses, files within a text; numbers of cards, people and phones are in `digits`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from agentlog.redaction.entities import BLOB, EMAIL, IP, MAC, NATIONAL_ID, PAYMENT_ID, Finding
from agentlog.redaction.forms.digits import among_digits, digit_rows
from agentlog.redaction.watching import watched
from agentlog.redaction.words.name_table import is_word
from agentlog.redaction.words.text import NUMBERS, longest

_LOCAL: Final = re.compile(r"[A-Za-z0-9\u00c0-\u024f.!#$%&'*+/=?^_`{|}~-]{1,64}\Z")
_LABEL: Final = "[A-Za-z0-9\u00df-\u024f\u0370-\u052f]"
_DOMAIN: Final = re.compile(
    rf"(?:{_LABEL}(?:(?:{_LABEL}|-){{0,61}}{_LABEL})?\.){{1,8}}(?:xn--[a-z0-9-]{{2,59}}|[A-Za-z]{{2,24}}|[\u0430-\u044f]{{2,8}})(?![A-Za-z0-9])",
    re.ASCII,
)
"""Also with letters beyond ASCII: müller.de; a Chinese word behind it is none of it."""
_FILES: Final = frozenset(
    """png jpg jpeg gif svg webp ico bmp tif tiff css scss js jsx tsx json xml yaml yml html htm txt csv pdf log tmp exe dll mp3 mp4 wav
    docx xlsx pptx tgz gz tar toml ini cfg conf bak lock
    service socket timer mount""".split()
)
"""Endings of files; none is a top-level domain: `icon@2x.png`, `getty@tty1.service`."""
_DECORATED: Final = re.compile(
    r"\((?:[\"')]|-?[0-9]|[a-z_]{1,20}=)|(?:\([^\n]{0,200}\))?[ \t]{0,4}\r?\n[ \t]{0,40}(?:@[A-Za-z_]|(?:async )?def |class |(?:export|public|private|protected|static) )"
)
"""What stands behind a decorator, which is no domain: `@dask.delayed` and a function."""
_LONGEST_TOP: Final = 4
"""Letters of a top-level domain that is believed behind a point and an @."""
_USERINFO: Final = re.compile(r"://[^\s/:@?#]{0,64}:\Z")
_LEADING: Final = "'`*/=|{}&?!#$%^~"
_IBAN: Final = watched(
    r"[A-Z](?<![A-Za-z0-9].)[A-Z][0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])", re.ASCII
)
_COINS: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[1-9A-HJ-NP-Za-km-z]{26,35}|bc1[02-9ac-hj-np-z]{11,71})(?![0-9A-Za-z])", re.ASCII
)
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_IPV4: Final = re.compile(
    r"(?<![0-9A-Za-z.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?![0-9A-Za-z]|\.[0-9])",
    re.ASCII,
)
_IPV6: Final = re.compile(
    r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.[0-9]{1,3}){0,3}(?![0-9A-Za-z:]|\.[0-9A-Za-z])",
    re.ASCII,
)
"""The last two groups may be written as an address of version 4."""
_NET: Final = re.compile(
    "(?:[23][0-9a-f]{3}|f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]|ff0[0-9a-f]|64):", re.ASCII | re.IGNORECASE
)
"""How addresses begin that are given out."""
_MAC: Final = re.compile(
    r"(?<![0-9A-Za-z:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Za-z:-])", re.ASCII
)
_MAC_DOTS: Final = re.compile(
    r"(?<![0-9A-Za-z.-])(?=[0-9.]{0,13}[A-Fa-f])(?=[A-Fa-f.]{0,13}[0-9])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Za-z-]|\.[0-9A-Za-z])",
    re.ASCII,
)
"""As routers write it: 0012.34ab.56cd."""
_WALLET: Final = re.compile(
    r"(?<![0-9A-Za-z])0x(?=[0-9a-f]{0,40}[A-F])(?=[0-9A-F]{0,40}[a-f])[0-9A-Fa-f]{40}(?![0-9A-Za-z])", re.ASCII
)
"""An Ethereum address with capital and small letters, which are its check (EIP-55); in one case it may be any hash."""
_VEHICLE: Final = re.compile(
    r"(?<![0-9A-Za-z-])(?=[0-9]{0,12}[A-Z])[0-9A-HJ-NPR-Z]{8}[0-9X][0-9A-HJ-NPR-Z]{4}[0-9]{4}(?![0-9A-Za-z-])", re.ASCII
)
"""A vehicle identification number (ISO 3779), with its check digit as in North America and China."""
_FISCAL: Final = re.compile(
    r"(?<![0-9A-Za-z])[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z](?![0-9A-Za-z])",
    re.ASCII,
)
"""The Italian codice fiscale."""
_LICENCE: Final = re.compile(
    r"(?<![0-9A-Za-z])[A-Z9]{5}[0-9][0156][0-9][0-3][0-9]{2}[A-Z9]{2}[0-9A-Z][A-Z]{2}(?![0-9A-Za-z])", re.ASCII
)
"""A driving licence of the United Kingdom: five letters of the name, the date of birth, initials."""
_CURP: Final = re.compile(
    r"(?<![0-9A-Za-z])[A-Z]{4}[0-9]{2}[01][0-9][0-3][0-9][HMX][A-Z]{5}[0-9A-Z][0-9](?![0-9A-Za-z])", re.ASCII
)
"""The Mexican CURP: a date of birth, the sex, a state."""
_BENEFICIARY: Final = re.compile(
    r"(?<![0-9A-Za-z-])[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9]-[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9]-[AC-HJKMNP-RT-Y]{2}[0-9]{2}(?![0-9A-Za-z-])",
    re.ASCII,
)
"""A Medicare beneficiary's number with its dashes."""
_BENEFICIARY_LOOK: Final = re.compile("-[A-Z][0-9A-Z][0-9]-[A-Z]{2}[0-9]", re.ASCII)
_SAID: Final = re.compile(
    r"mails?(?: address| id)?(?:,|:| is| was|'s){1,2} (?!(?:me|us|him|her|them|you|it|is|was|to|sent|support|help|team|and|or|only)\b)"
    r"((?P<local>[A-Za-z0-9][\w.+-]{1,40}) (?:at|\(at\)|\[at\]) (?:[A-Za-z0-9][A-Za-z0-9-]{0,40}\.){1,3}[A-Za-z]{2,6})(?![\w@]|\.\w)",
    re.ASCII | re.IGNORECASE,
)
"""An address as people say it: "my email is mia.li at example.org"."""
_DATA_URL: Final = re.compile(
    r"data:[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}(?:;[a-z0-9=._+-]{1,80}){0,4},[^\s\"'<>\\)]{1,}+",
    re.ASCII | re.IGNORECASE,
)
_BASE64: Final = re.compile(
    r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/]{76}\r?\n|[A-Za-z0-9+/]{256}){2,}+[A-Za-z0-9+/\r\n]*+={0,2}", re.ASCII
)
_COLONS: Final = re.compile(r":[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:", re.ASCII)
_DASHES: Final = re.compile(r"-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-", re.ASCII)
_DOTTED: Final = re.compile(r"\.[0-9A-Fa-f]{1,4}\.[0-9A-Fa-f]", re.ASCII)
"""What both of the next have in them."""
_HEX_DOTS: Final = re.compile(r"\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Za-z])", re.ASCII)
_DOTS: Final = re.compile(r"\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]", re.ASCII)
_VERSION_BEFORE: Final = re.compile(r"(?:[vV]|version |Version |/|==|>=|~=|@)\Z")


def find_formats(text: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """What can be told by its form alone. `tokens` are the lower-case words of `text`."""
    if "@" in text:
        yield from find_emails(text)
    if "at" in tokens and "mail" in text:
        yield from (Finding(*match.span(1), EMAIL) for match in _SAID.finditer(text) if _mailbox(match.group("local")))
    rows = list(digit_rows(text))
    yield from among_digits(text, rows)
    if "::" in text or _COLONS.search(text) is not None or _DASHES.search(text) is not None:
        yield from (Finding(*match.span(), MAC) for match in _MAC.finditer(text))
        yield from _ipv6(text)
    if "." in text and _DOTTED.search(text) is not None:
        if _HEX_DOTS.search(text) is not None:
            yield from (Finding(*match.span(), MAC) for match in _MAC_DOTS.finditer(text))
        if _DOTS.search(text) is not None:
            yield from _ipv4(text)
    if "-" in text and NUMBERS in tokens and _BENEFICIARY_LOOK.search(text) is not None:
        yield from (Finding(*match.span(), NATIONAL_ID) for match in _BENEFICIARY.finditer(text))
    most = longest(tokens)
    if most >= 15 or any(end - start > 10 for start, end in rows):
        for match in _IBAN.finditer(text):
            if valid_iban(match.group()):
                yield Finding(*match.span(), PAYMENT_ID)
    if most >= 16:
        yield from _codes(text, tokens)
    if most >= 26:
        yield from (Finding(*match.span(), PAYMENT_ID) for match in _COINS.finditer(text) if valid_coins(match.group()))
        if "0x" in text:
            yield from (Finding(*match.span(), PAYMENT_ID) for match in _WALLET.finditer(text))
    if "data:" in text:
        yield from (Finding(*match.span(), BLOB) for match in _DATA_URL.finditer(text))
    if most >= 40:
        yield from _base64(text)


def find_emails(text: str) -> Iterator[Finding]:
    """E-mail addresses: from every @, as far as an address goes to the left and to the right."""
    at = text.find("@")
    while at >= 0:
        domain = _DOMAIN.match(text, at + 1)
        if domain is not None:
            left = max(0, at - 64)
            local = _LOCAL.search(text[left:at])
            if local is not None:
                name = (
                    local.group().lstrip(_LEADING).rsplit("=", 1)[-1].rsplit("&", 1)[-1].rsplit("//", 1)[-1].lstrip(".")
                )
                ssh = name == "git" and text[domain.end() : domain.end() + 1] in (":", "/")
                end = _end_of(domain, name)
                if name and end and not ssh and not _in_userinfo(text, at - len(name)):
                    yield Finding(at - len(name), end, EMAIL)
        at = text.find("@", at + 1)


def _end_of(domain: re.Match[str], local: str) -> int:
    """Where an address ends, without the ending of a file that is called so; 0: it is a file's name, or a decorator."""
    start, end = domain.span()
    above, _, top = domain.group().rpartition(".")
    if top.lower() in _FILES:
        return start + len(above) if "." in above else 0
    decorator = local.endswith(".") and (len(top) > _LONGEST_TOP or domain.string.startswith("(", end))
    return 0 if decorator or _DECORATED.match(domain.string, end) is not None else end


def _mailbox(word: str) -> bool:
    """Whether somebody's mail may go there: it is no word that goes on with a sentence, as in "the email is hosted at …"."""
    return not word.isalpha() or not is_word(word.lower())


def _in_userinfo(text: str, start: int) -> bool:
    """Whether a password of a URL begins there: `//user:password@host` is no address."""
    return text[start - 1 : start] == ":" and _USERINFO.search(text, max(0, start - 80), start) is not None


def _codes(text: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """Long codes of letters and digits whose form says what they are; words of another length are not looked at."""
    lengths = set(map(len, tokens))
    for length, pattern, valid in _CODES:
        if length in lengths:
            for match in pattern.finditer(text):
                if valid is None or valid(match.group()):
                    yield Finding(*match.span(), NATIONAL_ID)


_VEHICLE_VALUES: Final = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))


def valid_vehicle(value: str) -> bool:
    """The check digit of a vehicle identification number, its ninth character (49 CFR 565.15).

    >>> valid_vehicle("1M8GDM9AXKP042788"), valid_vehicle("1M8GDM9A1KP042788")
    (True, False)
    """
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(int(_VEHICLE_VALUES.get(one, one)) * weight for one, weight in zip(value, weights, strict=True))
    return "0123456789X"[total % 11] == value[8]


_ODD: Final = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)  # fmt: skip


def valid_codice_fiscale(value: str) -> bool:
    """The check letter of a codice fiscale.

    >>> valid_codice_fiscale("RCCMNL83S18D969H"), valid_codice_fiscale("RCCMNL83S18D969A")
    (True, False)
    """
    odd = sum(_ODD[one] for one in value[:15:2])
    even = sum(int(one, 36) - (0 if one.isdigit() else 10) for one in value[1:15:2])
    return (odd + even) % 26 == ord(value[15]) - 65


_CODES: Final = (
    (16, _FISCAL, valid_codice_fiscale),
    (16, _LICENCE, None),
    (17, _VEHICLE, valid_vehicle),
    (18, _CURP, None),
)
"""How long each is, and what proves it."""


def valid_iban(value: str) -> bool:
    """The check digits of an IBAN (ISO 13616, MOD 97-10).

    >>> valid_iban("DE89 3704 0044 0532 0130 00")
    True
    """
    plain = value.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def valid_coins(value: str) -> bool:
    """The check digits of an address of Bitcoin and its kin: Base58Check, or bech32 and bech32m (BIP 173, BIP 350).

    >>> valid_coins("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), valid_coins("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")
    (True, True)
    """
    if value.startswith("bc1"):
        check = 1
        for digit in [3, 3, 0, 2, 3, *map(_BASE32.index, value[3:])]:
            top = check >> 25
            check = (check & 0x1FFFFFF) << 5 ^ digit
            for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
                check ^= generator if top >> bit & 1 else 0
        return check in (1, 0x2BC830A3)
    number = 0
    for character in value:
        number = number * 58 + _BASE58.index(character)
    if number >> 200:
        return False
    raw = number.to_bytes(25)
    return sha256(sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def _ipv4(text: str) -> Iterator[Finding]:
    for match in _IPV4.finditer(text):
        start = match.start()
        before = text[max(0, start - 10) : start]
        version = _VERSION_BEFORE.search(before) is not None and not before.endswith("//")
        section = len(match.group()) == 7  # four single digits: a version or a chapter
        if not (version or section or match.group().startswith(("127.", "0.", "255."))):
            yield Finding(start, match.end(), IP)


def _ipv6(text: str) -> Iterator[Finding]:
    for match in _IPV6.finditer(text):
        value = match.group()
        if sum(map(bool, value.split(":"))) >= 3 or "." in value or _NET.match(value) is not None:
            try:
                ipaddress.IPv6Address(value)
            except ValueError:
                continue
            yield Finding(*match.span(), IP)


def _base64(text: str) -> Iterator[Finding]:
    for match in _BASE64.finditer(text):
        head = match.group()[:600]
        if any(c.isupper() for c in head) and any(c.islower() for c in head) and any(c.isdigit() for c in head):
            yield Finding(*match.span(), BLOB)
