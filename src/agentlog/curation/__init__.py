"""From records to examples: which calls are fit to learn from, and why the others are not.

verdicts    a reason for each call that is not
duplicates  equal calls
feedback    calls that somebody has approved of
examples    `curate`, and what it gives
"""

from __future__ import annotations

from agentlog.curation.examples import Examples, curate

__all__ = ["Examples", "curate"]
