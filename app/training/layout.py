"""The two halves of the training dock: what is trained on and how, and what comes of it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTabWidget,
    QWidget,
)

from app.forms.parts import scrolled
from app.i18n import tr
from app.session import Session
from app.theme import Theme
from app.training.controls import PlotControls
from app.training.data_page import DataPage
from app.training.header import Header
from app.training.plots import Plots
from app.training.preview_page import PreviewPage
from app.training.recipe_page import RecipePage
from app.training.where_page import WherePage

SETTINGS_PX = 300
SMALLEST_SETTINGS_PX = 276
TIGHT_PX = 920
"""Narrower than this, side by side, the controls of the plots leave out words."""
SHARE_ABOVE = 0.38
GAP_PX = 12
BESIDE_TABS_PX = 10
CURVES, DATA, SETTINGS = 0, 1, 2
PLACE = 2
Shape = Literal["wide", "stacked", "single"]
"""Side by side; below each other, where it is narrow; one at a time, where it is low, too."""


class Parts(QSplitter):
    """Settings at the left, curves and data at the right, or as the room allows."""

    def __init__(self, header: Header, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._header = header
        self.data_page = DataPage()
        self.recipe_page = RecipePage()
        self.where_page = WherePage()
        self.controls = PlotControls()
        self.plots = Plots(self.controls)
        self.preview = PreviewPage()
        self.settings = QTabWidget()
        self.settings.setAccessibleName(tr("Settings of the training"))
        self.settings.setDocumentMode(True)
        self.settings.addTab(scrolled(self.data_page, self, tr("Data")), tr("Data"))
        self.settings.addTab(scrolled(self.recipe_page, self, tr("Recipe")), tr("Recipe"))
        self.settings.addTab(scrolled(self.where_page, self, tr("Where")), tr("Where"))
        self.settings.setTabToolTip(PLACE, tr("Where it trains: here, or in other processes"))
        self.settings.setMinimumWidth(SMALLEST_SETTINGS_PX)
        self._corner = QWidget()
        corner = QHBoxLayout(self._corner)
        corner.setContentsMargins(0, 0, 8, 4)
        self.settings.setCornerWidget(self._corner)
        self.views = QTabBar()
        self.views.setDrawBase(False)
        self.views.setExpanding(False)
        self.views.addTab(tr("Curves"))
        self.views.addTab(tr("Preview"))
        self.views.setTabToolTip(DATA, tr("The first rows or pictures of the data"))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.plots)
        self.pages.addWidget(self.preview)
        self.views.currentChanged.connect(self._show_view)
        self.preview.table.target_asked.connect(self.data_page.choose_target)
        self.preview.table.menu_asked.connect(self.data_page.show_column_menu)
        self.data_page.look_wanted.connect(lambda: self.views.setCurrentIndex(DATA))
        self._session: Session | None = None
        self._shape: Shape = "stacked"
        self._arrange()

    def _arrange(self) -> None:
        right = QWidget()
        self._grid = QGridLayout(right)
        self._grid.setContentsMargins(GAP_PX, 0, 0, 0)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self.pages, 2, 0, 1, 2)
        self._grid.setRowStretch(2, 1)
        self.addWidget(self.settings)
        self.addWidget(right)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setSizes([SETTINGS_PX, 4 * SETTINGS_PX])
        self.arrange("wide")

    def arrange(self, shape: Shape) -> None:
        """Uses the room there is."""
        if shape == self._shape:
            return
        was, self._shape = self._shape, shape
        if shape == "single":
            self.pages.addWidget(self.settings)
            self.views.addTab(tr("Settings"))
        elif was == "single":
            self.views.removeTab(SETTINGS)
            self.insertWidget(0, self.settings)
            self.settings.show()
        self._share_room(shape)
        is_wide = shape == "wide"
        self._lend_header(is_wide)
        self._grid.setContentsMargins(GAP_PX if is_wide else 0, 0, 0, 0)
        self._grid.removeWidget(self.views)
        self._grid.removeWidget(self.controls)
        self._grid.addWidget(self.views, 0, 0, 1, 1 if is_wide else 2)
        self.controls.set_narrow(not is_wide or self.width() < TIGHT_PX)
        if is_wide:
            self._grid.addWidget(self.controls, 0, 1, Qt.AlignmentFlag.AlignRight)
        else:
            self._grid.addWidget(self.controls, 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)

    def _lend_header(self, is_wide: bool) -> None:
        """Puts buttons beside the tabs and progress above the curves: no row is theirs alone."""
        if is_wide:
            self._header.lend()
            corner = self._corner.layout()
            assert corner is not None
            corner.addWidget(self._header.buttons)
            self._grid.addWidget(self._header.line, 1, 0, 1, 2)
        else:
            self._header.take_back()
        self._corner.setVisible(is_wide)

    def _share_room(self, shape: Shape) -> None:
        if shape == "stacked":
            self.setOrientation(Qt.Orientation.Vertical)
            high = max(self.height(), 400)
            above = round(SHARE_ABOVE * high)
            self.setSizes([above, high - above])
        else:
            self.setOrientation(Qt.Orientation.Horizontal)
            self.setSizes([SETTINGS_PX, max(self.width(), 900)])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.controls.set_narrow(self._shape != "wide" or self.width() < TIGHT_PX)
        self._keep_tabs_whole()

    def _keep_tabs_whole(self) -> None:
        """Gives the settings so much room that every tab can be read beside the buttons."""
        tabs = self.settings.tabBar().sizeHint().width()
        beside = self._header.widest_buttons() + BESIDE_TABS_PX if self._shape == "wide" else 0
        self.settings.setMinimumWidth(max(tabs + beside, SMALLEST_SETTINGS_PX))

    def set_session(self, session: Session) -> None:
        """Shows data and recipe of another document, from their tops."""
        self._session = session
        for area in self.settings.findChildren(QScrollArea):
            area.verticalScrollBar().setValue(0)
        self.data_page.set_session(session)
        self.recipe_page.set_session(session)
        self.preview.show_data(session.document.data)

    def leave(self) -> None:
        """Hands over what was typed."""
        self.data_page.leave()
        self.recipe_page.leave()

    def refresh(self) -> None:
        """Shows data and recipe as they are now."""
        self.recipe_page.refresh()
        self.data_page.refresh()
        self._keep_tabs_whole()
        if self._session is not None:
            self.preview.show_data(self._session.document.data)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.plots.set_theme(theme)
        self.preview.set_theme(theme)
        self.recipe_page.set_theme(theme)
        self.data_page.theme = theme

    def show_settings(self) -> None:
        """Brings data and recipe to the front, where they are not beside the curves."""
        if self._shape == "single":
            self.views.setCurrentIndex(SETTINGS)

    def show_steps(self) -> None:
        """Brings the steps between data and model to the front, to be edited by keys."""
        self.show_settings()
        self.settings.setCurrentIndex(0)
        self.data_page.steps.take_focus()

    def show_places(self) -> None:
        """Brings to the front where it trains, with the cursor in it."""
        self.show_settings()
        self.settings.setCurrentIndex(PLACE)
        self.where_page.kinds.setFocus()

    def show_curves(self) -> None:
        """Brings the plots to the front."""
        self.views.setCurrentIndex(CURVES)

    def _show_view(self, place: int) -> None:
        self.pages.setCurrentIndex(place)
        self.controls.setVisible(place == CURVES)
