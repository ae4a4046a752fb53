"""Tokens, as OpenTelemetry counts them, from what any provider or framework says."""

from __future__ import annotations

from typing import Any, Final, TypedDict


class Usage(TypedDict):
    """Tokens of one call; None where nobody said. `input_tokens` includes the cached ones, `output_tokens` the reasoning."""

    input_tokens: int | None
    output_tokens: int | None
    cache_read_input_tokens: int | None
    cache_creation_input_tokens: int | None
    reasoning_output_tokens: int | None


_INPUT: Final = (
    "prompt_tokens",
    "input_tokens",
    "promptTokenCount",
    "prompt_token_count",
    "inputTokens",
    "prompt_eval_count",
)
_OUTPUT: Final = (
    "completion_tokens",
    "output_tokens",
    "candidatesTokenCount",
    "candidates_token_count",
    "outputTokens",
    "eval_count",
)
_READ: Final = (
    "cache_read_input_tokens",
    "cachedContentTokenCount",
    "cached_content_token_count",
    "cacheReadInputTokens",
    "prompt_cache_hit_tokens",
    "cached_tokens",
)
_CREATED: Final = ("cache_creation_input_tokens", "cacheWriteInputTokens")
_REASONING: Final = ("reasoning_output_tokens", "thoughtsTokenCount", "thoughts_token_count", "reasoning_tokens")
_INPUT_DETAILS: Final = ("prompt_tokens_details", "input_tokens_details", "input_token_details")
_OUTPUT_DETAILS: Final = ("completion_tokens_details", "output_tokens_details", "output_token_details")
_ANTHROPIC_ONLY: Final = ("cache_creation", "server_tool_use", "inference_geo", "service_tier", "iterations")


def read_usage(said: Any, *, parts_apart: bool | None = None) -> Usage | None:
    """The tokens in a provider's `usage` (or `usageMetadata`, `token_usage`, …); None when it holds none.

    Args:
        said: what the provider or the framework said.
        parts_apart: whether cached tokens come on top of `input_tokens`, as Anthropic and Bedrock count them; None: seen from
            the other keys, or because more tokens came from the cache than went in.

    >>> read_usage({"input_tokens": 3, "cache_read_input_tokens": 100, "output_tokens": 5}, parts_apart=True)[
    ...     "input_tokens"
    ... ]
    103
    """
    if not isinstance(said, dict):
        return None
    inside = _first_dict(said, _INPUT_DETAILS)
    outside = _first_dict(said, _OUTPUT_DETAILS)
    given = _first(said, _INPUT)
    answered = _first(said, _OUTPUT)
    read = _or(_first(said, _READ), _detail(inside, "cached_tokens", "cache_read"))
    created = _or(_first(said, _CREATED), _detail(inside, "cache_write_tokens", "cache_creation"))
    if not created:  # LangChain: Anthropic's two kinds of entries instead of their sum
        kinds = [_count(inside.get(key)) for key in ("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")]
        if any(kinds):
            created = sum(one or 0 for one in kinds)
    thought = _or(_first(said, _REASONING), _detail(outside, "reasoning_tokens", "reasoning", "thinking_tokens"))
    cached = (read or 0) + (created or 0)
    if given is not None and ("input_tokens" in said or "inputTokens" in said):
        if parts_apart is None:
            parts_apart = not inside and ("inputTokens" in said or any(key in said for key in _ANTHROPIC_ONLY))
        if parts_apart or cached > given:
            given += cached
    if "promptTokenCount" in said or "prompt_token_count" in said:  # Gemini counts thoughts and tools' words apart
        given = (given or 0) + (_first(said, ("toolUsePromptTokenCount", "tool_use_prompt_token_count")) or 0)
        if thought is not None:
            answered = (answered or 0) + thought
    if given is None and answered is None:
        return None
    return {
        "input_tokens": given,
        "output_tokens": answered,
        "cache_read_input_tokens": read,
        "cache_creation_input_tokens": created,
        "reasoning_output_tokens": thought,
    }


def _first(said: dict[str, Any], keys: tuple[str, ...]) -> int | None:
    return next((count for key in keys if (count := _count(said.get(key))) is not None), None)


def _or(first: int | None, second: int | None) -> int | None:
    return second if first is None else first


def _first_dict(said: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return next((said[key] for key in keys if isinstance(said.get(key), dict)), {})


def _detail(details: dict[str, Any], *names: str) -> int | None:
    """A detail by its name; LangChain puts the service tier before it (`priority_cache_read`)."""
    exact = _first(details, names)
    if exact is not None:
        return exact
    return next(
        (
            count
            for key, value in details.items()
            if str(key).endswith(tuple(f"_{name}" for name in names)) and (count := _count(value)) is not None
        ),
        None,
    )


def _count(value: Any) -> int | None:
    """A number of tokens that fits its column, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**63:
        return None
    return int(value)
