"""What people write in notes, chats, minutes and transcripts, and no key says: names, numbers and addresses by their surroundings."""

from __future__ import annotations

import pytest

from agentlog.redaction import Redactor

REDACTOR = Redactor(None, pseudonym_key=b"secret")


def taken(text: str, value: str) -> bool:
    """Whether none of the words of `value` is left, and all that stands before it is."""
    done = REDACTOR.text(text)
    before = text.partition(value)[0]
    left = done[len(before) :]
    words = [word.strip(".,#") for word in value.replace("/", " ").split()]
    return done.startswith(before) and "<" in left and not any(len(word) > 1 and word in left for word in words)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Witness gave the plate RKT 5521 to the desk", "RKT 5521"),
        ("A blue van, plates 4GHZ812, blocks the gate", "4GHZ812"),
        ("vehicle reg LB07 SEO, silver", "LB07 SEO"),
        ("Member ID ZGP220187345 was checked", "ZGP220187345"),
        ("(employee no. F220417, night shift)", "F220417"),
        ("DL D5521879 expires soon", "D5521879"),
        ("his NI number is AB 65 43 21 D", "AB 65 43 21 D"),
        ("the A-number A 087 552 410 of the spouse", "A 087 552 410"),
        ("cust acct# 5512-883-104 is past due", "5512-883-104"),
        ("Please add Bonvoy 220 184 559 to the stay", "220 184 559"),
        ("Amex ending 3051 was used", "3051"),
        ("last four of SSN 8841 matched", "8841"),
        ("or call 555-0177 after six", "555-0177"),
        ("left a VM @ 6175550143", "6175550143"),
        ("lock box code 7719 on the back door", "7719"),
        ("The gate code is #4410, then left", "4410"),
        ("The prompt wants a password. I typed “Sommer2024!” twice", "Sommer2024!"),
        ('Asked for the security word, she said "petunia7".', "petunia7"),
        ("logged in as qworthing on host web-2", "qworthing"),
        ("Code review by @lena-k: fine", "lena-k"),
        ("@j.ortega: who deploys today?", "j.ortega"),
        ("bday 4 Nov, likes jazz", "4 Nov"),
    ],
)
def test_a_number_or_a_login_goes_by_what_is_said_before_it(text: str, value: str) -> None:
    assert taken(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("She lives at 12 Cherry Vale with two cats", "12 Cherry Vale"),
        ("Send it to 40-18 Larch Street, Flushing", "40-18 Larch Street"),
        ("Meet at 9B Rowan Grove at noon", "9B Rowan Grove"),
        ("the house on 77 Pine Rd NW #4 is sold", "77 Pine Rd NW #4"),
        ("Caller gave twenty two Maple Street", "twenty two Maple Street"),
        ("our office in York YO1 7HH is closed", "YO1 7HH"),
        ("ship to Ottawa K1P 5M7 today", "K1P 5M7"),
        ("She moved to Dayton, Ohio 45402 in May", "45402"),
        ("Portland OR 97205 has a shop", "97205"),
    ],
)
def test_addresses_in_a_sentence(text: str, value: str) -> None:
    assert taken(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "call me on six one seven, five five five, oh one eight eight please",
            "six one seven, five five five, oh one eight eight",
        ),
        ("my zip is oh two one three nine", "oh two one three nine"),
        ("the last four of the card? that is nine nine one four", "nine nine one four"),
        ("my birthday is the second of june nineteen seventy one", "the second of june nineteen seventy one"),
        ("my name is spelled L-E-N-A.", "L-E-N-A"),
        ("that's B-R-Z-E-Z-I-N-S-K-I", "B-R-Z-E-Z-I-N-S-K-I"),
    ],
)
def test_what_was_said_aloud(text: str, value: str) -> None:
    assert taken(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Spoke w/ Rosalind about the refund", "Rosalind"),
        ("3/9 LM for S. Kowalczyk, no answer", "S. Kowalczyk"),
        ("cust Nguyen, Thomas called again", "Nguyen, Thomas"),
        ("Courier Stefano reported a flat tyre", "Stefano"),
        ("my husband Kwabena is away", "Kwabena"),
        ("Statement taken by M. Lindqvist at the desk", "M. Lindqvist"),
        ("referred by nurse Holly on Monday", "Holly"),
        ("a letter from Dr Castellano arrived", "Castellano"),
        ("1. OKAFOR/GRACE MRS, seat 4A", "OKAFOR/GRACE"),
        ("Yamada-san will prepare it", "Yamada"),
        ("the Kowalski family moved out", "Kowalski"),
        ("hey imogen,\ncan you call?", "imogen"),
        ("so mister kowalski called back", "kowalski"),
        ("Surname - Lindqvist\nCar - red", "Lindqvist"),
        ("[12/05/24, 09:11:02] Rafael: on my way", "Rafael"),
        ("Guest list:\n- Delphine (vegan)\n- cake", "Delphine"),
        ("Present: Agnieszka, Chidi, Wei Ling\nBudget was approved", "Agnieszka, Chidi, Wei Ling"),
    ],
)
def test_people_in_notes_minutes_and_chats(text: str, value: str) -> None:
    assert taken(text, value)


