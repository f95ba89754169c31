"""What formulas say of blocks that are computed twice, against what autograd really keeps."""

import pytest
import torch

from backends.pytorch.keeping import kept_bytes
from backends.pytorch.loop import fit
from backends.pytorch.prepare import build_model, prepare
from backends.pytorch.recipe import Recipe
from backends.pytorch.recomputing import recompute
from graph.budget import Plan, budget
from graph.cost import costs
from graph.gallery.draw import Drawing
from graph.infer import infer
from graph.model import Repeat
from graph.needs import needs_of
from graph.optimizing import Optimizing
from graph.tuning import set_tuning
from tests.backends.pytorch.drawings import node_called

ROWS = 32
SMALL_BYTES = 8  # the loss keeps a number or two


def drawn(repeat=None, inner=False):
    d = Drawing()
    with d.define("Mixer"):
        x = d.port("x", "16")
        y = d.add("gelu", d.add("dense", x, name="up", features=64))
        y = d.add("dense", d.add("tanh", y), name="down", features=16)
        d.result(d.add("add", x, y, name="sum"))
    with d.define("Stack"):
        x = d.port("x", "16")
        d.result(d.add("tanh", d.add("Mixer", x, name="inner")))
    x = d.add("dense", d.add("input", shape="4"), name="stem", features=16)
    x = d.add("Stack" if inner else "Mixer", x, name="part", repeat=repeat)
    logits = d.add("dense", d.add("relu", x), name="head", features=3)
    d.add("cross_entropy", logits, d.add("target"), name="loss")
    d.data("iris")
    return d.document


def computed_twice(document, name, where=None):
    seen = document.inside(where) if where else document
    return set_tuning(seen, [node_called(seen, name)], "recompute", True).whole()


def told_and_kept(document):
    typing = infer(document)
    needs = needs_of(document, typing, costs(document, typing))
    told = budget(needs, {"N": ROWS}, Plan(on_gpu=False))
    prepared = prepare(document)
    built = build_model(prepared)
    recompute(built.model, prepared.recipe.recomputed)
    batch = {"x": torch.randn(ROWS, 4), "y": torch.randint(3, (ROWS,))}
    kept = kept_bytes(built.model, lambda: built.objective(built.model, batch)[0])
    return told, kept


CASES = {
    "one": (drawn(), "part", None),
    "chain": (drawn(Repeat(3)), "part", None),
    "shared": (drawn(Repeat(3, "shared")), "part", None),
    "inside": (drawn(inner=True), "inner", "Stack"),
    "inside in turns": (drawn(Repeat(2), inner=True), "inner", "Stack"),
}


@pytest.mark.parametrize("case", CASES)
def test_as_much_is_kept_as_is_told(case):
    document, name, where = CASES[case]
    plain, kept = told_and_kept(document)
    assert 0 <= kept - plain.activations <= SMALL_BYTES and not plain.recomputed
    told, kept = told_and_kept(computed_twice(document, name, where))
    assert 0 <= kept - told.activations <= SMALL_BYTES
    assert told.activations < plain.activations
    assert told.recomputed > 0
    assert told.training == told.activations + told.recomputed + 16 * (told.weights // 4)


def test_what_comes_back_is_what_one_turn_keeps():
    one, _ = told_and_kept(drawn())
    twice, _ = told_and_kept(computed_twice(drawn(), "part"))
    again, _ = told_and_kept(computed_twice(drawn(Repeat(5)), "part"))
    assert again.recomputed == twice.recomputed == 4 * ROWS * (64 + 64)
    assert one.activations - twice.activations == twice.recomputed


def test_means_of_weights_are_counted_whatever_the_plan_says():
    document = drawn()
    document = type(document)(**{**vars(document), "recipe": {"averaging": "ema"}})
    typing = infer(document)
    needs = needs_of(document, typing, costs(document, typing))
    for optimizer, states in (("", 2), ("sgd", 0)):
        told = budget(needs, {"N": 1}, Plan(optimizer=optimizer))
        assert told.averages == told.weights
        assert told.optimizer_states == states * told.weights


def test_an_edit_that_has_a_block_computed_twice_is_counted_at_once():
    document = drawn()
    before = infer(document)
    cost = costs(document, before)
    changed = computed_twice(document, "part")
    typing = infer(changed, before)
    now = costs(changed, typing, cost, typing.visited)
    assert now.total == costs(changed, infer(changed)).total != cost.total


NAMES = [name for name in Optimizing.params["optimizer"].choices if name != "lbfgs"]


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("name", NAMES)
def test_an_optimizer_keeps_as_many_numbers_for_a_weight_as_is_told(name, momentum):
    if name.startswith("schedule-free") and not momentum:
        return
    torch.manual_seed(0)
    model = torch.nn.Linear(8, 8, bias=False)
    run = fit(
        model,
        lambda model, batch: (model(batch["x"]).square().mean(), {}),
        {"x": torch.randn(16, 8).numpy()},
        Recipe(optimizer=name, momentum=momentum, epochs=1, device="cpu", threads=1),
    )
    kept = [
        tensor
        for optimizer in run.optimizers()
        for held in optimizer.state.values()
        for tensor in held.values()
        if isinstance(tensor, torch.Tensor) and tensor.numel() > 1
    ]
    told = Optimizing(optimizer=name, momentum=momentum).states()
    assert sum(tensor.numel() for tensor in kept) == told * 64
