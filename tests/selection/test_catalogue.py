from __future__ import annotations

import re

import pytest

from agentlog.errors import ConfigurationError, UnknownName
from agentlog.selection import Catalogue

CATALOGUE = Catalogue.load()
SOURCE = re.compile(r"https?://|github\.com/|arXiv \d{4}\.\d{5}|\(PyPI")
NAMED = {
    "microsoft/phi-2": ("MIT", 2.78), "microsoft/Phi-3-small-8k-instruct": ("MIT", 7.39),
    "microsoft/Phi-4-mini-instruct": ("MIT", 3.84), "nvidia/Hymba-1.5B-Instruct": ("LicenseRef-NVIDIA-Open-Model", 1.52),
    "nvidia/Nemotron-H-4B-Instruct-128K": ("LicenseRef-NVIDIA-Internal-Scientific-RnD", 4.49),
    "nvidia/Nemotron-H-8B-Reasoning-128K": ("LicenseRef-NVIDIA-Internal-Scientific-RnD", 8.10),
    "HuggingFaceTB/SmolLM2-135M-Instruct": ("Apache-2.0", 0.13), "HuggingFaceTB/SmolLM2-360M-Instruct": ("Apache-2.0", 0.36),
    "HuggingFaceTB/SmolLM2-1.7B-Instruct": ("Apache-2.0", 1.71),
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B": ("MIT", 1.78), "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B": ("MIT", 7.62),
    "deepseek-ai/DeepSeek-R1-Distill-Llama-8B": ("MIT", 8.03), "Salesforce/Llama-xLAM-2-8b-fc-r": ("CC-BY-NC-4.0", 8.03),
    "deepmind/RETRO-7.5B": (None, 7.5), "meta/Toolformer-6.7B": (None, 6.7),
}  # fmt: skip


def test_every_figure_has_a_source_that_can_be_looked_up():
    for entry in CATALOGUE:
        for name, figure in (entry.figures | entry.benchmarks).items():
            assert SOURCE.search(figure.source), f"{entry.id} {name}: {figure.source}"
        for name, figure in entry.benchmarks.items():
            assert figure.by and figure.setting, f"{entry.id} {name}: who measured, and how?"


def test_ids_are_unique_and_sizes_plausible():
    assert len({entry.id for entry in CATALOGUE}) == len(CATALOGUE) >= 79
    for entry in CATALOGUE:
        assert 5e7 < entry.params < 1.1e10
        assert 0 < entry.active_params <= entry.params
        assert entry.context is None or 1024 <= entry.context <= 2_000_000
        size = re.search(r"(\d+(?:\.\d+)?)[bB](?![a-z])", entry.id)
        if size and "-E" not in entry.id:  # E2B says what is effective
            assert entry.params / 1e9 == pytest.approx(float(size[1]), rel=0.75), entry.id


def test_a_licence_is_known_for_everything_that_can_be_downloaded():
    for entry in CATALOGUE:
        assert bool(entry.spdx) == entry.released == (entry.commercial in ("yes", "no", "conditions")), entry.id
        assert entry.commercial == "yes" or entry.licence_why or not entry.released, entry.id
    assert {entry.spdx for entry in CATALOGUE if entry.commercial == "yes"} == {"Apache-2.0", "MIT"}


@pytest.mark.parametrize("id", NAMED)
def test_a_model_that_the_paper_names_is_there_with_its_true_licence_and_size(id):
    entry = CATALOGUE[id]
    assert (entry.spdx, round(entry.params / 1e9, 2)) == NAMED[id]
    assert entry.named_in_paper


def test_versions_of_a_benchmark_are_keys_of_their_own():
    llama = CATALOGUE["meta-llama/Llama-3.2-3B-Instruct"].benchmarks
    assert llama["bfcl_v2"].value > llama["bfcl_v4"].value + 20  # and nothing compares them
    assert (llama["bfcl_v2"].by, llama["bfcl_v4"].by) == ("maker", "gorilla")


def test_an_unknown_model_names_close_ones():
    with pytest.raises(UnknownName, match=r"Qwen/Qwen3-0\.6B"):
        CATALOGUE["Qwen3-0.6B"]


OWN = """
models:
- id: acme/house-3b
  params: {value: 3100000000, source: our registry}
  licence: {spdx: LicenseRef-Acme, commercial: yes, source: legal team}
- id: Qwen/Qwen3-0.6B
  context: {value: 16384, source: our server's limit}
"""


def test_a_user_s_file_adds_and_overrides_key_by_key(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace("server's", "servers"))
    found = Catalogue.load(path)
    assert len(found) == len(CATALOGUE) + 1
    assert found["acme/house-3b"].commercial == "yes"  # YAML reads a bare yes as true
    assert found["Qwen/Qwen3-0.6B"].context == 16384
    assert found["Qwen/Qwen3-0.6B"].params == CATALOGUE["Qwen/Qwen3-0.6B"].params


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("models: [{id: a/b, parms: {value: 1, source: s}}]", "'parms': is it 'params'"),
        ("models: [{id: a/b, params: {value: 1000}}]", "has no source"),
        ("models: [{id: a/b, params: {value: 1000, source: ' '}}]", "has no source"),
        ("models: [{id: a/b, params: 1000}]", "source"),
        ("models: [{id: a/b, params: {value: many, source: s}}]", "number above 0"),
        ("models: [{id: a/b, context: {value: 5, source: s}}]", "has no params"),
        ("models: [{params: {value: 1000, source: s}}]", "model 1 has no id"),
        ("models: [{id: a/b, params: {value: 1, source: s}}, {id: a/b}]", "twice"),
        ("models: [{id: a/b, licence: {spdx: MIT, commercial: maybe, source: s}}]", "yes, no or conditions"),
        ("models: [{id: a/b, shape: {layer: 3, source: s}}]", "'layer'"),
        ("models: [{id: a/b, benchmarks: {bfcl_v4: {value: 3}}}]", "has no source"),
        ("models: {a: 1}", "no list"),
        ("model: []", "no list"),
        ("format: 9\nmodels: []", "format 9"),
        ("models: [", "no YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(tmp_path, text, said):
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        Catalogue.load(path)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Catalogue.load(tmp_path / "none.yaml")
