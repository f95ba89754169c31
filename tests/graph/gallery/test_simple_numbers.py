"""Dense networks and recurrent readers of the gallery against references written by hand."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from graph.gallery import find
from tests.graph.gallery.parity import (
    Batch,
    Case,
    assert_equal_answers,
    assert_equal_training,
    renaming,
)
from tests.references.dense import Autoencoder, Mlp, Perceptron
from tests.references.reading import Elman, Reader
from tests.references.recurrent import Gru, Lstm

_LAST = {r"(?P<part>classifier|code|logits)\.\w+\.(?P<rest>.*)": "{part}.{rest}"}


def _classifies(
    name: str, values: dict[str, object], reference: nn.Module, rules: dict[str, str], column: str
) -> Case:
    shape = (64,) if column == "pixels" else (8, 8)

    def batch(n: int) -> Batch:
        return {column: torch.rand(n, *shape), "label": torch.randint(0, 10, (n,))}

    return Case(
        find(name).build(**values),
        reference,
        renaming({**rules, **_LAST}),
        batch,
        (column,),
        lambda model, batch: model(batch[column]),
        lambda model, batch: F.cross_entropy(model(batch[column]), batch["label"]),
    )


def _perceptron() -> Case:
    rules = {r"weights\.\w+\.(?P<rest>.*)": "weights.{rest}"}
    return _classifies("perceptron", {}, Perceptron(64, 10), rules, "pixels")


def _mlp() -> Case:
    rules = {r"hidden(?P<n>\d+)\.\w+\.(?P<rest>.*)": "hidden.{n}.{rest}"}
    sizes = {"features": 7, "layers": 3}
    return _classifies("mlp", sizes, Mlp(64, 7, 3, 10), rules, "pixels")


def _reader(name: str, layer: nn.Module) -> Case:
    cell = rf"{name}\.\w+\."
    rules = {
        rf"{cell}(?P<kind>\w+)_ih_l0": "layer.seen.{kind}",
        rf"{cell}(?P<kind>\w+)_hh_l0": "layer.known.{kind}",
    }
    return _classifies(name, {"units": 6}, Reader(layer, 6, 10), rules, "rows")


def _autoencoder() -> Case:
    rules = {r"(?P<half>encode|decode)(?P<n>\d+)\.\w+\.(?P<rest>.*)": "{half}.{n}.{rest}", **_LAST}

    def loss(model: nn.Module, batch: Batch) -> Tensor:
        share = model(batch["image"])[1]
        image = batch["image"]
        likelihood = image * torch.log(share) + (1 - image) * torch.log(1 - share)
        return -likelihood.sum() / len(image)

    return Case(
        find("autoencoder").build(size="8", hidden=(12, 9), code=4),
        Autoencoder(64, (12, 9), 4),
        renaming(rules),
        lambda n: {"image": torch.rand(n, 64)},
        ("image",),
        lambda model, batch: model(batch["image"])[0],
        loss,
    )


CASES = {
    "perceptron": _perceptron,
    "mlp": _mlp,
    "rnn": lambda: _reader("rnn", Elman(8, 6)),
    "lstm": lambda: _reader("lstm", Lstm(8, 6)),
    "gru": lambda: _reader("gru", Gru(8, 6)),
    "autoencoder": _autoencoder,
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    torch.manual_seed(0)
    return CASES[request.param]()


@pytest.mark.parametrize("n", [2, 5])
def test_its_answers_are_those_of_the_reference(case: Case, n: int):
    assert_equal_answers(case, n)


@pytest.mark.parametrize("n", [2, 5])
def test_its_losses_and_gradients_are_those_of_the_reference(case: Case, n: int):
    assert_equal_training(case, n)
