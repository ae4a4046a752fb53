"""Logfire. For LangChain its documentation switches LangSmith's OpenTelemetry mode on (`environments.py` sets the variables)."""

from contextlib import nullcontext

import langsmith
import logfire
from otlp import batch

llama_index = "Logfire has nothing of its own for LlamaIndex"


def start(where: str) -> None:
    """Its own exporter wants an account; the same spans go to a local one, in batches."""
    logfire.configure(send_to_logfire=False, console=False, additional_span_processors=[batch(where)])


def decorate(function):
    """With arguments (its default) and the result."""
    return logfire.instrument("chat m", record_return=True)(function)


def langchain():
    """Nothing to be done: LangChain looks at the environment."""
    return nullcontext({})


def quiet():
    """Nothing is traced inside."""
    return langsmith.tracing_context(enabled=False)


def flush() -> None:
    """All is sent."""
    logfire.force_flush()
