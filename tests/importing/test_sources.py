from __future__ import annotations

import gzip
import json

import pytest

from agentlog.dataset import open_dataset
from agentlog.errors import AgentlogError, ConfigurationError, SourceError
from agentlog.importing import import_records
from agentlog.importing.sources import Bad, Item, SourceFile
from agentlog.messages.parts import text_of

LINES = [
    {"messages": [{"role": "user", "content": f"question {n}"}, {"role": "assistant", "content": f"answer {n}"}]}
    for n in range(5)
]


def jsonl(values):
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in values).encode()


def values_in(path):
    return [one.value if isinstance(one, Item) else one for one in SourceFile(path).items()]


@pytest.mark.parametrize(
    "written",
    [
        jsonl(LINES),
        b"\xef\xbb\xbf" + jsonl(LINES),
        jsonl(LINES).replace(b"\n", b"\r\n"),
        b"\n\n" + jsonl(LINES).replace(b"\n", b"\n\n"),
        jsonl(LINES).rstrip(),
        json.dumps(LINES).encode(),
        b"\xef\xbb\xbf" + json.dumps(LINES, indent=2).encode(),
        b"  [\n" + b",\n".join(json.dumps(one).encode() for one in LINES) + b"\n]\n",
        b"\n".join(json.dumps(one, indent=2).encode() for one in LINES),
        gzip.compress(jsonl(LINES)),
        gzip.compress(json.dumps(LINES).encode()),
        gzip.compress(jsonl(LINES[:2])) + gzip.compress(jsonl(LINES[2:])),
    ],
    ids=[
        "lines",
        "bom",
        "crlf",
        "blank lines",
        "no last newline",
        "list",
        "pretty list with bom",
        "list by lines",
        "pretty values",
        "gz",
        "gz list",
        "gz in two members",
    ],
)
def test_values_are_read_however_they_are_written(tmp_path, written):
    path = tmp_path / "log"
    path.write_bytes(written)
    assert values_in(path) == LINES


def test_a_list_longer_than_the_window_is_read_value_by_value(tmp_path):
    big = [{"n": n, "text": "ä" * (n % 7) * 30_000} for n in range(60)] + [{"n": n} for n in range(5000)]
    path = tmp_path / "big.json"
    path.write_text(json.dumps(big, ensure_ascii=False), encoding="utf-8")
    assert values_in(path) == big


def test_only_newline_ends_a_line(tmp_path):
    value = {"text": "one\u2028two\u0085three\x0cfour"}
    path = tmp_path / "log.jsonl"
    path.write_bytes(jsonl([value, value]))
    assert values_in(path) == [value, value]


