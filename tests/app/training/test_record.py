"""A run put together from its events, and what is said about it."""

from pathlib import Path

import pytest

from app.training import telling, words
from app.training.record import LOSS, TRAIN, VALIDATION, RunRecord, csv_text, metric_names
from backends.protocol import Failed, Preparing, Stopped
from graph import edits
from graph.model import Document
from tests.app.training.events import (
    classifier,
    ended,
    falling,
    finished,
    job,
    rivals,
    started,
    stepped,
)


def test_losses_and_means_become_series():
    record = falling(2)
    assert record.steps.x.tolist() == list(range(1, 21))
    assert record.epochs[TRAIN, LOSS].x.tolist() == [10, 20]
    assert record.epochs[VALIDATION, "accuracy"].y.tolist() == pytest.approx([0.6, 0.8])
    assert record.step == 20
    assert record.best.epoch == 2


def test_metrics_of_the_drawing_are_known_before_the_first_epoch():
    record = RunRecord(job(), "x")
    assert record.names == [LOSS, "accuracy"]
    assert record.shares == {"accuracy"}
    assert metric_names(Document()) == []


def test_each_of_several_optimizers_has_a_curve_of_its_own():
    record = RunRecord(job(rivals()), "x")
    assert record.names == [LOSS, "one", "two", "accuracy"]
    record.take(started())
    record.take(stepped(1, [3.0, 5.0], one=[1.0, 2.0], two=[2.0, 3.0]))
    assert record.losses["two"].y.tolist() == [2.0, 3.0]
    assert "step,loss" in csv_text(record, "one")
    alone = edits.remove(rivals(), ["n7"])
    assert RunRecord(job(alone), "x").names == [LOSS, "accuracy"]


def test_a_stopped_run_goes_on_in_the_same_curves():
    record = falling(2)
    record.take(stepped(21, [0.5, 0.4]))
    record.take(Stopped(Path("runs/one"), 2, 22, 5.0))
    assert record.can_resume
    record.go_on(job())
    assert not record.is_over
    record.take(started(done=(ended(1, 1.0), ended(2, 0.5))))
    record.take(stepped(21, [0.3, 0.2, 0.1]))
    assert record.steps.x.tolist() == list(range(1, 24))
    assert record.steps.y[-3:].tolist() == [0.3, 0.2, 0.1]
    assert record.epochs[TRAIN, LOSS].y.tolist() == [1.0, 0.5]


def test_weights_are_kept_by_runs_that_came_far_enough():
    record = falling(1)
    record.take(Stopped(Path("runs/one"), 1, 12, 1.0))
    assert record.weights_run == Path("runs/one")
    early = RunRecord(job(), "x")
    early.take(Stopped(None, 0, 0, 0.1))
    assert early.weights_run is None
    assert not early.can_resume


def test_progress_is_told_in_words():
    record = RunRecord(job(), "x")
    say = {"is_paused": False, "is_stopping": False}
    assert words.progress_text(record, **say) == "Starting…"
    record.take(Preparing("Reading the data", 0.5))
    assert words.progress_text(record, **say) == "Reading the data"
    assert words.share_done(record) == 0.5
    record.take(started(epochs=4))
    record.take(stepped(1, [1.0] * 10))
    record.take(ended(1, 0.5))
    assert words.progress_text(record, **say) == "Epoch 2 / 4 · 12 s left"
    assert words.share_done(record) == 0.25
    assert words.status_text(record, is_paused=False) == "epoch 2 / 4   2.1 s/epoch"
    assert "paused" in words.progress_text(record, is_paused=True, is_stopping=False)
    assert words.facts(record) == ["cpu · 1 thread", "1.2 K rows/s", "step 10", "best epoch 1"]


def test_the_end_is_told_with_the_test_result_and_where_the_run_is():
    record = falling(2)
    record.take(finished(loss=0.25, accuracy=0.975))
    message = telling.end_message(record, print, print)
    assert message.text.endswith("On the test rows: accuracy 97.5 %, loss 0.25.")
    (choice,) = message.choices
    assert choice.label == "Open folder"
    assert choice.tip == str(record.run)
    assert words.facts(record)[-2:] == ["test accuracy 97.5 %", "test loss 0.25"]
    assert words.status_text(record, is_paused=False) == "epoch 2 / 4   2.1 s/epoch"


def test_a_run_that_was_stopped_can_be_gone_on_with_from_its_message(tmp_path):
    record = falling(1)
    record.take(Stopped(tmp_path, 1, 10, 2.0))
    went_on = []
    message = telling.end_message(record, print, print, resume=lambda: went_on.append(1))
    assert [choice.label for choice in message.choices] == ["Resume", "Open folder"]
    message.choices[0].run()
    assert went_on == [1]


def test_a_failure_says_what_the_engine_said():
    record = falling(1)
    record.take(Failed("The loss became nan.", details="Traceback"))
    assert words.end_message(record) == "The loss became nan."
    assert words.progress_text(record, is_paused=False, is_stopping=False) == (
        "Failed: The loss became nan."
    )


def test_the_numbers_of_a_plot_are_copied_as_csv():
    lines = csv_text(falling(1), "accuracy").splitlines()
    assert lines == ["epoch,step,train,validation", "1,10,0.9,0.8"]
    loss = csv_text(falling(1), LOSS).splitlines()
    assert loss[3] == "step,loss"
    assert len(loss) == 4 + 10


def test_a_metric_that_is_not_wired_is_not_plotted():
    document = edits.add(classifier(), "accuracy")
    assert metric_names(document) == ["accuracy"]


def test_several_losses_have_their_plots_from_the_start():
    document = edits.add(classifier(), "mse")
    assert RunRecord(job(document), "x").names == [LOSS, "accuracy"]
    document = edits.connect(document, "n2", "y", "n6", "prediction")
    assert RunRecord(job(document), "x").names == [LOSS, "cross_entropy", "mse", "accuracy"]
    assert RunRecord(job(rivals()), "x").names == [LOSS, "one", "two", "accuracy"]
