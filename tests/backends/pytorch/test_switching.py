"""Drawings with bypassed and muted blocks: their code, their training, and weights that return."""

from __future__ import annotations

from pathlib import Path

import torch

from backends.protocol import Finished
from backends.pytorch.checkpoint import load_weights
from backends.pytorch.compile import build
from backends.pytorch.source import print_source
from graph.composites.repeating import set_repeat
from graph.gallery.draw import Drawing
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, NodeId, Repeat
from graph.switching import set_bypassed, set_muted
from tests.backends.pytorch.drawings import iris_mlp, node_called
from tests.backends.pytorch.running import train
from tests.drawing import chain, set_params


def off(switch, document: Document, *names: str) -> Document:
    return switch(document, [node_called(document, name) for name in names], True)


def text(document: Document) -> str:
    source = print_source(lower(document, infer(document)))
    assert not source.gaps
    return source.text


def test_code_with_bypassed_blocks_is_that_of_a_drawing_without_them():
    document = chain("input dense dropout relu dense output")
    for switch in (set_bypassed, set_muted):
        assert "dropout" in text(document)
        without = chain("input dense relu dense output")
        if switch is set_bypassed:
            assert text(off(switch, document, "dropout")) == text(without)


def test_a_bypassed_repeat_and_a_bypassed_block_in_a_class_are_not_written():
    document = set_params(chain("input dense tanh output"), "n1", shape="8")
    document = set_repeat(set_params(document, "n2", features=8), [NodeId("n2")], Repeat(3))
    assert "Sequential" in text(document)
    assert "Sequential" not in text(off(set_bypassed, document, "dense"))
    d = Drawing()
    with d.define("Part"):
        x = d.add("dense", d.port("x", "8"), name="first", features=8)
        d.result(d.add("dense", d.add("dropout", x), name="second", features=8))
    d.add("output", d.add("Part", d.add("input", shape="8"), repeat=Repeat(2)))
    inside = off(set_bypassed, d.document.inside("Part"), "first").whole()
    printed = text(inside)
    assert printed.count("nn.Linear(") == 1 and "class Part(" in printed


def test_a_drawing_trains_without_what_is_off_and_its_weights_come_back(tmp_path: Path):
    whole = iris_mlp(keep="last")
    whole = set_params(whole, "n2", features=4)
    first = train(whole, tmp_path / "whole")
    assert isinstance(first[-1], Finished)
    (run,) = (tmp_path / "whole").iterdir()
    without = off(set_bypassed, whole, "dense")
    events = train(without, tmp_path / "without", start_from=run)
    assert isinstance(events[-1], Finished)
    (short,) = (tmp_path / "without").iterdir()
    assert all(name.startswith("n4.") for name in load_weights(short))
    back = set_bypassed(without, [node_called(without, "dense")], False)
    assert back == whole
    again = train(back, tmp_path / "back", start_from=run)
    assert isinstance(again[-1], Finished)
    assert load_weights(run).keys() == load_weights(next((tmp_path / "back").iterdir())).keys()


def test_a_muted_branch_with_its_loss_leaves_the_other_to_learn(tmp_path: Path):
    d = Drawing()
    stem = d.add("dense", d.add("input", shape="4"), name="stem", features=8)
    target = d.add("target")
    d.add("cross_entropy", d.add("dense", stem, name="main", features=3), target)
    side = d.add("dense", d.add("relu", stem, name="gate"), name="side", features=3)
    d.add("cross_entropy", side, target)
    d.data("iris")
    d.recipe(epochs=1, threads=1)
    document = off(set_muted, d.document, "gate")
    events = train(document, tmp_path)
    assert isinstance(events[-1], Finished), events[-1]
    (run,) = tmp_path.iterdir()
    kept = {name.partition(".")[0] for name in load_weights(run)}
    assert kept == {node_called(document, "stem"), node_called(document, "main")}


def test_a_model_with_bypassed_blocks_answers_what_it_receives():
    document = off(set_bypassed, chain("input dense relu output"), "dense", "relu")
    program = lower(document, infer(document))
    source = print_source(program)
    batch = torch.rand(5, 4)
    assert torch.equal(build(source.model, "", 0).model(batch), batch)
