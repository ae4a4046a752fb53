"""The report opened in a real browser, which is asked what it shows: light and dark, narrow and wide, printed, in a notebook.

Needs Chromium from the system's packages and playwright from pip, whose own browsers are not downloaded: `nox -s browser`.
"""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import agentlog
from agentlog.evaluation import Evaluation, SelfAgreement
from agentlog.evaluation.statistics import NonInferiority, Share
from agentlog.reporting import report
from agentlog.routing.log import DECISION, DecisionLog
from agentlog.routing.table import Route, Table
from agentlog.tasks.study import Study

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: nox -s browser, or pip install playwright"
)
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH: apt-get install chromium")

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \"'& " + "averylongnamewithoutanyspace" * 6
WIDTHS = (360, 800, 1600)
SCHEMES = ("light", "dark")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        # root may start Chromium without its sandbox only; the page is our own
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, agents) -> dict[str, Path]:
    """Reports of a dataset with evidence, of one with hostile names, of one without a call."""
    place = tmp_path_factory.mktemp("pages")
    written = agents(place)
    evidence(written["evidence"])
    for name, dataset in written.items():
        report(dataset, place / f"{name}.html", examples=name == "hostile")
    return {name: place / f"{name}.html" for name in written}


def evidence(dataset: Any) -> None:
    """A model that is proven and serves, one that is not, and an LLM that agrees with itself in most cases."""
    study = Study.of(dataset.path)
    tasks = agentlog.cluster(agentlog.curate(dataset))
    tasks.save(study.tasks)
    by_kind = {task.output_kind: task for task in tasks}
    for kind, verdict, agreement in (("label", "yes", Share(0.994, 0.978, 0.999, 320, 320, 320.0)),
                                     ("tool_call", "undecided", Share(0.91, 0.84, 0.96, 90, 90, 90.0))):  # fmt: skip
        task = by_kind[kind]
        Evaluation(
            task_id=task.id, task_name=task.name, model="small", rung="endpoint", version="0123456789ab", llm="gpt-4o", split="test",
            test_share=0.1, seed=0, kind=kind, n=400, runs=400, threshold=0.9, agreement=agreement,
            accepted=Share(0.8, 0.75, 0.85, 400, 400, 400.0), accepted_agreement=agreement,
            noninferiority=NonInferiority(verdict, 0.02, 0.01, 320, None, False), novel=0.01, invalid=0.0, llm_invalid=0.0,
            self_agreement=SelfAgreement(Share(0.985, 0.96, 0.995, 60, 60, 60.0), 60, "replay"), cost_per_success_usd=0.0001,
        ).save(study.evaluations)  # fmt: skip
    task = by_kind["label"]
    study.routing.mkdir(parents=True)
    route = Route(
        task.name, "http://localhost:8000/v1#small", version="0123456789ab", rung="endpoint", state="canary", share=0.1
    )
    Table("policy-1", "tasks", {task.id: route}).save(study.routing)
    log = DecisionLog(study.routing)
    for number in range(120):
        log.add(
            DECISION,
            id=str(number),
            task_id=task.id,
            route="model" if number % 4 else "llm",
            agreed=None if number % 4 else number > 4,
        )
    log.write()


class Opened:
    """A page in the browser, and everything that it asked for or complained of."""

    def __init__(self, browser: Any, place: Path, width: int, scheme: str) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page = self.context.new_page()
        self.context.route("**/*", self._answer)
        self.address = place.as_uri()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.goto(self.address)

    def _answer(self, route: Any) -> None:
        """Nothing but the page itself is let through."""
        self.asked.append(route.request.url)
        if route.request.url == self.address:
            route.continue_()
        else:
            route.abort()


@pytest.fixture
def opened(browser, pages) -> Iterator[Any]:
    """Opens a page; closed with the test."""
    there: list[Opened] = []

    def open(name: str, width: int, scheme: str) -> Opened:
        there.append(Opened(browser, pages[name], width, scheme))
        return there[-1]

    yield open
    for one in there:
        one.context.close()


