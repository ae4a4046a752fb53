"""The fallback for calls of no known template: their words, or nothing."""

from __future__ import annotations

import random
import stat

import pytest

from agentlog.errors import DatasetError
from agentlog.routing import Router
from agentlog.routing.nearness import FILE, Nearness

WORDS = {
    "bank": "card account transfer balance payment cheque loan fee",
    "table": "dinner table guests tonight window booking seats menu",
}


def said(task: str, n: int, seed: int = 0) -> list[str]:
    draw = random.Random(f"{task}{seed}")
    return [" ".join(draw.sample(WORDS[task].split(), 4)) + " please help" for _ in range(n)]


@pytest.fixture
def nearness() -> Nearness:
    made = Nearness.fit({task: said(task, 100) for task in WORDS})
    assert made is not None
    return made


def test_new_words_of_a_task_find_it(nearness):
    for task in WORDS:
        found = [nearness.find(text) for text in said(task, 60, seed=1)]
        assert found.count(task) > 45 and set(found) <= {task, None}


@pytest.mark.parametrize("text", ["", "quantum physics of the sea", "1234 !!", "please help", "card table fee menu"])
def test_words_of_no_task_or_of_two_find_none(nearness, text):
    assert nearness.find(text) is None


def test_tasks_that_use_the_same_words_are_not_told_apart():
    assert Nearness.fit({"one": said("bank", 60), "two": said("bank", 60, seed=2)}) is None
    assert Nearness.fit({"small": said("bank", 19)}) is None
    assert Nearness.fit({}) is None


def test_it_is_the_same_after_saving_and_holds_no_words(nearness, tmp_path):
    nearness.save(tmp_path)
    again = Nearness.load(tmp_path)
    texts = [text for task in WORDS for text in said(task, 30, seed=3)]
    assert [again.find(text) for text in texts] == [nearness.find(text) for text in texts]
    content = (tmp_path / FILE).read_text(encoding="utf-8")
    assert "card" not in content and "dinner" not in content
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["{", "[]", '{"format": 2}', '{"format": 1}', '{"format": 1, "middles": {"t": 7}}'])
def test_a_damaged_file_is_said(tmp_path, content):
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError, match=FILE):
        Nearness.load(tmp_path)
    assert Nearness.load(tmp_path / "elsewhere") is None


def test_a_router_finds_the_task_of_another_prompt_by_its_words_when_told_to(kit, tmp_path, tasks, triage_id):
    with Router.create(tmp_path / "by-words", tasks_with_calls(kit), key=kit.KEY, centroids=True) as router:
        texts = ["I want my money back for the broken lamp, order 17", "where is my parcel, order 4"]
        tasks_found = {router.decide([{"role": "user", "content": text}]).task for text in texts}
        assert len(tasks_found) == 1 and tasks_found != {None}
        assert router.decide([{"role": "user", "content": "Write a poem about quantum physics"}]).task is None
        again = kit.reopened(router)
        assert again.decide([{"role": "user", "content": texts[0]}]).task in tasks_found
        again.close()


def test_without_being_told_to_it_does_not(kit, router):
    assert router.decide([{"role": "user", "content": "where is my parcel, order 4"}]).task is None


def tasks_with_calls(kit):
    import agentlog

    return agentlog.cluster(kit.traffic(240), min_size=10)
