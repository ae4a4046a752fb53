"""Whether a value looks like what its key says, and what it is when the key was vague."""

# ruff: noqa: RUF001 - typographic quotes, dashes and Chinese punctuation are what is looked for

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from agentlog.redaction.dates import meanings
from agentlog.redaction.entities import (
    ADDRESS,
    APP_ID,
    CARD_LAST4,
    DOB,
    EMAIL,
    IP,
    MAC,
    NATIONAL_ID,
    PAYMENT_ID,
    PERSON,
    PHONE,
    SECRET,
    USER_ID,
    ZIP,
)
from agentlog.redaction.keys import Rule
from agentlog.redaction.words import NOT_VALUES, ORDINARY

_LONGEST: Final = 400
_IDLIKE: Final = re.compile(r"(?=[^0-9]{0,63}[0-9])[#@A-Za-z0-9][\w.@+-]{3,63}", re.ASCII)
_DATE_OR_NUMBER: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]{1,3}(?:[.,][0-9]+)?|[0-9]+[.,][0-9]+", re.ASCII
)
_NAME: Final = re.compile(r"[^\W\d_][^\d_@/\\:;<>{}\[\]()=|#*\"]{0,59}")
_CAPITALISED: Final = re.compile(r"[^\W\d_a-z][^\W\d_]*(?:[ '’.-]{1,2}[^\W\d_][^\W\d_]*){0,4}\.?")
_PLACEHOLDER: Final = re.compile(
    r"(?:[a-z]{1,12}[_-]){0,4}(?:<[A-Z][A-Z0-9_]{1,40}>|<(?:BLOB|REDACTION_FAILED) [^<>]{1,80}>)(?:[ ,]{1,2}<[A-Z][A-Z0-9_]{1,40}>){0,6}"
)
_EMAIL: Final = re.compile(r"[^\s@]{1,64}@[A-Za-z0-9.-]{1,255}\.[A-Za-z]{2,24}", re.ASCII)
_ADDRESS_LIKE: Final = re.compile(
    r"(?=.{0,80}[0-9])[^\n]{4,200}|[^\W\d_]+(?:[ '’-][^\W\d_]+){1,6}|[\u4e00-\u9fff].{3,80}"
)
_TOKEN_VALUE: Final = re.compile(r"(?=[\x21-\x7e]{0,200}[0-9])[\x21-\x7e]{8,}")

_REFERENCE: Final = re.compile(
    r"(?:(?:[Bb]earer|[Bb]asic|[Tt]oken|ApiKey)[ \t]{0,4})?(?:"
    r"\$\{[A-Za-z_]\w{0,63}\}|\$(?:[A-Z_][A-Z0-9_]{0,63}|[a-z_]{1,64})|\$[({].{0,200}|\{\{.{0,200}|\{[A-Za-z_][\w.()\[\]\"']{0,63}\}|<[A-Za-z][\w .-]{0,63}>|%[A-Z0-9_]{1,63}%|%\(?\w{1,63}\)?s"
    r"|.{0,40}(?:environ|getenv|process\.env|import\.meta).{0,200}|(?:vault|env|secret|ref|file|arn|op|ssm):[\w/.:-]{1,200}"
    r"|[A-Z][A-Z0-9_]{0,60}_(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|PAT)|[`*\"'.,;:)]{0,4})",
    re.ASCII | re.DOTALL,
)


def reference(value: str) -> bool:
    """Whether `value` says where a secret is instead of being one: `${TOKEN}`, `{{ password }}`, `<your key>`, `os.environ[…]`.

    >>> reference("$DB_PASSWORD"), reference("pa$$word1")
    (True, False)
    """
    return _REFERENCE.fullmatch(value.strip()) is not None


def empty(value: str) -> bool:
    """Whether `value` says nothing: "", "-", "null", a word that names a kind instead of a thing, a placeholder of ours."""
    value = value.strip()
    return value.lower() in NOT_VALUES or not value.strip("-_.*•#") or _PLACEHOLDER.fullmatch(value) is not None


