"""Two drawings compared, in words."""

from dataclasses import replace

from graph import edits
from graph.data import DataSpec
from graph.differences import Difference, differences, recipe_differences
from graph.gallery import entries
from graph.model import Document, NodeId, Repeat
from tests.backends.pytorch.drawings import iris_mlp, with_recipe
from tests.drawing import set_params

DENSE = NodeId("n2")


def test_a_drawing_does_not_differ_from_itself_or_from_itself_moved():
    drawing = iris_mlp()
    moved = edits.move(drawing, {DENSE: (500.0, 3.0)})
    assert differences(drawing, drawing) == differences(drawing, moved) == ()
    assert recipe_differences(drawing, moved) == ()


def test_a_changed_parameter_is_told_with_both_values():
    title = edits.label(iris_mlp(), DENSE)
    assert differences(iris_mlp(), set_params(iris_mlp(), "n2", features=32, bias=False)) == (
        Difference("changed", title, "Features", "16", "32"),
        Difference("changed", title, "Bias", "yes", "no"),
    )


def test_blocks_and_wires_that_come_and_go_are_told():
    drawing = iris_mlp()
    longer = edits.add(drawing, "dropout", (0, 0))
    new = next(reversed(longer.graph.nodes))
    assert differences(drawing, longer) == (Difference("added", edits.label(longer, new)),)
    assert differences(longer, drawing) == (Difference("removed", edits.label(longer, new)),)
    edge = next(edge for edge in drawing.graph.wires if edge.target == DENSE)
    loose = edits.disconnect(drawing, [edge])
    (found,) = differences(drawing, loose)
    assert (found.kind, found.name, found.before, found.after) == ("removed", "Wire", "y → x", "")
    assert found.what.endswith(edits.label(drawing, DENSE))


def test_names_flags_and_repeats_are_told():
    drawing = iris_mlp()
    renamed = edits.rename(drawing, DENSE, "hidden")
    title = edits.label(renamed, DENSE)
    before = drawing.node(DENSE).name
    assert differences(drawing, renamed) == (
        Difference("changed", title, "Name", before, "hidden"),
    )
    node = drawing.node(DENSE)
    other = replace(node, frozen=True, repeat=Repeat(3, "shared"))
    changed = drawing.with_graph({**drawing.graph.nodes, DENSE: other})
    assert [(d.name, d.before, d.after) for d in differences(drawing, changed)] == [
        ("Repeat", "", "3 × shared"), ("Frozen", "no", "yes"),
    ]  # fmt: skip


def test_drawings_that_were_drawn_apart_are_compared_by_names():
    first = edits.add(Document(), "dense", name="a")
    second = edits.add(edits.add(Document(), "relu", name="r"), "dense", name="a")
    second = edits.set_param(second, [list(second.graph.nodes)[1]], "features", 7)
    assert [(d.kind, d.name, d.after) for d in differences(first, second)] == [
        ("added", "", ""), ("changed", "Features", "7"),
    ]  # fmt: skip


def test_recipe_data_and_variables_are_told():
    before = iris_mlp()
    after = with_recipe(before, learning_rate=0.5, optimizer="sgd")
    after = edits.set_data(after, DataSpec("digits", {"seed": 3}))
    assert {(d.what, d.name, d.before, d.after) for d in recipe_differences(before, after)} == {
        ("Data", "", "iris", "digits"), ("Data", "seed", "", "3"),
        ("Recipe", "Learning rate", "0.001", "0.5"), ("Recipe", "Optimizer", "adam", "sgd"),
    }  # fmt: skip


def test_what_is_inside_composites_is_told_behind_their_names():
    drawing = next(made for entry in entries() if (made := entry.build()).definitions)
    inside, definition = next(iter(drawing.definitions.items()))
    id, node = next(iter(definition.graph.nodes.items()))
    renamed = {**definition.graph.nodes, id: replace(node, name="quite_other")}
    changed = replace(definition, graph=replace(definition.graph, nodes=renamed))
    other = replace(drawing, definitions={**drawing.definitions, inside: changed})
    (difference,) = differences(drawing, other)
    assert difference.what.startswith(f"{inside} › ")
    assert difference.after == "quite_other"
