"""Drawings with Optimizer blocks: parts of a model that take turns, each on a loss of its own."""

import numpy as np
import pytest
import torch
from torch import nn

from backends.data.source import source_of
from backends.protocol import Control, Finished, Job, Stepped, Stopped
from backends.pytorch import report
from backends.pytorch.checkpoint import load_weights
from backends.pytorch.evaluation import evaluate_run
from backends.pytorch.export import export
from backends.pytorch.prepare import build_model, prepare
from backends.pytorch.rows import shuffled, split_rows
from backends.runs.folder import read_json
from backends.runs.metrics import read_metrics
from graph import edits
from graph.gallery.draw import Drawing, Out
from graph.model import Document, Repeat
from graph.params import Expr
from graph.problems import UserError
from tests.backends.pytorch.drawings import node_called
from tests.backends.pytorch.running import epochs, follow, losses, train
from tests.backends.pytorch.test_export import check_lints, check_same_losses, example


def rivals(dropout: float = 0.0, **recipe: object) -> Document:
    """A judge that tells irises apart, and a body that makes that hard."""
    d = Drawing()
    body = d.add("dense", d.add("input", shape="4"), name="body", features=8)
    x = d.add("tanh", body)
    x = d.add("dropout", x, p=dropout) if dropout else x
    classes = d.add("dense", x, name="judge", features=3)
    target = d.add("target")
    loss = d.add("cross_entropy", classes, target, name="mistakes")
    d.add("accuracy", classes, target, name="accuracy")
    fooled = d.add("loss_weight", loss, name="fooled", weight=-0.3)
    d.add("optimizer", loss, name="judging", trains="judge", learning_rate=0.02, optimizer="sgd")
    d.add("optimizer", fooled, name="hiding", learning_rate=0.01, beta1=0.5)
    d.data("iris")
    d.recipe(**{"epochs": 3, "threads": 1, "device": "cpu", "schedule": "cosine", **recipe})
    return d.document


@pytest.fixture
def every_step(monkeypatch):
    """Steps are told one by one instead of a few times a second."""
    monkeypatch.setattr(report, "EVENT_EVERY_S", 0.0)


def parts_told(events, name):
    return [loss for e in events if isinstance(e, Stepped) for loss in e.parts[name]]


class Hand(nn.Module):
    """The same network, written by hand."""

    def __init__(self):
        super().__init__()
        self.body, self.judge = nn.Linear(4, 8), nn.Linear(8, 3)

    def forward(self, x):
        return self.judge(torch.tanh(self.body(x)))


def test_turns_are_those_of_a_loop_written_by_hand(tmp_path):
    document = rivals(clip_norm=0.05)
    events = train(document, tmp_path)
    prepared = prepare(document)
    data = source_of(document.data).load().train
    x, y = (torch.from_numpy(np.asarray(data[name])) for name in prepared.columns)
    net = Hand()
    net.load_state_dict(build_model(prepared).model.state_dict())
    judging = torch.optim.SGD(net.judge.parameters(), lr=0.02, momentum=0.9)
    hiding = torch.optim.Adam(net.body.parameters(), lr=0.01, betas=(0.5, 0.999))
    rows, _ = split_rows(len(x), prepared.recipe.validation_fraction, prepared.recipe.seed)
    told, step, steps = [], 0, 3 * 2
    for epoch in range(3):
        order = shuffled(rows, prepared.recipe.seed, epoch)
        for chosen in order.split(prepared.recipe.batch_size):
            share = (1 + np.cos(np.pi * step / steps)) / 2
            for optimizer, part, weight, rate in (
                (judging, net.judge, 1.0, 0.02),
                (hiding, net.body, -0.3, 0.01),
            ):
                optimizer.param_groups[0]["lr"] = rate * share
                net.zero_grad()
                loss = weight * nn.functional.cross_entropy(net(x[chosen]), y[chosen])
                loss.backward()
                nn.utils.clip_grad_norm_(part.parameters(), 0.05)
                optimizer.step()
                told.append(loss.item())
            step += 1
    assert parts_told(events, "judging") == pytest.approx(told[0::2], rel=1e-5)
    assert parts_told(events, "hiding") == pytest.approx(told[1::2], rel=1e-5)
    summed = [judge + hide for judge, hide in zip(told[0::2], told[1::2], strict=True)]
    assert losses(events) == pytest.approx(summed, rel=1e-4)


def test_what_no_optimizer_trains_keeps_its_weights(tmp_path):
    document = rivals()
    document = edits.remove(document, [node_called(document, "hiding")])
    before = build_model(prepare(document)).model.state_dict()
    finished = train(document, tmp_path)[-1]
    after = load_weights(finished.run)
    changed = {key.split(".")[0] for key, weight in after.items()
               if not any(torch.equal(weight, old) for old in before.values())}  # fmt: skip
    assert changed == {node_called(document, "judge")}


def test_one_optimizer_for_all_is_what_the_recipe_does(tmp_path):
    drawn = rivals()
    gone = [node_called(drawn, name) for name in ("judging", "hiding", "fooled")]
    plain = edits.remove(drawn, gone)
    plain = edits.set_recipe(plain, "learning_rate", 0.01)
    id = edits.next_node_id(plain)
    alone = edits.add(plain, "optimizer")
    alone = edits.set_param(alone, [id], "learning_rate", 0.01)
    alone = edits.connect(alone, node_called(alone, "mistakes"), "loss", id, "losses")
    first, second = train(plain, tmp_path), train(alone, tmp_path)
    assert losses(first) == losses(second)
    assert first[-1].test == second[-1].test
    assert [e.train for e in epochs(first)] == [e.train for e in epochs(second)]
    assert all(not e.parts for e in second if isinstance(e, Stepped))


