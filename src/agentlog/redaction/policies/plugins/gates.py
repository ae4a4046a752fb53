"""What a text must hold for one of Presidio's own expressions to match at all: small tests that run before them.

Each belongs to one expression, known by its hash: a new version of Presidio whose expression differs is run without one.
They are written for the flags that Presidio compiles with (ignoring case, where `s` and `k` have a third form each).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final

Gate = Callable[[str], object]


def gate_of(regex: str, flags: int) -> Gate | None:
    """The test for one expression; None: it always has to run."""
    return _GATES.get(hashlib.sha256(regex.encode()).hexdigest()[:12]) if flags == _FLAGS else None


def _test(pattern: str) -> Gate:
    return re.compile(_digits(pattern), re.IGNORECASE).search


def _exact(pattern: str) -> Gate:
    return re.compile(_digits(pattern)).search


def _digits(pattern: str) -> str:
    """`#` is any digit, and whatever a newer Unicode than this Python's may call one."""
    return pattern.replace("[- #]", r"[- \d\U00010000-\U0010ffff]").replace("#", r"[\d\U00010000-\U0010ffff]")


def _holds(literal: str) -> Gate:
    return lambda text: literal in text


_FLAGS: Final = int(re.DOTALL | re.MULTILINE | re.IGNORECASE)
_HEX_ADDRESS: Final = re.compile(r"[0-9A-Fa-f]:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]")
_GATES: Final[dict[str, Gate]] = {
    # CreditCardRecognizer
    "f619fa242c93": _exact(r"#{3}[- ]?#{3,4}[- ]?#{3}"),
    # EmailRecognizer
    "004723abbb67": _holds("@"),
    # CryptoRecognizer
    "9d9a993fd6ae": _test(r"(?:bc1|[13])[a-z0-9]{25}"),
    # DateRecognizer
    "8231e9630090": _test(r"#-##-##T"),
    "de849c1681c9": _exact(r"#/##?/#"),
    "19ffdc2987b1": _exact(r"#/##?/#"),
    "4ccb5d61a4e1": _exact(r"#{4}/#"),
    "9d1fcea6de93": _exact(r"#-##?-#{4}"),
    "cd1cf05f027c": _exact(r"#-##?-#{4}"),
    "79e15fb16d77": _exact(r"#{4}-##?-#"),
    "ed7ea1289682": _exact(r"#\.##?\.#"),
    "9cca403b33cf": _test(r"#-[a-z\u017f]{3}-#"),
    "47b9242593e8": _test(r"[a-z\u017f]-##"),
    "94027aaf7693": _test(r"#-[a-z\u017f]{3}"),
    "52dd574bb25c": _exact(r"#/#{4}"),
    "cfd91e15ada3": _exact(r"#/##"),
    # MedicalLicenseRecognizer
    "8b00da21c7ca": _test(r"[a-z9]#{7}"),
    # UsPassportRecognizer
    "31cb23903d56": _exact(r"[0-9]{9}"),
    "a4aad820a666": _test(r"[a-z\u017f\u212a][0-9]{8}"),
    # UsItinRecognizer
    "724a6775f6d9": _exact(r"9#{2}[- #]{2}"),
    "1dfa186e9a61": _exact(r"9#{8}"),
    "aca6bdbc8bcb": _exact(r"9#{2}[- ]#{2}[- ]#"),
    # UuidRecognizer
    "829f95c95367": _test(r"-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-"),
    # UsBankRecognizer
    "77ff5492baf6": _exact(r"[0-9]{8}"),
    # UsSsnRecognizer
    "17f1d935dc2f": _exact(r"[0-9]{5}-[0-9]{4}"),
    "75527eba5955": _exact(r"[0-9]{3}-[0-9]{6}"),
    "213ac080713c": _exact(r"-[0-9]{2}-[0-9]{4}"),
    "4e6bd6618bc9": _exact(r"[0-9]{9}"),
    "f2721d631f61": _exact(r"[0-9][- .][0-9]{2}[- .][0-9]{4}"),
    # NhsRecognizer
    "d813b701023b": _exact(r"[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{4}"),
    # IbanRecognizer
    "1f98697e78e0": _test(r"[a-z\u017f\u212a]{2}[0-9]{2}[ -]?[a-z0-9\u017f\u212a]{4}[ -]?[a-z0-9\u017f\u212a]{4}"),
    # MacAddressRecognizer
    "a101077778af": _test(r"[0-9a-f]{2}([:-])[0-9a-f]{2}\1[0-9a-f]{2}\1[0-9a-f]{2}"),
    "1dbdb084e42f": _test(r"[0-9a-f]\.[0-9a-f]{4}\.[0-9a-f]{4}"),
    # UrlRecognizer
    "422b91a465b6": _holds("://"),
    "7405c3a8b8c3": _test(r"[a-z0-9.\-\u017f\u212a]\.[a-z\u017f\u212a]"),
    "473c5e6b40a3": _holds("://"),
    "58b5bbbc4796": _test("[\\\"'][a-z0-9.\\-\\u017f\\u212a]+\\.[a-z\\u017f\\u212a]"),
    # IpRecognizer
    "5def597d3b4d": _holds("::"),
    "66197b1f8e63": _exact(r":[0-9]{1,3}\.[0-9]{1,3}\."),
    "ae1e66dfc546": _exact(r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"),
    "c4f79b73053c": lambda text: "::" in text or _HEX_ADDRESS.search(text),
    "c696285024ae": _holds("::"),
    # UsLicenseRecognizer
    "ab1eb0b240f2": _test(r"\b[a-z\u017f\u212a][a-z\u017f\u212a\]]{0,3}[0-9]|\b[0-9]{2}[0-9]*[a-z\u017f\u212a]"),
    "03317c267dbb": _exact(r"[0-9]{6}"),
}
