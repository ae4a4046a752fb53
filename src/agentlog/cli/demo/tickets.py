"""Support tickets of people who do not exist: made-up names, addresses, mails and phone numbers, the same for a seed.

None of these values can come out of an export as a surrogate, so one that is found there is one that was missed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

_FIRST: Final = (
    "Adaeze Bruno Chiara Dmitri Elif Farid Gudrun Hanako Ismael Julieta Kwame Liesbeth Mirela Nadeem Oksana Priyanka "
    "Quirino Rosalind Svetlana Thibault Umberto Valentina Wojciech Ximena Yusuf Zuzana"
).split()
_LAST: Final = (
    "Abernethy Brandstetter Chukwu Dubois Eskelinen Fischbacher Gutierrez Hadzic Ibrahimovic Jankowski Kowalczyk Lindqvist "
    "Mbeki Narayanan Okonkwo Papadopoulos Quispe Rasmussen Szymanski Takahashi Uchida Vasquez Wierzbicki Yilmaz Zoltan"
).split()
_STREETS: Final = (
    "Mulberry Street",
    "Harbour Road",
    "Station Road",
    "Orchard Avenue",
    "Church Lane",
    "Mill Street",
    "King Street",
)
_CITIES: Final = (
    ("Springfield", "IL", "627"),
    ("Portland", "OR", "972"),
    ("Austin", "TX", "787"),
    ("Columbus", "OH", "432"),
    ("Madison", "WI", "537"),
)
_AREAS: Final = (206, 309, 413, 509, 605, 718, 805, 914)
_PHONES: Final = ("+1 {area} 555 {line}", "({area}) 555-{line}", "{area}-555-{line}")
"""The exchange 555 with 01xx is kept free for fiction, as example.org is."""
_ITEMS: Final = (
    "kettle",
    "desk lamp",
    "rain jacket",
    "pair of headphones",
    "coffee grinder",
    "backpack",
    "bread knife",
)

_PROBLEMS: Final = {
    "refund": (
        "I want my money back for the {item} in order {order}.",
        "Please refund order {order}: the {item} arrived broken.",
        "Order {order} was a mistake, I meant another {item}. I would like a refund.",
        "The {item} from order {order} stopped working after {days} days. When do I get my money back?",
        "I sent the {item} of order {order} back {days} days ago, and I see no refund on my account statement.",
    ),
    "shipping": (
        "Where is my parcel? Order {order}, a {item}, was due {days} days ago.",
        "Order {order} has not arrived at {address}.",
        "The tracking of my parcel {order} has shown nothing for {days} days.",
        "Could you send the {item} of order {order} to {address} instead? It has not been shipped yet, I hope.",
        "The courier says that the parcel {order} was delivered to {address}. It was not.",
    ),
    "account": (
        "I cannot log in with {email} any more, I tried {days} times.",
        "Please change my phone number to {phone}, the form does not take it.",
        "I moved. My new address is {address}; how do I change it in my profile?",
        "Please delete my profile {email} and all that belongs to it.",
        "The link to set a new password never reaches me at {email}.",
    ),
    "technical": (
        "The app crashes when I open the cart, error 0x{code}.",
        "Sync between my tablet and my phone fails with code {code}.",
        "Since the update the barcode scanner shows {code} and nothing else.",
        "Your app freezes on the payment page. The error was {code}, {days} times today.",
        "The app logs me out again and again with the error {code}.",
    ),
}
_OPENINGS: Final = (
    "Hello, my name is {name} ({email}).",
    "Dear support team, I am {name}, customer since 2019.",
    "Hi, this is {name} from {city}.",
    "Good morning!",
    "Hello,",
)
_DETAILS: Final = (
    "You can reach me at {phone}.",
    "Please call me on {phone} or write to {email}.",
    "I live at {address}, if that matters.",
    "I have written to you twice already.",
    "This is really annoying.",
    "It is a present and I need it by Friday.",
    "No hurry.",
)
_CLOSINGS: Final = (
    "Thanks, {first}",
    "Best regards\n{name}\n{phone}",
    "Kind regards\n{name}\n{address}",
    "Yours sincerely,\n{name}",
    "Thank you!\n{name}\n{email}",
)


@dataclass(frozen=True, slots=True)
class SupportTicket:
    """A mail to the support of a shop, and what is private in it."""

    id: str
    kind: str
    """"refund", "shipping", "account" or "technical": what it is about."""
    text: str
    email: str
    private: tuple[str, ...]
    """The values in `text` that must not be on any disk: names, mail addresses, phone numbers, streets, postal codes."""


def make_tickets(count: int, seed: int = 7) -> list[SupportTicket]:
    """`count` tickets; the first ones are the same for every count.

    >>> [ticket.kind for ticket in make_tickets(4)] == [ticket.kind for ticket in make_tickets(9)[:4]]
    True
    """
    source = random.Random(seed)
    return [_make(f"ticket-{number:04d}", source) for number in range(1, count + 1)]


def _make(id: str, source: random.Random) -> SupportTicket:
    first, last = source.choice(_FIRST), source.choice(_LAST)
    city, state, zone = source.choice(_CITIES)
    street, code = f"{source.randint(2, 99)} {source.choice(_STREETS)}", f"{zone}{source.randint(1, 99):02d}"
    values = {
        "first": first,
        "name": f"{first} {last}",
        "email": f"{first}.{last}{source.randint(1, 99)}@example.org".lower(),
        "phone": source.choice(_PHONES).format(area=source.choice(_AREAS), line=f"01{source.randint(0, 99):02d}"),
        "city": city,
        "address": f"{street}, {city}, {state} {code}",
    }
    facts = {
        "order": f"A-{source.randint(10000, 42999)}",
        "item": source.choice(_ITEMS),
        "days": str(source.randint(2, 9)),
        "code": f"{source.choice(('0', '7'))}{source.randint(0, 4095):03x}",
    }
    kind = source.choice(list(_PROBLEMS))
    sentences = (
        source.choice(_OPENINGS),
        source.choice(_PROBLEMS[kind]),
        *source.sample(_DETAILS, source.randint(1, 2)),
    )
    text = " ".join(sentences) + "\n" + source.choice(_CLOSINGS)
    text = text.format(**values, **facts)
    hidden = (first, last, values["email"], values["phone"], street, code)
    return SupportTicket(id, kind, text, values["email"], tuple(value for value in hidden if value in text))
