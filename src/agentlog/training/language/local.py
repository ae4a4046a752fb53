"""A trained language model in this process: slow without a GPU, and enough to evaluate a small one anywhere."""

from __future__ import annotations

import math
import threading
from pathlib import Path
from typing import Any, Final

from agentlog.conversations import Refused
from agentlog.models.contract import Prediction, Row
from agentlog.models.folder import Folder, open_folder
from agentlog.models.requests import Disguise
from agentlog.tasks.reading import Answer
from agentlog.training.language.base import quiet
from agentlog.training.language.learning import weights
from agentlog.training.language.lesson import plain_request
from agentlog.training.language.libraries import library
from agentlog.training.language.parsing import parser_of
from agentlog.training.language.rendering import NotRendered, Rendering

_LONGEST: Final = 1024


class LocalModel:
    """The merged model of a folder; a `models.Model`. Its weights are loaded at the first question.

    Args:
        path: a folder that `train` made with a language model.
        longest: tokens of an answer, at most.
        seed: of the natural values that stand in for placeholders.

    Raises:
        DatasetError: there is no such model, or it is damaged.

    Example:
        >>> from agentlog.training.language import LocalModel
        >>> LocalModel("models/triage-lora").predict(row).answer  # doctest: +SKIP
        Answer(text='refund', calls=())
    """

    rung: str = "language model"
    remote: bool = False

    def __init__(self, path: str | Path, *, longest: int | None = None, seed: int = 0) -> None:
        self._folder: Folder = open_folder(Path(path))
        card = self._folder.json("run_card.json")
        self.task_id = str(self._folder.about["task"]["id"])
        self.task_name = str(self._folder.about["task"]["name"])
        self.version = self._folder.version
        self.threshold = self._folder.threshold
        self.longest = longest or min(_LONGEST, 2 * int(card["data"]["longest_answer_tokens"]))
        self.seed = seed
        self._options = dict(card["template"]["options"])
        self._trust = bool(card["recipe"]["trust_remote_code"])
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def __repr__(self) -> str:
        return f"<LocalModel {self.task_name}@{self.version} in {self._folder.path}>"

    def predict(self, row: Row) -> Prediction:
        """The answer to a row, with placeholders as in the row. A row that cannot be asked is novel."""
        try:
            disguise = Disguise(row, self.seed)
            asked = plain_request(disguise.request)
            model, tokenizer = self._model()
            prompt = Rendering(tokenizer, self._options).prompt(asked)
        except (Refused, NotRendered) as refused:
            return Prediction(None, 0.0, f"the request cannot be rendered: {refused}")
        ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
        context = model.config.get_text_config().max_position_embeddings
        if len(ids) + 1 >= context:
            return Prediction(None, 0.0, f"the prompt has {len(ids)} tokens, and the model reads {context}")
        written, score = self._written(model, tokenizer, ids, min(self.longest, context - len(ids)))
        parse = parser_of(tokenizer)
        if parse is None:
            return Prediction(disguise.answer(Answer(_plain(written, tokenizer), ())), score)
        read = parse(written, prompt, asked.get("tools") or [])
        return Prediction(None if read is None else disguise.answer(read.answer()), score)

    def _model(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                torch, transformers = library("torch"), library("transformers")
                place = str(self._folder.path / "merged")
                gpu = {"device_map": {"": 0}} if torch.cuda.is_available() else {"dtype": torch.float32}
                model = weights(place, trust_remote_code=self._trust, **gpu)
                model.eval()
                with quiet():
                    tokenizer = transformers.AutoTokenizer.from_pretrained(place, trust_remote_code=self._trust)
                self._loaded = model, tokenizer
            return self._loaded

    def _written(self, model: Any, tokenizer: Any, ids: list[int], most: int) -> tuple[str, float]:
        """What it writes, token by token the likeliest, and the geometric mean of the tokens' probabilities."""
        torch = library("torch")
        asked = torch.tensor([ids], device=model.device)
        with torch.no_grad(), quiet():
            made = model.generate(
                asked,
                attention_mask=torch.ones_like(asked),
                max_new_tokens=most,
                do_sample=False,
                pad_token_id=tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id,
                return_dict_in_generate=True,
                output_logits=True,
            )
        written = made.sequences[0, len(ids) :].tolist()
        chances = [
            float(torch.log_softmax(logits[0].float(), -1)[token])
            for token, logits in zip(written, made.logits, strict=True)
        ]
        score = math.exp(sum(chances) / len(chances)) if chances else 0.0
        return tokenizer.decode(written), min(1.0, score)


def _plain(text: str, tokenizer: Any) -> str:
    """The text before the token that ends the turn."""
    for end in tokenizer.all_special_tokens:
        text = text.partition(end)[0]
    return text.strip()