LOOK = """() => {
  const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1;
  const paint = canvas.getContext('2d', {willReadFrequently: true});
  const rgba = (colour) => {
    paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    const found = paint.getImageData(0, 0, 1, 1).data; return [found[0], found[1], found[2], found[3] / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const luminance = (colour) => {
    const [r, g, b] = colour.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b); return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const colour = one.matches('g.node') ? getComputedStyle(one.querySelector('rect')).fill : getComputedStyle(one).backgroundColor;
      layers.push(rgba(colour));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reduceRight((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const hidden = (element) => !element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})
    || element.closest('.skip, details:not([open]) > :not(summary)') || getComputedStyle(element.closest('thead') || element).position === 'absolute'
    && element.closest('thead');
  const texts = [], faint = [], clipped = [], outside = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || hidden(element)) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    const said = node.textContent.trim().slice(0, 40), style = getComputedStyle(element);
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      const tile = element.closest('.tile-name') || element.closest('.tile'); // what a tile has no room for is cut, with a mark
      if (tile) { const frame = tile.getBoundingClientRect(); if (box.bottom > frame.bottom || box.right > frame.right) continue; }
      texts.push({said, element, box});
      if (box.left < -0.5 || box.right > innerWidth + 0.5) outside.push(said);
    }
    const ratio = contrast(rgba(element instanceof SVGElement ? style.fill : style.color), behind(element));
    if (ratio < 4.5) faint.push(`${said}: ${ratio.toFixed(2)}`);
  }
  for (const element of document.body.querySelectorAll('*')) {
    if (element instanceof SVGElement || hidden(element)) continue;
    const style = getComputedStyle(element);
    const marked = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none' || element.matches('.tile, .place, .map');
    if (style.overflowX !== 'visible' && !marked && element.scrollWidth > element.clientWidth + 1 && element.clientWidth)
      clipped.push(`${element.tagName}.${element.className} ${element.scrollWidth} > ${element.clientWidth}`);
    const box = element.getBoundingClientRect();
    if (box.width && (box.left < -1 || box.right > innerWidth + 1)) outside.push(`${element.tagName}.${element.className}`);
  }
  const overlapping = [];
  texts.sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length && texts[j].box.top < texts[i].box.bottom; j++) {
    const [a, b] = [texts[i], texts[j]];
    const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
    const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
    if (wide > 2 && high > 5 && a.element !== b.element) overlapping.push(`${a.said} | ${b.said}`);
  }
  return {
    faint, clipped, outside, overlapping, texts: texts.length, wide: document.documentElement.scrollWidth - innerWidth,
    ground: luminance(behind(document.body)), headings: [...document.querySelectorAll('h1, h2')].filter((h) => !hidden(h)).map((h) => h.innerText),
    empty: [...document.querySelectorAll('svg, .map, .stacked, .bar')].filter((e) => !hidden(e) && (e.getBoundingClientRect().width < 20
      || e.getBoundingClientRect().height < 2)).map((e) => e.getAttribute('class')),
  };
}"""

PIXELS = """async (png) => {
  const image = new Image(); image.src = 'data:image/png;base64,' + png; await image.decode();
  const canvas = document.createElement('canvas'); canvas.width = image.width; canvas.height = image.height;
  const paint = canvas.getContext('2d'); paint.drawImage(image, 0, 0);
  const found = paint.getImageData(0, 0, image.width, image.height).data, colours = {};
  let light = 0;
  for (let i = 0; i < found.length; i += 4) {
    colours[(found[i] >> 3) << 10 | (found[i + 1] >> 3) << 5 | found[i + 2] >> 3] = (colours[(found[i] >> 3) << 10 | (found[i + 1] >> 3) << 5 | found[i + 2] >> 3] || 0) + 1;
    light += found[i] + found[i + 1] + found[i + 2];
  }
  const counts = Object.values(colours);
  return {colours: counts.length, most: Math.max(...counts) * 4 / found.length, light: light * 4 / found.length / 3};
}"""


def pixels(browser: Any, one: Opened) -> dict[str, float]:
    """What a screenshot of the top of a page holds, pixel by pixel."""
    shot = base64.b64encode(one.page.screenshot()).decode()
    blank = browser.new_page()
    try:
        found: dict[str, float] = blank.evaluate(PIXELS, shot)
        return found
    finally:
        blank.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["evidence", "hostile", "empty"])
def test_nothing_overflows_overlaps_is_cut_or_is_too_faint(opened, name, width, scheme):
    one = opened(name, width, scheme)
    for details in one.page.query_selector_all("summary"):
        details.click()
    found = one.page.evaluate(LOOK)
    assert found["wide"] <= 0, f"the page is {found['wide']} px wider than the window"
    for fault in ("outside", "clipped", "overlapping", "faint", "empty"):
        assert found[fault] == [], fault
    assert found["texts"] > (40 if name == "empty" else 200)
    assert found["ground"] < 0.05 if scheme == "dark" else found["ground"] > 0.85
    assert one.asked == [one.address], "the page asked for something"
    assert one.said == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_screenshot_shows_a_page_and_dark_is_dark(browser, opened, scheme):
    found = pixels(browser, opened("evidence", 1440, scheme))
    assert found["colours"] > 60 and found["most"] < 0.97, "the screenshot is blank"
    assert found["light"] < 70 if scheme == "dark" else found["light"] > 200


