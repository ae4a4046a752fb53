"""A small model's answer, given by a chat model of LangChain: callbacks, streams and `output_version` are what they always are."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, InvalidToolCall, ToolCall
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import BaseModel

from agentlog.routing.decision import Decision
from agentlog.routing.serving.completions import about, call_id, finish_reason
from agentlog.tasks.reading import Answer

_NO_TOKENS: Final = UsageMetadata(input_tokens=0, output_tokens=0, total_tokens=0)


class Decided(BaseChatModel):
    """A chat model that gives one answer, which was decided already."""

    message: AIMessageChunk

    @classmethod
    def of(cls, decision: Decision, model: BaseChatModel, wanted: Any) -> Decided:
        """The model that gives `decision.answer` in the way in which `model` would.

        Raises:
            ValueError: the answer is not of the class `wanted`.
        """
        answer = decision.answer or Answer("", ())
        calls, invalid = _tool_calls(answer)
        message = AIMessageChunk(
            content=answer.text,
            additional_kwargs=_parsed(answer.text, wanted) if wanted is not None and not calls else {},
            tool_calls=calls,
            invalid_tool_calls=invalid,
            response_metadata={
                "model_name": decision.model,
                "finish_reason": finish_reason(decision),
                "agentlog": about(decision),
            },
            usage_metadata=_NO_TOKENS,
            chunk_position="last",
        )
        return cls(
            message=message, cache=False, output_version=model.output_version, disable_streaming=model.disable_streaming
        )

    @property
    def _llm_type(self) -> str:
        return "agentlog"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        said = self.message
        message = AIMessage(
            content=said.content,
            tool_calls=said.tool_calls,
            invalid_tool_calls=said.invalid_tool_calls,
            response_metadata=said.response_metadata,
            usage_metadata=said.usage_metadata,
            additional_kwargs=said.additional_kwargs,
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._generate(messages)  # there is nothing to wait for

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        yield ChatGenerationChunk(message=self.message)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        yield ChatGenerationChunk(message=self.message)


def _parsed(text: str, wanted: Any) -> dict[str, Any]:
    """What langchain-openai puts beside the content where a response format is given, and its parsers look for."""
    if isinstance(wanted, type) and issubclass(wanted, BaseModel):
        return {"parsed": wanted.model_validate_json(text)}
    try:
        parsed = json.loads(text)
    except ValueError:
        return {}
    return {"parsed": parsed} if isinstance(parsed, dict) else {}


def _tool_calls(answer: Answer) -> tuple[list[ToolCall], list[InvalidToolCall]]:
    """The tool calls with their arguments parsed; those that are no JSON object as LangChain marks them."""
    calls: list[ToolCall] = []
    invalid: list[InvalidToolCall] = []
    for name, arguments in answer.calls:
        try:
            parsed = json.loads(arguments or "{}")
        except ValueError:
            parsed = None
        if isinstance(parsed, dict):
            calls.append(ToolCall(name=name, args=parsed, id=call_id(), type="tool_call"))
        else:
            invalid.append(
                InvalidToolCall(name=name, args=arguments, id=call_id(), error=None, type="invalid_tool_call")
            )
    return calls, invalid
