"""Bypassed and muted blocks: what is at work of a drawing, and what is told of the rest."""

from __future__ import annotations

import json
import random

import pytest

from graph import clipboard, edits, fileio
from graph.check import check
from graph.composites.making import make
from graph.composites.repeating import share
from graph.composites.unpacking import unpack
from graph.cost import costs
from graph.gallery.draw import Drawing
from graph.history import History
from graph.infer import Typing, infer
from graph.lower import lower
from graph.model import Document, NodeId
from graph.problems import Problem, UserError
from graph.switching import set_bypassed, set_muted
from tests.drawing import chain, draw, set_params


def ids(*numbers: int) -> list[NodeId]:
    return [NodeId(f"n{number}") for number in numbers]


def bypassed(document: Document, *numbers: int) -> Document:
    return set_bypassed(document, ids(*numbers), True)


def muted(document: Document, *numbers: int) -> Document:
    return set_muted(document, ids(*numbers), True)


def off_ways(document: Document) -> tuple[bool, bool]:
    node = document.node(NodeId("n2"))
    return node.bypassed, node.muted


def problems(document: Document, *codes: str) -> list[Problem]:
    found = check(document, infer(document))
    return [problem for problem in found if not codes or problem.code in codes]


def steps(document: Document) -> list[str]:
    program = lower(document, infer(document))
    assert not program.gaps
    return [step.name for step in (*program.body, *program.objective)]


def classifier() -> Document:
    """input, dense, relu, dense, cross-entropy with its target, output."""
    document = set_params(chain("input dense relu dense cross_entropy"), "n1", shape="4")
    document = edits.add(edits.add(document, "target"), "output")
    document = edits.connect(document, *ids(6), "y", *ids(5), "target")
    return edits.connect(document, *ids(4), "y", *ids(7), "x")


def test_a_bypassed_block_is_not_there_and_its_input_goes_on():
    document = bypassed(set_params(classifier(), "n2", features=9), 2)
    typing = infer(document)
    assert not problems(document)
    assert str(typing.type_of(*ids(3), "y")) == "N×4"
    assert steps(document) == ["relu", "dense2", "cross_entropy"]
    assert set(typing.types).isdisjoint(ids(2))
    assert str(typing.type_of(*ids(2), "y")) == "N×4"  # what its wires show


def test_several_bypassed_blocks_in_a_row_pass_the_same_on():
    document = bypassed(classifier(), 2, 3, 4)
    typing = infer(document)
    assert str(typing.type_of(*ids(4), "y")) == "N×4"
    assert steps(document) == ["cross_entropy"]


def test_the_first_wire_of_many_goes_on():
    d = Drawing()
    x = d.add("input", shape="4")
    a, b = d.add("dense", x, features=5), d.add("dense", x, features=5)
    d.add("output", d.add("add", a, b))
    (add,) = (id for id, node in d.document.graph.nodes.items() if node.kind == "add")
    document = set_bypassed(d.document, [add], True)
    program = lower(document, infer(document))
    assert program.returns[0].endpoint == (a.node, "y")


def test_what_reads_a_further_output_of_a_bypassed_block_waits_and_says_so():
    d = Drawing()
    lstm = d.add("lstm", d.add("input", shape="T, 8"), units=8)
    d.add("output", lstm, name="sequence")
    d.add("output", d.add("tanh", lstm.at("last")), name="last")
    document = set_bypassed(d.document, [lstm.node], True)
    [problem] = problems(document, "switched-off", "refused", "open-input", "unused")
    assert "Tanh “tanh” waits for “last” of LSTM “lstm”, which is bypassed" in problem.text
    assert [result.name for result in lower(document, infer(document)).returns] == ["sequence"]
    [fix] = problem.fixes
    assert not problems(fix.edit(document), "switched-off")


