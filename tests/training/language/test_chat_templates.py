"""Is it decided right which chat templates carry what is to be learned? Over all that TRL ships, and over made-up faults."""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from typing import Any

import pytest

trl = pytest.importorskip("trl")
pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from transformers.utils.chat_template_utils import render_jinja_template  # noqa: E402

from agentlog.errors import ConfigurationError  # noqa: E402
from agentlog.training.language import verify_template  # noqa: E402
from agentlog.training.language.scratch import TEMPLATE  # noqa: E402

TEMPLATES = sorted(
    path
    for path in (Path(trl.__file__).parent / "chat_templates").glob("*.jinja")
    if not path.stem.endswith("_training")
)


def rendered(template: str, row: dict[str, Any], *, text: bool = False, think: bool = True) -> tuple[str, str]:
    """(prompt, prompt and completion), by transformers; `text`: arguments as JSON text."""
    row = copy.deepcopy(row)
    for message in [*row["prompt"], *row["completion"]] if text else []:
        for call in message.get("tool_calls", []):
            call["function"]["arguments"] = json.dumps(call["function"]["arguments"], ensure_ascii=False)
    made = []
    for messages, generate in ((row["prompt"], True), (row["prompt"] + row["completion"], False)):
        found, _ = render_jinja_template(
            [messages],
            tools=row["tools"],
            chat_template=template,
            add_generation_prompt=generate,
            bos_token="<s>",
            eos_token="</s>",
            **({} if think else {"enable_thinking": False}),
        )
        made.append(found[0])
    return made[0], made[1]


def says_the_call(template: str, row: dict[str, Any], *, text: bool = False) -> bool:
    """The plainest look at it: are the words of the last answer in the text after the user's last words?"""
    try:
        _, whole = rendered(template, row, text=text)
    except Exception:  # whatever a template raises  # noqa: BLE001
        return False
    after = whole.rpartition("Seats from Zürich.")[2]
    spellings = [after, after.replace('\\"', '"')]
    wanted = ("book_flight", "origin", 'Zürich "HB"', "seats", "271", "flexible", "bags", "red one", "blue")
    boolean = "false" in after or "False" in after
    return boolean and all(any(word in spelling for spelling in spellings) for word in wanted)


def serves_what_it_trains(template: str, row: dict[str, Any]) -> bool:
    return any(
        whole.startswith(prompt) for prompt, whole in (rendered(template, row, think=think) for think in (True, False))
    )


