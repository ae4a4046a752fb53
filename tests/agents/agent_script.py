"""What the agents in this folder share: replies with their labels, and models that give those replies.

A label says who reads the words of a call, seen from the agent's own code:

    human      a person reads these words, as the model wrote them or changed by code (cut, translated, wrapped)
    internal   only programs and models read them

and whether a recorder can know it, which sees calls and what the outermost one gives back, and no screen:
`perhaps_human` and `perhaps_internal` are labels of calls for which it cannot.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import openai
from langchain_openai import ChatOpenAI
from llama_index.core.base.llms.types import ChatMessage, ToolCallBlock
from llama_index.core.llms.mock import MockFunctionCallingLLM

from agentlog.testing import Reply, ScriptedProvider

Words = str | dict[str, Any] | tuple[str, dict[str, Any]]
"""A text; a JSON value; a tool call (name, arguments)."""


@dataclass(frozen=True)
class Said:
    """One reply of a model, and its label."""

    words: Words
    surface: str
    """"internal" or "human": who reads it."""
    why: str
    decidable: bool = True
    beside: str = ""
    """Text beside a tool call."""
    when: str = ""
    """The reply to whoever is asked with these words, where several are asked at once; else to the next who is asked."""

    @property
    def reply(self) -> Reply:
        if isinstance(self.words, tuple):
            return Reply(text=self.beside or None, tool_calls=[self.words])
        if isinstance(self.words, dict):
            import json

            return Reply(text=json.dumps(self.words))
        return Reply(text=self.words)


def human(words: Words, why: str, **more: Any) -> Said:
    return Said(words, "human", why, **more)


def internal(words: Words, why: str, **more: Any) -> Said:
    return Said(words, "internal", why, **more)


def perhaps_human(words: Words, why: str, **more: Any) -> Said:
    return Said(words, "human", why, decidable=False, **more)


def perhaps_internal(words: Words, why: str, **more: Any) -> Said:
    return Said(words, "internal", why, decidable=False, **more)


def calls(name: str, why: str = "a tool call: the program runs it", **arguments: Any) -> Said:
    return internal((name, arguments), why)


class Desk:
    """The models of one run: whichever client asks, the replies come in their order."""

    def __init__(self, replies: Iterable[Said]) -> None:
        self._left = list(replies)
        self._lock = threading.Lock()
        self.provider = ScriptedProvider(
            lambda route, body: None if route == "embeddings" else self._next(str(body)).reply
        )
        self.openai = openai.OpenAI(base_url=self.provider.base_url, api_key="none", max_retries=0)
        self.async_openai = openai.AsyncOpenAI(base_url=self.provider.base_url, api_key="none", max_retries=0)

    def _next(self, asked: str) -> Said:
        with self._lock:
            chosen = next((one for one in self._left if one.when and one.when in asked), None)
            chosen = chosen or next(one for one in self._left if not one.when)
            self._left.remove(chosen)
            return chosen

    @property
    def all_said(self) -> bool:
        return not self._left

    def ask(self, system: str, user: str = "", *, history: list[Any] | None = None, **params: Any) -> Any:
        """One call of the plain SDK; gives the message."""
        messages = [{"role": "system", "content": system}, *(history or ())]
        if user:
            messages.append({"role": "user", "content": user})
        return self.openai.chat.completions.create(model="gpt-4o-mini", messages=messages, **params).choices[0].message

    def say(self, system: str, user: str = "", **params: Any) -> str:
        """The same; gives the text."""
        return str(self.ask(system, user, **params).content)

    def stream(self, system: str, user: str) -> Iterable[str]:
        messages: Any = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        with self.openai.chat.completions.create(model="gpt-4o-mini", messages=messages, stream=True) as chunks:
            for chunk in chunks:
                if chunk.choices and chunk.choices[0].delta.content:
                    yield chunk.choices[0].delta.content

    def chat_model(self, **params: Any) -> ChatOpenAI:
        return ChatOpenAI(model="gpt-4o-mini", base_url=self.provider.base_url, api_key="none", max_retries=0, **params)

    def llama(self) -> MockFunctionCallingLLM:
        def answer(messages: Any, **kwargs: Any) -> ChatMessage:
            said = self._next(str(messages))
            if isinstance(said.words, tuple):
                name, arguments = said.words
                return ChatMessage(
                    role="assistant", blocks=[ToolCallBlock(tool_call_id="c1", tool_name=name, tool_kwargs=arguments)]
                )
            return ChatMessage(role="assistant", content=said.reply.text)

        return MockFunctionCallingLLM(response_generator=answer, is_chat_model=True)

    def close(self) -> None:
        self.openai.close()
        self.provider.close()


@dataclass(frozen=True)
class Scene:
    """An agent, what it is asked, and what its models say."""

    agent: Callable[[Desk, str], Any]
    asked: str
    replies: list[Said]

    @property
    def name(self) -> str:
        return f"{self.agent.__module__}.{self.agent.__qualname__}"


def tool(name: str, **parameters: str) -> dict[str, Any]:
    """A tool's definition in OpenAI's chat API; parameters are texts."""
    schema = {
        "type": "object",
        "properties": {key: {"type": "string", "description": says} for key, says in parameters.items()},
    }
    return {"type": "function", "function": {"name": name, "description": name, "parameters": schema}}
