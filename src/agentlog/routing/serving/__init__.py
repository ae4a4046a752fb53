"""`agentlog serve`: an OpenAI-compatible endpoint in front of the router, for programs in any language.

    completions.py   a decided answer as a chat completion, plain and streamed; and the LLM's answer read from its bytes
    asking.py        the router asked and told, so that nothing of it reaches the application
    relay.py         everything else, passed to the upstream and back as it is
    app.py           the endpoint
    run.py           the endpoint at work on a port

The adapters of the SDKs (`agentlog_openai`, `agentlog_litellm`, `agentlog_langchain`) use the first two. starlette, uvicorn
and httpx are imported by what needs them, not here.
"""

from __future__ import annotations

from agentlog.routing.serving.run import serve

__all__ = ["serve"]
