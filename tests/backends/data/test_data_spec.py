"""How a document names its data."""

import copy
import pickle

import pytest

from graph.data import Column, DataInfo, DataSpec


def test_a_spec_is_a_value():
    given = {"size": "28"}
    spec = DataSpec("digits", given)
    given["size"] = "8"
    assert spec.params["size"] == "28"
    assert spec == DataSpec("digits", {"size": "28"})
    assert spec != DataSpec("digits")
    with pytest.raises(TypeError):
        spec.params["size"] = "8"  # that it fails is the point
    assert pickle.loads(pickle.dumps(spec)) == copy.deepcopy(spec) == spec


def test_columns_are_found_by_name_and_role():
    x = Column("x", (2,), "float32", "input")
    y = Column("y", (), "int64", "target", ("a", "b"))
    info = DataInfo("Points", (x, y), 8, 2)
    assert info.column("y") is y
    assert info.column("z") is None
    assert info.inputs() == (x,) and info.targets() == (y,)
