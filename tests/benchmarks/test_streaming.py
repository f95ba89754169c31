"""A folder of 100,000 images trains within the memory that the benchmark allows."""

import json
import sys

import pytest

from benchmarks import streaming


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_100_000_images_train_within_their_memory(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["streaming"])
    streaming.main()
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["detail"]["images"] == 100_000
    assert [bar["what"] for bar in found["bars"] if not bar["holds"]] == []
