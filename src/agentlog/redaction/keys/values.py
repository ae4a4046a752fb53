"""Whether a value looks like what its key says, and what it is when the key was vague."""

# ruff: noqa: RUF001 - typographic quotes, dashes and Chinese punctuation are what is looked for

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

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
from agentlog.redaction.keys.word_rules import HANDLE, PASS, Rule
from agentlog.redaction.languages.dates import meanings
from agentlog.redaction.words.lists import (
    NAME_SUFFIXES,
    NOT_VALUES,
    ORDINARY,
    ORGANISATION,
    PARTICLES,
    ROLE_MAILBOXES,
    TITLES,
)
from agentlog.redaction.words.name_table import FAMILY, GIVEN, NAME, PLACE, WORD, is_word, known
from agentlog.redaction.words.text import TURNS

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
_TOWN: Final = re.compile(r"[^\d,\n]{2,40}, [A-Z]{2}")
"""A town and its state: `Springfield, IL`."""
_TOKEN_VALUE: Final = re.compile(r"(?=[\x21-\x7e]{0,200}[0-9])[\x21-\x7e]{8,}")

_REFERENCE: Final = re.compile(
    r"(?:(?:[Bb]earer|[Bb]asic|[Tt]oken|ApiKey)[ \t]{0,4})?(?:"
    r"\$\{[A-Za-z_]\w{0,63}\}|\$(?:[A-Z_][A-Z0-9_]{0,63}|[a-z_]{1,64})(?:/[\w./#-]{0,200})?|\$[({].{0,200}|\{\{.{0,200}|\{[A-Za-z_][\w.()\[\]\"']{0,63}\}|<[A-Za-z][\w .-]{0,63}>|%[A-Z0-9_]{1,63}%|%\(?\w{1,63}\)?s|%[sdvqr]"
    r"|!(?:vault|encrypted|secret|env|env_var|include|reference|Ref|Sub|GetAtt|ImportValue|FindInMap|Join|If)(?:[/ \t].{0,200})?"
    r"|.{0,40}(?:environ|getenv|process\.env|import\.meta).{0,200}|(?:vault|env|secret|ref|file|arn|op|ssm):[\w/.:-]{1,200}"
    r"|[A-Z][A-Z0-9_]{0,60}_(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|PAT)|[`*\"'.,;:)]{0,4})",
    re.ASCII | re.DOTALL,
)

_VERSION: Final = re.compile(r"[~^>=<v ]{0,4}[0-9]{1,4}(?:\.[0-9]{1,6}){2,3}(?:[-+.][0-9a-z.]{1,20})?", re.ASCII)
"""`"password-validator": "5.3.0"`: a version of something that is called so."""


_INSTRUCTION: Final = re.compile(
    r"(?=.{0,80}(?:key|token|secret|pass|value|credential|your))(?:(?:[a-z]{2,6}[-_])?"
    r"(?:your|insert|enter|put|replace|paste|add|example|placeholder|dummy|fake)(?:[-_ ][a-z]{1,16}){1,6}"
    r"|(?:[a-z]{1,16}[-_ ]){1,6}here)|[a-z_-]{0,12}(?:\.{3}|\u2026)|(?:change|replace)[-_ ]?(?:me|this|it)",
    re.ASCII | re.IGNORECASE,
)
"""Words that tell somebody to put a secret there."""


def reference(value: str) -> bool:
    """Whether `value` says where a secret is instead of being one: `${TOKEN}`, `{{ password }}`, `your-key-here`, `os.environ[…]`.

    >>> reference("$DB_PASSWORD"), reference("pa$$word1")
    (True, False)
    """
    value = value.strip()
    if value.startswith("&lt;") and value.endswith("&gt;"):
        value = f"<{value[4:-4]}>"
    return _REFERENCE.fullmatch(value) is not None or _INSTRUCTION.fullmatch(value) is not None


def empty(value: str) -> bool:
    """Whether `value` says nothing: "", "-", "null", a word that names a kind instead of a thing, a placeholder of ours."""
    value = value.strip()
    if value.lower() in NOT_VALUES or not value.strip("-_.*•#") or (len(value) > 2 and not value.strip("xX")):
        return True
    return "<" in value and _PLACEHOLDER.fullmatch(value) is not None


def idlike(value: str) -> bool:
    """Whether `value` may be an id: one word of at least four characters with a digit, no date and no amount."""
    return _IDLIKE.fullmatch(value) is not None and _DATE_OR_NUMBER.fullmatch(value) is None


