"""The page: how much in all, what is missing, how every figure was made."""

from __future__ import annotations

import shlex

from agentlog.reporting import words
from agentlog.reporting.elements import Column, brief, facts, missing, paragraph, section, table
from agentlog.reporting.figures import Figures
from agentlog.reporting.gaps import gaps
from agentlog.reporting.markup import Child, Html, join, sentence, tag
from agentlog.reporting.measured import Unmeasured
from agentlog.reporting.section_evidence import said
from agentlog.reporting.shares import PAPER, Shares


def in_all(figures: Figures) -> Html:
    """What share of all calls small models serve, could serve by evidence, and could at most."""
    found = figures.replaceable
    about = join(
        paragraph(
            "The same share, weighed in four ways. A task that is called often and says little weighs more by call than by token."
        ),
        paragraph("**Proven** counts what was measured. **At most** is no evidence: it says where to look."),
    )
    rows: list[list[Child]] = [
        ["Served by small models in these records", *_cells(found.served)],
        ["Proven: evaluated, and no worse than the LLM", *_cells(found.proven)],
        ["At most: tasks whose answers no person reads", *_cells(found.ceiling)],
    ]
    columns = [
        Column("Share of the model calls", words=True),
        Column("by call"),
        Column("by task"),
        Column("by token"),
        Column("by cost"),
    ]
    note: Child = None
    if isinstance(found.proven.by_call, Unmeasured):
        note = tag("p", "Proven: ", missing(found.proven.by_call), class_="note")
    elif found.agreement is not None:
        note = tag(
            "p",
            f"Agreement of the proven models with the LLM, over all their test calls: {said(found.agreement)}.",
            class_="note",
        )
    return section(
        "in-all",
        "How much in all",
        about,
        table("Share that small models take over", columns, rows, "shares"),
        note,
        _context(figures),
    )


def _cells(shares: Shares) -> list[Child]:
    return [brief(getattr(shares, by), words.percent) for by in ("by_call", "by_task", "by_token", "by_cost")]


def _context(figures: Figures) -> Html:
    """The paper's estimates of other systems, on one scale with this agent."""
    found = figures.replaceable
    mine = [
        ("proven here, by call", found.proven.by_call, "mine"),
        ("at most here, by call", found.ceiling.by_call, "most"),
    ]
    rows: list[Html] = []
    for title, share, kind in mine:
        rows.append(_scale(title, share, kind))
    rows += [_scale(title, share, "paper") for title, share in PAPER]
    return tag(
        "figure",
        tag("h3", "Beside the paper's estimates"),
        tag("div", *rows, class_="scales"),
        tag(
            "figcaption",
            "MetaGPT, Open Operator and Cradle: what the authors of arXiv 2506.02153 (Appendix B) estimated for those systems, by reading them. "
            "Context, not a measure of this agent.",
        ),
    )


def _scale(title: str, share: float | Unmeasured, kind: str) -> Html:
    if isinstance(share, Unmeasured):
        return tag(
            "div",
            tag("span", title),
            tag("span", class_="track", aria_hidden="true"),
            brief(share, words.percent),
            class_="scale",
        )
    return tag(
        "div",
        tag("span", title),
        tag("span", tag("span", class_=kind, style=f"width:{100 * share:.2f}%"), class_="track", aria_hidden="true"),
        tag("span", f"{'≈ ' if kind == 'paper' else ''}{words.percent(share)}", class_="value"),
        class_="scale",
    )


def missing_data(figures: Figures) -> Html:
    """What keeps figures from being measured or trusted."""
    found = gaps(figures)
    about = paragraph("What keeps a figure on this page from being measured, or from being trusted; and what to do.")
    if not found:
        return section("missing", "What is missing", about, paragraph("Nothing that this report looks for."))
    rows = [[one.title, sentence(one.what), sentence(one.do)] for one in found]
    columns = [Column("Missing", words=True), Column("What was found", words=True), Column("What to do", words=True)]
    return section("missing", "What is missing", about, table("What is missing, and what to do", columns, rows, "gaps"))


def method(figures: Figures) -> Html:
    """How every figure was made, and the line that makes them again."""
    counted = figures.traffic
    prices = ", ".join(counted.price_versions) or "none: no call has a cost"
    tasks = (
        f"the tasks saved in the study {figures.study!r}"
        if figures.saved_tasks
        else "found for this report by agentlog.cluster and not saved; the same records give the same tasks"
    )
    pairs: list[tuple[str, Child]] = [
        ("Dataset", join(tag("code", figures.dataset), f", {words.plural(counted.records, 'record')}, study {figures.study}")),
        ("Made", f"{words.minute(figures.made)} UTC"),
        ("Redaction", join("policy ", tag("code", ", ".join(counted.policies) or "none"), "; this page reads redacted records only")),
        ("Prices", f"public price list, as stored with each call: {prices}"),
        ("Calls", "each stored record once; a model call is an operation in which a model writes an answer (chat, text completion)"),
        ("Tokens", "as the provider reported them; input includes what came from its prompt cache"),
        ("A month", "the sum over the records, by their span, times 730 hours; not for less than an hour"),
        ("Readers", "decided when a call was recorded: marks, the run's answer, the shape of the answer; in doubt unknown"),
        ("Tasks", tasks),
        ("Examples", f"{words.count(figures.kept)} of {words.count(counted.model_calls.calls)} model calls carry no verdict against them (agentlog.curate)"),
        (
            "Agreement",
            "on held-out runs, with the seed that the model's folder holds; the interval is 95 %, exact, and counts calls of one run as less than "
            "independent; proven is the evaluation's own test of non-inferiority",
        ),
        ("Disagreement", "from the router's log, where both answered; the interval is 95 %, Clopper and Pearson"),
        ("By task", "tasks count one each, whatever their size; by call, token and cost they are weighed, times the share of calls that the model would answer"),
        ("Software", ", ".join(f"{library} {found}" for library, found in figures.versions.items())),
    ]  # fmt: skip
    line = f"agentlog report {shlex.quote(figures.dataset)} --to report.html" + (
        f" --study {figures.study}" if figures.study != "default" else ""
    )
    if figures.examples:
        line += " --examples"
    about = join(
        paragraph("Every figure on this page can be made again from the records:"),
        tag("pre", line, class_="command"),
    )
    return section("method", "How every figure was made", about, facts(pairs))
