"""What the demo says, step by step, on a terminal of 80 columns or in a pipe."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

import agentlog
from agentlog.cli.demo.handover import TARGET, Learned, Served
from agentlog.cli.demo.measures import agreement, still_there, true_steps
from agentlog.cli.demo.places import Endpoint, Places
from agentlog.cli.demo.tickets import SupportTicket

if TYPE_CHECKING:
    from agentlog.reporting import Report
    from agentlog.routing import RouterStatus
    from agentlog.testing import Exchange

SURFACES: Final = ("internal", "human", "unknown")
_INDENT: Final = "   "
_WIDEST: Final = 100
"""Columns: lines longer than that are hard to read, however wide the terminal is."""


@dataclass(frozen=True, slots=True)
class Work:
    """What the agent has done."""

    tickets: list[SupportTicket]
    resolved: int
    failed: int
    """Tickets on which the model gave answers that the agent could not use."""
    seconds: float
    requests: list[Exchange] | None
    """What the scripted provider was asked; None with a real one."""
    said: Mapping[str, tuple[str, Any]] = field(default_factory=dict)
    """Ticket's id → what triage and extraction said of it."""


class Teller:
    """Prints the story. It holds no findings of its own."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._width = min(console.width, _WIDEST)
        self._step = 0

    def _title(self, text: str) -> None:
        self._step += 1
        self.console.print()
        self.console.print(Text(f"{self._step}  {text}", style="bold cyan"), width=self._width)

    def _say(self, text: str) -> None:
        """A paragraph, indented; `text` is rich markup. Wrapped here, because rich would fill lines with blanks."""
        for line in Text.from_markup(text).wrap(self.console, self._width - len(_INDENT)):
            self.console.print(Text(_INDENT) + line, width=self._width, soft_wrap=True)

    def _show(self, table: Table) -> None:
        self.console.print(Padding(table, (0, 0, 0, 2), expand=False), width=self._width)

    def _line(self, text: str) -> None:
        """A path or a command: never broken, so that it can be copied."""
        self.console.print(Text(_INDENT) + Text.from_markup(text), soft_wrap=True)

    def opening(self, end: Endpoint, tickets: list[SupportTicket]) -> None:
        """Who works, and with whom it talks."""
        self.console.print()
        self.console.print(Text("A support agent at work", style="bold"), width=self._width)
        provider = "a scripted provider on 127.0.0.1: no key, no network" if end.provider else escape(end.base_url)
        self._say(
            f"{_count_of(len(tickets), 'ticket')} from made-up people. A LangGraph graph (triage, extract, retrieve, answer, check), "
            f"LlamaIndex retrieval, two @capture tools, the OpenAI SDK, and {provider}."
        )

    def captured(self, rows: Sequence[Mapping[str, Any]], work: Work) -> None:
        """Calls by operation and surface, held against the provider's own list."""
        self._title("What was captured")
        self._say(
            f"{_count_of(len(work.tickets), 'ticket')} in {work.seconds:.1f} s, {work.resolved} resolved (feedback says so)"
            + (f", {work.failed} failed." if work.failed else ".")
        )
        table = _table("operation", "calls", *SURFACES)
        counts = Counter((row["operation"], row["surface"]) for row in rows)
        totals = Counter(row["operation"] for row in rows)
        for operation, total in totals.most_common():
            table.add_row(operation, f"{total:,}", *(_count(counts[operation, surface]) for surface in SURFACES))
        self._show(table)
        if work.requests is not None:
            asked = Counter("chat" if one.route == "chat" else "embeddings" for one in work.requests)
            same = all(totals[operation] == count for operation, count in asked.items())
            self._say(
                f"The provider was asked {len(work.requests)} times; "
                + ("each request is one row." if same else f"[red]the rows differ: {dict(asked)} was asked.[/]")
            )
        human = [row for row in rows if row["surface"] == "human" and row["operation"] == "chat"]
        if human:
            reasons = Counter(row["surface_reason"] for row in human).most_common(1)
            self._say(
                f"[bold]Human-facing[/]: {_count_of(len(human), 'chat call')}, which wrote the replies that customers read "
                f"({escape(str(reasons[0][0]))}). Nobody marked them. Their rows stay, without what they wrote."
            )
        if counts["chat", "unknown"]:
            self._say(
                f"Unknown: {_count_of(counts['chat', 'unknown'], 'chat call')} of which nothing tells who reads the answer; "
                "kept like the internal ones."
            )

    def replaced(self, rows: Sequence[Mapping[str, Any]], work: Work, places: Places) -> None:
        """Personal values by kind, one ticket before and after, and what is still in the files."""
        self._title("What was replaced, before anything touched the disk")
        entities: Counter[str] = Counter()
        for row in rows:
            for one in (row["redaction"] or {}).get("counts") or ():
                entities[one["entity"]] += one["count"]
        found = ", ".join(f"{entity} {count:,}" for entity, count in entities.most_common())
        self._say(f"{found or 'nothing'} (every occurrence, in every row)")
        asked: dict[str, Mapping[str, Any]] = {}
        for row in rows:
            if row["operation"] == "chat":
                asked.setdefault(row["trace_id"], row)  # each run begins with the ticket
        if len(asked) == len(work.tickets):
            ticket, row = max(zip(work.tickets, asked.values(), strict=True), key=lambda pair: len(pair[0].private))
            table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=True)
            table.add_row(Text("written", style="dim"), Text(_one_line(ticket.text), style="dim"))
            table.add_row(Text("stored", style="bold"), Text(_one_line(_said(row["input_messages"][-1]))))
            self._show(table)
        private = {value for ticket in work.tickets for value in ticket.private}
        left = still_there(private, places.directory)
        self._say(
            f"Of {len(private)} names, mail addresses, phone numbers and postal addresses in the tickets, "
            + (
                f"[red]{len(left)} are still in the files: {escape(', '.join(sorted(left)))}.[/]"
                if left
                else "none is in any file."
            )
        )

    def parquet(self, places: Places) -> None:
        """Where the records lie."""
        self._title("Plain Parquet")
        calls = places.records / "calls"
        self._line(escape(f"{calls}/"))
        for path in sorted(calls.rglob("*.parquet")):
            self._line(f"   {escape(str(path.relative_to(calls)))}  {path.stat().st_size / 1024:,.0f} KB")
        self._line(f'[dim]>>>[/] [bold]pandas.read_parquet("{escape(str(calls))}")[/]')

    def tasks(self, tasks: agentlog.Tasks, rows: Sequence[Mapping[str, Any]], work: Work) -> None:
        """The tasks that were found, against the true ones where somebody knows them."""
        self._title(f"Tasks: {len(tasks)} found in {tasks.n_calls} model calls")
        chats = [row for row in rows if row["operation"] == "chat"]
        true = true_steps(work.requests, chats) if work.requests is not None else None
        found = {call: task.id for task in tasks for call in task.call_ids}
        compared = agreement(found, true) if true and found else None
        table = _table("task", "calls", "tokens", "answers", *(["true task"] if compared else []))
        table.columns[-1].justify = "left" if compared else "right"
        for task in tasks:
            tokens = (task.input_tokens or 0) + (task.output_tokens or 0)
            cells = [task.name, f"{task.n_calls:,}", f"{tokens:,}", _answers(task)]
            if compared:
                cells.append(
                    ", ".join(f"{step} {count}" for step, count in compared.table.get(task.id, Counter()).most_common())
                )
            table.add_row(*map(escape, cells))
        self._show(table)
        if compared and true:
            nodes = agreement({row["call_id"]: row["node"] or "" for row in chats}, true)
            self._say(
                f"The provider knows the {len(set(true.values()))} true ones. Adjusted Rand index "
                f"[bold]{compared.rand_index:.3f}[/] (the names of the graph's nodes, which are captured too, alone give "
                f"{nodes.rand_index:.3f}), purity [bold]{compared.purity:.3f}[/], {compared.calls} of {len(true)} calls assigned."
            )
        elif work.requests is not None:
            self._say(
                "[red]The provider's list and the records do not match call by call, so there is nothing to compare.[/]"
            )

    def export(self, done: agentlog.Export, work: Work, places: Places) -> None:
        """The training set and its first example."""
        self._title("A training set, proved in its consumer's own loader")
        steps = {**done.manifest["funnel"], **done.refused}
        self._say(", ".join(f"{escape(str(step))} {count}" for step, count in steps.items()))
        for name, lines in (("train.jsonl", done.train), ("test.jsonl", done.test)):
            if lines:
                self._line(f"[bold]{escape(str(places.export / name))}[/]  {_count_of(lines, 'example')}")
        self._say("[dim]the first of them:[/]")
        with (places.export / "train.jsonl").open(encoding="utf-8") as file:
            self._example(json.loads(file.readline()))
        private = {value for ticket in work.tickets for value in ticket.private}
        left = still_there(private, places.export)
        if left:
            self._say(f"[red]{len(left)} private values are in it: {escape(', '.join(sorted(left)))}.[/]")
        else:
            self._say("Names and numbers in it are invented: placeholders were rendered as natural values.")

    def _example(self, example: Mapping[str, Any]) -> None:
        """The first example, short enough to be read."""
        table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=True)
        messages = [*example.get("prompt", ()), *example.get("completion", ())] or example.get("messages", ())
        for message in messages:
            called = ", ".join(
                f"{call['function']['name']}({_one_line(json.dumps(call['function']['arguments'], ensure_ascii=False))})"
                for call in message.get("tool_calls") or ()
            )
            said = _one_line(message.get("content") or called)
            table.add_row(Text(message["role"], style="dim"), Text(said if len(said) < 400 else said[:399] + "\u2026"))
        self._show(table)

    def learned(self, learned: Sequence[Learned]) -> None:
        """What was trained, and how it does on calls that it has not seen."""
        self._title("Small models learn two of the tasks")
        table = _table("task", "model", "learned from", "test calls", "accepted", "agreement there")
        for one in learned:
            if one.trained is None or one.evaluation is None:
                continue
            accepted, there = one.evaluation.accepted, one.evaluation.accepted_agreement
            table.add_row(
                one.task,
                one.rung,
                f"{one.trained.n_train:,} calls",
                f"{one.evaluation.n:,}",
                "-" if accepted is None else f"{accepted.value:.1%}",
                "-" if there is None else f"{there.value:.1%} ({there.low:.0%}-{there.high:.0%})",
            )
        self._show(table)
        for one in learned:
            if one.why:
                self._say(f"{escape(one.task)}: [red]not trained[/], {escape(one.why)}")
            elif not one.trusted:
                self._say(f"{escape(one.task)}: {escape(one.trained.sentence if one.trained else '')}")
        self._say(
            f"Asked for: {TARGET:.0%} agreement with the LLM on calls later than those that were learned. The models are "
            "plain arrays; they answer in about a millisecond, without a GPU."
        )

    def shadow(self, status: RouterStatus, tickets: Sequence[SupportTicket]) -> None:
        """How the models did beside the LLM."""
        self._title(f"{_count_of(len(tickets), 'ticket')} in shadow: both answer, the LLM counts")
        table = _table("task", "calls", "would answer", "compared", "agreed")
        for route in status.routes:
            table.add_row(
                route.task, f"{route.calls:,}", f"{route.accepted:,}", f"{route.compared:,}", f"{route.agreed:,}"
            )
        self._show(table)

    def served(self, done: Served, status: RouterStatus) -> None:
        """LLM calls avoided, and what that cost in agreement."""
        self._title(f"{_count_of(done.tickets, 'ticket')} served: the router decides who answers")
        tasks = ", ".join(f"{escape(task)} {count}" for task, count in done.by_task.items()) or "none"
        share = done.avoided / done.chats if done.chats else 0.0
        self._say(
            f"[bold]{done.avoided} of {done.chats} LLM calls avoided[/] ({share:.0%}; {tasks}). All others went to the LLM as before."
        )
        audited, agreed = sum(one.compared for one in status.routes), sum(one.agreed for one in status.routes)
        if done.wrong is not None:
            self._say(
                f"[bold]Disagreement: {done.wrong} of {done.avoided}[/] answers differ from what the LLM says to the same ticket"
                f" ({done.wrong / done.chats if done.chats else 0:.1%} of all calls)."
            )
        self._say(
            f"{_count_of(audited, 'call')} went to both as an audit, {agreed} agreed. Names and addresses that a model copied were "
            "filled back in."
        )

    def report(self, done: Report) -> None:
        """Where the page is."""
        self._title("The report")
        self._line(f"[bold]{escape(str(done.path))}[/]")

    def next_steps(self, places: Places, *, trained: bool) -> None:
        """Commands that go on from here."""
        self._title("What to type next")
        records = escape(str(places.records))
        self._line(f"[bold]agentlog tasks {records}[/]")
        self._line(f"[bold]agentlog candidates {records} --task extract[/]")
        self._line(f"[bold]agentlog export {records} --format openai --to openai-set[/]")
        if not trained:
            self._line("[bold]agentlog demo --tickets 400[/]   (enough to train small models)")
        self._say("and in your own agent, before it runs:")
        self._line('[bold]import agentlog; agentlog.instrument("langchain_core")[/]')
        self.console.print()


def _table(*titles: str) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 1), pad_edge=True)
    for number, title in enumerate(titles):
        table.add_column(title, justify="right" if number else "left", no_wrap=number != len(titles) - 1)
    return table


def _count_of(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _count(number: int) -> str:
    return f"{number:,}" if number else "[dim]-[/]"


def _answers(task: agentlog.Task) -> str:
    kind = task.output_kind.replace("_", " ")
    return f"{task.n_distinct_outputs:,} {kind}" if kind else "withheld"


def _said(message: Mapping[str, Any]) -> str:
    return "".join(part["text"] or "" for part in message["parts"] or () if part["type"] == "text")


def _one_line(text: str) -> str:
    return " ".join(text.split())
