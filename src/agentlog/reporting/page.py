"""The page as a whole: one HTML document that asks nothing of the network and runs no script."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from agentlog.reporting import section_evidence, section_notes, section_records, section_tasks, words
from agentlog.reporting.elements import brief
from agentlog.reporting.figures import Figures
from agentlog.reporting.markup import Child, Html, join, name, sentence, tag
from agentlog.reporting.measured import Unmeasured
from agentlog.reporting.sentence import sentence as summary

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""Nothing is fetched and nothing runs, whatever a name holds."""
_ICON: Final = "data:,"
"""Else a browser asks the server for one."""
_PARTS: Final = (
    ("records", "Recorded"),
    ("agency", "Agency"),
    ("tasks", "Tasks"),
    ("evidence", "Task by task"),
    ("in-all", "In all"),
    ("missing", "Missing"),
    ("method", "Method"),
)


def page(figures: Figures) -> str:
    """The document."""
    title = f"agentlog report: {figures.dataset}"
    head = join(
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="generator", content=f"agentlog {figures.versions.get('agentlog', '')}"),
        tag("meta", name="robots", content="noindex"),
        tag("title", title),
        Html(f'<link rel="icon" href="{_ICON}">'),
        Html(f"<style>{_style()}</style>"),
    )
    body = join(
        tag("a", "Skip to the figures", href="#main", class_="skip"),
        _header(figures),
        tag("main", *_sections(figures), id="main"),
        tag(
            "footer",
            tag(
                "p",
                f"Made by agentlog {figures.versions.get('agentlog', '')}, {words.minute(figures.made)} UTC, from redacted records.",
            ),
        ),
    )
    return f"<!doctype html>\n{tag('html', tag('head', head), tag('body', body), lang='en')}\n"


def _style() -> str:
    return (files("agentlog.reporting") / "style.css").read_text(encoding="utf-8")


def _sections(figures: Figures) -> list[Html]:
    if not figures.traffic.model_calls.calls:
        some = [section_records.records(figures)] if figures.traffic.records else []
        return [*some, section_notes.missing_data(figures), section_notes.method(figures)]
    return [
        section_records.records(figures),
        section_records.agency(figures),
        section_tasks.task_map(figures),
        section_evidence.evidence(figures),
        section_notes.in_all(figures),
        section_notes.missing_data(figures),
        section_notes.method(figures),
    ]


def _header(figures: Figures) -> Html:
    there = bool(figures.traffic.model_calls.calls)
    links = [
        tag("a", title, href=f"#{id}")
        for id, title in _PARTS
        if there or id in ("missing", "method") or (id == "records" and figures.traffic.records)
    ]
    return tag(
        "header",
        tag(
            "div",
            tag("h1", tag("span", "agentlog report", class_="quiet"), " ", name(figures.dataset)),
            tag("nav", *links, aria_label="Parts of this page"),
            class_="top",
        ),
        tag("p", sentence(summary(figures)), class_="lead"),
        _numbers(figures) if there else None,
        class_="page-head",
    )


def _numbers(figures: Figures) -> Html:
    counted = figures.traffic
    calls = counted.model_calls
    human = counted.surfaces.get("human", 0) / calls.calls
    proven = figures.replaceable.proven.by_call
    pairs: list[tuple[str, Child, Child]] = [
        ("Model calls", words.count(calls.calls), f"in {words.plural(counted.runs, 'run')}"),
        ("Tokens", brief(calls.tokens, words.short), _in_and_out(figures)),
        ("Cost", brief(counted.billed.cost_usd, words.money), _a_month(figures)),
        ("Human-facing", words.percent(human), "of the model calls"),
        ("Tasks", words.count(len(figures.tasks)), f"{words.percent(1 - figures.unassigned / calls.calls)} of the calls"),
        ("Small models can take", brief(proven, words.percent), "nothing evaluated yet" if isinstance(proven, Unmeasured) else "of the calls, proven"),
    ]  # fmt: skip
    return tag(
        "dl",
        *(
            tag(
                "div", tag("dt", title), tag("dd", tag("span", figure, class_="big"), tag("span", note, class_="quiet"))
            )
            for title, figure, note in pairs
        ),
        class_="numbers",
    )


def _in_and_out(figures: Figures) -> str:
    calls = figures.traffic.model_calls
    if calls.tokens is None:
        return "no call says"
    return f"{words.short(calls.input_tokens or 0)} in, {words.short(calls.output_tokens or 0)} out"


def _a_month(figures: Figures) -> str:
    if figures.traffic.billed.cost_usd is None:
        return "no call has a price"
    if isinstance(figures.cost_month, Unmeasured):
        return f"in {words.span(figures.traffic.span)}"
    return f"{words.money(figures.cost_month)} a month"
