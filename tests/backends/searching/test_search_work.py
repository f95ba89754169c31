"""Searches on real data: runs, what they came to, stopping and going on."""

import json

import numpy as np
import pytest

pytest.importorskip("optuna")

from backends.data.source import params_of
from backends.protocol import Control, EpochEnded, Event, Stepped
from backends.runs.entry import read_entry
from backends.runs.index import list_runs
from backends.searching import folder as searches
from backends.searching.trial import (
    FAILED,
    FINISHED,
    REFUSED,
    RUNNING,
    STOPPED,
    Begun,
    SearchJob,
    Trial,
    best_of,
)
from backends.searching.work import run, tried
from graph import edits
from graph.data import DataSpec, StepSpec
from graph.fileio import load
from graph.problems import UserError
from graph.searching import make_search
from tests.backends.pytorch.drawings import iris_mlp


def job(tmp_path, *over, document=None, name="", **options):
    document = document or iris_mlp(epochs=2)
    return SearchJob(document, make_search(document, over, **options), tmp_path / "runs", name)


def made(job, control=None, on=None):
    """A search, and all that it told."""
    told = []

    def hear(event):
        told.append(event)
        if on is not None:
            on(event)

    return run(job, hear, control or Control()), told


def test_the_best_of_three_trials_is_found_and_each_is_a_run_with_the_tag(tmp_path):
    wanted = job(tmp_path, "dense.features={4, 16}", "learning_rate=1e-5..1e-1 log", trials=3,
                 name="wide")  # fmt: skip
    found, told = made(wanted)
    assert [trial.state for trial in found.trials] == [FINISHED] * 3
    assert not found.is_stopped and not found.text
    assert found.best == min(found.trials, key=lambda trial: trial.value)
    entries = {entry.path: entry for entry in list_runs(tmp_path / "runs")}
    assert len(entries) == 3
    for trial in found.trials:
        entry = entries[trial.run]
        assert entry.tags == (found.folder.name,) and "wide" in found.folder.name
        assert entry.best_validation["loss"] == trial.value
        features, rate = trial.values
        document = load(trial.run / "document.loom").document
        assert document.recipe["learning_rate"] == rate and 1e-5 <= rate <= 1e-1
        assert document.graph.nodes["n2"].params["features"] == features
        assert f"dense.features {features}" in entry.name
    assert isinstance(told[0], Begun)
    states = [event.state for event in told if isinstance(event, Trial)]
    # the second tells its run, the next two what it came to after an epoch
    assert states == [RUNNING, RUNNING, RUNNING, RUNNING, FINISHED] * 3
    assert any(isinstance(event, EpochEnded) for event in told)


def test_shapes_that_do_not_fit_are_told_and_cost_no_run(tmp_path):
    found, _ = made(job(tmp_path, "dense2.features={2, 3, 4}", "epochs={1, 2}", trials=2))
    by_state = {trial.state: trial for trial in found.trials}
    refused = [trial for trial in found.trials if trial.state == REFUSED]
    assert sum(trial.state == FINISHED for trial in found.trials) == 2
    assert all(trial.values[0] == 2 for trial in refused)
    assert FAILED not in by_state
    assert len(list_runs(tmp_path / "runs")) == 2


def test_a_search_ends_when_every_choice_was_made_once(tmp_path):
    found, _ = made(job(tmp_path, "dense2.features={1, 2, 3}", "epochs={1, 2}", trials=50))
    assert found.text == "All choices have been tried."
    assert len({trial.values for trial in found.trials}) == len(found.trials) == 6
    assert sum(trial.state == FINISHED for trial in found.trials) == 2
    refused = [trial.text for trial in found.trials if trial.state == REFUSED]
    assert len(refused) == 4 and all("3" in text for text in refused)


def test_the_highest_of_a_metric_may_be_what_is_looked_for(tmp_path):
    wanted = job(tmp_path, "learning_rate={1e-6, 0.03}", objective="accuracy", trials=2,
                 document=iris_mlp(epochs=8))  # fmt: skip
    found, _ = made(wanted)
    assert found.best.values == (0.03,)
    assert found.best.value == read_entry(found.best.run).best_validation["accuracy"]


def test_the_same_seed_makes_the_same_choices(tmp_path):
    chosen = [
        [trial.values for trial in made(job(tmp_path, "dense.features=4..64", trials=2,
                                            seed=seed))[0].trials]
        for seed in (1, 1, 2)
    ]  # fmt: skip
    assert chosen[0] == chosen[1] != chosen[2]


