"""Which task does a call belong to? The model that `cluster` fits and that a router asks. It sees requests only.

A prompt's *fingerprint* is the set of its template lines (those in the model's vocabulary) and of the offered tools.
It belongs to the most similar *leader* by weighted Jaccard: that is its template. What its last message shows, a
*cue*, gives the stage within the template. A prompt that fits nowhere belongs to no task.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from agentlog.errors import DatasetError
from agentlog.tasks.lines import Lexicon, Line
from agentlog.tasks.reading import Request

VERSION: Final = 1

SYSTEM, FIRST, MIDDLE, LAST, TOOL, SCHEMA = range(6)
"""Where a word stands in a request: part of its key, because the same line means another thing elsewhere."""
SECTIONS = 8

Cue = tuple[str, tuple[int, ...]]
"""What the end of a prompt shows: a tool's result, constant lines ("control", "tail" of a completion prompt), or nothing."""
AFTER_TOOL: Final[Cue] = ("tool", ())
FREE: Final[Cue] = ("free", ())

_SIMILAR = 0.5  # weighted Jaccard from which two prompts come from one template
_SIMILAR_IN_PLACE = 0.25  # the same for two calls made at one place, which capture has joined already
_EXTRA_WEIGHT = 40.0  # an offered tool counts like a line of 40 characters
_MEMORY = 20_000  # remembered texts and fingerprints: a stream of ever new prompts must not fill the memory
_CONTROLLING = 0.3  # share of the last message that constant lines must make up to control what comes next


def key(word: int, section: int) -> int:
    """The word at that place, as one number."""
    return word * SECTIONS + section


def word_of(one: int) -> int:
    """The number of a key's word."""
    return one // SECTIONS


def section_of(one: int) -> int:
    """Where a key's word stands."""
    return one % SECTIONS


class Prompt(NamedTuple):
    """A request with its texts read as lines."""

    system: tuple[Line, ...]
    first: tuple[Line, ...]
    middle: tuple[Line, ...]
    last: tuple[Line, ...]
    last_role: str
    extras: tuple[int, ...]
    """Keys of the offered tools and the output schema, as far as the lexicon knows them."""
    unknown: int
    """How many tools it does not know."""
    place: str


class Fingerprint(NamedTuple):
    """What is compared of a prompt."""

    keys: frozenset[int]
    unknown: int
    place: str


class _Known(NamedTuple):
    lines: tuple[Line, ...]  # held so that nothing else can take its id
    keys: list[int]
    size: int
    known: int


class Matcher:
    """Leaders, each standing for a template, and the most similar one to a fingerprint."""

    def __init__(self, weights: dict[int, float], places: Iterable[str]) -> None:
        self.weights = weights
        """The vocabulary: key → weight. Keys of tools and schemas need no entry."""
        self.places: dict[str, list[int]] = {place: [] for place in places}
        """The known places, and the leaders of each. Any other place counts as unknown."""
        self.leaders: list[Fingerprint] = []
        self._totals: list[float] = []
        self._holders: defaultdict[int, list[int]] = defaultdict(list)

    def weight(self, one: int) -> float:
        """How much a key counts."""
        return _EXTRA_WEIGHT if section_of(one) >= TOOL else self.weights[one]

    def add(self, leader: Fingerprint) -> int:
        """Makes `leader` the next template; its number."""
        number = len(self.leaders)
        self.leaders.append(leader)
        self._totals.append(sum(map(self.weight, leader.keys)) + leader.unknown * _EXTRA_WEIGHT)
        for one in leader.keys:
            self._holders[one].append(number)
        if leader.place in self.places:
            self.places[leader.place].append(number)
        return number

    def best(self, fingerprint: Fingerprint) -> int | None:
        """The most similar leader, the earlier one of equals; None when none is similar enough.

        Calls of different known places are never one template; a leader of the same place comes before all others.
        """
        total = fingerprint.unknown * _EXTRA_WEIGHT
        shared: dict[int, float] = {}
        for one in fingerprint.keys:
            weight = self.weight(one)
            total += weight
            for number in self._holders.get(one, ()):
                shared[number] = shared.get(number, 0.0) + weight
        here = self.places.get(fingerprint.place)
        if here is None:
            return self._most_similar(shared.items(), total, 0.0, _SIMILAR)
        # the place counts like a tool, so that prompts without any template are alike where their place is
        best = self._most_similar([(n, shared.get(n, 0.0)) for n in here], total, _EXTRA_WEIGHT, _SIMILAR_IN_PLACE)
        if best is None:
            elsewhere = [(n, common) for n, common in shared.items() if not self.leaders[n].place]
            best = self._most_similar(elsewhere, total, 0.0, _SIMILAR)
        return best

    def _most_similar(
        self, shared: Iterable[tuple[int, float]], total: float, bonus: float, least: float
    ) -> int | None:
        found: tuple[float, int] | None = None
        for number, common in shared:
            similarity = (common + bonus) / (total + self._totals[number] - common + bonus)
            if similarity >= least and (found is None or (similarity, -number) > found):
                found = (similarity, -number)
        return None if found is None else -found[1]


