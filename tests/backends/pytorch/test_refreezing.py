"""Blocks that are frozen, or learn again, while a run goes on: as its hand, recipe and folder."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from backends.protocol import Control, Job, Stepped, Stopped, Turned
from backends.pytorch import report
from backends.pytorch.export import export
from backends.pytorch.frozen import as_frozen, frozen_modules
from backends.pytorch.loop import fit
from backends.pytorch.prepare import prepare
from backends.pytorch.recipe import Change, Group, Recipe
from backends.runs.metrics import changes_of
from graph.composites.making import make
from graph.freezing import set_frozen
from graph.model import NodeId
from tests.backends.pytorch.drawings import iris_mlp, node_called
from tests.backends.pytorch.running import follow, losses, train
from tests.backends.pytorch.test_export import answer, python
from tests.backends.pytorch.test_freezing import deep
from tests.backends.pytorch.test_knobs import Hand
from tests.backends.pytorch.test_loop import line, squared

OFTEN = ("sgd", "adam", "lbfgs", "muon", "schedule-free-adamw")
SELDOM = ("adamw", "nadam", "lion", "rmsprop", "schedule-free-sgd")
OPTIMIZERS = (*OFTEN, *(pytest.param(each, marks=pytest.mark.slow) for each in SELDOM))
ASKED = {3: [("frozen", "0")], 5: [("frozen", "")], 7: [("frozen", "2")]}


@pytest.fixture
def every_step(monkeypatch):
    monkeypatch.setattr(report, "EVENT_EVERY_S", 0.0)


def net(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))


def recipe(**values):
    shared = {"learning_rate": 0.05, "epochs": 3, "batch_size": 8, "device": "cpu", "threads": 1}
    return Recipe(**{**shared, "validation_fraction": 0.0, "keep": "last", **values})


class Watched(Hand):
    """Notes which layers moved in which step."""

    def __init__(self, *asked):
        super().__init__(*asked)
        self.moved, self.before = {}, None

    def goes_on(self):
        layers = [self.run.model[n].weight.detach().clone() for n in (0, 2, 4)]
        if self.before is not None and self.run.step not in self.moved:
            pairs = zip(layers, self.before, strict=True)
            self.moved[self.run.step] = [not torch.equal(a, b) for a, b in pairs]
        self.before = layers
        return super().goes_on()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_only_what_is_not_frozen_moves(optimizer):
    hand = Watched(ASKED)
    fit(net(), squared, line(), recipe(optimizer=optimizer), hand)
    # schedule-free weights move once more: to their mean, which is what is kept of them
    frozen_at = (5, 9) if optimizer.startswith("schedule-free") else (4, 8)
    assert [hand.moved[step] for step in (3, frozen_at[0], 6, 7, frozen_at[1])] == [
        [True] * 3, [False, True, True], [True] * 3, [True] * 3, [True, False, True],
    ]  # fmt: skip


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("averaging", ["none", pytest.param("ema", marks=pytest.mark.slow)])
def test_changes_do_what_the_hand_did_and_every_stop_goes_on_bit_for_bit(optimizer, averaging):
    how = recipe(optimizer=optimizer, averaging=averaging)
    if optimizer.startswith("schedule-free"):
        how = replace(how, averaging="none")
    whole, again = Hand(ASKED), Hand({})
    end = fit(net(), squared, line(), how, whole)
    changes = tuple(change for change, _ in whole.seen)
    last = fit(net(), squared, line(), replace(how, changes=changes), again)
    assert again.losses == whole.losses
    for a, b in zip(end.model.parameters(), last.model.parameters(), strict=True):
        assert torch.equal(a, b)
    for stop in (4, 6):
        first, second = Hand(ASKED, stop), Hand({s: w for s, w in ASKED.items() if s >= stop})
        fit(net(), squared, line(), how, first)
        fit(net(1), squared, line(), how, second, first.state)
        assert first.losses + second.losses == whole.losses


def test_what_was_frozen_at_first_learns_later_by_the_rates_of_its_group():
    model = net()
    model[0].requires_grad_(False)
    groups = (Group(("0",), learning_rate=0.5),)
    hand = Watched({4: [("frozen", "")]})
    how = recipe(frozen="0", groups=groups, averaging="ema")
    run = fit(model, squared, line(), how, hand)
    assert [hand.moved[step][0] for step in (2, 4, 5)] == [False, False, True]
    assert sorted(g["factor"] for o in run.optimizers() for g in o.param_groups) == [0.5, 1.0]
    assert "0.weight" in run.average.means


def test_frozen_in_all_it_measures_and_learns_no_more():
    hand = Hand({3: [("frozen", "0, 2, 4")]})
    run = fit(net(), squared, line(), recipe(), hand)
    assert len(hand.losses) == run.step
    assert run.optimizers() == []


def test_adam_keeps_what_it_knows_of_those_that_go_on():
    run = fit(net(), squared, line(), recipe(optimizer="adam"), Hand({3: [("frozen", "0")]}))
    (optimizer,) = run.optimizers()
    assert {float(state["step"]) for state in optimizer.state.values()} == {float(run.step)}
    assert len(optimizer.state) == 4


def test_modules_and_blocks_name_each_other():
    document = deep()
    first = node_called(document.inside("Part"), "first")
    inside = set_frozen(document.inside("Part"), [first], True).whole()
    both = set_frozen(inside, [node_called(inside, "stem")], True)
    paths = prepare(document).source.paths
    named = frozen_modules(paths, both)
    assert named == "stem, one.0, many.0.0, many.1.0, many.2.0"
    assert prepare(both).recipe.frozen == named
    assert as_frozen(paths, document, named) == both
    assert as_frozen(paths, both, "") == document.whole()


def steered(document, runs, frozen, stop_at=None):
    control = Control()

    def on_event(event):
        if isinstance(event, Stepped) and event.steps[-1] == 2:
            control.set("frozen", frozen)
        if isinstance(event, Stepped) and event.steps[-1] == stop_at:
            control.stop()

    return follow(Job(document, runs), control, on_event)


def freezing_dense(document):
    return set_frozen(document, [node_called(document, "dense")], True)


@pytest.mark.parametrize("is_frozen_first", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_exported_script_freezes_when_the_run_did(is_frozen_first, tmp_path, every_step):
    document = iris_mlp(device="cpu", threads=1)
    frozen = freezing_dense(document)
    first, last = (frozen, document) if is_frozen_first else (document, frozen)
    events = steered(first, tmp_path, "" if is_frozen_first else "dense")
    assert next(e for e in events if isinstance(e, Turned)).name == "frozen"
    export(last, tmp_path / "exported", events[-1].run)  # as the drawing is after the change
    text = (tmp_path / "exported" / "model.py").read_text("utf-8")
    assert (".requires_grad_(False)" in text) == is_frozen_first
    found = answer(python(tmp_path / "exported" / "train.py", "--json", cwd=tmp_path))
    means = [event for event in events if type(event).__name__ == "EpochEnded"]
    assert [e["train"] for e in found["epochs"]] == [dict(e.train) for e in means]
    assert found["test"] == dict(events[-1].test)


@pytest.mark.parametrize("follows", [False, True])
def test_a_stopped_run_goes_on_frozen(follows, tmp_path, every_step):
    document = iris_mlp(device="cpu", threads=1)
    whole = steered(document, tmp_path, "dense")
    first = steered(document, tmp_path, "dense", stop_at=4)
    assert isinstance(first[-1], Stopped)
    now = freezing_dense(document) if follows else document
    second = train(now, tmp_path, resume=first[-1].run)
    assert losses(first) + losses(second) == losses(whole)


@pytest.mark.slow
def test_what_was_changed_while_a_run_was_stopped_is_a_change_of_it(tmp_path, every_step):
    document = iris_mlp(device="cpu", threads=1)
    first = steered(document, tmp_path, "", stop_at=4)
    frozen = freezing_dense(document)
    second = train(frozen, tmp_path, resume=first[-1].run)
    (change,) = changes_of(first[-1].run / "metrics.jsonl")
    assert (change.name, change.value, change.before) == ("frozen", "dense", "")
    export(frozen, tmp_path / "exported", first[-1].run)
    found = answer(python(tmp_path / "exported" / "train.py", "--json", cwd=tmp_path))
    assert found["test"] == dict(second[-1].test)


def test_epochs_that_are_added_later_are_reproduced():
    first = Hand({})
    fit(net(), squared, line(), recipe(epochs=1, schedule="cosine"), first)
    second = Hand({})
    fit(net(1), squared, line(), recipe(epochs=2, schedule="cosine"), second, first.state)
    ((change, before),) = second.seen
    assert (change.name, change.value, before) == ("epochs", 2, 1)
    again = Hand({})
    how = recipe(epochs=1, schedule="cosine", changes=(Change(change.step, "epochs", 2),))
    fit(net(), squared, line(), how, again)
    assert again.losses == first.losses + second.losses


def test_a_composite_is_frozen_as_a_whole():
    document = make(iris_mlp(), [NodeId(each) for each in ("n2", "n3", "n4")], "Net")
    frozen = set_frozen(document, [node_called(document, "net")], True)
    assert frozen_modules(prepare(document).source.paths, frozen) == "net"
