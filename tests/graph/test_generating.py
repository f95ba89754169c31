"""The part of a drawing that makes data of noise at once, found without training or torch."""

from __future__ import annotations

import pytest

from graph.gallery import find
from graph.generating import generating, makes_of_noise
from graph.infer import infer
from graph.model import Document
from graph.problems import UserError


def drawing(name: str) -> Document:
    return find(name).build(**find(name).small)


@pytest.mark.parametrize("name", ["gan", "dcgan"])
def test_the_generator_of_a_gan_is_found_without_what_judges_it(name: str) -> None:
    document = drawing(name)
    assert makes_of_noise(document)
    parts = generating(document, infer(document))
    names = {node.name for node in parts.generator.graph.nodes.values()}
    assert {"z", "generator"} <= names
    assert not {"discriminator", "telling", "fooling", "train_generator"} & names
    assert [parts.generator.graph.nodes[id].kind for id in parts.counted] == ["input"]
    assert parts.told == ()


@pytest.mark.parametrize("name", ["mlp", "vae"])
def test_what_reads_data_makes_nothing_of_noise_alone(name: str) -> None:
    document = drawing(name)
    with pytest.raises(UserError, match=r"needs one Add noise.*there is neither"):
        generating(document, infer(document))
