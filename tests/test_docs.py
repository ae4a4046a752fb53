"""Every command, option and setting is on a page."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
import typer

from agentlog.cli.app import app
from agentlog.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"
COMMANDS = typer.main.get_command(app).commands


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_its_options_are_on_the_page_of_commands(name):
    page = (DOCS / "command-line.md").read_text(encoding="utf-8")
    command = COMMANDS[name]
    assert (f"`agentlog {name}" in page) or (command.hidden and f"`{name}`" in page)
    for parameter in command.params:
        for option in parameter.opts:
            if option.startswith("--") and option != "--help":
                assert f"`{option}" in page, f"{option} of {name} is not on the page"


@pytest.mark.parametrize("field", [one.name for one in fields(Settings)])
def test_every_setting_and_its_variable_are_on_the_page_of_settings(field):
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert f"| `{field}` |" in page
    assert f"AGENTLOG_{field.upper()}" in page


def test_every_page_is_linked_from_the_readme_or_another_page():
    pages = sorted(DOCS.glob("*.md")) + sorted(DOCS.glob("*.ipynb"))
    linked = (DOCS.parent / "README.md").read_text(encoding="utf-8") + "".join(
        page.read_text(encoding="utf-8") for page in pages
    )
    for page in pages:
        assert f"{page.name})" in linked or f"{page.name}#" in linked, f"nothing links to {page.name}"


def test_every_release_that_is_tested_is_on_the_page_of_versions_and_the_other_way_round():
    page = (DOCS / "versions.md").read_text(encoding="utf-8")
    releases = tomllib.loads((Path(__file__).parent / "integrations/releases.toml").read_text(encoding="utf-8"))
    pinned: dict[str, set[str]] = {}
    for row in releases.values():
        for wanted in row["install"]:
            name, _, version = wanted.partition("==")
            if version:
                pinned.setdefault(name, set()).add(version)
    for told, name in (
        ("langchain_core", "langchain-core"),
        ("langgraph", "langgraph"),
        ("llama_index", "llama-index-core"),
        ("openai", "openai"),
        ("anthropic", "anthropic"),
    ):
        row = next(line for line in page.splitlines() if line.startswith(f"| `{told}`"))
        *older, _newest, _extra = (cell.strip() for cell in row.strip("| ").split("|")[1:])
        assert set(re.findall(r"[0-9][0-9.]+", " ".join(older))) == pinned[name], (
            f"{name}: the page and releases.toml differ"
        )
