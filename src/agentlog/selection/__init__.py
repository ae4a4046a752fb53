"""What could take a task over (S4): a ladder of candidates with their footprint, cost, licence, and reasons.

choosing    candidates(task)           judging     for and against each
profiling   the task's own numbers     savings     what it saves a month
catalogue   models, figures, sources   footprint   memory and speed by formula
"""

from __future__ import annotations

from agentlog.selection.candidate import RUNGS, Candidate, Candidates
from agentlog.selection.catalogue import Catalogue, Entry, Figure
from agentlog.selection.choosing import candidates
from agentlog.selection.profiling import Profile, profile
from agentlog.selection.savings import Saving, saving

__all__ = [
    "RUNGS",
    "Candidate",
    "Candidates",
    "Catalogue",
    "Entry",
    "Figure",
    "Profile",
    "Saving",
    "candidates",
    "profile",
    "saving",
]