def test_a_muted_branch_is_left_out_and_the_rest_works():
    d = Drawing()
    x = d.add("dense", d.add("input", shape="4"), name="stem", features=8)
    main = d.add("dense", x, name="main", features=3)
    aux = d.add("dense", d.add("relu", d.add("dense", x, name="first")), name="aux", features=3)
    target = d.add("target")
    d.add("cross_entropy", main, target, name="mistakes")
    d.add("cross_entropy", aux, target, name="aux_loss")
    (first,) = (id for id, node in d.document.graph.nodes.items() if node.name == "first")
    document = set_muted(d.document, [first], True)
    assert steps(document) == ["stem", "main", "mistakes"]
    [problem] = problems(document)
    assert problem.text.startswith("ReLU “relu” waits for Dense “first”, which is muted")
    assert [fix.label for fix in problem.fixes] == ["Unmute “first”"]


def test_many_and_optional_inputs_just_lack_what_is_muted():
    document = draw("input dense dense dense concat output")
    document = set_params(document, "n1", shape="4")
    for number, width in ((2, 3), (3, 5), (4, 7)):
        document = set_params(document, f"n{number}", features=width)
        document = edits.connect(document, *ids(1), "y", *ids(number), "x")
        document = edits.connect(document, *ids(number), "y", *ids(5), "xs")
    document = edits.connect(document, *ids(5), "y", *ids(6), "x")
    typing = infer(muted(document, 3))
    assert str(typing.type_of(*ids(5), "y")) == "N×10"
    assert [edge.slot for edge in typing.graph.inputs_of(NodeId("n5"))] == [0, 1]
    assert [p.code for p in problems(muted(document, 3))] == ["no-loss"]
    assert [p.nodes for p in problems(muted(document, 2, 3, 4), "switched-off")] == [tuple(ids(5))]


def test_a_drawing_whose_loss_is_muted_says_so():
    [problem] = problems(muted(classifier(), 5), "no-loss")
    assert "No loss is at work" in problem.text
    assert problems(muted(classifier(), 1, 2, 3, 4, 5, 6, 7), "no-loss", "no-input") == []


def test_blocks_through_which_nothing_goes_are_muted_only():
    with pytest.raises(UserError, match="cannot be bypassed"):
        bypassed(classifier(), 1)
    with pytest.raises(UserError, match="cannot be bypassed"):
        bypassed(classifier(), 5, 7)
    assert not bypassed(classifier(), 1, 2).node(NodeId("n1")).bypassed


def test_one_is_off_in_one_way_at_a_time():
    document = muted(bypassed(classifier(), 2), 2)
    assert off_ways(document) == (
        False,
        True,
    )
    document = bypassed(document, 2)
    assert off_ways(document) == (
        True,
        False,
    )


def test_a_bypassed_block_without_a_wire_asks_for_one():
    document = edits.disconnect(
        bypassed(classifier(), 3), classifier().graph.inputs_of(NodeId("n3"))
    )
    assert [p.nodes for p in problems(document, "open-input")] == [tuple(ids(3))]


def test_files_and_copies_keep_it_and_wrong_values_are_refused():
    document = muted(bypassed(classifier(), 2), 3)
    assert fileio.loads(fileio.dumps(document)).document == document
    pasted, (new, _) = clipboard.paste(document, clipboard.copy(document, ids(2, 3)))
    assert pasted.node(new).bypassed
    data = json.loads(fileio.dumps(document))
    data["nodes"][1]["bypassed"] = 1
    with pytest.raises(UserError, match="“bypassed” of block 2 should be bool"):
        fileio.loads(json.dumps(data))


def test_undo_lets_it_work_again():
    history = History.of(classifier()).then("Bypass", bypassed(classifier(), 2))
    assert infer(history.undone().document).types.keys() >= set(ids(2))


def test_inside_a_composite_blocks_are_off_in_every_instance():
    composed = make(classifier(), ids(2, 3, 4), "Part")
    inside = set_bypassed(composed.inside("Part"), ids(2), True).whole()
    assert not problems(inside)
    assert costs(inside, infer(inside)).total.parameters == 4 * 64 + 64
    off = set_muted(composed.inside("Part"), ids(3), True).whole()
    [problem] = problems(off, "refused")
    assert "nothing comes to it" in problem.text
    with pytest.raises(UserError, match="are its ports"):
        set_muted(composed.inside("Part"), ids(9), True)


