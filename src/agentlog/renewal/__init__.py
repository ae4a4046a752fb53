"""S6, the next round: new records find their tasks, models that have aged are trained again, the routes are proposed anew.

drift      has a task changed since the last round?
proposal   what a round proposes, to be read before it is applied
rounds     `refresh`: one round
"""

from __future__ import annotations

from agentlog.renewal.proposal import Change, Proposal
from agentlog.renewal.rounds import refresh

__all__ = ["Change", "Proposal", "refresh"]
