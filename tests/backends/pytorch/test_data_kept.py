"""A run remembers its data, and says so where it has changed."""

import numpy as np
import pytest

from backends.protocol import Finished, Noted
from graph import edits
from graph.data import DataSpec
from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.running import train


@pytest.fixture
def rows(tmp_path):
    """Writes a table of 40 flowers that are told by their first number."""

    def write(seed=0, twice=False):
        random = np.random.RandomState(seed)
        lines = ["a,b,c,d,kind"]
        for n in range(40):
            numbers = random.standard_normal(4) + np.array([3 * (n % 3), 0, 0, 0])
            lines.append(",".join([*(f"{x:.4f}" for x in numbers), f"k{n % 3}"]))
        (tmp_path / "flowers.csv").write_text("\n".join(lines + lines[1:] * twice), "utf-8")
        return edits.set_data(
            iris_mlp(epochs=1, device="cpu"),
            DataSpec("csv", {"path": str(tmp_path / "flowers.csv"), "target": "kind"}),
        )

    return write


def told(document, tmp_path):
    events = train(document, tmp_path / "runs")
    assert isinstance(events[-1], Finished)
    return [event.text for event in events if isinstance(event, Noted)]


def test_data_that_has_changed_since_the_last_run_is_told(rows, tmp_path):
    assert told(rows(), tmp_path) == []
    assert told(rows(), tmp_path) == []
    (text,) = told(rows(seed=1), tmp_path)
    assert "The data has changed since the run " in text
    assert told(rows(seed=1), tmp_path) == []


def test_rows_that_are_in_both_parts_are_told_when_a_run_begins(rows, tmp_path):
    (text,) = told(rows(twice=True), tmp_path)
    assert "test rows are also among the rows to train on" in text


def test_other_data_is_not_compared(rows, tmp_path):
    assert told(rows(), tmp_path) == []
    assert told(iris_mlp(epochs=1, device="cpu"), tmp_path) == []
