"""Runs in other programs. What those need is optional: without it the tests of them are skipped."""

import importlib.util
import threading
import time

import pytest

from backends.protocol import EpochEnded
from backends.runs import exporting, lock
from backends.runs.exporting import export
from backends.runs.folder import read_json, write_json
from backends.runs.metrics import MetricsFile
from graph.problems import UserError


@pytest.fixture
def run(tmp_path):
    """A run of four steps in two epochs, of two parts."""
    folder = tmp_path / "runs" / "one"
    folder.mkdir(parents=True)
    write_json(folder / "run.json", {"name": "One", "status": "finished",
                                     "started": "2026-01-02T03:04:05+00:00"})  # fmt: skip
    write_json(folder / "recipe.json", {"optimizer": "adam", "parts": [], "epochs": 2})
    metrics = MetricsFile(folder / "metrics.jsonl")
    for epoch in (1, 2):
        steps = (2 * epoch - 1, 2 * epoch)
        metrics.add_steps(steps, (0.5 / epoch, 0.25 / epoch), {"a b": (1.0, 2.0)})
        means = {"loss": 0.125 * epoch}
        metrics.add_epoch(EpochEnded(epoch, 2 * epoch, means, {}, 1e-3, 2.0, True))
    metrics.close()
    return folder


def without(monkeypatch, package):
    find = importlib.import_module

    def gone(name, *rest):
        if name.split(".")[0] == package:
            raise ImportError(f"No module named {package!r}")
        return find(name, *rest)

    monkeypatch.setattr(exporting.importlib, "import_module", gone)


@pytest.mark.parametrize(("kind", "title"), [("tensorboard", "TensorBoard"), ("mlflow", "MLflow")])
def test_a_missing_package_is_told_with_what_to_do(run, tmp_path, monkeypatch, kind, title):
    without(monkeypatch, kind)
    with pytest.raises(UserError, match=rf"{title} is not installed.*torchloom\[{kind}\]"):
        export(run, kind, str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_what_is_no_run_is_told(tmp_path):
    with pytest.raises(UserError, match="no folder of a run"):
        export(tmp_path, "tensorboard", str(tmp_path))


def scalars(folder):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    found = accumulator.EventAccumulator(str(folder), size_guidance={"scalars": 0})
    found.Reload()
    return {
        tag: [(event.step, event.value) for event in found.Scalars(tag)]
        for tag in found.Tags()["scalars"]
    }


EXPECTED = {
    "step/loss": [(1, 0.5), (2, 0.25), (3, 0.25), (4, 0.125)],
    "step/a b": [(1, 1.0), (2, 2.0), (3, 1.0), (4, 2.0)],
    "train/loss": [(2, 0.125), (4, 0.25)],
    "learning_rate": [(2, pytest.approx(1e-3)), (4, pytest.approx(1e-3))],
}


@pytest.mark.filterwarnings("default")
def test_tensorboard_reads_every_number(run, tmp_path):
    pytest.importorskip("tensorboard")
    assert export(run, "tensorboard", str(tmp_path / "logs")) == 12
    assert scalars(tmp_path / "logs" / "one") == EXPECTED
    with pytest.raises(UserError, match="holds this run already"):
        export(run, "tensorboard", str(tmp_path / "logs"))


@pytest.mark.filterwarnings("default")
def test_tensorboard_follows_a_run_until_it_ends(run, tmp_path, monkeypatch):
    pytest.importorskip("tensorboard")
    monkeypatch.setattr(exporting, "LOOK_EVERY_S", 0.05)
    summary = read_json(run / "run.json")
    write_json(run / "run.json", {**summary, "status": "running"})
    lock.take(run)
    counts = []
    thread = threading.Thread(
        target=lambda: counts.append(
            export(run, "tensorboard", str(tmp_path / "logs"), follows=True)
        )
    )
    thread.start()
    while not list(tmp_path.glob("logs/one/*")):
        time.sleep(0.01)
    metrics = MetricsFile(run / "metrics.jsonl")
    metrics.add_steps((5,), (0.0625,))
    metrics.close()
    write_json(run / "run.json", summary)
    thread.join(10)
    assert counts == [13]
    assert scalars(tmp_path / "logs" / "one")["step/loss"][-1] == (5, 0.0625)


@pytest.mark.filterwarnings("default")
def test_mlflow_tracks_every_number(run, tmp_path, monkeypatch):
    mlflow = pytest.importorskip("mlflow")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    place = str(tmp_path / "tracked")
    assert export(run, "mlflow", place) == 12
    client = mlflow.MlflowClient(tracking_uri=place)
    experiment = client.get_experiment_by_name("Torchloom")
    (found,) = client.search_runs([experiment.experiment_id])
    assert found.info.run_name == "One"
    assert found.info.status == "FINISHED"
    assert found.data.params["optimizer"] == "adam"
    history = client.get_metric_history(found.info.run_id, "step/loss")
    assert [(metric.step, metric.value) for metric in history] == EXPECTED["step/loss"]
