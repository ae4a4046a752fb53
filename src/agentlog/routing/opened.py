"""A route whose model is in memory: asks it, and says in one word why its answer cannot be given."""

from __future__ import annotations

import json
import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agentlog import models
from agentlog.errors import AgentlogError, ConfigurationError, DatasetError, MissingExtra
from agentlog.models import Model
from agentlog.models.asking import Redacted
from agentlog.redaction import Unrestorable
from agentlog.routing.table import Route
from agentlog.tasks.reading import Answer

_log = logging.getLogger(__name__)

_PATIENCE_S: Final = 5.0
"""How long a served call waits for an endpoint before the LLM is asked instead."""
_FAILURES: Final = 3
_REST_S: Final = 30.0
"""An endpoint that failed so often in a row is left alone for so long: nobody waits for it meanwhile."""

ACCEPTED: Final = "accepted"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a model said to one row, and whether it may be given to the application."""

    code: str
    """`ACCEPTED`, or in one word why not: "novel", "unsure", "invalid", "placeholder", "no answer", "failed"."""
    detail: str = ""
    """More about it; no words of the call."""
    score: float | None = None
    answer: Answer | None = None
    """In the application's own words; None: there is none, or it cannot be filled back."""

    @property
    def accepted(self) -> bool:
        """Whether it may be given."""
        return self.code == ACCEPTED

    @property
    def reason(self) -> str:
        """For `Decision.reason`."""
        return f"{self.code}: {self.detail}" if self.detail else self.code


class Opened:
    """A task's route and its model.

    Args:
        task_id: whose route it is.
        route: as it stands in the table.
        folder: that of routing.json.
        redaction: the policy that rows are redacted with.
    """

    def __init__(self, task_id: str, route: Route, folder: Path, redaction: str, model: Model | None = None) -> None:
        self.task_id = task_id
        self.route = route
        self.model = model
        self.problem = ""
        """Why the model cannot be asked."""
        self.dead = False
        """Taken back: not even a run that it began may go on with it."""
        self._failures = 0
        self._resting_until = 0.0
        if model is None:
            try:
                self.model = open_model(route.model, folder, task_id, redaction)
                if self.model.version != route.version:
                    self.model = None
                    self.problem = "the model is another one than was put here: put it again"
            except (AgentlogError, OSError) as error:
                self.problem = f"the model cannot be opened ({type(error).__name__})"
                _log.warning("the model of task %r cannot be opened, the LLM answers: %s", route.task, error)

    @property
    def remote(self) -> bool:
        """Whether asking takes a request over the network."""
        return self.model is not None and self.model.remote

    def judge(self, redacted: Redacted) -> Judged:
        """The model's answer to a row, and whether it may be given. Never raises."""
        model = self.model
        if model is None:
            return Judged("failed", self.problem)
        if self._resting_until and time.monotonic() < self._resting_until:
            return Judged("failed", "the endpoint is left alone after failures")
        try:
            said = model.predict(redacted.row)
        except Exception as error:  # noqa: BLE001 - whatever a model does, the LLM answers
            self._failed(error)
            return Judged("failed", type(error).__name__)
        self._failures, self._resting_until = 0, 0.0
        if said.novel:
            return Judged("novel", said.novel, said.score)
        if said.answer is None:
            return Judged("no answer", "", said.score)
        threshold = self.route.threshold
        sure = threshold is not None and said.score >= threshold
        try:
            found = models_problems(said.answer, redacted)
            answer = redacted.restore(said.answer)
        except Unrestorable as error:
            return Judged("placeholder", str(error), said.score)
        except MissingExtra:
            return Judged("invalid", "jsonschema is not installed", said.score)
        except Exception as error:  # noqa: BLE001 - an answer that nobody can check is none
            return Judged("invalid", type(error).__name__, said.score)
        if not sure:
            return Judged("unsure", "", said.score, answer)
        if found:
            return Judged("invalid", found[0], said.score, answer)
        return Judged(ACCEPTED, "", said.score, answer)

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        if self._failures == 1:
            _log.warning("the model of task %r failed (%s): the LLM answers", self.route.task, type(error).__name__)
        if self.remote and self._failures >= _FAILURES:
            self._resting_until = time.monotonic() + _REST_S


def models_problems(answer: Answer, redacted: Redacted) -> list[str]:
    """Why the answer is none that the application could have been given."""
    from agentlog.models import validation  # only a route that answers needs it

    return validation.problems(answer, redacted.row)


def open_model(place: str, folder: Path, task_id: str, redaction: str) -> Model:
    """The model at `place`, an address or a folder seen from `folder`, for that task and that redaction.

    Raises:
        DatasetError: it is damaged.
        ConfigurationError: it is another task's, or was trained on rows redacted by another policy.
    """
    if place.startswith(("http://", "https://")):
        return models.load(place, timeout_s=_PATIENCE_S, max_retries=0)
    path = (folder / place).resolve()
    model = models.load(path)
    if model.task_id and model.task_id != task_id:
        raise ConfigurationError(
            f"{path} is the model of task {model.task_name or model.task_id!r}, not of {task_id!r}"
        )
    try:
        policy = json.loads((path / "model.json").read_text(encoding="utf-8")).get("redaction")
    except (OSError, ValueError, AttributeError) as error:
        raise DatasetError(f"{path / 'model.json'} cannot be read: train the model again") from error
    if policy and policy != redaction:
        raise ConfigurationError(
            f"{path} was trained on rows redacted by {policy!r}, the router redacts by {redaction!r}: "
            "route with the same policy, or train again"
        )
    return model


def placed(model: str | Path, folder: Path) -> str:
    """How routing.json names a model: relative to it where both lie in one study, else the whole path, or the address."""
    text = str(model)
    if text.startswith(("http://", "https://")):
        return text
    path = Path(model).resolve()
    study = folder.resolve().parent
    return Path(os.path.relpath(path, folder.resolve())).as_posix() if path.is_relative_to(study) else str(path)
