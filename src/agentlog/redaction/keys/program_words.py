"""The words of keys that say: this is the program's own, or a thing's, and nobody's."""

from __future__ import annotations

import re
from typing import Final

_PROGRAM: Final = frozenset(
    """flight airport airline origin destination aircraft gate seat cabin fare class product item sku variant model engine
    version build commit hash sha md5 checksum digest etag trace span request response tool function session thread
    event job task run step batch queue topic channel shard node host hostname pod cluster namespace image container
    service deployment release branch tag tags category type kind status state code codes error level severity priority
    currency locale language lang timezone tz unit units format mime encoding color colour size weight height width length
    price cost amount total subtotal balance tax fee discount quantity qty count number_of limit offset page index rank
    score rating percent percentage ratio rate duration timeout interval latency timestamp created updated modified
    deleted started ended expires expiry expiration date time datetime day month year week departure arrival depart arrive
    scheduled estimated actual until due url uri link href path file filename folder directory
    extension icon title description summary note notes comment message text content body label option options
    options policy plan tier brand make material features feature enabled available availability coupon promo campaign
    warehouse inventory stock carrier shipping_method method source target reason result results metadata
    schema table column field query sql command script module package library framework runtime platform os browser
    device latitude longitude lat lon lng coordinates city state country region province county continent company
    organization organisation department team role position job currency_code iata icao order reservation booking
    confirmation tracking invoice ticket case transaction shipment claim receipt quote subscription contract
    locator pnr msg tx txn trx seq cursor exp expiry valid tkt ticketing seal town twn municipality locality suburb district
    place birthplace station port terminal village parish county ort ville ciudad cidade stadt plant building floor
    incident commodity goods cargo ship vessel voyage incoterm route stop line leg segment segs flt dep arr
    instance subnet vpc group volume architecture arch interface disk network cpu memory hotel room asset component plugin
    workflow pipeline issue pull project repo repository workspace article post thread conversation isrc isbn ean gtin upc asin mpn
    facet facets dataset song album movie game neighbourhood neighborhood area capital browserslist keyword keywords int integer
    bucket key_name fingerprint permission scope license licence cuisine genre ingredient dish menu course subject lesson
    diagnosis procedure medication drug dose symptom specialty test lab panel unit_of ward room bed slot shift
    industry sector segment category_name risk reason decision outcome verdict sentiment intent topic_name campaign_name
    relation relationship occupation profession nationality citizenship religion gender sex species breed
    manufacturer maker programme program producto produit produkt precio prix preis estado statut zustand ciudad grade stage
    salutation anrede restaurant cafe bistro pizzeria eatery bakery brewery winery pub venue stadium arena theater theatre cinema
    museum gallery shop store boutique outlet mall supermarket salon spa gym resort hostel motel lodge casino merchant
    retailer opened closed joined since hired registered issued valid activated enrolled launched founded purchased shipped delivered""".split()
)
"""Words that say: this is the program's own, or a thing's, and nobody's."""
_GENERIC: Final = frozenset(
    "id ids name names number no nr code key value values data item items entry entries ref uid".split()
)
_OF_THINGS: Final = frozenset(
    (("item", "id"), ("entry", "id"), ("data", "id"), ("item", "name"), ("item", "code"), ("item", "number"))
)
_GLUED: Final = re.compile(r"[a-z]{3,20}(?:date|time|city|country|state|status|type|company|currency|amount)", re.ASCII)
"""`hiredate`, `billingcity`: written in one word."""
PROSE: Final = frozenset(
    """title summary description note notes comment comments message text content body subject label reason result results
    detail details caption headline status query""".split()
)
"""Words of keys whose values are sentences, in which somebody may be named."""
THINGS: Final = frozenset(
    "order price amount total currency quantity sku product items subject invoice ticket shipment subtotal vendor".split()
)
"""Words of keys that say: the object is no person's record, whoever is named in it."""


def programs_own(words: tuple[str, ...]) -> bool | None:
    """Whether a key of these words is about the program or about things; None: what lies around it has to say.

    >>> programs_own(("flight", "number")), programs_own(("id",)), programs_own(("blorp",))
    (True, None, False)
    """
    if words in _OF_THINGS:
        return True
    if all(word in _GENERIC for word in words):
        return None
    if len(words) == 1 and _GLUED.fullmatch(words[0]) is not None:
        return True
    return any(word in _PROGRAM or (word.endswith("s") and word[:-1] in _PROGRAM) for word in words)
