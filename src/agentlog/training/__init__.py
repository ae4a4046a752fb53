"""Training a small model on a task's calls: heads and taggers here, language models in `language`.

course       `train`: from calls to a folder
calibration  which calls are learned, which decide the threshold, and that threshold
head         a closed set of answers
tagger       arguments copied from the prompt
gates        what counts as like the training prompts
folder       written whole or not at all
run_card     how it was made
"""

from __future__ import annotations

from agentlog.training.course import train
from agentlog.training.trained import Trained

__all__ = ["Trained", "train"]
