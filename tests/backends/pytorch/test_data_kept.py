"""A run remembers its data, and says so where it has changed."""

import numpy as np
import pytest

from backends.protocol import Control, Failed, Finished, Job, Noted, Stepped, Stopped
from graph import edits
from graph.data import DataSpec
from tests.backends.pytorch.drawings import iris_mlp, with_recipe
from tests.backends.pytorch.running import follow, train


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


def test_a_run_within_an_epoch_needs_the_rows_that_it_began_with(rows, tmp_path):
    control = Control()
    document = with_recipe(rows(), epochs=9, batch_size=2)

    def stop(event):
        if isinstance(event, Stepped):
            control.stop()

    stopped = follow(Job(document, tmp_path / "runs"), control, stop)[-1]
    assert isinstance(stopped, Stopped) and stopped.epochs == 0
    rows(twice=True)
    last = train(document, tmp_path / "runs", resume=stopped.run)[-1]
    assert isinstance(last, Failed)
    assert "within an epoch of 32 rows, but the data has 64 rows to train on now" in last.text
    rows()
    (stopped.run / "data.json").write_text("{", "utf-8")
    assert isinstance(train(document, tmp_path / "runs", resume=stopped.run)[-1], Finished)


def test_other_data_is_not_compared(rows, tmp_path):
    assert told(rows(), tmp_path) == []
    assert told(iris_mlp(epochs=1, device="cpu"), tmp_path) == []
