"""Single blocks start and learn as is said of them: in the code, and in groups of weights."""

import math

import pytest
import torch

from backends.pytorch.learning import is_in, learners_of
from backends.pytorch.loop import fit
from backends.pytorch.place import CannotTrain
from backends.pytorch.prepare import build_model, prepare
from backends.pytorch.recipe import Group, Recipe
from graph.gallery.draw import Drawing
from graph.model import Repeat
from graph.tuning import Tuning, set_tuning
from tests.backends.pytorch.drawings import digits_mlp, node_called
from tests.backends.pytorch.running import train
from tests.backends.pytorch.test_export import check_lints, check_same_losses
from tests.backends.pytorch.test_loop import Quiet, line, recipe, squared

CPU = torch.device("cpu")


def started(initial, **values):
    document = set_tuning(digits_mlp(), ["n2"], "initial", initial)
    for name, value in values.items():
        document = set_tuning(document, ["n2"], name, value)
    return build_model(prepare(document)).model


def deviation(weight):
    return weight.std().item()


@pytest.mark.parametrize(
    ("initial", "values", "is_right"),
    [
        ("zeros", {}, lambda w: not w.any()),
        ("orthogonal", {"gain": 2.0},
         lambda w: torch.allclose(w @ w.T, 4 * torch.eye(32), atol=1e-4)),
        ("normal", {"std": 0.5}, lambda w: deviation(w) == pytest.approx(0.5, rel=0.1)),
        ("truncated-normal", {"std": 0.5}, lambda w: w.abs().max() <= 1 and deviation(w) > 0.4),
        ("kaiming-normal", {}, lambda w: deviation(w) == pytest.approx(math.sqrt(2 / 64), rel=0.1)),
        ("kaiming-uniform", {}, lambda w: w.abs().max().item() <= math.sqrt(6 / 64)),
        ("xavier-normal", {"gain": 3.0},
         lambda w: deviation(w) == pytest.approx(3 * math.sqrt(2 / 96), rel=0.1)),
        ("xavier-uniform", {}, lambda w: w.abs().max().item() <= math.sqrt(6 / 96)),
    ],
)  # fmt: skip
def test_first_weights_are_drawn_as_is_said(initial, values, is_right):
    model = started(initial, **values)
    first, second = [part for part in model.modules() if isinstance(part, torch.nn.Linear)]
    assert is_right(first.weight)
    assert not first.bias.any()
    assert second.bias.any()


def test_every_way_to_start_has_been_tried():
    marks = test_first_weights_are_drawn_as_is_said.pytestmark[0].args[1]
    assert {"default", *(each[0] for each in marks)} == set(Tuning.params["initial"].choices)


def test_the_code_calls_torch_by_its_name():
    text = prepare(set_tuning(digits_mlp(), ["n2"], "initial", "kaiming-normal")).source.model
    assert 'nn.init.kaiming_normal_(weight, nonlinearity="relu")' in text
    assert "init_kaiming_normal(nn.Linear(64, 32))" in text


def nested():
    """Composites in rows, with other rates inside and around them."""
    d = Drawing()
    with d.define("Layer", width=4):
        x = d.add("dense", d.port("x", "8"), name="wide", features=8)
        d.result(d.add("dense", d.add("tanh", x), name="back", features=8))
    with d.define("Body"):
        x = d.add("Layer", d.port("x", "8"), name="rows", repeat=Repeat(3))
        d.result(d.add("Layer", x, name="alone"))
    x = d.add("dense", d.add("input", shape="4"), name="start", features=8)
    x = d.add("dense", d.add("Body", x, name="body"), name="end", features=3)
    target = d.add("target")
    d.add("cross_entropy", x, target)
    d.data("iris")
    d.recipe(epochs=2, threads=1, device="cpu", optimizer="adamw", weight_decay=0.1)
    return d.document


def slow(document, definition, name, **values):
    inside = document.inside(definition) if definition else document
    id = node_called(inside, name)
    for key, value in values.items():
        inside = set_tuning(inside, [id], key, value)
    return inside.whole() if definition else inside


def tuned_drawing():
    document = slow(nested(), "Layer", "wide", learning_rate=0.5)
    document = slow(document, "Body", "rows", recompute=True)
    document = slow(document, "", "body", learning_rate=0.1, weight_decay=0.0)
    return slow(document, "", "start", initial="orthogonal")


def test_groups_reach_into_composites_and_rows():
    prepared = prepare(tuned_drawing())
    model = build_model(prepared).model
    [learner] = learners_of(model, prepared.recipe, CPU)
    [optimizer] = learner.optimizers
    found = {}
    names = {id(weight): name for name, weight in model.named_parameters()}
    for group in optimizer.param_groups:
        for weight in group["params"]:
            found[names[id(weight)]] = (group["factor"], group["weight_decay"])
    assert found.pop("start.weight") == found.pop("start.bias") == (1.0, 0.1)
    assert found.pop("end.weight") == found.pop("end.bias") == (1.0, 0.1)
    # a Layer became a row: “wide” is its first module
    inner = {name: rates for name, rates in found.items() if name.split(".")[-2] == "0"}
    assert len(inner) == 8
    assert set(inner.values()) == {(0.05, 0.0)}
    assert {rates for name, rates in found.items() if name not in inner} == {(0.1, 0.0)}


def test_rates_are_multiplied_in_every_step():
    net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    groups = (Group(("0",), 0.5), Group(("2",), 0.0))
    given = recipe(groups=groups, schedule="linear", optimizer="sgd")
    before = net[2].weight.detach().clone()
    run = fit(net, squared, line(), given, Quiet())
    rates = [group["lr"] for group in run.optimizers()[0].param_groups]
    assert rates == [0.5 * run.learners[0].rate, 0.0]
    assert torch.equal(net[2].weight, before)


def test_names_of_modules_may_stand_for_any_number():
    assert is_in("a.*.b", "a.12.b.weight")
    assert not is_in("a.*.b", "a.1.c.b.weight")
    assert not is_in("a", "ab.weight")
    assert not is_in("a.weight", "a.weight")


def test_lbfgs_has_one_rate_for_all():
    given = Recipe(optimizer="lbfgs", groups=(Group(("0",), 0.5),))
    with pytest.raises(CannotTrain, match="one learning rate"):
        learners_of(torch.nn.Sequential(torch.nn.Linear(2, 2)), given, CPU)


def test_the_exported_script_starts_and_learns_alike(tmp_path):
    check_same_losses(tuned_drawing(), tmp_path)
    text = (tmp_path / "exported" / "train.py").read_text("utf-8")
    assert '"learning_rate": 0.1, "weight_decay": 0.0}' in text
    assert '"recomputed": ["body.0"]' in text
    check_lints(tmp_path / "exported")


def test_a_run_with_other_rates_goes_on(tmp_path):
    document = tuned_drawing()
    whole = train(document, tmp_path)
    again = train(document, tmp_path, resume=whole[-1].run)
    assert again[-1].test == whole[-1].test
    other = slow(document, "", "end", learning_rate=0.5)
    refused = train(other, tmp_path, resume=whole[-1].run)[-1]
    assert "how blocks learn" in refused.text
