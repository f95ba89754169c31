"""The adversarial networks equal references written by hand: answers, losses, gradients, turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor

from graph.check import check
from graph.gallery import find
from graph.infer import infer
from graph.model import Document
from tests.graph.gallery.parity import SEED, Drawn, Rename, copy_weights, drawn, renaming
from tests.references.adversarial import (
    DeepDiscriminator,
    DeepGenerator,
    Duel,
    PlainDiscriminator,
    PlainGenerator,
)


@dataclass(frozen=True)
class Pair:
    """A drawn network and its reference; both draw noise (N, latent) first."""

    document: Document
    reference: Duel
    rename: Rename
    column: str
    latent: int
    real: Callable[[int], Tensor]
    to_real: Callable[[Tensor], Tensor] = lambda x: x


def plain() -> Pair:
    return Pair(
        find("gan").build(latent=3, hidden=(7, 5)),
        Duel(PlainGenerator(3, (7, 5), 2), PlainDiscriminator(2, (7, 5))),
        renaming(
            {
                r"(?P<side>[a-z]+)_hidden(?P<n>\d)\.dense\.(?P<of>\w+)": "{side}.hidden.{n}.{of}",
                r"(?P<side>[a-z]+)_(point|logit)\.dense\.(?P<of>\w+)": "{side}.out.{of}",
            }
        ),
        "real",
        3,
        lambda n: torch.randn(n, 2),
    )


def deep() -> Pair:
    def rename(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        layers = renaming(
            {
                r"(?P<side>[a-z]+)_project\.dense\.(?P<of>\w+)": "{side}.project.{of}",
                r"(?P<side>[a-z]+)_up(?P<n>\d)\.conv\.(?P<of>\w+)": "{side}.ups.{n}.{of}",
                r"(?P<side>[a-z]+)_down1\.conv\.(?P<of>\w+)": "{side}.first.{of}",
                r"(?P<side>[a-z]+)_down2\.conv\.(?P<of>\w+)": "{side}.downs.0.{of}",
                r"(?P<side>[a-z]+)_batch_norm\.norm\.(?P<of>\w+)": "{side}.norms.0.{of}",
                r"(?P<side>[a-z]+)_batch_norm(?P<n>\d)\.norm\.(?P<of>\w+)": "{side}.norms.{n}.{of}",
                r"(?P<side>[a-z]+)_logit\.dense\.(?P<of>\w+)": "{side}.score.{of}",
            }
        )
        return layers(tensors)

    return Pair(
        find("dcgan").build(data="digits", image_size=16, latent=6, width=3),
        Duel(DeepGenerator(6, 3, 16), DeepDiscriminator(3, 16)),
        rename,
        "image",
        6,
        lambda n: torch.rand(n, 1, 16, 16),
        lambda x: 2 * x - 1,
    )


CASES = {"gan": plain, "dcgan": deep}


def noise(pair: Pair, n: int) -> Tensor:
    torch.manual_seed(SEED)
    return torch.randn(n, pair.latent)


def losses_of(own: Drawn, batch: dict[str, Tensor]) -> dict[str, Tensor]:
    assert own.objective is not None
    torch.manual_seed(SEED)
    losses, _ = own.objective(own.model, batch)
    assert not isinstance(losses, Tensor)
    return {name.removeprefix("train_"): loss for name, loss in losses.items()}


@pytest.mark.parametrize("name", CASES)
def test_it_is_drawn_without_a_problem(name: str) -> None:
    for values in ({}, find(name).small):
        document = find(name).build(**values)
        assert check(document, infer(document)) == []


@pytest.mark.parametrize("n", [2, 5])
@pytest.mark.parametrize("name", CASES)
def test_samples_are_those_of_the_reference(name: str, n: int) -> None:
    pair = CASES[name]()
    own = drawn(pair.document)
    copy_weights(own, pair.reference, pair.rename)
    real = pair.real(n)
    made, _ = pair.reference.eval()(pair.to_real(real), noise(pair, n))
    torch.manual_seed(SEED)
    samples, *_ = own.model.eval()(real)
    torch.testing.assert_close(samples, made, rtol=1e-4, atol=2e-5)


@pytest.mark.parametrize("n", [2, 5])
@pytest.mark.parametrize("side", ["discriminator", "generator"])
@pytest.mark.parametrize("name", CASES)
def test_losses_and_gradients_are_those_of_the_reference(name: str, side: str, n: int) -> None:
    """Each side's own weights are compared: the discriminator is not trained by the other loss."""
    pair = CASES[name]()
    own = drawn(pair.document)
    copy_weights(own, pair.reference, pair.rename)
    real = pair.real(n)
    loss = losses_of(own, {pair.column: real})[side]
    _, expected = pair.reference.train()(pair.to_real(real), noise(pair, n))
    torch.testing.assert_close(loss, expected[side], rtol=1e-5, atol=1e-5)
    loss.backward()
    expected[side].backward()
    assert all(w.grad is not None for w in own.model.get_submodule(side).parameters())
    for weight in own.model.parameters():
        weight.grad = torch.zeros_like(weight) if weight.grad is None else weight.grad
    found = pair.rename(own.gradients())
    for key, weight in pair.reference.get_submodule(side).named_parameters():
        assert weight.grad is not None
        grad = found[f"{side}.{key}"]
        torch.testing.assert_close(grad, weight.grad, rtol=1e-3, atol=2e-5, msg=key)


def test_the_generator_does_not_learn_from_the_discriminators_loss() -> None:
    pair = plain()
    own = drawn(pair.document)
    losses_of(own, {"real": pair.real(4)})["discriminator"].backward()
    assert all(w.grad is None for w in own.model.get_submodule("generator").parameters())
