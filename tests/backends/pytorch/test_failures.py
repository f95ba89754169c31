"""Runs that cannot go on: what a person reads, and that nothing is half done."""

import errno
import json
import os
import re

import numpy as np
import pytest
import torch

from backends.protocol import Control, EpochEnded, Failed, Finished, Job, Noted, Started, Stepped
from backends.pytorch import report
from backends.pytorch.checkpoint import load_weights
from backends.pytorch.evaluation import evaluate_run
from backends.runs import folder as store
from backends.runs.checkpoints import checkpoints_of, step_of
from graph import edits
from graph.data import DataSpec
from graph.model import NodeId
from graph.problems import UserError
from tests.backends.pytorch.drawings import classifier, digits_mlp, iris_mlp, with_recipe
from tests.backends.pytorch.running import epochs, follow, losses, train
from tests.drawing import chain, set_params


def failure(document, runs, **options):
    last = train(document, runs, **options)[-1]
    assert isinstance(last, Failed), last
    return last


def arrays(tmp_path, **columns):
    """A data source of these columns; y is the target."""
    np.savez(tmp_path / "data.npz", **columns)
    return DataSpec("npy", {"path": str(tmp_path / "data.npz"), "target": "y"})


def on_arrays(document, tmp_path, **columns):
    return edits.set_data(document, arrays(tmp_path, **columns))


def rows(count, features=4, classes=3):
    generator = np.random.default_rng(0)
    x = generator.standard_normal((count, features)).astype(np.float32)
    return {"x": x, "y": generator.integers(0, classes, count)}


def test_errors_of_the_drawing_are_told_and_leave_no_folder(tmp_path):
    document = set_params(iris_mlp(), "n1", shape="5")
    last = failure(document, tmp_path / "runs")
    assert "Input “inputs” expects 5" in last.text
    assert (last.node, last.details) == ("n1", "")
    assert not (tmp_path / "runs").exists()


def test_a_drawing_without_a_loss_is_refused(tmp_path):
    document = edits.remove(iris_mlp(), [NodeId("n6"), NodeId("n7")])
    assert "no loss" in failure(document, tmp_path).text


def test_a_diverging_run_says_where(tmp_path):
    data = rows(200)
    data["x"][:, 0] *= 1e12
    document = iris_mlp(epochs=60, optimizer="sgd", learning_rate=100.0, batch_size=16)
    events = train(on_arrays(document, tmp_path, **data), tmp_path)
    last = events[-1]
    assert isinstance(last, Failed)
    assert "loss became" in last.text
    step = int(re.search(r"at step (\d+) in epoch", last.text)[1])
    assert len(losses(events)) == step - ("validation" not in last.text)
    assert "Lower the learning rate" in last.text
    assert last.details == ""
    assert store.read_json(last.run / "run.json")["status"] == "failed"
    assert all(np.isfinite(loss) for e in events if isinstance(e, Stepped) for loss in e.losses)
    for line in (last.run / "metrics.jsonl").read_text().splitlines():
        json.loads(line, parse_constant=pytest.fail)


def test_a_diverged_run_goes_on_from_before_its_weights_were_spoilt(tmp_path):
    document = iris_mlp(epochs=60, optimizer="sgd", batch_size=16)
    document = with_recipe(document, checkpoint_steps=1, checkpoints_kept=200)
    document = on_arrays(document, tmp_path, **rows(200))
    control = Control()

    def spoil(event):
        if isinstance(event, Stepped) and event.steps[-1] > 60:
            control.set("learning_rate", 1e38)

    last = follow(Job(document, tmp_path), control, spoil)[-1]
    assert isinstance(last, Failed)
    step = int(re.search(r"at step (\d+) in epoch", last.text)[1])
    kept = step_of(checkpoints_of(last.run)[0])
    assert kept <= step - 50
    assert last.text.endswith(f"The run can be gone on with from step {kept:,}.")
    assert isinstance(train(document, tmp_path, resume=last.run)[-1], Finished)


