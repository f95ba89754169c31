"""What happens when the program meets a bug: unsaved work is copied, then the person is told."""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import tr

log = logging.getLogger(__name__)

IGNORED_QT_MESSAGES = (
    "This plugin does not support propagateSizeHints",
    "This plugin does not support raise()",
)
LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class CrashHandler(QObject):
    """Catches what nothing else caught, in every thread.

    Args:
        save: copies all unsaved documents to the recovery folder; answers where.
        window: what the report is shown above.
    """

    _crashed = Signal(str, str)

    def __init__(self, save: Callable[[], list[Path]], window: QWidget) -> None:
        super().__init__(window)
        self._save = save
        self._window = window
        self.report: CrashReport | None = None
        # queued, so that the dialog opens after the event that failed is over, in the UI thread
        self._crashed.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Takes over the hooks of Python and Qt."""
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        self._qt_before = qInstallMessageHandler(log_qt_message)

    def uninstall(self) -> None:
        """Gives the hooks back to those who had them before."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(self._qt_before)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        log.critical("Unexpected error\n%s", details)
        self._crashed.emit(f"{kind.__name__}: {error}", self._rescue() + "\n\n" + details)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    def _rescue(self) -> str:
        try:
            copies = self._save()
        except Exception as error:  # noqa: BLE001  a border: the report must come in any case
            return tr("Unsaved work could not be copied: {error}.", error=error)
        if not copies:
            return tr("There was no unsaved work.")
        return tr("Unsaved work was copied to:") + "".join(f"\n  {copy}" for copy in copies)

    def _show(self, summary: str, details: str) -> None:
        if self.report is not None and self.report.isVisible():
            self.report.add(details)  # one dialog, however often a timer fails
            return
        self.report = CrashReport(summary, details, self._window)
        self.report.open()


class CrashReport(QDialog):
    """Says that something went wrong, and gives the details to copy."""

    def __init__(self, summary: str, details: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.resize(640, 420)
        text = QLabel(
            tr("Torchloom met an error that it did not expect. Your work is kept, and you can go "
               "on. If it happens again, the details below help to mend it.\n\n{summary}",
               summary=summary)
        )  # fmt: skip
        text.setWordWrap(True)
        self.details = QPlainTextEdit(versions() + "\n\n" + details)
        self.details.setReadOnly(True)
        self.details.setProperty("role", "mono")
        buttons = QDialogButtonBox()
        copy = QPushButton(tr("Copy details"))
        copy.clicked.connect(self.copy_details)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(tr("Go on"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(text)
        layout.addWidget(self.details, 1)
        layout.addWidget(buttons)

    def add(self, details: str) -> None:
        """Appends the details of a further error, up to a length that can still be read."""
        if self.details.blockCount() < 400:
            self.details.appendPlainText("\n" + details)

    def copy_details(self) -> None:
        """Puts the details on the clipboard."""
        QGuiApplication.clipboard().setText(self.details.toPlainText())


def versions() -> str:
    """What runs here, for reports and the About window."""
    from importlib.metadata import PackageNotFoundError, version  # 20 ms at each start otherwise

    lines = [f"Python {platform.python_version()}", platform.platform()]
    for package in ("torchloom", "torch", "PySide6-Essentials", "pyqtgraph", "numpy"):
        try:
            lines.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return "\n".join(lines)


def log_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Sends what Qt says to the log of Python."""
    if any(text.startswith(ignored) for ignored in IGNORED_QT_MESSAGES):
        return
    logging.getLogger("qt").log(LEVELS.get(kind, logging.WARNING), "%s", text)
