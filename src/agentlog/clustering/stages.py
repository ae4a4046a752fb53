"""Stages: what one template is used for at different moments, told by what its last message shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from agentlog.tasks.model import AFTER_TOOL, FREE, Cue, Prompt, TaskModel, cue_of

_SHARE = 0.01  # of a template's calls, from which a cue can be a stage
_EXPLAINED = 0.8  # of a template's calls must show one of the frequent cues
_MOST = 30  # more different cues than this are content, not control
_TOLD = 0.1  # of a template's calls must be in runs with several of them, for these to say anything
_ALTERNATING = 1 / 3  # of such runs must show different cues
_DECIDED = 0.9  # of the answers must be foretold by whether a tool has just answered
_DECIDED_EACH = 0.8


def learn_stages(
    model: TaskModel,
    prompts: Sequence[Prompt],
    runs: Sequence[str],
    templates: Sequence[int | None],
    kinds: Sequence[str],
    recurring: set[int],
    min_size: int,
) -> None:
    """Gives the model its stages.

    Args:
        model: it knows its templates already.
        prompts: the calls.
        runs: the run of each.
        templates: the template of each.
        kinds: the kind of each call's answer, "" when nothing is known of it.
        recurring: words of lines that recur in first and last messages.
        min_size: fewer calls are no stage.
    """
    cues = [cue_of(prompt, recurring) for prompt in prompts]
    members: defaultdict[int, list[int]] = defaultdict(list)
    for i, template in enumerate(templates):
        if template is not None:
            members[template].append(i)
    for template, indices in members.items():
        least = max(min_size, _SHARE * len(indices))
        found = controlled([(runs[i], cues[i]) for i in indices], least, model.lexicon.words)
        if not found and _answers_follow_tools([(cues[i] == AFTER_TOOL, kinds[i]) for i in indices], least):
            found = [FREE, AFTER_TOOL]
        if found:
            model.stages[template] = {cue: stage for stage, cue in enumerate(found)}
            model.cue_lines.update(word for _, words in found for word in words)


def controlled(calls: Sequence[tuple[str, Cue]], least: float, words: Sequence[str]) -> list[Cue]:
    """The frequent cues, if constant lines tell the calls of a template apart; in the order in which they appear."""
    counts = Counter(cue for _, cue in calls)
    frequent = [cue for cue, count in counts.items() if count >= least]
    if not frequent or (len(frequent) == 1 and len(calls) - counts[frequent[0]] < least):
        return []
    explained = sum(counts[cue] for cue in frequent if cue not in (FREE, AFTER_TOOL))
    if len(frequent) > _MOST or explained < _EXPLAINED * len(calls):
        return []
    cued = all(
        cue in (FREE, AFTER_TOOL) or (cue[0] == "tail" and words[cue[1][0]].endswith((":", "\uff1a")))
        for cue in frequent
    )
    return frequent if _alternate(calls, cued) else []


def _alternate(calls: Sequence[tuple[str, Cue]], otherwise: bool) -> bool:
    """Whether different cues come in one and the same run, as the moments of an agent do.

    Content that happens to recur (ten customers with the same question) differs between runs instead. Where runs hold
    one call each nothing is known, and the answer is `otherwise`: a prompt that ends in "Thought:" or "Action:" is believed.
    """
    cues: defaultdict[str, list[Cue]] = defaultdict(list)
    for run, cue in calls:
        cues[run].append(cue)
    several = [found for found in cues.values() if len(found) > 1]
    if sum(map(len, several)) < _TOLD * len(calls):
        return otherwise
    return sum(len(set(found)) > 1 for found in several) >= _ALTERNATING * len(several)


def _answers_follow_tools(calls: Sequence[tuple[bool, str]], least: float) -> bool:
    """Whether the kind of answer is decided by whether a tool has just answered: first choose a tool, then write.

    An agent that mixes both at any moment stays one task: before the call nobody knows which it will be.
    """
    counts = {turn: Counter(kind for after, kind in calls if after == turn and kind) for turn in (False, True)}
    sizes = {turn: sum(found.values()) for turn, found in counts.items()}
    if min(sizes.values()) < least:
        return False
    top = {turn: found.most_common(1)[0] for turn, found in counts.items()}
    return (
        top[False][0] != top[True][0]
        and all(top[turn][1] >= _DECIDED_EACH * sizes[turn] for turn in top)
        and top[False][1] + top[True][1] >= _DECIDED * sum(sizes.values())
    )
