from __future__ import annotations

from pathlib import Path

import pytest

from agentlog.errors import ConfigurationError
from agentlog.tasks.study import Study


def test_a_study_lies_in_its_dataset():
    study = Study.of("records", "autumn-2")
    assert study.path == Path("records/studies/autumn-2")
    assert {study.tasks, study.models, study.evaluations, study.routing} == {
        study.path / name for name in ("tasks", "models", "evaluations", "routing")
    }


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a" * 81])
def test_a_study_s_name_cannot_lead_elsewhere(name):
    with pytest.raises(ConfigurationError, match="name"):
        Study.of("records", name)
