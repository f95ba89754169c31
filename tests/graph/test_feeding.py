"""New Inputs and Targets fit the data, and losses without an answer are offered one."""

from __future__ import annotations

from graph import edits
from graph.check import check
from graph.data import Column, DataInfo
from graph.feeding import fitted, target_fix
from graph.infer import infer
from graph.model import Document, Edge, NodeId, Wires
from graph.problems import Problem
from graph.registry import default_registry
from tests.drawing import chain, draw

DATA = DataInfo(
    "Pairs",
    (
        Column("left", (1, 8, 8), "float32", "input"),
        Column("right", (), "int64", "input"),
        Column("answer", (), "float32", "target"),
    ),
    rows=10,
    test_rows=0,
)


def params(document: Document, id: str) -> dict[str, object]:
    return dict(document.graph.nodes[NodeId(id)].params)


def problem(document: Document, code: str) -> Problem:
    found = check(document, infer(document), data=DATA)
    return next(problem for problem in found if problem.code == code)


def test_the_first_input_reads_the_first_column_as_it_is() -> None:
    assert params(fitted(draw("input"), NodeId("n1"), DATA), "n1") == {"shape": "1, 8, 8"}


def test_the_second_input_reads_the_second_column() -> None:
    document = fitted(draw("input input"), NodeId("n2"), DATA)
    assert params(document, "n1") == {}
    assert params(document, "n2") == {"shape": "", "dtype": "int64"}


def test_an_input_that_names_its_column_leaves_the_first_to_the_next() -> None:
    document = edits.set_param(draw("input input"), [NodeId("n1")], "column", "right")
    assert params(fitted(document, NodeId("n2"), DATA), "n2") == {"shape": "1, 8, 8"}


def test_a_target_takes_the_numbers_of_the_answers() -> None:
    assert params(fitted(draw("target"), NodeId("n1"), DATA), "n1") == {"dtype": "float32"}


def test_other_blocks_and_columns_that_are_not_there_change_nothing() -> None:
    document = draw("conv2d input input input")
    for id in ("n1", "n4"):
        assert fitted(document, NodeId(id), DATA) is document
    assert fitted(document, NodeId("n2"), None) is document


def test_a_loss_without_answers_is_offered_a_target() -> None:
    document = chain("input dense mse")
    (fix,) = problem(document, "open-input").fixes
    assert fix.label == "Add a Target"
    mended = fix.edit(document)
    assert params(mended, "n4") == {"dtype": "float32"}
    assert [edge.source for edge in mended.graph.edges_into(NodeId("n3"), "target")] == ["n4"]


def test_a_loss_is_offered_the_target_that_is_there() -> None:
    document = edits.add(chain("input dense mse"), "target", (400, 0), name="price")
    (fix,) = problem(document, "open-input").fixes
    assert fix.label == "Wire it to “price”"
    assert fix.edit(document).graph.edges_into(NodeId("n3"), "target")


def test_only_open_targets_are_offered_anything() -> None:
    registry = default_registry()
    document = chain("input dense mse")
    assert target_fix(document, NodeId("n2"), DATA, registry) is None
    fix = target_fix(document, NodeId("n3"), DATA, registry)
    assert fix is not None
    assert target_fix(fix.edit(document), NodeId("n3"), DATA, registry) is None


def test_an_input_that_is_added_as_a_fix_fits_the_data() -> None:
    document = draw("dense")
    (fix,) = problem(document, "no-input").fixes
    assert params(fix.edit(document), "n2") == {"shape": "1, 8, 8"}


def test_an_open_input_is_offered_the_nearest_answer_above_that_nothing_takes() -> None:
    document = edits.add(chain("input dense"), "input", (0, 150))
    document = edits.add(document, "relu", (0, 300))
    (fix,) = problem(document, "open-input").fixes
    assert fix.label == "Wire it to “inputs2”"
    assert [e.source for e in fix.edit(document).graph.inputs_of(NodeId("n4"))] == ["n3"]


def test_loose_blocks_below_each_other_are_offered_to_each_other() -> None:
    found = check(draw("input dense relu mse"), infer(draw("input dense relu mse")), data=DATA)
    labels = [fix.label for p in found if p.code == "open-input" for fix in p.fixes]
    assert sorted(labels) == ["Wire it to “dense”", "Wire it to “inputs”", "Wire it to “relu”"]


def test_an_open_input_is_offered_nothing_that_comes_after_it() -> None:
    document = edits.move(chain("relu gelu"), {NodeId("n2"): (0, -100)})
    assert problem(document, "open-input").fixes == ()


def test_a_drawing_without_a_loss_is_offered_one_for_its_answers_with_a_target() -> None:
    document = chain("input dense output")
    (fix,) = problem(document, "no-loss").fixes
    assert fix.label == "Add MSE"
    mended = fix.edit(document).graph
    assert [edge.source for edge in mended.edges_into(NodeId("n4"), "prediction")] == ["n2"]
    assert [edge.source for edge in mended.edges_into(NodeId("n4"), "target")] == ["n5"]


def test_classes_want_a_cross_entropy_at_the_last_layer() -> None:
    classes = Column("kind", (), "int64", "target", ("a", "b"))
    data = DataInfo("Kinds", (DATA.columns[0], classes), rows=10, test_rows=0)
    document = chain("input dense relu")
    found = check(document, infer(document), data=data)
    (fix,) = next(p for p in found if p.code == "no-loss").fixes
    assert fix.label == "Add Cross-entropy"
    assert fix.edit(document).graph.edges_into(NodeId("n4"), "prediction")[0].source == "n3"


def test_nothing_is_offered_where_the_drawing_answers_nothing() -> None:
    assert problem(draw("input"), "no-loss").fixes == ()


def test_no_loss_is_offered_behind_a_block_that_a_file_forgot() -> None:
    document = chain("input output")
    stray = Edge(NodeId("n9"), "y", NodeId("n2"), "x")
    document = document.with_graph(wires=Wires({NodeId("n2"): (stray,)}))
    problems = check(document, infer(document))
    (no_loss,) = [problem for problem in problems if problem.code == "no-loss"]
    assert no_loss.fixes == ()


def test_a_second_loss_is_offered_a_target_for_the_answer_that_no_target_reads() -> None:
    two = DataInfo("Homes", (*DATA.columns, Column("sold", (), "int64", "target")), 10, 0)
    document = chain("input dense cross_entropy mse")
    registry = default_registry()
    for id, label in (("n3", "Add a Target"), ("n4", "Add a Target")):
        fix = target_fix(document, NodeId(id), two, registry)
        assert fix is not None and fix.label == label
        document = fix.edit(document)
    third = edits.add(document, "mse", (0, 900))
    fix = target_fix(third, edits.next_node_id(document), two, registry)
    assert fix is not None and fix.label == "Wire it to “target”"
    metric = edits.add(draw("input dense cross_entropy target"), "accuracy", (0, 900))
    metric = edits.connect(metric, NodeId("n4"), "y", NodeId("n3"), "target")
    fix = target_fix(metric, NodeId("n5"), two, registry)
    assert fix is not None and fix.label == "Wire it to “target”"
