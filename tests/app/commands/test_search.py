"""`torchloom search` as programs and people call it."""

import argparse
import json
import signal
import sys
from pathlib import Path

import pytest

from app import cli
from app.commands import search
from app.commands.common import FAILED, FINE, WRONG_USAGE
from graph.fileio import save
from graph.problems import UserError
from tests.backends.pytorch.drawings import iris_mlp


@pytest.fixture
def call(tmp_path, capsys):
    """Runs the command on a document; answers its exit code, the JSON and all that it said."""

    def run(*words, document=None):
        parser = argparse.ArgumentParser()
        search.declare(parser)
        parser.add_argument("--json", action="store_true")
        save(document or iris_mlp(epochs=2), tmp_path / "d.loom")
        runs = str(tmp_path / "runs")
        code = search.run(parser.parse_args([str(tmp_path / "d.loom"), *words, "--runs", runs]))
        said = capsys.readouterr()
        return code, json.loads(said.out) if "--json" in words else None, said

    return run


OVER = ("--over", "dense.features={4, 8}", "--over", "dense2.features={2, 3}")


def test_the_answer_has_the_best_and_all_trials(call, tmp_path):
    pytest.importorskip("optuna")
    code, answer, said = call(*OVER, "--trials", "3", "--json", "--name", "wide")
    assert code == FINE
    assert (answer["finished"], answer["combinations"]) == (2, 4)
    assert answer["refused"] == len(answer["trials"]) - 2 == 2
    best = answer["best"]
    assert best["values"]["dense2.features"] == 3
    assert best["value"] == min(t["value"] for t in answer["trials"] if t["value"] is not None)
    assert (Path(best["run"]) / "run.json").is_file()
    assert "wide" in answer["search"] and Path(answer["search"]).parent.name == "searches"
    assert answer["text"] == "All choices have been tried."
    refused = next(t for t in answer["trials"] if t["state"] == "refused")
    assert "classes" in refused["text"] and refused["run"] is None
    assert "searching among 4 choices" in said.err and "not trained:" in said.err


def test_people_get_a_table_and_go_on_later(call):
    pytest.importorskip("optuna")
    code, _, said = call(*OVER[:2], "--trials", "1")
    assert code == FINE
    lines = said.out.splitlines()
    assert lines[0].split() == ["trial", "dense.features", "loss"]
    assert lines[1].split()[0] == "1"
    assert "best     dense.features" in said.out
    code, answer, _ = call("--resume", "latest", "--trials", "2", "--json")
    assert [t["state"] for t in answer["trials"]] == ["finished"] * 2
    assert len({t["values"]["dense.features"] for t in answer["trials"]}) == 2


def test_a_search_without_any_fit_fails(call):
    pytest.importorskip("optuna")
    code, answer, _ = call("--over", "dense2.features={1, 2}", "--json")
    assert code == FAILED
    assert answer["best"] is None and answer["refused"] == 2


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--over", "dense.units={1}"),
        ("--over", "dense.features=1"),
        ("--over", "epochs={1}", "--trials", "0"),
        ("--over", "epochs={1}", "--objective", "beauty"),
        ("--over", "epochs={1}", "--resume", "latest"),
        ("--resume", "latest"),
        ("--over", "epochs={1}", "--on", "machines:2x1"),
        ("--over", "epochs={1}", "--on", "moon"),
        ("--over", "epochs={1}", "--parallel", "2"),
        ("--over", "epochs={1}", "--on", "process", "--parallel", "0"),
    ],
)
def test_what_cannot_be_searched_is_wrong_usage(call, words, tmp_path):
    code, answer, said = call(*words, "--json")
    assert code == WRONG_USAGE
    assert answer["error"] in said.err
    assert not (tmp_path / "runs").exists()


def test_a_missing_optuna_is_said(call, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(UserError, match="pip install"):
        call(*OVER)


def test_an_interruption_ends_it_and_says_so(call, monkeypatch):
    pytest.importorskip("optuna")
    show = search._Lines.show

    def interrupt(lines, event):
        show(lines, event)
        if type(event).__name__ == "Stepped":
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(search._Lines, "show", interrupt)
    with pytest.raises(KeyboardInterrupt):
        call(*OVER[:2], "--epochs", "1000")
    monkeypatch.undo()
    assert cli.INTERRUPTED == 130