def person_like(value: str) -> bool:
    """Whether `value` may be somebody's name: two to four words with capital letters, none of them only an ordinary word.

    >>> person_like("Mia Li"), person_like("Grace Driver"), person_like("Blood Pressure"), person_like("Acme Corp")
    (True, True, False, False)
    """
    if _CAPITALISED.fullmatch(value) is None:
        return bool(re.fullmatch(r"[\u4e00-\u9fff·]{2,6}", value))
    words = [word.lower() for word in re.split(r"[ .,]+", value.strip(". ")) if word]
    names = [word for word in words if word not in TITLES and word not in NAME_SUFFIXES and word not in PARTICLES]
    if not 2 <= len(words) <= 6 or not 1 <= len(names) <= 4 or any(word in ORGANISATION for word in names):
        return False
    ordinary = sum(word in ORDINARY for word in names)
    if not ordinary:
        return not any(only_a_word(word) for word in names) and not known("_".join(names)) & PLACE
    # "Grace Driver": a word that people are called by too, behind a name that is no word
    return ordinary == 1 and len(names) == 2 and bool(known(names[0]) & GIVEN) and bool(known(names[1]) & FAMILY)


def only_a_word(word: str) -> bool:
    """Whether a word in lower case is an ordinary one that nobody is called by."""
    what = known(word)
    return is_word(word) if not what and len(word) > 4 else bool(what & WORD) and not what & NAME


