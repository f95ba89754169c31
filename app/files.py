"""Opening, saving and closing documents, and asking before anything is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.desktop import file_dialog
from app.examples import Example
from app.i18n import tr
from app.messages import Message
from app.receiving import open_picture
from app.session import Session
from app.typed import hand_over
from graph.fileio import SUFFIX, load, save
from graph.model import Document
from graph.pictures import SUFFIXES, is_picture
from graph.problems import UserError

if TYPE_CHECKING:
    from app.window import Window

Stamp = tuple[int, int] | None
Then = Callable[[], object]
Buttons = QMessageBox.StandardButton


def _nothing() -> None:
    return


class Files(QObject):
    """The files of a window. Every question is a dialog that does not block."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._stamps: dict[Session, Stamp] = {}
        self._untitled = 0

    def filter(self) -> str:
        """What file dialogs show."""
        return tr("Torchloom drawings (*{suffix})", suffix=SUFFIX)

    def recent(self) -> list[Path]:
        """The files opened last, the newest first."""
        return [Path(text) for text in self._window.settings.recent]

    def new(self) -> Session:
        """Opens an empty document."""
        self._untitled += 1
        name = tr("Untitled") if self._untitled == 1 else tr("Untitled {n}", n=self._untitled)
        return self._show(Session(Document(name=name)))

    def open(self, path: Path) -> Session | None:
        """Opens a file, or brings it to the front where it is open; None where it cannot be."""
        path = path.absolute()
        if is_picture(path):
            return open_picture(self._window, path)
        for session in self._window.tabs.sessions():
            if session.path is not None and _is_same(session.path, path):
                self._window.tabs.show_session(session)
                return session
        try:
            stamp = stamp_of(path)
            loaded = load(path)
        except UserError as error:
            self._window.tell(Message(str(error), "error"))
            if not path.exists():
                self._window.change_settings(self._window.settings.without_recent(path))
            return None
        session = Session(loaded.document, path, read_only=loaded.read_only)
        self._stamps[session] = stamp
        self._show(session)
        for note in loaded.notes:
            session.message.emit(Message(note, "warning"))
        self._window.change_settings(self._window.settings.with_recent(path))
        return session

    def open_example(self, example: Example) -> Session | None:
        """Opens a copy of an example, so that saving does not change the example."""
        try:
            document = load(example.path).document
        except UserError as error:
            self._window.tell(Message(str(error), "error"))
            return None
        return self._show(Session(document))

    def open_drawn(self, document: Document, *, read_only: str = "", saved: bool = True) -> Session:
        """Opens a drawing that no file holds yet, such as one of the gallery."""
        return self._show(Session(document, read_only=read_only, saved=saved))

    def restore(self, document: Document, path: Path | None) -> Session:
        """Opens recovered work, which is not saved yet."""
        session = Session(document, path, saved=False)
        if path is not None:
            self._stamps[session] = stamp_of(path)
        return self._show(session)

    def ask_open(self) -> None:
        """Asks for files and opens them."""
        dialog = self._dialog(tr("Open"))
        pictures = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        dialog.setNameFilters([
            tr("Drawings, and pictures of them (*{suffix} {pictures})",
               suffix=SUFFIX, pictures=pictures),
            self.filter(),
        ])  # fmt: skip
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: [self.open(Path(name)) for name in names])
        dialog.open()

    def save(self, session: Session, then: Then = _nothing) -> None:
        """Saves to the file of a document; asks for one where it has none, then goes on."""
        hand_over(self._window)
        path = session.path
        if path is None or session.read_only:
            self.ask_save_as(session, then)
        elif stamp_of(path) != self._stamps.get(session):
            self._ask_overwrite(session, path, then)
        else:
            self.save_to(session, path, then)

    def ask_save_as(self, session: Session, then: Then = _nothing) -> None:
        """Asks for a name and saves under it, then goes on."""
        hand_over(self._window)
        dialog = self._dialog(tr("Save as"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX.lstrip("."))
        unnamed = session.title.replace("/", "-").replace("\\", "-") + SUFFIX
        dialog.selectFile(session.path.name if session.path else unnamed)
        dialog.fileSelected.connect(lambda name: self.save_to(session, Path(name), then))
        dialog.open()

    def save_to(self, session: Session, path: Path, then: Then = _nothing) -> None:
        """Writes a document to a file, then goes on; where that fails it stays unsaved."""
        path = path.absolute()
        name = path.stem if _is_unnamed(session) else session.root.name
        try:
            save(replace(session.root, name=name), path)
        except UserError as error:
            retry = Message(str(error), "error")
            session.message.emit(retry)
            return
        if name != session.root.name:
            session.take_name(name)
        self._stamps[session] = stamp_of(path)
        session.mark_saved(path)
        self._window.forget_copy(session)
        self._window.change_settings(self._window.settings.with_recent(path))
        then()

    def close(self, session: Session, then: Then = _nothing) -> None:
        """Closes a document, asking first where something would be lost, then goes on."""
        hand_over(self._window)
        if not self.must_ask(session):
            self._close_now(session, then)
            return
        self._window.tabs.show_session(session)
        box = self._question(
            tr("Save the changes to {title}?", title=session.title),
            tr("They are lost if you do not save them."),
            Buttons.Save | Buttons.Discard | Buttons.Cancel,
        )
        answers: dict[Buttons, Then] = {
            Buttons.Save: lambda: self.save(session, partial(self._close_now, session, then)),
            Buttons.Discard: lambda: self._close_now(session, then),
        }
        box.finished.connect(lambda answer: answers.get(Buttons(answer), _nothing)())
        box.open()

    def unsaved(self) -> list[Session]:
        """The open documents of which something would be lost if the window were closed now."""
        hand_over(self._window)
        return [session for session in self._window.tabs.sessions() if self.must_ask(session)]

    def must_ask(self, session: Session) -> bool:
        """Whether something would be lost if the document were closed now."""
        is_empty = session.path is None and not session.root.graph.nodes
        return not (session.is_clean or is_empty)

    def _close_now(self, session: Session, then: Then) -> None:
        self._stamps.pop(session, None)
        self._window.close_session(session)
        then()

    def _show(self, session: Session) -> Session:
        window = self._window
        untouched = [
            other
            for other in window.tabs.sessions()
            if other.path is None and other.is_clean and not other.document.graph.nodes
        ]
        window.show_session(session)
        if session.root.graph.nodes:
            for other in untouched:
                self._stamps.pop(other, None)
                window.close_session(other)
        return session

    def _ask_overwrite(self, session: Session, path: Path, then: Then) -> None:
        gone = not path.exists()
        if gone:
            self.save_to(session, path, then)
            return
        box = self._question(
            tr("{name} was changed by another program since you opened it.", name=path.name),
            tr("Saving replaces what the other program wrote."),
            Buttons.Cancel,
        )
        role = QMessageBox.ButtonRole
        replace_button = box.addButton(tr("Replace"), role.DestructiveRole)
        other_button = box.addButton(tr("Save as…"), role.AcceptRole)
        replace_button.clicked.connect(lambda: self.save_to(session, path, then))
        other_button.clicked.connect(lambda: self.ask_save_as(session, then))
        box.open()

    def _question(self, text: str, more: str, buttons: Buttons) -> QMessageBox:
        box = QMessageBox(QMessageBox.Icon.Question, tr("Torchloom"), text, buttons, self._window)
        box.setInformativeText(more)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return box

    def _dialog(self, title: str) -> QFileDialog:
        window = self._window
        dialog = file_dialog(window, title, window.settings.folder, self.filter())
        dialog.directoryEntered.connect(self._remember_folder)
        return dialog

    def _remember_folder(self, folder: str) -> None:
        self._window.change_settings(replace(self._window.settings, folder=folder))


def _is_unnamed(session: Session) -> bool:
    """Whether a document was never saved, and still has the name that it began with."""
    first = tr("Untitled")
    return session.path is None and (session.root.name + " ").startswith(first + " ")


def stamp_of(path: Path) -> Stamp:
    """What tells whether a file was changed: its time and size; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_size)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one == other
