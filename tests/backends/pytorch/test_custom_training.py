"""Custom code in drawings that are typed, printed, trained and exported."""

from __future__ import annotations

import pytest
import torch

from backends import probing
from backends.protocol import Failed, Finished
from backends.pytorch.prepare import BlockError, build_model, prepare
from graph import edits
from graph.code_edits import set_code
from graph.composites.making import make
from graph.composites.repeating import set_repeat
from graph.model import NodeId, Repeat
from graph.problems import UserError
from tests.backends.pytorch.running import losses, train
from tests.backends.pytorch.test_export import check_same_losses
from tests.custom import GATE, forward, iris_with, strangers, trusting

__all__ = ["strangers"]
CUSTOM = NodeId("n3")


def test_a_drawing_with_trusted_code_learns_and_is_exported_bit_for_bit(tmp_path):
    document = trusting(iris_with(GATE, epochs=25, seed=2))
    events = train(document, tmp_path / "first")
    assert isinstance(events[-1], Finished)
    fell = losses(events)
    assert sum(fell[-4:]) < 0.8 * sum(fell[:4])
    check_same_losses(document, tmp_path)
    text = (tmp_path / "exported" / "model.py").read_text("utf-8")
    assert GATE in text
    assert "custom, custom_opened" not in text  # what nobody reads has no name


def test_the_class_stands_in_the_code_once_as_it_was_written():
    document = trusting(iris_with("from torch import nn\n\n\n" + GATE))
    source = prepare(document).source
    assert source.model.count(GATE) == 1
    assert "self.custom = Gate()" in source.model
    assert "import torch\nfrom torch import Tensor, nn\n" in source.model


def test_parameters_that_differ_from_the_defaults_are_written():
    document = edits.set_param(iris_with(GATE), [NodeId("n2")], "features", 8)
    document = trusting(edits.set_param(document, [CUSTOM], "features", 8))
    prepared = prepare(document)
    assert "self.custom = Gate(features=8)" in prepared.source.model
    assert build_model(prepared).model.custom.gate.in_features == 8


def test_a_drawing_with_code_that_is_not_trusted_is_refused():
    with pytest.raises(BlockError, match="Python code that you have not trusted yet") as told:
        prepare(iris_with(GATE))
    assert told.value.node == CUSTOM


def test_what_is_trusted_runs_and_what_came_with_it_does_not(tmp_path):
    trusting(iris_with(GATE))
    marker = tmp_path / "marker"
    hostile = GATE.replace(
        "        opened", f"        open({str(marker)!r}, 'w')\n        opened", 1
    )
    last = train(iris_with(hostile), tmp_path)[-1]
    assert isinstance(last, Failed)
    assert "not trusted" in last.text
    assert not marker.exists()


def test_an_error_while_training_names_the_block_and_its_line(tmp_path):
    code = "# mine\n" + forward(
        "if not x.is_meta and torch.is_grad_enabled():\n    raise ValueError('too much')\nreturn x"
    )
    last = train(trusting(iris_with(code)), tmp_path)[-1]
    assert isinstance(last, Failed)
    assert last.node == CUSTOM
    assert last.text == "Custom code “custom” failed in line 5 of its code: ValueError: too much"


def test_an_error_while_the_model_is_made_names_the_line():
    code = GATE.replace(
        "super().__init__()", "super().__init__()\n        assert torch.zeros(1).is_meta, 'is real'"
    )
    prepared = prepare(trusting(iris_with(code)))
    with pytest.raises(UserError, match="“custom” cannot be made: line 6 of its code: is real"):
        build_model(prepared)


def test_code_in_a_composite_that_is_repeated_trains(tmp_path):
    document = edits.set_param(trusting(iris_with(GATE)), [CUSTOM], "features", 16)
    document = make(document, [CUSTOM], "Gated")
    instance = next(id for id, node in document.graph.nodes.items() if node.definition)
    document = set_repeat(document, [instance], Repeat(3))
    prepared = prepare(document)
    assert prepared.source.model.count("class Gate(") == 1
    model = build_model(prepared).model
    gates = [each for each in model.modules() if type(each).__name__ == "Gate"]
    assert len(gates) == 3
    assert isinstance(train(document, tmp_path)[-1], Finished)


def test_code_that_is_repeated_has_weights_of_its_own_each_time():
    code = GATE.replace("-> tuple[Tensor, Tensor]", "-> Tensor").replace("kept, opened", "kept")
    document = set_repeat(trusting(iris_with(code)), [CUSTOM], Repeat(2))
    model = build_model(prepare(document)).model
    first, second = (each for each in model.modules() if type(each).__name__ == "Gate")
    assert not torch.equal(first.gate.weight, second.gate.weight)


def test_weights_stay_when_the_code_around_them_changes():
    document = trusting(iris_with(GATE))
    old = build_model(prepare(document))
    changed = trusting(set_code(document, CUSTOM, GATE.replace("sigmoid", "tanh")))
    new = prepare(changed)
    assert new.source.paths.node_key("custom.gate.weight").startswith(f"{CUSTOM}.")
    assert set(old.model.state_dict()) == set(build_model(new).model.state_dict())


def test_types_inside_a_composite_follow_what_becomes_known():
    document = make(iris_with(GATE), [CUSTOM], "Gated")
    instance = next(id for id, node in document.graph.nodes.items() if node.definition)
    before = probing.settled(document)
    assert before.problems[instance].code == "untrusted"
    after = probing.settled(trusting(document))
    assert instance in after.types
