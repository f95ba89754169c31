"""Rows drawn as the data says: balanced, by group, resumed and exported with the same losses."""

import numpy as np
import pytest
import torch

from backends.protocol import Control, Stepped, Stopped
from backends.pytorch.place import Place
from backends.pytorch.rows import BALANCED, VALIDATED, Table
from graph.data import DataSpec
from tests.backends.pytorch.drawings import iris_mlp, with_recipe
from tests.backends.pytorch.running import follow, losses, train
from tests.backends.pytorch.test_export import check_same_losses
from tests.drawing import set_params

PLACE = Place(torch.device("cpu"), 1, torch.contiguous_format)
DRAWN = {"split": "stratified", "folds": 5, "fold": 2, "balanced": True, "seed": 3}


def table(**drawn):
    return Table({"x": np.arange(100), **drawn}, PLACE)


def test_the_lowest_ranks_validate_and_equal_ones_together():
    ranks = np.arange(100)[::-1] // 8
    rows, apart = table(**{VALIDATED: ranks}).split(0.1, 0)
    assert apart.tolist() == list(range(84, 100))
    assert rows.tolist() == list(range(84))
    assert table(**{VALIDATED: ranks}).split(0.0, 0)[1].tolist() == []
    rows, apart = table(**{VALIDATED: np.zeros(100, int)}).split(0.1, 0)
    assert len(rows) == 0 or len(apart) == 0


def test_rows_that_are_said_to_validate_do():
    said = np.arange(100) % 4 == 1
    rows, apart = table(**{VALIDATED: said}).split(0.5, 0)
    assert apart.tolist() == np.flatnonzero(said).tolist()
    assert len(rows) == 75


def test_balanced_rows_hold_each_class_equally_often():
    classes = np.repeat([0, 1], [90, 10])
    held = table(**{BALANCED: classes})
    rows = torch.arange(100)
    drawn = np.concatenate([classes[held.order(rows, 0, epoch).numpy()] for epoch in range(50)])
    assert abs(drawn.mean() - 0.5) < 0.02
    assert torch.equal(held.order(rows, 1, 7), held.order(rows, 1, 7))
    assert not torch.equal(held.order(rows, 1, 7), held.order(rows, 1, 8))
    assert set(held.order(rows[:5], 0, 0).tolist()) <= set(range(5))


def drawn_iris(**recipe):
    from graph import edits

    return edits.set_data(iris_mlp(device="cpu", **recipe), DataSpec("iris", DRAWN))


def test_the_exported_script_draws_the_same_rows(tmp_path):
    check_same_losses(drawn_iris(), tmp_path)


def test_a_balanced_run_goes_on_with_the_same_losses(tmp_path):
    document = drawn_iris(epochs=4)
    whole = losses(train(document, tmp_path / "whole"))
    control = Control()

    def stop(event):
        if isinstance(event, Stepped) and event.steps[-1] >= 4:
            control.stop()

    from backends.protocol import Job

    events = follow(Job(document, tmp_path / "parts"), control, stop)
    assert isinstance(events[-1], Stopped)
    more = train(document, tmp_path / "parts", resume=events[-1].run)
    assert losses(events) + losses(more) == pytest.approx(whole, abs=0)


def test_images_that_stay_on_disk_give_the_same_losses(tmp_path):
    from PIL import Image

    from tests.backends.pytorch.drawings import classifier

    random = np.random.RandomState(0)
    for n in range(60):
        folder = tmp_path / "pictures" / f"kind {n % 2}"
        folder.mkdir(parents=True, exist_ok=True)
        pixels = random.randint(0, 128, (8, 8, 3)) + 100 * (n % 2)
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{n}.png")
    found = []
    for storage in ("memory", "stream"):
        values = {"folder": str(tmp_path / "pictures"), "size": (8, 8), "storage": storage}
        document = classifier("flatten dense", "3, 8, 8", DataSpec("images", values), epochs=2)
        document = set_params(document, "n3", features=2)
        events = train(with_recipe(document, threads=1, device="cpu"), tmp_path / "runs")
        found.append((losses(events), dict(events[-1].test)))
    assert found[0] == found[1]


def test_masks_that_stay_on_disk_give_the_same_losses(tmp_path):
    from PIL import Image

    from graph.gallery.draw import Drawing

    for n in range(24):
        pixels = np.zeros((8, 8, 3), np.uint8)
        pixels[:, n % 8 :] = 200
        for name, held in (("images", pixels), ("masks", pixels[:, :, 0] // 200)):
            (tmp_path / "cells" / name).mkdir(parents=True, exist_ok=True)
            Image.fromarray(held).save(tmp_path / "cells" / name / f"{n}.png")
    found = []
    for storage in ("memory", "stream"):
        d = Drawing()
        d.data("masks", folder=str(tmp_path / "cells"), size=(8, 8), storage=storage)
        d.recipe(epochs=2, batch_size=8, threads=1, device="cpu", learning_rate=0.05)
        x = d.add("conv2d", d.add("input", shape="3, 8, 8"), out_channels=2, kernel_size=(1, 1))
        target = d.add("target", column="mask", shape="8, 8")
        d.add("cross_entropy", prediction=x, target=target)
        events = train(d.document, tmp_path / "runs")
        found.append((losses(events), dict(events[-1].test)))
    assert found[0] == found[1]
    assert found[0][0][-1] < found[0][0][0]
