"""The list of all runs: as fast as an index, as true as the folders."""

import contextlib
import json
import os
import shutil
import sqlite3

import pytest

from backends.runs import index, lock
from backends.runs.entry import read_entry, write_notes
from backends.runs.folder import write_json
from backends.runs.index import INDEX, empty_trash, list_runs, put_back, throw_away


def make(folder, name, **facts):
    run = folder / name
    run.mkdir(parents=True)
    summary = {"name": "Digits", "status": "finished", "started": f"2026-01-01T{name}", **facts}
    write_json(run / "run.json", summary)
    return run


FACTS = {
    "epochs": 3, "step": 60, "best_epoch": 2, "seconds": 12.5, "device": "cpu", "parameters": 99,
    "plan": {"epochs": 5}, "dataset": "digits", "document": "abc", "text": "why",
    "last": {"train": {"loss": 0.5, "accuracy": 0.75}, "validation": {"loss": 0.625}},
    "best": {"train": {"loss": 0.25}, "validation": {"loss": 0.375}}, "test": {"loss": None},
}  # fmt: skip


def test_the_list_tells_what_the_folders_tell(tmp_path):
    run = make(tmp_path, "10", **FACTS)
    make(tmp_path, "11")
    (tmp_path / "half-made").mkdir()
    write_notes(run, tags=["a", "b"], notes="long ago", name="Mine")
    first, again = list_runs(tmp_path), list_runs(tmp_path)
    assert first == again == [read_entry(tmp_path / "11"), read_entry(run)]
    entry = again[1]
    assert (entry.name, entry.drawing, entry.tags) == ("Mine", "Digits", ("a", "b"))
    assert (entry.loss, entry.best_loss, entry.test) == (0.625, 0.375, {})
    assert (entry.epochs, entry.total_epochs, entry.parameters) == (3, 5, 99)


def test_what_changes_in_a_folder_changes_in_the_list(tmp_path):
    run, other = make(tmp_path, "1"), make(tmp_path, "2")
    assert len(list_runs(tmp_path)) == 2
    write_notes(run, tags=["new"])
    write_json(other / "run.json", {"name": "Other", "status": "stopped"})
    os.utime(other / "run.json", ns=(1, 1))  # an older file put in its place counts, too
    assert {(e.name, e.status, e.tags) for e in list_runs(tmp_path)} == {
        ("Digits", "finished", ("new",)), ("Other", "stopped", ()),
    }  # fmt: skip
    shutil.rmtree(run)
    assert [entry.name for entry in list_runs(tmp_path)] == ["Other"]


@pytest.mark.parametrize("content", [b"", b"no database at all" * 400])
def test_a_damaged_index_is_made_anew(tmp_path, content):
    make(tmp_path, "1", **FACTS)
    before = list_runs(tmp_path)
    (tmp_path / INDEX).write_bytes(content)
    assert list_runs(tmp_path) == before
    (tmp_path / INDEX).unlink()
    assert list_runs(tmp_path) == before


def test_an_index_of_another_version_is_made_anew(tmp_path, monkeypatch):
    make(tmp_path, "1")
    before = list_runs(tmp_path)
    monkeypatch.setattr(index, "VERSION", 2)
    assert list_runs(tmp_path) == before


def test_where_no_index_can_be_the_folders_tell(tmp_path):
    make(tmp_path, "1")
    (tmp_path / INDEX).mkdir()
    assert [entry.name for entry in list_runs(tmp_path)] == ["Digits"]


def test_a_damaged_run_is_left_out(tmp_path):
    make(tmp_path, "1")
    (make(tmp_path, "2") / "run.json").write_text("{")
    (make(tmp_path, "3") / "run.json").write_text(
        json.dumps({"tags": 3, "last": [], "epochs": "x"})
    )
    (tmp_path / "1" / "notes.json").write_text("[")
    assert [entry.name for entry in list_runs(tmp_path)] == ["Digits", "3"]


