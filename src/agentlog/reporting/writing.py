"""`report`: the figures of a dataset as one page."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Final

from agentlog.dataset import Dataset, open_dataset
from agentlog.errors import ConfigurationError
from agentlog.reporting.figures import gather
from agentlog.reporting.measured import as_json
from agentlog.reporting.page import page
from agentlog.reporting.sentence import sentence
from agentlog.tasks.study import DEFAULT

_HEIGHT: Final = 760
"""Pixels of the frame in a notebook."""


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """What an agent costs and what small models can take over. `report` makes it; in a notebook it shows the page."""

    sentence: str
    """All in one sentence or two."""
    figures: dict[str, Any] = field(compare=False)
    """Every figure of the page, as JSON values; one that is not measurable is `{"not_measurable": why, "do": what to do}`."""
    html: str = field(compare=False)
    """The page: one document, without scripts, that fetches nothing."""
    path: Path | None = None
    """Where it was written; None: it was not."""

    def __repr__(self) -> str:
        where = f"\n  written to {self.path}" if self.path is not None else ""
        return f"{self.sentence.replace('**', '').replace('`', '')}{where}"

    def _repr_html_(self) -> str:
        # a frame of its own: the notebook's styles and the page's do not meet, and nothing in it can run; without the base
        # its links would lead to the notebook
        framed = self.html.replace("<head>", '<head><base href="about:srcdoc">', 1)
        return (
            f'<iframe srcdoc="{escape(framed, quote=True)}" sandbox title="agentlog report" '
            f'style="width:100%;height:{_HEIGHT}px;border:0;border-radius:6px"></iframe>'
        )

    def to_dict(self) -> dict[str, Any]:
        """The sentence and every figure, as JSON values."""
        return {"sentence": repr(self).split("\n")[0], **self.figures}


def report(
    dataset: Dataset | str | Path,
    path: str | Path | None = None,
    *,
    study: str = DEFAULT,
    examples: bool = False,
    overwrite: bool = False,
) -> Report:
    """What an agent costs, which of its tasks small models can take over, with what evidence, and what is missing.

    The page holds counts, task names and the lines that a task's prompts share, all redacted, and no content of any call
    unless `examples` is true. The dataset is read and never changed.

    Args:
        dataset: an opened dataset, or its folder.
        path: the HTML file to write; None: none is written, the page is in `Report.html`.
        study: the study whose tasks, models, evaluations and routes are reported.
        examples: also one redacted call of each task.
        overwrite: replace a file that is there.

    Raises:
        DatasetError: the folder is no dataset, or the saved tasks are damaged.
        ConfigurationError: the file exists, cannot be written or would lie in the dataset; or the study's name is none.

    Example:
        >>> import agentlog
        >>> agentlog.report("agentlog-records", "report.html")  # doctest: +SKIP
        300 model calls in 61 runs cost $0.016 in 12 seconds. …
          written to report.html
    """
    opened = dataset if isinstance(dataset, Dataset) else open_dataset(dataset)
    place = None if path is None else Path(path)
    if place is not None:
        _check(place, opened.path, overwrite=overwrite)
    figures = gather(opened, study, examples=examples)
    html = page(figures)
    if place is not None:
        _write(place, html)
    return Report(sentence=sentence(figures), figures=as_json(figures), html=html, path=place)


def _check(place: Path, dataset: Path, *, overwrite: bool) -> None:
    """Say no before any work is done."""
    if place.is_dir():
        raise ConfigurationError(f"{place} is a folder: name a file in it, like {place / 'report.html'}")
    if place.exists() and not overwrite:
        raise ConfigurationError(
            f"{place} exists, and a report never overwrites: give another file, or overwrite=True (--overwrite)"
        )
    if place.resolve().is_relative_to(dataset.resolve()):
        raise ConfigurationError(f"{place} lies in the dataset {dataset}: give a file outside it")
    if not place.parent.is_dir():
        raise ConfigurationError(f"{place} cannot be written: there is no folder {place.parent}. Make it first")


def _write(place: Path, html: str) -> None:
    """Write a file beside its place, for its owner only, and move it there: readers see the old page or the new one."""
    beside = place.with_name(f".{place.name}.{secrets.token_hex(6)}")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        beside.write_text(html, encoding="utf-8")
        os.replace(beside, place)
    except OSError as error:
        raise ConfigurationError(
            f"{place} cannot be written ({error.strerror or type(error).__name__}): give another file"
        ) from error
    finally:
        beside.unlink(missing_ok=True)
