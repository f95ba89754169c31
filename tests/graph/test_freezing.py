"""Frozen blocks: what they are in files and edits, and what follows for costs and problems."""

from __future__ import annotations

import json

import pytest

from graph import clipboard, edits, fileio, surgery
from graph.budget import Plan, Precision, budget
from graph.check import check
from graph.composites.making import make
from graph.composites.repeating import set_repeat, share, unshare
from graph.composites.unpacking import unpack
from graph.cost import Cost, costs
from graph.freezing import set_frozen
from graph.gallery.draw import Drawing
from graph.history import History
from graph.infer import infer
from graph.model import Document, NodeId, Repeat
from graph.needs import needs_of
from graph.problems import Problem, UserError
from tests.drawing import chain, set_params

FIRST, SECOND = 4 * 8 + 8, 8 * 3 + 3


def mlp() -> Document:
    """4 → n2: 8 → tanh → n4: 3, with a loss."""
    document = set_params(chain("input dense tanh dense cross_entropy"), "n1", shape="4")
    document = edits.add(set_params(document, "n2", features=8), "target")
    document = edits.connect(document, NodeId("n6"), "y", NodeId("n5"), "target")
    return set_params(document, "n4", features=3)


def frozen(document: Document, *numbers: int) -> Document:
    return set_frozen(document, [NodeId(f"n{number}") for number in numbers], True)


def frozen_names(document: Document) -> set[str]:
    return {
        node.name for graph in document.graphs() for node in graph.nodes.values() if node.frozen
    }


def total(document: Document) -> Cost:
    return costs(document, infer(document)).total


def problems(document: Document, code: str) -> list[Problem]:
    return [problem for problem in check(document, infer(document)) if problem.code == code]


def test_a_frozen_block_comes_back_from_its_file_and_others_take_no_more_room():
    document = frozen(mlp(), 2)
    text = fileio.dumps(document)
    assert text.count('"frozen"') == 1
    assert fileio.loads(text).document == document


def test_a_value_that_is_no_truth_value_is_refused_with_the_block():
    data = json.loads(fileio.dumps(mlp()))
    data["nodes"][1]["frozen"] = "yes"
    with pytest.raises(UserError, match="“frozen” of block 2 should be bool"):
        fileio.loads(json.dumps(data))


def test_blocks_without_weights_are_passed_over_and_alone_are_refused():
    document = frozen(mlp(), 1, 2, 3, 5)
    assert frozen_names(document) == {"dense"}
    with pytest.raises(UserError, match="None of these blocks has weights"):
        frozen(mlp(), 3)


def test_freezing_is_taken_back_by_undo():
    history = History.of(mlp()).then("Freeze", frozen(mlp(), 2))
    assert frozen_names(history.undone().document) == set()
    assert frozen_names(history.undone().redone().document) == {"dense"}


def test_copies_repeats_drawn_out_and_blocks_out_of_a_composite_stay_frozen():
    document = frozen(mlp(), 2)
    pasted, ids = clipboard.paste(document, clipboard.copy(document, [NodeId("n2")]))
    assert pasted.node(ids[0]).frozen
    repeated = set_repeat(frozen(chain("input dense output"), 2), [NodeId("n2")], Repeat(3))
    assert len(frozen_names(unpack(repeated, NodeId("n2"))[0])) == 3
    composed = make(document, [NodeId("n2"), NodeId("n3")], "Part")
    assert frozen_names(composed) == {"dense"}
    again, _ = unpack(composed, NodeId("n7"))
    assert frozen_names(again) == {"dense"}


def test_what_comes_out_of_a_frozen_composite_is_frozen_if_it_has_weights():
    composed = frozen(make(mlp(), [NodeId("n2"), NodeId("n3")], "Part"), 7)
    assert frozen_names(composed) == {"part"}
    assert frozen_names(unpack(composed, NodeId("n7"))[0]) == {"dense"}


def test_definitions_that_differ_in_what_is_frozen_are_two_when_pasted():
    plain = make(mlp(), [NodeId("n2"), NodeId("n3")], "Part")
    inside = frozen(plain.inside("Part"), 2).whole()
    clip = clipboard.copy(inside, [NodeId("n7")])
    pasted, _ = clipboard.paste(plain, clip)
    assert set(pasted.definitions) == {"Part", "Part2"}


