"""What is sent through every arm: 2 KB of messages, a 0.5 KB answer, and fourteen values that are hard to write down."""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass
from typing import Any

SYSTEM = {"role": "system", "content": "You answer support tickets. " * 40}
QUESTION = "Where is my order A-17? It should have come on Monday. " * 20
CHUNKS = 100
"""Of a stream."""
ANSWER = {"role": "assistant", "content": "Your order is on its way. " * 18}


def conversation(number: int) -> list[dict[str, Any]]:
    """Messages of 2 KB; of fifty in a row no two are alike, so that nobody is measured on a cache of one entry."""
    return [SYSTEM, {"role": "user", "content": f"{QUESTION} Ticket {number % 50}."}]


CONVERSATIONS = [conversation(number) for number in range(50)]


class BadRepr:
    """Cannot even be described."""

    def __repr__(self) -> str:
        raise RuntimeError("no description")


class NoCopy:
    """Cannot be copied."""

    def __deepcopy__(self, memo: dict[int, Any]) -> NoCopy:
        raise TypeError("cannot be copied")


@dataclass
class Ticket:
    """A plain value of the application."""

    number: int
    text: str


def odd() -> dict[str, Any]:
    """Fourteen values that end up in a message's content one day, by name."""
    circular: list[Any] = []
    circular.append(circular)
    deep: list[Any] = []
    for _ in range(2000):
        deep = [deep]
    return {
        "lock": threading.Lock(),
        "bad repr": BadRepr(),
        "no copy": NoCopy(),
        "dataclass": Ticket(17, "late"),
        "circular": circular,
        "deep": deep,
        "nan": float("nan"),
        "bytes": b"\x00\xff\x00",
        "surrogate": "half a character: \ud83d",
        "datetime": datetime.datetime(2026, 11, 2, tzinfo=datetime.UTC),
        "odd keys": {1: "one", (2, 3): "pair", None: "nothing"},
        "set": {"a", "b"},
        "five megabytes": "word " * 1_000_000,
        "big integer": 2**80,
    }


def about(name: str) -> str:
    """What stands beside an odd value: a record is one only where this can be read in it."""
    return f"This is about the case {name} and nothing else."
