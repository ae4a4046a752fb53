"""The yardstick: bare OpenTelemetry spans with `json.dumps` of what goes in and out, as somebody writes them by hand in an afternoon."""

import importlib.util
import json
from contextlib import contextmanager

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

provider = TracerProvider()
tracer = provider.get_tracer("bench")
sends = importlib.util.find_spec("opentelemetry.exporter") is not None


class _Nowhere(SpanExporter):
    """Where no OTLP exporter is installed."""

    def export(self, spans):
        return SpanExportResult.SUCCESS


def start(where: str) -> None:
    """A batch processor, OTLP over HTTP."""
    if sends:
        import otlp

        provider.add_span_processor(otlp.batch(where))
    else:
        provider.add_span_processor(BatchSpanProcessor(_Nowhere()))


def decorate(function):
    """A span with two attributes."""

    def call(messages):
        with tracer.start_as_current_span("chat m") as span:
            span.set_attribute("gen_ai.input.messages", json.dumps(messages))
            answer = function(messages)
            span.set_attribute("gen_ai.output.messages", json.dumps(answer))
            return answer

    return call


@contextmanager
def langchain():
    """A handler that makes the same span."""
    from langchain_core.callbacks import BaseCallbackHandler

    class Spans(BaseCallbackHandler):
        run_inline = True

        def __init__(self):
            self.open = {}

        def on_chat_model_start(self, serialized, messages, *, run_id, **more):
            span = self.open[run_id] = tracer.start_span("chat m")
            said = [{"role": one.type, "content": one.content} for one in messages[0]]
            span.set_attribute("gen_ai.input.messages", json.dumps(said))

        def on_llm_end(self, response, *, run_id, **more):
            span = self.open.pop(run_id)
            message = response.generations[0][0].message
            answer = {"role": message.type, "content": message.content}
            span.set_attribute("gen_ai.output.messages", json.dumps(answer))
            span.set_attribute("gen_ai.usage.output_tokens", (message.usage_metadata or {}).get("output_tokens", 0))
            span.end()

    yield {"callbacks": [Spans()]}


@contextmanager
def llama_index():
    """An event handler that makes the same span."""
    from llama_index.core.instrumentation import get_dispatcher
    from llama_index.core.instrumentation.event_handlers import BaseEventHandler
    from llama_index.core.instrumentation.events.llm import LLMChatEndEvent, LLMChatStartEvent

    spans = {}

    def written(message):
        return {"role": str(message.role), "content": message.content}

    class Spans(BaseEventHandler):
        def handle(self, event, **more):
            if isinstance(event, LLMChatStartEvent):
                span = spans[event.span_id] = tracer.start_span("chat m")
                span.set_attribute("gen_ai.input.messages", json.dumps([written(one) for one in event.messages]))
            elif isinstance(event, LLMChatEndEvent):
                span = spans.pop(event.span_id)
                span.set_attribute("gen_ai.output.messages", json.dumps(written(event.response.message)))
                span.end()

    handlers = get_dispatcher().event_handlers
    handlers.append(Spans())
    try:
        yield
    finally:
        handlers.pop()


def flush() -> None:
    """The batch processor is empty."""
    provider.force_flush()
