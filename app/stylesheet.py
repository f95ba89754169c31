"""The style sheet of the program, filled with the colours of a theme.

Widgets ask for a look by the dynamic property `role`: labels `heading`, `dim`, `section`, `mono`,
`error`, `warning`; buttons `primary`, `flat`, `quiet`, `link`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template

import assets

ICONS = Path(assets.__file__).parent / "icons"

# No min-height and no padding on a bare QLineEdit: that would clip the editor inside spin boxes.
SHEET = Template("""
* { font-family: "$sans"; font-size: 12px; }
QWidget { color: $text; }
QMainWindow, QDialog, QMessageBox, QWidget[role="panel"] { background: $panel; }
QToolTip { background: $body; color: $text; border: 1px solid $border; padding: 4px 6px; }

QLabel { background: transparent; }
QLabel[role="heading"] { font-weight: bold; font-size: 13px; }
QLabel[role="dim"] { color: $dim; font-size: 11px; }
QLabel[role="section"] { color: $dim; font-size: 10px; font-weight: bold; }
QLabel[role="mono"] { font-family: "$mono"; font-size: 11px; }
QLabel[role="error"] { color: $error; font-size: 11px; }
QLabel[role="warning"] { color: $warn; font-size: 11px; }
QLabel[role="key"] { font-family: "$mono"; font-size: 11px; background: $field;
  border: 1px solid $line; border-radius: 4px; padding: 1px 6px; }

QMenuBar { background: $panel; color: $text; padding: 2px 6px; border-bottom: 1px solid $line; }
QMenuBar::item { background: transparent; padding: 4px 9px; border-radius: 5px; }
QMenuBar::item:selected { background: $field; }
QMenu { background: $panel; border: 1px solid $border; padding: 5px; }
QMenu::item { padding: 5px 24px 5px 22px; border-radius: 5px; background: transparent; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $dim2; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 5px 6px; }
QMenu::indicator { width: 12px; height: 12px; left: 5px; }
QMenu::indicator:checked { image: url("$icons/tick.svg"); }
QMenu::right-arrow { image: url("$icons/right.svg"); width: 10px; height: 10px; right: 6px; }

QToolBar { background: $panel; border: 0; border-bottom: 1px solid $line; padding: 6px;
  spacing: 8px; }
