"""The menus that a right click on the canvas shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QMenu

from app import composing, locks, states
from app.canvas import arrange, clipboard, remark_commands
from app.canvas.arrange_menus import add_arranging, add_selecting
from app.canvas.param_strip import has_fields
from app.canvas.peek import KEY as PEEK_KEY
from app.canvas.peek import peek
from app.canvas.remark_menus import add_colors
from app.canvas.told import told_delete
from app.canvas.wire_menus import add_leading
from app.i18n import tr, tr_count
from app.key_texts import in_use
from graph.model import Edge, NodeId
from graph.problems import Fix, Problem
from graph.remarks import Frame, RemarkId

if TYPE_CHECKING:
    from app.canvas.gestures.editor import Editor
    from app.session import Session

LONGEST_PROBLEM = 64


def block_menu(editor: Editor, session: Session, node: NodeId, pos: QPointF) -> QMenu:
    """What can be done with a block, the selected ones with it; first what would mend it."""
    menu = _menu(editor)
    count = len(session.selection)
    edits = not session.read_only
    _add_fixes(menu, session, node)
    name = session.document.node(node).name
    _add(menu, tr("Rename “{name}”", name=name), partial(editor.rename, node), "F2", on=edits)
    fields = partial(editor.edit_params, node)
    _add(menu, tr("Edit parameters"), fields, "P", on=edits and has_fields(session, node))
    replace = partial(editor.search_to_replace, node, pos)
    _add(menu, tr("Replace block…"), replace, "R", on=edits)
    menu.addSeparator()
    _add(menu, tr("Cut"), editor.cut, "Ctrl+X", on=edits)
    _add(menu, tr("Copy"), editor.copy, "Ctrl+C")
    _add(menu, tr("Duplicate"), editor.duplicate, "Ctrl+D", on=edits)
    menu.addSeparator()
    _add_composing(menu, editor, session, node)
    menu.addSeparator()
    add_selecting(menu, editor.canvas)
    add_arranging(menu, editor.canvas, session)
    states.fill_looks(menu, session)
    out = partial(arrange.take_out, editor.canvas)
    _add(menu, tr("Take out of the chain"), out, "Shift+X", on=edits)
    menu.addSeparator()
    title = tr_count(count, "Delete", "Delete {n} blocks")
    _add(menu, title, editor.delete_selection, "Del", on=edits)
    heal = partial(editor.delete_selection, heal=True)
    _add(menu, tr("Delete and close the gap"), heal, "Ctrl+Shift+Del", on=edits)
    return menu


def _add_composing(menu: QMenu, editor: Editor, session: Session, node: NodeId) -> None:
    """What makes composites, repeats and shared weights of the selected blocks."""
    canvas, edits = editor.canvas, not session.read_only
    one, there = len(session.selection) == 1, session.document.node(node)
    is_instance = one and there.definition in session.root.definitions
    if is_instance:
        _add(menu, tr("Open {name}", name=there.definition), editor.open_selected, "Enter")
        _add(menu, tr("Look inside"), partial(peek, canvas, node), PEEK_KEY)
    frame = partial(remark_commands.frame_selection, canvas, session)
    _add(menu, tr("Frame selection"), frame, "Ctrl+J", on=edits)
    make = partial(composing.ask_make, session, canvas)
    _add(menu, tr("Make composite…"), make, "Ctrl+G", on=edits)
    if one and (is_instance or there.repeat):
        unpack = partial(composing.take_apart, session)
        _add(menu, tr("Unpack"), unpack, "Ctrl+Shift+G", on=edits)
    _add(menu, tr("Repeat…"), partial(composing.ask_repeat, session, canvas), "Ctrl+R", on=edits)
    states.fill_states(menu, session)
    if one and (there.shares or composing.can_share(session, node)):
        sharing = menu.addMenu(tr("Share weights with"))
        composing.fill_sharing(sharing, session, node)
        sharing.setEnabled(edits)
    if not is_instance:
        return
    rename = partial(composing.ask_rename, session, canvas)
    _add(menu, tr("Rename {name}…", name=there.definition), rename, "Shift+F2", on=edits)
    independent = partial(composing.make_independent, session)
    _add(menu, tr("Make independent"), independent, on=edits)
    _add(menu, tr("Save to library"), partial(composing.save_to_library, session, canvas))


def edge_menu(editor: Editor, session: Session, edge: Edge, pos: QPointF) -> QMenu:
    """What can be done with a wire."""
    menu = _menu(editor)
    edits = not session.read_only
    problem = editor.canvas.mirror.refusals.get((edge.target, edge.into))
    if problem is not None:
        _add_fixes(menu, session, edge.target)
    _add(menu, tr("Insert block…"), partial(editor.search_to_insert, edge, pos), on=edits)
    add_leading(menu, editor, session, edge, pos)
    menu.addSeparator()
    _add(menu, tr("Delete wire"), editor.delete_selection, "Del", on=edits)
    return menu


def remark_menu(editor: Editor, session: Session, id: RemarkId) -> QMenu:
    """What can be done with a frame or note, the selected ones with it."""
    menu = _menu(editor)
    remark, can_edit = session.document.graph.remarks[id], not session.read_only
    is_frame = isinstance(remark, Frame)
    verb = tr("Rename frame") if is_frame else tr("Write on note")
    _add(menu, verb, partial(editor.write_on, id), "F2", on=can_edit)
    add_colors(menu, editor.canvas.theme, session, remark.color)
    if is_frame:
        verb = tr("Expand") if states.are_collapsed(session, ()) else tr("Collapse")
        _add(menu, verb, partial(states.toggle_collapsed, session), "Alt+C", on=can_edit)
        fit = partial(remark_commands.fit_frames, session)
        _add(menu, tr("Fit to what is in it"), fit, on=can_edit)
        inside = partial(remark_commands.select_contents, session)
        _add(menu, tr("Select what is in it"), inside)
    lock = tr("Unlock") if locks.are_locked(session) else tr("Lock")
    _add(menu, lock, partial(locks.toggle_locked, session), locks.KEY, on=can_edit)
    menu.addSeparator()
    _add(menu, tr("Cut"), editor.cut, "Ctrl+X", on=can_edit)
    _add(menu, tr("Copy"), editor.copy, "Ctrl+C")
    _add(menu, tr("Duplicate"), editor.duplicate, "Ctrl+D", on=can_edit)
    menu.addSeparator()
    verb = told_delete(session.document, session.selection, session.chosen_remarks)
    _add(menu, verb, editor.delete_selection, "Del", on=can_edit)
    return menu


def canvas_menu(editor: Editor, session: Session, pos: QPointF) -> QMenu:
    """What can be done where nothing is."""
    menu = _menu(editor)
    edits = not session.read_only
    graph = session.document.graph
    drawn = bool(graph.nodes or graph.remarks)
    _add(menu, tr("Add block…"), partial(editor.focus_search, pos), "Tab", on=edits)
    note = partial(remark_commands.add_note, editor.canvas, session, pos)
    _add(menu, tr("Add note"), note, "N", on=edits)
    can_paste = edits and clipboard.has_blocks()
    _add(menu, tr("Paste"), partial(editor.paste, pos), "Ctrl+V", on=can_paste)
    _add(menu, tr("Select all"), editor.select_all, "Ctrl+A", on=drawn)
    menu.addSeparator()
    _add(menu, tr("Auto-layout"), editor.auto_layout, "L", on=drawn and edits)
    _add(menu, tr("Fit drawing"), editor.canvas.fit, "F", on=drawn)
    if session.place:
        menu.addSeparator()
        here = session.place[-1].definition
        _add(menu, tr("Leave {name}", name=here), session.leave, "Ctrl+Up")
    return menu


def _menu(editor: Editor) -> QMenu:
    menu = QMenu(editor.canvas)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    return menu


def _add(
    menu: QMenu, title: str, run: Callable[[], object], keys: str = "", *, on: bool = True
) -> None:
    # the keys stand in the text: a real shortcut would compete with that of the window
    keys = in_use(keys)
    action = menu.addAction(f"{title}\t{keys}" if keys else title)
    action.triggered.connect(lambda _checked=False: run())
    action.setEnabled(on)


def _add_fixes(menu: QMenu, session: Session, node: NodeId) -> None:
    """The problems of a block, each with the edits that mend it."""
    problems = [problem for problem in session.problems if problem.nodes[:1] == (node,)]
    for problem in problems:
        text = tr(problem.text)
        short = text if len(text) <= LONGEST_PROBLEM else text[: LONGEST_PROBLEM - 1] + "…"
        heading = menu.addAction(short.replace("&", "&&"))
        heading.setEnabled(False)
        heading.setToolTip(text)
        for fix in problem.fixes if not session.read_only else ():
            _add(menu, tr("Fix: {label}", label=tr(fix.label)), _fixing(session, problem, fix))
    if problems:
        menu.addSeparator()


def _fixing(session: Session, problem: Problem, fix: Fix) -> Callable[[], object]:
    return lambda: session.fix(problem, fix)
