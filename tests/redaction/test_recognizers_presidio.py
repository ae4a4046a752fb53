"""Presidio's recognizers through ours: the same findings, by our names; skipped where presidio-analyzer is not installed."""

from __future__ import annotations

import pickle
import random
import socket
from typing import Any

import pytest

from agentlog.redaction import PresidioRecognizer, RedactionPolicy, Redactor
from agentlog.redaction.policies.plugins.presidio import OFF, accelerated, ours

presidio = pytest.importorskip("presidio_analyzer", reason="presidio-analyzer is not installed: agentlog[presidio]")
pytestmark = pytest.mark.filterwarnings("ignore")  # spaCy's and its dependencies' own

KEY = b"a key for the tests"
PIECES = [
    *"0123456789-./:@ \n,()[]+xXaAbBsSkKiItzT'\"_#%$€",
    *"ſKİı０９٣\U00011f51１＋汉é\u200b",  # noqa: RUF001
    *["http://", "www.", "bc1", "GB29", "DE89 3704 0044 0532 0130 00", "4111 1111 1111 1111", "415-555-2671"],
    *[
        "+49 30 1234567",
        "078-05-1120",
        "00:1a:2b:3c:4d:5e",
        "2001:db8::1",
        "10.0.0.1",
        "mia@ex.com",
        "Jan",
        "12/05/2024",
    ],
    *[
        "1990-04-05",
        "9434765919",
        "AB123456A",
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
        "+677 20000",
        "011 677 20000",
        "tel: ",
    ],
]


@pytest.fixture(scope="module")
def plain() -> Any:
    import tldextract
    from presidio_analyzer.nlp_engine import NoOpNlpEngine

    # Presidio itself would fetch the list of suffixes
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    nlp = NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "no_op"}])
    nlp.load()
    return presidio.AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])


def findings(engine: Any, text: str) -> list[tuple[Any, ...]]:
    try:
        return sorted((one.entity_type, one.start, one.end, one.score) for one in engine.analyze(text, "en"))
    except ValueError as error:  # Presidio cannot add up digits that Python does not know
        return [(type(error).__name__,)]


def test_the_findings_are_identical_on_hostile_random_texts(plain: Any) -> None:
    fast = accelerated(plain)
    chance = random.Random(20)
    found = 0
    for _ in range(400):
        text = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 40)))
        expected = findings(plain, text)
        found += len(expected)
        assert findings(fast, text) == expected, repr(text)
        assert findings(fast, text) == expected, "the second time, from memory"
    assert found > 400


def test_every_expression_of_presidio_has_its_gate(plain: Any) -> None:
    from agentlog.redaction.policies.plugins.gates import gate_of

    pattern_recognizers = [one for one in plain.registry.recognizers if isinstance(one, presidio.PatternRecognizer)]
    gates = [gate_of(p.regex, one.global_regex_flags) for one in pattern_recognizers for p in one.patterns]
    assert sum(gate is not None for gate in gates) >= 0.8 * len(gates)
    assert gate_of("another expression", pattern_recognizers[0].global_regex_flags) is None


def test_the_engine_that_is_accelerated_stays_as_it_is(plain: Any) -> None:
    before = {id(one) for one in plain.registry.recognizers}
    fast = accelerated(plain)
    assert {id(one) for one in plain.registry.recognizers} == before
    assert not before & {id(one) for one in fast.registry.recognizers if isinstance(one, presidio.PatternRecognizer)}


def test_presidio_finds_under_our_policy_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise OSError("no network in tests")

    monkeypatch.setattr(socket.socket, "connect", refused)
    policy = RedactionPolicy(recognizers=(PresidioRecognizer(),), entities=("EMAIL", "PAYMENT_ID"))
    made = Redactor(policy, pseudonym_key=KEY).text("mia@example.com: 16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ on 2024-05-06")
    assert made == "<EMAIL_1>: <PAYMENT_ID_1> on 2024-05-06"


def test_a_recognizer_of_ones_own_is_taken_with_its_entity() -> None:
    pattern = presidio.Pattern("badge", r"QQ[0-9]{3}", 0.6)
    theirs = presidio.PatternRecognizer(supported_entity="BADGE", patterns=[pattern])
    policy = RedactionPolicy(recognizers=(PresidioRecognizer([theirs]),))
    assert "BADGE" in policy.known_entities
    assert Redactor(policy, pseudonym_key=KEY).text("QQ123 in") == "<BADGE_1> in"
    sure = RedactionPolicy(recognizers=(PresidioRecognizer([theirs], threshold=0.7),))
    assert Redactor(sure, pseudonym_key=KEY).text("QQ123 in") == "QQ123 in"


def test_what_the_analyzer_cannot_find_fails_closed() -> None:
    policy = RedactionPolicy(recognizers=(PresidioRecognizer(entities=("NOT_THERE",)),))
    assert Redactor(policy, pseudonym_key=KEY).text("Mia is here") == "<REDACTION_FAILED type=str len=11>"


def test_it_travels_into_another_process_without_its_engine() -> None:
    one = PresidioRecognizer(threshold=0.5)
    one.prepare()
    again = pickle.loads(pickle.dumps(one))
    assert again._engine is None
    assert again.fingerprint == one.fingerprint != PresidioRecognizer().fingerprint


def test_names_are_ours_and_what_is_off_is_not_asked_for() -> None:
    assert (ours("PERSON"), ours("ES_NIF"), ours("BADGE")) == ("PERSON", "NATIONAL_ID", "BADGE")
    one = PresidioRecognizer()
    one.prepare()
    assert one._asked
    assert not set(one._asked) & OFF
