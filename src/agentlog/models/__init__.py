"""Small models at work: what a folder of `agentlog.train` or an endpoint answers to a call. numpy is all that they need.

contract    what every model is
"""

from __future__ import annotations

from agentlog.models.contract import Model, Prediction, Row

__all__ = ["Model", "Prediction", "Row"]
