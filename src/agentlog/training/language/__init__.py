"""Training of language models on a task's calls: LoRA, QLoRA, DoRA, all weights, distillation; through TRL and PEFT.

course      from a task to a folder, in order
recipe      every number that can be chosen
base        the base model, looked at without its weights
lesson      the training set, as rows and as tokens
templates   whether the chat template carries what is to be learned (rendering, whole, parsing)
memory      what it takes, before anything is loaded
learning    the steps; merging: one model again, checked
serving     how it is served; local: answered in this process
scratch     a small model from nothing, where no other is at hand
"""

from __future__ import annotations

from agentlog.training.language.course import train_language
from agentlog.training.language.local import LocalModel
from agentlog.training.language.scratch import scratch_model
from agentlog.training.language.serving import serving_lines
from agentlog.training.language.templates import Verdict, verify_template

__all__ = ["LocalModel", "Verdict", "scratch_model", "serving_lines", "train_language", "verify_template"]
