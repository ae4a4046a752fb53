"""What is the openai SDK's own: which of its requests call a model, how its answers are put together, what a release has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import openai

from agentlog.instrumentation.integration import Coverage
from agentlog_openai.answers import plain, streamed
from agentlog_openai.request import ENDPOINTS, ask_for_usage, asked, provider
from agentlog_stainless.answers import fields
from agentlog_stainless.sdk import Sdk

_COVERED = ("chat", "responses", "completions", "embeddings")
_UNCOVERED = {
    "realtime": "realtime and responses.connect (a websocket has no single request and answer)",
    "responses": "answers of background responses (they are fetched later, with another request)",
    "batches": "batches (the answers come hours later, out of a file)",
    "beta": "beta.threads and beta.agents (they run at the provider; the SDK never sees the calls of a model)",
    "decisions": "decisions (its answers are no messages)",
}
"""Parts of a client that lead to models → what of them is not recorded, and why."""


def coverage(lacking: list[str]) -> Coverage:
    """What is covered, where `lacking` could not be hooked."""
    release = f"openai {openai.__version__}"
    there = [one for one in _COVERED if _has(one)]
    missing = [f"{release}: it has no {one}" for one in (*lacking, *(one for one in _COVERED if one not in there))]
    uncovered = [what for one, what in _UNCOVERED.items() if _has(one)]
    if uncovered:
        missing.append(f"{release}: {', '.join(uncovered)}")
    return Coverage((f"{release}: {', '.join(there)} (sync, async, streams, raw responses)",), tuple(missing))


def _has(resource: str) -> bool:
    """Whether the clients of this release have it: a cached property, an annotation before 1.59."""
    return hasattr(openai.OpenAI, resource) or resource in getattr(openai.OpenAI, "__annotations__", ())


def withheld(chunk: Any) -> bool:
    """Whether the chunk is only there because of us; of the others what we asked for is taken out."""
    said = fields(chunk)
    if said.get("usage") is not None:
        return not said.get("choices")
    if "usage" in said:  # null, in all chunks but the last
        chunk.__pydantic_fields_set__.discard("usage")
        (chunk.__pydantic_extra__ or {}).pop("usage", None)
    return False


def failure(body: Mapping[str, Any]) -> str:
    """The word for why a response that came back has no answer; "" where it has one."""
    if body.get("status") != "failed":
        return ""
    failed = body.get("error")
    code = failed.get("code") if isinstance(failed, dict) else None
    return code if isinstance(code, str) and code else "failed"


SDK = Sdk(
    package=openai,
    endpoints=ENDPOINTS,
    provider=provider,
    streamed=streamed,
    plain=plain,
    asked=asked,
    ask_more=ask_for_usage,
    withheld=withheld,
    failure=failure,
)
