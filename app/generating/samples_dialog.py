"""Lets a trained diffusion model or generator make new data, and shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from app.generating.asking import Format
from app.generating.dialog import GenerateDialog, Origin, heed
from app.generating.pictures import sheet_of
from app.generating.samples_view import SamplesView, summary_of
from app.i18n import tr
from app.picturing.raster import png_bytes
from app.tasks import Task
from app.theme import Theme
from backends import loader
from graph.fileio import write_atomically
from graph.problems import UserError

Classes = tuple[str, ...]
MODULE = "backends.pytorch.sample"
COUNT, MOST = 64, 100_000
STEPS, MOST_STEPS = 50, 100_000
MOST_NAMED = 20
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Made:
    """New data, the sheet with them where they are images, and whether all are real numbers."""

    rows: np.ndarray
    sheet: QImage | None
    is_finite: bool


class SamplesDialog(GenerateDialog):
    """Makes images, points or other rows out of noise.

    Args:
        names: of the Inputs that say what is wanted, each with the classes that it knows.
        count: how many it makes where nobody says it.
        by_steps: whether noise is taken away step by step, as a diffusion model does.
    """

    def __init__(
        self,
        origin: Origin,
        names: Mapping[str, Classes],
        theme: Theme,
        parent: QWidget,
        *,
        by_steps: bool,
        count: int = COUNT,
    ) -> None:
        super().__init__(origin, tr("Generate data"), tr("Generate"), parent)
        self._by_steps = by_steps
        self.view = SamplesView(theme)
        self.count = QSpinBox(minimum=1, maximum=MOST, value=count)
        self.method = QComboBox()
        self.method.addItem(tr("DDIM, in few steps"), "ddim")
        self.method.addItem(tr("DDPM, in all steps"), "ddpm")
        self.steps = QSpinBox(minimum=1, maximum=MOST_STEPS, value=STEPS)
        self.eta = QDoubleSpinBox(minimum=0, maximum=1, singleStep=0.1, decimals=2)
        self.eta.setToolTip(tr("How much noise DDIM puts back: 0 none, 1 as much as DDPM."))
        self.seed = QSpinBox(minimum=0, maximum=LARGEST_SEED)
        self.seed.setToolTip(tr("The same seed makes the same data; another makes other data."))
        self._classes = names
        self.told = {name: _told_field(classes) for name, classes in names.items()}
        self.method.currentIndexChanged.connect(self._follow_method)
        self._fill_form()
        self.arrange(self.view)

    @property
    def has_result(self) -> bool:
        return self.view.made is not None

    def fields(self) -> tuple[QWidget, ...]:
        is_ddim = self.method.currentData() == "ddim"
        steps = (self.steps, self.eta) if is_ddim else ()
        return (self.count, self.method, *steps, self.seed, *self.told.values())

    def start(self) -> None:
        try:
            told = {name: values for name, field in self.told.items()
                    if (values := numbers_in(name, field.text(), self._classes[name]))}  # fmt: skip
        except UserError as error:
            self.tell(str(error), "error")
            return
        document, run = self._origin.document, self.run
        wanted = {
            "count": self.count.value(), "method": self.method.currentData(),
            "steps": self.steps.value(), "eta": self.eta.value(), "seed": self.seed.value(),
            "told": told,
        }  # fmt: skip

        wide = self.view.wide

        def work(task: Task) -> Made:
            asked = loader.call(MODULE, "Asked", **wanted)
            made = loader.call(MODULE, "sample_run", document, run, asked, partial(heed, task))
            return Made(made, sheet_of(made, wide), bool(np.isfinite(made).all()))

        self.begin(work, self._show_made)

    def show_progress(self, share: float, text: str) -> None:
        self.tell(tr("Making them: {share:.0%}", share=share), "dim")

    def put_on_clipboard(self) -> None:
        picture, made = self.view.picture(), self.view.made
        clipboard = QGuiApplication.clipboard()
        if picture is not None:
            clipboard.setImage(picture)
            self.tell(tr("The picture is on the clipboard."), "dim")
        elif made is not None:
            clipboard.setText("\n".join("\t".join(f"{value:.7g}" for value in row)
                                        for row in made.reshape(len(made), -1)))  # fmt: skip
            self.tell(tr("The numbers are on the clipboard."), "dim")

    def formats(self) -> tuple[Format, ...]:
        tables = ((tr("NumPy arrays"), "npy"), (tr("Tables"), "csv"))
        return tables if self.view.picture() is None else ((tr("Pictures"), "png"), *tables)

    def write(self, path: Path) -> Callable[[], object]:
        suffix = path.suffix.lower().lstrip(".")
        known = [known for _, known in self.formats()]
        if suffix not in known:
            names = ", ".join(f".{each}" for each in known)
            raise UserError(
                tr("The name must end in one of {names}, but is {name}.", names=names,
                   name=path.name)
            )  # fmt: skip
        picture = self.view.picture()
        if suffix == "png" and picture is not None:
            return lambda: write_atomically(path, png_bytes(picture))
        made = self.view.made
        return lambda: loader.call(MODULE, "save_samples", made, path)

    def _show_made(self, made: Made) -> None:
        self.view.show_made(made.rows, made.sheet)
        self._follow_state()
        text = summary_of(made.rows)
        if made.is_finite:
            self.tell(text, "dim")
        else:
            self.tell(tr("{what} Some of their numbers are not finite; train the drawing longer or "
                         "at a lower learning rate.", what=text), "warning")  # fmt: skip

    def _follow_method(self) -> None:
        is_ddim = self.method.currentData() == "ddim"
        self.steps.setEnabled(is_ddim)
        self.eta.setEnabled(is_ddim)

    def _fill_form(self) -> None:
        self.form.addRow(tr("How many"), self.count)
        for name, field in self.told.items():
            self.form.addRow(name, field)
        if self._by_steps:
            self.form.addRow(tr("Method"), self.method)
            self.form.addRow(tr("Steps"), self.steps)
            self.form.addRow(tr("Noise put back"), self.eta)
        self.form.addRow(tr("Seed"), self.seed)


def _told_field(classes: Classes) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(tr("as in the data"))
    text = tr("What is wanted, by its number, such as 3; several are taken in turn, such as "
              "0, 1, 2. Empty takes the first rows of the data.")  # fmt: skip
    named = [f"{number}  {name}" for number, name in enumerate(classes) if name != str(number)]
    more = ["…"] if len(named) > MOST_NAMED else []
    field.setToolTip("\n".join([text, *named[:MOST_NAMED], *more]))
    return field


def numbers_in(name: str, text: str, classes: Classes = ()) -> tuple[int, ...]:
    """Whole numbers or names of classes, separated by commas; none where the text is empty.

    Raises:
        UserError: something else is among them.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    found = []
    for part in parts:
        if part.removeprefix("-").isdecimal():
            found.append(int(part))
        elif part in classes:
            found.append(classes.index(part))
        else:
            raise UserError(
                tr("“{name}” takes whole numbers, such as 3 or 0, 1, 2, or names of classes, but "
                   "“{part}” is none.", name=name, part=part[:30])
            )  # fmt: skip
    return tuple(found)