_LEADING_NAME: Final = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau)\.? )?([^\W\d_a-z][^\W\d_]{0,30}(?:[ '’-]{1,2}[^\W\d_][^\W\d_]{0,30}){1,3}\.?)(?= ?[-–—,;(|:<[\n/]| \+?[0-9])"
)


def leading_name(value: str) -> tuple[int, int] | None:
    """Where a name stands with which `value` begins, before something else: `Mia Li (spouse)`.

    >>> leading_name("Mia Li - 555 0100"), leading_name("Mia Li")
    ((0, 6), None)
    """
    match = _LEADING_NAME.match(value)
    return match.span(1) if match is not None and person_like(match.group(1)) else None


_SLASHED: Final = re.compile(
    r"([^\W\d_]{2,30}(?:[ '-][^\W\d_]{2,30}){0,2})/([^\W\d_]{2,30}(?:[ '-][^\W\d_]{2,30}){0,2}?)(?: ?(?:MR|MRS|MS|MISS|MSTR|CHD|INF|DR))?",
    re.IGNORECASE,
)


def slashed_name(value: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Where family and given name stand in `LI/MIA MRS`, as airlines write; None: it is no such name."""
    match = _SLASHED.fullmatch(value) if "/" in value else None
    return (match.span(1), match.span(2)) if match is not None else None


def is_mailbox(value: str) -> bool:
    """Whether this is somebody's e-mail address, and not one of a role: `mia@example.org`, not `support@example.org`."""
    return "@" in value and _EMAIL.fullmatch(value) is not None and value.split("@")[0].lower() not in ROLE_MAILBOXES


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
        if reference(value) or _VERSION.fullmatch(value) or (" " in value and _asks(value)):
            return None
        if rule.part == PASS and value.lower() in _OUTCOMES:
            return None
        looks = not rule.weak or _TOKEN_VALUE.fullmatch(value) or value.isdigit() or _taking_turns(value)
        return SECRET if looks else None
    if len(value) > _LONGEST:
        return None
    if entity in (PERSON, ADDRESS) and _FIELD.fullmatch(value) is not None:
        return None
    if "@" in value and entity in (EMAIL, PERSON, USER_ID, ADDRESS) and _EMAIL.fullmatch(value):
        return EMAIL
    return _LOOKS[entity](rule, value) if entity in _LOOKS else entity


def _taking_turns(value: str) -> bool:
    """Whether capitals and small letters take turns in a long word as in no name of a program's: `YxNkZmZrQmPwTKen`."""
    return len(value) >= 16 and value.isascii() and value.isalpha() and 3 * len(TURNS.findall(value)) > len(value)


_OUTCOMES: Final = frozenset(
    "ok okay pass passed fail failed failure success successful succeeded skipped done partial partially".split()
)
"""How something went: `smtp_pass: ok`."""
_FIELD: Final = re.compile(
    r"(?:[A-Za-z-]{1,20} ){0,4}(?:name|surname|address|initials?|address line [0-9])[:*?]?", re.ASCII | re.IGNORECASE
)
"""The name of a field instead of a value: `First name`."""
_ASKING: Final = frozenset(
    "password passphrase secret token key your enter choose please required must forgot reset invalid confirm repeat show hide".split()
)


def may_be_password(value: str) -> bool:
    """Whether what stands beside a login name may be a password: one word, and none that says how something went."""
    return (
        len(value) >= 4 and value.lower() not in ORDINARY and judged(_PASSWORD, value) is not None and " " not in value
    )


_PASSWORD: Final = Rule(SECRET, PASS)


def _asks(text: str) -> bool:
    """Whether this is the label of a field for a secret, or a message about one: `Choose a password`."""
    return not any(map(str.isdigit, text)) and not _ASKING.isdisjoint(text.lower().rstrip(".:!?").split())


def _person(rule: Rule, value: str) -> str | None:
    if rule.weak and not (rule.part and " " not in value):
        return PERSON if person_like(value) or (" " in value and slashed_name(value) is not None) else None
    if rule.weak and (not value[0].isupper() or only_a_word(value.lower()) or value.lower() in ORDINARY):
        return None
    if slashed_name(value) is not None:
        return PERSON
    return PERSON if _NAME.fullmatch(value) and value.count(" ") <= 6 else None


_HANDLE: Final = re.compile(r"@[A-Za-z0-9_][\w.-]{1,39}|(?=.{4,40}\Z)[A-Za-z]+(?:[._-]?[A-Za-z0-9]+){0,4}", re.ASCII)
_LETTERS: Final = re.compile("[A-Z]?[a-z]+|[A-Z]+")


def _is_handle(value: str) -> bool:
    """Whether somebody may be called so in a network: `@mia`, `mia.li`, and not what a setting is: `enabled`, `business_page`."""
    if _HANDLE.fullmatch(value) is None:
        return False
    words = [word.lower() for word in _LETTERS.findall(value) if len(word) > 2]
    named = len(words) > 1 and all(known(word) & NAME for word in words)
    return value[0] == "@" or named or not all(map(is_word, words))


_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}", re.ASCII)


def _user_id(rule: Rule, value: str) -> str | None:
    if rule.weak:
        if rule.part == HANDLE and _is_handle(value):
            return USER_ID
        return USER_ID if idlike(value) and _UUID.fullmatch(value) is None else None
    if any(map(str.isspace, value)):
        return PERSON if person_like(value) else None
    # `7` or `c-1` tells nobody apart outside its table, and could not be found again in a text; `bob` is a login name
    return USER_ID if len(value) >= 4 or value.isalpha() else None


def _address(rule: Rule, value: str) -> str | None:
    if value.startswith("0x") or "://" in value:
        return None
    if _ADDRESS_V4.fullmatch(value):
        return IP
    if rule.weak:
        if _TOWN.fullmatch(value) is not None:
            return None  # no street in it
        return ADDRESS if (any(c in value for c in " \n") and _ADDRESS_LIKE.match(value)) or value >= "\u4e00" else None
    return ADDRESS


def _digits(least: int, most: int, entity: str) -> Callable[[Rule, str], str | None]:
    def looks(rule: Rule, value: str) -> str | None:
        return entity if least <= sum(map(str.isdigit, value)) <= most else None

    return looks


_NUMBERED: Final = re.compile(
    r"(?:[A-Z]{1,4}[ -]?(?:[A-Z] )?|[a-z]-?)?(?=(?:[^0-9]{0,3}[0-9]){6})[0-9](?:[ ./+-]?[0-9]|[ -]?[A-Z]{1,3}(?=[ -]?[0-9]|\Z)){5,24}",
    re.ASCII,
)
"""What states give to people: six digits or more in groups, with a few letters."""
_FRACTION: Final = re.compile(r"-?[0-9]{1,3}\.[0-9]{1,2}|-?[01]\.[0-9]{1,20}", re.ASCII)
_PLATE: Final = re.compile(r"(?=[A-Z -]{0,8}[0-9])[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{1,4}){1,3}", re.ASCII)


def _national(rule: Rule, value: str) -> str | None:
    if _FRACTION.fullmatch(value) is not None:
        return None  # the sine of something, the share of a fee
    if rule.weak:
        return NATIONAL_ID if _NUMBERED.fullmatch(value) is not None and not _DATE_OR_NUMBER.fullmatch(value) else None
    digits = sum(map(str.isdigit, value))
    coded = bool(digits) and ((value.isalnum() and 6 <= len(value) <= 20) or _PLATE.fullmatch(value) is not None)
    return NATIONAL_ID if digits > 2 or coded else None


def _payment(rule: Rule, value: str) -> str | None:
    if sum(map(str.isdigit, value)) < (6 if rule.weak else 1):
        return None
    return PAYMENT_ID if not any(map(str.isspace, value)) or _MOSTLY_DIGITS.fullmatch(value) else None


_ADDRESS_V4: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]{1,5})?", re.ASCII)
_MOSTLY_DIGITS: Final = re.compile(r"[A-Z0-9]{1,14}(?:[ ./\u2013-]{1,5}[A-Z0-9]{1,14}){1,11}", re.ASCII)
_LOOKS: Final[dict[str, Callable[[Rule, str], str | None]]] = {
    PERSON: _person,
    USER_ID: _user_id,
    ADDRESS: _address,
    PAYMENT_ID: _payment,
    EMAIL: lambda rule, value: EMAIL if "@" in value and " " not in value else None,
    PHONE: _digits(6, 20, PHONE),
    ZIP: _digits(2, 10, ZIP),
    NATIONAL_ID: _national,
    CARD_LAST4: lambda rule, value: CARD_LAST4 if value.isdigit() and len(value) == 4 else None,
    DOB: lambda rule, value: DOB if any(map(str.isdigit, value)) or meanings(value) else None,
    IP: lambda rule, value: IP if value.count(".") == 3 or value.count(":") > 1 else None,
    MAC: lambda rule, value: MAC if value.count(":") == 5 or value.count("-") == 5 else None,
    APP_ID: lambda rule, value: APP_ID if " " not in value else None,
}
