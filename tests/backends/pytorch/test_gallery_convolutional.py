"""The convolutional networks of the gallery compute what references written by hand compute."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from backends.pytorch.compile import build
from backends.pytorch.source import print_source
from graph.gallery import find
from graph.gallery.googlenet import LABEL
from graph.infer import infer
from graph.lower import lower
from tests.graph.gallery.parity import (
    Drawn,
    Rename,
    Tensors,
    assert_equal_gradients,
    copy_weights,
    drawn,
)
from tests.references.convolutional import Alexnet, Lenet, Resnet, Vgg16
from tests.references.joining import Densenet, Googlenet

CLASSES = 7
AUXILIARY_WEIGHT = 0.3


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Maps this small are computed faster by one thread, above all on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@dataclass(frozen=True)
class Case:
    """An entry in sizes that compute quickly, and the reference in the same sizes."""

    entry: str
    values: Mapping[str, object]
    reference: Callable[[], nn.Module]
    image: tuple[int, int, int]


def small(**values: object) -> dict[str, object]:
    return {"classes": CLASSES, **values}


CASES = {
    "lenet-5": Case("lenet-5", {}, Lenet, (1, 32, 32)),
    "alexnet": Case(
        "alexnet", small(variant="2012", width=8, image_size=95),
        lambda: Alexnet((12, 32, 48, 48, 32), 512, CLASSES), (3, 95, 95),
    ),
    "vgg-16": Case(
        "vgg-16", small(width=2, image_size=64), lambda: Vgg16(2, CLASSES), (3, 64, 64)
    ),
    "resnet-18": Case(
        "resnet-18", small(width=6, image_size=70),
        lambda: Resnet((2, 2, 2, 2), 6, CLASSES, bottleneck=False), (3, 70, 70),
    ),
    "resnet-50": Case(
        "resnet-50", small(width=4, image_size=64),
        lambda: Resnet((3, 4, 6, 3), 4, CLASSES, bottleneck=True), (3, 64, 64),
    ),
    "resnet-152": Case(
        "resnet-152", small(width=4, image_size=64, layers=(2, 3, 5, 2)),
        lambda: Resnet((2, 3, 5, 2), 4, CLASSES, bottleneck=True), (3, 64, 64),
    ),
    "densenet-201": Case(
        "densenet-201", small(growth=4, width=8, image_size=64, layers=(3, 4, 6, 5)),
        lambda: Densenet((3, 4, 6, 5), 4, 8, CLASSES), (3, 64, 64),
    ),
    "googlenet": Case(
        "googlenet", small(width=16, image_size=96),
        lambda: Googlenet(4, CLASSES, large=3), (3, 96, 96),
    ),
    "googlenet with 5×5": Case(
        "googlenet", small(width=16, image_size=70, five_by_five=True),
        lambda: Googlenet(4, CLASSES, large=5), (3, 70, 70),
    ),
    "densenet-121": Case(
        "densenet-121", small(growth=4, width=8, image_size=64),
        lambda: Densenet((6, 12, 24, 16), 4, 8, CLASSES), (3, 64, 64),
    ),
}  # fmt: skip


def renaming_for(reference: nn.Module) -> Rename:
    """A block's name is the way to the reference's module, joined by `_`.

    The first block of a stage of a ResNet may stand before those that are repeated.
    """
    known = {name.replace(".", "_"): name for name in reference.state_dict()}

    def rename(tensors: Tensors) -> dict[str, Tensor]:
        found = {}
        for name, value in tensors.items():
            block, _, weight = name.split(".")
            block = block.replace("shortcut_bn", "downsample_bn")
            block = block.replace("shortcut", "downsample_conv")
            block = re.sub(r"^(layer\d)_(?!0_)", r"\1_1_", block)
            row = re.match(r"(?P<row>.*)\[(?P<number>\d+)\]", block)
            if row and row["row"].startswith("conv"):
                block = block.replace(row[0], f"{row['row']}_{int(row['number']) + 1}")
            elif row and row["row"].startswith("dense"):
                block = block.replace(row[0], f"{row['row']}_layer{int(row['number']) + 1}")
            elif row:
                first = any(other.startswith(f"{row['row']}_0_") for other in tensors)
                block = block.replace(row[0], f"{row['row']}_{int(row['number']) + first}")
            found[known[f"{block}_{weight}"]] = value
        return found

    return rename


def pair(case: Case) -> tuple[Drawn, nn.Module, Rename]:
    """The drawn model and the reference with its weights."""
    own = drawn(find(case.entry).build(**case.values))
    reference = case.reference()
    rename = renaming_for(reference)
    copy_weights(own, reference, rename)
    return own, reference, rename


def batch_of(case: Case, rows: int) -> dict[str, Tensor]:
    """Images and their classes, under the names of the drawing or of the data's column."""
    torch.manual_seed(rows)
    label = torch.randint(0, CLASSES, (rows,))
    return {"image": torch.randn(rows, *case.image), "label": label, LABEL: label}


