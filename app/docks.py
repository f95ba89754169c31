"""The panels around the canvas: where they start, and how their titles look."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QTabWidget,
    QWidget,
)

from app.i18n import tr

STATE_VERSION = 3
LEFT_PX = 230
RIGHT_PX = 300
BOTTOM_PX = 290
HEIGHT_PX = 27
Area = Qt.DockWidgetArea


class Docks:
    """The docks of a window."""

    def __init__(
        self,
        window: QMainWindow,
        *,
        palette: QWidget,
        outline: QWidget,
        inspector: QWidget,
        training: QWidget,
        problems: QWidget,
        code: QWidget,
        budget: QWidget,
        runs: QWidget,
    ) -> None:
        self._window = window
        window.setTabPosition(Area.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        options = QMainWindow.DockOption
        window.setDockOptions(
            options.AnimatedDocks
            | options.AllowTabbedDocks
            | options.AllowNestedDocks
            | options.GroupedDragging
        )
        window.setCorner(Qt.Corner.BottomLeftCorner, Area.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Area.RightDockWidgetArea)
        self.palette = self._make("palette", tr("Blocks"), palette)
        self.outline = self._make("outline", tr("Outline"), outline)
        self.inspector = self._make("inspector", tr("Inspector"), inspector)
        self.training = self._make("training", tr("Training"), training)
        self.problems = self._make("problems", tr("Problems"), problems)
        self.code = self._make("code", tr("Code"), code)
        self.budget = self._make("budget", tr("Budget"), budget)
        self.runs = self._make("runs", tr("Runs"), runs)
        self.reset()

    def all(self) -> tuple[QDockWidget, ...]:
        """Every dock, in the order of the menu."""
        bottom = (self.training, self.runs, self.problems, self.code, self.budget)
        return (self.palette, self.outline, self.inspector, *bottom)

    def reset(self) -> None:
        """Puts every dock where it is at first."""
        window = self._window
        for dock in self.all():
            dock.setFloating(False)
            window.removeDockWidget(dock)
        window.addDockWidget(Area.LeftDockWidgetArea, self.palette)
        window.tabifyDockWidget(self.palette, self.outline)
        window.addDockWidget(Area.RightDockWidgetArea, self.inspector)
        window.addDockWidget(Area.BottomDockWidgetArea, self.training)
        window.tabifyDockWidget(self.training, self.runs)
        window.tabifyDockWidget(self.runs, self.problems)
        window.tabifyDockWidget(self.problems, self.code)
        window.tabifyDockWidget(self.code, self.budget)
        for dock in self.all():
            dock.show()
        self.palette.raise_()
        self.training.raise_()
        sides, bottoms = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        window.resizeDocks([self.palette, self.inspector], [LEFT_PX, RIGHT_PX], sides)
        window.resizeDocks([self.training], [BOTTOM_PX], bottoms)
        self._adjust_titles()

    def state(self) -> str:
        """Where the docks are, as text."""
        return bytes(self._window.saveState(STATE_VERSION).toBase64().data()).decode()

    def restore(self, state: str) -> bool:
        """Puts the docks where they were; False where the text tells nothing."""
        raw = QByteArray.fromBase64(QByteArray(state.encode()))
        is_restored = bool(state) and self._window.restoreState(raw, STATE_VERSION)
        self._adjust_titles()
        return is_restored

    def _adjust_titles(self) -> None:
        for dock in self.all():
            title = dock.titleBarWidget()
            if isinstance(title, _Title):
                title.adjust()

    def raise_floating(self) -> None:
        """Shows panels that float anew: those from before the window was shown lie below it."""
        for dock in self.all():
            handle = dock.windowHandle()
            if dock.isFloating() and dock.isVisible() and handle is not None:
                dock.hide()
                handle.setTransientParent(self._window.windowHandle())
                dock.show()

    def bring_up(self, dock: QDockWidget) -> None:
        """Shows a dock, in front of those it shares a place with."""
        dock.show()
        dock.raise_()

    def _make(self, name: str, title: str, panel: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # over the frame of the dock
        policy = panel.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        panel.setSizePolicy(policy)
        dock.setWidget(panel)
        # Qt only moves what lies behind a tab out of sight. Hidden, it knows that nobody looks.
        dock.visibilityChanged.connect(panel.setVisible)
        dock.setTitleBarWidget(_Title(dock, title))
        return dock


class _Title(QWidget):
    """A slim title: the name of the panel and a button that hides it."""

    def __init__(self, dock: QDockWidget, title: str) -> None:
        super().__init__(dock)
        self.setProperty("role", "panel")
        label = QLabel(title.upper())
        label.setProperty("role", "section")
        close = QPushButton("✕")
        close.setProperty("role", "flat")
        close.setFixedSize(22, 20)
        close.setStyleSheet("padding: 0; font-size: 10px;")
        close.setToolTip(tr("Hide {panel}; the View menu brings it back", panel=title))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(dock.close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 5, 6, 1)
        layout.addWidget(label)
        layout.addStretch(1)
        layout.addWidget(close)
        self._dock = dock
        self._height = HEIGHT_PX
        self.setFixedHeight(HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        for changed in (dock.visibilityChanged, dock.topLevelChanged, dock.dockLocationChanged):
            changed.connect(self.adjust)

    def adjust(self, *_: object) -> None:
        """Hides the title where a tab says the same."""
        window = self._dock.parent()
        if isinstance(window, QMainWindow):  # it is a plain widget once the window goes away
            is_tab = not self._dock.isFloating() and bool(window.tabifiedDockWidgets(self._dock))
            self._height = 0 if is_tab else HEIGHT_PX
            self.setFixedHeight(self._height)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The dock goes by this and not by the fixed height."""
        return QSize(super().sizeHint().width(), self._height)
