"""Weak trials are cut short, by what real training came to after each epoch."""

import json
from dataclasses import replace

import pytest

pytest.importorskip("optuna")

from backends.launch.job_file import is_launched
from backends.launch.where import Kind, Where
from backends.protocol import Control, EpochEnded, Job
from backends.pytorch.train import run as train
from backends.runs.entry import read_entry
from backends.runs.folder import METRICS
from backends.runs.log import LOG
from backends.searching import folder as searches
from backends.searching.pruning import is_told
from backends.searching.trial import FINISHED, PRUNED, STOPPED, SearchJob, best_of
from backends.searching.work import run, tried
from graph.searching import make_search
from tests.backends.pytorch.drawings import iris_mlp

EPOCHS = 5
RATES = "learning_rate=1e-6..1e-1 log"


def job(tmp_path, **options):
    document = iris_mlp(epochs=EPOCHS)
    search = make_search(document, [RATES], trials=options.pop("trials", 8), **options)
    return SearchJob(document, search, tmp_path / "runs")


def shown(trials):
    """What of trials does not depend on the clock or on where their runs lie."""
    return [(t.number, t.values, t.state, t.value, t.text, t.curve) for t in trials]


def test_trials_below_the_median_are_cut_short_and_kept_as_runs(tmp_path):
    found = run(job(tmp_path), lambda _: None, Control())
    pruned = [trial for trial in found.trials if trial.state == PRUNED]
    whole = [trial for trial in found.trials if trial.state == FINISHED]
    assert len(whole) >= 4 and pruned and len(whole) + len(pruned) == 8
    assert found.best in whole
    for trial in pruned:
        entry = read_entry(trial.run)
        assert entry.status == "stopped" and entry.epochs == trial.curve[-1][0] < EPOCHS
        assert entry.validation["loss"] == trial.value == trial.curve[-1][1]
        assert PRUNED in entry.tags and found.folder.name in entry.tags
        assert f"after epoch {entry.epochs}: its loss of {trial.value:.4g} is above" in trial.text
        assert trial.text in (trial.run / LOG).read_text()
    for trial in whole:
        assert [epoch for epoch, _ in trial.curve] == list(range(1, EPOCHS + 1))
        assert read_entry(trial.run).status == "finished"


@pytest.mark.parametrize("pruner", ["median", "halving"])
def test_the_same_seed_cuts_the_same_trials_short(tmp_path, pruner):
    first, second = (
        run(job(tmp_path / name, pruner=pruner), lambda _: None, Control()) for name in "ab"
    )
    assert PRUNED in [trial.state for trial in first.trials]
    assert shown(first.trials) == shown(second.trials)


@pytest.mark.slow
def test_trials_in_processes_of_their_own_come_to_the_same(tmp_path):
    wanted = job(tmp_path / "here", pruner="halving", trials=2, seed=1)
    here = run(wanted, lambda _: None, Control())
    apart = replace(wanted, runs=tmp_path / "apart", where=Where(Kind.PROCESS))
    there = run(apart, lambda _: None, Control())
    assert [trial.state for trial in there.trials] == [FINISHED, PRUNED]
    assert shown(there.trials) == shown(here.trials)
    assert all(is_launched(trial.run) for trial in there.trials)
    assert not any(is_launched(trial.run) for trial in here.trials)


def test_a_run_that_was_over_before_it_was_told_is_not_made_again(tmp_path):
    wanted = job(tmp_path, trials=1)
    control = Control()
    half = run(wanted, lambda event: isinstance(event, EpochEnded) and control.stop(), control)
    (trial,) = half.trials
    train(Job(wanted.document, wanted.runs, resume=trial.run), lambda _: None, Control())
    before = (trial.run / METRICS).read_bytes()
    found = run(searches.read(half.folder).job(), lambda _: None, Control())
    assert (trial.run / METRICS).read_bytes() == before
    assert [each.state for each in found.trials] == [FINISHED]
    assert len(found.trials[0].curve) == EPOCHS


def test_without_a_pruner_every_trial_has_all_its_epochs(tmp_path):
    found = run(job(tmp_path, pruner="none", trials=6), lambda _: None, Control())
    assert {trial.state for trial in found.trials} == {FINISHED}
    assert all(len(trial.curve) == EPOCHS for trial in found.trials)


def test_a_resumed_search_goes_on_to_cut_short_and_knows_what_it_cut(tmp_path):
    wanted = job(tmp_path)
    control, epochs = Control(), []

    def stop(event):
        if isinstance(event, EpochEnded):
            epochs.append(event)
            if len(epochs) == 4 * EPOCHS + 1:  # in the first trial that may be cut short
                control.stop()

    half = run(wanted, stop, control)
    assert half.is_stopped and half.trials[-1].state == STOPPED
    stored = searches.read(half.folder)
    assert stored.search == wanted.search and stored.search.pruner == "median"
    found = run(stored.job(), lambda _: None, Control())
    pruned = [trial for trial in found.trials if trial.state == PRUNED]
    assert pruned and found.trials[:4] == half.trials[:4]
    assert found.trials[4].curve[:1] == half.trials[4].curve[:1]
    again = tried(half.folder, stored.search)
    assert shown(again) == shown(found.trials)
    assert best_of(stored.search, again) == found.best


def test_a_search_from_before_there_were_pruners_goes_on_without(tmp_path):
    found = run(job(tmp_path, trials=1), lambda _: None, Control())
    path = found.folder / "search.json"
    held = json.loads(path.read_text())
    del held["pruner"]
    path.write_text(json.dumps(held))
    assert searches.read(found.folder).search.pruner == "none"


def test_of_many_epochs_some_are_looked_at():
    told = [epoch for epoch in range(1, 3001) if is_told(epoch)]
    assert told[:99] == list(range(1, 100))
    assert told[99:102] == [100, 110, 120] and told[-1] == 3000
    assert len(told) == 99 + 90 + 21