def test_every_template_of_trl_that_renders_tools_is_decided_right(
    calls: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    renders, accepted, wrong, refused = [], [], [], {}
    for path in TEMPLATES:
        template = path.read_text(encoding="utf-8")
        with_objects = says_the_call(template, calls[0])
        if with_objects or says_the_call(template, calls[0], text=True):
            renders.append(path.stem)
        right = with_objects and serves_what_it_trains(template, calls[0])
        verdict = verify_template(template, calls, name=path.stem)
        if verdict.fits:
            accepted.append(path.stem)
        else:
            refused[path.stem] = verdict.reason
        if verdict.fits != right:
            wrong.append(path.stem)
    lines = [
        f"{len(TEMPLATES)} chat templates of TRL {trl.__version__}: {len(renders)} render tool calls, "
        f"{len(set(renders) - set(wrong))} of them are decided right ({len(accepted)} accepted), "
        f"{len(TEMPLATES) - len(renders)} do not and are refused",
        *(f"  {reason}" for reason in refused.values()),
    ]
    with capsys.disabled():  # `nox -s train` shows it
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert not wrong
    assert len(accepted) >= 20  # else the look above sees nothing at all
    assert all(reason for reason in refused.values())
    assert set(renders) - set(accepted) <= {
        "deepseekv3"
    }  # arguments as text only, and a thought is opened in its prompt


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_an_accepted_template_is_read_back_as_it_was_written(
    path: Path, calls: list[dict[str, Any]], scratch: Path
) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(scratch)
    tokenizer.chat_template = path.read_text(encoding="utf-8")
    verdict = verify_template(tokenizer, calls)
    if not verdict.fits:
        assert verdict.reason.startswith("the chat template of scratch ")
    elif verdict.unread is None:
        assert path.stem in ("diffusion_gemma", "muse_glimmer")  # TRL knows no parser for these
    else:
        assert verdict.unread == 0


def _refusal(template: str, rows: list[dict[str, Any]]) -> str:
    verdict = verify_template(template, rows)
    assert not verdict.fits
    with pytest.raises(ConfigurationError, match="Nothing was trained"):
        verdict.require()
    return verdict.reason


def test_a_template_that_drops_the_tool_call_is_refused(calls: list[dict[str, Any]]) -> None:
    template = "{% for m in messages %}<{{ m.role }}>{{ m.content }}<end>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}"
    reason = _refusal(template, calls)
    assert reason == "the chat template drops the name of tool call 1 ('book_flight') in row 1"


def test_a_template_that_writes_an_argument_and_not_its_value_is_refused(calls: list[dict[str, Any]]) -> None:
    keys = TEMPLATE.replace("(call.function.arguments | tojson)", "(call.function.arguments | list | tojson)")
    assert keys != TEMPLATE
    assert "argument 1 of tool call 1" in _refusal(keys, calls)


def test_a_template_that_drops_a_tools_result_is_refused(calls: list[dict[str, Any]]) -> None:
    deaf = TEMPLATE.replace("<tool_response>\\n' + message.content + '", "<tool_response>\\n")
    assert deaf != TEMPLATE
    assert _refusal(deaf, calls) == "the chat template drops a tool's result from the prompt of row 2"


def test_words_beside_a_tool_call_may_go_from_the_history_and_not_from_the_answer(calls: list[dict[str, Any]]) -> None:
    quiet = TEMPLATE.replace(
        "assistant\\n' + message.content }}", "assistant\\n' + ('' if message.tool_calls else message.content) }}"
    )
    assert quiet != TEMPLATE
    talks = [copy.deepcopy(row) for row in calls]  # apart: the second row's history is the first row's answer
    talks[1]["prompt"][2]["content"] = "Let me look."
    assert verify_template(TEMPLATE, talks).silent == 0
    verdict = verify_template(quiet, talks)
    assert (verdict.fits, verdict.silent) == (True, 1)
    talks[0]["completion"][0]["content"] = "I book it."
    assert _refusal(quiet, talks) == "the chat template drops the words of the assistant's message in row 1"


def test_a_template_that_fills_up_with_null_is_refused(calls: list[dict[str, Any]]) -> None:
    filled = TEMPLATE.replace(
        "(call.function.arguments | tojson)", "(dict(call.function.arguments, date=none) | tojson)"
    )
    assert filled != TEMPLATE
    assert "writes null" in _refusal(filled, calls)


def test_a_null_that_the_model_wrote_itself_is_no_fault(calls: list[dict[str, Any]]) -> None:
    row = copy.deepcopy(calls[0])
    row["completion"][0]["tool_calls"][0]["function"]["arguments"] = {"origin": "null island", "seats": None}
    assert verify_template(TEMPLATE, [row]).fits


def test_a_template_that_opens_a_thought_in_the_prompt_alone_is_refused(calls: list[dict[str, Any]]) -> None:
    thinking = TEMPLATE.replace(
        "'<|im_start|>assistant\\n' }}{%- endif %}", "'<|im_start|>assistant\\n<think>\\n' }}{%- endif %}"
    )
    assert thinking != TEMPLATE
    assert "another prompt before the completion than it serves" in _refusal(thinking, calls)


def test_a_thought_that_can_be_turned_off_is_turned_off(calls: list[dict[str, Any]]) -> None:
    switch = "<|im_start|>assistant\\n' + ('' if enable_thinking is defined and not enable_thinking else '<think>\\n')"
    thinking = TEMPLATE.replace("'<|im_start|>assistant\\n' }}{%- endif %}", f"'{switch} }}}}{{%- endif %}}")
    assert thinking != TEMPLATE
    verdict = verify_template(thinking, calls)
    assert verdict.fits
    assert verdict.options == {"enable_thinking": False}


def test_what_a_template_raises_is_told(calls: list[dict[str, Any]]) -> None:
    assert "raises at row 1: TemplateError: no tools here" in _refusal("{{ raise_exception('no tools here') }}", calls)


def test_a_reason_holds_no_captured_words(calls: list[dict[str, Any]]) -> None:
    for path in TEMPLATES:
        reason = verify_template(path.read_text(encoding="utf-8"), calls).reason
        assert not any(word in reason for word in ("Zürich", "Bern", "red one", "taken", "All done"))


def test_a_tokenizer_without_a_template_is_refused(calls: list[dict[str, Any]], scratch: Path) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(scratch)
    tokenizer.chat_template = None
    assert "has no chat template" in verify_template(tokenizer, calls).reason
    assert not verify_template(TEMPLATE, []).fits
