"""What stands around a name and says whether it is a person's: titles of roles, words of speech, firms and products.

Words before and behind a name are looked up rather than matched by patterns: there are many names in a text.
"""

# ruff: noqa: RUF001 - typographic quotes and dashes are what is looked for

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.words.lists import MONTHS, ORGANISATION, STREETS
from agentlog.redaction.words.name_table import CALLED, FAMILY, FIRM, known

_THING_AHEAD: Final = re.compile(
    r" \([A-Z]{3}\)|, [A-Z]{2}\b|[ -]v?[0-9]|[ ]?[=({\[<>|^~]|\.[a-z]|[ ](?:v|version|™|®)\b|[™®]|:/"
)
_THING_WORDS: Final = frozenset(
    """the a an this that our its in at near via using version model class import library package brand van von der de den du di da
    del della ter bin ibn al el le la new old hurricane storm st st. saint san santa lake mount port fort cape island hotel team
    project operation""".split()
)
"""Right before a name they say that it is a thing's or a place's, or the second half of a family name."""
_THING_MARKS: Final = frozenset("#`$@/\\=<({[|")
_AT_SOMEBODY: Final = ("shouted at", "smiled at", "looked at")
_PERSON_WORDS: Final = frozenset(
    """to for with and or from by tell told ask asked about not just both upgrade upgrading remove removing add adding contact call
    email met meet than invite notify inform thanks thank between hi hello dear""".split()
)
"""Right before a name they go with people."""
_PERSON_MARKS: Final = frozenset(',;:–—*_-•"“.!?\n>')
_PEOPLE_AHEAD: Final = re.compile(
    r"['’]s\b|[ ](?:is|was|has|had|will|would|can|could|does|did|said|says|wants|wanted|needs|needed|asked|asks|told|thinks|"
    r"thought|called|calls|wrote|replied|lives|lived|works|worked|who|and I|likes|loves|prefers|confirmed|agreed|requested|"
    r"requests|travels|booked|provided|contacted|shouted|went|came|got|also|may|might|should|must|here)\b"
    r"|[.,!?;:)*\"”]|\s*\Z|\n|[ ](?:and|or|to|from|on|in|at|for|as|if|that|by|with|about|again|please)\b"
)
_EXPECTED_BEFORE: Final = re.compile(
    r"\b(?:passenger|customer|guest|patient|member|client|user|employee|travell?er|participant|attendee|student|tenant|contact|"
    r"owner|author|manager|name|nurse|teacher|colleague|friend)s?(?: are| is)?[\s:*_\"'1.(-]{1,12}\Z",
    re.IGNORECASE,
)
_EXPECTED_AHEAD: Final = re.compile(
    r"[ ,*(]{1,4}(?:DOB|D\.O\.B|[Dd]ate [Oo]f [Bb]irth|[Bb]orn|[Aa]ged? [0-9]|born|<?[\w.+-]{1,64}@)"
)
_AND_BEHIND: Final = re.compile(r" & ([A-Z][^\W\d_]{1,24})(?! [A-Z])(?!\w)")
_AND_BEFORE: Final = re.compile(r"(\b[A-Z][^\W\d_]{0,24} )?\b([A-Z][^\W\d_]{1,24}) & \Z")
_LISTED: Final = re.compile(r",? (?:and|or|&) |, ")
KIN: Final = frozenset(
    """wife husband spouse fiance fiancé fiancee fiancée girlfriend boyfriend son daughter brother sister mother father mom mum dad
    stepson stepdaughter aunt auntie uncle cousin niece nephew grandma grandpa grandmother grandfather granddaughter grandson baby
    neighbor neighbour boss roommate flatmate landlord landlady babysitter nanny godmother godfather twin""".split()
)
"""Whom people speak of as theirs."""
MODALS: Final = frozenset(("will", "may", "can", "mark", "pat", "rob", "sue", "drew", "bill", "grant", "chase", "hope"))
STOPS: Final = (
    frozenset(MONTHS)
    | ORGANISATION
    | STREETS
    | frozenset(
        """airport palace station university college school hospital museum theater theatre cathedral church bridge river mountain lake
    county city town island beach valley park hall stadium arena center centre tower building award prize trophy cup
    museum foundation institute society memorial act law theorem algorithm syndrome disease effect scale test method
    sort filter model distribution process chain equation transform machine network series index number constant law
    collection edition bag shoe shoes jeans watch perfume lipstick chair table lamp sofa dress shirt boots sneakers
    classic pro plus max mini ultra lite air premium international municipal
    regional principle equilibrium paradox""".split()
    )
)
"""Behind a name these say that it is a place's, a firm's, a theorem's or a product's."""
_NEXT: Final = re.compile(r"(,)? (?:(and|&) )?([A-Za-z]{1,14}|[SN]\.A)(?!\w)")
_GOODS: Final = frozenset(
    """collection edition bag bags shoe shoes jeans watch watches perfume lipstick chair chairs table lamp lamps sofa sofas dress dresses
    shirt shirts boots sneakers theorem algorithm prize award trophy syndrome disease effect scale distribution process method transform
    airport museum stadium salad salads sponge cracker crackers bread tart tarts cake cakes pie pies potatoes sauce soup cocktail cocktails
    tea coffee pizza pizzas sandwich sandwiches roll rolls dressing cheese eggs beer beers wine whisky whiskey syrup honey sugar marmalade
    butter noodles burger burgers cereal chocolate chocolates train trains motorcycle motorcycles truck trucks tractor tractors engine
    engines printer printers paint paints tile tiles carpet carpets mattress mattresses furniture cosmetics shares stock stocks""".split()
)
"""Right behind a name these say that it is a product's, a dish's or a theorem's."""
_AND_OTHERS: Final = frozenset("Company Co Sons Son Brothers Bros Daughters Partners Associates Cie".split())
_LEGAL: Final = frozenset("Inc LLC LLP Ltd PLC plc GmbH AG Corp S.A N.A Pty".split())
_SHOPS: Final = frozenset(
    """macy wendy levi dillard denny joe arby kohl lowe sam dick john domino mcdonald carl victoria hershey kellogg reese lay campbell
    sotheby christie lloyd moody claire trader parkinson alzheimer murphy moore bayes hooke newton maxwell fermat cramer""".split()
)
"""With 's behind them they are shops, sicknesses and laws."""
_RELATED: Final = re.compile(
    r"['’]s (?:wife|husband|daughter|son|mother|father|kids?|child|children|brother|sister|boss|partner|fiancée?|birthday|boyfriend|girlfriend|parents)\b"
    r"|[ ](?:lives? (?:at|in)|lived (?:at|in)|was born|shouted|smiled|married|whispered|had given|is married)\b"
)
"""Behind somebody's name, whatever the name is."""
_SAYS: Final = frozenset("says said asks asked replied adds added explains explained".split())
TELLING: Final = frozenset(
    """wife husband daughter son mother father kid kids child children brother sister boss partner fiancé fiancée birthday boyfriend
    girlfriend parents lives live lived born shouted smiled married whispered given says said asks asked replied adds added
    explains explained""".split()
)
"""One of these is in a text in which `_RELATED` or one of `_SAYS` is."""
ROLES: Final = frozenset(
    """passenger passengers customer customers guest guests patient patients member members client clients user users employee
    employees traveler travelers traveller travellers participant participants attendee attendees student students tenant tenants
    contact contacts owner owners author authors manager managers name names nurse teacher colleague friend friends dob born
    aged and or""".split()
)
"""One of these is in a text in which `_EXPECTED_BEFORE` or `_EXPECTED_AHEAD` is."""
FIRMS: Final = frozenset(
    """morgan_stanley charles_schwab wells_fargo merrill_lynch goldman_sachs ralph_lauren calvin_klein tommy_hilfiger michael_kors
    hugo_boss levi_strauss estee_lauder marc_jacobs mary_kay jo_malone tom_ford harley_davidson aston_martin alfa_romeo jack_daniels
    johnnie_walker louis_vuitton kate_spade ray_ban dolce_gabbana bobbi_brown laura_mercier charlotte_tilbury stella_artois
    john_deere john_lewis marks_spencer ben_jerry dr_martens martha_stewart warner_bros ernst_young johnson_johnson procter_gamble
    victoria_secret baker_hughes rolls_royce booz_allen hewlett_packard johnson_controls smith_barney edward_jones raymond_james
    dean_witter ann_taylor brooks_brothers perry_ellis kenneth_cole steve_madden liz_claiborne karen_millen ethan_allen herman_miller
    grant_thornton sara_lee betty_crocker duncan_hines oscar_mayer jimmy_dean philip_morris arthur_andersen thomas_cook eddie_bauer jimmy_choo paul_smith ted_baker vera_bradley yves_laurent
    mercedes_benz sherwin_williams baker_mckenzie baker_tilly gibson_dunn latham_watkins jones_lang kirkland_ellis tate_lyle jimmy_john
    dale_carnegie christian_dior christian_louboutin jack_wolfskin karl_lagerfeld jim_beam aston_villa robin_hood harper_collins simon_schuster
    hunter_douglas lane_bryant dick_blick austin_reed
    santa_clara santa_monica santa_fe santa_barbara santa_cruz san_jose san_antonio st_louis los_angeles las_vegas""".split()
)
"""Firms, brands and cities that are made of names."""


