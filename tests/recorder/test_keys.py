import os
import stat
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from agentlog.recorder.keys import pseudonym_key


def kept() -> Path:
    return Path(platformdirs.user_config_dir("agentlog")) / "pseudonym.key"


def test_a_key_is_made_once_and_for_its_owner_only():
    key = pseudonym_key()
    assert len(key) == 32
    assert pseudonym_key() == key
    assert [path.name for path in kept().parent.iterdir()] == ["pseudonym.key"]
    if os.name == "posix":
        assert stat.S_IMODE(kept().stat().st_mode) == 0o600


def test_processes_that_make_it_at_once_agree():
    code = "from agentlog.recorder.keys import pseudonym_key; print(pseudonym_key().hex())"
    many = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({one.communicate()[0] for one in many}) == 1


@pytest.mark.parametrize("damage", ["", "no hex", "abcd"])
def test_a_damaged_key_is_replaced(damage):
    pseudonym_key()
    kept().write_text(damage)
    key = pseudonym_key()
    assert len(key) == 32
    assert pseudonym_key() == key


def test_where_it_cannot_be_kept_there_is_one_for_this_process_and_it_is_said(monkeypatch, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    assert len(pseudonym_key()) == 32
    assert "AGENTLOG_PSEUDONYM_KEY" in caplog.text
