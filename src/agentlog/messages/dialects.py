"""Every dialect that can be read, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from agentlog.messages.anthropic import read_anthropic, read_anthropic_completions
from agentlog.messages.chat import read_chat, read_completions, read_embeddings
from agentlog.messages.gemini import read_gemini
from agentlog.messages.langchain import read_langchain
from agentlog.messages.llama_index import read_llama_index
from agentlog.messages.plain import read_arguments, read_hand_written, read_retrieval
from agentlog.messages.reading import Reading
from agentlog.messages.responses import read_responses

DIALECTS: Final[dict[str, Callable[[Any, Any], Reading]]] = {
    "arguments": read_arguments,
    "messages": read_hand_written,
    "retrieval": read_retrieval,
    "openai.chat": read_chat,
    "openai.responses": read_responses,
    "openai.completions": read_completions,
    "openai.embeddings": read_embeddings,
    "anthropic.messages": read_anthropic,
    "anthropic.completions": read_anthropic_completions,
    "gemini.generate": read_gemini,
    "langchain": read_langchain,
    "llama_index": read_llama_index,
}


def read(dialect: str, request: Any, response: Any) -> Reading:
    """What a call's request and response say, in our own words.

    Args:
        dialect: a name in `DIALECTS`.
        request: plain data, as the API or the framework was given it.
        response: plain data, as it came back; None when nothing did. A stream's events go through `assemble` first.

    Raises:
        ValueError: no such dialect, or data of a wholly different shape. Odd data of about the right shape never raises.

    >>> reading = read(
    ...     "openai.chat", {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "temperature": 0}, None
    ... )
    >>> reading["input_messages"], reading["request"]
    ([{'role': 'user', 'parts': [{'type': 'text', 'text': 'Hi'}]}], '{"temperature": 0}')
    """
    reader = DIALECTS.get(dialect)
    if reader is None:
        raise ValueError(f"no dialect answers to {dialect!r}. There is: {', '.join(DIALECTS)}")
    return reader(request, response)
