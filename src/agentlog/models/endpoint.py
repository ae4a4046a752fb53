"""Any OpenAI-compatible endpoint as a model: a server of one's own small model, or the LLM itself, to be asked once more.

Requests are rebuilt from rows, placeholders filled with natural values and turned back in the answer. What is asked here
is no call of the application: an instrumented SDK does not record it.
"""

from __future__ import annotations

import logging
import math
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from agentlog.conversations import Refused
from agentlog.errors import AgentlogError, ConfigurationError, MissingExtra
from agentlog.messages.chat import read_chat
from agentlog.models.contract import Prediction, Row
from agentlog.models.requests import Disguise
from agentlog.recording import context
from agentlog.tasks.reading import Answer, answer_of

if TYPE_CHECKING:
    from openai import OpenAI

logger = logging.getLogger(__name__)

_OPENAI: Final = "api.openai.com"
_WORD: Final = re.compile(r"[\w.-]{1,64}", re.ASCII)


class EndpointError(AgentlogError, ConnectionError):
    """An endpoint did not answer, or answered with an error.

    `kind` is one word for counting: "connection", "timeout", "http 429", "no answer".
    """

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind

    @property
    def lasting(self) -> bool:
        """Asking again will not help before somebody changes something: nobody listens, the key or the model is wrong."""
        return self.kind in ("connection", "http 401", "http 403", "http 404")


@dataclass(frozen=True, slots=True)
class Completion:
    """What an endpoint answered to one row."""

    answer: Answer
    """With placeholders, as it would stand in the record."""
    score: float
    """The mean probability of its tokens, 0 to 1; 1.0 where the endpoint does not say."""
    latency_s: float
    """Until the whole answer was there, retries and their pauses included."""
    input_tokens: int | None
    output_tokens: int | None
    cached_tokens: int | None
    """Of the input tokens: read from the provider's prompt cache. None, like the others, where the endpoint does not say."""
    model: str
    """As the endpoint names it."""
    finish_reason: str


