"""What is asked of a model through the anthropic SDK, who is asked, and what of it a release has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

import anthropic

from agentlog.instrumentation.integration import Coverage
from agentlog.messages.reading import read_error
from agentlog.semconv import CHAT, TEXT_COMPLETION
from agentlog_anthropic.answers import plain, streamed
from agentlog_stainless.answers import sent_events
from agentlog_stainless.hosts import provider_of
from agentlog_stainless.sdk import Sdk

ENDPOINTS: Final[Mapping[str, tuple[str, str]]] = {
    "v1/messages": (CHAT, "anthropic.messages"),
    "v1/complete": (TEXT_COMPLETION, "anthropic.completions"),
}
"""Path of a request → operation and dialect of its call. The paths of clouds are made of these later, by the SDK."""

_CLOUDS: Final[Mapping[str, str]] = {
    "anthropic.lib.bedrock": "aws.bedrock",
    "anthropic.lib.vertex": "gcp.vertex_ai",
    "anthropic.lib.foundry": "azure.ai.inference",
    # Anthropic's own service, sold by a cloud
    "anthropic.lib.aws": "anthropic",
    "anthropic.lib.google_cloud": "anthropic",
}
"""Where a client's class stands → whose models it asks, whatever its address."""

_OFFERED: Final[Mapping[str, tuple[str, str]]] = {
    "messages.create": ("messages.Messages", "create"),
    "messages.stream": ("messages.Messages", "stream"),
    "messages.parse": ("messages.Messages", "parse"),
    "beta.messages.create": ("beta.messages.Messages", "create"),
    "beta.messages.tool_runner": ("beta.messages.Messages", "tool_runner"),
    "completions.create": ("completions.Completions", "create"),
}
"""What calls a model → the class of `anthropic.resources` that does it, and its method."""

_UNCOVERED: Final[Mapping[str, tuple[str, str]]] = {
    "messages.batches (the answers come hours later, out of a file)": ("beta.messages.Batches", "create"),
    "beta.sessions (an agent at the provider, whose model calls the SDK never sees)": (
        "beta.sessions.Sessions",
        "create",
    ),
}


def coverage(lacking: list[str]) -> Coverage:
    """What is covered, where `lacking` could not be hooked."""
    release = f"anthropic {anthropic.__version__}"
    there = [name for name, place in _OFFERED.items() if _offers(*place)]
    absent = [*lacking, *(name for name in _OFFERED if name not in there)]
    missing = [f"{release}: it has no {', '.join(absent)}"] if absent else []
    missing += [f"{release}: {what}" for what, place in _UNCOVERED.items() if _offers(*place)]
    return Coverage((f"{release}: {', '.join(there)} (sync, async, streams, raw responses)",), tuple(missing))


def _offers(place: str, method: str) -> bool:
    module, _, owner = place.rpartition(".")
    try:
        return hasattr(getattr(import_module(f"anthropic.resources.{module}"), owner, None), method)
    except ImportError:
        return False


def provider(client: Any) -> tuple[str, str]:
    """The provider's name, and the host when that name is only a guess."""
    modules = tuple(base.__module__ for base in type(client).__mro__)
    known = _of_class(modules) or provider_of(client.base_url.host)
    return (known, "") if known else ("anthropic", client.base_url.host)


@lru_cache(maxsize=64)
def _of_class(modules: tuple[str, ...]) -> str:
    # `anthropic.lib.bedrock._client` → `anthropic.lib.bedrock`
    clouds = (".".join(module.split(".")[:3]) for module in modules)
    return next((_CLOUDS[cloud] for cloud in clouds if cloud in _CLOUDS), "")


def _events(client: Any, body: bytes) -> Iterator[Any]:
    """Server-sent events, or the frames in which a cloud sends them."""
    decoder = client._make_sse_decoder()
    if type(decoder).__module__ == "anthropic._streaming":
        yield from sent_events(body)
        return
    for event in decoder.iter_bytes(iter([body])):
        yield event.json()


SDK: Final = Sdk(
    package=anthropic,
    endpoints=ENDPOINTS,
    provider=provider,
    streamed=streamed,
    plain=plain,
    events=_events,
    failure=lambda body: read_error(dict(body)) or "",
)
