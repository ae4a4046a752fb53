"""The page: task by task, what can take it over, with what evidence, and what that saves."""

from __future__ import annotations

import shlex
from typing import Final

from agentlog.reporting import words
from agentlog.reporting.drawing import interval_plot
from agentlog.reporting.elements import facts, measured, missing, paragraph, section
from agentlog.reporting.evidence import MEANING, STANDINGS, Evaluated, Interval, Offer, Routed, Saving, Trained
from agentlog.reporting.figures import IN_FULL, NOT_STORED, Figures
from agentlog.reporting.markup import Child, Html, join, name, sentence, tag
from agentlog.reporting.measured import Unmeasured
from agentlog.reporting.section_tasks import kind_class, kind_word
from agentlog.reporting.tasks import FEW, TaskFigures
from agentlog.tasks.task import ENOUGH

_LINES: Final = 12
"""Lines of a template."""
_LONG: Final = 240
"""Characters of such a line."""


def evidence(figures: Figures) -> Html:
    """One entry for each task, the biggest first."""
    about = join(
        paragraph(
            "**Agreement** is measured on calls that the small model had not seen: how often its answer equals the LLM's, on the calls "
            "that it is sure of. On the others the LLM goes on answering. The bar is the 95 % interval."
        ),
        paragraph(
            "The LLM's agreement **with itself** on equal inputs is the ceiling: no model can agree with it more often than it does itself."
        ),
        tag(
            "dl",
            *(
                tag("div", tag("dt", one), tag("dd", MEANING[one]))
                for one in STANDINGS
                if any(task.standing == one for task in figures.tasks)
            ),
            class_="standings",
        ),
    )
    if not figures.tasks:
        return section("evidence", "Task by task", about, paragraph("There is no task yet."))
    entries = [_entry(task, figures) for task in figures.tasks[:IN_FULL]]
    left = len(figures.tasks) - len(entries)
    more = (
        paragraph(f"{words.plural(left, 'smaller task')} more: the table above has them.", "note") if left > 0 else None
    )
    return section("evidence", "Task by task", about, *entries, more)


def _entry(task: TaskFigures, figures: Figures) -> Html:
    pairs: list[tuple[str, Child]] = [
        ("Can take it over", _takes_over(task, figures)),
        ("Agreement", _agreement(task)),
        ("The LLM with itself", _itself(task)),
        ("Saving a month", _saving(task.saving)),
        ("Router", _router(task.routed)),
        ("Examples", _examples(task)),
    ]
    return tag(
        "article",
        tag(
            "header",
            tag("h3", name(task.name), id=f"task-{task.id}"),
            tag("span", task.standing, class_=f"standing {task.standing.replace(' ', '-')}"),
            tag(
                "p",
                tag("span", class_=f"key {kind_class(task.kind)}", aria_hidden="true"),
                f"{kind_word(task.kind)} · {words.plural(task.calls.calls, 'call')} in {words.plural(task.runs, 'run')} · ",
                _readers(task),
                class_="quiet",
            ),
        ),
        facts(pairs, "facts wide"),
        _template(task),
        tag("details", tag("summary", "One call, redacted"), tag("pre", task.example)) if task.example else None,
        aria_labelledby=f"task-{task.id}",
        class_="task",
    )


def _readers(task: TaskFigures) -> str:
    shares = (("human-facing", task.human), ("unknown reader", task.unknown), ("internal", task.internal))
    there = [(said, count) for said, count in shares if count]
    if len(there) == 1:
        return f"all {there[0][0]}"
    return ", ".join(f"{words.count(count)} {said}" for said, count in there)


