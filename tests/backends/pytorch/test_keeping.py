"""States that are kept while a run goes on, and what becomes of it when they cannot be."""

import errno
import threading

import pytest
import torch

from backends.protocol import Control, Failed, Finished, Job, Noted, Stepped, Stopped
from backends.pytorch import keeper, report, snapshot
from backends.runs import folder, lock
from backends.runs.checkpoints import checkpoints_of, step_of
from backends.runs.folder import read_json
from backends.runs.metrics import read_metrics
from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.running import follow, losses, train


@pytest.fixture
def always(monkeypatch):
    """A state is kept whenever none is being written."""
    monkeypatch.setattr(keeper, "KEEP_EVERY_S", 0.0)
    monkeypatch.setattr(keeper, "KEEP_SHARE", 1e9)
    monkeypatch.setattr(keeper, "WRITE_SHARE", 1e9)
    monkeypatch.setattr(report, "EVENT_EVERY_S", 0.0)


def test_the_state_after_every_so_many_epochs_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(keeper.Keeper, "is_busy", property(lambda self: self.wait() or False))
    run = train(iris_mlp(epochs=9, checkpoint_epochs=2, checkpoints_kept=3), tmp_path)[-1].run
    assert [step_of(path) for path in checkpoints_of(run)] == [18, 16, 12, 8]


def test_the_state_after_every_so_many_steps_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(keeper.Keeper, "is_busy", property(lambda self: self.wait() or False))
    run = train(iris_mlp(epochs=5, checkpoint_steps=3), tmp_path)[-1].run
    assert [step_of(path) for path in checkpoints_of(run)] == [10, 9, 6, 3]
    assert train(iris_mlp(epochs=5), tmp_path, resume=run)[-1].epochs == 5


def stopped_at(document, runs, step):
    control = Control()

    def stop(event):
        if isinstance(event, Stepped) and event.steps[-1] == step:
            control.stop()

    last = follow(Job(document, runs), control, stop)[-1]
    assert isinstance(last, Stopped)
    return last.run


def damage_end(path):
    path.write_bytes(path.read_bytes()[:-100])


def damage_bit(path):
    content = bytearray(path.read_bytes())
    content[content.index(b"PK", 4) - 40] ^= 1
    path.write_bytes(content)


def damage_all(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [damage_end, damage_bit, damage_all])
def test_a_damaged_checkpoint_is_passed_over_with_a_warning(tmp_path, always, damage):
    document = iris_mlp(epochs=6)
    whole = train(document, tmp_path / "whole")
    run = stopped_at(document, tmp_path, 7)
    newest, before = checkpoints_of(run)[:2]
    damage(newest)
    events = train(document, tmp_path, resume=run)
    notes = [event.text for event in events if isinstance(event, Noted)]
    assert len(notes) == 1
    assert "is damaged" in notes[0] and "The one before is taken" in notes[0]
    assert losses(events) == losses(whole)[step_of(before) :]
    rows = read_metrics(run / "metrics.jsonl")
    assert [row["step"] for row in rows if "loss" in row] == list(range(1, 13))
    log = [line[21:] for line in (run / "log.txt").read_text().splitlines()]
    assert log[:2] == ["begins", "stopped"] and log[-1] == "finished"
    assert log[2] == notes[0] and log[3] == f"goes on after step {step_of(before)}"


def test_where_all_checkpoints_are_damaged_the_run_does_not_go_on(tmp_path):
    run = train(iris_mlp(), tmp_path)[-1].run
    for path in checkpoints_of(run):
        damage_end(path)
    last = train(iris_mlp(epochs=9), tmp_path, resume=run)[-1]
    assert isinstance(last, Failed)
    assert "has no other; start a new run" in last.text


def test_a_run_that_was_killed_before_its_first_checkpoint_begins_anew(tmp_path):
    first = train(iris_mlp(epochs=20, learning_rate=0.02), tmp_path)[-1].run
    whole = train(iris_mlp(), tmp_path, start_from=first)
    run = whole[-1].run
    for path in (*checkpoints_of(run), run / "last.safetensors"):
        path.unlink()
    folder.write_json(run / "run.json", {**read_json(run / "run.json"), "status": "running"})
    again = train(iris_mlp(), tmp_path, resume=run)
    assert losses(again) == losses(whole)
    assert again[-1].test == whole[-1].test