def test_another_kind_in_its_place_learns():
    assert (
        not surgery.replace_kind(frozen(mlp(), 2), NodeId("n2"), "relu").node(NodeId("n2")).frozen
    )


def test_shared_weights_are_frozen_with_the_block_that_owns_them():
    document = chain("input dense tanh dense output")
    document = set_params(set_params(document, "n2", features=64), "n1", shape="64")
    shared = share(set_params(document, "n4", features=64), NodeId("n4"), NodeId("n2"))
    both = frozen(shared, 4)
    assert both.node(NodeId("n2")).frozen and both.node(NodeId("n4")).frozen
    assert frozen_names(share(frozen(unshare(both, [NodeId("n4")]), 4), NodeId("n4"), NodeId("n2")))
    only_owner = json.loads(fileio.dumps(both))
    del only_owner["nodes"][3]["frozen"]
    graph = fileio.loads(json.dumps(only_owner)).document.graph
    assert graph.is_frozen(NodeId("n4"))


def test_costs_tell_what_learns_of_all_also_inside_composites_and_repeats():
    assert (total(mlp()).trainable, total(mlp()).parameters) == (FIRST + SECOND, FIRST + SECOND)
    one = total(frozen(mlp(), 2))
    assert (one.trainable, one.parameters) == (SECOND, FIRST + SECOND)
    composed = make(mlp(), [NodeId("n2"), NodeId("n3")], "Part")
    assert total(frozen(composed, 7)).trainable == SECOND
    inside = frozen(composed.inside("Part"), 2).whole()
    assert total(inside).trainable == SECOND
    assert total(set_params(inside, "n1", shape="8")).frozen == 8 * 8 + 8
    square = set_params(inside, "n1", shape="8")
    assert total(set_repeat(square, [NodeId("n7")], Repeat(3))).frozen == 3 * 72
    assert total(set_repeat(square, [NodeId("n7")], Repeat(3, "shared"))).frozen == 72


def test_costs_after_an_edit_are_those_from_scratch():
    before = mlp()
    typing = infer(before)
    known = costs(before, typing)
    for numbers in ((2,), (2, 4)):
        document = frozen(before, *numbers)
        later = infer(document, typing)
        assert costs(document, later, known, later.visited) == costs(document, infer(document))


def test_what_stands_before_all_that_learns_keeps_nothing_for_the_backward_pass():
    kept, first = total(mlp()).activation_bytes, total(frozen(mlp(), 2)).activation_bytes
    assert kept - first == 4 * 4  # the input; what tanh gives is kept by the second layer too
    assert total(frozen(mlp(), 2, 4)).activation_bytes == 0


def test_a_budget_has_no_gradients_and_states_of_what_is_frozen():
    document = frozen(mlp(), 2)
    typing = infer(document)
    needs = needs_of(document, typing, costs(document, typing))
    found = budget(needs, document.sizes, Plan(Precision.MIXED, "adam"))
    assert found.weights == 2 * (FIRST + SECOND)
    assert found.gradients == 2 * SECOND
    assert found.master_weights == 4 * SECOND
    assert found.optimizer_states == 8 * SECOND
    assert budget(needs, document.sizes, Plan()).optimizer_states == 8 * SECOND


def test_a_drawing_in_which_all_is_frozen_is_told_of_with_a_way_out():
    assert not problems(frozen(mlp(), 2), "all-frozen")
    document = frozen(mlp(), 2, 4)
    [problem] = problems(document, "all-frozen")
    assert "“dense”, “dense2”" in problem.text
    [fix] = problem.fixes
    assert not problems(fix.edit(document), "all-frozen")


def test_an_optimizer_tells_of_what_it_names_that_is_frozen():
    d = Drawing()
    body = d.add("dense", d.add("input", shape="4"), name="body", features=8)
    judge = d.add("dense", d.add("tanh", body), name="judge", features=3)
    loss = d.add("cross_entropy", judge, d.add("target"))
    one = d.add("optimizer", loss, name="one", trains="body, judge")
    some = set_frozen(d.document, [body.node], True)
    [problem] = problems(some, "trains-frozen")
    assert problem.nodes == (one.node,) and "“body”" in problem.text
    assert not problems(some, "trains-nothing")
    every = set_frozen(some, [judge.node], True)
    [problem] = problems(every, "trains-nothing")
    assert "frozen" in problem.text and "“body”, “judge”" in problem.text
    assert not problems(problem.fixes[0].edit(every), "trains-nothing")
