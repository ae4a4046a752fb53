"""An adapter becomes part of its base model, and it is looked whether the merged model says the same."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any, Final

from agentlog.errors import AgentlogError
from agentlog.training.language.base import Base, quiet
from agentlog.training.language.learning import calm, stop_at, weights
from agentlog.training.language.lesson import Tokens
from agentlog.training.language.libraries import library
from agentlog.training.language.recipe import Recipe

_TOLERANCE: Final = {"float32": 1e-3, "bfloat16": 0.5, "float16": 0.1}
"""How far a logit may move by rounding: some units in the last place at the size of logits, 10 to 40."""
_TOKENS: Final = 512


def merge(base: Base, recipe: Recipe, directory: Path, found: Tokens, *, device: str) -> float:
    """Write `merged/`, the whole model as a server loads it, in the precision of the base model.

    Args:
        base: the model that was trained.
        recipe: how it was trained; with an adapter `adapter/` is merged, else `merged/` is there in float32.
        directory: the model's folder.
        found: the rows as tokens; the longest one is compared.
        device: "cuda" or "cpu".

    Returns:
        The largest difference of a logit between the model that was trained and `merged/` as it is read again.

    Raises:
        AgentlogError: they do not say the same.
    """
    torch = library("torch")
    merged = directory / "merged"
    stored = base.dtype if base.dtype in _TOLERANCE else "float32"
    ids = max(found.input_ids, key=len)[:_TOKENS]
    if recipe.adapter:
        # the adapter is added in float32 where that costs nothing: one rounding instead of two
        whole = _read(base.name, "float32" if device == "cpu" else stored, recipe, device)
        with calm():
            model = library("peft").PeftModel.from_pretrained(whole, str(directory / "adapter"))
        before = _logits(model, ids)
        model = model.merge_and_unload()
        stop_at(model, found.ends)
    else:
        model = _read(str(merged), "float32", recipe, device)
        before = _logits(model, ids)
    if recipe.adapter or stored != "float32":
        with quiet():
            model.to(getattr(torch, stored)).save_pretrained(str(merged))
            base.tokenizer.save_pretrained(str(merged))
    del model
    gc.collect()
    difference = float((before - _logits(_read(str(merged), stored, recipe, device), ids)).abs().max())
    if not difference <= _TOLERANCE[stored]:
        raise AgentlogError(
            f"the merged model does not say what was trained: a logit differs by {difference:.3g}, and {stored} explains "
            f"{_TOLERANCE[stored]}. "
            + ("The adapter in adapter/ is whole: serve that one" if recipe.adapter else "Try again")
        )
    return difference


def _read(name: str, dtype: str, recipe: Recipe, device: str) -> Any:
    place = {"device_map": {"": 0}} if device == "cuda" else {}
    return weights(name, dtype=getattr(library("torch"), dtype), trust_remote_code=recipe.trust_remote_code, **place)


def _logits(model: Any, ids: list[int]) -> Any:
    torch = library("torch")
    model.eval()
    with torch.no_grad():
        return model(torch.tensor([ids], device=model.device)).logits.float().cpu()
