"""Bad input in front of a person: the window tells what is wrong, lives, and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.export_dialog import ExportDialog
from app.recovery import Journal
from app.session import Session
from app.settings import Settings
from app.window import Window
from backends.data import source as data_registry
from graph import edits
from graph import registry as block_registry
from tests.journeys.bad import (
    FULL,
    READ_ONLY,
    block,
    contents,
    example,
    words_drawing,
    written,
)
from tests.journeys.test_bad_input_files import BAD

LONG_MS = 60_000


@pytest.fixture
def window(qtbot: QtBot, home: Path) -> Iterator[Window]:
    made = Window(Settings(theme="dark"), Journal())
    made.resize(1300, 850)
    with qtbot.waitActive(made):
        made.show()
    yield made
    qtbot.waitUntil(lambda: not made.is_training, timeout=LONG_MS)
    for session in made.tabs.sessions():
        session.mark_saved(home / "thrown-away.loom")
    made.close()
    made.deleteLater()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setStyleSheet("")


def told(window: Window) -> str:
    """What the bar of messages says."""
    return "\n".join(message.text for message in window.messages.messages)


def lives(window: Window) -> None:
    """A block can be drawn, undone, painted and looked at in every panel."""
    session = window.session
    if session.read_only:
        return
    before = session.document
    assert session.apply("Add", lambda document: edits.add(document, "relu", (-900, -900)))
    session.select(list(session.document.graph.nodes))
    window.canvas.fit()
    assert not window.grab().isNull()
    session.undo()
    assert session.document is before


def opened(window: Window, qtbot: QtBot, path: Path, data: object) -> Session:
    """A drawing that was opened, and what its data holds or lacks."""
    session = window.files.open(written(path, data))
    assert session is not None
    qtbot.waitUntil(
        lambda: session.data_info is not None or any(p.code == "data" for p in session.problems),
        timeout=LONG_MS,
    )
    return session


def trained(window: Window, qtbot: QtBot) -> str:
    """What is told when the drawing in front is trained."""
    window.messages.clear()
    window.train()
    qtbot.waitUntil(
        lambda: not window.is_training and bool(window.messages.messages), timeout=LONG_MS
    )
    return told(window)


def test_bad_files_are_told_one_by_one_and_open_nothing(window: Window, tmp_path: Path) -> None:
    before = window.tabs.sessions()
    for what, (content, words) in BAD.items():
        window.messages.clear()
        file = written(tmp_path / "bad.loom", content)
        held = file.read_bytes()
        assert window.files.open(file) is None, what
        assert words in told(window)
        assert window.tabs.sessions() == before
        assert file.read_bytes() == held
    lives(window)


def newer() -> dict[str, Any]:  # Any: parsed JSON
    return example("moons-mlp", torchloom=9)


def unknown_block() -> dict[str, Any]:  # Any: parsed JSON
    data = example("moons-mlp")
    block(data, "tanh2")["kind"] = "quantum_gate"
    block(data, "hidden1")["params"]["sparkle"] = 3
    return data


def circle() -> dict[str, Any]:  # Any: parsed JSON
    data = example("moons-mlp")
    data["edges"][0] = ["n5.y", "n2.x"]
    return data


def few_logits() -> dict[str, Any]:  # Any: parsed JSON
    data = example("iris-mlp")
    last = [node for node in data["nodes"] if node["kind"] == "dense"][-1]
    last["params"] = {"features": 2}
    return data


def large_kernel() -> dict[str, Any]:  # Any: parsed JSON
    data = example("digits-cnn")
    conv = next(node for node in data["nodes"] if node["kind"] == "conv2d")
    conv["params"] = {"kernel_size": [99, 99]}
    return data


def missing_file() -> dict[str, Any]:  # Any: parsed JSON
    return example("iris-mlp", data={"source": "csv", "params": {"path": "/nowhere.csv"}})


REFUSED = {
    unknown_block: "quantum_gate “tanh2” is of a kind that is not installed here",
    circle: "Dense “hidden1” stands in a circle of wires",
    few_logits: "receives 2 logits, but",
    large_kernel: "has a kernel of 99×99, which does not fit",
    missing_file: "“/nowhere.csv” does not exist",
}


@pytest.mark.parametrize("made", REFUSED, ids=lambda made: made.__name__)
def test_a_drawing_that_cannot_run_opens_and_says_why_when_trained(
    window: Window, qtbot: QtBot, tmp_path: Path, made: Any
) -> None:  # Any: one of the functions above
    data = made()
    session = opened(window, qtbot, tmp_path / "bad.loom", data)
    assert REFUSED[made] in trained(window, qtbot)
    assert any(REFUSED[made] in card.problem.text for card in window.problems.cards)
    assert not (tmp_path / "home" / "runs").exists()
    lives(window)
    window.files.save_to(session, tmp_path / "again.loom")
    again = (tmp_path / "again.loom").read_text("utf-8")
    assert ("quantum_gate" in again) == (made is unknown_block)
    assert ("sparkle" in again) == (made is unknown_block)


def test_a_newer_drawing_is_for_reading_only(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    session = opened(window, qtbot, tmp_path / "new.loom", newer())
    before = session.document
    assert "a newer Torchloom" in told(window)
    assert not session.apply("Add", lambda document: edits.add(document, "relu"))
    assert session.document is before
    assert not window.grab().isNull()


def embedding(tmp_path: Path) -> dict[str, Any]:  # Any: parsed JSON
    np.savez(tmp_path / "words.npz", x=np.full((40, 2), 9), y=np.arange(40) % 2)
    return words_drawing(tmp_path / "words.npz")


def huge(tmp_path: Path) -> dict[str, Any]:  # Any: parsed JSON
    data = example("moons-mlp")
    for name in ("hidden1", "hidden2"):
        block(data, name)["params"]["features"] = 10**9
    return data


def wild(tmp_path: Path) -> dict[str, Any]:  # Any: parsed JSON
    data = example("sunspots-gru")
    data["recipe"] = {"epochs": 60, "threads": 1, "optimizer": "sgd", "learning_rate": 100.0}
    return data


FAILING = {
    embedding: "Embedding “table” has 5 entries, 0 to 4, but “x” holds 9",
    huge: "The memory is not enough",
    wild: "Lower the learning rate",
}


@pytest.mark.parametrize("made", FAILING, ids=lambda made: made.__name__)
def test_a_run_that_fails_says_why_and_the_next_one_trains(
    window: Window, qtbot: QtBot, tmp_path: Path, made: Any
) -> None:  # Any: one of the functions above
    opened(window, qtbot, tmp_path / "bad.loom", made(tmp_path))
    assert FAILING[made] in trained(window, qtbot)
    lives(window)
    opened(window, qtbot, tmp_path / "fine.loom", example("moons-mlp"))
    assert trained(window, qtbot)
    assert window.training.last_run is not None


def test_a_home_that_cannot_be_written_is_told_and_the_drawing_stays(
    window: Window, qtbot: QtBot, home: Path, tmp_path: Path
) -> None:
    home.mkdir(exist_ok=True)
    (home / "runs").write_text("a file in place of the folder")
    opened(window, qtbot, tmp_path / "fine.loom", example("moons-mlp"))
    assert "cannot be made" in trained(window, qtbot)
    lives(window)


def test_a_full_disk_keeps_the_file_and_the_work(window: Window, qtbot: QtBot, full: Path) -> None:
    session = window.files.open(full / "mine.loom")
    assert session is not None
    before = contents(full)
    assert session.apply(
        "Add many",
        lambda document: _with_many(document),
    )
    document = session.document
    window.messages.clear()
    window.files.save(session)
    assert FULL in told(window)
    assert "Nothing was changed there" in told(window)
    assert session.document is document
    assert not session.is_clean
    assert contents(full) == before
    lives(window)


def _with_many(document: Any) -> Any:  # Any: a document
    for number in range(300):
        document = edits.add(document, "relu", (400, 100 * number))
    return document


def test_a_read_only_folder_keeps_the_work_unsaved(
    window: Window, qtbot: QtBot, read_only: Path, tmp_path: Path
) -> None:
    session = opened(window, qtbot, tmp_path / "fine.loom", example("moons-mlp"))
    window.files.save_to(session, read_only / "copy.loom")
    assert READ_ONLY in told(window)
    assert session.path == tmp_path / "fine.loom"


def exported(window: Window, qtbot: QtBot, folder: str) -> str:
    """What the dialog says of an export into that folder."""
    window.menus.actions["export"].trigger()
    (dialog,) = window.findChildren(ExportDialog)
    dialog.folder.setText(folder)
    dialog.export.click()
    qtbot.waitUntil(lambda: bool(dialog.status.text()), timeout=LONG_MS)
    text = dialog.status.text()
    assert dialog.export.isVisible() and dialog.export.isEnabled(), text
    dialog.reject()
    qtbot.waitUntil(lambda: not window.findChildren(ExportDialog))
    return text


def test_the_export_dialog_stays_open_and_says_what_is_in_the_way(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(window, qtbot, tmp_path / "fine.loom", example("moons-mlp"))
    file = written(tmp_path / "file", "mine")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    written(theirs / "thesis.txt", "years of work")
    assert "is a file" in exported(window, qtbot, str(file))
    assert "cannot be written" in exported(window, qtbot, str(file / "code"))
    assert "“thesis.txt”" in exported(window, qtbot, str(theirs))
    assert "Name a folder" in exported(window, qtbot, " ")
    assert contents(theirs) == {"thesis.txt": b"years of work"}
    lives(window)


def test_an_export_onto_a_full_disk_leaves_nothing(
    window: Window, qtbot: QtBot, full: Path, tmp_path: Path
) -> None:
    opened(window, qtbot, tmp_path / "fine.loom", example("moons-mlp"))
    before = contents(full)
    assert FULL in exported(window, qtbot, str(full / "anew"))
    assert FULL in exported(window, qtbot, str(full / "code"))
    assert contents(full) == before
    assert not (full / "anew").exists()


def test_an_export_of_a_drawing_with_errors_names_the_block(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(window, qtbot, tmp_path / "bad.loom", large_kernel())
    text = exported(window, qtbot, str(tmp_path / "code"))
    assert "which does not fit" in text
    assert not (tmp_path / "code").exists()


@pytest.fixture
def broken_plugins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    (tmp_path / "broken_afar.py").write_text("import nothing_of_that_name", "utf-8")
    metadata = tmp_path / "afar-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: afar\nVersion: 1.0\n")
    groups = (block_registry.ENTRY_POINTS, data_registry.ENTRY_POINTS)
    declared = "".join(f"[{group}]\nafar = broken_afar\n" for group in groups)
    (metadata / "entry_points.txt").write_text(declared)
    monkeypatch.syspath_prepend(str(tmp_path))
    block_registry.default_registry.cache_clear()
    data_registry._found.cache_clear()
    yield
    monkeypatch.undo()
    block_registry.default_registry.cache_clear()
    data_registry._found.cache_clear()


def test_plugins_that_fail_are_lines_among_the_problems(
    broken_plugins: None, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(window, qtbot, tmp_path / "fine.loom", example("moons-mlp"))
    texts = [card.problem.text for card in window.problems.cards]
    assert sum("“afar” (broken_afar) could not be loaded" in text for text in texts) == 2
    assert trained(window, qtbot)
    assert window.training.last_run is not None
    lives(window)
