"""What `agentlog.train` gives back."""

from __future__ import annotations

from dataclasses import dataclass, fields
from html import escape
from pathlib import Path
from typing import Any

from agentlog.models import Model, load


@dataclass(frozen=True, slots=True, repr=False)
class Trained:
    """A model in its folder, and how it did on calls later than those that it learned."""

    path: Path
    """`agentlog.models.load(path)` opens it."""
    task_id: str
    task_name: str
    kind: str
    """"head", "tagger" or "adapter"."""
    n_train: int
    """Calls that were learned."""
    n_calibration: int
    """Later calls that were only looked at."""
    threshold: float | None
    """Scores from here on may be trusted; None: none."""
    coverage: float | None
    """Share of the calibration calls at the threshold or above and not novel, 0 to 1; None: not measured."""
    agreement: float | None
    """Share of those that were answered as the LLM did; None: there were none, or it was not measured."""
    interval: tuple[float, float] | None
    """Clopper-Pearson interval of the agreement, each side at 10 %."""
    target: float
    """The agreement that the threshold promises."""
    seconds: float
    """How long the training took."""
    note: str = ""
    """The last sentence, where the figures do not say it."""

    def model(self) -> Model:
        """The model, ready to predict.

        Raises:
            ConfigurationError: it is a language model: start the server that `README.md` names, and load its address.
        """
        return load(self.path)

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON values."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return found | {"path": str(self.path), "interval": None if self.interval is None else list(self.interval)}

    @property
    def sentence(self) -> str:
        """What the figures mean."""
        if self.note:
            return self.note
        if self.threshold is None:
            return (
                f"No score reaches {self.target:.0%} agreement on {self.n_calibration:,} later calls: it is not to be trusted "
                "yet. Record more calls, give a lower target, or try a bigger model."
            )
        low, high = self.interval or (0.0, 1.0)
        return (
            f"It can take {self.coverage or 0:.1%} of the calls: there it agrees with the LLM in {self.agreement or 0:.2%} "
            f"({low:.2%} to {high:.2%}) of {round((self.coverage or 0) * self.n_calibration):,} later calls. "
            "evaluate() says it again on calls that nobody has seen."
        )

    def _rows(self) -> list[tuple[str, str]]:
        return [
            ("task", self.task_name),
            ("learned from", f"{self.n_train:,} calls"),
            ("calibrated on", f"{self.n_calibration:,} later calls"),
            ("threshold", "none" if self.threshold is None else f"{self.threshold:.3f}"),
            ("accepted", "not measured" if self.coverage is None else f"{self.coverage:.1%}"),
            ("seconds", f"{self.seconds:.1f}"),
            ("folder", str(self.path)),
        ]

    def __repr__(self) -> str:
        rows = self._rows()
        width = max(len(name) for name, _ in rows)
        return "\n".join(
            [
                f"{self.kind} for {self.task_name}",
                *(f"  {name:<{width}}  {value}" for name, value in rows),
                self.sentence,
            ]
        )

    def _repr_html_(self) -> str:
        cell = "padding:.25em .8em;text-align:left;border-bottom:1px solid color-mix(in srgb, currentColor 15%, transparent)"
        body = "".join(
            f'<tr><td style="{cell};opacity:.7">{escape(name)}</td><td style="{cell}">{escape(value)}</td></tr>'
            for name, value in self._rows()
        )
        return (
            f'<div style="font-family:system-ui,sans-serif;font-size:13px"><div style="margin:.3em 0 .6em">'
            f"{escape(f'{self.kind} for {self.task_name}')}</div>"
            f'<table style="border-collapse:collapse;font-variant-numeric:tabular-nums"><tbody>{body}</tbody></table>'
            f'<div style="margin:.6em 0">{escape(self.sentence)}</div></div>'
        )
