"""What a restless hand does with frames: collapses and opens them, by every way that there is."""

from PySide6.QtCore import QPoint, Qt

from app import states
from app.canvas import remark_commands
from graph.remarks import Frame


class FrameActs:
    """Acts of a `RestlessHand`."""

    def _some_frame(self):
        """A frame that is drawn, mostly; None where there is none."""
        rows = self.canvas.mirror.remarks
        frames = [each for each in rows.remarks if isinstance(each, Frame)]
        return self.random.choice(frames) if frames else None

    def _on_title(self, frame):
        left, top, _, _ = frame.shown
        at = self.hand.view(left + 15, top + 12)
        inside = self.canvas.rect().adjusted(30, 30, -30, -30)
        return at if inside.contains(at) else inside.center()

    def act_collapse_a_frame(self):
        frame = self._some_frame()
        if frame is None:
            return
        session, rng = self.session, self.random
        at = self._on_title(frame)
        choice = rng.randrange(5)
        if choice == 0:
            self.hand.click(at, self.held())
        elif choice == 1:
            self.hand.double_click(at + QPoint(30, 0))
            self.hand.release(at)
        elif choice == 2:
            session.select(rng.sample(sorted(session.selection), min(1, len(session.selection))),
                           [frame.id])  # fmt: skip
            states.toggle_collapsed(session)
        elif choice == 3:
            session.select((), [frame.id])
            self.hand.key(Qt.Key.Key_Return)
        else:
            states.toggle_collapsed(session, (), [frame.id])

    act_collapse_a_frame_more = act_collapse_a_frame

    def act_take_a_collapsed_frame(self):
        """Moves, copies, cuts, deletes or colours one, or selects what is hidden in it."""
        frame = self._some_frame()
        if frame is None:
            return
        session, canvas = self.session, self.canvas
        if not frame.is_collapsed:
            states.toggle_collapsed(session, (), [frame.id])
        session.select((), [frame.id])
        self.random.choice((
            lambda: self.hand.drag(self._on_title(frame), self.somewhere(), self.held()),
            lambda: self._in_mid_drag(canvas.undo), canvas.copy, canvas.cut, canvas.duplicate,
            canvas.delete_selection, lambda: remark_commands.select_contents(session),
            lambda: session.select(sorted(canvas.mirror.folds.bar)[:2]),
        ))()  # fmt: skip