def _takes_over(task: TaskFigures, figures: Figures) -> Child:
    if task.evaluated:
        one = task.evaluated[0]
        covers = (
            f"answers {words.percent(one.coverage)} of the task's calls"
            if isinstance(one.coverage, int | float)
            else "how many of the calls it answers is not measurable"
        )
        return join(
            tag("strong", _name(one)),
            f": {covers}; {_VERDICTS.get(one.verdict, one.verdict)}",
            _margin(one),
            _also(task),
        )
    if task.trained:
        newest = task.trained[-1]
        learned = f", trained on {words.plural(newest.examples, 'example')}" if newest.examples else ""
        return join(
            tag("strong", f"{newest.rung} {newest.version}"),
            f"{learned}; not evaluated yet: ",
            tag("code", _evaluate(figures, newest, task)),
        )
    if task.open_calls == 0:
        return sentence(
            "nothing: a person reads every answer. If none does, mark the calls: `surface='internal'` in `agentlog.session` or `@agentlog.capture`"
        )
    if task.kept < FEW:
        return f"not measured yet: {words.plural(task.kept, 'example')} are too few to learn from; record more runs (from {FEW} on)"
    if task.offer is None:
        return join("not measured yet; what to try: ", tag("code", _command(figures, "candidates", task)))
    reasons = "; ".join(task.offer.why)
    rung = "" if task.offer.rung.endswith(task.offer.candidate) else f" ({task.offer.rung})"
    return join(
        "not measured yet; to try first: ",
        tag("strong", task.offer.candidate),
        f"{rung}: {reasons}. ",
        tag("code", _first_step(figures, task, task.offer)),
    )


_VERDICTS: Final = {
    "yes": "no worse than the LLM",
    "no": "worse than the LLM",
    "undecided": "not yet shown to be no worse than the LLM",
    "not measurable": "whether it is worse than the LLM is not measurable",
}


def _name(one: Evaluated) -> str:
    return one.model if one.rung == "endpoint" else f"{one.rung} {one.version}".strip()


def _margin(one: Evaluated) -> str:
    points = f"{100 * one.margin:.3g}"
    seen = "" if one.split == "test" else f" (on {one.split} calls: no evidence)"
    if not one.current:
        seen += " (of a version that the study no longer has: evaluate the new one)"
    return (
        f", at a margin of {points} {'point' if points == '1' else 'points'}{seen}"
        if one.verdict != "not measurable"
        else seen
    )


def _also(task: TaskFigures) -> str:
    others = len(task.evaluated) - 1
    return f" ({words.plural(others, 'other evaluation')} in the study)" if others else ""


def _command(figures: Figures, verb: str, task: TaskFigures) -> str:
    return shlex.join(["agentlog", verb, figures.dataset, "--task", task.name])


def _first_step(figures: Figures, task: TaskFigures, first: Offer) -> str:
    if first.candidate in ("head", "tagger"):
        return f"{_command(figures, 'train', task)} --method {first.candidate}"
    return _command(figures, "candidates", task)


def _evaluate(figures: Figures, one: Trained, task: TaskFigures) -> str:
    folder = f"{figures.dataset}/studies/{figures.study}/models/{one.folder}"
    return shlex.join(["agentlog", "evaluate", folder, figures.dataset, "--task", task.name, "--save"])


def _agreement(task: TaskFigures) -> Child:
    if not task.evaluated:
        return missing(NOT_STORED) if not task.open_calls else tag("span", "not measured yet", class_="quiet")
    one = task.evaluated[0]
    if isinstance(one.agreement, Unmeasured):
        on_all = one.overall
        rest = f"; on all calls {said(on_all)}" if isinstance(on_all, Interval) else ""
        return join(missing(one.agreement), rest, _summary(one))
    marks = [("model", one.agreement.share, one.agreement.low, one.agreement.high)]
    label = f"Agreement {said(one.agreement)}"
    own = one.itself if isinstance(one.itself, Interval) else task.itself
    if isinstance(own, Interval):
        marks.append(("llm", own.share, own.low, own.high))
        label += f"; the LLM with itself {said(own)}"
    low = axis(marks)
    return join(
        tag("span", said(one.agreement), class_="value"),
        tag(
            "span",
            interval_plot(marks, low, label),
            tag(
                "span",
                tag("span", words.percent(low, 0)),
                tag("span", words.percent(1.0)),
                class_="ends",
                aria_hidden="true",
            ),
            class_="plot",
        ),
        _summary(one),
    )