@pytest.mark.parametrize(
    "text",
    [
        "The plate is 3 mm thick; plate 12 of 40; reg 5 holds the tag v2",
        "Call 1000 times, then call 2 of 3; dial 0 for help; mobile 360 view",
        "member id is required; employee no. 1 priority; the account number field",
        "DL 1234 departs at ten; the DL model; bonvoy points: 4500",
        "The MacBook M2 8GB and the E2 3PM slot; row B2 4TB",
        "In Texas 12000 people voted; 2 Mountain View offices were let",
        "year ending 2023 and quarter ending 2024",
        "one two three four five six seven, start again",
        "pick two four or six of them; nine one one",
        "A-B testing, the X-Y plane and an A-B-C plan",
        "Annotate it with @Override, import @types/node, done by @media rules",
        "@channel: the build is green",
        "client Kubernetes, customer Support, user Agent, manager Pro",
        "Drink Dr Pepper; Juniper Dr is closed; the Alps family of chips",
        "the password field shows “required” and the token “expired”",
        "Present: nothing new, all tests green",
        "names: count, total, average",
        "Names: Mercury, Venus, Mars\nPanel: Oak, Ash, Maple",
        "error code 4471, area code 415, the entry code path",
        "S. 12 applies, see p. 4. Next line; U. S. Steel; J. Crew",
        "hi there,\nhello team,\nhey all,",
        "username field, current user settings, logged in as expected",
        "tracking 1Z999AA10123456784",
        "USPS 9400 1118 9922 3197 4284 90",
        "meet at 52.5200, 13.4050",
    ],
)
def test_what_only_sounds_like_it_stays(text: str) -> None:
    assert REDACTOR.text(text) == text


def test_what_has_the_shape_of_a_number_close_before_is_another_of_them() -> None:
    done = REDACTOR.text("My passport no. is KX220417 and hers is KX220418, flight KX22.")
    assert done == "My passport no. is <NATIONAL_ID_1> and hers is <NATIONAL_ID_2>, flight KX22."


@pytest.mark.parametrize(
    ("question", "answer", "left"),
    [
        ("May I have your full name and date of birth?", "lena ortega, august 3 1984", []),
        ("And the phone number on file?", "6175550143", []),
        ("What is your zip code?", "it's 02139", ["it's"]),
        ("I have texted you a one-time code. Please read it to me.", "771 204", []),
        ("Please confirm the name on the account.", "Bartosz Wilk", []),
        ("What are the last four digits of the card?", "0094", []),
    ],
)
def test_an_answer_is_what_the_question_asked_for(question: str, answer: str, left: list[str]) -> None:
    asked, answered, thanks = REDACTOR.trace().exchange([question, answer, "Thank you"]).texts
    assert (asked, thanks) == (question, "Thank you")
    words = [word.strip(",") for word in answer.split()]
    assert [word for word in words if word in answered.replace(",", " ").split()] == left


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("May I have your name and order number?", "sure, one moment"),
        ("What is your name?", "refund please"),
        ("How can I help you today?", "6175550143"),
        ("Please give me your date of birth and travel date.", "May 20, 2024"),
        ("Which size do you want?", "02139"),
    ],
)
def test_an_answer_to_another_question_stays(question: str, answer: str) -> None:
    assert REDACTOR.trace().exchange([question, answer]).texts == (question, answer)


def test_the_same_words_are_an_answer_in_one_trace_only() -> None:
    asked = REDACTOR.trace().exchange(["I have sent you a code. Please tell me.", "4471"]).texts
    alone = REDACTOR.trace().exchange(["How many are left?", "4471"]).texts
    assert (asked[1], alone[1]) == ("<SECRET_1>", "4471")


def test_questions_and_answers_of_a_transcript_in_one_text() -> None:
    done = REDACTOR.text(
        "Agent: And your zip? Caller: 02139. Agent: Your phone number? Caller: uh 617 5550143\nAgent: Thanks"
    )
    assert "02139" not in done
    assert "5550143" not in done
    assert done.endswith("Agent: Thanks")
