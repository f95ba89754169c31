"""What a document says of its data."""

import pytest

from graph.data import DataSpec


@pytest.mark.parametrize(
    ("source", "params", "called"),
    [("digits", {}, "digits"), ("csv", {"path": "/home/me/homes.csv"}, "homes.csv"),
     ("images", {"folder": "D:\\pictures\\shapes\\"}, "shapes"), ("csv", {"path": "/"}, "csv"),
     ("csv", {"path": "", "target": "y"}, "csv")],
)  # fmt: skip
def test_data_is_called_by_its_file_or_folder(source, params, called):
    assert DataSpec(source, params).called == called
