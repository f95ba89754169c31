"""The convolutional networks: published counts, and what their sizes change."""

from __future__ import annotations

import pytest

from backends.data.source import source_of
from graph.check import check
from graph.cost import costs
from graph.gallery import Family, entries, find
from graph.infer import infer
from graph.model import Document
from graph.problems import UserError

TRAINED_OFFLINE = [
    entry.name for entry in entries() if entry.family in (Family.PERCEPTRONS, Family.CONVOLUTIONAL)
]


def parameters(document: Document) -> int:
    return costs(document, infer(document)).total.parameters


@pytest.mark.parametrize(
    ("name", "values", "count"),
    [
        ("perceptron", {}, 650),
        ("mlp", {"layers": 1, "features": 32}, 64 * 32 + 32 + 32 * 10 + 10),
        ("lenet-5", {}, 61_706),
        ("alexnet", {}, 61_100_840),
        ("alexnet", {"variant": "2012"}, 60_965_224),
        ("vgg-16", {}, 138_357_544),
        ("vgg-16", {"batch_norm": True}, 138_365_992),
        ("googlenet", {}, 13_004_888),
        ("googlenet", {"auxiliary": False}, 6_624_904),
        ("resnet-18", {}, 11_689_512),
        ("resnet-18", {"layers": (3, 4, 6, 3)}, 21_797_672),
        ("resnet-50", {}, 25_557_032),
        ("resnet-50", {"layers": (3, 4, 23, 3)}, 44_549_160),
        ("resnet-152", {}, 60_192_808),
        ("densenet-121", {}, 7_978_856),
        ("densenet-121", {"layers": (6, 12, 32, 32)}, 14_149_480),
        ("densenet-201", {}, 20_013_928),
    ],
)
def test_it_has_as_many_parameters_as_published(
    name: str, values: dict[str, object], count: int
) -> None:
    assert parameters(find(name).build(**values)) == count


@pytest.mark.parametrize("name", TRAINED_OFFLINE)
def test_its_small_size_fits_the_data_that_is_always_there(name: str) -> None:
    entry = find(name)
    document = entry.build(**entry.small)
    data = source_of(document.data).describe()
    assert document.data.source == "digits"
    assert check(document, infer(document), data=data) == []
    assert parameters(document) < 3_000_000


def test_digits_are_enlarged_to_images_that_are_larger_than_they_come() -> None:
    document = find("alexnet").build(data="digits", image_size=64)
    assert document.data.params["size"] == "32"
    (enlarged,) = (n for n in document.graph.nodes.values() if n.kind == "upsample2d")
    assert infer(document).type_of(enlarged.id, "y").shape[1:] == (1, 64, 64)


@pytest.mark.parametrize("layers", [(), (1,) * 7, (200, 200)])
def test_stages_that_nobody_could_read_are_refused(layers: tuple[int, ...]) -> None:
    with pytest.raises(UserError, match="Layers must"):
        find("resnet-18").build(layers=layers)


def test_heads_of_googlenet_count_less_than_its_main_loss() -> None:
    document = find("googlenet").build()
    weights = [n for n in document.graph.nodes.values() if n.kind == "loss_weight"]
    assert [(n.name, n.params["weight"]) for n in weights] == [
        ("aux1_loss_weight", 0.3),
        ("aux2_loss_weight", 0.3),
    ]