def test_bad_lines_are_numbered_with_their_reason_and_none_of_their_words(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes(
        jsonl(LINES[:1])
        + b'{"secret": "x",}\n'
        + b"\xff\xfe{}\n"
        + b"secret\n"
        + b"[" * 100_000
        + b"\n"
        + jsonl(LINES[1:2])
    )
    found = list(SourceFile(path).items())
    assert [one.place for one in found] == [1, 2, 3, 4, 5, 6]
    bad = [one.reason for one in found if isinstance(one, Bad)]
    assert bad[0].startswith("no JSON: ")
    assert bad[1] == "no UTF-8"
    assert "nested too deeply" in bad[3]
    assert not any("secret" in reason for reason in bad)


def test_a_first_line_that_is_broken_does_not_hide_the_others(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"messages": [{"role"\n' + jsonl(LINES))
    imported = import_records(path, tmp_path / "records")
    assert (imported.calls, [place for _, place, _ in imported.bad]) == (5, [1])


def test_a_list_that_is_cut_off_gives_what_was_whole(tmp_path):
    path = tmp_path / "log.json"
    path.write_text(json.dumps(LINES)[:-40])
    *whole, bad = SourceFile(path).items()
    assert [one.value for one in whole] == LINES[:4]
    assert bad.place == 5


def test_a_compressed_file_that_is_cut_off_gives_what_was_whole(tmp_path):
    lines = [{**one, "noise": str(hash((n, "x")) ** 5)} for n, one in enumerate(LINES * 200)]
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(gzip.compress(jsonl(lines))[:-2000])
    *whole, bad = SourceFile(path).items()
    assert len(whole) > 100
    assert [one.value for one in whole] == lines[: len(whole)]
    assert "compressed file is damaged" in bad.reason


def test_halves_of_surrogate_pairs_are_replaced_and_whole_ones_kept(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes(
        b'{"messages": [{"role": "user", "content": "\\ud83d\\ude00 \\ud83d"}, {"role": "assistant", "content": "ok"}]}\n'
    )
    import_records(path, tmp_path / "records")
    (row,) = open_dataset(tmp_path / "records").to_arrow().to_pylist()
    assert text_of(row["input_messages"][0]) == "😀 \ufffd"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"PK\x03\x04\x00\x00", "is no text"),
        (gzip.compress(b"\x00\x01\x02"), "is no text inside"),
        ("[]".encode("utf-16"), "is UTF-16"),
        (b"name,email\nsecret,a@b.example\n", "1: no JSON"),
        (
            b'{"conversations": [{"from": "human", "value": "secret"}], "secret": 1}\n',
            "the keys conversations and 1 other",
        ),
        (b'["secret"]', "1: a JSON string"),
        (b"[]", "nothing here is recognised"),
        (b'{"secret": {}, "secret2": {}}', "a JSON object with 2 keys"),
    ],
)
def test_what_is_no_log_is_refused_with_what_was_found_and_without_its_words(tmp_path, written, says):
    path = tmp_path / "log.json"
    path.write_bytes(written)
    with pytest.raises(SourceError, match=says) as caught:
        import_records(path, tmp_path / "records")
    assert "secret" not in str(caught.value)
    assert not (tmp_path / "records").exists()


def test_an_unrecognised_source_lists_the_formats_there_are(tmp_path):
    path = tmp_path / "log.json"
    path.write_text('{"a": 1}')
    with pytest.raises(SourceError) as caught:
        import_records(path, tmp_path / "records")
    assert all(name in str(caught.value) for name in ("tau", "exchanges", "run", "flywheel", "chat"))


def test_a_source_that_is_not_there_and_a_folder_without_json_are_refused(tmp_path):
    with pytest.raises(SourceError, match="no file or folder"):
        import_records(tmp_path / "nowhere", tmp_path / "records")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes.txt").write_text("x")
    with pytest.raises(SourceError, match="holds no file whose name ends with"):
        import_records(tmp_path / "folder", tmp_path / "records")


def test_a_folder_is_read_by_its_files_and_what_is_no_log_is_left_out_and_said(tmp_path):
    folder = tmp_path / "logs"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.jsonl").write_bytes(jsonl(LINES[:2]))
    (folder / "deep" / "b.json.gz").write_bytes(gzip.compress(json.dumps(LINES[2:]).encode()))
    (folder / "users.json").write_text('{"mia": {}}')
    (folder / "empty.json").write_text("")
    (folder / ".hidden.jsonl").write_bytes(jsonl(LINES))
    (folder / "README.md").write_text("x")
    imported = import_records(folder, folder / "records")
    assert imported.calls == 5
    assert sorted(path.rsplit("/", 1)[1] for path in imported.files) == ["a.jsonl", "b.json.gz"]
    assert sum("left out" in note for note in imported.notes) == 2
    assert import_records(folder, folder / "records").already == 5
    assert import_records(folder / "a.jsonl", folder / "records").already == 2


def test_a_format_can_be_named_and_one_that_is_not_there_is_refused(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes(jsonl(LINES))
    with pytest.raises(ConfigurationError, match=r"no format answers to 'csv'\. There is: tau"):
        import_records(path, tmp_path / "records", format="csv")
    wrong = import_records(path, tmp_path / "wrong", format="tau")
    assert (wrong.calls, wrong.bad_lines) == (0, 5)
    assert import_records(path, tmp_path / "records", format="chat").calls == 5


@pytest.mark.parametrize("tools", ["nowhere.json", [], ["f"], [1]])
def test_definitions_that_are_none_are_refused(tmp_path, tools):
    path = tmp_path / "log.jsonl"
    path.write_bytes(jsonl(LINES))
    with pytest.raises(SourceError):
        import_records(path, tmp_path / "records", tools=tools)


def test_a_directory_that_is_no_dataset_is_left_alone(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes(jsonl(LINES))
    with pytest.raises(AgentlogError, match="is no dataset"):
        import_records(path, tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["log.jsonl"]


def test_progress_is_told_in_bytes_up_to_the_end(tmp_path):
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(gzip.compress(jsonl(LINES * 50)))
    told = []
    import_records(path, tmp_path / "records", progress=lambda done, total: told.append((done, total)))
    size = path.stat().st_size
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_an_import_that_was_cut_off_can_be_run_again(tmp_path, monkeypatch):
    path = tmp_path / "log.jsonl"
    path.write_bytes(jsonl(LINES * 40))
    monkeypatch.setattr("agentlog.importing.importer._TICK_S", 0.0)
    monkeypatch.setattr("agentlog.importing.importer._MAX_HELD", 20)

    def stop(done, total):
        if done and total and len(told) > 100:
            raise KeyboardInterrupt
        told.append(done)

    told: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        import_records(path, tmp_path / "records", progress=stop)
    before = len(open_dataset(tmp_path / "records"))
    assert 0 < before < 200
    again = import_records(path, tmp_path / "records")
    assert (again.already, again.calls) == (before, 200 - before)
    assert len(open_dataset(tmp_path / "records")) == 200


def test_words_are_redacted_before_they_are_written(tmp_path):
    path = tmp_path / "log.jsonl"
    said = [{"role": "user", "content": "Write to ada.lovelace@example.com"}, {"role": "assistant", "content": "Sent."}]
    path.write_bytes(
        jsonl(
            [
                {
                    "messages": said,
                    "metadata": {"reply_to": "ada.lovelace@example.com"},
                    "user": "ada.lovelace@example.com",
                }
            ]
        )
    )
    imported = import_records(path, tmp_path / "records")
    text = json.dumps(open_dataset(tmp_path / "records").to_arrow().to_pylist(), default=str)
    assert "lovelace" not in text
    assert sum(imported.replaced.values()) >= 1
    row = open_dataset(tmp_path / "records").to_arrow(["user"]).to_pylist()[0]
    assert row["user"]  # a pseudonym
