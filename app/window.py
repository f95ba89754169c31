"""The main window: puts the panels together and wires them to the session in front."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QMainWindow

from app import desktop, leaving
from app.autosave import Autosave
from app.budget import BudgetPanel
from app.canvas import Canvas
from app.canvas_options import apply_motion, options_of
from app.code import CodePanel
from app.code_watch import CodeWatch
from app.command_palette import CommandPalette
from app.composite_menus import show_composite_menu
from app.datawatch import DataWatch
from app.docks import Docks
from app.export_dialog import ExportDialog
from app.files import Files
from app.gallery import show_gallery
from app.i18n import tr
from app.inspector import Inspector
from app.memory import Memory
from app.menus import Menus
from app.messages import Message, MessageBar
from app.outline import OutlinePanel
from app.outlining import wire_outline
from app.palette import Palette
from app.problems import ProblemsPanel
from app.queueing import Line
from app.receiving import can_receive, receive
from app.recovery import Journal
from app.running import wire_runs
from app.runs import RunsPanel
from app.searching.offering import wire_search
from app.session import Session
from app.settings import Settings, home, save_settings
from app.speaking import Speaker
from app.status import StatusBar
from app.tabs import DocumentTabs
from app.theme import dress, theme_named
from app.topbar import TopBar
from app.training import TrainingPanel
from graph.model import NodeId
from graph.problems import Fix, Problem, UserError


class Window(QMainWindow):
    """One window with its documents.

    Signals:
        painted: once, after the window was first drawn.
    """

    painted = Signal()

    files: Files
    tabs: DocumentTabs
    docks: Docks
    training: TrainingPanel
    line: Line
    is_training: bool

    def __init__(self, settings: Settings, journal: Journal) -> None:
        super().__init__()
        self.settings = settings
        self.journal = journal
        self.theme = theme_named(settings.theme)
        self.is_training = False
        self._was_painted = False
        dress(self.theme)  # before there are widgets: each would be polished twice
        self.setAcceptDrops(True)
        self._make_panels()
        self.memory = Memory(self)
        self.files = Files(self)
        self.autosave = Autosave(journal, self.tabs.sessions, self)
        self.docks = Docks(
            self,
            palette=self.palette_panel,
            outline=self.outline,
            inspector=self.inspector,
            training=self.training,
            problems=self.problems,
            code=self.code,
            budget=self.budget,
            runs=self.runs,
        )
        self.menus = Menus(self)
        self.top_bar = TopBar(self.menus, self)
        self.addToolBar(self.top_bar)
        self._wire()
        self.files.new()
        self.menus.build()
        self.apply_theme()
        self._restore_layout()

    @property
    def session(self) -> Session:
        """The session in front; there always is one."""
        session = self.tabs.session
        assert session is not None
        return session

    @property
    def canvas(self) -> Canvas:
        """The canvas in front."""
        return self.tabs.canvas_of(self.session)

    def _make_panels(self) -> None:
        self.tabs = DocumentTabs(self.theme, options_of(self.settings))
        self.messages = MessageBar(self.theme, self.tabs, self.tabs.covered_height)
        self.palette_panel = Palette()
        self.outline = OutlinePanel()
        self.inspector = Inspector()
        self.problems = ProblemsPanel()
        self.code = CodePanel()
        self.training = TrainingPanel()
        self.budget = BudgetPanel()
        self.runs = RunsPanel(home() / "runs")
        self.panels = (
            self.palette_panel, self.inspector, self.problems, self.code, self.training,
            self.budget, self.outline, self.runs,
        )  # fmt: skip
        self.setCentralWidget(self.tabs)
        self.status = StatusBar(self.theme, self)
        self.setStatusBar(self.status)

    def _wire(self) -> None:
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.apply_theme)
        self.painted.connect(self.docks.raise_floating)
        self.tabs.session_changed.connect(self._show_session)
        self.tabs.canvas_added.connect(self._wire_canvas)
        self.tabs.close_requested.connect(self.files.close)
        self.messages.fix_requested.connect(self._apply_fix)
        self.palette_panel.add_requested.connect(lambda kind: self.canvas.add_block(kind))
        self.palette_panel.menu_requested.connect(partial(show_composite_menu, self))
        self.problems.go_to.connect(self._go_to)
        wire_outline(self)
        wire_runs(self)
        wire_search(self)
        Speaker(self)
        apply_motion(self)
        self.code.node_under_cursor.connect(self._follow_code)
        self.training.running_changed.connect(self._on_running)
        self.training.paused_changed.connect(lambda _: self.menus.refresh())
        self.training.status.connect(self.status.show_run)
        self.training.go_to.connect(self._go_to)
        self.training.run_wanted.connect(self._show_run)
        self.training.problems_wanted.connect(lambda: self.docks.bring_up(self.docks.problems))
        self.training.parts.data_page.browse_wanted.connect(
            lambda: self.menus.actions["browse-data"].trigger()
        )
        self.status.problem_clicked.connect(self._go_to_problem)
        self.status.fix_clicked.connect(self._fix)
        self.top_bar.counts.clicked.connect(lambda: self.docks.bring_up(self.docks.problems))

    def _wire_canvas(self, canvas: Canvas) -> None:
        canvas.request_help.connect(lambda text: self.tell(Message(text)))
        canvas.palette_requested.connect(self._search_palette)
        canvas.shortcuts_requested.connect(self.menus.actions["shortcuts"].trigger)
        canvas.gallery_requested.connect(self.show_gallery)
        canvas.examples_requested.connect(self.menus.show_examples)
        canvas.installEventFilter(self)

    # sessions

    def show_session(self, session: Session) -> None:
        """Opens a tab for a session."""
        session.message.connect(lambda message: self._tell_of(session, message))
        session.changed.connect(lambda _: self.messages.drop_outdated())
        for signal in (session.changed, session.problems_changed, session.state_changed):
            signal.connect(lambda *_, session=session: self._refresh(session))
        session.selection_changed.connect(self.menus.refresh)
        self.tabs.add(session)
        DataWatch(session)
        CodeWatch(session)
        self.canvas.setFocus()

    def close_session(self, session: Session) -> None:
        """Closes the tab of a session without asking; the last one makes way for a new one."""
        self.autosave.forget(session)
        self.messages.forget_owner(session)
        if len(self.tabs.sessions()) == 1:
            self.files.new()
        if session in self.tabs.sessions():
            self.tabs.remove(session)

    def forget_copy(self, session: Session) -> None:
        """Removes the recovery copy of a saved document."""
        self.autosave.forget(session)

    def _show_session(self, session: Session) -> None:
        for panel in self.panels:
            panel.set_session(session)
        self.messages.show_owner(session)
        self._refresh(session)

    def _refresh(self, session: Session) -> None:
        if session is not self.tabs.session:
            return
        self.top_bar.show_session(session)
        self.status.show_session(session)
        self.menus.refresh()
        mark = "" if session.is_clean else "*"
        self.setWindowTitle(f"{session.title}{mark} – Torchloom")

    # what actions do

    def _tell_of(self, session: Session, message: Message) -> None:
        """Shows a message of a document with it; of one that is not in front at once."""
        self.messages.tell(message, session if session is self.tabs.session else None)

    def tell(self, message: Message) -> None:
        """Shows a message."""
        self.messages.tell(message)

    def train(self) -> None:
        """Brings the plots to the front and starts training."""
        self.docks.bring_up(self.docks.training)
        self.training.train()

    def check(self) -> None:
        """Shows the problems, or says that there are none."""
        if self.session.problems:
            self.docks.bring_up(self.docks.problems)
        elif self.session.root.graph.nodes:
            self.tell(Message(tr("No problems: this drawing is ready to train.")))
        else:
            self.tell(Message(tr("The drawing is empty. Add an Input, some layers and a loss.")))

    def ask_export(self) -> None:
        """Asks where to write the code, and writes it."""
        folder = Path(self.settings.folder) if self.settings.folder else Path.home()
        ExportDialog(self.session, folder, self.training.last_run, self).open()

    def show_gallery(self) -> None:
        """Shows the named networks, and opens the one that is chosen."""
        show_gallery(self)

    def choose_theme(self, name: str) -> None:
        """Changes the colours, and remembers them."""
        self.change_settings(replace(self.settings, theme=name))
        self.apply_theme()

    def toggle_full_screen(self) -> None:
        """Fills the screen with the window, or puts it back."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def reset_docks(self) -> None:
        """Puts the panels where they are at first."""
        self.docks.reset()

    def show_commands(self) -> None:
        """Shows the list of all actions."""
        CommandPalette(self.menus.commands(), self.theme, self).show()

    # settings and look

    def change_settings(self, settings: Settings) -> None:
        """Remembers settings; where that fails a message says why."""
        if settings == self.settings:
            return
        self.settings = settings
        try:
            save_settings(settings)
        except UserError as error:
            self.tell(Message(str(error), "warning"))

    def apply_theme(self, scheme: Qt.ColorScheme | None = None) -> None:
        """Takes on the colours that the settings name, and of the desktop where they name none."""
        self.theme = theme_named(self.settings.theme, scheme)
        dress(self.theme)
        for part in (self.tabs, self.messages, self.status, *self.panels):
            part.set_theme(self.theme)

    def _restore_layout(self) -> None:
        raw = QByteArray.fromBase64(QByteArray(self.settings.geometry.encode()))
        if not self.settings.geometry or not self.restoreGeometry(raw):
            self.resize(desktop.first_size(self.screen().availableSize()))
        self.docks.restore(self.settings.docks)
        self.budget.set_plan(self.settings.budget)

    def _keep_layout(self) -> None:
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        docks, budget = self.docks.state(), self.budget.plan
        kept = replace(self.settings, geometry=geometry, docks=docks, budget=budget)
        self.change_settings(kept)

    # what panels ask for

    def _go_to(self, nodes: tuple[NodeId, ...]) -> None:
        self.session.show(nodes)
        self.canvas.center_on(nodes)

    def _show_run(self, session: Session) -> None:
        if session not in self.tabs.sessions():
            return  # it was closed since
        self.tabs.show_session(session)
        self.docks.bring_up(self.docks.training)
        self.training.show_curves()

    def _follow_code(self, node: NodeId | None) -> None:
        self.canvas.set_active_node(node)
        if node is not None:
            self.canvas.center_on((node,))

    def _search_palette(self) -> None:
        self.docks.bring_up(self.docks.palette)
        self.palette_panel.focus_search()

    def _go_to_problem(self, problem: Problem) -> None:
        if problem.nodes:
            self._go_to(problem.nodes)
        self.docks.bring_up(self.docks.problems)

    def _fix(self, problem: Problem, fix: Fix) -> None:
        if self.status.fix.hasFocus():
            self.canvas.setFocus()  # the button may go, and the focus would go to any other part
        if self.session.fix(problem, fix):
            self.canvas.center_on(self.session.selection)

    def _apply_fix(self, fix: Fix) -> None:
        self.session.apply(fix.label, fix.edit)

    def _on_running(self, is_running: bool) -> None:
        self.is_training = is_running
        self.top_bar.show_running(is_running)
        self.tabs.mark_running(self.training.runner.session if is_running else None)
        self.menus.refresh()

    # events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accepts dragged files and pictures."""
        if can_receive(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Opens dropped files and pictures."""
        receive(self, event.mimeData())
        event.acceptProposedAction()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Closes the newest message with Esc before the canvas selects nothing."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.KeyPress and watched is self.tabs.canvas:
            return not self.canvas.is_busy() and self.messages.close_newest()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Closes the newest message or goes back to the canvas, where Esc means nothing else."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif not self.messages.close_newest():
            self.canvas.setFocus()

    def event(self, event: QEvent) -> bool:
        """Tells when the window was first drawn."""
        if event.type() == QEvent.Type.Paint and not self._was_painted:
            self._was_painted = True
            desktop.soon(self, self.painted.emit)
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closes when nothing is left to ask."""
        if leaving.must_ask(self):
            event.ignore()
            leaving.ask(self)
        elif self.files.unsaved():
            event.ignore()
            self.close_next()
        else:
            self._keep_layout()
            self.autosave.close()
            event.accept()

    def close_next(self) -> None:
        """Asks about the first unsaved document, then the next, then closes the window."""
        for session in self.files.unsaved():
            self.files.close(session, self.close_next)
            return
        self.close()
