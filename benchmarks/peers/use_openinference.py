"""OpenInference (Arize Phoenix)."""

from contextlib import contextmanager

from openinference.instrumentation import OITracer, TraceConfig
from opentelemetry import trace
from otlp import flush, start

__all__ = ["decorate", "flush", "langchain", "llama_index", "start"]


def decorate(function):
    """As a call of a model."""
    return OITracer(trace.get_tracer("bench"), TraceConfig()).llm(function)


@contextmanager
def langchain():
    """The instrumentor is on inside."""
    from openinference.instrumentation.langchain import LangChainInstrumentor

    LangChainInstrumentor().instrument()
    try:
        yield {}
    finally:
        LangChainInstrumentor().uninstrument()


@contextmanager
def llama_index():
    """The instrumentor is on inside."""
    from openinference.instrumentation.llama_index import LlamaIndexInstrumentor

    LlamaIndexInstrumentor().instrument()
    try:
        yield
    finally:
        LlamaIndexInstrumentor().uninstrument()
