"""LangSmith. It is on by LANGSMITH_TRACING, as documented."""

import os
from contextlib import nullcontext

import langsmith

llama_index = "LangSmith has nothing of its own for LlamaIndex"


def start(where: str) -> None:
    """By the environment, as documented; it sends in the background by itself."""
    os.environ["LANGSMITH_ENDPOINT"] = where
    os.environ["LANGSMITH_API_KEY"] = "bench"
    os.environ["LANGSMITH_TRACING"] = "true"


def decorate(function):
    """As a call of a model."""
    return langsmith.traceable(run_type="llm")(function)


def langchain():
    """Nothing to be done: LangChain looks at the environment."""
    return nullcontext({})


def quiet():
    """Nothing is traced inside."""
    return langsmith.tracing_context(enabled=False)


def flush() -> None:
    """All is sent."""
    langsmith.run_trees.get_cached_client().flush()
