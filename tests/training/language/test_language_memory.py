"""The memory formula against published sizes, and the table in the docs against the formula."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from agentlog.training.language import base as bases  # noqa: E402
from agentlog.training.language.memory import GIB, estimate  # noqa: E402
from agentlog.training.language.recipe import Recipe  # noqa: E402

PAGE = Path(__file__).parents[3] / "docs/train-language-models.md"
# hidden, feed-forward, layers, attention heads, tied embeddings, parameters in billions: the models' own cards
QWEN3 = {
    "Qwen3-0.6B": (1024, 3072, 28, 16, True, 0.6),
    "Qwen3-1.7B": (2048, 6144, 28, 16, True, 1.7),
    "Qwen3-4B": (2560, 9728, 36, 32, True, 4.0),
    "Qwen3-8B": (4096, 12288, 36, 32, False, 8.2),
}


@cache
def base(name: str) -> bases.Base:
    hidden, inner, layers, heads, tied, _ = QWEN3[name]
    config = transformers.Qwen3Config(
        hidden_size=hidden,
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=8,
        head_dim=128,
        vocab_size=151936,
        tie_word_embeddings=tied,
    )
    shape = bases._shape(transformers, config, name, False)
    rest = {"layers": layers, "hidden": hidden, "vocabulary": 151936, "context": 40960}
    return bases.Base(name, **shape, **rest, dtype="bfloat16", licence="", commercial="", tokenizer=None)


@pytest.mark.parametrize("name", QWEN3)
def test_parameters_are_counted_without_weights(name: str) -> None:
    assert base(name).parameters / 1e9 == pytest.approx(QWEN3[name][5], rel=0.02)


def test_an_adapter_has_the_published_number_of_parameters() -> None:
    # "trainable params: 43,646,976" for r = 16 on all linear layers of Qwen3-8B, as PEFT prints it
    assert estimate(base("Qwen3-8B"), Recipe("lora", rank=16), 100).trained == 43_646_976


def test_the_table_in_the_docs_is_what_the_formula_says() -> None:
    rows = re.findall(r"^\| (Qwen3-\S+) \| ([\d.]+) B \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, _, _ in rows] == list(QWEN3)
    for name, billions, cells in rows:
        found = base(name)
        assert f"{found.parameters / 1e9:.2f}" == billions
        wanted = [estimate(found, Recipe(method), 2048).total for method in ("qlora", "lora", "full")]
        wanted.append(estimate(found, Recipe("distill", rank=16, teacher=name), 2048, teacher=found).total)
        assert cells.split(" | ") == [f"{one / GIB:.1f}" for one in wanted]


def test_memory_grows_with_the_text_and_the_batch() -> None:
    found = base("Qwen3-0.6B")
    short, long = (estimate(found, Recipe("lora"), tokens).total for tokens in (1000, 2000))
    one, eight = (estimate(found, Recipe("lora", device_batch_size=size), 1000).activations for size in (1, 8))
    assert short < long
    assert eight == 8 * one
    assert estimate(found, Recipe("lora"), 1000, gpu=False).weights == 4.0 * found.parameters