def test_a_composite_is_off_as_a_whole_and_not_taken_apart_meanwhile():
    composed = bypassed(make(classifier(), ids(2, 3), "Part"), 8)
    assert steps(composed) == ["dense2", "cross_entropy"]
    with pytest.raises(UserError, match="switched off"):
        unpack(composed, NodeId("n8"))


def test_who_shares_the_weights_of_a_block_that_is_off_has_them_meanwhile():
    document = set_params(chain("input dense dense dense output"), "n1", shape="64")
    for number in (2, 3, 4):
        document = set_params(document, f"n{number}", features=64)
    document = share(share(document, *ids(3, 2)), *ids(4, 2))
    assert costs(document, infer(document)).total.parameters == 64 * 64 + 64
    off = bypassed(document, 2)
    assert not problems(off, "sharing")
    assert costs(off, infer(off)).total.parameters == 64 * 64 + 64
    assert steps(off) == ["dense2", "dense3"]


def told(document: Document, typing: Typing) -> object:
    """All that is known of a drawing that it can be compared by."""
    wires = typing.graph.wires
    return (
        typing.types, typing.problems.keys(), typing.passed, typing.waits, typing.graph.nodes,
        wires.into, {id: set(edges) for id, edges in wires.consumers.items()},
        [problem.text for problem in check(document, typing)],
        lower(document, typing).gaps,
    )  # fmt: skip


def changed(document: Document, chance: random.Random) -> Document:
    """One more edit of any kind."""
    some = [id for id in document.graph.nodes if chance.random() < 0.2]
    how = chance.randrange(5)
    try:
        if how == 0:
            edges = [e for e in document.graph.edges() if chance.random() < 0.1]
            return edits.disconnect(document, edges)
        if how == 1:
            source, target = chance.sample(list(document.graph.nodes), 2)
            out = chance.choice(edits.ports_of(document, source)[1])
            into = chance.choice(edits.ports_of(document, target)[0])
            return edits.connect(document, source, out, target, into.name)
        if how == 2:
            return edits.move(document, {id: (7.0, chance.random()) for id in some})
        return (set_bypassed, set_muted)[how - 3](document, some, chance.random() < 0.6)
    except (UserError, IndexError):
        return document


@pytest.mark.parametrize("seed", range(4))
def test_what_is_known_after_any_edits_is_what_is_known_from_scratch(seed: int):
    chance = random.Random(seed)
    document = draw("input dense add relu concat dense lstm tanh add multiply dense output output")
    typing = infer(document)
    counted = costs(document, typing)
    for _ in range(80):
        document = changed(document, chance)
        typing = infer(document, typing)
        counted = costs(document, typing, counted, typing.visited)
        fresh = fileio.loads(fileio.dumps(document)).document
        assert told(document, typing) == told(fresh, infer(fresh))
        assert counted == costs(fresh, infer(fresh))


def test_an_optimizer_that_names_what_is_off_says_so():
    document = edits.add(classifier(), "optimizer", params={"trains": "dense"})
    document = edits.connect(document, *ids(5), "loss", *ids(8), "losses")
    assert not problems(document, "trains-nothing", "trains-unknown")
    [problem] = problems(bypassed(document, 2), "trains-nothing", "trains-unknown")
    assert "what it names is bypassed" in problem.text


def test_a_drawing_of_which_nothing_is_left_says_so():
    codes = [problem.code for problem in problems(muted(classifier(), 1, 6))]
    assert codes == ["all-off", "switched-off", "switched-off"]


def test_circles_and_hostile_files_with_blocks_that_are_off_end():
    data = json.loads(fileio.dumps(bypassed(chain("relu relu relu output"), 1, 2, 3)))
    data["edges"].append(["n3.y", "n1.x"])
    document = fileio.loads(json.dumps(data)).document
    assert check(document, infer(document)) is not None
