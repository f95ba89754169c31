"""Jobs as files."""

import json
from dataclasses import replace

import pytest

from backends.launch.job_file import is_launched, read_launch, write_launch
from backends.launch.where import where_of
from backends.protocol import Job
from graph import edits, trust
from graph.data import DataSpec
from graph.problems import UserError
from tests.backends.pytorch.drawings import digits_mlp


def test_a_job_is_read_as_it_was_written(tmp_path):
    job = Job(digits_mlp(epochs=7), tmp_path / "runs", start_from=tmp_path / "earlier")
    written = write_launch(job, where_of("processes:2:sharded"))
    assert is_launched(written.run)
    read = read_launch(written.run)
    assert read.where == written.where
    assert read.job == replace(job, folder=written.run)


def test_a_resumed_job_stays_in_its_folder(tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    written = write_launch(Job(digits_mlp(), tmp_path, resume=run), where_of("process"))
    assert written.run == run
    assert read_launch(run).job.resume == run


def test_a_folder_without_a_job_is_no_bug(tmp_path):
    assert not is_launched(tmp_path)
    with pytest.raises(UserError, match="no job"):
        read_launch(tmp_path)


def test_a_damaged_job_is_named(tmp_path):
    run = write_launch(Job(digits_mlp(), tmp_path), where_of("process")).run
    (run / "launch" / "job.json").write_text("{")
    with pytest.raises(UserError, match=r"job\.json cannot be read"):
        read_launch(run)


def test_only_code_that_is_trusted_here_is_trusted_there(tmp_path, monkeypatch):
    monkeypatch.setattr(trust, "_agreed", set())
    run = write_launch(Job(digits_mlp(), tmp_path), where_of("process")).run
    assert '"trusted": []' in (run / "launch" / "job.json").read_text()


def test_the_code_of_trusted_data_is_trusted_there(tmp_path, monkeypatch):
    code = "class Ones:\n    __len__ = lambda _: 9\n"
    (tmp_path / "ones.py").write_text(code)
    spec = DataSpec("own_dataset", {"path": str(tmp_path / "ones.py")})
    for agreed in (set(), {trust.digest(code)}):
        monkeypatch.setattr(trust, "_agreed", set(agreed))
        run = write_launch(
            Job(edits.set_data(digits_mlp(), spec), tmp_path), where_of("process")
        ).run
        held = json.loads((run / "launch" / "job.json").read_text())
        assert held["trusted"] == sorted(agreed)


def test_who_only_looks_at_a_job_trusts_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(trust, "_agreed", set())
    run = write_launch(Job(digits_mlp(), tmp_path), where_of("process")).run
    path = run / "launch" / "job.json"
    path.write_text(
        path.read_text().replace('"trusted": []', f'"trusted": ["{trust.digest("x")}"]')
    )
    read_launch(run)
    assert not trust.is_trusted("x")
    read_launch(run, is_to_do=True)
    assert trust.is_trusted("x")
