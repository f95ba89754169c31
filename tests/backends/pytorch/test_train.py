"""Whole runs, from a document to the last event."""

import itertools
import subprocess
import sys
import threading

import numpy as np
import pytest
import torch

from backends.data.source import Splits
from backends.protocol import (
    Control,
    Failed,
    Finished,
    Job,
    Preparing,
    Started,
    Stepped,
    Stopped,
)
from backends.pytorch import report
from backends.pytorch.checkpoint import load_weights
from backends.pytorch.evaluation import evaluate_run
from backends.pytorch.train import run as run_job
from backends.runs.folder import read_json
from backends.runs.metrics import read_metrics
from graph import edits
from graph.data import DataSpec
from graph.fileio import save
from graph.model import NodeId
from graph.problems import UserError
from tests.backends.pytorch.drawings import classifier, digits_mlp, iris_mlp, with_recipe
from tests.backends.pytorch.running import epochs, follow, losses, train
from tests.drawing import set_params


@pytest.fixture
def every_step(monkeypatch):
    """Steps are told one by one instead of a few times a second."""
    monkeypatch.setattr(report, "EVENT_EVERY_S", 0.0)


def test_digits_are_learned(tmp_path):
    events = train(digits_mlp(epochs=20, learning_rate=0.01), tmp_path)
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.test["accuracy"] > 0.93
    assert last.epochs == 20
    assert epochs(events)[-1].train["loss"] < 0.1 < epochs(events)[0].train["loss"]


def test_the_events_tell_the_whole_story(tmp_path):
    events = train(iris_mlp(), tmp_path)
    kinds = [kind for kind, _ in itertools.groupby(type(event) for event in events)]
    assert kinds[:2] == [Preparing, Started]
    started = next(event for event in events if isinstance(event, Started))
    assert (started.train_rows, started.validation_rows, started.test_rows) == (108, 12, 30)
    assert (started.steps_per_epoch, started.epochs, started.parameters) == (2, 3, 131)
    assert (started.device, started.threads, started.done) == ("cpu", 1, ())
    assert len(losses(events)) == 6
    assert [epoch.epoch for epoch in epochs(events)] == [1, 2, 3]
    assert [epoch.step for epoch in epochs(events)] == [2, 4, 6]
    stepped = [event for event in events if isinstance(event, Stepped)]
    assert stepped[-1].rows == 3 * 108
    assert stepped[-1].rows_per_second > 0
    assert events[-1].run == started.run


def test_steps_are_told_a_few_times_a_second(tmp_path):
    events = train(iris_mlp(epochs=400), tmp_path)
    within = [event for event in events if isinstance(event, Stepped) and event.steps[-1] % 2]
    assert len(within) <= 2 + events[-1].seconds / report.EVENT_EVERY_S
    assert len(losses(events)) == 800


def test_the_same_seed_gives_the_same_losses(tmp_path):
    runs = [train(iris_mlp(seed=seed), tmp_path) for seed in (3, 3, 4)]
    assert losses(runs[0]) == losses(runs[1]) != losses(runs[2])


def test_a_stop_takes_effect_before_the_next_step(tmp_path, every_step):
    control = Control()

    def stop(event):
        if isinstance(event, Stepped) and event.steps[-1] == 5:
            control.stop()

    last = follow(Job(digits_mlp(), tmp_path), control, stop)[-1]
    assert isinstance(last, Stopped)
    assert (last.step, last.epochs) == (5, 0)
    assert read_json(last.run / "run.json")["status"] == "stopped"


@pytest.mark.parametrize("stop_at", [1, 21, 22, 50])
def test_a_stopped_run_goes_on_bit_for_bit(tmp_path, every_step, stop_at):
    document = digits_mlp(epochs=4, schedule="one-cycle", learning_rate=0.01)
    document = edits.set_param(document, [NodeId("n2")], "features", 16)
    whole = train(document, tmp_path)
    control = Control()

    def stop(event):
        if isinstance(event, Stepped) and event.steps[-1] == stop_at:
            control.stop()

    first = follow(Job(document, tmp_path), control, stop)
    assert isinstance(first[-1], Stopped)
    second = train(document, tmp_path, resume=first[-1].run)
    assert losses(first) + losses(second) == losses(whole)
    told = [(e.epoch, e.train, e.validation, e.best) for e in epochs(whole)]
    started = next(event for event in second if isinstance(event, Started))
    again = [(e.epoch, e.train, e.validation, e.best) for e in (*started.done, *epochs(second))]
    assert again == told
    assert second[-1].test == whole[-1].test
    assert second[-1].run == first[-1].run
    rows = list(read_metrics(first[-1].run / "metrics.jsonl"))
    assert [row["epoch"] for row in rows if "epoch" in row] == [1, 2, 3, 4]
    assert [row["step"] for row in rows if "loss" in row] == list(range(1, 85))
    assert read_json(first[-1].run / "run.json")["status"] == "finished"


