"""Exchanges personal values for placeholders before anything is stored.

    redactor = Redactor(None, pseudonym_key=key)       the policy, shared
    trace = redactor.trace()                           one run, with a vocabulary of its own
    trace.learn(draft) ... trace.redact(draft)         Draft → Record

The way of one text: `structures` (JSON, by the words of its `keys`) and `documents` (all other containers), `forms` (secrets,
checked numbers), `languages` (all but English) and `wording` (cues, names, addresses) make an `analysis`: offsets, cached by
content. `trace` holds a run's values and people, exchanges them and looks again. `policies` is what the application asks for,
`showing` the preview. What cannot be redacted is stored as its shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentlog.redaction.entities import ENTITIES
from agentlog.redaction.languages.table import IdNumber, Language
from agentlog.redaction.policies.plugins.ner import NerRecognizer
from agentlog.redaction.policies.plugins.presidio import PresidioRecognizer
from agentlog.redaction.policies.policy import RedactionPolicy
from agentlog.redaction.policies.recognizers import Pattern, Recognizer, recognizes
from agentlog.redaction.redactor import Redactor, TraceRedactor
from agentlog.redaction.trace.filling import Exchanged, Unrestorable
from agentlog.redaction.trace.late import Trail

if TYPE_CHECKING:
    from agentlog.redaction.showing.previews import Preview, preview

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
        from agentlog.redaction.showing import previews

        return getattr(previews, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
