"""NPY and NPZ files."""

import io
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.data.source import source_of
from graph.data import DataSpec
from graph.problems import UserError

RANDOM = np.random.RandomState(0)
X = RANDOM.standard_normal((50, 3))
Y = np.arange(50) % 4
PICTURES = RANDOM.randint(0, 256, (50, 6, 5, 3)).astype(np.uint8)


def source(path, **params):
    return source_of(DataSpec("npy", {"path": str(path), **params}))


def test_an_npz_with_x_and_y(tmp_path, same_when_exported):
    np.savez(tmp_path / "d.npz", x=X, y=Y)
    data = source(tmp_path / "d.npz")
    info, splits = data.describe(), data.load()
    assert [(c.name, c.shape, c.dtype, c.role) for c in info.columns] == [
        ("x", (3,), "float32", "input"),
        ("y", (), "int64", "target"),
    ]
    assert info.column("y").classes == ("0", "1", "2", "3")
    assert (
        (info.rows, info.test_rows) == (40, 10) == (len(splits.train["x"]), len(splits.test["y"]))
    )
    assert splits.train["x"].dtype == np.float32 and splits.train["y"].dtype == np.int64
    same_when_exported(data)


def test_an_npz_with_both_parts(tmp_path, same_when_exported):
    path = tmp_path / "mnist.npz"
    np.savez_compressed(
        path,
        x_train=PICTURES[:40, :, :, 0],
        y_train=Y[:40].astype(np.uint8),
        x_test=PICTURES[40:, :, :, 0],
        y_test=Y[40:].astype(np.uint8),
    )
    data = source(path)
    info, splits = data.describe(), data.load()
    assert (info.rows, info.test_rows) == (40, 10)
    assert info.column("x").shape == (1, 6, 5) and info.column("x").dtype == "float32"
    assert np.array_equal(splits.test["x"][:, 0], PICTURES[40:, :, :, 0])
    assert splits.train["x"].dtype == np.uint8
    assert np.array_equal(splits.train["y"], Y[:40])
    same_when_exported(data)


def test_npy_files_for_inputs_and_targets(tmp_path, same_when_exported):
    np.save(tmp_path / "x.npy", PICTURES)
    np.save(tmp_path / "t.npy", X[:, 0])
    data = source(tmp_path / "x.npy", target_path=str(tmp_path / "t.npy"))
    info, splits = data.describe(), data.load()
    assert info.column("x").shape == (3, 6, 5)
    assert info.column("y").shape == (1,) and info.column("y").dtype == "float32"
    assert splits.train["x"].shape == (40, 3, 6, 5) and splits.train["y"].shape == (40, 1)
    same_when_exported(data)
    as_stored = source(tmp_path / "x.npy", layout="as stored").describe()
    assert as_stored.column("x").shape == (6, 5, 3)
    assert as_stored.targets() == ()


def test_a_named_target_and_several_inputs(tmp_path):
    np.savez(tmp_path / "d.npz", left=X, right=X[:, 0], words=Y.reshape(25, 2).repeat(2, 0), goal=X)
    info = source(tmp_path / "d.npz", target="goal").describe()
    assert {c.name: (c.shape, c.dtype) for c in info.inputs()} == {
        "left": ((3,), "float32"),
        "right": ((1,), "float32"),
        "words": ((2,), "int64"),
    }
    assert info.column("goal").role == "target"


def test_pickles_are_never_loaded(tmp_path):
    class Evil:
        def __reduce__(self):
            return (pytest.fail, ("a pickle was loaded",))

    np.save(tmp_path / "o.npy", np.array([Evil()], object), allow_pickle=True)
    with pytest.raises(UserError, match="holds object, which is not loaded"):
        source(tmp_path / "o.npy").load()
    (tmp_path / "p.npy").write_bytes(pickle.dumps([1, 2]))
    with pytest.raises(UserError, match="neither NPY nor NPZ"):
        source(tmp_path / "p.npy").load()
    np.savez(tmp_path / "o.npz", x=X, y=np.array([{}] * 50, object))
    with pytest.raises(UserError, match="Array “y” of .* holds object"):
        source(tmp_path / "o.npz").describe()


