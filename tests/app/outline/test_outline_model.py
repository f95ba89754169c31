"""The outline as a model: its rows, its words, and how it follows changes."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.outline.model import SHAPE, OutlineModel
from app.session import Session
from graph import edits, remark_edits
from graph.composites.making import make
from graph.model import NodeId
from tests.drawing import chain, set_params

SPOKEN = Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def session(qapp) -> Session:
    return Session(set_params(chain("input conv2d relu output"), "n1", shape="3, 28, 28"))


@pytest.fixture
def model(session) -> OutlineModel:
    made = OutlineModel(session)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.show(session)
    session.changed.connect(lambda _: made.follow())
    return made


def texts(model, parent=None) -> list[str]:
    parent = parent or QModelIndex()
    return [model.index(row, 0, parent).data() for row in range(model.rowCount(parent))]


def test_blocks_stand_in_the_order_of_the_data(model):
    assert texts(model) == ["inputs   Input", "conv   Conv 2D", "relu   ReLU", "output   Output"]
    assert model.index(1, 0).data(SHAPE) == "N×32×26×26"


def test_below_a_block_are_its_wires(model):
    conv = model.index(1, 0)
    assert texts(model, conv) == ["x from inputs", "y to relu"]
    assert model.index(0, 0, conv).data(SHAPE) == "N×3×28×28"
    assert model.parent(model.index(0, 0, conv)) == conv


def test_a_screen_reader_hears_kind_shapes_and_problems(model, session):
    said = model.index(1, 0).data(SPOKEN)
    assert said == "conv, Conv 2D, takes N×3×28×28, gives N×32×26×26"
    session.apply("Set", partial(edits.set_param, ids=[NodeId("n2")], name="kernel_size", value=99))
    assert "error: " in model.index(1, 0).data(SPOKEN)
    assert "⚠" in model.index(1, 0).data()
    assert model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_open_rows_stay_where_blocks_come_and_go(model, session):
    relu = QPersistentModelIndex(model.index(2, 0))
    assert texts(model, relu)[0] == "x from conv"
    session.apply("Remove", partial(edits.remove, ids=[NodeId("n2")], heal=True))
    assert relu.isValid()
    assert relu.row() == 1
    assert texts(model, QModelIndex(relu)) == ["x from inputs", "y to output"]
    session.undo()
    assert relu.row() == 2
    assert texts(model)[1] == "conv   Conv 2D"


def test_a_port_without_a_wire_says_so(model, session):
    session.apply("Add", partial(edits.add, kind="add"))
    place = next(i for i, text in enumerate(texts(model)) if text.startswith("add"))
    rows = texts(model, model.index(place, 0))
    assert any("nothing" in row for row in rows)
    assert rows[-1].endswith("leads nowhere")


def test_frames_and_notes_come_last(model, session):
    session.apply("Note", partial(remark_edits.add_note, at=(0, 0), text="# Why\nso"))
    session.apply("Frame", partial(remark_edits.add_frame, box=(0, 0, 300, 300), title="Stem"))
    assert texts(model)[-2:] == ["Frame: Stem", "Note: Why"]


def test_a_composite_is_opened_in_place(model, session):
    ids = [NodeId("n2"), NodeId("n3")]
    assert session.apply("Make", partial(make, ids=ids, name="Stem"))
    place = next(i for i, text in enumerate(texts(model)) if text.endswith("Stem"))
    block = model.index(place, 0)
    assert texts(model, block)[-1] == "Inside Stem"
    inside = model.index(model.rowCount(block) - 1, 0, block)
    named = [text.split()[0] for text in texts(model, inside)]
    assert named[1:3] == ["conv", "relu"]
    assert "gives N×32×26×26" in model.index(1, 0, inside).data(SPOKEN)
    assert model.parent(model.parent(model.index(1, 0, inside))) == block


def test_a_renamed_block_reads_so_everywhere(model):
    conv = model.index(1, 0)
    assert model.setData(conv, "stem", Qt.ItemDataRole.EditRole)
    assert texts(model)[1] == "stem   Conv 2D"
    assert texts(model, model.index(2, 0))[0] == "x from stem"


def test_shapes_that_are_not_known_leave_no_commas(model, session):
    session.apply("Add", partial(edits.add, kind="lstm"))
    place = next(i for i, text in enumerate(texts(model)) if text.startswith("lstm"))
    assert model.index(place, 0).data(SHAPE) == ""
