"""A recipe that is changed while the run goes on: told, written down, gone on with, exported."""

import dataclasses

import pytest

from backends.protocol import Control, Finished, Job, Stepped, Stopped, Turned
from backends.pytorch import report
from backends.pytorch.export import export
from backends.pytorch.loop import fit
from backends.pytorch.recipe import KNOBS, Change, Recipe
from backends.runs.metrics import changes_of
from graph.recipe import Recipe as Declared
from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.running import follow, losses, train
from tests.backends.pytorch.test_export import answer, python
from tests.backends.pytorch.test_loop import Quiet, line, model, recipe, squared
from tests.backends.pytorch.test_turns import rivals


@pytest.fixture
def every_step(monkeypatch):
    monkeypatch.setattr(report, "EVENT_EVERY_S", 0.0)


class Hand(Quiet):
    """Turns knobs before the steps of these numbers."""

    def __init__(self, asked, stop_after=float("inf")):
        super().__init__(stop_after)
        self.to_ask, self.seen = dict(asked), []

    def started(self, run):
        self.run = run

    def asked(self):
        return self.to_ask.pop(self.run.step, ())

    def turned(self, change, before):
        self.seen.append((change, before))


ASKED = {3: [("learning_rate", 0.2)], 5: [("clip_norm", 0.3), ("learning_rate", 0.1)]}


def test_knobs_are_values_that_the_form_has():
    assert set(KNOBS) <= set(Declared.params)
    assert set(KNOBS) <= {field.name for field in dataclasses.fields(Recipe)}


def test_a_turned_knob_counts_from_the_next_step_on():
    hand, plain = Hand(ASKED), Quiet()
    run = fit(model(), squared, line(), recipe(), hand)
    fit(model(), squared, line(), recipe(), plain)
    assert hand.losses[:4] == plain.losses[:4]
    assert hand.losses[4] != plain.losses[4]
    assert hand.seen == [
        (Change(3, "learning_rate", 0.2), 0.05),
        (Change(5, "clip_norm", 0.3), 0.0),
        (Change(5, "learning_rate", 0.1), 0.2),
    ]
    assert run.learners[0].rate == 0.1


def test_changes_in_the_recipe_do_what_the_hand_did():
    hand, again = Hand(ASKED), Hand({})
    fit(model(), squared, line(), recipe(), hand)
    changes = tuple(change for change, _ in hand.seen)
    fit(model(), squared, line(), recipe(changes=changes), again)
    assert again.losses == hand.losses
    assert again.seen == hand.seen


@pytest.mark.parametrize("stop", [2, 3, 4, 5, 6, 9])
@pytest.mark.parametrize("by_recipe", [False, True])
def test_a_run_with_turned_knobs_goes_on_bit_for_bit(stop, by_recipe):
    whole = Hand(ASKED)
    fit(model(), squared, line(), recipe(), whole)
    given = recipe(changes=tuple(c for c, _ in whole.seen)) if by_recipe else recipe()
    asked = {} if by_recipe else ASKED
    first, second = Hand(asked, stop), Hand({s: w for s, w in asked.items() if s >= stop})
    fit(model(), squared, line(), given, first)
    fit(model(1), squared, line(), given, second, first.state)
    assert first.losses + second.losses == whole.losses


def test_what_the_recipe_says_anew_wins_over_what_was_turned():
    first = Hand(ASKED, 6)
    fit(model(), squared, line(), recipe(), first)
    run = fit(model(1), squared, line(), recipe(learning_rate=0.01), Quiet(), first.state)
    assert run.learners[0].rate == 0.01
    assert run.recipe.clip_norm == 0.3


def test_rules_that_end_a_run_can_be_turned():
    run = fit(model(), squared, line(), recipe(), Hand({2: [("epochs", 1)]}))
    assert len(run.history) == 1
    run = fit(model(), squared, line(), recipe(), Hand({6: [("max_steps", 3)]}))
    assert run.step == 6
    assert run.why_over() == "steps"


def steered(document, runs, settings, stop_at=None):
    """A run in which these settings are asked for after its second step."""
    control = Control()

    def on_event(event):
        if isinstance(event, Stepped) and event.steps[-1] == 2:
            for name, value in settings:
                control.set(name, value)
        if isinstance(event, Stepped) and event.steps[-1] == stop_at:
            control.stop()

    return follow(Job(document, runs), control, on_event)


def test_a_run_tells_and_writes_down_what_was_turned(tmp_path, every_step):
    events = steered(iris_mlp(), tmp_path, [("learning_rate", 0.5), ("epochs", 2)])
    turned = [event for event in events if isinstance(event, Turned)]
    assert turned == [Turned(2, "learning_rate", 0.5, 0.001), Turned(2, "epochs", 2, 3)]
    assert changes_of(events[-1].run / "metrics.jsonl") == turned
    assert isinstance(events[-1], Finished)
    assert events[-1].epochs == 2


@pytest.mark.parametrize(
    ("make", "settings"),
    [
        (iris_mlp, [("learning_rate", 0.05), ("early_stopping", True), ("epochs", 4)]),
        pytest.param(rivals, [("hiding.learning_rate", 0.2)], marks=pytest.mark.slow),
    ],
)
def test_the_exported_script_turns_what_was_turned(make, settings, tmp_path, every_step):
    document = make(device="cpu", threads=1)
    events = steered(document, tmp_path, settings)
    export(document, tmp_path / "exported", events[-1].run)
    found = answer(python(tmp_path / "exported" / "train.py", "--json", cwd=tmp_path))
    means = [event for event in events if type(event).__name__ == "EpochEnded"]
    assert found["epochs"] == [
        {"epoch": e.epoch, "train": dict(e.train), "validation": dict(e.validation)} for e in means
    ]
    assert found["test"] == dict(events[-1].test)


def test_a_stopped_run_with_turned_knobs_goes_on_from_its_folder(tmp_path, every_step):
    settings = [("learning_rate", 0.05)]
    whole = steered(iris_mlp(), tmp_path, settings)
    first = steered(iris_mlp(), tmp_path, settings, stop_at=4)
    assert isinstance(first[-1], Stopped)
    second = train(iris_mlp(), tmp_path, resume=first[-1].run)
    assert losses(first) + losses(second) == losses(whole)
    assert len(changes_of(first[-1].run / "metrics.jsonl")) == 1