def test_each_loss_is_told_of_steps_epochs_and_the_test(tmp_path, every_step):
    events = train(rivals(), tmp_path)
    assert len(parts_told(events, "judging")) == len(parts_told(events, "hiding")) == 6
    for numbers in (epochs(events)[0].train, epochs(events)[0].validation, events[-1].test):
        assert list(numbers) == ["loss", "judging", "hiding", "accuracy"]
        assert numbers["loss"] == pytest.approx(numbers["judging"] + numbers["hiding"], abs=1e-6)
    rows = [row for row in read_metrics(events[-1].run / "metrics.jsonl") if "parts" in row]
    assert [row["parts"]["hiding"] for row in rows] == parts_told(events, "hiding")
    assert read_json(events[-1].run / "run.json")["status"] == "finished"


def test_an_evaluation_has_the_losses_of_the_test(tmp_path):
    document = rivals()
    finished = train(document, tmp_path)[-1]
    assert evaluate_run(document, finished.run).means == pytest.approx(finished.test)


@pytest.mark.parametrize("stop_at", [1, 2, 3])
def test_a_stopped_run_goes_on_bit_for_bit(tmp_path, every_step, stop_at):
    document = rivals(dropout=0.2)
    whole = train(document, tmp_path)
    control = Control()

    def stop(event):
        if isinstance(event, Stepped) and event.steps[-1] == stop_at:
            control.stop()

    first = follow(Job(document, tmp_path), control, stop)
    assert isinstance(first[-1], Stopped)
    second = train(document, tmp_path, resume=first[-1].run)
    for name in ("judging", "hiding"):
        assert parts_told(first, name) + parts_told(second, name) == parts_told(whole, name)
    assert second[-1].test == whole[-1].test


def test_a_run_goes_on_only_with_the_optimizers_it_had(tmp_path):
    document = rivals()
    run = train(document, tmp_path)[-1].run
    other = edits.set_param(document, [node_called(document, "hiding")], "beta1", 0.9)
    with pytest.raises(UserError, match="the optimizers has changed"):
        raise_failure(other, tmp_path, run)
    slower = edits.set_param(document, [node_called(document, "hiding")], "learning_rate", 0.001)
    more = edits.set_recipe(slower, "epochs", 4)
    assert isinstance(train(more, tmp_path, resume=run)[-1], Finished)


def raise_failure(document, runs, resume):
    failed = train(document, runs, resume=resume)[-1]
    raise UserError(failed.text)


def test_an_exported_script_takes_the_same_turns(tmp_path):
    document = rivals(dropout=0.2)
    check_same_losses(document, tmp_path)
    check_lints(tmp_path / "exported")
    assert '"modules": ["judge"]' in (tmp_path / "exported" / "train.py").read_text("utf-8")


def test_a_script_without_optimizers_says_nothing_of_parts(tmp_path):
    export(example("iris-mlp"), tmp_path / "exported")
    assert "PARTS" not in (tmp_path / "exported" / "train.py").read_text("utf-8")


def rivals_of_composites() -> Document:
    """The same with composites in composites, in rows, along a sequence and with shared weights."""
    d = Drawing()
    with d.define("Layer", width=4, p=0.1):
        x = d.add("dense", d.port("x", "8"), features=Expr("2 * width"))
        x = d.add("dropout", d.add("gelu", x), p=Expr("p"))
        d.result(d.add("layer_norm", d.add("dense", x, features=8)))
    with d.define("Body", depth=2):
        x = d.port("x", "8")
        x = d.add("Layer", x, width=Expr("3 + i"), repeat=Repeat(Expr("depth")))
        d.result(d.add("add", x, d.add("Layer", x, repeat=Repeat(2, "shared"))))
    with d.define("Cell"):
        x, h = d.port("x", "2"), d.port("h", "8")
        state = d.add("tanh", d.add("dense", d.add("concat", x, h), features=8))
        d.result(d.add("dense", state, features=3))
        d.result(state, "state")
    given = d.add("input", shape="4")
    start = d.add("dense", given, name="start", features=8)
    x = d.add("Body", d.add("Body", start, name="body"), name="deep", depth=3)
    steps = d.add("reshape", given, shape="2, 2")
    cell = d.add("Cell", steps, x, name="judge", repeat=Repeat(1, "scan"))
    classes = d.add("dense", cell.at("state"), name="last", features=3)
    target = d.add("target")
    loss = d.add("cross_entropy", classes, target, name="mistakes")
    other = d.add("cross_entropy", d.add("mean", cell, axes=(1,)), target, name="early")
    d.add("accuracy", classes, target, name="accuracy")
    fooled = d.add("loss_weight", loss, name="fooled", weight=-0.3)
    d.add("optimizer", loss, other, name="judging", trains="judge, last", learning_rate=0.02)
    d.add("optimizer", fooled, name="hiding", learning_rate=0.01)
    d.data("iris")
    d.recipe(epochs=2, threads=1, device="cpu")
    return d.document


def test_an_exported_script_of_composites_takes_the_same_turns(tmp_path):
    check_same_losses(rivals_of_composites(), tmp_path)
    check_lints(tmp_path / "exported")


def test_the_way_to_a_loss_that_no_optimizer_takes_is_not_computed():
    d = Drawing()
    d.document = rivals()
    body = Out(node_called(d.document, "body"), "y")
    idle = d.add("dense", body, name="idle", features=8)
    d.add("mse", d.add("tanh", idle), body)
    model = prepare(d.document).source.model
    assert "self.idle = nn.Linear(8, 8)" in model
    assert "self.idle(" not in model
