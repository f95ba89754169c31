"""Rows of metrics as columns."""

import math

import numpy as np
import pytest

from backends.protocol import EpochEnded
from backends.runs import columns
from backends.runs.columns import CACHE, read_columns
from backends.runs.metrics import MetricsFile


def write(run, count, names=(), epochs=()):
    run.mkdir(exist_ok=True)
    metrics = MetricsFile(run / "metrics.jsonl")
    chance = np.random.default_rng(0)
    loss = (chance.normal(size=count) * 10.0 ** chance.integers(-9, 9, count)).tolist()
    parts = {name: chance.normal(size=count).tolist() for name in names}
    ends = list(dict.fromkeys([*epochs, count]))
    start = 0
    for number, end in enumerate(ends, start=1):
        told = {name: tuple(values[start:end]) for name, values in parts.items()}
        metrics.add_steps(tuple(range(start + 1, end + 1)), tuple(loss[start:end]), told)
        if end in epochs:
            means = {"loss": 0.5 / number, "acc": 0.25}
            metrics.add_epoch(EpochEnded(number, end, means, {"loss": math.nan}, 1e-3, 0.1, True))
        start = end
    metrics.close()
    return loss, parts


@pytest.mark.parametrize("names", [(), ("g",), ('the "first"', "second", "läst")])
@pytest.mark.parametrize("epochs", [(), (3,), (3, 7, 10)])
def test_columns_hold_every_number_of_the_rows(tmp_path, names, epochs):
    loss, parts = write(tmp_path / "run", 10, names, epochs)
    found = read_columns(tmp_path / "run")
    assert found.steps.tolist() == list(range(1, 11))
    assert found.loss.tolist() == loss
    assert {name: values.tolist() for name, values in found.parts.items()} == parts
    assert [row["step"] for row in found.epochs] == list(epochs)
    steps, values = found.means("train", "loss")
    assert steps.tolist() == list(epochs)
    assert values.tolist() == [0.5 / (k + 1) for k in range(len(epochs))]
    assert found.means("validation", "loss")[0].tolist() == []
    assert found.names() == ["loss", *names, *(["acc"] if epochs else [])]


def test_rows_of_another_hand_are_read_one_by_one(tmp_path):
    (tmp_path / "metrics.jsonl").write_text(
        '{"step":1,"loss":2}\n{"event": "x", "step": 1}\nrubbish\n{"step": 2, "loss": null}\n'
        '{"step": 3, "loss": 1e-5, "more": [1]}\n{"step": 4, "lo'
    )
    found = read_columns(tmp_path)
    assert found.steps.tolist() == [1, 2, 3]
    assert found.loss[[0, 2]].tolist() == [2, 1e-5]
    assert math.isnan(found.loss[1])


def test_a_run_without_numbers_has_empty_columns(tmp_path):
    assert len(read_columns(tmp_path).steps) == 0
    (tmp_path / "metrics.jsonl").write_text("")
    assert len(read_columns(tmp_path).steps) == 0


@pytest.mark.parametrize("names", [(), ("a", "b")])
def test_columns_are_kept_and_made_anew_when_the_rows_change(tmp_path, monkeypatch, names):
    monkeypatch.setattr(columns, "MANY_BYTES", 10)
    loss, parts = write(tmp_path / "run", 50, names, (20,))
    first = read_columns(tmp_path / "run")
    assert (tmp_path / "run" / CACHE).exists()
    monkeypatch.setattr(columns, "columns_of", None)  # they are not read again
    again = read_columns(tmp_path / "run")
    assert again.loss.tolist() == first.loss.tolist() == loss
    assert {name: values.tolist() for name, values in again.parts.items()} == parts
    assert again.epochs == first.epochs
    monkeypatch.undo()
    monkeypatch.setattr(columns, "MANY_BYTES", 10)
    metrics = MetricsFile(tmp_path / "run" / "metrics.jsonl")
    metrics.add_steps((51,), (7.0,), dict.fromkeys(names, (1.0,)))
    metrics.close()
    assert read_columns(tmp_path / "run").loss.tolist() == [*loss, 7.0]
    (tmp_path / "run" / CACHE).write_bytes(b"damaged")
    assert read_columns(tmp_path / "run").loss.tolist() == [*loss, 7.0]
