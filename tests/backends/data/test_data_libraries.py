"""Data sets of other packages: what is said without them, and what is read where they are."""

import sys

import numpy as np
import pytest

from backends.data.source import source_of
from graph.data import DataSpec
from graph.problems import UserError

pytestmark = pytest.mark.filterwarnings("ignore:Cannot (locate|pickle)")  # of dill


def test_torchvision_is_described_without_the_package():
    info = source_of(DataSpec("torchvision", {"name": "CIFAR100"})).describe()
    assert (info.rows, info.test_rows) == (50_000, 10_000)
    assert info.column("x").shape == (3, 32, 32) and len(info.column("y").classes) == 100


def test_torchvision_that_is_missing_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", None)
    data = source_of(DataSpec("torchvision", {"folder": str(tmp_path)}))
    with pytest.raises(UserError, match="pip install torchvision"):
        data.load()
    assert "torchvision" in data.export().requirements


def test_nothing_is_downloaded_unasked(tmp_path):
    data = source_of(DataSpec("torchvision", {"folder": str(tmp_path / "nowhere")}))
    with pytest.raises(UserError, match="switch downloading on"):
        data.load()


def test_datasets_that_is_missing_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(UserError, match="pip install datasets"):
        source_of(DataSpec("huggingface", {"name": "ylecun/mnist"})).describe()
    with pytest.raises(UserError, match="Name a data set"):
        source_of(DataSpec("huggingface")).describe()


@pytest.fixture
def saved(tmp_path):
    """Saves a data set as the package does."""
    datasets, arrow = pytest.importorskip("datasets"), pytest.importorskip("pyarrow")

    def save(columns, **kinds):
        features = datasets.Features({"label": datasets.ClassLabel(names=["no", "yes"]), **kinds})
        rows = features.encode_batch({**columns, "label": [n % 2 for n in range(40)]})
        table = arrow.table(rows, schema=features.arrow_schema)
        info = datasets.DatasetInfo(features=features)
        # without one it would be pickled, which dill and some versions of pyarrow cannot
        train = datasets.Dataset(table, info=info, fingerprint="made-here")
        parts = datasets.DatasetDict({"train": train})
        parts.save_to_disk(str(tmp_path / "saved"))
        return str(tmp_path / "saved")

    return save


def hub(name, **params):
    return source_of(DataSpec("huggingface", {"name": name, **params}))


def test_texts_of_a_saved_data_set_become_tokens(saved, same_when_exported):
    import datasets

    words = [f"number {n} is {'odd' if n % 2 else 'even'}" for n in range(40)]
    data = hub(saved({"says": words}, says=datasets.Value("string")), length=6)
    info, splits = data.describe(), data.load()
    assert info.column("y").classes == ("no", "yes") and (info.rows, info.test_rows) == (32, 8)
    odd = info.column("x").classes.index(" odd")
    assert np.array_equal((splits.train["x"] == odd).any(axis=1), splits.train["y"] == 1)
    same_when_exported(data)


def test_images_of_a_saved_data_set_get_one_size(saved, same_when_exported):
    import datasets
    from PIL import Image

    images = [Image.new("RGB", (6 + n, 9), (200 * (n % 2), 0, 0)) for n in range(40)]
    data = hub(saved({"image": images}, image=datasets.Image()), size=(8, 8), folds=4, fold=2)
    info, splits = data.describe(), data.load()
    assert info.column("x").shape == (3, 8, 8) and (info.rows, info.test_rows) == (30, 10)
    assert np.array_equal(splits.train["x"][:, 0, 4, 4] > 100, splits.train["y"] == 1)
    same_when_exported(data)


def test_columns_that_are_not_there_are_refused(saved):
    import datasets

    name = saved({"n": list(range(40))}, n=datasets.Value("int64"))
    assert hub(name).describe().column("x").shape == ()
    with pytest.raises(UserError, match="“m” is no column of .* it has label, n"):
        hub(name, read="m").describe()
    with pytest.raises(UserError, match="has no part “dev”; it has train"):
        hub(name, train_part="dev").describe()


def test_a_name_that_cannot_be_opened_offers_to_download():
    pytest.importorskip("datasets")
    with pytest.raises(UserError, match="Switch downloading on"):
        hub("nobody/nothing-of-that-name").describe()
