"""The page where the place of a training is chosen."""

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.training.where_page import KINDS, WherePage
from backends.launch.where import Kind, where_of


@pytest.fixture
def page(qtbot):
    made = WherePage()
    qtbot.addWidget(made)
    made.resize(300, 400)
    made.show()
    yield made
    QGuiApplication.clipboard().clear()


def choose(page, kind):
    page.kinds.setCurrentIndex([each for each, _, _ in KINDS].index(kind))


def test_at_first_it_is_this_program_and_nothing_else_is_asked(page):
    assert page.where == where_of("thread")
    assert page.about.text()
    assert not page.processes.isVisible()
    assert not page.line.isVisible()


def test_several_processes_show_the_line_that_starts_them(page):
    chosen = []
    page.chosen.connect(chosen.append)
    choose(page, Kind.PROCESSES)
    page.processes.setValue(3)
    page.sharded.setChecked(True)
    assert str(chosen[-1]) == "processes:3:sharded"
    assert "--nproc-per-node 3" in page.line.text()
    assert page.sharded.isVisible()
    assert not page.machines.isVisible()


def test_fewer_than_two_are_not_several(page):
    choose(page, Kind.PROCESSES)
    page.processes.setValue(1)
    assert page.where.processes == 2


def test_too_many_are_refused_in_words(page):
    choose(page, Kind.PROCESSES)
    page.processes.setValue(4 * (os.cpu_count() or 1) + 1)
    assert "too many" in page.problem.text()
    assert page.problem.isVisible()
    page.processes.setValue(2)
    assert not page.problem.isVisible()


def test_what_starts_machines_is_copied_with_the_folder_of_the_run(qtbot, page, tmp_path):
    choose(page, Kind.MACHINES)
    page.show_run(tmp_path / "20261125-net")
    copies = page.copies.findChildren(type(page.copies.layout().itemAt(0).widget()))
    texts = []
    for button in copies:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        texts.append(QGuiApplication.clipboard().text())
    line, slurm, kubernetes = texts
    assert str(tmp_path / "20261125-net") in line
    assert "\u200b" not in line, "what lets a long line break is not copied"
    assert slurm.startswith("#!/bin/bash")
    assert "kind: Job" in kubernetes


@pytest.mark.parametrize("text", ["thread", "process", "processes:4", "machines:3x2:sharded"])
def test_a_place_is_shown_and_nothing_is_chosen_by_that(page, text):
    chosen = []
    page.chosen.connect(chosen.append)
    page.show_where(where_of(text))
    assert str(page.where) == text
    assert chosen == []
