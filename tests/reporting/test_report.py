"""`agentlog.report`: the page, where it is written, and what is never on it."""

from __future__ import annotations

import html
import itertools
import json
import os
import re
import stat
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from agentlog.errors import ConfigurationError, DatasetError
from agentlog.reporting import Report, report

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&`**\u202e\x07</style>"
VOID = {"meta", "link", "input", "br", "hr", "rect", "circle", "line", "path"}


class Page(HTMLParser):
    """Every element with its attributes; fails where elements are not closed in their order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == [], f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> inside {self.open[-3:]}"
        self.open.pop()


def test_the_page_is_one_whole_document_that_fetches_nothing(made):
    page = Page(made.html)
    for tag, attributes in page.tags:
        assert tag not in ("script", "iframe", "img", "object", "embed", "base", "form")
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "srcset", "action", "data", "xlink:href"):
            assert name not in attributes
        assert str(attributes.get("href", "#")).startswith(("#", "data:,"))
    policy = next(found["content"] for _, found in page.tags if found.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy and "script" not in policy
    assert "url(" not in made.html and "@import" not in made.html


def test_ids_are_unique_and_every_link_and_label_leads_somewhere(made):
    page = Page(made.html)
    ids = [found["id"] for _, found in page.tags if "id" in found]
    assert len(ids) == len(set(ids))
    for _, found in page.tags:
        for name in ("aria-labelledby", "for"):
            assert name not in found or found[name] in ids
        if str(found.get("href", "")).startswith("#"):
            assert found["href"][1:] in ids


def test_headings_tables_and_pictures_speak_to_those_who_do_not_see(made):
    page = Page(made.html)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for tag, found in page.tags:
        assert tag != "th" or found.get("scope") in ("row", "col")
        assert tag != "svg" or (found.get("role") == "img" and found.get("aria-label"))
    tables = sum(tag == "table" for tag, _ in page.tags)
    assert tables == sum(tag == "caption" for tag, _ in page.tags) >= 4
    assert ("html", {"lang": "en"}) in page.tags


def test_names_that_are_html_stay_names(named):
    made = report(named(HOSTILE))
    page = Page(made.html)  # the structure is whole
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert sum(tag == "style" for tag, _ in page.tags) == 1
    assert "\u202e" not in made.html and "\x07" not in made.html
    assert html.escape("<script>alert(1)</script>") in made.html
    assert any("<script>" in task["name"] for task in made.figures["tasks"])


def test_no_content_of_a_call_is_on_the_page_unless_it_is_asked_for(dataset):
    plain, shown = report(dataset), report(dataset, examples=True)
    assert "ticket 7 about" not in plain.html and "ticket 7 about" not in json.dumps(plain.to_dict())
    assert re.search(r"ticket \d+ about", shown.html)
    assert "Classify the ticket in one word." in plain.html  # a line that the prompts share


def test_where_the_dataset_lies_is_not_on_the_page(shared, made):
    assert str(shared.path.parent) not in made.html and str(shared.path.parent) not in json.dumps(made.to_dict())
    assert "agentlog report records --to report.html" in made.html


def test_it_is_written_for_its_owner_and_never_over_what_is_there(dataset, tmp_path):
    place = tmp_path / "report.html"
    made = report(dataset, place)
    assert place.read_text(encoding="utf-8") == made.html and made.path == place
    assert os.name == "nt" or stat.S_IMODE(place.stat().st_mode) == 0o600
    place.write_text("mine")
    with pytest.raises(ConfigurationError, match="never overwrites"):
        report(dataset, place)
    assert place.read_text() == "mine"
    report(dataset, place, overwrite=True)
    assert place.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["records", "report.html"]


def test_a_path_that_cannot_be_is_refused_with_what_to_do(dataset, tmp_path):
    with pytest.raises(ConfigurationError, match="is a folder: name a file in it"):
        report(dataset, tmp_path)
    with pytest.raises(ConfigurationError, match="there is no folder"):
        report(dataset, tmp_path / "nowhere" / "report.html")
    with pytest.raises(ConfigurationError, match="lies in the dataset"):
        report(dataset, dataset.path / "calls" / "report.html")
    with pytest.raises(ConfigurationError, match="a study's name"):
        report(dataset, study="../other")
    with pytest.raises(DatasetError):
        report(tmp_path / "nothing")


def test_a_disk_that_takes_nothing_is_said_and_leaves_nothing(dataset, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agentlog.reporting.writing.os.replace", full)
    with pytest.raises(ConfigurationError, match=r"cannot be written \(No space left on device\)"):
        report(dataset, tmp_path / "report.html")
    assert [one.name for one in tmp_path.iterdir()] == ["records"]


def test_an_empty_dataset_says_so_and_what_to_do(agent, tmp_path):
    made = report(agent.write(tmp_path / "records"))
    Page(made.html)
    assert made.sentence == "**Nothing is recorded yet** in records: there is no call to report on."
    assert "agentlog.instrument()" in made.html and "agentlog import SOURCE --to records" in made.html
    assert made.figures["cost_month"]["not_measurable"] == "no call has a price"


def test_records_without_a_model_call_are_reported_as_that(agent, tmp_path):
    agent.tool(0, "lookup")
    made = report(agent.write(tmp_path / "records"))
    Page(made.html)
    assert "holds 1 record and **no call of a model**" in made.sentence
    assert "execute_tool" in made.html and 'id="tasks"' not in made.html


def test_three_calls_are_a_page(agent, tmp_path):
    for number in range(3):
        agent.chat(number, "s", f"question {number}", f"answer {number}")
    made = report(agent.write(tmp_path / "records"))
    Page(made.html)
    assert "too few to learn from" in made.html or "No task recurs" in made.html


def test_calls_that_recur_nowhere_are_no_task(agent, tmp_path):
    agent.chat(0, "s", "a question", "an answer")
    made = report(agent.write(tmp_path / "records"))
    Page(made.html)
    assert made.figures["tasks"] == [] and "No task recurs in the records" in made.html
    assert "no task recurs" in made.sentence


def test_what_is_missing_is_listed_with_what_to_do(agent, tmp_path):
    for run in range(60):
        agent.chat(run, "Classify.", f"t {run}", "yes", usage=None, cost_usd=None, surface="unknown", node="a")
    page = report(agent.write(tmp_path / "records")).html
    for words in ("Tokens", "Prices", "Feedback", "Readers", "Repeats", "Evaluations"):
        assert re.search(rf'<th scope="row"[^>]*>{words}</th>', page), words
    assert "a price needs the tokens" in page and "agentlog feedback resolved" in page


def test_in_a_notebook_the_page_stands_in_a_frame_that_runs_nothing(made):
    shown = made._repr_html_()
    (frame,) = Page(shown).tags
    assert frame[0] == "iframe" and frame[1]["srcdoc"].replace('<base href="about:srcdoc">', "") == made.html
    assert "sandbox" in frame[1] and "allow-scripts" not in shown[:40]


def test_the_report_reads_well_in_a_terminal(dataset, tmp_path):
    made = report(dataset, tmp_path / "report.html")
    assert repr(made).splitlines()[0] == made.sentence.replace("**", "")
    assert repr(made).splitlines()[1] == f"  written to {tmp_path / 'report.html'}"
    assert made == Report(made.sentence, {}, "", made.path)


def test_the_command_writes_the_page_and_prints_the_sentence(dataset, tmp_path, monkeypatch):
    from agentlog.cli import report as verb

    app = typer.Typer()
    verb.register(app)
    app.callback()(lambda: None)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["report", str(dataset.path), "--to", "page.html"])
    assert done.exit_code == 0 and Path("page.html").is_file()
    assert "180 model calls in 60 runs" in done.output
    again = CliRunner().invoke(app, ["report", str(dataset.path), "--to", "page.html"])
    assert isinstance(again.exception, ConfigurationError)
    told = CliRunner().invoke(app, ["report", str(dataset.path), "--to", "page.html", "--overwrite", "--json"])
    assert json.loads(told.output)["traffic"]["records"] == 240