def total_loss(answers: Tensor | tuple[Tensor, ...], label: Tensor) -> Tensor:
    """Cross-entropy; that of heads half-way up counts less."""
    if isinstance(answers, Tensor):
        return functional.cross_entropy(answers, label)
    main, *heads = answers
    return functional.cross_entropy(main, label) + AUXILIARY_WEIGHT * sum(
        functional.cross_entropy(head, label) for head in heads
    )


@pytest.mark.parametrize("rows", [2, 5])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_answers_and_learns_like_its_reference(case: Case, rows: int) -> None:
    own, reference, rename = pair(case)
    batch = batch_of(case, rows)
    own.model.eval()
    reference.eval()
    with torch.no_grad():
        answer, wanted = own.model(batch["image"]), reference(batch["image"])
    for one, other in zip(as_tuple(answer), as_tuple(wanted), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)

    own.model.train()
    reference.train()
    torch.manual_seed(0)
    loss, _ = own.objective(own.model, batch)
    torch.manual_seed(0)
    wanted_loss = total_loss(reference(batch["image"]), batch["label"])
    torch.testing.assert_close(loss, wanted_loss, rtol=1e-4, atol=1e-5)
    loss.backward()
    wanted_loss.backward()
    assert_equal_gradients(own, reference, rename)
    running = rename(own.weights())
    for name, value in reference.named_buffers():
        torch.testing.assert_close(running[name], value, rtol=1e-4, atol=1e-5, msg=name)


def as_tuple(answer: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (answer,) if isinstance(answer, Tensor) else answer


@pytest.mark.parametrize(
    ("entry", "values", "count"),
    [
        ("lenet-5", {}, 61_706),
        ("alexnet", {}, 61_100_840),
        ("alexnet", {"variant": "2012"}, 60_965_224),
        ("vgg-16", {}, 138_357_544),
        ("googlenet", {}, 13_004_888),
        ("googlenet", {"auxiliary": False}, 6_624_904),
        ("resnet-18", {}, 11_689_512),
        ("resnet-50", {}, 25_557_032),
        ("resnet-152", {}, 60_192_808),
        ("densenet-121", {}, 7_978_856),
        ("densenet-201", {}, 20_013_928),
    ],
)
def test_its_code_makes_a_model_with_as_many_parameters_as_published(
    entry: str, values: Mapping[str, object], count: int
) -> None:
    document = find(entry).build(**values)
    source = print_source(lower(document, infer(document)))
    with torch.device("meta"):
        model = build(source.model, source.objective, 0).model.eval()
        shape = (1, 32, 32) if entry == "lenet-5" else (3, 224, 224)
        logits = as_tuple(model(torch.empty(2, *shape)))[0]
    assert sum(weight.numel() for weight in model.parameters()) == count
    assert logits.shape == (2, 10 if entry == "lenet-5" else 1000)