QStatusBar { background: $panel; border-top: 1px solid $line; min-height: 29px; }
QStatusBar::item { border: 0; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QSplitter::handle { background: $line; }
QFrame[role="line"] { background: $line; border: 0; max-height: 1px; min-height: 1px; }
QFrame[role="card"] { background: $field; border: 1px solid $line; border-radius: 8px; }

QDockWidget { color: $text; border: 1px solid $border; background: $border;
  titlebar-close-icon: url("$icons/close.svg"); titlebar-normal-icon: url("$icons/float.svg"); }
QDockWidget::title { background: $panel; padding: 6px 12px; border-bottom: 1px solid $line;
  text-align: left; }
QDockWidget::close-button, QDockWidget::float-button { border: 0; background: transparent;
  padding: 2px; icon-size: 11px; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: $field;
  border-radius: 4px; }
QDockWidget > QWidget { background: $panel; }

QTabWidget::pane { border: 0; }
QTabBar { background: $panel; border: 0; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $dim; padding: 7px 14px; border: 0;
  border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; font-weight: bold; border-bottom: 2px solid $accent; }
QTabBar::close-button { image: url("$icons/close.svg"); subcontrol-position: right;
  border-radius: 4px; padding: 1px; }
QTabBar::close-button:hover { background: $field; }
QTabBar QToolButton { background: $panel; border: 0; }

QPushButton, QToolButton { background: $field; color: $text; border: 1px solid $line;
  border-radius: 6px; padding: 5px 12px; }
QPushButton:hover, QToolButton:hover { border-color: $border; background: $body; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked, QPushButton:checked {
  background: $row; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $dim2; background: $panel; }
QPushButton[role="primary"], QToolButton[role="primary"] { background: $accent; color: $on_accent;
  border: 1px solid $accent; font-weight: bold; }
QPushButton[role="primary"]:hover, QToolButton[role="primary"]:hover { border-color: $text; }
QPushButton[role="primary"]:disabled, QToolButton[role="primary"]:disabled { background: $row;
  color: $dim; border-color: $line; }
QPushButton[role="flat"], QToolButton[role="flat"] { background: transparent;
  border: 1px solid transparent; padding: 3px 7px; }
QPushButton[role="flat"]:hover, QToolButton[role="flat"]:hover { background: $field; }
QPushButton[role="flat"]:checked, QToolButton[role="flat"]:checked { background: $field;
  border-color: $line; }
QPushButton[role="flat"]:focus, QToolButton[role="flat"]:focus { border-color: $accent; }
QPushButton[role="quiet"] { background: transparent; border: 1px solid transparent;
  color: $dim; font-size: 11px; padding: 3px 7px; }
QPushButton[role="quiet"]:hover { background: $field; }
QPushButton[role="quiet"]:focus { border-color: $accent; }
QPushButton[role="link"] { background: transparent; border: 0; color: $accent; padding: 0 2px; }
QPushButton[role="link"]:hover, QPushButton[role="link"]:focus { text-decoration: underline; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QFileDialog QToolButton { padding: 4px; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit { background: $field;
  color: $text; border: 1px solid $line; border-radius: 6px;
  selection-background-color: $accent; selection-color: $on_accent; }
QPlainTextEdit[role="mono"] { font-family: "$mono"; font-size: 11px; }
QLineEdit { padding: 4px 8px; }
QPlainTextEdit { padding: 3px 4px; }
QAbstractSpinBox { padding: 3px 4px 3px 6px; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: 0; padding: 0; background: transparent; }
QComboBox { padding: 4px 8px; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
  border-color: $accent; }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"], QComboBox[invalid="true"] {
  border-color: $error; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $dim2; }
QComboBox::drop-down { border: 0; width: 20px; }
QComboBox::down-arrow { image: url("$icons/down.svg"); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $border; outline: 0;
  padding: 4px; selection-background-color: $accent; selection-color: $on_accent; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: 0; width: 16px;
  background: transparent; }
QAbstractSpinBox::up-arrow { image: url("$icons/up.svg"); width: 8px; height: 8px; }
QAbstractSpinBox::down-arrow { image: url("$icons/down.svg"); width: 8px; height: 8px; }
QCheckBox, QRadioButton { spacing: 7px; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $dim2; }
QCheckBox::indicator, QListView::indicator { width: 14px; height: 14px; border-radius: 4px;
  border: 1px solid $border; background: $field; }
QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: $accent;
  border-color: $accent; image: url("$icons/check-$name.svg"); }
QSlider::groove:horizontal { height: 3px; background: $line; border-radius: 1px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 1px; }
QSlider::handle:horizontal { background: $accent; width: 12px; height: 12px; margin: -5px 0;
  border-radius: 6px; }
QProgressBar { background: $field; border: 0; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QTreeView, QListView, QTableView { background: $panel; color: $text; border: 0; outline: 0;
  alternate-background-color: $field; selection-background-color: $field;
  selection-color: $text; }
QTreeView { show-decoration-selected: 0; }
QTreeView::branch { background: transparent; }
QTreeView::branch:selected, QTreeView::branch:hover { background: transparent; }
QTreeView::branch:closed:has-children { image: url("$icons/right.svg"); }
QTreeView::branch:open:has-children { image: url("$icons/down.svg"); }
QTreeView::item { min-height: 25px; border-radius: 6px; padding-left: 4px; }
QListView[role="popup"] { border: 1px solid $border; }
QListView::item { min-height: 25px; border-radius: 6px; padding: 2px 6px; }
QTreeView::item:hover, QListView::item:hover { background: $field; }
QTreeView::item:selected, QListView::item:selected { background: $field; color: $text; }
QTreeView::item:selected:focus, QListView::item:selected:focus { background: $row; }
QHeaderView::section { background: $panel; color: $dim; border: 0;
  border-bottom: 1px solid $line; padding: 5px 8px; }
QTableView { gridline-color: $line; }
QTableView::item { padding: 0 6px; }
QTableView::item:selected { background: $row; color: $text; }
QTableCornerButton::section { background: $panel; border: 0; }

QScrollArea { border: 0; background: transparent; }
QAbstractScrollArea::corner { border: 0; background: transparent; }
QScrollArea > QWidget > QWidget[role="panel"] { background: $panel; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $dim2; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")


def stylesheet_of(colours: Mapping[str, object], sans: str, mono: str) -> str:
    """The sheet with these colours by name and these font families."""
    return SHEET.substitute(colours, sans=sans, mono=mono, icons=ICONS.as_posix())
