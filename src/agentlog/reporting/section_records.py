"""The page: what was recorded, and who decides what runs next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from agentlog.reporting import words
from agentlog.reporting.agency import CODE, LANGUAGE_MODEL, MIXED, SINGLE, Agency
from agentlog.reporting.drawing import agency_figure, histogram
from agentlog.reporting.elements import Column, brief, facts, legend, paragraph, section, stacked, table
from agentlog.reporting.figures import Figures
from agentlog.reporting.markup import Child, Html, join, name, tag
from agentlog.reporting.traffic import Group, Traffic
from agentlog.semconv import OUR_MODELS

_SURFACES: Final = (
    ("human", "a person reads the answer; it is not stored"),
    ("unknown", "nothing tells who reads the answer; stored"),
    ("internal", "a program reads the answer; stored"),
)


def records(figures: Figures) -> Html:
    """Calls, tokens and cost by operation and model; when; who reads the answers."""
    counted = figures.traffic
    return section(
        "records",
        "What was recorded",
        paragraph(
            "Every record of the dataset, counted. Tokens and cost are what providers reported and what the price list says of it; "
            "a call that does not say is not in the sum."
        ),
        _when(counted),
        _operations(counted),
        _models(counted),
        _surfaces(counted),
    )


def _when(counted: Traffic) -> Html | None:
    if counted.begin is None or counted.end is None:
        return None
    said = f"{words.between(counted.begin, counted.end)}, {words.span(counted.span)}"
    return tag(
        "figure",
        histogram(counted.over_time, f"Model calls over time, from {said}") if any(counted.over_time) else None,
        tag("figcaption", f"{words.plural(counted.model_calls.calls, 'model call')} over time: {said}"),
    )


_NUMBERS: Final = tuple(
    Column(title) for title in ("Calls", "Failed", "Tokens in", "of them cached", "Tokens out", "Cost", "Median time")
)


def _operations(counted: Traffic) -> Html:
    return table(
        "Calls, tokens and cost by operation",
        [Column("Operation", words=True), *_NUMBERS],
        [[tag("code", one.name), *_numbers(one, billed=one.name in _BILLED)] for one in counted.operations],
    )


_BILLED: Final = frozenset({"chat", "text_completion", "generate_content", "embeddings"})


def _models(counted: Traffic) -> Html | None:
    if not counted.models:
        return None
    rows = []
    for one in counted.models:
        title: Child = tag("em", "a model that was not named", class_="missing") if not one.name else name(one.name)
        if one.name.startswith(OUR_MODELS):
            title = join(title, " ", tag("span", "ours", class_="chip"))
        rows.append([title, *_numbers(one, billed=True)])
    return table("Calls, tokens and cost by the model that answered", [Column("Model", words=True), *_NUMBERS], rows)


def _numbers(one: Group, *, billed: bool) -> list[Child]:
    """The cells of a row. What is not billed has no tokens; what embeds writes none and reads no prompt cache."""
    embeds = one.input_tokens is not None and one.output_tokens is None

    def cell(value: float | None, shown: Callable[[float], str], *, applies: bool) -> Child:
        return brief(value, shown) if applies or value is not None else words.DASH

    return [
        words.count(one.calls),
        words.count(one.errors),
        cell(one.input_tokens, words.count, applies=billed),
        cell(one.cached_tokens, words.count, applies=billed and not embeds),
        cell(one.output_tokens, words.count, applies=billed and not embeds),
        cell(one.cost_usd, words.money, applies=billed),
        brief(one.seconds, words.seconds),
    ]


def _surfaces(counted: Traffic) -> Html | None:
    whole = counted.model_calls.calls
    if not whole:
        return None
    shares = {kind: counted.surfaces.get(kind, 0) / whole for kind, _ in _SURFACES}
    said = ", ".join(f"{kind} {words.percent(share)}" for kind, share in shares.items())
    return tag(
        "div",
        tag("h3", "Who reads what the models answer"),
        stacked([(f"surface-{kind}", kind, shares[kind]) for kind, _ in _SURFACES], f"Model calls: {said}"),
        legend(
            [
                (
                    f"surface-{kind}",
                    words.percent(shares[kind]),
                    join(f"{kind}, {words.plural(counted.surfaces.get(kind, 0), 'call')}: ", meaning),
                )
                for kind, meaning in _SURFACES
            ]
        ),
    )


_KINDS: Final = (
    (LANGUAGE_MODEL, "language-model agency: models choose every tool"),
    (MIXED, "both: code leads, and some of its models choose tools"),
    (CODE, "code agency: code calls models and tools in an order of its own"),
    (SINGLE, "a single model call: nothing to lead"),
)


def agency(figures: Figures) -> Html:
    """The paper's Figure 1, told from the records."""
    found = figures.agency
    about = join(
        paragraph("The paper's Figure 1 tells two kinds of agents apart, by who decides what runs next."),
        paragraph(
            "It matters here: where code leads, each model call is one narrow step, and a small model can be put in its place. "
            "Where a model leads, its calls choose among tools, and a small model must choose as well."
        ),
    )
    if not found.n_runs:
        return section("agency", "Who decides what runs next", about, paragraph("No run holds a model call yet."))
    shares = {kind: found.runs[kind] / found.n_runs for kind, _ in _KINDS}
    said = ", ".join(f"{kind} {words.percent(share)}" for kind, share in shares.items())
    return section(
        "agency",
        "Who decides what runs next",
        about,
        _drawings(found),
        tag(
            "div",
            tag("h3", f"Run by run ({words.plural(found.n_runs, 'run')} with a model call)"),
            stacked([(f"agency-{kind}", kind, share) for kind, share in shares.items()], f"Runs: {said}"),
            legend(
                [
                    (
                        f"agency-{kind}",
                        words.percent(shares[kind]),
                        f"{meaning} ({words.plural(found.runs[kind], 'run')})",
                    )
                    for kind, meaning in _KINDS
                    if found.runs[kind]
                ]
            ),
        ),
        facts(_evidence(found)),
        tag(
            "details",
            tag("summary", "The rule"),
            paragraph(
                "A model call **may choose** when tools were offered to it and the request did not force one of them; a forced tool is a "
                "way of asking for structured output, and code has chosen. An execution of a tool was **asked for** when the call around it "
                "may choose, or an earlier one of the run called a tool of its name and no other execution has answered that yet."
            ),
            paragraph(
                "A run is of language-model agency when each of its model calls may choose and each execution and retrieval was asked for; of "
                "code agency when none may choose and there are at least two steps; both when it has some of each."
            ),
        ),
    )


