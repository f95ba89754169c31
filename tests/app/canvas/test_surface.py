"""The view moves as fingers, wheel and keys say, and shows what is there."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolTip, QVBoxLayout, QWidget

from app.canvas import Canvas
from app.canvas.camera import Camera, shows
from app.session import Session
from app.theme import DARK, LIGHT
from graph import edits
from graph.model import Document, NodeId
from tests.drawing import draw

NO_KEYS = Qt.KeyboardModifier.NoModifier
NO_PX = QPoint()
N1, N2 = NodeId("n1"), NodeId("n2")


def shown(qtbot, document: Document) -> Canvas:
    """A canvas of 800 x 600 with a drawing."""
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.set_theme(DARK)
    canvas.resize(800, 600)
    session = Session(document)
    session.setParent(canvas)
    canvas.set_session(session)
    with qtbot.waitExposed(canvas):
        canvas.show()
    return canvas


def wheel(canvas, angle=0, pixels=NO_PX, keys=NO_KEYS, phase=Qt.ScrollPhase.NoScrollPhase):
    at = QPointF(200, 150)
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), pixels, QPoint(0, angle), Qt.MouseButton.NoButton, keys,
        phase, False,
    )  # fmt: skip
    canvas.wheelEvent(event)


def test_a_drawing_is_fitted_until_it_is_looked_at_closely(qtbot):
    canvas = shown(qtbot, draw("dense relu flatten"))
    assert shows(canvas.camera, canvas.mirror.bounds(), 800, 600)
    canvas.resize(500, 400)
    assert shows(canvas.camera, canvas.mirror.bounds(), 500, 400)
    canvas.zoom_to(1.0)
    canvas.resize(700, 500)
    assert canvas.camera.scale == 1.0


def test_a_fitted_drawing_stays_fitted_while_the_canvas_grows_and_shrinks(qtbot):
    canvas = shown(qtbot, draw(" ".join(["dense"] * 30)))
    canvas.zoom_to(1.0)
    canvas.fit()
    small = canvas.camera.scale
    canvas.resize(800, 1200)
    assert canvas.camera.scale > 1.5 * small
    canvas.resize(400, 300)
    assert shows(canvas.camera, canvas.mirror.bounds(), 400, 300)
    canvas.look(canvas.camera.panned(40, 0))
    before = canvas.camera
    canvas.resize(800, 600)
    assert canvas.camera == before


def test_editing_does_not_move_the_view(qtbot):
    canvas = shown(qtbot, draw("dense"))
    before = canvas.camera
    canvas.session.apply("Move", lambda d: edits.move(d, {N1: (5000, 0)}))
    canvas.resize(700, 600)
    assert canvas.camera == before


def test_the_wheel_zooms_at_the_pointer(qtbot):
    canvas = shown(qtbot, draw("dense"))
    before = canvas.camera.to_canvas(200, 150)
    wheel(canvas, 120)
    assert canvas.camera.scale > 1
    assert canvas.camera.to_canvas(200, 150) == pytest.approx(before)


def test_two_fingers_move_the_view_and_zoom_with_control(qtbot):
    canvas = shown(qtbot, draw("dense"))
    before = canvas.camera
    wheel(canvas, 15, QPoint(7, -11), phase=Qt.ScrollPhase.ScrollUpdate)
    assert canvas.camera == before.panned(7, -11)
    keys = Qt.KeyboardModifier.ControlModifier
    wheel(canvas, 15, QPoint(7, -11), keys, Qt.ScrollPhase.ScrollUpdate)
    assert canvas.camera.scale > before.scale


def test_a_wheel_that_tells_px_still_zooms(qtbot):
    canvas = shown(qtbot, draw("dense"))
    wheel(canvas, 120, QPoint(0, 40))
    assert canvas.camera.scale > 1


@pytest.mark.parametrize("with_space", [False, True])
def test_middle_button_or_space_drags_the_view(qtbot, with_space):
    canvas = shown(qtbot, draw("dense"))
    before = canvas.camera
    button = Qt.MouseButton.LeftButton if with_space else Qt.MouseButton.MiddleButton
    if with_space:
        QTest.keyPress(canvas, Qt.Key.Key_Space)
    QTest.mousePress(canvas, button, NO_KEYS, QPoint(300, 300))
    QTest.mouseMove(canvas, QPoint(340, 280))
    assert canvas.camera == before.panned(40, -20)
    QTest.mouseRelease(canvas, button, NO_KEYS, QPoint(340, 280))
    if with_space:
        QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.camera == before.panned(40, -20)
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_escape_takes_a_drag_of_the_view_back(qtbot):
    canvas = shown(qtbot, draw("dense"))
    before = canvas.camera
    QTest.mousePress(canvas, Qt.MouseButton.MiddleButton, NO_KEYS, QPoint(300, 300))
    QTest.mouseMove(canvas, QPoint(340, 280))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, Qt.MouseButton.MiddleButton, NO_KEYS, QPoint(340, 280))
    assert canvas.camera == before
    assert canvas.gesture is None


def test_going_to_a_block_brings_it_into_view_at_a_readable_size(qtbot):
    canvas = shown(qtbot, edits.move(draw("dense relu"), {N2: (9000, 9000)}))
    canvas.center_on([N2])
    assert shows(canvas.camera, canvas.mirror.bounds([N2]), 800, 600)
    assert canvas.camera.scale >= 0.7


def test_going_to_a_block_in_view_moves_nothing(qtbot):
    canvas = shown(qtbot, draw("dense relu"))
    before = canvas.camera
    canvas.center_on([N2])
    assert canvas.camera == before
    canvas.center_on([NodeId("n9")])
    assert canvas.camera == before


def test_the_minimap_appears_when_not_all_is_in_view_and_moves_the_view(qtbot):
    canvas = shown(qtbot, edits.move(draw("dense relu"), {N2: (3000, 2000)}))
    assert not canvas.minimap.isVisible()
    canvas.zoom_to(1.0)
    assert canvas.minimap.isVisible()
    x, y = canvas.minimap.camera().to_view(3095, 2033)
    button = Qt.MouseButton.LeftButton
    QTest.mouseClick(canvas.minimap, button, NO_KEYS, QPoint(round(x), round(y)))
    assert shows(canvas.camera, canvas.mirror.bounds([N2]), 800, 600)


def test_the_minimap_fades_over_blocks_until_the_pointer_is_on_it(qtbot):
    canvas = shown(qtbot, edits.move(draw("dense relu"), {N2: (3000, 2000)}))
    minimap, under = canvas.minimap, QPoint(2, 2)
    canvas.look(Camera(1.0, 0.0, 0.0))
    assert not minimap.is_faded()
    canvas.look(Camera(1.0, 620.0, 480.0))
    assert minimap.is_faded()
    QTest.mouseMove(canvas, QPoint(5, 5))
    QTest.mouseMove(minimap, QPoint(90, 60))
    qtbot.waitUntil(lambda: not minimap.is_faded())
    QTest.mouseMove(canvas, under)
    qtbot.waitUntil(minimap.is_faded)


def test_a_fitted_drawing_needs_no_minimap(qtbot):
    canvas = shown(qtbot, edits.move(draw("dense relu"), {N2: (3000, 2000)}))
    canvas.zoom_to(1.0)
    canvas.fit()
    assert not canvas.minimap.isVisible()


def test_the_foot_bar_tells_the_scale_and_changes_it(qtbot):
    canvas = shown(qtbot, draw("dense relu"))
    canvas.zoom_to(0.5)
    qtbot.waitUntil(lambda: canvas.foot_bar.scale.text() == "50 %")
    canvas.foot_bar.into.click()
    assert canvas.camera.scale == pytest.approx(0.625)
    canvas.foot_bar.scale.click()
    assert canvas.camera.scale == 1.0
    canvas.look(Camera(1.0, -9000, 0))
    canvas.foot_bar.fit.click()
    assert shows(canvas.camera, canvas.mirror.bounds(), 800, 600)


def test_the_foot_bar_offers_nothing_for_an_empty_canvas(qtbot):
    canvas = shown(qtbot, Document())
    assert not canvas.foot_bar.fit.isEnabled()
    assert not canvas.foot_bar.arrange.isEnabled()


def test_a_tooltip_tells_what_a_port_is(qtbot):
    canvas = shown(qtbot, draw("mse"))
    x, y = canvas.camera.to_view(63, 0)
    at = QPoint(round(x), round(y))
    canvas.event(QHelpEvent(QEvent.Type.ToolTip, at, canvas.mapToGlobal(at)))
    assert "prediction" in QToolTip.text()
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_port_under_the_pointer_lights_up(qtbot):
    canvas = shown(qtbot, draw("dense"))
    x, y = canvas.camera.to_view(95, 66)
    QTest.mouseMove(canvas, QPoint(5, 5))
    QTest.mouseMove(canvas, QPoint(round(x), round(y)))
    qtbot.waitUntil(lambda: canvas.highlights.port is not None)
    assert canvas.highlights.port.name == "y"


def test_the_active_block_and_another_theme_change_the_picture(qtbot):
    canvas = shown(qtbot, draw("dense"))
    plain = canvas.grab().toImage()
    canvas.set_active_node(N1)
    marked = canvas.grab().toImage()
    canvas.set_theme(LIGHT)
    light = canvas.grab().toImage()
    assert plain != marked != light


def test_the_canvas_can_be_reached_and_named_by_assistive_tools(qtbot):
    canvas = shown(qtbot, draw("dense"))
    assert canvas.focusPolicy() == Qt.FocusPolicy.StrongFocus
    assert canvas.accessibleName()


def test_an_older_session_no_longer_reaches_the_canvas(qtbot):
    canvas = shown(qtbot, draw("dense"))
    first = canvas.session
    canvas.set_session(Session(draw("relu conv2d"), parent=canvas))
    first.apply("Add", lambda d: edits.add(d, "dense"))
    assert len(canvas.mirror.ids) == 2


def test_shift_and_tab_leave_the_canvas(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    field, canvas = QLineEdit(), Canvas()
    canvas.set_session(Session(draw("dense"), parent=canvas))
    layout.addWidget(field)
    layout.addWidget(canvas)
    with qtbot.waitActive(window):
        window.show()
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert field.hasFocus()