KILLED = """
import os, pathlib, sys
from backends.protocol import *
from backends.pytorch import keeper, report
from backends.pytorch.train import run
from graph.fileio import load
keeper.KEEP_EVERY_S, keeper.KEEP_SHARE, report.EVENT_EVERY_S = 0.0, 1e9, 0.0
keeper.WRITE_SHARE = 1e9
folder, kind, number = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
def emit(event):
    at = {Stepped: "step", EpochEnded: "epoch"}.get(type(event))
    if at == kind and number == (event.steps[-1] if at == "step" else event.epoch):
        os._exit(9)
run(Job(load(folder / "d.loom").document, folder / "runs"), emit, Control())
"""


@pytest.mark.parametrize(("kind", "number", "first"), [("epoch", 4, 9), ("step", 10, 10)])
def test_a_killed_run_goes_on_in_a_new_process(tmp_path, kind, number, first):
    """Here the run is the new process; what its last checkpoint does not know is made again."""
    document = iris_mlp(epochs=6)
    whole = train(document, tmp_path / "whole")
    save(document, tmp_path / "d.loom")
    words = [sys.executable, "-c", KILLED, str(tmp_path), kind, str(number)]
    assert subprocess.run(words, check=False, timeout=60).returncode == 9
    (run,) = (tmp_path / "runs").iterdir()
    assert read_json(run / "run.json")["status"] == "running"
    events = train(document, tmp_path, resume=run)
    stepped = next(event for event in events if isinstance(event, Stepped))
    assert stepped.steps[0] <= first
    assert losses(events) == losses(whole)[stepped.steps[0] - 1 :]
    assert events[-1].test == whole[-1].test
    rows = list(read_metrics(run / "metrics.jsonl"))
    assert [row["epoch"] for row in rows if "epoch" in row] == [1, 2, 3, 4, 5, 6]


def test_a_pause_holds_the_run_and_counts_as_no_time(tmp_path, every_step):
    control, paused = Control(), []

    def pause(event):
        if isinstance(event, Stepped) and event.steps[-1] == 3 and not paused:
            paused.append(event)
            control.pause()
            threading.Timer(0.5, control.resume).start()

    events = follow(Job(iris_mlp(epochs=4), tmp_path), control, pause)
    plain = train(iris_mlp(epochs=4), tmp_path)
    assert losses(events) == losses(plain)
    assert paused
    assert isinstance(events[-1], Finished)
    assert sum(epoch.seconds for epoch in epochs(events)) < 0.4


def test_a_paused_run_can_be_stopped(tmp_path, every_step):
    control = Control()

    def pause(event):
        if isinstance(event, Stepped):
            control.pause()
            threading.Timer(0.05, control.stop).start()

    last = follow(Job(iris_mlp(), tmp_path), control, pause)[-1]
    assert isinstance(last, Stopped)
    assert last.step == 1


def test_a_run_stopped_while_it_prepares_leaves_no_folder(tmp_path):
    control = Control()
    control.stop()
    assert follow(Job(iris_mlp(), tmp_path), control) == [
        Stopped(None, 0, 0, pytest.approx(0, abs=1))
    ]
    control = Control()
    last = follow(
        Job(iris_mlp(), tmp_path), control,
        lambda event: control.stop() if isinstance(event, Preparing) else None,
    )[-1]  # fmt: skip
    assert isinstance(last, Stopped)
    assert not list(tmp_path.iterdir())


def test_a_finished_run_goes_on_with_more_epochs(tmp_path):
    first = train(iris_mlp(epochs=2), tmp_path)
    second = train(iris_mlp(epochs=5), tmp_path, resume=first[-1].run)
    assert losses(first) + losses(second) == losses(train(iris_mlp(epochs=5), tmp_path))
    assert second[-1].epochs == 5
    again = train(iris_mlp(epochs=5), tmp_path, resume=first[-1].run)
    assert losses(again) == []
    assert again[-1].test == second[-1].test


def test_a_run_does_not_go_on_with_another_drawing_or_seed(tmp_path):
    run = train(iris_mlp(), tmp_path)[-1].run
    wider = set_params(iris_mlp(), "n2", features=17)
    for document, text in (
        (wider, "the drawing has changed"),
        (iris_mlp(seed=1), "seed has changed"),
        (iris_mlp(seed=1, batch_size=7), "batch size and seed have changed"),
        (edits.set_data(iris_mlp(), DataSpec("iris", {"seed": 1})), "the data has changed"),
    ):
        last = train(document, tmp_path, resume=run)[-1]
        assert isinstance(last, Failed)
        assert text in last.text
        assert not last.details
    assert read_json(run / "run.json")["status"] == "finished"


