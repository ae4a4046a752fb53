"""agentlog. The recorder lives where the environment variable AGENTLOG_RECORDER says."""

import re
from contextlib import contextmanager

import agentlog


def start(where: str) -> None:
    """Redaction and Parquet are on: that is what it does."""
    agentlog.configure(where, pseudonym_key=b"benchmark-key-16")


def decorate(function):
    """As a call of a model."""
    return agentlog.capture(operation="chat", model="m")(function)


@contextmanager
def langchain():
    """The integration is on inside."""
    with agentlog.instrument("langchain_core"):
        yield {}


def llama_index():
    """The integration is on inside."""
    return agentlog.instrument("llama_index")


def flush() -> None:
    """All is readable Parquet."""
    agentlog.flush(300)


def beside() -> list[int]:
    """The recorder's process."""
    return [int(pid) for pid in re.findall(r"pid (\d+)", agentlog.status().recorder_reason)]