def echo(tmp_path, row, value):
    """Learns to say again what it hears: 4 words of 20, of which the last layer knows 10."""
    document = edits.rename_document(chain("input embedding dense cross_entropy"), "Echo")
    document = edits.connect(document, NodeId("n1"), "y", NodeId("n4"), "target")
    document = set_params(document, "n1", shape="4", dtype="int64")
    document = set_params(document, "n2", vocabulary=20, dimension=8)
    document = set_params(document, "n3", features=10)
    document = set_params(document, "n4", classes_last=True)
    words = np.random.default_rng(0).integers(0, 10, (40, 4))
    words[row, 2] = value
    document = on_arrays(document, tmp_path, x=words, y=np.zeros(40, np.int64))
    return with_recipe(document, epochs=2, threads=1)


def test_a_class_out_of_range_is_told_with_value_and_range(tmp_path):
    assert isinstance(train(echo(tmp_path, 0, 9), tmp_path / "fine")[-1], Finished)
    told = set()
    for row in range(40):
        last = failure(echo(tmp_path, row, 13), tmp_path / "runs")
        assert "Cross-entropy “cross_entropy” has 10 classes, 0 to 9, but “x” holds 13" in last.text
        assert (last.node, last.details) == ("n4", "")
        told |= {part for part in ("training rows", "test rows") if part in last.text}
        if len(told) == 2:
            break
    assert len(told) == 2
    assert not (tmp_path / "runs").exists()


def test_ignored_classes_are_in_range(tmp_path):
    document = set_params(echo(tmp_path, 0, 19), "n4", ignore_index=19)
    assert isinstance(train(document, tmp_path / "runs")[-1], Finished)


def test_an_index_out_of_a_table_is_told_with_value_and_range(tmp_path):
    document = classifier("embedding flatten dense", "4", DataSpec("iris"), epochs=1, threads=1)
    document = set_params(document, "n1", dtype="int64")
    document = set_params(document, "n2", vocabulary=10, dimension=2)
    document = set_params(document, "n4", features=3)
    data = rows(40) | {"x": np.full((40, 4), 12)}
    last = failure(on_arrays(document, tmp_path, **data), tmp_path)
    assert "Embedding “embedding” has 10 entries, 0 to 9, but “x” holds 12 in row 0" in last.text
    assert last.node == "n2"


def test_a_class_that_one_hot_has_no_place_for_is_told_too(tmp_path):
    document = classifier("one_hot flatten dense", "4", DataSpec("iris"), epochs=1, threads=1)
    document = set_params(document, "n1", dtype="int64")
    document = set_params(document, "n2", classes=10)
    document = set_params(document, "n4", features=3)
    data = rows(40) | {"x": np.full((40, 4), 12)}
    last = failure(on_arrays(document, tmp_path, **data), tmp_path)
    assert "One-hot “one_hot” has 10 classes, 0 to 9, but “x” holds 12 in row 0" in last.text
    assert last.node == "n2"


def test_what_torch_says_of_an_index_is_told_by_the_block(tmp_path, monkeypatch):
    monkeypatch.setattr("backends.pytorch.train.check_indices", lambda *_: None)
    last = failure(echo(tmp_path, slice(None), 13), tmp_path)
    assert "Cross-entropy “cross_entropy” received the class 13" in last.text
    assert last.node == "n4"
    assert last.details == ""


def test_batch_norm_needs_two_rows(tmp_path):
    document = classifier("dense batch_norm dense", "4", DataSpec("iris"), epochs=1, threads=1)
    document = set_params(set_params(document, "n2", features=5), "n4", features=3)
    last = failure(with_recipe(document, batch_size=1), tmp_path)
    assert last.text.startswith("Batch norm “batch_norm” learns from the spread between rows")
    assert last.node == "n3"
    one = on_arrays(document, tmp_path, **rows(2))
    assert "single one" in failure(one, tmp_path).text


