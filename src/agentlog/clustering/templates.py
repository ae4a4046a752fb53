"""Finding the prompt templates behind calls: lines that recur across runs, and calls that share them.

    frequent lines (in several runs) → groups by similarity → vocabulary: what a group's members have in common
    → groups again, by the vocabulary alone: each is a template

Method: leader clustering by weighted Jaccard over unique fingerprints, the most frequent first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from agentlog.clustering.stages import controlled
from agentlog.tasks.lines import SLOT, Lexicon
from agentlog.tasks.model import (
    FIRST,
    FREE,
    LAST,
    MIDDLE,
    SECTIONS,
    SYSTEM,
    Cue,
    Fingerprint,
    Prompt,
    TaskModel,
    key,
    section_of,
    word_of,
)
from agentlog.tasks.reading import Request

_LONG_RUN = 200  # a run of more calls counts call by call: its lines recur because it is long
_COMMON = 0.5  # a line belongs to the vocabulary when so many of a group's members have it
_LONGEST = 400  # characters of a line that count
_SLOT_WEIGHT = 0.5  # what a recurring filling of a slot counts beside the slot's head
_FLOOR_SAMPLE: Final = 500
_FLOOR_SHARE = 0.8


def learn(
    requests: Sequence[Request], runs: Sequence[str], min_size: int
) -> tuple[TaskModel, list[Prompt], list[int | None], set[int]]:
    """A model that knows the templates of `requests`, and nothing of stages and tasks yet.

    Args:
        requests: in an order that does not depend on how they were stored; ties go to the earlier one.
        runs: the run of each request.
        min_size: a place in the code with fewer calls counts as unknown.

    Returns:
        The model, the requests as read prompts, the template of each, and the words of lines that recur in first and
        last messages.
    """
    lexicon = Lexicon()
    places = [
        place for place, count in Counter(request.place for request in requests).items() if place and count >= min_size
    ]
    draft = TaskModel(lexicon, {}, places)
    prompts = [draft.prompt(request) for request in requests]
    units = _units(runs)
    recurring = _Recurring(lexicon, prompts, units)
    weights = {one: _weight(lexicon, one, recurring) for one in recurring.keys if section_of(one) != LAST}

    draft = TaskModel(lexicon, weights, places)
    fingerprints = [draft.fingerprint(prompt) for prompt in prompts]
    groups = _group(draft, fingerprints)
    vocabulary = _vocabulary(groups, max(2, min(20, len(requests) // 25)))
    roles = _roles(draft, prompts, runs, [draft.template(one) for one in fingerprints], recurring, min_size)
    vocabulary.update(key(word, SYSTEM) for _, word in roles if word is not None)

    model = TaskModel(lexicon, {one: weights[one] for one in sorted(vocabulary)}, places)
    fingerprints = [model.fingerprint(prompt) for prompt in prompts]
    for indices in roles.values():
        model.matcher.add(Counter(fingerprints[i] for i in indices).most_common(1)[0][0])
    _group(model, fingerprints)
    templates = [model.template(fingerprint) for fingerprint in fingerprints]
    model.floors = _floors(model, prompts, templates)
    constant = {word_of(one) for one in recurring.keys - recurring.content if section_of(one) in (FIRST, LAST)}
    return model, prompts, templates, constant


def _roles(
    model: TaskModel,
    prompts: Sequence[Prompt],
    runs: Sequence[str],
    templates: Sequence[int | None],
    recurring: _Recurring,
    min_size: int,
) -> dict[tuple[int, int | None], list[int]]:
    """(template, word of the first system line) → its calls, for templates that several roles of one run share.

    A framework gives all its agents one long prompt in which a line says who they are. Where the calls of one run begin
    differently, each beginning is a template of its own. The word is None for calls that begin with nothing that recurs.
    """
    members: defaultdict[int, list[int]] = defaultdict(list)
    for i, template in enumerate(templates):
        if template is not None and prompts[i].system:
            members[template].append(i)
    found: dict[tuple[int, int | None], list[int]] = {}
    for template, indices in members.items():
        cues: list[Cue] = []
        for i in indices:
            word = prompts[i].system[0].chain[0]
            known = key(word, SYSTEM) in recurring.keys and key(word, SYSTEM) not in recurring.filled
            cues.append(("control", (word,)) if known else FREE)
        least = max(min_size, 0.01 * len(indices))
        accepted = controlled(
            [(runs[i], cue) for i, cue in zip(indices, cues, strict=True)], least, model.lexicon.words
        )
        if accepted:
            for i, cue in zip(indices, cues, strict=True):
                found.setdefault((template, cue[1][0] if cue in accepted and cue != FREE else None), []).append(i)
    return found


def _units(runs: Sequence[str]) -> list[int]:
    """What counts as one sighting of a line: the run, or the call where there is one run only or a very long one."""
    sizes = Counter(runs)
    numbers: dict[str, int] = {}
    return [
        numbers.setdefault(run, len(numbers)) if len(sizes) > 1 and sizes[run] <= _LONG_RUN else -1 - i
        for i, run in enumerate(runs)
    ]


class _Recurring:
    """Which lines and heads come again and again, and which of these are content all the same.

    A program fills in content behind a head ("Policy: …", or a line that ends in a colon and the next one). Content
    that recurs has three fillings or more, about one to a run, none of them the rule: `Policy: refunds take 5 days`
    comes again with every refund. The examples in a prompt, in contrast, come all together.
    """

    def __init__(self, lexicon: Lexicon, prompts: Sequence[Prompt], units: Sequence[int]) -> None:
        counts: Counter[int] = Counter()
        fillings: defaultdict[int, set[int]] = defaultdict(set)
        members: defaultdict[int, list[int]] = defaultdict(list)
        for i, unit in enumerate(units):
            members[unit].append(i)
        for indices in members.values():
            counts.update(self._seen(lexicon, [prompts[i] for i in indices], fillings))
        least = max(min(5, max(2, len(members) // 4)), len(members) // 2500)  # of 10⁵ runs, five share a line by chance
        self.keys: set[int] = {one for one, count in counts.items() if count >= least}
        """Lines and heads in enough runs."""
        self.filled: set[int] = set()
        """Lines that are the filling of a slot behind a colon or a bracket."""
        self.content: set[int] = set()
        """These, and lines that share their first words only."""
        for head, lines in fillings.items():
            found = [counts[line] for line in lines]
            if len(found) >= 3 and sum(found) <= 1.1 * counts[head] and max(found) <= 0.7 * counts[head]:
                self.content |= lines
                if not lexicon.words[word_of(head)].endswith(f" {SLOT}"):
                    self.filled |= lines

    @staticmethod
    def _seen(lexicon: Lexicon, prompts: Sequence[Prompt], fillings: defaultdict[int, set[int]]) -> set[int]:
        """The keys of one run; notes which line fills which head."""
        seen: set[int] = set()
        texts = {
            (section, id(lines)): lines  # equal texts are one object: a run resends its prompts
            for prompt in prompts
            for section, lines in (
                (SYSTEM, prompt.system),
                (FIRST, prompt.first),
                (MIDDLE, prompt.middle),
                (LAST, prompt.last),
            )
        }
        for (section, _), lines in texts.items():
            label = -1  # the line before, if it ends in a colon
            for line in lines:
                keys = [word * SECTIONS + section for word in line.chain]
                seen.update(keys)
                if len(keys) > 1:
                    fillings[keys[1]].add(keys[0])
                if label >= 0:
                    fillings[label].add(keys[0])
                label = keys[0] if lexicon.words[line.chain[0]].endswith((":", "\uff1a")) else -1
        return seen


def _weight(lexicon: Lexicon, one: int, recurring: _Recurring) -> float:
    """Long lines weigh more than short ones and system text twice; a line and its heads share the line's length."""
    word = lexicon.words[word_of(one)]
    head = next((head for head in lexicon.heads(word) if key(head, section_of(one)) in recurring.keys), None)
    weight = min(len(word), _LONGEST) - (min(len(lexicon.words[head]), _LONGEST) if head is not None else -5.0)
    if one in recurring.filled:
        weight *= _SLOT_WEIGHT
    return max(1.0, weight) * (2.0 if section_of(one) in (SYSTEM, MIDDLE) else 1.0)


