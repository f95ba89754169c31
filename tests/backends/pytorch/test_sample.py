"""Diffusion models make up new data: points of the spiral they have learned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backends.data.readers.points import load_spiral
from backends.data.source import source_of
from backends.protocol import Finished
from backends.pytorch.sample import Asked, sample_run, write_samples
from graph import edits
from graph.gallery import find
from graph.model import Document
from graph.problems import UserError
from tests.backends.pytorch.running import train

# The median of real points left out of the training is 0.007, that of normal numbers with the
# spiral's mean and spread 0.13; a twentieth of normal numbers is farther away than 0.42.
NEAR, FAR = 0.02, 0.3
DIGITS_KNOWN = 0.4  # by the 5 nearest real ones, which know real digits at 0.99; chance is 0.1


def drawing(epochs: int | None = None, name: str = "diffusion", **values: object) -> Document:
    entry = find(name)
    document = entry.build(**{**entry.small, **values})
    changes = {"device": "cpu", "threads": 1} | ({"epochs": epochs} if epochs else {})
    for setting, value in changes.items():
        document = edits.set_recipe(document, setting, value)
    return document


def finished(document: Document, folder: Path) -> Path:
    last = train(document, folder)[-1]
    assert isinstance(last, Finished), last
    return last.run


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, Path]:
    document = drawing(epochs=1, steps=20, units=8, blocks=1)
    return document, finished(document, tmp_path_factory.mktemp("runs"))


@pytest.mark.parametrize("method", ["ddim", "ddpm"])
def test_as_many_rows_are_made_as_are_asked_for_the_same_from_the_same_seed(short, method):
    document, run = short
    asked = Asked(count=5, method=method, steps=7, eta=0.5, seed=3)
    made = sample_run(document, run, asked)
    assert made.shape == (5, 2)
    assert np.isfinite(made).all()
    assert np.array_equal(made, sample_run(document, run, asked))


def test_a_block_may_be_called_like_the_schedule_of_the_noise(short):
    document, run = short
    wanted = sample_run(document, run, Asked(count=2, steps=3))
    layer = next(id for id, node in document.graph.nodes.items() if node.definition)
    renamed = edits.rename(document, layer, "kept")
    assert np.array_equal(sample_run(renamed, run, Asked(count=2, steps=3)), wanted)


@pytest.mark.parametrize("name", ["made.npy", "made.csv"])
def test_new_rows_are_written_as_a_table(short, tmp_path, name):
    document, run = short
    shape = write_samples(document, run, tmp_path / name, count=4, method="ddim", steps=3)
    read = np.load if name.endswith("npy") else lambda path: np.loadtxt(path, delimiter=",")
    assert shape == read(tmp_path / name).shape == (4, 2)


def test_weights_of_another_drawing_are_refused(short):
    _, run = short
    with pytest.raises(UserError, match="do not fit"):
        sample_run(drawing(steps=20, units=9, blocks=1), run, Asked(count=2))


def test_an_input_that_there_is_not_cannot_be_told(short):
    document, run = short
    with pytest.raises(UserError, match="not told “label”"):
        sample_run(document, run, Asked(count=2, told={"label": (1,)}))


def test_codes_become_images_of_the_classes_that_are_told(tmp_path):
    sizes = {"encoder": (4, 4), "levels": (4, 8), "heads": 2, "groups": 2, "steps": 20}
    document = drawing(1, "latent-diffusion", **sizes)
    run = finished(document, tmp_path)
    asked = Asked(count=4, steps=3, told={"label": (3, 7)})
    made = sample_run(document, run, asked)
    assert made.shape == (4, 1, 8, 8)
    others = sample_run(document, run, Asked(count=4, steps=3, told={"label": (7,)}))
    assert [np.array_equal(*pair) for pair in zip(made, others, strict=True)] == [
        False, True, False, True,
    ]  # fmt: skip
    assert sample_run(document, run, Asked(count=4, steps=3)).shape == (4, 1, 8, 8)


@pytest.mark.slow
def test_new_digits_look_like_the_ones_that_were_wanted(tmp_path):
    document = drawing(25, "latent-diffusion")
    run = finished(document, tmp_path)
    made = sample_run(document, run, Asked(count=200, told={"label": tuple(range(10))}))
    known = source_of(document.data).load().train
    images, labels = known["x"].reshape(len(known["x"]), -1) / 255, known["y"]
    distance = ((made.reshape(200, 1, -1) - images[None]) ** 2).sum(-1)
    nearest = labels[distance.argsort(1)[:, :5]]
    guess = [np.bincount(row, minlength=10).argmax() for row in nearest]
    assert np.mean(guess == np.arange(200) % 10) > DIGITS_KNOWN


@pytest.mark.slow
def test_samples_lie_on_the_spiral(tmp_path):
    document = drawing()
    run = finished(document, tmp_path)
    known = load_spiral()[0]["x"]
    for asked in (Asked(count=2000), Asked(count=2000, method="ddpm")):
        made = sample_run(document, run, asked)
        distance = np.sqrt(((made[:, None] - known[None, ::2]) ** 2).sum(-1))
        assert np.median(distance.min(1)) < NEAR
        assert np.quantile(distance.min(1), 0.95) < FAR
        # no part of the spiral is forgotten
        assert np.quantile(distance.min(0), 0.95) < 0.06


def test_a_watcher_hears_how_far_it_is_and_may_end_it(short):
    document, run = short
    heard: list[float] = []
    sample_run(document, run, Asked(count=2, steps=4), heard.append)
    assert heard == [0, 0.25, 0.5, 0.75]
    with pytest.raises(KeyboardInterrupt):
        sample_run(document, run, Asked(count=2, steps=4), _ended)


def _ended(_share: float) -> None:
    raise KeyboardInterrupt


def test_a_class_that_there_is_not_is_refused_by_its_number(tmp_path):
    sizes = {"encoder": (4, 4), "levels": (4, 8), "heads": 2, "groups": 2, "steps": 20}
    document = drawing(1, "latent-diffusion", **sizes)
    run = finished(document, tmp_path)
    with pytest.raises(UserError, match="from 0 to 9, but was told 12"):
        sample_run(document, run, Asked(count=2, steps=2, told={"label": (12,)}))


def test_the_generator_of_a_gan_makes_points_and_images(tmp_path):
    for name, sizes, shape in (
        ("gan", {"hidden": (8,)}, (2,)),
        ("dcgan", {"width": 4, "latent": 4}, (1, 16, 16)),
    ):
        document = drawing(1, name, **sizes)
        run = finished(document, tmp_path / name)
        made = sample_run(document, run, Asked(count=5, seed=1))
        assert made.shape == (5, *shape)
        assert len(np.unique(made.reshape(5, -1), axis=0)) == 5
        assert np.array_equal(made, sample_run(document, run, Asked(count=5, seed=1)))
