from __future__ import annotations

import hashlib
import json

import pytest

from agentlog.errors import ConfigurationError, DatasetError
from agentlog.models import load


def folder(path, about, **files):
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / f"{name}.json").write_text(text)
    sums = {f"{name}.json": hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    whole = {"format": 1, "kind": "head", "task": {"id": "t1", "name": "triage"}, "sha256": sums, **about}
    (path / "model.json").write_text(json.dumps(whole))
    return path


def test_a_folder_without_a_model_says_what_makes_one(tmp_path):
    with pytest.raises(DatasetError, match=r"holds no model.*agentlog.train"):
        load(tmp_path)


def test_another_format_is_refused(tmp_path):
    with pytest.raises(DatasetError, match="format 2, this agentlog reads 1"):
        load(folder(tmp_path, {"format": 2}))


def test_what_is_no_json_is_damaged(tmp_path):
    (tmp_path / "model.json").write_text("{")
    with pytest.raises(DatasetError, match="damaged"):
        load(tmp_path)
    (tmp_path / "model.json").write_text('{"format": 1}')
    with pytest.raises(DatasetError, match="names no kind, task or files"):
        load(tmp_path)


def test_files_that_do_not_fit_together_are_damaged(tmp_path):
    pytest.importorskip("numpy", reason="models need numpy: pip install 'agentlog[serve]'")
    with pytest.raises(DatasetError, match="do not fit together"):
        load(folder(tmp_path, {}, head="{}"))


def test_a_file_outside_the_folder_is_never_read(tmp_path):
    (tmp_path / "secret").write_text("x")
    place = folder(tmp_path / "m", {"sha256": {"../secret": hashlib.sha256(b"x").hexdigest()}})
    with pytest.raises(DatasetError, match="damaged"):
        load(place)


def test_a_language_model_says_how_it_is_served(tmp_path):
    card = json.dumps({"serving": {"vllm": "vllm serve base --enable-lora"}})
    with pytest.raises(ConfigurationError, match=r"`vllm serve base --enable-lora`.*http://HOST:PORT/v1#MODEL"):
        load(folder(tmp_path, {"kind": "adapter"}, run_card=card))


def test_an_unknown_kind_is_refused(tmp_path):
    with pytest.raises(DatasetError, match="kind 'oracle'"):
        load(folder(tmp_path, {"kind": "oracle"}))


def test_an_address_is_an_endpoint():
    endpoint = load("http://127.0.0.1:9/v1#triage")
    assert (endpoint.rung, endpoint.remote) == ("endpoint", True)
    with pytest.raises(ConfigurationError, match="names no model"):
        load("http://127.0.0.1:9/v1")


def test_a_folder_takes_no_options(tmp_path):
    with pytest.raises(ConfigurationError, match="takes no options; found timeout_s"):
        load(tmp_path, timeout_s=3)
