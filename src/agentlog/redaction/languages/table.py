"""What a language is to redaction: a table of words and shapes.

Everything that finds is in `search`; a table only says which words and which shapes of numbers and addresses a language
has. Phrases are written in lower case and parted by `|`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from agentlog.errors import ConfigurationError
from agentlog.redaction.entities import ENTITIES, NATIONAL_ID, Finding

_LONGEST_BLANK = " " * 64


@dataclass(frozen=True, slots=True)
class IdNumber:
    """One kind of number of people (or accounts): the words that announce it, its shape, its check digits."""

    cues: str
    """Phrases, parted by `|`, that say that such a number follows. What follows one of them counts with wrong check digits
    too: people mistype."""
    pattern: str
    """The number's shape as a regular expression, with bounded repetitions only."""
    check: Callable[[str], bool] | None = None
    """Whether the check digits of a number of that shape are right; needed for `alone`."""
    alone: str = ""
    """The shape in which it is found without any cue, in a text of the language, if the check digits are right."""
    entity: str = NATIONAL_ID
    near: int = 32
    """How many characters behind the cue it begins at most."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language's words and shapes; whatever it does not say is not looked for.

    A language of your own goes into `RedactionPolicy(languages=(…,))`, beside those that are built in. Patterns are Python
    regular expressions; give every repetition a bound, or a hostile text can make them slow.

    Example:
        >>> from agentlog.redaction import RedactionPolicy, Redactor
        >>> dutch = Language("nl", signs="het|een|niet", titles="mevrouw|meneer", names="ik heet|mijn naam is")
        >>> Redactor(RedactionPolicy(languages=(dutch,)), pseudonym_key=b"k").text("Ik heet Saskia Bakker.")
        'Ik heet <PERSON_1_GIVEN> <PERSON_1_FAMILY>.'

    Raises:
        ConfigurationError: a pattern is no regular expression, or matches an empty text; an entity does not exist.
    """

    code: str
    """Its ISO 639 code, as a name: "de"."""
    signs: str = ""
    """Frequent words that English does not have. One of them in a text, and shapes are looked for without a cue."""
    weak: str = ""
    """Frequent words that English may have too: three different ones in a text are a sign."""
    titles: str = ""
    """Words before a name: one word behind them is a name, and they may follow one another."""
    names: str = ""
    """Phrases right before a name, such as "my name is": one word behind them is enough."""
    selves: str = ""
    """Phrases before a name that stand before everything else as well, such as "this is": what is behind them is a name if the
    names table knows it, or if it is two words and none of them is an ordinary one."""
    articles: str = ""
    """Words such as "the" that may stand between what announces a name and the name."""
    roles: str = ""
    """Words that a name may follow, such as "patient": two words are needed, or one and then a mark."""
    closings: str = ""
    """Phrases at the end of a letter: the next line is a name."""
    joints: str = ""
    """Words between two names, such as "and"."""
    copulas: str = ""
    """Words such as "is", between what announces a name and the name."""
    not_names: str = ""
    """Words with a capital letter that no name goes beyond."""
    phones: str = ""
    """Words that announce a phone number."""
    phone: str = ""
    """How phone numbers are written within the country."""
    births: str = ""
    """Words beside which a date is a date of birth, before it or behind it."""
    months: str = ""
    """The names of the months with their short forms, from January on: months are parted by `|`, the forms by a blank."""
    addresses: str = ""
    """Words that announce an address."""
    place: str = ""
    """The shape of an address that stands for itself."""
    place_behind: str = ""
    """The shape of an address behind one of the words that announce it; `place` is tried there as well."""
    postcodes: str = ""
    """Words that announce a postal code."""
    postcode: str = ""
    """The shape of a postal code."""
    ids: tuple[IdNumber, ...] = ()
    script: str = ""
    """A pattern for characters: in a text with one of them, `more` and the shapes are looked for. For languages that do
    not part words by blanks."""
    more: Callable[[str], Iterator[Finding]] | None = None
    """Whatever no table can say: findings in a text."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", tuple(self.ids))
        patterns = {name: getattr(self, name) for name in ("phone", "place", "place_behind", "postcode", "script")}
        for number in self.ids:
            patterns |= {f"ids pattern {number.pattern!r}": number.pattern, f"ids alone {number.alone!r}": number.alone}
            if number.entity not in ENTITIES:
                raise ConfigurationError(
                    f"language {self.code!r} has no entity {number.entity!r}. There is: {', '.join(ENTITIES)}"
                )
            if number.alone and number.check is None:
                raise ConfigurationError(f"language {self.code!r}: ids alone {number.alone!r} needs a check function")
        for name, pattern in patterns.items():
            try:
                empty = bool(pattern) and any(re.match(pattern, text) for text in ("", _LONGEST_BLANK))
            except re.error as error:
                raise ConfigurationError(f"language {self.code!r}: {name} is no regular expression: {error}") from None
            if empty:
                raise ConfigurationError(
                    f"language {self.code!r}: {name} matches an empty text; it would match anywhere"
                )

    def fingerprint(self) -> dict[str, Any]:
        """All that the table says, as JSON can hold it: part of the policy's name."""
        said: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "ids"}
        said["more"] = _named(self.more)
        said["ids"] = [[one.cues, one.pattern, _named(one.check), one.alone, one.entity, one.near] for one in self.ids]
        return said


def _named(function: Callable[..., object] | None) -> str:
    """A function as it is called in every process."""
    if function is None:
        return ""
    return f"{function.__module__}.{getattr(function, '__qualname__', type(function).__qualname__)}"


def phrases(said: str) -> tuple[str, ...]:
    """`a|b c` → `("a", "b c")`; without empty ones."""
    return tuple(phrase for phrase in (part.strip() for part in said.split("|")) if phrase)
