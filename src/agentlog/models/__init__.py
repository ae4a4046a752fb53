"""Small models at work: what a folder of `agentlog.train` or an endpoint answers to a call. numpy is all that they need.

contract    what every model is
loading     opens a folder, or an address
asking      requests in flight as rows, redacted, and the way back
served      records as such requests: what to learn from
prompts     what varies in a task's prompts
features    words and parts of words as numbers
scorer      numbers to one of a closed set
gates       is a prompt like those that were trained?
head        one of a closed set of answers
tagger      arguments copied from the prompt
endpoint    any OpenAI-compatible server
folder      files and their hashes
"""

from __future__ import annotations

from agentlog.models.contract import Model, Prediction, Row
from agentlog.models.loading import load

__all__ = ["Model", "Prediction", "Row", "load"]
