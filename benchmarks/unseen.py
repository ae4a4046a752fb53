"""How much redaction misses where no key says anything: the runs of `leak_bench`, with every telling key renamed.

    PYTHONPATH=../shared/bench python -m benchmarks.unseen [RUNS]

Keys that the word rules read (`first_name`, `payment_methods`, `users`) become words that mean nothing; the program's own
keys (`flight_number`, `cabin`) stay. Printed for the default policy and for `strict=True`, a whole run at a time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, Final

from benchmarks.leak import KEY, _draft, _redacted
from leak_bench import __main__ as bench
from leak_bench import data

from agentlog.redaction import RedactionPolicy, Redactor
from agentlog.redaction.keys.rules import about_people, container_of, rule_of, words_of

_SAYING: Final = frozenset(("name", "id", "source", "address"))
_NEW: Final = "zorvel quind maplo brinth skelta dovrin ulmet parvo fenzi gaddle hustrin wobley crint yelvo tarn".split()


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {_key(key): _renamed(one) for key, one in value.items()}
    return [_renamed(one) for one in value] if isinstance(value, list) else value


def _key(key: str) -> str:
    """A key that says something personal becomes another, always the same."""
    if any(map(str.isdigit, key)) and rule_of(key) is None:
        return key  # an id that stands as a key
    telling = (
        rule_of(key) is not None or container_of(key) is not None or about_people(key) or set(words_of(key)) <= _SAYING
    )
    return f"{_NEW[sum(map(ord, key)) % len(_NEW)]}_{_NEW[sum(map(ord, key)) // 7 % len(_NEW)]}" if telling else key


def _rewritten(text: str) -> str:
    try:
        return json.dumps(_renamed(json.loads(text))) if text[:1] in "{[" else text
    except ValueError:
        return text


def renamed(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages of a run, with the keys of their JSON renamed."""
    out = []
    for one in messages:
        one = dict(one)
        if isinstance(one.get("content"), str) and one["content"]:
            one["content"] = _rewritten(one["content"])
        if one.get("tool_calls"):
            calls = one["tool_calls"]
            one["tool_calls"] = [
                {**c, "function": {**c["function"], "arguments": _rewritten(c["function"]["arguments"])}} for c in calls
            ]
        out.append(one)
    return out


def main() -> None:
    """Scores both policies."""
    limit = int(sys.argv[1]) if len(sys.argv) > 1 else None
    original = data.traces

    def traces() -> Iterator[tuple[str, list[dict[str, Any]], Any]]:
        for name, messages, values in original():
            yield name, renamed(messages), values

    for label, runs in (("keys as they are", original), ("telling keys renamed", traces)):
        data.traces = runs
        for policy in (RedactionPolicy(), RedactionPolicy(strict=True)):
            redactor = Redactor(policy, pseudonym_key=KEY)

            def factory(redactor: Redactor = redactor) -> Any:
                return lambda messages: _redacted(redactor.trace(), _draft(messages), messages)

            bench.show(
                f"{label}, {'strict' if policy.strict else 'default'}",
                *bench.run(factory, "trace", limit),
                verbose="-v" in sys.argv,
            )


if __name__ == "__main__":
    main()
