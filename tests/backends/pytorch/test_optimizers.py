"""Every optimizer steps as torch or its paper has it, and goes on bit for bit after a stop."""

import copy

import pytest
import torch
from torch import nn

from backends.pytorch.learning import learners_of
from backends.pytorch.loop import evaluate, fit
from backends.pytorch.place import CannotTrain, place_model
from backends.pytorch.rows import split_rows
from graph.optimizing import Optimizing
from tests.backends.pytorch.test_loop import Quiet, line, model, recipe, squared

CPU = torch.device("cpu")
NAMES = Optimizing.params["optimizer"].choices
LR = 0.01
THEIRS = {
    "sgd": ({}, lambda w: torch.optim.SGD(w, LR, 0.9, weight_decay=0.1)),
    "sgd nesterov": (
        {"nesterov": True, "dampening": 0.4},
        lambda w: torch.optim.SGD(w, LR, 0.9, weight_decay=0.1, nesterov=True),
    ),
    "sgd dampened": (
        {"dampening": 0.4},
        lambda w: torch.optim.SGD(w, LR, 0.9, dampening=0.4, weight_decay=0.1),
    ),
    "sgd plain": ({"momentum": 0.0}, lambda w: torch.optim.SGD(w, LR, weight_decay=0.1)),
    "adam": ({"beta1": 0.5}, lambda w: torch.optim.Adam(w, LR, (0.5, 0.999), weight_decay=0.1)),
    "adamw": ({"epsilon": 1e-3}, lambda w: torch.optim.AdamW(w, LR, eps=1e-3, weight_decay=0.1)),
    "nadam": ({}, lambda w: torch.optim.NAdam(w, LR, weight_decay=0.1)),
    "radam": ({}, lambda w: torch.optim.RAdam(w, LR, weight_decay=0.1)),
    "adagrad": ({}, lambda w: torch.optim.Adagrad(w, LR, weight_decay=0.1, eps=1e-8)),
    "rmsprop": (
        {"alpha": 0.9},
        lambda w: torch.optim.RMSprop(w, LR, 0.9, weight_decay=0.1, momentum=0.9),
    ),
}


def layers(memory_format="contiguous"):
    torch.manual_seed(0)
    made = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Conv2d(4, 3, 1), nn.Conv2d(3, 2, 3))
    place_model(made, "cpu", 1, memory_format, 5)
    return made


def step(net, optimizers, x):
    for optimizer in optimizers:
        optimizer.zero_grad()
    net(x).square().mean().backward()
    for optimizer in optimizers:
        optimizer.step()


@pytest.mark.parametrize("name", THEIRS)
def test_optimizers_step_as_torch_steps(name):
    """Also with channels last, where a fused kernel walks through memory in another order."""
    values, make = THEIRS[name]
    ours, theirs = layers("channels-last"), layers()
    given = recipe(optimizer=name.split()[0], learning_rate=LR, weight_decay=0.1, **values)
    [learner] = learners_of(ours, given, CPU)
    other = make(theirs.parameters())
    x = torch.randn(5, 1, 8, 8)
    for _ in range(8):
        step(ours, learner.optimizers, x)
        step(theirs, [other], x)
    for mine, wanted in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(mine, wanted, rtol=1e-4, atol=1e-6)  # kernels round differently


def test_lion_steps_as_its_paper_says():
    torch.manual_seed(0)
    ours = nn.Linear(3, 2)
    wanted, mean = ours.weight.detach().clone(), torch.zeros(2, 3)
    given = recipe(optimizer="lion", learning_rate=LR, weight_decay=0.1, beta2=0.99)
    [learner] = learners_of(ours, given, CPU)
    for _ in range(5):
        step(ours, learner.optimizers, torch.randn(4, 3))
        gradient = ours.weight.grad
        wanted -= LR * ((0.9 * mean + 0.1 * gradient).sign() + 0.1 * wanted)
        mean = 0.99 * mean + 0.01 * gradient
        torch.testing.assert_close(ours.weight.detach(), wanted)


