"""Metrics at targets that a step has mixed: what is offered mends all of them, and trains."""

from dataclasses import replace

import pytest

from app.training.fit import fitted
from backends.data.source import source_of
from backends.protocol import Finished
from graph import edits
from graph.check import check
from graph.data import StepSpec
from graph.infer import infer
from graph.mixed_targets import CODE
from graph.registry import default_registry
from graph.stepping import stepped
from tests.backends.pytorch.drawings import iris_mlp, node_called
from tests.backends.pytorch.running import epochs, train


def mixed(kind="mixup", on=True):
    document = edits.add(iris_mlp(epochs=20, learning_rate=0.02), "top_k_accuracy", params={"k": 2})
    metric, logits = node_called(document, "top_k_accuracy"), node_called(document, "dense2")
    target = node_called(document, "target")
    document = edits.connect(document, logits, "y", metric, "prediction")
    document = edits.connect(document, target, "y", metric, "target")
    data = replace(document.data, steps=(StepSpec(kind, on=on),))
    document = replace(document, data=data)
    return fitted(document, info(document), default_registry())


def info(document):
    return stepped(source_of(document.data).describe(), document.data.steps)


def found(document):
    return check(document, infer(document), data=info(document))


def test_every_metric_of_a_mixed_target_is_told_once_and_mended_by_one_argmax(tmp_path):
    document = mixed()
    problems = found(document)
    assert [each.code for each in problems] == [CODE, CODE]
    assert "An Argmax between the Target and it" in problems[0].text
    mended = problems[0].fixes[0].edit(document)
    assert found(mended) == []
    kinds = [node.kind for node in mended.graph.nodes.values()]
    assert kinds.count("argmax") == 1
    events = train(mended, tmp_path)
    assert isinstance(events[-1], Finished)
    last = epochs(events)[-1].validation
    assert last["accuracy"] > 0.8 and last["top_k_accuracy"] >= last["accuracy"]


@pytest.mark.parametrize("document", [iris_mlp(), mixed(on=False)])
def test_where_nothing_is_mixed_nothing_is_said(document):
    assert CODE not in [each.code for each in found(document)]
