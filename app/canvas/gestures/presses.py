"""What a press of the left button begins, by what is under it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from app import states
from app.canvas import commands, points
from app.canvas.gestures.base import Gesture, Modifiers
from app.canvas.gestures.boxing import BoxSelect
from app.canvas.gestures.bundling import DrawBundle, all_of_port, of_selection
from app.canvas.gestures.dropping import DropCopies
from app.canvas.gestures.lasso import Lasso
from app.canvas.gestures.leading import LeadNew, press_point
from app.canvas.gestures.moving import MoveBlocks
from app.canvas.gestures.press import Press
from app.canvas.gestures.remarking import is_over_triangle, press_remark
from app.canvas.gestures.wiring import DrawWire, place
from app.canvas.hits import is_at_chevron, is_over_chevron
from app.canvas.insides import can_look_into
from app.canvas.param_strip import is_on_summary
from app.canvas.peek import peek
from app.canvas.ports import PortRef
from app.canvas.remark_rows import Grip
from app.i18n import tr
from graph.model import Edge, NodeId

if TYPE_CHECKING:
    from app.canvas.gestures.editor import Editor
    from app.session import Session

Key = Qt.KeyboardModifier


def begin(editor: Editor, session: Session, pos: QPointF, modifiers: Modifiers) -> Gesture:
    """The gesture that a press at a place of the widget begins."""
    if editor.drop_lasso():
        return _press_ground(editor, session, pos, modifiers | Key.AltModifier)
    port = editor.port_at(pos)
    if port is not None:
        begin_drag = partial(_wires_from, editor, session, port, modifiers)
        return Press(editor.canvas, pos, begin_drag)
    node = editor.node_at(pos)
    if node is not None:
        return _press_block(editor, session, node, pos, modifiers)
    point = points.point_at(editor.canvas, pos)
    if point is not None:
        return press_point(editor, session, point, pos, modifiers)
    edge = editor.edge_at(pos)
    if edge is not None:
        return _press_edge(editor, session, edge, pos, modifiers)
    grip = editor.grip_at(pos)
    if grip is not None:
        return press_remark(editor, session, grip, pos, modifiers)
    return _press_ground(editor, session, pos, modifiers)


def _press_block(
    editor: Editor, session: Session, node: NodeId, pos: QPointF, modifiers: Modifiers
) -> Gesture:
    """Selects at once, so that a drag takes the right blocks along; a click may select fewer."""
    was_chosen, remarks = node in session.selection, session.chosen_remarks
    if modifiers & Key.ControlModifier:
        turned = session.selection ^ {node}
        return Press(
            editor.canvas,
            pos,
            partial(_copy_from, editor, session, node),
            lambda: editor.choose(turned, editor.chosen_edges, remarks, editor.chosen_points),
        )
    click: Callable[[], object] | None = None
    if modifiers & Key.ShiftModifier:
        kept = editor.chosen_edges, remarks, editor.chosen_points
        editor.choose(session.selection | {node}, *kept)
    elif not was_chosen:
        editor.choose(frozenset([node]))
    elif is_on_summary(editor.canvas, node, pos) and not session.read_only:
        click = partial(editor.edit_params, node)
    else:
        click = partial(editor.choose, frozenset([node]))
    if not modifiers and is_over_chevron(editor.canvas.mirror, node, editor.canvas.at(pos)):
        click = partial(states.toggle_collapsed, session, [node])
    elif modifiers == Key.AltModifier and can_look_into(session, node):
        click = partial(peek, editor.canvas, node)
    heals = bool(modifiers & Key.AltModifier)
    return Press(editor.canvas, pos, partial(_move_from, editor, session, node, heals), click)


def _press_edge(
    editor: Editor, session: Session, edge: Edge, pos: QPointF, modifiers: Modifiers
) -> Gesture:
    others = session.chosen_remarks, editor.chosen_points
    if modifiers & Key.ControlModifier:
        editor.choose(session.selection, editor.chosen_edges ^ {edge}, *others)
    elif modifiers & Key.ShiftModifier:
        editor.choose(session.selection, editor.chosen_edges | {edge}, *others)
    else:
        editor.choose(frozenset(), frozenset([edge]))
    if modifiers & Key.AltModifier:
        return Press(editor.canvas, pos, partial(_lead_new, editor, session, edge))
    return Press(editor.canvas, pos, partial(_take_nearer_end, editor, session, edge))


def _press_ground(editor: Editor, session: Session, pos: QPointF, modifiers: Modifiers) -> Gesture:
    keeps = bool(modifiers & (Key.ShiftModifier | Key.ControlModifier))

    def box(start: QPointF) -> Gesture:
        if not keeps:
            editor.choose(frozenset())
        draw = Lasso if modifiers & Key.AltModifier else BoxSelect
        return draw(editor.canvas, session, start)

    return Press(editor.canvas, pos, box, None if keeps else partial(editor.choose, frozenset()))


def _wires_from(
    editor: Editor, session: Session, port: PortRef, modifiers: Modifiers, start: QPointF
) -> Gesture | None:
    """All wires of a port with Shift or Ctrl, with Alt those of all selected blocks, or one."""
    bundle = None
    if modifiers & (Key.ShiftModifier | Key.ControlModifier):
        bundle = all_of_port(session.document, port)
    elif modifiers & Key.AltModifier:
        bundle = of_selection(session, editor.canvas, port)
    if bundle is None:
        return _wire_from(editor, session, port, start)
    ends = {end for edge in bundle.taken for end in (edge.source, edge.target)}
    if not all(commands.may_rewire(session, id) for id in ends or {port.node}):
        return None
    return DrawBundle(editor.canvas, session, bundle)


def _wire_from(editor: Editor, session: Session, port: PortRef, _start: QPointF) -> Gesture | None:
    """A wire from a port; an input that has one gives it away."""
    if not commands.may_rewire(session, port.node):
        return None
    if port.is_input:
        for edge in session.document.graph.edges_into(port.node, port.name):
            if edge.slot == port.slot:
                if not commands.may_rewire(session, edge.source):
                    return None
                fixed = PortRef(edge.source, edge.out, is_input=False)
                return DrawWire(editor, session, fixed, edge)
    return DrawWire(editor, session, port)


def _lead_new(editor: Editor, session: Session, edge: Edge, start: QPointF) -> Gesture | None:
    may_lead = commands.may_rewire(session, edge.source, edge.target)
    return LeadNew(editor, session, edge, start) if may_lead else None


def double_click(editor: Editor, session: Session, pos: QPointF, modifiers: Modifiers) -> None:
    """Opens a composite or a frame, renames a block, turns points of wires, or searches.

    With Shift, a block to put into a wire is searched.
    """
    node, edge = editor.node_at(pos), editor.edge_at(pos)
    if editor.port_at(pos) is not None:
        return
    if node is not None:
        at = editor.canvas.at(pos)
        if session.history.undo_label == tr("Expand") and is_at_chevron(
            editor.canvas.mirror, node, at
        ):
            return  # the first of two clicks has opened it
        if not session.enter(node):
            editor.rename(node)
    elif (point := points.point_at(editor.canvas, pos)) is not None:
        points.remove(session, [point])
    elif edge is not None and modifiers & Key.ShiftModifier:
        editor.search_to_insert(edge, pos)
    elif edge is not None:
        points.add_at(editor, session, edge, pos)
    elif (grip := editor.grip_at(pos)) is not None:
        _double_click_remark(editor, session, grip, pos)
    else:
        editor.focus_search(pos)


def _double_click_remark(editor: Editor, session: Session, grip: Grip, pos: QPointF) -> None:
    """Opens a collapsed frame; writes on another one, or a note."""
    if is_over_triangle(editor, grip, pos):
        return  # the first of two clicks has turned it
    if not states.open_frame(session, grip.id):
        editor.write_on(grip.id)


def _take_nearer_end(
    editor: Editor, session: Session, edge: Edge, start: QPointF
) -> Gesture | None:
    """The end of a wire that is nearer to the pointer comes off its port."""
    if not commands.may_rewire(session, edge.source, edge.target):
        return None
    mirror, at = editor.canvas.mirror, editor.canvas.at(start)
    source = PortRef(edge.source, edge.out, is_input=False)
    target = PortRef(edge.target, edge.into, is_input=True, slot=edge.slot)
    above, below = place(mirror, source), place(mirror, target)
    if above is None or below is None:
        return None
    takes_source = (at - above).manhattanLength() < (at - below).manhattanLength()
    return DrawWire(editor, session, target if takes_source else source, edge)


def _move_from(
    editor: Editor, session: Session, node: NodeId, heals: bool, start: QPointF
) -> Gesture | None:
    if not commands.may_rewire(session, node):
        return None
    return MoveBlocks(editor.canvas, session, start, node, heals=heals)


def _copy_from(editor: Editor, session: Session, node: NodeId, start: QPointF) -> Gesture | None:
    if not commands.may_edit(session):
        return None
    if node not in session.selection:
        editor.choose(frozenset([node]))
    return DropCopies(editor.canvas, session, start, node)
