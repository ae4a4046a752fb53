"""A hold-out for the languages: agent messages nothing was tuned to, and what redaction leaves of the values in them.

Run from the checkout's root:

    python -m benchmarks.languages_unseen benchmarks.leak:text        FACTORY() -> f(text) -> text
    python -m benchmarks.languages_unseen benchmarks.leak:text -v     prints what was left, and what changed

Forty messages a language in German, French, Spanish, Portuguese (twenty each for Portugal and Brazil), Japanese and
Chinese, as customer service, clinics, offices, banks, staff departments, carriers and travel agents write them, and ten
a language in which nothing is personal. They were written without a look at the rules, and every value stands in its
message by hand. The scorer is that of `benchmarks.languages`: a value has leaked when at least half of it is left in
one piece. `number` are ids without a check digit of their own (plates, passports, policies, foreign offices' files);
no goal is set for them, nor for bare names and e-mail addresses.

Before anything is measured the bench checks itself: every id's check digits, that a redactor which does nothing leaks
all values, and that one which takes out exactly the values leaks none.
"""

from __future__ import annotations

import argparse
import importlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from benchmarks.languages import left
from benchmarks.languages_unseen_texts import MESSAGES, PLAIN

_MARK: Final = re.compile(r"\[\[(\w+):(.*?)\]\]", re.DOTALL)

CLASSES: Final[Mapping[str, str]] = {
    "n": "name", "b": "bare", "p": "phone", "a": "address", "d": "birth", "e": "e-mail", "o": "number", "iban": "iban",
}  # fmt: skip
"""The marks of the texts, and under what they are counted; every other mark is an id with check digits."""

COLUMNS: Final = ("name", "bare", "id", "iban", "phone", "address", "birth", "number", "e-mail")

GOALS: Final[Mapping[str, float]] = {"name": 10, "id": 0, "iban": 0, "phone": 5}
CHINESE_GOALS: Final[Mapping[str, float]] = {"name": 5, "id": 0, "phone": 0, "address": 10}


class Value(NamedTuple):
    """One personal value of a message."""

    mark: str
    text: str

    @property
    def counted_as(self) -> str:
        """The column this value is counted in."""
        return CLASSES.get(self.mark, "id")


def split(marked: str) -> tuple[str, list[Value]]:
    """The message as it is sent, and the values in it."""
    return _MARK.sub(lambda found: found[2], marked), [Value(*found) for found in _MARK.findall(marked)]


def _digits(value: str) -> list[int]:
    return [int(character) for character in value if character.isdigit()]


def _compact(value: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", value).upper()


def _weighted(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True))


