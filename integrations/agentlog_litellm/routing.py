"""`completion` and `acompletion` of LiteLLM, or of one of its routers, behind our router.

Nothing of LiteLLM is replaced. (A provider of our own would see a request only after LiteLLM had refused the parameters
that it does not know for unknown providers; a routing strategy chooses among deployments, and cannot answer.)
"""

from __future__ import annotations

import functools
import importlib
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from agentlog import runtime
from agentlog.errors import ConfigurationError
from agentlog.messages import assemble
from agentlog.recording.snapshot import encode
from agentlog.routing.decision import Decision
from agentlog.routing.router import Router
from agentlog.routing.serving.asking import asked, asked_async, question, run_around, tell, trace_around
from agentlog.routing.serving.completions import chunks, completion
from agentlog.semconv import CHAT

_PARAMETERS: Final = frozenset(
    (
        "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "max_completion_tokens",
        "max_tokens", "modalities", "model", "n", "parallel_tool_calls", "presence_penalty", "reasoning_effort", "seed",
        "stop", "stream", "stream_options", "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "verbosity",
        "web_search_options",
    )
)  # fmt: skip
"""What of LiteLLM's arguments is part of the request; keys, addresses and callbacks are not."""
_NAMED: Final = ("model", "messages")


def routed(target: Any, router: Router) -> Routed:
    """`target` with `completion` and `acompletion` past `router`; everything else is `target`'s own.

    Args:
        target: the module `litellm`, or a `litellm.Router`.
        router: decides.

    Raises:
        ConfigurationError: it has no `completion` and `acompletion`.
    """
    if not callable(getattr(target, "completion", None)) or not callable(getattr(target, "acompletion", None)):
        raise ConfigurationError(
            f"routed() takes the module litellm or a litellm.Router; found {type(target).__name__}"
        )
    return Routed(target, router)


class Routed:
    """LiteLLM, or a router of it, behind our router. Made by `routed`."""

    def __init__(self, target: Any, router: Router) -> None:
        self._target = target
        self._router = router

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def completion(self, *args: Any, **kwargs: Any) -> Any:
        """`litellm.completion`: a `ModelResponse`, or an iterator of `ModelResponseStream` with `stream=True`."""
        asking = _Asking(self._router, args, kwargs)
        made = asking.answer(asked(asking.decide) if asking.decide is not None else None)
        if made is not None:
            return made
        with asking:
            return asking.heard(self._target.completion(*args, **kwargs))

    async def acompletion(self, *args: Any, **kwargs: Any) -> Any:
        """`litellm.acompletion`: a `ModelResponse`, or an async iterator of `ModelResponseStream` with `stream=True`."""
        asking = _Asking(self._router, args, kwargs)
        decision = await asked_async(self._router, asking.decide) if asking.decide is not None else None
        made = asking.answer(decision)
        if made is not None:
            return made
        with asking:
            return asking.heard(await self._target.acompletion(*args, **kwargs))


class Chunks:
    """A small model's answer as a stream of LiteLLM: an iterator, and an async iterator."""

    def __init__(self, made: Sequence[Any]) -> None:
        self._rest = iter(made)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._rest)

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        for chunk in self._rest:
            return chunk
        raise StopAsyncIteration

    def close(self) -> None:
        """Read no more."""
        self._rest = iter(())

    async def aclose(self) -> None:
        """Read no more."""
        self.close()