_FIELD: Final = 56
_THING_LABEL: Final = re.compile(
    r"(?<!\bfrom )(?<!\bwith )(?:company|organi[sz]ation|brand|manufacturer|vendor|city|town|suburb|county|country|province|font|font-family|face|stadium|"
    r"airport)(?:[_ -]?name)?[\"'*`\\]{0,4}[ \t]{0,3}\Z",
    re.IGNORECASE,
)
_IN_FIELD: Final = re.compile(r"[ \t]{0,3}[\"'*`\\]{0,3}(?:[^\W\d_]{1,12}['\u2019]? ){0,2}")
"""Up to where in a field of a thing a name may stand: behind two words at most."""
_SAINT: Final = re.compile(r"(?<![\w-])(?:São|Santo|Santa|Sankt|San|Sant|Saint|Sainte|St\.?) \Z")
_SAINT_ENDS: Final = ("o ", "a ", "t ", "n ", "e ", ". ")
"""Before a given name that a place has of a saint: "São José dos Campos"."""
_OF_A_YEAR: Final = re.compile(r"\bthe (?:19|20)[0-9]{2} \Z", re.IGNORECASE)
"""Not who, but what there was in a year: "the 2024 Summer Olympics"."""
_LEAST_LINE: Final = 50
"""Characters of a line that goes on in the next one."""
_WIDEST_BREAK: Final = 10


