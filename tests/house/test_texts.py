"""Every text that a person reads passes `tr`, so that it can be translated."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "app").rglob("*.py"))
# Calls whose texts are read by a person: of methods, and of classes that are given one.
METHODS = frozenset({
    "setText", "setToolTip", "setStatusTip", "setWhatsThis", "setWindowTitle", "setTitle",
    "setPlaceholderText", "setAccessibleName", "setAccessibleDescription", "setInformativeText",
    "setDetailedText", "setTabText", "setTabToolTip", "setLabelText", "setPrefix", "setSuffix",
    "addItem", "addMenu", "addTab", "setHeaderLabels", "setDescription", "showMessage",
})  # fmt: skip
CLASSES = frozenset({
    "QLabel", "QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QAction", "QGroupBox",
    "QDockWidget", "QMenu", "QToolBar", "QMessageBox", "Message", "Choice", "UserError",
    "label", "section",
})  # fmt: skip
KEYWORDS = frozenset({"help", "description", "epilog"})
# Names that are the same in all languages.
SAME_EVERYWHERE = frozenset({"Torchloom", "PyTorch"})
WORD = re.compile(r"[^\W\d_]{2,}")


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    target = node.func
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def untranslated(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Literal texts with words in them, handed to a person without `tr`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        for keyword in node.keywords:
            if keyword.arg in KEYWORDS:
                yield from ((node.lineno, text) for text in raw_texts(keyword.value))
        if called(node) not in METHODS | CLASSES:
            continue
        first_only = called(node) in ("label", "Message", "Choice", "section", "addItem", "addTab")
        for argument in node.args[:1] if first_only else node.args:
            yield from ((argument.lineno, text) for text in raw_texts(argument))


def raw_texts(node: ast.expr) -> Iterator[str]:
    """The literals of an expression that no `tr` takes."""
    match node:
        case ast.Constant(value=str(text)):
            if WORD.search(text) and text not in SAME_EVERYWHERE:
                yield text
        case ast.JoinedStr(values=parts):
            plain = "".join(p.value for p in parts if isinstance(p, ast.Constant))
            if WORD.search(plain.replace("Torchloom", "")):
                yield plain
        case ast.BinOp(left=left, right=right):
            yield from raw_texts(left)
            yield from raw_texts(right)
        case ast.IfExp(body=body, orelse=other):
            yield from raw_texts(body)
            yield from raw_texts(other)
        case _:
            return


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_texts_for_people_pass_tr(path: Path) -> None:
    found = list(untranslated(ast.parse(path.read_text("utf-8"))))
    assert found == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_tr_is_given_a_literal_with_all_its_values(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or called(node) != "tr" or not node.args:
            continue
        text = node.args[0]
        assert not isinstance(text, ast.JoinedStr), f"line {node.lineno}: an f-string is no key"
        if isinstance(text, ast.Constant) and all(k.arg for k in node.keywords):
            names = {name for _, name, _, _ in string.Formatter().parse(str(text.value)) if name}
            given = {keyword.arg for keyword in node.keywords}
            if given:
                assert names == given, f"line {node.lineno}"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('x.setText("Hello")', ["Hello"]),
        ('x.setText(tr("Hello"))', []),
        ('QLabel(f"{n} blocks")', [" blocks"]),
        ('x.setText("●  " + tr("edited"))', []),
        ('x.setText("yes" if a else tr("no"))', ["yes"]),
        ('label("", "dim")', []),
        ('parser.add_argument("--out", help="where to")', ["where to"]),
    ],
)
def test_the_search_itself_finds_what_it_should(code: str, found: list[str]) -> None:
    assert [text for _, text in untranslated(ast.parse(code))] == found
