"""Several processes whose data goes through steps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backends.protocol import Finished
from graph import edits
from graph.data import StepSpec
from tests.backends.launch.apart import start
from tests.backends.launch.test_team import same_run
from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.running import losses, train


@pytest.mark.slow
def test_two_processes_normalise_as_one_and_draw_random_numbers_of_their_own(tmp_path):
    document = iris_mlp()
    normal = StepSpec("normalise")
    plain = edits.set_data(document, replace(document.data, steps=(normal,)))
    alone = train(plain, tmp_path / "alone")
    same_run(start(plain, tmp_path / "team", "processes:2").end(), alone)
    noisy = edits.set_data(document, replace(document.data, steps=(normal, StepSpec("noise"))))
    runs = [start(noisy, tmp_path / name, "processes:2").end() for name in ("one", "two")]
    assert all(isinstance(events[-1], Finished) for events in runs)
    assert losses(runs[0]) == losses(runs[1]) != losses(alone)
