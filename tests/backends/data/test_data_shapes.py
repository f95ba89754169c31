"""Coloured shapes, and images with masks."""

import numpy as np
import pytest
from PIL import Image

from backends.data.source import source_of
from graph.data import DataSpec
from graph.problems import UserError


def test_shapes_are_where_their_masks_say():
    splits = source_of(DataSpec("shapes", {"rows": 50, "noise": 0.0, "test_fraction": 0.0})).load()
    x, y, mask = (splits.train[name] for name in ("x", "y", "mask"))
    for image, shape, places in zip(x, y, mask, strict=True):
        assert set(np.unique(places)) == {0, shape + 1}
        inside = image[:, places > 0]
        assert (inside == inside[:, :1]).all() and inside.min() >= 90
        assert image[:, places == 0].max() < 70
    areas = [np.mean([(m > 0).mean() for m in mask[y == k]]) for k in range(3)]
    assert areas[0] > areas[1] > areas[2]  # a circle holds most of what is around it


def test_several_shapes_hide_each_other():
    splits = source_of(DataSpec("shapes", {"rows": 40, "objects": 4, "classes": 4})).load()
    assert max(len(np.unique(mask)) for mask in splits.train["mask"]) >= 4


def source(folder, **params):
    return source_of(DataSpec("masks", {"folder": str(folder), "size": (8, 8), **params}))


def paint(folder, mode="L", values=(0, 1), beside=False):
    """Images whose right half belongs to the second class."""
    images, masks = (folder, folder) if beside else (folder / "images", folder / "masks")
    images.mkdir(parents=True)
    masks.mkdir(exist_ok=True)
    for n in range(10):
        pixels = np.zeros((16, 16, 3), np.uint8)
        pixels[:, 8:] = 20 * n + 50
        Image.fromarray(pixels).save(images / f"{n}.jpg", quality=95)
        mask = np.full((16, 16), values[0], np.uint8)
        mask[:, 8:] = values[1]
        held = Image.fromarray(mask)
        if mode == "P":
            held = held.convert("P")
            held.putpalette([0, 0, 0, 255, 0, 0] + [9] * 762)
        if mode == "RGB":
            held = Image.fromarray(np.stack([mask, mask * 0, mask * 0], axis=2))
        held.save(masks / (f"{n}_mask.png" if beside else f"{n}.png"))
    return folder


@pytest.mark.parametrize(
    ("painted", "params"),
    [
        ({}, {}),
        ({"values": (0, 255)}, {}),
        ({"mode": "P"}, {"names": "ground, cat"}),
        ({"mode": "RGB", "values": (0, 200)}, {"colours": "#000000, #c80000"}),
        ({"beside": True}, {"storage": "stream"}),
    ],
    ids=["ids", "black and white", "palette", "colours", "beside"],
)
def test_masks_become_class_indices(tmp_path, painted, params, same_when_exported):
    data = source(paint(tmp_path / "cats", **painted), **params)
    info, splits = data.describe(), data.load()
    assert info.column("mask").shape == (8, 8) and (info.rows, info.test_rows) == (8, 2)
    mask = np.asarray(splits.train["mask"])
    assert mask.dtype == np.int64 and mask.shape == (8, 8, 8)
    assert (mask[:, :, :4] == 0).all() and (mask[:, :, 4:] == 1).all()
    if params.get("storage") != "stream":
        same_when_exported(data)


def test_pixels_that_nobody_judged_are_left_out(tmp_path):
    splits = source(paint(tmp_path / "cats", values=(1, 255)), names="a, b, c").load()
    assert set(np.unique(splits.train["mask"])) == {-100, 1}


@pytest.mark.parametrize(
    ("painted", "params", "text"),
    [
        ({"values": (0, 3)}, {}, "0.png holds the class 3, but there are 2 classes, 0 to 1"),
        ({"mode": "RGB", "values": (0, 200)}, {}, "is in colours; say which"),
        ({"mode": "RGB", "values": (0, 9)}, {"colours": "#000000, #c80000"}, "colour #090000"),
        ({}, {"names": "one"}, "names 1 classes"),
        ({}, {"colours": "red, blue"}, "“red” is no colour"),
        ({}, {"colours": "#ff0000"}, "2 classes but 1 colours"),
        ({}, {"balanced": True}, "no class of their own"),
    ],
)
def test_masks_that_make_no_sense_are_refused(tmp_path, painted, params, text):
    with pytest.raises(UserError, match=text):
        source(paint(tmp_path / "cats", **painted), **params).load()


def test_images_without_masks_are_counted(tmp_path):
    folder = paint(tmp_path / "cats")
    (folder / "masks" / "3.png").unlink()
    with pytest.raises(UserError, match=r"1 images of .* have no mask: 3.jpg"):
        source(folder).describe()
    with pytest.raises(UserError, match="no images with masks"):
        source(folder / "masks").describe()