def _digit_sums(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(sum(divmod(digit * weight, 10)) for digit, weight in zip(digits, weights, strict=True))


def _luhn(digits: list[int]) -> bool:
    doubled = [sum(divmod(digit * 2, 10)) if index % 2 else digit for index, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _mod11(digits: list[int], weights: tuple[int, ...]) -> int:
    rest = _weighted(digits, weights) % 11
    return 0 if rest < 2 else 11 - rest


def _steuer(value: str) -> bool:
    """German tax id: ISO 7064 mod 11,10, and among the first ten exactly one digit comes more than once."""
    digits = _digits(value)
    product = 10
    for digit in digits[:10]:
        product = ((digit + product) % 10 or 10) * 2 % 11
    repeated = [digit for digit, times in Counter(digits[:10]).items() if times > 1]
    return len(digits) == 11 and digits[0] > 0 and len(repeated) == 1 and (11 - product) % 10 == digits[10]


def _letter_pair(letter: str) -> list[int]:
    return list(divmod(ord(letter) - ord("A") + 1, 10))


def _kvnr(value: str) -> bool:
    """German health insurance number: letter, eight digits, check digit."""
    plain = _compact(value)
    digits = _letter_pair(plain[0]) + _digits(plain[1:])
    return len(plain) == 10 and _digit_sums(digits[:-1], (1, 2) * 5) % 10 == digits[-1]


def _rvnr(value: str) -> bool:
    """German pension insurance number: office, birth date, letter, series, check digit."""
    plain = _compact(value)
    digits = _digits(plain[:8]) + _letter_pair(plain[8]) + _digits(plain[9:])
    return len(plain) == 12 and _digit_sums(digits[:-1], (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)) % 10 == digits[-1]


def _nir(value: str) -> bool:
    plain = _compact(value).replace("2A", "19").replace("2B", "18")
    return len(plain) == 15 and 97 - int(plain[:13]) % 97 == int(plain[13:])


def _dni(value: str) -> bool:
    plain = _compact(value)
    return bool(re.fullmatch(r"\d{8}[A-Z]", plain)) and "TRWAGMYFPDXBNJZSQVHLCKE"[int(plain[:8]) % 23] == plain[8]


def _nie(value: str) -> bool:
    plain = _compact(value)
    return plain[0] in "XYZ" and _dni(str("XYZ".index(plain[0])) + plain[1:])


def _naf(value: str) -> bool:
    """Spanish social security number: province, eight digits, two check digits."""
    plain = _compact(value)
    return len(plain) == 12 and plain[2] != "0" and int(plain[:10]) % 97 == int(plain[10:])


def _nif(value: str) -> bool:
    digits = _digits(value)
    return len(digits) == 9 and _mod11(digits[:8], (9, 8, 7, 6, 5, 4, 3, 2)) == digits[8]


def _niss(value: str) -> bool:
    digits = _digits(value)
    return len(digits) == 11 and 9 - _weighted(digits[:10], (29, 23, 19, 17, 13, 11, 7, 5, 3, 2)) % 10 == digits[10]


def _cc(value: str) -> bool:
    """Portuguese citizen card: eight digits and their check digit, two letters and the check digit of all."""
    plain = _compact(value)
    return len(plain) == 12 and _nif(plain[:9]) and _luhn_letters(plain)


def _luhn_letters(plain: str) -> bool:
    numbers = [int(character, 36) for character in reversed(plain)]
    doubled = [number * 2 if index % 2 else number for index, number in enumerate(numbers)]
    return sum(n - 9 if index % 2 and n >= 10 else n for index, n in enumerate(doubled)) % 10 == 0


def _cpf(value: str) -> bool:
    digits = _digits(value)
    first, second = (10, 9, 8, 7, 6, 5, 4, 3, 2), (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)
    return len(digits) == 11 and _mod11(digits[:9], first) == digits[9] and _mod11(digits[:10], second) == digits[10]


def _cnpj(value: str) -> bool:
    digits = _digits(value)
    first, second = (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    return len(digits) == 14 and _mod11(digits[:12], first) == digits[12] and _mod11(digits[:13], second) == digits[13]


def _pis(value: str) -> bool:
    digits = _digits(value)
    return len(digits) == 11 and _mod11(digits[:10], (3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == digits[10]


def _cns(value: str) -> bool:
    """Brazilian health card that begins with 7, 8 or 9."""
    digits = _digits(value)
    return len(digits) == 15 and digits[0] in (7, 8, 9) and _weighted(digits, tuple(range(15, 0, -1))) % 11 == 0


def _mynumber(value: str) -> bool:
    digits = _digits(value)
    return len(digits) == 12 and _mod11(digits[:11], (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) == digits[11]


def _zhid(value: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return len(value) == 18 and "10X98765432"[_weighted(_digits(value[:17]), weights) % 11] == value[17]


def _card(value: str) -> bool:
    return len(_digits(value)) == 19 and _luhn(_digits(value))


def _iban(value: str) -> bool:
    """The check digits of the IBAN, its length, and the account's own check digits for France and Spain."""
    plain = _compact(value)
    as_number = int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4]))
    lengths = {"DE": 22, "AT": 20, "FR": 27, "ES": 24, "PT": 25}
    if as_number % 97 != 1 or len(plain) != lengths[plain[:2]]:
        return False
    inner = plain[4:]
    if plain[:2] == "ES":
        weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
        sums = (_weighted(_digits("00" + inner[:8]), weights), _weighted(_digits(inner[10:]), weights))
        return inner[8:10] == "".join(str((0, 1, *range(9, 1, -1))[total % 11]) for total in sums)
    if plain[:2] == "FR":
        letters = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
        bank, office, account = (int(part.translate(letters)) for part in (inner[:5], inner[5:10], inner[10:21]))
        return 97 - (89 * bank + 15 * office + 3 * account) % 97 == int(inner[21:])
    return True


CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "steuer": _steuer, "kvnr": _kvnr, "rvnr": _rvnr, "nir": _nir, "dni": _dni, "nie": _nie, "naf": _naf, "nif": _nif,
    "niss": _niss, "cc": _cc, "cpf": _cpf, "cnpj": _cnpj, "pis": _pis, "cns": _cns, "mynumber": _mynumber,
    "zhid": _zhid, "card": _card, "iban": _iban,
}  # fmt: skip


def check(messages_of: Mapping[str, tuple[str, ...]] = MESSAGES) -> None:
    """Checks the bench itself.

    Raises:
        AssertionError: When an id is wrong, or a value would count as left with every value taken out, or as taken out
            from an untouched message.
    """
    for language, messages in messages_of.items():
        for message in messages:
            text, values = split(message)
            taken_out = _MARK.sub("[*]", message)
            for value in values:
                if value.mark in CHECKS and not CHECKS[value.mark](value.text):
                    raise AssertionError(f"{language}: {value.text!r} is no valid {value.mark}")
                if value.mark not in CHECKS and value.mark not in CLASSES:
                    raise AssertionError(f"{language}: {value.mark!r} is no mark")
                if not left(value.text, text) or left(value.text, taken_out):
                    raise AssertionError(f"{language}: {value.text!r} cannot be told from its message {text!r}")


def main(
    messages_of: Mapping[str, tuple[str, ...]] = MESSAGES, plain_of: Mapping[str, tuple[str, ...]] = PLAIN
) -> None:
    """Prints how much is left, by language and class, and how many plain messages were changed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("redactor", help="MODULE:FACTORY; FACTORY() -> f(text) -> text")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what was left, and what changed")
    arguments = parser.parse_args()
    check(messages_of)
    module, factory = arguments.redactor.split(":")
    redact: Callable[[str], str] = getattr(importlib.import_module(module), factory)()
    true: Counter[tuple[str, str]] = Counter()
    leaked: Counter[tuple[str, str]] = Counter()
    for language, messages in messages_of.items():
        for message in messages:
            text, values = split(message)
            redacted = redact(text)
            for value in values:
                true[language, value.counted_as] += 1
                if left(value.text, redacted):
                    leaked[language, value.counted_as] += 1
                    if arguments.verbose:
                        print(f"{language} {value.counted_as} ({value.mark}): {value.text!r} left in {redacted!r}")
    changed = {language: [one for one in plain if redact(one) != one] for language, plain in plain_of.items()}
    if arguments.verbose:
        for language, plain in changed.items():
            for one in plain:
                print(f"{language} changed: {one!r} to {redact(one)!r}")
    print("leaked in % " + "".join(f"{column:>15s}" for column in COLUMNS) + "  changed plain")
    for language in messages_of:
        goals = CHINESE_GOALS if language == "zh" else GOALS
        cells = [_cell(leaked[language, one], true[language, one], goals.get(one)) for one in COLUMNS]
        print(f"{language:12s}" + "".join(cells) + f"{len(changed[language]):>10d} of {len(plain_of[language])}")
    totals = [
        (sum(leaked[one, column] for one in messages_of), sum(true[one, column] for one in messages_of))
        for column in COLUMNS
    ]
    print(f"{'all':12s}" + "".join(_cell(a, n, None) for a, n in totals))
    print(f"goals: {dict(GOALS)}; zh {dict(CHINESE_GOALS)}; '!' is over the goal")


def _cell(leaked: int, true: int, goal: float | None) -> str:
    """`leaked` of `true` as it is printed, marked where the goal is missed."""
    share = 100 * leaked / max(true, 1)
    return f"{f'{leaked}/{true} {share:.0f}':>14s}" + ("!" if goal is not None and share > goal else " ")


if __name__ == "__main__":
    main()
