"""IDX files, written here as the format is published."""

import gzip
import re
import struct

import numpy as np
import pytest

from backends.data.source import source_of
from graph.data import DataSpec
from graph.problems import UserError


def idx(array, code=0x08):
    header = bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(np.uint8).tobytes()


@pytest.fixture
def images():
    return np.random.RandomState(0).randint(0, 256, (60, 28, 28)).astype(np.uint8)


@pytest.fixture
def labels():
    return np.arange(60) % 10


def write(folder, images, labels, ending="", test=20):
    """A folder as MNIST is published; the last rows are the t10k files."""
    folder.mkdir(exist_ok=True)
    pack = gzip.compress if ending == ".gz" else bytes
    cut = len(images) - test
    parts = {"train": slice(0, cut), "t10k": slice(cut, None)} if test else {"train": slice(None)}
    for part, rows in parts.items():
        (folder / f"{part}-images-idx3-ubyte{ending}").write_bytes(pack(idx(images[rows])))
        (folder / f"{part}-labels-idx1-ubyte{ending}").write_bytes(pack(idx(labels[rows])))
    return folder


def source(folder, kind="idx", **params):
    return source_of(DataSpec(kind, {"folder": str(folder), **params}))


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("kind", ["idx", "mnist"])
def test_files_as_published(tmp_path, images, labels, ending, kind, same_when_exported):
    data = source(write(tmp_path / "m", images, labels, ending), kind)
    info, splits = data.describe(), data.load()
    assert (info.rows, info.test_rows) == (40, 20)
    assert info.column("x").shape == (1, 28, 28)
    assert info.column("y").classes == tuple("0123456789")
    assert np.array_equal(splits.train["x"][:, 0], images[:40])
    assert np.array_equal(splits.test["x"][:, 0], images[40:])
    assert splits.train["x"].dtype == np.uint8
    assert np.array_equal(splits.test["y"], labels[40:])
    assert isinstance(splits.train["x"], np.memmap) == (ending == "")
    same_when_exported(data)


def test_mnist_names_its_folder(tmp_path, images, labels):
    folder = write(tmp_path / "m", images, labels)
    assert f"MNIST files from “{folder}”" in source(folder, "mnist").describe().note


def test_the_exported_script_names_the_folder_once_on_top(tmp_path, images, labels):
    folder = write(tmp_path / "m", images, labels)
    export = source(folder).export()
    # a long path takes a line of its own
    assert f'DATA_FOLDER=Path("{folder}"' in re.sub(r"\s", "", export.code)
    assert export.call.startswith("load_idx(folder=DATA_FOLDER")
    assert export.files == ()


def test_without_test_files_a_share_is_kept(tmp_path, images, labels):
    data = source(write(tmp_path / "m", images, labels, test=0), test_fraction=0.25)
    info, splits = data.describe(), data.load()
    assert (info.rows, info.test_rows) == (45, 15)
    assert "15 images are kept" in info.note
    assert len(splits.train["x"]) == 45 and len(splits.test["x"]) == 15


def test_names_with_a_dot_and_a_prefix(tmp_path, images, labels):
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "emnist-train-images.idx3-ubyte").write_bytes(idx(images))
    (folder / "emnist-train-labels.idx1-ubyte").write_bytes(idx(labels))
    assert source(folder).describe().rows == 48


IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


def damage(folder, case):
    images, labels = folder / IMAGES, folder / LABELS
    data = images.read_bytes()
    changes = {
        "magic": lambda: images.write_bytes(b"\x89PNG" + data[4:]),
        "type": lambda: images.write_bytes(data[:2] + b"\x0d" + data[3:]),
        "short": lambda: images.write_bytes(data[:-100]),
        "long": lambda: images.write_bytes(data + b"extra"),
        "header": lambda: images.write_bytes(data[:9]),
        "empty": lambda: images.write_bytes(b""),
        "counts": lambda: labels.write_bytes(idx(np.zeros(39))),
        "swapped": lambda: images.write_bytes(idx(np.zeros(40))),
        "gone": lambda: labels.unlink(),
        "size": lambda: (folder / "t10k-images-idx3-ubyte").write_bytes(idx(np.zeros((20, 8, 8)))),
        "half": lambda: (folder / "t10k-labels-idx1-ubyte").unlink(),
        "two": lambda: (folder / f"fashion-{IMAGES}").write_bytes(data),
        "folder": lambda: (images.unlink(), images.mkdir()),
    }
    changes[case]()


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("magic", "is no IDX file: it starts with 89 50 4e 47"),
        ("type", "holds numbers of type 0x0d"),
        ("short", "declares 40×28×28 = 31,360 bytes, but holds 31,260"),
        ("long", "declares 40×28×28 = 31,360 bytes, but holds more"),
        ("header", "ends within its header"),
        ("empty", r"is empty \(0 bytes\)"),
        ("counts", "holds 40 images, but “train-labels-idx1-ubyte” 39 labels"),
        ("swapped", "has 1 axes; images have 3"),
        ("gone", f"needs the files {IMAGES}"),
        ("size", r"training images are \(28, 28\) and the test images \(8, 8\)"),
        ("half", "only one of t10k-images and t10k-labels"),
        ("two", "several data sets"),
        ("folder", "is a folder"),
    ],
)
def test_damaged_files_are_refused(tmp_path, images, labels, case, text):
    folder = write(tmp_path / "m", images, labels)
    damage(folder, case)
    with pytest.raises(UserError, match=text):
        source(folder).load()


def test_gz_files_cut_short_are_refused(tmp_path, images, labels):
    folder = write(tmp_path / "m", images, labels, ".gz")
    packed = folder / f"{IMAGES}.gz"
    packed.write_bytes(packed.read_bytes()[:-200])
    with pytest.raises(UserError, match="no whole gzip file"):
        source(folder).load()
    packed.write_bytes(b"plain text")
    with pytest.raises(UserError, match="no whole gzip file"):
        source(folder).describe()


def test_a_header_that_lies_about_its_size_takes_no_memory(tmp_path, images, labels):
    folder = write(tmp_path / "m", images, labels, ".gz", test=0)
    lie = idx(images)[:4] + struct.pack(">3I", 2**31, 2**15, 2**15)
    (folder / f"{IMAGES}.gz").write_bytes(gzip.compress(lie))
    (folder / f"{LABELS}.gz").write_bytes(
        gzip.compress(bytes([0, 0, 8, 1]) + struct.pack(">I", 2**31))
    )
    with pytest.raises(UserError, match="declares 2147483648 = 2,147,483,648 bytes, but holds 0"):
        source(folder).load()


@pytest.mark.parametrize(
    ("folder", "text"),
    [
        ("", "no folder is chosen"),
        ("/nowhere/mnist", "does not exist"),
        ("a\0b", "does not exist|cannot be opened"),
    ],
)
def test_a_folder_that_is_not_there_is_refused(folder, text):
    for act in (source(folder).describe, source(folder).load):
        with pytest.raises(UserError, match=text):
            act()
