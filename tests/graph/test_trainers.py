"""Which Optimizer trains what, what is wrong with that, and names that follow their blocks."""

from __future__ import annotations

import pytest

from graph import edits
from graph.check import check
from graph.clipboard import copy, paste
from graph.gallery.draw import Drawing
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, NodeId
from graph.problems import Problem, Severity
from graph.trainers import trainers


def drawn(first: str = "judge", second: str = "") -> Document:
    """body → judge → loss → “one”; the loss, weighed, → “two”; both with what they train."""
    d = Drawing()
    body = d.add("dense", d.add("input", shape="4"), name="body", features=8)
    judge = d.add("dense", d.add("tanh", body), name="judge", features=3)
    loss = d.add("cross_entropy", judge, d.add("target"), name="mistakes")
    d.add("optimizer", loss, name="one", trains=first)
    d.add("optimizer", d.add("loss_weight", loss, weight=-1.0), name="two", trains=second)
    return d.document


def trained(document: Document) -> dict[str, list[str]]:
    nodes = document.graph.nodes
    found = trainers(document, infer(document))
    return {each.name: [nodes[id].name for id in each.nodes] for each in found}


def problems(document: Document, *codes: str) -> list[Problem]:
    found = check(document, infer(document))
    return [problem for problem in found if problem.code in codes]


def called(document: Document, name: str) -> NodeId:
    return next(id for id, node in document.graph.nodes.items() if node.name == name)


def test_an_optimizer_trains_what_it_names_or_what_no_other_does():
    assert trained(drawn()) == {"one": ["judge"], "two": ["body"]}
    assert trained(drawn("judge", "body")) == {"one": ["judge"], "two": ["body"]}
    alone = edits.remove(drawn(""), [called(drawn(), "two")])
    assert trained(alone) == {"one": ["body", "judge"]}
    assert problems(drawn(), "trained-twice", "trains-nothing", "loss-not-taken") == []


def test_a_detach_keeps_what_is_before_it_from_learning():
    d = Drawing()
    body = d.add("dense", d.add("input", shape="4"), name="body", features=8)
    judge = d.add("dense", d.add("detach", body), name="judge", features=3)
    loss = d.add("cross_entropy", judge, d.add("target"))
    d.add("optimizer", loss, name="one")
    d.add("optimizer", loss, name="two", trains="body")
    assert trained(d.document) == {"one": ["judge"]}
    [problem] = problems(d.document, "trains-nothing")
    assert "none of its losses depends on “body”" in problem.text
    assert problem.severity is Severity.ERROR


def test_the_program_has_the_losses_of_optimizers_alone():
    d = drawn()
    other = edits.add(d, "mse", name="spare")
    for port in ("prediction", "target"):
        other = edits.connect(other, called(d, "judge"), "y", called(other, "spare"), port)
    program = lower(other, infer(other))
    assert [result.name for result in program.losses] == ["mistakes", "loss_weight"]
    assert [trainer.name for trainer in program.trainers] == ["one", "two"]
    [problem] = problems(other, "loss-not-taken")
    assert problem.severity is Severity.WARNING
    mended = problem.fixes[0].edit(other)
    assert problems(mended, "loss-not-taken") == []


def test_a_name_that_is_not_there_is_told_with_the_nearest():
    [problem] = problems(drawn("judg, body"), "trains-unknown")
    assert "“judg”" in problem.text
    assert [fix.label for fix in problem.fixes] == [
        "Set trains of “one” to judge, body", "Set trains of “one” to body",
    ]  # fmt: skip
    assert problems(problem.fixes[0].edit(drawn("judg, body")), "trains-unknown") == []


def test_two_optimizers_on_one_block_are_a_problem():
    document = drawn("judge", "judge, body")
    [problem] = problems(document, "trained-twice")
    assert "“judge”, which “one” trains too" in problem.text
    assert problems(problem.fixes[0].edit(document), "trained-twice") == []


def test_a_block_without_weights_is_told():
    [problem] = problems(drawn("judge, tanh"), "trains-nothing")
    assert "“tanh”, which has no weights" in problem.text


def test_what_is_no_loss_gets_a_loss_weight():
    d = Drawing()
    mean = d.add("mean", d.add("dense", d.add("input", shape="4")), axes=(0, 1))
    d.add("optimizer", mean)
    [problem] = problems(d.document, "trains-on-no-loss")
    mended = problem.fixes[0].edit(d.document)
    assert [p for p in check(mended, infer(mended)) if p.severity is Severity.ERROR] == []
    assert lower(mended, infer(mended)).is_trainable


def test_an_optimizer_without_a_wire_is_an_error():
    document = edits.add(Drawing().document, "input")
    document = edits.add(document, "optimizer")
    [problem] = problems(document, "open-input")
    assert problem.severity is Severity.ERROR
    assert problem.fixes == ()
    loose = edits.disconnect(drawn(), drawn().graph.inputs_of(called(drawn(), "one")))
    [problem] = problems(loose, "open-input")
    assert [fix.label for fix in problem.fixes] == ["Wire “loss_weight” to it"]
    assert problems(problem.fixes[0].edit(loose), "open-input") == []


def test_names_follow_a_renamed_block():
    document = edits.rename(drawn("judge, body"), called(drawn(), "judge"), "critic")
    assert document.graph.nodes[called(document, "one")].params["trains"] == "critic, body"


def test_pasted_optimizers_train_what_was_pasted_with_them():
    document = drawn()
    pasted, ids = paste(document, copy(document, document.graph.nodes))
    nodes = {pasted.graph.nodes[id].name: pasted.graph.nodes[id] for id in ids}
    assert nodes["one2"].params["trains"] == "judge2"
    assert trained(pasted)["one"] == ["judge"]
    only, ids = paste(document, copy(document, [called(document, "one")]))
    assert only.graph.nodes[ids[0]].params["trains"] == "judge"


@pytest.mark.parametrize("name", ["judge", "body"])
def test_a_removed_block_is_missed(name):
    document = edits.remove(drawn("judge", "body"), [called(drawn(), name)], heal=True)
    assert [p.code for p in problems(document, "trains-unknown")] == ["trains-unknown"]
