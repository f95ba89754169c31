"""Runs in a process of their own."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from backends.launch.__main__ import supervise
from backends.launch.job_file import read_launch, write_launch
from backends.launch.news import Teller
from backends.launch.process import _follow, _Following, is_alive
from backends.launch.where import where_of
from backends.protocol import Control, EpochEnded, Failed, Finished, Job, Started, Stepped, Stopped
from backends.pytorch.checkpoint import load_checkpoint
from backends.runs import folder as store
from backends.runs import lock
from tests.backends.launch.apart import reattach, start
from tests.backends.pytorch.drawings import digits_mlp, iris_mlp, with_recipe
from tests.backends.pytorch.running import losses, train

LONG = 100_000  # epochs: longer than any test
ROOT = Path(__file__).parents[3]


def is_stepped(event):
    return isinstance(event, Stepped)


def timeless(event):
    return replace(event, seconds=0.0) if hasattr(event, "seconds") else event


@pytest.mark.slow
def test_a_process_of_its_own_trains_as_this_program_does(tmp_path):
    here = train(iris_mlp(), tmp_path / "here")
    events = start(iris_mlp(), tmp_path / "apart", "process").end()
    assert isinstance(events[-1], Finished), events[-1]
    assert losses(events) == losses(here)
    assert [timeless(e) for e in events if isinstance(e, EpochEnded)] == [
        timeless(e) for e in here if isinstance(e, EpochEnded)
    ]
    assert events[-1].test == here[-1].test
    assert not is_alive(events[-1].run)


@pytest.mark.slow
def test_a_stop_is_heeded_at_once_and_the_run_can_be_gone_on_with(tmp_path):
    apart = start(digits_mlp(epochs=LONG), tmp_path, "process")
    apart.wait_for(is_stepped)
    apart.control.pause()
    run = apart.wait_for(lambda event: isinstance(event, Started)).run
    seen = _steps_when_quiet(run)
    apart.control.resume()
    apart.wait_for(lambda event: is_stepped(event) and event.steps[-1] > seen)
    apart.control.stop()
    last = apart.end()[-1]
    assert isinstance(last, Stopped)
    again = start(digits_mlp(epochs=LONG), tmp_path, "process", resume=last.run)
    first = again.wait_for(is_stepped)
    assert first.steps[0] == last.step + 1
    again.control.stop()
    assert isinstance(again.end()[-1], Stopped)


def _steps_when_quiet(run):
    """The steps that are written, once none have come for a while."""
    size, since = -1, time.monotonic()
    while time.monotonic() - since < 0.5:
        now = (run / store.METRICS).stat().st_size
        if now != size:
            size, since = now, time.monotonic()
    return json.loads((run / store.METRICS).read_text().splitlines()[-1])["step"]


@pytest.mark.slow
def test_a_drawing_that_cannot_be_trained_leaves_nothing_behind(tmp_path):
    document = with_recipe(iris_mlp(), device="mps")
    last = start(document, tmp_path, "process").end()[-1]
    assert isinstance(last, Failed)
    assert "mps" in last.text
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_process_that_is_killed_is_told_of_and_its_run_goes_on(tmp_path):
    document = with_recipe(digits_mlp(epochs=LONG), checkpoint_steps=50)
    apart = start(document, tmp_path, "process")
    run = apart.wait_for(lambda event: isinstance(event, EpochEnded) and event.epoch == 5) and (
        apart.wait_for(lambda event: isinstance(event, Started)).run
    )
    os.kill(lock.owner_of(run), signal.SIGKILL)
    last = apart.end()[-1]
    assert isinstance(last, Failed)
    assert "signal 9" in last.text
    assert last.run == run
    again = start(document, tmp_path, "process", resume=run)
    started = again.wait_for(lambda event: isinstance(event, Started))
    assert started.step >= 50
    again.control.stop()
    assert isinstance(again.end()[-1], Stopped)


@pytest.mark.slow
def test_a_process_that_is_asked_to_end_stops_and_keeps_its_state(tmp_path):
    apart = start(digits_mlp(epochs=LONG), tmp_path, "process")
    apart.wait_for(is_stepped)
    run = apart.wait_for(lambda event: isinstance(event, Started)).run
    os.kill(lock.owner_of(run), signal.SIGTERM)
    last = apart.end()[-1]
    assert isinstance(last, Stopped)
    assert load_checkpoint(run, print)["step"] == last.step


@pytest.mark.slow
def test_a_run_outlives_the_program_that_started_it_and_is_found_again(tmp_path):
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.backends.launch.apart import start\n"
        "from tests.backends.pytorch.drawings import digits_mlp\n"
        f"apart = start(digits_mlp(epochs={LONG}), Path(sys.argv[1]), 'process')\n"
        "event = apart.wait_for(lambda event: hasattr(event, 'steps_per_epoch'))\n"
        "print(event.run, flush=True)\n"
        "apart.thread.join()\n"
    )
    window = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    run = Path(window.stdout.readline().strip())
    window.kill()
    window.wait()
    window.stdout.close()
    assert is_alive(run)
    apart = reattach(run)
    started = apart.wait_for(lambda event: isinstance(event, Started))
    assert started.run == run
    first = apart.wait_for(is_stepped)
    assert first.steps[0] == 1, "who looks later hears of the past, too"
    apart.wait_for(lambda event: is_stepped(event) and event.steps[-1] > first.steps[-1])
    apart.control.stop()
    events = apart.end()
    assert isinstance(events[-1], Stopped)
    assert losses(events)[: events[-1].step], "no step is missing"
    assert not is_alive(run)


def test_a_folder_that_is_gone_is_told_by_who_follows_it(tmp_path):
    run = write_launch(Job(iris_mlp(), tmp_path), where_of("process")).run
    run.rename(tmp_path / "elsewhere")
    launch = replace(read_launch(tmp_path / "elsewhere"), run=run)
    events = []
    _follow(launch, events.append, Control())
    assert "is gone: it was deleted or moved" in events[-1].text


def test_what_cannot_be_understood_of_a_run_ends_its_following(tmp_path):
    run = write_launch(Job(iris_mlp(), tmp_path), where_of("process")).run
    store.write_json(run / store.SUMMARY, {"status": "finished", "plan": {}})
    (last,) = reattach(run).end()
    assert isinstance(last, Failed)
    assert "What the run tells cannot be understood" in last.text


def test_a_run_is_alive_while_those_are_that_the_process_started(tmp_path):
    launch = write_launch(Job(iris_mlp(), tmp_path), where_of("process"))
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    following = _Following(launch, Control(), process, None)
    lock.take(launch.run)
    following._alive_at = 0.0
    assert following._is_alive()
    lock.release(launch.run)
    following._alive_at = 0.0
    assert not following._is_alive()


def test_a_run_that_others_train_is_left_alone(tmp_path):
    run = write_launch(Job(iris_mlp(), tmp_path), where_of("process")).run
    store.write_json(run / store.SUMMARY, {"status": "running"})
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    lock.take(run)
    (last,) = start(iris_mlp(), tmp_path, "process", resume=run).end()
    assert isinstance(last, Failed)
    assert "is being trained by another process" in last.text
    lock.release(run)
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def test_a_run_that_has_begun_is_never_taken_away(tmp_path):
    launch = write_launch(Job(iris_mlp(), tmp_path), where_of("process"))
    store.write_json(launch.run / store.SUMMARY, {"status": "running"})
    Teller(launch.news).tell(Failed("Somebody else could not train it."))
    events = []
    _follow(launch, events.append, Control())
    assert isinstance(events[-1], Failed)
    assert (launch.run / store.SUMMARY).exists()


def test_a_pytorch_without_torchrun_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.distributed.launcher.api", None)
    launch = write_launch(Job(iris_mlp(), tmp_path), where_of("processes:2"))
    assert supervise(launch) == 1
    events = []
    _follow(launch, events.append, Control())
    assert "cannot start several processes" in events[-1].text
    assert not launch.run.exists()