def test_a_full_disk_is_told_and_the_run_goes_on_from_the_checkpoint_before(
    tmp_path, always, monkeypatch
):
    fails = threading.Event()

    class Full(folder.Sink):
        def write(self, content):
            if fails.is_set():
                self._error = self._error or OSError(errno.ENOSPC, "No space left on device")
            return super().write(content)

    monkeypatch.setattr(folder, "Sink", Full)
    kept = []

    def fill(event):
        if isinstance(event, Stepped) and not kept:
            kept.extend(checkpoints_of(next(tmp_path.iterdir())))
            if kept:
                fails.set()
        if isinstance(event, Noted):
            fails.clear()

    events = follow(Job(iris_mlp(epochs=150), tmp_path), on_event=fill)
    notes = [event.text for event in events if isinstance(event, Noted)]
    assert len(notes) == 1
    assert "No space left" in notes[0] and "The run goes on" in notes[0]
    assert kept
    assert isinstance(events[-1], Finished)
    assert step_of(checkpoints_of(events[-1].run)[0]) == 300


def test_a_disk_that_stays_full_ends_the_run_with_what_was_kept(tmp_path, always, monkeypatch):
    class Full(folder.Sink):
        def write(self, content):
            self._error = self._error or OSError(errno.ENOSPC, "No space left on device")
            return super().write(content)

    def fill(event):
        if isinstance(event, Stepped) and checkpoints_of(next(tmp_path.iterdir())):
            monkeypatch.setattr(folder, "Sink", Full)

    last = follow(Job(iris_mlp(epochs=200), tmp_path), on_event=fill)[-1]
    assert isinstance(last, Failed)
    assert "No space left" in last.text
    monkeypatch.undo()
    assert step_of(checkpoints_of(last.run)[0]) >= 1
    assert not list(last.run.glob("checkpoints/.*"))
    assert isinstance(train(iris_mlp(epochs=200), tmp_path, resume=last.run)[-1], Finished)


def test_a_pause_keeps_the_state(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "EVENT_EVERY_S", 0.0)
    control, found = Control(), []

    def look():
        run = next(tmp_path.iterdir())
        while not checkpoints_of(run):
            pass
        found.extend(map(step_of, checkpoints_of(run)))
        control.resume()

    def pause(event):
        if isinstance(event, Stepped) and event.steps[-1] == 3:
            control.pause()
            threading.Thread(target=look).start()

    follow(Job(iris_mlp(), tmp_path), control, pause)
    assert found == [3]


def test_a_run_belongs_to_its_process_while_it_goes_on(tmp_path):
    owners = []

    def look(event):
        if isinstance(event, Stepped):
            owners.append(lock.owner_of(next(tmp_path.iterdir())))

    run = follow(Job(iris_mlp(), tmp_path), on_event=look)[-1].run
    assert set(owners) == {read_json(run / "run.json")["process"]}
    assert lock.owner_of(run) is None


def test_seconds_of_all_parts_of_a_run_are_added(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "EVENT_EVERY_S", 0.0)
    run = stopped_at(iris_mlp(epochs=50), tmp_path, 60)
    before = read_json(run / "run.json")
    last = train(iris_mlp(epochs=50), tmp_path, resume=run)[-1]
    after = read_json(run / "run.json")
    assert last.seconds == after["seconds"] > before["seconds"] > 0
    assert after["started"] == before["started"]
    assert after["last"]["train"].keys() == {"loss", "accuracy"}


def test_a_copy_keeps_what_is_shared_shared():
    weight = torch.arange(4.0)
    copies = snapshot._Copies(snapshot.Room())
    best = {"w": torch.ones(2)}
    copies.share(best["w"])
    made = copies.of({"a": [weight, (weight.detach(), 3)], "b": weight[1:], "best": best})
    first, (second, number) = made["a"]
    assert first is second and first is not weight and number == 3
    assert made["best"]["w"] is best["w"]
    weight += 1
    assert first.tolist() == [0, 1, 2, 3]
    assert made["b"].tolist() == [1, 2, 3]


def test_of_a_finished_run_the_last_checkpoint_is_enough(tmp_path, always):
    run = train(iris_mlp(epochs=30), tmp_path)[-1].run
    assert [step_of(path) for path in checkpoints_of(run)] == [60]
    stopped = stopped_at(iris_mlp(epochs=30), tmp_path / "other", 50)
    assert len(checkpoints_of(stopped)) == 2


def test_where_a_copy_finds_no_room_the_run_waits_and_is_kept(tmp_path, always, monkeypatch):
    def full(*_, **__):
        raise MemoryError

    monkeypatch.setattr(snapshot, "take", full)
    run = stopped_at(iris_mlp(epochs=9), tmp_path, 9)
    assert [step_of(path) for path in checkpoints_of(run)] == [9, 8]
    assert (
        losses(train(iris_mlp(epochs=9), tmp_path, resume=run))
        == losses(train(iris_mlp(epochs=9), tmp_path))[9:]
    )
