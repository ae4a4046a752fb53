"""OpenTelemetry's own GenAI instrumentation, with content in span attributes (`benchmarks/peers/environments.py` sets the variable)."""

from contextlib import contextmanager

from opentelemetry.util.genai.handler import TelemetryHandler
from opentelemetry.util.genai.types import InputMessage, OutputMessage, TextPart
from otlp import flush, start

__all__ = ["decorate", "flush", "langchain", "llama_index", "start"]

llama_index = "its LlamaIndex instrumentation makes spans of agents, tools and retrieval, none of a model's chat"


def decorate(function):
    """It has a context manager where others have a decorator."""
    handler = TelemetryHandler()

    def call(messages):
        with handler.inference("bench", request_model="m") as invocation:
            invocation.input_messages = [InputMessage(one["role"], [TextPart(one["content"])]) for one in messages]
            answer = function(messages)
            invocation.output_messages = [OutputMessage(answer["role"], [TextPart(answer["content"])], "stop")]
            return answer

    return call


@contextmanager
def langchain():
    """The instrumentor is on inside."""
    from opentelemetry.instrumentation.genai.langchain import LangChainInstrumentor

    LangChainInstrumentor().instrument()
    try:
        yield {}
    finally:
        LangChainInstrumentor().uninstrument()
