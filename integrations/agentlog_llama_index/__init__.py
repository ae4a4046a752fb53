"""What makes `agentlog.instrument(llama_index)` work: models, tools, retrievers, agents and workflows become records.

LlamaIndex tells what happens through its own dispatcher; two handlers at its root are all that is added. It is imported
when `install` is called, and its core when its first span opens: this package can be imported without it.

    handlers.py  the two handlers at the root
    kinds.py     what kind of call a span is, if any
    places.py    where in the run something stands, and which calls are around it
    models.py    model calls and embeddings, which events tell of
    runs.py      tools, retrievers, engines, agents and workflows, which spans tell of
    content.py   messages, tools, parameters, documents and answers as plain data
"""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from agentlog.instrumentation.integration import Coverage

if TYPE_CHECKING:
    from agentlog_llama_index.handlers import Handlers

__all__ = ["LlamaIndexIntegration"]

_OLDEST: Final = (0, 14)


class LlamaIndexIntegration:
    """Records LlamaIndex's models, embeddings, tools, retrievers, query and chat engines, agents and workflows."""

    extra = "llama-index"
    library = "llama_index"

    def __init__(self) -> None:
        self._handlers: Handlers | None = None

    def install(self) -> Coverage:
        """Listen at the root dispatcher; what exists already is covered."""
        release = version("llama-index-core")
        if tuple(int(number) for number in re.findall(r"\d+", release)[:2]) < _OLDEST:
            # 0.13 runs workflows in another way, and before it the dispatcher was another one
            return Coverage((), (f"llama_index {release}: it needs llama-index-core 0.14 or newer",))
        from agentlog_llama_index.handlers import Handlers

        self._handlers = Handlers()
        return self._handlers.install()

    def uninstall(self) -> None:
        """Take the handlers out again."""
        if self._handlers is not None:
            self._handlers.remove()
            self._handlers = None