@pytest.mark.parametrize(
    ("arrays", "text"),
    [
        ({"x": X, "y": Y[:40]}, "“x” has 50, “y” has 40"),
        ({"x": X, "y": Y - 1}, "class indices from -1 to 2"),
        ({"x": np.array(["a", "b"]), "y": Y}, "holds <U1, which is not loaded"),
        ({"x": X, "y": np.array(1)}, "a single number"),
        ({"y": Y}, "nothing to predict it from"),
        ({"x": X[:0], "y": Y[:0]}, "have no rows"),
        ({"x_train": X, "y_train": Y, "x_test": X}, "both need the same"),
        ({"x_test": X}, "only arrays for the test"),
        ({}, "holds no arrays"),
        ({"x": np.zeros((50, 0, 3)), "y": Y}, r"“x” has the shape \(50, 0, 3\).* hold nothing"),
        ({"x": X, "y": Y, "@validates": Y}, "“@validates” begins with @"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path, arrays, text):
    np.savez(tmp_path / "d.npz", **arrays)
    with pytest.raises(UserError, match=text):
        source(tmp_path / "d.npz").describe()


def test_values_that_are_no_numbers_are_named_with_their_row(tmp_path):
    x = X.copy()
    x[7, 1] = np.nan
    x[9, 0] = 1e300
    np.savez(tmp_path / "d.npz", x=x, y=Y)
    with pytest.raises(UserError, match="“x” has NaN or infinite values in 2 of 50 .* row 7"):
        source(tmp_path / "d.npz").load()


def test_whole_numbers_too_large_to_count_with_are_named(tmp_path):
    x = np.zeros((50, 2), np.uint64)
    x[3, 1] = 2**63
    np.savez(tmp_path / "d.npz", x=x, y=Y)
    with pytest.raises(UserError, match="“x” holds 9,223,372,036,854,775,808, but"):
        source(tmp_path / "d.npz").load()


def test_an_unknown_target_is_refused_with_the_known_arrays(tmp_path):
    np.savez(tmp_path / "d.npz", a=X, b=Y)
    with pytest.raises(UserError, match="no array “c”; it has a, b"):
        source(tmp_path / "d.npz", target="c").describe()


@pytest.mark.parametrize("ending", ["npy", "npz"])
@pytest.mark.parametrize("kept", [0, 5, 60, 200, -30])
def test_files_cut_short_are_refused(tmp_path, ending, kept):
    path = tmp_path / f"d.{ending}"
    if ending == "npy":
        np.save(path, X)
    else:
        np.savez(path, x=X, y=Y)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(UserError, match="damaged|empty|no readable header|neither NPY"):
        source(path).load()


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UserError, match="does not exist"):
        source(tmp_path / "none.npz").describe()
    with pytest.raises(UserError, match="no file is chosen"):
        source("").describe()


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["npy", "npz"]),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_damaged_files_give_a_user_error_or_arrays(tmp_path_factory, ending, changes):
    held = io.BytesIO()
    np.save(held, X) if ending == "npy" else np.savez(held, x=X, y=Y)
    data = bytearray(held.getvalue())
    for place, byte in changes:
        data[int(place * len(data))] = byte
    path = tmp_path_factory.mktemp("damaged") / f"d.{ending}"
    path.write_bytes(data)
    try:
        data = source(path)
        data.describe()
        data.load()
    except UserError as error:
        assert str(error).endswith(".")


def test_safetensors_are_read_without_their_package(tmp_path, same_when_exported):
    from safetensors.numpy import save_file

    random = np.random.RandomState(0)
    arrays = {
        "x": random.standard_normal((30, 4)).astype(np.float32),
        "y": np.arange(30) % 3,
        "person": np.arange(30) // 5,
    }
    path = tmp_path / "points.safetensors"
    save_file(arrays, path)
    data = source_of(DataSpec("npy", {"path": str(path), "split": "by group", "group": "person"}))
    info, splits = data.describe(), data.load()
    assert {column.name for column in info.columns} == {"x", "y"}
    assert info.column("y").classes == ("0", "1", "2") and info.rows is None
    whole = {tuple(row): person for row, person in zip(arrays["x"], arrays["person"], strict=True)}
    train, test = ({whole[tuple(row)] for row in part["x"]} for part in (splits.train, splits.test))
    assert test and not train & test
    same_when_exported(data)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UserError, match="damaged or not copied completely"):
        data.describe()


def test_kinds_that_numpy_lacks_are_refused(tmp_path):
    header = b'{"x":{"dtype":"BF16","shape":[3,2],"data_offsets":[0,12]}}'
    path = tmp_path / "half.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(12))
    with pytest.raises(UserError, match="holds BF16, which numpy does not know"):
        source_of(DataSpec("npy", {"path": str(path)})).describe()
