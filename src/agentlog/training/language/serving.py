"""The lines that serve a trained model: vLLM for the merged model or the adapter, Ollama for the merged one."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agentlog.models.folder import open_folder


def serving_lines(path: str | Path) -> dict[str, str]:
    """How the model in a folder is served: a name for each way → what to type, or what to write into a Modelfile.

    Args:
        path: a folder that `train` made with a language model.

    Raises:
        DatasetError: there is no such model, or it is damaged.

    Example:
        >>> serving_lines("models/triage-lora")["merged"]  # doctest: +SKIP
        'vllm serve models/triage-lora/merged --served-model-name triage'
    """
    folder = open_folder(Path(path))
    card = folder.json("run_card.json")
    rank = (card.get("recipe") or {}).get("rank")
    return lines(Path(path), str(folder.about["task"]["name"]), str(card["base"]["name"]), rank, card["template"])


def lines(path: Path, task: str, base: str, rank: int | None, template: Mapping[str, Any]) -> dict[str, str]:
    """The same from its parts.

    Args:
        path: the model's folder.
        task: the task's name, under which the model answers.
        base: the base model.
        rank: of the adapter; None: there is none.
        template: its `options`, whether it renders `tools`, and the `parser` for vLLM.
    """
    name = served_name(task)
    options = [f"--served-model-name {name}"]
    shared = []
    if template.get("options"):
        shared.append(f"--default-chat-template-kwargs {shlex.quote(json.dumps(template['options']))}")
    if template.get("tools"):
        shared.append(f"--enable-auto-tool-choice --tool-call-parser {template.get('parser') or 'PARSER'}")
    merged = path / "merged"
    found = {"merged": " ".join([f"vllm serve {shlex.quote(str(merged))}", *options, *shared])}
    if rank is not None:
        # vLLM takes ranks of this list only, and reserves room for the largest
        room = next((one for one in (8, 16, 32, 64, 128, 256, 320, 512) if one >= rank), rank)
        found["adapter"] = " ".join(
            [
                f"vllm serve {shlex.quote(base)} --enable-lora --max-lora-rank {room}",
                f"--lora-modules {name}={shlex.quote(str(path / 'adapter'))}",
                *shared,
            ]
        )
    found["ollama"] = f"echo 'FROM {merged}' > Modelfile && ollama create {name} -f Modelfile"
    return found


def served_name(task: str) -> str:
    """A task's name as a model's name: no spaces, no slashes.

    >>> served_name("support/triage the ticket")
    'support-triage-the-ticket'
    """
    return re.sub(r"[^\w.-]+", "-", task, flags=re.ASCII).strip("-.")[:64] or "model"


def vllm_parser(template: str) -> str:
    """The name of vLLM's parser for the tool calls that a template writes; "" where it is not known here.

    >>> vllm_parser('<tool_call>{"name": …}</tool_call>')
    'hermes'
    """
    marks = (
        ("<function=", "qwen3_coder"),
        ("<arg_key>", "glm45"),
        ("<|tool_call>call:", "gemma4"),
        ("<|channel|>", "openai"),
        ("<tool_call>", "hermes"),
        ('"parameters": ', "llama3_json"),
    )
    return next((parser for mark, parser in marks if mark in template), "")
