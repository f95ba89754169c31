"""Exported drawings of composites train as in the window, with two Optimizers and all repeats."""

from __future__ import annotations

from pathlib import Path

import pytest

from backends.pytorch.export import export
from backends.pytorch.prepare import prepare
from graph import edits
from graph.gallery.draw import Drawing
from graph.model import Document, Repeat
from graph.params import Expr
from tests.backends.pytorch.drawings import node_called
from tests.backends.pytorch.test_export import check_lints, check_same_losses


def rivals() -> Document:
    """A reader of irises number by number, and a judge with the same weights in two places."""
    d = Drawing()
    with d.define("Mix", "Two layers.", width=4):
        x = d.port("x", "6")
        y = d.chain(d.add("dense", x, features=Expr("width")), "batch_norm", "tanh")
        d.result(d.add("dense", d.add("dropout", y, p=0.25), features=6))
    with d.define("Cell", "Remembers.", units=6):
        x, state = d.port("x", "1"), d.port("state", "6")
        seen = d.add("dense", x, features=Expr("units"))
        seen = d.add("add", seen, d.add("dense", state, features=Expr("units")))
        seen = d.add("dense", seen, features=Expr("units"))
        d.result(d.add("tanh", seen), "item")
        d.result(d.add("Mix", seen, width=Expr("units - 3"), repeat=Repeat(2, "shared")), "w")
    with d.define("Step", "One layer of many.", width=3):
        x = d.port("block", "6")
        d.result(d.add("Mix", x, width=Expr("2 * width"), repeat=Repeat(2)), "y")
        d.result(d.add("dense", x, features=5), "skip")
    x = d.add("input", shape="4")
    steps = d.add("reshape", x, shape="4, 1")
    start = d.add("dense", x, name="start", features=6)
    read = d.add("Cell", steps, start, name="reader", repeat=Repeat(1, "scan"))
    body = d.add("Step", read.at("w"), name="body", width=Expr("3 + i"), repeat=Repeat(3, "sum"))
    y = d.add("Mix", body, name="joined", repeat=Repeat(2, "chain"))
    y = d.add("concat", y, body.at("skip"), d.add("mean", read, axes=(1,)))
    judged = d.add("dense", y, name="judge", features=17)
    twice = d.add("dense", judged, name="again", features=17, shares=judged)
    classes = d.add("dense", twice, name="classes", features=3)
    target = d.add("target")
    loss = d.add("cross_entropy", classes, target, name="mistakes")
    d.add("accuracy", classes, target, name="accuracy")
    fooled = d.add("loss_weight", loss, name="fooled", weight=-0.3)
    d.add("optimizer", loss, name="judging", trains="judge, classes", learning_rate=0.01)
    d.add("optimizer", fooled, name="hiding", learning_rate=0.005, optimizer="sgd")
    d.data("iris")
    d.recipe(epochs=3, threads=1, device="cpu", schedule="cosine", clip_norm=1.0)
    return d.document


def test_composites_with_two_optimizers_train_as_in_the_window(tmp_path: Path) -> None:
    check_same_losses(rivals(), tmp_path)


def test_the_exported_code_of_composites_lints(tmp_path: Path) -> None:
    export(rivals(), tmp_path / "exported")
    check_lints(tmp_path / "exported")


@pytest.mark.parametrize("trains", ["reader", "body", "joined"])
def test_an_optimizer_trains_all_blocks_within_what_it_names(trains: str) -> None:
    document = rivals()
    judging = node_called(document, "judging")
    parts = prepare(edits.set_param(document, [judging], "trains", trains)).recipe.parts
    assert parts[0].modules == (trains,)
