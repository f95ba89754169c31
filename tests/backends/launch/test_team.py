"""Runs in several processes, with gloo."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from backends.protocol import (
    EpochEnded,
    Failed,
    Finished,
    Noted,
    Preparing,
    Started,
    Stepped,
    Stopped,
    Turned,
)
from backends.pytorch.checkpoint import load_checkpoint, load_weights
from backends.runs import lock
from graph.data import DataSpec
from tests.backends.launch.apart import start
from tests.backends.pytorch.drawings import classifier, digits_mlp, iris_mlp, with_recipe
from tests.backends.pytorch.running import epochs, losses, train

CLOSE = 1e-5  # sums of floats in another order


def same_run(events, alone):
    """Checks that two runs are the same but for rounding."""
    assert isinstance(events[-1], Finished), events[-1]
    assert losses(events) == pytest.approx(losses(alone), abs=CLOSE)
    for ours, theirs in zip(epochs(events), epochs(alone), strict=True):
        assert ours.train == pytest.approx(theirs.train, abs=CLOSE)
        assert ours.validation == pytest.approx(theirs.validation, abs=CLOSE)
        assert (ours.step, ours.best) == (theirs.step, theirs.best)
    assert events[-1].test == pytest.approx(alone[-1].test, abs=CLOSE)
    kept, wanted = load_weights(events[-1].run), load_weights(alone[-1].run)
    assert kept.keys() == wanted.keys()
    for name, weight in kept.items():
        torch.testing.assert_close(weight, wanted[name], atol=CLOSE, rtol=CLOSE)


def test_two_processes_train_as_one_with_the_whole_batch(tmp_path):
    alone = train(iris_mlp(), tmp_path / "alone")
    same_run(start(iris_mlp(), tmp_path / "team", "processes:2").end(), alone)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("on", "recipe"),
    [
        ("processes:2:sharded", {"optimizer": "sgd", "clip_norm": 1.0}),
        ("processes:2:sharded", {"averaging": "ema"}),
        ("processes:3", {}),  # batches of 64 and of 14 rows
    ],
)
def test_shared_weights_and_uneven_parts_come_to_the_same(tmp_path, on, recipe):
    document = digits_mlp(learning_rate=0.01, **recipe)
    alone = train(document, tmp_path / "alone")
    same_run(start(document, tmp_path / "team", on).end(), alone)


@pytest.mark.slow
def test_convolutions_are_shared_out_too(tmp_path):
    layers = "conv2d relu flatten dense"
    document = classifier(layers, "1, 8, 8", DataSpec("digits", {"layout": "image"}))
    document = with_recipe(document, epochs=2, threads=1)
    alone = train(document, tmp_path / "alone")
    same_run(start(document, tmp_path / "team", "processes:2:sharded").end(), alone)


@pytest.mark.slow
def test_a_checkpoint_of_shared_weights_is_one_file_that_one_process_goes_on_with(tmp_path):
    document = digits_mlp(epochs=4)
    alone = train(document, tmp_path / "alone")
    short = start(digits_mlp(epochs=2), tmp_path / "team", "processes:2:sharded").end()
    run = short[-1].run
    state = load_checkpoint(run, print)
    assert {type(value) for value in state["model"].values()} == {torch.Tensor}
    rest = train(document, tmp_path / "team", resume=run)
    assert losses(rest) == pytest.approx(losses(alone)[-len(losses(rest)) :], abs=CLOSE)
    assert rest[-1].test == pytest.approx(alone[-1].test, abs=CLOSE)


@pytest.mark.slow
@pytest.mark.parametrize("on", ["processes:2", "processes:2:sharded"])
def test_a_team_goes_on_with_what_one_process_has_begun(tmp_path, on):
    document = digits_mlp(epochs=4)
    alone = train(document, tmp_path / "alone")
    run = train(digits_mlp(epochs=2), tmp_path / "team")[-1].run
    rest = start(document, tmp_path / "team", on, resume=run).end()
    assert isinstance(rest[-1], Finished), rest[-1]
    assert losses(rest) == pytest.approx(losses(alone)[-len(losses(rest)) :], abs=CLOSE)


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["first", "other"])
def test_when_a_process_is_killed_all_begin_again_at_the_last_checkpoint(tmp_path, victim):
    document = with_recipe(digits_mlp(epochs=60), checkpoint_steps=100)
    alone = train(document, tmp_path / "alone")
    apart = start(document, tmp_path / "team", "processes:2")
    apart.wait_for(lambda event: isinstance(event, EpochEnded) and event.epoch == 10)
    run = apart.wait_for(lambda event: isinstance(event, Started)).run
    first = lock.owner_of(run)
    os.kill(first if victim == "first" else _sibling_of(first), signal.SIGKILL)
    events = apart.end()
    assert isinstance(events[-1], Finished), events[-1]
    starts = [event for event in events if isinstance(event, Started)]
    assert len(starts) == 2
    assert starts[1].step >= 100
    assert any("begin again" in event.text for event in events if isinstance(event, Noted))
    by_step = {
        s: x
        for e in events
        if isinstance(e, Stepped)
        for s, x in zip(e.steps, e.losses, strict=True)
    }
    assert list(by_step.values()) == pytest.approx(losses(alone), abs=CLOSE)
    assert events[-1].test == pytest.approx(alone[-1].test, abs=CLOSE)


@pytest.mark.slow
def test_a_team_that_is_asked_to_end_stops_and_keeps_its_state(tmp_path):
    document = with_recipe(digits_mlp(epochs=100_000), checkpoint_steps=0)
    apart = start(document, tmp_path, "processes:2")
    apart.wait_for(lambda event: isinstance(event, EpochEnded) and event.epoch == 3)
    run = apart.wait_for(lambda event: isinstance(event, Started)).run
    os.kill(lock.owner_of(run / "launch"), signal.SIGTERM)
    last = apart.end()[-1]
    assert isinstance(last, Stopped), last
    assert load_checkpoint(last.run, print)["step"] == last.step


def _sibling_of(pid):
    parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return next(int(child) for child in children if int(child) != pid)


@pytest.mark.slow
@pytest.mark.parametrize("on", ["processes:2", "processes:2:sharded"])
def test_all_pause_and_stop_together_and_keep_their_state(tmp_path, on):
    apart = start(digits_mlp(epochs=100_000), tmp_path, on)
    apart.wait_for(lambda event: isinstance(event, EpochEnded))
    apart.control.pause()
    apart.control.resume()
    at = apart.events[-1]
    apart.wait_for(lambda event: isinstance(event, EpochEnded) and event != at)
    apart.control.stop()
    last = apart.end()[-1]
    assert isinstance(last, Stopped), last
    assert load_checkpoint(last.run, print)["step"] == last.step


@pytest.mark.slow
def test_an_error_that_all_meet_ends_the_run_once(tmp_path):
    document = classifier("dense batch_norm dense", "4", DataSpec("iris"))
    document = with_recipe(document, batch_size=2)  # a single row for each: too few to normalise
    events = start(document, tmp_path, "processes:2").end()
    assert isinstance(events[-1], Failed)
    assert "at least 2 rows" in events[-1].text
    assert len([event for event in events if isinstance(event, Started)]) == 1


@pytest.mark.slow
@pytest.mark.parametrize("on", ["process", "processes:2"])
def test_a_value_of_the_recipe_is_changed_while_it_goes_on(tmp_path, on):
    apart = start(digits_mlp(epochs=100_000), tmp_path, on)
    apart.wait_for(lambda event: isinstance(event, EpochEnded))
    apart.control.set("learning_rate", 0.25)
    turned = apart.wait_for(lambda event: isinstance(event, Turned))
    assert (turned.name, turned.value, turned.before) == ("learning_rate", 0.25, 0.001)
    later = apart.wait_for(lambda event: isinstance(event, EpochEnded) and event.step > turned.step)
    assert later.learning_rate == 0.25
    apart.control.stop()
    assert isinstance(apart.end()[-1], Stopped)


@pytest.mark.slow
def test_batches_in_pieces_come_to_the_same(tmp_path):
    document = digits_mlp(epochs=2, accumulate=3)
    alone = train(document, tmp_path / "alone")
    same_run(start(document, tmp_path / "team", "processes:2").end(), alone)


@pytest.mark.slow
def test_machines_that_are_started_by_the_line_do_the_job_that_waits(tmp_path):
    alone = train(iris_mlp(), tmp_path / "alone")
    apart = start(iris_mlp(), tmp_path / "team", "machines:2x1")
    waiting = apart.wait_for(lambda event: isinstance(event, Preparing) and event.run is not None)
    line = (waiting.run / "launch" / "torchrun.sh").read_text()
    line = line.replace("first-machine", "127.0.0.1").replace(":29500", ":29527")
    bin_path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    machines = [
        subprocess.Popen(
            ["bash", "-c", line], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "PATH": bin_path, "OMP_NUM_THREADS": "1"},
        )
        for _ in range(2)
    ]  # fmt: skip
    same_run(apart.end(), alone)
    for machine in machines:
        machine.wait(60)


@pytest.mark.slow
def test_machines_that_never_come_are_not_waited_for_after_a_stop(tmp_path):
    apart = start(iris_mlp(), tmp_path, "machines:2x8")
    apart.wait_for(lambda event: isinstance(event, Preparing) and event.run is not None)
    apart.control.stop()
    assert isinstance(apart.end()[-1], Stopped)
    assert not list(tmp_path.iterdir()), "nothing is left of it"
