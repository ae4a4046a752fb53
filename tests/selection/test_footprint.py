from __future__ import annotations

import pytest

from agentlog.errors import UnknownName
from agentlog.selection import Catalogue
from agentlog.selection.footprint import (
    FORMATS,
    Shape,
    bits_per_weight,
    decode_tokens_per_s,
    kv_bytes_per_token,
    memory_gb,
    weights_gb,
)

# published GGUF listings: deepseek-llm-7b, deepseek-coder-1.3b, SmolLM2-360M
B7 = Shape(30, 32, 128, heads=32, hidden=4096, ffn=11008, vocab=102400), 6.91e9
B1 = Shape(24, 16, 128, heads=16, hidden=2048, ffn=5504, vocab=32256), 1.3465e9
B03 = Shape(32, 5, 64, heads=15, hidden=960, ffn=2560, vocab=49152), 361_822_080
PUBLISHED = [
    (B7, "Q4_K_M", 4.89), (B1, "Q4_K_M", 5.19), (B03, "Q4_K_M", 5.99),
    (B7, "Q2_K", 3.15), (B1, "Q2_K", 3.33), (B03, "Q2_K", 4.84),
    (B7, "Q4_0", 4.63), (B1, "Q4_0", 4.61),
    (B7, "Q8_0", 8.50), (B1, "Q8_0", 8.50), (B03, "Q8_0", 8.50), (B7, "bf16", 15.98),
]  # fmt: skip


@pytest.mark.parametrize(("model", "format", "published"), PUBLISHED)
def test_bits_per_weight_are_within_one_and_a_half_per_cent_of_published_file_sizes(model, format, published):
    shape, params = model
    assert bits_per_weight(format, params, shape) == pytest.approx(published, rel=0.015)


@pytest.mark.parametrize(("model", "format", "published"), PUBLISHED)
def test_without_a_shape_they_are_within_ten_per_cent_of_them(model, format, published):
    assert bits_per_weight(format, model[1]) == pytest.approx(published, rel=0.10)


@pytest.mark.parametrize(
    ("name", "kib"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", 128), ("meta-llama/Llama-3.2-3B-Instruct", 112),
        ("meta-llama/Llama-3.2-1B-Instruct", 32), ("Qwen/Qwen2.5-7B-Instruct", 56), ("Qwen/Qwen3-0.6B", 112),
        ("Qwen/Qwen3-4B", 144), ("HuggingFaceTB/SmolLM2-1.7B-Instruct", 192), ("HuggingFaceTB/SmolLM3-3B", 72),
        ("microsoft/Phi-4-mini-instruct", 128), ("nvidia/NVIDIA-Nemotron-Nano-9B-v2", 16), ("LiquidAI/LFM2-1.2B", 12),
    ],
)  # fmt: skip
def test_the_cache_of_a_token_is_what_is_known_of_each_model(name, kib):
    assert kv_bytes_per_token(Catalogue.load()[name].shape) == kib * 1024


def test_the_cache_is_within_two_per_cent_of_a_log_of_vllm():
    """Qwen3-235B-A22B on four GPUs, 8.11 GiB of cache each: vLLM logs 178,880 tokens (vllm issue 21348)."""
    shape = Shape(layers=94, kv_heads=4, head_dim=128)
    tokens = 4 * 8.11 * 2**30 / kv_bytes_per_token(shape)
    assert tokens == pytest.approx(178_880, rel=0.02)


def test_the_weights_of_a_served_4b_are_within_five_per_cent_of_what_was_reported():
    entry = Catalogue.load()["Qwen/Qwen3-4B-Instruct-2507"]
    assert weights_gb(entry.params) * 1e9 / 2**30 == pytest.approx(7.6, rel=0.05)


def test_memory_grows_with_tokens_and_with_concurrency():
    shape = Shape(layers=36, kv_heads=8, head_dim=128)
    alone = memory_gb(4e9, shape, tokens=1000)
    assert alone == pytest.approx((8.0 + 147_456 * 1000 / 1e9) / 0.9)
    assert memory_gb(4e9, shape, tokens=1000, concurrency=10) - alone == pytest.approx(9 * 147_456_000 / 1e9 / 0.9)
    assert memory_gb(4e9, None, tokens=1000) == pytest.approx(8.0 / 0.9)


def test_decoding_is_bounded_by_bandwidth():
    assert decode_tokens_per_s(4800, 16.06) == pytest.approx(300, rel=0.01)  # an 8 B on an H200
    assert decode_tokens_per_s(8.5, 134.5e6 * 4 / 1e9) == pytest.approx(15.8, rel=0.01)  # measured on one CPU core
    together = decode_tokens_per_s(4800, 16.06, batch=8, kv_gb_per_sequence=0.5)
    assert 300 < together < 8 * 300


def test_a_shape_that_does_not_explain_the_parameters_is_not_used():
    hybrid = Shape(56, 8, 128, attention_layers=4, heads=40, hidden=4480, ffn=15680, vocab=131072)
    assert bits_per_weight("Q4_K_M", 8.9e9, hybrid) == bits_per_weight("Q4_K_M", 8.9e9)


def test_an_unknown_format_names_those_there_are():
    with pytest.raises(UnknownName, match="Q4_K_M"):
        bits_per_weight("Q5_K_XL", 1e9)
    assert all(bits_per_weight(one, 1e9) >= 2 for one in FORMATS)
