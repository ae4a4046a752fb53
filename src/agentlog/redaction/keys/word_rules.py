"""What a key says of its value, judged by the words in the key: `customerEmail`, `billing-zip`, `联系电话`.

Rules, not a list of keys: a schema that nobody has seen before is judged the same way. The same rules read what stands
before a colon, an equals sign or "is" in running text ("My zip code is …").
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from agentlog.redaction.entities import (
    ADDRESS,
    APP_ID,
    CARD_LAST4,
    DOB,
    EMAIL,
    FAMILY,
    GIVEN,
    IP,
    MAC,
    MIDDLE,
    NATIONAL_ID,
    PAYMENT_ID,
    PERSON,
    PHONE,
    SECRET,
    USER_ID,
    ZIP,
)
from agentlog.redaction.keys import key_words as vocabulary
from agentlog.redaction.keys.key_people import BY_AND_TO, singular
from agentlog.redaction.keys.key_words import canonical, words_of
from agentlog.redaction.words.lists import PEOPLE

_KEPT: Final = 20_000


class Rule(NamedTuple):
    """What a key says: the entity of its value, and how far to trust it."""

    entity: str
    part: str = ""
    weak: bool = False
    """The value must look the part: `display_name` may be a model's, `token` may be a word of a text."""
    own: bool = False
    """The policy names this key: whatever stands under it is of that entity."""


PASS: Final = "PASS"
"""The part of a rule for `smtp_pass`: a password, or how it went."""
HANDLE: Final = "HANDLE"
"""The part of a rule for what somebody is called by in a network: a word that needs no digit."""


def _rule(spec: str) -> Rule:
    entity, _, part = spec.rstrip("?").partition("/")
    return Rule(entity, part, weak=spec.endswith("?"))


_WHOLE: Final = {key: _rule(spec) for key, spec in vocabulary.WHOLE.items()}
_WHOLE_IN_KEYS: Final = {key: _rule(spec) for key, spec in vocabulary.WHOLE_IN_KEYS.items()}
_ASIAN_WHOLE: Final = {key: _rule(spec) for key, spec in vocabulary.ASIAN_WHOLE.items()}
_ASIAN: Final = tuple((part, _rule(spec)) for spec, parts in vocabulary.ASIAN.items() for part in parts.split())


@lru_cache(_KEPT)
def rule_of(key: str) -> Rule | None:
    """What the words of `key` say of its value, or None: it says nothing personal.

    >>> rule_of("customerEmail")
    Rule(entity='EMAIL', part='', weak=False, own=False)
    >>> rule_of("flight_number") is None
    True
    """
    return _rule_of(words_of(key), spoken=False)


@lru_cache(_KEPT)
def rule_of_phrase(phrase: str) -> Rule | None:
    """The same for words of a sentence: abbreviations that are words of their own mean nothing there."""
    return _rule_of(words_of(phrase), spoken=True)


def _rule_of(plain: tuple[str, ...], spoken: bool) -> Rule | None:
    if not plain:
        return None
    asian = next((word for word in plain if word >= "\u3041"), None)
    if asian is not None:
        if not spoken and asian in _ASIAN_WHOLE and len(plain) == 1:
            return _ASIAN_WHOLE[asian]
        if any(part in asian for part in vocabulary.ASIAN_APP):
            return Rule(APP_ID)
        return next((rule for part, rule in _ASIAN if part in asian), None)
    glued = "".join(plain)
    whole = _WHOLE.get(glued) or (_WHOLE_IN_KEYS.get(glued) if not spoken else None)
    if whole is not None:
        return whole
    if plain[-1] in vocabulary.SETTINGS:
        return None
    words = canonical(plain, spoken)
    if not spoken and (rule := _of_keys_only(words)) is not None:
        return rule
    return _secret(words, spoken) or _contact(words) or _identity(words) or _name(words) or _WHOLE.get(" ".join(words))


def _secret(words: tuple[str, ...], spoken: bool) -> Rule | None:
    while len(words) > 1 and words[-1].isdigit():
        words = words[:-1]
    have = set(words)
    if have & vocabulary.NO_SECRET or (words[-1] in ("id", "ids") and have & {"credential", "credentials"}):
        return None
    if not spoken and words[-1] in _PASSWORDS and len(words) > 1 and words[-2] in _NO_PASSWORD:
        return None
    if have & vocabulary.SECRET_WORDS or _ends_in_password(words[-1]):
        return Rule(SECRET, weak=words[-1] in ("cid", "pin", "secret"))
    if (words[-1] in ("key", "keys") and have & vocabulary.SECRET_KEYS) or words[-1].endswith(_KEYS):
        return Rule(SECRET)
    if words[-1] in ("auth", "pat") and len(words) > 1 and not spoken:
        return Rule(SECRET, weak=True)
    if words[-1] == "token" or (words[-1] == "code" and len(words) > 1 and words[-2] in vocabulary.CODES):
        return Rule(SECRET, weak=True)
    return None


