"""Memory that is not there is refused in time."""

import gc
import sys

import numpy as np
import pytest

from backends.protocol import Failed, Finished
from backends.pytorch import memory
from backends.pytorch.memory import bounded_memory, free_bytes
from graph import edits
from graph.data import DataSpec
from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.running import train
from tests.drawing import set_params

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this limit")


def test_what_is_free_is_plausible():
    assert 1 << 20 < free_bytes() < 1 << 50


def test_a_limit_holds_within_and_not_after(monkeypatch):
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    monkeypatch.setattr(memory, "free_bytes", lambda: 1 << 28)
    with bounded_memory(), pytest.raises(MemoryError):
        np.ones(1 << 27)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert np.ones(1 << 27)[-1] == 1


def test_a_run_that_takes_too_much_bit_by_bit_is_ended_and_the_program_lives(tmp_path, monkeypatch):
    gc.collect()  # what an earlier test left would be given back during the run, and suffice
    monkeypatch.setattr(memory, "free_bytes", lambda: 1 << 29)
    x = np.zeros((1 << 14, 4), np.float32)
    np.savez(tmp_path / "data.npz", x=x, y=np.arange(1 << 14) % 3)
    document = set_params(iris_mlp(batch_size=1 << 14), "n2", features=1 << 15)
    spec = DataSpec("npy", {"path": str(tmp_path / "data.npz"), "target": "y"})
    last = train(edits.set_data(document, spec), tmp_path)[-1]
    assert isinstance(last, Failed)
    assert "The memory is not enough for a batch size of 16384 at step 1" in last.text
    assert last.details == ""
    assert isinstance(train(iris_mlp(), tmp_path)[-1], Finished)


def test_the_limit_of_a_container_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "CGROUP", tmp_path)
    (tmp_path / "memory.max").write_text("3000000\n")
    (tmp_path / "memory.current").write_text("2000000\n")
    (tmp_path / "memory.stat").write_text("anon 5\nfile 500000\nfile_mapped 7\n")
    assert free_bytes() == 1_500_000
    (tmp_path / "memory.max").write_text("max\n")
    assert free_bytes() > 1_500_000
