"""Rows as databases and data frames print them: without a header, with columns that only their place tells, with empty cells."""

from __future__ import annotations

import pytest
from documents_made import redacted

ALIGNED = """\
id  name              position       city
1   Tomasz Kaminski   Sales Agent    Lodz
2   Adaeze Obiaku                    Enugu
"""
FRAME = """\
  first_name last_name  units
0     Xhevat   Kolgeci      3
1     Adaeze    Obiaku     14
"""


@pytest.mark.parametrize(
    "text",
    [
        "[('Steven', 'Obrecht', 24000), ('Neema', 'Kolgeci', 17000), ('Alexander', 'Haverkamp', 9000)]",
        "The result is: [(1, 'Steven', 'Obrecht'), (2, 'Neema', 'Kolgeci'), (3, 'Thomas', 'Haverkamp')] as you asked.",
        '[["Obrecht", "Steven", 3], ["Kolgeci", "Thomas", 4], ["Haverkamp", "Daniel", 5]]',
        "INSERT INTO staff VALUES (1,'Steven','Obrecht',NULL),(2,'Neema','Kolgeci','A'),(3,'Thomas','Haverkamp','');",
        "INSERT INTO staff VALUES (1,'Steven','Obrecht');\nINSERT INTO staff VALUES (2,'Thomas','Kolgeci');\n"
        "INSERT INTO staff VALUES (3,'Daniel','Haverkamp');",
    ],
)
def test_names_in_rows_that_nobody_named_the_columns_of(text: str) -> None:
    made = redacted(text)
    assert not [name for name in ("Steven", "Thomas", "Obrecht", "Kolgeci", "Haverkamp") if name in made]
    assert "<PERSON_1_GIVEN>" in made
    assert "<PERSON_1_FAMILY>" in made


@pytest.mark.parametrize(
    "text",
    [
        "[('Austin', 'Texas'), ('Madison', 'Wisconsin'), ('Jackson', 'Mississippi')]",
        "[('Alice', 'Engineering'), ('Bob', 'Marketing'), ('Carol', 'Sales')]",
        "[('Rock', 'Heavy Metal'), ('Jazz', 'Latin'), ('Rose', 'Red')]",
        "[('Jordan', 'Air'), ('Lincoln', 'Navigator'), ('Mercedes', 'Benz')]",
        'pairs = [["Angular", "React"], ["Ruby", "Rails"], ["Julia", "Python"]]',
        "INSERT INTO genre VALUES (1,'Rock'),(2,'Jazz'),(3,'Metal');",
        "INSERT INTO city VALUES (1,'Madison','Wisconsin'),(2,'Austin','Texas');",
    ],
)
def test_rows_of_things_stay(text: str) -> None:
    assert redacted(text) == text


def test_a_row_that_holds_a_street_and_a_name_is_somebodys() -> None:
    text = "[('AB12', 'Adaeze Obiaku', 'Agent', '120 Hanover Street', 'WA1 1DP', '(171) 555-7788')]"
    made = redacted(text)
    assert not [value for value in ("Obiaku", "120 Hanover", "WA1 1DP", "555-7788") if value in made]
    assert "'AB12'" in made
    assert "'Agent'" in made


def test_columns_that_only_their_place_tells() -> None:
    made = redacted(ALIGNED.replace("name   ", "full_name"))
    assert "Kaminski" not in made
    assert "Obiaku" not in made
    assert made.splitlines()[2].split()[-1] == "Enugu"
    assert "Sales Agent" in made


def test_the_rows_of_a_data_frame() -> None:
    made = redacted(FRAME)
    assert not [name for name in ("Xhevat", "Kolgeci", "Adaeze", "Obiaku") if name in made]
    assert [line.split()[-1] for line in made.splitlines()] == ["units", "3", "14"]


def test_a_row_without_a_last_cell_belongs_to_its_table() -> None:
    made = redacted(
        " first_name | last_name | note\n------------+-----------+------\n Xhevat     | Kolgeci   | \n Adaeze     | Obiaku    | x\n(2 rows)"
    )
    assert "Kolgeci" not in made
    assert "Obiaku" not in made
    assert made.endswith("| x\n(2 rows)")


def test_long_names_of_columns_are_paths() -> None:
    made = redacted("id,results.0.shipping.recipient.contact.details.postal_code\n1,75277\n2,80279\n")
    assert "75277" not in made
    assert "80279" not in made


def test_a_family_name_that_is_a_word_is_one_beside_a_given_name() -> None:
    made = redacted("id,first_name,last_name\n1,Adaeze,Park\n2,Xhevat,Green\n")
    assert "Park" not in made
    assert "Green" not in made


def test_a_street_in_small_letters_is_a_street() -> None:
    assert "tullabrook" not in redacted("id,surname,address_1\n1,obiaku,tullabrook crescent\n")
    assert "remote office" in redacted("id,surname,address_1\n1,obiaku,see the remote office\n")


@pytest.mark.parametrize(
    "text",
    [
        '{"first_name": "Adaeze", "last_name": "Obiaku", "email": "AOBIAKU"}',
        '{"email": "AOBIAKU", "first_name": "Adaeze", "last_name": "Obiaku"}',
        "first_name,last_name,email\nAdaeze,Obiaku,AOBIAKU\n",
    ],
)
def test_what_stands_for_an_address_is_the_account_of_who_is_named_beside_it(text: str) -> None:
    assert "AOBIAKU" not in redacted(text)


def test_any_other_word_under_email_stays() -> None:
    text = '{"first_name": "Adaeze", "email": "VERIFIED"}'
    assert "VERIFIED" in redacted(text)


def test_one_word_names_in_a_list_of_people() -> None:
    made = redacted('{"users": ["Alice", "Bob", "Charlie", "Eve"]}')
    assert not [name for name in ("Alice", "Bob", "Charlie", "Eve") if name in made]
    text = '{"users": ["Admin", "Guest", "Owner"]}'
    assert redacted(text) == text


def test_the_name_of_a_street_and_its_number_apart() -> None:
    made = redacted('{"location": {"street": {"number": 8929, "name": "Tullabrook Pkwy"}, "city": "Billings"}}')
    assert "Tullabrook" not in made
    assert "Billings" in made


@pytest.mark.parametrize("make", [
    lambda n: "[" + "('Steven', 'Obrecht')," * n,
    lambda n: "[(" * n,
    lambda n: "first_name  last_name  x\n" + "a    b\n" * n,
    lambda n: "first_name  last_name\n" + "  " * n + "\n",
    lambda n: "INSERT INTO t VALUES ('a'," * n,
    lambda n: "INSERT INTO t VALUES (1,'Steven','Obrecht')" + ",(1,'Steven','Obrecht')" * n,
])  # fmt: skip
def test_hostile_tables_end(make) -> None:  # type: ignore[no-untyped-def]  # a lambda
    assert redacted(make(3000))