def test_weights_go_on_by_block_and_shape(tmp_path):
    run = train(iris_mlp(epochs=30, learning_rate=0.02), tmp_path)[-1].run
    renamed = edits.rename(iris_mlp(epochs=1, learning_rate=1e-6), NodeId("n2"), "hidden")
    fresh, kept = train(renamed, tmp_path), train(renamed, tmp_path, start_from=run)
    assert losses(kept)[0] < 0.5 < losses(fresh)[0]
    assert any("4 of 4 weights" in event.text for event in kept if isinstance(event, Preparing))
    wider = set_params(renamed, "n2", features=17)
    partly = train(wider, tmp_path, start_from=run)
    assert any("1 of 4 weights" in event.text for event in partly if isinstance(event, Preparing))


def test_the_test_is_made_with_the_kept_weights(tmp_path):
    for keep in ("best", "last"):
        document = iris_mlp(epochs=6, learning_rate=0.3, optimizer="sgd", keep=keep)
        last = train(document, tmp_path)[-1]
        found = evaluate_run(document, last.run)
        assert found.means == last.test
        assert found.rows == 30
        weights = load_weights(last.run)
        assert set(weights) == {"n2.dense.weight", "n2.dense.bias", "n4.dense.weight",
                                "n4.dense.bias"}  # fmt: skip
    with pytest.raises(UserError, match="2 of 4 are missing or have another shape"):
        evaluate_run(set_params(document, "n4", features=4), last.run)


def test_an_early_stop_is_told(tmp_path):
    document = iris_mlp(epochs=50, early_stopping=True, patience=2, min_delta=10.0)
    last = train(document, tmp_path)[-1]
    assert isinstance(last, Finished)
    assert last.stopped_early
    assert last.epochs == 3


def test_a_resumed_run_remembers_how_long_it_has_not_improved(tmp_path):
    values = {"early_stopping": True, "patience": 6, "min_delta": 10.0}
    first = train(iris_mlp(epochs=3, **values), tmp_path)[-1]
    assert not first.stopped_early
    second = train(iris_mlp(epochs=50, **values), tmp_path, resume=first.run)[-1]
    assert second.epochs == 7
    assert second.stopped_early


def test_a_run_without_test_rows_or_validation_finishes(tmp_path):
    document = edits.set_data(iris_mlp(), DataSpec("iris", {"test_fraction": 0.0}))
    events = train(with_recipe(document, validation_fraction=0.0), tmp_path)
    assert isinstance(events[-1], Finished)
    assert events[-1].test == {}
    assert epochs(events)[0].validation == {}


def test_runs_wait_for_each_other(tmp_path, every_step):
    document, control, second = digits_mlp(epochs=2), Control(), []
    waits, started = threading.Event(), threading.Event()

    def hear(event):
        second.append(event)
        if isinstance(event, Preparing) and event.text.startswith("Waiting"):
            waits.set()

    def start_another(event):
        if isinstance(event, Stepped) and not started.is_set():
            started.set()
            thread.start()
            assert waits.wait(10)

    thread = threading.Thread(target=run_job, args=(Job(document, tmp_path), hear, control))
    first = follow(Job(document, tmp_path), Control(), start_another)
    thread.join(30)
    assert isinstance(second[-1], Finished)
    assert losses(second) == losses(first)


def test_threads_are_put_back(tmp_path):
    before = torch.get_num_threads()
    train(iris_mlp(threads=before + 1), tmp_path)
    assert torch.get_num_threads() == before


def test_mapped_files_stream_and_train_alike(tmp_path, monkeypatch):
    generator = np.random.default_rng(0)
    for part, count in (("train", 90), ("test", 20)):
        x = generator.standard_normal((count, 4)).astype(np.float32)
        np.save(tmp_path / f"{part}-x.npy", x)
        np.save(tmp_path / f"{part}-y.npy", (x[:, 0] > 0).astype(np.int64) + (x[:, 1] > 0))

    def mapped(*_):
        parts = [
            {c: np.load(tmp_path / f"{part}-{c}.npy", mmap_mode="r") for c in "xy"}
            for part in ("train", "test")
        ]
        return Splits(*parts)

    monkeypatch.setattr("backends.pytorch.train.load_columns", mapped)
    resident = train(iris_mlp(), tmp_path / "runs")
    monkeypatch.setattr("backends.pytorch.rows.RESIDENT_BYTES", 0)
    streamed = train(iris_mlp(), tmp_path / "runs")
    assert losses(resident) == losses(streamed)
    assert resident[-1].test == streamed[-1].test


def test_images_train_with_convolutions_and_channels_last(tmp_path):
    document = classifier(
        "conv2d batch_norm relu flatten dense", "1, 8, 8", DataSpec("digits"), epochs=3, threads=1
    )
    document = set_params(document, "n2", out_channels=8)
    document = set_params(document, "n6", features=10)
    events = train(document, tmp_path)
    assert events[-1].test["accuracy"] > 0.9
    assert read_json(events[-1].run / "environment.json")["memory_format"] == "channels_last"
    assert evaluate_run(document, events[-1].run).means == events[-1].test
