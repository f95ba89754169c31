"""A port shows by shape, letter and colour what kind of values it carries."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from app.canvas.geometry import PORT_R
from app.canvas.markers import marker_path, paint_marker
from app.canvas.mirror import Mirror
from app.canvas.port_kinds import Kind, PortKinds, kind_at, kind_of
from graph import edits, switching
from graph.check import check
from graph.infer import infer
from graph.model import Document, NodeId
from graph.tensor import T
from tests.drawing import chain, set_params

SIDE = 48


def mirrored(document: Document) -> Mirror:
    mirror = Mirror()
    typing = infer(document)
    mirror.rebuild(document, typing, check(document, typing))
    return mirror


def classifier() -> Document:
    """An image, a vector, a target of classes and a loss."""
    document = edits.add(chain("input flatten dense cross_entropy"), "target", (300, 0))
    document = set_params(document, "n1", shape="3, 8, 8")
    return edits.connect(document, NodeId("n5"), "y", NodeId("n4"), "target")


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        (None, Kind.ANY),
        (T("N", 3, 8, 8), Kind.IMAGE),
        (T("N", 1, 4, 8, 8), Kind.IMAGE),
        (T("N", "T", 64), Kind.SEQUENCE),
        (T("N", 64), Kind.VECTOR),
        (T("N"), Kind.NUMBER),
        (T(), Kind.NUMBER),
        (T(64), Kind.VECTOR),
        (T("N", "T", dtype="int64"), Kind.TOKENS),
        (T("N", dtype="bool"), Kind.TOKENS),
    ],
)
def test_a_type_has_a_kind_by_its_dtype_and_its_axes_beside_the_batch(type_, kind) -> None:
    assert kind_of(type_) is kind


def test_ports_have_the_kind_of_what_flows_through_them() -> None:
    mirror = mirrored(classifier())
    loss = NodeId("n4")
    assert kind_at(mirror, NodeId("n1"), (False, "y", 0)) is Kind.IMAGE
    assert kind_at(mirror, NodeId("n2"), (True, "x", 0)) is Kind.IMAGE
    assert kind_at(mirror, NodeId("n2"), (False, "y", 0)) is Kind.VECTOR
    assert kind_at(mirror, loss, (True, "target", 0)) is Kind.TOKENS
    assert kind_at(mirror, loss, (False, "loss", 0)) is Kind.NUMBER


def test_a_port_without_a_wire_may_be_of_any_kind() -> None:
    mirror = mirrored(chain("dense"))
    assert set(PortKinds(mirror).of(0)) == {Kind.ANY}


def test_a_bypassed_block_shows_what_goes_past_it() -> None:
    document = set_params(chain("input relu output"), "n1", shape="3, 8, 8")
    mirror = mirrored(switching.set_bypassed(document, [NodeId("n2")], True))
    assert set(PortKinds(mirror).of(1)) == {Kind.IMAGE}


def test_kinds_follow_the_document() -> None:
    mirror = mirrored(classifier())
    kinds = PortKinds(mirror)
    assert kinds.of(0) == (Kind.IMAGE,)
    document = set_params(mirror.document, "n1", shape="7")
    typing = infer(document)
    mirror.rebuild(document, typing, check(document, typing))
    assert kinds.of(0) == (Kind.VECTOR,)


def painted(kind: Kind, *, letter: bool = False, hollow: bool = False) -> np.ndarray:
    image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
    image.fill(0)
    with QPainter(image) as painter:
        painter.translate(SIDE / 2, SIDE / 2)
        painter.scale(2.5, 2.5)
        black, white = QColor("#000000"), QColor("#ffffff")
        paint_marker(painter, kind, PORT_R, white, black, is_hollow=hollow, letter=letter)
    return np.array(image.constBits(), np.uint8).reshape(SIDE, -1)[:, :SIDE].astype(float)


def test_shapes_differ_without_their_colours(qapp) -> None:
    shapes = {kind: painted(kind) for kind in Kind}
    for one, other in combinations(Kind, 2):
        apart = np.abs(shapes[one] - shapes[other]).sum()
        assert apart > 0.12 * min(shapes[one].sum(), shapes[other].sum()), (one, other)


def test_each_kind_but_the_unknown_wears_a_letter_of_its_own(qapp) -> None:
    letters = [kind.letter for kind in Kind if kind is not Kind.ANY]
    assert all(letters)
    assert len(set(letters)) == len(letters)
    for kind in Kind:
        differs = (painted(kind) != painted(kind, letter=True)).any()
        assert differs == bool(kind.letter)


def test_a_letter_stays_within_its_shape(qapp) -> None:
    for kind in Kind:
        bare, lettered = painted(kind), painted(kind, letter=True)
        border = bare != painted(kind, hollow=True)
        assert (lettered[bare == 0] == 0).all()
        assert ((lettered != bare) & border).any() == bool(kind.letter)


def test_shapes_are_about_equally_large(qapp) -> None:
    areas = [painted(kind).sum() for kind in Kind]
    assert max(areas) < 1.8 * min(areas)
    assert all(marker_path(kind, PORT_R).boundingRect().width() < 3 * PORT_R for kind in Kind)