def test_a_stopped_search_goes_on_where_it_was(tmp_path):
    document = iris_mlp(epochs=40)
    wanted = job(tmp_path, "dense.features={4, 8, 16}", trials=3, document=document)
    control = Control()
    epochs = []

    def stop_in_the_second(event: object) -> None:
        if isinstance(event, EpochEnded):
            epochs.append(event)
        if isinstance(event, Stepped) and len(epochs) > 45:
            control.stop()

    found, _ = made(wanted, control, stop_in_the_second)
    assert found.is_stopped
    assert [trial.state for trial in found.trials] == [FINISHED, STOPPED]
    half = found.trials[1]

    stored = searches.read(found.folder)
    assert stored.search == wanted.search
    again, told = made(stored.job())
    assert [trial.state for trial in again.trials] == [FINISHED] * 3
    assert again.trials[0] == found.trials[0]
    same = next(trial for trial in again.trials if trial.values == half.values)
    assert same.run == half.run  # it went on with its run
    assert read_entry(half.run).epochs == 40
    assert len(list_runs(tmp_path / "runs")) == 3
    assert tried(found.folder, stored.search) == again.trials
    assert isinstance(told[0], Begun) and len(told[0].trials) == 2


def test_more_trials_may_be_made_later(tmp_path):
    found, _ = made(job(tmp_path, "dense.features=4..64", trials=1))
    more, _ = made(searches.read(found.folder).job(trials=2))
    assert more.trials[0] == found.trials[0] and len(more.trials) == 2
    assert searches.read(found.folder).search.trials == 2
    latest = searches.find(tmp_path / "runs", "latest", "Test")
    assert latest == searches.find(tmp_path / "runs", found.folder.name, "") == found.folder


def test_runs_that_fail_are_told_and_a_hopeless_search_ends(tmp_path):
    x = np.random.default_rng(0).standard_normal((60, 4)).astype(np.float32) * 1e12
    np.savez(tmp_path / "data.npz", x=x, y=np.arange(60) % 3)
    spec = DataSpec("npy", {"path": str(tmp_path / "data.npz"), "target": "y"})
    document = edits.set_data(iris_mlp(epochs=2, optimizer="sgd", learning_rate=100), spec)
    found, _ = made(job(tmp_path, "dense.features=4..64", trials=8, document=document))
    assert [trial.state for trial in found.trials] == [FAILED] * 3
    assert found.best is None and "failed in the same way" in found.text
    assert all(trial.text and trial.run for trial in found.trials)


def test_what_was_kept_wrongly_is_said(tmp_path):
    found, _ = made(job(tmp_path, "dense.features={4}", trials=1))
    (found.folder / "search.json").write_text(json.dumps({"over": ["dense.features={4}"]}))
    with pytest.raises(UserError, match="damaged"):
        searches.read(found.folder)
    with pytest.raises(UserError, match="no folder of a search"):
        searches.read(tmp_path)
    with pytest.raises(UserError, match="no search nowhere"):
        searches.find(tmp_path / "runs", "nowhere", "Test")


def test_equal_values_make_the_first_the_best(tmp_path):
    search = job(tmp_path, "epochs={1, 2}").search
    trials = [Trial(1, (1,), FINISHED, 0.5), Trial(2, (2,), FINISHED, 0.5), Trial(3, (3,), FAILED)]
    assert best_of(search, trials).number == 1
    assert best_of(search, []) is None


def test_events_are_those_of_the_runs(tmp_path):
    _, told = made(job(tmp_path, "epochs={1}", trials=1))
    assert all(isinstance(event, Event | Trial | Begun) for event in told)


def test_the_data_and_its_steps_are_chosen_for_and_read_as_chosen(tmp_path):
    spec = DataSpec("iris", steps=(StepSpec("normalise"),))
    document = edits.set_data(iris_mlp(epochs=1), spec)
    texts = ["data.test_fraction={0.2, 0.4}", "data.normalise.on={true, false}", "batch_size={16}"]
    search = make_search(document, texts, trials=4, source=params_of(document.data))
    found, _ = made(SearchJob(document, search, tmp_path / "runs"))
    by_values = {trial.values[:2]: trial for trial in found.trials if trial.state == FINISHED}
    assert len(by_values) == 4
    for (share, on), trial in by_values.items():
        chosen = load(trial.run / "document.loom").document
        assert chosen.data.params["test_fraction"] == share and chosen.data.steps[0].on is on
    plan = {share: json.loads((by_values[share, True].run / "run.json").read_text())["plan"]
            for share in (0.2, 0.4)}  # fmt: skip
    assert (plan[0.2]["test_rows"], plan[0.4]["test_rows"]) == (30, 60)
    assert searches.read(found.folder).search == search