class Endpoint:
    """An OpenAI-compatible endpoint; a `models.Model`.

    Args:
        base_url: as OpenAI's clients take it, like "http://127.0.0.1:8000/v1".
        model: its name there.
        api_key: None takes OPENAI_API_KEY, and that for OpenAI's own address only; other servers get no key.
        timeout_s: seconds to wait for one answer.
        max_retries: how often the SDK asks again after a 408, 409, 429, 5xx or a lost connection.
        task_id: the task that it stands in for, and
        task_name: that task's name; "" for any.
        threshold: scores from here on are trusted. 0.0: all.
        gate: row → why it is unlike what the model was trained on, "" where it is like it. Asked before the endpoint is.
        seed: of the natural values that stand in for placeholders.

    Example:
        >>> with Endpoint("http://127.0.0.1:8000/v1", "triage-0.6b") as endpoint:  # doctest: +SKIP
        ...     endpoint.predict(row).answer
        Answer(text='refund', calls=())
    """

    rung: str = "endpoint"
    remote: bool = True

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        api_key: str | None = None,
        timeout_s: float = 30,
        max_retries: int = 2,
        task_id: str = "",
        task_name: str = "",
        threshold: float = 0.0,
        gate: Callable[[Row], str] | None = None,
        seed: int = 0,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigurationError(f"an endpoint is an address like http://127.0.0.1:8000/v1; found {base_url!r}")
        if parts.username or parts.password:
            raise ConfigurationError("an endpoint's address holds no user and no password: give api_key=")
        if not model:
            raise ConfigurationError(f"which model of {base_url} is to be asked? Give its name: {base_url}#MODEL")
        if timeout_s <= 0:
            raise ConfigurationError(f"timeout_s= is more than 0 seconds; found {timeout_s!r}")
        self.base_url = base_url.rstrip("/")
        self.model = model
        self.task_id = task_id
        self.task_name = task_name
        self.threshold = threshold
        self.gate = gate
        self.seed = seed
        self.timeout_s = timeout_s
        self.version = blake2b(f"{self.base_url}#{model}".encode(), digest_size=6).hexdigest()
        """12 hex characters of its address and name: nobody outside can see its weights."""
        self._api_key = api_key
        self._max_retries = max_retries
        self._client: OpenAI | None = None
        self._lock = threading.Lock()
        self._logprobs = True

    @classmethod
    def at(cls, url: str, **settings: Any) -> Self:
        """The endpoint of an address like `http://127.0.0.1:8000/v1#model-name`.

        Raises:
            ConfigurationError: it is no such address.
        """
        base_url, _, model = url.partition("#")
        return cls(base_url, model, **settings)

    @property
    def url(self) -> str:
        """Its address and name, as `at` takes them."""
        return f"{self.base_url}#{self.model}"

    def __repr__(self) -> str:
        return f"<Endpoint {self.url}>"

    def predict(self, row: Row) -> Prediction:
        """The answer to a row, with placeholders as in the row. A row that cannot be asked is novel.

        Raises:
            EndpointError: it did not answer.
            MissingExtra: the SDK is not installed.
        """
        novel = self.gate(row) if self.gate is not None else ""
        if novel:
            return Prediction(None, 0.0, novel)
        try:
            done = self.ask(row)
        except Refused as refused:
            return Prediction(None, 0.0, str(refused))
        return Prediction(done.answer, done.score)

    def ask(self, row: Row) -> Completion:
        """The whole answer to a row; no gate is asked.

        Raises:
            Refused: the row's request cannot be sent as it was.
            EndpointError: it did not answer.
            MissingExtra: the SDK is not installed.
        """
        disguise = Disguise(row, self.seed)
        begun = time.perf_counter()
        body = self._sent(disguise.request)
        latency_s = time.perf_counter() - begun
        reading = read_chat({}, body)
        answers = reading.get("output_messages") or []
        usage: Any = reading.get("usage") or {}
        if not answers:
            raise EndpointError(self._says("gave an answer without a choice"), "no answer")
        return Completion(
            disguise.answer(answer_of({"output_messages": answers[:1]})),
            _score(body),
            latency_s,
            usage.get("input_tokens"),
            usage.get("output_tokens"),
            usage.get("cache_read_input_tokens"),
            reading.get("response_model") or self.model,
            str(answers[0].get("finish_reason") or ""),
        )

    def complete(self, prompt: str, *, max_tokens: int | None = None) -> str:
        """The text that it answers to a single message: what a judge is asked with.

        Raises:
            EndpointError: it did not answer.
            MissingExtra: the SDK is not installed.
        """
        limit = {} if max_tokens is None else {"max_tokens": max_tokens}
        body = self._sent({"messages": [{"role": "user", "content": prompt}], "temperature": 0, **limit})
        return answer_of({"output_messages": read_chat({}, body).get("output_messages")}).text

    def close(self) -> None:
        """Close its connections. It opens them again when it is asked."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connected(self) -> OpenAI:
        with self._lock:
            if self._client is None:
                from openai import OpenAI, OpenAIError

                own = urlsplit(self.base_url).hostname == _OPENAI
                try:
                    self._client = OpenAI(
                        # the key of one provider is not shown to another
                        api_key=self._api_key or (None if own else "none"),
                        base_url=self.base_url,
                        timeout=self.timeout_s,
                        max_retries=self._max_retries,
                    )
                except OpenAIError:
                    raise ConfigurationError(
                        f"{self.base_url} needs a key: give api_key=, or set OPENAI_API_KEY"
                    ) from None
            return self._client

    def _sent(self, request: dict[str, Any]) -> dict[str, Any]:
        """The body of the answer. Messages of errors hold no word of it, nor of the request: a provider may quote them."""
        try:
            import openai
        except ImportError as error:
            raise MissingExtra("openai", "openai", "asking an endpoint") from error
        create: Any = self._connected().chat.completions.create  # its overloads want one of their own models by name

        try:
            with context.unrecorded():
                try:
                    scored = {"logprobs": True} if self._logprobs else {}
                    answer = create(model=self.model, **request, **scored)
                except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                    if not self._logprobs or "logprob" not in str(error):
                        raise
                    self._logprobs = False  # not every server knows them; it is asked without from now on
                    answer = create(model=self.model, **request)
            body = answer.to_dict() if isinstance(answer, openai.BaseModel) else None
        except openai.APITimeoutError:
            raise EndpointError(
                self._says(f"did not answer within {self.timeout_s:g} s: is it overloaded? timeout_s= waits longer"),
                "timeout",
            ) from None
        except openai.APIStatusError as error:
            raise self._refusal(error) from None
        except openai.APIConnectionError:
            raise EndpointError(self._says("does not answer: is a server running there?"), "connection") from None
        except (openai.OpenAIError, ValueError, TypeError) as error:
            # half a document, a page of a proxy, a request that the SDK itself will not send
            raise EndpointError(
                self._says(
                    f"gave something that is no chat completion ({type(error).__name__}): is its address right?"
                ),
                "no answer",
            ) from None
        if body is None:
            raise EndpointError(
                self._says("gave something that is no chat completion: is its address right?"), "no answer"
            )
        if body.get("error"):  # some gateways say it with status 200
            raise EndpointError(self._says("gave an error instead of an answer: see the server's own log"), "no answer")
        return body

    def _refusal(self, error: Any) -> EndpointError:
        status = error.status_code
        code = error.code if isinstance(error.code, str) and _WORD.fullmatch(error.code) else ""
        advice = _ADVICE.get(status) or (
            "see the server's own log" if status >= 500 else "it does not take this request"
        )
        return EndpointError(
            self._says(f"answered with status {status}{f' ({code})' if code else ''}: {advice}"), f"http {status}"
        )

    def _says(self, what: str) -> str:
        return f"the endpoint {self.base_url} (model {self.model!r}) {what}"


_ADVICE: Final = {
    401: "give the right api_key=",
    403: "the key may not use this model",
    404: "is the address right (it mostly ends in /v1), and does it serve this model?",
    413: "the request is too long for it",
    429: "its rate limit or quota is used up: ask less at once (concurrency=), or later",
}


def _score(body: dict[str, Any]) -> float:
    """The geometric mean of the probabilities of the answer's tokens; 1.0 where they are not said."""
    try:
        tokens = body["choices"][0]["logprobs"]["content"] or []
        found = [float(token["logprob"]) for token in tokens]
    except (KeyError, IndexError, TypeError, ValueError):
        return 1.0
    if not found:
        return 1.0
    score = math.exp(min(0.0, sum(found) / len(found)))
    return score if math.isfinite(score) else 0.0
