"""A recorded call as the router would have seen it: what a model that is to be served had better learn from.

A record is redacted with all that its run gave away, the answer included: a name that only the answer's key `last_name` tells
is a placeholder in the prompt too. The router sees the prompt before there is an answer, and leaves that name as it is. A
model that learned from records alone has never met such a prompt. (Measured on RESTAURANTS-8K: the prompts of 10 % of the
bookings differ so, and agreement of the accepted answers falls from 0.99 to 0.91.)

So placeholders are filled with natural surrogates, and the request alone is redacted again. Nobody's values come back: the
surrogates are made up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agentlog.conversations.surrogates import Surrogates
from agentlog.errors import ConfigurationError
from agentlog.models.asking import Asked, Asking, in_leaves, redactor_of, words_at
from agentlog.models.contract import Row
from agentlog.redaction import Redactor
from agentlog.tasks.reading import Answer


def as_served(rows: Sequence[Row], seed: int = 0) -> tuple[list[Row], str]:
    """Rows as the router of this machine's settings would see them, their answers with them; and what is to be said of it.

    Records that another policy redacted stay as they are: nobody knows what a router would make of them here.
    """
    policies = Counter((row.get("redaction") or {}).get("policy") for row in rows)
    try:
        redactor = redactor_of(None, _KEY)
    except ConfigurationError as error:
        return list(rows), f"as recorded: {error}"
    if set(policies) <= {None, "off"}:
        return list(rows), "as recorded: they were not redacted"
    if any(policy != redactor.policy_name for policy in policies):
        others = ", ".join(sorted(str(policy) for policy in policies if policy != redactor.policy_name))
        return list(rows), f"as recorded: they were redacted by {others}, the settings say {redactor.policy_name}"
    served = AsServed(redactor, seed)
    return [served.row(row) for row in rows], "as a router sees them: redacted before there is an answer"


_KEY = b"pseudonyms are not made here"


class AsServed:
    """Turns recorded calls into what the router makes of such requests.

    Args:
        redactor: the policy of the records.
        seed: another one draws other surrogates.
    """

    def __init__(self, redactor: Redactor, seed: int = 0) -> None:
        self._asking = Asking(redactor)
        self._seed = seed

    def __call__(self, row: Row, answer: Answer) -> tuple[dict[str, Any], Answer]:
        """The row, and the answer with the placeholders that the row has then.

        Example:
            >>> served = AsServed(Redactor(None, pseudonym_key=b"secret"))
            >>> said = [{"role": "user", "parts": [{"type": "text", "text": "call <PERSON_1_GIVEN> at <PHONE_3>"}]}]
            >>> row, answer = served({"input_messages": said}, Answer("<PHONE_3>", ()))
            >>> "<PHONE_1>" in row["input_messages"][0]["parts"][0]["text"], answer.text
            (True, '<PHONE_1>')
        """
        made, changed = self._seen(row)
        return made, Answer(changed(answer.text), tuple((name, changed(said)) for name, said in answer.calls))

    def row(self, row: Row) -> Row:
        """The row, its own answer with it."""
        made, changed = self._seen(row)
        made["output_messages"] = [
            {**message, "parts": [_part(part, changed) for part in message.get("parts") or ()]}
            for message in row.get("output_messages") or ()
        ]
        return made

    def _seen(self, row: Row) -> tuple[dict[str, Any], Callable[[str], str]]:
        """The row as a router sees it, and how a text of its answer is to be changed then."""
        surrogates = Surrogates(str(row.get("trace_id") or row.get("call_id") or ""), self._seed)
        filled = dict(row)
        filled["system_instructions"] = [
            _part(part, surrogates.render) for part in row.get("system_instructions") or ()
        ]
        filled["input_messages"] = [
            {**message, "parts": [_part(part, surrogates.render) for part in message.get("parts") or ()]}
            for message in row.get("input_messages") or ()
        ]
        done = self._asking.redact(Asked(filled), None)

        def changed(text: str) -> str:
            return in_leaves(text, lambda leaf: done.exchanged.hide(surrogates.render(leaf)))

        return done.row, changed


def _part(part: Mapping[str, Any], render: Callable[[str], str]) -> dict[str, Any]:
    made = dict(part)
    field = words_at(part)
    if isinstance(made.get(field), str):
        made[field] = render(made[field])
    return made
