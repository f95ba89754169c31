"""A hand that does one thing after another, at random places, and leaves nothing open."""

import random
from functools import partial

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import composing, locks, states
from app.canvas import arrange, legs, picking, remark_commands
from app.canvas.peek import peek
from app.canvas.trail import zoom_to_selection
from graph import remark_edits
from graph.composites import repeating
from graph.composites.making import make, why_not_make
from graph.framing import box_around
from graph.model import Repeat
from tests.app.canvas.hand import ALT, CTRL, PLAIN, SHIFT
from tests.app.canvas.restless_frames import FrameActs
from tests.app.canvas.restless_wires import WireActs
from tests.drawing import chain

KINDS = ("relu", "dense", "conv2d", "add", "concat", "input", "output", "flatten", "split")
KEYS = (
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Escape,
    Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Home, Qt.Key.Key_Return, Qt.Key.Key_F2,
    Qt.Key.Key_Tab, Qt.Key.Key_Slash,
)  # fmt: skip
ARRANGING = (
    partial(arrange.align, side="centre"), partial(arrange.align, side="top"),
    partial(arrange.distribute, along="x"), arrange.tidy, arrange.lay_out_selection,
    arrange.take_out, picking.upstream, picking.downstream, picking.connected,
    picking.similar, picking.invert, picking.nothing, zoom_to_selection,
)  # fmt: skip
PEEKING = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Left)
TYPED = ("conv", "relu", "add", "zzz", "d 10", "k=3", "x")
COLORS = ("blue", "green", "yellow")
MOST = 60
AWAY = Qt.FocusReason.ActiveWindowFocusReason


def start():
    """A drawing with a frame, and two instances of a composite, one of them repeated."""
    document = chain("input conv2d relu flatten dense output")
    ids = list(document.graph.nodes)
    document = make(document, ids[1:3], "Stage")
    (instance,) = (id for id, node in document.graph.nodes.items() if node.definition)
    document = repeating.set_repeat(document, [instance], Repeat(2))
    box = box_around(document.graph, list(document.graph.nodes)[:2])
    return remark_edits.add_frame(document, box, "Encoder")


