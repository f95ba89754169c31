"""Finds a learning rate for the drawing, by a short test on a copy of its model."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.forms.parts import column, label
from app.human import figure
from app.i18n import tr
from app.outliving import answer
from app.session import Session
from app.tasks import Task, run_task
from app.theme import Theme
from app.training.small_plot import SmallPlot
from backends.protocol import RangeTest
from graph.problems import UserError

HIGHEST_SHOWN = 1.25
"""Times the first loss: where it blows up, all else would be flat."""
MODULE = "backends.pytorch.range_test"


class RangeRow(QWidget):
    """A button that starts the test, and what came of it.

    Signals:
        chosen: a learning rate that is to be used.
    """

    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._task: Task | None = None
        self._found: RangeTest | None = None
        self.seek = QPushButton()
        self.seek.setToolTip(
            tr("Trains a copy for a few steps, each with a larger learning rate, and shows where "
               "the loss falls. No run is made, and no weights change.")
        )  # fmt: skip
        self.use = QPushButton()
        self.plot = SmallPlot()
        self.plot.setAccessibleName(tr("Loss by learning rate"))
        self.plot.read = lambda rate, loss: tr("{rate}: loss {loss}", rate=figure(rate),
                                               loss=figure(loss))  # fmt: skip
        self.told = label("", "dim", wrap=True)
        self.seek.clicked.connect(self._start_or_stop)
        self.use.clicked.connect(self._use)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.addWidget(self.seek, 1)
        buttons.addWidget(self.use, 1)
        rows = column(self, spacing=4)
        rows.addWidget(self.plot)
        rows.addWidget(self.told)
        rows.addLayout(buttons)
        self._show(None)

    def set_session(self, session: Session) -> None:
        """Belongs to another document from now on; a test that goes on is dropped."""
        if session is not self._session:
            self._cancel()
            self._session = session
            self._show(None)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.plot.set_theme(theme)

    @property
    def is_running(self) -> bool:
        """Whether a test goes on."""
        return self._task is not None

    def _start_or_stop(self) -> None:
        session = self._session
        if self._task is not None:
            self._cancel()
            self._show(self._found)
        elif session is not None:
            document = session.root

            def work(task: Task) -> object:
                return answer(task, MODULE, "range_test", document, task.report, task.is_cancelled)

            self._show(None)
            self._task = run_task(self, work, self._end, self._refuse, name="range test")
            self._task.progressed.connect(lambda share, _: self._tell(share))
            self._tell(0.0)

    def _tell(self, share: float) -> None:
        if self._task is not None:
            self.seek.setText(tr("Stop · {share} %", share=f"{100 * share:.0f}"))

    def _cancel(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def _end(self, found: RangeTest) -> None:
        self._task = None
        self._show(found)

    def _refuse(self, error: UserError) -> None:
        self._task = None
        self._show(None)
        self.told.setText(str(error))
        self.told.show()

    def _show(self, found: RangeTest | None) -> None:
        """Shows what came of a test; only the button where there was none."""
        self._found = found
        self.seek.setText(tr("Find a learning rate") if found is None else tr("Find again"))
        rate = found.suggestion if found is not None else None
        self.plot.setVisible(found is not None)
        self.use.setVisible(rate is not None)
        self.told.setVisible(found is not None and rate is None)
        self.told.setText(tr("The loss falls at none of these learning rates."))
        if found is not None:
            highest = HIGHEST_SHOWN * found.losses[0] if found.losses else 0.0
            losses = [min(loss, highest) for loss in found.losses]
            self.plot.show_line(
                found.rates, losses, tr("loss by learning rate"), is_log=True,
                from_zero=False, mark=rate,
            )  # fmt: skip
        if rate is not None:
            self.use.setText(tr("Use {rate}", rate=figure(rate)))

    def _use(self) -> None:
        if self._found is not None and self._found.suggestion is not None:
            self.chosen.emit(self._found.suggestion)
