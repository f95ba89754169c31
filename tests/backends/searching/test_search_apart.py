"""Searches that go on in a process of their own."""

import threading

import pytest

pytest.importorskip("optuna")

from backends.launch.where import THREAD, Kind, Where
from backends.protocol import Control, EpochEnded
from backends.runs import lock
from backends.searching import apart, folder
from backends.searching.trial import FINISHED, PRUNED, RUNNING, Begun, SearchJob, Trial
from backends.searching.work import run
from graph.problems import UserError
from graph.searching import make_search
from tests.backends.pytorch.drawings import iris_mlp


def stopped(tmp_path, epochs=2):
    """A search of three trials that was stopped in its first."""
    document = iris_mlp(epochs=epochs)
    search = make_search(document, ["dense.features={4, 8, 16}"], trials=3, pruner="none")
    control = Control()
    ended = run(
        SearchJob(document, search, tmp_path / "runs"),
        lambda event: isinstance(event, EpochEnded) and control.stop(),
        control,
    )
    assert ended.is_stopped
    return folder.read(ended.folder)


def test_what_was_started_is_done_as_it_was_begun(tmp_path):
    stored = stopped(tmp_path)
    with pytest.raises(UserError, match="cannot be read"):
        apart.work(stored.folder)
    apart.start(stored.folder, THREAD).wait()
    found = apart.follow(stored, lambda _: None, Control(), Control())
    assert not found.is_stopped and len(found.trials) == 3
    assert found.best is not None and lock.owner_of(stored.folder) is None


@pytest.mark.slow
def test_it_is_followed_and_stopped_from_another_program(tmp_path):
    stored = stopped(tmp_path, epochs=100_000)
    process = apart.start(stored.folder, THREAD)
    seen = threading.Event()
    while lock.owner_of(stored.folder) is None:
        assert process.poll() is None
        seen.wait(0.05)
    leaving = Control()
    left = apart.follow(
        stored, lambda event: isinstance(event, Begun) and leaving.stop(), Control(), leaving
    )
    assert left.is_stopped and process.poll() is None, "who leaves lets it go on"
    control = Control()
    control.stop()
    found = apart.follow(stored, lambda _: None, control, Control())
    assert found.is_stopped and len(found.trials) == 1
    assert process.wait() == 0


@pytest.mark.slow
def test_trials_run_beside_each_other_and_are_all_made_once(tmp_path):
    document = iris_mlp(epochs=30)
    search = make_search(document, ["dense.features={4, 8, 16, 32}"], trials=4)
    job = SearchJob(
        document, search, tmp_path / "runs", where=Where(Kind.PROCESS), parallel=2,
    )  # fmt: skip
    now, most = set(), []

    def hear(event):
        if isinstance(event, Trial):
            (now.add if event.state == RUNNING else now.discard)(event.number)
            most.append(len(now))

    found = run(job, hear, Control())
    assert max(most) == 2 and not found.is_stopped
    assert {trial.values[0] for trial in found.trials} == {4, 8, 16, 32}
    assert {trial.state for trial in found.trials} <= {FINISHED, PRUNED}


def test_in_this_program_trials_run_one_after_the_other(tmp_path):
    search = make_search(iris_mlp(), ["epochs={1}"])
    with pytest.raises(UserError, match="processes of their own"):
        SearchJob(iris_mlp(), search, tmp_path, parallel=2)
