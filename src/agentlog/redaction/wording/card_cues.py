"""Whether four digits beside the word "card" are the end of a payment card: graphics cards and report cards have numbers too."""

from __future__ import annotations

import re
from typing import Final

_SURE: Final = re.compile(r"[*x•]|end", re.IGNORECASE)
"""Between the word and the digits: they are the last of more."""
_YEAR: Final = re.compile("(?:19|20)[0-9]{2}")
_WORD_BEFORE: Final = re.compile(r"([^\W\d_]+)[ -]\Z")
_PAYS: Final = frozenset(
    """credit debit bank gift giftcard prepaid payment visa mastercard amex discover maestro corporate company chase
    citi barclays monzo revolut platinum""".split()
)
"""Cards that people pay with …"""
_OWNERS: Final = frozenset("my your his her their our".split())
_OTHERS: Final = frozenset(
    """graphics graphic video sound audio memory sd microsd sim esim network ethernet wifi wireless expansion pci pcie rtx gtx gpu
    nvidia radeon geforce capture flash report score time index business greeting birthday christmas holiday post wild trump
    playing tarot magic pokemon pokémon trading baseball sports game red yellow punch trello jira kanban story task board note
    recipe boarding place invitation data bingo rate fact""".split()
)
"""… and those that nobody does."""
_COUNTED: Final = re.compile(
    r"[ -]?(?:[kmgt]i?b|mhz|ghz|points?|pts|pcs|pieces?|dollars?|euros?|pounds?|usd|eur|gbp|pages?|times|copies|series|x [0-9])(?![a-z])"
)
"""What says of a number before it that it is one of things."""
_MONEY: Final = frozenset(
    """pay pays paid paying payment payments charge charged charges charging refund refunded refunds refunding debit debited credit
    credited visa mastercard amex bank balance bill billed billing transaction transactions purchase purchases declined expired
    expires expiring expiration expiry cvv cvc wallet checkout fee fees cardholder paypal venmo statement dispute fraud
    fraudulent stolen atm withdraw withdrawal deposit billing subscription chargeback autopay""".split()
)
"""Words of a text that speaks of payment."""


def paid_with(text: str, low: str, tokens: frozenset[str], at: int, end: int, digits: tuple[int, int]) -> bool:
    """Whether what stands at `digits` is the end of a card's number, behind the word from `at` to `end`, or before it.

    `low` is `text` in lower case, `tokens` its words.
    """
    between = text[end : digits[0]]
    if between and _SURE.search(between) is not None:
        return True
    word = low[at:end]
    if word == "discover":
        return text[at] == "D" and not tokens.isdisjoint(_MONEY) and _YEAR.fullmatch(text, *digits) is None
    if word == "card":
        kind = _before(low, at)
        if digits[0] < at and not kind:
            kind = _before(low, digits[0])  # "my 1234 card"
        if kind in _PAYS:
            return True
        counted = low[end : end + 1].isalpha() if digits[0] < at else _COUNTED.match(low, digits[1]) is not None
        if kind in _OTHERS or counted:
            return False
        return kind in _OWNERS or not tokens.isdisjoint(_MONEY)
    return "card" in tokens or _YEAR.fullmatch(text, *digits) is None


def _before(low: str, at: int) -> str:
    """The word right before `at`, or ""."""
    before = _WORD_BEFORE.search(low, max(0, at - 24), at)
    return "" if before is None else before.group(1)
