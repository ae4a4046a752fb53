"""Presidio's recognizers under a policy of ours, several times as fast as Presidio runs them, with the same findings."""

from __future__ import annotations

import copy
import importlib
import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from agentlog.errors import ConfigurationError
from agentlog.redaction.entities import ADDRESS, EMAIL, IP, MAC, NATIONAL_ID, PAYMENT_ID, PERSON, PHONE
from agentlog.redaction.policies.recognizers import check_entity

OURS: Final[Mapping[str, str]] = {
    "PERSON": PERSON, "EMAIL_ADDRESS": EMAIL, "PHONE_NUMBER": PHONE, "IP_ADDRESS": IP, "MAC_ADDRESS": MAC,
    "LOCATION": ADDRESS, "CREDIT_CARD": PAYMENT_ID, "CRYPTO": PAYMENT_ID, "IBAN_CODE": PAYMENT_ID,
    "US_BANK_NUMBER": PAYMENT_ID, "ABA_ROUTING_NUMBER": PAYMENT_ID, "MEDICAL_LICENSE": NATIONAL_ID,
    "DATE_TIME": "DATE_TIME", "URL": "URL", "UUID": "UUID", "NRP": "NRP", "ORGANIZATION": "ORGANIZATION",
}  # fmt: skip
"""Presidio's entity → ours. A country's numbers (`US_SSN`, `DE_TAX_ID`) are NATIONAL_ID; what is not here keeps its name."""
OFF: Final = frozenset(
    ("DATE_TIME", "LOCATION", "NRP", "ORGANIZATION", "URL", "US_BANK_NUMBER", "US_DRIVER_LICENSE", "UUID")
)
"""Only found when they are asked for: in the traffic of agents these are flights, item numbers and addresses of pages."""
_COUNTRIES: Final = frozenset("AU BR CA CN DE ES FI FR IN IT KR NG PH PL SE SG TH TR UK US ZA".split())


class PresidioRecognizer:
    """Recognizers of presidio-analyzer, for `RedactionPolicy(recognizers=)`.

    Args:
        analyzer: an `AnalyzerEngine`, or recognizers of Presidio's (`EntityRecognizer`); None: Presidio's own for English,
            without a model. Nothing is ever downloaded by what is made here; an engine of your own is your own.
        entities: Presidio's names of what it shall find; None: all that it can, but for `OFF`.
        threshold: the least score that counts, 0 to 1.
        language: of the texts, as Presidio names it.

    Example:
        >>> policy = RedactionPolicy(recognizers=[PresidioRecognizer(entities=("US_SSN", "CRYPTO"))])

    Raises:
        ConfigurationError: presidio-analyzer is not installed, or an argument cannot be used.
    """

    limit_s = 10.0
    """Seconds for one text. Presidio itself gives up on an expression after sixty, and then leaves its findings out."""

    def __init__(
        self,
        analyzer: Any = None,
        entities: Iterable[str] | None = None,
        threshold: float = 0.4,
        language: str = "en",
    ) -> None:
        if importlib.util.find_spec("presidio_analyzer") is None:
            raise ConfigurationError(
                "PresidioRecognizer needs presidio-analyzer, which is not installed: pip install 'agentlog[presidio]'"
            )
        if isinstance(entities, str) or not 0 <= threshold <= 1:
            raise ConfigurationError("PresidioRecognizer takes entities= as a tuple and threshold= from 0 to 1")
        if analyzer is not None and not hasattr(analyzer, "analyze") and not isinstance(analyzer, Sequence):
            raise ConfigurationError(
                f"PresidioRecognizer takes an AnalyzerEngine or a list of EntityRecognizers; found a {type(analyzer).__name__}"
            )
        if hasattr(analyzer, "supported_entities"):
            analyzer = (analyzer,)
        self._given = analyzer
        self._wanted = None if entities is None else tuple(entities)
        self._threshold = threshold
        self._language = language
        self._engine: Any = None
        self._asked: list[str] = []
        for entity in self._wanted or ():
            check_entity(ours(entity), "PresidioRecognizer(entities=)")

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_engine": None}

    @property
    def entities(self) -> tuple[str, ...]:
        """What it finds, by our names, as far as it was said."""
        if self._wanted is not None:
            said: Iterable[str] = self._wanted
        elif isinstance(self._given, Sequence):
            said = (entity for one in self._given for entity in one.supported_entities)
        else:
            said = (entity for entity in OURS if entity not in OFF)
        return tuple(dict.fromkeys(map(ours, said)))

    @property
    def fingerprint(self) -> str:
        """Changes with Presidio's version and with what is asked of it."""
        from importlib.metadata import version

        made = type(self._given).__qualname__ if not isinstance(self._given, Sequence) else str(self.entities)
        return f"{version('presidio-analyzer')} {made} {self._wanted} {self._threshold} {self._language}"

    def prepare(self) -> None:
        """Imports Presidio and makes the engine: seconds, once."""
        if self._engine is not None:
            return
        engine = accelerated(self._given if hasattr(self._given, "analyze") else self._made())
        able = engine.get_supported_entities(self._language)
        wanted = self._wanted if self._wanted is not None else sorted(set(able) - OFF)
        unknown = sorted(set(wanted) - set(able))
        if unknown:
            raise ConfigurationError(
                f"this analyzer does not find {', '.join(unknown)}; it finds {', '.join(sorted(able))}"
            )
        self._asked = list(wanted)
        self._engine = engine

    def _made(self) -> Any:
        presidio = importlib.import_module("presidio_analyzer")
        nlp = importlib.import_module("presidio_analyzer.nlp_engine").NoOpNlpEngine(
            models=[{"lang_code": self._language, "model_name": "no_op"}]
        )
        nlp.load()
        if self._given is None:
            return presidio.AnalyzerEngine(nlp_engine=nlp, supported_languages=[self._language])
        registry = presidio.RecognizerRegistry(recognizers=list(self._given), supported_languages=[self._language])
        return presidio.AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=[self._language])

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """What Presidio finds, by our names."""
        self.prepare()
        if not self._asked:
            return []
        found = self._engine.analyze(
            text, language=self._language, entities=self._asked, score_threshold=self._threshold
        )
        return [(one.start, one.end, ours(one.entity_type)) for one in found]


