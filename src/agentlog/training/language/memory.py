"""How much memory and time a training takes, known before anything is loaded.

weights      base model: 4 bytes a parameter where all are trained (float32 beside bfloat16 arithmetic) or without GPU;
             2 under an adapter; 4-bit weights 0.52 with their scales, embeddings and output layer staying at 2
training     16 bytes for each trained parameter: itself, its gradient, Adam's two moments, in float32
             (8 of them are already in the weights where all are trained)
activations  with gradient checkpointing one input for each layer and one layer's inside; the loss is computed in
             chunks, so that the logits of a whole text are never held
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from agentlog.errors import ConfigurationError
from agentlog.training.language.base import Base
from agentlog.training.language.libraries import library
from agentlog.training.language.recipe import Recipe

GIB: Final = 2**30
_INSIDE: Final = 34
"""Values for each token and hidden unit that one transformer layer keeps for its backward pass (Korthikanti et al. 2022, §4.1)."""
_CONTEXT: Final = 1.0 * GIB
"""What the libraries hold on a GPU before the first weight."""
_FLOPS_PER_CORE: Final = 2e10
"""float32 arithmetic that a core sustains in such a training."""
_PATIENCE_H: Final = 24.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes that a training holds at its peak."""

    weights: float
    training: float
    activations: float
    overhead: float
    trained: int
    """Parameters that are trained."""

    @property
    def total(self) -> float:
        """All of them together."""
        return self.weights + self.training + self.activations + self.overhead


def estimate(base: Base, recipe: Recipe, tokens: int, *, gpu: bool = True, teacher: Base | None = None) -> Estimate:
    """What a training takes.

    Args:
        base: the model.
        recipe: with its numbers filled in.
        tokens: of the longest example.
        gpu: on a GPU; else everything is float32.
        teacher: a self-hosted teacher beside it.
    """
    filled = recipe.filled(base.parameters)
    wide = 2 if gpu else 4
    held = (filled.device_batch_size or 1) * tokens * base.hidden
    if filled.adapter:
        rank = filled.rank or 0
        trained = rank * base.widths
        if filled.method == "dora":
            trained += base.widths // 2  # a magnitude for each output
        rest = base.parameters - base.linear
        weights = 0.516 * base.linear + 2 * rest if filled.method == "qlora" else wide * float(base.parameters)
        training = 16.0 * trained
    else:
        trained, weights, training = base.parameters, 4.0 * base.parameters, 12.0 * base.parameters
    if teacher is not None:
        weights += wide * float(teacher.parameters)
    # without GPU gradients are not checkpointed: it saves memory where there is plenty, and costs a third of the time
    activations = float(wide * held * (base.layers + _INSIDE) if gpu else wide * held * base.layers * _INSIDE / 2)
    return Estimate(weights, training, activations, _CONTEXT if gpu else 0.0, trained)


def device_of(recipe: Recipe) -> str:
    """Where it is trained, "cuda" or "cpu".

    Raises:
        ConfigurationError: the recipe demands what is not there.
    """
    there = bool(library("torch").cuda.is_available())
    if recipe.device == "cuda" and not there:
        raise ConfigurationError("device='cuda', and torch sees no GPU: take device='cpu' or a machine with a GPU")
    if recipe.method == "qlora":
        if not there or recipe.device == "cpu":
            raise ConfigurationError(
                "qlora keeps the weights in 4 bits, which takes a CUDA GPU, and torch sees none: "
                "take method='lora', or a machine with a GPU"
            )
        try:
            library("bitsandbytes")
        except ImportError:
            raise ConfigurationError("qlora needs bitsandbytes: pip install bitsandbytes") from None
    return "cuda" if there and recipe.device != "cpu" else "cpu"


def free(device: str) -> float:
    """Bytes that are free on the device."""
    if device == "cuda":
        return float(library("torch").cuda.mem_get_info()[0])
    return float(library("psutil").virtual_memory().available)


def check(
    base: Base, recipe: Recipe, tokens: int, all_tokens: int, device: str, *, teacher: Base | None = None
) -> Estimate:
    """Say no before anything is loaded.

    Args:
        base: the model.
        recipe: how.
        tokens: of the longest example.
        all_tokens: of all examples.
        device: "cuda" or "cpu".
        teacher: a self-hosted teacher.

    Raises:
        ConfigurationError: it does not fit into the memory that is free, or takes more than a day without a GPU.
    """
    found = estimate(base, recipe, tokens, gpu=device == "cuda", teacher=teacher)
    there = free(device)
    where = "this GPU" if device == "cuda" else "this machine (no GPU)"
    if found.total > there:
        raise ConfigurationError(
            f"{recipe.method} on {base.name} ({_billions(base.parameters)} parameters) takes about "
            f"{found.total / GIB:.1f} GiB (weights {found.weights / GIB:.1f}, training {found.training / GIB:.1f}, "
            f"activations {found.activations / GIB:.1f}), and {there / GIB:.1f} GiB are free on {where}. "
            f"Nothing was loaded. {_advice(base, recipe, tokens, there, device)}"
        )
    hours = _hours(base, recipe, all_tokens)
    if device == "cpu" and recipe.device != "cpu" and hours > _PATIENCE_H:
        on_gpu = estimate(base, recipe, tokens, gpu=True, teacher=teacher).total / GIB
        raise ConfigurationError(
            f"{recipe.method} on {base.name} ({_billions(base.parameters)} parameters) takes about {hours:,.0f} hours "
            f"without a GPU. Nothing was loaded. A GPU with {on_gpu:.0f} GiB does; a smaller model is quicker; "
            "device='cpu' does it here nevertheless"
        )
    return found


def _advice(base: Base, recipe: Recipe, tokens: int, there: float, device: str) -> str:
    if recipe.method == "distill":
        return "A smaller model or teacher takes less; with rank=16 only an adapter is trained"
    ways = [method for method in ("lora", "qlora") if method != recipe.method]
    needs = {method: _other(base, method, tokens, device) for method in ways if device == "cuda" or method != "qlora"}
    fitting = [f"method={method!r} takes {need / GIB:.1f} GiB" for method, need in needs.items() if need <= there]
    if fitting:
        return f"Here fits: {'; '.join(fitting)}"
    on_gpu = ", ".join(f"{method} {_other(base, method, tokens, 'cuda') / GIB:.0f} GiB" for method in ("lora", "qlora"))
    return f"Take a smaller model, or a machine with a GPU ({on_gpu})"


def _other(base: Base, method: str, tokens: int, device: str) -> float:
    return estimate(base, Recipe(method, device_batch_size=1), tokens, gpu=device == "cuda").total


def _hours(base: Base, recipe: Recipe, all_tokens: int) -> float:
    # forward 2, backward 4 a parameter and token; under an adapter the weights' own gradients are not computed
    flops = (4 if recipe.adapter else 6) * float(base.parameters) * all_tokens
    if recipe.max_steps is None:
        flops *= recipe.epochs
    cores: int = library("torch").get_num_threads()
    return flops / (_FLOPS_PER_CORE * cores) / 3600


def _billions(parameters: int) -> str:
    return f"{parameters / 1e9:.2f} B" if parameters >= 1e8 else f"{parameters / 1e6:.1f} M"
