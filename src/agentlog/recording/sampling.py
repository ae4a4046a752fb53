"""Which runs are recorded when `sample_rate` is below 1: whole runs, or nothing of them."""

from __future__ import annotations

import hashlib
from typing import Final

_ALL: Final = 1 << 64


def kept(trace: str, rate: float) -> bool:
    """Whether the run `trace` is recorded.

    A hash of the trace's id decides. So the answer is the same in every thread, task and forked child, in the recorder, and
    in two services that share an OpenTelemetry trace; and who is kept at a low rate is kept at every higher one.

    Args:
        trace: the id of the run.
        rate: the share of the runs that are recorded: none at 0, all at 1.

    Example:
        >>> kept("4bf92f3577b34da6a3ce929d0e0e4736", 0.0), kept("4bf92f3577b34da6a3ce929d0e0e4736", 1.0)
        (False, True)
    """
    digest = hashlib.blake2b(trace.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") < rate * _ALL
