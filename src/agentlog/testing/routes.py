"""Which path speaks which wire format."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from agentlog.testing.anthropic_messages import messages_answer, messages_error, messages_question
from agentlog.testing.gemini_content import gemini_answer, gemini_error, gemini_question
from agentlog.testing.openai_chat import chat_answer, chat_question, completion_answer, completion_question
from agentlog.testing.openai_embeddings import embeddings_answer, embeddings_question
from agentlog.testing.openai_responses import responses_answer, responses_question
from agentlog.testing.scripts import Question, Reply
from agentlog.testing.wire import CREATED, Answer, Body, Event

MODELS: Final = ("scripted-large", "scripted-small", "text-embedding-scripted")

_GEMINI: Final = re.compile(r"/models/([^/:]+):(g|streamG)enerateContent$")


@dataclass(frozen=True, slots=True)
class Route:
    """One wire format: how a request is understood, an answer written, an error told."""

    name: str
    question: Callable[[Body], Question]
    answer: Callable[[Body, Reply, str], Answer]
    error: Callable[[int, Body], Body]
    """(status, fields) -> the document of an error."""
    broken_off: Callable[[Body], Event]
    """fields -> the event with which a stream breaks off, under status 200."""


def openai_error(status: int, fields: Body) -> Body:
    """An error as OpenAI sends it; the status is in the head of the answer only."""
    return {"error": fields}


def _openai_broken_off(fields: Body) -> Event:
    return Event(None, {"error": fields})


def _responses_broken_off(fields: Body) -> Event:
    return Event("error", {"type": "error", **{key: fields[key] for key in ("code", "message", "param")}})


def _messages_broken_off(fields: Body) -> Event:
    return Event("error", messages_error(500, fields))


def _gemini_broken_off(fields: Body) -> Event:
    return Event(None, gemini_error(500, fields))


CHAT: Final = Route("chat", chat_question, chat_answer, openai_error, _openai_broken_off)
COMPLETIONS: Final = Route("completions", completion_question, completion_answer, openai_error, _openai_broken_off)
RESPONSES: Final = Route("responses", responses_question, responses_answer, openai_error, _responses_broken_off)
MESSAGES: Final = Route("messages", messages_question, messages_answer, messages_error, _messages_broken_off)
GEMINI: Final = Route("gemini", gemini_question, gemini_answer, gemini_error, _gemini_broken_off)
EMBEDDINGS: Final = Route("embeddings", embeddings_question, embeddings_answer, openai_error, _openai_broken_off)

_BY_PATH: Final = {
    "/chat/completions": CHAT,
    "/completions": COMPLETIONS,
    "/responses": RESPONSES,
    "/messages": MESSAGES,
    "/embeddings": EMBEDDINGS,
}


def find_route(path: str) -> Route | None:
    """The route of a path without its query, whatever stands before it: `/v1`, a deployment's name, a proxy's prefix."""
    if _GEMINI.search(path):
        return GEMINI
    return next((route for ending, route in _BY_PATH.items() if path.endswith(ending)), None)


def gemini_fields(path: str) -> Body:
    """The model and whether to stream: Gemini has them in the path, the others in the body."""
    found = _GEMINI.search(path)
    return {"model": found[1], "stream": found[2] == "streamG"} if found else {}


def models_document() -> Body:
    """The models on offer. Any other name is answered just as well."""
    return {"object": "list", "data": [model_document(name) for name in MODELS]}


def model_document(name: str) -> Body:
    """One model, as GET …/models/NAME gives it."""
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "agentlog"}
