"""The rows of a run's metrics file."""

import math

import pytest

from backends.protocol import EpochEnded
from backends.runs.columns import read_columns
from backends.runs.follow import Tail
from backends.runs.metrics import MetricsFile, changes_of, forget_after, read_metrics
from graph.problems import UserError


def epoch(number, step):
    return EpochEnded(number, step, {"loss": 0.5}, {"loss": math.nan}, 1e-3, 0.25, True)


def test_rows_can_be_read_while_the_run_goes_on(tmp_path):
    path = tmp_path / "metrics.jsonl"
    assert list(read_metrics(path)) == []
    metrics = MetricsFile(path)
    metrics.add_steps((1, 2), (0.7, 0.6))
    metrics.add_epoch(epoch(1, 2))
    assert list(read_metrics(path)) == [
        {"step": 1, "loss": 0.7},
        {"step": 2, "loss": 0.6},
        {"epoch": 1, "step": 2, "train": {"loss": 0.5}, "validation": {"loss": None},
         "learning_rate": 1e-3, "seconds": 0.25, "best": True},
    ]  # fmt: skip
    metrics.close()


def test_every_step_is_written_with_the_losses_of_its_parts(tmp_path):
    metrics = MetricsFile(tmp_path / "m")
    metrics.add_steps((1, 2), (0.1, math.nan), {'a "b"': (1e-300, 2.0), "c": (0.5, math.inf)})
    metrics.close()
    assert list(read_metrics(tmp_path / "m")) == [
        {"step": 1, "loss": 0.1, "parts": {'a "b"': 1e-300, "c": 0.5}},
        {"step": 2, "loss": None, "parts": {'a "b"': 2.0, "c": None}},
    ]


def test_a_half_written_line_is_left_out(tmp_path):
    path = tmp_path / "m"
    path.write_bytes(b'{"step": 1, "loss": 2.0}\n\xff\n[1]\n{"loss": 3}\n{"step": 2, "lo')
    assert list(read_metrics(path)) == [{"step": 1, "loss": 2.0}]


def test_rows_after_a_step_are_forgotten(tmp_path):
    metrics = MetricsFile(tmp_path / "m")
    metrics.add_steps((1, 2, 3), (1.0, 2.0, 3.0))
    metrics.add_epoch(epoch(1, 3))
    metrics.add_steps((4, 5), (4.0, 5.0))
    metrics.close()
    forget_after(tmp_path / "m", 4, 1)
    assert [row["step"] for row in read_metrics(tmp_path / "m")] == [1, 2, 3, 3, 4]
    # the validation after step 3 is not in the checkpoint
    forget_after(tmp_path / "m", 3, 0)
    assert [row["step"] for row in read_metrics(tmp_path / "m")] == [1, 2, 3]


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(UserError, match="cannot be written"):
        MetricsFile(tmp_path / "no" / "m")


def test_what_was_half_written_is_forgotten_with_the_rows_after_it(tmp_path):
    path = tmp_path / "m"
    path.write_bytes(b'{"step": 1, "loss": 2.0}\n{"step": 2, "loss": 3.0}\n{"step": 3, "lo')
    forget_after(path, 7, 9)
    metrics = MetricsFile(path)
    metrics.add_steps((3,), (4.0,))
    metrics.close()
    assert [row["loss"] for row in read_metrics(path)] == [2.0, 3.0, 4.0]


DAMAGE = [
    '{"step": "x", "loss": 1.0}',
    '{"step": 1, "loss": [1.0]}',
    '{"step": 1, "loss": 1.0, "parts": "x"}',
    '{"step": 1, "event": "set", "name": "rate"}',
    '{"epoch": "one", "step": 1}',
    '{"epoch": 1, "step": 1, "train": {"loss": "x"}}',
    '{"epoch": 1, "step": 1, "train": null}',
    "[" * 100_000,
    "\0" * 20,
]


@pytest.mark.parametrize("line", DAMAGE)
def test_a_damaged_line_is_left_out_by_all_who_read(tmp_path, line):
    path = tmp_path / "metrics.jsonl"
    sound = '{"step": 1, "loss": 0.5}\n', '{"step": 2, "loss": 0.25}\n'
    path.write_text(f"{sound[0]}{line}\n{sound[1]}", "utf-8")
    assert [row["step"] for row in read_metrics(path)] == [1, 2]
    assert read_columns(tmp_path).loss.tolist() == [0.5, 0.25]
    assert changes_of(path) == []
    assert [row["step"] for row in Tail(path).read()] == [1, 2]
    forget_after(path, 1, 0)
    assert [row["step"] for row in read_metrics(path)] == [1]
