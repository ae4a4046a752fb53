"""Which task does a request belong to? By its template; where that is none that is known, by its words."""

from __future__ import annotations

from agentlog.models.asking import Asked, Asking, Redacted
from agentlog.routing.nearness import Nearness
from agentlog.tasks import Tasks
from agentlog.tasks.model import TaskModel
from agentlog.tasks.reading import Request, request_of, requests

_RENEW = 5000


class Finding:
    """Finds tasks. Raw words do for templates, which are constant; the rest is looked at as it would stand in the records.

    Args:
        model: finds the task of a template.
        nearness: finds it by words; None: nothing does.
    """

    def __init__(self, model: TaskModel, nearness: Nearness | None) -> None:
        self._saved = model.to_dict()
        self._model = TaskModel.from_dict(self._saved)
        self._nearness = nearness
        self._asked = 0

    def find(self, asked: Asked, asking: Asking, trace: str | None) -> tuple[str | None, Redacted | None]:
        """The task's id or None; and the redacted request, where it was needed to find out."""
        self._asked += 1
        task = self._of(request_of(asked.row))
        if task is not None:
            return task, None
        redacted = asking.redact(asked, trace)
        request = request_of(redacted.row)
        if redacted.exchanged.changed:  # a template's line may hold a name: then it is known in its redacted form only
            task = self._of(request)
        if task is None and self._nearness is not None:
            task = self._nearness.find(words_of(request))
        return task, redacted

    def _of(self, request: Request) -> str | None:
        return next(self._model.assign((request,)))

    def renew(self) -> None:
        """Makes the model anew from time to time: it remembers the texts that it has read."""
        if self._asked >= _RENEW:
            self._asked = 0
            self._model = TaskModel.from_dict(self._saved)


def words_of(request: Request) -> str:
    """The last message."""
    return request.last or request.first


def fit_nearness(tasks: Tasks) -> Nearness | None:
    """From the tasks' calls; None where their words do not tell them apart.

    Raises:
        DatasetError: the tasks were loaded without their calls.
    """
    return Nearness.fit({task.id: [words_of(request) for request in requests(task.calls())] for task in tasks})
