"""Recorded exchanges through the real SDK: every field of every record is what was sent and what came back.

Only a part of them, to be quick; all of them, and anthropic's: `python tests/integrations/replay.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMMAND = Path(__file__).with_name("replay.py")
DATA = Path(__file__).parents[2] / "../shared/data/exchanges/pypi_sdists.jsonl.gz"
APIS = ("chat", "responses", "completions", "embeddings")


def replayed(*options: str) -> dict[str, Any]:
    if not DATA.is_file():
        pytest.skip("recorded exchanges (shared/data/exchanges beside the checkout) are not here")
    command = [sys.executable, str(COMMAND), "--json", "--api", *APIS, *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.stdout, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "options",
    [
        ("--mode", "sync", "--every", "9"),
        ("--mode", "async", "--every", "11"),
        ("--mode", "sync", "--every", "3", "--ending", "cut"),
        ("--mode", "async", "--every", "3", "--ending", "torn"),
    ],
    ids=" ".join,
)
def test_every_field_of_every_record_is_what_was_sent_and_what_came_back(options):
    report = replayed(*options)
    assert report["problem"] is None
    assert report["unexpected"] == {}
    assert {field: wrong for field, (_, wrong) in report["fields"].items() if wrong} == {}
    # `Responses` came with openai 1.66
    asked = report["exchanges"] - sum(report["absent"].values())
    assert report["whole"] == asked > 50
    # errors and tool calls are among them, and streams that end early hold something
    assert report["fields"]["output: call"][0] > 10
    assert report["raised"] > 0 or "cut" in options