class RestlessHand(WireActs, FrameActs):
    """Does what comes to mind. The same seed does the same things."""

    def __init__(self, hand, seed, qtbot):
        self.hand = hand
        self.canvas = hand.canvas
        self.random = random.Random(seed)
        self.qtbot = qtbot
        self.before = hand.session.root
        self.acts = [
            getattr(self, name) for name in sorted(dir(type(self))) if name.startswith("act_")
        ]

    @property
    def session(self):
        return self.canvas.session

    def act(self):
        """One thing, after which no gesture, field or search is left open."""
        chosen = self.random.choice(self.acts)
        chosen()
        self._leave_fields()
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if len(self.session.document.graph.nodes) > MOST:
            locks.unlock_all(self.session)
            self.canvas.select_all()
            self.canvas.delete_selection()
        return chosen.__name__

    def _leave_fields(self):
        focus = QApplication.focusWidget()
        while focus is not None and focus is not self.canvas and self.canvas.isAncestorOf(focus):
            self.hand.key(Qt.Key.Key_Escape)
            if QApplication.focusWidget() is focus:
                self.canvas.setFocus()
            focus = QApplication.focusWidget()
        self.canvas.setFocus()

    # where

    def somewhere(self):
        """A port, block, wire, frame or note; or anywhere."""
        mirror, rng = self.canvas.mirror, self.random
        remarks = mirror.remarks.rect
        choice = rng.randrange(8)
        if choice < 2 and mirror.ids:
            row = rng.randrange(len(mirror.ids))
            spots = mirror.layouts[row].spots
            spot = rng.choice(spots) if spots else None
            x, y = mirror.rect[row, :2] + ((spot.x, spot.y) if spot else (90, 30))
        elif choice < 4 and mirror.ids:
            x, y = mirror.rect[rng.randrange(len(mirror.ids)), :2] + (90, 30)
        elif choice == 4 and mirror.edges:
            row = np.array([rng.randrange(len(mirror.edges))])
            ((x, y),) = legs.middles(mirror, row).tolist()
        elif choice == 6 and len(mirror.points.at):
            x, y = mirror.points.at[rng.randrange(len(mirror.points.at))].tolist()
        elif choice == 5 and len(remarks):
            left, top, width, height = remarks[rng.randrange(len(remarks))].tolist()
            x, y = left + width * rng.choice((0, 0.5, 1)), top + rng.choice((0, 10, height))
        else:
            return QPoint(rng.randrange(40, self.canvas.width() - 40), rng.randrange(40, 700))
        at = self.hand.view(x, y)
        inside = self.canvas.rect().adjusted(30, 30, -30, -30)
        return at if inside.contains(at) else inside.center()

    def held(self):
        return self.random.choice((PLAIN, PLAIN, PLAIN, SHIFT, CTRL, ALT))

    def choose_some(self):
        """Mostly selects a few blocks, so that a command has something to work on."""
        ids = sorted(self.session.document.graph.nodes)
        if ids and self.random.random() < 0.7:
            self.session.select(self.random.sample(ids, min(len(ids), self.random.randrange(1, 4))))

    # what: the pointer

    def act_click(self):
        self.hand.click(self.somewhere(), self.held())

    def act_double_click(self):
        """Opens a composite, renames, inserts, leads a wire, writes on a note, or searches."""
        at = self.somewhere()
        self.hand.double_click(at, self.random.choice((PLAIN, PLAIN, SHIFT)))
        self.hand.release(at)  # the second press would stay down for the tests that follow

    def act_drag(self):
        self.hand.drag(self.somewhere(), self.somewhere(), self.held())

    act_drag_more = act_drag

    def act_drag_a_block(self):
        if self.canvas.mirror.ids:
            row = self.random.randrange(len(self.canvas.mirror.ids))
            at = self.hand.view(*(self.canvas.mirror.rect[row, :2] + (90, 30)))
            self.hand.drag(at, self.somewhere(), self.held())

    def act_shake(self):
        """Turns back often enough to come out of the wires."""
        if not self.canvas.mirror.ids:
            return
        row = self.random.randrange(len(self.canvas.mirror.ids))
        at = self.hand.view(*(self.canvas.mirror.rect[row, :2] + (90, 30)))
        self.hand.press(at)
        for step in (30, -30, 30, -30, 30, -30):
            self.hand.move(at + QPoint(step, 0))
        self.hand.release(at)

    def act_lasso(self):
        self.canvas.editor.take_lasso()
        self.hand.drag(self.somewhere(), self.somewhere(), self.held())

    def act_carry_from_the_palette(self):
        if self.random.random() < 0.3:
            self.hand.carry(self.random.choice(KINDS), self.somewhere())
            self.hand.leave()
        else:
            self.hand.drop(self.random.choice(KINDS), self.somewhere())

    def act_pan(self):
        button = Qt.MouseButton.MiddleButton
        start, end = self.somewhere(), self.somewhere()
        QTest.mousePress(self.canvas, button, PLAIN, start)
        self.hand.move(end, buttons=button)
        QTest.mouseRelease(self.canvas, button, PLAIN, end)

    def act_hold_space(self):
        QTest.keyPress(self.canvas, Qt.Key.Key_Space)
        self.hand.drag(self.somewhere(), self.somewhere())
        QTest.keyRelease(self.canvas, Qt.Key.Key_Space)

    def act_wheel(self):
        at, delta = QPointF(self.somewhere()), QPoint(0, self.random.choice((-240, -120, 120, 360)))
        event = QWheelEvent(
            at, self.canvas.mapToGlobal(at), QPoint(), delta, Qt.MouseButton.NoButton,
            self.random.choice((PLAIN, SHIFT, CTRL)), Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.canvas, event)

    # what: gestures that do not come to their end

    def _in_mid_drag(self, interrupt):
        if self.random.random() < 0.2:
            self.canvas.editor.take_lasso()
        self.hand.pull(self.somewhere(), self.somewhere(), self.held())
        interrupt()
        still_down = self.random.choice((Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton))
        self.hand.move(self.somewhere(), buttons=still_down)
        self.hand.release(QPoint(5, 5))

    def act_escape_in_mid_drag(self):
        self._in_mid_drag(lambda: self.hand.key(Qt.Key.Key_Escape))

    def act_undo_in_mid_drag(self):
        self._in_mid_drag(self.canvas.undo)

    def act_redo_in_mid_drag(self):
        self._in_mid_drag(self.session.redo)

    def act_other_button_in_mid_drag(self):
        self._in_mid_drag(
            lambda: QTest.mousePress(self.canvas, Qt.MouseButton.RightButton, PLAIN, QPoint(9, 9))
        )
        QTest.mouseRelease(self.canvas, Qt.MouseButton.RightButton, PLAIN, QPoint(9, 9))

    def act_delete_in_mid_drag(self):
        self._in_mid_drag(self.canvas.delete_selection)

    def act_leave_in_mid_drag(self):
        self._in_mid_drag(self.canvas.leave)

    def act_lose_the_focus_in_mid_drag(self):
        before = self.session.root
        self._in_mid_drag(self.lose_focus)
        assert self.session.root == before

    def lose_focus(self):
        """Another window comes to the front, and goes again."""
        for kind in (QEvent.Type.FocusOut, QEvent.Type.FocusIn):
            QApplication.sendEvent(self.canvas, QFocusEvent(kind, AWAY))

    def act_replace_the_document_in_mid_drag(self):
        if self.random.random() < 0.1:
            self._in_mid_drag(lambda: self.session.load(start(), None))
            self.before = self.session.root

    # keys and commands

    def act_key(self):
        held = self.random.choice((PLAIN, PLAIN, CTRL, SHIFT, ALT))
        self.hand.key(self.random.choice(KEYS), held)

    def act_add(self):
        self.canvas.add_block(self.random.choice(KINDS))

    def act_search(self):
        self.canvas.focus_search(QPointF(self.somewhere()))
        self.hand.type(self.random.choice(TYPED))
        self.hand.key(Qt.Key.Key_Return)

    def act_replace_kind(self):
        self.choose_some()
        if self.session.selection:
            id = self.random.choice(sorted(self.session.selection))
            self.canvas.editor.search_to_replace(id, QPointF(self.somewhere()))
            self.hand.type(self.random.choice(TYPED))
            self.hand.key(Qt.Key.Key_Return)

    def act_find(self):
        self.canvas.editor.find()
        self.hand.type(self.random.choice(TYPED))
        for _ in range(self.random.randrange(3)):
            self.hand.key(Qt.Key.Key_Return, self.random.choice((PLAIN, SHIFT)))
        if self.random.random() < 0.3:
            self.canvas.editor.find_bar.select_found()
        if self.random.random() < 0.5:
            self.canvas.editor.find_bar.close_bar()

    def act_clipboard(self):
        self.choose_some()
        canvas = self.canvas
        self.random.choice((canvas.copy, canvas.cut, canvas.paste, canvas.duplicate))()

    def act_select_all(self):
        self.canvas.select_all()

    def act_delete(self):
        self.choose_some()
        self.canvas.delete_selection(heal=self.random.random() < 0.5)

    def act_undo_or_redo(self):
        for _ in range(self.random.randrange(1, 4)):
            self.random.choice((self.canvas.undo, self.canvas.redo))()

    act_undo_or_redo_more = act_undo_or_redo

    def act_arrange(self):
        self.choose_some()
        self.random.choice(ARRANGING)(self.canvas)
        self._end_layout()

    def act_lay_out(self):
        self.canvas.auto_layout()
        self._end_layout()

    def _end_layout(self):
        choice = self.random.randrange(3)
        if choice == 0:
            self.hand.key(Qt.Key.Key_Escape)
        elif choice == 1:
            self.hand.drag(self.somewhere(), self.somewhere())
        self.qtbot.waitUntil(lambda: not self.canvas.editor.placing.is_busy())

    def act_wire_by_key(self):
        self.choose_some()
        self.random.choice((self.canvas.connect_selected, self.canvas.disconnect_selected))()

    def act_switch(self):
        self.choose_some()
        turn = (states.toggle_bypassed, states.toggle_muted, states.toggle_frozen)
        self.random.choice(turn)(self.session)

    def act_collapse_or_lock(self):
        self.choose_some()
        turn = (states.toggle_collapsed, states.toggle_collapsed, locks.toggle_locked,
                locks.unlock_all)  # fmt: skip
        self.random.choice(turn)(self.session)

    def act_look_inside(self):
        """Goes about in the picture of a composite, and perhaps there."""
        inside = [id for id, node in self.session.document.graph.nodes.items() if node.definition]
        if inside and peek(self.canvas, self.random.choice(inside)) is not None:
            for _ in range(self.random.randrange(4)):
                self.hand.key(self.random.choice(PEEKING))
            self.hand.key(self.random.choice((Qt.Key.Key_Escape, Qt.Key.Key_Return)))

    def act_rename(self):
        self.choose_some()
        self.canvas.rename_selected()
        if QApplication.focusWidget() is not self.canvas:
            self.hand.type(self.random.choice(("abc", " ", "x y")))
            self.hand.key(Qt.Key.Key_Return)

    def act_note(self):
        remark_commands.add_note(self.canvas, self.session)
        self.hand.type("x")

    def act_frame(self):
        self.choose_some()
        session = self.session
        remark_commands.frame_selection(self.canvas, session)
        self._leave_fields()
        self.random.choice((
            lambda: remark_commands.fit_frames(session),
            lambda: remark_commands.select_contents(session),
            lambda: remark_commands.step_to_next(self.canvas, session),
            lambda: remark_commands.set_color(session, self.random.choice(COLORS)),
        ))()  # fmt: skip

    def act_composite(self):
        self.choose_some()
        session, rng = self.session, self.random
        ids = [id for id in session.document.graph.nodes if id in session.selection]
        choice = rng.randrange(5)
        if choice == 0 and ids and not why_not_make(session.document, ids):
            taken = session.root.definitions
            name = next(f"Part{n}" for n in range(1000) if f"Part{n}" not in taken)
            composing.make_composite(session, ids, name)
        elif choice == 1:
            composing.take_apart(session)
        elif choice == 2:
            composing.make_independent(session)
        else:
            inside = [id for id, node in session.document.graph.nodes.items() if node.definition]
            if inside:
                session.enter(rng.choice(inside))

    def act_leave(self):
        self.canvas.leave()

    def act_travel(self):
        trail = self.canvas.editor.trail
        number = self.random.randrange(1, 4)
        self.random.choice((
            trail.back, trail.forward, partial(trail.set_bookmark, number),
            partial(trail.go_to_bookmark, number),
        ))()  # fmt: skip

    def act_fold_the_wires(self):
        options = self.canvas.options
        self.canvas.set_options(options.__class__(straight=not options.straight))