def _summary(one: Evaluated) -> Html:
    return tag("span", one.sentence, class_="quiet")


def said(one: Interval) -> str:
    """An interval in words."""
    thing, _, how = one.of.partition(" ")
    counted = f"{words.plural(one.n, thing)} {how}".rstrip()
    return f"{words.percent(one.share)} ({words.percent(one.low)} to {words.percent(one.high)}), {counted}"


def axis(marks: list[tuple[str, float, float, float]]) -> float:
    """Where the axis begins: a round share below everything that is shown."""
    lowest = min(lower for _, _, lower, _ in marks)
    return next((begin for begin in (0.9, 0.8, 0.6, 0.5) if begin <= lowest), 0.0)


def _itself(task: TaskFigures) -> Child:
    for one in task.evaluated:
        if isinstance(one.itself, Interval):
            return tag("span", said(one.itself), class_="value")
    for one in task.evaluated:
        if isinstance(one.itself, Unmeasured):
            return missing(one.itself)
    return (
        missing(task.itself) if isinstance(task.itself, Unmeasured) else tag("span", said(task.itself), class_="value")
    )


def _saving(saving: Saving | Unmeasured) -> Child:
    if isinstance(saving, Unmeasured):
        return missing(saving)
    thousand = f"{words.money(saving.thousand_usd)} for 1,000 calls of the task"
    lost = f", {words.money(saving.cache_usd)} of lost prompt cache taken off" if saving.cache_usd else ""
    said = f"{saving.candidate} answers {words.percent(saving.share)} of them{lost}; {saving.basis}"
    if isinstance(saving.month_usd, Unmeasured):
        return join(
            missing(saving.month_usd), "; ", tag("span", thousand, class_="value"), tag("span", said, class_="quiet")
        )
    return join(
        tag("span", words.money(saving.month_usd), class_="value"), f", {thousand}", tag("span", said, class_="quiet")
    )


def _router(routed: Routed | None) -> Child:
    if routed is None:
        return tag("span", "no route", class_="quiet")
    share = f" for {words.percent(routed.share)} of the runs" if routed.state == "canary" else ""
    head = join(
        tag("strong", routed.state.replace("_", " ")),
        share,
        f" since {routed.since[:16].replace('T', ' ')}" if routed.since else "",
    )
    lines: list[Child] = [head]
    if routed.why:
        lines.append(f" ({routed.why})")
    lines.append(
        f". {words.plural(routed.decisions, 'decision')} logged, {words.plural(routed.avoided, 'LLM call')} avoided; disagreement "
    )
    disagreement = routed.disagreement
    lines.append(missing(disagreement) if isinstance(disagreement, Unmeasured) else said(disagreement))
    if routed.saved_usd is not None:
        lines.append(f"; saved so far {words.money(routed.saved_usd)}")
    return join(*lines)


def _examples(task: TaskFigures) -> Child:
    share = min(1.0, task.kept / ENOUGH)
    rest = f"{words.count(task.far_from_10k)} to go to 10,000" if task.far_from_10k else "enough: 10,000 or more"
    return join(
        measured(task.kept, words.count),
        f" kept, {rest}",
        tag("span", tag("span", style=f"width:{max(0.4, 100 * share):.2f}%"), class_="progress", aria_hidden="true"),
    )


def _template(task: TaskFigures) -> Html | None:
    if not task.template:
        return None
    lines = [line if len(line) <= _LONG else f"{line[:_LONG]}…" for line in task.template[:_LINES]]
    more = len(task.template) - len(lines)
    if more > 0:
        lines.append(f"… {words.plural(more, 'line')} more")
    return tag(
        "details",
        tag("summary", "Lines that its prompts share"),
        tag("pre", "\n".join(lines)),
        tag("p", sentence("`<*>` is what changes from call to call, `<n>` a number."), class_="note"),
    )
