"""What learns from losses other than the usual: several, weighted, of experts; with metrics."""

import pytest

from backends.protocol import Failed, Finished
from graph import edits
from graph.data import DataSpec
from graph.model import Document, NodeId
from tests.backends.pytorch.drawings import with_recipe
from tests.backends.pytorch.running import epochs, train
from tests.drawing import draw, set_params


def wired(document: Document, *wires: str) -> Document:
    """The document with edges, each written `source.port target.port`."""
    for wire in wires:
        (source, out), (target, into) = (end.split(".") for end in wire.split())
        document = edits.connect(document, NodeId(source), out, NodeId(target), into)
    return document


def on_digits(document: Document, **recipe: object) -> Document:
    document = edits.rename_document(document, "Losses")
    document = edits.set_data(document, DataSpec("digits", {"layout": "flat"}))
    document = set_params(document, "n1", shape="64")
    return with_recipe(document, **{"epochs": 4, "threads": 1, "learning_rate": 0.01, **recipe})


@pytest.mark.parametrize("loss", ["nll", "focal", "hinge"])
def test_losses_of_classes_teach_the_digits(tmp_path, loss):
    metrics = "f1 precision recall iou top_k_accuracy perplexity"
    document = draw(f"input dense log_softmax target {loss} {metrics}")
    for goal in range(5, 12):
        document = wired(document, f"n3.y n{goal}.prediction", f"n4.y n{goal}.target")
    document = wired(document, "n1.y n2.x", "n2.y n3.x")
    document = set_params(on_digits(document), "n2", features=10)
    document = set_params(document, "n10", k=3)
    last = train(document, tmp_path)[-1]
    assert isinstance(last, Finished)
    assert last.test["top_k_accuracy"] > last.test["recall"] > last.test["iou"] > 0.6
    assert last.test["f1"] > 0.75
    assert 1 < last.test["perplexity"] < 4


def test_a_weighted_loss_counts_as_it_says(tmp_path):
    plain = draw("input dense target cross_entropy")
    plain = wired(plain, "n1.y n2.x", "n2.y n4.prediction", "n3.y n4.target")
    plain = set_params(on_digits(plain, epochs=1), "n2", features=10)
    weighted = edits.add(plain, "loss_weight", (0, 500))
    weighted = set_params(wired(weighted, "n4.loss n5.x"), "n5", weight=0.0)
    assert epochs(train(plain, tmp_path / "plain"))[0].train["loss"] > 0
    told = epochs(train(weighted, tmp_path / "weighted"))[0].train
    assert told["loss"] == 0


def test_experts_learn_with_their_balance_as_a_second_loss(tmp_path):
    document = draw("input mixture_of_experts dense target cross_entropy loss_weight accuracy")
    document = wired(
        document,
        "n1.y n2.x",
        "n2.y n3.x",
        "n3.y n5.prediction",
        "n4.y n5.target",
        "n3.y n7.prediction",
        "n4.y n7.target",
        "n2.balance n6.x",
    )
    document = set_params(on_digits(document), "n3", features=10)
    document = set_params(set_params(document, "n2", hidden=16), "n6", weight=0.01)
    last = train(document, tmp_path)[-1]
    assert isinstance(last, Finished)
    assert last.test["accuracy"] > 0.85
    assert last.test["loss"] == pytest.approx(
        last.test["cross_entropy"] + last.test["loss_weight"], rel=1e-4
    )
    assert 0.0099 < last.test["loss_weight"] < 0.04


def test_a_class_out_of_range_is_told_for_every_loss_of_classes(tmp_path):
    for loss in ("nll", "focal", "hinge"):
        document = draw(f"input dense target {loss}")
        document = wired(document, "n1.y n2.x", "n2.y n4.prediction", "n3.y n4.target")
        document = set_params(on_digits(document), "n2", features=9)
        last = train(document, tmp_path)[-1]
        assert isinstance(last, Failed)
        assert "has 9 classes, 0 to 8" in last.text