@pytest.mark.parametrize("name", ["schedule-free-sgd", "schedule-free-adamw"])
def test_schedule_free_steps_as_its_paper_says(name):
    """With x, y and z all written down, and a learning rate that rises at first."""
    torch.manual_seed(0)
    ours = nn.Linear(3, 1, bias=False)
    given = recipe(optimizer=name, learning_rate=LR, weight_decay=0.1)
    [learner] = learners_of(ours, given, CPU)
    y = ours.weight.detach().clone()
    x, z, squares, total = y.clone(), y.clone(), torch.zeros_like(y), 0.0
    for number in range(1, 7):
        lr = LR * min(1.0, number / 3)
        for optimizer in learner.optimizers:
            optimizer.param_groups[0]["lr"] = lr
        step(ours, learner.optimizers, torch.randn(4, 3))
        move = ours.weight.grad
        if name == "schedule-free-adamw":
            squares = 0.999 * squares + 0.001 * move**2
            move = move / ((squares / (1 - 0.999**number)).sqrt() + 1e-8)
        z = z - lr * (move + 0.1 * y)
        total += lr**2
        x = x + lr**2 / total * (z - x)
        y = 0.1 * z + 0.9 * x
        torch.testing.assert_close(ours.weight.detach(), y, rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(learner.means()[ours.weight], x, rtol=1e-5, atol=1e-6)


def test_schedule_free_weights_are_measured_and_kept_as_means():
    columns, trained, progress = line(), model(), Quiet()
    given = recipe(optimizer="schedule-free-sgd", validation_fraction=0.25, keep="last")
    run = fit(trained, squared, columns, given, progress)
    kept = {name: weight.clone() for name, weight in trained.state_dict().items()}
    assert any(not torch.equal(kept[name], progress.state["model"][name]) for name in kept)
    _, rows = split_rows(64, 0.25, 0)
    apart = {name: column[rows.numpy()] for name, column in columns.items()}
    measured = evaluate(trained, squared, apart, given, Quiet())
    assert measured == pytest.approx(run.history[-1].validation, rel=1e-6)


def test_muon_takes_matrices_and_adamw_the_rest():
    torch.manual_seed(0)
    ours = nn.Sequential(nn.Embedding(5, 4), nn.Flatten(), nn.Linear(8, 3), nn.Linear(3, 2))
    theirs = copy.deepcopy(ours)
    [learner] = learners_of(ours, recipe(optimizer="muon", weight_decay=0.1), CPU)
    muon = torch.optim.Muon(
        [theirs[2].weight, theirs[3].weight], 0.05, 0.1, 0.9, nesterov=False,
        adjust_lr_fn="match_rms_adamw",
    )  # fmt: skip
    rest = [theirs[0].weight, theirs[2].bias, theirs[3].bias]
    others = [muon, torch.optim.AdamW(rest, 0.05, weight_decay=0.1)]
    for optimizer in learner.optimizers:
        optimizer.param_groups[0]["lr"] = 0.05
    x = torch.tensor([[0, 1], [2, 3]])
    for _ in range(3):
        step(ours, learner.optimizers, x)
        step(theirs, others, x)
    for mine, wanted in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(mine, wanted)


def test_lbfgs_steps_as_torch_steps():
    columns = line(16)
    ours, theirs = nn.Linear(3, 1), nn.Linear(3, 1)
    theirs.load_state_dict(ours.state_dict())
    given = recipe(optimizer="lbfgs", learning_rate=1.0, epochs=3, validation_fraction=0.0)
    progress = Quiet()
    fit(ours, squared, columns, given, progress)
    batch = {name: torch.from_numpy(column) for name, column in columns.items()}
    other = torch.optim.LBFGS(
        theirs.parameters(), 1.0, 20, history_size=10, line_search_fn="strong_wolfe"
    )

    def closure():
        other.zero_grad()
        loss = squared(theirs, batch)[0]
        loss.backward()
        return loss

    found = [float(other.step(closure).detach()) for _ in range(3)]
    assert progress.losses == pytest.approx(found, rel=1e-3, abs=1e-9)  # rows in another order
    assert progress.losses[-1] < 1e-6


@pytest.mark.parametrize("name", ["sgd", "adamw", "lion", "schedule-free-adamw"])
def test_biases_and_scales_are_spared_from_decay(name):
    net = nn.Sequential(nn.Linear(3, 2), nn.LayerNorm(2))
    nn.init.ones_(net[0].bias)
    before = copy.deepcopy(net)
    given = recipe(optimizer=name, weight_decay=0.5, decay_all=False, momentum=0.9)
    [learner] = learners_of(net, given, CPU)
    for weight in net.parameters():
        weight.grad = torch.zeros_like(weight)
    for optimizer in learner.optimizers:
        optimizer.step()
    changed = [not torch.equal(a, b)
               for a, b in zip(net.parameters(), before.parameters(), strict=True)]  # fmt: skip
    assert changed == [True, False, False, False]


@pytest.mark.parametrize("name", NAMES)
def test_a_run_of_any_optimizer_goes_on_bit_for_bit(name):
    given = recipe(optimizer=name, learning_rate=0.02, weight_decay=0.0 if name == "lbfgs" else 0.1,
                   inner_steps=3, schedule="cosine", validation_fraction=0.25)  # fmt: skip
    whole = Quiet()
    result = fit(model(), squared, line(), given, whole)
    for stop in (1, 6):
        first, second = Quiet(stop), Quiet()
        fit(model(), squared, line(), given, first)
        resumed = fit(model(1), squared, line(), given, second, first.state)
        assert first.losses + second.losses == whole.losses
        assert [e.validation for e in resumed.history] == [e.validation for e in result.history]
    for mine, wanted in zip(resumed.model.parameters(), result.model.parameters(), strict=True):
        assert torch.equal(mine, wanted)


@pytest.mark.parametrize("name", NAMES)
def test_the_loss_falls_with_any_optimizer(name):
    rate = {
        "lbfgs": 1.0,
        "sgd": 0.05,
        "adagrad": 0.1,
        "schedule-free-sgd": 0.2,
        "radam": 0.05,
        "muon": 0.05,
    }.get(name, 0.01)
    progress = Quiet()
    fit(model(), squared, line(), recipe(optimizer=name, learning_rate=rate, epochs=25), progress)
    assert sum(progress.losses[-8:]) / 8 < 0.5 * sum(progress.losses[:4]) / 4


def test_schedule_free_without_momentum_is_refused():
    with pytest.raises(CannotTrain, match="needs a momentum"):
        fit(model(), squared, line(), recipe(optimizer="schedule-free-sgd", momentum=0.0), Quiet())