def is_firm(key: str) -> bool:
    """Whether two names with `_` between them are a firm's."""
    return key in FIRMS or known(key) & FIRM > 0


def of_a_thing(text: str, start: int, end: int) -> bool:
    """Whether a given name that stands alone from `start` to `end` is a product's, a place's, a shop's or an identifier."""
    if thing_ahead(text, end) or firm_around(text, start, end):
        return True
    if text.startswith(("'s", "’s"), end) and text[start:end].lower() in _SHOPS:
        return True
    before = text[max(0, start - 24) : start].rstrip(" \t")
    if before[-1:] in _THING_MARKS and before:
        return True
    if text[start - 1 : start] == '"' and text[end : end + 1] == '"':
        return True  # a value of its own: what its key says decides
    word = before.rpartition(" ")[2].lower()
    return word in _THING_WORDS and text[start - 1 : start] in (" ", "\t") and not before.lower().endswith(_AT_SOMEBODY)


def labelled_a_thing(text: str, start: int) -> bool:
    """Whether a name stands in a field of which the label says that it is a firm's, a place's, a font's, or behind a year."""
    before = text[max(0, start - _FIELD) : start]
    if before.endswith(_SAINT_ENDS) and _SAINT.search(before, max(0, len(before) - 8)) is not None:
        return True
    if before[-1:] == " " and before[-2:-1].isdigit() and _OF_A_YEAR.search(before) is not None:
        return True
    mark = max(before.rfind(":"), before.rfind("="))
    return (
        mark >= 0
        and _IN_FIELD.fullmatch(before, mark + 1) is not None
        and _THING_LABEL.search(before, 0, mark) is not None
    )


