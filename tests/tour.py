"""The window taken through its main jobs by real events; `make tour` keeps a picture of each step.

It writes `out/tour/NN-title.png` and `out/tour/index.md`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton

from app.pictures import save_picture
from app.recovery import Journal
from app.settings import Settings
from app.start import make_application
from app.window import Window
from graph import edits
from graph.gallery import find
from graph.model import NodeId
from tests.app.canvas.hand import CTRL, Hand

OUT = Path("out/tour")
SIZE = (1440, 900)
SETTLE_MS = 450
GIVE_UP_MS = 5 * 60 * 1000
EPOCHS = 250
DIFFUSION_EPOCHS = 60
RETURN = Qt.Key.Key_Return


class Tour:
    """The story, step by step."""

    def __init__(self, window: Window, out: Path) -> None:
        self.window = window
        self.out = out
        self.steps: list[str] = []
        self.hand = Hand(window.canvas, window.session)

    def keep(self, title: str, text: str) -> None:
        """Lets the window settle, and keeps its picture with a sentence about it."""
        wait(SETTLE_MS)
        name = f"{len(self.steps) + 1:02}-{title}.png"
        picture = self.window.grab()
        dialog = self.dialog()
        if dialog is not None:
            dialog.render(picture, self.window.rect().center() - dialog.rect().center())
        save_picture(picture, self.out / name)
        self.steps.append(
            f"## {title.replace('-', ' ').capitalize()}\n\n{text}\n\n![{text}]({name})\n"
        )

    def dialog(self) -> QDialog | None:
        """The dialog in front, if there is one."""
        found = [dialog for dialog in self.window.findChildren(QDialog) if dialog.isVisible()]
        return found[-1] if found else None

    def trigger(self, action: str) -> None:
        self.window.menus.actions[action].trigger()

    def ids(self, *kinds: str) -> list[NodeId]:
        """The blocks of these kinds."""
        nodes = self.window.session.document.graph.nodes.values()
        return [node.id for node in nodes if node.kind in kinds]

    def add(self, typed: str, *, keep: str = "", text: str = "") -> None:
        """Adds a block after the selected one by typing."""
        self.window.canvas.setFocus()
        self.hand.key(Qt.Key.Key_Tab)
        self.hand.type(typed)
        if keep:
            self.keep(keep, text)
        self.hand.key(RETURN)

    def select(self, *kinds: str) -> None:
        """Clicks blocks, with Ctrl from the second on."""
        self.window.canvas.setFocus()
        self.window.session.select(())
        for id in self.ids(*kinds):
            self.hand.click(self.hand.block(id), CTRL)

    def answer(self, typed: str = "") -> None:
        """Types into the dialog in front and accepts it."""
        dialog = self.dialog()
        assert dialog is not None
        focus = dialog.focusWidget()
        assert focus is not None
        if typed:
            QTest.keyClick(focus, Qt.Key.Key_A, CTRL)
            QTest.keyClicks(focus, typed)
        QTest.keyClick(focus, RETURN)

    # the story

    def build(self) -> None:
        hand, canvas = self.hand, self.window.canvas
        self.keep("empty", "An empty drawing says how to begin.")
        at = QPoint(canvas.width() // 2, 90)
        hand.carry("input", at)
        self.keep("palette", "A block is dragged from the palette; a ghost shows where it goes.")
        hand.drop("input", at)
        self.add("conv 16 3x3", keep="search", text="Typing adds a block with its parameters.")
        for typed in ("relu", "max pool 2", "dense 64", "relu", "dense 10", "cross"):
            self.add(typed)
        canvas.fit()
        self.keep("chain", "Every block is wired to the one before it.")

    def wire(self) -> None:
        hand, canvas = self.hand, self.window.canvas
        (loss,) = self.ids("cross_entropy")
        hand.drop("target", hand.block(loss, dx=260, dy=-120))
        (target,) = self.ids("target")
        start = hand.port(target, "y", out=True)
        end = hand.port(loss, "target")
        hand.pull(start, end + QPoint(4, -8))
        self.keep("wire", "A wire snaps to the port that takes it; others fade.")
        hand.release(end + QPoint(4, -8))
        canvas.fit()

    def mend(self) -> None:
        self.trigger("check")
        self.keep("problems", "What is wrong is said in words, beside what would mend it.")
        session = self.window.session
        for _ in range(4):
            fixable = [problem for problem in session.problems if problem.fixes]
            if not fixable:
                break
            QTest.mouseClick(self.window.status.fix, Qt.MouseButton.LeftButton)
            wait(SETTLE_MS)
        self.window.canvas.fit()
        self.keep("mended", "One click mends a problem; undo takes it back.")

    def remark(self) -> None:
        hand, canvas = self.hand, self.window.canvas
        self.select("conv2d", "max_pool2d")
        hand.key(Qt.Key.Key_J, CTRL)
        hand.type("Sees edges")
        hand.key(RETURN)
        canvas.setFocus()
        canvas.look(canvas.camera.panned(-300, 0))
        hand.key(Qt.Key.Key_N)
        hand.type("A *small* network for **ten** classes.")
        hand.key(Qt.Key.Key_Escape)
        canvas.fit()
        self.keep("remarks", "Frames and notes say what the drawing is about.")

    def compose(self) -> None:
        session = self.window.session
        wide = [
            id for id in self.ids("dense") if session.document.node(id).params.get("features") != 10
        ]
        after = [edge.target for edge in session.document.graph.edges() if edge.source in wide]
        session.select([*wide, *after])
        self.trigger("make-composite")
        self.keep("composite", "Some blocks become one that can be used again.")
        self.answer("Hidden")
        self.trigger("repeat")
        self.keep("repeat", "A block is repeated as often as one says.")
        self.answer("3")
        self.keep("stack", "A repeated block is drawn as a stack, with its number.")
        self.window.canvas.open_selected()
        self.keep("inside", "Inside a composite, with the way back above.")
        self.window.canvas.leave()

    def find_and_arrange(self) -> None:
        hand, canvas = self.hand, self.window.canvas
        self.return_to_canvas()
        hand.key(Qt.Key.Key_F, CTRL)
        hand.type("conv")
        hand.key(RETURN)
        self.keep("find", "What was found is ringed and listed.")
        hand.key(Qt.Key.Key_Escape)
        self.return_to_canvas()
        self.trigger("layout")
        until(lambda: not canvas.editor.placing.is_busy())
        self.keep("arranged", "One key places all blocks anew.")
        self.trigger("heat-parameters")
        self.keep("heat", "A heat map shows which blocks hold most parameters.")
        self.trigger("heat-off")
        hand.key(Qt.Key.Key_K, CTRL)
        self.keep("commands", "Every action is found by typing.")
        hand.key(Qt.Key.Key_Escape)

    def train(self) -> None:
        window = self.window
        window.session.apply("Epochs", lambda d: edits.set_recipe(d, "epochs", EPOCHS))
        self.trigger("train")
        until(lambda: window.is_training)
        wait(SETTLE_MS * 6)
        self.keep("training", "Curves grow while it trains.")
        until(lambda: not window.is_training)
        self.keep("trained", "What the run came to, and where it is kept.")

    def show_what_it_made(self) -> None:
        window = self.window
        window.docks.bring_up(window.docks.code)
        self.keep("code", "The drawing as PyTorch code.")
        self.trigger("picture")
        self.keep("picture", "The drawing is saved as a picture.")
        dialog = self.dialog()
        if dialog is not None:
            dialog.reject()
        window.choose_theme("light")
        self.keep("light", "The same in the light theme.")
        window.choose_theme("dark")

    def generate(self) -> None:
        """A second drawing, small enough to be trained in a moment, makes points of noise."""
        window, entry = self.window, find("diffusion")
        small = {**entry.small, "units": 64}
        document = edits.set_recipe(entry.build(**small), "epochs", DIFFUSION_EPOCHS)
        window.files.new()
        window.session.load(document, None)
        window.docks.bring_up(window.docks.training)
        until(lambda: window.session.data_info is not None)
        self.trigger("train")
        until(lambda: window.is_training)
        until(lambda: not window.is_training)
        self.trigger("generate")
        until(lambda: self.dialog() is not None)
        dialog = self.dialog()
        assert dialog is not None
        (start,) = [b for b in dialog.findChildren(QPushButton) if b.text() == "Generate"]
        QTest.mouseClick(start, Qt.MouseButton.LeftButton)
        until(start.isEnabled)
        wait(SETTLE_MS * 4)
        self.keep("generate", "A trained diffusion model makes points out of noise.")
        dialog.reject()

    def return_to_canvas(self) -> None:
        """Brings the window to the front again, as a desktop does when a dialog is gone."""
        self.window.activateWindow()
        wait(SETTLE_MS)
        self.window.canvas.setFocus()

    def play(self) -> None:
        for part in (
            self.build, self.wire, self.mend, self.remark, self.compose, self.find_and_arrange,
            self.train, self.show_what_it_made, self.generate,
        ):  # fmt: skip
            part()
        (self.out / "index.md").write_text("# A tour of the window\n\n" + "\n".join(self.steps))


def wait(ms: int) -> None:
    """Lets the window live for a while, as it does between two acts of a person."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def until(is_so: Callable[[], bool]) -> None:
    """Lets the window live until something is so."""
    for _ in range(GIVE_UP_MS // SETTLE_MS):
        if is_so():
            return
        wait(SETTLE_MS)
    sys.exit("The tour waited too long for the window.")


def main() -> None:
    """Plays the tour."""
    app = make_application()
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as home:
        os.environ["TORCHLOOM_HOME"] = home
        window = Window(Settings(theme="dark"), Journal())
        window.resize(*SIZE)
        window.show()
        window.activateWindow()
        wait(SETTLE_MS)
        tour = Tour(window, OUT)
        try:
            tour.play()
        finally:
            for session in window.tabs.sessions():
                session.mark_saved(Path(home) / "tour.loom")
            window.close()
            app.processEvents()
    print(f"{len(tour.steps)} pictures are in {OUT}.")


if __name__ == "__main__":
    main()
