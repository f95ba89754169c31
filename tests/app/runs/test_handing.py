"""Runs handed to TensorBoard and MLflow from the panel."""

import pytest
from PySide6.QtGui import QGuiApplication

from app.asking import NameDialog
from app.runs import RunsPanel, handing
from backends.runs import exporting


class Kept:
    """A program that takes points, as TensorBoard does; nothing has to be installed for it."""

    taken: dict[str, int] = {}

    def __init__(self, entry, target):
        self.name = f"{target}/{entry.path.name}"

    def add(self, points):
        self.taken[self.name] = len(points)

    def close(self, status):
        self.taken[self.name] += 0 if status == "finished" else 1000


@pytest.fixture
def panel(home, qtbot, make_run):
    make_run("one")
    make_run("two")
    made = RunsPanel(home / "runs")
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    qtbot.waitUntil(lambda: len(made.model.entries) == 2)
    made.told_texts = []
    made.told.connect(made.told_texts.append)
    return made


@pytest.mark.parametrize("kind", ["tensorboard", "mlflow"])
def test_a_program_that_is_not_there_is_told_with_its_command(panel, monkeypatch, kind):
    monkeypatch.setattr(exporting.importlib.util, "find_spec", lambda name: None)
    panel.table.selectAll()
    panel.hand_chosen(kind)
    (message,) = panel.told_texts
    assert message.text.endswith(f"pip install torchloom[{kind}]")
    message.choices[0].run()
    assert QGuiApplication.clipboard().text() == f"pip install 'torchloom[{kind}]'"
    QGuiApplication.clipboard().clear()


def test_chosen_runs_are_handed_over_and_told_how_to_see_them(panel, qtbot, monkeypatch, tmp_path):
    monkeypatch.setitem(exporting.KINDS, "tensorboard", Kept)
    monkeypatch.setattr(handing, "lacking", lambda kind: "")
    panel.table.selectAll()
    panel.hand_chosen("tensorboard")
    dialog = panel.findChild(NameDialog)
    dialog.line.setText("  ")
    assert not dialog.ok.isEnabled()
    dialog.line.setText(str(tmp_path))
    dialog.accept()
    qtbot.waitUntil(lambda: len(panel.told_texts) == 2)
    assert Kept.taken == {f"{tmp_path}/one": 2, f"{tmp_path}/two": 2}
    begun, message = panel.told_texts
    assert begun.text == "Exporting to TensorBoard; 2 to go…" and begun.topic == message.topic
    assert message.text.startswith("4 numbers of 2 runs")
    assert f"tensorboard --logdir {tmp_path}" in message.text
    assert [choice.label for choice in message.choices] == ["Copy command", "Open folder"]


@pytest.mark.parametrize(
    ("kind", "place"), [("tensorboard", "{}/tensorboard"), ("mlflow", "sqlite:///{}/mlflow.db")]
)
def test_a_place_beside_the_runs_is_offered(panel, home, monkeypatch, kind, place):
    monkeypatch.setattr(handing, "lacking", lambda kind: "")
    panel.table.selectAll()
    panel.hand_chosen(kind)
    dialog = panel.findChild(NameDialog)
    assert dialog.line.text() == place.format(home.as_posix())
    dialog.reject()


def test_without_a_chosen_run_it_is_said_what_to_do(panel):
    panel.table.clearSelection()
    panel.hand_chosen("mlflow")
    assert panel.told_texts[0].text == "Choose one run or more, then export them."