def test_memory_that_is_not_enough_is_told_with_the_batch_size(tmp_path):
    document = set_params(iris_mlp(), "n2", features=1 << 40)
    last = failure(document, tmp_path / "runs")
    assert "memory is not enough" in last.text
    assert "Dense “dense”" in last.text
    assert last.node == "n2"
    assert last.details == ""


def test_memory_that_runs_out_in_a_step_is_told_with_the_batch_size(tmp_path):
    # 2^20 rows of 2^20 numbers: the answer of the first layer has 4 TiB
    document = set_params(iris_mlp(batch_size=1 << 20), "n2", features=1 << 20)
    data = rows(1 << 20, 4)
    last = failure(on_arrays(document, tmp_path, **data), tmp_path)
    assert (
        "The memory is not enough for a batch size of 1048576 at step 1, in Dense “dense”"
        in last.text
    )
    assert "smaller batch size" in last.text


def test_a_loss_without_weights_is_told(tmp_path):
    document = classifier("flatten", "4", DataSpec("iris"), epochs=1, threads=1)
    assert "no weights to train" in failure(document, tmp_path).text


def test_a_missing_device_is_told_before_a_folder_is_made(tmp_path):
    if torch.cuda.is_available():
        pytest.skip("this computer has a GPU")
    last = failure(iris_mlp(device="cuda"), tmp_path / "runs")
    assert "no device “cuda”" in last.text
    assert not (tmp_path / "runs").exists()


def test_missing_data_is_told(tmp_path):
    document = edits.set_data(
        iris_mlp(), DataSpec("csv", {"path": str(tmp_path / "no.csv"), "target": "a"})
    )
    assert "no.csv" in failure(document, tmp_path).text


def test_a_run_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    last = failure(iris_mlp(), tmp_path / "file" / "runs")
    assert "cannot be made" in last.text
    assert "Choose another folder" in last.text


class FullDisk:
    """A disk that refuses to flush files once `full` is set."""

    def __init__(self, monkeypatch, after=0):
        self.left = after
        real = os.fsync

        def fsync(descriptor):
            self.left -= 1
            if self.left < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(descriptor)

        monkeypatch.setattr(os, "fsync", fsync)


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_full_disk_at_the_start_leaves_no_folder(tmp_path, monkeypatch, after):
    FullDisk(monkeypatch, after)
    last = failure(iris_mlp(), tmp_path)
    assert "No space left on device" in last.text
    assert str(tmp_path) in last.text
    assert not list(tmp_path.iterdir())


def test_a_disk_that_fills_up_later_ends_the_run_with_whole_files(tmp_path, monkeypatch):
    FullDisk(monkeypatch, after=8)
    last = failure(iris_mlp(), tmp_path)
    assert "No space left on device" in last.text
    assert last.details == ""
    assert not [path for path in last.run.iterdir() if path.name.startswith(".")]
    for path in last.run.glob("*.json"):
        store.read_json(path)


def test_a_folder_that_is_deleted_meanwhile_is_named_and_the_weights_are_kept(tmp_path):
    document = with_recipe(iris_mlp(epochs=30), checkpoint_epochs=1)

    def delete(event):
        if isinstance(event, EpochEnded) and event.epoch == 3:
            (run,) = (path for path in tmp_path.iterdir())
            run.rename(tmp_path / "elsewhere")

    events = follow(Job(document, tmp_path), on_event=delete)
    notes = [event.text for event in events if isinstance(event, Noted)]
    assert len(notes) <= 2, "once, not at every checkpoint"
    assert "is gone. It was deleted or moved" in notes[0]
    assert "The run goes on." in notes[0] and "still there" not in notes[0]
    last = events[-1]
    assert isinstance(last, Failed) and "is gone. It was deleted or moved" in last.text
    assert len(epochs(events)) == 30
    assert load_weights(last.run)


