"""Exchanges personal values for placeholders before anything is stored.

    redactor = Redactor(None, pseudonym_key=key)       the policy, shared
    trace = redactor.trace()                           one run, with a vocabulary of its own
    trace.learn(draft) ... trace.redact(draft)         Draft → Record

The way of one text: `structure` (JSON by the words of its keys) → `credentials` → `formats` (checksums) → `cues` and
`names` (wording) make an `analysis` (offsets, cached by content); `vocabulary` and `people` hold the trace's values;
`rewriting` exchanges them and looks again. What cannot be redacted is stored as its shape.
"""

from __future__ import annotations

from agentlog.redaction.entities import ENTITIES
from agentlog.redaction.filling import Exchanged, Unrestorable
from agentlog.redaction.policy import RedactionPolicy
from agentlog.redaction.redactor import Redactor, TraceRedactor

__all__ = ["ENTITIES", "Exchanged", "RedactionPolicy", "Redactor", "TraceRedactor", "Unrestorable"]
