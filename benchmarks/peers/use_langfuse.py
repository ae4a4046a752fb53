"""Langfuse."""

from contextlib import contextmanager

from langfuse import Langfuse, get_client, observe


def start(where: str) -> None:
    """As documented; it sends in batches by itself."""
    Langfuse(public_key="pk-lf-bench", secret_key="sk-lf-bench", base_url=where)


def decorate(function):
    """As a call of a model."""
    return observe(as_type="generation")(function)


@contextmanager
def langchain():
    """Its callback handler, passed in the config."""
    from langfuse.langchain import CallbackHandler

    yield {"callbacks": [CallbackHandler()]}


@contextmanager
def llama_index():
    """Its documentation takes OpenInference's instrumentor."""
    from openinference.instrumentation.llama_index import LlamaIndexInstrumentor

    LlamaIndexInstrumentor().instrument()
    try:
        yield
    finally:
        LlamaIndexInstrumentor().uninstrument()


def flush() -> None:
    """All is sent."""
    get_client().flush()