def _ends_in_password(word: str) -> bool:
    """Whether a word is glued to the one for a password: `pgpassword`, but not `showpassword`."""
    head = next((word.removesuffix(end) for end in _PASSWORDS if word.endswith(end)), "")
    return bool(head) and head not in vocabulary.NO_SECRET and head not in _NO_PASSWORD


def _of_keys_only(words: tuple[str, ...]) -> Rule | None:
    """What keys say that would be something else in a sentence: `db_pass`, `twitter`."""
    last = words[-1]
    for end in vocabulary.PASSWORD_ENDS:
        if last.endswith(end):
            opened = last.removesuffix(end) or (words[-2] if len(words) > 1 else "")
            if opened in vocabulary.OPENED and vocabulary.NO_SECRET.isdisjoint(words):
                return Rule(SECRET, PASS)
    if last in _HANDLES or (len(words) == 1 and last in _NETWORKS):
        return Rule(USER_ID, HANDLE, weak=True)
    return None


_KEYS: Final = ("apikey", "accountkey", "accesskey", "secretkey", "privatekey")
_PASSWORDS: Final = ("password", "passwd", "passphrase")
_NO_PASSWORD: Final = frozenset("no show hide forgot forgotten lost need needs has without".split())
"""Before a password these say in a key what is done about one; in a sentence one may follow: "I forgot my password: …"."""
_NO_BIRTH: Final = frozenset("place city country certificate name rate order state weight sex gender".split())


_CALLED: Final = frozenset("contact callback caller sms wa from dialed calling called".split())


def _contact(words: tuple[str, ...]) -> Rule | None:
    have = set(words)
    if have & {"dob", "birth"}:
        return None if have & _NO_BIRTH else Rule(DOB)
    if ("last" in have and have & {"4", "four", "digits"}) or words[-1] in ("last4", "lastfour"):
        return Rule(CARD_LAST4)
    if "email" in have or words[-2:] == ("e", "mail") or words == ("e", "email") or words[-2:] == ("e", "email"):
        return None if have & vocabulary.NO_CONTACT else Rule(EMAIL)
    if have & {"phone", "mobile", "fax", "whatsapp"} or (
        words[-1] in ("number", "id") and len(words) > 1 and words[-2] in _CALLED and words[-2:] != ("contact", "id")
    ):
        return None if have & vocabulary.NO_CONTACT else Rule(PHONE)
    if (
        "zip" in have
        or ("postal" in have and have & {"code", "codigo", "cod", "codice"})
        or {"post", "code"} <= have
        or words == ("pin", "code")
    ):
        return None if have & {"file", "archive", "path", "url", "size"} else Rule(ZIP)
    if have & {"address", "street", "residence", "address1", "address2"} or {"house", "number"} <= have:
        if "ip" in have:
            return Rule(IP)
        if not vocabulary.WALLETS.isdisjoint(have):
            return Rule(PAYMENT_ID, weak=True)
        if "mac" in have:
            return Rule(MAC)
        return None if have & vocabulary.NO_ADDRESS else Rule(ADDRESS, weak="street" not in have and len(words) < 2)
    if words[-1] in ("ip", "ips") and len(words) <= 3:
        return Rule(IP)
    return None


_PAYING: Final = frozenset("debit credit beneficiary payee payer payout bank source destination".split())
_NETWORKS: Final = frozenset(
    "twitter instagram telegram skype wechat facebook linkedin github discord tiktok snapchat mastodon bluesky".split()
)
_HANDLES: Final = frozenset(("handle", "screenname"))
_PLATES: Final = frozenset(
    ("plate", "plates", "numberplate", "regplate", "licenceplate", "licenseplate", "kennzeichen")
)
_NO_NATIONAL: Final = frozenset("country expiry expiration expires type status issued date issuer class state".split())


_BEGIN_NATIONAL: Final = frozenset(phrase.partition(" ")[0] for phrase in vocabulary.NATIONAL_PHRASES)


