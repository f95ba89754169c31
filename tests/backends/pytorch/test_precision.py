"""Fewer bits, and only operations that always give the same numbers."""

import copy

import pytest
import torch

from backends.pytorch.loop import evaluate, fit
from backends.pytorch.place import CannotTrain, computing
from tests.backends.pytorch.test_loop import Quiet, line, model, recipe, squared

HALVES = ("bfloat16", "float16")


def seen_dtypes(net, given):
    """In which numbers the layers answer while a run trains and validates."""
    found = set()
    net[0].register_forward_hook(lambda layer, _, answer: found.add(answer.dtype))
    run = fit(net, squared, line(), given, Quiet())
    return found, run


@pytest.mark.parametrize("precision", HALVES)
def test_layers_compute_in_half_the_bits_and_weights_keep_theirs(precision):
    found, run = seen_dtypes(model(), recipe(precision=precision, epochs=12))
    assert found == {getattr(torch, precision)}
    assert {weight.dtype for weight in run.model.parameters()} == {torch.float32}
    losses = [epoch.train["loss"] for epoch in run.history]
    assert losses[-1] < 0.5 * losses[0]


def test_half_precision_is_about_what_full_precision_is():
    losses = {}
    for precision in ("float32", *HALVES):
        progress = Quiet()
        fit(model(), squared, line(), recipe(precision=precision, epochs=1), progress)
        losses[precision] = progress.losses
    for precision in HALVES:
        assert losses[precision] != losses["float32"]
        assert losses[precision] == pytest.approx(losses["float32"], rel=0.15)


@pytest.mark.parametrize("optimizer", ["adam", "lion", "muon", "schedule-free-adamw"])
@pytest.mark.parametrize("precision", HALVES)
def test_a_run_in_half_precision_goes_on_bit_for_bit(precision, optimizer):
    given = recipe(precision=precision, optimizer=optimizer, clip_norm=0.5)
    whole, first, second = Quiet(), Quiet(6), Quiet()
    fit(model(), squared, line(), given, whole)
    fit(model(), squared, line(), given, first)
    fit(model(1), squared, line(), given, second, first.state)
    assert first.losses + second.losses == whole.losses


def test_a_step_whose_gradients_overflow_in_float16_is_left_out_and_the_scale_falls():
    def steep(net, batch):
        loss, metrics = squared(net, batch)
        return 1000 * loss, metrics

    progress, net = Quiet(1), model()
    before = copy.deepcopy(net.state_dict())
    fit(net, steep, line(), recipe(precision="float16"), progress)
    assert all(torch.equal(before[name], weight) for name, weight in net.state_dict().items())
    assert progress.state["scalers"][0]["scale"] == 2.0**15


def test_lbfgs_in_float16_is_refused():
    with pytest.raises(CannotTrain, match="LBFGS cannot compute in float16"):
        fit(model(), squared, line(), recipe(optimizer="lbfgs", precision="float16"), Quiet())


def test_an_evaluation_computes_in_the_precision_of_the_recipe():
    half = evaluate(model(), squared, line(), recipe(precision="bfloat16"), Quiet())
    full = evaluate(model(), squared, line(), recipe(), Quiet())
    assert half != full
    assert half == pytest.approx(full, rel=0.05)


def test_rules_of_a_run_end_with_it():
    before = torch.get_float32_matmul_precision()
    with computing("tf32", deterministic=True):
        assert torch.get_float32_matmul_precision() == "high"
        assert torch.are_deterministic_algorithms_enabled()
    assert torch.get_float32_matmul_precision() == before
    assert not torch.are_deterministic_algorithms_enabled()


def test_deterministic_runs_take_only_what_gives_the_same_numbers():
    seen = []

    def watched(net, batch):
        seen.append(torch.are_deterministic_algorithms_enabled())
        return squared(net, batch)

    fit(model(), watched, line(), recipe(deterministic=True, epochs=1), Quiet())
    assert all(seen)
    assert not torch.are_deterministic_algorithms_enabled()
