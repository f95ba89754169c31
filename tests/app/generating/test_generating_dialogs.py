"""What a trained drawing makes: asked for in the window, shown, cancelled, saved and copied."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.generating.dialog import Origin
from app.generating.samples_dialog import SamplesDialog, numbers_in
from app.generating.text_dialog import TextDialog
from app.theme import THEMES
from app.window import Window
from backends.protocol import Finished
from graph import edits
from graph.data import DataSpec
from graph.gallery import find
from graph.model import Document
from graph.problems import UserError
from tests.backends.pytorch.drawings import with_recipe
from tests.backends.pytorch.running import train

Trained = tuple[Document, Path]
LOADING_MS = 60_000


def trained(name: str, runs: Path, data: DataSpec | None = None, **values: object) -> Trained:
    document = find(name).build(**{**find(name).small, **values})
    if data is not None:
        document = edits.set_data(document, data)
    document = with_recipe(document, threads=1, device="cpu", epochs=1)
    last = train(document, runs)[-1]
    assert isinstance(last, Finished), last
    return document, last.run


@pytest.fixture(scope="module")
def spiral(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return trained("diffusion", tmp_path_factory.mktemp("spiral"), steps=20, units=8, blocks=1)


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return trained("dcgan", tmp_path_factory.mktemp("digits"), width=4, latent=4)


@pytest.fixture(scope="module")
def speller(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("speller")
    (folder / "abc.txt").write_text("abcdefgh" * 100, "utf-8")
    data = DataSpec("text", {"path": str(folder / "abc.txt"), "window": 15})
    sizes = {"layers": 1, "features": 16, "heads": 2, "vocabulary": 12, "context": 15}
    return trained("gpt-2", folder, data, **sizes)


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def samples(qtbot: QtBot, owner: QWidget, of: Trained, *names: str, **kind: bool) -> SamplesDialog:
    origin = Origin(of[0], "My model", of[1], of[1].parent)
    dialog = SamplesDialog(
        origin, dict.fromkeys(names, ()), THEMES["dark"], owner, **{"by_steps": True, **kind}
    )
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def writer(qtbot: QtBot, owner: QWidget, of: Trained) -> TextDialog:
    dialog = TextDialog(Origin(of[0], "My model", of[1], of[1].parent), True, owner)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def click(qtbot: QtBot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def wait_idle(qtbot: QtBot, dialog: SamplesDialog | TextDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=LOADING_MS)


def make(qtbot: QtBot, dialog: SamplesDialog | TextDialog) -> None:
    click(qtbot, dialog.make)
    wait_idle(qtbot, dialog)


def test_points_are_made_shown_and_saved(
    qtbot: QtBot, owner: QWidget, spiral: Trained, tmp_path: Path
) -> None:
    dialog = samples(qtbot, owner, spiral)
    assert not dialog.save.isEnabled()
    dialog.count.setValue(30)
    make(qtbot, dialog)
    assert dialog.status.text() == "30 points."
    made = dialog.view.made
    assert made is not None and made.shape == (30, 2)
    for name in ("made.png", "made.npy", "made.csv"):
        dialog.save_to(tmp_path / name)
        wait_idle(qtbot, dialog)
        assert dialog.status.text() == f"Saved as {tmp_path / name}."
    assert np.array_equal(np.load(tmp_path / "made.npy"), made)
    assert np.loadtxt(tmp_path / "made.csv", delimiter=",").shape == (30, 2)
    assert not QImage(str(tmp_path / "made.png")).isNull()


def test_another_seed_makes_other_data(qtbot: QtBot, owner: QWidget, spiral: Trained) -> None:
    dialog = samples(qtbot, owner, spiral)
    found = []
    for seed in (1, 1, 2):
        dialog.seed.setValue(seed)
        make(qtbot, dialog)
        assert dialog.view.made is not None
        found.append(dialog.view.made)
    assert np.array_equal(found[0], found[1])
    assert not np.array_equal(found[0], found[2])


def test_only_ddim_has_steps_to_choose(qtbot: QtBot, owner: QWidget, spiral: Trained) -> None:
    dialog = samples(qtbot, owner, spiral)
    assert dialog.steps.isEnabled()
    QTest.keyClick(dialog.method, Qt.Key.Key_Down)
    assert not dialog.steps.isEnabled()
    make(qtbot, dialog)
    assert not dialog.steps.isEnabled()
    assert dialog.status.text() == "64 points."


def test_the_first_esc_cancels_the_second_closes(
    qtbot: QtBot, owner: QWidget, spiral: Trained
) -> None:
    dialog = samples(qtbot, owner, spiral)
    dialog.count.setValue(100_000)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.is_busy and dialog.dismiss.text() == "Cancel"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible() and not dialog.is_busy
    assert dialog.status.text() == "Cancelled."
    assert dialog.view.made is None
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_generator_draws_images_for_the_clipboard(
    qtbot: QtBot, owner: QWidget, digits: Trained
) -> None:
    dialog = samples(qtbot, owner, digits, by_steps=False)
    assert not dialog.method.isVisible()
    make(qtbot, dialog)
    assert dialog.status.text() == "64 images of 1 × 16 × 16."
    click(qtbot, dialog.copy)
    assert QGuiApplication.clipboard().image().size() == dialog.view.picture().size()


def test_what_is_told_must_be_numbers(qtbot: QtBot, owner: QWidget, spiral: Trained) -> None:
    dialog = samples(qtbot, owner, spiral, "label")
    QTest.keyClicks(dialog.told["label"], "3, cat")
    click(qtbot, dialog.make)
    assert "“cat” is none" in dialog.status.text()
    dialog.told["label"].setText("3")
    make(qtbot, dialog)
    assert "is not told “label”" in dialog.status.text()
    assert dialog.status.property("role") == "error"


def test_classes_are_told_by_number_or_by_name() -> None:
    assert numbers_in("label", "dog, 0,1", ("cat", "dog")) == (1, 0, 1)
    assert numbers_in("label", " ") == ()
    with pytest.raises(UserError, match="“fox” is none"):
        numbers_in("label", "fox", ("cat", "dog"))


def test_images_of_the_classes_that_are_told_are_made(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    sizes = {"encoder": (4, 4), "levels": (4, 8), "heads": 2, "groups": 2, "steps": 20}
    document, run = trained("latent-diffusion", tmp_path, **sizes)
    session = window.files.open_drawn(document)
    qtbot.waitUntil(lambda: session.data_info is not None)
    window.menus.actions["generate"].trigger()
    (dialog,) = window.findChildren(SamplesDialog)
    dialog.set_run(run)
    dialog.count.setValue(4)
    dialog.steps.setValue(2)
    (field,) = dialog.told.values()
    QTest.keyClicks(field, "12")
    make(qtbot, dialog)
    assert "from 0 to 9, but was told 12" in dialog.status.text()
    field.setText("3, 7")
    make(qtbot, dialog)
    assert dialog.status.text() == "4 images of 1 × 8 × 8."


def test_without_a_run_a_folder_must_be_chosen(
    qtbot: QtBot, owner: QWidget, spiral: Trained, tmp_path: Path
) -> None:
    document, run = spiral
    dialog = samples(qtbot, owner, (document, run))
    bare = SamplesDialog(Origin(document, "", None, tmp_path), {}, THEMES["dark"], owner,
                         by_steps=True)  # fmt: skip
    assert not bare.make.isEnabled() and "choose" in bare.status.text()
    bare.set_run(run)
    assert bare.make.isEnabled() and not bare.status.text()
    dialog.set_run(tmp_path)
    make(qtbot, dialog)
    assert dialog.status.property("role") == "error"
    assert dialog.status.text()


def test_a_file_of_an_unknown_kind_is_refused(
    qtbot: QtBot, owner: QWidget, spiral: Trained, tmp_path: Path
) -> None:
    dialog = samples(qtbot, owner, spiral)
    make(qtbot, dialog)
    dialog.save_to(tmp_path / "made.gif")
    assert "must end in one of .png, .npy, .csv" in dialog.status.text()
    dialog.save_to(tmp_path / "nowhere" / "made.npy")
    wait_idle(qtbot, dialog)
    assert "cannot be written" in dialog.status.text()


def test_a_text_is_written_on_as_it_comes(
    qtbot: QtBot, owner: QWidget, speller: Trained, tmp_path: Path
) -> None:
    dialog = writer(qtbot, owner, speller)
    seen: list[str] = []
    dialog.text.textChanged.connect(lambda: seen.append(dialog.text.toPlainText()))
    QTest.keyClicks(dialog.prompt, "fgha")
    dialog.length.setValue(20)
    QTest.keyClick(dialog.prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.is_busy
    wait_idle(qtbot, dialog)
    assert dialog.focusWidget() is dialog.prompt
    text = dialog.text.toPlainText()
    assert text.startswith("fgha") and len(text) == 24
    assert [len(each) for each in seen if each] == [4, *range(5, 25)]
    dialog.save_to(tmp_path / "made.txt")
    wait_idle(qtbot, dialog)
    assert (tmp_path / "made.txt").read_text("utf-8") == text
    click(qtbot, dialog.copy)
    assert QGuiApplication.clipboard().text() == text


def test_cancelling_keeps_what_is_written_so_far(
    qtbot: QtBot, owner: QWidget, speller: Trained
) -> None:
    dialog = writer(qtbot, owner, speller)
    QTest.keyClicks(dialog.prompt, "ab")
    dialog.length.setValue(100_000)
    click(qtbot, dialog.make)
    qtbot.waitUntil(lambda: len(dialog.text.toPlainText()) > 4, timeout=LOADING_MS)
    click(qtbot, dialog.dismiss)
    assert not dialog.is_busy
    assert dialog.text.toPlainText().startswith("ab")
    assert dialog.save.isEnabled()


def test_the_action_is_there_for_drawings_that_make_something(
    window: Window, qtbot: QtBot, spiral: Trained, speller: Trained
) -> None:
    action = window.menus.actions["generate"]
    assert not action.isEnabled()
    window.files.open_drawn(find("mlp").build(**find("mlp").small))
    assert not action.isEnabled()
    session = window.files.open_drawn(speller[0])
    qtbot.waitUntil(lambda: session.data_info is not None)
    qtbot.waitUntil(action.isEnabled)
    action.trigger()
    assert window.findChildren(TextDialog)
    window.findChildren(TextDialog)[0].reject()
    window.files.open_drawn(spiral[0])
    assert action.isEnabled()
    action.trigger()
    (dialog,) = window.findChildren(SamplesDialog)
    assert dialog.isVisible() and not dialog.make.isEnabled()
    assert dialog.count.value() == 1000  # they are points


def test_what_was_just_trained_in_the_window_makes_data(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    document = with_recipe(find("gan").build(hidden=(8,)), threads=1, device="cpu", epochs=1)
    session = window.files.open_drawn(document)
    window.files.save_to(session, tmp_path / "gan.loom")
    qtbot.waitUntil(lambda: session.data_info is not None)
    window.menus.actions["train"].trigger()
    qtbot.waitUntil(lambda: window.is_training, timeout=LOADING_MS)
    assert not window.menus.actions["generate"].isEnabled()
    qtbot.waitUntil(lambda: not window.is_training, timeout=LOADING_MS)
    window.menus.actions["generate"].trigger()
    (dialog,) = window.findChildren(SamplesDialog)
    assert dialog.run == window.training.last_run
    make(qtbot, dialog)
    assert dialog.status.text() == "1\u202f000 points."


def test_a_run_and_a_file_are_chosen_in_dialogs(
    qtbot: QtBot, owner: QWidget, spiral: Trained, tmp_path: Path
) -> None:
    dialog = samples(qtbot, owner, (spiral[0], spiral[1]))
    click(qtbot, dialog.choose_run)
    (asks,) = dialog.findChildren(QFileDialog)
    asks.fileSelected.emit(str(spiral[1]))
    asks.reject()
    make(qtbot, dialog)
    click(qtbot, dialog.save)
    asks = next(each for each in dialog.findChildren(QFileDialog) if each.isVisible())
    assert [Path(name).name for name in asks.selectedFiles()] == ["my-model-made.png"]
    asks.setDirectory(str(tmp_path))
    asks.selectNameFilter(asks.nameFilters()[1])
    asks.filterSelected.emit(asks.nameFilters()[1])
    asks.selectFile(str(tmp_path / "points.npy"))
    QTest.keyClick(asks, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Saved as" in dialog.status.text(), timeout=LOADING_MS)
    assert np.load(tmp_path / "points.npy").shape == (64, 2)
