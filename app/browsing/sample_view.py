"""One sample closely: its picture, series or text, and all of its cells."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QSizePolicy, QWidget

from app.browsing.answer_view import AnswerView
from app.browsing.looks import Made, made_of, paint_made, part_colour, part_name
from app.desktop import open_path
from app.forms.parts import Facts, column, label, scrolled
from app.human import figure, grouped
from app.i18n import tr
from app.tasks import run_task
from app.theme import Theme, sans
from backends.data.browsing.columns import TokenColumn
from backends.data.browsing.samples import Picture, Samples, Shown, Unreadable, Wave

PICTURE_PX = 280
MOST_CELLS = 80
AROUND_PX = 36
TEXT_PX, LINE_LETTERS, MOST_LINES = 18, 42, 9
LONG_TEXT = 60


class Canvas(QWidget):
    """Paints what a sample looks like."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._made: Made = None
        self._fills = False
        self.setAccessibleName(tr("The chosen sample"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(PICTURE_PX, PICTURE_PX)

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self.update()

    def show_made(self, made: Made, height: int, *, fills: bool) -> None:
        """Shows what was made of a sample, as high as that; `fills` uses all of the room."""
        self._made, self._fills = made, fills
        self.setFixedHeight(height)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(self._theme.line))
            painter.setBrush(QColor(self._theme.field))
            painter.drawRoundedRect(area, 6, 6)
            painter.setFont(sans(28))
            inside = area.adjusted(6, 6, -6, -6)
            paint_made(painter, inside, self._made, self._theme, fills=self._fills)


class SampleView(QWidget):
    """What is known of the sample that the cursor is on."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._samples: Samples | None = None
        self.row: int | None = None
        self.title = label("", "heading")
        self.part = label("", "dim")
        self.canvas = Canvas(theme)
        self.reason = label("", "error", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(tr("The text of the sample"))
        self.about = label("", "dim", wrap=True)
        self.facts = Facts(self)
        self.copy = QPushButton(tr("Copy"))
        self.copy.setToolTip(tr("Puts the cells on the clipboard"))
        self.copy.clicked.connect(self.put_on_clipboard)
        self.open = QPushButton(tr("Open file"))
        self.open.setToolTip(tr("Opens it in the program that this computer has for such files"))
        self.open.clicked.connect(self._open_file)
        self.empty = label(tr("Choose a sample to see it closely."), "dim", wrap=True)
        self.answer = AnswerView(theme)
        self._arrange()
        self.show_nothing()

    def _arrange(self) -> None:
        page = QWidget()
        inner = column(page, margin=12)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.part)
        head.addStretch(1)
        head.addWidget(self.open)
        head.addWidget(self.copy)
        inner.addWidget(self.empty)
        inner.addLayout(head)
        for part in (self.canvas, self.reason, self.about, self.answer, self.text, self.facts):
            inner.addWidget(part)
        inner.addStretch(1)
        column(self, spacing=0).addWidget(scrolled(page, self, tr("The chosen sample")))

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self._theme = theme
        self.canvas.set_theme(theme)
        self.answer.set_theme(theme)
        if self._samples is not None and self.row is not None:
            self.show_sample(self._samples, self.row)

    def show_nothing(self) -> None:
        """Shows that no sample is chosen."""
        self._samples, self.row = None, None
        self.empty.show()
        self.answer.hide()
        for part in (self.title, self.part, self.canvas, self.reason, self.about, self.text,
                     self.facts, self.open, self.copy):  # fmt: skip
            part.hide()

    def show_sample(self, samples: Samples, row: int) -> None:
        """Shows a row; its picture is read in a thread."""
        self._samples, self.row = samples, row
        part = int(samples.parts[row])
        self.empty.hide()
        self.title.setText(tr("Row {row}", row=grouped(row)))
        self.part.setText(part_name(part))
        self.part.setStyleSheet(f"color: {part_colour(part, self._theme)};")
        texts = [(each.name, each.whole_text(row)) for each in samples.columns[:MOST_CELLS]]
        long = next((text for each, (_, text) in zip(samples.columns, texts, strict=False)
                     if isinstance(each, TokenColumn) or len(text) > LONG_TEXT), "")  # fmt: skip
        self.text.setPlainText(long)
        self.text.setVisible(bool(long))
        lines = min(len(long) // LINE_LETTERS + 1, MOST_LINES)
        self.text.setFixedHeight(TEXT_PX + lines * self.text.fontMetrics().lineSpacing())
        facts = [(name, text or "–") for name, text in texts if text != long or not long]
        if len(samples.columns) > MOST_CELLS:
            facts.append(("…", tr("{n} more", n=len(samples.columns) - MOST_CELLS)))
        if samples.lengths is not None:
            unit = tr(samples.length_unit)
            facts.append((tr("length"), f"{grouped(int(samples.lengths[row]))} {unit}"))
        self.facts.show_facts([(name, _short(text)) for name, text in facts])
        self.answer.show_sample(samples, row)
        self.open.setVisible(samples.file is not None)
        for widget in (self.title, self.part, self.facts, self.copy):
            widget.show()
        if samples.look in ("pictures", "waves"):
            self._read(samples, row)
        else:
            for unused in (self.canvas, self.reason, self.about):
                unused.hide()

    def _read(self, samples: Samples, row: int) -> None:
        theme = self._theme
        size = QSize(2 * PICTURE_PX, 2 * PICTURE_PX)
        if samples.look == "waves":
            size = QSize(2 * max(self.width() - AROUND_PX, PICTURE_PX // 2), PICTURE_PX)

        def work(_task: object) -> tuple[Shown, Made]:
            shown = samples.open(row)
            return shown, made_of(shown, size, theme)

        run_task(self, work, partial(self._know, samples, row), lambda _error: None, name="sample")

    def _know(self, samples: Samples, row: int, found: tuple[Shown, Made]) -> None:
        if samples is not self._samples or row != self.row:
            return
        shown, made = found
        is_broken = isinstance(shown, Unreadable)
        self.reason.setText(tr("It cannot be read: {why}.", why=shown.reason.rstrip("."))
                            if isinstance(shown, Unreadable) else "")  # fmt: skip
        self.reason.setVisible(is_broken)
        self.canvas.setVisible(not is_broken)
        is_image = isinstance(shown, Picture) and not shown.is_chart
        high = PICTURE_PX if is_image else PICTURE_PX // 2
        self.canvas.show_made(made, high, fills=not is_image)
        self.about.setText(about(shown))
        self.about.setVisible(bool(self.about.text()))

    def _open_file(self) -> None:
        samples, row = self._samples, self.row
        if samples is not None and samples.file is not None and row is not None:
            open_path(samples.file(row))

    def put_on_clipboard(self) -> None:
        """Copies the cells as lines of name and value."""
        samples, row = self._samples, self.row
        if samples is None or row is None:
            return
        cells = [f"{each.name}\t{each.whole_text(row)}" for each in samples.columns]
        QGuiApplication.clipboard().setText("\n".join([f"{tr('row')}\t{row}", *cells]))


def _short(text: str) -> str:
    return text if len(text) <= 200 else text[:200] + " …"


def about(shown: Shown) -> str:
    """The size of a picture or a series, and between which numbers it lies."""
    if isinstance(shown, Picture):
        height, width, channels = shown.pixels.shape
        if shown.is_chart:
            return tr("{width} × {height} numbers", width=width, height=height)
        return tr("{width} × {height} pixels, {channels} channels", width=width, height=height,
                  channels=channels) if channels > 1 else \
            tr("{width} × {height} pixels", width=width, height=height)  # fmt: skip
    if isinstance(shown, Wave):
        count = len(shown.values)
        low, high = float(shown.values.min()), float(shown.values.max())
        size = tr("{n} numbers", n=grouped(count))
        if shown.rate:
            size = tr("{seconds} s at {rate} Hz", seconds=figure(count / shown.rate),
                      rate=grouped(shown.rate))  # fmt: skip
        return tr("{size}, from {low} to {high}", size=size, low=figure(low), high=figure(high))
    return ""
