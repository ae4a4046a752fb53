"""Tasks: recurring kinds of model calls, the model that finds a call's task, and how they show themselves.

reading     what a call asked and answered, from the columns of `calls/`
lines       a prompt's lines as numbers
model       which task a request belongs to: fitted by `agentlog.clustering`, asked by a router
task        one task
collection  all of them
"""

from __future__ import annotations

from agentlog.tasks.collection import Tasks
from agentlog.tasks.task import Example, Signature, Task

__all__ = ["Example", "Signature", "Task", "Tasks"]
