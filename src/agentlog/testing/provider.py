"""The scripted provider: an HTTP server on 127.0.0.1 that answers like a model provider, from a script."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from agentlog.testing.faults import fault
from agentlog.testing.routes import Route
from agentlog.testing.scripts import Reply, Said, Script, ScriptExhausted, as_reply, as_script, default_reply
from agentlog.testing.server import Server
from agentlog.testing.wire import Body


@dataclass(slots=True)
class Exchange:
    """One request and its answer. It is in `ScriptedProvider.requests` before the first byte of the answer is sent."""

    id: str
    """The answer's id without its prefix: it depends on what was asked, and on how often."""
    route: str
    """"chat", "responses", "completions", "messages", "gemini" or "embeddings"."""
    path: str
    headers: dict[str, str]
    """In lower case, without those that hold a key."""
    request: Body
    stream: bool
    started_s: float = field(default_factory=time.time)
    """Seconds since 1970."""
    duration_s: float | None = None
    """Until the last byte was sent; None before that."""
    status: int | None = None
    """None as long as nothing was answered."""
    response: Body | None = None
    """The whole answer; of a stream too, also where it was cut or left."""
    outcome: str = "open"
    """"open", then "sent" (to its end), "cut" (by the script) or "left" (by the client)."""


class ScriptedProvider:
    """A provider that answers as it was told, and remembers what it was asked. Deterministic; no key, no network.

    It is running when it has been made, and until `close()` or the end of its `with` block.

    Args:
        script: a function (route, request body) -> `Reply`, text, JSON value or None for the default answer; or a
            list of such answers, given one after the other; or None: always the default answer. The default is a
            tool call where tools are on offer, a value for a JSON schema where one is asked for, else a short text.
            An exception in a script becomes a status 500 that says so.
        port: 0 for any free one.
        delay_s: seconds before the first byte of every answer.
        token_delay_s: seconds between two events of a stream.

    A model's name can ask for a fault: `agentlog.testing.faults` lists them.

    Example:
        >>> import json, urllib.request
        >>> with ScriptedProvider(["It is sunny."]) as provider:
        ...     body = {"model": "any", "messages": [{"role": "user", "content": "How is the weather?"}]}
        ...     request = urllib.request.Request(provider.base_url + "/chat/completions", json.dumps(body).encode())
        ...     with urllib.request.urlopen(request) as response:
        ...         answer = json.load(response)
        >>> answer["choices"][0]["message"]["content"], provider.requests[0].route
        ('It is sunny.', 'chat')
    """

    def __init__(
        self,
        script: Script | Iterable[Said] | None = None,
        *,
        port: int = 0,
        delay_s: float = 0.0,
        token_delay_s: float = 0.0,
    ) -> None:
        self.delay_s = delay_s
        self.token_delay_s = token_delay_s
        self._script = as_script(script)
        self._lock = threading.Lock()
        self._requests: list[Exchange] = []
        self._asked: Counter[bytes] = Counter()
        self._server = Server(self, port)

    @property
    def root_url(self) -> str:
        """`http://127.0.0.1:PORT`, what the clients of Anthropic and Google take as base URL."""
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:PORT/v1`, what OpenAI's clients take as base URL."""
        return self.root_url + "/v1"

    @property
    def requests(self) -> list[Exchange]:
        """What was asked and answered so far, in order of arrival; GET …/models is not listed."""
        with self._lock:
            return list(self._requests)

    def close(self) -> None:
        """Stop: open connections are shut, no thread is left. A second time does nothing."""
        self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<ScriptedProvider {self.base_url}, {len(self.requests)} requests>"

    def take(self, route: Route, path: str, headers: dict[str, str], raw: bytes, body: Body) -> tuple[Exchange, Reply]:
        """Note a request, and find the reply to it. For the server."""
        digest = hashlib.sha256(path.encode() + b"\0" + raw).digest()
        with self._lock:
            before = self._asked[digest]
            self._asked[digest] += 1
            id = hashlib.sha256(digest + str(before).encode()).hexdigest()[:24]
            exchange = Exchange(id, route.name, path, headers, body, stream=bool(body.get("stream")))
            self._requests.append(exchange)
        return exchange, self._reply(route, body, before)

    def _reply(self, route: Route, body: Body, before: int) -> Reply:
        try:
            said = as_reply(self._script(route.name, body))
        except ScriptExhausted as error:
            return Reply(status=500, error=str(error))
        except Exception as error:  # noqa: BLE001 - the script is the user's; the client has to hear of it
            return Reply(status=500, error=f"the script raised {type(error).__name__}: {error}")
        return fault(str(body.get("model") or ""), before, said) or said or default_reply(route.question(body))
