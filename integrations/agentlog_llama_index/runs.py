"""Tools, retrievers, engines, agents and workflows: LlamaIndex tells of them in spans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.base.response.schema import AsyncStreamingResponse, StreamingResponse
from llama_index.core.chat_engine.types import StreamingAgentChatResponse
from llama_index.core.tools import ToolOutput

from agentlog import runtime
from agentlog.recording import calls
from agentlog.recording.calls import Call
from agentlog.recording.snapshot import encode
from agentlog.semconv import ABANDONED, INTERRUPTED, INVOKE_WORKFLOW
from agentlog_llama_index import content
from agentlog_llama_index.places import Places, Span

_CANCELLED = "workflows.errors.WorkflowCancelledByUser"


class Runs:
    """The spans that are calls."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.engines: dict[str, Span] = {}
        """Query engines and chat engines, by the id of their call."""
        self._streaming: dict[str, Span] = {}
        """Those that have handed out a stream, and go on until that has been read."""

    def open_engine(self, span: Span, name: str, request: Callable[[], Any]) -> None:
        """The span is a query engine or a chat engine."""
        call = self.open(span, INVOKE_WORKFLOW, name, request, _engine_ended)
        if call is not None and call.id:
            self.engines[call.id] = span

    def open(
        self,
        span: Span,
        operation: str,
        name: str,
        request: Callable[[], Any],
        ended: Callable[[Call, Span, Any], None],
    ) -> Call | None:
        """The span is a call of `request()`, whose result `ended` will put down."""
        self._places.spans[span.id] = span
        call = self._places.begin(operation, name, span)
        if call is not None:
            span.own = span.call = call
            span.model = None
            span.ended = ended
            if call.id and call.content:
                try:
                    call.request = encode(request())
                except Exception as failure:  # noqa: BLE001 - then the call is recorded without its request
                    runtime.problem("a request of llama_index was not understood", failure)
        return call

    def exited(self, span: Span, result: Any) -> None:
        """The span of an open call came to its end."""
        call = span.own
        if call is None:
            return
        stream = _stream_of(result) if call.id in self.engines else None
        if stream is None or not self._places.follow(stream, call, lambda: self._end_stream(span)):
            self.finish(span, result, None)
            return
        self._places.spans[span.id] = span  # what reads the stream calls itself a child of this span
        self._streaming[call.id] = span
        if span.over:
            self._end_stream(span)

    def read(self, span: Span) -> None:
        """A chat engine's own thread has read the stream, perhaps before the engine has handed it out."""
        span.over = True
        self._end_stream(span)

    def model_finished(self, call: Call, response: Any, error: BaseException | None) -> None:
        """A model has ended; if its answer is what the engine around it has handed out, the engine has ended too."""
        span = self.engines.get(call.parent)
        if span is not None:
            span.said = response, error, call.finish
            self._end_stream(span)

    def cancelled(self, event: Any) -> None:
        """A span is cancelled; it exits as if all were well."""
        span = self._places.spans.get(event.span_id)
        if span is not None and span.id == event.span_id:
            span.cancelled = True

    def close(self) -> None:
        """Nobody listens any more."""
        for span_id, span in list(self._places.spans.items()):
            self._places.spans.pop(span_id, None)
            self.finish(span, None, GeneratorExit())

    def _end_stream(self, span: Span) -> None:
        call = span.own
        if call is None or self._streaming.pop(call.id, None) is None:
            return
        self._places.forget(call)
        self._places.spans.pop(span.id, None)
        response, error, call.finish = span.said or (None, None, "")
        span.ended = _model_said
        self.finish(span, response, error)

    def finish(self, span: Span, result: Any, error: BaseException | None) -> None:
        """A call is over; `GeneratorExit`: nobody waits for it any more."""
        call, span.own = span.own, None
        if call is None:
            return
        self.engines.pop(call.id, None)
        if isinstance(error, GeneratorExit):
            call.finish, error = ABANDONED, None
        elif error is not None and type(error).__name__ == "WaitingForEvent":
            call.finish, error = INTERRUPTED, None  # a step that waits for a human, and is run again with the answer
        try:
            if span.cancelled:
                call.error = _CANCELLED
            elif call.id and result is not None and span.ended is not None:
                span.ended(call, span, result)
        except Exception as failure:  # noqa: BLE001 - failures of ours never reach the application
            runtime.problem("a result of llama_index was not understood", failure)
        runtime.finish(call, error)


def tool_ended(call: Call, span: Span, result: Any) -> None:
    """What the model will read of a tool; the raw output behind it is no content."""
    if isinstance(result, ToolOutput):
        if result.is_error:
            cause = getattr(result, "exception", None)  # older releases do not keep it
            call.error = "ToolOutput.is_error" if cause is None else calls.error_name(cause)
        result = result.content
    _put_down(call, result)


def retrieval_ended(call: Call, span: Span, result: Any) -> None:
    """The documents."""
    _put_down(call, content.documents(result))


def _engine_ended(call: Call, span: Span, result: Any) -> None:
    """The answer of a query engine or a chat engine."""
    _put_down(call, content.final(result))


def run_ended(call: Call, span: Span, result: Any) -> None:
    """The answer of an agent or a workflow; where it is a model's own message, which call wrote it."""
    output = getattr(result, "result", None)  # of a StopEvent; one with fields of its own is the result itself
    _put_down(call, content.event_fields(result) if output is None else content.final(output))
    said = getattr(output, "response", output)
    if isinstance(said, ChatMessage) and span.place.run is not None:
        written = span.place.run.authors.get(id(said))
        if written is not None and written[0] is said:
            call.answer_ids = [written[1]]


def _model_said(call: Call, span: Span, response: Any) -> None:
    message = getattr(response, "message", None)
    _put_down(call, message.content if message is not None else getattr(response, "text", None))


def _put_down(call: Call, value: Any) -> None:
    if call.content:
        call.response = encode(value)


def _stream_of(result: Any) -> Any:
    """The generator in a streaming response; None when it is none."""
    if isinstance(result, (StreamingResponse, AsyncStreamingResponse)):
        return result.response_gen
    if isinstance(result, StreamingAgentChatResponse):
        return result.chat_stream or result.achat_stream
    return None
