from __future__ import annotations

import pytest

from agentlog.messages.usage import read_usage


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 2,
                "prompt_tokens_details": {"cached_tokens": 4},
                "completion_tokens_details": {"reasoning_tokens": 1},
            },
            (9, 2, 4, None, 1),
        ),
        (
            {"prompt_tokens": 9, "completion_tokens": 2, "prompt_cache_hit_tokens": 4, "prompt_cache_miss_tokens": 5},
            (9, 2, 4, None, None),
        ),
        (
            {
                "input_tokens": 9,
                "output_tokens": 2,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
            (9, 2, 0, None, 0),
        ),
        (
            {
                "input_tokens": 9,
                "output_tokens": 2,
                "cache_read_input_tokens": 4,
                "cache_creation_input_tokens": 1,
                "service_tier": "standard",
            },
            (14, 2, 4, 1, None),
        ),
        ({"input_tokens": 9, "output_tokens": 2, "cache_read_input_tokens": 4}, (9, 2, 4, None, None)),
        ({"input_tokens": 3, "output_tokens": 2, "cache_read_input_tokens": 40}, (43, 2, 40, None, None)),
        (
            {"inputTokens": 9, "outputTokens": 2, "cacheReadInputTokens": 4, "cacheWriteInputTokens": 1},
            (14, 2, 4, 1, None),
        ),
        (
            {"promptTokenCount": 9, "candidatesTokenCount": 2, "thoughtsTokenCount": 3, "toolUsePromptTokenCount": 1},
            (10, 5, None, None, 3),
        ),
        (
            {
                "input_tokens": 12,
                "output_tokens": 2,
                "input_token_details": {"cache_read": 4, "cache_creation": 0, "ephemeral_5m_input_tokens": 3},
            },
            (12, 2, 4, 3, None),
        ),
        (
            {"input_tokens": 12, "output_tokens": 2, "input_token_details": {"priority_cache_read": 4}},
            (12, 2, 4, None, None),
        ),
        ({"input_tokens": 12.0, "output_tokens": True}, (12, None, None, None, None)),
    ],
)
def test_every_providers_count_is_read_as_opentelemetry_counts(said, expected):
    assert tuple(read_usage(said).values()) == expected


@pytest.mark.parametrize(
    "said",
    [None, {}, [], "9", {"prompt_tokens": None}, {"prompt_tokens": "9"}, {"prompt_tokens": 2**70}, {"total_tokens": 3}],
)
def test_nobody_said_is_none(said):
    assert read_usage(said) is None


def test_anthropics_parts_come_on_top_where_the_api_is_known():
    assert (
        read_usage({"input_tokens": 9, "cache_read_input_tokens": 4, "output_tokens": 2}, parts_apart=True)[
            "input_tokens"
        ]
        == 13
    )
