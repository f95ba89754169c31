"""Whatever the recipe, a run that is stopped again and again ends as one that was left alone."""

import pytest

from backends.protocol import Control, Failed, Finished, Job, Stepped
from backends.pytorch import report
from backends.runs.folder import read_json
from backends.runs.metrics import read_metrics
from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.running import follow

QUICK = [{"averaging": "ema"}, {"schedule": "plateau", "accumulate": 3}, {"max_steps": 35}]
SLOW = [
    {"optimizer": "muon"}, {"optimizer": "lbfgs", "epochs": 3},
    {"optimizer": "schedule-free-adamw"}, {"averaging": "swa", "swa_start": 2},
    {"accumulate": 3, "clip_norm": 1.0}, {"precision": "bfloat16"}, {"schedule": "plateau"},
    {"early_stopping": True, "patience": 2, "min_delta": 0.05},
]  # fmt: skip
RECIPES = [*QUICK, *(pytest.param(recipe, marks=pytest.mark.slow) for recipe in SLOW)]


@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_a_run_that_is_stopped_often_ends_as_one_that_was_left_alone(tmp_path, monkeypatch, recipe):
    monkeypatch.setattr(report, "EVENT_EVERY_S", 0.0)
    values = {"epochs": 6, "learning_rate": 0.01, "batch_size": 16, **recipe}
    document = iris_mlp(**values)
    whole = follow(Job(document, tmp_path / "whole"))[-1]
    assert isinstance(whole, Finished)
    run = None
    for last in (3, 14, 20):  # the second is the last step of an epoch
        control = Control()

        def stop(event, last=last, control=control):
            if isinstance(event, Stepped) and event.steps[-1] == last:
                control.stop()

        run = follow(Job(document, tmp_path / "parts", resume=run), control, stop)[-1].run
    end = follow(Job(document, tmp_path / "parts", resume=run))[-1]
    assert rows(run) == rows(whole.run)
    assert (end.test, end.epochs, end.best_epoch) == (whole.test, whole.epochs, whole.best_epoch)
    for name in ("best.safetensors", "last.safetensors"):
        assert (run / name).read_bytes() == (whole.run / name).read_bytes()


def rows(run):
    """All rows but for the time that they took."""
    return [{**row, "seconds": None} for row in read_metrics(run / "metrics.jsonl")]


def test_a_run_whose_checkpoints_were_taken_away_is_not_begun_over_what_it_measured(tmp_path):
    run = follow(Job(iris_mlp(epochs=2), tmp_path))[-1].run
    before = (run / "metrics.jsonl").read_bytes()
    for path in (run / "checkpoints").iterdir():
        path.unlink()
    last = follow(Job(iris_mlp(epochs=4), tmp_path, resume=run))[-1]
    assert isinstance(last, Failed) and not last.details
    assert "all its checkpoints have been taken away" in last.text
    assert (run / "metrics.jsonl").read_bytes() == before
    assert read_json(run / "run.json")["status"] == "finished"
