"""Blocks that are frozen, and learn again, in a run of several processes."""

from dataclasses import replace

import pytest

from backends.protocol import EpochEnded, Finished, Noted, Started, Turned
from backends.pytorch.loop import fit
from backends.pytorch.prepare import build_model, load_columns, prepare
from backends.pytorch.recipe import Change
from graph.freezing import set_frozen
from tests.backends.launch.apart import start
from tests.backends.pytorch.drawings import iris_mlp, node_called
from tests.backends.pytorch.running import losses
from tests.backends.pytorch.test_loop import Quiet

CLOSE = 1e-4  # sums of floats in another order, over a few hundred steps


@pytest.mark.slow
@pytest.mark.parametrize("is_frozen_first", [False, True])
def test_all_processes_freeze_at_the_same_step_as_one_would(tmp_path, is_frozen_first):
    document = iris_mlp(epochs=400)
    document = set_frozen(document, [node_called(document, "dense")], is_frozen_first)
    apart = start(document, tmp_path, "processes:2")
    for epoch, modules in ((1, "" if is_frozen_first else "dense"), (5, "dense2"), (9, "")):
        apart.wait_for(lambda e, n=epoch: isinstance(e, EpochEnded) and e.epoch >= n)
        apart.control.set("frozen", modules)
        apart.wait_for(lambda e, m=modules: isinstance(e, Turned) and e.value == m)
    apart.control.set("epochs", 12)
    events = apart.end()
    assert isinstance(events[-1], Finished), events[-1]
    turned = [event for event in events if isinstance(event, Turned)]
    prepared, alone = prepare(document), Quiet()
    changes = tuple(Change(each.step, each.name, each.value) for each in turned)
    built = build_model(prepared)
    recipe = replace(prepared.recipe, changes=changes)
    fit(built.model, built.objective, load_columns(prepared).train, recipe, alone)
    assert losses(events) == pytest.approx(alone.losses, abs=CLOSE)


@pytest.mark.slow
def test_weights_that_are_shared_out_stay_as_they_are_and_a_person_is_told(tmp_path):
    apart = start(iris_mlp(epochs=400), tmp_path, "processes:2:sharded")
    apart.wait_for(lambda event: isinstance(event, Started))
    apart.control.set("frozen", "dense")
    told = apart.wait_for(lambda e: isinstance(e, Noted) and "FSDP" in e.text)
    assert "Freeze them before the run begins" in told.text
    apart.control.set("epochs", 1)
    events = apart.end()
    assert isinstance(events[-1], Finished), events[-1]
    assert [e.name for e in events if isinstance(e, Turned)] == ["epochs"]
