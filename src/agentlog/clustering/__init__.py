"""Finding the tasks in recorded calls.

templates   prompts that share their lines and tools
stages      what one template is used for at different moments
answers     the shape of what comes back
naming      what to call a task
identity    ids that stay
summary     the figures of a task
mining      `cluster`: all of it in order
"""

from __future__ import annotations

from agentlog.clustering.mining import cluster

__all__ = ["cluster"]