def _drawings(found: Agency) -> Html:
    calls = found.n_calls
    pairs = (
        ("language-model", "Language-model agency", found.choosing, "may choose among tools"),
        ("code", "Code agency", found.told, "are called by code, which decides what follows"),
    )
    return tag(
        "div",
        *(
            tag(
                "figure",
                agency_figure(
                    kind,
                    f"{title}: {'a model' if kind == 'language-model' else 'code'} stands between the person and the tools",
                ),
                tag(
                    "figcaption",
                    tag("strong", title),
                    tag("span", words.percent(count / calls), class_="big"),
                    f"of the model calls {said} ({words.count(count)} of {words.count(calls)})",
                ),
            )
            for kind, title, count, said in pairs
        ),
        class_="pair",
    )


def _evidence(found: Agency) -> list[tuple[str, Child]]:
    asked: Child = (
        f"{words.count(found.asked)} of {words.count(found.executions)} executions of tools answer a model's tool call"
        if found.executions
        else "no execution of a tool was recorded; the rule goes by the tools that were offered"
    )
    pairs = [("Tools", asked)]
    if found.forced:
        pairs.append(
            ("Forced", f"{words.plural(found.forced, 'model call')} had tools and no choice: structured output")
        )
    if found.runs[LANGUAGE_MODEL]:
        pairs.append(
            (
                "Interface",
                f"in {words.plural(found.talking, 'run')} of language-model agency a person read some of the answers: "
                "the model is interface and orchestrator in one",
            )
        )
    return pairs
