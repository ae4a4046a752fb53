"""The demo as a story in five steps: an agent answers tickets, and its calls become records, tasks, a training set."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

import agentlog
from agentlog import settings
from agentlog.cli.demo.places import Endpoint, Places, alone, check_packages, endpoint, prepare
from agentlog.cli.demo.telling import Teller, Work
from agentlog.cli.demo.tickets import SupportTicket, make_tickets
from agentlog.errors import AgentlogError


def run(directory: str | Path = "agentlog-demo", *, tickets: int = 40, console: Console | None = None) -> Work:
    """Let a support agent answer tickets, and tell what agentlog makes of its calls.

    With `OPENAI_BASE_URL` in the environment the agent talks to that provider, else to a scripted one on 127.0.0.1.

    Args:
        directory: gets `records/` and `export/`; what an earlier demo left in them is replaced.
        tickets: how many.
        console: where to tell it; standard output by default.

    Returns:
        What the agent did, and what the scripted provider was asked: the truth that the records can be held against.

    Raises:
        MissingExtra: a package of the extra `demo` is not installed.
        DatasetError: the folder holds something, and no demo made it.
        AgentlogError: the provider does not answer as it should.
    """
    if settings.disabled():
        raise AgentlogError("AGENTLOG_DISABLED is set, so nothing would be recorded: unset it for the demo")
    check_packages()
    places = prepare(Path(directory))
    with alone():
        return _tell(Teller(console or Console()), places, make_tickets(tickets))


def _tell(say: Teller, places: Places, tickets: list[SupportTicket]) -> Work:
    with endpoint() as end:
        say.opening(end, tickets)
        work = _answer_tickets(tickets, places, end, say.console)
    dataset = agentlog.open_dataset(places.records)
    rows = dataset.to_arrow().to_pylist()
    say.captured(rows, work)
    say.replaced(rows, work, places)
    say.parquet(places)
    examples = agentlog.curate(dataset)
    say.tasks(agentlog.cluster(examples), rows, work)
    say.export(agentlog.export(examples, "trl", places.export), work, places)
    say.next_steps(places)
    return work


def _answer_tickets(tickets: list[SupportTicket], places: Places, end: Endpoint, console: Console) -> Work:
    """The application: everything that it needs of agentlog is in here."""
    import openai

    with _status(console, "loading LangGraph, LlamaIndex and the OpenAI SDK"):
        from agentlog.cli.demo.agent import SupportAgent

    resolved = failed = 0
    # a key for this run alone: the pseudonyms of made-up people need not be found again
    agentlog.configure(places.records, service="agentlog-demo", sample_rate=1.0, pseudonym_key=secrets.token_bytes(32))
    try:
        with (
            _without_warnings("agentlog.instrumentation"),  # of what is not covered; this agent does not use it
            agentlog.instrument("langchain_core", "llama_index", "openai"),
            openai.DefaultHttpxClient() as connections,
            _progress(console) as progress,
        ):
            agent = SupportAgent(
                connections,
                base_url=end.base_url,
                api_key=end.api_key,
                model=end.model,
                embedding_model=end.embedding_model,
            )
            started = time.perf_counter()
            for ticket in progress.track(tickets, description="answering tickets"):
                good = False
                with agentlog.session(ticket.id, user=ticket.email, tags=["support"]):
                    try:
                        verdict = agent(ticket.text).get("verdict")
                        good = verdict is not None and verdict.answers_the_question
                    # no model is always able to fill in a form, or to come to an end
                    except (ValueError, RecursionError):
                        failed += 1
                agentlog.feedback("resolved", score=float(good), session=ticket.id)
                resolved += good
            seconds = time.perf_counter() - started
        agentlog.flush()
    except openai.OpenAIError as error:
        raise AgentlogError(f"the provider at {end.base_url} did not answer: {type(error).__name__}") from error
    finally:
        agentlog.shutdown()
    return Work(tickets, resolved, failed, seconds, end.provider.requests if end.provider else None)


@contextmanager
def _without_warnings(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _progress(console: Console) -> Progress:
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _status(console: Console, text: str) -> Any:
    return console.status(text) if console.is_terminal else nullcontext()
