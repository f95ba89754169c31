"""Frozen blocks as code, and in training: their weights stay as they are while others learn."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from backends.protocol import Failed, Finished
from backends.pytorch.checkpoint import load_weights
from backends.pytorch.compile import to_node_keys
from backends.pytorch.prepare import build_model, prepare
from backends.pytorch.source import print_source
from backends.pytorch.verify import Unsafe, verify
from graph import edits
from graph.composites.making import make
from graph.composites.repeating import set_repeat, share
from graph.freezing import set_frozen
from graph.gallery.draw import Drawing, Out
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, NodeId, Repeat
from tests.backends.pytorch.drawings import iris_mlp, node_called
from tests.backends.pytorch.running import train
from tests.drawing import chain, set_params

OFF = ".requires_grad_(False)"


def text(document: Document) -> str:
    source = print_source(lower(document, infer(document)))
    assert not source.gaps
    verify(source.text)
    return source.text


def called(document: Document, *names: str) -> list[NodeId]:
    return [node_called(document, name) for name in names]


def frozen(document: Document, *names: str) -> Document:
    return set_frozen(document, called(document, *names), True)


def test_a_frozen_block_is_made_frozen_in_one_line():
    document = chain("input conv2d relu batch_norm flatten dense output")
    printed = text(frozen(document, "conv"))
    assert f"self.conv = nn.Conv2d(1, 32, 3){OFF}" in printed
    assert printed.count(OFF) == 1


def test_functions_and_modules_without_weights_say_nothing_of_it():
    document = chain("input dropout dense relu output")
    nodes = {id: replace(node, frozen=True) for id, node in document.graph.nodes.items()}
    assert text(document.with_graph(nodes)).count(OFF) == 1


def test_a_parameter_and_a_normed_weight_are_frozen_too():
    d = Drawing()
    x = d.add("input", shape="4")
    scale = d.add("parameter", x, name="scale", shape=(4,))
    y = d.add("dense", d.add("multiply", x, scale), name="fc", weight_norm="weight")
    d.add("output", y)
    printed = text(frozen(d.document, "scale", "fc"))
    assert "self.scale = nn.Parameter(" in printed and printed.count(OFF) == 2
    assert "self.fc = nn.utils.parametrizations.weight_norm(" in printed


def part(d: Drawing) -> None:
    with d.define("Part"):
        x = d.port("x", "8")
        x = d.add("dense", x, name="first", features=8)
        d.result(d.add("dense", d.add("tanh", x), name="second", features=8))


def test_two_instances_of_which_one_is_frozen_are_one_class():
    d = Drawing()
    part(d)
    x = d.add("Part", d.add("input", shape="8"), name="one")
    d.add("output", d.add("Part", x, name="two"))
    printed = text(frozen(d.document, "one"))
    assert printed.count("class Part(") == 1
    assert f"self.one = Part(){OFF}" in printed
    assert "self.two = Part()\n" in printed


def test_a_block_that_is_frozen_inside_is_frozen_in_the_class():
    d = Drawing()
    part(d)
    x = d.add("Part", d.add("input", shape="8"), name="one")
    d.add("output", d.add("Part", x, name="two"))
    inside = d.document.inside("Part")
    printed = text(frozen(inside, "second").whole())
    assert printed.count(OFF) == 1 and f"nn.Linear(8, 8){OFF},\n" in printed


@pytest.mark.parametrize("mode", ["chain", "shared", "concat"])
def test_a_frozen_repeat_is_frozen_as_a_whole(mode: str):
    document = set_params(chain("input dense output"), "n1", shape="8")
    document = set_repeat(set_params(document, "n2", features=8), [NodeId("n2")], Repeat(4, mode))
    printed = text(frozen(document, "dense"))
    assert printed.count(OFF) == 1


def test_shared_weights_are_made_frozen_once():
    document = set_params(chain("input dense tanh dense output"), "n1", shape="8")
    document = set_params(set_params(document, "n2", features=8), "n4", features=8)
    printed = text(frozen(share(document, NodeId("n4"), NodeId("n2")), "dense2"))
    assert printed.count(OFF) == 1


def wide(d: Drawing, x: Out) -> Out:
    """Blocks whose lines are too long, one of each way to break them."""
    x = d.add("conv2d", x, name="a_convolution_with_a_name_that_is_long", out_channels=123,
              padding=(1, 1), stride=(2, 1), bias=False)  # fmt: skip
    return d.add(
        "conv2d", x, name="the_next", out_channels=123, weight_norm="spectral", stride=(1, 2)
    )


@pytest.mark.parametrize("width", [88, 100])
def test_long_lines_are_broken_as_formatters_break_them(width: int, tmp_path: Path):
    d = Drawing()
    with d.define("AChainOfConvolutions", depth=3):
        x = wide(d, d.port("x", "3, 64, 64"))
        d.result(d.add("group_norm", d.add("relu", x), name="norm", groups=3))
    x = d.add("AChainOfConvolutions", d.add("input", shape="3, 64, 64"), name="first")
    x = d.add("conv2d", x, name="a_repeated_convolution", out_channels=123, repeat=Repeat(3))
    d.add("output", d.add("AChainOfConvolutions", x, name="second"))
    document = frozen(d.document, "first", "a_repeated_convolution")
    document = frozen(
        document.inside("AChainOfConvolutions"),
        "a_convolution_with_a_name_that_is_long", "the_next", "norm",
    ).whole()  # fmt: skip
    (tmp_path / "model.py").write_text(text(document), "utf-8")
    options = ["--isolated", "--no-cache", "--line-length", str(width), str(tmp_path)]
    for command in (["check"], ["format", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *options],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "line",
    [
        "x = nn.Linear(2, 2).requires_grad_(True)",
        "x = nn.Linear(2, 2).requires_grad_()",
        "x = nn.Linear(2, 2).requires_grad_(0)",
        "x = nn.Linear(2, 2).requires_grad_(False, False)",
        "x = nn.Linear(2, 2).requires_grad_(requires_grad=False)",
        "x = nn.Linear(2, 2).requires_grad_",
        "x = torch.ones(2).requires_grad_(False)",
        "x = nn.Linear.requires_grad_(False)",
        "x = Tensor(2).requires_grad_(False)",
        "x = nn.functional.relu(2).requires_grad_(False)",
        "x = other(2).requires_grad_(False)",
        "x = nn.Linear(2, 2).requires_grad_(False).requires_grad_(False)",
    ],
)
def test_nothing_else_of_it_is_executed(line: str):
    with pytest.raises(Unsafe):
        verify(f"from torch import Tensor, nn\nimport torch\n\n{line}\n")


def started_and_learned(document: Document, runs: Path) -> tuple[dict[str, Tensor], ...]:
    """The weights by their places in the drawing, before and after a run."""
    prepared = prepare(document)
    model = build_model(prepared).model
    before = to_node_keys(model.state_dict(), prepared.source.paths)
    before = {name: weight.clone() for name, weight in before.items()}
    events = train(document, runs)
    assert isinstance(events[-1], Finished), events[-1]
    (run,) = runs.iterdir()
    return before, load_weights(run)


def changed(document: Document, runs: Path) -> dict[str, bool]:
    before, after = started_and_learned(document, runs)
    assert before.keys() == after.keys()
    return {name: not torch.equal(before[name], after[name]) for name in before}


def test_a_frozen_block_keeps_its_weights_while_others_learn(tmp_path: Path):
    moved = changed(frozen(iris_mlp(keep="last"), "dense"), tmp_path)
    assert moved == {
        "n2.dense.weight": False, "n2.dense.bias": False,
        "n4.dense.weight": True, "n4.dense.bias": True,
    }  # fmt: skip


def test_what_stands_before_a_frozen_block_learns_through_it(tmp_path: Path):
    moved = changed(frozen(iris_mlp(keep="last"), "dense2"), tmp_path)
    assert moved["n2.dense.weight"] and not moved["n4.dense.weight"]


def deep(**recipe: object) -> Document:
    """A composite twice, the second three times in a row, between dense layers on the irises."""
    d = Drawing()
    part(d)
    x = d.add("dense", d.add("input", shape="4"), name="stem", features=8)
    x = d.add("Part", x, name="one")
    x = d.add("Part", x, name="many", repeat=Repeat(3))
    logits = d.add("dense", x, name="head", features=3)
    d.add("cross_entropy", logits, d.add("target"), name="loss")
    d.data("iris")
    d.recipe(**{"epochs": 2, "threads": 1, "keep": "last", **recipe})
    return d.document


def moved_at(document: Document, runs: Path) -> dict[str, bool]:
    """Which blocks of the drawing learned anything."""
    found: dict[str, bool] = {}
    for path, has_moved in changed(document, runs).items():
        node = document.node(NodeId(path.replace("/", ".").partition(".")[0].partition("[")[0]))
        found[node.name] = found.get(node.name, False) or has_moved
    return found


def test_a_frozen_composite_and_a_frozen_repeat_keep_all_their_weights(tmp_path: Path):
    document = frozen(deep(), "one")
    assert moved_at(document, tmp_path / "a") == {
        "stem": True, "one": False, "many": True, "head": True,
    }  # fmt: skip
    document = frozen(deep(), "many")
    assert moved_at(document, tmp_path / "b") == {
        "stem": True, "one": True, "many": False, "head": True,
    }  # fmt: skip


def test_a_block_frozen_inside_keeps_its_weights_in_every_instance(tmp_path: Path):
    document = deep()
    first = node_called(document.inside("Part"), "first")
    inside = set_frozen(document.inside("Part"), [first], True).whole()
    moved = changed(inside, tmp_path)
    at_first = {path: has for path, has in moved.items() if f"/{first}." in path}
    assert len(at_first) == 2 * 4 and not any(at_first.values())
    assert all(has for path, has in moved.items() if path not in at_first)


def test_optimizer_blocks_pass_frozen_blocks_by(tmp_path: Path):
    document = iris_mlp(keep="last")
    document = edits.add(document, "optimizer", params={"trains": "dense, dense2"})
    loss, optimizer = called(document, "cross_entropy", "optimizer")
    document = edits.connect(document, loss, "loss", optimizer, "losses")
    moved = changed(frozen(document, "dense2"), tmp_path)
    assert moved["n2.dense.weight"] and not moved["n4.dense.weight"]


def test_an_optimizer_of_a_composite_with_a_frozen_part_trains_the_rest(tmp_path: Path):
    document = edits.add(deep(), "optimizer", params={"trains": "one, head"})
    loss, optimizer = called(document, "loss", "optimizer")
    document = edits.connect(document, loss, "loss", optimizer, "losses")
    first = node_called(document.inside("Part"), "first")
    document = set_frozen(document.inside("Part"), [first], True).whole()
    moved = moved_at(document, tmp_path)
    assert moved == {"stem": False, "one": True, "many": False, "head": True}


def test_a_run_of_a_drawing_in_which_all_is_frozen_says_so_before_it_starts(tmp_path: Path):
    events = train(frozen(iris_mlp(), "dense", "dense2"), tmp_path)
    assert isinstance(events[-1], Failed)
    assert "Nothing would learn" in events[-1].text and not events[-1].details
    assert events[-1].node == NodeId("n2")
    composed = make(iris_mlp(), called(iris_mlp(), "dense", "relu", "dense2"), "Net")
    events = train(frozen(composed, "net"), tmp_path)
    assert isinstance(events[-1], Failed) and "“net”" in events[-1].text