def idlike(value: str) -> bool:
    """Whether `value` may be an id: one word of at least four characters with a digit, no date and no amount."""
    return _IDLIKE.fullmatch(value) is not None and _DATE_OR_NUMBER.fullmatch(value) is None


def person_like(value: str) -> bool:
    """Whether `value` may be somebody's name: two or three capitalised words that are not ordinary ones."""
    if _CAPITALISED.fullmatch(value) is None:
        return bool(re.fullmatch(r"[\u4e00-\u9fff·]{2,6}", value))
    words = re.split(r"[ .]+", value.strip(". "))
    return 2 <= len(words) <= 4 and not any(word.lower() in ORDINARY for word in words)


def judged(rule: Rule, value: str) -> str | None:
    """The entity of `value` under a key with `rule`; None when it does not look the part.

    >>> judged(Rule("ADDRESS", weak=True), "10.0.0.7"), judged(Rule("SECRET", weak=True), " the")
    ('IP', None)
    """
    value = value.strip()
    if empty(value):
        return None
    entity = rule.entity
    if rule.own:
        return entity
    if entity == SECRET:
        if reference(value):
            return None
        return SECRET if not rule.weak or _TOKEN_VALUE.fullmatch(value) or value.isdigit() else None
    if len(value) > _LONGEST:
        return None
    if "@" in value and entity in (EMAIL, PERSON, USER_ID, ADDRESS) and _EMAIL.fullmatch(value):
        return EMAIL
    return _LOOKS[entity](rule, value) if entity in _LOOKS else entity


def _person(rule: Rule, value: str) -> str | None:
    if rule.weak:
        return PERSON if person_like(value) else None
    return PERSON if _NAME.fullmatch(value) and value.count(" ") <= 6 else None


def _user_id(rule: Rule, value: str) -> str | None:
    if rule.weak:
        return USER_ID if idlike(value) else None
    if any(character.isspace() for character in value):
        return PERSON if person_like(value) else None
    # `7` or `c-1` tells nobody apart outside its table, and could not be found again in a text; `bob` is a login name
    return USER_ID if len(value) >= 4 or value.isalpha() else None


def _address(rule: Rule, value: str) -> str | None:
    if value.startswith(("http://", "https://", "0x")) or "://" in value:
        return None
    if _ADDRESS_V4.fullmatch(value):
        return IP
    if rule.weak:
        return ADDRESS if (any(c in value for c in " \n") and _ADDRESS_LIKE.match(value)) or value >= "\u4e00" else None
    return ADDRESS


def _digits(least: int, most: int, entity: str) -> Callable[[Rule, str], str | None]:
    def looks(rule: Rule, value: str) -> str | None:
        return entity if least <= sum(c.isdigit() for c in value) <= most else None

    return looks


def _payment(rule: Rule, value: str) -> str | None:
    return PAYMENT_ID if not any(c.isspace() for c in value.strip()) or _MOSTLY_DIGITS.fullmatch(value) else None


_ADDRESS_V4: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]{1,5})?", re.ASCII)
_MOSTLY_DIGITS: Final = re.compile(r"[A-Z0-9]{2,6}(?:[ -][A-Z0-9]{1,6}){1,8}", re.ASCII)
_LOOKS: Final[dict[str, Callable[[Rule, str], str | None]]] = {
    PERSON: _person,
    USER_ID: _user_id,
    ADDRESS: _address,
    PAYMENT_ID: _payment,
    EMAIL: lambda rule, value: EMAIL if "@" in value and " " not in value else None,
    PHONE: _digits(6, 20, PHONE),
    ZIP: _digits(2, 10, ZIP),
    NATIONAL_ID: _digits(3, 24, NATIONAL_ID),
    CARD_LAST4: lambda rule, value: CARD_LAST4 if value.isdigit() and len(value) == 4 else None,
    DOB: lambda rule, value: DOB if meanings(value) or any(c.isdigit() for c in value) else None,
    IP: lambda rule, value: IP if value.count(".") == 3 or value.count(":") > 1 else None,
    MAC: lambda rule, value: MAC if value.count(":") == 5 or value.count("-") == 5 else None,
    APP_ID: lambda rule, value: APP_ID if " " not in value else None,
}
