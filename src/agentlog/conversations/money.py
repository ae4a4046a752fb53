"""Where amounts of money stand in a text: beside a currency, under a key of JSON that says so, in a sum that is worked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

Span = tuple[int, int]

_NUM: Final = (
    r"(?:[0-9]{1,3}(?:[,.' \u00a0\u202f][0-9]{3})+(?:[.,][0-9]{1,4})?|[0-9]{1,12}(?:[.,][0-9]{1,4})?)(?![0-9])"
)
_BEFORE: Final = r"(?:US\$|R\$|[$€£¥￥₩₹]|\b(?:USD|EUR|GBP|CHF|CNY|RMB|JPY|BRL|CAD|AUD|Rs)\b)"
_BEHIND: Final = r"(?:[€£¥￥元円]|(?:USD|EUR|GBP|CHF|CNY|RMB|JPY|BRL|dollars?|euros?|pounds?|yuan|yen|reais|francs?)\b|(?:万|億|亿)?[元円])"
AMOUNT: Final = re.compile(
    rf"{_BEFORE}[ \u00a0]?(?P<before>{_NUM})(?![%])|(?<![\w.,/-])(?P<behind>{_NUM})[ \u00a0\u202f-]?{_BEHIND}",
    re.IGNORECASE,
)
"""An amount and its currency; the number is the group that matched."""
NUMBER: Final = re.compile(
    r"(?<![\w.,:/$€£¥-])[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,4})?(?![\w%]|[.,:/-][0-9])|(?<![\w.,:/$€£¥])[0-9]{1,12}(?:\.[0-9]{1,4})?(?![\w%]|[.,:/-][0-9])"
)
"""A number that stands alone."""
EXPRESSION: Final = re.compile(r"[0-9(][0-9.,+*/() \t-]{2,400}[0-9)]")
"""What may be a sum: `is_expression` says whether it is one."""
_OPERATOR: Final = re.compile(r"[0-9)][ \t]*[+*][ \t]*[0-9(]|[0-9)][ \t]+[-/][ \t]+[0-9(]")

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:]|-?[0-9][0-9.eE+-]*')
_PLAIN: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_MONEY: Final = frozenset(
    """price prices cost costs fare fares fee fees amount amounts paid payment payments refund refunds charge charges balance subtotal
    total totals salary income budget revenue deposit discount tax taxes tip surcharge premium rent wage credit debit due owed
    spend spent usd eur gbp money""".split()
)
_NO_MONEY: Final = frozenset(
    """id ids count counts number num quantity qty percent percentage pct rate ratio days hours minutes seconds time date year month
    day weeks age tokens items pages rows size weight length points miles version code index status type method methods category
    retries attempts calls messages users""".split()
)


def is_expression(text: str) -> bool:
    """Whether numbers are worked out there: `2 * (152 + 99) + 30`, and no telephone number or range.

    >>> is_expression("2 * (152 + 99)"), is_expression("415-555-0134"), is_expression("2024-05-15")
    (True, False, False)
    """
    return _OPERATOR.search(text) is not None


def says_money(key: str) -> bool:
    """Whether a key speaks of money: `totalPrice`, `refund_amount`; not `payment_id`, `total_count`, `discount_percent`.

    >>> [says_money(key) for key in ("totalPrice", "payment_id", "discount_percent", "total_baggages", "total")]
    [True, False, False, False, True]
    """
    words = [word.lower() for word in _WORDS.findall(key)]
    if not _MONEY.intersection(words) or _NO_MONEY.intersection(words):
        return False
    return not (words[0] in ("total", "totals") and len(words) > 1 and _MONEY.isdisjoint(words[1:]))


def in_json(text: str) -> Iterator[Span]:
    """The numbers of a JSON text that stand under a key of money, also as texts, in lists and in objects below it.

    A bare `total` is one where there are others: it may be the number of results as well.
    """
    found = list(_under_money(text))
    others = any(not weak for _, weak in found)
    yield from (span for span, weak in found if others or not weak)


def _under_money(text: str) -> Iterator[tuple[Span, bool]]:
    stack: list[list[bool]] = []
    """Of each open bracket: whether what is in it is money, and whether the value that comes next is."""
    key, weak = "", False
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in "{[":
            money = stack[-1][1] if stack else False
            stack.append([money, money])
        elif token in "}]":
            if stack:
                stack.pop()
        elif token == ",":
            if stack:
                stack[-1][1] = stack[-1][0]
        elif token == ":":
            if stack:
                words = {word.lower() for word in _WORDS.findall(key)}
                weak = words <= {"total", "totals"}
                stack[-1][1] = says_money(key) or (stack[-1][0] and _NO_MONEY.isdisjoint(words))
        elif token[0] == '"':
            key = token[1:-1]
            if stack and stack[-1][1] and _PLAIN.fullmatch(key) and not _is_key(text, match.end()):
                yield (match.start() + 1, match.end() - 1), weak
        elif stack and stack[-1][1] and _PLAIN.fullmatch(token):
            yield match.span(), weak


def _is_key(text: str, end: int) -> bool:
    return text[end : end + 20].lstrip()[:1] == ":"