def test_all_parts_are_there_and_links_lead_to_them(opened):
    one = opened("evidence", 1440, "light")
    headings = one.page.evaluate(LOOK)["headings"]
    assert headings == [
        "agentlog report evidence", "What was recorded", "Who decides what runs next", "The tasks", "Task by task", "How much in all",
        "What is missing", "How every figure was made",
    ]  # fmt: skip
    for link in one.page.query_selector_all("nav a"):
        link.click()
        target = link.get_attribute("href")
        one.page.wait_for_function(
            "(id) => Math.abs(document.querySelector(id).getBoundingClientRect().top) < innerHeight", arg=target
        )
    assert one.asked == [one.address]


def test_the_map_can_be_changed_by_mouse_and_keyboard_without_a_script(opened):
    page = opened("evidence", 1440, "light").page
    assert page.is_visible(".map-calls") and not page.is_visible(".map-tokens")
    page.click("label[for=area-tokens]")
    assert page.is_visible(".map-tokens") and not page.is_visible(".map-calls")
    page.focus("#area-tokens")
    page.keyboard.press("ArrowRight")
    assert page.is_visible(".map-cost") and not page.is_visible(".map-tokens")
    assert page.evaluate("getComputedStyle(document.querySelector('label[for=area-cost]')).outlineStyle") == "solid"


def test_the_table_is_a_list_on_a_narrow_screen_and_a_table_to_a_screen_reader(opened):
    narrow = opened("evidence", 360, "light").page
    assert narrow.evaluate("getComputedStyle(document.querySelector('.tasks tr:last-child')).display") == "block"
    assert narrow.evaluate("getComputedStyle(document.querySelector('.tasks td'), '::before').content") == '"Calls"'
    wide = opened("evidence", 1440, "light").page
    assert wide.evaluate("getComputedStyle(document.querySelector('.tasks tr:last-child')).display") == "table-row"
    for page in (narrow, wide):
        assert page.get_by_role("table").count() == page.locator("table").count() >= 4
        assert page.get_by_role("row").count() > 10


def test_printed_it_is_black_on_white_and_nothing_is_folded_away(opened):
    one = opened("evidence", 800, "dark")
    one.page.emulate_media(media="print", color_scheme="light")
    assert one.page.evaluate(LOOK)["ground"] > 0.95
    assert not one.page.is_visible("nav")
    assert one.page.pdf().startswith(b"%PDF")


def test_hostile_names_are_shown_as_they_are_and_do_nothing(opened):
    one = opened("hostile", 800, "light")
    assert one.page.query_selector("script, img") is None
    assert HOSTILE[:40] in one.page.inner_text("body")
    assert one.said == [] and one.asked == [one.address]


def test_in_a_notebook_the_frame_shows_the_page_and_its_links_stay_in_it(browser, opened, shared, tmp_path):
    shown = report(shared)._repr_html_()
    place = tmp_path / "notebook.html"
    place.write_text(
        f"<!doctype html><meta charset=utf-8><title>n</title><style>h1{{color:red}}</style><body><h1>mine</h1>{shown}",
        encoding="utf-8",
    )
    one = Opened(browser, place, 1000, "light")
    try:
        frame = one.page.frames[1]
        frame.wait_for_selector("#method-title")
        assert frame.inner_text("h1") == "agentlog report records"
        assert "255, 0, 0" not in frame.evaluate("getComputedStyle(document.querySelector('h1')).color")
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
        frame.click("nav a >> text=Method")
        one.page.wait_for_timeout(1500)  # it scrolls smoothly, and a frame without scripts cannot be waited for
        title = frame.query_selector("#method-title")
        assert title is not None, "the link left the page"
        assert title.is_visible() and frame.evaluate("scrollY") > 1000
        assert [url for url in one.asked if not url.startswith("about:")] == [one.address]
    finally:
        one.context.close()


def test_the_look_sees_faults_where_there_are_some(browser, tmp_path):
    """What the tests above rest on: a page with each of the faults is found out."""
    faults = {
        "faint": "<p style='color:#999'>faint words</p>",
        "outside": "<p style='width:900px'>wide</p>",
        "clipped": "<p style='overflow:hidden;width:50px;white-space:nowrap'>cut without a mark</p>",
        "overlapping": "<p>one line of words</p><p style='margin-top:-34px'>another line over it</p>",
        "empty": "<svg class='none' width='0' height='0'></svg>",
    }
    for fault, markup in faults.items():
        place = tmp_path / f"{fault}.html"
        place.write_text(
            f"<!doctype html><meta charset=utf-8><title>f</title><body style='background:#fff'>{markup}",
            encoding="utf-8",
        )
        one = Opened(browser, place, 360, "light")
        try:
            assert one.page.evaluate(LOOK)[fault], json.dumps(fault)
        finally:
            one.context.close()
