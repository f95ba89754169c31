"""Diffusion models of the gallery against references written by hand, with the same weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor, nn

from graph.gallery import find
from tests.graph.gallery.parity import (
    SEED,
    Drawn,
    Tensors,
    assert_equal_gradients,
    copy_weights,
    drawn,
)
from tests.references.latent_diffusion import LatentDiffusion, Plane, Unet

Pair = tuple[Drawn, nn.Module, Callable[[Tensors], dict[str, Tensor]]]


def renaming(reference: nn.Module) -> Callable[[Tensors], dict[str, Tensor]]:
    """From `unet_middle1_norm1.norm.weight` to what the reference calls `unet.middle1.norm1`."""
    layers = {name.replace(".", "_"): name for name, _ in reference.named_modules()}

    def rename(tensors: Tensors) -> dict[str, Tensor]:
        found = {}
        for old, value in tensors.items():
            path, _, rest = old.partition(".")
            *inner, kind = rest.split(".")[1:] or [rest]
            name = layers[path.replace("[", "_").replace("]", "")]
            if kind == "in_proj_weight":
                for part, share in zip(("query", "key", "value"), value.chunk(3), strict=True):
                    found[f"{name}.{part}.weight"] = share
            elif kind in ("q_proj_weight", "k_proj_weight", "v_proj_weight"):
                part = {"q": "query", "k": "key", "v": "value"}[kind[0]]
                found[f"{name}.{part}.weight"] = value
            elif inner == ["out_proj"]:
                found[f"{name}.out.{kind}"] = value
            else:
                found[".".join([name, *inner, kind])] = value
        return found

    return rename


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """So small a model is quickest so, on a machine with other work."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def latent() -> Pair:
    document = find("latent-diffusion").build(
        size="16", code=3, encoder=(4, 6, 8), levels=(8, 12), blocks=2, heads=2, groups=2,
        context=5, steps=40, code_weight=0.01,
    )  # fmt: skip
    unet = Unet(3, (8, 12), 2, 2, 2, 5)
    reference = LatentDiffusion((4, 6, 8), 3, 2, unet, 5, 40, 0.01)
    return _pair(drawn(document), reference)


@pytest.fixture
def plane() -> Pair:
    document = find("diffusion").build(steps=40, units=12, blocks=2)
    return _pair(drawn(document), Plane(12, 2, 40))


def _pair(own: Drawn, reference: nn.Module) -> Pair:
    rename = renaming(reference)
    copy_weights(own, reference, rename)
    return own, reference, rename


def _batch(n: int) -> dict[str, Tensor]:
    torch.manual_seed(n)
    image, label = torch.rand(n, 1, 16, 16), torch.randint(0, 10, (n,))
    return {"x": torch.randn(n, 2), "image": image, "y": label}


@pytest.mark.parametrize("name", ["latent", "plane"])
def test_in_evaluation_it_answers_the_same(name: str, request: pytest.FixtureRequest) -> None:
    own, reference, _ = request.getfixturevalue(name)
    batch = _batch(3)
    given = [batch["image"], batch["y"]] if name == "latent" else [batch["x"]]
    answers = []
    for model in (own.model, reference):
        torch.manual_seed(SEED)
        with torch.no_grad():
            answers.append(model.eval()(*given))
    count = 2 if name == "latent" else 1
    for one, other in zip(answers[0][:count], answers[1][:count], strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=2e-5)


@pytest.mark.parametrize("n", [2, 5])
@pytest.mark.parametrize("name", ["latent", "plane"])
def test_in_training_every_weight_is_pulled_the_same_way(
    name: str, n: int, request: pytest.FixtureRequest
) -> None:
    own, reference, rename = request.getfixturevalue(name)
    batch = _batch(n)
    torch.manual_seed(SEED)
    assert own.objective is not None
    columns = {"image": batch["image"], "y": batch["y"], "points": batch["x"]}
    loss, _ = own.objective(own.model.train(), columns)
    torch.manual_seed(SEED)
    given = [batch["image"], batch["y"]] if name == "latent" else [batch["x"]]
    expected = reference.train()(*given)[-1]
    torch.testing.assert_close(loss, expected, rtol=1e-5, atol=1e-5)
    loss.backward()
    expected.backward()
    assert_equal_gradients(own, reference, rename)