def ours(entity: str) -> str:
    """Our name for an entity of Presidio's.

    >>> ours("US_SSN"), ours("EMAIL_ADDRESS"), ours("EMPLOYEE")
    ('NATIONAL_ID', 'EMAIL', 'EMPLOYEE')
    """
    return OURS.get(entity) or (NATIONAL_ID if entity[:2] in _COUNTRIES and entity[2:3] == "_" else entity)


def accelerated(analyzer: Any) -> Any:
    """An engine that finds what `analyzer` finds, with the same scores, in a fraction of the time. `analyzer` stays as it is.

    Every expression of Presidio's own runs only on texts that hold what it needs (see `gates`), and phone numbers are judged
    once (see `phones`); all else is Presidio. An e-mail address is checked against the list of suffixes that tldextract
    ships, where Presidio would fetch a newer one over the network.
    """
    registry = copy.copy(analyzer.registry)
    registry.recognizers = [_fast(one) for one in analyzer.registry.recognizers]
    fast = copy.copy(analyzer)
    fast.registry = registry
    return fast


def _fast(recognizer: Any) -> Any:
    presidio = importlib.import_module("presidio_analyzer")
    its_own = importlib.import_module("presidio_analyzer.predefined_recognizers")
    if not type(recognizer).__module__.startswith("presidio_analyzer."):
        return recognizer
    if type(recognizer) is its_own.PhoneRecognizer:
        return _fast_phones(recognizer)
    if not isinstance(recognizer, presidio.PatternRecognizer) or not recognizer.patterns:
        return recognizer
    fast = copy.copy(recognizer)
    if type(recognizer) is its_own.EmailRecognizer:
        extract = importlib.import_module("tldextract").TLDExtract(suffix_list_urls=(), cache_dir=None)
        fast.validate_result = lambda pattern_text: extract(pattern_text).fqdn != ""
    return _gated(fast)


def _gated(recognizer: Any) -> Any:
    from agentlog.redaction.policies.plugins.gates import gate_of

    flags = int(recognizer.global_regex_flags)
    gates = [(gate_of(pattern.regex, flags), pattern) for pattern in recognizer.patterns]
    inner = copy.copy(recognizer)

    def analyze(text: str, entities: list[str], nlp_artifacts: Any = None, regex_flags: int | None = None) -> list[Any]:
        if regex_flags:
            running = [pattern for _, pattern in gates]
        else:
            running = [pattern for gate, pattern in gates if gate is None or gate(text)]
        if not running:
            return []
        one = copy.copy(inner)
        one.patterns = running
        more = (regex_flags,) if regex_flags else ()
        found: list[Any] = one.analyze(text, entities, nlp_artifacts, *more)
        return found

    recognizer.analyze = analyze
    return recognizer


def _fast_phones(recognizer: Any) -> Any:
    from agentlog.redaction.policies.plugins.phones import PhoneScan

    scan = PhoneScan(recognizer.supported_regions, recognizer.leniency)
    fast = copy.copy(recognizer)

    def analyze(text: str, entities: list[str], nlp_artifacts: Any = None) -> list[Any]:
        found = []
        for start, end in dict.fromkeys(scan.spans(text)):
            found.append(recognizer._get_recognizer_result(_Span(start, end), text, None, nlp_artifacts))
        distinct: list[Any] = importlib.import_module("presidio_analyzer").EntityRecognizer.remove_duplicates(found)
        return distinct

    fast.analyze = analyze
    return fast


class _Span:
    """As much of a match as Presidio reads."""

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end
