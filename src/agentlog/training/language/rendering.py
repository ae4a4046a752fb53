"""A row of a TRL training set as the text that a model reads: its prompt, and its prompt with the completion.

What is trained on is rendered here once, verified, and tokenized; nothing renders it a second time in another way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from agentlog.training.language.libraries import library

BEGIN: Final = "<s>"
"""Stands for the beginning of a text where a template is rendered without its tokenizer."""
END: Final = "</s>"

Row = Mapping[str, Any]
"""`{"prompt": [message, …], "completion": [message], "tools": […]?}`, arguments of tool calls as objects."""


class NotRendered(Exception):
    """A template raised; the message is its own."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """A chat template with the options that it is rendered with."""

    template: Any
    """A tokenizer with a chat template, or the template's text."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Further variables of the template, as `apply_chat_template` takes them: `{"enable_thinking": False}`."""

    def prompt(self, row: Row) -> str:
        """The text in front of what the model has to write: what a server sends it."""
        return self._text(row["prompt"], row, generate=True)

    def whole(self, row: Row) -> str:
        """The text of prompt and completion."""
        return self._text([*row["prompt"], *row["completion"]], row, generate=False)

    def _text(self, messages: list[Any], row: Row, *, generate: bool) -> str:
        # a template that is given an empty list of tools writes its tool preamble over nothing
        tools = row.get("tools") or None
        jinja = library("jinja2", "rendering a chat template")
        try:
            if not isinstance(self.template, str):
                text: str = self.template.apply_chat_template(
                    messages, tools=tools, tokenize=False, add_generation_prompt=generate, **self.options
                )
                return text
            renderer = library("transformers.utils.chat_template_utils", "rendering a chat template")
            texts, _ = renderer.render_jinja_template(
                [messages],
                tools=tools,
                chat_template=self.template,
                add_generation_prompt=generate,
                **{"bos_token": BEGIN, "eos_token": END, **self.options},
            )
        except (jinja.TemplateError, TypeError, ValueError, AttributeError, LookupError) as error:
            # templates are programs: they concatenate what is no text, look into what is no list
            raise NotRendered(f"{type(error).__name__}: {str(error)[:160]}") from None
        return str(texts[0])
