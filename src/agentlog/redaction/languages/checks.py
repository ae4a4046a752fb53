"""The check digits of numbers that states give to people and firms. Blanks and marks between the digits do not matter."""

from __future__ import annotations

import re
from typing import Final

_LETTERS_ES: Final = "TRWAGMYFPDXBNJZSQVHLCKE"


def _plain(value: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", value).upper()


def german_tax_number(value: str) -> bool:
    """The Steuer-Identifikationsnummer: ISO 7064 MOD 11,10, and one digit more often than once, but never four times.

    >>> german_tax_number("86 095 742 719"), german_tax_number("86 095 742 718")
    (True, False)
    """
    digits = _plain(value)
    if len(digits) != 11 or not digits.isdecimal() or digits[0] == "0":
        return False
    if not 2 <= max(map(digits[:10].count, digits[:10])) <= 3:
        return False
    product = 10
    for digit in digits[:10]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def german_identity_card(value: str) -> bool:
    """Number of the Personalausweis with its check digit: weights 7, 3, 1 (ICAO 9303).

    >>> german_identity_card("T220001293"), german_identity_card("T220001294")
    (True, False)
    """
    plain = _plain(value)
    if len(plain) != 10 or not plain[9].isdigit():
        return False
    return sum(int(c, 36) * (7, 3, 1)[index % 3] for index, c in enumerate(plain[:9])) % 10 == int(plain[9])


def german_health_insurance(value: str) -> bool:
    """The Krankenversichertennummer: a letter as two digits, weights 1 and 2, sums of digits, modulo 10.

    >>> german_health_insurance("A123456780"), german_health_insurance("A123456781")
    (True, False)
    """
    plain = _plain(value)
    if len(plain) != 10 or not plain[0].isalpha() or not plain[1:].isdecimal():
        return False
    return _digit_sums(_letter(plain[0]) + plain[1:9], (1, 2) * 5) == int(plain[9])


def german_pension_insurance(value: str) -> bool:
    """The Versicherungsnummer: office, date of birth, letter, series, check digit; weights 2 1 2 5 7 1 2 1 2 1 2 1.

    >>> german_pension_insurance("15 070649 C 103"), german_pension_insurance("15 070649 C 104")
    (True, False)
    """
    plain = _plain(value)
    if len(plain) != 12 or not plain[8].isalpha() or not (plain[:8] + plain[9:]).isdecimal():
        return False
    return _digit_sums(plain[:8] + _letter(plain[8]) + plain[9:11], (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)) == int(
        plain[11]
    )


def _letter(letter: str) -> str:
    """A is 01, Z is 26."""
    return f"{ord(letter) - 64:02d}"


def _digit_sums(digits: str, weights: tuple[int, ...]) -> int:
    return sum(sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(digits, weights, strict=True)) % 10


def french_social_security(value: str) -> bool:
    """The NIR: 97 less the number modulo 97; Corsica's 2A and 2B count as 19 and 18.

    >>> french_social_security("2 55 08 14 168 025 38"), french_social_security("2 55 08 14 168 025 39")
    (True, False)
    """
    plain = _plain(value)
    if len(plain) != 15:
        return False
    number = plain[:13].replace("2A", "19").replace("2B", "18")
    return number.isdecimal() and plain[13:].isdecimal() and 97 - int(number) % 97 == int(plain[13:])


def spanish_identity(value: str) -> bool:
    """DNI and NIE: the letter is the number modulo 23; X, Y, Z in front of a NIE count as 0, 1, 2.

    >>> spanish_identity("12345678-Z"), spanish_identity("X1234567L"), spanish_identity("12345678A")
    (True, True, False)
    """
    plain = _plain(value)
    number = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return len(plain) == 9 and number.isdecimal() and _LETTERS_ES[int(number) % 23] == plain[-1]


def spanish_social_security(value: str) -> bool:
    """The number of afiliación: province and eight digits modulo 97.

    >>> spanish_social_security("28/5893592523"), spanish_social_security("28/5893592524")
    (True, False)
    """
    plain = _plain(value)
    return len(plain) == 12 and plain.isdecimal() and int(plain[:10]) % 97 == int(plain[10:])


def portuguese_tax_number(value: str) -> bool:
    """The NIF: weights 9 to 2, modulo 11.

    >>> portuguese_tax_number("123456789"), portuguese_tax_number("123456788")
    (True, False)
    """
    return _weighted(_plain(value), 9, (9, 8, 7, 6, 5, 4, 3, 2))


def brazilian_person(value: str) -> bool:
    """The CPF: two check digits modulo 11; eleven equal digits are none.

    >>> brazilian_person("529.982.247-25"), brazilian_person("529.982.247-26")
    (True, False)
    """
    plain = _plain(value)
    return (
        len(set(plain)) > 1
        and _weighted(plain[:10], 10, tuple(range(10, 1, -1)))
        and _weighted(plain, 11, tuple(range(11, 1, -1)))
    )


def brazilian_firm(value: str) -> bool:
    """The CNPJ: two check digits modulo 11.

    >>> brazilian_firm("11.222.333/0001-81"), brazilian_firm("11.222.333/0001-82")
    (True, False)
    """
    plain = _plain(value)
    weights = (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    return len(set(plain)) > 1 and _weighted(plain[:13], 13, weights) and _weighted(plain, 14, (6, *weights))


def japanese_individual(value: str) -> bool:
    """My Number: weights 6 to 2 and 7 to 2, modulo 11.

    >>> japanese_individual("1234 5678 9018"), japanese_individual("1234 5678 9019")
    (True, False)
    """
    return _weighted(_plain(value), 12, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))


def _weighted(digits: str, length: int, weights: tuple[int, ...]) -> bool:
    """Whether the last digit is 11 less the weighted sum modulo 11, and 0 where that has two digits."""
    if len(digits) != length or not digits.isdecimal() or not digits.isascii():
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return int(digits[-1]) == (0 if rest < 2 else 11 - rest)
