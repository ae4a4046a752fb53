"""Memory and speed of a language model, by formula.

    weights    parameters x bits per weight / 8; for GGUF the bits are counted tensor by tensor, as llama.cpp chooses them
    KV cache   2 x attention layers x KV heads x head size x bytes x tokens, for each sequence served at once
    total      (weights + KV cache) / 0.9: what the server needs beside them (vLLM's gpu_memory_utilization)
    decoding   at most bandwidth / (weights + KV cache read for each token)

Checked in tests/selection against published file sizes and a log of vLLM.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from agentlog.errors import UnknownName

_OVERHEAD: Final = 0.9
_BLOCK: Final = 256  # llama.cpp's K-quants need rows of whole blocks of so many weights

FORMATS: Final = ("bf16", "fp8", "int8", "Q8_0", "Q4_K_M", "Q4_0", "Q2_K")
"""How weights can be stored: as published, in 8 bits, or as a GGUF file of that kind."""

_FLAT: Final = {"bf16": 16.0, "fp8": 8.0, "int8": 8.0, "Q8_0": 8.5}
_BITS: Final = {"Q2_K": 2.625, "Q3_K": 3.4375, "Q4_0": 4.5, "Q4_K": 4.5, "Q5_0": 5.5, "Q6_K": 6.5625, "Q8_0": 8.5}
_FALLBACK: Final = {"Q2_K": "Q4_0", "Q3_K": "Q4_0", "Q4_K": "Q5_0", "Q6_K": "Q8_0"}
"""What llama.cpp takes for a tensor whose rows are no whole blocks: small models have many of those."""
_BY_SIZE: Final = {"Q4_K_M": (4.85, 0.34), "Q4_0": (4.6, 0.05), "Q2_K": (3.15, 0.45)}
"""Bits per weight where the shape is unknown: a + b / billions of parameters, at most as for 0.3 billion."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What memory is computed from. 0 where it is not known."""

    layers: int
    kv_heads: int
    head_dim: int
    attention_layers: int = 0
    """Layers that keep keys and values of every token; 0: all of them."""
    heads: int = 0
    hidden: int = 0
    ffn: int = 0
    vocab: int = 0
    upper_bound: bool = False
    """Some layers keep less, and how many is not known: the KV cache is at most what is computed."""


def bits_per_weight(format: str, params: float, shape: Shape | None = None) -> float:
    """Bits that one weight takes on average.

    Args:
        format: one of `FORMATS`.
        params: weights of the checkpoint, embeddings included.
        shape: where it explains `params` (a plain transformer), the tensors are counted one by one, as llama.cpp's
            `llama_tensor_get_type` mixes their types (within 1 %); else it is estimated from the size: within 5 % from 1 B
            on, up to a quarter too little below where rows are no whole blocks.

    Raises:
        UnknownName: there is no such format.

    Example:
        >>> round(bits_per_weight("Q4_K_M", 8.19e9), 2)
        4.89
    """
    if format in _FLAT:
        return _FLAT[format]
    if format not in _BY_SIZE:
        raise UnknownName(f"no weight format {format!r}. There is: {', '.join(FORMATS)}")
    tied = _tied(params, shape)
    if shape is None or tied is None:
        a, b = _BY_SIZE[format]
        return a + b / max(0.3, params / 1e9)
    return _counted(format, shape, tied)


def weights_gb(params: float, format: str = "bf16", shape: Shape | None = None) -> float:
    """Size of the weights, in 10^9 bytes."""
    return params * bits_per_weight(format, params, shape) / 8 / 1e9


def kv_bytes_per_token(shape: Shape, bytes_per_value: float = 2.0) -> float:
    """What the keys and values of one token take, in bytes. 2 bytes a value is bf16.

    Example:
        >>> kv_bytes_per_token(Shape(layers=28, kv_heads=8, head_dim=128)) / 1024  # Qwen3-0.6B: KiB
        112.0
    """
    layers = shape.attention_layers or shape.layers
    return 2.0 * layers * shape.kv_heads * shape.head_dim * bytes_per_value


def memory_gb(
    params: float,
    shape: Shape | None,
    *,
    tokens: float,
    concurrency: int = 1,
    format: str = "bf16",
) -> float:
    """Memory to serve a model, in 10^9 bytes: (weights + KV cache of `concurrency` sequences of `tokens`) / 0.9.

    Without a shape the KV cache is left out.
    """
    cache = 0.0 if shape is None else kv_bytes_per_token(shape) * tokens * concurrency / 1e9
    return (weights_gb(params, format, shape) + cache) / _OVERHEAD


def decode_tokens_per_s(
    bandwidth_gb_s: float, weights: float, *, batch: int = 1, kv_gb_per_sequence: float = 0.0
) -> float:
    """The most tokens a second that memory allows, all sequences together: every step reads the weights once.

    Args:
        bandwidth_gb_s: of the device, in 10^9 bytes a second.
        weights: that are read for each token, in 10^9 bytes (the active ones of a mixture of experts).
        batch: sequences decoded together.
        kv_gb_per_sequence: keys and values of one sequence, in 10^9 bytes.
    """
    return bandwidth_gb_s * batch / (weights + batch * kv_gb_per_sequence)


def _tied(params: float, shape: Shape | None) -> bool | None:
    """Whether input and output share one embedding; None where the shape is no plain transformer of that size."""
    if shape is None or not (shape.heads and shape.hidden and shape.ffn and shape.vocab):
        return None
    table = shape.vocab * shape.hidden
    body = sum(count for _, count, _ in _layer(shape)) * shape.layers
    for embeddings in (1, 2):
        if abs(body + embeddings * table - params) <= 0.01 * params:
            return embeddings == 1
    return None


def _layer(shape: Shape) -> list[tuple[str, int, int]]:
    """(tensor, weights, length of its rows) of one layer of a transformer with a gated feed-forward."""
    query, values = shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim
    return [
        ("query", shape.hidden * query, shape.hidden),
        ("key", shape.hidden * values, shape.hidden),
        ("value", shape.hidden * values, shape.hidden),
        ("output", query * shape.hidden, query),
        ("gate", shape.hidden * shape.ffn, shape.hidden),
        ("up", shape.hidden * shape.ffn, shape.hidden),
        ("down", shape.ffn * shape.hidden, shape.ffn),
    ]


def _counted(format: str, shape: Shape, tied: bool) -> float:
    """Bits per weight, tensor by tensor."""
    base = {"Q4_K_M": "Q4_K", "Q4_0": "Q4_0", "Q2_K": "Q2_K"}[format]
    table = shape.vocab * shape.hidden
    bits = table * _bits("Q6_K", shape.hidden)  # the output projection; a tied table is one
    total = table
    if not tied:
        bits += table * _bits(base, shape.hidden)
        total += table
    for number in range(shape.layers):
        for tensor, count, row in _layer(shape):
            bits += count * _bits(_kind(format, base, tensor, number, shape), row)
            total += count
    return bits / total


def _kind(format: str, base: str, tensor: str, number: int, shape: Shape) -> str:
    if format == "Q4_K_M" and tensor in ("value", "down"):
        eighth = shape.layers // 8
        more = number < eighth or number >= 7 * shape.layers // 8 or (number - eighth) % 3 == 2
        return "Q6_K" if more else base
    if format == "Q2_K" and tensor in ("value", "output", "down"):
        return "Q4_K" if tensor == "value" and shape.heads >= 4 * shape.kv_heads else "Q3_K"
    return base


def _bits(kind: str, row: int) -> float:
    return _BITS[_FALLBACK[kind] if kind in _FALLBACK and row % _BLOCK else kind]