class TaskModel:
    """Templates, their stages and the tasks these are."""

    def __init__(self, lexicon: Lexicon, weights: dict[int, float], places: Iterable[str]) -> None:
        self.lexicon = lexicon
        self.matcher = Matcher(weights, places)
        self.floors: list[float] = []
        """For each template: the least share of a prompt's characters that its vocabulary must explain."""
        self.cue_lines: set[int] = set()
        """Words that count as constant lines of a last message."""
        self.stages: dict[int, dict[Cue, int]] = {}
        """For each template that has stages: cue → stage. Without an entry the whole template is stage 0."""
        self.tasks: dict[tuple[int, int], str] = {}
        """(template, stage) → the task's id; what is missing is too rare to be a task."""
        self._templates: dict[Fingerprint, int | None] = {}
        self._memory: tuple[dict[int, _Known], ...] = ({}, {}, {})

    def prompt(self, request: Request) -> Prompt:
        """The request's texts as lines."""
        read, number = self.lexicon.read, self.lexicon.number
        extras = [(number(f"tool {name}"), TOOL) for name in request.tools]
        if request.schema:
            extras.append((number(f"schema {request.schema}"), SCHEMA))
        known = tuple(key(word, section) for word, section in extras if word is not None)
        return Prompt(
            read(request.system), read(request.first), read(request.middle), read(request.last),
            request.last_role, known, len(extras) - len(known), request.place,
        )  # fmt: skip

    def fingerprint(self, prompt: Prompt) -> Fingerprint:
        """The prompt's lines and heads that are in the vocabulary, and what it offers."""
        keys: set[int] = set(prompt.extras)
        for section, lines in ((SYSTEM, prompt.system), (FIRST, prompt.first), (MIDDLE, prompt.middle)):
            keys.update(self._known(lines, section).keys)
        place = prompt.place if prompt.place in self.matcher.places else ""
        return Fingerprint(frozenset(keys), prompt.unknown, place)

    def coverage(self, prompt: Prompt) -> float:
        """The share of the prompt's characters in lines that the vocabulary knows, at least by their head."""
        system, first = self._known(prompt.system, SYSTEM), self._known(prompt.first, FIRST)
        size = system.size + first.size
        return (system.known + first.known) / size if size else 0.0

    def _known(self, lines: tuple[Line, ...], section: int) -> _Known:
        """What the vocabulary knows of one section; remembered, because runs resend their prompts."""
        memory = self._memory[section]
        found = memory.get(id(lines))
        if found is None:
            keys: list[int] = []
            size = known = 0
            for line in lines:
                held = [one for word in line.chain if (one := word * SECTIONS + section) in self.matcher.weights]
                size += line.size
                if held:
                    known += line.size
                    keys += held
            if len(memory) >= _MEMORY:
                memory.clear()
            found = memory[id(lines)] = _Known(lines, keys, size, known)
        return found

    def template(self, fingerprint: Fingerprint) -> int | None:
        """The number of the template; None when there is nothing to compare, or nothing is similar."""
        if not fingerprint.keys and not fingerprint.place:
            return None
        if fingerprint not in self._templates:
            if len(self._templates) >= _MEMORY:
                self._templates.clear()
            self._templates[fingerprint] = self.matcher.best(fingerprint)
        return self._templates[fingerprint]

    def cue(self, prompt: Prompt) -> Cue:
        """What the end of the prompt shows."""
        return cue_of(prompt, self.cue_lines)

    def stage(self, template: int, cue: Cue) -> int | None:
        """The stage of a template that a cue stands for; None when it stands for none."""
        stages = self.stages.get(template)
        if stages is None:
            return 0
        return stages.get(cue, stages.get(FREE))

    def locate(self, prompt: Prompt) -> tuple[int, int] | None:
        """(template, stage) of a prompt, or None."""
        template = self.template(self.fingerprint(prompt))
        if template is None or self.coverage(prompt) < self.floors[template]:
            return None
        stage = self.stage(template, self.cue(prompt))
        return None if stage is None else (template, stage)

    def assign(self, requests: Iterable[Request]) -> Iterator[str | None]:
        """The task's id of each request, None for a request that belongs to no task."""
        for request in requests:
            place = self.locate(self.prompt(request))
            yield None if place is None else self.tasks.get(place)

    def compact(self) -> TaskModel:
        """The same model with nothing but the words it needs, as after saving and loading."""
        return self.from_dict(self.to_dict())

    def word(self, one: int) -> str:
        """The line, head, tool or schema that a key stands for."""
        return self.lexicon.words[word_of(one)]

    def to_dict(self) -> dict[str, Any]:
        """The model as JSON values, without the words that no template, tool or cue uses."""
        used = {word_of(one) for leader in self.matcher.leaders for one in leader.keys}
        used.update(map(word_of, self.matcher.weights), self.cue_lines)
        numbers = {word: number for number, word in enumerate(sorted(used))}

        def moved(one: int) -> int:
            return key(numbers[word_of(one)], section_of(one))

        return {
            "version": VERSION,
            "words": [self.lexicon.words[word] for word in sorted(used)],
            "weights": sorted([moved(one), weight] for one, weight in self.matcher.weights.items()),
            "places": list(self.matcher.places),
            "leaders": [
                {"keys": sorted(map(moved, one.keys)), "unknown": one.unknown, "place": one.place}
                for one in self.matcher.leaders
            ],
            "floors": self.floors,
            "cue_lines": sorted(numbers[word] for word in self.cue_lines),
            "stages": [
                {"template": template, "cue": [kind, [numbers[word] for word in words]], "stage": stage}
                for template, stages in sorted(self.stages.items())
                for (kind, words), stage in stages.items()
            ],
            "tasks": [
                {"template": template, "stage": stage, "id": one} for (template, stage), one in self.tasks.items()
            ],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TaskModel:
        """The model that `to_dict` wrote.

        Raises:
            DatasetError: it was written by another version.
        """
        if data.get("version") != VERSION:
            raise DatasetError(
                f"the task model has version {data.get('version')!r}, this agentlog reads {VERSION}: cluster again"
            )
        model = cls(Lexicon(data["words"]), {one: weight for one, weight in data["weights"]}, data["places"])
        for leader in data["leaders"]:
            model.matcher.add(Fingerprint(frozenset(leader["keys"]), leader["unknown"], leader["place"]))
        model.floors = list(data["floors"])
        model.cue_lines = set(data["cue_lines"])
        for one in data["stages"]:
            kind, words = one["cue"]
            model.stages.setdefault(one["template"], {})[kind, tuple(words)] = one["stage"]
        model.tasks = {(one["template"], one["stage"]): one["id"] for one in data["tasks"]}
        return model


def cue_of(prompt: Prompt, constant: set[int]) -> Cue:
    """What the end of a prompt shows, when the words in `constant` are its constant lines."""
    if prompt.last_role == "tool":
        return AFTER_TOOL
    if not prompt.last:  # a completion prompt may end in "Thought:"; a message of one line is content
        tail = prompt.first[-1] if len(prompt.first) > 1 else None
        return ("tail", tail.chain[:1]) if tail is not None and tail.whole and tail.chain[0] in constant else FREE
    lines = [line for line in prompt.last if line.whole and line.chain[0] in constant]
    if lines and sum(line.size for line in lines) >= _CONTROLLING * sum(line.size for line in prompt.last):
        return "control", tuple(sorted({line.chain[0] for line in lines}))
    return FREE
