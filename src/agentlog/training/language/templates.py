"""Does a chat template carry what is to be learned? Decided on every row, before any step of training.

What goes wrong without a word (each seen in a template that a model ships with): tool calls are dropped and the model
learns an empty turn; `null` is written for arguments that were not given; the prompt that is trained on is not the prompt
that is served; the turn never ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from agentlog.errors import ConfigurationError
from agentlog.training.language.parsing import Parser, parser_of
from agentlog.training.language.rendering import NotRendered, Rendering, Row
from agentlog.training.language.whole import lost, nulls, nulls_of

# templates of reasoning models open a thought in the prompt that a logged answer does not continue
_OPTIONS: Final[tuple[Mapping[str, Any], ...]] = ({}, {"enable_thinking": False})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a template does to the rows of a training set."""

    fits: bool
    reason: str
    """Why it does not: which template, which row, what is lost. "" where it fits."""
    rows: int
    """How many were rendered."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """The variables with which it fits; a server has to set them too."""
    closes: bool = True
    """The template ends the assistant's turn itself; else the tokenizer's end token is appended to what is learned."""
    silent: int = 0
    """Rows in whose history words are dropped that the assistant said beside a tool call: learned and served alike."""
    unread: int | None = None
    """Rows that are read back from the text as something else than they were; None: nobody knows how to read it back."""
    rendering: Rendering | None = field(default=None, repr=False, compare=False)

    def require(self) -> Rendering:
        """The rendering that fits.

        Raises:
            ConfigurationError: none does.
        """
        if not self.fits or self.rendering is None:
            raise ConfigurationError(
                f"{self.reason}. Nothing was trained. Take a base model whose template renders tool calls "
                "(Qwen 2.5 and 3, Llama 3.1, Granite 4), or give the tokenizer another chat_template"
            )
        return self.rendering


def verify_template(template: Any, rows: Iterable[Row], *, name: str = "") -> Verdict:
    """Render every row, and look whether the model would learn what the row says.

    For each row: the whole history is in the prompt; every tool name, every argument value and all words of the
    completion come after the prompt; there is no `null` that the row does not have; the prompt is the beginning of prompt
    and completion. Then, over all rows: the turn ends, and where a parser for the template is known, it reads the same
    tool calls and words back.

    Args:
        template: a tokenizer with a chat template, or a template's text.
        rows: of a TRL training set, arguments of tool calls as objects.
        name: what messages call the template; "" takes the tokenizer's.

    Example:
        >>> from agentlog.training.language import verify_template
        >>> call = {"id": "1", "type": "function", "function": {"name": "now", "arguments": {"zone": "UTC"}}}
        >>> answer = {"role": "assistant", "content": "", "tool_calls": [call]}
        >>> row = {"prompt": [{"role": "user", "content": "What time is it?"}], "completion": [answer]}
        >>> drops = "{% for m in messages %}{{ m.role }}: {{ m.content }}|{% endfor %}"
        >>> verify_template(drops, [row]).reason  # doctest: +SKIP
        "the chat template drops the name of tool call 1 ('now') in row 1"
    """
    rows = list(rows)
    name = name or _name(template)
    if template is None or (not isinstance(template, str) and not getattr(template, "chat_template", None)):
        return Verdict(False, f"{name} has no chat template, so nobody knows how it is to be talked to", len(rows))
    if not rows:
        return Verdict(False, "there is no row to verify the chat template with", 0)
    first = ""
    for options in _OPTIONS:
        rendering = Rendering(template, options)
        reason = _refusal(rendering, rows, name)
        if not reason:
            return Verdict(
                True,
                "",
                len(rows),
                options,
                _closes(rendering, rows),
                _silent(rendering, rows),
                _unread(rendering, rows),
                rendering,
            )
        first = first or reason
    return Verdict(False, first, len(rows))


def _refusal(rendering: Rendering, rows: Sequence[Row], name: str) -> str:
    for number, row in enumerate(rows, 1):
        where = f"row {number}" + (f" ({row['example_id'][:12]})" if row.get("example_id") else "")
        try:
            prompt, whole = rendering.prompt(row), rendering.whole(row)
        except NotRendered as error:
            return f"{name} raises at {where}: {error}"
        missing = next(filter(None, (lost(_heard(message), prompt) for message in row["prompt"])), "")
        if missing:
            return f"{name} drops {missing} from the prompt of {where}"
        if not whole.startswith(prompt):
            missing = next(filter(None, (lost(one, whole[_fork(prompt, whole) :]) for one in row["completion"])), "")
            if missing:
                return f"{name} drops {missing} in {where}"
            return (
                f"{name} renders another prompt before the completion than it serves: the prompt of {where} ends with what "
                "a logged answer does not continue, an opened thought as a rule"
            )
        learned = whole[len(prompt) :]
        for message in row["completion"]:
            missing = lost(message, learned)
            if missing:
                return f"{name} drops {missing} in {where}"
        if nulls(learned) > sum(map(nulls_of, row["completion"])):
            return f"{name} writes null for what {where} does not have"
    return ""


def _heard(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a prompt cannot do without. Some templates drop words beside a tool call, and a server's prompt lacks them too."""
    return {**message, "content": ""} if message.get("tool_calls") else message


def _silent(rendering: Rendering, rows: Sequence[Row]) -> int:
    return sum(any(lost(message, rendering.prompt(row)) for message in row["prompt"]) for row in rows)


def _closes(rendering: Rendering, rows: Sequence[Row]) -> bool:
    """Whether something comes after the words of an answer, as `<|im_end|>` does."""
    words = "Qz7"
    row = {**rows[0], "completion": [{"role": "assistant", "content": words}]}
    try:
        after = rendering.whole(row).rpartition(words)[2]
    except NotRendered:
        return True  # it renders the rows themselves, whose end is looked at again in their tokens
    return bool(after.strip())


def _unread(rendering: Rendering, rows: Sequence[Row]) -> int | None:
    parser = parser_of(rendering.template)
    if parser is None:
        return None
    return sum(not _read_back(parser, rendering, row) for row in rows)


def _read_back(parser: Parser, rendering: Rendering, row: Row) -> bool:
    prompt, whole = rendering.prompt(row), rendering.whole(row)
    answer = parser(whole[len(prompt) :], prompt, row.get("tools") or [])
    if answer is None:
        return False
    (message,) = row["completion"]
    calls = [(call["function"]["name"], call["function"]["arguments"]) for call in message.get("tool_calls") or ()]
    return answer.text.strip() == message["content"].strip() and answer.values() == calls


def _fork(one: str, other: str) -> int:
    """How many characters two texts have in common from their beginning."""
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return min(len(one), len(other))


def _name(template: Any) -> str:
    if isinstance(template, str) or not getattr(template, "name_or_path", ""):
        return "the chat template"
    return f"the chat template of {str(template.name_or_path).rstrip('/').rpartition('/')[2]}"