def thing_ahead(text: str, end: int) -> bool:
    """Whether what stands right behind a name says that it is a product's, a place's or an identifier."""
    return _THING_AHEAD.match(text, end) is not None or thing_behind(text, end)


def firm_around(text: str, start: int, end: int) -> bool:
    """Whether a name is one half of a firm's that is made of two: "Johnson & Johnson", "Tate & Lyle", but not "Mia & Tom"."""
    if text[end : end + 2] != " &" and text[start - 2 : start] != "& ":
        return False
    behind = _AND_BEHIND.match(text, end)
    before = _AND_BEFORE.search(text[max(0, start - 54) : start])
    others = (
        behind.group(1) if behind is not None else "",
        before.group(2) if before is not None and not before.group(1) else "",
    )
    for other in filter(None, map(str.lower, others)):
        low = text[start:end].lower()
        keys = f"{low}_{other}", f"{other}_{low}"
        if any(map(is_firm, keys)):
            return True
        if all(known(word) & FAMILY and not known(word) & CALLED for word in (low, other)):
            return True
    return False


def thing_behind(text: str, end: int) -> bool:
    """Whether the word behind a name says that it is a product's, a theorem's or a firm's."""
    match = _NEXT.match(text, end)
    if match is None:
        return False
    comma, others, word = match.groups()
    if others:
        return word in _AND_OTHERS and not comma
    return word in _LEGAL or (word in _GOODS and not comma)


def person_before(text: str, start: int) -> bool:
    """Whether what stands right before `start` goes with people."""
    before = text[max(0, start - 32) : start]
    bare = before.rstrip(" \t")
    if not bare or bare[-1] in _PERSON_MARKS or (bare[-1] == "." and bare[-2:-1].isdigit()):
        return True
    word = re.split(r"[\s(\[*_\"]", bare)[-1].lower()
    return word in _PERSON_WORDS or bare.endswith("behalf of") or _EXPECTED_BEFORE.search(before) is not None


def person_behind(text: str, end: int) -> bool:
    """Whether what stands right behind `end` goes with people, or is the end of a phrase."""
    return _PEOPLE_AHEAD.match(text, end) is not None


def expected(text: str, start: int, end: int, last_name: int) -> bool:
    """Whether what stands around says that here is a person: a role, another name before it in a list, a date of birth."""
    if 0 <= last_name < start and start - last_name <= 6 and _LISTED.fullmatch(text, last_name, start) is not None:
        return True
    return (
        _EXPECTED_AHEAD.match(text, end) is not None
        or _EXPECTED_BEFORE.search(text[max(0, start - 32) : start]) is not None
    )


def told(text: str, start: int, end: int) -> bool:
    """Whether what stands beside a word is only said of people."""
    if _RELATED.match(text, end) is not None:
        return True
    before, _, word = text[max(0, start - 12) : max(0, start - 1)].rpartition(" ")
    return word in _SAYS and before[-1:] in (",", '"', "”") and before != ""


def begins(text: str, start: int) -> bool:
    """Whether a sentence begins there, so that the capital letter says nothing."""
    before = text[max(0, start - 4) : start].rstrip(" *_\"'“-•>")
    return not before or before[-1] in ".!?:\n"


def wrapped(text: str, end: int, start: int) -> bool:
    """Whether a line of running text ends at `end` and goes on at `start`: a name may be broken there."""
    gap = text[end:start]
    if len(gap) > _WIDEST_BREAK or gap.count("\n") != 1 or gap.strip(" \t\r\n>"):
        return False
    return end - 1 - text.rfind("\n", max(0, end - 400), end) >= _LEAST_LINE and text[start - 1] in " \t>\n"


def code_around(text: str, start: int, end: int) -> bool:
    """Brackets, quotes of code and the like right beside it."""
    return text[start - 1 : start] in ("`", "<", "$") or text[end : end + 1] in ("`", "(", "=")
