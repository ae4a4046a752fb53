from __future__ import annotations

import pytest

from agentlog.conversations.languages import language_of, languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello, I have not received my order, can you please help me with this?", "en"),
        ("Hallo, ich habe meine Bestellung noch nicht bekommen. Können Sie bitte nachsehen?", "de"),
        ("Bonjour, je n'ai pas reçu ma commande, est-ce que vous pouvez vérifier dans votre système ?", "fr"),
        ("Hola, no he recibido mi pedido. ¿Puede usted mirar qué ha pasado con el paquete, por favor? Gracias", "es"),
        ("Olá, não recebi a minha encomenda. Você pode ver o que aconteceu? Obrigado", "pt"),
        ("My refund of £30 has not arrived", "en-GB"),
        ("It was $30 or £25", "en"),
        ("", "en"),
        ("order 12345", "en"),
        ("def main(): return la, les", "en"),
    ],
)
def test_the_language_of_a_text(text, language):
    assert language_of(text) == language


def test_a_trace_is_in_the_language_of_what_is_said_in_it_and_not_of_its_instructions(calls):
    german = "Ich habe meine Bestellung nicht bekommen, wo ist sie und was kann ich tun?"
    calls.add(
        german,
        answer="Das ist nicht gut.",
        trace_id="a",
        system="You are the assistant of this shop. Help the user with the order.",
    )
    calls.add("My name is <PERSON_1>, where is it?", answer="hello", trace_id="b")
    calls.add("我叫<PERSON_1>", answer="你好", trace_id="c")
    calls.add("My name is <PERSON_1>", answer="hello", trace_id="c")
    calls.add("<PERSON_1>と申します。注文はどこですか。", answer="はい", trace_id="d")
    assert languages(calls.table()) == {"a": "de", "c": "zh", "d": "ja"}
