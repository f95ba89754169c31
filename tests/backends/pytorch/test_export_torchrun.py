"""The exported script in several processes."""

import json
import os
import subprocess
import sys

import pytest

from backends.pytorch.export import export
from tests.backends.pytorch.drawings import digits_mlp

CLOSE = 1e-5


def train(folder, *words, processes=1):
    """What the script answers."""
    started = [sys.executable]
    if processes > 1:
        started += ["-m", "torch.distributed.run", "--standalone"]
        started += ["--nproc-per-node", str(processes)]
    said = subprocess.run(
        [*started, str(folder / "train.py"), "--json", "--threads", "1", *words],
        capture_output=True, text=True, check=True, timeout=100,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    (answer,) = [line for line in said.stdout.splitlines() if line.startswith("{")]
    return json.loads(answer), said.stdout


def same(ours, theirs):
    assert len(ours["epochs"]) == len(theirs["epochs"])
    for our, their in zip(ours["epochs"], theirs["epochs"], strict=True):
        assert our["train"] == pytest.approx(their["train"], abs=CLOSE)
        assert our["validation"] == pytest.approx(their["validation"], abs=CLOSE)
    assert ours["test"] == pytest.approx(theirs["test"], abs=CLOSE)


@pytest.mark.slow
def test_torchrun_trains_the_same_with_copied_and_with_shared_weights(tmp_path):
    folder = tmp_path / "script"
    export(digits_mlp(epochs=2), folder)
    alone, _ = train(folder)
    for words in ((), ("--sharded",)):
        answer, said = train(folder, *words, processes=2)
        same(answer, alone)
        assert said.count("epoch 1 ") == 1, "one process speaks for all"
        measured, _ = train(folder, "--evaluate", answer["weights"])
        assert measured["test"] == pytest.approx(alone["test"], abs=CLOSE)


@pytest.mark.slow
def test_a_state_is_gone_on_with_by_fewer_processes(tmp_path):
    folder = tmp_path / "script"
    export(digits_mlp(epochs=3), folder)
    alone, _ = train(folder)
    state = str(tmp_path / "state.pt")
    train(folder, "--state", state, "--epochs", "2", "--sharded", processes=2)
    answer, said = train(folder, "--state", state)
    assert "epoch 1 " not in said
    same(answer, alone)
