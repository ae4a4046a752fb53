"""What a key says of its value, judged by the words in the key: `customerEmail`, `billing-zip`, `联系电话`.

Rules, not a list of keys: a schema that nobody has seen before is judged the same way. The same rules read what stands
before a colon, an equals sign or "is" in running text ("My zip code is …").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
from agentlog.redaction.languages.search import languages as languages_of
from agentlog.redaction.languages.table import Language
from agentlog.redaction.words import PEOPLE

_SPLIT: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[\u4e00-\u9fff]+")
_LONGEST_KEY: Final = 80
_KEPT: Final = 20_000


class Rule(NamedTuple):
    """What a key says: the entity of its value, and how far to trust it."""

    entity: str
    part: str = ""
    weak: bool = False
    """The value must look the part: `display_name` may be a model's, `token` may be a word of a text."""
    own: bool = False
    """The policy names this key: whatever stands under it is of that entity."""


def words_of(key: str) -> tuple[str, ...]:
    """The words of a key, in lower case.

    >>> words_of("billingZIPCode"), words_of("last_4")
    (('billing', 'zip', 'code'), ('last', '4'))
    """
    return tuple(word.lower() for word in _SPLIT.findall(key[:_LONGEST_KEY]))


_SECRET: Final = frozenset(
    """password passwd pwd passphrase passcode secret secrets cvv cvc cvv2 cvc2 cid otp pin totp mfa authorization bearer
    cookie cookies credential credentials apikey privatekey accesskey secretkey""".split()
)
_SECRET_KEYS: Final = frozenset(
    "api private access secret signing encryption master shared service account auth license".split()
)
_NO_SECRET: Final = frozenset(
    """min max minimum maximum length policy required reset hint expired expires expiry expiration strength url uri enabled
    changed updated created at count usage limit type name path file arn version page next previous prev continuation
    pagination eos bos pad unk stop start special cls sep mask ids prompt completion input output total remaining budget
    per rate used cached reasoning tokenizer sync cursor verified label description logprob logprobs bytes ttl scope
    field format rules scheme provider exists correct valid prompt""".split()
)
_CODES: Final = (
    ("verification", "code"),
    ("security", "code"),
    ("access", "code"),
    ("login", "code"),
    ("time", "code"),
)
_NATIONAL: Final = frozenset(
    """ssn sin nino passport mrn npi mbi itin tin ein imei imsi iccid vin aadhaar aadhar pesel cpf curp dni nie nif bsn
    nhs dea medicare medicaid""".split()
)
_NATIONAL_PHRASES: Final = (
    "license number", "licence number", "license no", "driver license", "drivers license", "driver s license",
    "driving licence", "driving license", "national id", "national insurance", "tax id", "insurance id", "social security",
    "health plan", "medical record", "health card", "id card", "identity card", "id number", "identity number",
    "insurance number", "plate number",
)  # fmt: skip
_NO_CONTACT: Final = frozenset(
    """template sent enabled verified status type subject body count model plan brand format provider server host queue
    domain client notification notifications opt preference preferences channel app os device version date time id ids
    content text thread message messages folder number_of""".split()
)
_NO_ADDRESS: Final = frozenset(
    """ip mac url uri web website type id ids verified email mail host wallet bind listen memory contract server network
    port space base virtual physical changed change city state country count format validation""".split()
)
_NAME_HEADS: Final = frozenset(
    """full customer passenger patient employee cardholder traveler traveller guest recipient sender author
    applicant candidate beneficiary payer payee insured subscriber caller reporter parent guardian spouse maiden legal
    real birth billing shipping student teacher doctor physician nurse member person resident tenant donor attendee
    signer signatory emergency""".split()
)
_WEAK_NAME_HEADS: Final = frozenset(
    """display user client contact owner holder preferred profile assignee requester manager buyer seller creator
    account nick middle driver worker staff player""".split()
)
_GIVEN_HEADS: Final = frozenset(("first", "given", "fore", "christian"))
_FAMILY_HEADS: Final = frozenset(("last", "family", "sur", "second"))
_ID_ENDS: Final = frozenset("id ids number no num nr uid uuid key ref".split())
_PAYMENT_HEADS: Final = frozenset(
    "card payment pm payer bank iban wallet giftcard paypal debit credit certificate checking savings".split()
)
_APP_HEADS: Final = frozenset(
    """order reservation booking confirmation tracking invoice ticket case transaction shipment policy claim record
    receipt quote subscription contract""".split()
)
_WHOLE: Final[Mapping[tuple[str, ...], Rule]] = {
    ("uid",): Rule(USER_ID),
    ("username",): Rule(USER_ID),
    ("usernames",): Rule(USER_ID),
    ("login",): Rule(USER_ID, weak=True),
    ("handle",): Rule(USER_ID, weak=True),
    ("userid",): Rule(USER_ID),
    ("pan",): Rule(PAYMENT_ID, weak=True),
    ("surname",): Rule(PERSON, FAMILY),
    ("forename",): Rule(PERSON, GIVEN),
    ("firstname",): Rule(PERSON, GIVEN),
    ("lastname",): Rule(PERSON, FAMILY),
    ("fullname",): Rule(PERSON),
    ("nickname",): Rule(PERSON, weak=True),
    ("recipient",): Rule(PERSON, weak=True),
    ("cardholder",): Rule(PERSON),
    ("line", "1"): Rule(ADDRESS, weak=True),
    ("line", "2"): Rule(ADDRESS, weak=True),
    ("apt",): Rule(ADDRESS),
    ("suite",): Rule(ADDRESS, weak=True),
}
_HAN: Final = (
    ("姓名", Rule(PERSON)), ("联系人", Rule(PERSON)), ("收件人", Rule(PERSON)), ("收货人", Rule(PERSON)),
    ("乘客", Rule(PERSON, weak=True)), ("患者", Rule(PERSON, weak=True)),
    ("邮箱", Rule(EMAIL)), ("电子邮件", Rule(EMAIL)),
    ("手机", Rule(PHONE)), ("电话", Rule(PHONE)), ("用户名", Rule(USER_ID)), ("账号", Rule(USER_ID)),
    ("地址", Rule(ADDRESS)), ("住址", Rule(ADDRESS)), ("邮编", Rule(ZIP)), ("邮政编码", Rule(ZIP)),
    ("出生", Rule(DOB)), ("生日", Rule(DOB)),
    ("身份证", Rule(NATIONAL_ID)), ("护照", Rule(NATIONAL_ID)), ("社保", Rule(NATIONAL_ID)),
    ("银行卡", Rule(PAYMENT_ID)), ("卡号", Rule(PAYMENT_ID)), ("密码", Rule(SECRET)), ("口令", Rule(SECRET)),
)  # fmt: skip
_HAN_APP: Final = ("订单", "运单", "预订", "工单", "发票")


