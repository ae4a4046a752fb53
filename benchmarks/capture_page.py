"""Write the figures of a run of `capture.py` into docs/performance.md, and draw docs/performance.svg, so that no number is copied by hand.

nox -s bench -- capture --peers --write-docs
python benchmarks/capture_page.py FILE        the same from figures that --json wrote before
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from peers.measures import ENDINGS, MEASURES, NOTHING, OURS, YARDSTICK, best, cell, not_first, reasons

DOCS = Path(__file__).parents[1] / "docs"
BEGIN, END = "<!-- written by benchmarks/capture_page.py -->", "<!-- until here -->"
PANELS = (
    ("decorated p50", "added to a decorated\ncall, µs (log scale)"),
    ("invoke p50", "added to LangChain\ninvoke, µs (log scale)"),
    ("llama p50", "added to LlamaIndex\nchat, µs (log scale)"),
    ("cpu all", "CPU s for 10,000 calls,\nrecorder included (log)"),
)
INK = {
    "performance.svg": {"text": "#1f2328", "ours": "#0969da", "theirs": "#8c959f", "none": "#eaeef2", "on": "#ffffff"},
    "performance-dark.svg": {
        "text": "#e6edf3",
        "ours": "#4493f8",
        "theirs": "#6e7681",
        "none": "#21262d",
        "on": "#ffffff",
    },
}


def table(result: dict[str, Any]) -> str:
    """The table in Markdown, with what is missing and where agentlog is not first."""
    arms = list(result["cells"])
    lines = [f"| | {' | '.join(arms)} |", f"|---|{'---:|' * len(arms)}"]
    group = None
    for measure in MEASURES:
        if measure.group != group:
            group = measure.group
            lines.append(f"| **{group}** |{' |' * len(arms)}")
        first = best(measure, result)
        cells = [cell(measure, arm, result) for arm in arms]
        bold = [f"**{text}**" if arm in first else text for arm, text in zip(arms, cells, strict=True)]
        unit = f", {measure.unit}" if measure.unit else ""
        lines.append(f"| {measure.title}{unit} | {' | '.join(bold)} |")
    machine, frameworks = result["machine"], result["frameworks"]
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items() if "," not in name)
    size, load = result["size"], result["load"]
    if not result["full"]:
        lines[:0] = [f"**Provisional**: {result['note']}.", ""]
    lines += [
        "",
        f"One run of {size['rounds']} rounds of {size['calls']} calls, load average {load[0]:.0f} to {load[1]:.0f}; {result['date']}; Python {machine['python']} on {machine['system']}, {machine['cores']} shared cores; "
        f"{', '.join(f'{name} {version}' for name, version in frameworks.items())}; {versions}. "
        f"Bold: first in its row. In brackets: as a multiple of bare OTel in the same run.",
        "",
    ]
    for why, places in reasons(result).items():
        lines.append(f"- {NOTHING} {why} ({'; '.join(places)}).")
    rows, before = not_first(result)
    lines += ["", f"agentlog is first in {rows - len(before)} of {rows} rows."]
    if before:
        lines += ["It is not in these:", "", *(f"- {row}" for row in before)]
    return "\n".join(lines)


def draw(result: dict[str, Any], path: Path, ink: dict[str, str]) -> None:
    """Four rows of bars and what survives the six endings, an arm to a line."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    pyplot.rcParams.update(
        {"font.family": "DejaVu Sans", "font.size": 9, "svg.hashsalt": "agentlog", "svg.fonttype": "path"}
    )
    arms = list(result["cells"])
    places = range(len(arms))
    figure, axes = pyplot.subplots(
        1, len(PANELS) + 1, figsize=(13, 1.0 + 0.38 * len(arms)), width_ratios=[1] * len(PANELS) + [2.0], sharey=True
    )
    colours = [ink["ours"] if arm.startswith(OURS) else ink["theirs"] for arm in arms]
    for axis, (key, title) in zip(axes, PANELS, strict=False):
        values = [result["cells"][arm].get(key) for arm in arms]
        known = [value for value in values if value is not None and value > 0]
        left = min(known, default=1.0) / 2
        axis.barh(places, [max(value or left, left) - left for value in values], 0.62, left=left, color=colours)
        axis.set_xscale("log")
        axis.set_xlim(left, max(known, default=1.0) * 6)
        for place, value in zip(places, values, strict=True):
            text = NOTHING if value is None else f"{value:.1f}" if value < 10 else f"{value:.0f}"
            axis.text(max(value or left, left) * 1.15, place, text, va="center", color=ink["text"])
        axis.set_title(title, loc="left", fontsize=9, color=ink["text"])
        axis.set_xticks([], minor=False)
        axis.set_xticks([], minor=True)
    grid = axes[-1]
    for column, how in enumerate(ENDINGS):
        for place, arm in zip(places, arms, strict=True):
            value = result["cells"][arm].get(how)
            share = 0.0 if value is None else min(1.0, value / 200)
            grid.barh(place, 0.9, 0.78, left=column, color=ink["none"])
            grid.barh(place, 0.9 * share, 0.78, left=column, color=ink["ours"])
            text = NOTHING if value is None else f"{value:.0f}"
            grid.text(
                column + 0.45, place, text, ha="center", va="center", color=ink["on"] if share > 0.6 else ink["text"]
            )
    labels = [how.replace(", ", ",\n").replace(" ends ", "\nends\n").replace(" lives ", "\nlives ") for how in ENDINGS]
    grid.set_xticks([column + 0.45 for column in range(len(ENDINGS))], labels, fontsize=7.5)
    grid.set_title("delivered of 200 calls when\nthe process ends by", loc="left", fontsize=9, color=ink["text"])
    for axis in axes:
        axis.set_yticks(list(places), arms)
        axis.tick_params(length=0, colors=ink["text"])
        axis.spines[:].set_visible(False)
        axis.patch.set_alpha(0)
    axes[0].invert_yaxis()
    for label, arm in zip(axes[0].get_yticklabels(), arms, strict=True):
        label.set_fontweight("bold" if arm.startswith(OURS) else "normal")
    figure.tight_layout(w_pad=1.0)
    figure.savefig(path, format="svg", transparent=True, metadata={"Date": None})
    pyplot.close(figure)


def write(result: dict[str, Any]) -> None:
    """The page and both pictures.

    Raises:
        ValueError: a run of a few calls, or without the peers: no figures for a page.
    """
    if result["smoke"] or len(result["cells"]) < 4 or YARDSTICK not in result["cells"]:
        raise ValueError("docs/performance.md takes the figures of a full run: --peers without --smoke and --only")
    page = DOCS / "performance.md"
    text = page.read_text(encoding="utf-8")
    parts = re.split(f"({re.escape(BEGIN)}|{re.escape(END)})", text)
    if len(parts) != 5:
        raise ValueError(f"{page} has to have one line {BEGIN} and, below it, one line {END}")
    parts[2] = f"\n\n{table(result)}\n\n"
    page.write_text("".join(parts), encoding="utf-8")
    for name, ink in INK.items():
        draw(result, DOCS / name, ink)


if __name__ == "__main__":
    write(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
