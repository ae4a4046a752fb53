"""Amounts and dates of a trace that are not those of the log: every relation between them holds."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from agentlog.conversations.figures import FACTORS, Figures
from agentlog.conversations.money import in_json, says_money

POLICY = "Travel insurance is $30 per passenger. Each extra bag is $50. Refunds within 24 hours. A 15% tax is included."


def reservation(chance: random.Random) -> dict[str, Any]:
    """One whose payment is the sum of its parts."""
    flights = [
        {
            "flight_number": f"HAT{chance.randrange(100, 300)}",
            "price": chance.randrange(50, 500),
            "date": f"2024-05-{chance.randrange(10, 28)}",
        }
        for _ in range(chance.randrange(1, 5))
    ]
    passengers, bags = chance.randrange(1, 5), chance.randrange(0, 4)
    insurance = chance.random() < 0.5
    paid = sum(one["price"] for one in flights) * passengers + 30 * passengers * insurance + 50 * bags
    return {
        "reservation_id": f"R{chance.randrange(10**5)}",
        "flights": flights,
        "passengers": passengers,
        "insurance": "yes" if insurance else "no",
        "nonfree_baggages": bags,
        "total_baggages": bags + 2,
        "payment_history": [{"payment_id": f"gift_card_{chance.randrange(10**7)}", "amount": paid}],
    }


def exact(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def test_in_two_thousand_reservations_every_relation_and_the_order_hold():
    chance, held, ordered, changed = random.Random(5), 0, 0, 0
    for number in range(2_000):
        raw = reservation(chance)
        text = json.dumps(raw)
        figures = Figures(f"trace-{number}", 0, [POLICY, text])
        made, policy = exact(figures.render(text)), figures.render(POLICY)
        insurance, bag = (Decimal(found) for found in re.findall(r"\$([0-9.]+[0-9])", policy))
        prices = [Decimal(one["price"]) for one in made["flights"]]
        parts = sum(prices) * made["passengers"]
        parts += insurance * made["passengers"] * (made["insurance"] == "yes") + bag * made["nonfree_baggages"]
        held += parts == made["payment_history"][0]["amount"]
        before = [one["price"] for one in raw["flights"]]
        ordered += sorted(range(len(prices)), key=prices.__getitem__) == sorted(
            range(len(before)), key=before.__getitem__
        )
        changed += prices[0] != before[0]
        kept = ("reservation_id", "passengers", "insurance", "nonfree_baggages", "total_baggages")
        assert {key: made[key] for key in kept} == {key: raw[key] for key in kept}
        assert [one["flight_number"] for one in made["flights"]] == [one["flight_number"] for one in raw["flights"]]
        assert made["payment_history"][0]["payment_id"] == raw["payment_history"][0]["payment_id"]
        days = [dt.date.fromisoformat(one["date"]) for one in made["flights"]]
        were = [dt.date.fromisoformat(one["date"]) for one in raw["flights"]]
        assert [day.weekday() for day in days] == [day.weekday() for day in were]
        assert [b - a for a, b in pairwise(days)] == [b - a for a, b in pairwise(were)]
        assert days[0] != were[0]
    assert (held, ordered, changed) == (2_000, 2_000, 2_000)


def test_a_policy_keeps_its_counts_percentages_and_times():
    made = Figures("t", 0, [POLICY]).render(POLICY)
    assert "24 hours" in made and "15% tax" in made and "$30" not in made and "$50" not in made


def test_one_amount_is_one_amount_however_it_is_written_and_wherever_it_stands():
    texts = [
        '{"price": 1286.5}',
        "It costs $1,286.50.",
        "1286.5 * 2 + 30",
        "That is 1286.50 in all.",
        "Insurance is $30.",
        '{"amount": "1286.50"}',
    ]
    figures = Figures("t", 0, texts)
    value = Decimal("1286.5") * figures.factor
    found = [
        Decimal(re.search(r"1?[0-9][0-9,]*\.[0-9]+", figures.render(text))[0].replace(",", "")) for text in texts[:4]
    ]
    assert found == [value] * 4
    assert figures.render("1286.5 * 2 + 30") == f"{value.normalize():f} * 2 + {(30 * figures.factor).normalize():f}"
    assert Decimal(exact(figures.render(texts[5]))["amount"]) == value


@pytest.mark.parametrize(
    "text",
    ["Order W2378156 of 3 items", "flight 532, room 1286, #532", "call 415-555-0134 or +1 (415) 555-0134", "at 10:30, in 24 hours, v1.2.3, 1/2",
     "gpt-4o-2024-08-06 and claude-3-5-sonnet-20241022", "15 % of 200 people", "<PERSON_532> <ZIP_1_NUMBER>", "in 2024", "192.0.2.1", "37.7749,-122.4194"],
)  # fmt: skip
def test_what_is_no_amount_and_no_date_stays(text):
    figures = Figures("t", 0, ['{"price": 532, "total_price": 1286, "fee": 24, "cost": 200}', "2024-05-15"])
    assert figures.render(text) == text


def of(days: int, text: str, *, language: str = "en", year: str = "2024-01-01") -> str:
    figures = Figures("t", 0, [text, year], language=language)
    figures.shift = dt.timedelta(days=days)
    return figures.render(text)


@pytest.mark.parametrize(
    ("before", "after", "language"),
    [
        ("2024-05-15", "2024-05-29", "en"),
        ("2024-05-20T10:30:00Z", "2024-06-03T10:30:00Z", "en"),
        ("Wednesday, May 15, 2024 at 3 pm", "Wednesday, May 29, 2024 at 3 pm", "en"),
        ("May 20th", "June 3rd", "en"),
        ("on 20 May", "on 3 June", "en"),
        ("Dec. 25, 2024", "Jan. 8, 2025", "en"),
        ("05/20/2024", "06/03/2024", "en"),
        ("20/05/2024", "03/06/2024", "fr"),
        ("24.05.2024", "07.06.2024", "de"),
        ("am 3. März 2024", "am 17. März 2024", "de"),
        ("am 24. Mai", "am 7. Juni", "de"),
        ("le 24 février 2024", "le 9 mars 2024", "fr"),
        ("el 24 de mayo de 2024", "el 7 de junio de 2024", "es"),
        ("24 de março de 2024", "7 de abril de 2024", "pt"),
        ("2024年5月24日", "2024年6月7日", "zh"),
        ("5月24日", "6月7日", "ja"),
        ("2024年05月24日", "2024年06月07日", "zh"),
    ],
)
def test_a_date_moves_by_whole_weeks_as_it_is_written(before, after, language):
    assert of(14, before, language=language) == after
    assert of(-14, after, language=language) == before


def test_a_day_without_a_year_stays_where_no_year_is_known():
    figures = Figures("t", 0, ["on May 15"])
    assert figures.render("on May 15") == "on May 15"


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ('{"prices": {"economy": 99, "business": 210.5, "seats_count": 3}}', ["99", "210.5"]),
        ('{"refund_amount": "12.00", "payment_id": 77, "discount_percent": 10}', ["12.00"]),
        ('[{"cost": 5, "quantity": 2}, {"cost": 7, "time": 3}]', ["5", "7"]),
        ('{"total": 3, "results": [1, 2]}', []),
        ('{"total": 30, "price": 15}', ["30", "15"]),
        ('{"a": {"total_count": 4}, "salary": [1, 2]}', ["1", "2"]),
    ],
)
def test_a_key_says_what_is_money(text, money):
    assert [text[start:end] for start, end in in_json(text)] == money


def test_words_of_keys_decide_and_no_list_of_keys():
    assert all(map(says_money, ("totalPrice", "TOTAL_PAID", "unit-price", "amountUsd", "ticketFare")))
    assert not any(
        map(says_money, ("payment_method", "price_id", "costRatio", "paymentCount", "name", "total_baggages"))
    )


def test_json_stays_json_and_a_trace_keeps_its_figures():
    chance = random.Random(1)
    for number in range(200):
        text = json.dumps(reservation(chance))
        figures = Figures(f"t{number}", 3, [text])
        json.loads(figures.render(text))
        assert figures.render(text) == Figures(f"t{number}", 3, [text]).render(text)
    assert len({Figures(f"t{number}").factor for number in range(300)}) == len(FACTORS)