def _identity(words: tuple[str, ...]) -> Rule | None:
    have = set(words)
    sentence = f" {' '.join(words)} "
    if have & vocabulary.NATIONAL or (
        have & _BEGIN_NATIONAL and any(f" {phrase} " in sentence for phrase in vocabulary.NATIONAL_PHRASES)
    ):
        return None if have & _NO_NATIONAL else Rule(NATIONAL_ID)
    if words[-1] in _PLATES or (words[-1] in ("number", "no") and not _PLATES.isdisjoint(words)):
        return Rule(NATIONAL_ID)
    if not vocabulary.WALLETS.isdisjoint(words) and words[-1] in ("wallet", "id"):
        return Rule(PAYMENT_ID, weak=True)
    if words[-1] in vocabulary.NATIONAL_SHY or (
        words[0] in vocabulary.NATIONAL_SHY and words[1:] in (("number",), ("id",))
    ):
        return Rule(NATIONAL_ID, weak=True)
    if words[-1] in vocabulary.PAYMENT_WORDS or sentence in (" sort code ", " bank account "):
        return Rule(PAYMENT_ID, weak=words == ("pan",))
    if words[-1] in ("username", "userid", "login", "uid") and words[0] not in ("last", "first", "failed"):
        return Rule(USER_ID)
    if words[0] in _NETWORKS and len(words) < 3 and words[-1] in ("id", "tag", "number", words[0]):
        return Rule(USER_ID, weak=True)
    if words[-2:] in (("login", "id"), ("login", "name"), ("logon", "name")):
        return Rule(USER_ID)
    if len(words) > 1 and words[-1] in vocabulary.ID_ENDS:
        return _id_of(words, have)
    if words == ("account",) or (words[-1] in ("account", "card") and words[0] in _PAYING):
        return Rule(PAYMENT_ID, weak=True)
    if words[-2:] == ("user", "name"):
        return Rule(USER_ID)
    if words[-1] in ("handle", "nick"):
        return Rule(USER_ID, weak=True)
    return None


def _id_of(words: tuple[str, ...], have: set[str]) -> Rule | None:
    """An id or a number: of a person, of a means of payment, of something of the application's."""
    end = words[-1]
    heads = [
        word
        for word in words[:-1]
        if word not in ("external", "internal", "unique", "global", "alternate", "old", "new")
    ]
    if not heads:
        return None
    head = heads[-1]
    if head in vocabulary.ID_ENDS and len(heads) > 1:
        head = heads[-2]
    if (
        head in vocabulary.PAYMENT_HEADS
        or (head == "method" and "payment" in have)
        or have & {"routing", "iban", "transit"}
    ):
        return Rule(PAYMENT_ID, weak=end in ("code", "ref"))
    if head == "account":
        return Rule(PAYMENT_ID if end in ("number", "no") or have & {"bank", "card"} else USER_ID)
    strong = head in vocabulary.USER_HEADS and head not in vocabulary.WEAK_USER_HEADS
    if strong and end not in ("key", "ref", "code"):
        return Rule(USER_ID)
    if head in vocabulary.NODES:
        return None
    if strong or head in vocabulary.WEAK_USER_HEADS or head in PEOPLE or have & {"flyer", "loyalty", "membership"}:
        return Rule(USER_ID, weak=True)
    return Rule(APP_ID) if head in vocabulary.APP_HEADS else None


_PARTS: Final = {"first": GIVEN, "given": GIVEN, "last": FAMILY, "family": FAMILY}


def _name(words: tuple[str, ...]) -> Rule | None:
    if words[-1] == "maiden":
        return Rule(PERSON, FAMILY)
    at = next((index for index in range(len(words) - 1, -1, -1) if words[index] in ("name", "initial")), -1)
    if words[-1] in _PARTS and len(words) == 2 and (at == 0 or words[0] in vocabulary.NAME_HEADS | {"preferred"}):
        return Rule(PERSON, _PARTS[words[-1]], weak=True)
    if at < 0:
        return None
    tail = set(words[at + 1 :])
    if not tail <= vocabulary.NAME_TAILS:
        return None
    if at == 0:
        return Rule(PERSON) if {"on"} < tail or "legal" in tail or words[1:] == ("full",) else None
    head = singular(words[at - 1])
    if head == "by" and at > 1 and words[at - 2].endswith("d"):
        return Rule(PERSON, weak=True)
    if head in ("contact", "person") and not vocabulary.NAME_HEADS.isdisjoint(words[: at - 1]):
        return Rule(PERSON)
    if head in vocabulary.GIVEN_HEADS and not tail & {"last"}:
        return Rule(PERSON, GIVEN)
    if head in vocabulary.FAMILY_HEADS and not tail & {"first"}:
        return Rule(PERSON, FAMILY)
    if head == "middle":
        return Rule(PERSON, MIDDLE)
    if head in vocabulary.NAME_HEADS or (head == "to" and at > 1 and words[at - 2] in BY_AND_TO):
        return Rule(PERSON)
    return Rule(PERSON, weak=True) if head in vocabulary.WEAK_NAME_HEADS else None