class _Asking:
    """One call: what the router says of it, and what becomes of the answer. A context manager around LiteLLM's work."""

    def __init__(self, router: Router, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._router = router
        self._decision: Decision | None = None
        self._begun = 0.0
        self._request: dict[str, Any] = {}
        self.decide: Callable[[], Decision] | None = None
        try:
            given = {**dict(zip(_NAMED, args, strict=False)), **kwargs}
            if len(args) <= len(_NAMED) and not given.get("mock_response"):
                self._request = _request(given)
                self.decide = question(router, self._request, trace=_trace(given), user=_text(given.get("user")))
        except Exception as error:  # noqa: BLE001 - the router's failure is the LLM's answer
            runtime.problem("a call of LiteLLM was not put to the router", error)

    def answer(self, decision: Decision | None) -> Any:
        """The small model's answer as LiteLLM gives answers; None: LiteLLM has to be asked."""
        self._decision = decision
        self._begun = time.perf_counter()
        if decision is None or decision.route != "model":
            return None
        try:
            body = completion(decision)
            made = self._response(decision, body)
            self._record(body)
            return made
        except Exception as error:  # noqa: BLE001 - as above
            runtime.problem("an answer of a small model could not be written", error)
            return None

    def _response(self, decision: Decision, body: dict[str, Any]) -> Any:
        types = importlib.import_module("litellm.types.utils")
        if not self._request.get("stream"):
            return types.ModelResponse(**body)
        options = self._request.get("stream_options")
        with_usage = bool(isinstance(options, Mapping) and options.get("include_usage"))
        made = list(chunks(decision, with_usage=with_usage))
        for one in made:
            one["id"], one["created"] = body["id"], body["created"]
        return Chunks([types.ModelResponseStream(**one) for one in made])

    def _record(self, body: dict[str, Any]) -> None:
        """A small model's answer reaches no SDK that would be recorded."""
        model = self._request.get("model")
        call = runtime.begin(CHAT, model if isinstance(model, str) else "")
        if call is None or not call.id:
            return
        call.framework = "litellm"
        call.dialect = "openai.chat"
        call.model = call.name
        call.request = encode(self._request)
        call.response = encode(body)
        call.message_ids = [body["id"]]
        runtime.finish(call)

    def heard(self, result: Any) -> Any:
        """LiteLLM's answer; the router hears of it, of a stream when it is read to its end."""
        decision = self._decision
        if decision is None or not decision.wants_outcome:
            return result
        try:
            if not self._request.get("stream"):
                self.told(result.model_dump())
            else:
                kind: Any = type(result)
                result.__class__ = _teed(kind)
                result._agentlog = (self, [])
        except Exception as error:  # noqa: BLE001 - as above
            runtime.problem("an answer of LiteLLM could not be followed", error)
        return result

    def told(self, body: Mapping[str, Any] | None) -> None:
        tell(self._router, self._decision, body, latency_s=time.perf_counter() - self._begun)

    def joined(self, heard: list[Any]) -> None:
        """A stream was read to its end."""
        try:
            body = assemble("openai.chat", [one.model_dump() for one in heard])
            if body.get("choices") and all(one.get("finish_reason") for one in body["choices"]):
                self.told(body)
        except Exception as error:  # noqa: BLE001 - as above
            runtime.problem("a stream of LiteLLM was not understood", error)

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception):
            self.told(None)


@functools.cache
def _teed(kind: Any) -> Any:
    """The class of a stream of LiteLLM that notes what it gives: an object of it is still one of `kind`."""

    def __next__(self: Any) -> Any:
        asking, heard = self._agentlog
        try:
            chunk = kind.__next__(self)
        except StopIteration:
            asking.joined(heard)
            raise
        except Exception:
            asking.told(None)
            raise
        heard.append(chunk)
        return chunk

    async def __anext__(self: Any) -> Any:
        asking, heard = self._agentlog
        try:
            chunk = await kind.__anext__(self)
        except StopAsyncIteration:
            asking.joined(heard)
            raise
        except Exception:
            asking.told(None)
            raise
        heard.append(chunk)
        return chunk

    return type(kind.__name__, (kind,), {"__next__": __next__, "__anext__": __anext__, "__module__": kind.__module__})


def _request(given: Mapping[str, Any]) -> dict[str, Any]:
    """The request in OpenAI's form."""
    made = {key: value for key, value in given.items() if key in _PARAMETERS and value is not None}
    made["messages"] = [
        one.model_dump(exclude_none=True) if hasattr(one, "model_dump") else one for one in given.get("messages") or ()
    ]
    wanted = given.get("response_format")
    if isinstance(wanted, type):
        wanted = importlib.import_module("litellm.utils").type_to_response_format_param(wanted)
    if wanted is not None:
        made["response_format"] = wanted
    return made


def _trace(given: Mapping[str, Any]) -> str | None:
    """The run that is recorded, else the one that LiteLLM's own arguments name."""
    metadata = given.get("metadata")
    said = metadata if isinstance(metadata, Mapping) else {}
    named = given.get("litellm_trace_id") or said.get("trace_id") or said.get("session_id")
    return run_around() or _text(named) or trace_around()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
