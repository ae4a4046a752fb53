"""The demo as a story: an agent answers tickets, its calls become records, tasks, a training set, and a cheaper agent."""

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
from agentlog.cli.demo import handover
from agentlog.cli.demo.places import Endpoint, Places, alone, check_packages, endpoint, prepare
from agentlog.cli.demo.telling import Teller, Work
from agentlog.cli.demo.tickets import SupportTicket, make_tickets
from agentlog.errors import AgentlogError


def run(directory: str | Path = "agentlog-demo", *, tickets: int = 400, console: Console | None = None) -> Work:
    """Let a support agent answer tickets, and tell what agentlog makes of its calls.

    With `OPENAI_BASE_URL` in the environment the agent talks to that provider, else to a scripted one on 127.0.0.1.

    Args:
        directory: gets `records/`, `export/` and `report.html`; what an earlier demo left in them is replaced.
        tickets: how many. With 200 or more, small models learn two of the tasks and take them over.
        console: where to tell it; standard output by default.

    Returns:
        What the agent did before anything was trained, and what the scripted provider was asked: the truth that the records
        can be held against.

    Raises:
        MissingExtra: a package of the extra `demo` is not installed.
        DatasetError: the folder holds something, and no demo made it.
        AgentlogError: the provider does not answer as it should.
    """
    if settings.disabled():
        raise AgentlogError("AGENTLOG_DISABLED is set, so nothing would be recorded: unset it for the demo")
    check_packages()
    places = prepare(Path(directory))
    with alone(), endpoint() as end:
        return _Story(Teller(console or Console()), places, end).tell(make_tickets(tickets))


class _Story:
    """The demo, in the order in which it is told."""

    def __init__(self, say: Teller, places: Places, end: Endpoint) -> None:
        self._say = say
        self._places = places
        self._end = end
        # a key for this run alone: the pseudonyms of made-up people need not be found again
        self._key = secrets.token_bytes(32)

    def tell(self, tickets: list[SupportTicket]) -> Work:
        say, places = self._say, self._places
        first, watched, last = handover.parts(tickets)
        say.opening(self._end, tickets)
        work = self._answer(first)
        dataset = agentlog.open_dataset(places.records)
        rows = dataset.to_arrow().to_pylist()
        say.captured(rows, work)
        say.replaced(rows, work, places)
        say.parquet(places)
        examples = agentlog.curate(dataset)
        tasks = agentlog.cluster(examples)
        say.tasks(tasks, rows, work)
        say.export(agentlog.export(examples, "trl", places.export), work, places)
        if last:
            self._hand_over(tasks, watched, last)
        say.next_steps(places, trained=bool(last))
        return work

    def _hand_over(self, tasks: agentlog.Tasks, watched: list[SupportTicket], last: list[SupportTicket]) -> None:
        """Small models learn, run in shadow, and serve."""
        say, places = self._say, self._places
        with _status(say.console, "training small models"):
            learned = handover.learn(tasks, places)
        say.learned(learned)
        with handover.router(tasks, learned, places, self._key) as router:
            self._answer(watched, router)
            router.flush()
            say.shadow(router.status(), watched)
            handover.promote(router, learned)
            known = {row["call_id"] for row in agentlog.open_dataset(places.records).to_arrow(["call_id"]).to_pylist()}
            work = self._answer(last, router)
            router.flush()
            now = agentlog.open_dataset(places.records).to_arrow(["call_id", "operation", "response_model"]).to_pylist()
            fresh = [row for row in now if row["call_id"] not in known]
            truth = work.said if self._end.provider else None
            say.served(handover.served(fresh, last, truth), router.status())
        say.report(agentlog.report(places.records, places.report))

    def _answer(self, tickets: list[SupportTicket], router: agentlog.Router | None = None) -> Work:
        """The application: everything that it needs of agentlog is in here."""
        import openai

        say, end = self._say, self._end
        with _status(say.console, "loading LangGraph, LlamaIndex and the OpenAI SDK"):
            from agentlog.cli.demo.agent import SupportAgent

        resolved = failed = 0
        asked = len(end.provider.requests) if end.provider else 0
        said: dict[str, tuple[str, Any]] = {}
        agentlog.configure(self._places.records, service="agentlog-demo", sample_rate=1.0, pseudonym_key=self._key)
        try:
            with (
                _without_warnings("agentlog.instrumentation"),  # of what is not covered; this agent does not use it
                agentlog.instrument("langchain_core", "llama_index", "openai"),
                openai.DefaultHttpxClient() as connections,
                _progress(say.console) as progress,
            ):
                agent = SupportAgent(
                    connections,
                    base_url=end.base_url,
                    api_key=end.api_key,
                    model=end.model,
                    embedding_model=end.embedding_model,
                    **_routed(router),
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
                    said[ticket.id] = agent.found
                    agentlog.feedback("resolved", score=float(good), session=ticket.id)
                    resolved += good
                seconds = time.perf_counter() - started
            agentlog.flush()
        except openai.OpenAIError as error:
            raise AgentlogError(f"the provider at {end.base_url} did not answer: {type(error).__name__}") from error
        finally:
            agentlog.shutdown()
        requests = end.provider.requests[asked:] if end.provider else None
        return Work(tickets, resolved, failed, seconds, requests, said)


def _routed(router: agentlog.Router | None) -> dict[str, Any]:
    """The one line that puts a router in front of a LangChain model."""
    if router is None:
        return {}
    from agentlog_langchain import RoutedChatModel

    return {"around": lambda llm: RoutedChatModel(llm, router)}


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
