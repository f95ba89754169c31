"""The person's time series."""

import numpy as np
import pytest

from backends.data.readers.splitting import VALIDATES
from backends.data.source import source_of
from graph.data import DataSpec
from graph.problems import UserError

LENGTHS = {"north": 60, "south": 40, "tiny": 3}


def table(tmp_path, shuffle=False):
    rows = [
        f"{name},{n},{1000 * place + n},{n % 7},note"
        for place, (name, length) in enumerate(LENGTHS.items())
        for n in range(length)
    ]
    if shuffle:
        np.random.RandomState(0).shuffle(rows)
    path = tmp_path / "wells.csv"
    path.write_text("\n".join(["well,day,level,weekday,remark", *rows]), "utf-8")
    return path


def source(path, **params):
    return source_of(DataSpec("series", {"path": str(path), "window": 5, **params}))


def wells(path, **params):
    given = {"series": "well", "order_by": "day", "standardise": False, **params}
    return source(path, **given)


def test_windows_of_several_series_do_not_mix(tmp_path, same_when_exported):
    data = wells(table(tmp_path, shuffle=True), targets="level", horizon=2)
    info, splits = data.describe(), data.load()
    assert info.column("x").help == "level, weekday" and info.column("y").shape == (1,)
    assert "1 are shorter" in info.note and "1 of 3 series are shorter" in splits.note
    train, test = len(splits.train["x"]), len(splits.test["x"])
    assert (info.rows, info.test_rows) == (train, test) == (43 + 27, 11 + 7)
    for part in (splits.train, splits.test):
        steps = np.diff(part["x"][:, :, 0], axis=1)
        assert (steps == 1).all()
        assert np.array_equal(part["y"][:, 0], part["x"][:, -1, 0] + 2)
    same_when_exported(data)


def test_what_is_predicted_in_the_test_is_never_seen_in_training(tmp_path):
    data = wells(table(tmp_path), horizon=4, predict="path", targets="level")
    info, splits = data.describe(), data.load()
    assert info.column("y").shape == (4, 1)
    assert len(splits.train["x"]) == info.rows
    assert not set(splits.train["y"].ravel()) & set(splits.test["y"].ravel())
    validating = np.argsort(splits.train[VALIDATES], kind="stable")[:4]
    assert set(splits.train["x"][validating, 0, 0]) == {37, 38, 1021, 1022}


def test_channels_are_scaled_by_the_training_part(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("level\n" + "\n".join(str(n * n) for n in range(50)), "utf-8")
    splits = source(path).load()
    seen = np.concatenate([splits.train["x"][0, :, 0], splits.train["y"][:, 0]])
    assert (seen.mean(), seen.std()) == pytest.approx((0, 1), abs=1e-5)
    assert splits.test["y"].max() > 2


def test_arrays_of_unequal_lengths_are_series(tmp_path, same_when_exported):
    path = tmp_path / "waves.npz"
    time = np.arange(80)[:, None]
    np.savez(path, a=np.sin(time * [0.1, 0.2]), b=np.cos(time[:30] * [0.1, 0.2]))
    data = source(path, targets="2")
    info, splits = data.describe(), data.load()
    assert info.column("x").shape == (5, 2) and info.column("y").shape == (1,)
    assert len(splits.train["x"]) == info.rows == 75 - 15 + 25 - 5
    same_when_exported(data)


def test_gaps_are_counted_or_take_the_last_value(tmp_path):
    path = tmp_path / "gaps.csv"
    values = [str(n) for n in range(40)]
    values[10] = values[11] = "NA"
    path.write_text("day,level\n" + "\n".join(f"d,{v}" for v in values), "utf-8")
    with pytest.raises(UserError, match="Series 1 has 2 gaps .* channel 1 at step 11"):
        source(path).load()
    x = source(path, missing="last value", standardise=False).load().train["x"]
    assert x[8, :, 0].tolist() == [8, 9, 9, 9, 12]


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"window": 500}, "The longest of 1 series.* has 103 values; a window of 500"),
        ({"targets": "height"}, "“height” is no channel"),
        ({"series": "pond"}, "“pond” is no column of “wells.csv”"),
        ({"order_by": "remark"}, "neither a number nor a date"),
        ({"channels": "remark"}, "has text in row 2"),
    ],
)
def test_series_that_cannot_be_are_refused(tmp_path, params, text):
    with pytest.raises(UserError, match=text):
        source(table(tmp_path), **params).load()
    with pytest.raises(UserError, match=text):
        source(table(tmp_path), **params).describe()