@lru_cache(_KEPT)
def rule_of(key: str) -> Rule | None:
    """What the words of `key` say of its value, or None: it says nothing personal.

    >>> rule_of("customerEmail")
    Rule(entity='EMAIL', part='', weak=False, own=False)
    >>> rule_of("flight_number") is None
    True
    """
    words = words_of(key)
    if not words:
        return None
    if words in _WHOLE:
        return _WHOLE[words]
    han = next((word for word in words if word >= "\u4e00"), None)
    if han is not None:
        if any(part in han for part in _HAN_APP):
            return Rule(APP_ID)
        return next((rule for part, rule in _HAN if part in han), None)
    return _secret(words) or _contact(words) or _identity(words) or _name(words)


def _secret(words: tuple[str, ...]) -> Rule | None:
    have = set(words)
    if have & _NO_SECRET:
        return None
    if have & _SECRET:
        return Rule(SECRET, weak=words[-1] in ("cid", "pin", "secret", "secrets"))
    if words[-1] in ("key", "keys") and have & _SECRET_KEYS:
        return Rule(SECRET)
    if words[-1] == "token" or words[-2:] in _CODES:
        return Rule(SECRET, weak=True)
    return None


def _contact(words: tuple[str, ...]) -> Rule | None:
    have = set(words)
    if have & {"dob", "birthdate", "birthday", "birth", "dateofbirth"}:
        return None if have & {"place", "city", "country", "certificate", "name", "rate"} else Rule(DOB)
    if words == ("born",) or words[-2:] == ("born", "on"):
        return Rule(DOB)
    if ("last" in have and have & {"4", "four"}) or words[-1] in ("last4", "lastfour"):
        return Rule(CARD_LAST4)
    if have & {"email", "emails", "mail", "e-mail"} or words[-2:] == ("e", "mail"):
        return None if have & _NO_CONTACT - {"client", "id", "ids"} else Rule(EMAIL)
    if have & {"phone", "telephone", "mobile", "cell", "cellphone", "fax", "msisdn", "whatsapp", "tel"}:
        return None if have & _NO_CONTACT else Rule(PHONE)
    if have & {"zip", "zipcode", "postcode"} or {"postal", "code"} <= have or words == ("postal",):
        return None if have & {"file", "archive", "path", "url", "size"} else Rule(ZIP)
    if have & {"address", "addresses", "street", "addr", "residence", "address1", "address2"}:
        if "ip" in have:
            return Rule(IP)
        if "mac" in have:
            return Rule(MAC)
        return None if have & _NO_ADDRESS else Rule(ADDRESS, weak=words[0] not in ("street", "home") and len(words) < 2)
    if words in (("ip",), ("client", "ip"), ("remote", "ip"), ("user", "ip")):
        return Rule(IP)
    return None


