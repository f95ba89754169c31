"""The packed and generated data sets, against what is known of them."""

import numpy as np
import pytest

from backends.data.readers.splitting import VALIDATES
from backends.data.source import CATEGORIES, source_failures, source_of, sources
from graph.data import DataSpec
from graph.problems import UserError


def test_describe_says_what_load_gives(variant):
    source = source_of(variant)
    info, splits = source.describe(), source.load()
    held = {name for name in splits.train if not name.startswith("@")}
    assert held == {column.name for column in info.columns}
    for rows, part in ((info.rows, splits.train), (info.test_rows, splits.test)):
        for column in info.columns:
            array = part[column.name]
            assert array.shape == (rows, *column.shape)
            seen = np.dtype("float32") if array.dtype == np.uint8 else array.dtype
            assert seen == column.dtype
            if column.classes and rows:
                found, classes = set(np.unique(array)), set(range(len(column.classes)))
                # a sequence need not hold every token
                assert found <= classes if column.shape else found == classes
    assert all(np.isfinite(splits.train[name]).all() for name in held)


def together(spec, column):
    splits = source_of(spec).load()
    return np.concatenate([splits.train[column], splits.test[column]])


def test_digits_are_the_published_ones():
    y = together(DataSpec("digits"), "y")
    assert np.bincount(y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    x = together(DataSpec("digits"), "x")
    assert x.dtype == np.uint8 and x.shape == (1797, 1, 8, 8)
    # the pixels of 0 to 16 sum to 561718 in the published file
    assert np.rint(x * (16 / 255)).sum() == 561718


def test_every_digit_has_its_share_in_the_test():
    splits = source_of(DataSpec("digits")).load()
    shares = np.bincount(splits.test["y"]) / np.bincount(together(DataSpec("digits"), "y"))
    assert len(splits.test["y"]) == 359
    assert np.abs(shares - 0.2).max() < 0.006


def test_digits_in_other_layouts_are_the_same_pixels():
    image = source_of(DataSpec("digits", {"size": "28"})).load().test["x"]
    rows = source_of(DataSpec("digits", {"size": "28", "layout": "rows"})).load().test["x"]
    flat = source_of(DataSpec("digits", {"size": "28", "layout": "flat"})).load().test["x"]
    assert np.array_equal(rows, image[:, 0].astype(np.float32) / np.float32(255))
    assert np.array_equal(flat, rows.reshape(len(rows), 784))


def test_enlarged_digits_keep_their_darkness():
    small = source_of(DataSpec("digits")).load().train["x"].astype(float)
    large = source_of(DataSpec("digits", {"size": "32"})).load().train["x"].astype(float)
    assert large.max() <= 255
    assert np.abs(small.mean((1, 2, 3)) - large.mean((1, 2, 3))).max() < 0.5


@pytest.mark.parametrize(
    ("kind", "classes", "counts"),
    [
        ("iris", ("setosa", "versicolor", "virginica"), [50, 50, 50]),
        ("wine", ("1", "2", "3"), [59, 71, 48]),
        ("penguins", ("Adelie", "Chinstrap", "Gentoo"), [151, 68, 123]),
    ],
)
def test_tables_have_the_published_classes(kind, classes, counts):
    spec = DataSpec(kind)
    assert source_of(spec).describe().column("y").classes == classes
    assert np.bincount(together(spec, "y")).tolist() == counts


def test_iris_has_the_published_means():
    x = together(DataSpec("iris", {"standardise": False}), "x")
    assert x.mean(axis=0) == pytest.approx([5.8433, 3.0573, 3.7580, 1.1993], abs=1e-4)


def test_standardising_uses_the_training_rows_alone():
    raw = source_of(DataSpec("wine", {"standardise": False})).load()
    scaled = source_of(DataSpec("wine")).load()
    mean, spread = raw.train["x"].mean(axis=0), raw.train["x"].std(axis=0)
    assert scaled.train["x"].mean(axis=0) == pytest.approx(np.zeros(13), abs=1e-5)
    assert np.allclose(scaled.test["x"], (raw.test["x"] - mean) / spread, atol=1e-4)


def test_penguins_say_which_rows_are_missing():
    plain = source_of(DataSpec("penguins")).describe()
    with_sex = source_of(DataSpec("penguins", {"sex": True})).describe()
    filled = source_of(DataSpec("penguins", {"missing": "mean / most common"})).describe()
    assert plain.note == "2 of 344 rows have gaps and are left out."
    assert with_sex.note == "11 of 344 rows have gaps and are left out."
    assert filled.note == "Gaps in 2 rows are filled."
    assert with_sex.column("x").shape == (6,)
    with pytest.raises(UserError, match="2 rows of “penguins.csv” have gaps"):
        source_of(DataSpec("penguins", {"missing": "refuse"})).describe()


def test_sunspots_are_cut_in_order_of_time():
    splits = source_of(DataSpec("sunspots", {"window": 10, "horizon": 3})).load()
    x = np.concatenate([splits.train["x"], splits.test["x"]])
    y = np.concatenate([splits.train["y"], splits.test["y"]])
    assert len(x) == 309 - 10 - 3 + 1
    assert np.array_equal(x[1:, :-1], x[:-1, 1:])
    assert np.array_equal(y[:-3, 0], x[3:, -1, 0])
    # 1957 was the highest of all, 190.2, and 1700 counted 5
    series = np.concatenate([x[0, :, 0], x[1:, -1, 0], y[-3:, 0]]).astype(float)
    values = (series - series[0]) / (series[257] - series[0]) * (190.2 - 5) + 5
    assert values[[1, 2, 308]] == pytest.approx([11, 16, 2.9], abs=1e-3)
    seen = series[: len(splits.train["x"]) + 12]
    assert (seen.mean(), seen.std()) == pytest.approx((0, 1), abs=1e-5)


def test_a_window_longer_than_the_series_is_refused():
    source = source_of(DataSpec("sunspots", {"window": 400}))
    for act in (source.describe, source.load):
        with pytest.raises(UserError, match="309 values; a window of 400"):
            act()


def test_moons_lie_on_their_arcs():
    splits = source_of(DataSpec("moons", {"noise": 0.0})).load()
    x, y = splits.train["x"].astype(float), splits.train["y"]
    centre = np.where(y[:, None] == 0, [[0.0, 0.0]], [[1.0, 0.5]])
    assert np.linalg.norm(x - centre, axis=1) == pytest.approx(np.ones(len(x)), abs=1e-5)


def test_seeds_change_generated_data_and_nothing_else_does():
    first, again = (source_of(DataSpec("spirals")).load().train["x"] for _ in range(2))
    other = source_of(DataSpec("spirals", {"seed": 1})).load().train["x"]
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_mnist_says_that_the_digits_stand_in():
    info = source_of(DataSpec("mnist")).describe()
    assert "built-in handwritten digits" in info.note
    assert info.column("x").shape == (1, 28, 28)


def test_every_source_says_what_it_is():
    assert not source_failures()
    for cls in sources().values():
        assert cls.category in CATEGORIES and cls.title and cls.__doc__
        assert cls.category != "Built in" or (cls.licence and cls.origin)


def test_an_unknown_source_is_refused_with_the_known_ones():
    with pytest.raises(UserError, match="no data source “imagenet”; there are .*digits, iris"):
        source_of(DataSpec("imagenet"))


def test_a_value_out_of_bounds_is_refused():
    with pytest.raises(UserError, match="at most 0.9, but is 2"):
        source_of(DataSpec("iris", {"test_fraction": 2.0}))


@pytest.mark.parametrize("kind", ["sunspots", "sines"])
def test_the_latest_windows_of_a_series_validate(kind):
    train = source_of(DataSpec(kind)).load().train
    assert train[VALIDATES].tolist() == list(range(len(train["x"])))[::-1]
