"""A language model of a few million parameters, made from scratch in a second: no download, no GPU.

It knows nothing, so it is no substitute for a base model. It is there so that everything around a base model can be run
end to end on any machine, and so that a narrow task can be tried before a real one is fetched.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from agentlog.errors import ConfigurationError
from agentlog.training.language.base import quiet
from agentlog.training.language.libraries import library

TEMPLATE: Final = """\
{%- if tools %}
{{- '<|im_start|>system\\n' }}
{%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n' }}{%- endif %}
{{- '<tools>' }}
{%- for tool in tools %}{{- '\\n' + (tool.function | tojson) }}{%- endfor %}
{{- '\\n</tools><|im_end|>\\n' }}
{%- elif messages[0].role == 'system' %}
{{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
{%- if message.role == 'tool' %}
{{- '<|im_start|>user\\n<tool_response>\\n' + message.content + '\\n</tool_response><|im_end|>\\n' }}
{%- elif message.role == 'assistant' %}
{{- '<|im_start|>assistant\\n' + message.content }}
{%- for call in message.tool_calls or [] %}
{{- '<tool_call>' }}
{{- '{"name": ' + (call.function.name | tojson) + ', "arguments": ' + (call.function.arguments | tojson) + '}' }}
{{- '</tool_call>' }}
{%- endfor %}
{{- '<|im_end|>\\n' }}
{%- elif message.role == 'user' or not loop.first %}
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"""
"""ChatML with tool calls as Qwen writes them: vLLM's parser for it is "hermes"."""

_START, _END, _TEXT = "<|im_start|>", "<|im_end|>", "<|endoftext|>"
_TAGS: Final = ("<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<tools>", "</tools>")


def scratch_model(
    directory: str | Path,
    texts: Iterable[str],
    *,
    vocabulary: int = 2048,
    hidden: int = 256,
    layers: int = 4,
    context: int = 4096,
    seed: int = 0,
) -> Path:
    """Make a small Qwen3-shaped model with its own tokenizer and a chat template that carries tool calls.

    Args:
        directory: the folder to make; what `train` takes as a base.
        texts: to learn the tokens from; those of the task, say.
        vocabulary: tokens of the byte-level BPE.
        hidden: the width of the model; with the defaults it has about 4 million parameters.
        layers: its depth.
        context: the longest text in tokens.
        seed: of the weights.

    Returns:
        The folder.

    Raises:
        ConfigurationError: the folder holds something, or there are no texts.
        MissingExtra: torch, transformers or tokenizers is not installed.
    """
    path = Path(directory)
    if path.exists() and any(path.iterdir()):
        raise ConfigurationError(f"{path} exists, and a model is never overwritten: give another folder")
    torch, transformers = library("torch"), library("transformers")
    tokenizer = _tokenizer(transformers, texts, vocabulary, context)
    config = transformers.Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=hidden,
        intermediate_size=3 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=max(2, hidden // 32),
        num_key_value_heads=2,
        head_dim=32,
        max_position_embeddings=context,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        dtype="float32",
    )
    state = torch.random.get_rng_state()
    try:
        torch.manual_seed(seed)
        model = transformers.Qwen3ForCausalLM(config)
    finally:
        torch.random.set_rng_state(state)
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    with quiet():
        model.save_pretrained(path)
        tokenizer.save_pretrained(path)
    card = "---\nlicense: apache-2.0\n---\nMade from scratch by agentlog: random weights, tokens of the task's own texts.\n"
    (path / "README.md").write_text(card, encoding="utf-8")
    return path


def _tokenizer(transformers: Any, texts: Iterable[str], vocabulary: int, context: int) -> Any:
    texts = [text for text in texts if text]
    if not texts:
        raise ConfigurationError("scratch_model learns its tokens from texts, and there is none")
    tokenizers = library("tokenizers")
    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    # digits one by one, as Qwen has them: a number that was never seen can be copied
    made.pre_tokenizer = tokenizers.pre_tokenizers.Sequence(
        [
            tokenizers.pre_tokenizers.Digits(individual_digits=True),
            tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    made.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[_TEXT, _START, _END],
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    made.add_tokens([tokenizers.AddedToken(tag, special=False, normalized=False) for tag in _TAGS])
    wrapped = transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token=_END, pad_token=_TEXT, model_max_length=context
    )
    wrapped.chat_template = TEMPLATE
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else a data loader's fork warns of its threads
    return wrapped