def _identity(words: tuple[str, ...]) -> Rule | None:
    have = set(words)
    if have & _NATIONAL:
        country_or_expiry = have & {"country", "expiry", "expiration", "expires", "type", "status", "issued", "date"}
        return None if country_or_expiry else Rule(NATIONAL_ID)
    if any(f" {phrase} " in f" {' '.join(words)} " for phrase in _NATIONAL_PHRASES):
        return Rule(NATIONAL_ID)
    if words[-1] in ("iban", "bic"):
        return Rule(PAYMENT_ID)
    if words[-1] in ("username", "userid", "login", "uid"):
        return Rule(USER_ID)
    if len(words) > 1 and words[-1] in _ID_ENDS:
        head = words[-2]
        person = head in PEOPLE and head not in ("worker", "driver", "manager", "staff", "player", "creator")
        if head in _PAYMENT_HEADS or (head == "method" and "payment" in have) or have & {"routing", "iban"}:
            return Rule(PAYMENT_ID)
        if head == "account":
            return Rule(PAYMENT_ID if words[-1] in ("number", "no", "num") or "bank" in have else USER_ID)
        if person and words[-1] not in ("key", "ref") and head not in ("child", "parent", "contact", "owner"):
            return Rule(USER_ID)
        if person or head in ("worker", "driver", "manager", "staff"):
            return Rule(USER_ID, weak=True)
        if head in _APP_HEADS:
            return Rule(APP_ID)
    if words in (("account",), ("card", "number"), ("bank", "account")):
        return Rule(PAYMENT_ID, weak=True)
    return None


def _name(words: tuple[str, ...]) -> Rule | None:
    if words[-1] in ("name", "names", "initial") and len(words) > 1:
        head = words[-2]
        if head in _GIVEN_HEADS:
            return Rule(PERSON, GIVEN)
        if head in _FAMILY_HEADS:
            return Rule(PERSON, FAMILY)
        if head == "middle":
            return Rule(PERSON, MIDDLE)
        if head in _NAME_HEADS:
            return Rule(PERSON)
        if head in _WEAK_NAME_HEADS:
            return Rule(PERSON, weak=True)
    if words[-1] in ("firstname", "givenname"):
        return Rule(PERSON, GIVEN)
    if words[-1] in ("lastname", "familyname", "surname"):
        return Rule(PERSON, FAMILY)
    if words[-1] in ("fullname", "cardholder"):
        return Rule(PERSON)
    return None


_TECHNICAL: Final = frozenset(
    "caller worker driver player manager creator parent child owner profile individual".split()
)
"""People, or parts of a program: what lies under them is not taken for somebody's id without more."""


def singular(word: str) -> str:
    """`passengers` → `passenger`; good enough to ask whether a word is about people."""
    return "person" if word == "people" else word[:-1] if word.endswith("s") and not word.endswith("ss") else word


@lru_cache(_KEPT)
def about_people(key: str) -> bool:
    """Whether what lies under `key` is about people: `saved_passengers`, `user`."""
    words = words_of(key)
    return bool(words) and singular(words[-1]) in PEOPLE


@lru_cache(_KEPT)
def container_of(key: str) -> str | None:
    """The entity of the ids that lie under `key`, as keys, as `id` or as members of a list: `payment_methods`."""
    words = words_of(key)
    if not words:
        return None
    last = singular(words[-1])
    have = {singular(word) for word in words}
    if have & {"payment", "card", "giftcard", "wallet", "iban"} or last == "account":
        return None if have & {"status", "type", "option", "boarding", "total", "summary"} else PAYMENT_ID
    if last in PEOPLE - _TECHNICAL:
        return USER_ID
    if last in _APP_HEADS and words[-1] != last:
        return APP_ID
    return None


SAFE: Final = Rule("")
"""What a policy says of a key whose values are nobody's."""


class KeyRules:
    """The rules in force under a policy: its own keys first, then the word rules.

    Args:
        own: key → entity of its values.
        app_ids: whether ids of the application count.
        safe: keys whose values are nobody's; one that is in `own` too is not safe.
        strict: whether values under keys that say nothing are judged by their looks.
        languages: tables beside those that are built in.
    """

    def __init__(
        self,
        own: Mapping[str, str],
        app_ids: bool,
        safe: Iterable[str] = (),
        strict: bool = False,
        languages: tuple[Language, ...] = (),
    ) -> None:
        self._own = dict.fromkeys(("".join(words_of(key)) for key in safe), SAFE)
        self._own |= {"".join(words_of(key)): Rule(entity, own=True) for key, entity in own.items()}
        self._app_ids = app_ids
        self.strict = strict
        self.languages = languages_of(languages)
        """Words and shapes of other languages than English."""
        self.rule = lru_cache(_KEPT)(self._rule)
        """What a key says of its value: `rule(key)`."""

    def _rule(self, key: str) -> Rule | None:
        own = self._own.get("".join(words_of(key))) if self._own else None
        if own is not None:
            return own
        rule = rule_of(key[:_LONGEST_KEY])
        return None if rule is not None and rule.entity == APP_ID and not self._app_ids else rule

    def container(self, key: str) -> str | None:
        """The entity of the ids that lie under `key`."""
        entity = container_of(key[:_LONGEST_KEY])
        return None if entity == APP_ID and not self._app_ids else entity