def _group(model: TaskModel, fingerprints: Sequence[Fingerprint]) -> dict[int, Counter[Fingerprint]]:
    """Gives the model its leaders; template → how often each fingerprint occurs in it."""
    groups: defaultdict[int, Counter[Fingerprint]] = defaultdict(Counter)
    for fingerprint, count in sorted(
        Counter(fingerprints).items(), key=lambda item: -item[1]
    ):  # stable: first seen first
        if fingerprint.keys or fingerprint.place:
            number = model.matcher.best(fingerprint)
            groups[model.matcher.add(fingerprint) if number is None else number][fingerprint] = count
    return groups


def _vocabulary(groups: dict[int, Counter[Fingerprint]], least: int) -> set[int]:
    """The lines that half of the members of some group of at least `least` calls have."""
    found: set[int] = set()
    for members in groups.values():
        size = sum(members.values())
        if size >= least:
            counts: Counter[int] = Counter()
            for fingerprint, count in members.items():
                for one in fingerprint.keys:
                    counts[one] += count
            found.update(one for one, count in counts.items() if count >= _COMMON * size and section_of(one) < LAST)
    return found


def _floors(model: TaskModel, prompts: Sequence[Prompt], templates: Iterable[int | None]) -> list[float]:
    """The coverage below which a prompt is foreign to a template: 0.8 times the second percentile of its members."""
    found: defaultdict[int, list[float]] = defaultdict(list)
    for prompt, template in zip(prompts, templates, strict=True):
        if template is not None and len(found[template]) < _FLOOR_SAMPLE:
            found[template].append(model.coverage(prompt))
    return [
        _FLOOR_SHARE * sorted(found[number])[len(found[number]) // 50] if number in found else 0.0
        for number in range(len(model.matcher.leaders))
    ]
