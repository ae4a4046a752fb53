"""OpenAI's embeddings: POST …/embeddings. Vectors are hashed bags of words, so that similar texts lie near."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import struct
from collections import Counter
from typing import Any, Final

from agentlog.testing.scripts import Question, Reply
from agentlog.testing.wire import Answer, Body, count_tokens

DIMENSIONS: Final = 256
_WORD: Final = re.compile(r"\w+")


def embed(text: str, dimensions: int = DIMENSIONS) -> list[float]:
    """A unit vector of `dimensions` numbers: every word adds to the place that its hash names.

    A word's weight is √(its count) times the square of its length (8 at most): short words are everywhere and say little.

    Example:
        >>> near = sum(map(float.__mul__, embed("refund my order"), embed("please refund the order")))
        >>> far = sum(map(float.__mul__, embed("refund my order"), embed("a lecture on chromodynamics")))
        >>> near > far
        True
    """
    vector = [0.0] * dimensions
    for word, count in Counter(_WORD.findall(text.lower())).items():
        digest = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        weight = math.sqrt(count) * min(len(word), 8) ** 2
        vector[digest % dimensions] += weight if (digest >> 40) & 1 else -weight
    length = math.sqrt(sum(value * value for value in vector)) or 1.0
    return [value / length for value in vector]


def embeddings_question(body: Body) -> Question:
    """What is embedded: the first of the inputs."""
    return Question(text="".join(_inputs(body.get("input"))[:1]))


def embeddings_answer(body: Body, reply: Reply, id: str) -> Answer:
    """The vectors of all inputs, as numbers or (`encoding_format="base64"`) as little-endian float32.

    What a reply says does not matter here, only its faults and its delay do. There is no stream.
    """
    inputs = _inputs(body.get("input"))
    data = []
    for index, one in enumerate(inputs):
        vector: list[float] | str = embed(one, int(body.get("dimensions") or DIMENSIONS))
        if body.get("encoding_format") == "base64":
            vector = base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
        data.append({"object": "embedding", "index": index, "embedding": vector})
    tokens = sum(map(count_tokens, inputs))
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return Answer({"object": "list", "data": data, "model": body.get("model"), "usage": usage}, iter(()))


def _inputs(given: Any) -> list[str]:
    """One text or many; lists of token ids count as texts whose words are the ids."""
    if isinstance(given, str):
        return [given]
    if isinstance(given, list) and given and isinstance(given[0], int):
        given = [given]
    return [one if isinstance(one, str) else " ".join(map(str, one)) for one in given or []]
