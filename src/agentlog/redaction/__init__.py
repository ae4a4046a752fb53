"""Exchanges personal values for placeholders before anything is stored.

    redactor = Redactor(None, pseudonym_key=key)       the policy, shared
    trace = redactor.trace()                           one run, with a vocabulary of its own
    trace.learn(draft) ... trace.redact(draft)         Draft → Record

The way of one text: `structure` (JSON by the words of its keys) → `credentials` → `languages` (all but English) →
`formats` (checksums) → `cues` and `names` (wording) make an `analysis` (offsets, cached by content); `vocabulary` and
`people` hold the trace's values; `rewriting` exchanges them and looks again. What cannot be redacted is stored as its shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentlog.redaction.entities import ENTITIES
from agentlog.redaction.filling import Exchanged, Unrestorable
from agentlog.redaction.languages.table import IdNumber, Language
from agentlog.redaction.late import Trail
from agentlog.redaction.plugins.ner import NerRecognizer
from agentlog.redaction.plugins.presidio import PresidioRecognizer
from agentlog.redaction.policy import RedactionPolicy
from agentlog.redaction.recognizers import Pattern, Recognizer, recognizes
from agentlog.redaction.redactor import Redactor, TraceRedactor

if TYPE_CHECKING:
    from agentlog.redaction.showing import Preview, preview

__all__ = [
    "ENTITIES",
    "Exchanged",
    "IdNumber",
    "Language",
    "NerRecognizer",
    "Pattern",
    "PresidioRecognizer",
    "Preview",
    "Recognizer",
    "RedactionPolicy",
    "Redactor",
    "TraceRedactor",
    "Trail",
    "Unrestorable",
    "preview",
    "recognizes",
]


def __getattr__(name: str) -> Any:
    # what only shows is not loaded where calls are recorded
    if name in ("Preview", "preview"):
        from agentlog.redaction import showing

        return getattr(showing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
