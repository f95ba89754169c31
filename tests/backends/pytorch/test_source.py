"""Printed source: what people read, what runs, and that it computes what is drawn."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from torch import nn

import assets
from backends.pytorch.compile import build, execute
from backends.pytorch.source import Source, print_source
from backends.pytorch.verify import BUILTINS, verify
from graph import edits
from graph.fileio import load
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, NodeId
from graph.names import is_usable
from tests.drawing import chain, draw, set_params

EXAMPLES = sorted(path.stem for path in assets.path("examples").glob("*.loom"))


def source(document: Document) -> Source:
    return print_source(lower(document, infer(document)))


def example(name: str) -> Document:
    return load(assets.path("examples", f"{name}.loom")).document


def wire(document: Document, *wires: str) -> Document:
    """Wires such as `n1>n3.target` or `n2.last>n4`."""
    for text in wires:
        (start, out), (end, into) = (
            [*side.split("."), port][:2]
            for side, port in zip(text.split(">"), ("y", "x"), strict=True)
        )
        document = edits.connect(document, NodeId(start), out, NodeId(end), into)
    return document


def autoencoder() -> Document:
    document = draw("input dense relu dense output mse")
    for node, values in {
        "n1": {"shape": "8"},
        "n2": {"features": 3},
        "n4": {"features": 8},
    }.items():
        document = set_params(document, node, **values)
    return wire(document, "n1>n2", "n2>n3", "n3>n4", "n4>n5", "n4>n6.prediction", "n1>n6.target")


def two_in_two_out() -> Document:
    document = draw("input input concat dense output output dense")
    document = set_params(set_params(document, "n1", shape="8"), "n2", shape="4")
    return wire(document, "n1>n3.xs", "n2>n3.xs", "n3>n4", "n4>n5", "n4>n7", "n7>n6")


def two_losses() -> Document:
    document = draw("input dense target dense mse l1 multiply")
    for node in ("n2", "n4"):
        document = set_params(document, node, features=2)
    document = set_params(document, "n1", shape="4")
    document = set_params(document, "n3", shape="2", dtype="float32")
    document = wire(document, "n1>n2", "n1>n4", "n2>n5.prediction", "n4>n6.prediction")
    return wire(document, "n3>n5.target", "n3>n6.target")


def long_names() -> Document:
    document = two_in_two_out()
    for id in list(document.graph.nodes):
        document = edits.rename(document, id, f"{id}_with_a_name_that_goes_on_and_on_and_on_and_on")
    return document


def many_summands() -> Document:
    document = draw("input " + "dense " * 9 + "add output")
    document = set_params(document, "n1", shape="4")
    for number in range(2, 11):
        name = f"branch_number_{number}"
        document = edits.rename(document, NodeId(f"n{number}"), name)
        document = wire(document, f"n1>n{number}", f"n{number}>n11.xs")
    return wire(document, "n11>n12")


ODD = {
    "autoencoder": autoencoder(),
    "two in two out": two_in_two_out(),
    "sum of losses": two_losses(),
    "product of losses": wire(two_losses(), "n5.loss>n7.xs", "n6.loss>n7.xs"),
    "long names": long_names(),
    "many summands": many_summands(),
    "states": wire(
        set_params(draw("input lstm output output output"), "n1", shape="T, 5"),
        "n1>n2", "n2.sequence>n3", "n2.last>n4", "n2.state>n5",
    ),
    "an input answered": wire(
        set_params(draw("input dense output output"), "n1", shape="4"), "n1>n2", "n2>n3", "n1>n4"
    ),
    "nothing but an input": draw("input"),
    "nothing but a target": draw("target"),
    "no wires": draw("conv2d dense cross_entropy accuracy output"),
    "no end": chain("input conv2d dense"),
    "a wire is missing": chain("input dense cross_entropy"),
    "a gap in the middle": wire(draw("input dense dense output"), "n1>n2", "n3>n4"),
    "strange texts": replace(
        chain("input flatten output"),
        name='He said """hi""" \\',
        description='a "quote"\n\n\ta line \u2028 that goes on' + " and on" * 20 + ' ""\\',
    ),
}  # fmt: skip


def test_a_network_reads_as_a_person_writes_it():
    assert (
        source(example("iris-mlp")).text
        == '''"""Iris MLP.

