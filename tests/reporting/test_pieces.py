"""The pieces that a page is made of: markup, words, rectangles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlog.reporting import words
from agentlog.reporting.drawing import histogram, interval_plot, squarified
from agentlog.reporting.markup import Html, join, sentence, tag, text

THIN = words.NARROW


@given(st.text(max_size=60))
def test_no_text_opens_an_element_or_leaves_its_attribute(value):
    written = tag("p", value, title=value)
    assert written.startswith('<p title="') and written.endswith("</p>")
    assert written.count("<") == 2 and written.count('"') == 2
    assert "<" not in text(value) and ">" not in text(value)


@given(st.text(alphabet="a`*<&> ", max_size=40))
def test_a_sentence_with_any_marks_stays_escaped(value):
    left = sentence(value)
    for piece in ("<code>", "</code>", "<strong>", "</strong>"):
        left = left.replace(piece, "")
    assert "<" not in left and ">" not in left


def test_what_is_html_already_is_not_escaped_twice():
    inner = tag("b", "1 < 2")
    assert join("a & b ", inner, None, ["x", None]) == "a &amp; b <b>1 &lt; 2</b>x"
    assert isinstance(join(inner), Html)
    assert tag("input", disabled=True, checked=False, value=None) == "<input disabled>"
    assert tag("line", x1=1) == '<line x1="1"/>'


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "$0"),
        (1234.5, "$1,234"),
        (12.345, "$12.35"),
        (0.0163, "$0.016"),
        (0.1, "$0.10"),
        (0.0000674, "$0.000067"),
        (3e-9, "$<0.000001"),
        (-2.5, "-$2.50"),
    ],
)
def test_money_has_the_digits_that_say_something(value, said):
    assert words.money(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (1, "100"), (0.9765, "97.7"), (0.9999, ">99.9"), (0.0001, "<0.1"), (0.2, "20.0"), (1e-9, "<0.1")],
)
def test_a_share_is_never_rounded_to_all_or_nothing(value, said):
    assert words.percent(value) == f"{said}{THIN}%"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (9_999, "9,999"),
        (12_345, "12.3k"),
        (999_999, "1M"),
        (999_400, "999k"),
        (4e12, "4,000G"),
        (1_234_567, "1.23M"),
        (561_000, "561k"),
        (2.5e9, "2.5G"),
    ],
)
def test_a_large_number_is_shortened(value, said):
    assert words.short(value) == said


def test_spans_and_times_use_the_unit_that_says_them():
    assert words.span(timedelta(seconds=1)) == "1 second"
    assert words.span(timedelta(seconds=95)) == "95 seconds"
    assert words.span(timedelta(hours=5)) == "5 hours"
    assert words.span(timedelta(days=7.4)) == "7.4 days"
    begin = datetime(2026, 11, 25, 15, 37, 7, tzinfo=UTC)
    assert words.between(begin, begin + timedelta(seconds=95)) == "2026-11-25 15:37:07 to 15:38:42 UTC"
    assert words.between(begin, begin + timedelta(hours=2)) == "2026-11-25 15:37 to 17:37 UTC"
    assert words.between(begin, begin + timedelta(days=2)) == "2026-11-25 15:37 to 2026-11-27 15:37 UTC"
    assert [words.seconds(one) for one in (0.0000012, 0.0011, 0.0195, 3.21, 250)] == [
        "1 µs",
        "1.1 ms",
        "20 ms",
        "3.2 s",
        "250 s",
    ]
    assert words.plural(1, "call") == "1 call" and words.plural(1200, "call") == "1,200 calls"


@given(st.lists(st.floats(0.001, 1.0), min_size=1, max_size=60), st.floats(0.5, 3))
def test_rectangles_fill_the_map_in_proportion_and_do_not_overlap(sizes, aspect):
    sizes = sorted(sizes, reverse=True)
    boxes = squarified(sizes, aspect)
    assert len(boxes) == len(sizes)
    for size, box in zip(sizes, boxes, strict=True):
        assert box.width * box.height == pytest.approx(size / sum(sizes), rel=1e-6)
        assert box.left >= -1e-9 and box.left + box.width <= 1 + 1e-6
        assert box.top >= -1e-9 and box.top + box.height <= 1 + 1e-6
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            wide = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
            high = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
            assert wide < 1e-6 or high < 1e-6


def test_rectangles_are_as_square_as_can_be():
    boxes = squarified([1.0] * 6, 1.5)
    assert all(box.width * 1.5 / box.height == pytest.approx(1.0) for box in boxes)


def test_bars_show_what_is_there_and_a_plot_keeps_to_its_axis():
    drawn = histogram([4, 0, 2], "calls")
    assert drawn.count("<rect") == 2 and 'height="40.00"' in drawn and 'height="20.00"' in drawn
    plot = interval_plot([("model", 0.95, 0.4, 1.0)], 0.9, "agreement")
    assert 'x1="1.00%"' in plot and 'x2="99.00%"' in plot and 'cx="50.00%"' in plot
