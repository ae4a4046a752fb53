"""Traceloop (OpenLLMetry)."""

from contextlib import contextmanager

from opentelemetry import trace
from traceloop.sdk import Traceloop
from traceloop.sdk.decorators import task
from traceloop.sdk.instruments import Instruments


def start(where: str) -> None:
    """In batches. Its frameworks are switched on and off below, so that arms without it can be measured beside it."""
    Traceloop.init(
        app_name="bench",
        api_endpoint=where,
        api_key="bench",
        disable_batch=False,
        telemetry_enabled=False,
        block_instruments=set(Instruments),
    )


def decorate(function):
    """As a task."""
    return task(name="chat m")(function)


@contextmanager
def langchain():
    """The instrumentor is on inside. It leaves its wrapper behind: that one is taken off by hand."""
    from langchain_core.callbacks import BaseCallbackManager
    from opentelemetry.instrumentation.langchain import LangchainInstrumentor

    before = BaseCallbackManager.__init__
    LangchainInstrumentor().instrument()
    try:
        yield {}
    finally:
        LangchainInstrumentor().uninstrument()
        BaseCallbackManager.__init__ = before


@contextmanager
def llama_index():
    """The instrumentor is on inside. It leaves its handlers behind: they are taken off by hand."""
    from llama_index.core.instrumentation import get_dispatcher
    from opentelemetry.instrumentation.llamaindex import LlamaIndexInstrumentor

    root = get_dispatcher()
    before = list(root.event_handlers), list(root.span_handlers)
    LlamaIndexInstrumentor().instrument()
    try:
        yield
    finally:
        LlamaIndexInstrumentor().uninstrument()
        root.event_handlers[:], root.span_handlers[:] = before


def flush() -> None:
    """The batch processor is empty."""
    trace.get_tracer_provider().force_flush()
