"""Budgets: memory by part and precision, sharding, and the largest batch that fits."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from graph import edits
from graph.budget import GIB, OPTIMIZERS, Budget, Plan, Precision, budget, largest_batch
from graph.cost import costs
from graph.gallery import find
from graph.infer import infer
from graph.model import Document, NodeId
from graph.needs import Needs, needs_of
from tests.drawing import chain, set_params

PARAMETERS = 784 * 100 + 100 + 100 * 10 + 10
ROW = 784 + 100 + 10


def mlp() -> Document:
    document = set_params(
        chain("input flatten dense relu dense softmax output"), "n3", features=100
    )
    return set_params(document, "n5", features=10)


def needs(document: Document) -> Needs:
    typing = infer(document)
    return needs_of(document, typing, costs(document, typing))


def planned(document: Document, plan: Plan, **sizes: int) -> Budget:
    return budget(needs(document), {**document.sizes, **sizes}, plan)


def test_training_in_float32_takes_four_times_the_weights_with_adam_and_what_autograd_keeps():
    found = planned(mlp(), Plan(optimizer="adam"), N=32)
    assert found.weights == found.gradients == 4 * PARAMETERS
    assert found.optimizer_states == 8 * PARAMETERS
    assert found.master_weights == 0
    assert found.activations == 32 * 4 * ROW
    assert found.training == 16 * PARAMETERS + 32 * 4 * ROW


def test_mixed_precision_takes_sixteen_bytes_a_weight_with_adam():
    found = planned(mlp(), Plan(Precision.MIXED, "adam"), N=1)
    assert found.training - found.activations == 16 * PARAMETERS
    assert found.activations == 2 * ROW
    assert found.weights == found.gradients == 2 * PARAMETERS


def test_bfloat16_takes_half_of_float32():
    for optimizer in OPTIMIZERS:
        whole = planned(mlp(), Plan(Precision.FLOAT32, optimizer), N=4)
        half = planned(mlp(), Plan(Precision.BFLOAT16, optimizer), N=4)
        assert 2 * half.training == whole.training


@pytest.mark.parametrize(
    ("recipe", "states"),
    [
        ({"optimizer": "sgd", "momentum": 0.0}, 0),
        ({"optimizer": "sgd", "momentum": 0.9}, 1),
        ({"optimizer": "rmsprop", "momentum": 0.9}, 2),
        ({"optimizer": "adamw"}, 2),
        ({"optimizer": "nonsense"}, 2),
        ({"optimizer": "schedule-free-sgd"}, 1),
        ({"optimizer": "adam", "averaging": "ema"}, 2),
    ],
)
def test_without_a_choice_the_optimizer_is_that_of_the_recipe(
    recipe: dict[str, object], states: int
):
    document = replace(mlp(), recipe=recipe)
    assert planned(document, Plan()).optimizer_states == 4 * states * PARAMETERS


def test_a_gpu_keeps_no_scores_and_dropout_as_truth_values():
    document = set_params(chain("input dense dropout dense"), "n1", shape="8")
    gpu, cpu = (planned(document, Plan(on_gpu=on), N=2).activations for on in (True, False))
    assert gpu == 2 * (4 * (8 + 64) + 64)
    assert cpu == 2 * 4 * (8 + 64 + 64)
    document = set_params(chain("input multihead_attention"), "n1", shape="T, 16")
    document = set_params(document, "n2", heads=4, dropout=0.1)
    sizes = {"N": 1, "T": 100}
    gpu, cpu = (planned(document, Plan(on_gpu=on), **sizes).activations for on in (True, False))
    copies = 4 * 100 * 16 * 5
    assert gpu == copies + 4 * 4 * 100
    assert cpu == copies + 4 * (3 * 4 * 100 * 100 + 2 * 100 * 16)


def test_weights_and_states_are_divided_over_devices_but_activations_are_not():
    one = planned(mlp(), Plan(), N=8)
    four = planned(mlp(), Plan(devices=4), N=8)
    for part in ("weights", "gradients", "optimizer_states"):
        assert getattr(four, part) == -(-getattr(one, part) // 4)
    assert four.activations == one.activations


def test_the_largest_batch_fits_and_one_more_row_does_not():
    memory = 10_000_000
    plan = Plan(device_bytes=memory)
    most = planned(mlp(), plan).largest_batch
    assert most == (memory - 16 * PARAMETERS) // (4 * ROW)
    assert planned(mlp(), plan, N=most).fits
    assert not planned(mlp(), plan, N=most + 1).fits


def test_no_batch_fits_where_the_weights_alone_do_not():
    assert planned(mlp(), Plan(device_bytes=PARAMETERS)).largest_batch == 0


def test_any_batch_fits_where_nothing_grows_with_it():
    assert largest_batch(lambda rows: 5, 5) is None


def test_a_step_of_training_takes_three_passes_of_two_operations_a_product():
    document = mlp()
    products = costs(document, infer(document)).total.multiply_adds
    found = planned(document, Plan(device_flops=1e6))
    assert found.forward_flops == 2 * products
    assert found.training_flops == 6 * products
    assert found.step_seconds == pytest.approx(6 * products / 1e6)
    assert planned(document, Plan()).step_seconds is None


def test_only_weights_that_an_optimizer_of_the_drawing_trains_have_states():
    document = set_params(chain("input dense dense"), "n1", shape="4")
    document = edits.add(document, "target", (0, 0))
    document = set_params(document, "n4", shape="64", dtype="float32")
    document = edits.add(document, "mse", (0, 0))
    document = edits.add(document, "optimizer", (0, 0))
    for source, target, port in (("n3", "n5", "prediction"), ("n4", "n5", "target")):
        document = edits.connect(document, NodeId(source), "y", NodeId(target), port)
    document = edits.connect(document, NodeId("n5"), "loss", NodeId("n6"), "losses")
    trained = document.node(NodeId("n3")).name
    document = set_params(document, "n6", trains=trained, optimizer="sgd", momentum=0.5)
    assert planned(document, Plan()).optimizer_states == 4 * (64 * 64 + 64)


def test_gpt3_is_budgeted_within_fifty_milliseconds():
    document = find("gpt-3").build()
    typing = infer(document)
    before = costs(document, typing)
    plan = Plan(Precision.MIXED, devices=64)
    budget(needs_of(document, typing, before), document.sizes, plan)
    started = time.perf_counter()
    edited = edits.set_size(document, "T", 1024)
    after = infer(edited, typing)
    found = budget(
        needs_of(edited, after, costs(edited, after, before, after.visited)), edited.sizes, plan
    )
    assert time.perf_counter() - started < 0.05
    assert found.weights == 2 * 174_604_259_328 // 64


def test_gpt3_remembers_two_vectors_a_token_and_layer():
    document = find("gpt-3").build()
    found = planned(document, Plan(Precision.BFLOAT16), N=3, T=100)
    assert found.kv_cache == 2 * 96 * 3 * 100 * 12288 * 2


def test_the_working_memory_of_a_forward_pass_is_its_largest_step():
    found = planned(mlp(), Plan(device_bytes=GIB), N=8)
    assert found.working == 4 * 8 * (784 + 100)
    assert found.inference == 4 * PARAMETERS + found.working
