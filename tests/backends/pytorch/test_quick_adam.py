"""Quick steps are PyTorch's own steps, bit for bit."""

import copy

import pytest
import torch
from torch import nn

from backends.pytorch.optimizers import adam_for
from backends.pytorch.quick_adam import QuickAdam, QuickAdamW, can_be_quick

CPU = torch.device("cpu")
PAIRS = [(QuickAdam, torch.optim.Adam), (QuickAdamW, torch.optim.AdamW)]
OPTIONS = {"lr": 0.05, "betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0.1, "fused": True}


def network() -> nn.ModuleDict:
    torch.manual_seed(0)
    return nn.ModuleDict(
        {"first": nn.Linear(3, 4), "last": nn.Linear(4, 2), "side": nn.Linear(4, 2)}
    )


def groups_of(net):
    return [
        {"params": [net["first"].weight, net["last"].weight, net["side"].weight], "lr": 0.1},
        {"params": [net["first"].bias, net["last"].bias, net["side"].bias], "weight_decay": 0.0},
    ]


def leave_gradients(net, number: int, *, uses_side: bool = True) -> None:
    net.zero_grad()
    x = torch.randn(5, 3, generator=torch.Generator().manual_seed(number))
    hidden = net["first"](x).tanh()
    y = net["last"](hidden) + (net["side"](hidden) if uses_side else 0)
    y.square().sum().backward()


def steps(net, optimizer, numbers, *, uses_side=lambda number: True) -> list[torch.Tensor]:
    for number in numbers:
        optimizer.param_groups[0]["lr"] = 0.1 / (1 + number)  # as schedules do
        leave_gradients(net, number, uses_side=uses_side(number))
        optimizer.step()
    return [weight.detach().clone() for weight in net.parameters()]


def assert_equal(found, wanted) -> None:
    assert all(torch.equal(a, b) for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize(("quick", "torchs"), PAIRS)
def test_quick_steps_equal_those_of_torch(quick, torchs):
    ours, theirs = network(), network()
    found = steps(ours, quick(groups_of(ours), **OPTIONS), range(6))
    assert_equal(found, steps(theirs, torchs(groups_of(theirs), **OPTIONS), range(6)))


@pytest.mark.parametrize(("quick", "torchs"), PAIRS)
@pytest.mark.parametrize("first", [True, False])
def test_weights_without_a_gradient_stay_as_they_are(quick, torchs, first):
    ours, theirs = network(), network()

    def uses_side(number: int) -> bool:
        return (number % 2 == 0) == first

    found = steps(ours, quick(groups_of(ours), **OPTIONS), range(6), uses_side=uses_side)
    optimizer = torchs(groups_of(theirs), **OPTIONS)
    assert_equal(found, steps(theirs, optimizer, range(6), uses_side=uses_side))


@pytest.mark.parametrize(("quick", "torchs"), PAIRS)
def test_a_stored_state_goes_on_in_either(quick, torchs):
    wanted = network()
    wanted = steps(wanted, torchs(groups_of(wanted), **OPTIONS), range(6))
    for begins, goes_on in ((quick, torchs), (torchs, quick), (quick, quick)):
        net = network()
        optimizer = begins(groups_of(net), **OPTIONS)
        steps(net, optimizer, range(3))
        state, weights = copy.deepcopy((optimizer.state_dict(), net.state_dict()))
        resumed = goes_on(groups_of(net), **OPTIONS)
        steps(net, resumed, [7])  # what it has counted by then is forgotten
        net.load_state_dict(weights)
        resumed.load_state_dict(state)
        assert_equal(steps(net, resumed, range(3, 6)), wanted)


def test_a_step_that_is_scaled_is_torchs_own():
    ours, theirs = network(), network()
    for net, make in ((ours, QuickAdam), (theirs, torch.optim.Adam)):
        optimizer, scaler = make(groups_of(net), **OPTIONS), torch.amp.GradScaler("cpu", 4.0)
        for number in range(4):
            net.zero_grad()
            x = torch.full((2, 3), float("inf") if number == 2 else 1.0)
            loss = net["side"](net["first"](x)).sum() + net["last"](net["first"](x)).sum()
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
    assert_equal([*ours.parameters()], [*theirs.parameters()])


def test_only_plain_weights_of_one_type_are_stepped_quickly():
    assert adam_for(groups_of(network()), CPU) is QuickAdam
    assert not can_be_quick([nn.Parameter(torch.zeros(1, dtype=torch.float64))], CPU)
    assert not can_be_quick([torch.zeros(1, requires_grad=True)], CPU)
    assert not can_be_quick([nn.Parameter(torch.zeros(1))], torch.device("meta"))
    assert not can_be_quick([], CPU)
