"""Training files from examples: formats, their rules, the split, surrogates, and the consumers that prove them."""

from __future__ import annotations

from agentlog.exports.sources import export
from agentlog.exports.training_set import Export

__all__ = ["Export", "export"]
