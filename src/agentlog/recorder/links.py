"""Which run a call of a plain SDK loop belongs to: its messages extend those of an earlier call.

A loop without a framework opens no run. But each of its calls resends the history, and in it what the model answered
last. So redaction and splits see one run, not twenty.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Final

from agentlog.recorder.layers import said, words
from agentlog.records import Draft

_REMEMBERED: Final = 20_000


class Links:
    """Remembers what was said up to the end of each call, as a hash, and the trace it was said in."""

    def __init__(self) -> None:
        self._traces: OrderedDict[bytes, str] = OrderedDict()

    def link(self, draft: Draft) -> None:
        """Give a model call without a run the trace whose conversation it continues, where there is one."""
        heard = said(draft.row)
        digest, prefixes = hashlib.blake2b(digest_size=16), []
        for role, text in heard:
            digest.update(f"{role}\0{text}\1".encode("utf-8", "surrogatepass"))
            prefixes.append(digest.digest())
        # the whole input cannot be a continuation: something must have been said after the answer
        for prefix in reversed(prefixes[:-1]):
            trace = self._traces.get(prefix)
            if trace is not None:
                draft.row["trace_id"] = trace
                break
        for one in (draft.row.get("output_messages") or ())[:1]:
            role, text = words(one)
            after = digest.copy()
            after.update(f"{role}\0{text}\1".encode("utf-8", "surrogatepass"))
            self._traces[after.digest()] = draft.row["trace_id"]
            self._traces.move_to_end(after.digest())
        while len(self._traces) > _REMEMBERED:
            self._traces.popitem(last=False)
