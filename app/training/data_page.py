"""The page of the data: which source, its parameters, and what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app.data_code import untrusted_code
from app.data_trust import ask_for_data
from app.forms import FormView
from app.forms.parts import Facts, column, label, rule
from app.i18n import tr
from app.session import Session
from app.tasks import run_task
from app.theme import THEMES
from app.training import class_weights, preview
from app.training.column_menu import column_menu
from app.training.data_facts import info_facts, origin_text
from app.training.data_warnings import DataWarnings
from app.training.dropped import kind_of
from app.training.fit import Fit, fitted
from app.training.kept import other_source
from app.training.source_box import SourceBox
from app.training.steps_box import StepsBox
from graph import edits
from graph.data import DataSpec
from graph.model import Document
from graph.params import Value
from graph.problems import UserError
from graph.search_fields import Field

if TYPE_CHECKING:
    from backends.data.source import Source

DATA_PROBLEM = "data"
OFFERED = ("column", "columns")
"""Widgets of parameters that name columns of a file."""


class DataPage(QWidget):
    """Chooses the data of the document in front.

    Signals:
        look_wanted: the person chose something that is worth a look at the preview.
        browse_wanted: the person asks to see all samples.
    """

    look_wanted = Signal()
    browse_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self.theme = THEMES["dark"]
        self._sources: Mapping[str, type[Source]] = {}
        self._is_asked = False
        self._named: DataSpec | None = None
        self._fit_known = Fit()
        self.chooser = SourceBox()
        self.chooser.chosen.connect(self._choose)
        self.about = label("", "dim", wrap=True)
        self.error = label("", "error", wrap=True)
        self.form = FormView(self)
        self.form.edited.connect(self._set)
        self.form.run_ended.connect(self._end_run)
        self.form.search_name = lambda name: str(Field(name, of_data=True))
        self.trust = QPushButton(tr("Read and trust its code…"))
        self.trust.setToolTip(tr("Shows the Python code of this data; it runs once you agree"))
        self.trust.clicked.connect(self._ask_trust)
        self.facts = Facts(self)
        self.note = label("", "dim", wrap=True)
        self.browse = QPushButton(tr("Browse the data…"))
        self.browse.setToolTip(tr("Shows every sample: searched, filtered and summed up"))
        self.browse.clicked.connect(self.browse_wanted)
        self.fit = QPushButton(tr("Fit Input and Target to this data"))
        self.fit.setToolTip(tr("Gives them the columns, shapes and number types of this data"))
        self.fit.clicked.connect(self._fit)
        self.weigh = QPushButton(tr("Weigh classes in losses"))
        self.weigh.setToolTip(tr("Wires weights to each loss, so that rare classes count as much"))
        self.weigh.clicked.connect(self.weigh_classes)
        self.steps = StepsBox(self)
        self.warnings = DataWarnings(self)
        self.origin = label("", "dim", wrap=True)
        layout = column(self, margin=12)
        for part in (
            self.chooser, self.about, self.form, self.error, self.trust, self.browse, self.fit,
            self.weigh, rule(), self.steps, rule(), self.facts, self.note, self.warnings,
            self.origin,
        ):  # fmt: skip
            layout.addWidget(part)
        layout.addStretch(1)

    def set_session(self, session: Session) -> None:
        """Belongs to another document from now on."""
        self._session = session
        self.steps.set_session(session)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh_info()
        if not self._is_asked:
            self._is_asked = True
            run_task(
                self, lambda _task: preview.source_classes(), self._know_sources,
                self._refuse_sources, name="data-sources",
            )  # fmt: skip

    def leave(self) -> None:
        """Hands over what was typed."""
        if self._session is not None and self._sources:
            self.form.commit()
            self.steps.form.commit()

    def refresh(self) -> None:
        """Shows the data as the document names it now, and what is known of it."""
        session = self._session
        if session is None:
            return
        spec = session.document.data
        self.steps.refresh()
        kind = self._sources.get(spec.source)
        self.chooser.show_source(spec.source)
        self.chooser.setEnabled(not session.read_only and bool(self._sources))
        self.form.setVisible(kind is not None)
        self.form.setEnabled(not session.read_only)
        if kind is not None:
            self.form.show_form(kind, [spec.params], key=(session, spec.source))
            self._ask_columns(spec, kind)
            self.about.setText(tr((kind.__doc__ or "").strip().splitlines()[0]))
            self.origin.setText(origin_text(kind))
            self.origin.setVisible(bool(self.origin.text()))
        self.refresh_info()

    def refresh_info(self) -> None:
        """Shows what is known of the data, and whether the drawing fits it."""
        session = self._session
        if session is None:
            return
        info = session.data_info
        problem = next((p for p in session.problems if p.code == DATA_PROBLEM), None)
        self.error.setText(problem.text if problem else "")
        self.error.setVisible(problem is not None)
        self.trust.setVisible(problem is not None and bool(untrusted_code(session.document.data)))
        self.browse.setEnabled(problem is None or not self._misses_file(session.document.data))
        self.facts.show_facts(info_facts(info) if info else [])
        self.note.setText(info.note if info else "" if problem else tr("Looking at the data…"))
        self.note.setVisible(bool(self.note.text()))
        if self.isVisible():
            self.warnings.show_for(session.document.data, info)
        can_fit = info is not None and not session.read_only
        if can_fit and info is not None:
            can_fit = not self._fit_known.holds(session.root, info, session.registry)
        self.fit.setVisible(can_fit)
        self.weigh.setVisible(self.can_weigh())

    def _misses_file(self, spec: DataSpec) -> bool:
        kind = self._sources.get(spec.source)
        params = kind.params.values() if kind else ()
        asked = [each for each in params if each.widget in ("file", "folder")]
        return any(not spec.params.get(each.name, each.default) for each in asked)

    def _know_sources(self, found: Mapping[str, type[Source]]) -> None:
        self._sources = found
        self.chooser.offer(found)
        self.refresh()

    def _refuse_sources(self, error: UserError) -> None:
        self.error.setText(str(error))
        self.error.show()

    def _ask_columns(self, spec: DataSpec, kind: type[Source]) -> None:
        """Offers the columns of a file where one is to be chosen."""
        chosen = [param.name for param in kind.params.values() if param.widget in OFFERED]
        if not chosen or spec == self._named:
            return
        self._named = spec

        def offer(names: tuple[str, ...]) -> None:
            if spec == self._named:
                for name in chosen:
                    self.form.set_choices(name, names)

        run_task(
            self, lambda _task: preview.column_names(spec), offer, lambda _error: offer(()),
            name="columns",
        )  # fmt: skip

    def _choose(self, source: str) -> None:
        session = self._session
        if session is None or source == session.document.data.source:
            return
        title = tr(self._sources[source].title)
        spec = other_source(session.document.data, self._sources, source)
        edit = partial(edits.set_data, data=spec)
        session.apply(tr("Use {title}", title=title), edit)
        self.refresh()
        self.look_wanted.emit()

    def _set(self, name: str, value: Value, is_run: bool) -> None:
        session = self._session
        kind = self._sources.get(session.document.data.source) if session else None
        if session is None or kind is None:
            return
        declared = kind.params[name]
        spec = with_param(session.document.data, name, value, declared.default)
        label_ = tr("Set {name}", name=tr(declared.title).lower())
        edit = partial(edits.set_data, data=spec)
        if not session.apply(label_, edit, f"data {name}" if is_run else None):
            self.refresh()
        elif declared.widget in ("file", "folder"):
            self.look_wanted.emit()

    def choose_target(self, column: str) -> None:
        """Makes a column of the file the one to predict."""
        session = self._session
        kind = self._sources.get(session.document.data.source) if session else None
        for param in kind.params.values() if kind else ():
            if param.widget == "column":
                self._set(param.name, column, False)
                return

    def show_column_menu(self, column: str, at: QPoint) -> None:
        """Shows what a column of the file may be for."""
        if self._session is not None and not self._session.read_only:
            params = self._session.document.data.params
            column_menu(
                column, params, lambda name, value: self._set(name, value, False), self
            ).popup(at)

    def take_file(self, path: Path) -> bool:
        """Uses a file or a folder of images as the data; answers whether it can be data."""
        session, kind = self._session, kind_of(path)
        if session is None or kind is None:
            return False
        source, name = kind
        spec = other_source(session.document.data, self._sources, source, **{name: str(path)})
        if session.apply(tr("Use {title}", title=path.name), partial(edits.set_data, data=spec)):
            self.look_wanted.emit()
        return True

    def _ask_trust(self) -> None:
        if self._session is not None:
            ask_for_data(self._session, self.theme, self)

    def _end_run(self) -> None:
        if self._session is not None:
            self._session.seal()

    def _fit(self) -> None:
        session = self._session
        info = session.data_info if session else None
        if session is not None and info is not None:
            registry = session.registry
            session.apply_to_whole(
                tr("Fit Input and Target"), lambda document: fitted(document, info, registry)
            )

    def can_weigh(self) -> bool:
        """Whether a loss of the drawing takes weights for classes of the data."""
        session = self._session
        info = session.data_info if session else None
        if session is None or info is None or session.read_only:
            return False
        return class_weights.can_weigh(session.document, info, session.registry)

    def weigh_classes(self) -> None:
        """Wires weights to the losses, so that rare classes count as much as common ones."""
        session = self._session
        info = session.data_info if session else None
        if session is None or info is None:
            return
        spec, registry = session.document.data, session.registry

        def known(weights: Mapping[str, tuple[float, ...]]) -> None:
            def edit(document: Document) -> Document:
                return class_weights.weighed(document, info, weights, registry)

            session.apply(tr("Weigh classes"), edit)

        run_task(
            self,
            lambda task: class_weights.weights_of(spec, info, task.report, task.is_cancelled),
            known, lambda error: self.error.setText(str(error)), name="class-weights",
        )  # fmt: skip


def with_param(spec: DataSpec, name: str, value: Value, default: Value) -> DataSpec:
    """The same source with one value changed; the default is stored as nothing."""
    params = {key: old for key, old in spec.params.items() if key != name}
    if value != default:
        params[name] = value
    return replace(spec, params=params)
