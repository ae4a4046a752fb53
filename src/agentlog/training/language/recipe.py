"""How a language model is trained: every number that matters, with defaults by the size of the model."""

from __future__ import annotations

import difflib
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from agentlog.errors import ConfigurationError, UnknownName

METHODS: Final = ("lora", "qlora", "dora", "full", "distill")
DEVICES: Final = ("auto", "cpu", "cuda")

LEAST: Final = 20
"""Fewer examples are refused: a language model learns their words by heart and nothing else."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What can be chosen. None: decided by the size of the model (`filled`)."""

    method: str
    """"lora", "dora" (LoRA with magnitudes), "qlora" (LoRA on 4-bit weights, CUDA only), "full" (all weights), or "distill"."""
    epochs: float = 3.0
    max_steps: int | None = None
    """Steps of the optimizer in place of epochs."""
    learning_rate: float | None = None
    batch_size: int = 16
    """Examples for each step of the optimizer."""
    device_batch_size: int | None = None
    """Examples held in memory at once; the rest of a batch is accumulated."""
    rank: int | None = None
    """Of the adapter: r in LoRA. None: 16 up to 4 B parameters, 32 above. `distill`: None trains all weights."""
    alpha: int | None = None
    """Its scale; None: twice the rank."""
    dropout: float = 0.0
    weight_decay: float = 0.0
    warmup: float = 0.05
    """The share of the steps in which the learning rate rises."""
    max_length: int | None = None
    """In tokens. None: as long as the longest example. Examples are never cut: longer ones are refused."""
    save_steps: int | None = None
    """A checkpoint every so many steps; None: ten in all. A run that was stopped goes on from the last one."""
    test_share: float = 0.1
    """The share of runs that is left for evaluation."""
    calibrate: bool = False
    """Leave the later calls out, ask the trained model for them, and keep a threshold where they prove one. It takes a
    fifth of the calls, more of few, and an answer of the model for each."""
    device: str = "auto"
    """"auto", "cpu" or "cuda". "cpu" also says that you know how long it takes."""
    teacher: str | None = None
    """For `distill`: a self-hosted model (path or hub id) with the same tokenizer; None: the logged answers are the teacher."""
    beta: float = 1.0
    """For `distill` with a teacher: 0 is forward, 1 reverse Kullback-Leibler divergence."""
    accept_licence: bool = False
    """Train although the base model's licence forbids commercial use."""
    trust_remote_code: bool = False
    """Run Python code that comes with the base model."""

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise UnknownName(f"no method answers to {self.method!r}. There is: {', '.join(METHODS)}")
        if self.device not in DEVICES:
            raise ConfigurationError(f"device= is one of {', '.join(DEVICES)}; found {self.device!r}")
        if self.teacher is not None and self.method != "distill":
            raise ConfigurationError(f"teacher= goes with method='distill'; found method={self.method!r}")
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if value is not None and not value >= least:
                raise ConfigurationError(f"{name}= is {least} or more; found {value!r}")
        if not 0 <= self.test_share < 1:
            raise ConfigurationError(f"test_share= is a share from 0 to less than 1; found {self.test_share!r}")

    @property
    def adapter(self) -> bool:
        """Whether an adapter is trained, and the base model stays as it is."""
        return self.method in ("lora", "qlora", "dora") or (self.method == "distill" and self.rank is not None)

    def filled(self, parameters: int) -> Recipe:
        """The recipe with every number, for a model of that many parameters."""
        rank = self.rank if self.rank is not None else (16 if parameters <= 4e9 else 32)
        return replace(
            self,
            learning_rate=self.learning_rate if self.learning_rate is not None else self._rate(parameters),
            rank=rank if self.adapter else None,
            alpha=(self.alpha if self.alpha is not None else 2 * rank) if self.adapter else None,
            device_batch_size=min(self.device_batch_size or (8 if parameters <= 1e9 else 2), self.batch_size),
        )

    def _rate(self, parameters: int) -> float:
        if self.method == "distill" and self.teacher is not None:
            return 1e-5 if self.adapter else 1e-6  # on-policy: the data move with the model
        if parameters < 5e7:
            return 2e-3 if self.adapter else 1e-3
        if self.adapter:
            return 2e-4 if parameters <= 4e9 else 1e-4
        return 5e-5 if parameters <= 1e9 else 1e-5

    def to_dict(self) -> dict[str, Any]:
        """The recipe as JSON values."""
        return asdict(self)


_LEAST: Final = {
    "epochs": 0.01,
    "max_steps": 1,
    "learning_rate": 0.0,
    "batch_size": 1,
    "device_batch_size": 1,
    "rank": 1,
    "alpha": 1,
    "dropout": 0.0,
    "weight_decay": 0.0,
    "warmup": 0.0,
    "max_length": 8,
    "save_steps": 1,
    "beta": 0.0,
}


def recipe(method: str, given: dict[str, Any]) -> Recipe:
    """The recipe of the given keywords.

    Raises:
        UnknownName: there is no such method.
        ConfigurationError: a keyword is unknown, or its value cannot be used.
    """
    names = [one.name for one in fields(Recipe) if one.name != "method"]
    for name in given:
        if name not in names:
            close = difflib.get_close_matches(name, names, n=3, cutoff=0.5) or names
            raise ConfigurationError(f"no part of a recipe is called {name!r}. There is: {', '.join(close)}")
    try:
        return Recipe(method, **given)
    except TypeError:
        raise ConfigurationError(f"a number of the recipe is no number: {sorted(given)}") from None