Two hidden layers between the measurements of an iris and its species.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class Model(nn.Module):
    """flower N×4 -> scores N×3."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden1 = nn.Linear(4, 16)
        self.hidden2 = nn.Linear(16, 16)
        self.logits = nn.Linear(16, 3)

    def forward(self, flower: Tensor) -> Tensor:
        x = self.hidden1(flower)  # N×16
        x = F.relu(x)
        x = self.hidden2(x)
        x = F.relu(x)
        return self.logits(x)  # N×3


def objective(
    model: nn.Module,
    batch: dict[str, Tensor],
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss that training minimises, and the metrics beside it."""
    scores = model(batch["flower"])
    species = batch["species"]  # N
    loss = F.cross_entropy(scores, species)
    accuracy = (scores.argmax(1) == species).sum() / (species != -100).sum()
    return loss, {"accuracy": accuracy}
'''
    )


def test_an_input_that_is_compared_with_is_read_once():
    assert source(autoencoder()).objective.endswith(
        """
    inputs = batch["inputs"]  # N×8
    output = model(inputs)
    loss = F.mse_loss(output, inputs)
    return loss, {}
"""
    )


def test_several_losses_are_added_and_shown():
    assert source(two_losses()).objective.endswith(
        """
    mse = F.mse_loss(dense, target)
    l1 = F.l1_loss(dense2, target)
    loss = mse + l1
    return loss, {"mse": mse, "l1": l1}
"""
    )


def test_a_metric_names_the_loss_that_it_is_made_of():
    document = draw("input dense target cross_entropy perplexity")
    for end in ("n4", "n5"):
        document = wire(document, f"n2>{end}.prediction", f"n3>{end}.target")
    document = set_params(wire(document, "n1>n2"), "n1", shape="8")
    assert source(document).objective.count("F.cross_entropy(") == 1
    assert "= torch.exp(loss)\n" in source(document).objective
    document = set_params(document, "n4", label_smoothing=0.1)
    assert source(document).objective.count("F.cross_entropy(") == 2


def test_what_follows_losses_is_the_loss():
    assert source(ODD["product of losses"]).objective.endswith(
        """
    mse = F.mse_loss(dense, target)
    l1 = F.l1_loss(dense2, target)
    loss = mse * l1
    return loss, {}
"""
    )


def test_the_softmax_is_for_people_and_the_loss_takes_the_logits():
    printed = source(example("classic-cnn"))
    assert "return probabilities, logits" in printed.model
    assert "_, logits = model(" in printed.objective
    assert "F.cross_entropy(logits, digit)" in printed.objective


def test_blocks_that_change_nothing_take_no_line():
    document = chain("input identity identity dense identity output")
    assert source(set_params(document, "n1", shape="4")).model.endswith(
        """
    def forward(self, inputs: Tensor) -> Tensor:
        return self.dense(inputs)  # N×64
"""
    )


def residual(shape: str = "64") -> Document:
    """n1 Input → n2 Dense → n3 ReLU → n4 Add ← n1, n4 → n5 Output, and an Output n6 of n2."""
    document = set_params(draw("input dense relu add output output"), "n1", shape=shape)
    return wire(document, "n1>n2", "n2>n3", "n3>n4.xs", "n1>n4.xs", "n4>n5", "n2>n6")


def test_an_input_called_x_lasts_until_it_is_read():
    document = edits.rename(residual(), NodeId("n1"), "x")
    assert source(document).model.endswith(
        """
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        output2 = self.dense(x)  # N×64
        y = F.relu(output2)
        output = y + x
        return output, output2
"""
    )


def test_an_output_called_x_lasts_to_the_end():
    document = edits.rename(residual(), NodeId("n6"), "x")
    assert source(document).model.endswith(
        """
    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        x = self.dense(inputs)  # N×64
        relu = F.relu(x)
        output = relu + inputs
        return output, x
"""
    )


def test_no_block_is_called_like_a_builtin_or_a_part_of_every_module():
    assert not [name for name in (*BUILTINS, *dir(nn.Module())) if is_usable(name)]


def test_a_layer_behind_a_loss_is_a_gap():
    document = wire(edits.add(two_losses(), "dropout"), "n5.loss>n8")
    gaps = source(document).gaps
    assert [text for _, text in gaps] == [
        "Dropout “dropout” cannot stand behind a loss or a metric."
    ]


def test_gaps_are_comments_and_the_rest_stays():
    model = source(ODD["a wire is missing"]).model
    assert "        dense = self.dense(inputs)  # N×1×28×64\n" in model
    assert "        # Cross-entropy “cross_entropy” has no wire to its input “target”.\n" in model


def test_lines_know_their_blocks():
    document = example("iris-mlp")
    printed = source(document)
    found = {
        line.strip(): document.node(printed.lines[number]).name
        for number, line in enumerate(printed.text.splitlines(), 1)
        if number in printed.lines
    }
    assert found == {
        "self.hidden1 = nn.Linear(4, 16)": "hidden1",
        "self.hidden2 = nn.Linear(16, 16)": "hidden2",
        "self.logits = nn.Linear(16, 3)": "logits",
        "def forward(self, flower: Tensor) -> Tensor:": "flower",
        "x = self.hidden1(flower)  # N×16": "hidden1",
        "x = F.relu(x)": "relu2",
        "x = self.hidden2(x)": "hidden2",
        "return self.logits(x)  # N×3": "logits",
        'species = batch["species"]  # N': "species",
        "loss = F.cross_entropy(scores, species)": "cross_entropy",
        "accuracy = (scores.argmax(1) == species).sum() / (species != -100).sum()": "accuracy",
    }


@pytest.mark.parametrize("column", ['größe "x" \\ (cm), a', "it's", "a\nb", "\udc80", "日本", ""])
def test_columns_may_be_called_anything(column):
    document = wire(chain("input flatten dense cross_entropy"), "n3>n4.prediction")
    document = wire(edits.add(document, "target"), "n5>n4.target")
    document = set_params(document, "n5", column=column)
    printed = source(document)
    goal = execute(printed.objective).names["objective"]
    batch = {"inputs": torch.zeros(2, 1, 28, 28), column or "target": torch.tensor([1, 2])}
    torch.manual_seed(0)
    loss, _ = goal(execute(printed.model).names["Model"](), batch)
    assert loss.isfinite()


def test_source_is_the_same_in_every_process():
    script = (
        "import sys; from tests.backends.pytorch.test_source import ODD, EXAMPLES, example, source;"
        "sys.stdout.reconfigure(encoding='utf-8', errors='backslashreplace');"
        "[print(source(d).text) for d in (*ODD.values(), *map(example, EXAMPLES))]"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.getcwd()},  # noqa: PTH109
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1


@pytest.mark.parametrize("width", [88, 100])
def test_source_lints_and_is_formatted_at_the_usual_widths(width, tmp_path):
    for number, document in enumerate((*ODD.values(), *map(example, EXAMPLES))):
        printed = source(document)
        for part in ("text", "model", "objective"):
            (tmp_path / f"{part}{number}.py").write_text(getattr(printed, part), "utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--isolated", "--no-cache", "--line-length", str(width), str(tmp_path)]
    for command in (["check"], ["format", "--diff"]):
        done = subprocess.run(
            [*ruff, *command, *options], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ODD)
def test_odd_drawings_print_what_may_run(name):
    printed = source(ODD[name])
    verify(printed.text)
    assert ast.get_docstring(ast.parse(printed.text))
    if not printed.gaps and printed.paths.owners():
        build(printed.model, printed.objective, 0)
