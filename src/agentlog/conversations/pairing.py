"""Tool calls and their results: each call answered once, in the calls' order, under ids that are unique.

Chat templates read parallel results by their position, the SDKs by their ids. So both must say the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from agentlog.conversations.reasons import Refused
from agentlog.conversations.turns import Ask, Turn


def pair(turns: Sequence[Turn]) -> list[Turn]:
    """`turns` with the results behind each assistant's turn put into the order of its calls.

    A result answers the call of its id. Where ids are missing, it answers the next open call of its name, else the next
    open call.

    Raises:
        Refused: a result answers no call before it, bears another tool's name, or a call has no result.
    """
    made: list[Turn] = []
    place = 0
    while place < len(turns):
        turn = turns[place]
        if turn.role == "tool":
            raise Refused("tool_result_orphaned")
        made.append(turn)
        place += 1
        if turn.asks:
            behind = place
            while behind < len(turns) and turns[behind].role == "tool":
                behind += 1
            made += _in_order(turn.asks, turns[place:behind])
            place = behind
    rename(made)
    return made


def _in_order(asks: Sequence[Ask], results: Sequence[Turn]) -> list[Turn]:
    answers: dict[int, Turn] = {}
    known = {ask.id for ask in asks if ask.id}
    for result in sorted(
        results, key=lambda result: result.answers not in known
    ):  # stable: those with a known id first
        free = [number for number in range(len(asks)) if number not in answers]
        if result.answers in known:
            free = [number for number in free if asks[number].id == result.answers]
        elif result.answers:  # an id that no call has can only belong to a call without one
            free = [number for number in free if not asks[number].id]
        named = [number for number in free if result.name in (None, "", asks[number].name)]
        if not named:
            raise Refused("tool_result_mismatched" if free else "tool_result_orphaned")
        answers[named[0]] = result
        result.name = asks[named[0]].name
    if len(answers) < len(asks):
        raise Refused("tool_call_unanswered")
    return [answers[number] for number in range(len(asks))]


def rename(turns: Sequence[Turn]) -> None:
    """Give calls with an empty or used id one of their own, `call_<n>`, and their results (in the calls' order) the same."""
    given = {ask.id for turn in turns for ask in turn.asks}
    used: set[str] = set()
    number = 0
    for place, turn in enumerate(turns):
        for behind, ask in enumerate(turn.asks, start=place + 1):
            if not ask.id or ask.id in used:
                number += 1
                while f"call_{number}" in given:
                    number += 1
                ask.id = f"call_{number}"
                given.add(ask.id)
            used.add(ask.id)
            if behind < len(turns) and turns[behind].role == "tool":
                turns[behind].answers = ask.id
