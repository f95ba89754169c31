"""The main job by itself: an example opened, trained and exported in a window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from app.crash import log_qt_message
from app.examples import Example, examples
from app.i18n import tr
from app.pictures import save_picture
from app.recovery import Journal
from app.settings import Settings
from app.start import make_application
from app.tasks import run_task
from app.window import Window
from backends import loader
from graph.problems import UserError

SIZE = (1440, 900)
SETTLE_MS = 600
GIVE_UP_MS = 15 * 60 * 1000


class Demo:
    """Plays the main job and keeps what came of it.

    Raises:
        UserError: there is no example of that name.
    """

    def __init__(self, out: Path, example: str, theme: str) -> None:
        self.out = out
        self.app: QApplication = make_application()
        qInstallMessageHandler(log_qt_message)
        self.example = _example(example)
        self.window = Window(Settings(theme=theme), Journal())
        self.result: dict[str, str] = {}

    def play(self) -> dict[str, str]:
        """Opens, trains, takes the picture and exports; answers where everything is."""
        window = self.window
        window.resize(*SIZE)
        window.show()
        window.files.open_example(self.example)
        _wait(SETTLE_MS)
        window.canvas.fit()
        self._train()
        self._take_picture()
        self._export()
        window.session.mark_saved(self.out / self.example.path.name)
        window.close()
        return self.result

    def _train(self) -> None:
        loop = QEventLoop()
        self.window.training.running_changed.connect(
            lambda is_running: None if is_running else loop.quit()
        )
        self.window.train()
        if self.window.is_training:
            QTimer.singleShot(GIVE_UP_MS, loop.quit)
            loop.exec()
        run = self.window.training.last_run
        if run is None:
            texts = [message.text for message in self.window.messages.messages]
            self.result["error"] = " ".join(texts) or "The run did not come to its end."
        else:
            self.result["run"] = str(run)

    def _take_picture(self) -> None:
        self.window.messages.clear()
        _wait(SETTLE_MS)
        picture = self.out / "window.png"
        try:
            save_picture(self.window.grab(), picture)
        except UserError as error:
            self.result["error"] = str(error)
        else:
            self.result["picture"] = str(picture)

    def _export(self) -> None:
        loop = QEventLoop()
        folder = self.out / "code"
        document, run = self.window.session.root, self.window.training.last_run

        def refused(error: UserError) -> None:
            self.result["error"] = str(error)
            loop.quit()

        def done(_answer: object) -> None:
            self.result["code"] = str(folder)
            loop.quit()

        task = run_task(
            self.window,
            lambda _task: loader.call("backends.pytorch.export", "export", document, folder, run),
            done,
            refused,
            name="export",
        )
        task.cancelled.connect(loop.quit)
        loop.exec()


def _example(name: str) -> Example:
    found = next((each for each in examples() if each.path.stem == name), None)
    if found is None:
        names = ", ".join(each.path.stem for each in examples())
        raise UserError(
            tr("There is no example “{name}”; there are {names}.", name=name, names=names)
        )
    return found


def _wait(ms: int) -> None:
    """Lets the window live for a while, as it does between two acts of a person."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()