def test_a_run_without_a_living_process_was_interrupted(tmp_path):
    run = make(tmp_path, "1", status="running")
    assert [entry.status for entry in list_runs(tmp_path)] == ["interrupted"]
    lock.take(run)
    assert [entry.status for entry in list_runs(tmp_path)] == ["running"]


def test_what_is_thrown_away_can_be_put_back(tmp_path):
    run = make(tmp_path, "1")
    place = throw_away(run)
    assert list_runs(tmp_path) == []
    assert empty_trash(tmp_path, older_than_s=60) == 0
    put_back(place, run)
    assert len(list_runs(tmp_path)) == 1
    throw_away(run)
    assert empty_trash(tmp_path, older_than_s=0) == 1
    assert not list((tmp_path / ".trash").iterdir())


@pytest.mark.parametrize(
    "facts",
    [
        '{"name": "half \\ud83d of a sign"}',
        '{"name": "long", "step": 1000000000000000000000, "parameters": 1e999}',
        '{"name": null, "epochs": "many", "last": [1], "test": {"loss": "none"}}',
        "[" * 100_000,
    ],
)
def test_a_run_of_another_hand_keeps_no_other_from_being_listed(tmp_path, facts):
    make(tmp_path, "sound")
    make(tmp_path, "odd")
    (tmp_path / "odd" / "run.json").write_text(facts, "utf-8")
    (tmp_path / "sound" / "notes.json").write_text('{"tags": ["\\ud83d"], "notes": 7}', "utf-8")
    for _ in range(2):
        assert "sound" in [entry.path.name for entry in list_runs(tmp_path)]


def test_a_folder_whose_name_is_no_text_is_listed(tmp_path):
    make(tmp_path, "sound")
    try:
        make(tmp_path, "odd").rename(tmp_path / os.fsdecode(b"odd \xff"))
    except OSError:
        pytest.skip("this file system takes text alone")
    for _ in range(2):
        assert len(list_runs(tmp_path)) == 2


@pytest.mark.parametrize("change", ["train = '{half'", "tags = '7'", "test = x'ff'"])
def test_an_index_with_damaged_cells_is_made_anew(tmp_path, change):
    make(tmp_path, "sound")
    before = list_runs(tmp_path)
    with contextlib.closing(sqlite3.connect(tmp_path / INDEX)) as held:
        held.execute(f"UPDATE runs SET {change}")
        held.commit()
    assert list_runs(tmp_path) == before
    assert list_runs(tmp_path) == before
    with contextlib.closing(sqlite3.connect(tmp_path / INDEX)) as held:
        assert held.execute("SELECT count(*) FROM runs").fetchone() == (1,)


def test_an_index_with_damaged_pages_is_made_anew(tmp_path):
    for number in range(40):
        make(tmp_path, f"run-{number}")
    before = list_runs(tmp_path)
    path = tmp_path / INDEX
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\x55" * (len(content) - 4096))
    assert list_runs(tmp_path) == before
    assert list_runs(tmp_path) == before
    with contextlib.closing(sqlite3.connect(path)) as held:
        assert held.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_index_that_another_program_holds_is_not_waited_for_long(tmp_path, monkeypatch):
    monkeypatch.setattr(index, "WAITS_S", 0.05)
    make(tmp_path, "sound")
    before = list_runs(tmp_path)
    make(tmp_path, "new")
    with contextlib.closing(sqlite3.connect(tmp_path / INDEX)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert len(list_runs(tmp_path)) == len(before) + 1


def test_notes_of_any_letters_are_kept_and_names_are_one_line(tmp_path):
    run = make(tmp_path, "sound")
    write_notes(run, name="one\ntwo\tthree", notes="half \ud83d", tags=["<b>", "';--", "🦊"])
    entry = read_entry(run)
    assert (entry.name, entry.notes) == ("one two three", "half ?")
    assert entry.tags == ("<b>", "';--", "🦊")
    assert list_runs(tmp_path) == [entry]
