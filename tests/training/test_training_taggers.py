from __future__ import annotations

import json
import random

import pytest

pytest.importorskip("sklearn", reason="taggers are trained with scikit-learn: pip install 'agentlog[study]'")
pytest.importorskip("pycrfsuite", reason="taggers are trained with python-crfsuite: pip install 'agentlog[study]'")

from agentlog.errors import ConfigurationError
from agentlog.models.crf import named
from agentlog.models.prompts import row_of
from agentlog.models.tokens import tokens_of
from agentlog.tasks.reading import Answer
from agentlog.training import tagger as training
from agentlog.training.tagger import fit_tagger


@pytest.fixture(scope="module")
def fitted():
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    spec = spec_from_file_location("training_data", Path(__file__).with_name("conftest.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    pairs = module.make_bookings(400)
    return fit_tagger([asked for asked, _ in pairs], [told for _, told in pairs], target=0.9)


def arguments(prediction):
    ((name, written),) = prediction.answer.calls
    assert name == "book"
    return json.loads(written)


def test_values_that_were_never_seen_are_copied(fitted):
    said = fitted.tagger.predict(row_of("Hello, my name is Zebulon, book 7 seats to Ulaanbaatar quickly"))
    assert arguments(said) == {
        "name": "Zebulon", "city": "Ulaanbaatar", "people": 7, "speed": "express", "currency": "EUR",
    }  # fmt: skip


def test_what_is_absent_has_no_key(fitted):
    assert "name" not in arguments(fitted.tagger.predict(row_of("Hello, book 7 seats to Rome whenever it suits")))


def test_the_answer_is_written_as_the_llm_wrote_it(fitted):
    said = fitted.tagger.predict(row_of("Hello, my name is Anna, book 3 seats to Paris quickly"))
    assert said.answer.calls == (
        ("book", '{"name": "Anna", "city": "Paris", "people": 3, "speed": "express", "currency": "EUR"}'),
    )


def test_each_field_is_filled_in_its_own_way(fitted):
    assert {one.path[0]: one.kind for one in fitted.tagger.fields} == {
        "name": "copied", "city": "copied", "people": "copied", "speed": "closed", "currency": "constant",
    }  # fmt: skip
    assert {one.path[0]: one.form for one in fitted.tagger.fields if one.kind == "copied"} == {
        "name": "verbatim", "city": "verbatim", "people": "number",
    }  # fmt: skip


def test_later_calls_decide_the_threshold(fitted):
    found = fitted.calibration
    assert found.n == 120 and found.threshold is not None and found.accepted >= 60
    assert found.agreed / found.accepted > 0.9


def test_an_empty_prompt_is_answered_or_novel_and_raises_nothing(fitted):
    assert fitted.tagger.predict({}).novel
    assert fitted.tagger.predict(row_of("")).novel


def test_a_placeholder_is_one_token_and_is_copied_with_its_number(bookings):
    pairs = [
        (asked.replace("name is", "name is <PERSON_1_GIVEN>") if "name is" in asked else asked, told)
        for asked, told in bookings(300)
    ]
    pairs = [
        (asked, Answer("", (("book", told.calls[0][1].replace('"name": "', '"name": "<PERSON_1_GIVEN> ')),)))
        for asked, told in pairs
    ]
    tagger = fit_tagger([asked for asked, _ in pairs], [told for _, told in pairs], target=0.9).tagger
    said = tagger.predict(row_of("Hello, my name is <PERSON_3_GIVEN> Wolf, book 2 seats to Oslo quickly"))
    assert arguments(said)["name"] == "<PERSON_3_GIVEN> Wolf"


def test_the_compiled_field_decides_as_crfsuite_does(bookings, tmp_path):
    import pycrfsuite

    pairs = bookings(200)
    told = [answer for _, answer in pairs]
    shapes, apart = training._shapes(told)
    examples = [
        training._Example(tokens_of(asked), "a question before", *one)
        for (asked, _), one in zip(pairs, apart, strict=True)
    ]
    fields = training._fields(shapes, examples)
    place = tmp_path / "model.crfsuite"
    crf = training._crf(examples, fields, keep=place)
    numbers = {name: f"f{number}" for number, name in enumerate(_names(examples, fields))}
    theirs = pycrfsuite.Tagger()
    theirs.open(str(place))
    for asked, _ in bookings(100, seed=9):
        tokens = tokens_of(asked + " for Unseen, at 1234")
        items = [[numbers[one] for one in mine if one in numbers] for mine in named(tokens, "a question before")]
        best = theirs.tag(items)
        labels, probability = crf.label(tokens, "a question before")
        assert [f"l{number}" for number in labels] == best
        assert probability == pytest.approx(theirs.probability(best), rel=1e-3)
    theirs.close()


def _names(examples, fields):
    """The features in the order in which training first meets them."""
    copied = [one for one in fields if one.kind == "copied"]
    return list(
        dict.fromkeys(
            name
            for example, _ in training._labelled(examples, copied)
            for mine in named(example.tokens, example.before)
            for name in mine
        )
    )


def test_json_text_is_filled_like_a_call(bookings):
    pairs = bookings(200, tool=False)
    tagger = fit_tagger([asked for asked, _ in pairs], [told for _, told in pairs], target=0.9).tagger
    said = tagger.predict(row_of("Hello, my name is Zeno, book 4 seats to Lima quickly")).answer
    assert said == Answer('{"name": "Zeno", "city": "Lima", "people": 4, "speed": "express", "currency": "EUR"}', ())


def test_the_style_of_json_is_kept_to_the_byte(bookings):
    pairs = [
        (asked, f"```json\n{json.dumps(json.loads(told), indent=2)}\n```") for asked, told in bookings(200, tool=False)
    ]
    tagger = fit_tagger([asked for asked, _ in pairs], [told for _, told in pairs], target=0.9).tagger
    asked, told = pairs[0]
    assert tagger.predict(row_of(asked)).answer.text == told


def test_one_piece_of_the_prompt_can_fill_two_fields(bookings):
    pairs = [
        (asked, json.dumps({**json.loads(told), "label": f"to {json.loads(told)['city']}"}))
        for asked, told in bookings(300, tool=False)
    ]
    tagger = fit_tagger([asked for asked, _ in pairs], [told for _, told in pairs], target=0.9).tagger
    said = json.loads(tagger.predict(row_of("Hello, book 4 seats to Windhoek quickly")).answer.text)
    assert (said["city"], said["label"]) == ("Windhoek", "to Windhoek")


def test_several_tools_are_told_apart(bookings):
    pairs = bookings(300)
    pairs = [
        (f"cancel for {asked.split()[-2]} number {place}", Answer("", (("cancel", f'{{"number": {place}}}'),)))
        if place % 3 == 0
        else (asked, told)
        for place, (asked, told) in enumerate(pairs)
    ]
    tagger = fit_tagger([asked for asked, _ in pairs], [told for _, told in pairs], target=0.9).tagger
    assert tagger.predict(row_of("cancel for suits number 98765")).answer == Answer(
        "", (("cancel", '{"number": 98765}'),)
    )


def test_a_field_that_is_neither_copied_nor_closed_is_named(bookings):
    pairs = [
        (asked, json.dumps({**json.loads(told), "mood": f"mood {number * 7919 % 10007}"}))
        for number, (asked, told) in enumerate(bookings(100, tool=False))
    ]
    with pytest.raises(ConfigurationError, match=r"'mood' of 'json' is neither copied nor closed.*lora"):
        fit_tagger([asked for asked, _ in pairs], [told for _, told in pairs], later=([], []))


def test_answers_without_fields_are_refused():
    with pytest.raises(ConfigurationError, match="no answer is a JSON object"):
        fit_tagger([f"text {number}" for number in range(40)], ["yes", "no"] * 20, later=([], []))


def test_where_nothing_is_copied_a_head_is_offered(labels):
    pairs = [(asked, json.dumps({"label": told, "sure": True})) for asked, told in labels(60)]
    with pytest.raises(ConfigurationError, match=r'no field of the answers is copied.*"head"'):
        fit_tagger([asked for asked, _ in pairs], [told for _, told in pairs], later=([], []))


def signed(count, seed=0):
    """Letters whose writer is named at the top, at the end, or at both; at the end sometimes by the first name only."""
    source = random.Random(seed)
    for _ in range(count):
        given, family = (
            source.choice("Anna Boris Clara Dmitri Emil Farah".split()),
            source.choice("Abel Berg Cole Dahl Eden".split()),
        )
        top, end = source.choice([(True, True), (True, False), (False, True)])
        brief = source.random() < 0.5
        letter = f"I am {given} {family}. " if top else "Hello. "
        letter += source.choice(("Where is my parcel?", "The lamp broke.", "Please call me."))
        letter += f" Yours, {given if brief else f'{given} {family}'}" if end else " Bye."
        name = f"{given} {family}" if top or not brief else given
        yield row_of(letter), Answer(json.dumps({"writer": name}), ())


def test_a_name_is_learned_wherever_it_stands_and_the_first_mention_counts():
    pairs = list(signed(300))
    fitted = fit_tagger([asked for asked, _ in pairs], [told for _, told in pairs], target=0.9)
    fresh = list(signed(100, seed=1))
    right = sum(fitted.tagger.predict(asked).answer == told for asked, told in fresh)
    assert right >= 97
    said = fitted.tagger.predict(row_of("I am Zoltan Quist. The lamp broke. Yours, Zoltan"))
    assert json.loads(said.answer.text) == {"writer": "Zoltan Quist"}


def test_where_every_answer_has_a_value_nothing_to_copy_is_no_answer():
    pairs = list(signed(300))
    fitted = fit_tagger([asked for asked, _ in pairs], [told for _, told in pairs], target=0.9)
    (writer,) = fitted.tagger.fields
    assert writer.needed
    said = fitted.tagger.predict(row_of("Where is my parcel?"))
    assert said.answer is None and said.score == 0.0
