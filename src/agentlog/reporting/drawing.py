"""Pictures without a library: rectangles of a map, and small drawings that take their colours from the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agentlog.reporting.markup import Html, join, tag


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in shares of the whole picture's width and height."""

    left: float
    top: float
    width: float
    height: float


def squarified(sizes: Sequence[float], aspect: float = 1.6) -> list[Box]:
    """A rectangle for each size, their areas in proportion, as square as can be (Bruls, Huizing, van Wijk, 2000, §3).

    Args:
        sizes: positive, the biggest first.
        aspect: width by height of the picture.
    """
    whole = sum(sizes)
    areas = [size / whole * aspect for size in sizes]
    boxes: list[Box] = []
    left, top, width, height = 0.0, 0.0, aspect, 1.0
    while areas:
        side = min(width, height)
        row = [areas[0]]
        while len(row) < len(areas) and _worst(areas[: len(row) + 1], side) <= _worst(row, side):
            row = areas[: len(row) + 1]
        del areas[: len(row)]
        depth = sum(row) / side
        along = 0.0
        for area in row:
            length = area / depth
            if width >= height:
                boxes.append(Box(left / aspect, top + along, depth / aspect, length))
            else:
                boxes.append(Box((left + along) / aspect, top, length / aspect, depth))
            along += length
        if width >= height:
            left, width = left + depth, max(width - depth, 1e-12)
        else:
            top, height = top + depth, max(height - depth, 1e-12)
    return boxes


def _worst(row: Sequence[float], side: float) -> float:
    """The worst ratio of sides of a row of rectangles along `side`."""
    whole = sum(row)
    return max(side * side * max(row) / (whole * whole), whole * whole / (side * side * min(row)))


def histogram(counts: Sequence[int], label: str) -> Html:
    """Bars side by side, as wide as there is room."""
    highest = max(counts)
    step = 100 / len(counts)
    bars = [
        tag(
            "rect",
            x=f"{place * step:.3f}%",
            y=f"{40 - max(1.0, 40 * value / highest):.2f}",
            width=f"{step * 0.78:.3f}%",
            height=f"{max(1.0, 40 * value / highest):.2f}",
        )
        for place, value in enumerate(counts)
        if value
    ]
    return tag("svg", *bars, class_="histogram", height="40", width="100%", role="img", aria_label=label)


def interval_plot(
    marks: Sequence[tuple[str, float, float, float]], low: float, label: str, goal: float | None = None
) -> Html:
    """Points with their intervals, one above the other, on an axis from `low` to 1.

    Args:
        marks: (class of the mark, value, lower, upper).
        low: where the axis begins.
        label: what a screen reader says.
        goal: a line to be reached.
    """

    def x(value: float) -> str:
        return f"{1 + 98 * (min(max(value, low), 1.0) - low) / (1 - low):.2f}%"

    height = 14 * len(marks) + 6
    pieces: list[Html] = [tag("line", x1="1%", x2="99%", y1=height, y2=height, class_="axis")]
    for place in range(5):
        tick = x(low + (1 - low) * place / 4)
        pieces.append(tag("line", x1=tick, x2=tick, y1=0, y2=height, class_="grid"))
    if goal is not None and goal >= low:
        pieces.append(tag("line", x1=x(goal), x2=x(goal), y1=0, y2=height, class_="goal"))
    for place, (kind, value, lower, upper) in enumerate(marks):
        y = 10 + 14 * place
        pieces.append(tag("line", x1=x(lower), x2=x(upper), y1=y, y2=y, class_=f"whisker {kind}"))
        pieces.append(tag("circle", cx=x(value), cy=y, r=4, class_=f"dot {kind}"))
    return tag("svg", *pieces, class_="interval", width="100%", height=height + 1, role="img", aria_label=label)


def agency_figure(kind: str, label: str) -> Html:
    """The paper's Figure 1 in small: who stands in the middle, a model or code.

    Args:
        kind: "language-model" or "code".
        label: what a screen reader says.
    """
    models = kind == "language-model"
    middle = "model" if models else "code"
    right = ("tool", "tool", "tool") if models else ("model", "tool", "model")
    pieces = [_node(4, 59, 62, 30, "person", "round"), _arrow(66, 74, 108, 74, both=True)]
    pieces.append(_node(110, 54, 76, 40, middle, "accent" if models else "frame"))
    for place, name in enumerate(right):
        y = 6 + 53 * place
        pieces.append(_node(232, y, 64, 30, name, "accent" if name == "model" else "plain"))
        pieces.append(_arrow(186, 74 + 8 * (place - 1), 230, y + 15))
    return tag(
        "svg",
        *pieces,
        class_="agency",
        viewBox="0 0 300 148",
        role="img",
        aria_label=label,
        preserveAspectRatio="xMidYMid",
    )


def _node(x: float, y: float, width: float, height: float, words: str, kind: str) -> Html:
    return tag(
        "g",
        tag("rect", x=x, y=y, width=width, height=height, rx=height / 2 if kind == "round" else 6),
        tag("text", words, x=x + width / 2, y=y + height / 2 + 4.5, text_anchor="middle"),
        class_=f"node {kind}",
    )


def _arrow(x1: float, y1: float, x2: float, y2: float, both: bool = False) -> Html:
    """A line with a head at its end; the heads are drawn, because a marker's id may be on the page twice."""
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    dx, dy = (x2 - x1) / length, (y2 - y1) / length

    def head(x: float, y: float, sign: int) -> Html:
        back_x, back_y = x - sign * 7 * dx, y - sign * 7 * dy
        return tag(
            "path",
            d=f"M{x:.1f} {y:.1f}L{back_x - 3.5 * dy:.1f} {back_y + 3.5 * dx:.1f}L{back_x + 3.5 * dy:.1f} {back_y - 3.5 * dx:.1f}Z",
        )

    line = tag("line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}")
    return tag("g", join(line, head(x2, y2, 1), head(x1, y1, -1) if both else None), class_="arrow")
