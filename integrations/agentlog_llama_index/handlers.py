"""The two handlers at the root of LlamaIndex's dispatcher: all that this integration adds to it.

Only the dispatcher is imported here; LlamaIndex's core, which takes seconds, when its first span opens.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from importlib.metadata import version
from inspect import BoundArguments
from typing import TYPE_CHECKING, Any

from llama_index_instrumentation import root_dispatcher
from llama_index_instrumentation.base import BaseEvent
from llama_index_instrumentation.event_handlers import BaseEventHandler
from llama_index_instrumentation.span import BaseSpan
from llama_index_instrumentation.span_handlers import BaseSpanHandler

from agentlog import runtime
from agentlog.instrumentation.integration import Coverage
from agentlog.recording import context

if TYPE_CHECKING:
    from agentlog_llama_index.listener import Listener


class Handlers:
    """The handlers, and the listener that they tell."""

    def __init__(self) -> None:
        self._listener: Listener | None = None
        self._lock = threading.RLock()  # re-entrant: importing LlamaIndex may open spans
        self._events, self._spans = _handlers(self._listen)

    def install(self) -> Coverage:
        """Put the handlers in."""
        root_dispatcher.add_event_handler(self._events)
        root_dispatcher.add_span_handler(self._spans)
        atexit.register(self._close)
        what = "models, embeddings, tools, retrievers, query and chat engines, agents, workflows"
        return Coverage((f"llama_index {version('llama-index-core')}: {what}",))

    def remove(self) -> None:
        """Take them out again. What is still under way is recorded as far as it has come."""
        root_dispatcher.event_handlers[:] = [one for one in root_dispatcher.event_handlers if one is not self._events]
        root_dispatcher.span_handlers[:] = [one for one in root_dispatcher.span_handlers if one is not self._spans]
        atexit.unregister(self._close)
        self._close()
        if self._listener is not None:
            context.remove_source(self._listener.around)

    def _listen(self) -> Listener:
        """The listener, made when LlamaIndex first has something to tell."""
        with self._lock:
            if self._listener is None:
                from agentlog_llama_index.listener import Listener

                self._listener = Listener()
                context.add_source(self._listener.around)
            return self._listener

    def _close(self) -> None:
        if self._listener is not None:
            self._listener.close()


def _handlers(listen: Callable[[], Listener]) -> tuple[BaseEventHandler, BaseSpanHandler[BaseSpan]]:
    """The two handlers, which tell the listener once there is one.

    What they need stands in variables around them: handlers are pydantic models, whose own attributes cost more than
    all the rest.
    """
    readers: dict[type, Callable[[Any], None]] = {}

    def exited(span_id: str, result: Any) -> None:
        """Of a span that was entered before we listened."""

    def dropped(span_id: str, error: BaseException | None) -> None:
        """As above."""

    def entered(span_id: str, bound: BoundArguments, instance: Any, parent_id: str | None) -> None:
        nonlocal entered, exited, dropped
        listener = listen()
        entered, exited, dropped = listener.entered, listener.exited, listener.dropped
        readers.update(listener.readers)
        entered(span_id, bound, instance, parent_id)

    class AgentlogEvents(BaseEventHandler):
        @classmethod
        def class_name(cls) -> str:
            return "AgentlogEvents"

        def handle(self, event: BaseEvent, **kwargs: Any) -> None:
            try:
                reader = readers.get(type(event))
                if reader is not None:
                    reader(event)
            except Exception as failure:  # noqa: BLE001 - the dispatcher would swallow it without a word
                runtime.problem("an event of llama_index was not understood", failure)

    class AgentlogSpans(BaseSpanHandler[BaseSpan]):
        @classmethod
        def class_name(cls) -> str:
            return "AgentlogSpans"

        def span_enter(
            self,
            id_: str,
            bound_args: BoundArguments,
            instance: Any | None = None,
            parent_id: str | None = None,
            tags: dict[str, Any] | None = None,
            **kwargs: Any,
        ) -> None:
            try:
                entered(id_, bound_args, instance, parent_id)
            except Exception as failure:  # noqa: BLE001 - as above
                runtime.problem("a span of llama_index was not understood", failure)

        def span_exit(
            self,
            id_: str,
            bound_args: BoundArguments,
            instance: Any | None = None,
            result: Any | None = None,
            **kwargs: Any,
        ) -> None:
            try:
                exited(id_, result)
            except Exception as failure:  # noqa: BLE001 - as above
                runtime.problem("a span of llama_index was not understood", failure)

        def span_drop(
            self,
            id_: str,
            bound_args: BoundArguments,
            instance: Any | None = None,
            err: BaseException | None = None,
            **kwargs: Any,
        ) -> None:
            try:
                dropped(id_, err)
            except Exception as failure:  # noqa: BLE001 - as above
                runtime.problem("a span of llama_index was not understood", failure)

        # the base class keeps spans; ours are kept by the listener
        def new_span(self, *args: Any, **kwargs: Any) -> None:
            return None

        def prepare_to_exit_span(self, *args: Any, **kwargs: Any) -> None:
            return None

        def prepare_to_drop_span(self, *args: Any, **kwargs: Any) -> None:
            return None

    return AgentlogEvents(), AgentlogSpans()
