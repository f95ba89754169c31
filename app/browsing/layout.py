"""Where the parts of the window of samples are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QTabWidget, QVBoxLayout

from app.i18n import tr

if TYPE_CHECKING:
    from app.browsing.dialog import BrowserDialog

WIDTH_PX, HEIGHT_PX = 1080, 680
SIDE_PX = 350
SMALLEST_SIDE_PX = 300
MESSAGE_PX = 60


def arrange(dialog: BrowserDialog) -> QTabWidget:
    """Filters above, samples below them, and at their right one of them and all summed up."""
    tabs = QTabWidget()
    tabs.setDocumentMode(True)
    tabs.setAccessibleName(tr("The chosen sample, and all of them"))
    tabs.addTab(dialog.sample, tr("Sample"))
    tabs.addTab(dialog.overview, tr("Overview"))
    tabs.setCurrentIndex(1)
    tabs.setMinimumWidth(SMALLEST_SIDE_PX)
    dialog.message.setContentsMargins(MESSAGE_PX, 0, MESSAGE_PX, 0)
    dialog.pages.addWidget(dialog.message)
    dialog.pages.addWidget(dialog.rows)
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.addWidget(dialog.pages)
    splitter.addWidget(tabs)
    splitter.setStretchFactor(0, 1)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(1)
    splitter.setSizes([WIDTH_PX - SIDE_PX, SIDE_PX])
    foot = QHBoxLayout()
    foot.setContentsMargins(12, 0, 12, 0)
    foot.addWidget(dialog.rows.switch)
    foot.addWidget(dialog.count, 1)
    foot.addWidget(dialog.work)
    foot.addWidget(dialog.try_it)
    foot.addWidget(dialog.again)
    head = QHBoxLayout()
    head.setContentsMargins(12, 0, 12, 0)
    head.addWidget(dialog.filters)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(0, 12, 0, 10)
    layout.setSpacing(8)
    layout.addLayout(head)
    layout.addWidget(splitter, 1)
    layout.addLayout(foot)
    dialog.resize(WIDTH_PX, HEIGHT_PX)
    return tabs
