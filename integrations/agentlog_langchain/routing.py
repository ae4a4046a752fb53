"""Calls of LangChain's chat models that go past the router: a small model answers what it has earned, the LLM everything else.

    model = RoutedChatModel(ChatOpenAI(model="gpt-4o"), Router.load("studies/default/routing"))
    agent = create_agent(llm, tools, middleware=[route_middleware(router)])

Whoever answers, LangChain asks a chat model in its own way: an answer of ours is given by a model too (`decided.py`), so that
callbacks, streams, `output_version` and structured output are what they always are.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import chat_models
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable, RunnableBinding, RunnableConfig, RunnableSequence, ensure_config
from langchain_core.runnables.base import RunnableParallel
from pydantic import PrivateAttr

from agentlog import runtime
from agentlog.errors import ConfigurationError
from agentlog.messages import read
from agentlog.routing.decision import Decision
from agentlog.routing.router import Router
from agentlog.routing.serving.asking import asked, asked_async, run_around, tell, trace_around
from agentlog.routing.serving.completions import askable
from agentlog.tasks.reading import Answer, answer_of
from agentlog_langchain import plain
from agentlog_langchain.decided import Decided

_SHARED: Final = (
    "callbacks",
    "custom_get_token_ids",
    "disable_streaming",
    "metadata",
    "output_version",
    "profile",
    "tags",
    "verbose",
)
"""What LangChain asks of the model that it sees, and the LLM has settled."""
_SESSIONS: Final = ("thread_id", "session_id", "conversation_id")


class RoutedChatModel(BaseChatModel):
    """A chat model in front of `llm`: the router says, call by call, whether a small model answers in its stead.

    Everything else is `llm`'s: parameters, tools, structured output, streams, cache, rate limiter, errors. What the router
    learns tasks by is what LangChain tells callbacks: the messages, the parameters, the node and the agent.

    Args:
        llm: any chat model.
        router: decides.

    An answer of a small model says so: `response_metadata["model_name"]` is `agentlog/<task>@<version>`, and
    `response_metadata["agentlog"]` holds route, task and score.
    """

    llm: BaseChatModel
    router: Any
    _structure: Any = PrivateAttr(default=None)
    _config: Any = PrivateAttr(default=None)

    def __init__(self, llm: BaseChatModel, router: Router, **fields: Any) -> None:
        if not isinstance(llm, BaseChatModel):
            raise ConfigurationError(
                f"RoutedChatModel stands in front of a chat model; found {type(llm).__name__}. "
                "Wrap the model first, and bind tools to what comes out"
            )
        # what answers from a cache or waits for a rate is the LLM: small models need neither
        shared = {name: value for name in _SHARED if (value := getattr(llm, name, None)) is not None}
        super().__init__(**{"llm": llm, "router": router, "cache": False, **shared, **fields})

    def __getattr__(self, name: str) -> Any:
        """What this model has not, `llm` may have: `model_name`, `temperature`, ….

        pydantic comes here for its own private attributes too.
        """
        try:
            return super().__getattr__(name)  # type: ignore[misc]  # pydantic hides it from type checkers
        except AttributeError:
            llm = self.__dict__.get("llm")
            if llm is None or name.startswith("_"):
                raise
            return getattr(llm, name)

    # ------------------------------------------------------------ what it says of itself is what the LLM says

    @property
    def _llm_type(self) -> str:
        return self.llm._llm_type

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return self.llm._identifying_params

    @property
    def _serialized(self) -> dict[str, Any]:
        return self.llm._serialized

    def _get_invocation_params(self, stop: list[str] | None = None, **kwargs: Any) -> dict[str, Any]:
        return self.llm._get_invocation_params(stop=stop, **kwargs)

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> Any:
        return self.llm._get_ls_params(stop=stop, **kwargs)

    def _combine_llm_outputs(self, llm_outputs: list[Any]) -> Any:
        return self.llm._combine_llm_outputs([one for one in llm_outputs if one is not None])

    def get_token_ids(self, text: str) -> list[int]:
        """As the LLM counts."""
        return self.llm.get_token_ids(text)

    def get_num_tokens(self, text: str) -> int:
        """As the LLM counts."""
        return self.llm.get_num_tokens(text)

    def get_num_tokens_from_messages(self, messages: list[BaseMessage], tools: Sequence[Any] | None = None) -> int:
        """As the LLM counts."""
        return self.llm.get_num_tokens_from_messages(messages, tools)

    # ------------------------------------------------------------ what is made of it

    def bind_tools(self, tools: Sequence[Any], *, tool_choice: Any = None, **kwargs: Any) -> Runnable[Any, AIMessage]:
        """What the LLM makes of the tools, with the router in front of it."""
        choice = {} if tool_choice is None else {"tool_choice": tool_choice}
        made: Runnable[Any, AIMessage] = self._before(self.llm.bind_tools(tools, **choice, **kwargs))
        return made

    def with_structured_output(self, schema: Any, *, include_raw: bool = False, **kwargs: Any) -> Runnable[Any, Any]:
        """What the LLM makes of the schema, with the router in front of it."""
        structured = self.llm.with_structured_output(schema, include_raw=include_raw, **kwargs)
        made: Runnable[Any, Any] = self._before(structured)
        return made

    def _before(self, made: Any) -> Any:
        """`made` of the LLM, with the router before it."""
        put = self._instead(made)
        if put is made:
            runtime.problem(f"what {type(self.llm).__name__} makes of tools or a schema does not go past the router")
        return put

    def _instead(self, made: Any) -> Any:
        """`made` with this model wherever the LLM stood in it; `made` itself where it did not."""
        if made is self.llm:
            return self
        if isinstance(made, BaseChatModel):
            return RoutedChatModel(made, self.router)
        if isinstance(made, RunnableBinding):
            bound = self._instead(made.bound)
            return made if bound is made.bound else made.model_copy(update={"bound": bound})
        if isinstance(made, RunnableSequence):
            steps = [self._instead(step) for step in made.steps]
            same = all(new is old for new, old in zip(steps, made.steps, strict=True))
            return made if same else RunnableSequence(*steps, name=made.name)
        if isinstance(made, RunnableParallel):
            named = {name: self._instead(step) for name, step in made.steps__.items()}
            return made if all(named[name] is made.steps__[name] for name in named) else RunnableParallel(named)
        return made

    # ------------------------------------------------------------ asked

    def generate(self, messages: list[list[BaseMessage]], *args: Any, **kwargs: Any) -> Any:
        """As every chat model; the schema that is wanted is noted before LangChain takes it out."""
        return BaseChatModel.generate(self._noting(None, kwargs), messages, *args, **kwargs)

    async def agenerate(self, messages: list[list[BaseMessage]], *args: Any, **kwargs: Any) -> Any:
        """As every chat model; see `generate`."""
        return await BaseChatModel.agenerate(self._noting(None, kwargs), messages, *args, **kwargs)

    def stream(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[AIMessageChunk]:
        """As every chat model; `_stream` is not told the config."""
        yield from BaseChatModel.stream(self._noting(ensure_config(config), kwargs), input, config, **kwargs)

    async def astream(
        self, input: Any, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[AIMessageChunk]:
        """As every chat model; see `stream`."""
        noting = self._noting(ensure_config(config), kwargs)
        async with aclosing(BaseChatModel.astream(noting, input, config, **kwargs)) as chunks:  # type: ignore[type-var]  # a generator
            async for chunk in chunks:
                yield chunk

    def _noting(self, config: RunnableConfig | None, kwargs: Mapping[str, Any]) -> RoutedChatModel:
        """This model, for one call of which something must be known later."""
        structure = kwargs.get("ls_structured_output_format") or kwargs.get("structured_output_format")
        if config is None and structure is None:
            return self
        noting = self.model_copy()
        noting._config, noting._structure = config, structure
        return noting

    def _should_stream(self, *, async_api: bool, run_manager: Any = None, **kwargs: Any) -> bool:
        # `stream` asks without a manager; in `invoke` whoever answers decides, in LangChain's way, below this model
        return run_manager is None and self.llm._should_stream(async_api=async_api, **kwargs)

    def _should_use_protocol_streaming(self, *, async_api: bool, run_manager: Any = None, **kwargs: Any) -> bool:
        return False

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        asking = _Asking(self, messages, stop, run_manager, kwargs)
        decided = asking.decided(asked(asking.decide)) if asking.decide is not None else None
        if decided is not None:
            return decided._generate_with_cache(messages, stop=stop, run_manager=run_manager, **kwargs)
        with asking:
            result = self.llm._generate_with_cache(messages, stop=stop, run_manager=run_manager, **kwargs)
        asking.answered(result.generations)
        return result

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        asking = _Asking(self, messages, stop, run_manager, kwargs)
        decided = asking.decided(await asked_async(self.router, asking.decide)) if asking.decide is not None else None
        if decided is not None:
            return await decided._agenerate_with_cache(messages, stop=stop, run_manager=run_manager, **kwargs)
        with asking:
            result = await self.llm._agenerate_with_cache(messages, stop=stop, run_manager=run_manager, **kwargs)
        asking.answered(result.generations)
        return result

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        asking = _Asking(self, messages, stop, run_manager, kwargs)
        decided = asking.decided(asked(asking.decide)) if asking.decide is not None else None
        if decided is not None:
            yield from decided._stream(messages, stop, run_manager, **kwargs)
            return
        heard: list[ChatGenerationChunk] = []
        given = {} if run_manager is None else {"run_manager": run_manager}
        with asking:
            for chunk in self.llm._stream(messages, stop=stop, **given, **kwargs):
                heard.append(chunk)
                yield chunk
        asking.answered(heard, streamed=True)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        asking = _Asking(self, messages, stop, run_manager, kwargs)
        decided = asking.decided(await asked_async(self.router, asking.decide)) if asking.decide is not None else None
        if decided is not None:
            for chunk in decided._stream(messages, stop, **kwargs):
                yield chunk
            return
        heard: list[ChatGenerationChunk] = []
        given = {} if run_manager is None else {"run_manager": run_manager}
        with asking:
            async for chunk in self.llm._astream(messages, stop=stop, **given, **kwargs):
                heard.append(chunk)
                yield chunk
        asking.answered(heard, streamed=True)


class _Asking:
    """One call: what the router is asked, and what it is told. A context manager around the LLM's work."""

    def __init__(
        self,
        model: RoutedChatModel,
        messages: list[BaseMessage],
        stop: list[str] | None,
        run_manager: Any,
        kwargs: dict[str, Any],
    ) -> None:
        self._model = model
        self._wanted = kwargs.get("response_format")
        self._decision: Decision | None = None
        self._begun = 0.0
        self.decide: Callable[[], Decision] | None = None
        try:
            self.decide = self._question(messages, stop, run_manager, kwargs)
        except Exception as error:  # noqa: BLE001 - the router's failure is the LLM's answer
            runtime.problem("a call of LangChain was not put to the router", error)

    def _question(
        self, messages: list[BaseMessage], stop: list[str] | None, run_manager: Any, kwargs: dict[str, Any]
    ) -> Callable[[], Decision] | None:
        """The router's question, in the words in which the call is recorded; None where an answer of ours cannot serve it."""
        model = self._model
        options = chat_models._format_ls_structured_output(model._structure)
        request = dict(plain.parameters(model.llm._get_invocation_params(stop=stop, **kwargs), options))
        if not askable(request):
            return None
        metadata = (run_manager.metadata if run_manager is not None else (model._config or {}).get("metadata")) or {}
        run_id = getattr(run_manager, "run_id", None)
        session = next((str(metadata[key]) for key in _SESSIONS if metadata.get(key)), None)
        trace = run_around() or session or trace_around() or (None if run_id is None else str(run_id))
        tools = request.pop("tools", None)
        asked_of = plain.messages(messages)

        def decide() -> Decision:
            made: Decision = model.router.decide(
                asked_of,
                tools=tools,
                request=request,
                dialect="langchain",
                trace=trace,
                agent=_word(metadata.get("lc_agent_name")),
                node=_word(metadata.get("langgraph_node")),
            )
            return made

        return decide

    def decided(self, decision: Decision | None) -> Decided | None:
        """The model that gives the small model's answer; None: the LLM has to be asked."""
        self._decision = decision
        self._begun = time.perf_counter()
        if decision is None or decision.route != "model":
            return None
        try:
            return Decided.of(decision, self._model, self._wanted)
        except Exception as error:  # noqa: BLE001 - as above
            runtime.problem("an answer of a small model could not be written", error)
            return None

    def answered(self, generations: Sequence[Any], *, streamed: bool = False) -> None:
        """The LLM has answered."""
        decision = self._decision
        if decision is None or not decision.wants_outcome:
            return
        try:
            latency = time.perf_counter() - self._begun
            made, _ = plain.streamed(generations, 0) if streamed else plain.generations(generations[:1], 0)
            reading = read("langchain", None, {"generations": made})
            tell(
                self._model.router,
                decision,
                Answer(*answer_of(reading)),
                latency_s=latency,
                usage=reading.get("usage"),
            )
        except Exception as error:  # noqa: BLE001 - as above
            runtime.problem("an answer of LangChain was not understood", error)

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        # a reader who leaves a stream says nothing of its answer
        if isinstance(error, Exception):
            tell(self._model.router, self._decision, None, latency_s=time.perf_counter() - self._begun)


def route_middleware(router: Router) -> Any:
    """Middleware for `langchain.agents.create_agent`: the agent's model calls go past `router`.

    Raises:
        ConfigurationError: langchain 1.0 or newer is not installed.

    Example:
        >>> agent = create_agent(model, tools, middleware=[route_middleware(router)])  # doctest: +SKIP
    """
    try:
        from langchain.agents.middleware import AgentMiddleware
    except ImportError as error:
        raise ConfigurationError("route_middleware needs langchain 1.0 or newer: pip install langchain") from error

    class RouteMiddleware(AgentMiddleware):
        """Puts the router in front of the model of each request."""

        def wrap_model_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
            return handler(_past(request, router))

        async def awrap_model_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
            return await handler(_past(request, router))

    return RouteMiddleware()


def _past(request: Any, router: Router) -> Any:
    if isinstance(request.model, RoutedChatModel) or not isinstance(request.model, BaseChatModel):
        return request
    return request.override(model=RoutedChatModel(request.model, router))


def _word(value: Any) -> str | None:
    return None if value is None else str(value)
