"""The editor for Python: indents, breaks lines and marks what is wrong."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from app.editor.colours import code_colours
from app.editor.editor import CodeEditor
from app.editor.python import Kind
from app.theme import THEMES


@pytest.fixture
def editor(qtbot: QtBot) -> CodeEditor:
    made = CodeEditor(THEMES["dark"])
    qtbot.addWidget(made)
    made.resize(500, 300)
    with qtbot.waitExposed(made):
        made.show()
    return made


def put_at_end(editor: CodeEditor, text: str) -> None:
    editor.setPlainText(text)
    editor.moveCursor(QTextCursor.MoveOperation.End)


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        ("def f(self):", Qt.Key.Key_Return, "def f(self):\n    "),
        ("    x = 1", Qt.Key.Key_Return, "    x = 1\n    "),
        ("        return x", Qt.Key.Key_Return, "        return x\n    "),
        ("  ", Qt.Key.Key_Tab, "    "),
        ("        ", Qt.Key.Key_Backspace, "    "),
        ("    x", Qt.Key.Key_Backspace, "    "),
    ],
)
def test_keys_keep_the_indentation(
    editor: CodeEditor, qtbot: QtBot, before: str, key: Qt.Key, after: str
) -> None:
    put_at_end(editor, before)
    qtbot.keyClick(editor, key)
    assert editor.toPlainText() == after


def test_chosen_lines_are_moved_in_and_out_together(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.setPlainText("a\nb\nc")
    cursor = editor.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(3, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == "    a\n    b\nc"
    qtbot.keyClick(editor, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert editor.toPlainText() == "a\nb\nc"
    editor.undo()
    assert editor.toPlainText() == "    a\n    b\nc"


def test_read_only_code_cannot_be_written(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.setPlainText("a")
    editor.setReadOnly(True)
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    qtbot.keyClicks(editor, "x")
    assert editor.toPlainText() == "a"


def test_words_and_long_strings_are_coloured(editor: CodeEditor) -> None:
    editor.setPlainText('class A:\n    """Ω one\n    two"""\n')
    colours = code_colours(THEMES["dark"])
    kinds = [
        [each.format.foreground().color().name().upper() for each in block.layout().formats()]
        for block in (editor.document().findBlockByNumber(n) for n in range(3))
    ]
    assert kinds == [
        [colours[Kind.KEYWORD], colours[Kind.NAME]], [colours[Kind.STRING]], [colours[Kind.STRING]],
    ]  # fmt: skip


def test_a_wrong_line_is_marked_and_reached(editor: CodeEditor) -> None:
    editor.setPlainText("a\nb\nc")
    editor.mark_wrong(2)
    editor.go_to_line(editor.wrong_line)
    assert editor.current_line() == 1
    editor.go_to_line(99)
    assert editor.current_line() == 2
