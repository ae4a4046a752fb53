"""The two handlers at the root of LlamaIndex's dispatcher: all that this integration adds to it.

Only the dispatcher is imported here; LlamaIndex's core, which takes seconds, when its first span opens.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from importlib.metadata import version
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
        try:
            if self._listener is not None:
                self._listener.close()
        except Exception as failure:  # noqa: BLE001 - at the exit Python would print it
            runtime.problem("what llama_index had under way was not recorded", failure)


def _handlers(listen: Callable[[], Listener]) -> tuple[BaseEventHandler, BaseSpanHandler[BaseSpan]]:
    """The two handlers, deaf but for the first span: with it, the methods of the listener become theirs.

    Theirs, because every call on the way costs: handlers are pydantic models, whose own attributes cost more than all
    the rest, and what stands between is run eight times for each model call.
    """

    class AgentlogEvents(BaseEventHandler):
        @classmethod
        def class_name(cls) -> str:
            return "AgentlogEvents"

        def handle(self, event: BaseEvent, **kwargs: Any) -> None:
            """Of a call that began before we listened."""

    class AgentlogSpans(BaseSpanHandler[BaseSpan]):
        @classmethod
        def class_name(cls) -> str:
            return "AgentlogSpans"

        def span_enter(self, *args: Any, **kwargs: Any) -> None:
            try:
                listener = listen()
                for handler, names in (
                    (AgentlogEvents, ("handle",)),
                    (AgentlogSpans, ("span_enter", "span_exit", "span_drop")),
                ):
                    for name in names:
                        setattr(handler, name, staticmethod(getattr(listener, name)))
                listener.span_enter(*args, **kwargs)
            except Exception as failure:  # noqa: BLE001 - the dispatcher would swallow it without a word
                runtime.problem("llama_index cannot be listened to", failure)

        def span_exit(self, *args: Any, **kwargs: Any) -> None:
            """Of a span that was entered before we listened."""

        def span_drop(self, *args: Any, **kwargs: Any) -> None:
            """As above."""

        # the base class keeps spans; ours are kept by the listener
        def new_span(self, *args: Any, **kwargs: Any) -> None:
            return None

        def prepare_to_exit_span(self, *args: Any, **kwargs: Any) -> None:
            return None

        def prepare_to_drop_span(self, *args: Any, **kwargs: Any) -> None:
            return None

    return AgentlogEvents(), AgentlogSpans()
