"""GPUs to serve on: what they hold, how fast they are, what an hour costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from agentlog.errors import ConfigurationError, UnknownName
from agentlog.selection.footprint import decode_tokens_per_s

HOURS_A_MONTH: Final = 730.0
BANDWIDTH_REACHED: Final = 0.6
COMPUTE_REACHED: Final = 0.4
"""Shares of the data sheet's figures that servers reach when they decode and when they read a prompt: assumptions, said with
every latency."""
BUSY: Final = 0.7
"""A GPU that is busy for more than this share of the time makes callers wait."""
MOST_TOGETHER: Final = 64
"""Sequences that one GPU decodes together, at most."""


@dataclass(frozen=True, slots=True)
class Device:
    """One GPU."""

    name: str
    memory_gb: float
    """10^9 bytes."""
    bandwidth_gb_s: float
    tflops: float
    """bf16, dense."""
    usd_per_hour: float | None
    source: str
    """Where specification and price can be looked up."""


DEVICES: Final[tuple[Device, ...]] = (
    Device(
        "A10G",
        24,
        600,
        70,
        1.006,
        "d1.awsstatic.com/product-marketing/ec2/NVIDIA_AWS_A10G_DataSheet_FINAL_02_17_2022.pdf (70 dense, 140 sparse); "
        "AWS g5.xlarge on demand, us-east-1, June 2026 "
        "(www.factualminds.com/blog/amazon-ec2-on-demand-pricing-instance-families-2026)",
    ),
    Device(
        "H100",
        80,
        3350,
        989,
        2.69,
        "resources.nvidia.com/en-us-tensor-core/nvidia-tensor-core-gpu-datasheet (H100 SXM; "
        "1,979 sparse, half of it dense); "
        "RunPod Community Cloud, 2026-11-09 (runpod.io/pricing, read by github.com/datareceipts/data-receipts)",
    ),
)
"""The smallest first."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a task asks of a server."""

    input_tokens: float
    output_tokens: float
    """Of a usual call."""
    peak_per_s: float | None
    """Calls a second in the busiest minute; None: not known."""
    calls_per_month: float


@dataclass(frozen=True, slots=True)
class Served:
    """A model on GPUs, by estimate."""

    device: Device
    n_devices: int
    latency_s: float
    """Of one call alone: reading the prompt and writing the answer; no network, no queue."""
    utilisation: float
    """Share of the month in which the GPUs are busy with this task."""
    usd_per_month: float | None


def devices(name: str | None, usd_per_hour: float | None) -> tuple[Device, ...]:
    """The GPUs to choose from.

    Raises:
        UnknownName: there is no such device.
        ConfigurationError: the price is no number above 0.
    """
    if usd_per_hour is not None and not (0 < usd_per_hour < math.inf):
        raise ConfigurationError(f"gpu_usd_per_hour is a number above 0; found {usd_per_hour!r}")
    known: Mapping[str, Device] = {one.name.lower(): one for one in DEVICES}
    if name is None:
        chosen = DEVICES
    elif name.lower() in known:
        chosen = (known[name.lower()],)
    else:
        raise UnknownName(f"no device {name!r}. There is: {', '.join(one.name for one in DEVICES)}")
    if usd_per_hour is None:
        return chosen
    return tuple(replace(one, usd_per_hour=usd_per_hour, source=f"{one.source}; the price is yours") for one in chosen)


def latency_s(device: Device, active_params: float, active_gb: float, kv_gb: float, load: Load) -> float:
    """Seconds of one call alone: prompt (2 x parameters x tokens operations) and answer (weights and cache, each token)."""
    prompt = 2.0 * active_params * load.input_tokens / (COMPUTE_REACHED * device.tflops * 1e12)
    speed = BANDWIDTH_REACHED * decode_tokens_per_s(device.bandwidth_gb_s, active_gb, kv_gb_per_sequence=kv_gb)
    return prompt + load.output_tokens / speed


def serve(device: Device, active_params: float, active_gb: float, kv_gb: float, memory_gb: float, load: Load) -> Served:
    """What serving that load on such devices takes.

    Args:
        device: each of the GPUs.
        active_params: weights that a token touches.
        active_gb: their size.
        kv_gb: keys and values of one call.
        memory_gb: weights and one call's cache, with the server's overhead.
        load: of the task.
    """
    room = 1 + int(max(0.0, device.memory_gb - memory_gb) * 0.9 / kv_gb) if kv_gb else MOST_TOGETHER
    together = max(1, min(MOST_TOGETHER, room))
    prompt = 2.0 * active_params * load.input_tokens / (COMPUTE_REACHED * device.tflops * 1e12)
    speed = BANDWIDTH_REACHED * decode_tokens_per_s(
        device.bandwidth_gb_s, active_gb, batch=together, kv_gb_per_sequence=kv_gb
    )
    busy_s = prompt + load.output_tokens / speed
    n = max(1, math.ceil(busy_s * (load.peak_per_s or 0.0) / BUSY))
    n = max(n, math.ceil(busy_s * load.calls_per_month / (BUSY * HOURS_A_MONTH * 3600)))
    return Served(
        device,
        n,
        latency_s(device, active_params, active_gb, kv_gb, load),
        min(1.0, busy_s * load.calls_per_month / (n * HOURS_A_MONTH * 3600)),
        None if device.usd_per_hour is None else n * HOURS_A_MONTH * device.usd_per_hour,
    )