def test_a_damaged_checkpoint_is_told(tmp_path):
    run = train(iris_mlp(), tmp_path)[-1].run
    kept = checkpoints_of(run)
    content = kept[0].read_bytes()
    for damaged in (b"", content[:1000], b"nonsense" * 100):
        for checkpoint in kept:
            checkpoint.write_bytes(damaged)
        last = failure(iris_mlp(epochs=9), tmp_path, resume=run)
        assert "damaged" in last.text
        assert last.details == ""
    for checkpoint in kept:
        checkpoint.unlink()
    assert "have been taken away" in failure(iris_mlp(epochs=9), tmp_path, resume=run).text


def test_a_checkpoint_that_holds_code_does_not_run_it(tmp_path):
    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "hacked"), "w"))

    run = train(iris_mlp(), tmp_path)[-1].run
    torch.save({"model": Evil(), "optimizer": {}, "step": 1}, checkpoints_of(run)[0])
    assert "damaged" in failure(iris_mlp(), tmp_path, resume=run).text
    assert not (tmp_path / "hacked").exists()


def test_damaged_or_missing_weights_are_told(tmp_path):
    run = train(iris_mlp(), tmp_path)[-1].run
    (run / "best.safetensors").write_bytes(b"nonsense")
    with pytest.raises(UserError, match=r"best\.safetensors cannot be read"):
        evaluate_run(iris_mlp(), run)
    (run / "best.safetensors").unlink()
    with pytest.raises(UserError, match="kept no weights"):
        evaluate_run(iris_mlp(), run)
    with pytest.raises(UserError, match="no folder of a run"):
        evaluate_run(iris_mlp(), tmp_path)
    no_test = edits.set_data(iris_mlp(), DataSpec("iris", {"test_fraction": 0.0}))
    whole = train(no_test, tmp_path)[-1].run
    with pytest.raises(UserError, match="no rows for the test"):
        evaluate_run(no_test, whole)


def test_a_device_that_vanishes_is_told_and_its_run_can_be_gone_on_with(tmp_path, monkeypatch):
    document = with_recipe(iris_mlp(epochs=4), checkpoint_epochs=1)

    def vanish(event):
        if isinstance(event, EpochEnded) and event.epoch == 3:
            raise RuntimeError("CUDA error: unspecified launch failure\nCUDA kernel errors might …")

    def gone(*_):
        raise RuntimeError("CUDA error: unspecified launch failure")

    monkeypatch.setattr("backends.pytorch.keeper.Keeper.keep_best", gone)
    last = follow(Job(document, tmp_path), on_event=vanish)[-1]
    assert isinstance(last, Failed)
    assert "CUDA says “unspecified launch failure”" in last.text
    assert store.read_json(last.run / "run.json")["status"] == "failed"
    assert checkpoints_of(last.run)
    assert isinstance(train(document, tmp_path, resume=last.run)[-1], Finished)


def test_an_unforeseen_error_is_told_with_its_traceback(tmp_path, monkeypatch):
    def broken(self, event):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("backends.pytorch.record.Record.epoch", broken)
    last = failure(iris_mlp(), tmp_path)
    assert last.text == (
        "Training ended with an unexpected error: ZeroDivisionError: division by zero"
    )
    assert "in broken" in last.details
    assert store.read_json(last.run / "run.json")["details"] == last.details


def test_the_death_of_the_thread_is_told(tmp_path):
    """Whatever ends the thread, the window hears of it."""
    events = []

    def emit(event):
        events.append(event)
        if isinstance(event, Started):
            raise SystemExit(3)

    from backends.pytorch.train import run

    with pytest.raises(SystemExit):
        run(Job(iris_mlp(), tmp_path), emit, Control())
    assert isinstance(events[-1], Failed)
    assert sum(isinstance(event, Failed) for event in events) == 1
    assert isinstance(train(iris_mlp(), tmp_path)[-1], Finished)


def test_an_emit_that_fails_ends_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "EVENT_EVERY_S", 0.0)

    def hear(event):
        if isinstance(event, EpochEnded):
            raise RuntimeError("nobody listens")

    events = follow(Job(digits_mlp(), tmp_path), None, hear)
    assert isinstance(events[-1], Failed)
    assert len(epochs(events)) == 1
